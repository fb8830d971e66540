"""Paths between two sets of entities: shortest, strongest, or all up to a length.

Definition. A path passes no entity twice and walks relations that hold on the day in either direction; between two entities
it takes the strongest relation. Its strength is the product of its relations' strengths, a holding's the share. Neutral
hubs are not passed through, unless asked; as ends they are. Shortest: all of the least number of relations; strongest: the
k of most strength up to a length; all: every one up to a length. Source: best-first search; the corridor by bidirectional
breadth-first search.
"""

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from graph_service.domain.facts import FactKind
from graph_service.projection.arrays import Bytes, Flags, Floats, Ints
from graph_service.projection.graph import CsrGraph
from graph_service.projection.walking import kind_mask

Mode = Literal["shortest", "strongest", "all"]
KINDS = 64


@dataclass(frozen=True, slots=True)
class PathRules:
    """What paths are searched by.

    `strengths`: of each kind that may be a step; `least_strength`: of a holding with a known share; `length`: most relations;
    `limit`: most paths; `visited`: most entities on either side; `steps`: most beginnings of paths looked at;
    `least_share`: of a holding that may be a step (0: any, unknown ones too).
    """

    mode: Mode
    strengths: Mapping[FactKind, float]
    least_strength: float = 0.01
    length: int = 6
    limit: int = 20
    visited: int = 200_000
    steps: int = 100_000
    least_share: float = 0.0
    through_hubs: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """Places of entities and, one fewer, of the relations between them."""

    nodes: tuple[int, ...]
    edges: tuple[int, ...]
    strength: float


@dataclass(frozen=True, slots=True)
class Paths:
    """Paths, shortest first, then strongest; by strength where that was asked.

    `cut`: the limit that was reached: paths, visited, steps; None. `hubs`: neutral hubs not passed through.
    """

    paths: tuple[Path, ...]
    cut: str | None
    hubs: tuple[int, ...]


def paths(graph: CsrGraph, ends: tuple[Ints, Ints], rules: PathRules, day: int) -> Paths:
    """Paths from any source to any target (places of both) that is not that source.

    >>> from tests.graphs import DAY, project, pyramid
    >>> graph = project(pyramid())
    >>> ends = tuple(np.array([graph.place(e)], np.int32) for e in ("p:boss", "e:d"))
    >>> found = paths(graph, ends, PathRules("strongest", {FactKind.HOLDS: 0.25}), DAY)
    >>> [(round(p.strength, 2), [graph.nodes.ids[n] for n in p.nodes]) for p in found.paths][0]
    (0.3, ['p:boss', 'e:a', 'e:b', 'e:d'])
    """
    search = _Search.of(graph, ends, rules, day)
    found = sorted(search.found(), key=lambda p: (len(p.edges), -p.strength, p.nodes))
    if rules.mode == "strongest":
        found.sort(key=lambda p: (-p.strength, len(p.edges), p.nodes))
    return Paths(tuple(found), search.cut, search.hubs())


@dataclass(slots=True)
class _Search:
    graph: CsrGraph
    ends: tuple[Ints, Ints]
    rules: PathRules
    day: int
    closed: Flags
    weights: Floats
    near: tuple[Bytes, Bytes]
    cut: str | None

    @classmethod
    def of(cls, graph: CsrGraph, ends: tuple[Ints, Ints], rules: PathRules, day: int) -> "_Search":
        from graph_service.analysis import paths_kernels  # noqa: PLC0415  (loads the compiler)

        closed = np.zeros(graph.node_count, np.bool_) if rules.through_hubs else graph.hubs_on(day)
        closed.flags.writeable = False
        e = graph.edges
        columns = (
            e.subjects,
            e.objects,
            e.kinds,
            e.shares,
            e.valid_from,
            e.valid_to,
            e.outs,
            e.ins,
            e.in_edges,
        )
        wanted = (kind_mask(tuple(rules.strengths)), day, rules.least_share, closed)
        source, target, was_cut = paths_kernels.corridor(ends, rules.length, columns, wanted, rules.visited)
        weights = np.zeros(KINDS)
        for kind, strength in rules.strengths.items():
            weights[int(kind)] = strength
        return cls(graph, ends, rules, day, closed, weights, (source, target), "visited" if was_cut else None)

    def found(self) -> list[Path]:
        out: list[Path] = []
        length = self._length()
        for path in self._by_strength(length) if self.rules.mode == "strongest" else self._in_depth(length):
            if len(out) == self.rules.limit:
                self.cut = "paths"
                break
            out.append(path)
        return out

    def _length(self) -> int:
        """The most relations of a path: of shortest ones the least that any pair needs."""
        if self.rules.mode != "shortest":
            return self.rules.length
        apart = [int(self.near[1][s]) - 1 for s in self.ends[0] if self.near[1][s] > 1]
        within = [int(self.near[0][t]) - 1 for t in self.ends[1] if self.near[0][t] > 1]
        return min([*apart, *within], default=0)

    def _steps(self, node: int, left: int) -> list[tuple[int, int, float]]:
        """Neighbours from which a target is within `left` relations: place, strongest relation, its strength."""
        e, target = self.graph.edges, self.near[1]
        rows = np.concatenate(
            [np.arange(e.outs[node], e.outs[node + 1]), e.in_edges[e.ins[node] : e.ins[node + 1]]]
        )
        others = np.where(e.subjects[rows] == node, e.objects[rows], e.subjects[rows])
        keep = (target[others] > 0) & (target[others] <= left + 1) & self._used(rows)
        rows, others = rows[keep], others[keep]
        values = self._values(rows)
        order = np.lexsort((rows, -values, others))
        _, first = np.unique(others[order], return_index=True)
        best = order[first]
        return list(zip(others[best].tolist(), rows[best].tolist(), values[best].tolist(), strict=True))

    def _used(self, rows: Ints) -> Flags:
        e, rules = self.graph.edges, self.rules
        held = (
            (e.valid_from[rows] <= self.day)
            & (self.day < e.valid_to[rows])
            & (self.weights[e.kinds[rows]] > 0)
        )
        if rules.least_share > 0:
            held &= (e.kinds[rows] != int(FactKind.HOLDS)) | (e.shares[rows] >= rules.least_share)
        return np.asarray(held)

    def _values(self, rows: Ints) -> Floats:
        e = self.graph.edges
        values = self.weights[e.kinds[rows]]
        known = (e.kinds[rows] == int(FactKind.HOLDS)) & (e.shares[rows] >= 0)
        return np.where(known, np.clip(e.shares[rows], self.rules.least_strength, 1.0), values)

    def _in_depth(self, length: int) -> Iterator[Path]:
        """Every path up to a length, in the order of places."""
        targets, looked = set(self.ends[1].tolist()), 0
        for source in sorted(self.ends[0].tolist()):
            stack: list[Path] = [Path((source,), (), 1.0)]
            while stack:
                path = stack.pop()
                if path.nodes[-1] in targets and path.edges:
                    yield path
                looked += 1
                if looked > self.rules.steps:
                    self.cut = "steps"
                    return
                stack += self._longer(path, length)[::-1]

    def _by_strength(self, length: int) -> Iterator[Path]:
        """Paths in the order of their strength: it only falls along a path."""
        targets, looked = set(self.ends[1].tolist()), 0
        heap = [(-1.0, (source,), (), False) for source in sorted(self.ends[0].tolist())]
        while heap:
            strength, nodes, edges, is_whole = heapq.heappop(heap)
            path = Path(nodes, edges, -strength)
            if is_whole:
                yield path
                continue
            looked += 1
            if looked > self.rules.steps:
                self.cut = "steps"
                return
            for longer in self._longer(path, length):
                entry = (-longer.strength, longer.nodes, longer.edges)
                heapq.heappush(heap, (*entry, False))  # type: ignore[misc]
                if longer.nodes[-1] in targets:
                    heapq.heappush(heap, (*entry, True))  # type: ignore[misc]

    def _longer(self, path: Path, length: int) -> list[Path]:
        """Paths with one more relation from which a target can still be reached."""
        node, left = path.nodes[-1], length - len(path.edges)
        if left == 0 or (path.edges and self.closed[node]):
            return []
        return [
            Path((*path.nodes, other), (*path.edges, edge), path.strength * value)
            for other, edge, value in self._steps(node, left - 1)
            if other not in path.nodes
        ]

    def hubs(self) -> tuple[int, ...]:
        """Neutral hubs that both sides came to, and that were not passed through."""
        ends = set(self.ends[0].tolist()) | set(self.ends[1].tolist())
        met = np.flatnonzero(self.closed & (self.near[0] > 0) & (self.near[1] > 0))
        return tuple(n for n in met.tolist() if n not in ends)[:20]
