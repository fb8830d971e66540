import hashlib

import pytest

from graph_service.domain.identifiers import (
    address_id,
    canonical_order,
    contact_id,
    entity_kind_of,
    is_entity_id,
    name_id,
    normalize_code,
    person_at_id,
    regno_id,
    scheme_rank,
    uscc_id,
)


def test_a_code_has_one_id_however_it_is_written() -> None:
    assert uscc_id("\ufeff９１411202ma40ab12-1r ") == "uscc:91411202MA40AB121R"
    assert regno_id(" 411202000000017") == "regno:411202000000017"


def test_ids_of_names_are_32_hex_of_sha256() -> None:
    assert name_id("甲公司") == "name:" + hashlib.sha256("甲公司".encode()).hexdigest()[:32]
    assert address_id("甲路1号") != contact_id("phone", "甲路1号")
    assert contact_id("phone", "1") != contact_id("email", "1")


def test_one_name_is_another_person_in_another_enterprise() -> None:
    assert person_at_id("uscc:1", "李一") == person_at_id("uscc:1", "李一")
    assert person_at_id("uscc:1", "李一") != person_at_id("uscc:2", "李一")


@pytest.mark.parametrize(
    ("entity", "kind"),
    [
        ("uscc:91411202MA40AB121R", "enterprise"),
        ("uscc:92411202MA40AB121R", "individual_business"),
        ("uscc:93411202MA40AB121R", "enterprise"),
        ("uscc:11411202MA40AB121R", "organization"),
        ("uscc:N2411202MA40AB121R", "organization"),
        ("regno:411202000000017", "enterprise"),
        ("regno:411202600000010", "individual_business"),
        ("name:0", "organization"),
        ("person:0", "person"),
        ("person-at:0", "person"),
        ("address:0", "address"),
        ("contact:0", "contact"),
        ("finbench-company:1", "enterprise"),
        ("finbench-person:1", "person"),
        ("bods:1", "organization"),
    ],
)
def test_an_id_tells_the_kind(entity: str, kind: str) -> None:
    assert entity_kind_of(entity) == kind


def test_the_canonical_id_is_uscc_before_regno_before_name_and_person_before_person_at() -> None:
    ids = ["name:a", "regno:1", "finbench-company:3", "uscc:9"]
    assert sorted(ids, key=canonical_order) == ["uscc:9", "regno:1", "finbench-company:3", "name:a"]
    assert scheme_rank("person:x") < scheme_rank("person-at:a")


@pytest.mark.parametrize(
    ("text", "is_id"), [("uscc:9", True), ("person-at:0", True), ("三门峡", False), ("a: b", False)]
)
def test_ids_are_told_from_other_text(text: str, *, is_id: bool) -> None:
    assert is_entity_id(text) == is_id


def test_codes_lose_width_case_spaces_and_invisible_characters() -> None:
    assert normalize_code("\ufeff ａｂ\u200bc\u3000１－x ") == "ABC1-X"
