"""The interests of a relationship statement as relations."""

from dataclasses import dataclass, field, replace
from typing import Any

from graph_service.domain.facts import FactKind
from graph_service.domain.standards.bods import INTERESTS, SHAREHOLDING, VOTING, own_meaning
from loaders.formats.bods_parts.statement import Statement
from loaders.formats.fields import bounds, end_of, number_of, object_of, objects_of, start_of, text_of
from loaders.formats.gather import Said, Unfit
from loaders.formats.records import Record

DIRECT = (None, "direct", "indirect", "unknown")
LIMITS = ("exact", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


@dataclass(frozen=True, slots=True)
class Interest:
    """One interest. `type`: the standard's code; `attrs`: what is kept besides the columns of a fact."""

    kind: FactKind
    type: str | None
    role: str | None = None
    start: int | None = None
    end: int | None = None
    share: float | None = None
    votes: float | None = None
    attrs: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[FactKind, str | None, str | None, int | None]:
        """By what an interest is found again in a later statement."""
        return (self.kind, self.type, self.role, self.start)

    @property
    def size(self) -> tuple[float | None, float | None, dict[str, Any]]:
        """How much of it there is."""
        return (
            self.share,
            self.votes,
            {k: v for k, v in self.attrs.items() if k.startswith(("share", "votes"))},
        )


def interests_of(said: Said, statement: Statement) -> list[Interest]:
    """All interests, shares and votes of one holding in one; one of unknown type where none is stated.

    Raises Unfit.
    """
    given = objects_of(statement.details.get("interests"), "interests")
    found = [_interest(said, g) for g in given] or [Interest(FactKind.HOLDS, None)]
    if statement.status == "closed":
        found = [_closed(i, statement.stated) for i in found]
    return _with_votes(found)


def _closed(interest: Interest, day: int) -> Interest:
    """Closed without an end: over on the day of the statement."""
    if interest.end is not None:
        return interest
    return replace(interest, end=day if interest.start is None else max(day, interest.start + 1))


def _interest(said: Said, given: Record) -> Interest:
    type_ = text_of(given.get("type"), "interests.type")
    if type_ is not None and type_ not in INTERESTS:
        raise Unfit("unknown_value", "interests.type")
    direct = text_of(given.get("directOrIndirect"), "interests.directOrIndirect")
    if direct not in DIRECT:
        raise Unfit("unknown_value", "interests.directOrIndirect")
    start = start_of(said, given.get("startDate"), "interests.startDate")
    end = end_of(said, given.get("endDate"), "interests.endDate")
    if start is not None and end is not None and end <= start:
        raise Unfit("end_before_start", "interests.endDate")
    kind, role = _meaning(type_, text_of(given.get("details"), "interests.details"))
    is_voting = type_ == VOTING
    share, attrs = _share(given, "votes" if is_voting else "share")
    beneficial = given.get("beneficialOwnershipOrControl")
    attrs |= {
        "interest": type_,
        "direct": direct,
        "beneficial": beneficial if beneficial in (True, False) else None,
    }
    if kind is not FactKind.HOLDS and share is not None:
        attrs["share"] = share
    holds = kind is FactKind.HOLDS
    return Interest(
        kind, type_, role, start, end, share if holds and not is_voting else None,
        share if holds and is_voting else None, {k: v for k, v in attrs.items() if v is not None},
    )  # fmt: skip


def _meaning(type_: str | None, details: str | None) -> tuple[FactKind, str | None]:
    own = own_meaning(details) if details is not None else None
    if own is not None:
        return FactKind[own[0].upper()], own[1]
    kind = FactKind.HOLDS if type_ is None else INTERESTS[type_]
    return kind, type_ if kind is FactKind.MANAGES else None


def _share(given: Record, name: str) -> tuple[float | None, dict[str, Any]]:
    said = object_of(given.get("share"), "interests.share")
    column = "interests.share"
    limits = {n: v for n in LIMITS if (v := number_of(said.get(n), f"{column}.{n}")) is not None}
    return bounds(limits, column, name)


def _with_votes(found: list[Interest]) -> list[Interest]:
    """A holding's votes beside its share where the statement has one of each for the same time."""
    shares = [i for i in found if i.type == SHAREHOLDING]
    votes = [i for i in found if i.type == VOTING]
    if len(shares) != 1 or len(votes) != 1:
        return found
    share, vote = shares[0], votes[0]
    when = (share.start, share.end, share.attrs.get("direct"))
    if (vote.start, vote.end, vote.attrs.get("direct")) != when:
        return found
    limits = {k: v for k, v in vote.attrs.items() if k.startswith("votes_")}
    same = {k.replace("votes_", "share_"): v for k, v in limits.items()}
    if same.items() <= share.attrs.items():
        limits = {}
    one = replace(share, votes=vote.votes if vote.votes != share.share else None, attrs=share.attrs | limits)
    return [one if i is share else i for i in found if i is not vote]
