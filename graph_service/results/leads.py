"""What officers say of findings: marks, the list of them, and the answer to a decision."""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from graph_service.results.base import Answer
from graph_service.results.entities import EntityRef
from graph_service.results.sentences import Sentence


@dataclass(frozen=True, slots=True)
class LeadMark:
    """An officer's word on a finding; `changed`: its evidence is another now than when it was marked."""

    mark: str
    title: str
    why: str
    by: str
    date: str
    changed: bool

    def __str__(self) -> str:
        return self.mark


@dataclass(frozen=True, slots=True)
class Lead:
    """A marked finding, an association or a pattern; `rule`: its rule or kind.

    `evidence`: same, changed (then a cleared one is shown again), or gone: found no more.
    """

    finding: str
    mark: str
    title: str
    enterprise: EntityRef
    rule: str
    rule_title: Sentence
    target: EntityRef
    evidence: str
    why: str
    by: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leads(Answer):
    """Findings that officers marked, the last marked first."""

    rows_in: ClassVar[str | None] = "leads"

    leads: tuple[Lead, ...]

    def rows(self) -> list[dict[str, Any]]:
        """A row for each, the rule by its code."""
        return [{k: v for k, v in row.items() if k != "rule_title"} for row in super(Leads, self).rows()]


@dataclass(frozen=True, slots=True)
class LeadDecision:
    """What an officer decided about a finding. `action`: stated, ended, or unchanged when it already stood."""

    finding: str
    action: str
    mark: str
    enterprise: str
    rule: str
    target: str
    reason: str
    by: str

    def to_dict(self) -> dict[str, Any]:
        """The decision as plain values, ready for JSON."""
        return asdict(self)

    def rows(self) -> list[dict[str, Any]]:
        """One row."""
        return [asdict(self)]
