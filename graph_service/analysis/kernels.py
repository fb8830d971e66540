"""Compiled: distances to the nearest chosen nodes, and the nearest chosen nodes of each start with their paths."""

import numpy as np

from graph_service.projection.arrays import Bytes, Flags, Floats, Ints, Longs, Smalls
from graph_service.projection.jit import inlined, kernel

FAR = 100  # further than every search goes
SEED, PAUSED = 1, 2  # what a node is to others: listed; listed, but its records are under objection
# Places in `bounds`: hops, targets kept, nodes visited at most, number of the kind `holds`, hubs kept.
HOPS, KEPT, LIMIT, HOLDING, HUBS = 0, 1, 2, 3, 4
# Columns of `counts`: targets kept, targets found, targets paused, step at which the limit was reached, hubs met.
N_KEPT, N_FOUND, N_PAUSED, CUT, N_HUBS = 0, 1, 2, 3, 4

Graph = tuple[
    Ints, Ints, Smalls, Floats, Longs, Longs, Ints
]  # subjects, objects, kinds, shares, outs, ins, in_edges
Found = tuple[
    Ints, Ints, Floats, Ints, Ints, Ints
]  # counts, targets, strengths, path nodes, path edges, hubs
Marks = tuple[Bytes, Flags, Smalls, Flags]  # role of each node, closed nodes, distance to a seed, used edges
Plan = tuple[Longs, Floats]  # bounds; strength by number of kind, the least one of a known share at place 0
Space = tuple[
    Ints, Ints, Ints, Ints, Ints, Floats
]  # place of each node; nodes, hops, parents, via, strengths


@inlined
def _edge_at(node: int, k: int, outs: Longs, ins: Longs, in_edges: Ints) -> int:
    """The k-th edge at a node, outgoing ones first."""
    out_count = outs[node + 1] - outs[node]
    return int(outs[node] + k if k < out_count else in_edges[ins[node] + k - out_count])


@kernel
def distances(sources: Flags, hops: int, used: Flags, graph: Graph) -> Smalls:
    """Relations from each node to the nearest source, whatever their direction, up to `hops`; FAR beyond."""
    subjects, objects, _, _, outs, ins, in_edges = graph
    out = np.full(len(sources), FAR, np.int8)
    frontier = np.flatnonzero(sources).astype(np.int32)
    for node in frontier:
        out[node] = 0
    for step in range(1, hops + 1):
        following, n = np.empty(len(frontier) * 2 + 1024, np.int32), 0
        for node in frontier:
            for k in range(outs[node + 1] - outs[node] + ins[node + 1] - ins[node]):
                e = _edge_at(int(node), k, outs, ins, in_edges)
                other = objects[e] if subjects[e] == node else subjects[e]
                if used[e] and out[other] == FAR:
                    out[other] = step
                    if n == len(following):
                        following = np.append(following, np.empty(n, np.int32))
                    following[n] = other
                    n += 1
        frontier = following[:n].copy()
    return out


@inlined
def _strength(e: int, kinds: Smalls, shares: Floats, strengths: Floats, holding: int) -> float:
    """Of one relation: a holding's known share between the least strength (place 0) and 1, else that of its kind."""
    if kinds[e] == holding and shares[e] >= 0.0:
        return float(min(max(shares[e], strengths[0]), 1.0))
    return float(strengths[kinds[e]])


@inlined
def _reach(other: int, e: int, at: int, value: float, out: tuple[Space, int]) -> bool:
    """Note a path to a node at one step more than `at`; whether the node is new.

    Of paths of one length the stronger stays, of equals the one over the smaller node, then the smaller edge.
    """
    (place, nodes, hops, parents, via, strengths), n = out
    seen = place[other]
    if seen < 0:
        place[other], nodes[n], hops[n] = n, other, hops[at] + 1
        parents[n], via[n], strengths[n] = at, e, value
        return True
    if hops[seen] == hops[at] + 1:
        old = (-strengths[seen], nodes[parents[seen]], via[seen])
        if (-value, nodes[at], e) < old:
            parents[seen], via[seen], strengths[seen] = at, e, value
    return False


@inlined
def _met(hub: int, i: int, found: Found, most: int) -> None:
    """Note a hub that is not crossed, once."""
    counts, hubs = found[0], found[5]
    for k in range(min(counts[i, N_HUBS], most)):
        if hubs[i, k] == hub:
            return
    if counts[i, N_HUBS] < most:
        hubs[i, counts[i, N_HUBS]] = hub
    counts[i, N_HUBS] += 1


@inlined
def _visit(at: int, n: int, i: int, plan: Plan, scene: tuple[Marks, Graph, Space, Found]) -> int:
    """Go along the relations of the visited node at place `at`; how many nodes are visited then."""
    bounds, weights = plan
    (roles, closed, near, used), graph, space, found = scene
    subjects, objects, kinds, shares, outs, ins, in_edges = graph
    node, step = space[1][at], space[2][at] + 1
    for k in range(outs[node + 1] - outs[node] + ins[node + 1] - ins[node]):
        e = _edge_at(node, k, outs, ins, in_edges)
        other = objects[e] if subjects[e] == node else subjects[e]
        if not used[e] or step + near[other] > bounds[HOPS]:
            continue
        if closed[other]:
            if step < bounds[HOPS] and space[0][other] != 0:
                _met(other, i, found, bounds[HUBS])
            if roles[other] == 0:
                continue
        if space[0][other] < 0 and n >= bounds[LIMIT]:
            found[0][i, CUT] = step if found[0][i, CUT] == 0 else found[0][i, CUT]
            continue
        value = space[5][at] * _strength(e, kinds, shares, weights, bounds[HOLDING])
        n += _reach(other, e, at, value, (space, n))
    return n


@inlined
def _search(i: int, start: int, plan: Plan, scene: tuple[Marks, Graph, Space, Found]) -> int:
    """Breadth first from `start` along relations that can still end at a seed; how many nodes were visited."""
    closed, space = scene[0][1], scene[2]
    place, nodes, hops, parents, via, strengths = space
    place[start], nodes[0], hops[0], parents[0], via[0], strengths[0] = 0, start, 0, -1, -1, 1.0
    n, at = 1, 0
    while at < n and hops[at] < plan[0][HOPS]:
        if at == 0 or not closed[nodes[at]]:
            n = _visit(at, n, i, plan, scene)
        at += 1
    return n


@inlined
def _keep(i: int, n: int, most: int, roles: Bytes, out: tuple[Space, Found]) -> None:
    """Of the visited nodes the nearest seeds, then the strongest, then the smallest, with their paths."""
    (_, nodes, hops, parents, via, strengths), found = out
    counts, targets, values, path_nodes, path_edges, _ = found
    chosen = np.empty(most + 1, np.int32)
    kept = 0
    for v in range(1, n):
        if roles[nodes[v]] == PAUSED:
            counts[i, N_PAUSED] += 1
        if roles[nodes[v]] != SEED:
            continue
        counts[i, N_FOUND] += 1
        j = kept
        while j > 0:
            u = chosen[j - 1]
            if (hops[u], -strengths[u], nodes[u]) <= (hops[v], -strengths[v], nodes[v]):
                break
            chosen[j] = u
            j -= 1
        chosen[j] = v
        kept = min(kept + 1, most)
    counts[i, N_KEPT] = kept
    for j in range(kept):
        v = chosen[j]
        targets[i, j], values[i, j] = nodes[v], strengths[v]
        for step in range(hops[v], 0, -1):
            path_nodes[i, j, step - 1], path_edges[i, j, step - 1] = nodes[v], via[v]
            v = parents[v]


@kernel
def nearest(starts: Ints, plan: Plan, marks: Marks, graph: Graph, out: tuple[Space, Found]) -> None:
    """Fill `found` (a row for each start) with the nearest seeds; `space[0]` is all -1 before and after."""
    space, found = out
    bounds, roles, near = plan[0], marks[0], marks[2]
    for i in range(len(starts)):
        start = starts[i]
        if roles[start] == 0 and near[start] > bounds[HOPS]:
            continue
        n = _search(i, start, plan, (marks, graph, space, found))
        _keep(i, n, bounds[KEPT], roles, out)
        for v in range(n):
            space[0][space[1][v]] = -1
