"""Dates of standards: a day, or a month or year alone, which stands for its first day, as an end for its last."""

import re
from datetime import date, timedelta

from graph_service.domain.intervals import to_day

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ]\d{2}:\d{2}.*)?")


def is_whole_day(text: str) -> bool:
    """Whether the date names a day.

    >>> is_whole_day("2020-02-29"), is_whole_day("2020-02")
    (True, False)
    """
    found = _DATE.fullmatch(text.strip())
    return found is not None and found[3] is not None


def first_day(text: str) -> int | None:
    """The first day that the date means, counted from 1970-01-01; None for what is no date.

    >>> first_day("1970-01-02T10:00:00Z"), first_day("1970-02"), first_day("2021-02-30"), first_day("soon")
    (1, 31, None, None)
    """
    day = _date(text)
    return None if day is None else to_day(day)


def day_after(text: str) -> int | None:
    """The first day after the date: its end as intervals are kept, half-open.

    >>> day_after("1970-01-02"), day_after("1970-01"), day_after("1970")
    (2, 31, 365)
    """
    day, found = _date(text), _DATE.fullmatch(text.strip())
    if day is None or found is None:
        return None
    try:
        if found[3] is not None:
            return to_day(day + timedelta(days=1))
        if found[2] is not None:
            return to_day(date(day.year + day.month // 12, day.month % 12 + 1, 1))
        return to_day(date(day.year + 1, 1, 1))
    except (ValueError, OverflowError):
        return None


def _date(text: str) -> date | None:
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return None
