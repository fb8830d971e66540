from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.template import Column
from tests.loaders.typed import cells, one

COLUMN = Column("day", ("日期",), "date")
EPOCH = date(1970, 1, 1)


def number(day: date) -> int:
    return (day - EPOCH).days


@pytest.mark.parametrize(
    "text",
    [
        "2019-07-01", "2019-7-1", "2019/7/1", "2019/07/01", "2019.7.1", "20190701", "2019年7月1日", "2019年07月01日",
        "2019-07-01 12:30:00", "2019-07-01T00:00:00.000", "2019年7月1日 8时", " ２０１９－０７－０１ ",
        "20190701123000",
        "1561910400000", "\ufeff2019-07-01", "2019年7月1号", "2019-07-01 00:00:00.0",
    ],
)  # fmt: skip
def test_every_way_to_write_a_day_is_that_day(text: str) -> None:
    assert one(COLUMN, text).value == number(date(2019, 7, 1))
    assert one(COLUMN, text).found == ()


@pytest.mark.parametrize(
    "text",
    ["2019-02-30", "2019-13-01", "2023/2/29", "20190732", "0001-01-01", "昨天", "2019-07", "12", "2019-0-1"],
)
def test_impossible_dates_are_found(text: str) -> None:
    cell = one(COLUMN, text)
    assert cell.found == (("month_only",) if text == "2019-07" else ("bad_date",))


@pytest.mark.parametrize("text", ["长期", "永久", "无固定期限", "9999-12-31", "至今"])
def test_words_for_an_open_end_are_no_date_and_no_mistake(text: str) -> None:
    assert (one(COLUMN, text).value, one(COLUMN, text).found) == (None, ())


@pytest.mark.parametrize("text", ["", " ", "-", "无", "NULL", None, "/"])
def test_nothing_is_no_mistake(text: str | None) -> None:
    assert (one(COLUMN, text).value, one(COLUMN, text).found) == (None, ())


@pytest.mark.parametrize("text", ["2019-07", "2019年7月", "201907", "2019/7"])
def test_a_month_counts_from_its_first_day_and_is_noted(text: str) -> None:
    assert (one(COLUMN, text).value, one(COLUMN, text).found) == (number(date(2019, 7, 1)), ("month_only",))


FORMS = (
    "{y:04}-{m:02}-{d:02}",
    "{y:04}/{m}/{d}",
    "{y:04}{m:02}{d:02}",
    "{y:04}年{m}月{d}日",
    "{y:04}.{m}.{d}",
)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1850, 2199), st.integers(0, 13), st.integers(0, 32)), min_size=1, max_size=30
    )
)
def test_dates_agree_with_the_calendar(days: list[tuple[int, int, int]]) -> None:
    texts = [form.format(y=y, m=m, d=d) for y, m, d in days for form in FORMS]
    expected = [_calendar(*day) for day in days for _ in FORMS]
    assert [c.value for c in cells(COLUMN, texts)] == expected
    assert [c.found for c in cells(COLUMN, texts)] == [
        () if e is not None else ("bad_date",) for e in expected
    ]


def _calendar(y: int, m: int, d: int) -> int | None:
    try:
        return number(date(y, m, d))
    except ValueError:
        return None


def test_milliseconds_count_in_shanghai() -> None:
    midnight = number(date(2024, 3, 1)) * 86_400_000 - 8 * 3_600_000
    assert one(COLUMN, str(midnight)).value == number(date(2024, 3, 1))
    assert one(COLUMN, str(midnight - 1)).value == number(date(2024, 3, 1) - timedelta(days=1))
