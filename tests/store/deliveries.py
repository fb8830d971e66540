"""Deliveries for tests of stores: written down as plain values, handed to any engine."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from graph_service.domain.facts import Fact, FactKind, canonical_json
from graph_service.domain.identifiers import entity_kind_of, person_at_id
from graph_service.store.base import (
    ENTITY_SCHEMA,
    FACT_SCHEMA,
    PROTECTED_SCHEMA,
    DeliveryHeader,
    DeliveryWriter,
    FactCounts,
    GraphStore,
    GraphWriter,
    Mode,
    Source,
    place_for_one,
)
from graph_service.text.normal import normalize_name

REGISTRATION, SHAREHOLDERS, PENALTIES, HONOURS = (
    Source("registration", 10),
    Source("shareholders", 20),
    Source("administrative_penalty", 30),
    Source("honours", 90),
)


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """A fact as a delivery states it, in a scope, at a line."""

    fact: Fact
    scope: str | None = None
    line: int = 2

    def __repr__(self) -> str:
        """Short, for the histories that a failing test prints."""
        shown = (getattr(self.fact, name) for name in FACT_SCHEMA.names[1:13])
        told = " ".join(f"{name}={value}" for name, value in zip(FACT_SCHEMA.names[1:13], shown, strict=True)
                        if value is not None)  # fmt: skip
        return f"{self.fact.kind.name}({told} {'in ' + self.scope if self.scope else ''})"


@dataclass(frozen=True, slots=True, repr=False)
class Load:
    """A whole delivery."""

    batch: str
    source: Source
    rows: tuple[Row, ...] = ()
    mode: Mode = "delta"
    date: int | None = 100
    covered: tuple[str, ...] = ()
    protected: tuple[tuple[str | None, str | None], ...] = ()

    def __repr__(self) -> str:
        """Short, for the histories that a failing test prints."""
        bounds = f" covers {self.covered} less {self.protected}" if self.mode == "snapshot" else ""
        rows = "".join(f"\n    {row}" for row in self.rows)
        return f"{self.batch}: {self.source.name} {self.mode} of {self.date}{bounds}{rows}"

    @property
    def sha256(self) -> str:
        """Its content's hash, as a loader would give it."""
        return hashlib.sha256(repr((self.batch, self.rows)).encode()).hexdigest()

    @property
    def header(self) -> DeliveryHeader:
        """What is known of it before its rows."""
        return DeliveryHeader(
            self.batch, self.source, self.mode, self.date, (f"{self.batch}.csv",), self.sha256
        )


def named(source: Source, entity: str, name: str, **attributes: object) -> Row:
    """A profile with a name."""
    fact = Fact(source.name, FactKind.PROFILE, entity, name=name, attrs=canonical_json(attributes))
    return Row(fact)


def alias(entity: str, role: str, name: str, start: int | None = None, stop: int | None = None) -> Row:
    """Another name of an entity, as registration gives it."""
    fact = Fact("registration", FactKind.ALIAS, entity, role=role, part=name, valid_from=start, valid_to=stop)
    return Row(replace(fact, name=name))


def holds(holder: str, enterprise: str, share: float | None = None, **more: int | None) -> Row:
    """A shareholding, in the scope of its enterprise."""
    fact = Fact("shareholders", FactKind.HOLDS, holder, enterprise, share=share, **more)  # type: ignore[arg-type]
    return Row(fact, enterprise)


def represents(person: str, enterprise: str, start: int | None = None, stop: int | None = None) -> Row:
    """The one representative of an enterprise, as registration gives it."""
    fact = Fact(
        REGISTRATION.name, FactKind.REPRESENTS, person, enterprise, "legal_representative",
        valid_from=start, valid_to=stop,
    )  # fmt: skip
    return Row(fact, place_for_one(fact.kind, fact.role, enterprise))


def record(entity: str, document: str, **more: object) -> Row:
    """A penalty with its document."""
    fact = Fact(PENALTIES.name, FactKind.RECORD, entity, role="administrative_penalty", part=document)
    return Row(replace(fact, **more))  # type: ignore[arg-type]


def person_at(enterprise: str, name: str) -> str:
    """Id of a person known by name in one enterprise."""
    return person_at_id(enterprise, normalize_name(name))


def entity_table(ids: Iterable[str]) -> pa.Table:
    """ENTITY_SCHEMA rows of these ids; addresses and contacts are labelled with their id's value."""
    rows = [{"id": i, "kind": str(entity_kind_of(i)), "label": _label(i)} for i in sorted(set(ids))]
    return pa.Table.from_pylist(rows, schema=ENTITY_SCHEMA)


def fact_table(rows: Sequence[Row]) -> pa.Table:
    """FACT_SCHEMA rows."""
    values = [_values(row) for row in rows]
    return pa.Table.from_pylist(values, schema=FACT_SCHEMA)


def ids_of(rows: Sequence[Row]) -> set[str]:
    """Every id that the rows name."""
    return {i for row in rows for i in (row.fact.subject, row.fact.object) if i is not None}


def fill(delivery: DeliveryWriter, load: Load) -> None:
    """Hand over a delivery's rows."""
    delivery.entities(entity_table(ids_of(load.rows)))
    delivery.facts(fact_table(load.rows))
    pairs = [{"scope": scope, "entity": entity} for scope, entity in load.protected]
    delivery.scopes(load.covered, pa.Table.from_pylist(pairs, schema=PROTECTED_SCHEMA))


def write(writer: GraphWriter, load: Load, allow_ending: bool = True) -> FactCounts:
    """Write and commit one delivery, without settling."""
    with writer.delivery(load.header) as delivery:
        fill(delivery, load)
        counts = delivery.apply(allow_ending)
        delivery.commit(json.dumps({"content": "@content@"}))
    return counts


def write_all(store: GraphStore, loads: Iterable[Load]) -> None:
    """Write deliveries one after the other, and settle once."""
    with store.writer() as writer:
        for load in loads:
            write(writer, load)
        writer.settle()


def _label(entity: str) -> str | None:
    scheme, _, value = entity.partition(":")
    return value if scheme in {"address", "contact"} else None


def _values(row: Row) -> dict[str, object]:
    given = {name: getattr(row.fact, name, None) for name in FACT_SCHEMA.names}
    return given | {"kind": int(row.fact.kind), "scope": row.scope, "file": 0, "line": row.line}
