"""A relation as the interests of a relationship statement."""

from collections.abc import Mapping
from typing import Any

import orjson

from graph_service.domain.facts import Fact, FactKind, label
from graph_service.domain.intervals import from_day
from graph_service.domain.standards.bods import SHAREHOLDING, VOTING, interest_type, own_details
from graph_service.domain.standards.shares import percent_text

LIMITS = (("lower", "minimum", "exclusiveMinimum"), ("upper", "maximum", "exclusiveMaximum"))
Interest = dict[str, Any]


def interests(fact: Fact) -> list[Interest]:
    """The interest that a relation is, and beside a shareholding the votes that differ from it."""
    said, type_ = fact.attributes, interest_type(fact)
    common = _common(fact)
    if fact.kind is not FactKind.HOLDS:
        share = share_object(said.get("share"), said, "share")
        return [{"type": type_, **common, **_details(fact, type_), **share}]
    if type_ == VOTING:
        return [{"type": type_, **common, **share_object(fact.votes, said, "votes")}]
    stated = {} if said.get("interest") is None and fact.source == "bods" else {"type": type_}
    found = [{**stated, **common, **share_object(fact.share, said, "share")}]
    votes = share_object(fact.votes, said, "votes")
    if votes and type_ == SHAREHOLDING:
        found.append({"type": VOTING, **common, **votes})
    return found


def share_object(exact: float | None, said: Mapping[str, Any], name: str) -> Interest:
    """`share` of an interest; empty where nothing is known."""
    if exact is not None:
        return {"share": {"exact": _percent(exact)}}
    limits = {}
    for bound, closed, opened in LIMITS:
        value = said.get(f"{name}_{bound}")
        if value is not None:
            limits[opened if said.get(f"{name}_{bound}_open") else closed] = _percent(value)
    return {"share": limits} if limits else {}


def _percent(share: float) -> orjson.Fragment:
    """A number of the JSON text with all its digits."""
    return orjson.Fragment(percent_text(share).encode())


def _common(fact: Fact) -> Interest:
    said = fact.attributes
    found = {
        "directOrIndirect": said.get("direct", None if fact.source == "bods" else "direct"),
        "beneficialOwnershipOrControl": said.get("beneficial"),
        "startDate": None if fact.valid_from is None else from_day(fact.valid_from).isoformat(),
        "endDate": None if fact.valid_to is None else from_day(fact.valid_to - 1).isoformat(),
    }
    return {k: v for k, v in found.items() if v is not None}


def _details(fact: Fact, type_: str) -> Interest:
    """What the type of interest does not say: which of our relations it is, and its role."""
    kind, role = label(fact.kind), fact.role
    if fact.kind is FactKind.MANAGES and role == type_:
        return {}
    if fact.kind is FactKind.CONTROLS_BY_AGREEMENT and role is None:
        return {}
    return {"details": own_details(kind, role)}
