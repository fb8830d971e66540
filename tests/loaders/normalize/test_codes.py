from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc as stdnum_uscc

from graph_service.domain.identifiers import (
    ORGANISATION_ALPHABET,
    USCC_ALPHABET,
    has_errors,
    is_organisation_code,
    organisation_check_character,
    parse_regno,
    parse_uscc,
    regno_check_digit,
    uscc_check_character,
)
from loaders.template import Column
from tests.loaders.typed import cells, one

CODE = Column("code", ("统一社会信用代码",), "code")
KEYS = [c for c in ORGANISATION_ALPHABET if c in USCC_ALPHABET]


@st.composite
def codes(draw: st.DrawFn) -> str:
    body = draw(st.sampled_from(["91411202", "92411221", "12410000", "N2411282", "Y1110000", "A1100000"]))
    key = "".join(draw(st.lists(st.sampled_from(KEYS), min_size=8, max_size=8)))
    whole = body + key + organisation_check_character(key)
    return whole + uscc_check_character(whole)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(codes(), st.integers(0, 17), st.sampled_from(USCC_ALPHABET)), min_size=1, max_size=20)
)
def test_codes_agree_with_the_domain_intact_and_with_one_character_changed(
    given_: list[tuple[str, int, str]],
) -> None:
    texts = [c for c, _, _ in given_] + [c[:i] + x + c[i + 1 :] for c, i, x in given_]
    for text, cell in zip(texts, cells(CODE, texts), strict=True):
        assert (cell.aliases["code__id"] == f"uscc:{text}") is parse_uscc(text).is_valid, text


@settings(max_examples=15, deadline=None)
@given(st.lists(codes().filter(lambda c: c[0] not in "NYA"), min_size=1, max_size=10))
def test_codes_of_the_usual_departments_agree_with_stdnum(texts: list[str]) -> None:
    assert all(stdnum_uscc.is_valid(t) for t in texts)
    assert [c.value for c in cells(CODE, texts)] == texts


def test_spelling_does_not_matter() -> None:
    texts = [
        "91411202MA40AB121R",
        "９１４１１２０２ＭＡ４０ＡＢ１２１Ｒ",
        " 91411202ma40ab121r ",
        "91411202-MA40AB12-1R",
    ]
    assert {c.aliases["code__id"] for c in cells(CODE, texts)} == {"uscc:91411202MA40AB121R"}


def test_the_embedded_organisation_code_is_checked_by_itself() -> None:
    assert one(CODE, "91411202MA40AB120N").found == ("uscc_organisation",)
    assert one(CODE, "91440101593739085M").found == ("uscc_check",)


def test_an_unknown_division_is_noted_and_the_code_stands() -> None:
    key = "MA40AB12"
    body = "91419999" + key + organisation_check_character(key)
    cell = one(CODE, body + uscc_check_character(body))
    assert (cell.found, cell.aliases["code__id"]) == (("uscc_region",), f"uscc:{cell.value}")


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 10**15 - 1), min_size=1, max_size=20))
def test_registration_numbers_agree_with_the_domain(numbers: list[int]) -> None:
    texts = [f"{n:015}" for n in numbers]
    texts += [t[:14] + regno_check_digit(t[:14]) for t in texts]
    for text, cell in zip(texts, cells(CODE, texts), strict=True):
        assert cell.aliases["code__id"] == f"regno:{text}"
        assert ("regno_check" in cell.found) is has_errors(parse_regno(text).problems), text


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(ORGANISATION_ALPHABET, min_size=9, max_size=9), min_size=1, max_size=30))
def test_organisation_codes_agree_with_the_domain(texts: list[str]) -> None:
    texts += [t[:8] + organisation_check_character(t[:8]) for t in texts]
    for text, cell in zip(texts, cells(CODE, texts), strict=True):
        assert (cell.aliases["code__org"] == text) is is_organisation_code(text), text
        assert cell.aliases["code__id"] is None


def test_what_is_no_code_is_found() -> None:
    assert [c.found for c in cells(CODE, ["123", "三门峡", "91411202MA40AB121", "9141120OMA40AB121R"])] == [
        ("code_form",)
    ] * 4
