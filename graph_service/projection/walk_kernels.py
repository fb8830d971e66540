"""Compiled: the neighbourhood of a node, nearest first, cut at a limit."""

import numpy as np

from graph_service.projection.arrays import Flags, Ints, Longs, Smalls
from graph_service.projection.jit import inlined, kernel

# Rows of a walk's `bounds`: most hops, most nodes, day.
HOPS, LIMIT, DAY = 0, 1, 2


@inlined
def _slot(table: Ints, nodes: Ints, node: int) -> int:
    """Where a node stands in the table of seen nodes, or the free place where it would."""
    mask = len(table) - 1
    slot = (node * 2654435761) & mask
    while table[slot] >= 0 and nodes[table[slot]] != node:
        slot = (slot + 1) & mask
    return slot


@kernel
def walk(
    start: int,
    bounds: Longs,
    edges: tuple[Ints, Ints, Smalls, Ints, Ints],
    offsets: tuple[Longs, Longs, Ints],
    masks: tuple[Flags, Flags],
) -> tuple[Ints, Ints, Ints, int, int]:
    """Nodes around `start`, breadth first, whatever the direction of relations.

    `edges`: subjects, objects, kinds, valid_from, valid_to. `offsets`: outs, ins, in_edges. `masks`: wanted kinds by
    number; closed nodes, which are shown but not walked through. Yields nodes, hops, the edge that led to each (-1
    for the start), the step at which the limit was reached (0: it was not), and how many nodes more it saw there.
    """
    subjects, objects, kinds, valid_from, valid_to = edges
    outs, ins, in_edges = offsets
    wanted, closed = masks
    limit, day = bounds[LIMIT], bounds[DAY]
    size = 16
    while size < 4 * (limit + 1):
        size *= 2
    table = np.full(size, -1, np.int32)
    nodes, hops, via = (
        np.empty(limit + 1, np.int32),
        np.empty(limit + 1, np.int32),
        np.empty(limit + 1, np.int32),
    )
    nodes[0], hops[0], via[0] = start, 0, -1
    table[_slot(table, nodes, start)] = 0
    n, at, cut, beyond = 1, 0, 0, 0
    while at < n and hops[at] < bounds[HOPS]:
        node = nodes[at]
        if cut > 0 and hops[at] >= cut:
            break
        if at == 0 or not closed[node]:
            out_count = outs[node + 1] - outs[node]
            for k in range(out_count + ins[node + 1] - ins[node]):
                e = outs[node] + k if k < out_count else in_edges[ins[node] + k - out_count]
                if not wanted[kinds[e]] or valid_from[e] > day or day >= valid_to[e]:
                    continue
                other = objects[e] if k < out_count else subjects[e]
                slot = _slot(table, nodes, other)
                if table[slot] >= 0:
                    continue
                if n > limit:
                    cut, beyond = hops[at] + 1, beyond + 1
                    continue
                table[slot] = n
                nodes[n], hops[n], via[n] = other, hops[at] + 1, e
                n += 1
        at += 1
    return nodes[:n].copy(), hops[:n].copy(), via[:n].copy(), cut, beyond


@kernel
def edges_among(
    nodes: Ints, bounds: Longs, edges: tuple[Ints, Ints, Smalls, Ints, Ints], outs: Longs, wanted: Flags
) -> Ints:
    """Edges of wanted kinds between `nodes` (ascending) that hold on the day."""
    objects, kinds, valid_from, valid_to = edges[1], edges[2], edges[3], edges[4]
    found, n = np.empty(64, np.int32), 0
    for node in nodes:
        for e in range(outs[node], outs[node + 1]):
            if not wanted[kinds[e]] or valid_from[e] > bounds[DAY] or bounds[DAY] >= valid_to[e]:
                continue
            at = np.searchsorted(nodes, objects[e])
            if at < len(nodes) and nodes[at] == objects[e]:
                if n == len(found):
                    found = np.append(found, np.empty(n, np.int32))
                found[n] = e
                n += 1
    return found[:n].copy()
