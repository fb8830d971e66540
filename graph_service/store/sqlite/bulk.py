"""Whole tables for projections, and every source of one fact."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from graph_service.domain.entities import node_number
from graph_service.domain.facts import RELATIONS, Evidence, Fact, FactKind
from graph_service.store.base import NODES_SCHEMA, RELATIONS_SCHEMA, STATEMENTS_SCHEMA
from graph_service.store.content import key_number
from graph_service.store.sqlite.kinds import KIND_NAMES
from graph_service.store.sqlite.rows import CONTENT

_PIECE = 20_000
_SEEN = "f.rf <= ? AND (f.rt IS NULL OR f.rt > ?)"
_BY = "spoken CROSS JOIN fact f ON f.src = spoken.src AND f.kind = spoken.kind"
_RELATION = "f.kind, f.s, f.o, f.role, f.vf, f.vt, f.av, f.share, f.votes, f.amount, f.src"
# Of persons a profile's attributes are keyed hashes and masked digits only: most of the bytes, and of no use in bulk.
_ATTRS = """CASE WHEN f.attrs GLOB '{"candidate":*' THEN NULL ELSE f.attrs END"""
_STATEMENT = f"f.kind, f.s, f.role, f.part, f.vf, f.vt, f.av, f.amount, f.name, {_ATTRS}, f.src"


def table(cursor: sqlite3.Cursor, columns: pa.Schema, most: int | None = None) -> pa.Table:
    """A cursor's next rows, all or at most so many, as an Arrow table; read in pieces."""
    pieces = [columns.empty_table()]
    while rows := cursor.fetchmany(most or _PIECE):
        arrays = [
            pa.array(column, field.type)
            for column, field in zip(zip(*rows, strict=True), columns, strict=True)
        ]
        pieces.append(pa.Table.from_arrays(arrays, schema=columns))
        if most:
            break
    return pa.concat_tables(pieces)


def nodes(db: sqlite3.Connection, t: int, latest: bool) -> pa.Table:
    """NODES_SCHEMA of every entity that a visible fact names, sorted by node."""
    names = "CASE kind " + " ".join(f"WHEN {n} THEN '{name}'" for n, name in KIND_NAMES.items()) + " END"
    found = table(db.execute(f"SELECT n, id, {names}, label FROM node ORDER BY n"), NODES_SCHEMA)
    there = named(db, t, latest)
    return found if there is None else found.filter(pa.array(np.isin(found.column("node").to_numpy(), there)))


def named(db: sqlite3.Connection, t: int, latest: bool) -> np.ndarray[tuple[int], np.dtype[np.int64]] | None:
    """Nodes that a visible fact names, ascending; None where that is every node."""
    closed = db.execute("SELECT 1 FROM delivery WHERE withdrawn IS NOT NULL LIMIT 1").fetchone()
    if latest and not closed:
        return None
    schema = pa.schema([("n", pa.int64())])
    parts = [
        table(
            db.execute(f"SELECT DISTINCT f.{end} FROM fact f WHERE {_SEEN} AND f.{end} IS NOT NULL", (t, t)),
            schema,
        )
        for end in ("s", "o")
    ]
    return np.unique(pa.concat_tables(parts).column("n").to_numpy())


def relations(db: sqlite3.Connection, t: int, latest: bool) -> pa.Table:
    """RELATIONS_SCHEMA: relations and SAME_AS, ends as loaded."""
    kinds = ", ".join(str(int(k)) for k in (*RELATIONS, FactKind.SAME_AS))
    seen = ("f.rt IS NULL", ()) if latest else (_SEEN, (t, t))
    sql = f"SELECT {_RELATION} FROM {_BY} WHERE {seen[0]} AND spoken.kind IN ({kinds})"
    return table(db.execute(sql, seen[1]), RELATIONS_SCHEMA)


def statements(db: sqlite3.Connection, t: int, kinds: Sequence[FactKind]) -> pa.Table:
    """STATEMENTS_SCHEMA: facts without object of these kinds."""
    wanted = ", ".join(str(int(k)) for k in kinds)
    sql = f"SELECT {_STATEMENT} FROM {_BY} WHERE {_SEEN} AND spoken.kind IN ({wanted})"
    return table(db.execute(sql, (t, t)), STATEMENTS_SCHEMA)


_ALIKE = " AND ".join(f"st.{c} IS f.{c}" for c in CONTENT if c not in {"vf", "vt"})
_SAYING = f"""
SELECT DISTINCT st.d, st.file, st.line, delivery.batch, source.name, delivery.files
FROM fact f JOIN statement st ON st.src = f.src AND st.kind = f.kind AND st.s = f.s AND st.key = f.key
  AND (st.alike = 1 OR {_ALIKE})
JOIN delivery ON delivery.d = st.d JOIN source ON source.src = st.src
WHERE f.src = (SELECT src FROM source WHERE name = ?) AND f.kind = ? AND f.s = ? AND f.key = ?
  AND f.rf <= ? AND (f.rt IS NULL OR f.rt > ?) AND f.vf IS ? AND f.vt IS ?
  AND delivery.t <= ? AND (delivery.withdrawn IS NULL OR delivery.withdrawn > ?)
ORDER BY st.d
"""


def with_evidence(db: sqlite3.Connection, t: int, fact: Fact) -> Fact:
    """The fact with every delivery that asserts it at this moment; its first one leads."""
    if fact.loaded_id is not None:
        return fact
    key = (fact.source, int(fact.kind), node_number(fact.subject), key_number(fact))
    where = (*key, t, t, fact.valid_from, fact.valid_to, t, t)
    found = [
        Evidence(batch, template, files.split("\x1f")[file], line)
        for _, file, line, batch, template, files in db.execute(_SAYING, where)
    ]
    return replace(fact, evidence=tuple(dict.fromkeys((*fact.evidence, *found))))
