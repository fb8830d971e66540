import hashlib
import hmac

from hypothesis import given
from hypothesis import strategies as st

from graph_service.domain.identifiers import (
    DEMO_PERSON_KEY,
    candidate_keys,
    canonical_document,
    hmac_pads,
    is_masked_number,
    key_fingerprint,
    keyed_hash,
    may_be_same_person,
    person_id,
    visible_digits,
)
from tests.domain.identifiers.strategies import citizens

FULL = "34230119900101322X"


def test_a_person_id_is_the_keyed_hash_of_type_country_and_number() -> None:
    expected = hmac.new(b"key", f"resident_id:CN:{FULL}".encode(), hashlib.sha256).hexdigest()[:32]
    assert person_id(b"key", "resident_id", "CN", FULL) == f"person:{expected}"


def test_one_person_under_a_fifteen_and_an_eighteen_digit_number_has_one_id() -> None:
    old, new = "110105491231002", "１10105 19491231002x"
    assert person_id(b"k", "resident_id", "", old) == person_id(b"k", "residence_permit", "CN", new)


def test_other_documents_keep_their_type_and_country() -> None:
    assert canonical_document("passport", "fr", " e1234 ") == ("passport", "FR", "E1234")
    assert person_id(b"k", "passport", "FR", "1") != person_id(b"k", "passport", "DE", "1")


def test_another_key_gives_other_ids_and_another_fingerprint() -> None:
    assert person_id(b"a", "resident_id", "", FULL) != person_id(b"b", "resident_id", "", FULL)
    assert key_fingerprint(b"a") != key_fingerprint(b"b")
    assert key_fingerprint(DEMO_PERSON_KEY) == key_fingerprint(DEMO_PERSON_KEY)


@given(st.binary(min_size=1, max_size=100), st.text(max_size=40))
def test_the_pads_give_the_same_hash_with_plain_sha256(key: bytes, text: str) -> None:
    inner, outer = hmac_pads(key)
    by_hand = hashlib.sha256(outer + hashlib.sha256(inner + text.encode()).digest()).hexdigest()
    assert by_hand[:32] == keyed_hash(key, text)


def test_both_masks_give_digits_that_the_full_number_gives_too() -> None:
    assert visible_digits(FULL) == ((10, "3423011990322X"), (6, "342301322X"))
    assert visible_digits("3423011990****322X") == visible_digits(FULL)
    assert visible_digits("342301********322X") == visible_digits(FULL)[1:]
    assert visible_digits("342301199001****22") == ()
    assert visible_digits("E1234567") == ()


def test_masked_numbers_are_told_from_full_ones() -> None:
    assert is_masked_number("342301＊＊＊＊＊＊＊＊322x")
    assert not is_masked_number(FULL)
    assert not is_masked_number("****")


@given(citizens(), citizens())
def test_a_masked_number_meets_its_own_full_number_and_no_other(mine: str, other: str) -> None:
    full, short = (
        candidate_keys(b"k", "李小明", mine),
        candidate_keys(b"k", "李小明", mine[:6] + "*" * 8 + mine[-4:]),
    )
    court = candidate_keys(b"k", "李小明", mine[:10] + "****" + mine[-4:])
    assert may_be_same_person(full, short)
    assert may_be_same_person(court, full)
    assert may_be_same_person(court, short)
    same = other[:10] == mine[:10] and other[-4:] == mine[-4:]
    assert may_be_same_person(court, candidate_keys(b"k", "李小明", other)) == same
    assert not may_be_same_person(full, candidate_keys(b"k", "李小红", mine))


def test_nothing_visible_is_no_candidate() -> None:
    assert not may_be_same_person((), ())
