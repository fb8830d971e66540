"""The life of a record about an entity: in force, objected, suspended, and how it ends.

Words of law: *repair* ends publication and use; *revocation* says that the decision should not stand; an
*objection* marks the record while it is decided and keeps it in force; a *suspension* lifts it for a time.
Pure: events and days come in, intervals go out. Days count from 1970-01-01, intervals are half-open.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import groupby

from graph_service.domain.intervals import Interval, earlier_end, merged, subtracted


class RecordStatus(StrEnum):
    """What a record is on a day, in the words of the public contract."""

    IN_FORCE = "in_force"
    EXPIRED = "expired"
    REPAIRED = "repaired"
    REVOKED = "revoked"
    OBJECTED = "objected"
    SUSPENDED = "suspended"

    @property
    def title_zh(self) -> str:
        """The status as an officer reads it."""
        return _STATUS_TITLES[self.value]


_STATUS_TITLES = {
    "in_force": "公示中",
    "expired": "公示期届满",
    "repaired": "已修复",
    "revoked": "已撤销",
    "objected": "异议处理中",
    "suspended": "重整期间暂停",
}


class ExitEvent(StrEnum):
    """What can happen to a record; the role of a fact of kind `exit`."""

    REPAIRED = "repaired"
    REVOKED = "revoked"
    OBJECTED = "objected"
    OBJECTION_ENDED = "objection_ended"  # rejected, or ended without saying how
    OBJECTION_UPHELD = "objection_upheld"  # as if revoked on that day
    SUSPENDED = "suspended"
    SUSPENSION_ENDED = "suspension_ended"


_BRACKETS = str.maketrans("〔【[｛{〈《「『〕】]｝}〉》」』", "(((((((((" + ")))))))))")


@lru_cache(maxsize=4096)
def compared_document(number: str | None) -> str | None:
    """A document number as it is compared: one kind of bracket, half-width, no spaces.

    >>> compared_document("三市监严〔2026〕7号") == compared_document("三市监严［２０２６］ 7号")
    True
    """
    if number is None:
        return None
    return "".join(unicodedata.normalize("NFKC", number).translate(_BRACKETS).split())


@dataclass(frozen=True, slots=True)
class Record:
    """A record as a source states it: `term` is the interval for which it would stand if nothing happened.

    `document` is kept as documents are compared.
    """

    id: str
    entity: str
    kind: str
    document: str | None
    term: Interval

    def __post_init__(self) -> None:
        """Offices write one number with different brackets."""
        object.__setattr__(self, "document", compared_document(self.document))


@dataclass(frozen=True, slots=True)
class Exit:
    """An event in the life of one record, or, without a document number, of all of that kind in force that day."""

    entity: str
    kind: str
    event: ExitEvent
    day: int
    document: str | None = None

    def __post_init__(self) -> None:
        """Offices write one number with different brackets."""
        object.__setattr__(self, "document", compared_document(self.document))


@dataclass(frozen=True, slots=True)
class RecordLife:
    """What became of a record, by the events known.

    `stands` is the time from its start to its end by term, repair or revocation; `in_force` the same without
    suspensions, `seeding` the same also without objections: only then may it say something about others.
    """

    record: Record
    stands: Interval
    in_force: tuple[Interval, ...]
    seeding: tuple[Interval, ...]
    objected: tuple[Interval, ...]
    suspended: tuple[Interval, ...]
    repaired_on: int | None
    revoked_on: int | None

    @property
    def is_visible(self) -> bool:
        """Whether the record may stand in any answer: a repaired or revoked one leaves every one of them."""
        return self.repaired_on is None and self.revoked_on is None

    @property
    def is_label(self) -> bool:
        """Whether it may teach a model that something happened: revoked ones did not happen, objected ones did."""
        return self.revoked_on is None

    def is_in_force(self, day: int) -> bool:
        """Whether it counts against the entity itself on that day (objected ones do, suspended ones do not)."""
        return any(i.contains(day) for i in self.in_force)

    def is_seed(self, day: int) -> bool:
        """Whether it may say something about others on that day: in force, visible and not objected to."""
        return self.is_visible and any(i.contains(day) for i in self.seeding)

    def status_on(self, day: int) -> RecordStatus | None:
        """What the record is on that day; `None` before its start."""
        if self.revoked_on is not None and self.revoked_on <= day:
            return RecordStatus.REVOKED
        if self.repaired_on is not None and self.repaired_on <= day:
            return RecordStatus.REPAIRED
        start, end = self.record.term
        if start is not None and day < start:
            return None
        if end is not None and end <= day:
            return RecordStatus.EXPIRED
        if any(i.contains(day) for i in self.suspended):
            return RecordStatus.SUSPENDED
        objected = any(i.contains(day) for i in self.objected)
        return RecordStatus.OBJECTED if objected else RecordStatus.IN_FORCE


def record_life(record: Record, exits: Iterable[Exit], today: int) -> RecordLife:
    """What became of a record, by those of the exits that concern it and have happened by `today`.

    `exits` may hold events of other records; they are left out. The order in which they are given does not
    matter.

    >>> life = record_life(Record("r", "uscc:1", "wage_arrears", "甲1号", Interval(0, 100)),
    ...                    [Exit("uscc:1", "wage_arrears", ExitEvent.REPAIRED, 40, "甲1号")], today=50)
    >>> life.stands, life.is_visible
    (Interval(start=0, end=40), False)
    """
    mine = [e for e in exits_of(record, exits) if e.day <= today]
    repaired = min((e.day for e in mine if e.event is ExitEvent.REPAIRED), default=None)
    revoked = min((e.day for e in mine if e.event in _REVOKING), default=None)
    stands = record.term.until(earlier_end(repaired, revoked))
    objected = _spans(
        mine, ExitEvent.OBJECTED, (ExitEvent.OBJECTION_ENDED, ExitEvent.OBJECTION_UPHELD), stands
    )
    suspended = _spans(mine, ExitEvent.SUSPENDED, (ExitEvent.SUSPENSION_ENDED,), stands)
    seeding = subtracted(stands, (*suspended, *objected))
    return RecordLife(
        record, stands, subtracted(stands, suspended), seeding, objected, suspended, repaired, revoked
    )


def exits_of(record: Record, exits: Iterable[Exit]) -> list[Exit]:
    """Those of the exits that concern the record, in the order of their days.

    Same entity, same kind, same document number. One without a document number concerns every record of the
    kind that stood on that day, by its term and by what happened before; a suspended or objected one stands.
    """
    out: list[Exit] = []
    ended = False
    for event in sorted(exits, key=_order):
        if (event.entity, event.kind) != (record.entity, record.kind):
            continue
        stood = not ended and record.term.contains(event.day)
        if event.document == record.document if event.document is not None else stood:
            out.append(event)
            ended = ended or event.event in _ENDING
    return out


def listed_on(lives: Iterable[RecordLife], listed_kinds: frozenset[str], day: int) -> bool:
    """Whether an entity with these records is listed: a visible record of a `listed` kind is in force that day."""
    return any(v.is_visible and v.record.kind in listed_kinds and v.is_in_force(day) for v in lives)


_REVOKING = frozenset({ExitEvent.REVOKED, ExitEvent.OBJECTION_UPHELD})
_ENDING = _REVOKING | {ExitEvent.REPAIRED}
_RANK = {event: rank for rank, event in enumerate(ExitEvent)}


def _order(event: Exit) -> tuple[int, bool, int]:
    """By day; on one day first what marks, then what ends, so that the result does not hang on the input's order."""
    return event.day, event.event in _ENDING, _RANK[event.event]


def _spans(
    exits: Sequence[Exit], opening: ExitEvent, closing: tuple[ExitEvent, ...], within: Interval
) -> tuple[Interval, ...]:
    """Intervals between events that open and events that close, cut to `within`.

    On one day that has both, the closing one ends what was open before, and the opening one starts anew;
    where nothing was open, the two are one short matter that ended the day it began.
    """
    out: list[Interval] = []
    since: int | None = None
    for day, events in groupby(exits, key=lambda e: e.day):
        kinds = {e.event for e in events}
        opens, closes = opening in kinds, bool(kinds.intersection(closing))
        if since is not None and closes:
            out.append(Interval(since, day))
            since = day if opens else None
        elif since is None and opens and not closes:
            since = day
    if since is not None:
        out.append(Interval(since, None))
    return merged(i.intersection(within) for i in out)
