"""Compiled: the order of relations, one source for each day, canonical ends."""

import numpy as np

from graph_service.projection.arrays import Floats, Ints, Longs, Shorts
from graph_service.projection.jit import inlined, kernel


@inlined
def _before(a: int, b: int, keys: Longs, spans: Longs, sizes: Floats) -> bool:
    if keys[a] != keys[b]:
        return bool(keys[a] < keys[b])
    for column in range(spans.shape[0]):
        if spans[column, a] != spans[column, b]:
            return bool(spans[column, a] < spans[column, b])
    for column in range(sizes.shape[0]):
        if sizes[column, a] != sizes[column, b]:
            return bool(sizes[column, a] < sizes[column, b])
    return a < b


@kernel
def sort_inside(order: Ints, starts: Longs, keys: Longs, spans: Longs, sizes: Floats) -> None:
    """Sort each owner's items in place by key, then by the rows of `spans`, then of `sizes`, then by place.

    Shell's sort: most owners have two items, the largest hubs some ten thousand.
    """
    for owner in range(len(starts) - 1):
        low, high = starts[owner], starts[owner + 1]
        gap = (high - low) // 2
        while gap > 0:
            for i in range(low + gap, high):
                item, j = order[i], i
                while j >= low + gap and _before(item, order[j - gap], keys, spans, sizes):
                    order[j] = order[j - gap]
                    j -= gap
                order[j] = item
            gap //= 2


@kernel
def group_ends(owners: Ints, keys: Longs, order: Ints) -> Ints:
    """For each place in `order` the place after the last item of its group (same owner, same key)."""
    out = np.empty(len(order), np.int32)
    end = len(order)
    for i in range(len(order) - 1, -1, -1):
        if i + 1 < len(order):
            a, b = order[i], order[i + 1]
            if owners[a] != owners[b] or keys[a] != keys[b]:
                end = i + 1
        out[i] = end
    return out


@kernel
def most_pieces(order: Ints, ends: Ints, sources: Shorts) -> int:
    """How many pieces `best_pieces` can yield at most."""
    total, i = 0, 0
    while i < len(order):
        size = ends[i] - i
        total += size if sources[order[i]] == sources[order[ends[i] - 1]] else size * size
        i = ends[i]
    return total


@inlined
def _piece_after(day: int, until: int, taken: tuple[Ints, Ints], low: int, high: int) -> tuple[int, int]:
    """First stretch from `day` on, before `until`, that no interval low:high covers; empty as (until, until)."""
    froms, tos = taken
    moved = True
    while moved and day < until:
        moved = False
        for k in range(low, high):
            if froms[k] <= day < tos[k]:
                day, moved = tos[k], True
    if day >= until:
        return until, until
    end = until
    for k in range(low, high):
        if day < froms[k] < end:
            end = froms[k]
    return day, end


@kernel
def best_pieces(order: Ints, ends: Ints, sources: Shorts, froms: Ints, tos: Ints) -> tuple[Ints, Ints, Ints]:
    """One source for each day of a relation: what a better-ranked one covers is cut from the others.

    `order` holds items by group and, inside, by source (best first). Yields item, from and to of each piece. All
    items of one source stand beside each other: two guarantees of one contract partner are two.
    """
    room = most_pieces(order, ends, sources)
    items, starts, stops = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int32)
    n, i, group = 0, 0, 0
    while i < len(order):
        if i == 0 or ends[i] != ends[i - 1]:
            group = n
        better = n
        source = sources[order[i]]
        last = ends[i]
        while i < last and sources[order[i]] == source:
            item = order[i]
            day, end = _piece_after(froms[item], tos[item], (starts, stops), group, better)
            while day < end:
                items[n], starts[n], stops[n] = item, day, end
                n += 1
                day, end = _piece_after(end, tos[item], (starts, stops), group, better)
            i += 1
    return items[:n].copy(), starts[:n].copy(), stops[:n].copy()
