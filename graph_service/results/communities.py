"""The answer `communities`: a view of what hangs together most, beside groups and never instead of them."""

from dataclasses import dataclass
from typing import ClassVar

from graph_service.domain.findings import FindingClass
from graph_service.results.base import Answer
from graph_service.results.entities import EntityRef
from graph_service.results.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Community:
    """Entities that have more relations with each other than with others. `enterprises`: how many of them are firms."""

    number: int
    size: int
    enterprises: int
    members: tuple[EntityRef, ...]
    class_: FindingClass = FindingClass.LEAD

    def __str__(self) -> str:
        return f"{self.number}: {self.size}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunitiesAnswer(Answer):
    """The largest communities, or the one of an entity with its members; `total`: how many there are."""

    rows_in: ClassVar[str | None] = "communities"

    total: int
    communities: tuple[Community, ...]
    statement: Sentence
    none_found: Sentence | None = None
