"""Block 法定任职事项: what law ties to an office, each for an authority to verify; nobody is barred by this answer.

- `debtor_in_office`: the applicant himself is a listed judgment debtor (公司法 178(5), 数额较大 to be verified);
- `revoked_representative`: he represented an enterprise when its licence was revoked, within three years (178(4), personal
  responsibility to be verified);
- `measure_reaches`: a measure against an enterprise may reach its representative or actual controller by its own text
  (`reaches` of the record's kind in the rules, and of a measure that the kind implies).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from graph_service.analysis.control import DERIVED, Control
from graph_service.credit_graph.around import relation_items
from graph_service.credit_graph.control_chains import chain
from graph_service.credit_graph.in_snapshot import edge_facts, place_of
from graph_service.credit_graph.listed import record_items
from graph_service.credit_graph.owning import holding_facts
from graph_service.credit_graph.prechecks.applicants import Known
from graph_service.credit_graph.prechecks.desk import Desk
from graph_service.credit_graph.recording import Standing
from graph_service.domain.facts import Fact, FactKind
from graph_service.domain.findings import FindingClass
from graph_service.results import OfficeMatter, Sentence
from graph_service.rules.model import RecordKind

DEBTOR = "dishonest_judgment_debtor"
REPRESENTATIVE, CONTROLLER = "legal_representative", "actual_controller"
ROLES = {
    REPRESENTATIVE: Sentence("法定代表人或负责人", "representative"),
    CONTROLLER: Sentence("控制人（表决权口径推算）", "controller by votes (computed)"),
}


def office_matters(desk: Desk, one: Known) -> Iterator[OfficeMatter]:
    """The matters of one applicant; of a mere holder only what reaches him by a measure."""
    if one.entity is None:
        return
    if one.takes_office:
        yield from _debtor(desk, one, one.entity)
        yield from _revoked(desk, one, one.entity)
    yield from _reached(desk, one, one.entity)


def _debtor(desk: Desk, one: Known, entity: str) -> Iterator[OfficeMatter]:
    standing = [s for s in desk.standing(entity) if s.kind == DEBTOR]
    if standing:
        records = record_items(desk.moment, entity, desk.citing.naming, standing)
        yield replace(_by_rule(desk, one, "debtor_in_office"), records=records)


def _revoked(desk: Desk, one: Known, entity: str) -> Iterator[OfficeMatter]:
    days = int(desk.moment.rules.threshold("association_revoked_days").value)
    edges, naming = desk.graph.edges, desk.citing.naming
    for edge, firm in desk.out_of(entity, (FactKind.REPRESENTS,)):
        day = desk.revoked_on(firm)
        if (
            day is not None
            and day > desk.day - days
            and edges.valid_from[edge] <= day <= edges.valid_to[edge]
        ):
            path = relation_items(desk.moment, naming, edge_facts(desk.moment, desk.graph, edge))
            matter = _by_rule(desk, one, "revoked_representative")
            yield replace(matter, enterprise=naming.ref(desk.id_of(firm)), path=path)


def _by_rule(desk: Desk, one: Known, code: str) -> OfficeMatter:
    """A matter in the words of a rule of association, without what it rests on."""
    rule = next(r for r in desk.moment.rules.association_rules if r.code == code)
    title, sentence = Sentence(rule.title_zh, rule.title_en), Sentence(rule.sentence_zh, rule.sentence_en)
    return OfficeMatter(
        one.place, code, title, sentence, rule.source.citation, None, (), (), FindingClass.LEAD
    )


@dataclass(frozen=True, slots=True)
class _Charge:
    """That an applicant represents or represented an enterprise, or controls it: until which day, by which facts."""

    firm: int
    role: str
    until: int
    facts: list[Fact]


def _reached(desk: Desk, one: Known, entity: str) -> Iterator[OfficeMatter]:
    for charge in _charges(desk, entity):
        firm = desk.id_of(charge.firm)
        for standing in desk.standing(firm):
            begun = standing.life.record.term.start
            for kind in _measures(desk, standing.kind):
                if charge.role in kind.reaches and (begun is None or charge.until > begun):
                    yield _reach(desk, one, charge, standing, kind)


def _charges(desk: Desk, entity: str) -> Iterator[_Charge]:
    edges, graph = desk.graph.edges, desk.graph
    for edge, firm in desk.out_of(entity, (FactKind.REPRESENTS,)):
        yield _Charge(firm, REPRESENTATIVE, int(edges.valid_to[edge]), edge_facts(desk.moment, graph, edge))
    place, found = place_of(graph, entity), desk.moment.worked.results(Control)
    if place is None:
        return
    companies = found.controlled()
    for row in found.of_controller(place):
        if found.classes[row] == DERIVED and found.ultimate[row] and desk.is_enterprise(int(companies[row])):
            company = int(companies[row])
            ids = graph.nodes.ids.many(chain(desk.moment, place, company))
            yield _Charge(company, CONTROLLER, desk.day + 1, holding_facts(desk.moment, ids))


def _measures(desk: Desk, kind: str) -> Iterator[RecordKind]:
    """The kind of a record and the measures that it implies, as far as they reach others."""
    rules = desk.moment.rules
    if rules.has_kind(kind):
        own = rules.kind(kind)
        for one in (own, *(rules.kind(k) for k in own.implies)):
            if one.reaches:
                yield one


def _reach(desk: Desk, one: Known, charge: _Charge, standing: Standing, kind: RecordKind) -> OfficeMatter:
    naming, firm, role = desk.citing.naming, desk.id_of(charge.firm), ROLES[charge.role]
    court = kind.code == "consumption_restriction"
    who = Sentence("人民法院", "the court") if court else Sentence("认定机关", "the deciding authority")
    notice = Sentence(kind.notice_zh, kind.notice_en)
    return OfficeMatter(
        applicant=one.place,
        code="measure_reaches",
        title=Sentence(f"{kind.title_zh}可能及于该人员", f"{kind.title_en} may reach the applicant"),
        sentence=Sentence(
            f"该企业的{kind.title_zh}依其规定可能及于其{role.zh}；是否及于，须由{who.zh}确认。{notice.zh}",
            f"By its text the {kind.title_en} of this enterprise may reach its {role.en}; {who.en} must confirm. {notice.en}".strip(),
        ),
        legal_basis=kind.source.citation,
        enterprise=naming.ref(firm),
        path=relation_items(desk.moment, naming, charge.facts),
        records=record_items(desk.moment, firm, naming, [standing]),
        class_=FindingClass.DERIVED,
    )
