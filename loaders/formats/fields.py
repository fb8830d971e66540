"""Fields of a nested record: taken out with a check of their form; what does not fit rejects the row."""

from collections.abc import Sequence
from typing import Any

from graph_service.domain.standards.days import day_after, first_day, is_whole_day
from graph_service.domain.standards.shares import share_of
from loaders.formats.gather import Said, Unfit
from loaders.normalize.dates import OPEN_YEAR
from loaders.reading.json_text import Number

LONGEST = 4000


def text_of(value: object, column: str) -> str | None:
    """A text without surrounding space; None for none. Raises Unfit for what is no text."""
    if value is None:
        return None
    if not isinstance(value, str) or isinstance(value, Number) or len(value) > LONGEST:
        raise Unfit("bad_field", column)
    return " ".join(value.split()) or None


def object_of(value: object, column: str) -> dict[str, Any]:
    """An object; an empty one for none. Raises Unfit."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Unfit("bad_field", column)
    return value


def list_of(value: object, column: str) -> list[Any]:
    """A list; an empty one for none. Raises Unfit."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise Unfit("bad_field", column)
    return value


def objects_of(value: object, column: str) -> list[dict[str, Any]]:
    """A list of objects. Raises Unfit."""
    return [object_of(v, column) for v in list_of(value, column)]


def number_of(value: object, column: str) -> str | None:
    """A number of the JSON text, digit by digit. Raises Unfit."""
    if value is None:
        return None
    if not isinstance(value, Number):
        raise Unfit("bad_percent", column)
    return str(value)


def start_of(said: Said, value: object, column: str) -> int | None:
    """The day on which something began; of a month or year its first, with a note."""
    text = text_of(value, column)
    if text is None:
        return None
    day = first_day(text)
    if day is None:
        raise Unfit("bad_date", column)
    if _is_open(text):
        return None
    if not is_whole_day(text):
        said.note("month_only", column)
    return day


def end_of(said: Said, value: object, column: str) -> int | None:
    """The first day on which something was over; a month or year lasts to its end, with a note."""
    text = text_of(value, column)
    if text is None:
        return None
    if first_day(text) is not None and _is_open(text):
        return None
    day = day_after(text)
    if day is None:
        raise Unfit("bad_date", column)
    if not is_whole_day(text):
        said.note("whole_period", column)
    return day


def _is_open(date: str) -> bool:
    """Whether a date lies so far ahead that it means no date, as in other feeds."""
    return int(date.strip()[:4]) >= OPEN_YEAR


def fraction(percent: str, column: str) -> float:
    """A percentage as a fraction. Raises Unfit below nothing and above all."""
    try:
        share = share_of(percent)
    except ArithmeticError:
        raise Unfit("bad_percent", column) from None
    if share < 0:
        raise Unfit("negative_share", column)
    if share > 1:
        raise Unfit("share_over_100", column)
    return share


def bounds(given: dict[str, str], column: str, name: str = "share") -> tuple[float | None, dict[str, Any]]:
    """The exact share, else attributes with the bounds that are given.

    >>> bounds({"minimum": "25", "exclusiveMaximum": "50"}, "share")
    (None, {'share_lower': 0.25, 'share_upper': 0.5, 'share_upper_open': True})
    """
    parts = {k: fraction(v, column) for k, v in given.items()}
    lower = _first(parts, ("minimum", "exclusiveMinimum"))
    upper = _first(parts, ("maximum", "exclusiveMaximum"))
    if parts.get("exact") is not None:
        return parts["exact"], {}
    if lower is not None and upper is not None and lower > upper:
        raise Unfit("bad_percent", column)
    if lower is not None and lower == upper and "minimum" in parts and "maximum" in parts:
        return lower, {}
    said = {f"{name}_lower": lower, f"{name}_upper": upper}
    opened = {
        f"{name}_lower_open": True if lower is not None and "minimum" not in parts else None,
        f"{name}_upper_open": True if upper is not None and "maximum" not in parts else None,
    }
    return None, {k: v for k, v in (said | opened).items() if v is not None}


def _first(parts: dict[str, float], names: Sequence[str]) -> float | None:
    return next((parts[n] for n in names if n in parts), None)
