from pathlib import Path

import pytest

from graph_service import snapshots
from graph_service.domain.facts import Fact
from graph_service.rules import load_rules
from graph_service.snapshots import TargetState, stale_records, target_state
from tests.graphs import DAY, LISTED, during, exit_of, listed, pyramid
from tests.snapshots.toy_store import ToyStore

RULES = load_rules()
RECORD = during(listed("e:d"), DAY - 100, DAY + 5)


def stale(store: ToyStore, snapshot: snapshots.Snapshot, day: int = DAY) -> dict[str, str]:
    found = stale_records(store.live, snapshot, LISTED, day)
    return {snapshot.graph.nodes.ids[place]: state.value for place, state in found.items()}


@pytest.mark.parametrize(
    ("event", "state"),
    [("repaired", "ended"), ("revoked", "ended"), ("suspended", "ended"), ("objected", "paused")],
)
def test_an_end_since_the_snapshot_is_seen_without_a_refresh(tmp_path: Path, event: str, state: str) -> None:
    store = ToyStore([*pyramid(), RECORD])
    snapshot = snapshots.refresh(store.port, tmp_path, RULES)
    assert stale(store, snapshot) == {}
    store.add(exit_of(RECORD, event, DAY))
    assert stale(store, snapshot) == {"e:d": state}


def test_a_record_ends_with_its_day(tmp_path: Path) -> None:
    store = ToyStore([*pyramid(), RECORD])
    snapshot = snapshots.refresh(store.port, tmp_path, RULES)
    assert stale(store, snapshot, DAY + 4) == {}
    assert stale(store, snapshot, DAY + 5) == {"e:d": "ended"}


def test_a_finding_stands_while_one_of_its_records_does() -> None:
    other: Fact = listed("e:d", document="2")
    store = ToyStore([RECORD, other, exit_of(RECORD, "repaired", DAY - 1)])
    assert target_state(store.live, "e:d", LISTED, DAY) is TargetState.STANDS
    assert target_state(store.live, "e:d", frozenset({"serious_violation"}), DAY) is TargetState.ENDED


def test_only_the_targets_asked_for_are_looked_at(tmp_path: Path) -> None:
    store = ToyStore([*pyramid(), RECORD, listed("e:b")])
    snapshot = snapshots.refresh(store.port, tmp_path, RULES)
    store.add(exit_of(RECORD, "repaired", DAY))
    place = snapshot.graph.place
    assert stale_records(store.live, snapshot, LISTED, DAY, [place("e:b")]) == {}
    assert set(stale_records(store.live, snapshot, LISTED, DAY, [place("e:d")])) == {place("e:d")}
