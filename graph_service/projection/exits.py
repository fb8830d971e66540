"""Events in the life of records, as facts of kind EXIT tell them."""

from collections.abc import Mapping
from datetime import date

from graph_service.domain.intervals import to_day
from graph_service.domain.sanctions import Exit, ExitEvent

# The word of an event in a feed of exits and in the law's vocabulary.
EVENTS: Mapping[str, ExitEvent] = {
    "repair": ExitEvent.REPAIRED,
    "revocation": ExitEvent.REVOKED,
    "objection": ExitEvent.OBJECTED,
    "objection_rejected": ExitEvent.OBJECTION_ENDED,
    "objection_upheld": ExitEvent.OBJECTION_UPHELD,
    "suspension": ExitEvent.SUSPENDED,
    "suspension_end": ExitEvent.SUSPENSION_ENDED,
} | {event.value: event for event in ExitEvent}


def exit_from(entity: str, role: str | None, part: str | None, day: int | None) -> Exit | None:
    """The event that an EXIT fact tells: `role` is its word, `part` is `record kind|document or empty|ISO date`.

    None for one that names no known event, no record kind or no day.

    >>> exit_from("uscc:1", "repair", "wage_arrears|甲1号|2024-03-01", None).event.value
    'repaired'
    """
    event = EVENTS.get(role or "")
    kind, _, rest = (part or "").partition("|")
    document, _, stated = rest.rpartition("|")
    when = _day(stated) if day is None else day
    if event is None or not kind or when is None:
        return None
    return Exit(entity, kind, event, when, document or None)


def _day(text: str) -> int | None:
    try:
        return to_day(date.fromisoformat(text))
    except ValueError:
        return None
