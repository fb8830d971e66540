"""Answers from the current snapshot's projection: who stands around an entity, without asking the store node by node."""

from collections.abc import Iterator

import numpy as np

from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import shown_name
from graph_service.credit_graph.recording import standing_records
from graph_service.credit_graph.walking import Plan
from graph_service.domain.errors import UnknownEntity
from graph_service.domain.facts import Fact, FactKind
from graph_service.projection import EVER, CsrGraph
from graph_service.projection.arrays import Ints
from graph_service.projection.walking import Neighbourhood, Walk, neighbourhood
from graph_service.results import Cut, EntityRef, Neighbour


def place_of(graph: CsrGraph, entity: str) -> int | None:
    """Place of an entity in the graph; None when no relation or record of the snapshot names it."""
    try:
        return graph.place(entity)
    except UnknownEntity:
        return None


def ref_of(graph: CsrGraph, place: int) -> EntityRef:
    """An entity as others name it, by the label that the projection keeps."""
    id_, kind = graph.nodes.ids[place], graph.words.node_kinds[graph.nodes.kinds[place]]
    return EntityRef(id_, kind, shown_name(kind, id_, graph.nodes.labels[place] or None))


def walked(graph: CsrGraph, place: int, plan: Plan) -> Neighbourhood:
    """The neighbourhood of a place as far as the plan goes, on the day of the snapshot."""
    return neighbourhood(graph, place, Walk(plan.depth, graph.moment.as_of, plan.limit, plan.kinds))


def told_neighbours(moment: Moment, graph: CsrGraph, found: Neighbourhood) -> tuple[Neighbour, ...]:
    """The entities of a neighbourhood, nearest first; whether each is listed is judged by what is known now."""
    hubs = set(found.hubs.tolist())
    return tuple(
        Neighbour(ref.id, ref.kind, ref.name, hops, _is_listed(moment, graph, place), place in hubs)
        for place, hops in zip(found.nodes.tolist(), found.hops.tolist(), strict=True)
        for ref in (ref_of(graph, place),)
    )


def _is_listed(moment: Moment, graph: CsrGraph, place: int) -> bool:
    """Only who had a record of a listed kind is looked up: no record is older than its delivery."""
    records = graph.records_of(place)
    if not graph.records.listed[records.start : records.stop].any():
        return False
    return any(r.is_listed for r in standing_records(moment, graph.nodes.ids[place]))


def led_along(graph: CsrGraph, found: Neighbourhood, depth: int) -> Ints:
    """Edges of a neighbourhood that its walk went along or saw: one end at least was walked through."""
    edges = graph.edges
    through = np.zeros(graph.node_count, np.bool_)
    through[found.nodes[found.hops < depth]] = True
    through[found.hubs] = False
    return found.edges[through[edges.subjects[found.edges]] | through[edges.objects[found.edges]]]


def facts_of(moment: Moment, graph: CsrGraph, chosen: Ints) -> Iterator[Fact]:
    """The facts that edges state, in their order."""
    for edge in chosen.tolist():
        yield from edge_facts(moment, graph, edge)


def edge_facts(moment: Moment, graph: CsrGraph, edge: int) -> list[Fact]:
    """The fact that an edge states, as the store holds it."""
    edges, ids = graph.edges, graph.nodes.ids
    ends = ids[int(edges.subjects[edge])], ids[int(edges.objects[edge])]
    facts = moment.view.facts_between(*ends, (FactKind(int(edges.kinds[edge])),))
    start = int(edges.valid_from[edge])
    source = graph.words.sources[edges.sources[edge]] if edges.sources[edge] >= 0 else None
    role = graph.words.roles[edges.roles[edge]] if edges.roles[edge] >= 0 else None
    sizes = edges.shares[edge], edges.votes[edge], edges.amounts[edge]
    facts.sort(
        key=lambda f: (
            f.source != source,
            f.role != role,
            (EVER if f.valid_from is None else f.valid_from) != start,
            not all(map(_is_size, (f.share, f.votes, f.amount), sizes)),
        )
    )
    return facts[:1]


def _is_size(stated: float | None, held: float) -> bool:
    """Whether a fact's size is the one that an edge holds (no number for none): tells parallel relations apart."""
    return bool(np.isnan(held)) if stated is None else stated == held


def facts_on(moment: Moment, one: str, other: str, kinds: tuple[FactKind, ...]) -> list[Fact]:
    """What holds from one entity to another on the day of the moment, of these kinds."""
    found = moment.view.facts_between(one, other, kinds)
    return [fact for fact in found if fact.is_valid_on(moment.worked.as_of)]


def cut_of(found: Neighbourhood, limit: int) -> Cut | None:
    """Where the limit was reached."""
    return Cut(f"neighbours, step {found.cut_at}", limit, limit + found.beyond) if found.truncated else None
