"""What a snapshot works out, beside the facts: relationships `DERIVED_…` and properties `derived_…`, replaced as a whole.

While they are being replaced the node `CreditGraph` has no `derived_snapshot`; what is cut off is taken away by the next
writer. A relationship that rests on records leaves at once with the last of them.
"""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from graph_service.domain.intervals import from_day
from graph_service.store.base import DERIVED_PROPERTIES, Derived
from graph_service.store.neo4j.connection import Server
from graph_service.store.neo4j.lease import Lease

DERIVED = tuple(f"derived_{name}" for name in DERIVED_PROPERTIES)
TYPE = "DERIVED_"
_ROWS = 10_000
_TYPES = "MATCH (c:CreditGraph) RETURN c.derived_relations, c.derived_unfinished"
_BEGIN = "MATCH (c:CreditGraph) SET c.derived_relations = $types, c.derived_unfinished = true REMOVE c.derived_snapshot"
_DONE = "MATCH (c:CreditGraph) SET c.derived_snapshot = $snapshot REMOVE c.derived_unfinished"
_NONE = "MATCH (c:CreditGraph) REMOVE c.derived_relations, c.derived_unfinished, c.derived_snapshot"
_FORGET = ", ".join(f"e.{name}" for name in DERIVED)
_RELATE = (
    "UNWIND $rows AS r MATCH (a:Entity {number: r[0]}) MATCH (b:Entity {number: r[1]}) "
    "CREATE (a)-[d:#TYPE {snapshot: $snapshot, as_of: $day}]->(b) SET d += r[2]"
)
_DESCRIBE = "UNWIND $rows AS r MATCH (e:Entity {number: r[0]}) SET e.derived_snapshot = $snapshot, e += r[1]"
_UNFOUNDED = """
MATCH (e:Entity)<-[r:#TYPE]-(a) WHERE {which} r.rests_on IS NOT NULL AND NOT EXISTS {{
  MATCH (e)-[:SAME_AS*0..4]-()-[:SUBJECT_OF]->(x:Record {{status: 'in_force'}}) WHERE x.kind IN r.rests_on }}
CALL (r, a) {{ REMOVE {forget} DELETE r }} IN TRANSACTIONS OF 10000 ROWS
"""


def replace(lease: Lease, derived: Derived | None, day: int) -> None:
    """These results instead of all that were there; None: none."""
    _erase(lease, [] if derived is None else [TYPE + name for name in derived.relations])
    if derived is None:
        lease.write((_NONE, {}))
        return
    said: dict[str, Any] = {"snapshot": derived.snapshot, "day": from_day(day)}
    for name, table in derived.relations.items():
        for rows in _pieces(table, ("subject", "object")):
            lease.write((_RELATE.replace("#TYPE", TYPE + name), {"rows": rows, **said}))
    for rows in _pieces(derived.properties, ("node",)):
        named = [[row[0], {f"derived_{k}": v for k, v in row[1].items()}] for row in rows]
        lease.write((_DESCRIBE, {"rows": named, **said}))
    lease.write((_DONE, said))


def sweep(lease: Lease) -> None:
    """Take away what a writer that was cut off left of its results."""
    ((_, is_unfinished),) = lease.server.read(_TYPES)
    if is_unfinished:
        replace(lease, None, 0)


def drop_unfounded(server: Server, nodes: Sequence[int] | None = None) -> None:
    """Remove results whose records ended, and what was derived for those whom they are about: about these nodes, or all."""
    ((types, _),) = server.read(_TYPES) or ((None, None),)
    for name in types or ():
        which = "" if nodes is None else "e.number IN $of AND "
        forget = ", ".join(f"a.{p}" for p in DERIVED)
        query = _UNFOUNDED.format(which=which, forget=forget).replace("#TYPE", name)
        server.run(query, of=list(nodes or ()))


def _erase(lease: Lease, coming: list[str]) -> None:
    ((types, _),) = lease.server.read(_TYPES)
    lease.write((_BEGIN, {"types": sorted({*(types or ()), *coming})}))
    if types is None:
        return
    for name in types:
        lease.server.run(f"MATCH ()-[r:{name}]->() CALL (r) {{ DELETE r }} IN TRANSACTIONS OF {_ROWS} ROWS")
    find = "MATCH (e:Entity) WHERE e.derived_snapshot IS NOT NULL"
    lease.server.run(f"{find} CALL (e) {{ REMOVE {_FORGET} }} IN TRANSACTIONS OF {_ROWS} ROWS")


def _pieces(table: pa.Table, keys: tuple[str, ...]) -> list[list[list[Any]]]:
    """Rows as the statements take them: the keys, then a map of the rest."""
    pieces = []
    for batch in table.to_batches(_ROWS):
        rows = batch.to_pylist()
        pieces.append(
            [[*(row[k] for k in keys), {n: v for n, v in row.items() if n not in keys}] for row in rows]
        )
    return pieces
