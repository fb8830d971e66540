"""How exposed an enterprise is to the listed ones, and the few paths that carry most of it, told with their facts."""

from graph_service.analysis.propagation import Carrier, Exposures, carriers
from graph_service.credit_graph.around import relation_items
from graph_service.credit_graph.in_snapshot import edge_facts
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import Naming
from graph_service.credit_graph.recording import standing_records
from graph_service.results import Exposure, ExposurePath, Sentence
from graph_service.snapshots import propagation_rules

SHOWN = 3
STATEMENT = Sentence(
    "关联暴露由随机游走推算，仅用于安排核查先后，不是概率，也不是对该主体的评价。",
    "Exposure is computed by a random walk and orders what to check first; it is no probability and no judgement of the entity.",
)
PENDING = Sentence(
    "所依据的记录在快照后已终止、撤销或提出异议，关联暴露待下次刷新后给出。",
    "A record that it rests on ended, was revoked or objected to since the snapshot; exposure follows with the next refresh.",
)


def exposure(moment: Moment, naming: Naming, place: int) -> Exposure | None:
    """The exposure of the enterprise at a place; None for what is no enterprise.

    Without a value where a record that it rests on by one of its main paths stands no more.
    """
    worked = moment.worked
    found = worked.results(Exposures)
    value = found.of(place)
    if value is None:
        return None
    rules = propagation_rules(moment.rules, worked.as_of)
    carried = carriers(worked.graph, found, rules, place, worked.as_of)
    if not all(_stands(moment, target) for target in {one.nodes[-1] for one in carried}):
        return Exposure(None, (), PENDING)
    paths = tuple(_path(moment, naming, one, value) for one in carried[:SHOWN])
    return Exposure(round(value, 9), paths, STATEMENT)


def _stands(moment: Moment, target: int) -> bool:
    entity = moment.view.canonical(moment.worked.graph.nodes.ids[target])
    return any(s.is_listed and s.seeds for s in standing_records(moment, entity))


def _path(moment: Moment, naming: Naming, carried: Carrier, value: float) -> ExposurePath:
    graph = moment.worked.graph
    facts = [fact for edge in carried.edges for fact in edge_facts(moment, graph, edge)]
    target = naming.ref(graph.nodes.ids[carried.nodes[-1]])
    steps = relation_items(moment, naming, facts)
    return ExposurePath(target, round(carried.amount / value, 6), len(carried.edges), steps)
