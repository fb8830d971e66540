from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.normalize import ColumnContext
from loaders.template import Column
from tests.loaders.typed import cells, one

AMOUNT = Column("money", ("注册资本",), "amount")
SHARE = Column("share", ("出资比例",), "percent")
TODAY = date(2026, 11, 15)


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("500万元人民币", 5e6), ("500万", 5e6), ("5000000", 5e6), ("5,000,000", 5e6), ("5000000元", 5e6),
        ("￥5,000,000.00", 5e6), ("人民币500万元", 5e6), ("0.05亿", 5e6), ("５００万元", 5e6), ("500 万元", 5e6),
        ("500(万元)", 5e6), ("5百万", 5e6), ("1.2亿元", 1.2e8), ("37.42万", 374_200), ("0", 0), ("5e6", 5e6),
        ("500万元整", 5e6), ("CNY 100", 100), ("3千万元", 3e7),
    ],
)  # fmt: skip
def test_units_in_the_cell_are_understood(text: str, yuan: float) -> None:
    assert (one(AMOUNT, text).value, one(AMOUNT, text).found) == (yuan, ())


def test_a_header_in_ten_thousands_counts_so_unless_the_cell_says_otherwise() -> None:
    context = ColumnContext("注册资本(万元)", TODAY)
    got = [c.value for c in cells(AMOUNT, ["500", "500万元", "5000000元", "0.5亿"], context)]
    assert got == [5e6, 5e6, 5e6, 5e7]


def test_a_template_s_unit_counts_where_neither_header_nor_cell_has_one() -> None:
    column = Column("fine", ("罚款金额",), "amount", unit=10_000)
    assert one(column, "0.5").value == 5000


@pytest.mark.parametrize("text", ["伍佰万元", "五百", "约500万", "500-600万", "abc", "1.2.3", "inf", "nan1"])
def test_what_is_no_amount_is_found(text: str) -> None:
    assert one(AMOUNT, text).found == ("bad_amount",)


def test_negative_amounts_are_found_and_left_out_where_the_row_stays() -> None:
    assert one(AMOUNT, "-5").found == ("negative_amount",)
    noted = Column("money", ("注册资本",), "amount", bad="note")
    assert (one(noted, "-5万元").value, one(noted, "-5万元").found) == (None, ("negative_amount",))


def test_foreign_currencies_are_noted_and_named() -> None:
    cell = one(AMOUNT, "50万美元")
    assert (cell.value, cell.aliases["money__currency"], cell.found) == (5e5, "USD", ("foreign_currency",))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 10**10), min_size=1, max_size=30))
def test_amounts_agree_with_arithmetic_in_every_form(numbers: list[int]) -> None:
    forms = (
        [(f"{n}", n) for n in numbers]
        + [(f"{n:,}元", n) for n in numbers]
        + [(f"{n}万", n * 10_000) for n in numbers]
    )
    assert [c.value for c in cells(AMOUNT, [t for t, _ in forms])] == [float(v) for _, v in forms]


@pytest.mark.parametrize(
    ("text", "share"),
    [("51%", 0.51), ("51％", 0.51), ("0.51", 0.51), ("51", 0.51), ("100", 1), ("1", 1), ("0.5%", 0.005)],
)
def test_shares_are_fractions_however_written(text: str, share: float) -> None:
    assert (one(SHARE, text).value, one(SHARE, text).found) == (share, ())


def test_in_a_file_of_percentages_half_a_per_cent_stays_half_a_per_cent() -> None:
    context = ColumnContext("出资比例", TODAY, small_are_percents=True)
    assert one(SHARE, "0.5", context).value == 0.005
    assert one(SHARE, "0.5", ColumnContext("出资比例(%)", TODAY)).value == 0.005


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("101%", "share_over_100"),
        ("250", "share_over_100"),
        ("-5%", "negative_share"),
        ("一半", "bad_percent"),
    ],
)
def test_impossible_shares_are_found(text: str, code: str) -> None:
    assert (one(SHARE, text).value, one(SHARE, text).found) == (None, (code,))


def test_exactly_all_is_not_too_much() -> None:
    assert one(SHARE, "100.00%").value == 1.0
