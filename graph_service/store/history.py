"""All that a store holds, as tables that say the same on every engine.

Rows travel as they are, with their moments: what was visible when, who said so in which line, what was rejected. What
follows from them (matches aside) is worked out anew: search indexes, and what an engine draws for its own tools.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

WHOLE, NUMBER, TEXT = pa.int64(), pa.float64(), pa.string()
_TYPES: dict[str, pa.DataType] = {
    **dict.fromkeys(
        ("name", "id", "label", "what", "content", "corrects", "department", "batch", "mode"), TEXT
    ),
    **dict.fromkeys(("files", "sha256", "report", "protected", "role", "part", "attrs", "raw", "code"), TEXT),
    **dict.fromkeys(("column", "message"), TEXT),
    **dict.fromkeys(("share", "votes", "amount"), NUMBER),
    "covered": pa.binary(),
    "kinds": pa.list_(WHOLE),
}
_FACT = "src s key rf seg kind o role part vf vt av share votes amount name attrs scope d file line simple rt"
_SAID = "src kind s key d file line alike o role part vf vt av share votes amount name attrs scope"
_KEPT = "d file line raw code column message"


def _schema(columns: str, **types: pa.DataType) -> pa.Schema:
    return pa.schema([(name, types.get(name, _TYPES.get(name, WHOLE))) for name in columns.split()])


# Columns as the embedded store names them (graph_service.store.sqlite.schema); tables in the order in which they travel.
TABLES: dict[str, pa.Schema] = {
    "source": _schema("src name rank corrects department kinds"),
    "moment": _schema("t recorded what content"),
    "delivery": _schema("d batch src mode date day files sha256 t withdrawn report covered protected"),
    "node": _schema("n id kind weak label", kind=TEXT),
    "fact": _schema(_FACT),
    "statement": _schema(_SAID),
    "reject": _schema(_KEPT),
    "note": _schema(_KEPT),
}


@dataclass(frozen=True, slots=True)
class History:
    """A store's whole history. `tables`: names of TABLES with pieces of their rows, in the order of TABLES."""

    person_key_fingerprint: str | None
    tables: Iterator[tuple[str, pa.Table]]


class Receiver(Protocol):
    """A store in the making, seen by nobody before `complete`; leaving without it leaves nothing."""

    def begin(self, person_key_fingerprint: str | None) -> None:
        """Before the first piece."""

    def take(self, name: str, rows: pa.Table) -> None:
        """The next piece of a table."""

    def history(self) -> AbstractContextManager[History]:
        """What has arrived, after the last piece."""

    def settle(self) -> None:
        """Make what follows from it: indexes, search, what an engine draws."""

    def complete(self) -> None:
        """From here on it is a store."""


def conformed(name: str, rows: pa.Table) -> pa.Table:
    """Rows with the columns and types of their table."""
    return rows.select(TABLES[name].names).cast(TABLES[name])
