from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from graph_service.domain.identifiers import (
    CITIZEN_CHECKS,
    CITIZEN_WEIGHTS,
    citizen_check_character,
    eighteen_digits,
    is_citizen,
    parse_citizen,
)
from tests.domain.identifiers.strategies import TODAY, citizens


def numbered(region: str, born: str, sequence: str = "001") -> str:
    body = region + born + sequence
    return body + citizen_check_character(body)


def codes_of(text: str) -> list[str]:
    return [p.code for p in parse_citizen(text, TODAY).problems]


@given(citizens())
def test_every_number_made_by_the_standard_is_valid(number: str) -> None:
    assert is_citizen(number, TODAY)


@given(citizens(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_every_single_wrong_character_is_caught(number: str, at: int, other: str) -> None:
    changed = number[:at] + other + number[at + 1 :]
    assert is_citizen(changed, TODAY) == (changed == number)


@given(citizens())
def test_stdnum_agrees_where_there_is_no_warning(number: str) -> None:
    if not parse_citizen(number, TODAY).problems:
        assert ric.is_valid(number)


@given(citizens())
def test_the_published_weights_give_the_check_character(number: str) -> None:
    total = sum(int(d) * w for d, w in zip(number[:17], CITIZEN_WEIGHTS, strict=True))
    assert CITIZEN_CHECKS[total % 11] == number[17]


def test_a_number_that_ends_in_x_may_be_written_small_and_wide() -> None:
    assert is_citizen(" １１０１０５19491231002ｘ", TODAY)


def test_fifteen_digits_become_eighteen() -> None:
    assert eighteen_digits("110105491231002") == "11010519491231002X"
    assert is_citizen("110105491231002", TODAY)
    assert eighteen_digits("11010549123100") == "11010549123100"


@pytest.mark.parametrize("region", ["810000", "820000", "830000"])
def test_residence_permits_are_valid(region: str) -> None:
    parsed = parse_citizen(numbered(region, "19900101"), TODAY)
    assert (parsed.is_valid, parsed.kind) == (True, "residence_permit")


def test_permanent_residence_numbers_begin_with_nine_and_have_no_region() -> None:
    parsed = parse_citizen(numbered("911840", "19900101"), TODAY)
    assert (parsed.is_valid, parsed.kind, parsed.region, parsed.problems) == (
        True,
        "permanent_residence",
        "",
        (),
    )


def test_births_after_today_are_refused_and_births_today_are_not() -> None:
    tomorrow = TODAY + timedelta(days=1)
    assert codes_of(numbered("411202", f"{tomorrow:%Y%m%d}")) == ["citizen_future"]
    assert codes_of(numbered("411202", f"{TODAY:%Y%m%d}")) == []
    assert "citizen_future" in codes_of(numbered("411202", "20990101"))


def test_a_division_that_did_not_exist_at_birth_is_a_warning() -> None:
    parsed = parse_citizen(numbered("411203", "19900101"), TODAY)
    assert parsed.is_valid
    assert [(p.code, p.is_warning) for p in parsed.problems] == [("citizen_region", True)]


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("4112021990010100", "citizen_format"),
        (numbered("411202", "19900231"), "citizen_birth"),
        (numbered("991202", "19900101").replace("99", "00", 1), "citizen_province"),
        ("411202199001010001", "citizen_check"),
    ],
)
def test_each_mistake_has_its_own_code(number: str, problem: str) -> None:
    assert problem in codes_of(number)


@given(st.text(max_size=20))
def test_any_text_gets_an_answer_that_does_not_repeat_it(text: str) -> None:
    parsed = parse_citizen(text, TODAY)
    assert parsed.is_valid in (True, False)
    assert not any(len(text) > 10 and text in p.sentence for p in parsed.problems)


def test_the_parsed_number_has_no_readable_repr() -> None:
    assert "19900101" not in repr(parse_citizen(numbered("411202", "19900101"), TODAY))


def test_birth_and_sex_are_read() -> None:
    parsed = parse_citizen(numbered("411202", "19900203", "002"), TODAY)
    assert (parsed.birth, parsed.is_female) == (date(1990, 2, 3), True)
