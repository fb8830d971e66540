"""What surrounds an entity."""

from collections.abc import Sequence

from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import Naming
from graph_service.credit_graph.recording import standing_records
from graph_service.credit_graph.telling import relation_item
from graph_service.credit_graph.walking import Plan, Walk, walk
from graph_service.domain.facts import Fact
from graph_service.results import Neighbour, Neighbours, RelationItem


def neighbours(moment: Moment, reference: str, plan: Plan) -> Neighbours:
    """Every entity within so many relations, nearest first, and the relations that lead to them."""
    view = moment.view
    start = view.find(reference)
    named = {view.canonical(hub.subject) for hub in view.hubs()}
    found = walk(view, start, plan, lambda node, relations: node in named or is_hub(moment, node, relations))
    naming = Naming(view)
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


def is_hub(moment: Moment, entity: str, relations: Sequence[Fact]) -> bool:
    """Whether the rules take an entity with these relations for a neutral hub."""
    return False


def _neighbour(moment: Moment, naming: Naming, found: Walk, entity: str) -> Neighbour:
    ref = naming.ref(entity)
    listed = any(r.is_listed for r in standing_records(moment, entity))
    return Neighbour(ref.id, ref.kind, ref.name, found.depths[entity], listed, entity in found.hubs)
