"""Entity and person statements: who it is, of which kind, and what is kept of the description."""

from typing import Any

from graph_service.domain.entities import EntityKind
from graph_service.domain.facts import FactKind
from graph_service.domain.identifiers import address_id, is_entity_id
from graph_service.domain.intervals import from_day
from graph_service.domain.standards.bods import ENTITY_TYPES, PERSON_TYPES, REASONS
from graph_service.domain.standards.own_ids import BODS, scheme_id
from graph_service.text.normal import normalize_address
from loaders.formats.bods_parts.statement import Statement
from loaders.formats.fields import list_of, object_of, objects_of, start_of, text_of
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

UNSPECIFIED = {"entity": "unspecifiedEntityDetails", "person": "unspecifiedPersonDetails"}
NOT_KEPT = ("birthDate", "deathDate", "placeOfBirth", "addresses", "taxResidencies")
"""What a person's statement says that is not needed to know who holds what."""
_KIND = "credit-graph: "


def entity_id(statement: Statement, key: bytes | None) -> str:
    """The id of the entity or person that a statement describes.

    Ours where we wrote it; a credit code's or a citizen number's, so that departments' feeds speak of the same; else
    the record's.
    """
    if statement.is_ours and is_entity_id(statement.record):
        return statement.record
    if statement.type == "person":
        known = known_person(_documents(statement.details), key)
    else:
        known = known_organisation(c["id"] for c in _codes(statement.details))
    return known or scheme_id(BODS, statement.record)


def _documents(details: Record) -> list[Document]:
    """The documents of a person."""
    return [document_of(c.get("scheme") or c.get("schemeName", ""), c["id"]) for c in _codes(details)]


def party_kind(statement: Statement) -> EntityKind:
    """The kind of the entity. Raises Unfit for a type that the standard does not know."""
    if statement.type == "person":
        if text_of(statement.details.get("personType"), "personType") not in PERSON_TYPES:
            raise Unfit("unknown_value", "personType")
        return EntityKind.PERSON
    said = object_of(statement.details.get("entityType"), "entityType")
    kind, details = (
        text_of(said.get("type"), "entityType.type"),
        text_of(said.get("details"), "entityType.details"),
    )
    if kind not in ENTITY_TYPES:
        raise Unfit("unknown_value", "entityType.type")
    own = (details or "").removeprefix(_KIND)
    return EntityKind(own) if details != own and own in set(EntityKind) else ENTITY_TYPES[kind]


def party(statement: Statement, key: bytes | None) -> Said:
    """What an entity or person statement states. Raises Unfit."""
    said, kind = Said(statement.line), party_kind(statement)
    id_ = entity_id(statement, key)
    attrs = {"stated": _iso(statement.stated), "published": _iso(statement.published)}
    if kind is EntityKind.PERSON:
        name = _person(said, statement)
        marks = candidate_marks(name, _documents(statement.details), key)
        attrs |= _person_attributes(statement.details) | {"candidate": marks}
    else:
        name = text_of(statement.details.get("name"), "name")
        attrs |= _entity_attributes(said, statement.details)
        _other_names(said, statement, id_)
        _addresses(said, statement, id_)
    said.entity(id_, kind, name)
    said.fact(FactKind.PROFILE, id_, attrs, name=name, available_from=statement.available)
    return said


def unspecified(said: Said, statement: Statement, end: str, given: Record) -> str:
    """An entity for somebody whom the statement does not name, with the reason; its id."""
    reason = text_of(given.get("reason"), f"{end}.reason")
    if reason not in REASONS:
        raise Unfit("unknown_value", f"{end}.reason")
    id_ = scheme_id(BODS, f"{statement.record}-{end}")
    said.entity(id_, EntityKind.ORGANIZATION, None)
    attrs = {"entity_type": "unknownEntity", "unspecified": reason, "stated": _iso(statement.stated),
             "published": _iso(statement.published)}  # fmt: skip
    said.fact(FactKind.PROFILE, id_, attrs, available_from=statement.available)
    return id_


def _iso(day: int | None) -> str | None:
    return None if day is None else from_day(day).isoformat()


def _person(said: Said, statement: Statement) -> str | None:
    details = statement.details
    for column in NOT_KEPT:
        if details.get(column):
            said.note("not_kept", column)
    names = objects_of(details.get("names"), "names")
    names.sort(key=lambda n: n.get("type") not in ("legal", None))
    return text_of(names[0].get("fullName"), "names.fullName") if names else None


def _person_attributes(details: Record) -> dict[str, Any]:
    countries = objects_of(details.get("nationalities"), "nationalities")
    exposure = object_of(details.get("politicalExposure"), "politicalExposure")
    kind = details.get("personType")
    return {
        "person_type": None if kind == "knownPerson" else kind,
        "unspecified": _reason(details, "person"),
        "nationalities": [_place(c, "nationalities") for c in countries] or None,
        "political_exposure": text_of(exposure.get("status"), "politicalExposure.status"),
    }


def _entity_attributes(said: Said, details: Record) -> dict[str, Any]:
    type_ = object_of(details.get("entityType"), "entityType")
    founded = start_of(said, details.get("foundingDate"), "foundingDate")
    dissolved = start_of(said, details.get("dissolutionDate"), "dissolutionDate")
    if founded is not None and dissolved is not None and dissolved < founded:
        raise Unfit("end_before_start", "dissolutionDate")
    place = _place(object_of(details.get("jurisdiction"), "jurisdiction"), "jurisdiction")
    listing = object_of(details.get("publicListing"), "publicListing")
    return {
        "entity_type": type_.get("type"),
        "entity_subtype": text_of(type_.get("subtype"), "entityType.subtype"),
        "unspecified": _reason(details, "entity"),
        "founded": _iso(founded),
        "closed": _iso(dissolved),
        "in_business": False if dissolved is not None else None,
        "jurisdiction": place.get("name"),
        "jurisdiction_code": place.get("code"),
        "publicly_traded": listing.get("hasPublicListing"),
        "identifiers": _codes(details) or None,
        "alternate_names": _texts(details, "alternateNames") or None,
    }


def _reason(details: Record, type_: str) -> str | None:
    given = object_of(details.get(UNSPECIFIED[type_]), UNSPECIFIED[type_])
    return text_of(given.get("reason"), "reason")


def _place(given: Record, column: str) -> dict[str, str]:
    said = {"code": text_of(given.get("code"), column), "name": text_of(given.get("name"), column)}
    return {k: v for k, v in said.items() if v is not None}


def _codes(details: Record) -> list[dict[str, str]]:
    found = []
    for given in objects_of(details.get("identifiers"), "identifiers"):
        names = ("id", "scheme", "schemeName")
        code = {n: t for n in names if (t := text_of(given.get(n), f"identifiers.{n}")) is not None}
        if "id" in code:
            found.append(code)
    return found


def _texts(details: Record, column: str) -> list[str]:
    texts = (text_of(v, column) for v in list_of(details.get(column), column))
    return list(dict.fromkeys(t for t in texts if t is not None))


def _other_names(said: Said, statement: Statement, id_: str) -> None:
    for name in _texts(statement.details, "alternateNames"):
        said.fact(FactKind.ALIAS, id_, role="alias", name=name, available_from=statement.available)
    codes = [c["id"] for c in _codes(statement.details)]
    called = [] if id_ in (statement.record, scheme_id(BODS, statement.record)) else [statement.record]
    organisation_codes(said, id_, [*codes, *called], available_from=statement.available)


def _addresses(said: Said, statement: Statement, id_: str) -> None:
    for given in objects_of(statement.details.get("addresses"), "addresses"):
        words = (text_of(given.get(c), f"addresses.{c}") for c in ("address", "postCode"))
        text = ", ".join(w for w in words if w is not None)
        place = normalize_address(text)
        if not place:
            continue
        at = said.entity(address_id(place), EntityKind.ADDRESS, text)
        role = text_of(given.get("type"), "addresses.type")
        said.fact(FactKind.LOCATED_AT, id_, object=at, role=role, available_from=statement.available)
