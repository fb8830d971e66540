"""How exposed an enterprise is to the listed ones, and the few paths that carry most of it, told with their facts."""

from graph_service.analysis.propagation import Carrier, Exposures, carriers
from graph_service.credit_graph.citing import Citing
from graph_service.results import Exposure, ExposurePath, Sentence

SHOWN = 3
STATEMENT = Sentence(
    "关联暴露由随机游走推算，仅用于安排核查先后，不是概率，也不是对该主体的评价。",
    "Exposure is computed by a random walk and orders what to check first; it is no probability and no judgement of the entity.",
)
PENDING = Sentence(
    "所依据的记录在快照后已终止、撤销或提出异议，关联暴露待下次刷新后给出。",
    "A record that it rests on ended, was revoked or objected to since the snapshot; exposure follows with the next refresh.",
)


def exposure(citing: Citing, place: int) -> Exposure | None:
    """The exposure of the enterprise at a place; None for what is no enterprise.

    Without a value where a record that it rests on by one of its main paths stands no more.
    """
    worked = citing.moment.worked
    found = worked.results(Exposures)
    value = found.of(place)
    if value is None:
        return None
    carried = carriers(worked.graph, found, place, worked.as_of)
    if not all(citing.seeds(_target(citing, one)) for one in carried):
        return Exposure(None, (), PENDING)
    paths = tuple(_path(citing, one, value) for one in carried[:SHOWN])
    return Exposure(round(value, 9), paths, STATEMENT)


def _target(citing: Citing, carried: Carrier) -> str:
    return citing.moment.view.canonical(citing.moment.worked.graph.nodes.ids[carried.nodes[-1]])


def _path(citing: Citing, carried: Carrier, value: float) -> ExposurePath:
    target = citing.naming.ref(_target(citing, carried))
    steps = citing.steps(carried.edges)
    return ExposurePath(target, round(carried.amount / value, 6), len(carried.edges), steps)
