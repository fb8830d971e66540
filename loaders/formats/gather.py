"""What the rows of a nested file state, on its way to the store: facts, entities, and rows that are rejected or noted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from graph_service.domain.facts import FactKind, canonical_json
from graph_service.security.masking import hidden
from graph_service.store.base import ENTITY_SCHEMA, FACT_SCHEMA, REJECT_SCHEMA
from loaders.ahead import Kind, Rows
from loaders.checks import CHECKS
from loaders.findings import Findings, unread_message
from loaders.reader import RawReject
from loaders.report import Example

AT_ONCE = 20_000


class Unfit(Exception):
    """A row that is rejected: which check found what, in which field. Not seen outside of the reading of a file."""

    def __init__(self, code: str, column: str | None = None) -> None:
        super().__init__(code)
        self.code, self.column = code, column


@dataclass
class Said:
    """What one row states: built as a whole, so that a row that is rejected half-way leaves nothing."""

    line: int
    entities: list[dict[str, Any]] = field(default_factory=list)
    facts: list[dict[str, Any]] = field(default_factory=list)
    notes: dict[tuple[str, str | None], None] = field(default_factory=dict)

    def entity(self, id_: str, kind: str, label: str | None) -> str:
        """An entity that the row names; its id."""
        self.entities.append({"id": id_, "kind": str(kind), "label": label})
        return id_

    def fact(
        self, kind: FactKind, subject: str, attrs: Mapping[str, Any] | None = None, **fields: Any
    ) -> None:
        """A fact with its columns by name."""
        row = dict.fromkeys(FACT_SCHEMA.names)
        row |= {"kind": int(kind), "subject": subject, "attrs": canonical_json(attrs or {})}
        self.facts.append({**row, **fields, "file": 0, "line": self.line})

    def note(self, code: str, column: str | None = None) -> None:
        """Something to tell of the row, which is loaded."""
        self.notes[code, column] = None


class Gather:
    """Counts rows and hands over what they state, in tables of bounded size."""

    def __init__(self, rows: Rows, findings: Findings, notes_kept: int) -> None:
        self._rows, self._findings, self._most = rows, findings, notes_kept
        self._waiting: dict[Kind, list[dict[str, Any]]] = {
            k: [] for k in ("entities", "facts", "rejects", "notes")
        }
        self.read = self.accepted = 0
        self.holdings: list[tuple[str, float, int]] = []

    def take(self, said: Said) -> None:
        """A row that was accepted."""
        self.read += 1
        self.accepted += 1
        if not said.facts and not said.entities and not said.notes:
            said.note("unused")
        self._waiting["entities"] += said.entities
        self._waiting["facts"] += said.facts
        for code, column in said.notes:
            self._note(said.line, code, column)
        self._flush(AT_ONCE)

    def reject(self, line: int, unfit: Unfit) -> None:
        """A row that is rejected by a check; of its text nothing is kept, because nobody can say whom it names."""
        self._reject(line, "", unfit.code, unfit.column, CHECKS[unfit.code].message(unfit.column))

    def unread(self, reject: RawReject) -> None:
        """A row that could not be read."""
        self._reject(reject.line, hidden(reject.raw), reject.code, None, unread_message(reject))

    def end(self) -> None:
        """Hand over what is left."""
        self._flush(0)

    def _reject(self, line: int, raw: str, code: str, column: str | None, message: str) -> None:
        self.read += 1
        self._findings.add(code, 1, Example(self._findings.file, line, column, message), rejects=True)
        self._waiting["rejects"].append(_row(line, raw, code, column, message))
        self._flush(AT_ONCE)

    def _note(self, line: int, code: str, column: str | None) -> None:
        message = CHECKS[code].message(column)
        self._findings.add(code, 1, Example(self._findings.file, line, column, message), rejects=False)
        kept = self._findings.kept.get(code, 0)
        if kept < self._most:
            self._findings.kept[code] = kept + 1
            self._waiting["notes"].append(_row(line, "", code, column, message))

    def _flush(self, above: int) -> None:
        schemas = {
            "entities": ENTITY_SCHEMA, "facts": FACT_SCHEMA, "rejects": REJECT_SCHEMA, "notes": REJECT_SCHEMA,
        }  # fmt: skip
        for kind, waiting in self._waiting.items():
            if len(waiting) > above:
                self._rows.add(kind, pa.Table.from_pylist(waiting, schema=schemas[kind]))
                waiting.clear()


def _row(line: int, raw: str, code: str, column: str | None, message: str) -> dict[str, Any]:
    return {"file": 0, "line": line, "raw": raw, "code": code, "column": column, "message": message}
