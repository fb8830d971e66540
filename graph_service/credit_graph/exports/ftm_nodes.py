"""A node of the graph as an entity of FollowTheMoney."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from graph_service.credit_graph.naming import is_person, shown_name
from graph_service.domain.entities import EntityKind
from graph_service.domain.identifiers import is_uscc
from graph_service.domain.standards import ftm
from graph_service.domain.standards.own_ids import ftm_id
from graph_service.domain.standards.shares import number_text
from graph_service.store.base import Profile

CHINESE = ("uscc:", "regno:")
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
SCHEMES = {"XI-LEI": "leiCode"}
"""Property of identifiers that other standards name by a scheme."""


def node(profile: Profile, places: Sequence[str]) -> dict[str, Any]:
    """Company, Organization, Person, Address, or for a telephone or e-mail a UserAccount.

    The model asks for a name; of who has none it is the id.
    """
    if profile.kind == EntityKind.ADDRESS:
        return proxy(ftm_id(profile.id), "Address", {"full": profile.name})
    if profile.kind == EntityKind.CONTACT:
        service = "email" if _EMAIL.fullmatch(profile.name or "") else "telephone"
        return proxy(
            ftm_id(profile.id),
            ftm.ACCOUNT,
            {"username": profile.name or ftm_id(profile.id), "service": service},
        )
    if is_person(profile.id, profile.kind):
        return proxy(ftm_id(profile.id), "Person", _person(profile))
    schema = "Organization" if profile.kind == EntityKind.ORGANIZATION else "Company"
    return proxy(ftm_id(profile.id), schema, _organisation(profile, schema, places))


def _person(profile: Profile) -> dict[str, Any]:
    countries = profile.attributes.get("nationalities")
    codes = (
        [_country(c.get("code")) for c in countries if isinstance(c, dict)]
        if isinstance(countries, list)
        else []
    )
    return {
        "name": shown_name(profile.kind, profile.id, profile.name) or ftm_id(profile.id),
        "nationality": [c for c in codes if c] or None,
        "topics": profile.attributes.get("topics"),
    }


def _organisation(profile: Profile, schema: str, places: Sequence[str]) -> dict[str, Any]:
    said = profile.attributes
    is_chinese = profile.id.startswith(CHINESE)
    found = {
        "name": profile.name or ftm_id(profile.id),
        "previousName": sorted(profile.former_names) or None,
        "alias": said.get("alternate_names"),
        "jurisdiction": "cn" if is_chinese else _country(said.get("jurisdiction_code")),
        "incorporationDate": said.get("founded"),
        "dissolutionDate": said.get("closed"),
        "status": said.get("status"),
        "sector": said.get("industry"),
        "legalForm": said.get("type"),
        "topics": said.get("topics"),
        "addressEntity": [ftm_id(p) for p in places] or None,
        "classification": profile.kind if profile.kind == EntityKind.INDIVIDUAL_BUSINESS else None,
    }
    capital = said.get("capital")
    if schema == "Company" and isinstance(capital, int | float):
        found["capital"] = number_text(float(capital))
    for name, values in _codes(profile).items():
        found[name] = sorted(values)
    return found


def _codes(profile: Profile) -> dict[str, set[str]]:
    stated = profile.attributes.get("identifiers")
    found: dict[str, set[str]] = {}
    scheme, _, value = profile.id.partition(":")
    if scheme == "uscc":
        found["uscCode"] = {value}
    if scheme == "regno":
        found["registrationNumber"] = {value}
    for code in stated if isinstance(stated, list) else ():
        if isinstance(code, dict) and code.get("id"):
            found.setdefault(_property(code), set()).add(str(code["id"]))
    return found


def _property(code: dict[str, Any]) -> str:
    name = code.get("schemeName")
    if is_uscc(str(code["id"])):
        return "uscCode"
    return str(name) if name in ftm.CODES else SCHEMES.get(str(code.get("scheme")), "registrationNumber")


def _country(code: object) -> str | None:
    """The country of a code; of a part of a country the country."""
    first = str(code or "").split("-")[0]
    return first.lower() if _COUNTRY.fullmatch(first) else None


def proxy(called: str, schema: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """An entity as FtM writes it: every value a text in a list, nothing empty."""
    lists = {k: v if isinstance(v, list) else [v] for k, v in properties.items() if v not in (None, [], "")}
    return {"id": called, "schema": schema, "properties": {k: [str(x) for x in v] for k, v in lists.items()}}
