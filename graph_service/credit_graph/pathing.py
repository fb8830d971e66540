"""`paths`: how entities hang together, told with names and the facts of each step."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph_service.analysis.paths import Mode, Path, PathRules, Paths
from graph_service.analysis.paths import paths as search
from graph_service.credit_graph.around import relation_items
from graph_service.credit_graph.in_snapshot import edge_facts, place_of
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import Naming
from graph_service.domain.errors import WrongCall
from graph_service.domain.facts import RELATIONS, FactKind, label
from graph_service.domain.intervals import from_day
from graph_service.projection.arrays import Ints
from graph_service.results import Cut, LeftOut, PathItem, PathsAnswer, Sentence, none_found

MOST_ENDS = 50
NOTHING = Sentence("这些主体之间的关联路径", "paths between these entities")


@dataclass(frozen=True, slots=True)
class PathQuestion:
    """Between whom, and which paths: kinds (all when empty), most relations, most paths, least share of a holding."""

    sources: Sequence[str]
    targets: Sequence[str]
    mode: Mode = "shortest"
    kinds: tuple[FactKind, ...] = ()
    length: int = 6
    limit: int = 20
    least_share: float = 0.0
    through_hubs: bool = False


def paths(moment: Moment, question: PathQuestion) -> PathsAnswer:
    """The paths between two sets. Raises WrongCall for more than 50 on a side, UnknownEntity, AmbiguousEntity."""
    sources, targets = (_found(moment, ends) for ends in (question.sources, question.targets))
    worked, naming = moment.worked, Naming(moment.view)
    ends = _places(moment, sources), _places(moment, targets)
    found = search(worked.graph, ends, _rules(moment, question), worked.as_of)
    ids = worked.graph.nodes.ids
    naming.read({*sources, *targets, *(ids[n] for p in found.paths for n in p.nodes)})
    told = tuple(_told(moment, naming, path) for path in found.paths)
    return PathsAnswer(
        sources=tuple(map(naming.ref, sources)), targets=tuple(map(naming.ref, targets)), mode=question.mode,
        paths=told, hubs=_hubs(moment, naming, found), truncated=_cut(found, question),
        none_found=None if told else none_found(from_day(moment.judged_on), NOTHING), **moment.heading(),
    )  # fmt: skip


def _found(moment: Moment, references: Sequence[str]) -> list[str]:
    if not 1 <= len(references) <= MOST_ENDS:
        raise WrongCall(
            f"paths are searched between 1 and {MOST_ENDS} entities on each side, not {len(references)}."
        )
    return list(dict.fromkeys(moment.view.find(r) for r in references))


def _places(moment: Moment, entities: Sequence[str]) -> Ints:
    places = {p for e in entities if (p := place_of(moment.worked.graph, e)) is not None}
    return np.array(sorted(places), np.int32)


def _rules(moment: Moment, question: PathQuestion) -> PathRules:
    """Every kind asked for is a step; one that the rules give no strength counts little."""
    least = moment.rules.threshold("association_least_share").value
    kinds = question.kinds or RELATIONS
    strengths = {kind: moment.rules.strength(label(kind)) or least for kind in kinds}
    return PathRules(
        question.mode, strengths, least, question.length, question.limit, least_share=question.least_share,
        through_hubs=question.through_hubs,
    )  # fmt: skip


def _told(moment: Moment, naming: Naming, path: Path) -> PathItem:
    graph = moment.worked.graph
    entities = tuple(map(naming.ref, graph.nodes.ids.many(path.nodes)))
    facts = [fact for edge in path.edges for fact in edge_facts(moment, graph, edge)]
    return PathItem(
        entities[0],
        entities[-1],
        len(path.edges),
        round(path.strength, 6),
        entities,
        relation_items(moment, naming, facts),
    )


def _hubs(moment: Moment, naming: Naming, found: Paths) -> tuple[LeftOut, ...]:
    graph, day = moment.worked.graph, moment.worked.as_of
    refs = [(n, naming.ref(graph.nodes.ids[n])) for n in found.hubs]
    return tuple(LeftOut(ref.id, ref.kind, ref.name, graph.hub_reason(n, day) or "") for n, ref in refs)


def _cut(found: Paths, question: PathQuestion) -> Cut | None:
    if found.cut is None:
        return None
    limits = {
        "paths": question.limit,
        "visited": PathRules("all", {}).visited,
        "steps": PathRules("all", {}).steps,
    }
    return Cut(f"paths, {found.cut}", limits[found.cut])
