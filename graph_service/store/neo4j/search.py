"""The search index of a server: the same ways to find an entity as in the embedded store, in the same order."""

from collections.abc import Iterator
from typing import Any

from graph_service.domain.entities import node_number
from graph_service.store.neo4j.connection import Server
from graph_service.store.places import begins_with_one, places_cut, places_spelled
from graph_service.store.sqlite.kinds import KIND_NAMES
from graph_service.store.sqlite.names import LABEL, MATCHED, SHUT, SORTS
from graph_service.store.sqlite.search import (
    FIRMS,
    HIGHEST,
    LEAST_LETTERS,
    LEAST_OF_PLACE,
    MOST_LOOKED_AT,
    SHORTEST_PART,
    SPELLINGS,
)
from graph_service.store.view import NameHit
from graph_service.text.bigrams import bigrams, searchable
from graph_service.text.normal import normalize_name

_PAGES = (60, 1_000, MOST_LOOKED_AT)
_RANGE = """
MATCH (x:Name) WHERE x.closed = $closed AND x.{column} >= $low AND x.{column} <= $high
RETURN x.number, x.closed, x.type, x.kind, x.norm ORDER BY x.{column}, x.number SKIP $skip LIMIT $limit
"""
_CODE = """
MATCH (e:Entity {number: $n}) OPTIONAL MATCH (x:Name {number: $n}) RETURN max(x.closed)
"""
_PART = """
MATCH (:CreditGraph)
CALL db.index.fulltext.queryNodes('name_parts', $text, {limit: $limit}) YIELD node AS x
RETURN x.number, x.closed, x.type, x.kind, x.norm, x.doc
"""
Row = list[Any]


class NameSearch:
    """Queries the index; yields hits best first, the same node perhaps several times."""

    def __init__(self, server: Server) -> None:
        self._server = server

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
            for (closed,) in self._server.read(_CODE, n=node):
                if self._server.read("MATCH (e:Entity {number: $n}) RETURN 1", n=node):
                    yield NameHit(node, closed == SHUT, "exact", "code")

    def _letters(self, norm: str) -> Iterator[NameHit]:
        for closed in FIRMS if len(norm) >= LEAST_OF_PLACE else ():
            for place in places_spelled(norm):
                yield from self._range("norm", (closed, place, place + HIGHEST), "prefix", "place")
        for column in SPELLINGS:
            for closed in FIRMS:
                yield from self._range(column, (closed, norm, norm + HIGHEST), "prefix", column)
        for places, rest in places_cut(norm):
            yield from self._with_place(places, rest)

    def _with_place(self, places: tuple[str, ...], rest: str) -> Iterator[NameHit]:
        for column in SPELLINGS:
            for closed in FIRMS:
                for row in self._rows(column, (closed, rest, rest + HIGHEST)):
                    if begins_with_one(row[4], places):
                        yield NameHit(row[0], row[1] == SHUT, "prefix", column)

    def _range(
        self, column: str, between: tuple[int, str, str], why: str, matched: str | None = None
    ) -> Iterator[NameHit]:
        for row in self._rows(column, between):
            yield NameHit(row[0], row[1] == SHUT, why, matched or _matched(row))

    def _rows(self, column: str, between: tuple[int, str, str]) -> Iterator[Row]:
        """Rows as they are asked for: a page that is not full is the last."""
        closed, low, high = between
        skip = 0
        for page in _PAGES:
            rows = self._server.read(
                _RANGE.format(column=column), closed=closed, low=low, high=high, skip=skip, limit=page - skip
            )
            yield from rows
            if len(rows) < page - skip:
                return
            skip = page

    def _inside(self, norm: str) -> Iterator[NameHit]:
        """Names that contain the text: the index narrows to those with all its bigrams, the name itself decides."""
        part = searchable(norm)
        if len(part) < SHORTEST_PART:
            return
        for closed in SORTS:
            terms = (f"§{closed}", *bigrams(part).split())
            text = " ".join(f'+"{_escaped(term)}"' for term in terms)
            for row in sorted(
                self._server.read(_PART, text=text, limit=MOST_LOOKED_AT), key=lambda r: int(r[5])
            ):
                if part in searchable(row[4]):
                    yield NameHit(row[0], row[1] == SHUT, "inside", _matched(row))


def _escaped(term: str) -> str:
    return term.replace("\\", "\\\\").replace('"', '\\"')


def _matched(row: Row) -> str:
    return str(KIND_NAMES[row[3]]) if row[2] == LABEL else MATCHED[row[2]]
