import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.security import (
    mask_digits,
    mask_id_number,
    mask_list_of_names,
    mask_name,
    mask_names_in,
    mask_party,
    mask_phone,
    mask_row,
)
from tests.domain.identifiers.strategies import citizens

NUMBER = "342301199001013224"
SHOWN = "342301********3224"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("李小明", "李*"),
        ("李一", "李*"),
        ("欧阳一", "欧阳*"),
        ("阿卜杜拉·买买提", "阿*"),
        ("John Smith", "J*"),
        ("李*", "李*"),
        ("", ""),
    ],
)
def test_of_a_persons_name_the_surname_remains(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_lists_of_names_keep_their_separators_and_their_organisations() -> None:
    assert mask_list_of_names("李小明、王二；甲商贸有限公司") == "李*、王*；甲商贸有限公司"


def test_an_unknown_party_is_masked_unless_it_reads_like_an_organisation() -> None:
    assert mask_party("三门峡甲商贸有限公司") == "三门峡甲商贸有限公司"
    assert mask_party("嘦嘦") == "嘦*"
    assert mask_party("李小明（执行董事）") == "李*"
    assert mask_party("张小会") == "张*"


def test_names_are_masked_inside_texts_longer_ones_first() -> None:
    assert mask_names_in("李小明明与李小明签订", ["李小明", "李小明明", ""]) == "李*与李*签订"


def test_numbers_keep_six_and_four() -> None:
    assert mask_id_number(NUMBER) == SHOWN
    assert mask_id_number("110105491231002") == "110105*****1002"
    assert mask_id_number("E12345678") == "E******78"
    assert mask_id_number("123") == "***"


@pytest.mark.parametrize(
    ("number", "shown"), [("13800138000", "138****8000"), ("03982812345", "0398*****45"), ("110", "***")]
)
def test_telephones_lose_their_middle(number: str, shown: str) -> None:
    assert mask_phone(number) == shown


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        "34230119900101322X",
        "34230119900101322x",
        "３４２３０１１９９００１０１３２２４",
        "342301 19900101 3224",
        "342301-19900101-3224",
        "110105491231002",
        f"李{NUMBER}王",
        f"{NUMBER}1",
    ],
)
def test_no_run_that_could_be_a_persons_number_survives(text: str) -> None:
    assert "*" in mask_digits(text)
    assert not re.search(r"\d{11}", re.sub(r"[ -]", "", mask_digits(text)))


@pytest.mark.parametrize("text", ["13800138000", "2019-07-01", "500万元", SHOWN, "3423011990****3224"])
def test_shorter_numbers_and_masked_ones_stay(text: str) -> None:
    assert mask_digits(text) == text


@given(st.text("甲,x- \n", max_size=6), citizens(), st.text("乙,;\t ", max_size=6))
def test_a_number_is_masked_wherever_it_stands(before: str, number: str, after: str) -> None:
    assert number not in mask_digits(before + number + after)


def test_a_rejected_row_is_masked_by_the_columns_of_persons() -> None:
    assert mask_row(f"甲公司,李小明,{NUMBER}", {1}, 3) == f"甲公司,李*,{SHOWN}"
    assert mask_row('"甲,乙公司",李小明', {1}, 2) == '"甲,乙公司",李*'
    assert mask_row("甲公司\t李小明", {1}, 2, "\t") == "甲公司\t李*"


def test_in_a_row_of_the_wrong_width_names_are_masked_wherever_they_stand() -> None:
    assert mask_row(f"李小明,甲公司,,{NUMBER}", {1}, 3) == f"李*,甲公司,,{SHOWN}"


def test_a_row_with_an_open_quote_is_masked_too() -> None:
    assert mask_row(f'"甲公司,李小明,{NUMBER}', (), 3).count(NUMBER) == 0
    assert "李小明" not in mask_row(f'"甲公司,李小明,{NUMBER},1', (), 3)


def test_a_row_with_nothing_to_hide_stays_byte_for_byte() -> None:
    assert mask_row('"甲公司",  "1"', {5}, 2) == '"甲公司",  "1"'
