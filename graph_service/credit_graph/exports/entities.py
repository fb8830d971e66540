"""The export `entities`: each by its canonical id, with attributes by the best-ranked source."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from graph_service.credit_graph.exports.columns import Edge, Row, Sheet, chunked, columns
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import shown_name
from graph_service.store.base import Profile

COLUMNS = columns("id kind name status region industry founded:day closed:day capital:number")


def entities_sheet(moment: Moment) -> Sheet:
    """All entities that a visible fact names; the names of natural persons masked."""
    return Sheet("entities", COLUMNS, chunked(_rows(moment)), Edge(None, "id", "kind"))


def _rows(moment: Moment) -> Iterator[Row]:
    return (_row(profile) for profile in moment.view.every_profile())


def _row(profile: Profile) -> Row:
    a = profile.attributes
    name = shown_name(profile.kind, profile.id, profile.name)
    return (
        profile.id, profile.kind, name, _text(a.get("status")), _text(a.get("region")),
        _text(a.get("industry")),        _day(a.get("founded")), _day(a.get("closed")), _number(a.get("capital")),
    )  # fmt: skip


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None
