"""Search for entities by what they are called: exact before prefix before inside, in business before closed."""

import sqlite3
from collections.abc import Iterator

from graph_service.domain.entities import node_number
from graph_service.store.places import begins_with_one, places_cut, places_spelled
from graph_service.store.sqlite.kinds import KIND_NAMES
from graph_service.store.sqlite.names import LABEL, MATCHED, OPEN, SHUT, SORTS
from graph_service.store.view import NameHit
from graph_service.text.bigrams import bigrams, searchable
from graph_service.text.normal import normalize_name

HIGHEST = chr(0x10FFFF)
SPELLINGS = ("initials", "pinyin")
FIRMS = (OPEN, SHUT)
SHORTEST_PART = 2
LEAST_LETTERS = 2
# Two letters are more often the beginning of a name than a place.
LEAST_OF_PLACE = 3
# Names looked at for one way of finding: a bound on time where many names are the same few entities', or hardly any
# name contains the part in one piece.
MOST_LOOKED_AT = 20_000


class NameSearch:
    """Queries the search index; yields hits best first, the same node perhaps several times.

    Rows are read as they are asked for: how many names are needed for so many nodes, only the caller sees.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def hits(self, text: str) -> Iterator[NameHit]:
        """All hits, bounded; the caller stops when it has enough nodes."""
        norm = normalize_name(text)
        if not norm:
            return
        yield from self._code(norm)
        for why, low, high in (("exact", norm, norm), ("prefix", norm, norm + HIGHEST)):
            for closed in SORTS:
                yield from self._range("norm", (closed, low, high), why)
        if norm.isascii() and norm.isalpha() and len(norm) >= LEAST_LETTERS:
            yield from self._letters(norm)
        yield from self._inside(norm)

    def _code(self, norm: str) -> Iterator[NameHit]:
        for scheme in ("uscc", "regno"):
            node = node_number(f"{scheme}:{norm.upper()}")
            if self._db.execute("SELECT 1 FROM node WHERE n = ?", (node,)).fetchone():
                found = self._db.execute("SELECT max(closed) FROM name WHERE n = ?", (node,)).fetchone()[0]
                yield NameHit(node, found == SHUT, "exact", "code")

    def _letters(self, norm: str) -> Iterator[NameHit]:
        """Firms in a place of this spelling, names spelled so, firms whose place was typed with their name."""
        if len(norm) >= LEAST_OF_PLACE:
            yield from self._in_place(norm)
        for column in SPELLINGS:
            for closed in FIRMS:
                yield from self._range(column, (closed, norm, norm + HIGHEST), "prefix", column)
        for places, rest in places_cut(norm):
            yield from self._with_place(places, rest)

    def _in_place(self, norm: str) -> Iterator[NameHit]:
        for closed in FIRMS:
            for place in places_spelled(norm):
                yield from self._range("norm", (closed, place, place + HIGHEST), "prefix", "place")

    def _with_place(self, places: tuple[str, ...], rest: str) -> Iterator[NameHit]:
        for column in SPELLINGS:
            for closed in FIRMS:
                rows = self._db.execute(
                    f"SELECT n, closed, norm FROM name WHERE closed = ? AND {column} BETWEEN ? AND ? "
                    f"ORDER BY {column}, n LIMIT ?",
                    (closed, rest, rest + HIGHEST, MOST_LOOKED_AT),
                )
                for node, shut, called in rows:
                    if begins_with_one(called, places):
                        yield NameHit(node, shut == SHUT, "prefix", column)

    def _range(
        self, column: str, between: tuple[int, str, str], why: str, matched: str | None = None
    ) -> Iterator[NameHit]:
        rows = self._db.execute(
            f"SELECT name.n, closed, type, node.kind FROM name JOIN node USING (n) WHERE closed = ? AND {column} "
            f"BETWEEN ? AND ? ORDER BY {column}, name.n LIMIT ?",
            (*between, MOST_LOOKED_AT),
        )
        for node, closed, type_, kind in rows:
            yield NameHit(node, closed == SHUT, why, matched or _matched(type_, kind))

    def _inside(self, norm: str) -> Iterator[NameHit]:
        """Names that contain the text: the index narrows to those with all its bigrams, the name itself decides."""
        part = searchable(norm)
        if len(part) < SHORTEST_PART:
            return
        grams = " ".join(f'"{gram}"' for gram in bigrams(part).split())
        rows = self._db.execute(
            "SELECT name.n, name.closed, name.type, node.kind, name.norm FROM name_part "
            "JOIN name ON name.doc = name_part.rowid JOIN node ON node.n = name.n "
            "WHERE name_part MATCH ? ORDER BY name_part.rowid LIMIT ?",
            (grams, MOST_LOOKED_AT),
        )
        for node, closed, type_, kind, called in rows:
            if part in searchable(called):
                yield NameHit(node, closed == SHUT, "inside", _matched(type_, kind))


def _matched(type_: int, kind: int) -> str:
    return str(KIND_NAMES[kind]) if type_ == LABEL else MATCHED[type_]
