"""Questions about sets of nodes, asked with the temporary table `near`; and rows as Arrow tables."""

import sqlite3
from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from graph_service.domain.entities import EntityKind
from graph_service.domain.facts import FactKind
from graph_service.store.sqlite.kinds import KIND_NUMBERS

PERSON = KIND_NUMBERS[str(EntityKind.PERSON)]
PROFILE, ALIAS, SAME, DISTINCT = (
    int(k) for k in (FactKind.PROFILE, FactKind.ALIAS, FactKind.SAME_AS, FactKind.DISTINCT)
)
STAFF_KINDS = ", ".join(str(int(k)) for k in (FactKind.HOLDS, FactKind.REPRESENTS, FactKind.MANAGES))
EVERYWHERE = "spoken CROSS JOIN fact f ON f.src = spoken.src AND f.kind = spoken.kind JOIN source ON source.src = f.src"
NEARBY = (
    "near CROSS JOIN spoken CROSS JOIN fact f ON f.src = spoken.src AND f.kind = spoken.kind AND f.s = near.n "
    "JOIN source ON source.src = f.src"
)


class Partial(sqlite3.Connection):
    """Tables that hold a part of a store: rows are brought from where it is before they are asked for."""

    def bring(self, nodes: set[int]) -> None:
        """What the rules may ask of these nodes: their rows, facts, names, and who has an office there."""

    def bring_called(self, norms: Iterable[str]) -> None:
        """The same of all who bear these names."""


def near(db: sqlite3.Connection, nodes: Iterable[int]) -> None:
    """Fill `near`; 0, which stands for all, is no node."""
    nodes = set(nodes)
    if isinstance(db, Partial):
        db.bring(nodes - {0})
    db.execute("CREATE TEMP TABLE IF NOT EXISTS near (n INTEGER PRIMARY KEY)")
    db.execute("DELETE FROM near")
    db.executemany("INSERT OR IGNORE INTO near VALUES (?)", ((n,) for n in sorted(nodes - {0})))


def some(db: sqlite3.Connection, nodes: Iterable[int], condition: str) -> set[int]:
    """Those of the nodes whose row in `node` fulfils the condition."""
    near(db, nodes)
    return {n for (n,) in db.execute(f"SELECT n FROM near CROSS JOIN node USING (n) WHERE {condition}")}


def named_by_facts(db: sqlite3.Connection, nodes: Iterable[int]) -> set[int]:
    """Those of the nodes that a visible fact names, matches that merely follow from others aside."""
    near(db, nodes)
    one = f"SELECT 1 FROM {NEARBY.replace('near CROSS JOIN ', '').replace('near.n', 'near_.n')}"
    visible = "f.rt IS NULL AND source.name <> 'resolution'"
    other = f"SELECT 1 FROM fact f JOIN source USING (src) WHERE f.o = near_.n AND {visible}"
    rows = db.execute(f"SELECT n FROM near near_ WHERE EXISTS ({one} WHERE {visible}) OR EXISTS ({other})")
    return {n for (n,) in rows}


def same_as_around(
    db: sqlite3.Connection, nodes: Iterable[int]
) -> tuple[set[int], list[tuple[int, int, str]]]:
    """The nodes with all that visible SAME_AS facts tie to them, and these facts: (node, target, source)."""
    found, todo, rows = set(nodes), set(nodes), set()
    while todo:
        near(db, todo)
        reached = set()
        for end in ("f.src IN (SELECT src FROM source) AND f.s", "f.o"):
            reached |= set(
                db.execute(
                    f"SELECT f.s, f.o, source.name FROM near CROSS JOIN fact f ON {end} = near.n "
                    f"AND f.kind = {SAME} AND f.rt IS NULL JOIN source USING (src)"
                )
            )
        rows |= reached
        todo = {n for s, o, _ in reached for n in (s, o)} - found
        found |= todo
    return found, sorted(rows)


def arrow_rows(rows: Iterable[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    """Rows as an Arrow table."""
    values = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [
        pa.array([bool(v) for v in column] if pa.types.is_boolean(field.type) else list(column), field.type)
        for column, field in zip(values, schema, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def arrow_table(cursor: sqlite3.Cursor, schema: pa.Schema) -> pa.Table:
    """A cursor's rows as an Arrow table, in pieces."""
    pieces = [schema.empty_table()]
    while rows := cursor.fetchmany(20_000):
        pieces.append(arrow_rows(rows, schema))
    return pa.concat_tables(pieces)
