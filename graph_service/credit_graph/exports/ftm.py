"""The graph as entities of FollowTheMoney. docs/standards.md says what maps to what."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import orjson

from graph_service.credit_graph.exports.bods_interests import LIMITS
from graph_service.credit_graph.exports.ftm_nodes import node, proxy
from graph_service.credit_graph.exports.identities import Identities
from graph_service.credit_graph.exports.places import Places
from graph_service.credit_graph.exports.records import standings
from graph_service.credit_graph.exports.sorting import in_order
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.recording import Standing
from graph_service.credit_graph.telling import grade_of
from graph_service.domain.facts import RELATIONS, Fact, FactKind, label
from graph_service.domain.intervals import from_day
from graph_service.domain.standards import ftm
from graph_service.domain.standards.own_ids import FTM, FTM_ID, ftm_id
from graph_service.domain.standards.shares import number_text, percent_text

Proxy = dict[str, Any]


def ftm_lines(moment: Moment, folder: Path, left_out: Counter[str]) -> Iterator[bytes]:
    """One entity after the other: who and where, then relations, then sanctions, each by id."""
    ids = Identities(moment.view)
    places = Places(moment, ids)
    nodes = (node(p, [a for a, _ in places.of(p.id)]) for p in moment.view.every_profile())
    links = (_link(f, ids) for f in _relations(moment))
    parts: Sequence[Iterator[Proxy]] = (nodes, links, _sanctions(moment, left_out))
    yield from chain.from_iterable(
        in_order(((p["id"], orjson.dumps(p)) for p in part), folder) for part in parts
    )


def _relations(moment: Moment) -> Iterator[Fact]:
    for fact in moment.view.all_facts(RELATIONS):
        if fact.object is not None and (fact.valid_from is None or fact.valid_from <= moment.view.as_of):
            yield fact


def _link(fact: Fact, ids: Identities) -> Proxy:
    schema = ftm.SCHEMA_OF.get(fact.kind, ftm.OTHERS)
    shape, said = ftm.LINKS[schema], fact.attributes
    votes = _percentage(fact.votes, said, "votes")
    found = {
        shape.subject: ftm_id(ids.canonical(fact.subject)),
        shape.object: ftm_id(ids.canonical(fact.object or fact.subject)),
        shape.role: fact.role,
        "summary": label(fact.kind),
        "startDate": _day(fact.valid_from),
        "endDate": None if fact.valid_to is None else _day(fact.valid_to - 1),
        "percentage": _percentage(fact.share, said, "share") if fact.kind is FactKind.HOLDS else None,
        "sharesValue": _amount(fact) if fact.kind is FactKind.HOLDS else None,
        "sharesCurrency": said.get("currency") if fact.kind is FactKind.HOLDS else None,
        "ownershipType": said.get("interest") if fact.kind is FactKind.HOLDS else None,
        "description": f"{ftm.VOTES}{votes}" if votes and fact.kind is FactKind.HOLDS else None,
    }
    called = fact.part if fact.source == FTM and fact.part and FTM_ID.fullmatch(fact.part) else fact.id
    return proxy(called, schema, found)


def _sanctions(moment: Moment, left_out: Counter[str]) -> Iterator[Proxy]:
    """Records that speak against their entity; others are no sanctions and are counted as left out."""
    adverse = moment.rules.adverse_kinds()
    for entity, standing in standings(moment):
        if standing.kind in adverse:
            yield _sanction(moment, entity, standing)
        else:
            left_out[standing.kind] += 1


def _sanction(moment: Moment, entity: str, standing: Standing) -> Proxy:
    fact, said = standing.fact, standing.fact.attributes
    stated = said.get("record") if fact.source == FTM else None
    amount = _amount(fact)
    found = {
        "entity": ftm_id(entity),
        "program": said.get("program") or standing.kind,
        "authority": fact.name,
        "authorityId": said.get("document"),
        "provisions": said.get("grade") or grade_of(moment, standing.kind),
        "reason": said.get("nature"),
        "status": standing.shown_status,
        "recordId": fact.part,
        "listingDate": said.get("decided"),
        "startDate": _day(fact.valid_from),
        "endDate": None if fact.valid_to is None else _day(fact.valid_to - 1),
        "description": f"{ftm.AMOUNT}{amount}" if amount else None,
    }
    return proxy(stated if isinstance(stated, str) else fact.id, ftm.SANCTION, found)


def _percentage(exact: float | None, said: Mapping[str, Any], name: str) -> str | None:
    limits = {}
    for bound, closed, opened in LIMITS:
        value = said.get(f"{name}_{bound}")
        if value is not None:
            limits[opened if said.get(f"{name}_{bound}_open") else closed] = percent_text(value)
    return ftm.percentage(None if exact is None else percent_text(exact), limits)


def _amount(fact: Fact) -> str | None:
    return None if fact.amount is None else number_text(fact.amount)


def _day(day: int | None) -> str | None:
    return None if day is None else from_day(day).isoformat()
