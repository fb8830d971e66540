"""From a store's tables to a `CsrGraph`. Pure: the same tables and rules give the same arrays."""

import numpy as np
import pyarrow as pa

from graph_service.domain.facts import FactKind
from graph_service.projection.arrays import freeze
from graph_service.projection.changes import changes
from graph_service.projection.edges import edges
from graph_service.projection.graph import CsrGraph, Moment, Nodes, Records, Vocabulary
from graph_service.projection.hubs import hubs
from graph_service.projection.identity import Identity, identity
from graph_service.projection.lookup import NodeIndex, node_index
from graph_service.projection.profiles import Given, profiles
from graph_service.projection.records import records
from graph_service.projection.ruling import ProjectionRules
from graph_service.projection.tables import Sources, Tables, coded, longs, ops
from graph_service.projection.texts import texts_from_arrow


def build(tables: Tables, sources: Sources, rules: ProjectionRules, moment: Moment) -> CsrGraph:
    """The graph of a moment. One table is read and let go after the other, to bound memory.

    Raises StoreError when the tables contradict each other. Cost: linear in nodes, relations and statements.
    """
    related = tables.relation_table()
    is_same = ops.equal(related.column("kind"), pa.scalar(int(FactKind.SAME_AS), pa.int16()))
    entities = tables.nodes()
    index = node_index(np.ascontiguousarray(longs(entities, "node")))
    same = identity(related.filter(is_same), index, sources)
    links, roles = edges(related.filter(ops.invert(is_same)), index, same, sources)
    del related
    nodes, kinds, told = _nodes(tables, entities, (index, same, sources), (rules, moment.as_of))
    del entities
    events, record_kinds = _records(tables, index, same, rules)
    named = tables.statement_table((FactKind.HUB,))
    joining, reasons = hubs(named, (nodes, kinds, links), rules, moment.as_of)
    changed, items = changes(tables.statement_table((FactKind.CHANGE,)), index, same)
    words = Vocabulary(kinds, record_kinds, roles, sources.names, told[0], reasons, told[1], told[2], items)
    graph = CsrGraph(moment, words, nodes, links, events, joining, changed)
    freeze(graph)
    return graph


def _nodes(
    tables: Tables,
    entities: pa.Table,
    context: tuple[NodeIndex, Identity, Sources],
    by: tuple[ProjectionRules, int],
) -> tuple[Nodes, tuple[str, ...], tuple[tuple[str, ...], ...]]:
    (index, same, sources), (rules, as_of) = context, by
    codes, kinds = coded(entities.column("kind"))
    stated = tables.statement_table((FactKind.PROFILE,))
    found = profiles(stated, Given(as_of, entities.column("label"), rules), index, sources)
    ids = texts_from_arrow(entities.column("id"))
    nodes = Nodes(
        index.numbers, codes.astype(np.int8), same.on(as_of), found.statuses, found.in_business, found.regions,
        found.types, found.industries, found.capital, found.paid_in, found.founded, found.closed, ids, found.labels,
    )  # fmt: skip
    return nodes, kinds, found.words


def _records(
    tables: Tables, index: NodeIndex, same: Identity, rules: ProjectionRules
) -> tuple[Records, tuple[str, ...]]:
    return records(tables.statement_table((FactKind.RECORD, FactKind.EXIT)), index, same, rules)
