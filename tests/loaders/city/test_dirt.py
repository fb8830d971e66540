"""Every kind of dirt that real deliveries carry is in the feeds."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

from loaders.city import write_city
from tests.loaders.city.feeds import Row, rows_of, text_of

CITIZEN = re.compile(r"\d{17}[\dX]")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    write_city(folder, 2000, 7, 0.2)
    return folder


@pytest.fixture(scope="module")
def firms(town: Path) -> list[Row]:
    return rows_of(town, "registration")


@pytest.fixture(scope="module")
def stakes(town: Path) -> list[Row]:
    return rows_of(town, "shareholders")


def cells(rows: list[Row], column: str) -> list[str]:
    return [row[column] for row in rows if row[column]]


def test_some_files_bear_a_mark_of_order_and_one_is_in_gb18030(town: Path) -> None:
    starts = {p.name: p.read_bytes()[:3] == b"\xef\xbb\xbf" for p in (town / "feeds").iterdir()}
    assert set(starts.values()) == {True, False}
    raw = (town / "feeds" / "chattel_mortgage_20261115.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    assert "抵押权人" in raw.decode("gb18030")


def test_codes_come_full_width_lower_case_and_with_spaces(firms: list[Row]) -> None:
    codes = cells(firms, "统一社会信用代码")
    for form in (r".*[０-９Ａ-Ｚ].*", r".*[a-z].*", r"\S+ \S+", r" \S+", r"\S+ "):
        assert any(re.fullmatch(form, code) for code in codes), form


def test_dates_amounts_and_percentages_come_in_every_usual_form(firms: list[Row], stakes: list[Row]) -> None:
    dates = cells(firms, "成立日期")
    for form in (r"\d{4}-\d\d-\d\d", r"\d{4}/\d\d?/\d\d?", r"\d{8}", r"\d{4}年\d\d?月\d\d?日"):
        assert any(re.fullmatch(form, date) for date in dates), form
    amounts = cells(firms, "注册资本")
    for form in (r"\d+", r"[\d.]+万", r"[\d.]+万元", r"[\d.]+万元人民币", r"\d+元"):
        assert any(re.fullmatch(form, amount) for amount in amounts), form
    parts = cells(stakes, "出资比例")
    for form in (r"\d+%", r"0\.\d+", r"\d+"):
        assert any(re.fullmatch(form, part) for part in parts), form


def test_names_come_with_spaces_other_brackets_and_without_their_suffix(town: Path, firms: list[Row]) -> None:
    names = set(cells(firms, "企业名称"))
    told = {
        name for feed in ("contacts", "annual_reports") for row in rows_of(town, feed)
        for name in (row.get("企业名称", ""), row.get("主体名称", ""))
    }  # fmt: skip
    for mark in ("（", "(", " "):
        assert any(mark in name for name in names | told), mark
    assert any(f"{name}有限公司" in names for name in told if name)


def test_stakes_sum_to_more_than_all_and_a_firm_holds_itself(stakes: list[Row]) -> None:
    total: dict[str, float] = defaultdict(float)
    first = [s for s in stakes if not s["退出日期"] and re.fullmatch(r"\d+%", s["出资比例"])]
    for row in {(s["统一社会信用代码"], s["股东名称"]): s for s in first}.values():
        total[row["统一社会信用代码"]] += float(row["出资比例"].rstrip("%"))
    assert 105.0 in total.values()
    assert any(s["证件号码"] == s["统一社会信用代码"] for s in stakes if s["证件号码"])


def test_holders_are_known_by_name_only_two_persons_bear_one_name_and_one_has_two_numbers(
    town: Path, stakes: list[Row]
) -> None:
    assert any(not s["证件号码"] for s in stakes)
    numbers: dict[str, set[str]] = defaultdict(set)
    for row in (*stakes, *rows_of(town, "managers")):
        numbers[row.get("股东名称") or row.get("姓名") or ""].add(row["证件号码"])
    assert any(sum(bool(CITIZEN.fullmatch(n)) for n in own) > 1 for own in numbers.values())
    every = {n for own in numbers.values() for n in own}
    short = {n for n in every if re.fullmatch(r"\d{15}", n)}
    assert short
    assert short & {n[:6] + n[8:17] for n in every if CITIZEN.fullmatch(n)}


def test_rows_are_repeated_and_come_late(town: Path) -> None:
    lines = text_of(town / "feeds" / "managers_20261115.csv").splitlines()
    assert len(set(lines)) < len(lines)
    first, second = (
        {row["企业名称"].strip(): row["成立日期"] for row in rows_of(town, f"registration_{day}")}
        for day in ("20260930", "20261115")
    )
    assert any("2026-08" < second[name] <= "2026-09-30" for name in second.keys() - first.keys())


def test_rows_have_too_few_and_too_many_columns(town: Path) -> None:
    lines = text_of(town / "feeds" / "registration_20260930.csv").splitlines()
    widths = {line.count(",") for line in lines[-3:]}
    assert min(widths) < lines[0].count(",") < max(widths)
