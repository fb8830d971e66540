"""Facts as the items of an answer: with names, days, evidence and the sentence that says where they come from."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import Naming, details
from graph_service.credit_graph.recording import Standing
from graph_service.credit_graph.sources import department
from graph_service.domain.facts import Fact, label
from graph_service.domain.intervals import from_day
from graph_service.domain.sanctions import RecordStatus
from graph_service.projection import EVER, OPEN
from graph_service.results import Exit, RecordItem, RelationItem, Sentence, fact_sentence
from graph_service.results.sentences import OBJECTED

# Fields of a record with a place of their own in the answer.
PLACED = frozenset({"document", "legal_basis", "reason", "decided", "nature", "grade"})


def day_of(day: int | None) -> date | None:
    """A day number as a date."""
    return None if day is None else from_day(day)


def known_day(day: int) -> date | None:
    """A day of the arrays as a date; None where it is open or unknown."""
    return None if day in {EVER, OPEN} else from_day(day)


def relation_item(fact: Fact, naming: Naming) -> RelationItem:
    """A relation with its source."""
    unit = department(fact.source)
    document = fact.attributes.get("document")
    zh_en = fact_sentence(unit.zh, day_of(fact.valid_from), document, fact.attributes.get("nature"))
    return RelationItem(
        fact=fact.id,
        kind=label(fact.kind),
        subject=naming.ref(fact.subject),
        object=naming.ref(fact.object or fact.subject),
        role=fact.role,
        share=fact.share,
        votes=fact.votes,
        amount=fact.amount,
        valid_from=day_of(fact.valid_from),
        valid_to=day_of(fact.valid_to),
        source=fact.source,
        evidence=fact.evidence,
        statement=zh_en,
    )


def record_item(moment: Moment, standing: Standing, fact: Fact, naming: Naming) -> RecordItem:
    """A record with its status, its later events and its source; persons' names in its texts masked.

    `fact` is that of `standing` with its evidence; `naming` knows the people around the entity.
    """
    said = details(fact, naming.persons)
    decided = day_in(said.get("decided"))
    authority = fact.name
    return RecordItem(
        fact=fact.id,
        kind=standing.kind,
        title=title_of(moment, standing.kind),
        entity=naming.ref(fact.subject),
        status=standing.shown_status,
        listed=standing.is_listed,
        grade=said.get("grade") or grade_of(moment, standing.kind),
        authority=authority,
        nature=said.get("nature"),
        document=said.get("document"),
        legal_basis=law_of(moment, standing.kind),
        decision_basis=said.get("legal_basis"),
        reason=said.get("reason"),
        decided=decided,
        valid_from=day_of(fact.valid_from),
        valid_to=day_of(fact.valid_to),
        amount=fact.amount,
        source=fact.source,
        details={k: v for k, v in said.items() if k not in PLACED},
        exits=tuple(Exit(e.event.value, day_of(e.day)) for e in standing.exits),
        evidence=fact.evidence,
        statement=_statement(standing, authority, decided, said),
    )


def title_of(moment: Moment, kind: str) -> str:
    """The kind of a record in words; one that the rules do not know by its code."""
    return moment.rules.kind(kind).title_zh if moment.rules.has_kind(kind) else kind


def grade_of(moment: Moment, kind: str) -> str | None:
    """The grade that the rules give records of a kind."""
    return moment.rules.kind(kind).grade if moment.rules.has_kind(kind) else None


def law_of(moment: Moment, kind: str) -> str | None:
    """The law that records of a kind rest on, as the rules cite it."""
    return moment.rules.kind(kind).source.citation if moment.rules.has_kind(kind) else None


def _statement(
    standing: Standing, authority: str | None, decided: date | None, said: Mapping[str, Any]
) -> Sentence:
    unit = authority or department(standing.fact.source).zh
    day = decided or day_of(standing.fact.valid_from)
    sentence = fact_sentence(unit, day, said.get("document"), said.get("nature") or "decided")
    if standing.status is RecordStatus.OBJECTED:
        return Sentence(sentence.zh + OBJECTED.zh, f"{sentence.en} {OBJECTED.en}")
    return sentence


def day_in(text: object) -> date | None:
    """A day as ISO text; None where it is none."""
    try:
        return date.fromisoformat(str(text)) if text else None
    except ValueError:
        return None
