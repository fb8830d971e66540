"""What a row of deliveries says about one thing: the pure core of the bitemporal store.

A *key* is one thing that one source speaks of (this holder of this firm; this record). Each standing delivery either
asserts it, with the content it gives, or, when it is a complete list that should contain it, denies it. From these,
in the order of their dates, follows what was so when. The order of loading does not matter, and a withdrawn
delivery leaves no trace in the result.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Statement:
    """One delivery about one key. `content` is opaque; None denies. Days count from 1970-01-01.

    `rider` goes along into the segments and decides nothing.
    """

    date: int
    order: int
    content: tuple[object, ...] | None
    valid_from: int | None = None
    valid_to: int | None = None
    rider: object = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Segment:
    """An interval during which `statement`'s content holds, by all that stands."""

    statement: Statement
    valid_from: int | None
    valid_to: int | None


def timeline(statements: Sequence[Statement], corrects: bool) -> list[Segment]:
    """Segments that follow from `statements`, in order of time, disjoint.

    `corrects`: a later statement with other content replaces the earlier one as a correction (records, documents);
    otherwise it is a change that takes effect at its stated start, or, without a later start, at its date.

    A wrote 40 % in January, the complete list of March has no such row, the one of June has 60 %:

    >>> s = [Statement(31, 1, ("40%",)), Statement(90, 2, None), Statement(181, 3, ("60%",))]
    >>> [(g.statement.content, g.valid_from, g.valid_to) for g in timeline(s, corrects=False)]
    [(('40%',), None, 90), (('60%',), 181, None)]
    """
    segments: list[Segment] = []
    present = False
    for s in sorted(statements, key=lambda s: (s.date, s.order)):
        if s.content is None:
            _end(segments, s.date)
            present = False
        elif not segments or not present:
            segments.append(_start(segments, s))
            present = True
        else:
            _continue(segments, s, corrects)
            _clip(segments)
    return [g for g in segments if g.valid_from is None or g.valid_to is None or g.valid_from < g.valid_to]


def _end(segments: list[Segment], day: int) -> None:
    """Close what is open at `day`; what began later than a list that lacks it was not yet to be seen there."""
    while segments and segments[-1].valid_from is not None and segments[-1].valid_from >= day:
        segments.pop()
    if segments and _overlaps(segments[-1], day):
        segments[-1] = replace(segments[-1], valid_to=day)


def _start(segments: list[Segment], s: Statement) -> Segment:
    """First appearance keeps its stated start; a return after a denial starts no earlier than the end before it."""
    if not segments or (s.valid_from is not None and not _overlaps(segments[-1], s.valid_from)):
        return Segment(s, s.valid_from, s.valid_to)
    return Segment(s, s.date, s.valid_to)


def _overlaps(segment: Segment, day: int) -> bool:
    return segment.valid_to is None or day < segment.valid_to


def _clip(segments: list[Segment]) -> None:
    """What is stated now begins no earlier than what a complete list ended before it."""
    if len(segments) > 1 and segments[-2].valid_to is not None:
        last, floor = segments[-1], segments[-2].valid_to
        if last.valid_from is None or last.valid_from < floor:
            segments[-1] = replace(last, valid_from=floor)


def _continue(segments: list[Segment], s: Statement, corrects: bool) -> None:
    """A further statement about something that is present."""
    last = segments[-1]
    same = last.statement.content == s.content
    stated_later = s.valid_from is not None and (last.valid_from is None or s.valid_from > last.valid_from)
    if same and (not stated_later or corrects):
        start = s.valid_from if corrects and s.valid_from is not None else last.valid_from
        segments[-1] = Segment(last.statement if _same_interval(last, s) else s, start, s.valid_to)
    elif corrects:
        segments[-1] = Segment(s, s.valid_from if s.valid_from is not None else last.valid_from, s.valid_to)
    else:
        _change(segments, s, stated_later)


def _same_interval(last: Segment, s: Statement) -> bool:
    return last.statement.valid_from == s.valid_from and last.statement.valid_to == s.valid_to


def _change(segments: list[Segment], s: Statement, stated_later: bool) -> None:
    """Other content from the day on which it is said to start, else from the day of the delivery."""
    last = segments[-1]
    at = s.valid_from if stated_later else s.date
    if at is None or (last.valid_from is not None and at <= last.valid_from):
        segments[-1] = Segment(s, last.valid_from, s.valid_to)
        return
    if last.valid_to is None or last.valid_to > at:
        segments[-1] = replace(last, valid_to=at)
    if s.valid_to is None or s.valid_to > at:
        segments.append(Segment(s, at, s.valid_to))
