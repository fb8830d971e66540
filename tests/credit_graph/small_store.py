"""A small store of facts, written as deliveries: for tests of questions."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from graph_service.domain.facts import Fact
from graph_service.store.base import ENTITY_SCHEMA, FACT_SCHEMA, DeliveryHeader, GraphStore, Source
from graph_service.store.opening import open_store

COLUMNS = FACT_SCHEMA.names


def store_at(path: Path) -> GraphStore:
    return open_store(f"sqlite:///{path}")


def kind_of(entity: str) -> str:
    scheme = entity.partition(":")[0]
    known = {
        "uscc": "enterprise",
        "person": "person",
        "person-at": "person",
        "address": "address",
        "name": "enterprise",
        "regno": "enterprise",
        "bods": "organization",
        "ftm": "person",
    }
    return known.get(scheme, scheme)


def deliver(
    store: GraphStore,
    facts: Sequence[Fact],
    batch: str = "b1",
    source: str = "registration",
    *,
    row: bool = False,
    kinds: Mapping[str, str] | None = None,
) -> None:
    """One delivery with these facts, a line each or all on one `row`; the entities they name come with it.

    `kinds`: of entities whose ids do not tell.
    """
    digest = hashlib.sha256(batch.encode()).hexdigest()
    header = DeliveryHeader(batch, Source(source, 10), "delta", 20_000, (f"{batch}.csv",), digest)
    ids = dict.fromkeys(e for f in facts for e in (f.subject, f.object) if e)
    entities = [{"id": e, "kind": (kinds or {}).get(e) or kind_of(e), "label": None} for e in ids]
    with store.writer() as writer:
        with writer.delivery(header) as delivery:
            delivery.entities(pa.Table.from_pylist(entities, schema=ENTITY_SCHEMA))
            delivery.facts(
                pa.Table.from_pylist(
                    [_row(f, 0 if row else n) for n, f in enumerate(facts)], schema=FACT_SCHEMA
                )
            )
            delivery.apply()
            delivery.commit("{}")
        writer.settle()


def _row(fact: Fact, line: int) -> dict[str, object]:
    given = {name: getattr(fact, name, None) for name in COLUMNS}
    return given | {"kind": int(fact.kind), "scope": None, "file": 0, "line": line + 2}
