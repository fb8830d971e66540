"""Ids of entities, `scheme:value`: the same on every store and after every reload."""

from __future__ import annotations

import hashlib
import re

from graph_service.domain.entities import EntityKind
from graph_service.domain.identifiers.codes import normalize_code, strip_hyphens
from graph_service.domain.identifiers.organisations import regno_kind

PHONE, EMAIL = "phone", "email"
"""Kinds of contact that an id is made of."""

_RANKS = {"uscc": 0, "regno": 1, "name": 3, "person": 0, "person-at": 3}
_OTHER_RANK = 2
_KINDS = {"person": EntityKind.PERSON, "person-at": EntityKind.PERSON, "address": EntityKind.ADDRESS,
          "contact": EntityKind.CONTACT, "name": EntityKind.ORGANIZATION}  # fmt: skip
_SUFFIXES = {"-person": EntityKind.PERSON, "-company": EntityKind.ENTERPRISE}
_ID = re.compile(r"[a-z][a-z0-9-]*:\S+")


def uscc_id(code: str) -> str:
    """Id of an organisation with a valid USCC; width, case, spaces and hyphens are brought to one form."""
    return f"uscc:{strip_hyphens(normalize_code(code))}"


def regno_id(number: str) -> str:
    """Id of an organisation known by its registration number only."""
    return f"regno:{normalize_code(number)}"


def name_id(normalized_name: str) -> str:
    """Id of an organisation known by name only; the caller normalises the name (`text.normalize_name`)."""
    return f"name:{short_hash(normalized_name)}"


def person_at_id(enterprise_id: str, normalized_name: str) -> str:
    """Id of a person known by name in one enterprise: one person per name inside one enterprise."""
    return f"person-at:{short_hash(f'{enterprise_id}|{normalized_name}')}"


def address_id(normalized_text: str) -> str:
    """Id of an address; its text is the label of the node."""
    return f"address:{short_hash(normalized_text)}"


def contact_id(kind: str, normalized_value: str) -> str:
    """Id of a telephone number or e-mail address; `kind` is `phone` or `email`."""
    return f"contact:{short_hash(f'{kind}:{normalized_value}')}"


def short_hash(text: str) -> str:
    """First 32 hex of SHA-256. In SQL: `left(sha256(text), 32)`."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def scheme_of(entity_id: str) -> str:
    """What stands before the colon."""
    return entity_id.partition(":")[0]


def is_entity_id(text: str) -> bool:
    """Whether the text is written like an id, `scheme:value`."""
    return bool(_ID.fullmatch(text))


def entity_kind_of(entity_id: str) -> EntityKind:
    """The kind that the id itself tells.

    USCC: 92 individual business, else 9 enterprise, else organization. Registration number: first digit of
    the sequence. A name alone: organization. Schemes of other data sets: by their ending (`-person`,
    `-company`), else organization; their templates know better.
    """
    scheme, _, value = entity_id.partition(":")
    if scheme == "uscc":
        return _uscc_kind(value)
    if scheme == "regno":
        is_individual = regno_kind(value) == "individual_business"
        return EntityKind.INDIVIDUAL_BUSINESS if is_individual else EntityKind.ENTERPRISE
    if scheme in _KINDS:
        return _KINDS[scheme]
    return next((k for s, k in _SUFFIXES.items() if scheme.endswith(s)), EntityKind.ORGANIZATION)


def scheme_rank(entity_id: str) -> int:
    """How canonical an id is, lowest first: uscc, regno, other schemes, name; person, others, person-at."""
    return _RANKS.get(scheme_of(entity_id), _OTHER_RANK)


def canonical_order(entity_id: str) -> tuple[int, str]:
    """Sort key under which the canonical id of a set of same entities comes first."""
    return scheme_rank(entity_id), entity_id


def _uscc_kind(code: str) -> EntityKind:
    if code.startswith("92"):
        return EntityKind.INDIVIDUAL_BUSINESS
    return EntityKind.ENTERPRISE if code.startswith("9") else EntityKind.ORGANIZATION
