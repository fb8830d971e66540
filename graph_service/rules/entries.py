"""Entries of TOML rule files, read field by field; a mistake is one sentence naming file, entry and field."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

from graph_service.domain.errors import RulesError
from graph_service.domain.intervals import Interval, to_day

CONFIRMATIONS = ("V", "K", "?")
"""How sure an entry is: V verified at its source, K known from practice, ? to be confirmed."""


@dataclass
class Entry:
    """One table of a rules file. Reading a field marks it as known; `close` refuses what nobody read."""

    file: str
    label: str
    data: Mapping[str, Any]
    _read: set[str] = field(default_factory=set)

    def text(self, name: str, default: str | None = None) -> str:
        """A text; without a default it must stand there and not be empty."""
        value = self._value(name, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            self.refuse(name, "must be a text that is not empty")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty where the field is missing."""
        value = self._value(name, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            self.refuse(name, "must be a list of texts")
        return tuple(value)

    def choice(self, name: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """One of the allowed words."""
        value = self._value(name, default)
        if value not in allowed:
            self.refuse(name, f"must be one of {', '.join(allowed)}")
        return str(value)

    def flag(self, name: str, default: bool | None = None) -> bool:
        """True or false."""
        value = self._value(name, default)
        if not isinstance(value, bool):
            self.refuse(name, "must be true or false")
        return value

    def number(self, name: str) -> float:
        """A number that is not negative."""
        value = self._value(name, None)
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            self.refuse(name, "must be a number that is not negative")
        return float(value)

    def months(self, name: str) -> int | None:
        """A whole number of months above zero; `None` where the field is missing."""
        value = self.data.get(name)
        self._read.add(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value <= 0):
            self.refuse(name, "must be a whole number of months above 0, or left out")
        return value

    def validity(self) -> Interval:
        """From `valid_from` to `valid_to`, both days included as laws say it; either may be missing."""
        first, last = self._day("valid_from"), self._day("valid_to")
        if first is not None and last is not None and last < first:
            self.refuse("valid_to", "must not lie before valid_from")
        return Interval(first, None if last is None else last + 1)

    def close(self) -> None:
        """Refuse a field that no rule knows: most often a slip of the pen."""
        for name in self.data:
            if name not in self._read:
                self.refuse(name, f"is not known here; known are {', '.join(sorted(self._read))}")

    def refuse(self, name: str, what: str) -> NoReturn:
        """Raise the one sentence about a field.

        Raises:
            RulesError: always.
        """
        raise RulesError(f'{self.file}: entry "{self.label}", field "{name}" {what}; correct it there.')

    def _value(self, name: str, default: Any) -> Any:
        self._read.add(name)
        if name in self.data:
            return self.data[name]
        if default is None:
            self.refuse(name, "is missing")
        return default

    def _day(self, name: str) -> int | None:
        self._read.add(name)
        value = self.data.get(name)
        if value is None:
            return None
        if isinstance(value, datetime) or not isinstance(value, date):
            self.refuse(name, "must be a date written like 2024-11-01, without quotes")
        return to_day(value)


def read_document(path: Path) -> dict[str, Any]:
    """A TOML file as nested tables.

    Raises:
        RulesError: the file cannot be read, or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise RulesError(f"{path.name}: cannot be read ({type(error).__name__}); check the file.") from error
    except tomllib.TOMLDecodeError as error:
        raise RulesError(f"{path.name}: is not valid TOML: {error}; correct it there.") from error


def entries(document: Mapping[str, Any], table: str, file: str, key: str = "code") -> Iterator[Entry]:
    """The tables `[[table]]` of a document, each labelled by its `key`.

    Raises:
        RulesError: `table` is not a list of tables, or one has no key.
    """
    found = document.get(table, [])
    if not isinstance(found, list) or not all(isinstance(t, dict) for t in found):
        raise RulesError(f"{file}: [[{table}]] must be a list of tables; write each as [[{table}]].")
    for number, data in enumerate(found, 1):
        label = data.get(key)
        if not isinstance(label, str) or not label:
            raise RulesError(
                f'{file}: entry {number} of [[{table}]], field "{key}" is missing; add it there.'
            )
        yield Entry(file, label, data)


def refuse_other_tables(document: Mapping[str, Any], known: tuple[str, ...], file: str) -> None:
    """Refuse a document with a table or field at its top that no rule knows.

    Raises:
        RulesError: naming the table and the known ones.
    """
    for name in document:
        if name not in known:
            raise RulesError(f'{file}: "{name}" is not known at the top; known are {", ".join(known)}.')
