"""The object that answers questions."""

import os
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from graph_service import snapshots
from graph_service.analysis.paths import Mode
from graph_service.credit_graph import (
    around,
    associating,
    changes,
    controlling,
    deciding,
    gathering,
    listed,
    listing,
    looking,
    marking,
    owning,
    parties,
    pathing,
    patterning,
    prechecks,
)
from graph_service.credit_graph.deciding import Grounds
from graph_service.credit_graph.marking import Chosen
from graph_service.credit_graph.moment import Clock, Moment, microseconds, wall_clock
from graph_service.credit_graph.opening import existing_store
from graph_service.credit_graph.owning import Wanted
from graph_service.credit_graph.pathing import PathQuestion
from graph_service.credit_graph.patterning import Sought
from graph_service.credit_graph.prechecks import Applicant, Application
from graph_service.credit_graph.walking import Plan
from graph_service.domain.facts import FactKind
from graph_service.domain.intervals import to_day
from graph_service.office import AuditLog
from graph_service.results import (
    Associations,
    BeneficialOwnersAnswer,
    Changes,
    CommunitiesAnswer,
    Controlled,
    Controllers,
    Decision,
    EntityAnswer,
    Groups,
    Heading,
    History,
    Holdings,
    Hubs,
    LeadDecision,
    Leads,
    Matches,
    Neighbours,
    Owners,
    PathsAnswer,
    PatternsAnswer,
    Precheck,
    Records,
    RelatedParties,
    SearchResult,
)
from graph_service.settings import settings_from
from graph_service.store.base import GraphStore

if TYPE_CHECKING:
    import pandas as pd

Day = int | date
Instant = int | datetime


class CreditGraph:
    """A store of facts, asked at one moment.

    Without a moment the answers are the current snapshot's; without a snapshot they come from the store as
    it is. A moment is asked for with `open(as_of=…, known_at=…)` or `at(…)`. References are ids, bare codes,
    or names that exactly one entity bears. Raises UnknownEntity, AmbiguousEntity.

        with CreditGraph.open("sqlite:///city.db") as graph:
            graph.associations("uscc:91411202MA40AB121R").to_frame()
    """

    def __init__(self, moment: Moment, home: Path) -> None:
        self._moment = moment
        self._home = home

    @classmethod
    def open(
        cls,
        url: str,
        as_of: Day | None = None,
        known_at: Instant | None = None,
        *,
        home: Path | None = None,
        clock: Clock = wall_clock,
    ) -> Self:
        """Open a store by its URL.

        `as_of`: a date, or days since 1970-01-01. `known_at`: a datetime, or microseconds since 1970 UTC.
        `home`: folder of the snapshots; default that of the settings. Raises StoreError, WrongCall.
        """
        settings = settings_from(os.environ, url)
        folder = home or settings.home
        store = existing_store(settings)
        return cls(_moment(store, folder, (as_of, known_at), clock), folder)

    def at(self, as_of: Day | None = None, known_at: Instant | None = None) -> "CreditGraph":
        """The same store at another moment; without arguments at the current snapshot's."""
        moment = _moment(self._moment.store, self._home, (as_of, known_at), self._moment.clock)
        return CreditGraph(moment, self._home)

    def close(self) -> None:
        """Let go of the store."""
        self._moment.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def heading(self) -> Heading:
        """What every answer carries: snapshot, as_of, known_at, stale."""
        return self._moment.heading()

    # ------------------------------------------------------------ questions
    def entity(self, reference: str) -> EntityAnswer:
        """Who an entity is, by the best-ranked source of each attribute, and whether it is listed."""
        return looking.entity(self._moment, reference)

    def search(self, text: str, limit: int = 20) -> SearchResult:
        """Entities by name, former name, part of it, code, alias, telephone, address, pinyin, initials."""
        return looking.search(self._moment, text, limit)

    def records(self, reference: str) -> Records:
        """Records about an entity, expired ones marked; repaired and revoked ones are in no answer."""
        return listed.records(self._moment, reference)

    def history(self, reference: str) -> History:
        """Every fact ever recorded about an entity, closed ones included."""
        return looking.history(self._moment, reference)

    def neighbours(
        self, reference: str, depth: int = 1, kinds: Sequence[str] = (), limit: int = 200
    ) -> Neighbours:
        """What surrounds an entity within `depth` relations of these kinds (all when empty)."""
        plan = Plan(depth, tuple(FactKind[k.upper()] for k in kinds), limit)
        return around.neighbours(self._moment, reference, plan)

    def owners(
        self, reference: str, owner: str | None = None, least: float = 0.0, limit: int = 200
    ) -> Owners:
        """Who owns an entity in the end: stated shares, look-through interests with their bounds, chains.

        `owner`: only this one, with the facts of its chains; `least`: least upper bound of the interest.
        """
        return owning.owners(self._moment, reference, Wanted(owner, least, limit))

    def holdings(self, reference: str, least: float = 0.0, limit: int = 200) -> Holdings:
        """All that an entity has an interest in."""
        return owning.holdings(self._moment, reference, Wanted(None, least, limit))

    def controller(self, reference: str) -> Controllers:
        """Who controls an entity by votes, all ultimate controllers first; why nobody does, where nobody does."""
        return controlling.controllers(self._moment, reference)

    def controlled(self, reference: str, limit: int = 1000) -> Controlled:
        """What an entity controls by votes."""
        return controlling.controlled(self._moment, reference, limit)

    def group(self, reference: str, limit: int = 1000) -> Groups:
        """The enterprises under common control with an entity, for each of its ultimate controllers."""
        return controlling.group(self._moment, reference, limit)

    def beneficial_owners(self, reference: str) -> BeneficialOwnersAnswer:
        """The natural persons behind an enterprise by the tests of order 3/2024: computed, not filed."""
        return parties.beneficial_owners(self._moment, reference)

    def related_parties(self, reference: str) -> RelatedParties:
        """Related parties by company law, by CAS 36 and by the 5 % rule, each told apart."""
        return parties.related(self._moment, reference)

    def patterns(
        self, kind: str | None = None, of: str | None = None, limit: int = 50, *, with_cleared: bool = False
    ) -> PatternsAnswer:
        """Rings, successors, clusters and sudden changes, with evidence: leads to check.

        `with_cleared`: also those that an officer cleared.
        """
        return patterning.patterns(self._moment, Sought(kind, of, limit, with_cleared))

    def communities(self, of: str | None = None, limit: int = 20) -> CommunitiesAnswer:
        """The largest communities over all relations; with `of` that of one entity, with its members."""
        return gathering.communities(self._moment, of, limit)

    def paths(  # noqa: PLR0913  (what one may ask of paths; all but the ends by keyword)
        self, sources: Sequence[str], targets: Sequence[str], *, mode: Mode = "shortest", kinds: Sequence[str] = (),
        length: int = 6, limit: int = 20, least_share: float = 0.0, through_hubs: bool = False,
    ) -> PathsAnswer:  # fmt: skip
        """The paths between two sets of at most 50 entities each.

        `mode`: shortest (all of the least length), strongest (the `limit` of most strength), all (up to `length`).
        """
        chosen = tuple(FactKind[k.upper()] for k in kinds)
        question = PathQuestion(sources, targets, mode, chosen, length, limit, least_share, through_hubs)
        return pathing.paths(self._moment, question)

    def associations(self, reference: str, *, with_cleared: bool = False) -> Associations:
        """The listed entities that one hangs together with, by which rules: leads to check, with evidence.

        `with_cleared`: also those that an officer cleared.
        """
        return associating.associations(self._moment, reference, with_cleared=with_cleared)

    def changes(self, reference: str, since: Day | str) -> Changes:
        """What differs for an entity since a day, or since a kept snapshot (`s1-…`): facts, owners, control, leads.

        Since a day, both days are seen with what is known now; since a snapshot, as it was known then.
        """
        return changes.changes(self._moment, self._earlier(since), reference)

    def leads(self, mark: str | None = None, of: str | None = None, limit: int = 200) -> Leads:
        """Findings that officers marked, the last marked first: with a mark, about an entity, or all."""
        return marking.leads(self._moment, Chosen(mark, of, limit))

    def cleared_leads(self) -> frozenset[tuple[str, str, str]]:
        """Enterprise, rule and target of each finding that officers cleared, unless its evidence changed since."""
        return marking.cleared(self._moment)

    def most_associated(self, limit: int = 10) -> tuple[Associations, ...]:
        """The enterprises of the snapshot with the most and strongest associations. Raises NoSnapshot."""
        chosen = associating.most_associated(associating.require_snapshot(self._moment), limit)
        return tuple(associating.associations(self._moment, entity) for entity in chosen)

    def matches(self, limit: int = 200) -> Matches:
        """Ids that are one entity, confirmed or derived, and candidates that wait for an officer; so many of each."""
        return listing.matches(self._moment, limit)

    def hubs(self) -> Hubs:
        """Neutral hubs that officers named."""
        return listing.hubs(self._moment)

    def precheck(  # noqa: PLR0913  (what an application holds; all by keyword)
        self, *, purpose: str, case: str, by: str, persons: Sequence[Applicant] = (), addresses: Sequence[str] = (),
        contacts: Sequence[str] = (), person_key: str | None = None,
    ) -> Precheck:  # fmt: skip
        """What the data say about a firm to be founded, or a person to take office: four blocks, logged before it is told.

        `purpose`, `case`: why, and the file number; both are kept in the audit log with `by`. `person_key`: default
        that of the settings. Raises WrongCall, WrongPersonKey, AuditError.
        """
        key = person_key or settings_from(os.environ).person_key
        asked = Application(persons, addresses, contacts, purpose, case, by)
        return prechecks.precheck(self._moment, asked, key.encode() if key else None, AuditLog(self._home))

    # ------------------------------------------------------------ an officer's decisions
    def confirm_match(self, one: str, other: str, *, reason: str, by: str) -> Decision:
        """State that two ids are one entity."""
        return deciding.confirm_match(self._moment, one, other, Grounds(reason, by))

    def undo_match(self, one: str, other: str, *, reason: str, by: str) -> Decision:
        """Take back what an officer stated of two ids; reject what the rules derived, or a candidate."""
        return deciding.undo_match(self._moment, one, other, Grounds(reason, by))

    def add_hub(self, reference: str, *, reason: str, by: str) -> Decision:
        """Name an entity a neutral hub."""
        return deciding.add_hub(self._moment, reference, Grounds(reason, by))

    def end_hub(self, reference: str, *, reason: str, by: str) -> Decision:
        """End an officer's hub; reason and name are kept."""
        return deciding.end_hub(self._moment, reference, Grounds(reason, by))

    def mark_lead(self, finding: str, mark: str, *, reason: str, by: str) -> LeadDecision:
        """Mark a finding pending, confirmed, unfounded, no_action or promoted; counts at once, without a refresh."""
        return marking.mark_lead(self._moment, finding, mark, Grounds(reason, by))

    def undo_lead(self, finding: str, *, reason: str, by: str) -> LeadDecision:
        """Take back the mark on a finding."""
        return marking.undo_lead(self._moment, finding, Grounds(reason, by))

    # ------------------------------------------------------------ everything at once
    def export(
        self, what: str, path: Path, advance: Callable[[int], None] | None = None, least: float | None = None
    ) -> dict[str, Any]:
        """Write all of something (entities, owners, associations …) to a file by its suffix; whole or not at all.

        Returns what was written where, how many rows, and the moment. `advance` is told of every chunk. `least`: of
        owners, the least upper bound of an interest; default 0.05.
        """
        from graph_service.credit_graph.exports import export  # noqa: PLC0415  (pyarrow's writers load slowly)

        return export(self._moment, what, path, advance or (lambda _rows: None), least)

    def entities_frame(self) -> "pd.DataFrame":
        """All entities, with the columns of the export."""
        return self._frame("entities")

    def relations_frame(self) -> "pd.DataFrame":
        """All relations, with the columns of the export."""
        return self._frame("relations")

    def records_frame(self) -> "pd.DataFrame":
        """All records, with the columns of the export."""
        return self._frame("records")

    def owners_frame(self) -> "pd.DataFrame":
        """All interests of at least 5 %, with the columns of the export."""
        return self._frame("owners")

    def control_frame(self) -> "pd.DataFrame":
        """Who controls whom, with the columns of the export."""
        return self._frame("control")

    def groups_frame(self) -> "pd.DataFrame":
        """Enterprises under common control, with the columns of the export."""
        return self._frame("groups")

    def associations_frame(self) -> "pd.DataFrame":
        """All associations of the snapshot, with the columns of the export."""
        return self._frame("associations")

    def _earlier(self, since: Day | str) -> Moment:
        now = self._moment
        if isinstance(since, str):
            kept = snapshots.open_snapshot(self._home, since)
            view = now.store.view(kept.as_of, kept.known_at)
            return Moment(now.store, view, kept, default=False, clock=now.clock, home=now.home)
        return _moment(now.store, self._home, (since, now.view.known_at), now.clock)

    def _frame(self, what: str) -> "pd.DataFrame":
        from graph_service.credit_graph.exports import frame  # noqa: PLC0415  (pandas loads slowly)

        return frame(self._moment, what)


def _moment(store: GraphStore, home: Path, asked: tuple[Day | None, Instant | None], clock: Clock) -> Moment:
    """The moment asked for, else the current snapshot's, else the store as it is."""
    as_of, known_at = asked
    day = to_day(as_of) if isinstance(as_of, date) else as_of
    instant = microseconds(known_at) if isinstance(known_at, datetime) else known_at
    default = day is None and instant is None
    current = snapshots.current(home) if default else None
    view = store.view(current.as_of, current.known_at) if current else store.view(day, instant)
    return Moment(store, view, current, default=default, clock=clock, home=home)
