import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as stdnum_uscc

from graph_service.domain.identifiers import (
    ORGANISATION_ALPHABET,
    USCC_ALPHABET,
    is_organisation_code,
    is_uscc,
    organisation_check_character,
    organisation_code_problems,
    parse_regno,
    parse_tax_number,
    parse_uscc,
    uscc_check_character,
)
from tests.domain.identifiers.strategies import organisation_codes, regnos, usccs


def codes_of(text: str) -> list[str]:
    return [p.code for p in parse_uscc(text).problems]


def with_check(body: str) -> str:
    return body + uscc_check_character(body)


@given(usccs())
def test_every_uscc_made_by_the_standard_is_valid(code: str) -> None:
    parsed = parse_uscc(code)
    assert parsed.is_valid
    assert f"{parsed.category}{parsed.region}{parsed.organisation_code}{parsed.check}" == code


@given(usccs(), st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_every_single_wrong_character_of_a_uscc_is_caught(code: str, at: int, other: str) -> None:
    changed = code[:at] + other + code[at + 1 :]
    assert is_uscc(changed) == (changed == code)


@given(usccs())
def test_stdnum_accepts_what_is_valid_on_its_domain(code: str) -> None:
    assert stdnum_uscc.is_valid(code) == (code[0] not in "ANY")


@pytest.mark.parametrize("code", ["MA35H6XT3", "MA38QC805", "MA001K7YX", "MA35H6XT-3", " ma001k7y－x"])
def test_letters_of_organisation_codes_take_the_36_letter_values(code: str) -> None:
    assert organisation_code_problems(code) == ()


@given(organisation_codes(), st.integers(0, 8), st.sampled_from(ORGANISATION_ALPHABET))
def test_a_wrong_character_of_an_organisation_code_is_caught_unless_its_value_differs_by_eleven(
    code: str, at: int, other: str
) -> None:
    changed = code[:at] + other + code[at + 1 :]
    difference = ORGANISATION_ALPHABET.index(other) - ORGANISATION_ALPHABET.index(code[at])
    blind = difference % 11 == 0 if at < 8 else difference == 0
    assert is_organisation_code(changed) == blind


def test_an_invented_code_that_fails_both_checks_is_told_both() -> None:
    assert codes_of("91440101593739085M") == ["uscc_check", "uscc_organisation_check"]


def test_the_embedded_organisation_code_is_checked_where_stdnum_does_not() -> None:
    assert stdnum_uscc.is_valid("91411202MA40AB120N")
    assert codes_of("91411202MA40AB120N") == ["uscc_organisation_check"]
    assert parse_uscc("91411202MA40AB121R").problems == ()


@pytest.mark.parametrize("start", ["N2", "Y1", "A1"])
def test_codes_that_begin_with_a_letter_are_valid(start: str) -> None:
    body = f"{start}411202MA40AB12"
    assert is_uscc(with_check(body + organisation_check_character("MA40AB12")))


def test_an_unknown_department_is_an_error_and_an_unknown_category_a_warning() -> None:
    assert codes_of(with_check("C1411202MA40AB121")) == ["uscc_department"]
    odd = parse_uscc(with_check("95411202MA40AB121"))
    assert odd.is_valid
    assert [(p.code, p.is_warning) for p in odd.problems] == [("uscc_category", True)]


def test_an_unknown_region_is_a_warning_and_a_former_one_is_fine() -> None:
    assert [(p.code, p.is_warning) for p in parse_uscc(with_check("91411299MA40AB121")).problems] == [
        ("uscc_region", True)
    ]
    assert parse_uscc(with_check("91411222MA40AB121")).problems == ()
    assert parse_uscc(with_check("91100000MA40AB121")).problems == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "uscc_length"),
        ("91411202MA40AB121", "uscc_length"),
        ("91411202MA40AB12IR", "uscc_character"),
        ("9141120XMA40AB121R", "uscc_region_format"),
        ("９１411202ma40ab1210", "uscc_check"),
        ("91411２０²MA40AB121R", "uscc_character"),
    ],
)
def test_each_mistake_of_a_uscc_has_its_own_code(text: str, problem: str) -> None:
    assert problem in codes_of(text)


@given(st.text(max_size=20))
def test_any_text_gets_an_answer(text: str) -> None:
    assert parse_uscc(text).is_valid in (True, False)
    assert parse_regno(text).is_valid in (True, False)
    assert parse_tax_number(text).is_valid in (True, False)
    assert isinstance(organisation_code_problems(text), tuple)


@given(regnos(), st.integers(0, 14), st.sampled_from("0123456789"))
def test_every_single_wrong_digit_of_a_registration_number_is_caught(code: str, at: int, other: str) -> None:
    changed = code[:at] + other + code[at + 1 :]
    assert parse_regno(changed).is_valid == (changed == code)


@pytest.mark.parametrize(
    ("first", "kind"), [("0", "domestic"), ("3", "domestic"), ("4", "foreign"), ("6", "individual_business")]
)
def test_the_first_digit_of_the_sequence_says_the_kind(first: str, kind: str) -> None:
    assert parse_regno(f"411202{first}00000000").kind == kind


def test_an_old_tax_number_is_region_and_organisation_code() -> None:
    parsed = parse_tax_number("411202MA40AB121")
    assert (parsed.region, parsed.organisation_code, parsed.is_valid) == ("411202", "MA40AB121", True)
    assert not parse_tax_number("411202MA40AB120").is_valid
