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
from graph_service.snapshots import control_rules

SHARELESS = frozenset({"sole_proprietorship", "partnership", "individual_business"})
LEADING = frozenset({"chair", "executive_director", "董事长", "执行董事"})
TIE = 1e-9
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
        "为持有三成以上表决权的第一大股东，并任法定代表人、董事长或执行董事；未过半数。",
        "is the largest holder with three tenths of the votes or more, and representative, chair or executive director.",
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


def is_end(moment: Moment, place: int) -> bool:
    """Whether an entity can be an actual controller: a person, or a state body or other named neutral hub."""
    graph = moment.worked.graph
    if int(graph.nodes.kinds[place]) == graph.kind_code(EntityKind.PERSON):
        return True
    reason = graph.hub_reason(place, moment.worked.as_of)
    return reason is not None and reason not in control_rules(moment.rules).by_degree


def _by_control(moment: Moment, place: int) -> Found:
    """Ultimate controllers; of a business without shares the one who is its principal."""
    found = moment.worked.results(Control)
    for r in found.of(place):
        if found.classes[r] == DERIVED and found.ultimate[r]:
            top = int(found.controllers[r])
            if is_end(moment, top):
                yield top, BASES[found.bases[r]]
            else:
                yield from _principal(moment, top)


def _principal(moment: Moment, place: int) -> Found:
    """Who runs a business in which votes do not go by shares: its principal, operator, managing partner."""
    graph = moment.worked.graph
    is_business = int(graph.nodes.kinds[place]) == graph.kind_code(EntityKind.INDIVIDUAL_BUSINESS)
    family = graph.words.types[graph.nodes.types[place]] if graph.nodes.types[place] >= 0 else ""
    for edge in _related(moment, place, (FactKind.REPRESENTS,)):
        managing = _role(graph, edge) == "managing_partner"
        person = int(graph.edges.subjects[edge])
        if (managing or is_business or family in SHARELESS) and is_end(moment, person):
            yield person, "principal"


def _joint(moment: Moment, place: int) -> Found:
    found, held = moment.worked.results(Control), moment.worked.results(Stakes)
    if found.notes[place] & JOINT:
        rows = sorted(held.of(place), key=lambda r: (-held.votes[r], held.holders[r]))[:2]
        for r in rows:
            if is_end(moment, int(held.holders[r])):
                yield int(held.holders[r]), "joint"


def _largest(moment: Moment, place: int) -> Found:
    """The one largest holder, a person, with enough votes and in office: representative, chair, executive director."""
    graph, held = moment.worked.graph, moment.worked.results(Stakes)
    rows = sorted((r for r in held.of(place) if held.holders[r] != place), key=lambda r: -held.votes[r])
    if not rows or (len(rows) > 1 and held.votes[rows[0]] <= held.votes[rows[1]] + TIE):
        return
    top = int(held.holders[rows[0]])
    edges = _related(moment, place, (FactKind.REPRESENTS, FactKind.MANAGES))
    leads = {
        int(graph.edges.subjects[e])
        for e in edges
        if graph.edges.kinds[e] == int(FactKind.REPRESENTS) or _role(graph, e) in LEADING
    }
    least = moment.rules.threshold("suspected_least_votes").value - TIE
    if held.votes[rows[0]] >= least and top in leads and is_end(moment, top):
        yield top, "largest"


def _role(graph: CsrGraph, edge: int) -> str:
    return graph.words.roles[graph.edges.roles[edge]] if graph.edges.roles[edge] >= 0 else ""


def _related(moment: Moment, place: int, kinds: tuple[FactKind, ...]) -> list[int]:
    """Relations of these kinds into an entity, of the day."""
    e, day, wanted = moment.worked.graph.edges, moment.worked.as_of, {int(k) for k in kinds}
    rows = e.in_edges[int(e.ins[place]) : int(e.ins[place + 1])].tolist()
    return [i for i in rows if e.kinds[i] in wanted and e.valid_from[i] <= day < e.valid_to[i]]


# In a partnership, a sole proprietorship, an individual business votes do not go by shares: who runs it goes first.
RULES: tuple[Callable[[Moment, int], Found], ...] = (_principal, _by_control, _joint, _largest)
