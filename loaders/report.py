"""What a load did, as values and as the JSON of the public contract."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from graph_service.store.base import FactCounts

Status = Literal["loaded", "already_loaded", "refused"]


@dataclass(frozen=True, slots=True)
class Example:
    """The first row that an issue was seen in."""

    file: str
    line: int
    column: str | None
    message: str

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {"file": self.file, "line": self.line, "column": self.column, "message": self.message}


@dataclass(frozen=True, slots=True)
class Issue:
    """What was found by one check, how often, and whether it rejects its rows."""

    code: str
    title: str
    count: int
    example: Example
    rejects: bool = False

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        shown = {"code": self.code, "title": self.title, "count": self.count}
        return shown | {"rejects": self.rejects, "example": self.example.to_dict()}


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """One delivery. `content`: of the store at its commit, before matches; `error`: why it was refused, one sentence."""

    batch: str | None
    template: str | None
    status: Status
    files: tuple[str, ...]
    rows_read: int = 0
    rows_loaded: int = 0
    rows_rejected: int = 0
    facts: FactCounts = field(default_factory=FactCounts)
    issues: tuple[Issue, ...] = ()
    seconds: float = 0.0
    content: str | None = None
    date: str | None = None
    error: str | None = None

    @property
    def refresh_needed(self) -> bool:
        """Whether the delivery changed facts, so that answers from the current snapshot lag behind."""
        return bool(self.facts.added or self.facts.changed or self.facts.closed)

    def to_dict(self) -> dict[str, Any]:
        """The report of the contract."""
        return {
            "batch": self.batch,
            "template": self.template,
            "status": self.status,
            "files": list(self.files),
            "date": self.date,
            "rows_read": self.rows_read,
            "rows_loaded": self.rows_loaded,
            "rows_rejected": self.rows_rejected,
            "facts": counts_dict(self.facts),
            "issues": [i.to_dict() for i in self.issues],
            "seconds": round(self.seconds, 3),
            "content": self.content,
            "refresh_needed": self.refresh_needed,
            **({"error": self.error} if self.error else {}),
        }


@dataclass(frozen=True, slots=True)
class LoadReport:
    """A whole load: the totals, and each delivery. `content`: of the store with all of it, matches settled."""

    deliveries: tuple[DeliveryReport, ...]
    seconds: float = 0.0
    content: str | None = None

    @property
    def status(self) -> Status:
        """`loaded` where something was; `already_loaded` where everything stood; `refused` where all was refused."""
        seen = {d.status for d in self.deliveries}
        if "loaded" in seen:
            return "loaded"
        return "refused" if "refused" in seen or not seen else "already_loaded"

    @property
    def refused(self) -> tuple[DeliveryReport, ...]:
        """The deliveries that were refused."""
        return tuple(d for d in self.deliveries if d.status == "refused")

    @property
    def rows_read(self) -> int:
        """Rows of deliveries that were loaded."""
        return sum(d.rows_read for d in self._loaded)

    @property
    def rows_loaded(self) -> int:
        """Rows that became facts or a note."""
        return sum(d.rows_loaded for d in self._loaded)

    @property
    def rows_rejected(self) -> int:
        """Rows that were kept with a reason."""
        return sum(d.rows_rejected for d in self._loaded)

    @property
    def refresh_needed(self) -> bool:
        """Whether any delivery changed facts."""
        return any(d.refresh_needed for d in self.deliveries)

    @property
    def _loaded(self) -> list[DeliveryReport]:
        return [d for d in self.deliveries if d.status == "loaded"]

    def to_dict(self) -> dict[str, Any]:
        """The report of the contract: the only delivery's, or the totals; always with `deliveries`."""
        listed = [d.to_dict() for d in self.deliveries]
        if len(self.deliveries) == 1:
            return listed[0] | {"content": self.content, "deliveries": listed}
        return {
            "batch": None,
            "template": None,
            "status": self.status,
            "files": [f for d in self.deliveries for f in d.files],
            "rows_read": self.rows_read,
            "rows_loaded": self.rows_loaded,
            "rows_rejected": self.rows_rejected,
            "facts": counts_dict(add_counts([d.facts for d in self.deliveries])),
            "issues": [i.to_dict() for i in add_issues(self._loaded)],
            "seconds": round(self.seconds, 3),
            "content": self.content,
            "refresh_needed": self.refresh_needed,
            "deliveries": listed,
        }


def counts_dict(counts: FactCounts) -> dict[str, int]:
    """As JSON."""
    return {
        "added": counts.added, "changed": counts.changed, "closed": counts.closed, "unchanged": counts.unchanged,
    }  # fmt: skip


def add_counts(counts: Sequence[FactCounts]) -> FactCounts:
    """Their sum."""
    return FactCounts(
        added=sum(c.added for c in counts),
        changed=sum(c.changed for c in counts),
        closed=sum(c.closed for c in counts),
        unchanged=sum(c.unchanged for c in counts),
    )


def add_issues(deliveries: Sequence[DeliveryReport]) -> list[Issue]:
    """Issues by code, their counts summed, each with its first example; most frequent first."""
    total: dict[str, Issue] = {}
    for issue in (i for d in deliveries for i in d.issues):
        old = total.get(issue.code)
        total[issue.code] = issue if old is None else _more(old, issue.count)
    return sorted(total.values(), key=lambda i: (-i.count, i.code))


def _more(issue: Issue, count: int) -> Issue:
    return Issue(issue.code, issue.title, issue.count + count, issue.example, issue.rejects)
