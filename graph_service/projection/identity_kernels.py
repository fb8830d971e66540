"""Compiled: which entity a relation means, by SAME_AS and time."""

import numpy as np

from graph_service.projection.arrays import Ints, Longs
from graph_service.projection.jit import inlined, kernel

MOST_STEPS = 8  # name -> registration number -> code, with room; a longer chain is a ring


@inlined
def _next(node: int, start: int, stop: int, firsts: Longs, reach: Ints) -> int:
    """First target of a node whose time overlaps start:stop; -1 for none. Rows of `reach`: target, from, to."""
    for k in range(firsts[node], firsts[node + 1]):
        if reach[1, k] < stop and start < reach[2, k]:
            return int(reach[0, k])
    return -1


@kernel
def followed(ends: Ints, starts: Ints, stops: Ints, firsts: Longs, reach: Ints) -> Ints:
    """The entity that each end means during its relation's interval."""
    out = ends.copy()
    for i in range(len(ends)):
        node = ends[i]
        for _ in range(MOST_STEPS):
            found = _next(node, starts[i], stops[i], firsts, reach)
            if found < 0:
                break
            node = found
        out[i] = node
    return out


@kernel
def canonical_on(day: int, firsts: Longs, reach: Ints) -> Ints:
    """The entity that answers of a day use for each node; an old id stays an alias also outside its time."""
    out = np.empty(len(firsts) - 1, np.int32)
    for i in range(len(out)):
        node = i
        for _ in range(MOST_STEPS):
            if firsts[node] == firsts[node + 1]:
                break
            found = _next(node, day, day + 1, firsts, reach)
            node = found if found >= 0 else reach[0, firsts[node + 1] - 1]
        out[i] = node
    return out
