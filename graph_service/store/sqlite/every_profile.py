"""Profiles of all entities in one pass: ranges of nodes are read as they lie on the disk, not one entity after another."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from graph_service.domain.facts import Fact, FactKind
from graph_service.store.base import Profile
from graph_service.store.identity import Identity
from graph_service.store.profiles import Family, merged_profile
from graph_service.store.sqlite.kinds import KIND_NAMES
from graph_service.store.sqlite.rows import READ, FactReader, columns
from graph_service.store.view import SAYING

PIECE = 10_000  # nodes at once
_SEEN = "f.rf <= :t AND (f.rt IS NULL OR f.rt > :t)"
_SAID = f"""
SELECT {columns(READ)} FROM spoken CROSS JOIN fact f
ON f.src = spoken.src AND f.kind = spoken.kind AND f.s BETWEEN :first AND :last
WHERE {_SEEN} AND spoken.kind IN ({", ".join(str(int(k)) for k in SAYING)})
"""
_SAME = int(FactKind.SAME_AS)
_LEFT = f"""
SELECT DISTINCT f.s FROM spoken CROSS JOIN fact f
ON f.src = spoken.src AND f.kind = spoken.kind AND f.s BETWEEN :first AND :last
WHERE {_SEEN} AND spoken.kind = {_SAME}
"""
_MEANT = (
    f"SELECT DISTINCT f.o FROM fact f WHERE f.o BETWEEN :first AND :last AND f.kind = {_SAME} AND {_SEEN}"
)
Nodes = np.ndarray[tuple[int], np.dtype[np.int64]]
Row = tuple[int, str, int, str | None]  # node, id, kind, label


@dataclass(frozen=True, slots=True)
class Reading:
    """From where profiles are read: the moment `t`, the day, and how the view reads single entities.

    `there`: nodes that a visible fact names, ascending; None: all.
    """

    db: sqlite3.Connection
    t: int
    as_of: int
    there: Nodes | None
    reader: FactReader
    identity: Identity
    facts_of: Callable[[int], list[Fact]]


def every_profile(reading: Reading, ranks: Mapping[str, int]) -> Iterator[Profile]:
    """The profile of each entity by its canonical id, ascending by node; nodes that no visible fact names left out."""
    after = -(1 << 63) - 1
    while rows := _next_nodes(reading, after):
        after = rows[-1][0]
        yield from _piece(reading, _there(reading, rows), ranks)


def _next_nodes(reading: Reading, after: int) -> list[Row]:
    where = "" if after < -(1 << 63) else f"WHERE n > {after}"
    return reading.db.execute(
        f"SELECT n, id, kind, label FROM node {where} ORDER BY n LIMIT {PIECE}"
    ).fetchall()


def _there(reading: Reading, rows: list[Row]) -> list[Row]:
    if reading.there is None:
        return rows
    kept = np.isin([n for n, *_ in rows], reading.there)
    return [row for row, keep in zip(rows, kept.tolist(), strict=True) if keep]


def _piece(reading: Reading, rows: list[Row], ranks: Mapping[str, int]) -> Iterator[Profile]:
    if not rows:
        return
    at = {"t": reading.t, "first": rows[0][0], "last": rows[-1][0]}
    reading.reader.know({n: id_ for n, id_, _, _ in rows})
    left, meant = (_numbers(reading.db, sql, at) for sql in (_LEFT, _MEANT))
    said: dict[int, list[Fact]] = defaultdict(list)
    for row in reading.db.execute(_SAID, at):
        said[row[1]].append(reading.reader.fact(row, evidence=False))
    for node, id_, kind, label in rows:
        if node in left and reading.identity.canonical(node, reading.as_of) != node:
            continue
        ids, facts = [id_], said.get(node, [])
        if node in meant:
            family = reading.identity.family(node)
            ids = [reading.reader.id_of(n) for n in family]
            facts = [*facts, *(f for n in family[1:] for f in reading.facts_of(n))]
        yield merged_profile(Family(ids, KIND_NAMES[kind], label), facts, ranks, reading.as_of)


def _numbers(db: sqlite3.Connection, sql: str, at: dict[str, int]) -> set[int]:
    return {n for (n,) in db.execute(sql, at)}
