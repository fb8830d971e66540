"""Companies, other organisations, persons and addresses of an FtM file."""

import re
from typing import Any

from graph_service.domain.entities import EntityKind
from graph_service.domain.facts import FactKind
from graph_service.domain.identifiers import EMAIL, PHONE, address_id, contact_id
from graph_service.domain.intervals import from_day
from graph_service.domain.standards import ftm
from graph_service.domain.standards.own_ids import FTM
from graph_service.text.normal import normalize_address, normalize_phone
from loaders.formats.fields import start_of
from loaders.formats.ftm_parts.entity import Proxy
from loaders.formats.ftm_parts.index import Index
from loaders.formats.gather import Said, Unfit
from loaders.formats.identity import (
    Document,
    candidate_marks,
    document_of,
    known_organisation,
    known_person,
    organisation_codes,
)
from loaders.formats.records import Record

INDIVIDUAL = "individual_business"
"""What `classification` says of a Company that is no enterprise but a person in business."""
NOT_KEPT = ("birthDate", "birthPlace", "deathDate", "address", "addressEntity", "phone", "email", "gender", "religion",
            "ethnicity", "motherName", "fatherName", "education", "political", "height", "weight")  # fmt: skip
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def kind_of(proxy: Proxy) -> EntityKind | None:
    """The kind of entity that it is here; None: none."""
    if proxy.schema == ftm.ACCOUNT:
        return EntityKind.CONTACT if proxy.id.startswith("contact:") else None
    if proxy.schema == "Company" and INDIVIDUAL in proxy.all("classification"):
        return EntityKind.INDIVIDUAL_BUSINESS
    return ftm.NODES.get(proxy.schema)


def node_id(proxy: Proxy, index: Index, key: bytes | None) -> str:
    """The id of the entity.

    Ours where we wrote it; what departments' feeds know the same firm, person or address by; else the file's.
    """
    if not proxy.id.startswith(f"{FTM}:"):
        return proxy.id
    if proxy.schema == "Address":
        place = normalize_address(proxy.first("full") or "")
        return address_id(place) if place else proxy.id
    if proxy.schema == "Person":
        return known_person(_documents(proxy, index), key) or proxy.id
    return known_organisation(_codes(proxy, index)) or proxy.id


def _codes(proxy: Proxy, index: Index) -> list[str]:
    told = (d.number for d in index.documents.get(proxy.called, ()))
    return [*proxy.all(*ftm.CODES, "uscCode"), *told]


def _documents(proxy: Proxy, index: Index) -> list[Document]:
    numbers = ((kind, n) for name, kind in ftm.PERSON_NUMBERS.items() for n in proxy.all(name))
    return [*(_document(kind, n, proxy) for kind, n in numbers), *index.documents.get(proxy.called, ())]


def node(proxy: Proxy, index: Index, key: bytes | None) -> Said:
    """What an entity that is kept states. Raises Unfit."""
    said, kind, id_ = Said(proxy.line), kind_of(proxy), node_id(proxy, index, key)
    if kind is EntityKind.ADDRESS:
        said.entity(id_, kind, proxy.told("full", "name"))
        return said
    if kind is EntityKind.CONTACT:
        said.entity(id_, kind, _name(proxy, "username"))
        return said
    name = _name(proxy, "name", "alias")
    attrs = _attributes(proxy)
    if kind is EntityKind.PERSON:
        attrs |= {"candidate": candidate_marks(name, _documents(proxy, index), key)}
        for column in NOT_KEPT:
            if proxy.first(column) is not None:
                said.note("not_kept", column)
    else:
        attrs |= _organisation(said, proxy, id_)
        _places(said, proxy, id_, index)
    said.entity(id_, str(kind), name)
    said.fact(FactKind.PROFILE, id_, attrs, name=name)
    return said


def _name(proxy: Proxy, *properties: str) -> str | None:
    """The name; the model asks for one also of who has none, and then it is the id."""
    name = proxy.told(*properties)
    return None if name == proxy.called else name


def _attributes(proxy: Proxy) -> dict[str, Any]:
    place = proxy.told("jurisdiction", "mainCountry", "country")
    nationality = proxy.all("nationality", "citizenship")
    return {
        "status": proxy.first("status") if proxy.schema != "Person" else None,
        "jurisdiction_code": place.upper() if place and proxy.schema != "Person" else None,
        "nationalities": [{"code": c.upper()} for c in nationality] or None,
        "topics": proxy.all("topics") or None,
    }


def _organisation(said: Said, proxy: Proxy, id_: str) -> dict[str, Any]:
    founded = start_of(said, proxy.first("incorporationDate"), "incorporationDate")
    closed = start_of(said, proxy.first("dissolutionDate"), "dissolutionDate")
    if founded is not None and closed is not None and closed < founded:
        raise Unfit("end_before_start", "dissolutionDate")
    codes = [{"schemeName": n, "id": v} for n in ftm.CODES for v in proxy.all(n)]
    called = [] if id_ == proxy.id else [proxy.called]
    organisation_codes(said, id_, [*(c["id"] for c in codes), *proxy.all("uscCode"), *called])
    for role, names in (("former_name", ["previousName"]), ("alias", ["alias", "weakAlias", "abbreviation"])):
        for name in proxy.all(*names):
            said.fact(FactKind.ALIAS, id_, role=role, name=name)
    for name in proxy.all("name")[1:]:
        said.fact(FactKind.ALIAS, id_, role="alias", name=name)
    return {
        "founded": None if founded is None else from_day(founded).isoformat(),
        "closed": None if closed is None else from_day(closed).isoformat(),
        "in_business": False if closed is not None else None,
        "industry": proxy.first("sector"),
        "type": proxy.first("legalForm"),
        "capital": _number(proxy.first("capital")),
        "identifiers": codes or None,
        "alternate_names": proxy.all("alias") or None,
    }


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text.replace(",", ""))
    except ValueError:
        return None


def _document(kind: str, number: str, proxy: Proxy) -> Document:
    """A citizen number by its form; of other documents type and country as the file has them."""
    found = document_of("", number)
    country = (proxy.told("nationality", "citizenship", "country") or "xx").upper()
    return (
        found if found.is_citizens else Document("other" if kind == "resident_id" else kind, country, number)
    )


def _places(said: Said, proxy: Proxy, id_: str, index: Index) -> None:
    """Where it is and how it is reached, unless a dated link of the file says the same."""
    for text in proxy.all("address"):
        if place := normalize_address(text):
            at = said.entity(address_id(place), EntityKind.ADDRESS, text)
            said.fact(FactKind.LOCATED_AT, id_, object=at)
    for called in proxy.all("addressEntity"):
        known = index.nodes.get(called)
        if known is not None and (proxy.called, called) not in index.located:
            said.fact(FactKind.LOCATED_AT, id_, object=known[0])
    numbers = [(PHONE, normalize_phone(v), "telephone") for v in proxy.all("phone")]
    mails = [(EMAIL, v.lower(), "email") for v in proxy.all("email") if _EMAIL.fullmatch(v)]
    for kind, value, role in (*numbers, *mails):
        if value:
            at = said.entity(contact_id(kind, value), EntityKind.CONTACT, value)
            said.fact(FactKind.REACHED_AT, id_, object=at, role=role)


def has_person_number(value: Record) -> bool:
    """Whether an entity of a file carries a person's number."""
    given = value.get("properties")
    if not isinstance(given, dict):
        return False
    if value.get("schema") in ftm.NUMBERS:
        return bool(given.get("number") or given.get("passportNumber"))
    return value.get("schema") == "Person" and any(given.get(n) for n in ftm.PERSON_NUMBERS)
