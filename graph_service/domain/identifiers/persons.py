"""Keys of natural persons: keyed hashes in place of numbers, and what masked numbers can be compared by.

A number is brought to one form, hashed with the office's key and forgotten. Everything here is pure; the key
is passed in.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from graph_service.domain.identifiers.citizens import eighteen_digits, has_citizen_form
from graph_service.domain.identifiers.codes import normalize_code

DEMO_PERSON_KEY = b"credit-graph published demo key: for invented persons only"
"""The key of the synthetic city. It is public, so it protects nobody: never load real persons with it."""

RESIDENT_ID, PASSPORT, OTHER_DOCUMENT = "resident_id", "passport", "other"
"""Types of document that a key is made of; the rules' table of document types gives further codes."""
CITIZEN_TYPES = frozenset({RESIDENT_ID, "residence_permit", "permanent_residence"})
"""Types whose numbers follow GB 11643: one number space, so one type in the key."""
CHINA = "CN"

MASK_PATTERNS = ((10, 4), (6, 4))
"""Digits visible at the start and the end of a masked number, most telling first."""
_MASKED = re.compile(r"([0-9]{6}|[0-9]{10})[*X]{4,8}([0-9]{3}[0-9X])")
_BLOCK = 64


def canonical_document(kind: str, country: str, number: str) -> tuple[str, str, str]:
    """Type, country and number in the one form that is hashed.

    >>> canonical_document("residence_permit", "", " 110105491231002")
    ('resident_id', 'CN', '11010519491231002X')
    """
    number = normalize_code(number)
    if kind in CITIZEN_TYPES and has_citizen_form(number):
        return RESIDENT_ID, CHINA, eighteen_digits(number)
    return kind or OTHER_DOCUMENT, country.upper() or CHINA, number


def person_id(key: bytes, kind: str, country: str, number: str) -> str:
    """Id of a person with a number: `person:` and 32 hex of HMAC-SHA-256(key, `type:country:number`)."""
    return f"person:{keyed_hash(key, ':'.join(canonical_document(kind, country, number)))}"


def keyed_hash(key: bytes, text: str) -> str:
    """First 32 hex of HMAC-SHA-256(key, text)."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]


def hmac_pads(key: bytes) -> tuple[bytes, bytes]:
    """Inner and outer pad of HMAC-SHA-256: `sha256(outer + sha256(inner + text))` is the keyed hash.

    For bulk hashing in SQL, which has SHA-256 and no HMAC. As secret as the key.
    """
    block = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)


def key_fingerprint(key: bytes) -> str:
    """What a store keeps to know its key again: 16 hex, from which the key cannot be computed."""
    return hmac.new(key, b"credit-graph person key fingerprint", hashlib.sha256).hexdigest()[:16]


def visible_digits(number: str) -> tuple[tuple[int, str], ...]:
    """What masks leave visible of a full or masked number: (digits at the start, visible digits), most first.

    Full numbers and court masks (10 + 4 stars + 4) give both patterns, others (6 + 8 stars + 4) the short
    one.

    >>> visible_digits("1101051949****002X")
    ((10, '1101051949002X'), (6, '110105002X'))
    """
    text = eighteen_digits(normalize_code(number))
    masked = _MASKED.fullmatch(text)
    start, end = masked.groups() if masked and len(text) == 18 else (text[:14], text[-4:])
    if masked is None and not (has_citizen_form(text) and len(text) == 18):
        return ()
    return tuple((head, start[:head] + end) for head, _ in MASK_PATTERNS if len(start) >= head)


def is_masked_number(number: str) -> bool:
    """Whether this is a citizen number of which stars hide a part."""
    text = normalize_code(number)
    return "*" in text and bool(visible_digits(text))


def candidate_keys(key: bytes, normalized_name: str, number: str) -> tuple[str, ...]:
    """Keyed hashes of name and visible digits, one per mask pattern of the number, most telling first.

    Each begins with its pattern (`10+4:`, `6+4:`), so that only like is compared with like. Empty when the
    number is not a citizen's.
    """
    return tuple(
        f"{head}+4:{keyed_hash(key, f'{normalized_name}:{head}+4:{digits}')}"
        for head, digits in visible_digits(number)
    )


def may_be_same_person(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two sets agree in the most telling pattern that both have: 疑似同一人, never more."""
    theirs = {k.split(":", 1)[0]: k for k in other}
    for key in one:
        pattern = key.split(":", 1)[0]
        if pattern in theirs:
            return theirs[pattern] == key
    return False
