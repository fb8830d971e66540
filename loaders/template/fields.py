"""Reading the fields of one table of a template, each checked where it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from graph_service.domain.errors import TemplateError
from loaders.template.locate import Path, line_of
from loaders.template.model import Bilingual


@dataclass(frozen=True, slots=True)
class Fields:
    """A table of a template with its place in the file."""

    file: str
    lines: dict[Path, int]
    path: Path
    table: Mapping[str, Any]

    def wrong(self, key: str, what: str) -> NoReturn:
        """Refuse the field.

        Raises:
            TemplateError: always; it names file, line and field.
        """
        raise TemplateError(f"{self.place(key)}: {what}.")

    def place(self, key: str) -> str:
        """File, line and field, as messages name them."""
        path = (*self.path, key) if key else self.path
        dotted = ".".join(str(p + 1) if isinstance(p, int) else p for p in path) or "the file"
        return f"Template {self.file}, line {line_of(self.lines, path)}, field {dotted}"

    def only(self, known: Sequence[str]) -> None:
        """Refuse fields that mean nothing here."""
        for key in self.table:
            if key not in known:
                self.wrong(key, f"no such field; known here are {', '.join(known)}")

    def text(self, key: str, default: str | None = None) -> str:
        """A text; required without a default."""
        value = self.table.get(key, default)
        if value is None:
            self.wrong(key, "this field is missing")
        if not isinstance(value, str) or (not value.strip() and default is None):
            self.wrong(key, "must be a text that is not empty")
        return value

    def optional(self, key: str) -> str | None:
        """A text or None."""
        return self.text(key) if key in self.table else None

    def choice(self, key: str, choices: Sequence[str], default: str | None = None) -> str:
        """One of `choices`."""
        value = self.text(key, default)
        if value not in choices:
            self.wrong(key, f"{value!r} is not one of {', '.join(choices)}")
        return value

    def number(self, key: str, default: int) -> int:
        """A whole number of at least 0."""
        value = self.table.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.wrong(key, "must be a whole number of at least 0")
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        """True or false."""
        value = self.table.get(key, default)
        if not isinstance(value, bool):
            self.wrong(key, "must be true or false")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one; missing is empty."""
        value = self.table.get(key, [])
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
            self.wrong(key, "must be a text or a list of texts")
        return tuple(value)

    def bilingual(self, key: str) -> Bilingual:
        """A text in Chinese and English: `{ zh = "…", en = "…" }`."""
        table = self.table.get(key)
        if table is None:
            self.wrong(key, "this field is missing")
        if not isinstance(table, dict) or set(table) != {"zh", "en"} or not all(map(_filled, table.values())):
            self.wrong(key, 'must be { zh = "…", en = "…" }')
        return Bilingual(table["zh"], table["en"])

    def inner(self, key: str) -> "Fields":
        """The table under `key`; empty when missing."""
        value = self.table.get(key, {})
        if not isinstance(value, dict):
            self.wrong(key, "must be a table")
        return Fields(self.file, self.lines, (*self.path, key), value)

    def tables(self, key: str) -> list["Fields"]:
        """The list of tables under `key`."""
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            self.wrong(key, f"must be a list of tables, written [[{key}]]")
        return [Fields(self.file, self.lines, (*self.path, key, n), v) for n, v in enumerate(value)]


def _filled(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
