"""The export `relations`: every relation that began by the day in the world, ended ones with their end."""

from collections.abc import Iterator
from datetime import date

from graph_service.credit_graph.exports.columns import Edge, Row, Sheet, chunked, columns
from graph_service.credit_graph.exports.identities import Identities
from graph_service.credit_graph.moment import Moment
from graph_service.domain.facts import RELATIONS, Fact, label
from graph_service.domain.intervals import from_day

COLUMNS = columns(
    "fact kind subject object role share:number share_lower:number share_upper:number votes:number "
    "amount:number valid_from:day valid_to:day source"
)


def relations_sheet(moment: Moment) -> Sheet:
    """All relations, ends by canonical ids. Bounds equal the share unless the source gives a range."""
    return Sheet("relations", COLUMNS, chunked(_rows(moment)), Edge("subject", "object", "kind"))


def _rows(moment: Moment) -> Iterator[Row]:
    view, ids = moment.view, Identities(moment.view)
    for fact in view.all_facts(RELATIONS):
        if fact.valid_from is None or fact.valid_from <= view.as_of:
            yield _row(fact, ids.canonical(fact.subject), ids.canonical(fact.object or fact.subject))


def _row(fact: Fact, subject: str, object_: str) -> Row:
    attributes = fact.attributes if fact.share is None and fact.attrs else {}
    return (
        fact.id, label(fact.kind), subject, object_, fact.role, fact.share,
        attributes.get("share_lower", fact.share), attributes.get("share_upper", fact.share), fact.votes,
        fact.amount, _day(fact.valid_from), _day(fact.valid_to), fact.source,
    )  # fmt: skip


def _day(day: int | None) -> date | None:
    return None if day is None else from_day(day)
