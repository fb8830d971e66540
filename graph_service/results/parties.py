"""Answers about beneficial owners and related parties."""

from dataclasses import dataclass
from typing import ClassVar

from graph_service.domain.findings import FindingClass
from graph_service.results.base import Answer
from graph_service.results.entities import EntityRef
from graph_service.results.graph import RelationItem
from graph_service.results.sentences import Sentence


@dataclass(frozen=True, slots=True)
class BeneficialOwner:
    """A natural person behind an enterprise, the test that named it, and the facts of its strongest chain or its office.

    `lower`, `upper`: bounds of the interest or the votes that the test looked at; null for an office.
    """

    person: EntityRef
    enterprise: EntityRef
    test: str
    lower: float | None
    upper: float | None
    citation: str
    facts: tuple[RelationItem, ...]
    reason: Sentence
    statement: Sentence
    class_: FindingClass


@dataclass(frozen=True, slots=True, kw_only=True)
class BeneficialOwnersAnswer(Answer):
    """Beneficial owners, computed and not filed; `exemptions`: why the enterprise need not file, if so."""

    rows_in: ClassVar[str | None] = "beneficial_owners"

    entity: EntityRef
    beneficial_owners: tuple[BeneficialOwner, ...]
    exemptions: tuple[Sentence, ...]
    remarks: tuple[Sentence, ...]
    none_found: Sentence | None = None


@dataclass(frozen=True, slots=True)
class RelatedParty:
    """A party that is related by one definition; `over`: through whom, null: directly; the facts that join the two."""

    party: EntityRef
    definition: str
    role: str
    over: EntityRef | None
    citation: str
    facts: tuple[RelationItem, ...]
    statement: Sentence
    class_: FindingClass = FindingClass.DERIVED


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedParties(Answer):
    """Related parties by three definitions, each named; one party may be so by several."""

    rows_in: ClassVar[str | None] = "related_parties"

    entity: EntityRef
    related_parties: tuple[RelatedParty, ...]
    none_found: Sentence | None = None
