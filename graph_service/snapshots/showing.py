"""A snapshot in the tools of the store's own engine: the day that they show, and its findings beside the facts."""

from typing import Any

import numpy as np
import pyarrow as pa

from graph_service.analysis.associations import FINDING_CLASS
from graph_service.analysis.control import BASES, Control
from graph_service.analysis.named_rules import CODES
from graph_service.domain.errors import StoreError
from graph_service.domain.findings import FindingClass
from graph_service.projection.arrays import Longs
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store.base import Derived, GraphStore

Cleared = frozenset[tuple[str, str, str]]  # enterprise, rule, target of findings that officers cleared


def show(
    store: GraphStore, snapshot: Snapshot, *, write_back: bool = False, cleared: Cleared = frozenset()
) -> None:
    """Let the engine's tools show the snapshot's day; with `write_back` its findings too but the cleared ones, else none.

    May be repeated. Raises StoreError; the snapshot is current all the same.
    """
    results = derived(snapshot, cleared) if write_back else None
    try:
        store.show(snapshot.as_of, results)
    except StoreError as error:
        raise type(error)(
            f"The snapshot {snapshot.id} is made and current, but the server does not show it yet; refresh again. {error}"
        ) from error


def derived(snapshot: Snapshot, cleared: Cleared = frozenset()) -> Derived:
    """The findings as relations: from each enterprise to the listed entities near it, and from controllers to whom they control.

    Columns of ASSOCIATED_WITH: `class`, `rule`, `hops`, `strength`, `via` (ids between the two), and `rests_on`, the
    kinds of the records by which the other is listed.
    """
    graph, found = snapshot.graph, snapshot.associations
    ids, numbers = graph.nodes.ids, graph.nodes.numbers
    kinds = _listed_kinds(snapshot)
    kept = _kept(snapshot, cleared)
    starts, targets = found.enterprise_of_finding()[kept], found.targets[kept]
    columns: dict[str, Any] = {
        "subject": numbers[starts],
        "object": numbers[targets],
        "class": [str(FINDING_CLASS)] * len(targets),
        "rule": [CODES[rule] for rule in found.rules[kept].tolist()],
        "hops": found.hops[kept].astype(np.int64),
        "strength": found.strengths[kept],
        "via": [
            [ids[n] for n in path if n not in {-1, target}]
            for path, target in zip(found.path_nodes[kept].tolist(), targets.tolist(), strict=True)
        ],
        "rests_on": [kinds.get(t) for t in targets.tolist()],
    }
    properties: dict[str, Any] = {
        "node": numbers[found.enterprises],
        "leads": found.found - _lost(snapshot, kept),
    }
    relations = {"ASSOCIATED_WITH": pa.table(columns), "CONTROLS": _control(snapshot)}
    return Derived(snapshot.id, relations, pa.table(properties))


def _kept(snapshot: Snapshot, cleared: Cleared) -> Longs:
    """Rows of the findings that nobody cleared."""
    graph, found = snapshot.graph, snapshot.associations
    is_kept = np.ones(len(found.targets), np.bool_)
    for enterprise, rule, target in cleared:
        for row in found.findings_of(graph.place(enterprise)):
            is_it = (CODES[found.rules[row]], int(found.targets[row])) == (rule, graph.place(target))
            is_kept[row] &= not is_it
    return np.flatnonzero(is_kept)


def _lost(snapshot: Snapshot, kept: Longs) -> Longs:
    """How many findings of each enterprise were left out."""
    firsts = snapshot.associations.firsts
    return np.diff(firsts) - np.diff(np.searchsorted(kept, firsts))


def _control(snapshot: Snapshot) -> pa.Table:
    """Who controls whom. `ultimate`: nobody controls the controller, so that these relations are its group."""
    numbers, found = snapshot.graph.nodes.numbers, snapshot.results(Control)
    classes = np.array([str(FindingClass.DERIVED), str(FindingClass.LEAD)])
    columns: dict[str, Any] = {
        "subject": numbers[found.controllers],
        "object": numbers[found.controlled()],
        "class": classes[found.classes].tolist(),
        "basis": np.array(BASES)[found.bases].tolist(),
        "votes_lower": found.lower,
        "votes_upper": found.upper,
        "depth": found.depth.astype(np.int64),
        "ultimate": found.ultimate,
    }
    return pa.table(columns)


def _listed_kinds(snapshot: Snapshot) -> dict[int, list[str]]:
    """By place the kinds of the records that make an entity listed on the snapshot's day."""
    graph = snapshot.graph
    seeding = graph.seeding_records_on(snapshot.as_of)
    nodes = np.repeat(np.arange(graph.node_count), np.diff(graph.records.starts))
    kinds: dict[int, set[str]] = {}
    for node, code in zip(nodes[seeding].tolist(), graph.records.kinds[seeding].tolist(), strict=True):
        kinds.setdefault(node, set()).add(graph.words.record_kinds[code])
    return {node: sorted(names) for node, names in kinds.items()}
