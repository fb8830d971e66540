"""A load that is killed shows whole deliveries or none, and the same call afterwards completes it."""

import random
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest

from graph_service.store.sqlite import SqliteStore
from graph_service.store.sqlite.writer import SqliteWriter
from loaders.pipeline import load_paths
from tests.cli.killing import Kill, copied, load_until, was_killed
from tests.loaders.small_city import OPTIONS, TEXTS, after, before
from tests.store.shown import Shown, counted, shown

KILLS = 20
WRITTEN_BY_SETTLING = 30_000
SETTLING = 0.35  # share of the killed statements that are statements of settling


@dataclass(frozen=True)
class Trial:
    """A store with a first delivery, the files to come, and what it shows after each of them.

    `statements`: first words of what a whole load says to SQLite; with COMMIT the bytes of the log before it.
    """

    folder: Path
    database: Path
    files: list[Path]
    whole: Path
    states: tuple[Shown, ...]
    statements: tuple[str, ...]

    @property
    def settling(self) -> int:
        """Number of the statement that begins the last transaction, which settles."""
        return max(n for n, word in enumerate(self.statements, 1) if word == "BEGIN")

    @property
    def committed(self) -> int:
        """Number of the last statement that commits."""
        return max(n for n, word in enumerate(self.statements, 1) if word.startswith("COMMIT"))

    @property
    def written(self) -> int:
        """Bytes of the log before settling is written to it."""
        return int(self.statements[self.committed - 1].split()[1])


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    folder = tmp_path_factory.mktemp("killed")
    (folder / "before").mkdir()
    (folder / "after").mkdir()
    database, files = folder / "store.db", after(folder / "after")
    store = SqliteStore(database)
    load_paths(store, before(folder / "before"), OPTIONS)
    states = [shown(store, TEXTS)]
    store.close()
    whole = copied(database, folder / "whole")
    assert load_until(Kill(), whole, files, folder / "told") == 0
    states += [_unsettled(copied(database, folder / str(n)), files[:n]) for n in range(1, len(files) + 1)]
    done = SqliteStore(whole)
    states.append(shown(done, TEXTS))
    done.close()
    assert all(one != other for n, one in enumerate(states) for other in states[:n])
    statements = tuple((folder / "told").read_text().split("\n"))
    return Trial(folder, database, files, whole, tuple(states), statements)


def _unsettled(database: Path, files: list[Path]) -> Shown:
    """What is shown once these files stand and nothing has been settled since."""
    store = SqliteStore(database)
    with patch.object(SqliteWriter, "settle", lambda _: None):
        load_paths(store, files, OPTIONS)
    found = shown(store, TEXTS)
    store.close()
    return found


def survive(trial: Trial, kill: Kill) -> Shown:
    """Kill a load, look at what is left, and load again; what was left."""
    database = copied(trial.database, trial.folder / f"{kill.statement}-{kill.size}")
    assert was_killed(load_until(kill, database, trial.files, trial.folder / "cut"))
    store, done = SqliteStore(database), SqliteStore(trial.whole)
    left = shown(store, TEXTS)
    assert left in trial.states
    assert bool(store.problems()) == (left in trial.states[1:-1])
    load_paths(store, trial.files, OPTIONS)
    assert shown(store, TEXTS) == trial.states[-1] == shown(done, TEXTS)
    assert counted(store) == counted(done)
    assert store.problems() == []
    for each in (store, done):
        each.close()
    return left


def drawn(trial: Trial, seed: int) -> Kill:
    """Somewhere in the load, in its settling, or in the middle of a write to the file."""
    luck = random.Random(seed)
    if seed % 2:
        return Kill(size=luck.randint(1, trial.written + WRITTEN_BY_SETTLING))
    first = trial.settling if luck.random() < SETTLING else 2
    return Kill(statement=luck.randint(first, trial.committed))


def test_a_load_killed_in_a_delivery_in_settling_or_in_a_write_is_completed_by_the_same_call(
    trial: Trial,
) -> None:
    merging = next(n for n, word in enumerate(trial.statements) if word.startswith("COMMIT"))
    assert survive(trial, Kill(statement=merging)) == trial.states[0]
    assert survive(trial, Kill(statement=trial.committed)) == trial.states[-2]
    assert survive(trial, Kill(size=trial.written // 3)) in trial.states[:-1]


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(KILLS))
def test_a_load_killed_anywhere_is_completed_by_the_same_call(trial: Trial, seed: int) -> None:
    survive(trial, drawn(trial, seed))
