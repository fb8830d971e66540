"""The export `entities`: each by its canonical id, with attributes by the best-ranked source."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from graph_service.credit_graph.exports.columns import Edge, Row, Sheet, columns
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import shown_name
from graph_service.store.base import Profile

COLUMNS = columns("id kind name status region industry founded:day closed:day capital:number")
CHUNK = 5_000


def entities_sheet(moment: Moment) -> Sheet:
    """All entities that a visible fact names; the names of natural persons masked."""
    return Sheet("entities", COLUMNS, _chunks(moment), Edge(None, "id", "kind"))


def _chunks(moment: Moment) -> Iterator[Sequence[Row]]:
    nodes = moment.view.nodes()
    ids, kinds, labels = nodes["id"], nodes["kind"], nodes["label"]
    for start in range(0, nodes.num_rows, CHUNK):
        part = [str(i) for i in ids.slice(start, CHUNK).to_pylist()]
        profiles = moment.view.profiles(part)
        given = zip(
            part, kinds.slice(start, CHUNK).to_pylist(), labels.slice(start, CHUNK).to_pylist(), strict=True
        )
        rows = [_row(profiles.get(i), i, k, label) for i, k, label in given if _is_own(profiles, moment, i)]
        yield rows


def _is_own(profiles: dict[str, Profile], moment: Moment, entity: str) -> bool:
    return entity in profiles or moment.view.canonical(entity) == entity


def _row(profile: Profile | None, entity: str, kind: str | None, label: str | None) -> Row:
    if profile is None:
        return (entity, kind, shown_name(kind, entity, label), *([None] * 6))
    a = profile.attributes
    name = shown_name(profile.kind, profile.id, profile.name or label)
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
