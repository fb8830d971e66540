import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.text import (
    bigram_phrase,
    bigrams,
    name_parts,
    normalize_name,
    person_pinyin,
    pinyin,
    pinyin_columns,
    pinyin_initials,
    searchable,
)

names = st.text("三门峡市甲乙丙（）商贸有限公司ab1 ", min_size=2, max_size=14)


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("重庆", "chongqing"),
        ("长城", "changcheng"),
        ("中国农业银行", "zhongguonongyeyinhang"),
        ("会计师", "kuaijishi"),
        ("音乐厅", "yinyueting"),
        ("渑池县", "mianchixian"),
        ("成长", "chengzhang"),
        ("女", "nv"),
        ("ABC（甲）12", "abcjia12"),
    ],
)
def test_names_are_spelled_as_they_are_read(name: str, spelled: str) -> None:
    assert pinyin(name) == spelled


@given(names)
def test_initials_follow_the_characters(name: str) -> None:
    assert len(pinyin_initials(name)) == len(searchable(name))


@pytest.mark.parametrize(
    ("name", "spelled", "initials"),
    [
        ("单小明", "shanxiaoming", "sxm"),
        ("曾一", "zengyi", "zy"),
        ("欧阳一", "ouyangyi", "oyy"),
        ("尉迟一", "yuchiyi", "ycy"),
        ("单于一", "chanyuyi", "cyy"),
    ],
)
def test_surnames_are_read_as_surnames(name: str, spelled: str, initials: str) -> None:
    assert person_pinyin(name) == (spelled, initials)


def test_many_names_are_spelled_in_their_order() -> None:
    assert pinyin_columns(["重庆", "甲"]) == (["chongqing", "jia"], ["cq", "j"])


@given(names, st.data())
def test_any_part_of_two_characters_is_found_in_a_full_text_index(name: str, data: st.DataObject) -> None:
    whole = searchable(name)
    if len(whole) < 2:
        assert bigram_phrase(name) == ""
        return
    start = data.draw(st.integers(0, len(whole) - 2))
    end = data.draw(st.integers(start + 2, len(whole)))
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='unicode61')")
        connection.execute("INSERT INTO t VALUES (?)", (bigrams(name),))
        found = connection.execute(
            "SELECT count(*) FROM t WHERE t MATCH ?", (bigram_phrase(whole[start:end]),)
        )
        assert found.fetchone() == (1,)


def test_a_single_character_is_its_own_bigram() -> None:
    assert (bigrams("甲"), bigrams("()"), bigram_phrase("甲")) == ("甲", "", "")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("三门峡市湖滨区甲乙商贸有限公司", ("三门峡市湖滨区", "甲乙", "商贸", "有限公司")),
        ("三门峡甲乙建筑工程有限公司", ("三门峡", "甲乙", "建筑工程", "有限公司")),
        ("甲乙果业专业合作社", ("", "甲乙", "果业", "专业合作社")),
        ("商贸有限公司", ("", "商贸", "", "有限公司")),
        ("三门峡", ("", "三门峡", "", "")),
    ],
)
def test_names_fall_into_region_core_industry_and_form(name: str, parts: tuple[str, ...]) -> None:
    assert tuple(name_parts(name, regions=("三门峡",))) == parts


@given(st.text("三门峡市区县甲乙商贸科技有限责任公司（）", max_size=16))
def test_the_parts_joined_are_the_name_again(name: str) -> None:
    assert "".join(name_parts(name)) == normalize_name(name)
