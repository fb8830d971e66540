"""Connections to a SQLite file: opened, checked, and their errors said in one sentence."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph_service.domain.errors import StoreBusy, StoreError
from graph_service.store.sqlite.schema import APPLICATION_ID, TABLES, VERSION

NEEDED_SQLITE = (3, 35, 0)
PAGE_SIZE = 8192


def connect(path: Path, *, write: bool, wait_seconds: float) -> sqlite3.Connection:
    """Open the store's file; with `write`, create it when there is none.

    Raises StoreError when SQLite is too old, the file is not a store of ours, or cannot be opened.
    """
    _require_sqlite()
    with said(path):
        new = not path.exists() or path.stat().st_size == 0
        if new and not write:
            return _empty(path)
        is_whole = new or _is_whole(path)
        db = sqlite3.connect(path, timeout=wait_seconds, isolation_level=None, check_same_thread=False)
        try:
            _prepare(db, new)
            _require_ours(db, path)
            _require_whole(path, is_whole)
        except BaseException:
            db.close()
            raise
        return db


def _require_sqlite() -> None:
    if sqlite3.sqlite_version_info < NEEDED_SQLITE:
        wanted = ".".join(map(str, NEEDED_SQLITE))
        raise StoreError(f"SQLite {sqlite3.sqlite_version} is too old: version {wanted} or later is needed.")


def _empty(path: Path) -> sqlite3.Connection:
    """What reading a store that does not exist yet sees: no fact, and no file is made."""
    if not path.parent.is_dir():
        raise StoreError(f"The folder {path.parent} does not exist; create it or give another --store.")
    db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    db.executescript(TABLES)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {VERSION}")
    return db


def _prepare(db: sqlite3.Connection, new: bool) -> None:
    if new:
        db.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        db.execute("PRAGMA journal_mode = WAL")
        # Another process may have made the tables between the look and the lock.
        db.execute("BEGIN IMMEDIATE")
        if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
            for statement in TABLES.split(";\n"):
                db.execute(statement)
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("COMMIT")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA temp_store = MEMORY")
    db.execute("PRAGMA cache_size = -262144")
    db.execute("PRAGMA mmap_size = 17179869184")


def _is_whole(path: Path) -> bool:
    """Whether the file ends with a page; SQLite would read the rest of a torn one as zeros.

    Beside a log the file may be growing.
    """
    return Path(f"{path}-wal").exists() or path.stat().st_size % PAGE_SIZE == 0


def _require_ours(db: sqlite3.Connection, path: Path) -> None:
    if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise StoreError(f"{path} is an SQLite file of another program; give another --store.")
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version != VERSION:
        raise StoreError(
            f"{path} has store format {version}, this program reads format {VERSION}; use the matching version."
        )


def _require_whole(path: Path, is_whole: bool) -> None:
    if not is_whole:
        raise _damaged(path)


@contextmanager
def said(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into one sentence each."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _sentence(path, error) from error
    except OSError as error:
        raise StoreError(f"The store {path} cannot be used: {error.strerror}.") from error


def _sentence(path: Path, error: sqlite3.DatabaseError) -> StoreError:
    text = str(error)
    if "locked" in text or "busy" in text:
        return StoreBusy(f"Another process is writing to {path}; wait until it has finished and try again.")
    if "full" in text or "disk I/O" in text:
        state = "is full" if "full" in text else "failed or is full"
        return StoreError(f"The disk that holds {path} {state}; free space and run the same command again.")
    if "not a database" in text or "malformed" in text:
        return _damaged(path)
    if "readonly" in text or "read-only" in text:
        return StoreError(f"{path} cannot be written: the file or its folder is read-only.")
    if "unable to open" in text:
        return StoreError(f"{path} cannot be opened; check the path and its permissions.")
    return StoreError(f"The store {path} failed: {text}.")


def _damaged(path: Path) -> StoreError:
    return StoreError(f"{path} is not a readable store (damaged or of another program); restore a backup.")
