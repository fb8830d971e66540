"""`beneficial_owners` and `related_parties`: rows told with names, tests, citations and facts."""

from graph_service.analysis.beneficial_owners import (
    CONTROL,
    EQUITY,
    NEED_NOT_FILE,
    ON_PROMISE,
    TESTS,
    VOTES,
    BeneficialOwners,
)
from graph_service.analysis.chains import chains
from graph_service.analysis.control import BOUNDARY, Control
from graph_service.analysis.ownership import Interests
from graph_service.analysis.related_parties import DEFINITIONS, Related, Surroundings, related_parties
from graph_service.analysis.stakes import Stakes
from graph_service.credit_graph.around import relation_items
from graph_service.credit_graph.control_chains import chain
from graph_service.credit_graph.in_snapshot import facts_on, place_of
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import Naming
from graph_service.credit_graph.owning import holding_facts
from graph_service.domain.facts import Fact, FactKind
from graph_service.domain.findings import FindingClass
from graph_service.domain.intervals import from_day
from graph_service.results import (
    BeneficialOwner,
    BeneficialOwnersAnswer,
    Cut,
    RelatedParties,
    RelatedParty,
    Sentence,
    none_found,
    standard_sentence,
)
from graph_service.results.sentences import DATA_BOUNDARY

NOBODY = Sentence("该主体的受益所有人", "beneficial owners of this entity")
NO_PARTIES = Sentence("该主体的关联方", "related parties of this entity")
COMPUTED = Sentence(
    "受益所有人（推算，非备案信息）。", "Beneficial owners as computed; not filed information."
)
ORDER = "受益所有人信息管理办法（2024年第3号令）"
REASONS = {
    "equity": Sentence(
        "直接和间接持股合计百分之二十五以上。", "holds 25 % or more, directly and indirectly together."
    ),
    "votes": Sentence("享有百分之二十五以上表决权。", "has 25 % or more of the votes."),
    "control": Sentence("单独实际控制。", "controls alone."),
    "joint_control": Sentence("联合实际控制。", "controls jointly."),
    "state_owned": Sentence("国有企业，以法定代表人为受益所有人。", "represents a state-owned enterprise."),
    "manager": Sentence(
        "未识别出上述人员，以负责日常经营管理的人员为受益所有人。",
        "manages daily business; the tests above name nobody.",
    ),
    "representative": Sentence(
        "未识别出上述人员，以法定代表人为受益所有人。", "is the representative; the tests above name nobody."
    ),
}
EXEMPTIONS = (
    (
        NEED_NOT_FILE,
        Sentence(
            "个体工商户、个人独资企业、农民专业合作社、境内分支机构目前无须备案。",
            "Businesses of this kind need not file now.",
        ),
    ),
    (
        ON_PROMISE,
        Sentence(
            "注册资本不超过1000万元且股东均为自然人，承诺后免于备案。",
            "Exempt on a promise: at most 10 million yuan and natural persons only.",
        ),
    ),
)
CITATIONS = {
    "company_law": "公司法（2023）第二百六十五条第四项",
    "cas36": "企业会计准则第36号 关联方披露",
    "five_percent": "上市公司信息披露管理办法: 持股百分之五以上",
}
LIMIT = 500


def beneficial_owners(moment: Moment, reference: str) -> BeneficialOwnersAnswer:
    """The beneficial owners of an entity."""
    entity, worked, naming = moment.view.find(reference), moment.worked, Naming(moment.view)
    place, found = place_of(worked.graph, entity), worked.results(BeneficialOwners)
    told = () if place is None else tuple(_owner(moment, naming, place, row) for row in found.of(place))
    notes = 0 if place is None else int(found.notes[place])
    is_cut = place is not None and worked.results(Control).notes[place] & BOUNDARY
    return BeneficialOwnersAnswer(
        entity=naming.ref(entity), beneficial_owners=told,
        exemptions=tuple(sentence for bit, sentence in EXEMPTIONS if notes & bit),
        remarks=(COMPUTED, DATA_BOUNDARY) if is_cut else (COMPUTED,),
        none_found=None if told else none_found(from_day(moment.judged_on), NOBODY), **moment.heading(),
    )  # fmt: skip


def _owner(moment: Moment, naming: Naming, place: int, row: int) -> BeneficialOwner:
    worked = moment.worked
    found, ids = worked.results(BeneficialOwners), worked.graph.nodes.ids
    person, test = int(found.persons[row]), int(found.tests[row])
    is_number = test <= VOTES or test == CONTROL
    class_ = FindingClass.LEAD if found.possible[row] else FindingClass.DERIVED
    return BeneficialOwner(
        person=naming.ref(ids[person]), enterprise=naming.ref(ids[place]), test=TESTS[test],
        lower=float(found.lower[row]) if is_number else None, upper=float(found.upper[row]) if is_number else None,
        citation=ORDER, facts=relation_items(moment, naming, _facts(moment, person, place, test)),
        reason=REASONS[TESTS[test]], statement=standard_sentence(class_), class_=class_,
    )  # fmt: skip


def _facts(moment: Moment, person: int, place: int, test: int) -> list[Fact]:
    """The strongest chain of holdings, the chain of control, or the office."""
    ids = moment.worked.graph.nodes.ids
    if test == CONTROL:
        return holding_facts(moment, ids.many(chain(moment, person, place)))
    if test in {EQUITY, VOTES}:
        carried = chains(moment.worked.results(Stakes), person, place, 1.0).chains
        return holding_facts(moment, ids.many(carried[0].places)) if carried else []
    return _direct_facts(moment, ids[person], ids[place])


def _direct_facts(moment: Moment, one: str, other: str) -> list[Fact]:
    kinds = (FactKind.HOLDS, FactKind.REPRESENTS, FactKind.MANAGES, FactKind.CONTROLS_BY_AGREEMENT)
    return facts_on(moment, one, other, kinds)


def related(moment: Moment, reference: str, definitions: tuple[str, ...] = DEFINITIONS) -> RelatedParties:
    """The related parties of an entity by each definition."""
    entity, worked, naming = moment.view.find(reference), moment.worked, Naming(moment.view)
    place, ids = place_of(worked.graph, entity), worked.graph.nodes.ids
    rows: list[tuple[str, Related]] = []
    if place is not None:
        around = _surroundings(moment)
        rows = [(name, r) for name in definitions for r in related_parties(around, place, name)]
    naming.read({ids[p] for _, r in rows[:LIMIT] for p in (r.party, r.over)})
    told = tuple(_party(moment, naming, place or 0, row) for row in rows[:LIMIT])
    return RelatedParties(
        entity=naming.ref(entity), related_parties=told,
        truncated=Cut("related parties", LIMIT, len(rows)) if len(rows) > LIMIT else None,
        none_found=None if told else none_found(from_day(moment.judged_on), NO_PARTIES), **moment.heading(),
    )  # fmt: skip


def _surroundings(moment: Moment) -> Surroundings:
    worked = moment.worked
    influence, five = (
        moment.rules.threshold(code).value for code in ("significant_influence", "related_party")
    )
    return Surroundings(
        worked.graph, worked.as_of, worked.results(Stakes), worked.results(Interests), worked.results(Control),
        influence, five,
    )  # fmt: skip


def _party(moment: Moment, naming: Naming, place: int, row: tuple[str, Related]) -> RelatedParty:
    definition, found = row
    ids = moment.worked.graph.nodes.ids
    ends = (ids[found.over], ids[found.party])
    facts = _direct_facts(moment, *ends) + _direct_facts(moment, *ends[::-1])
    return RelatedParty(
        party=naming.ref(ids[found.party]), definition=definition, role=found.role,
        over=None if found.over == place else naming.ref(ids[found.over]), citation=CITATIONS[definition],
        facts=relation_items(moment, naming, facts), statement=standard_sentence(FindingClass.DERIVED),
    )  # fmt: skip
