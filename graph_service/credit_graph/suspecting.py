"""The suspected actual controller (疑似实际控制人): named rules in their order, each with how far to trust it."""

from collections.abc import Callable, Iterator

from graph_service.analysis.control import BASES, DERIVED, JOINT, Control
from graph_service.analysis.stakes import Stakes
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import Naming
from graph_service.domain.entities import EntityKind
from graph_service.domain.facts import FactKind
from graph_service.projection import CsrGraph
from graph_service.results import Sentence, Suspect

CONFIDENCE = "suspected_"  # codes of thresholds: this and the rule
Found = Iterator[tuple[int, str]]  # place, rule
WORDS = {
    "votes": Sentence(
        "控制过半数表决权，且无人控制其本身。",
        "controls more than half of the votes, and is controlled by nobody.",
    ),
    "agreement": Sentence("依协议控制。", "controls by an agreement."),
    "concert": Sentence(
        "与一致行动人合计控制过半数表决权。", "controls more than half of the votes with parties in concert."
    ),
    "principal": Sentence(
        "为个人独资企业、个体工商户、合伙企业的负责人或执行事务合伙人。",
        "is the principal or managing partner of a business without shares.",
    ),
    "joint": Sentence(
        "持有一半表决权，与另一持有一半者共同控制。",
        "has one half of the votes, jointly with the other half.",
    ),
    "largest": Sentence(
        "为持股三成以上的第一大股东，并任法定代表人；未过半数。",
        "is the largest holder with three tenths or more, and the representative; not more than half.",
    ),
}


def suspects(moment: Moment, naming: Naming, place: int) -> tuple[Suspect, ...]:
    """Those whom the first rule that names anybody names; natural persons and state bodies only."""
    ids = moment.worked.graph.nodes.ids
    for rule in RULES:
        found = list(dict.fromkeys(rule(moment, place)))
        if found:
            return tuple(
                Suspect(
                    naming.ref(ids[who]), code, moment.rules.threshold(CONFIDENCE + code).value, WORDS[code]
                )
                for who, code in found
            )
    return ()


def _is_end(graph: CsrGraph, place: int) -> bool:
    """Whether an entity can be an actual controller: a person, or an organisation that no firm stands behind."""
    return int(graph.nodes.kinds[place]) in {
        graph.kind_code(EntityKind.PERSON), graph.kind_code(EntityKind.ORGANIZATION),
    }  # fmt: skip


def _by_control(moment: Moment, place: int) -> Found:
    found, graph = moment.worked.results(Control), moment.worked.graph
    for r in found.of(place):
        if found.classes[r] == DERIVED and found.ultimate[r] and _is_end(graph, int(found.controllers[r])):
            yield int(found.controllers[r]), BASES[found.bases[r]]


def _principal(moment: Moment, place: int) -> Found:
    graph = moment.worked.graph
    if len(moment.worked.results(Stakes).of(place)):
        return
    for edge in _representing(graph, place, moment.worked.as_of):
        role = graph.words.roles[graph.edges.roles[edge]] if graph.edges.roles[edge] >= 0 else ""
        is_business = int(graph.nodes.kinds[place]) == graph.kind_code(EntityKind.INDIVIDUAL_BUSINESS)
        family = graph.words.types[graph.nodes.types[place]] if graph.nodes.types[place] >= 0 else ""
        if (
            role in {"principal", "managing_partner"}
            or is_business
            or family in {"sole_proprietorship", "partnership"}
        ):
            yield int(graph.edges.subjects[edge]), "principal"


def _joint(moment: Moment, place: int) -> Found:
    found, held = moment.worked.results(Control), moment.worked.results(Stakes)
    if found.notes[place] & JOINT:
        rows = sorted(held.of(place), key=lambda r: -held.votes[r])[:2]
        for r in rows:
            if _is_end(moment.worked.graph, int(held.holders[r])):
                yield int(held.holders[r]), "joint"


def _largest(moment: Moment, place: int) -> Found:
    graph, held = moment.worked.graph, moment.worked.results(Stakes)
    rows = sorted(held.of(place), key=lambda r: -held.votes[r])
    if not rows or (len(rows) > 1 and held.votes[rows[0]] <= held.votes[rows[1]]):
        return
    top = int(held.holders[rows[0]])
    leads = {int(graph.edges.subjects[e]) for e in _representing(graph, place, moment.worked.as_of)}
    if held.votes[rows[0]] >= moment.rules.threshold("suspected_least_votes").value - 1e-9 and top in leads:
        yield top, "largest"


def _representing(graph: CsrGraph, place: int, day: int) -> list[int]:
    e = graph.edges
    rows = e.in_edges[int(e.ins[place]) : int(e.ins[place + 1])].tolist()
    wanted = int(FactKind.REPRESENTS)
    return [i for i in rows if e.kinds[i] == wanted and e.valid_from[i] <= day < e.valid_to[i]]


RULES: tuple[Callable[[Moment, int], Found], ...] = (_by_control, _principal, _joint, _largest)
