"""A disk that fills up in the middle of a load: one sentence, whole deliveries, and the same call completes it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest

from graph_service.domain.errors import StoreError
from graph_service.store.sqlite import SqliteStore, connection
from graph_service.store.sqlite import store as opening
from loaders.pipeline import load_paths
from tests.cli.conftest import is_one_sentence
from tests.cli.killing import Kill, copied, load_until
from tests.loaders.small_city import OPTIONS, TEXTS, after, before
from tests.store.oracle import content
from tests.store.shown import Shown, counted, shown

FIRMS = 120


@dataclass(frozen=True)
class Trial:
    """A store with a first delivery, the files to come, what it shows before and after, and the pages they need."""

    folder: Path
    database: Path
    files: list[Path]
    states: tuple[Shown, Shown]
    counts: dict[str, object]
    needed: int


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    folder = tmp_path_factory.mktemp("full")
    for name in ("before", "after"):
        (folder / name).mkdir()
    database, files = folder / "store.db", after(folder / "after", FIRMS)
    store = SqliteStore(database)
    load_paths(store, before(folder / "before", FIRMS), OPTIONS)
    first = shown(store, TEXTS)
    store.close()
    whole = SqliteStore(copied(database, folder / "whole"))
    load_paths(whole, files, OPTIONS)
    last, counts = shown(whole, TEXTS), counted(whole)
    whole.close()
    return Trial(folder, database, files, (first, last), counts, pages(whole.path) - pages(database))


def pages(database: Path) -> int:
    """Pages of the file."""
    db = sqlite3.connect(database)
    (found,) = db.execute("PRAGMA page_count").fetchone()
    db.close()
    return int(found)


@contextmanager
def room_for(more: int, database: Path) -> Iterator[None]:
    """Within the block the file may grow by so many pages."""
    most = pages(database) + more

    def connect(path: Path, *, write: bool, wait_seconds: float) -> sqlite3.Connection:
        db = connection.connect(path, write=write, wait_seconds=wait_seconds)
        db.execute(f"PRAGMA max_page_count = {most}")
        return db

    with patch.object(opening, "connect", connect):
        yield


def survive(trial: Trial, more: int) -> None:
    """Load with room for so many pages, look at what is left, and load again with room for all."""
    store = SqliteStore(copied(trial.database, trial.folder / str(more)))
    with room_for(more, store.path), pytest.raises(StoreError, match="is full; free space") as failure:
        load_paths(store, trial.files, OPTIONS)
    assert is_one_sentence(str(failure.value))
    look_and_complete(store, trial)


def look_and_complete(store: SqliteStore, trial: Trial) -> None:
    """What is left is whole; the same files again complete it."""
    before_, after_ = trial.states
    left = shown(store, TEXTS)
    new = len(left.batches) - len(before_.batches)
    assert left.batches == after_.batches[: len(left.batches)]
    assert left.content == content(left.facts)
    assert new or left == before_
    load_paths(store, trial.files, OPTIONS)
    assert shown(store, TEXTS) == after_
    assert counted(store) == trial.counts
    assert store.problems() == []
    store.close()


def test_a_store_that_cannot_grow_keeps_whole_deliveries_and_says_so_in_one_sentence(trial: Trial) -> None:
    for more in (0, 1, trial.needed - 1):
        survive(trial, more)


@pytest.mark.soak
def test_a_store_keeps_whole_deliveries_wherever_the_disk_is_full(trial: Trial) -> None:
    for more in range(2, trial.needed - 1, 3):
        survive(trial, more)


def test_a_write_that_the_system_refuses_leaves_whole_deliveries(
    trial: Trial, capfd: pytest.CaptureFixture[str]
) -> None:
    database = copied(trial.database, trial.folder / "refused")
    refused = Kill(size=150_000, kills=False)
    assert load_until(refused, database, trial.files, trial.folder / "told") == 1
    told = capfd.readouterr().err
    assert is_one_sentence(told), told
    assert "free space" in told
    look_and_complete(SqliteStore(database), trial)
