"""The checks of `doctor`, one small function each."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Literal

from graph_service.credit_graph import CreditGraph
from graph_service.credit_graph.opening import store_of
from graph_service.domain.errors import CreditGraphError, StoreError
from graph_service.domain.identifiers import key_fingerprint
from graph_service.projection import disk
from graph_service.settings import Settings, sqlite_path
from graph_service.snapshots.keeping import current
from graph_service.store.base import GraphStore

State = Literal["fine", "note", "broken"]
NEEDED_PYTHON = (3, 11)
NEEDED_SQLITE = (3, 35, 0)
LITTLE_SPACE = 1 << 30
GIB = 1 << 30
MEND_STORE = "Name another store with --store, or restore a backup; keep this one for inspection."
MEND_SNAPSHOT = "Remove that folder, then `credit-graph refresh`."


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. A note needs no mending to go on; what is broken does."""

    check: str
    state: State
    message: str
    mend: str | None = None


Check = Callable[[GraphStore, Settings], Iterator[Finding]]


def findings(settings: Settings) -> list[Finding]:
    """All checks in order; those of the store only where there is one."""
    found = [_python(), *_packages(), _sqlite(), _space(settings), _home(settings.home)]
    return found + list(_store(settings))


def _python() -> Finding:
    running = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < NEEDED_PYTHON:
        return Finding("python", "broken", f"Python {running} is too old.", "Install Python 3.11 or later.")
    return Finding("python", "fine", f"Python {running}")


def _packages() -> Iterator[Finding]:
    missing: list[str] = []
    for need in requires("credit-graph") or ():
        name = (
            need.split(";")[0].split("[")[0].split("<")[0].split(">")[0].split("=")[0].split("!")[0].strip()
        )
        if "extra ==" not in need and not _is_installed(name):
            missing.append(name)
    if missing:
        text = f"these packages are missing: {', '.join(missing)}."
        yield Finding("packages", "broken", text, "Run `make install`, or `pip install credit-graph` again.")
    else:
        yield Finding("packages", "fine", f"credit-graph {version('credit-graph')} with all that it needs")


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _sqlite() -> Finding:
    running = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info < NEEDED_SQLITE:
        mend = "Use a Python that is built with SQLite 3.35 or later."
        return Finding("sqlite", "broken", f"SQLite {running} is too old.", mend)
    db = sqlite3.connect(":memory:")
    try:
        db.execute("CREATE VIRTUAL TABLE t USING fts5 (x)")
    except sqlite3.OperationalError:
        mend = "Use a Python whose SQLite has the FTS5 module."
        return Finding("sqlite", "broken", f"SQLite {running} lacks FTS5, which finds parts of names.", mend)
    finally:
        db.close()
    return Finding("sqlite", "fine", f"SQLite {running} with FTS5")


def _space(settings: Settings) -> Finding:
    path = sqlite_path(settings.store)
    folder = (path.absolute().parent if path else Path.cwd()).resolve()
    while not folder.exists():
        folder = folder.parent
    size = path.stat().st_size if path and path.exists() else 0
    free = shutil.disk_usage(folder).free
    text = f"{free / GIB:.1f} GiB free in {folder}"
    if free < max(LITTLE_SPACE, size):
        return Finding("disk", "broken", f"only {text}.", "Free space, or keep the store on another disk.")
    return Finding("disk", "fine", text)


def _home(home: Path) -> Finding:
    place = home if home.exists() else home.absolute().parent
    if not place.is_dir() or not os.access(place, os.W_OK):
        mend = "Create it or give yourself the right to write, or set CREDIT_GRAPH_HOME."
        return Finding("home", "broken", f"'{place}' cannot be written.", mend)
    return Finding("home", "fine", f"snapshots live in '{home}'")


def _store(settings: Settings) -> Iterator[Finding]:
    place = sqlite_path(settings.store) or settings.store
    try:
        store = store_of(settings)
        if not store.exists():
            text = f"there is no store at '{place}' yet."
            yield Finding("store", "note", text, "`credit-graph load PATH` makes one.")
            store.close()
            return
    except (CreditGraphError, sqlite3.Error) as refused:
        yield _refused("store", refused)
        return
    checks: dict[str, Check] = {"store": _problems, "person key": _key, "snapshot": _snapshot}
    try:
        for name, check in checks.items():
            yield from _said(name, check, store, settings)
    finally:
        store.close()


def _said(name: str, check: Check, store: GraphStore, settings: Settings) -> list[Finding]:
    try:
        return list(check(store, settings))
    except (CreditGraphError, sqlite3.Error) as refused:
        return [_refused(name, refused)]


def _refused(name: str, refused: CreditGraphError | sqlite3.Error) -> Finding:
    """A check that could not be finished is broken; what SQLite says of a damaged file holds no data."""
    said = isinstance(refused, CreditGraphError)
    message = str(refused) if said else f"the store's file cannot be read ({refused})."
    return Finding(name, "broken", message, MEND_STORE)


def _problems(store: GraphStore, settings: Settings) -> Iterator[Finding]:
    problems = store.problems()
    for problem in problems:
        yield Finding(
            "store", "broken", problem, "Load again or restore a backup; keep this one for inspection."
        )
    if not problems:
        count = sum(d.withdrawn is None for d in store.deliveries())
        yield Finding("store", "fine", f"{settings.store} with {count} deliveries")


def _key(store: GraphStore, settings: Settings) -> Iterator[Finding]:
    bound = store.person_key_fingerprint()
    given = key_fingerprint(settings.person_key.encode()) if settings.person_key else None
    if bound is None:
        text = "no key is bound yet; the first delivery with persons binds CREDIT_GRAPH_PERSON_KEY."
        yield Finding("person key", "note" if given is None else "fine", text)
    elif given is None:
        mend = "Set CREDIT_GRAPH_PERSON_KEY to the key of this store before loading persons."
        yield Finding(
            "person key", "note", "the key is not set: reading works, loading persons is refused.", mend
        )
    elif given != bound:
        mend = "Set CREDIT_GRAPH_PERSON_KEY to the key that this store was filled with."
        yield Finding("person key", "broken", "CREDIT_GRAPH_PERSON_KEY is not this store's key.", mend)
    else:
        yield Finding("person key", "fine", "CREDIT_GRAPH_PERSON_KEY is this store's key")


def _snapshot(_store: GraphStore, settings: Settings) -> Iterator[Finding]:
    try:
        if kept := current(settings.home):
            disk.verify(kept.folder)
    except StoreError as damaged:
        yield Finding("snapshot", "broken", str(damaged), MEND_SNAPSHOT)
        return
    with CreditGraph.open(settings.store, home=settings.home) as graph:
        heading = graph.heading()
    if heading["snapshot"] is None:
        text = "there is no snapshot; answers come from the store as it is."
        yield Finding("snapshot", "note", text, "`credit-graph refresh` makes one.")
    elif heading["stale"]:
        text = f"{heading['snapshot']} is older than the store."
        yield Finding("snapshot", "note", text, "`credit-graph refresh` makes a new one.")
    else:
        yield Finding("snapshot", "fine", f"{heading['snapshot']} as of {heading['as_of']}")
