"""All that a store shows at one moment, without moments of recording: two stores that show the same are alike."""

import json
from dataclasses import dataclass, replace

from graph_service.domain.facts import Fact, FactKind
from graph_service.store.base import GraphStore, GraphView

EVERYTHING = tuple(FactKind)


def visible_in(view: GraphView) -> list[Fact]:
    """Every visible fact without moments and evidence, in a fixed order."""
    return sorted((bare(fact) for fact in view.all_facts(EVERYTHING)), key=repr)


def bare(fact: Fact) -> Fact:
    """What the fact says, without when and from whom it was heard."""
    return replace(fact, recorded_from=None, recorded_to=None, evidence=())


@dataclass(frozen=True)
class Shown:
    """What a reader sees: deliveries, content, facts, findings of searches, statistics, rejected rows."""

    batches: tuple[str, ...]
    content: str
    facts: tuple[Fact, ...]
    hits: tuple[object, ...]
    statistics: tuple[int, ...]
    kept: tuple[object, ...]
    matches: tuple[object, ...]


def shown(store: GraphStore, texts: tuple[str, ...] = ()) -> Shown:
    """The store as a reader sees it who searches for these texts."""
    view = store.view()
    return Shown(
        tuple(d.batch for d in store.deliveries() if d.withdrawn is None),
        store.content(),
        tuple(visible_in(view)),
        tuple(hit for text in texts for hit in view.search(text, 10)),
        (view.nodes().num_rows, view.relation_table().num_rows, view.statement_table(EVERYTHING).num_rows),
        (*store.rejected(), *store.noted()),
        tuple(sorted(view.candidates())),
    )


def counted(store: GraphStore) -> dict[str, object]:
    """Per delivery what its report counts."""
    reports = {d.batch: json.loads(d.report) for d in store.deliveries()}
    names = ("rows_read", "rows_loaded", "rows_rejected", "facts", "issues", "content")
    return {batch: [report.get(name) for name in names] for batch, report in reports.items()}
