"""Relationship statements: between whom, what of it later statements of the same record end, what is stated twice."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from graph_service.domain.entities import EntityKind
from graph_service.domain.facts import FactKind
from graph_service.domain.intervals import from_day
from graph_service.domain.standards.bods import INTERESTS, SHAREHOLDING
from loaders.formats.bods_parts.index import Index
from loaders.formats.bods_parts.interests import Interest, interests_of
from loaders.formats.bods_parts.parties import unspecified
from loaders.formats.bods_parts.statement import Statement
from loaders.formats.fields import text_of
from loaders.formats.gather import Said, Unfit

Ends = tuple[str, str]


def relationship(statement: Statement, index: Index) -> tuple[Said, list[Interest], Ends]:
    """The row of a relationship statement with its interests and ends, before others of the record are seen.

    Raises Unfit.
    """
    said = Said(statement.line)
    party = _end(said, statement, "interestedParty", index)
    subject = _end(said, statement, "subject", index)
    found = interests_of(said, statement)
    if party == subject and any(i.kind is FactKind.HOLDS for i in found):
        said.note("self_holding")
    return said, found, (party, subject)


def _end(said: Said, statement: Statement, end: str, index: Index) -> str:
    given = statement.details.get(end)
    if isinstance(given, dict):
        return unspecified(said, statement, end, given)
    record = text_of(given, end)
    if record is None:
        raise Unfit("missing_value", end)
    if record not in index.parties:
        raise Unfit("unknown_record", end)
    id_, kind = index.parties[record]
    if end == "subject" and kind == EntityKind.PERSON:
        raise Unfit("bad_field", end)
    return id_


def state(said: Said, statement: Statement, ends: Ends, found: Sequence[Interest], index: Index) -> None:
    """The relations that the latest statement of a record states."""
    derived, inferred = index.is_derived(statement), index.inferred_share(statement.record)
    parts = _parts(statement.record, len(found))
    for interest, part in zip(found, parts, strict=True):
        if derived and interest.kind is FactKind.HOLDS and interest.attrs.get("direct") == "indirect":
            said.note("derived_interest", "interests")
        elif inferred is not None and interest.kind is FactKind.HOLDS and interest.share is None:
            said.note("inferred_share", "interests")
            _fact(said, statement, ends, (replace(interest, share=inferred), part))
        else:
            _fact(said, statement, ends, (interest, part))


def superseded(
    said: Said,
    both: tuple[Statement, Statement],
    ends: Ends,
    found: tuple[Sequence[Interest], Sequence[Interest]],
) -> None:
    """Of an earlier statement the interests that the next one does not repeat, ended by it."""
    statement, following = both
    said.note("superseded")
    kept = {i.key for i in found[1]}
    gone = [i for i in found[0] if i.key not in kept]
    for number, interest in enumerate(gone, 1):
        end = _ended(interest, following, found[1])
        if interest.start is None or end > interest.start:
            part = f"{statement.record}@{from_day(statement.stated).isoformat()}.{number}"
            _fact(said, statement, ends, (replace(interest, end=end), part))


def resized(earlier: Sequence[Interest], later: Sequence[Interest], day: int) -> list[Interest]:
    """The later interests; one that is as old as before and has another size has it since the later statement."""
    sizes = {i.key: i.size for i in earlier}
    return [
        replace(i, start=day)
        if i.size != sizes.get(i.key, i.size)
        and (i.start is None or i.start < day)
        and (i.end is None or day < i.end)
        else i
        for i in later
    ]


def _ended(interest: Interest, following: Statement, later: Sequence[Interest]) -> int:
    """When a next interest of the same type began, else the day of the statement that lacks it; its own end first."""
    starts = [
        i.start for i in later
        if (i.kind, i.type, i.role) == interest.key[:3] and i.start is not None and (interest.start is None or i.start > interest.start)
    ]  # fmt: skip
    end = min(starts, default=following.stated)
    return end if interest.end is None else min(end, interest.end)


def _parts(record: str, count: int) -> Iterator[str]:
    return (record if count == 1 else f"{record}.{n}" for n in range(1, count + 1))


def _fact(said: Said, statement: Statement, ends: Ends, what: tuple[Interest, str]) -> None:
    interest, part = what
    attrs: dict[str, Any] = interest.attrs | {"stated": from_day(statement.stated).isoformat()}
    said.fact(
        interest.kind, ends[0], attrs, object=ends[1], role=interest.role, part=part, valid_from=interest.start,
        valid_to=interest.end, available_from=statement.available, share=interest.share, votes=interest.votes,
    )  # fmt: skip


def shares(statement: Statement) -> tuple[float | None, float | None, bool]:
    """The one exact share that a relationship states directly, the one indirectly, whether it says a size of any kind."""
    given = statement.details.get("interests")
    interests = [i for i in given if isinstance(i, dict)] if isinstance(given, list) else []
    direct = [
        s for i in interests if i.get("directOrIndirect") != "indirect" and (s := _exact(i)) is not None
    ]
    indirect = [
        s for i in interests if i.get("directOrIndirect") == "indirect" and (s := _exact(i)) is not None
    ]
    return (
        direct[0] if len(direct) == 1 else None,
        indirect[0] if len(indirect) == 1 else None,
        bool(interests) and all(map(_is_known, interests)),
    )


def _exact(interest: dict[str, Any]) -> float | None:
    """The exact share of a shareholding as a fraction; None for what is none. What is malformed is told later."""
    size = interest.get("share")
    said = size.get("exact") if isinstance(size, dict) and interest.get("type") == SHAREHOLDING else None
    try:
        value = float(str(said)) / 100 if said is not None else math.nan
    except ValueError:
        return None
    return value if 0 < value <= 1 else None


def _is_known(interest: dict[str, Any]) -> bool:
    kind = INTERESTS.get(str(interest.get("type")))
    if interest.get("directOrIndirect") == "indirect" or kind is None:
        return False
    return kind is FactKind.CONTROLS_BY_AGREEMENT or (kind is FactKind.HOLDS and bool(interest.get("share")))
