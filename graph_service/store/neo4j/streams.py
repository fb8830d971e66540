"""Facts and profiles of a whole store, read in pieces of bounded size, in the order of the embedded store."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from graph_service.domain.facts import Fact, FactKind
from graph_service.store.base import Profile
from graph_service.store.identity import Identity
from graph_service.store.neo4j.bulk import ROWS, STREAMS, in_order, parts, ranges
from graph_service.store.neo4j.connection import Server
from graph_service.store.profiles import Family, merged_profile

_FEW = ROWS // 2  # so many rows come in one question
_SAME = int(FactKind.SAME_AS)
_OF_RANGE = (
    "f.kind = $kind AND f.subject >= $low AND f.subject < $high AND f.key IS NOT NULL AND f.source = $src"
)
_LEFT = (
    f"MATCH (f:Fact) WHERE f.kind = {_SAME} AND f.subject >= $low AND f.subject < $high AND f.key IS NOT NULL "
    "AND #SEEN RETURN collect(DISTINCT f.subject)"
)
_MEANT = (
    f"MATCH (f:Fact) WHERE f.object >= $low AND f.object < $high AND f.kind = {_SAME} AND #SEEN "
    "RETURN collect(DISTINCT f.object)"
)
_SAID = "MATCH (f:Fact) WHERE f.kind IN $kinds AND f.subject >= $low AND f.subject < $high AND f.key IS NOT NULL AND #SEEN "
_ENTITIES = (
    "MATCH (e:Entity) WHERE e.number >= $low AND e.number < $high AND e.recorded_from <= $t "
    "RETURN e.number, e.id, e.kind, e.text ORDER BY e.number"
)
Row = list[Any]


@dataclass(frozen=True, slots=True)
class Streams:
    """Of one moment `t`. `seen`: the condition on `f`; `returned`: what a fact's row is; `order`: of rows."""

    server: Server
    t: int
    seen: str
    returned: str
    order: Callable[[Row], tuple[int, ...]]

    def rows(self, spoken: Sequence[tuple[int, int]], kinds: Sequence[int]) -> Iterator[Row]:
        """Rows of facts of these kinds by source, kind, subject; `spoken`: pairs of source and kind, ascending."""
        if self.server.read("MATCH (f:Fact) RETURN count(f)")[0][0] <= _FEW:
            query = f"MATCH (f:Fact) WHERE f.kind IN $kinds AND {self.seen} WITH f {self.returned}"
            yield from sorted(self.server.read(query, kinds=list(kinds), t=self.t), key=self.order)
            return
        query = f"MATCH (f:Fact) WHERE {_OF_RANGE} AND {self.seen} WITH f {self.returned}"
        of_kind: dict[int, list[tuple[int, int]]] = {}
        for kind, low, high in parts(self.server, kinds, "Fact"):
            of_kind.setdefault(kind, []).append((low, high))

        def read(part: tuple[int, int, int, int]) -> list[Row]:
            src, kind, low, high = part
            rows = self.server.read(query, src=src, kind=kind, low=low, high=high, t=self.t)
            return sorted(rows, key=self.order)

        asked = [(src, kind, *part) for src, kind in spoken for part in of_kind.get(kind, ())]
        with ThreadPoolExecutor(STREAMS) as pool:
            for rows in in_order(pool, read, asked):
                yield from rows

    def profiles(self, reading: "Reading") -> Iterator[Profile]:
        """The profile of each entity by its canonical id, ascending by node."""
        ((count,),) = self.server.read("MATCH (e:Entity) RETURN count(e)")
        for low, high in ranges(2 * count):
            yield from self._piece(reading, low, high)

    def _piece(self, reading: "Reading", low: int, high: int) -> Iterator[Profile]:
        at = {"low": low, "high": high, "t": self.t}
        entities = [row for row in self.server.read(_ENTITIES, **at) if reading.is_there(row[0])]
        ((left,),), ((meant,),) = (
            self.server.read(query.replace("#SEEN", self.seen), **at) for query in (_LEFT, _MEANT)
        )
        said: dict[int, list[Fact]] = {}
        query = f"{_SAID.replace('#SEEN', self.seen)} WITH f {self.returned}"
        for row in sorted(self.server.read(query, kinds=list(reading.saying), **at), key=self.order):
            said.setdefault(row[1], []).append(reading.fact(row))
        reading.expect({*left, *meant})
        left_, meant_ = set(left), set(meant)
        for node, id_, kind, label in entities:
            if node in left_ and reading.identity.canonical(node, reading.as_of) != node:
                continue
            ids, facts = [id_], said.get(node, [])
            if node in meant_:
                family = reading.identity.family(node)
                ids = [reading.id_of(n) for n in family]
                facts = [*facts, *(f for n in family[1:] for f in reading.facts_of(n))]
            yield merged_profile(Family(ids, kind, label), facts, reading.ranks, reading.as_of)


@dataclass(frozen=True, slots=True)
class Reading:
    """From where profiles are read: the day, and how the view reads single entities.

    `expect`: told which nodes will be asked for one by one. `is_there`: whether a visible fact names a node.
    """

    as_of: int
    saying: Sequence[int]
    identity: Identity
    ranks: Mapping[str, int]
    fact: Callable[[Row], Fact]
    id_of: Callable[[int], str]
    facts_of: Callable[[int], list[Fact]]
    expect: Callable[[set[int]], None]
    is_there: Callable[[int], bool]
