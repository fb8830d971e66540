"""Snapshots on disk: which there are, which is current, one refresh at a time, old ones removed."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph_service.domain.errors import NoSnapshot, StoreError
from graph_service.domain.intervals import from_day
from graph_service.projection import disk
from graph_service.snapshots.snapshot import Snapshot

CURRENT = "current"
KEPT = 10


def folder_of(home: Path) -> Path:
    """Where snapshots live."""
    return home / "snapshots"


def current(home: Path) -> Snapshot | None:
    """The snapshot that default answers come from; None before the first refresh. Raises StoreError."""
    try:
        said = json.loads((folder_of(home) / CURRENT).read_bytes())
        name, known_at, given = str(said["id"]), int(said["known_at"]), bool(said["as_of_given"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise StoreError(f"'{folder_of(home) / CURRENT}' is damaged; remove it and refresh.") from error
    return _opened(home, name, known_at, given=given)


def open_snapshot(home: Path, name: str) -> Snapshot:
    """A kept snapshot by its id. Raises NoSnapshot, StoreError."""
    if not (folder_of(home) / name).is_dir():
        raise NoSnapshot(
            f"There is no snapshot '{name}' in '{folder_of(home)}'; `credit-graph refresh` makes one."
        )
    return _opened(home, name, None, given=True)


def _opened(home: Path, name: str, known_at: int | None, *, given: bool) -> Snapshot:
    folder = folder_of(home) / name
    about = disk.read_manifest(folder)
    if about.get("snapshot") != name:
        raise StoreError(f"'{folder}' holds another snapshot than its name says; remove it and refresh.")
    moment: dict[str, Any] = about["moment"]
    known = moment["known_at"] if known_at is None else known_at
    return Snapshot(name, moment["as_of"], known, given, folder, about)


def make_current(home: Path, snapshot: Snapshot) -> None:
    """Let default answers come from a snapshot, at one stroke."""
    said = {"id": snapshot.id, "known_at": snapshot.known_at, "as_of_given": snapshot.as_of_given}
    disk.replace_file(folder_of(home) / CURRENT, json.dumps(said).encode())


@contextmanager
def only_refresh(home: Path) -> Iterator[None]:
    """Wait until no other process refreshes this home; sweep away what a killed one left."""
    folder = folder_of(home)
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / ".lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        for left in (*folder.glob(".*.tmp"), *folder.glob("s1-*/.*.tmp")):
            _remove(left)
        yield
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Kept:
    made: float
    month: str
    folder: Path


def prune(home: Path, name: str) -> list[str]:
    """Remove all but the ten newest snapshots, the newest of each month, and the one named; the ids removed."""
    newest_first = sorted(
        (k for k in map(_kept, _folders(home)) if k), key=lambda k: (-k.made, k.folder.name)
    )
    months: set[str] = set()
    removed = []
    for place, kept in enumerate(newest_first):
        if place >= KEPT and kept.month in months and kept.folder.name != name:
            shutil.rmtree(kept.folder, ignore_errors=True)
            removed.append(kept.folder.name)
        months.add(kept.month)
    return removed


def pack_others(home: Path, name: str) -> None:
    """Compress the kept snapshots but the one named, from which default answers come. Raises StoreError."""
    for folder in _folders(home):
        if folder.name != name and _kept(folder) is not None:
            disk.pack(folder)


def _folders(home: Path) -> list[Path]:
    return [path for path in folder_of(home).iterdir() if path.is_dir() and path.name.startswith("s1-")]


def _kept(folder: Path) -> _Kept | None:
    """What decides whether a snapshot stays; None for what cannot be read, which is left alone."""
    try:
        about = disk.read_manifest(folder)
        month = from_day(about["moment"]["as_of"]).strftime("%Y-%m")
    except (StoreError, KeyError, TypeError):
        return None
    return _Kept((folder / disk.MANIFEST).stat().st_mtime, month, folder)
