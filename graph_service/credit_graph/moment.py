"""The moment that answers hold for: the current snapshot's or one asked for; what the store holds since."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from graph_service.domain.intervals import from_day, to_day
from graph_service.projection import Moment as Shown
from graph_service.projection import projection_rules
from graph_service.results import Heading
from graph_service.rules import Rules, load_rules
from graph_service.snapshots import Snapshot, Worked, Workspace, current, project
from graph_service.store.base import GraphStore, GraphView

SHANGHAI = timezone(timedelta(hours=8))
RULES = "rules"  # folder of an installation's own rules inside its home
Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    """Now, in Asia/Shanghai."""
    return datetime.now(SHANGHAI)


def moment_text(microseconds: int) -> datetime:
    """A recorded moment as a time of day in Asia/Shanghai."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)).astimezone(SHANGHAI)


def rules_in(home: Path | None) -> Rules:
    """The built-in rules with those of an installation, read again when one of its files changed."""
    folder = (home / RULES).resolve() if home else None
    files = sorted(folder.rglob("*.toml")) if folder else []
    return _rules(folder, tuple((f, f.stat().st_mtime_ns, f.stat().st_size) for f in files))


@lru_cache(maxsize=8)
def _rules(folder: Path | None, _stamps: tuple[tuple[Path, int, int], ...]) -> Rules:
    """Kept, because reading them takes longer than a question."""
    return load_rules(folder)


def microseconds(instant: datetime) -> int:
    """A time of day as a recorded moment; without a zone it is one in Asia/Shanghai."""
    zoned = instant if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)
    return (zoned - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@dataclass(frozen=True)
class Moment:
    """Where answers come from.

    Attributes:
        store: the store of facts.
        view: the store at the day in the world and the moment of knowing that answers hold for.
        snapshot: the snapshot whose findings belong to that moment; None: computed from the store.
        default: whether nobody asked for a moment, so that records end with today.
        clock: now.
        home: folder of the installation's state, with its own rules.
        memo: what was worked out for one answer and serves the next.
    """

    store: GraphStore
    view: GraphView
    snapshot: Snapshot | None
    default: bool
    clock: Clock = wall_clock
    home: Path | None = None
    memo: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    _newest: list[GraphView] = field(default_factory=list, repr=False, compare=False)

    @cached_property
    def rules(self) -> Rules:
        """The rules on the day of the answer, with those of this installation; read when first needed."""
        return rules_in(self.home).at(self.judged_on)

    @cached_property
    def listed_kinds(self) -> frozenset[str]:
        """Kinds of record that make an entity listed."""
        return self.rules.listed_kinds()

    @cached_property
    def worked(self) -> Worked:
        """What analysis finds at this moment: the snapshot's results; without one, worked out when asked for.

        Another day of what the current snapshot knows is a look at the same graph; what was known at another moment
        is read from the store, which takes as long as a refresh.
        """
        if self.snapshot is not None:
            return self.snapshot
        rules = rules_in(self.home)
        kept = current(self.home) if self.home else None
        if (
            kept is not None
            and min(self.store.moment(), self.view.known_at) <= kept.known_at <= self.view.known_at
        ):
            return Workspace(kept.graph, self.view.as_of, rules)
        shown = Shown("", self.view.as_of, self.view.known_at, max(self.judged_on, self.today))
        by = projection_rules(rules, self.view.as_of)
        return Workspace(project(self.store, self.view, by, shown), self.view.as_of, rules)

    @property
    def has_later(self) -> bool:
        """Whether the store holds something that was recorded after this moment."""
        return self.store.moment() > self.view.known_at

    @property
    def judged_on(self) -> int:
        """The day by which records expire: today, or the day that was asked for."""
        return max(self.view.as_of, self.today) if self._follows_today else self.view.as_of

    @property
    def today(self) -> int:
        """Today in Asia/Shanghai, days since 1970-01-01."""
        return to_day(self.clock().astimezone(SHANGHAI).date())

    @property
    def _follows_today(self) -> bool:
        return self.default and (self.snapshot is None or not self.snapshot.as_of_given)

    @property
    def is_stale(self) -> bool:
        """Whether a refresh would show something else: the store moved on, or a day passed."""
        if self.snapshot is None or not self.default:
            return False
        return self.has_later or self.judged_on > self.view.as_of

    @property
    def live(self) -> GraphView:
        """The store at the same day, as known now: ends do not wait for a refresh."""
        if not self._newest or self._newest[0].known_at < self.store.moment():
            self._newest[:] = [self.store.view(as_of=self.view.as_of)]
        return self._newest[0]

    def heading(self) -> Heading:
        """What every answer carries."""
        return Heading(
            snapshot=self.snapshot.id if self.snapshot else None,
            as_of=self.day,
            known_at=self.known,
            stale=self.is_stale,
        )

    @cached_property
    def day(self) -> date:
        """The day in the world."""
        return from_day(self.view.as_of)

    @cached_property
    def known(self) -> datetime:
        """The moment of knowing."""
        return moment_text(self.view.known_at)
