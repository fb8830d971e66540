"""The truth beside the feeds, to the letter of its format, and what it says about the feeds."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from graph_service.domain.identifiers import DEMO_PERSON_KEY, is_uscc, key_fingerprint
from loaders.city import write_city

KINDS = {
    "cross_holding", "guarantee_ring", "mutual_guarantee", "joint_guarantee", "reborn", "shell_cluster", "nominee",
    "sudden_change", "capital_round",
}  # fmt: skip
TRUTH = Path("truth") / "truth.json"


@pytest.fixture(scope="module")
def hamlet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hamlet")
    write_city(folder, 60, 4)
    return folder


def truth(folder: Path) -> dict[str, Any]:
    found = json.loads((folder / TRUTH).read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def test_the_truth_says_its_day_its_patterns_who_is_listed_and_under_which_key(hamlet: Path) -> None:
    said = truth(hamlet)
    assert said["as_of"] == "2026-11-15"
    assert said["key"] == DEMO_PERSON_KEY.decode()
    assert said["key_fingerprint"] == key_fingerprint(DEMO_PERSON_KEY)
    assert len(said["listed"]) == len(set(said["listed"])) >= 6
    for pattern in said["patterns"]:
        assert set(pattern) == {"kind", "members", "note"}
        assert pattern["note"]
    members = [m for p in said["patterns"] for m in p["members"]]
    assert all(re.fullmatch(r"uscc:\w{18}|person:[0-9a-f]{32}", m) for m in members)
    assert all(is_uscc(m.removeprefix("uscc:")) for m in members if m.startswith("uscc:"))


def test_every_kind_of_pattern_is_planted_also_in_a_hamlet(hamlet: Path) -> None:
    assert {p["kind"] for p in truth(hamlet)["patterns"]} == KINDS


def test_a_town_holds_each_kind_three_times(tmp_path: Path) -> None:
    write_city(tmp_path, 300, 4, 0)
    kinds = [p["kind"] for p in truth(tmp_path)["patterns"]]
    assert all(kinds.count(kind) >= 3 for kind in KINDS)


def test_a_key_of_ones_own_is_named_by_its_fingerprint_only(tmp_path: Path) -> None:
    write_city(tmp_path, 60, 4, person_key=b"own")
    said = truth(tmp_path)
    assert (said["key"], said["key_fingerprint"]) == (None, key_fingerprint(b"own"))


def test_hazards_are_chances_of_enterprises_that_are_not_listed(hamlet: Path) -> None:
    with (hamlet / "truth" / "hazard.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["entity", "as_of", "hazard"]
    assert sorted({row["as_of"] for row in rows}) == [f"{year}-11-15" for year in range(2022, 2027)]
    assert len({(row["entity"], row["as_of"]) for row in rows}) == len(rows)
    assert all(0 < float(row["hazard"]) < 1 for row in rows)
    today = {row["entity"] for row in rows if row["as_of"] == "2026-11-15"}
    assert today.isdisjoint(truth(hamlet)["listed"])
