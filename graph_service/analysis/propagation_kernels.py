"""Compiled: weights of relations, one round of the walk, and the paths that carry most of it."""

import numpy as np

from graph_service.domain.facts import FactKind
from graph_service.projection.arrays import Flags, Floats, Ints, Longs, Smalls
from graph_service.projection.jit import inlined, kernel

HOLDING = int(FactKind.HOLDS)
# Places in `bounds` of a search for paths: most relations, most partial paths, paths kept, day.
LONGEST, LOOKED_AT, KEPT, DAY = 0, 1, 2, 3

Columns = tuple[
    Ints, Ints, Smalls, Floats, Ints, Ints
]  # subjects, objects, kinds, shares, valid_from, valid_to
Offsets = tuple[Longs, Longs, Ints]  # outs, ins, in_edges
Plan = tuple[Longs, Floats, float]  # bounds, strength by kind, chance to go on
Walkers = tuple[Floats, Flags, Ints, Floats]  # scales, hubs, seeds, their starts
Heap = tuple[Floats, Ints]  # values, entries
Tree = tuple[Ints, Ints, Ints, Ints, Floats]  # node, parent, edge, relations so far, chance of the path


@inlined
def _weight(e: int, day: int, strengths: Floats, columns: Columns) -> float:
    """Of one relation on a day; 0 where it does not hold, is no step, or joins a thing with itself."""
    subjects, objects, kinds, shares, valid_from, valid_to = columns
    if valid_from[e] > day or day >= valid_to[e] or subjects[e] == objects[e]:
        return 0.0
    kind = kinds[e]
    if kind == HOLDING and shares[e] >= 0.0:
        return float(min(max(shares[e], strengths[0]), 1.0)) if strengths[kind] > 0 else 0.0
    return float(strengths[kind])


@inlined
def _is_alike(e: int, other: int, columns: Columns) -> bool:
    """Whether two relations have the same ends and kind."""
    return bool(
        columns[0][e] == columns[0][other]
        and columns[1][e] == columns[1][other]
        and columns[2][e] == columns[2][other]
    )


@inlined
def _together(one: float, other: float, kind: int) -> float:
    """Weight of two relations of one kind between the same two."""
    return min(one + other, 1.0) if kind == HOLDING else max(one, other)


@kernel
def edge_weights(day: int, strengths: Floats, columns: Columns) -> Floats:
    """Weight of each relation; of several of one kind between the same two all of it at the first that holds."""
    count, kinds = len(columns[0]), columns[2]
    out = np.zeros(count)
    first = -1
    for e in range(count):
        value = _weight(e, day, strengths, columns)
        if value <= 0.0:
            continue
        if first >= 0 and _is_alike(first, e, columns):
            out[first] = _together(out[first], value, kinds[e])
        else:
            first = e
            out[e] = value
    return out


@kernel
def leaving(weights: Floats, hubs: Flags, ends: tuple[Ints, Ints]) -> Floats:
    """Sum of the weights of all steps from each node."""
    subjects, objects = ends
    out = np.zeros(len(hubs))
    for e in range(len(weights)):
        if weights[e] > 0.0:
            if not hubs[objects[e]]:
                out[subjects[e]] += weights[e]
            if not hubs[subjects[e]]:
                out[objects[e]] += weights[e]
    return out


@kernel
def ties(weights: Floats, hubs: Flags, ends: tuple[Ints, Ints]) -> tuple[Longs, Ints, Floats]:
    """For each node that is no hub the nodes from which a step leads to it, with its weight: offsets, nodes, weights."""
    subjects, objects = ends
    firsts = np.zeros(len(hubs) + 1, np.int64)
    for e in range(len(weights)):
        if weights[e] > 0.0:
            for into in (subjects[e], objects[e]):
                if not hubs[into]:
                    firsts[into + 1] += 1
    for node in range(len(hubs)):
        firsts[node + 1] += firsts[node]
    at = firsts[:-1].copy()
    others, values = np.empty(firsts[-1], np.int32), np.empty(firsts[-1])
    for e in range(len(weights)):
        if weights[e] > 0.0:
            for into, other in ((subjects[e], objects[e]), (objects[e], subjects[e])):
                if not hubs[into]:
                    others[at[into]], values[at[into]] = other, weights[e]
                    at[into] += 1
    return firsts, others, values


@kernel
def pulled(
    rows: tuple[int, int],
    matrix: tuple[Longs, Ints, Floats],
    vectors: tuple[Floats, Floats, Floats],
    out: Floats,
) -> float:
    """One round for some rows: what starts there and what steps in; the sum of changes against the round before."""
    firsts, others, weights = matrix
    sent, starts, before = vectors
    change = 0.0
    for node in range(rows[0], rows[1]):
        total = starts[node]
        for k in range(firsts[node], firsts[node + 1]):
            total += weights[k] * sent[others[k]]
        out[node] = total
        change += abs(total - before[node])
    return change


@inlined
def _push(heap: Heap, size: int, value: float, entry: int) -> None:
    """Add an entry to a heap of `size`: greatest value on top, of equals the one added first."""
    values, entries = heap
    at = size
    while at > 0:
        above = (at - 1) // 2
        if values[above] > value or (values[above] == value and entries[above] < entry):
            break
        values[at], entries[at] = values[above], entries[above]
        at = above
    values[at], entries[at] = value, entry


@inlined
def _pop(heap: Heap, size: int) -> int:
    """Take the top entry from a heap of `size`."""
    values, entries = heap
    top, last = entries[0], size - 1
    value, entry = values[last], entries[last]
    at = 0
    while 2 * at + 1 < last:
        below = 2 * at + 1
        if below + 1 < last and (
            values[below + 1] > values[below]
            or (values[below + 1] == values[below] and entries[below + 1] < entries[below])
        ):
            below += 1
        if value > values[below] or (value == values[below] and entry < entries[below]):
            break
        values[at], entries[at] = values[below], entries[below]
        at = below
    values[at], entries[at] = value, entry
    return int(top)


@inlined
def _is_on(tree: Tree, entry: int, node: int) -> bool:
    """Whether a partial path already has the node."""
    while entry >= 0:
        if tree[0][entry] == node:
            return True
        entry = tree[1][entry]
    return False


@inlined
def _grow(
    at: int, size: tuple[int, int], plan: Plan, scene: tuple[Columns, Offsets, Walkers, Tree, Heap]
) -> tuple[int, int]:
    """Lengthen a partial path by every step that leads to its last node; entries, and entries on the heap, after."""
    columns, (outs, ins, in_edges), walkers, tree, heap = scene
    bounds, strengths, onward = plan
    n, on_heap = size
    node = tree[0][at]
    degree = outs[node + 1] - outs[node] + ins[node + 1] - ins[node]
    first, weight = -1, 0.0
    for k in range(degree + 1):
        e, value = -1, 0.0
        if k < degree:
            out_count = outs[node + 1] - outs[node]
            e = int(outs[node] + k if k < out_count else in_edges[ins[node] + k - out_count])
            value = _weight(e, bounds[DAY], strengths, columns)
            if value <= 0.0:
                continue
            if first >= 0 and _is_alike(first, e, columns):
                weight = _together(weight, value, columns[2][e])
                continue
        if first >= 0:
            other = columns[1][first] if columns[0][first] == node else columns[0][first]
            if not _is_on(tree, at, other) and n < len(tree[0]):
                chance = tree[4][at] * onward * weight * walkers[0][other]
                tree[0][n], tree[1][n], tree[2][n] = other, at, first
                tree[3][n], tree[4][n] = tree[3][at] + 1, chance
                _push(heap, on_heap, chance, n)
                n, on_heap = n + 1, on_heap + 1
        first, weight = e, value
    return n, on_heap


@inlined
def _start_of(node: int, walkers: Walkers) -> float:
    """What sets out from a node."""
    seeds, starts = walkers[2], walkers[3]
    at = np.searchsorted(seeds, node)
    return float(starts[at]) if at < len(seeds) and seeds[at] == node else 0.0


@kernel
def carriers(
    start: int, plan: Plan, columns: Columns, offsets: Offsets, walkers: Walkers
) -> tuple[Floats, Ints, Ints]:
    """What the paths that carry most carry, most first; their nodes from `start` to the listed one, and their edges.

    Partial paths are taken up likeliest first; none that is left can carry more than its own chance.
    """
    bounds, _, onward = plan
    room = bounds[LOOKED_AT] * 4
    tree = (
        np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int32),
        np.empty(room),
    )  # fmt: skip
    heap = np.empty(room + 1), np.empty(room + 1, np.int32)
    best, which, kept = np.zeros(bounds[KEPT]), np.full(bounds[KEPT], -1, np.int32), 0
    tree[0][0], tree[1][0], tree[2][0], tree[3][0], tree[4][0] = start, -1, -1, 0, 1.0
    _push(heap, 0, 1.0, 0)
    n, on_heap, taken = 1, 1, 0
    while on_heap > 0 and taken < bounds[LOOKED_AT]:
        at = _pop(heap, on_heap)
        on_heap, taken = on_heap - 1, taken + 1
        chance, node = tree[4][at], tree[0][at]
        if kept == bounds[KEPT] and (1 - onward) * chance <= best[kept - 1]:
            break
        amount = (1 - onward) * chance * _start_of(node, walkers) if at > 0 else 0.0
        if amount > 0.0:
            j = min(kept, bounds[KEPT] - 1)
            if kept < bounds[KEPT] or amount > best[j]:
                while j > 0 and best[j - 1] < amount:
                    best[j], which[j] = best[j - 1], which[j - 1]
                    j -= 1
                best[j], which[j] = amount, at
                kept = min(kept + 1, bounds[KEPT])
        if tree[3][at] < bounds[LONGEST] and not walkers[1][node]:
            n, on_heap = _grow(at, (n, on_heap), plan, (columns, offsets, walkers, tree, heap))
    nodes = np.full((kept, bounds[LONGEST] + 1), -1, np.int32)
    edges = np.full((kept, bounds[LONGEST]), -1, np.int32)
    for j in range(kept):
        entry = which[j]
        while entry >= 0:
            nodes[j, tree[3][entry]] = tree[0][entry]
            if tree[3][entry] > 0:
                edges[j, tree[3][entry] - 1] = tree[2][entry]
            entry = tree[1][entry]
    return best[:kept].copy(), nodes, edges
