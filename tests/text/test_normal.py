from collections.abc import Callable, Iterator

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.text import (
    LEGAL_FORMS,
    name_stem,
    name_stem_sql,
    normalize_address,
    normalize_address_sql,
    normalize_name,
    normalize_name_sql,
    normalize_phone,
    normalize_phone_sql,
)

SAID = "三门峡甲乙（）()［］【】 \u3000\t\n\ufeffＡａBb１2－-—·•'\"\\%_$^.*+?|{}公司有限责任86０0(有限合伙)É"
texts = st.text(
    st.sampled_from(SAID) | st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=24
)
PAIRS = [
    (normalize_name, normalize_name_sql),
    (name_stem, name_stem_sql),
    (normalize_address, normalize_address_sql),
    (normalize_phone, normalize_phone_sql),
]


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        yield connection


@pytest.mark.parametrize(("in_python", "in_sql"), PAIRS)
@given(batch=st.lists(texts | st.sampled_from(LEGAL_FORMS), min_size=1, max_size=20))
@settings(max_examples=60)
def test_python_and_sql_agree(
    database: duckdb.DuckDBPyConnection,
    in_python: Callable[[str], str],
    in_sql: Callable[[str], str],
    batch: list[str],
) -> None:
    query = f"SELECT {in_sql('x')} FROM (SELECT unnest(?::VARCHAR[]) AS x)"
    assert [row[0] for row in database.execute(query, [batch]).fetchall()] == [in_python(t) for t in batch]


@given(texts)
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalize_name(normalize_name(text)) == normalize_name(text)


@pytest.mark.parametrize(
    ("given_name", "other"),
    [
        ("三门峡（甲）ＡＢ有限公司", "三门峡(甲) ab有限公司"),
        ("\ufeff三门峡【甲】有限公司\u3000", "三门峡(甲)有限公司"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
    ],
)
def test_spellings_of_one_name_are_one(given_name: str, other: str) -> None:
    assert normalize_name(given_name) == normalize_name(other)


@pytest.mark.parametrize("form", ["", "公司", "有限公司", "有限责任公司", "股份有限公司", "（有限合伙）"])
def test_a_name_with_and_without_its_legal_form_has_one_stem(form: str) -> None:
    assert name_stem(f"三门峡甲商贸{form}") == "三门峡甲商贸"


def test_a_branch_and_a_group_keep_what_tells_them_apart() -> None:
    assert name_stem("甲有限公司湖滨分公司") == "甲有限公司湖滨分"
    assert name_stem("甲集团有限公司") != name_stem("甲有限公司")


def test_a_name_that_is_only_a_legal_form_stays() -> None:
    assert name_stem("有限公司") == "有限公司"


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("+86 138-0013-8000", "13800138000"),
        ("０３９８－２８１２３４５", "03982812345"),
        ("8612345", "8612345"),
        ("008603982812345", "03982812345"),
        ("无", ""),
    ],
)
def test_telephone_numbers_are_compared_by_their_digits(written: str, compared: str) -> None:
    assert normalize_phone(written) == compared


def test_an_address_loses_the_remark_at_its_end_only() -> None:
    assert normalize_address("甲路（东段）１号（自主申报）") == "甲路(东段)1号"
    assert normalize_address("（自主申报）") == "(自主申报)"
