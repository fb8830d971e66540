"""An entity or a person as the record of a statement."""

from collections.abc import Sequence
from typing import Any

from graph_service.credit_graph.naming import is_person, shown_name
from graph_service.domain.entities import EntityKind
from graph_service.domain.standards.bods import ENTITY_TYPES, entity_type
from graph_service.domain.standards.own_ids import OWN
from graph_service.store.base import Profile

CHINESE = ("uscc:", "regno:")
CREDIT_CODE = {"scheme": "CN-SAIC", "schemeName": "统一社会信用代码 Unified Social Credit Code"}
ADDRESS_TYPES = ("registered", "business", "alternative")


def party(profile: Profile, addresses: Sequence[tuple[str, str | None]]) -> tuple[str, dict[str, Any]]:
    """Type and details of the record; names of natural persons masked, their numbers nowhere."""
    if is_person(profile.id, profile.kind):
        return "person", _person(profile)
    return "entity", _entity(profile, addresses)


def _person(profile: Profile) -> dict[str, Any]:
    said, name = profile.attributes, shown_name(profile.kind, profile.id, profile.name)
    kind = said.get("person_type") or ("knownPerson" if name else "unknownPerson")
    countries = said.get("nationalities")
    exposure = said.get("political_exposure")
    found = {
        "isComponent": False,
        "personType": kind,
        "unspecifiedPersonDetails": _unspecified(said.get("unspecified")),
        "names": [{"type": "legal", "fullName": name}] if name else None,
        "nationalities": [_country(c) for c in countries] if isinstance(countries, list) else None,
        "politicalExposure": {"status": exposure} if exposure else None,
    }
    return {k: v for k, v in found.items() if v is not None}


def _entity(profile: Profile, addresses: Sequence[tuple[str, str | None]]) -> dict[str, Any]:
    said = profile.attributes
    found = {
        "isComponent": False,
        "entityType": _type(profile),
        "unspecifiedEntityDetails": _unspecified(said.get("unspecified")),
        "name": profile.name,
        "alternateNames": _alternate(profile),
        "jurisdiction": _jurisdiction(profile),
        "identifiers": _identifiers(profile),
        "foundingDate": said.get("founded"),
        "dissolutionDate": said.get("closed"),
        "addresses": [_address(text, role) for text, role in addresses] or None,
        "publicListing": _listing(said.get("publicly_traded")),
    }
    return {k: v for k, v in found.items() if v is not None}


def _type(profile: Profile) -> dict[str, str]:
    said = profile.attributes
    stated = said.get("entity_type")
    if stated in ENTITY_TYPES and ENTITY_TYPES[str(stated)] == profile.kind:
        subtype = said.get("entity_subtype")
        return {"type": str(stated), **({"subtype": str(subtype)} if subtype else {})}
    own = {"details": f"{OWN}: {profile.kind}"} if profile.kind == EntityKind.INDIVIDUAL_BUSINESS else {}
    return {"type": entity_type(profile.kind), **own}


def _unspecified(reason: object) -> dict[str, object] | None:
    return {"reason": reason} if reason else None


def _alternate(profile: Profile) -> list[str] | None:
    stated = profile.attributes.get("alternate_names")
    names = [*profile.former_names, *(map(str, stated) if isinstance(stated, list) else ())]
    return sorted(set(names) - {str(profile.name)}) or None


def _jurisdiction(profile: Profile) -> dict[str, str] | None:
    said = profile.attributes
    code, name = said.get("jurisdiction_code"), said.get("jurisdiction")
    if code or name:
        return {"name": str(name or code), **({"code": str(code)} if code else {})}
    return {"name": "China", "code": "CN"} if profile.id.startswith(CHINESE) else None


def _identifiers(profile: Profile) -> list[dict[str, str]] | None:
    stated = profile.attributes.get("identifiers")
    given = [dict(i) for i in stated if isinstance(i, dict)] if isinstance(stated, list) else []
    for code in given:
        if not code.get("scheme") and not code.get("schemeName"):
            code["schemeName"] = "unknown"
    scheme, _, value = profile.id.partition(":")
    if scheme == "uscc" and not any(c.get("id") == value for c in given):
        given.append({"id": value, **CREDIT_CODE})
    return given or None


def _address(text: str, role: str | None) -> dict[str, str]:
    return {"address": text, **({"type": role} if role in ADDRESS_TYPES else {})}


def _country(given: Any) -> dict[str, str]:
    said = given if isinstance(given, dict) else {}
    code = str(said.get("code") or "")
    return {"name": str(said.get("name") or code or "unknown"), **({"code": code} if len(code) == 2 else {})}


def _listing(is_listed: object) -> dict[str, bool] | None:
    return {"hasPublicListing": is_listed} if isinstance(is_listed, bool) else None
