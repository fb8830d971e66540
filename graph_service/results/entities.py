"""Answers about single entities: who it is, what is recorded about it, what was known when."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, ClassVar

from graph_service.domain.facts import Evidence
from graph_service.domain.findings import FindingClass
from graph_service.results.base import Answer
from graph_service.results.plain import flat
from graph_service.results.sentences import Sentence


@dataclass(frozen=True, slots=True)
class EntityRef:
    """An entity as others name it; the name of a natural person is masked."""

    id: str
    kind: str
    name: str | None

    def __str__(self) -> str:
        return f"{self.name} ({self.id})" if self.name else self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityAnswer(Answer):
    """An entity with its attributes, each from the best-ranked source that gives it.

    `listed`: a record of a listed kind is in force; `records_in_force`: how many, by kind; `disagreeing`:
    what lower-ranked sources say instead.
    """

    id: str
    kind: str
    name: str | None
    listed: bool
    records_in_force: Mapping[str, int]
    attributes: Mapping[str, Any]
    aliases: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    disagreeing: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    class_: FindingClass = FindingClass.FACT

    def rows(self) -> list[dict[str, Any]]:
        """One row: the entity, its attributes spread out."""
        own = {f.name for f in fields(EntityAnswer)} - {f.name for f in fields(Answer)}
        row = {k: v for k, v in flat(self).items() if k in own | {"class"}}
        row.pop("attributes")
        return [{**row, **self.attributes}]


@dataclass(frozen=True, slots=True)
class Exit:
    """What happened to a record later: repair, revocation, objection and its end, suspension and its end."""

    event: str
    date: date | None

    def __str__(self) -> str:
        return f"{self.event} {self.date}"


@dataclass(frozen=True, slots=True)
class RecordItem:
    """One record of one source. `valid_to` is the first day on which it no longer holds; `amount` in yuan.

    `fact` is its name for citation; `status` in the words of the contract on the day of the answer. `legal_basis`: the law
    that such records rest on, by the rules; `decision_basis`: what the decision itself cites; `evidence`: where it stands.
    """

    fact: str
    kind: str
    title: str
    entity: EntityRef
    status: str
    listed: bool
    grade: str | None
    authority: str | None
    nature: str | None
    document: str | None
    legal_basis: str | None
    decision_basis: str | None
    reason: str | None
    decided: date | None
    valid_from: date | None
    valid_to: date | None
    amount: float | None
    source: str
    details: Mapping[str, Any]
    exits: tuple[Exit, ...]
    evidence: tuple[Evidence, ...]
    statement: Sentence
    class_: FindingClass = FindingClass.FACT

    def __str__(self) -> str:
        return f"{self.kind} {self.document or self.fact}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Records(Answer):
    """Records about one entity; repaired and revoked ones are in no answer. `none_found` says so in words."""

    rows_in: ClassVar[str | None] = "records"

    entity: EntityRef
    records: tuple[RecordItem, ...]
    none_found: Sentence | None = None


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """A fact with both its intervals; `recorded_to` null: still held."""

    fact: str
    kind: str
    subject: EntityRef
    object: EntityRef | None
    role: str | None
    name: str | None
    valid_from: date | None
    valid_to: date | None
    recorded_from: datetime | None
    recorded_to: datetime | None
    share: float | None
    votes: float | None
    amount: float | None
    source: str
    details: Mapping[str, Any]
    evidence: tuple[Evidence, ...]
    class_: FindingClass = FindingClass.FACT


@dataclass(frozen=True, slots=True, kw_only=True)
class History(Answer):
    """Every fact ever recorded about one entity, closed ones included, in the order of recording."""

    rows_in: ClassVar[str | None] = "facts"

    entity: EntityRef
    facts: tuple[HistoryItem, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A found entity. `why`: exact, prefix or inside; `matched`: name, former_name, code, alias, pinyin …"""

    id: str
    kind: str
    name: str | None
    in_business: bool
    why: str
    matched: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult(Answer):
    """Entities found: exact before prefix before inside, in business before closed."""

    rows_in: ClassVar[str | None] = "entities"

    entities: tuple[Hit, ...]
