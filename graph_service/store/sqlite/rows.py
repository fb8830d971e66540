"""Arrow tables to rows of SQLite, and rows of `fact` to domain facts."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from graph_service.domain.facts import Evidence, Fact, FactKind

BATCH = 20_000


def tuples(table: pa.Table, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Rows of the named columns as plain Python values."""
    for batch in table.select(list(columns)).to_batches(max_chunksize=BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


# Content of a fact, as `fact` and `statement` keep it, in one order.
CONTENT = ("kind", "o", "role", "part", "vf", "vt", "av", "share", "votes", "amount", "name", "attrs")
STATED = (*CONTENT, "scope")
READ = ("src", "s", "key", "rf", "rt", *CONTENT, "d", "file", "line")


def columns(names: Iterable[str], table: str = "f") -> str:
    """`f.a, f.b` for a SELECT."""
    return ", ".join(f"{table}.{name}" for name in names)


class FactReader:
    """Builds domain facts from rows of READ; looks up ids, sources and deliveries once each."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._ids: dict[int, str] = {}
        self._sources: dict[int, str] = {}
        self._deliveries: dict[int, tuple[str, str, list[str]]] = {}
        self._recorded: dict[int, int] = {}

    def fact(self, row: tuple[Any, ...], evidence: bool = True) -> Fact:
        """A fact with its first source."""
        (
            src,
            s,
            _key,
            rf,
            rt,
            kind,
            o,
            role,
            part,
            vf,
            vt,
            av,
            share,
            votes,
            amount,
            name,
            attrs,
            d,
            file,
            line,
        ) = row
        return Fact(
            self.source(src), FactKind(kind), self.id_of(s), None if o is None else self.id_of(o), role, part, vf, vt,
            av, share, votes, amount, name, attrs, self.recorded(rf), None if rt is None else self.recorded(rt),
            (self.evidence(d, file, line),) if evidence else (),
        )  # fmt: skip

    def id_of(self, n: int) -> str:
        """Id of a node number."""
        if n not in self._ids:
            self._ids[n] = self._db.execute("SELECT id FROM node WHERE n = ?", (n,)).fetchone()[0]
        return self._ids[n]

    def know(self, ids: dict[int, str]) -> None:
        """Forget what was looked up, but know these: for reading piece by piece, so that memory stays bounded."""
        self._ids = ids

    def source(self, src: int) -> str:
        """Name of a source."""
        if src not in self._sources:
            self._sources = dict(self._db.execute("SELECT src, name FROM source"))
        return self._sources[src]

    def recorded(self, t: int) -> int:
        """When the change with this number was recorded."""
        if t not in self._recorded:
            found = self._db.execute("SELECT recorded FROM moment WHERE t = ?", (t,)).fetchone()
            self._recorded[t] = found[0]
        return self._recorded[t]

    def evidence(self, d: int, file: int, line: int) -> Evidence:
        """Where a row of a delivery stands."""
        batch, template, files = self._delivery(d)
        return Evidence(batch, template, files[file] if file < len(files) else "", line)

    def _delivery(self, d: int) -> tuple[str, str, list[str]]:
        if d not in self._deliveries:
            batch, src, files = self._db.execute(
                "SELECT batch, src, files FROM delivery WHERE d = ?", (d,)
            ).fetchone()
            self._deliveries[d] = (batch, self.source(src), files.split("\x1f"))
        return self._deliveries[d]
