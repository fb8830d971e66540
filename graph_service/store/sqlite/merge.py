"""What a delivery changes where its source has spoken before: only keys whose answer may differ are worked out.

`TimelineMerge.rework` takes keys, gathers every standing statement and denial, asks the domain's `timeline`, and
closes and opens facts until the store says the same.
"""

import sqlite3
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from graph_service.domain.facts import CONTENT_MODULUS, Fact, FactKind, content_number
from graph_service.domain.timeline import Segment, Statement, timeline
from graph_service.store.base import FactCounts
from graph_service.store.sqlite import places
from graph_service.store.sqlite.rows import CONTENT, STATED, FactReader, columns
from graph_service.store.sqlite.schema import INSERT_FACT

Key = tuple[int, int, int]  # kind, subject, key
_STATED = columns(STATED, "st")
_OF_FACT = columns(STATED, "f")
# A statement with content of its own, or one that repeats the fact that stands.
_STATEMENTS = f"""
SELECT st.d, st.file, st.line, st.alike, {_STATED} FROM statement st JOIN delivery USING (d)
WHERE st.src = ? AND st.kind = ? AND st.s = ? AND st.key = ? AND delivery.withdrawn IS NULL
"""
INSERT_STATEMENT = (
    f"INSERT OR REPLACE INTO statement (src, s, key, d, file, line, alike, {', '.join(STATED)}) "
    f"VALUES (?, ?, ?, ?, ?, ?, 0, {', '.join('?' * len(STATED))})"
)
_OPEN = f"""
SELECT f.rf, f.seg, f.simple, f.d, f.file, f.line, {_OF_FACT} FROM fact f
WHERE f.src = ? AND f.kind = ? AND f.s = ? AND f.key = ? AND f.rt IS NULL ORDER BY f.seg
"""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A standing delivery of the source: its day, its place among equals, and what a complete list covers."""

    d: int
    day: int
    order: int
    snapshot: bool
    covered: NDArray[np.int64] | None
    protected: frozenset[tuple[int, int | None]]

    def covers(self, scope: int) -> bool:
        """Whether the list is complete for this scope."""
        if self.covered is None:
            return False
        at = int(np.searchsorted(self.covered, scope))
        return at < len(self.covered) and int(self.covered[at]) == scope

    def protects(self, scope: int, s: int, o: int | None) -> bool:
        """Whether a rejected row may have been about this."""
        return bool({(scope, None), (scope, s), (scope, o)} & self.protected)


def packed(numbers: NDArray[np.int64]) -> bytes:
    """Sorted numbers, compressed."""
    return zlib.compress(np.unique(numbers).astype("<i8").tobytes(), 1)


def spoken_of(db: sqlite3.Connection, src: int) -> list[Spoken]:
    """The source's standing deliveries."""
    rows = db.execute(
        "SELECT d, day, sha256, mode, covered, protected FROM delivery WHERE src = ? AND withdrawn IS NULL",
        (src,),
    )
    return [_spoken(row) for row in rows]


def _spoken(row: tuple[Any, ...]) -> Spoken:
    d, day, sha256, mode, covered, protected = row
    numbers = None if covered is None else np.frombuffer(zlib.decompress(covered), "<i8")
    pairs = (p.split(":") for p in (protected or "").split(",") if p)
    kept = frozenset((int(a), int(b) if b else None) for a, b in pairs)
    return Spoken(d, day, int(sha256[:12], 16), mode == "snapshot", numbers, kept)


class TimelineMerge:
    """Reworks keys of one source inside the writer's transaction."""

    def __init__(self, db: sqlite3.Connection, src: int, t: int) -> None:
        self._db, self._src, self._t = db, src, t
        self._spoken = spoken_of(db, src)
        self._by_d = {spoken.d: spoken for spoken in self._spoken}
        self._lists = [spoken for spoken in self._spoken if spoken.snapshot]
        name, corrects = db.execute("SELECT name, corrects FROM source WHERE src = ?", (src,)).fetchone()
        self._source, self._corrects = name, {int(k) for k in corrects.split(",") if k}
        self._reader = FactReader(db)
        self.delta = 0
        self.touched: set[int] = set()

    def spoken(self, d: int) -> Spoken:
        """One standing delivery."""
        return self._by_d[d]

    def rework(self, keys: Iterable[Key]) -> FactCounts:
        """Make the facts of these keys what the standing deliveries say."""
        added = changed = closed = unchanged = 0
        for key in keys:
            before, after = self._rework_key(key)
            added += not before and bool(after)
            closed += bool(before) and not after
            changed += bool(before) and bool(after) and before != after
            unchanged += before == after and bool(after)
        return FactCounts(added, changed, closed, unchanged)

    def _rework_key(self, key: Key) -> tuple[list[Any], list[Any]]:
        opened = self._db.execute(_OPEN, (self._src, *key)).fetchall()
        stated = self._statements(key, opened)
        segments = self._segments(key, stated)
        before = [row[6:] for row in opened]
        after = [_content_of(segment) for segment in segments]
        if before == after and all(row[3] in self._by_d for row in opened):
            return before, after
        for row in opened:
            self._close(key, row)
        for seg, segment in enumerate(segments):
            self._open(key, seg, segment)
        if before != after:
            self.touched.add(key[1])
            self.touched.update(content[1] for content in before + after if content[1] is not None)
        return before, after

    def _statements(self, key: Key, opened: list[Any]) -> list[tuple[Any, ...]]:
        """(d, file, line, content…) of every standing statement, all with content; writes out the implied ones."""
        simple = next((row for row in opened if row[2]), None)
        rows = self._db.execute(_STATEMENTS, (self._src, *key)).fetchall()
        if simple is None:
            return [(*row[:3], *row[4:]) for row in rows]
        self._db.execute(
            "UPDATE fact SET simple = 0 WHERE src = ? AND kind = ? AND s = ? AND key = ? AND rt IS NULL",
            (self._src, *key),
        )
        full = [(*row[:3], *(simple[6:] if row[3] else row[4:])) for row in rows]
        if simple[3] in self._by_d and all(row[0] != simple[3] for row in full):
            full.append((*simple[3:6], *simple[6:]))
        self._db.executemany(INSERT_STATEMENT, ((self._src, *key[1:], *row) for row in full))
        return full

    def _segments(self, key: Key, stated: list[tuple[Any, ...]]) -> list[Segment]:
        if not stated:
            return []
        if places.is_place(stated[-1][-1]):
            return self._in_place(key, stated)
        says = {row[0] for row in stated}
        statements = [_statement(self._by_d[row[0]], row) for row in stated]
        scope, o, kind = stated[-1][-1], stated[-1][4], stated[-1][3]
        if scope is not None:
            statements += [
                Statement(spoken.day, spoken.order, None)
                for spoken in self._lists
                if spoken.d not in says and spoken.covers(scope) and not spoken.protects(scope, key[1], o)
            ]
        return timeline(statements, kind in self._corrects)

    def _in_place(self, key: Key, stated: list[tuple[Any, ...]]) -> list[Segment]:
        """What all that was stated in the place leaves to this key."""
        said = [(key, row) for row in stated]
        for other in places.keys_in(self._db, self._src, stated[-1][-1]):
            if other != key:
                opened = self._db.execute(_OPEN, (self._src, *other)).fetchall()
                said += [(other, row) for row in self._statements(other, opened)]
        statements = [_statement_of(whose, self._by_d[row[0]], row) for whose, row in said]
        segments = timeline(places.in_order(statements), corrects=False)
        return [g for g in segments if g.statement.content is not None and g.statement.content[0] == key]

    def _close(self, key: Key, row: tuple[Any, ...]) -> None:
        self._db.execute(
            "UPDATE fact SET rt = ? WHERE src = ? AND kind = ? AND s = ? AND key = ? AND rf = ? AND seg = ?",
            (self._t, self._src, *key, row[0], row[1]),
        )
        self.delta = (self.delta - self._number(key[1], row[6:])) % CONTENT_MODULUS

    def _open(self, key: Key, seg: int, segment: Segment) -> None:
        content = _content_of(segment)
        head = (self._src, *key[1:], self._t, seg)
        self._db.execute(INSERT_FACT, (*head, *content, *_rider(segment)[0], 0))
        self.delta = (self.delta + self._number(key[1], content)) % CONTENT_MODULUS

    def _number(self, s: int, stated: tuple[Any, ...]) -> int:
        kind, o, role, part, vf, vt, av, share, votes, amount, name, attrs = stated[: len(CONTENT)]
        object_ = None if o is None else self._reader.id_of(o)
        return content_number(
            Fact(self._source, FactKind(kind), self._reader.id_of(s), object_, role, part, vf, vt, av, share, votes,
                 amount, name, attrs)
        )  # fmt: skip


def _statement(spoken: Spoken, row: tuple[Any, ...]) -> Statement:
    """Sameness is the content without its interval and its day of availability."""
    stated = row[3:]
    rider = (row[:3], stated)
    return Statement(spoken.day, spoken.order, (*stated[:4], *stated[7:]), stated[4], stated[5], rider)


def _statement_of(key: Key, spoken: Spoken, row: tuple[Any, ...]) -> Statement:
    """With its key in the content: in a place, another key is another content."""
    statement = _statement(spoken, row)
    return replace(statement, content=(key, *(statement.content or ())))


def _rider(segment: Segment) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    return cast("tuple[tuple[Any, ...], tuple[Any, ...]]", segment.statement.rider)


def _content_of(segment: Segment) -> tuple[Any, ...]:
    """STATED columns of a segment: what was stated, with the interval that follows."""
    stated = _rider(segment)[1]
    return (*stated[:4], segment.valid_from, segment.valid_to, *stated[6:])
