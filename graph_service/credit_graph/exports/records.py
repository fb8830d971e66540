"""The export `records`: every record that began by the day of the answer, with its status on it."""

from collections import defaultdict
from collections.abc import Iterator

from graph_service.credit_graph.exports.columns import Row, Sheet, chunked, columns
from graph_service.credit_graph.exports.identities import Identities
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.recording import Standing, exit_event, judged
from graph_service.credit_graph.telling import day_in, day_of, grade_of
from graph_service.domain.facts import FactKind
from graph_service.domain.sanctions import Exit
from graph_service.store.base import GraphView

COLUMNS = columns(
    "fact kind entity status authority document decided:day valid_from:day valid_to:day amount:number listed:flag "
    "grade nature source"
)


def records_sheet(moment: Moment) -> Sheet:
    """All records, expired ones marked; repaired and revoked ones left out, by what is known now."""
    return Sheet("records", COLUMNS, chunked(_rows(moment)), None)


def _rows(moment: Moment) -> Iterator[Row]:
    return (_row(moment, entity, standing) for entity, standing in standings(moment))


def standings(moment: Moment) -> Iterator[tuple[str, Standing]]:
    """Every record that may stand in an answer, with the canonical id of its entity."""
    ids = Identities(moment.view)
    exits = _exits(moment.view, ids)
    if moment.has_later:
        for entity, events in _exits(moment.live, ids).items():
            exits[entity] = list(dict.fromkeys((*exits.get(entity, ()), *events)))
    for fact in moment.view.all_facts((FactKind.RECORD,)):
        entity = ids.canonical(fact.subject)
        standing = judged(moment, entity, fact, exits.get(entity, ()))
        if standing is not None:
            yield entity, standing


def _exits(view: GraphView, ids: Identities) -> dict[str, list[Exit]]:
    """Events by entity: few next to records, so they fit into memory."""
    found: dict[str, list[Exit]] = defaultdict(list)
    for fact in view.all_facts((FactKind.EXIT,)):
        entity = ids.canonical(fact.subject)
        found[entity] += exit_event(entity, fact)
    return dict(found)


def _row(moment: Moment, entity: str, standing: Standing) -> Row:
    fact, said = standing.fact, standing.fact.attributes
    return (
        fact.id, standing.kind, entity, standing.shown_status, fact.name, said.get("document"),
        day_in(said.get("decided")), day_of(fact.valid_from), day_of(fact.valid_to), fact.amount,
        standing.is_listed, said.get("grade") or grade_of(moment, standing.kind), said.get("nature"), fact.source,
    )  # fmt: skip
