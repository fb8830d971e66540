"""The neighbourhood of an entity in a `CsrGraph`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph_service.domain.facts import RELATIONS, FactKind
from graph_service.projection.arrays import Flags, Ints
from graph_service.projection.graph import CsrGraph

KIND_ROOM = 64  # relation kinds are numbers below this


@dataclass(frozen=True, slots=True)
class Walk:
    """How far to walk: `hops` relations of `kinds` (all when empty) that hold on `day`.

    `limit`: most nodes besides the start. Hubs are crossed only with `through_hubs`.
    """

    hops: int
    day: int
    limit: int = 2000
    kinds: tuple[FactKind, ...] = ()
    through_hubs: bool = False


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Nodes nearest first with their hops, the edge that first led to each (-1: the start), and all edges among them.

    `cut_at`: the step at which the limit was reached (0: it was not); `beyond`: relations seen there to nodes left
    out; `hubs`: nodes that were not walked through.
    """

    nodes: Ints
    hops: Ints
    via: Ints
    edges: Ints
    hubs: Ints
    cut_at: int
    beyond: int

    @property
    def truncated(self) -> bool:
        """Whether the limit left something out."""
        return self.cut_at > 0


def neighbourhood(graph: CsrGraph, start: int, walk: Walk, hubs: Flags | None = None) -> Neighbourhood:
    """Everything within so many relations of a place, nearest first, ties in the order of the edges.

    `hubs`: mask of hubs on the day, where the caller keeps it. Cost: the edges of the nodes that are walked through.
    """
    from graph_service.projection import walk_kernels  # noqa: PLC0415  (loads the compiler)

    closed = graph.hubs_on(walk.day) if hubs is None else hubs
    blocked = np.zeros(graph.node_count, np.bool_) if walk.through_hubs else closed
    wanted = kind_mask(walk.kinds or RELATIONS)
    bounds = np.array([walk.hops, walk.limit, walk.day], np.int64)
    e = graph.edges
    columns = (e.subjects, e.objects, e.kinds, e.valid_from, e.valid_to)
    nodes, hops, via, cut, beyond = walk_kernels.walk(
        start, bounds, columns, (e.outs, e.ins, e.in_edges), (wanted, blocked)
    )
    among = walk_kernels.edges_among(np.sort(nodes), bounds, columns, e.outs, wanted)
    stopped = nodes[1:][blocked[nodes[1:]] & (hops[1:] < walk.hops)]
    return Neighbourhood(nodes, hops, via, among, stopped, cut, beyond)


def kind_mask(kinds: Sequence[FactKind]) -> Flags:
    """Which kind numbers are wanted; read-only, like every mask that kernels take."""
    mask = np.zeros(KIND_ROOM, np.bool_)
    mask[[int(k) for k in kinds]] = True
    mask.flags.writeable = False
    return mask
