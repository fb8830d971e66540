"""Gathers what the matching rules look at from the tables, and writes what they say."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from graph_service.domain.entities import EntityKind, node_number
from graph_service.domain.facts import CONTENT_MODULUS, Fact, FactKind, content_number
from graph_service.domain.identifiers import name_id, regno_id
from graph_service.store.content import key_number
from graph_service.store.matching import (
    APART,
    NAMES,
    NUMBERS,
    RESOLUTION,
    STAFF,
    WEAK,
    MatchInputs,
    match_attrs,
    same_as,
)
from graph_service.store.sqlite import moments
from graph_service.store.sqlite.kinds import KIND_NUMBERS
from graph_service.store.sqlite.rows import FactReader, tuples
from graph_service.store.sqlite.schema import INSERT_FACT
from graph_service.text.normal import normalize_name

_PERSON = KIND_NUMBERS[str(EntityKind.PERSON)]
_STAFF_KINDS = ", ".join(str(int(k)) for k in (FactKind.HOLDS, FactKind.REPRESENTS, FactKind.MANAGES))
_PROFILE, _ALIAS, _SAME, _DISTINCT = (
    int(k) for k in (FactKind.PROFILE, FactKind.ALIAS, FactKind.SAME_AS, FactKind.DISTINCT)
)
# {near} narrows facts to some subjects; empty: all. The best-ranked source that names an entity names it.
_NAMED = f"""
SELECT s, name, vf, vt, is_former FROM (
  SELECT f.s, f.name, f.vf, f.vt, f.kind = {_ALIAS} OR f.vt IS NOT NULL AS is_former,
    source.rank, min(CASE WHEN f.kind = {_PROFILE} THEN source.rank END) OVER (PARTITION BY f.s) AS best, f.kind AS kind
  FROM {{near}} WHERE f.rt IS NULL AND f.name IS NOT NULL
    AND spoken.kind IN ({_PROFILE}, {_ALIAS}) AND (f.kind = {_PROFILE} OR f.role = 'former_name'))
WHERE kind = {_ALIAS} OR rank = best
"""
_EVERYWHERE = "spoken CROSS JOIN fact f ON f.src = spoken.src AND f.kind = spoken.kind JOIN source ON source.src = f.src"
_NEARBY = (
    "near CROSS JOIN spoken CROSS JOIN fact f ON f.src = spoken.src AND f.kind = spoken.kind AND f.s = near.n "
    "JOIN source ON source.src = f.src"
)


def gather_all(db: sqlite3.Connection) -> MatchInputs:
    """Everything: after a first big load."""
    db.execute("DROP TABLE IF EXISTS temp.naming_all")
    db.execute(f"CREATE TEMP TABLE naming_all AS {_NAMED.format(near=_EVERYWHERE)}")
    names = "SELECT f.* FROM naming_all f JOIN node n ON n.n = f.s"
    staff = (
        f"SELECT f.s, e.id, p.name FROM {_EVERYWHERE} JOIN node n ON n.n = f.s AND n.kind = {_PERSON} AND n.weak = 0 "
        "JOIN node e ON e.n = f.o JOIN naming_all p ON p.s = f.s WHERE f.rt IS NULL "
        f"AND spoken.kind IN ({_STAFF_KINDS})"
    )
    db.execute("CREATE INDEX temp.naming_all_s ON naming_all (s)")
    inputs = MatchInputs(
        _table(db.execute("SELECT n FROM node WHERE weak = 1"), WEAK),
        _table(db.execute(staff), STAFF),
        _table(db.execute(f"{names} AND n.kind <> {_PERSON} AND n.weak = 0"), NAMES),
        _table(db.execute(_numbers(_EVERYWHERE)), NUMBERS),
        _table(
            db.execute(
                f"SELECT f.s, f.o FROM {_EVERYWHERE} WHERE f.rt IS NULL AND spoken.kind = {_DISTINCT}"
            ),
            APART,
        ),
    )
    db.execute("DROP TABLE temp.naming_all")
    return inputs


def gather_touched(db: sqlite3.Connection, touched: Sequence[int]) -> MatchInputs:
    """What may have changed with some nodes: their enterprises, those that share a name or number, their people."""
    _near(db, touched)
    org = db.execute(
        f"SELECT n FROM near JOIN node USING (n) WHERE kind <> {_PERSON} UNION "
        f"SELECT f.o FROM {_NEARBY} WHERE spoken.kind IN ({_STAFF_KINDS}) AND f.rt IS NULL"
    )
    enterprises = _family(db, {n for (n,) in org})
    _near(db, enterprises)
    people = _people(db)
    weak_orgs = db.execute("SELECT n FROM near JOIN node USING (n) WHERE weak = 1").fetchall()
    named = _NAMED.format(near=_NEARBY)
    names = db.execute(f"SELECT f.* FROM ({named}) f JOIN node n ON n.n = f.s AND n.weak = 0").fetchall()
    numbers = db.execute(_numbers(_NEARBY)).fetchall()
    _near(db, {s for s, _, _ in people} | set(touched))
    weak = {(s,) for s, _, is_weak in people if is_weak} | set(weak_orgs)
    weak |= set(db.execute("SELECT n FROM near JOIN node USING (n) WHERE weak = 1"))
    called = _group(db.execute(f"SELECT s, name FROM ({named})"))
    staff = [(s, e, name) for s, e, is_weak in people if not is_weak for name in called.get(s, ())]
    apart = db.execute(f"SELECT f.s, f.o FROM {_EVERYWHERE} WHERE f.rt IS NULL AND spoken.kind = {_DISTINCT}")
    return MatchInputs(
        _rows(sorted(weak), WEAK),
        _rows(staff, STAFF),
        _rows(names, NAMES),
        _rows(numbers, NUMBERS),
        _table(apart, APART),
    )


def apply_matches(db: sqlite3.Connection, inputs: MatchInputs) -> int | None:
    """Close derived matches of the judged nodes that no longer follow, add those that now do.

    Returns the change of content; None when nothing changed.
    """
    src = _resolution(db)
    d, t = _delivery(db, src), moments.next_number(db)
    reader = FactReader(db)
    wanted = {
        (node, target, role, vf, vt) for node, target, role, vf, vt in tuples(same_as(inputs), _MATCH_COLUMNS)
    }
    standing = _standing(db, src, inputs.weak)
    delta = 0
    for match in sorted(standing - wanted, key=str):
        delta -= content_number(_fact(reader, match))
        _close(db, src, reader, match, t)
    added = sorted(wanted - standing, key=str)
    for match in added:
        delta += content_number(_fact(reader, match))
    db.executemany(INSERT_FACT, (_row(reader, match, src, t, d) for match in added))
    return delta % CONTENT_MODULUS if standing != wanted else None


_MATCH_COLUMNS = ("node", "target", "role", "valid_from", "valid_to")
Match = tuple[int, int, str, int | None, int | None]


def _fact(reader: FactReader, match: Match) -> Fact:
    node, target, role, vf, vt = match
    return Fact(RESOLUTION, FactKind.SAME_AS, reader.id_of(node), reader.id_of(target), role, str(vf or ""),
                vf, vt, attrs=match_attrs(role))  # fmt: skip


def _row(reader: FactReader, match: Match, src: int, t: int, d: int) -> tuple[Any, ...]:
    fact = _fact(reader, match)
    content = (int(fact.kind), match[1], fact.role, fact.part, fact.valid_from, fact.valid_to, None, None, None, None,
               None, fact.attrs)  # fmt: skip
    return (src, match[0], key_number(fact), t, 0, *content, None, d, 0, 0, 0)


def _close(db: sqlite3.Connection, src: int, reader: FactReader, match: Match, t: int) -> None:
    key = key_number(_fact(reader, match))
    where = f"src = ? AND kind = {_SAME} AND s = ? AND key = ? AND rt IS NULL"
    db.execute(f"UPDATE fact SET rt = ? WHERE {where}", (t, src, match[0], key))


def _standing(db: sqlite3.Connection, src: int, weak: pa.Table) -> set[Match]:
    """Derived matches that stand for the judged nodes."""
    _near(db, (n for (n,) in tuples(weak, ("node",))))
    rows = db.execute(
        "SELECT f.s, f.o, f.role, f.vf, f.vt FROM near CROSS JOIN fact f "
        f"ON f.src = ? AND f.kind = {_SAME} AND f.s = near.n WHERE f.rt IS NULL", (src,)
    )  # fmt: skip
    return set(rows)


def _resolution(db: sqlite3.Connection) -> int:
    db.execute("INSERT OR IGNORE INTO source (name, rank, corrects) VALUES (?, 1, '')", (RESOLUTION,))
    src = int(db.execute("SELECT src FROM source WHERE name = ?", (RESOLUTION,)).fetchone()[0])
    db.execute("INSERT OR IGNORE INTO spoken VALUES (?, ?)", (src, _SAME))
    return src


def _delivery(db: sqlite3.Connection, src: int) -> int:
    found = db.execute("SELECT d FROM delivery WHERE src = ?", (src,)).fetchone()
    if found:
        return int(found[0])
    cursor = db.execute(
        "INSERT INTO delivery (batch, src, mode, day, files, sha256) VALUES (?, ?, 'delta', 0, ?, '0')",
        (RESOLUTION, src, RESOLUTION),
    )
    return int(cursor.lastrowid or 0)


def _near(db: sqlite3.Connection, nodes: Iterable[int]) -> None:
    db.execute("CREATE TEMP TABLE IF NOT EXISTS near (n INTEGER PRIMARY KEY)")
    db.execute("DELETE FROM near")
    db.executemany("INSERT OR IGNORE INTO near VALUES (?)", ((n,) for n in sorted(set(nodes) - {0})))


def _people(db: sqlite3.Connection) -> list[tuple[int, str, int]]:
    """(person, enterprise's id, is weak) of those who hold, represent or manage an enterprise in `near`."""
    return db.execute(
        "SELECT DISTINCT f.s, e.id, p.weak FROM near CROSS JOIN fact f ON f.o = near.n "
        f"AND f.kind IN ({_STAFF_KINDS}) AND f.rt IS NULL JOIN node p ON p.n = f.s AND p.kind = {_PERSON} "
        "JOIN node e ON e.n = near.n"
    ).fetchall()


def _family(db: sqlite3.Connection, enterprises: set[int]) -> set[int]:
    """Enterprises with all nodes that any of their names or numbers, of any time, could stand for."""
    _near(db, enterprises)
    texts = db.execute(
        f"SELECT DISTINCT f.name, f.role FROM {_NEARBY} "
        f"WHERE spoken.kind IN ({_PROFILE}, {_ALIAS}) AND f.name IS NOT NULL"
    ).fetchall()
    norms = {normalize_name(name) for name, _ in texts}
    found = set(enterprises)
    found.update(node_number(name_id(norm)) for norm in norms)
    found.update(node_number(regno_id(name)) for name, role in texts if role == "regno")
    for norm in norms:
        found.update(
            n for (n,) in db.execute("SELECT n FROM name WHERE closed IN (0, 1) AND norm = ?", (norm,))
        )
    _near(db, found)
    return {n for (n,) in db.execute(f"SELECT n FROM near JOIN node USING (n) WHERE kind <> {_PERSON}")}


def _numbers(near: str) -> str:
    return (
        f"SELECT f.s, f.name FROM {near} JOIN node n ON n.n = f.s AND n.weak = 0 "
        f"WHERE f.rt IS NULL AND spoken.kind = {_ALIAS} AND f.role = 'regno'"
    )


def _group(rows: Iterable[tuple[int, str]]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for node, name in rows:
        found.setdefault(node, set()).add(name)
    return found


def _rows(rows: Iterable[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    """Rows as an Arrow table."""
    values = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [
        pa.array([bool(v) for v in column] if pa.types.is_boolean(field.type) else list(column), field.type)
        for column, field in zip(values, schema, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _table(cursor: sqlite3.Cursor, schema: pa.Schema) -> pa.Table:
    """A cursor's rows as an Arrow table, in pieces."""
    pieces = [schema.empty_table()]
    while rows := cursor.fetchmany(100_000):
        pieces.append(_rows(rows, schema))
    return pa.concat_tables(pieces)
