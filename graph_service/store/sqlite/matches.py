"""Settles which ids stand for the same entity: organisations first, then the persons inside them."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from graph_service.domain.facts import CONTENT_MODULUS, Fact, FactKind, content_number
from graph_service.store.content import key_number
from graph_service.store.matching import RESOLUTION, match_attrs, same_organisations, same_persons
from graph_service.store.sqlite import moments
from graph_service.store.sqlite.gather import Around
from graph_service.store.sqlite.gather_all import all_organisations, all_persons
from graph_service.store.sqlite.nearby import PERSON, SAME, near
from graph_service.store.sqlite.rows import FactReader, tuples
from graph_service.store.sqlite.schema import INSERT_FACT

_MATCH_COLUMNS = ("node", "target", "role", "valid_from", "valid_to")
Match = tuple[int, int, str, int | None, int | None]


@dataclass
class Change:
    """What settling did: to the content, and which nodes matches lead or led to."""

    delta: int = 0
    targets: frozenset[int] = frozenset()
    is_change: bool = False


def settle_all(db: sqlite3.Connection, named: pa.Table) -> int | None:
    """Judge every weak node, with the names that indexing read. The change of content; None: nothing changed."""
    weak = f"SELECT n FROM node WHERE weak = 1 AND kind {{}} {PERSON}"
    one = _apply(db, _nodes(db, weak.format("<>")), same_organisations(all_organisations(db, named)))
    persons = pa.concat_tables([same_persons(inputs) for inputs in all_persons(db, named)])
    other = _apply(db, _nodes(db, weak.format("=")), persons)
    return _together(one, other)


def settle_touched(db: sqlite3.Connection, touched: Sequence[int]) -> int | None:
    """Judge the weak nodes whose match may have changed with the touched ones."""
    around = Around(db, touched)
    one = _apply(db, around.weak_organisations, same_organisations(around.organisations()))
    judged, persons = around.persons(one.targets)
    other = _apply(db, judged, same_persons(persons))
    return _together(one, other)


def _together(one: Change, other: Change) -> int | None:
    changed = one.is_change or other.is_change
    return (one.delta + other.delta) % CONTENT_MODULUS if changed else None


def _nodes(db: sqlite3.Connection, sql: str) -> set[int]:
    return {n for (n,) in db.execute(sql)}


def _apply(db: sqlite3.Connection, judged: Iterable[int], found: pa.Table) -> Change:
    """Close derived matches of the judged nodes that no longer follow, add those that now do."""
    wanted: set[Match] = set(tuples(found, _MATCH_COLUMNS))
    standing = _standing(db, judged)
    targets = frozenset(m[1] for m in standing | wanted)
    if standing == wanted:
        return Change(targets=targets)
    src = _resolution(db)
    d, t = _delivery(db, src), moments.next_number(db)
    reader = FactReader(db)
    delta = 0
    for match in sorted(standing - wanted, key=str):
        delta -= content_number(_fact(reader, match))
        _close(db, src, reader, match, t)
    added = sorted(wanted - standing, key=str)
    for match in added:
        delta += content_number(_fact(reader, match))
    db.executemany(INSERT_FACT, (_row(reader, match, src, t, d) for match in added))
    return Change(delta, targets, is_change=True)


def _fact(reader: FactReader, match: Match) -> Fact:
    node, target, role, vf, vt = match
    part = "" if vf is None else str(vf)
    return Fact(RESOLUTION, FactKind.SAME_AS, reader.id_of(node), reader.id_of(target), role, part,
                vf, vt, attrs=match_attrs(role))  # fmt: skip


def _row(reader: FactReader, match: Match, src: int, t: int, d: int) -> tuple[Any, ...]:
    fact = _fact(reader, match)
    content = (int(fact.kind), match[1], fact.role, fact.part, fact.valid_from, fact.valid_to, None, None, None, None,
               None, fact.attrs)  # fmt: skip
    return (src, match[0], key_number(fact), t, 0, *content, None, d, 0, 0, 0)


def _close(db: sqlite3.Connection, src: int, reader: FactReader, match: Match, t: int) -> None:
    key = key_number(_fact(reader, match))
    where = f"src = ? AND kind = {SAME} AND s = ? AND key = ? AND rt IS NULL"
    db.execute(f"UPDATE fact SET rt = ? WHERE {where}", (t, src, match[0], key))


def _standing(db: sqlite3.Connection, judged: Iterable[int]) -> set[Match]:
    """Derived matches that stand for the judged nodes."""
    near(db, judged)
    rows = db.execute(
        "SELECT f.s, f.o, f.role, f.vf, f.vt FROM near CROSS JOIN fact f "
        f"ON f.src = (SELECT src FROM source WHERE name = ?) AND f.kind = {SAME} AND f.s = near.n "
        "WHERE f.rt IS NULL", (RESOLUTION,)
    )  # fmt: skip
    return set(rows)


def _resolution(db: sqlite3.Connection) -> int:
    db.execute("INSERT OR IGNORE INTO source (name, rank, corrects) VALUES (?, 1, '')", (RESOLUTION,))
    src = int(db.execute("SELECT src FROM source WHERE name = ?", (RESOLUTION,)).fetchone()[0])
    db.execute("INSERT OR IGNORE INTO spoken VALUES (?, ?)", (src, SAME))
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
