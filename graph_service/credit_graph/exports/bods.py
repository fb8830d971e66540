"""The graph as statements of the Beneficial Ownership Data Standard 0.4. docs/standards.md says what maps to what."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import orjson

from graph_service.credit_graph.exports.bods_interests import interests
from graph_service.credit_graph.exports.bods_parties import party
from graph_service.credit_graph.exports.identities import Identities
from graph_service.credit_graph.exports.places import Places, address_texts
from graph_service.credit_graph.exports.sorting import in_order
from graph_service.credit_graph.moment import Moment
from graph_service.domain.entities import EntityKind
from graph_service.domain.facts import RELATIONS, Fact, FactKind, label
from graph_service.domain.intervals import from_day
from graph_service.domain.standards.bods import VERSION, WRITTEN
from graph_service.domain.standards.own_ids import BODS, OWN, record_id

PUBLISHER = {"name": OWN}
NO_PARTY = (EntityKind.ADDRESS, EntityKind.CONTACT)
Statement = dict[str, Any]


def bods_lines(moment: Moment, folder: Path, left_out: Counter[str]) -> Iterator[bytes]:
    """One statement after the other: entities and persons, then relationships, each by record id."""
    parties = ((s["recordId"], orjson.dumps(s)) for s in _parties(moment, left_out))
    relations = ((s["recordId"], orjson.dumps(s)) for s in _relationships(moment, left_out))
    yield from chain(in_order(parties, folder), in_order(relations, folder))
    records = sum(1 for _ in moment.view.all_facts((FactKind.RECORD,)))
    left_out.update({"record": records} if records else {})


def _parties(moment: Moment, left_out: Counter[str]) -> Iterator[Statement]:
    places, texts = Places(moment, Identities(moment.view)), address_texts(moment)
    today, unwritten = from_day(moment.view.as_of), places.stated
    for profile in moment.view.every_profile():
        if profile.kind not in NO_PARTY:
            told = [(texts[a], role) for a, role in places.of(profile.id) if a in texts]
            type_, details = party(profile, told)
            unwritten -= len(told) if type_ == "entity" else 0
            dates = (
                _date(profile.attributes, "stated", today),
                _date(profile.attributes, "published", today),
            )
            record = record_id(profile.id)
            yield _statement((record, type_), record, dates, details)
    left_out.update({"located_at": unwritten} if unwritten > 0 else {})


def _relationships(moment: Moment, left_out: Counter[str]) -> Iterator[Statement]:
    view, ids = moment.view, Identities(moment.view)
    for fact in view.all_facts(RELATIONS):
        if fact.valid_from is not None and fact.valid_from > view.as_of:
            continue
        if fact.kind in WRITTEN and fact.object is not None:
            ends = (record_id(ids.canonical(fact.subject)), record_id(ids.canonical(fact.object)))
            yield _relationship(fact, ends, from_day(view.as_of))
        elif fact.kind is not FactKind.LOCATED_AT:
            left_out[label(fact.kind)] += 1


def _relationship(fact: Fact, ends: tuple[str, str], today: date) -> Statement:
    # What a source is late with counts as published today: no statement may come from the future.
    known = today if fact.available_from is None else min(today, from_day(fact.available_from))
    details = {
        "isComponent": False, "subject": ends[1], "interestedParty": ends[0], "interests": interests(fact),
    }  # fmt: skip
    record = fact.part if fact.source == BODS and fact.part else fact.id
    stated = _date(fact.attributes, "stated", known)
    return _statement((record, "relationship"), ends[1], (stated, known.isoformat()), details)


def _statement(
    record: tuple[str, str], about: str, dates: tuple[str, str], details: Mapping[str, Any]
) -> Statement:
    """A statement whose id is made of all that it says: another statement has another id, the same the same."""
    said = {
        "statementDate": dates[0],
        "publicationDetails": {
            "publicationDate": dates[1], "bodsVersion": VERSION, "publisher": PUBLISHER,
        },
        "declarationSubject": about,
        "recordId": record[0],
        "recordType": record[1],
        "recordStatus": "new",
        "recordDetails": details,
    }  # fmt: skip
    digest = hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return {"statementId": digest[:32], **said}


def _date(attributes: Mapping[str, Any], name: str, otherwise: date) -> str:
    value = attributes.get(name)
    return value if isinstance(value, str) else otherwise.isoformat()
