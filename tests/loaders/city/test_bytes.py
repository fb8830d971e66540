import hashlib
from pathlib import Path
from typing import Any

import pytest

from graph_service.domain.errors import CreditGraphError
from loaders.city import write_city


def hashes(folder: Path) -> dict[str, str]:
    """The content hash of every file below a folder."""
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def test_the_same_arguments_give_the_same_bytes_and_another_seed_gives_others(tmp_path: Path) -> None:
    for name, seed in (("one", 7), ("again", 7), ("other", 8)):
        write_city(tmp_path / name, 60, seed)
    one, again, other = (hashes(tmp_path / name) for name in ("one", "again", "other"))
    assert one == again
    assert one.keys() == other.keys()
    assert not set(one.values()) & set(other.values())


def test_the_key_of_persons_changes_what_the_truth_calls_them_and_nothing_else(tmp_path: Path) -> None:
    write_city(tmp_path / "demo", 60, 7)
    write_city(tmp_path / "own", 60, 7, person_key=b"a key of one's own")
    demo, own = hashes(tmp_path / "demo"), hashes(tmp_path / "own")
    assert {name for name in demo if demo[name] != own[name]} == {"truth/truth.json"}
    assert "a key of one's own" not in (tmp_path / "own" / "truth" / "truth.json").read_text("utf-8")


def test_a_report_tells_how_many_rows_each_file_holds(tmp_path: Path) -> None:
    report = write_city(tmp_path, 60, 7)
    assert set(report.rows) == {p.name for p in (tmp_path / "feeds").iterdir()}
    lines = (tmp_path / "feeds" / "contacts_20261115.csv").read_text("utf-8-sig").splitlines()
    assert report.rows["contacts_20261115.csv"] == len(lines) - 1
    assert report.total_rows == sum(report.rows.values())


@pytest.mark.parametrize(
    "wrong",
    [
        {"enterprises": 19}, {"enterprises": 5_000_001}, {"seed": -1},
        {"individual_businesses": -0.1}, {"individual_businesses": 10.5},
    ],
)  # fmt: skip
def test_numbers_that_make_no_city_are_refused_in_one_sentence(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(CreditGraphError) as refused:
        write_city(tmp_path / "city", **({"enterprises": 60, "seed": 7} | wrong))
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "city").exists()


def test_a_folder_that_holds_feeds_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "mine.csv").write_text("a,b\n", "utf-8")
    with pytest.raises(CreditGraphError, match="already holds files: name an empty folder"):
        write_city(tmp_path, 60, 7)
    assert [str(p.relative_to(tmp_path)) for p in sorted(tmp_path.rglob("*"))] == ["feeds", "feeds/mine.csv"]
