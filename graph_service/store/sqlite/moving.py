"""A file's whole history as tables, and a file made from such tables: beside its place, moved there when it is whole."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from graph_service.domain.errors import StoreBusy, StoreError
from graph_service.store.history import TABLES, History
from graph_service.store.sqlite.bulk import table
from graph_service.store.sqlite.connection import connect, said
from graph_service.store.sqlite.delivery import ALL_UNSETTLED
from graph_service.store.sqlite.kinds import KIND_NAMES, KIND_NUMBERS
from graph_service.store.sqlite.rows import tuples
from graph_service.store.sqlite.settle import settle

KEY = "person_key_fingerprint"
_PIECE = 40_000
_KIND = "CASE kind " + " ".join(f"WHEN {n} THEN '{name}'" for n, name in KIND_NAMES.items()) + " END"


@contextmanager
def history(path: Path, wait_seconds: float) -> Iterator[History]:
    """All that the file holds at one moment."""
    with said(path):
        db = connect(path, write=False, wait_seconds=wait_seconds)
        try:
            db.execute("BEGIN")
            key = db.execute("SELECT value FROM meta WHERE key = ?", (KEY,)).fetchone()
            yield History(None if key is None else str(key[0]), _tables(db))
        finally:
            db.close()


def _tables(db: sqlite3.Connection) -> Iterator[tuple[str, pa.Table]]:
    sources = db.execute("SELECT src, name, rank, corrects, department FROM source ORDER BY src").fetchall()
    kinds: dict[int, list[int]] = {row[0]: [] for row in sources}
    for src, kind in db.execute("SELECT src, kind FROM spoken ORDER BY src, kind"):
        kinds[src].append(kind)
    rows = [dict(zip(TABLES["source"].names, (*row, kinds[row[0]]), strict=True)) for row in sources]
    yield "source", pa.Table.from_pylist(rows, schema=TABLES["source"])
    for name in list(TABLES)[1:]:
        columns = [_KIND if (name, c) == ("node", "kind") else f'"{c}"' for c in TABLES[name].names]
        cursor = db.execute(f"SELECT {', '.join(columns)} FROM {name}")
        while (piece := table(cursor, TABLES[name], _PIECE)).num_rows:
            yield name, piece


@contextmanager
def receiving(path: Path, wait_seconds: float) -> Iterator["SqliteReceiver"]:
    """A file in the making. Raises StoreError where one is, StoreBusy where another process makes it."""
    if path.exists():
        raise StoreError(f"There is a store at {path} already; name a file that is not there yet.")
    lock = path.with_name(f".{path.name}.moving.lock")
    with said(path), lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreBusy(f"Another process moves a store to {path}; wait until it has finished.") from None
        receiver = SqliteReceiver(path, wait_seconds)
        try:
            yield receiver
        finally:
            receiver.close()
            lock.unlink(missing_ok=True)


class SqliteReceiver:
    """Writes beside `path`; without a journal, for what is cut off is thrown away."""

    def __init__(self, path: Path, wait_seconds: float) -> None:
        self._path, self._wait = path, wait_seconds
        self._made = path.with_name(f".{path.name}.moving")
        self._remove()
        self._db = connect(self._made, write=True, wait_seconds=wait_seconds)
        self._db.execute("PRAGMA journal_mode = OFF").fetchall()
        self._db.execute("PRAGMA synchronous = OFF")

    def begin(self, person_key_fingerprint: str | None) -> None:
        """Before the first piece."""
        self._db.execute("BEGIN")
        if person_key_fingerprint is not None:
            self._db.execute("INSERT INTO meta VALUES (?, ?)", (KEY, person_key_fingerprint))

    def take(self, name: str, rows: pa.Table) -> None:
        """The next piece of a table."""
        columns = TABLES[name].names
        values: Iterator[tuple[Any, ...]] = tuples(rows, columns)
        if name == "source":
            spoken = rows.select(["src", "kinds"]).to_pylist()
            self._insert("spoken", ["src", "kind"], ((r["src"], k) for r in spoken for k in r["kinds"]))
            columns, values = columns[:-1], (row[:-1] for row in values)
        if name == "node":
            values = ((n, i, KIND_NUMBERS[kind], weak, label) for n, i, kind, weak, label in values)
        self._insert(name, columns, values)

    def _insert(self, name: str, columns: list[str], values: Iterator[tuple[Any, ...]]) -> None:
        named, marks = ", ".join(f'"{c}"' for c in columns), ", ".join("?" * len(columns))
        self._db.executemany(f"INSERT INTO {name} ({named}) VALUES ({marks})", values)

    def settle(self) -> None:
        """Indexes and the search index; matches travelled and stay."""
        self._db.execute("INSERT INTO unsettled VALUES (?)", (ALL_UNSETTLED,))
        settle(self._db)

    def history(self) -> AbstractContextManager[History]:
        """What has arrived, after the last piece."""
        self._db.execute("COMMIT")
        return history(self._made, self._wait)

    def complete(self) -> None:
        """From here on it is a store."""
        self._db.execute("PRAGMA journal_mode = WAL").fetchall()
        self._db.close()
        for place in (self._made, self._made.parent):
            handle = os.open(place, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)
        # A link refuses a name that was taken meanwhile; renaming would replace it.
        os.link(self._made, self._path)

    def close(self) -> None:
        """Throw away what is not a store."""
        self._db.close()
        self._remove()

    def _remove(self) -> None:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{self._made}{suffix}").unlink(missing_ok=True)
