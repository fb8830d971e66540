"""Strong components of the holdings in an order in which each comes after all that it holds."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from graph_service.projection.arrays import Flags, Ints, Longs


@dataclass(frozen=True, slots=True)
class Components:
    """Components of the entities that are held and hold; the others are alone and above or below all.

    `place` of each entity's component in the order, -1 for an entity that is not both held and holding; the members
    of component p are members[firsts[p]:firsts[p+1]], ascending. `cyclic`: whether a component holds itself.
    """

    place: Ints
    firsts: Longs
    members: Ints
    cyclic: Flags


def components(held: Ints, holders: Ints, count: int) -> Components:
    """Components of the graph holder → held, those below first. Cost: linear; the strong components are scipy's.

    >>> found = components(np.array([1, 2, 3]), np.array([0, 1, 2]), 4)
    >>> found.place.tolist()
    [-1, 1, 0, -1]
    """
    is_held, is_holding = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    is_held[held], is_holding[holders] = True, True
    core = np.flatnonzero(is_held & is_holding).astype(np.int32)
    local = np.full(count, -1, np.int32)
    local[core] = np.arange(len(core), dtype=np.int32)
    inside = (local[held] >= 0) & (local[holders] >= 0)
    below, above = local[held[inside]], local[holders[inside]]
    shape = (len(core), len(core))
    graph = csr_array((np.ones(len(below), np.int8), (above, below)), shape=shape)
    number, labels = connected_components(graph, directed=True, connection="strong")
    order = _below_first(labels[below], labels[above], number)
    position = order[labels] if len(core) else np.zeros(0, np.int32)
    members = np.lexsort((core, position))
    firsts = np.zeros(number + 1, np.int64)
    np.cumsum(np.bincount(position, minlength=number), out=firsts[1:])
    cyclic = np.diff(firsts) > 1
    cyclic[position[below[below == above]]] = True
    place = np.full(count, -1, np.int32)
    place[core] = position
    return Components(place, firsts, core[members], cyclic)


def _below_first(below: Ints, above: Ints, number: int) -> Ints:
    """Position of each component, so that one comes after all that it holds; ties by their label."""
    from graph_service.analysis.ownership_kernels import layered  # noqa: PLC0415  (loads the compiler)

    apart = below != above
    below, above = below[apart], above[apart]
    grouped = np.argsort(below, kind="stable")
    firsts = np.zeros(number + 1, np.int64)
    np.cumsum(np.bincount(below, minlength=number), out=firsts[1:])
    waits = np.bincount(above, minlength=number).astype(np.int64)
    return layered(firsts, above[grouped].astype(np.int32), waits)
