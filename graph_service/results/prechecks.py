"""The answer of a pre-check (准入核验): four blocks that are never mixed."""

from dataclasses import dataclass
from typing import Any, ClassVar

from graph_service.domain.findings import FindingClass
from graph_service.results.base import Answer
from graph_service.results.entities import EntityRef, RecordItem
from graph_service.results.graph import LeftOut, RelationItem
from graph_service.results.sentences import Sentence


@dataclass(frozen=True, slots=True)
class OwnRecords:
    """What is recorded of an applicant himself (本人记录).

    `applicant`: his place in the list, from 1. `identified_by`: number; not_found (the number is in no data); none (no full
    number was given). `none_found`: why there is nothing to tell.
    """

    applicant: int
    name: str
    post: str | None
    identified_by: str
    person: EntityRef | None
    listed: bool
    records: tuple[RecordItem, ...]
    none_found: Sentence | None
    class_: FindingClass = FindingClass.FACT


@dataclass(frozen=True, slots=True)
class OfficeMatter:
    """A matter that law ties to an office (法定任职事项), to be verified by whom `sentence` says.

    `code`: debtor_in_office, revoked_representative, or measure_reaches. `records`: what it rests on; `path`: the
    relations between the applicant and `enterprise`, None where it is about himself.
    """

    applicant: int
    code: str
    title: Sentence
    sentence: Sentence
    legal_basis: str
    enterprise: EntityRef | None
    path: tuple[RelationItem, ...]
    records: tuple[RecordItem, ...]
    class_: FindingClass


@dataclass(frozen=True, slots=True)
class PrecheckLead:
    """That people, address or contact of the application are those of a listed or revoked enterprise (关联提示).

    `in_common`: of person, address, contact. `path`: the relations that say so, oldest first.
    """

    target: EntityRef
    rule: str
    title: Sentence
    reason: Sentence
    legal_basis: str
    in_common: tuple[str, ...]
    path: tuple[RelationItem, ...]
    records: tuple[RecordItem, ...]
    statement: Sentence
    class_: FindingClass = FindingClass.LEAD


@dataclass(frozen=True, slots=True)
class Namesake:
    """Somebody else in the data with an applicant's name, not merged with him (同名未合并).

    `agreement` of the visible digits: agree (疑似同一人), differ, unknown (no number is known). Only of one whose digits
    agree are the records told.
    """

    applicant: int
    person: EntityRef
    agreement: str
    sentence: Sentence
    known_in: tuple[RelationItem, ...]
    records: tuple[RecordItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Precheck(Answer):
    """What the data say about a firm to be founded, or a person to take office.

    `paused`: leads that rest on records under objection. `hubs`: places that are neutral and tell nothing. `none_found`:
    a sentence for each block without an item. `audit`: number of the entry in the audit log.
    """

    rows_in: ClassVar[str | None] = "own_records"

    own_records: tuple[OwnRecords, ...]
    office_matters: tuple[OfficeMatter, ...]
    leads: tuple[PrecheckLead, ...]
    namesakes: tuple[Namesake, ...]
    paused: int
    hubs: tuple[LeftOut, ...]
    none_found: dict[str, Sentence]
    statement: Sentence
    audit: int

    def rows(self) -> list[dict[str, Any]]:
        """A row for each item of each block."""
        own = [_row("own_records", o, o.person, o.none_found, o.records) for o in self.own_records]
        office = [_row("office_matters", m, m.enterprise, m.sentence, m.records) for m in self.office_matters]
        leads = [_row("leads", lead, lead.target, lead.reason, lead.records) for lead in self.leads]
        names = [_row("namesakes", n, n.person, n.sentence, n.records) for n in self.namesakes]
        return [*own, *office, *leads, *names]


def _row(
    block: str,
    item: Any,
    entity: EntityRef | None,
    sentence: Sentence | None,
    records: tuple[RecordItem, ...],
) -> dict[str, Any]:
    return {
        "block": block,
        "applicant": getattr(item, "applicant", None),
        "entity": entity.id if entity else None,
        "name": entity.name if entity else None,
        "class": getattr(item, "class_", FindingClass.FACT).value,
        "title": getattr(item, "title", Sentence("", "")).zh or None,
        "sentence": sentence.zh if sentence else None,
        "records": "; ".join(f"{r.title} {r.document or ''}".strip() for r in records) or None,
    }
