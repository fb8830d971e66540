"""Frozen answers as plain values: nested for JSON, flat for a table or a data frame."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from graph_service.domain.facts import Evidence


def field_name(name: str) -> str:
    """Public name of a field: Python keeps `class` for itself, so the field is called `class_`."""
    return name.removesuffix("_")


def plain(value: Any) -> Any:
    """Value with dataclasses as dictionaries, tuples as lists, enums as their text, days as ISO text.

    >>> plain((date(2026, 1, 2), None))
    ['2026-01-02', None]
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {field_name(f.name): plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, str) or not isinstance(value, Iterable):
        return value
    return [plain(v) for v in value]


def flat(item: Any) -> dict[str, Any]:
    """One row of a table: an entity becomes id, kind and name; a list becomes one text; days stay days.

    Sentences are left out: they are the same in every row of a class or rule.
    """
    row: dict[str, Any] = {}
    for f in fields(item):
        value = getattr(item, f.name)
        if f.name not in {"statement", "title", "reason"} or isinstance(value, str | None):
            row.update(_cells(field_name(f.name), value))
    return row


def _word(value: Any) -> str:
    """An element of a list: where a fact stands as file and line, others as they are."""
    return f"{value.file}:{value.line}" if isinstance(value, Evidence) else str(value)


def _cells(name: str, value: Any) -> dict[str, Any]:
    if is_dataclass(value) and not isinstance(value, type):
        inner = flat(value)
        if "id" in inner:
            return {name: inner.pop("id"), **{f"{name}_{k}": v for k, v in inner.items()}}
        return {name: str(value)}
    if isinstance(value, Mapping):
        return {name: "; ".join(f"{k}={v}" for k, v in value.items()) or None}
    if isinstance(value, Enum):
        return {name: value.value}
    if isinstance(value, tuple | list):
        return {name: "; ".join(_word(v) for v in value) or None}
    return {name: value}
