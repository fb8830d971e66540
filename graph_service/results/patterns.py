"""The answer `patterns`: findings to look into, with members and evidence."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from graph_service.domain.findings import FindingClass
from graph_service.results.base import Answer
from graph_service.results.entities import EntityRef, RecordItem
from graph_service.results.graph import RelationItem
from graph_service.results.leads import LeadMark
from graph_service.results.sentences import Sentence


@dataclass(frozen=True, slots=True)
class PatternItem:
    """One pattern. `since`, `until`: first and last day on which a relation of it began; `score` orders, it is no probability.

    `finding`: its id, the same after every refresh; `mark`: what an officer said of it.
    """

    kind: str
    title: Sentence
    members: tuple[EntityRef, ...]
    since: date | None
    until: date | None
    score: float
    evidence: tuple[RelationItem, ...]
    records: tuple[RecordItem, ...]
    reason: Sentence
    statement: Sentence
    finding: str
    mark: LeadMark | None = None
    class_: FindingClass = FindingClass.LEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternsAnswer(Answer):
    """Patterns of the snapshot, by kind and score.

    Left out: `paused`, those whose list is under objection; `cleared`, those that an officer cleared.
    """

    rows_in: ClassVar[str | None] = "patterns"

    patterns: tuple[PatternItem, ...]
    paused: int
    cleared: int = 0
    none_found: Sentence | None = None
