"""Communities: entities that have more relations with each other than with the rest, over all kinds of relation.

Definition. On a day, over all relations without direction, several between two entities as one that weighs as much;
neutral hubs stand apart. A connected part of at most SMALL entities is one community; larger parts are divided by the
Leiden algorithm (modularity), seeded, so that the same graph gives the same communities. Who is joined to one entity only
belongs where that one does, as in every division of highest modularity, and is not asked. It is a view of how things
hang together and says nothing about who controls whom. Source: Traag, Waltman, van Eck (2019), Scientific Reports 9, 5233.
"""

import random
from dataclasses import dataclass

import numpy as np

from graph_service.projection.arrays import MISSING, Flags, Ints, Longs, freeze
from graph_service.projection.graph import CsrGraph

VERSION = "communities-1"
SMALL = 50
SEED = 1
ITERATIONS = 2


@dataclass(frozen=True, slots=True)
class Communities:
    """`numbers`: the community of each entity, MISSING for neutral hubs and who has no relation. `sizes`: entities of each.

    Communities are numbered by size, largest first, then by their first member. The members of community i are
    members[firsts[i]:firsts[i+1]], ascending.
    """

    numbers: Ints
    sizes: Ints
    firsts: Ints
    members: Ints

    def of(self, community: int) -> Ints:
        """Members of a community."""
        return self.members[int(self.firsts[community]) : int(self.firsts[community + 1])]


def communities(graph: CsrGraph, day: int) -> Communities:
    """All communities of a day. Cost: about 10 s for a million relations in large parts.

    >>> from tests.graphs import DAY, guarantee_ring, project, pyramid
    >>> found = communities(project([*guarantee_ring(), *pyramid()]), DAY)
    >>> found.sizes.tolist()
    [5, 4]
    """
    from scipy.sparse import coo_array  # noqa: PLC0415  (loads slowly)
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415  (the same)

    ends, weights = _joined(graph, day)
    count = graph.node_count
    matrix = coo_array((weights, (ends[0], ends[1])), (count, count)).tocsr()
    _, parts = connected_components(matrix, directed=False)
    labels = parts.astype(np.int64)
    related = np.zeros(count, np.bool_)
    related[ends[0]] = related[ends[1]] = True
    inside = np.flatnonzero((np.bincount(parts)[parts] > SMALL) & related)
    if len(inside):
        anchors = _anchors(ends, count)
        asked = inside[anchors[inside] == inside]
        labels[asked] = count + _divided(ends, weights, asked)
        labels[inside] = labels[anchors[inside]]
    result = _numbered(labels, related)
    freeze(result)
    return result


def _joined(graph: CsrGraph, day: int) -> tuple[tuple[Ints, Ints], Ints]:
    """Pairs of related entities, the smaller place first, and how many relations join them."""
    edges, hubs = graph.edges, graph.hubs_on(day)
    used = (
        graph.edges_on(day) & ~hubs[edges.subjects] & ~hubs[edges.objects] & (edges.subjects != edges.objects)
    )
    one, other = edges.subjects[used].astype(np.int64), edges.objects[used]
    keys, weights = np.unique(
        np.minimum(one, other) * graph.node_count + np.maximum(one, other), return_counts=True
    )
    low, high = np.divmod(keys, max(graph.node_count, 1))
    return (low.astype(np.int32), high.astype(np.int32)), weights.astype(np.int32)


def _anchors(ends: tuple[Ints, Ints], count: int) -> Ints:
    """The one neighbour of those that have only one; the entity itself for others."""
    degrees = np.bincount(ends[0], minlength=count) + np.bincount(ends[1], minlength=count)
    anchors = np.arange(count, dtype=np.int32)
    for one, other in (ends, ends[::-1]):
        leaf = (degrees[one] == 1) & (degrees[other] > 1)
        anchors[one[leaf]] = other[leaf]
    return anchors


def _divided(ends: tuple[Ints, Ints], weights: Ints, inside: Ints) -> Ints:
    """The Leiden community of each entity of the large parts."""
    import igraph  # noqa: PLC0415  (loads slowly)

    place = np.full(int(max(inside.max(), ends[0].max(), ends[1].max())) + 1, MISSING, np.int32)
    place[inside] = np.arange(len(inside), dtype=np.int32)
    kept = (place[ends[0]] != MISSING) & (place[ends[1]] != MISSING)
    pairs = np.column_stack([place[ends[0][kept]], place[ends[1][kept]]])
    network = igraph.Graph(n=len(inside), edges=pairs)
    igraph.set_random_number_generator(random.Random(SEED))  # noqa: S311  (no secret: the same every time)
    try:
        found = network.community_leiden(
            objective_function="modularity", weights=weights[kept].tolist(), n_iterations=ITERATIONS
        )
    finally:
        igraph.set_random_number_generator(random)
    return np.asarray(found.membership, np.int32)


def _numbered(labels: Longs, related: Flags) -> Communities:
    """Labels as numbers by size, then by first member."""
    chosen = np.flatnonzero(related).astype(np.int32)
    _, first, inverse, sizes = np.unique(
        labels[chosen], return_index=True, return_inverse=True, return_counts=True
    )
    order = np.lexsort((first, -sizes))
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    numbers = np.full(len(labels), MISSING, np.int32)
    numbers[chosen] = rank[inverse]
    firsts = np.r_[0, np.cumsum(sizes[order])].astype(np.int32)
    members = chosen[np.argsort(numbers[chosen], kind="stable")]
    return Communities(numbers, sizes[order].astype(np.int32), firsts, members)
