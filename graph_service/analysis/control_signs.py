"""Where the chains above an entity end: at the boundary of the data, at votes that nobody disclosed, or in two halves."""

import numpy as np

from graph_service.analysis.control_net import Network
from graph_service.analysis.stakes import Stakes
from graph_service.domain.entities import EntityKind
from graph_service.domain.facts import FactKind
from graph_service.projection.arrays import Flags, Ints, Smalls, filled
from graph_service.projection.graph import CsrGraph

BOUNDARY, UNDISCLOSED, JOINT = 1, 2, 4
OWNED = (EntityKind.ENTERPRISE, EntityKind.ORGANIZATION, EntityKind.INDIVIDUAL_BUSINESS)
Judged = tuple[float, frozenset[str], int]  # votes that rounding may lack, reasons of hubs by degree, day


def signs_of(
    graph: CsrGraph, stakes: Stakes, by: Judged, votes: tuple[Network, Ints], controlled: Ints
) -> Smalls:
    """Signs of every entity; a sign of someone above is one's own. `votes`: and the party that each holder belongs to."""
    from graph_service.analysis import control_kernels as kernels  # noqa: PLC0415  (loads the compiler)

    rounding, by_degree, day = by
    net, heads = votes
    signs = np.zeros(graph.node_count, np.int8)
    signs[unowned(graph, stakes, by_degree, day)] = BOUNDARY
    known = np.bincount(stakes.held, stakes.votes, graph.node_count)
    signs[filled(stakes.firsts) & (known < 1 - rounding)] |= UNDISCLOSED
    firsts, held, shares, is_unknown = net.arrays[:4]
    out = kernels.handed_down(signs, firsts, held, (shares > 0) | is_unknown)
    asked = filled(stakes.firsts)
    asked[controlled] = False
    out[kernels.halves(stakes.firsts, (stakes.holders, stakes.votes), heads, net.totals, asked)] |= JOINT
    return out


def unowned(graph: CsrGraph, stakes: Stakes, by_degree: frozenset[str], day: int) -> Flags:
    """Enterprises and organisations whose own owners are in no file of the day.

    Not state bodies and other named neutral hubs, where chains end by nature; not sole proprietorships and individual
    businesses whose principal is known, for the principal owns them.
    """
    out: Flags = np.zeros(graph.node_count, np.bool_)
    for kind in OWNED:
        out |= graph.nodes.kinds == graph.kind_code(kind)
    out &= ~filled(stakes.firsts)
    out &= graph.nodes.canonical == np.arange(graph.node_count)
    out &= ~(neutral(graph, by_degree, day) | _with_principal(graph, day))
    return out


def neutral(graph: CsrGraph, by_degree: frozenset[str], day: int) -> Flags:
    """Entities that the rules or an officer name as neutral hubs on a day, persons left out."""
    hubs = graph.hubs
    named = np.array([word not in by_degree for word in graph.words.hub_reasons], np.bool_)
    on = (hubs.valid_from <= day) & (day < hubs.valid_to)
    out = np.zeros(graph.node_count, np.bool_)
    if len(named):
        out[hubs.nodes[on & named[hubs.reasons]]] = True
    out &= graph.nodes.kinds != graph.kind_code(EntityKind.PERSON)
    return out


def is_principals_own(graph: CsrGraph) -> Flags:
    """Which entities belong by law to the person who is their principal."""
    words = graph.words.types
    out = np.asarray(graph.nodes.kinds == graph.kind_code(EntityKind.INDIVIDUAL_BUSINESS))
    for family in ("sole_proprietorship", "individual_business"):
        if family in words:
            out |= graph.nodes.types == words.index(family)
    return out


def _with_principal(graph: CsrGraph, day: int) -> Flags:
    out = np.zeros(graph.node_count, np.bool_)
    out[graph.edges.objects[graph.relations_on(day, FactKind.REPRESENTS)]] = True
    out &= is_principals_own(graph)
    return out
