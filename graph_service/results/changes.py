"""What differs for one entity between two moments: each difference as values and as a sentence."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from graph_service.domain.findings import FindingClass
from graph_service.results.base import Answer
from graph_service.results.entities import EntityRef
from graph_service.results.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    `aspect`: attribute, registered_change, relation, record, owner, controller, controlled, group, beneficial_owner,
    association. `kind`: began, ended, changed. `what`: which attribute, kind of relation or record, or rule; `entity`: the
    other one, None for none; `before`, `after`: its value then and now, where it has one; `day`: where a source states it;
    `facts`: ids of the facts that it rests on.
    """

    aspect: str
    kind: str
    what: str
    entity: EntityRef | None
    before: str | float | None
    after: str | float | None
    day: date | None
    sentence: Sentence
    class_: FindingClass
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes(Answer):
    """The differences of an entity, facts first, then what is derived, then leads.

    `since`, `since_known_at`, `since_snapshot`: the earlier moment; `remarks`: what must be known beside the list.
    """

    rows_in: ClassVar[str | None] = "changes"

    entity: EntityRef
    since: date
    since_known_at: datetime
    since_snapshot: str | None
    changes: tuple[Change, ...]
    remarks: tuple[Sentence, ...] = ()
    none_found: Sentence | None = None
