"""The answer `records`."""

from collections.abc import Sequence

from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import Naming
from graph_service.credit_graph.recording import Standing, standing_records
from graph_service.credit_graph.telling import record_item
from graph_service.domain.facts import Fact
from graph_service.domain.intervals import from_day
from graph_service.results import RecordItem, Records, Sentence, none_found

NO_RECORDS = Sentence("该主体的记录", "records about this entity")


def records(moment: Moment, reference: str) -> Records:
    """Records about an entity, oldest first, each with its status on the day of the answer."""
    entity = moment.view.find(reference)
    naming = Naming(moment.view)
    items = record_items(moment, entity, naming)
    return Records(
        entity=naming.ref(entity),
        records=items,
        none_found=None if items else none_found(from_day(moment.judged_on), NO_RECORDS),
        **moment.heading(),
    )


def record_items(
    moment: Moment, entity: str, naming: Naming, only: Sequence[Standing] | None = None
) -> tuple[RecordItem, ...]:
    """The records of one entity as answers show them, all or only some of them.

    It and the people around it are masked in their texts.
    """
    standing = standing_records(moment, entity) if only is None else only
    if not standing:
        return ()
    naming.note_persons({entity} | _ends(moment.view.relations(entity)))
    cited = moment.view.evidence([s.fact for s in standing])
    return tuple(record_item(moment, s, fact, naming) for s, fact in zip(standing, cited, strict=True))


def _ends(relations: list[Fact]) -> set[str]:
    return {e for f in relations for e in (f.subject, f.object) if e}
