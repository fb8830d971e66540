"""Events in the life of records, as facts of kind EXIT tell them."""

from datetime import date

from graph_service.domain.intervals import to_day
from graph_service.domain.sanctions import Exit, ExitEvent


def exit_from(entity: str, role: str | None, part: str | None, day: int | None) -> Exit | None:
    """The event that an EXIT fact tells: `role` is the event, `part` is `record kind|document or empty|ISO date`.

    None for one that names no known event, no record kind or no day.

    >>> exit_from("uscc:1", "repaired", "wage_arrears|甲1号|2024-03-01", None).event.value
    'repaired'
    """
    kind, _, rest = (part or "").partition("|")
    document, _, stated = rest.rpartition("|")
    when = _day(stated) if day is None else day
    if role not in set(ExitEvent) or not kind or when is None:
        return None
    return Exit(entity, kind, ExitEvent(role), when, document or None)


def _day(text: str) -> int | None:
    try:
        return to_day(date.fromisoformat(text))
    except ValueError:
        return None
