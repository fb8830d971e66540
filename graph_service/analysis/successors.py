"""What a firm and the one that it may carry on (疑似承接经营) have in common: all that such a lead rests on.

Definition: persons with an office or a holding in both, addresses and contacts of both, neutral hubs left out: of the older
firm what was known by the day, of the newer one what holds on it. Cost: the relations of the two.
"""

import numpy as np

from graph_service.domain.facts import FactKind
from graph_service.projection.arrays import AnyArray
from graph_service.projection.graph import CsrGraph

REBORN = "reborn_from_listed"
COVERS = frozenset({"same_manager", "shares_address", "shares_contact"})  # what such a lead tells already
PEOPLE = (FactKind.HOLDS, FactKind.REPRESENTS, FactKind.MANAGES)
PLACES = ((FactKind.LOCATED_AT,), (FactKind.REACHED_AT,))


def in_common(graph: CsrGraph, day: int, newer: int, older: int) -> list[tuple[int, int]]:
    """A relation of the newer firm and one of the older for each thing in common: people, addresses, contacts.

    >>> from tests.graphs import DAY, in_common_of, shared_address
    >>> in_common_of(shared_address(2), "e:s1", "e:s0")
    ['a:yard']
    """
    e = graph.edges
    people = tuple(e.in_edges[int(e.ins[n]) : int(e.ins[n + 1])] for n in (newer, older))
    places = tuple(np.arange(int(e.outs[n]), int(e.outs[n + 1])) for n in (newer, older))
    found = _pairs(graph, day, people, PEOPLE)
    for kinds in PLACES:
        found += _pairs(graph, day, places, kinds)
    return found


def thing_of(graph: CsrGraph, edge: int) -> int:
    """What a relation of a firm joins it to: who holds or runs it, or where it is."""
    is_person = int(graph.edges.kinds[edge]) in [int(k) for k in PEOPLE]
    return int((graph.edges.subjects if is_person else graph.edges.objects)[edge])


def _pairs(
    graph: CsrGraph, day: int, rows: tuple[AnyArray, ...], kinds: tuple[FactKind, ...]
) -> list[tuple[int, int]]:
    """Per thing in common the relations of both firms by which it is that, holdings before offices."""
    e = graph.edges
    by_firm: list[dict[int, int]] = []
    for edges, is_open in zip(rows, (True, False), strict=True):
        keep = np.isin(e.kinds[edges], [int(k) for k in kinds]) & (e.valid_from[edges] <= day)
        keep &= (day < e.valid_to[edges]) | (not is_open)
        order = sorted(edges[keep].tolist(), key=lambda edge: (int(e.kinds[edge]), edge))
        by_firm.append({thing_of(graph, edge): edge for edge in reversed(order)})
    newer, older = by_firm
    shared = [t for t in sorted(newer) if t in older and graph.hub_reason(t, day) is None]
    return [(newer[t], older[t]) for t in shared]
