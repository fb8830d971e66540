import pytest

from graph_service.text import looks_like_person, surname


@pytest.mark.parametrize(
    ("name", "family"), [("李一", "李"), ("欧阳一", "欧阳"), ("欧阳", "欧"), ("嘦", ""), ("", "")]
)
def test_the_surname_is_found(name: str, family: str) -> None:
    assert surname(name) == family


@pytest.mark.parametrize(
    "name",
    [
        "李小明",
        "王二",
        "欧阳一二",
        "阿卜杜拉·买买提",
        "John Smith",
        " 李 小明 ",
        "李小城",
        "张会",
        "欧阳小园",
    ],
)
def test_names_of_persons_look_like_persons(name: str) -> None:
    assert looks_like_person(name)


@pytest.mark.parametrize(
    "name",
    [
        "三门峡甲商贸有限公司",
        "张记面馆",
        "甲乙",
        "王府饭店",
        "Smith Trading Ltd",
        "",
        "123",
        "财政局",
    ],
)
def test_names_of_organisations_and_places_do_not(name: str) -> None:
    assert not looks_like_person(name)
