"""Blocks 本人记录 and 同名未合并: what is recorded of the applicant himself, and who else bears his name."""

from collections.abc import Iterator

from graph_service.credit_graph.around import relation_items
from graph_service.credit_graph.listed import record_items
from graph_service.credit_graph.prechecks.applicants import Known
from graph_service.credit_graph.prechecks.desk import Desk
from graph_service.domain.entities import EntityKind
from graph_service.domain.facts import FactKind
from graph_service.domain.identifiers import candidate_keys, may_be_same_person
from graph_service.domain.intervals import from_day
from graph_service.results import Cut, Namesake, OwnRecords, Sentence, none_found
from graph_service.results.sentences import SAME_PERSON
from graph_service.security.masking import mask_name
from graph_service.text.normal import normalize_name

MOST = 20  # namesakes of one applicant that are told
LOOKED_AT = 200
OFFICES = (FactKind.REPRESENTS, FactKind.MANAGES, FactKind.HOLDS)
OWN = Sentence("申请人本人的记录", "records about the applicant")
NO_NUMBER = Sentence(
    "未提供完整证件号码，不能核对本人记录。",
    "No full number was given, so that his own records cannot be told.",
)
DIFFER = Sentence("姓名一致，证件号码可见位不符。", "The names are equal, the visible digits differ.")
UNKNOWN = Sentence(
    "姓名一致，无可比对的证件号码，未合并。",
    "The names are equal, there is no number to compare; not merged.",
)
SAID = {"agree": SAME_PERSON, "unknown": UNKNOWN, "differ": DIFFER}


def own_records(desk: Desk, one: Known) -> OwnRecords:
    """The records in force about the applicant with this number, and nobody else."""
    naming, asked = desk.citing.naming, one.asked
    standing = desk.standing(one.entity) if one.entity else []
    nothing = none_found(from_day(desk.moment.judged_on), OWN) if one.has_number else NO_NUMBER
    return OwnRecords(
        applicant=one.place,
        name=mask_name(asked.name),
        post=asked.post,
        identified_by="none" if not one.has_number else "number" if one.entity else "not_found",
        person=naming.ref(one.entity) if one.entity else None,
        listed=any(s.is_listed for s in standing),
        records=record_items(desk.moment, one.entity, naming, standing) if one.entity else (),
        none_found=None if standing else nothing,
    )


def namesakes(desk: Desk, one: Known) -> tuple[list[Namesake], Cut | None]:
    """Persons of exactly this name who are not the applicant; those whose visible digits agree first."""
    found = sorted(_bearers(desk, one), key=lambda pair: (list(SAID).index(pair[1]), pair[0]))
    cut = Cut("namesakes", MOST, len(found)) if len(found) > MOST else None
    return [_namesake(desk, one, entity, agreement) for entity, agreement in found[:MOST]], cut


def _bearers(desk: Desk, one: Known) -> Iterator[tuple[str, str]]:
    view, norm = desk.moment.view, normalize_name(one.asked.name)
    mine = candidate_keys(desk.key, norm, one.asked.number) if desk.key and one.asked.number else ()
    for hit in view.search(one.asked.name, LOOKED_AT):
        if hit.kind == EntityKind.PERSON and normalize_name(hit.name or "") == norm and hit.id != one.entity:
            yield hit.id, _agreement(mine, _visible(desk, hit.id))


def _visible(desk: Desk, entity: str) -> tuple[str, ...]:
    """Keyed hashes of a person's name and visible digits, as deliveries brought them; profiles do not show them."""
    facts = desk.moment.view.history(entity)
    return tuple(dict.fromkeys(key for f in facts for key in f.attributes.get("candidate") or ()))


def _agreement(mine: tuple[str, ...], theirs: tuple[str, ...]) -> str:
    if not mine or not theirs:
        return "unknown"
    return "agree" if may_be_same_person(mine, theirs) else "differ"


def _namesake(desk: Desk, one: Known, entity: str, agreement: str) -> Namesake:
    naming, view = desk.citing.naming, desk.moment.view
    known_in = view.evidence(view.relations(entity, OFFICES))
    return Namesake(
        applicant=one.place,
        person=naming.ref(entity),
        agreement=agreement,
        sentence=SAID[agreement],
        known_in=relation_items(desk.moment, naming, known_in),
        records=record_items(desk.moment, entity, naming, desk.standing(entity))
        if agreement == "agree"
        else (),
    )
