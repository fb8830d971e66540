"""Compiled: how many different neighbours a node has."""

import numpy as np

from graph_service.projection.arrays import Flags, Ints, Longs
from graph_service.projection.jit import kernel


@kernel
def distinct_neighbours(
    nodes: Ints, ends: tuple[Ints, Ints], offsets: tuple[Longs, Longs], in_edges: Ints, counted: Flags
) -> Ints:
    """Different nodes that the counted edges join to each of `nodes`; `ends`: subjects, objects."""
    subjects, objects = ends
    outs, ins = offsets
    result = np.zeros(len(nodes), np.int32)
    for i in range(len(nodes)):
        node = nodes[i]
        size = outs[node + 1] - outs[node] + ins[node + 1] - ins[node]
        found, n = np.empty(size, np.int32), 0
        for e in range(outs[node], outs[node + 1]):
            if counted[e]:
                found[n] = objects[e]
                n += 1
        for k in range(ins[node], ins[node + 1]):
            if counted[in_edges[k]]:
                found[n] = subjects[in_edges[k]]
                n += 1
        found = np.sort(found[:n])
        for k in range(n):
            result[i] += k == 0 or found[k] != found[k - 1]
    return result
