import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from graph_service import snapshots
from graph_service.analysis.associations import Associations
from graph_service.domain.errors import NoSnapshot, StoreError
from graph_service.rules import load_rules
from tests.graphs import DAY, listed, pyramid
from tests.snapshots.toy_store import ToyStore

RULES = load_rules()


@pytest.fixture
def store() -> ToyStore:
    return ToyStore([*pyramid(), listed("e:d")])


def made(home: Path) -> list[str]:
    return sorted(p.name for p in (home / "snapshots").iterdir() if p.is_dir())


def test_a_refresh_makes_the_current_snapshot_with_its_findings(store: ToyStore, tmp_path: Path) -> None:
    assert snapshots.current(tmp_path) is None
    done = snapshots.refresh(store.port, tmp_path, RULES)
    current = snapshots.current(tmp_path)
    assert current is not None
    assert (current.id, current.as_of, current.known_at, current.as_of_given) == (
        done.id,
        DAY,
        store.moment(),
        False,
    )
    assert current.id.startswith("s1-")
    assert len(current.id) == 19
    graph, found = current.graph, current.associations
    rows = found.findings_of(graph.place("e:a"))
    assert [graph.nodes.ids[int(found.targets[r])] for r in rows] == ["e:d"]
    assert current.to_dict()["associated"] == 3


def test_the_same_content_day_and_rules_give_the_same_id_and_build_nothing(
    store: ToyStore, tmp_path: Path
) -> None:
    one = snapshots.refresh(store.port, tmp_path, RULES)
    written = (one.folder / "manifest.json").stat().st_mtime_ns
    store.moment_ += 5
    other = snapshots.refresh(store.port, tmp_path, RULES)
    assert other.id == one.id
    assert other.known_at == one.known_at + 5
    assert (other.folder / "manifest.json").stat().st_mtime_ns == written
    assert snapshots.refresh(store.port, tmp_path / "elsewhere", RULES).id == one.id


def test_another_day_content_or_rule_gives_another_id(store: ToyStore, tmp_path: Path) -> None:
    ids = {snapshots.refresh(store.port, tmp_path, RULES).id}
    ids.add(snapshots.refresh(store.port, tmp_path, RULES, DAY - 1).id)
    ids.add(snapshots.refresh(store.port, tmp_path, RULES.at(DAY)).id)
    store.add(listed("e:b"))
    ids.add(snapshots.refresh(store.port, tmp_path, RULES).id)
    assert len(ids) >= 3
    assert made(tmp_path) == sorted(ids)


def test_the_current_one_turns_back_to_a_kept_one(store: ToyStore, tmp_path: Path) -> None:
    first = snapshots.refresh(store.port, tmp_path, RULES, DAY - 1)
    snapshots.refresh(store.port, tmp_path, RULES)
    snapshots.refresh(store.port, tmp_path, RULES, DAY - 1)
    current = snapshots.current(tmp_path)
    assert current is not None
    assert (current.id, current.as_of_given) == (first.id, True)


def test_a_refresh_that_fails_leaves_the_current_one(
    store: ToyStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = snapshots.refresh(store.port, tmp_path, RULES)
    store.add(listed("e:b"))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as during:
        during.setattr(os, "fsync", full)
        with pytest.raises(StoreError, match="No space left on device"):
            snapshots.refresh(store.port, tmp_path, RULES)
    current = snapshots.current(tmp_path)
    assert current is not None
    assert current.id == whole.id
    assert current.graph.edge_count == 5
    assert made(tmp_path) == [whole.id]


def test_a_damaged_snapshot_is_made_anew(store: ToyStore, tmp_path: Path) -> None:
    one = snapshots.refresh(store.port, tmp_path, RULES)
    path = one.folder / "edges.shares.npy"
    path.write_bytes(path.read_bytes()[:-8] + bytes(8))
    again = snapshots.refresh(store.port, tmp_path, RULES)
    assert again.id == one.id
    assert float(again.graph.edges.shares.min()) == 0.4


@pytest.mark.parametrize(
    "text", ["", "{}", '{"id": "s1-0000000000000000", "known_at": 1, "as_of_given": false}']
)
def test_a_damaged_pointer_is_said_in_one_sentence(store: ToyStore, tmp_path: Path, text: str) -> None:
    snapshots.refresh(store.port, tmp_path, RULES)
    (tmp_path / "snapshots" / "current").write_text(text)
    with pytest.raises(StoreError, match="refresh"):
        snapshots.current(tmp_path)


def test_a_snapshot_is_opened_by_its_id(store: ToyStore, tmp_path: Path) -> None:
    one = snapshots.refresh(store.port, tmp_path, RULES)
    assert snapshots.open_snapshot(tmp_path, one.id).graph.edge_count == 5
    with pytest.raises(NoSnapshot, match=r"no snapshot 's1-0' in"):
        snapshots.open_snapshot(tmp_path, "s1-0")


def test_kept_ones_are_packed_and_open_as_before(store: ToyStore, tmp_path: Path) -> None:
    first = snapshots.refresh(store.port, tmp_path, as_of=DAY)
    before = first.results(Associations).targets.tolist()
    second = snapshots.refresh(store.port, tmp_path, as_of=DAY + 1)
    assert not list(first.folder.glob("*.npy"))
    assert not list(second.folder.glob("*.zst"))
    assert snapshots.open_snapshot(tmp_path, first.id).results(Associations).targets.tolist() == before
    assert snapshots.open_snapshot(tmp_path, first.id).graph.node_count == first.graph.node_count
    assert snapshots.refresh(store.port, tmp_path, as_of=DAY).id == first.id
    assert not list(second.folder.glob("*.npy"))


def test_old_ones_go_but_not_the_last_of_a_month(store: ToyStore, tmp_path: Path) -> None:
    ids = []
    for back in [400, 40, *range(14, 0, -1)]:
        one = snapshots.refresh(store.port, tmp_path, RULES, DAY - back)
        moment = 10_000 - back
        os.utime(one.folder / "manifest.json", (moment, moment))
        ids.append(one.id)
    kept = set(made(tmp_path))
    assert {ids[0], ids[1], *ids[-10:]} <= kept
    assert len(kept) <= 13


REFRESHING = """
import sys
from pathlib import Path
from graph_service import snapshots
from graph_service.analysis.associations import Associations
from graph_service.projection import disk
from graph_service.rules import load_rules
from tests.graphs import listed, pyramid
from tests.snapshots.toy_store import ToyStore
home, wait = Path(sys.argv[1]), int(sys.argv[2])
write, written = disk._write_array, []
def counted(path, array):
    written.append(path)
    if len(written) == wait:
        print("now", flush=True)
        sys.stdin.read()
    return write(path, array)
disk._write_array = counted
snapshots.refresh(ToyStore([*pyramid(), listed("e:d"), listed("e:b")]).port, home, load_rules())
print("done", flush=True)
"""


def refreshing(home: Path, wait: int) -> "subprocess.Popen[str]":
    """Another process that refreshes and stops before it writes its array number `wait` (0: never)."""
    return subprocess.Popen(
        [sys.executable, "-c", REFRESHING, str(home), str(wait)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip


@pytest.mark.parametrize("wait", [1, 20, 45])
def test_a_killed_refresh_leaves_the_current_one_and_the_next_sweeps(
    store: ToyStore, tmp_path: Path, wait: int
) -> None:
    whole = snapshots.refresh(store.port, tmp_path, RULES)
    with refreshing(tmp_path, wait) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "now\n"
        other.send_signal(signal.SIGKILL)
    left = [p for p in (tmp_path / "snapshots").iterdir() if p.name.endswith(".tmp")]
    assert len(left) == 1
    current = snapshots.current(tmp_path)
    assert current is not None
    assert current.id == whole.id
    assert current.associations.targets.tolist() == whole.associations.targets.tolist()
    assert len(whole.associations.targets) > 0
    store.add(listed("e:b"))
    assert snapshots.refresh(store.port, tmp_path, RULES).id != whole.id
    assert not [p for p in (tmp_path / "snapshots").iterdir() if p.name.endswith(".tmp")]


def test_two_refreshes_wait_for_each_other(store: ToyStore, tmp_path: Path) -> None:
    with refreshing(tmp_path, 20) as first:
        assert first.stdout is not None
        assert first.stdin is not None
        assert first.stdout.readline() == "now\n"
        with refreshing(tmp_path, 0) as second:
            assert second.stdout is not None
            first.stdin.close()
            assert first.stdout.readline() == "done\n"
            assert second.stdout.readline() == "done\n"
    assert len(made(tmp_path)) == 1
    current = snapshots.current(tmp_path)
    assert current is not None
    assert np.asarray(current.associations.targets).size > 0


def test_the_manifest_says_what_it_is_made_from(store: ToyStore, tmp_path: Path) -> None:
    about = json.loads((snapshots.refresh(store.port, tmp_path, RULES).folder / "manifest.json").read_text())
    assert about["moment"] == {
        "content": store.content(), "as_of": DAY, "known_at": store.moment(), "judged_on": DAY,
    }  # fmt: skip
    assert about["counts"] == {"nodes": 5, "edges": 5, "records": 1}
    assert all(len(facts["sha256"]) == 64 for facts in about["files"].values())
