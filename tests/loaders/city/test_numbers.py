"""Numbers of persons stand in the columns that are made for them, and nowhere else."""

import re
from pathlib import Path

import pytest

from loaders.city import write_city
from tests.loaders.city.feeds import rows_of

COLUMNS = re.compile(r"证件号码|证照号码")
COURTS = ("dishonest_judgment_debtor", "consumption_restriction", "enforcement")
DATE = r"(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
CITIZEN = re.compile(rf"(?<![0-9A-Z])[1-6]\d{{5}}{DATE}\d{{3}}[\dX]?(?![0-9A-Z])")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    write_city(folder, 300, 4)
    return folder


def looks_like_a_number(text: str, column: str) -> bool:
    # registration numbers have fifteen digits as well, and columns of their own
    return bool(CITIZEN.search(text)) and "注册号" not in column


def test_no_other_column_holds_one(town: Path) -> None:
    for path in (town / "feeds").iterdir():
        for row in rows_of(town, path.stem):
            for column, text in row.items():
                assert COLUMNS.search(column) or not looks_like_a_number(text, column), (path.name, column)


def test_courts_publish_them_masked(town: Path) -> None:
    for feed in COURTS:
        found = [row["身份证号码/组织机构代码"] for row in rows_of(town, feed)]
        assert not any(looks_like_a_number(text, "") for text in found), feed
    masked = [row["身份证号码/组织机构代码"].replace(" ", "") for row in rows_of(town, COURTS[1])]
    assert any(re.fullmatch(r"\d{10}\*{4}\d{3}[\dX]", text) for text in masked)


def test_the_truth_holds_none(town: Path) -> None:
    for path in (town / "truth").iterdir():
        text = re.sub(r"uscc:\w{18}|person:\w{32}", "", path.read_text("utf-8"))
        assert not CITIZEN.search(text), path.name
