"""`SqliteStore`: opens a file, hands out views and the writer, and lists what was delivered."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from graph_service.domain.errors import UnknownBatch, WrongPersonKey
from graph_service.store.base import Delivery, Derived, Reject
from graph_service.store.history import History
from graph_service.store.sqlite import moments, moving
from graph_service.store.sqlite.connection import connect, said
from graph_service.store.sqlite.delivery import today
from graph_service.store.sqlite.settle import is_settled
from graph_service.store.sqlite.view import sqlite_view
from graph_service.store.sqlite.writer import SqliteWriter
from graph_service.store.view import FactView

WAIT_SECONDS = 30.0
_DELIVERY = """
SELECT d.batch, s.name, d.mode, d.date, d.files, d.sha256, m.recorded, w.recorded, d.report
FROM delivery d JOIN source s USING (src) JOIN moment m ON m.t = d.t LEFT JOIN moment w ON w.t = d.withdrawn
"""
_KEPT = """
SELECT d.batch, d.files, r.file, r.line, r.raw, r.code, r."column", r.message
FROM delivery d JOIN {kind} r USING (d) WHERE {which} ORDER BY d.d, r.file, r.line
"""


class SqliteStore:
    """A store in one file. Many processes may read while one writes; each thread reads on its own connection."""

    has_tools = False

    def __init__(self, path: Path, wait_seconds: float = WAIT_SECONDS) -> None:
        self.path, self.url = path, f"sqlite:///{path}"
        self._wait = wait_seconds
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []

    def exists(self) -> bool:
        """Whether the file is there."""
        return self.path.exists()

    @contextmanager
    def writer(self) -> Iterator[SqliteWriter]:
        """The writer; first settles what a killed one left."""
        db = connect(self.path, write=True, wait_seconds=self._wait)
        try:
            writer = SqliteWriter(db, self.path)
            writer.settle()
            yield writer
        finally:
            db.close()

    def view(self, as_of: int | None = None, known_at: int | None = None) -> FactView:
        """A view; default today in Asia/Shanghai, and now."""
        return sqlite_view(self._db(), today() if as_of is None else as_of, known_at)

    def show(self, as_of: int, derived: Derived | None = None) -> None:
        """Nothing: a file is asked through this program alone."""

    def deliveries(self) -> list[Delivery]:
        """All deliveries, withdrawn ones included, in order of recording."""
        return [_delivery(row) for row in self._rows(_DELIVERY + "ORDER BY d.t")]

    def standing(self, batch: str) -> Delivery | None:
        """The delivery with this key that is not withdrawn."""
        rows = self._rows(_DELIVERY + "WHERE d.batch = ? AND d.withdrawn IS NULL", batch)
        return _delivery(rows[0]) if rows else None

    def rejected(self, batch: str | None = None) -> Iterator[Reject]:
        """Rejected rows, of one delivery or all that stand."""
        return self._kept("reject", batch)

    def noted(self, batch: str | None = None) -> Iterator[Reject]:
        """Notes on rows that were loaded."""
        return self._kept("note", batch)

    def content(self, known_at: int | None = None) -> str:
        """32 hex digits: the sum modulo 2**128 of the visible facts' numbers at that moment."""
        with said(self.path):
            return f"{moments.at(self._db(), known_at)[2]:032x}"

    def moment(self) -> int:
        """When the last change was recorded; 0 for an empty store."""
        with said(self.path):
            return moments.last(self._db())[1]

    def person_key_fingerprint(self) -> str | None:
        """Fingerprint of the key that persons were loaded with; None before the first."""
        rows = self._rows("SELECT value FROM meta WHERE key = ?", moving.KEY)
        return str(rows[0][0]) if rows else None

    def bind_person_key(self, fingerprint: str) -> None:
        """Fix the key of this store. Raises WrongPersonKey when another one is bound."""
        bound = self.person_key_fingerprint()
        if bound is None:
            with self.writer() as _, said(self.path):
                db = connect(self.path, write=True, wait_seconds=self._wait)
                try:
                    db.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (moving.KEY, fingerprint))
                finally:
                    db.close()
            bound = self.person_key_fingerprint()
        if bound != fingerprint:
            raise WrongPersonKey(
                f"The store {self.path} was filled with another person key; set CREDIT_GRAPH_PERSON_KEY to that one."
            )

    def source_ranks(self) -> dict[int, tuple[str, int]]:
        """Number in RELATIONS_SCHEMA.source -> (template, rank)."""
        return {src: (name, rank) for src, name, rank in self._rows("SELECT src, name, rank FROM source")}

    def problems(self) -> list[str]:
        """What a check of the store finds wrong, one sentence each."""
        found = []
        with said(self.path):
            db = self._db()
            result = [row[0] for row in db.execute("PRAGMA quick_check(5)")]
            if result != ["ok"]:
                found.append(f"The file {self.path} is damaged ({result[0]}); restore a backup.")
            if not is_settled(db):
                found.append(
                    "A load was cut off before its matches were settled; run any `load` again to settle them."
                )
        return found

    @contextmanager
    def history(self) -> Iterator[History]:
        """All that it holds at one moment, settled."""
        if self._rows("SELECT 1 FROM unsettled LIMIT 1"):
            with self.writer():
                pass
        with moving.history(self.path, self._wait) as found:
            yield found

    def receiving(self) -> AbstractContextManager[moving.SqliteReceiver]:
        """Begin a store here from another one's history. Raises StoreError where one is."""
        return moving.receiving(self.path, self._wait)

    def close(self) -> None:
        """Let go of the file."""
        for db in self._readers:
            db.close()
        self._readers.clear()
        self._local = threading.local()

    def _db(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None or (self._local.is_empty and self.path.exists()):
            self._local.is_empty = not self.path.exists() or self.path.stat().st_size == 0
            db = connect(self.path, write=False, wait_seconds=self._wait)
            self._local.db = db
            self._readers.append(db)
        return db

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with said(self.path):
            return self._db().execute(sql, values).fetchall()

    def _kept(self, kind: str, batch: str | None) -> Iterator[Reject]:
        if batch is not None and not self._rows("SELECT 1 FROM delivery WHERE batch = ?", batch):
            raise UnknownBatch(f"No delivery has the key {batch}; `credit-graph batches` lists them.")
        which = "d.withdrawn IS NULL" if batch is None else "d.batch = ?"
        sql = _KEPT.format(kind=kind, which=which)
        for key, files, file, line, raw, code, column, message in self._db().execute(
            sql, () if batch is None else (batch,)
        ):
            yield Reject(key, files.split("\x1f")[file], line, raw, code, column, message)


def _delivery(row: tuple[Any, ...]) -> Delivery:
    batch, template, mode, date, files, sha256, recorded, withdrawn, report = row
    return Delivery(
        batch, template, mode, date, tuple(files.split("\x1f")), sha256, recorded, withdrawn, report or "{}"
    )
