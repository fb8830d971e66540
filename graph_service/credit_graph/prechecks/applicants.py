"""What is applied for, and who the applicants are in the data."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from graph_service.credit_graph.naming import present
from graph_service.domain.errors import WrongCall, WrongPersonKey
from graph_service.domain.identifiers import (
    CITIZEN_TYPES,
    EMAIL,
    PHONE,
    RESIDENT_ID,
    address_id,
    contact_id,
    is_masked_number,
    key_fingerprint,
    parse_citizen,
    person_id,
)
from graph_service.rules import Rules
from graph_service.store.base import GraphStore, GraphView
from graph_service.text.normal import normalize_address, normalize_phone

MOST = 50  # applicants, addresses, contacts in one application
OFFICES = frozenset(
    {"legal_representative", "principal", "managing_partner", "director", "supervisor", "senior_manager"}
)
HOLDERS = frozenset({"股东", "出资人", "投资者", "holder"})


@dataclass(frozen=True, slots=True)
class Applicant:
    """A person of an application: name, number of a document (full, masked or none), its type, the post in question."""

    name: str
    number: str | None = None
    document: str = RESIDENT_ID
    post: str | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """A pre-check that is asked for: of whom, where, for which purpose, under which file number, by whom."""

    persons: Sequence[Applicant]
    addresses: Sequence[str]
    contacts: Sequence[str]
    purpose: str
    case: str
    by: str


@dataclass(frozen=True, slots=True)
class Known:
    """An applicant as the data know him: `entity` is his canonical id, None where no data name him by his number."""

    place: int
    asked: Applicant
    entity: str | None
    has_number: bool
    takes_office: bool


def check(application: Application, today: date) -> None:
    """That an application can be answered. Raises WrongCall in one sentence, without a name or number."""
    if not application.purpose.strip() or not application.case.strip():
        raise WrongCall(
            "查询自然人须填写查询事由和文号，本次查询将留痕: a pre-check needs --purpose and --case; it is kept in the audit log."
        )
    asked = (*application.persons, *application.addresses, *application.contacts)
    if not asked:
        raise WrongCall("there is nothing to check; name persons, an address or a contact.")
    if len(asked) > MOST:
        raise WrongCall(f"{len(asked)} persons, addresses and contacts are too many; at most {MOST} at once.")
    for place, one in enumerate(application.persons, 1):
        _check_person(place, one, today)


def _check_person(place: int, one: Applicant, today: date) -> None:
    if not one.name.strip():
        raise WrongCall(f"person {place} has no name; give each a name.")
    if one.number and not is_masked_number(one.number) and one.document in CITIZEN_TYPES:
        wrong = [p.sentence for p in parse_citizen(one.number, today).problems if not p.is_warning]
        if wrong:
            raise WrongCall(
                f"person {place}: {wrong[0].rstrip('.')}; correct it, or name another type of document."
            )


def known(view: GraphView, application: Application, key: bytes | None, rules: Rules) -> tuple[Known, ...]:
    """The applicants, each found by his full number alone."""
    found = []
    for place, one in enumerate(application.persons, 1):
        full = one.number if one.number and not is_masked_number(one.number) else None
        entity = None
        if full and key is not None:
            entity = present(view, person_id(key, one.document, "", full))
        found.append(Known(place, one, entity, full is not None, _takes_office(rules, one.post)))
    return tuple(found)


def checked_key(store: GraphStore, key: bytes | None, persons: Sequence[Applicant]) -> bytes | None:
    """The key that numbers are hashed with; None where no number was given. Raises WrongPersonKey."""
    if not any(one.number for one in persons):
        return None
    bound = store.person_key_fingerprint()
    if bound is None:
        return key
    if key is None or key_fingerprint(key) != bound:
        message = (
            "CREDIT_GRAPH_PERSON_KEY is not the key that this store was filled with, so that no number can be compared; "
            "set it to that key."
        )
        raise WrongPersonKey(message)
    return key


def address_of(text: str) -> str:
    """The id of an address."""
    return address_id(normalize_address(text))


def contact_of(text: str) -> str:
    """The id of a telephone number or e-mail address."""
    return (
        contact_id(EMAIL, unicodedata.normalize("NFKC", text).strip().lower())
        if "@" in text
        else contact_id(PHONE, normalize_phone(text))
    )


def _takes_office(rules: Rules, post: str | None) -> bool:
    """Whether a post is one that law may bar from; one that nobody named, or that the table does not know, may be."""
    if not post or not post.strip():
        return True
    if post.strip() in HOLDERS:
        return False
    entry = rules.table("posts").find(post)
    return entry is None or (entry.parent or entry.code) in OFFICES
