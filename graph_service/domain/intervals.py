"""Half-open intervals of days, and days themselves.

A day is the number of days since 1970-01-01 (a calendar day in Asia/Shanghai). An interval holds its `start`
and not its `end`; `None` means open: in force from ever, or until further notice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

EPOCH = date(1970, 1, 1)


def to_day(value: date) -> int:
    """The day number of a calendar date: `to_day(date(1970, 1, 2)) == 1`."""
    return (value - EPOCH).days


def from_day(day: int) -> date:
    """The calendar date of a day number."""
    return EPOCH + timedelta(days=day)


class Interval(NamedTuple):
    """Days from `start` (included) to `end` (excluded); `None` is open.

    >>> Interval(10, 12).contains(11), Interval(10, 12).contains(12)
    (True, False)
    """

    start: int | None = None
    end: int | None = None

    def contains(self, day: int) -> bool:
        """Whether the day lies in the interval."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    @property
    def is_empty(self) -> bool:
        """Whether no day lies in it."""
        return self.start is not None and self.end is not None and self.start >= self.end

    def overlaps(self, other: Interval) -> bool:
        """Whether some day lies in both."""
        return not self.intersection(other).is_empty and not self.is_empty and not other.is_empty

    def intersection(self, other: Interval) -> Interval:
        """The days that lie in both; test `is_empty` on the result."""
        return Interval(later_start(self.start, other.start), earlier_end(self.end, other.end))

    def until(self, end: int | None) -> Interval:
        """The part before `end`."""
        return self.intersection(Interval(None, end))


def later_start(one: int | None, other: int | None) -> int | None:
    """The later of two starts; `None` is earlier than every day."""
    if one is None or other is None:
        return other if one is None else one
    return max(one, other)


def earlier_end(one: int | None, other: int | None) -> int | None:
    """The earlier of two ends; `None` is later than every day."""
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same days as few disjoint intervals, ordered; touching ones become one.

    >>> merged([Interval(3, 5), Interval(1, 3), Interval(9, 9)])
    (Interval(start=1, end=5),)
    """
    out: list[Interval] = []
    for item in sorted((i for i in intervals if not i.is_empty), key=_by_start):
        last = out[-1] if out else None
        if last is None or (last.end is not None and item.start is not None and item.start > last.end):
            out.append(item)
        else:
            end = None if last.end is None or item.end is None else max(last.end, item.end)
            out[-1] = Interval(last.start, end)
    return tuple(out)


def subtracted(whole: Interval, holes: Iterable[Interval]) -> tuple[Interval, ...]:
    """The days of `whole` that lie in none of the holes, as disjoint ordered intervals.

    >>> subtracted(Interval(0, 10), [Interval(2, 4)])
    (Interval(start=0, end=2), Interval(start=4, end=10))
    """
    rest, out = whole, []
    for hole in merged(holes):
        if hole.start is not None:
            out.append(rest.until(hole.start))
        if hole.end is None:
            return tuple(i for i in out if not i.is_empty)
        rest = rest.intersection(Interval(hole.end, None))
    out.append(rest)
    return tuple(i for i in out if not i.is_empty)


def _by_start(item: Interval) -> tuple[bool, int]:
    return (item.start is not None, item.start or 0)
