"""A --store that is no store of ours, damaged or not to be written: one sentence, and the file stays as it is."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from graph_service.domain.identifiers import DEMO_PERSON_KEY
from graph_service.store.sqlite import SqliteStore
from loaders.pipeline import load_paths
from tests.cli.conftest import Run, is_one_sentence
from tests.loaders.small_city import OPTIONS, after, before

KEY = DEMO_PERSON_KEY.decode()
Spoil = Callable[[Path], None]
# Starts a program that minds permissions even where the tests run as root.
_MINDING = """
import ctypes, os, sys
for capability in (1, 2):
    ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A store of ours, as bytes."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "feeds").mkdir()
    store = SqliteStore(folder / "store.db")
    load_paths(store, before(folder / "feeds", 40), OPTIONS)
    store.close()
    return store.path.read_bytes()


def no_database(path: Path) -> None:
    path.write_text("企业名称,统一社会信用代码\n" * 500, "utf-8")


def of_another_program(path: Path) -> None:
    path.unlink()
    db = sqlite3.connect(path)
    db.executescript("CREATE TABLE fact (x); INSERT INTO fact VALUES (1)")
    db.close()


def with_other_pragma(name: str, value: int) -> Spoil:
    def spoil(path: Path) -> None:
        db = sqlite3.connect(path)
        db.execute(f"PRAGMA {name} = {value}")
        db.close()

    return spoil


def truncated(share: float) -> Spoil:
    def spoil(path: Path) -> None:
        whole = path.read_bytes()
        path.write_bytes(whole[: int(len(whole) * share)])

    return spoil


def overwritten(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))


SPOILT: dict[str, tuple[Spoil, str]] = {
    "no database": (no_database, "not a readable store"),
    "of another program": (of_another_program, "another program"),
    "with another mark": (with_other_pragma("application_id", 7), "another program"),
    "of a newer version": (with_other_pragma("user_version", 99), "store format 99"),
    "of an older version": (with_other_pragma("user_version", 0), "store format 0"),
    "cut off in its head": (truncated(0.0002), "not a readable store"),
    "cut off at half": (truncated(0.5), "not a readable store"),
    "cut off near its end": (truncated(0.99), "not a readable store"),
    "overwritten": (overwritten, "not a readable store"),
}


def folder_of(path: Path) -> dict[str, bytes]:
    """Names and bytes of what lies there."""
    return {p.name: p.read_bytes() for p in path.iterdir()}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_file_that_cannot_be_a_store_is_said_in_one_sentence_and_left_alone(
    spoilt: str, run: Run, whole: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDIT_GRAPH_PERSON_KEY", KEY)
    place = tmp_path / "place"
    place.mkdir()
    (place / "store.db").write_bytes(whole)
    spoil, words = SPOILT[spoilt]
    spoil(place / "store.db")
    before_ = folder_of(place)
    (tmp_path / "feeds").mkdir()
    files = after(tmp_path / "feeds", 3)
    at = ("--store", f"sqlite:///{place / 'store.db'}")
    for call in (("load", *files), ("search", "商贸"), ("batches",), ("withdraw", "x")):
        ran = run(*at, *call)
        assert (ran.code, ran.out) == (1, ""), (call, ran)
        assert is_one_sentence(ran.err), (call, ran.err)
        assert words in ran.err or "run `credit-graph doctor`" in ran.err, (call, ran.err)
    doctor = run(*at, "doctor")
    assert doctor.code == 1
    assert "Traceback" not in doctor.err
    broken = [c for c in doctor.document["checks"] if c["state"] == "broken"]
    assert broken
    assert {c["check"] for c in broken} <= {"store", "person key", "snapshot"}
    assert all(c["mend"] for c in broken), broken
    kept = folder_of(place)
    assert {name: kept[name] for name in before_} == before_


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_store_that_may_not_be_written_is_said_in_one_sentence_and_left_alone(
    what: str, whole: bytes, tmp_path: Path
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    (tmp_path / "feeds").mkdir()
    files = after(tmp_path / "feeds", 3)
    database = place / "store.db"
    database.write_bytes(whole)
    database.chmod(0o444 if what == "file" else 0o644)
    place.chmod(0o755 if what == "file" else 0o555)
    program = str(Path(sys.executable).with_name("credit-graph"))
    call = [program, "--store", f"sqlite:///{database}", "load", *map(str, files)]
    ran = subprocess.run(
        [sys.executable, "-c", _MINDING, *call],
        env={"CREDIT_GRAPH_PERSON_KEY": KEY},
        capture_output=True,
        text=True,
        check=False,
    )
    place.chmod(0o755)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert is_one_sentence(ran.stderr), ran.stderr
    assert "read-only" in ran.stderr
    assert database.read_bytes() == whole
