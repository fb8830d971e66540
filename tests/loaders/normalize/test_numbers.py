from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.domain.identifiers import (
    RESIDENT_ID,
    candidate_keys,
    citizen_check_character,
    eighteen_digits,
    parse_citizen,
    person_id,
)
from loaders.normalize import ColumnContext
from loaders.template import Column
from tests.loaders.typed import KEY, TODAY, cells, one

NUMBER = Column("number", ("证件号码",), "number")


@st.composite
def citizens(draw: st.DrawFn) -> str:
    region = draw(st.sampled_from(["411202", "110105", "810000", "830000", "911100"]))
    born = date(1900, 1, 1) + timedelta(days=draw(st.integers(0, 60_000)))
    body = f"{region}{born:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return body + draw(st.sampled_from([citizen_check_character(body)] * 4 + ["1", "X"]))


@settings(max_examples=25, deadline=None)
@given(st.lists(citizens(), min_size=1, max_size=20))
def test_numbers_of_persons_agree_with_the_domain(numbers: list[str]) -> None:
    for text, cell in zip(numbers, cells(NUMBER, numbers), strict=True):
        valid = parse_citizen(text, TODAY).is_valid
        expected = person_id(KEY, RESIDENT_ID, "CN", text) if valid else None
        assert cell.aliases["number__person"] == expected
        assert bool(cell.found) is not valid


@settings(max_examples=10, deadline=None)
@given(st.lists(st.dates(date(1901, 1, 1), date(1999, 12, 31)), min_size=1, max_size=10))
def test_the_old_and_the_new_form_are_one_person(births: list[date]) -> None:
    old = [f"411202{b:%y%m%d}123" for b in births]
    new = [eighteen_digits(o) for o in old]
    assert [c.aliases["number__person"] for c in cells(NUMBER, old)] == [
        c.aliases["number__person"] for c in cells(NUMBER, new)
    ]


def test_no_alias_that_is_kept_holds_the_number() -> None:
    number = "11010519491231002X"
    kept = {
        a: v
        for a, v in one(NUMBER, number).aliases.items()
        if not a.endswith(("__t", "__c", "__full", "__v10", "__v6"))
    }
    assert number not in " ".join(str(v) for v in kept.values())
    assert one(NUMBER, number).value == "110105********002X"


def test_masked_numbers_show_what_courts_leave() -> None:
    cell = one(NUMBER, "1101051949****002X")
    assert (cell.aliases["number__person"], cell.aliases["number__v10"]) == (None, "1101051949002X")
    assert (cell.aliases["number__v6"], cell.found) == ("110105002X", ())
    assert one(NUMBER, "110105********002X").aliases["number__v10"] is None


def test_a_birth_tomorrow_is_refused() -> None:
    body = f"411202{TODAY + timedelta(days=1):%Y%m%d}001"
    assert one(NUMBER, body + citizen_check_character(body)).found == ("citizen_birth",)


def test_codes_of_organisations_and_passports_are_told_apart() -> None:
    texts = ["91411202MA40AB121R", "E12345678", "MA35H6XT-3", "12345", "张三"]
    kinds = [c.aliases["number__k"] for c in cells(NUMBER, texts)]
    assert kinds == ["uscc", "passport", "org", "form", "form"]


def test_the_stated_certificate_decides() -> None:
    passport = ColumnContext("证件号码", TODAY, document="'passport'")
    licence = ColumnContext("证件号码", TODAY, document="'organisation'")
    assert one(NUMBER, "AB12345", passport).aliases["number__person"] == person_id(
        KEY, "passport", "CN", "AB12345"
    )
    assert one(NUMBER, "411202000000018", licence).aliases["number__id"] == "regno:411202000000018"


def test_candidate_keys_are_those_of_the_domain() -> None:
    assert candidate_keys(KEY, "张三", "11010519491231002X") == candidate_keys(
        KEY, "张三", "1101051949****002X"
    )
