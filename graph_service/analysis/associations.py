"""Associations with listed entities; and of them the nearest around an enterprise, with the path that leads to each.

Definition: on a day, over current relations of the configured kinds in either direction, the listed entities within
`hops` relations of an enterprise. Of the shortest paths to one the strongest counts: strength is the product of its
relations' strengths. Neutral hubs are not crossed; those behind which a listed entity stands are named. Every finding
is a lead to check, never a statement about the enterprise. Source: breadth-first search; the strengths are in the
rules.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from graph_service.analysis.named_rules import CODES, NEAREST
from graph_service.analysis.scene import objected_records_on
from graph_service.domain.entities import EntityKind
from graph_service.domain.facts import FactKind
from graph_service.domain.findings import FindingClass
from graph_service.projection.arrays import (
    EVER,
    OPEN,
    AnyArray,
    Bytes,
    Flags,
    Floats,
    Ints,
    Longs,
    Smalls,
    ends,
    freeze,
)
from graph_service.projection.graph import CsrGraph

VERSION = "associations-3"
FINDING_CLASS = FindingClass.LEAD
KIND_ROOM = 64
CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class AssociationRules:
    """Which relations are a hop, how strong each is, how far to go and how much to keep.

    `least_share`: strength of a holding with a known share below it. `limit`: nodes visited for one enterprise.
    """

    strengths: Mapping[FactKind, float]
    hops: int
    least_share: float
    kept: int = 5
    limit: int = 5000
    hubs_kept: int = 8


@dataclass(frozen=True, slots=True)
class Associations:
    """Findings of q enterprises, f in all: those of enterprise i are rows firsts[i]:firsts[i+1], best first.

    `enterprises`, `targets`, `path_nodes`, `hubs` are places in the graph, `path_edges` places of edges. A path of h
    hops fills the first h columns (the last node is the target), the rest is -1; where control or interest joins the
    two, no edge stands there, and the first node is the holder between them, if there is one. `rules`: place in
    `named_rules.CODES`. `since`, `until`: days in which both relations of the path held. Per enterprise: `found` targets of
    which the best are kept, `paused` targets under objection, `cut` step at which the limit was reached (0: it was
    not), hubs not crossed hub_firsts[i]:hub_firsts[i+1] of `hubs_met`.
    """

    enterprises: Ints
    firsts: Longs
    targets: Ints
    rules: Smalls
    hops: Smalls
    strengths: Floats
    path_nodes: Ints
    path_edges: Ints
    since: Ints
    until: Ints
    found: Ints
    paused: Ints
    cut: Ints
    hubs_met: Ints
    hub_firsts: Longs
    hubs: Ints

    def row_of(self, enterprise: int) -> int | None:
        """Row of an enterprise's place; None when it is not among those asked for."""
        at = int(np.searchsorted(self.enterprises, enterprise))
        return at if at < len(self.enterprises) and self.enterprises[at] == enterprise else None

    def findings_of(self, enterprise: int) -> range:
        """Rows of the findings about an enterprise."""
        at = self.row_of(enterprise)
        return range(0) if at is None else range(int(self.firsts[at]), int(self.firsts[at + 1]))

    def hubs_of(self, enterprise: int) -> Ints:
        """Hubs around an enterprise that were not crossed."""
        at = self.row_of(enterprise)
        empty = self.hubs[:0]
        return empty if at is None else self.hubs[int(self.hub_firsts[at]) : int(self.hub_firsts[at + 1])]

    def enterprise_of_finding(self) -> Ints:
        """The enterprise of each finding."""
        return np.repeat(self.enterprises, np.diff(self.firsts))


def nearest_listed(
    graph: CsrGraph,
    rules: AssociationRules,
    day: int,
    enterprises: Ints | None = None,
    advance: Callable[[int], None] | None = None,
) -> Associations:
    """The nearest listed entities of enterprises (all of the graph when not given), on a day.

    `enterprises` ascending; `advance` is told how many are done. Threads take chunks; the result does not depend on
    their number. Cost: the relations within reach of a listed entity, twice.
    """
    asked = graph.of_kind(EntityKind.ENTERPRISE) if enterprises is None else enterprises
    search = _search(graph, rules, day)
    chunks = [asked[i : i + CHUNK] for i in range(0, len(asked), CHUNK)] or [asked]
    threads = 2 if len(chunks) > 1 else 1
    with ThreadPoolExecutor(threads) as pool:
        parts = []
        for part in pool.map(search.run, chunks):
            parts.append(part)
            if advance is not None:
                advance(len(part.enterprises))
    result = _joined(parts)
    freeze(result)
    return result


def roles_on(graph: CsrGraph, day: int) -> Bytes:
    """What each node is to others on a day: 1 listed, 2 listed only by records under objection, 0 neither."""
    roles = np.zeros(graph.node_count, np.uint8)
    roles[graph.nodes_with(objected_records_on(graph, day))] = 2
    roles[graph.nodes_with(graph.seeding_records_on(day))] = 1
    return roles


@dataclass(frozen=True, slots=True)
class _Search:
    """What all chunks share; each makes its own scratch."""

    rules: AssociationRules
    bounds: Longs
    marks: tuple[Bytes, Flags, Smalls, Flags]
    weights: Floats
    columns: tuple[Ints, Ints, Smalls, Floats, Longs, Longs, Ints]

    def run(self, starts: Ints) -> Associations:
        from graph_service.analysis import kernels  # noqa: PLC0415  (loads the compiler)

        rules, count = self.rules, len(starts)
        found = (
            np.zeros((count, 5), np.int32), np.full((count, rules.kept), -1, np.int32),
            np.zeros((count, rules.kept)), np.full((count, rules.kept, rules.hops), -1, np.int32),
            np.full((count, rules.kept, rules.hops), -1, np.int32),
            np.full((count, rules.hubs_kept), -1, np.int32),
        )  # fmt: skip
        kernels.nearest(starts, (self.bounds, self.weights), self.marks, self.columns, (self._space(), found))
        return _compact(starts, found)

    def _space(self) -> tuple[Ints, Ints, Ints, Ints, Ints, Floats]:
        room = self.rules.limit
        return (
            np.full(len(self.marks[0]), -1, np.int32), np.empty(room, np.int32), np.empty(room, np.int32),
            np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room),
        )  # fmt: skip


def _search(graph: CsrGraph, rules: AssociationRules, day: int) -> _Search:
    from graph_service.analysis import kernels  # noqa: PLC0415  (loads the compiler)

    e = graph.edges
    columns = (e.subjects, e.objects, e.kinds, e.shares, e.outs, e.ins, e.in_edges)
    used = graph.edges_on(day, tuple(rules.strengths))
    roles = roles_on(graph, day)
    near = kernels.distances(roles > 0, rules.hops, used, columns)
    weights = np.zeros(KIND_ROOM)
    for kind, strength in rules.strengths.items():
        weights[int(kind)] = strength
    weights[0] = rules.least_share
    bounds = np.array([rules.hops, rules.kept, rules.limit, int(FactKind.HOLDS), rules.hubs_kept], np.int64)
    return _Search(rules, bounds, (roles, graph.hubs_on(day), near, used), weights, columns)


def _compact(starts: Ints, found: Sequence[AnyArray]) -> Associations:
    """Rows of what was found, without the empty ones."""
    counts, targets, strengths, path_nodes, path_edges, hubs = found
    kept = np.arange(targets.shape[1]) < counts[:, :1]
    hub_counts = np.minimum(counts[:, 4], hubs.shape[1])
    met = np.arange(hubs.shape[1]) < hub_counts[:, None]
    nodes = path_nodes[kept]
    size = len(nodes)
    return Associations(
        starts, ends(counts[:, 0]), targets[kept], np.full(size, CODES.index(NEAREST), np.int8),
        (nodes >= 0).sum(axis=1).astype(np.int8), strengths[kept], nodes, path_edges[kept],
        np.full(size, EVER, np.int32), np.full(size, OPEN, np.int32), counts[:, 1].copy(), counts[:, 2].copy(), counts[:, 3].copy(),
        counts[:, 4].copy(), ends(hub_counts), hubs[met],
    )  # fmt: skip


def _joined(parts: Sequence[Associations]) -> Associations:
    def all_of(name: str) -> Ints:
        return np.concatenate([getattr(p, name) for p in parts])

    def offsets(name: str) -> Longs:
        return ends(np.concatenate([np.diff(getattr(p, name)) for p in parts]).astype(np.int32))

    return Associations(
        all_of("enterprises"), offsets("firsts"), all_of("targets"), all_of("rules").astype(np.int8),
        all_of("hops").astype(np.int8), all_of("strengths").astype(np.float64), all_of("path_nodes"),
        all_of("path_edges"), all_of("since"), all_of("until"), all_of("found"),
        all_of("paused"), all_of("cut"), all_of("hubs_met"), offsets("hub_firsts"), all_of("hubs"),
    )  # fmt: skip
