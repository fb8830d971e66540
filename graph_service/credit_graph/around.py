"""What surrounds an entity."""

from collections.abc import Sequence

from graph_service.credit_graph.in_snapshot import (
    cut_of,
    facts_of,
    led_along,
    place_of,
    ref_of,
    told_neighbours,
    walked,
)
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import Naming
from graph_service.credit_graph.recording import standing_records
from graph_service.credit_graph.telling import relation_item
from graph_service.credit_graph.walking import Plan, Walk, walk
from graph_service.domain.facts import Fact
from graph_service.projection import CsrGraph
from graph_service.results import Neighbour, Neighbours, RelationItem


def neighbours(moment: Moment, reference: str, plan: Plan) -> Neighbours:
    """Every entity within so many relations, nearest first, and the relations that lead to them.

    From the current snapshot's projection; at another moment, or without a snapshot, step by step over the store.
    """
    start = moment.view.find(reference)
    if moment.snapshot is not None:
        graph = moment.snapshot.graph
        place = place_of(graph, start)
        if place is not None:
            return _in_snapshot(moment, graph, place, plan)
    return _in_store(moment, start, plan)


def _in_snapshot(moment: Moment, graph: CsrGraph, place: int, plan: Plan) -> Neighbours:
    found = walked(graph, place, plan)
    facts = list(facts_of(moment, graph, led_along(graph, found, plan.depth)))
    return Neighbours(
        entity=ref_of(graph, place),
        depth=plan.depth,
        entities=told_neighbours(moment, graph, found),
        relations=relation_items(moment, Naming(moment.view), facts),
        truncated=cut_of(found, plan.limit),
        **moment.heading(),
    )


def _in_store(moment: Moment, start: str, plan: Plan) -> Neighbours:
    view = moment.view
    named = {view.canonical(hub.subject) for hub in view.hubs()}
    naming = Naming(view)
    found = walk(
        view, start, plan, lambda e, facts: e in named or hub_reason(moment, naming, e, facts) is not None
    )
    naming.read(found.depths)
    return Neighbours(
        entity=naming.ref(start),
        depth=plan.depth,
        entities=tuple(_neighbour(moment, naming, found, entity) for entity in found.depths),
        relations=relation_items(moment, naming, list(found.relations)),
        truncated=found.cut(plan.limit),
        **moment.heading(),
    )


def relation_items(moment: Moment, naming: Naming, facts: Sequence[Fact]) -> tuple[RelationItem, ...]:
    """Relations as answers show them, each with every delivery that still states it."""
    naming.read(e for f in facts for e in (f.subject, f.object))
    return tuple(relation_item(fact, naming) for fact in moment.view.evidence(facts))


def hub_reason(moment: Moment, naming: Naming, entity: str, relations: Sequence[Fact]) -> str | None:
    """Why the rules take an entity with these relations for a neutral hub; None when they do not."""
    profile = naming.profile(entity)
    others = {e for r in relations for e in (r.subject, r.object) if e != entity}
    found = moment.rules.hub_of(profile.id, profile.kind, profile.name, len(others))
    return None if found is None else f"{found.reason_zh} / {found.reason_en}"


def _neighbour(moment: Moment, naming: Naming, found: Walk, entity: str) -> Neighbour:
    ref = naming.ref(entity)
    listed = any(r.is_listed for r in standing_records(moment, entity))
    return Neighbour(ref.id, ref.kind, ref.name, found.depths[entity], listed, entity in found.hubs)
