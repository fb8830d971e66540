"""Compiled: which entities lie on a path of at most so many relations between two sets."""

import numpy as np

from graph_service.projection.arrays import Bytes, Flags, Floats, Ints, Longs, Smalls
from graph_service.projection.jit import inlined, kernel

# subjects, objects, kinds, shares, valid_from, valid_to, outs, ins, in_edges
Graph = tuple[Ints, Ints, Smalls, Floats, Ints, Ints, Longs, Longs, Ints]
Filter = tuple[Flags, int, float, Flags]  # kinds wanted, day, least share of a holding, entities not crossed
HOLDS = 10


@inlined
def is_used(e: int, graph: Graph, wanted: Filter) -> bool:
    """Whether a relation may be a step."""
    if not wanted[0][graph[2][e]] or graph[4][e] > wanted[1] or wanted[1] >= graph[5][e]:
        return False
    return bool(graph[2][e] != HOLDS or wanted[2] <= 0.0 or graph[3][e] >= wanted[2])


@inlined
def _level(
    frontier: Ints, depth: int, graph: Graph, wanted: Filter, found: tuple[Bytes, Bytes, int, int]
) -> tuple[Ints, int]:
    """The next entities; those at a place of `inside` beyond the length are left out. Also how many were visited."""
    near, inside, length, limit = found
    following, n = np.empty(1024, np.int32), 0
    for node in frontier:
        if depth > 1 and wanted[3][node]:
            continue
        out_count = graph[6][node + 1] - graph[6][node]
        for k in range(out_count + graph[7][node + 1] - graph[7][node]):
            e = graph[6][node] + k if k < out_count else graph[8][graph[7][node] + k - out_count]
            other = graph[1][e] if graph[0][e] == node else graph[0][e]
            if near[other] > 0 or not is_used(e, graph, wanted):
                continue
            if length > 0 and (inside[other] == 0 or inside[other] - 1 + depth > length):
                continue
            if n >= limit:
                return following[:n], -1
            near[other] = depth + 1
            if n == len(following):
                following = np.append(following, np.empty(n, np.int32))
            following[n] = other
            n += 1
    return following[:n], n


@inlined
def _ball(
    starts: Ints, bounds: tuple[int, int], graph: Graph, wanted: Filter, near: Bytes
) -> tuple[Ints, bool]:
    """Distances plus one of all within so many steps; the last level, and whether so many were visited that it ended."""
    depth, limit = bounds
    for node in starts:
        near[node] = 1
    frontier, seen = starts.copy(), len(starts)
    for step in range(1, depth + 1):
        frontier, n = _level(frontier, step, graph, wanted, (near, near, 0, limit - seen))
        seen += len(frontier)
        if n < 0:
            return frontier, True
        if n == 0:
            break
    return frontier, False


@kernel
def corridor(
    ends: tuple[Ints, Ints], length: int, graph: Graph, wanted: Filter, limit: int
) -> tuple[Bytes, Bytes, bool]:
    """Distances plus one from the sources, and to the targets where a path of the length can still end; was it cut.

    From the sources half of the way, from the targets the other half, then on within what the sources reached.
    """
    sources, targets = ends
    count = len(graph[6]) - 1
    from_source, to_target = np.zeros(count, np.uint8), np.zeros(count, np.uint8)
    half = (length + 1) // 2
    _, was_cut = _ball(sources, (half, limit), graph, wanted, from_source)
    frontier, is_cut = _ball(targets, (length - half, limit), graph, wanted, to_target)
    was_cut |= is_cut
    for step in range(length - half + 1, length + 1):
        frontier, n = _level(frontier, step, graph, wanted, (to_target, from_source, length, limit))
        was_cut |= n < 0
        if n <= 0:
            break
    return from_source, to_target, was_cut
