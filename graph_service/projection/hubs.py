"""Neutral hubs: what officers name, what the rules name, and what joins too many to say anything of one."""

import json
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graph_service.domain.entities import node_number
from graph_service.projection.arrays import EVER, OPEN, Ints, Longs
from graph_service.projection.graph import Edges, Hubs, Nodes
from graph_service.projection.lookup import NodeIndex
from graph_service.projection.ruling import ProjectionRules
from graph_service.projection.tables import integers, longs


@dataclass(frozen=True, slots=True)
class _Named:
    node: int
    reason: str
    valid_from: int
    valid_to: int


def hubs(
    stated: pa.Table, graph: tuple[Nodes, tuple[str, ...], Edges], rules: ProjectionRules, day: int
) -> tuple[Hubs, tuple[str, ...]]:
    """Hubs with the words of their reasons; those by number of neighbours are judged on `day`."""
    nodes, kinds, edges = graph
    index = NodeIndex(nodes.numbers, np.zeros(0, np.int64), 0)
    found = [*_by_officers(stated, index, nodes), *_by_rules(rules, index, nodes)]
    found += _by_degree((nodes, kinds, edges), rules, day)
    found.sort(key=lambda h: (h.node, h.reason, h.valid_from))
    words = tuple(sorted({h.reason for h in found}))
    code = {word: i for i, word in enumerate(words)}
    return Hubs(
        np.array([h.node for h in found], np.int32), np.array([code[h.reason] for h in found], np.int16),
        np.array([h.valid_from for h in found], np.int32), np.array([h.valid_to for h in found], np.int32),
    ), words  # fmt: skip


def _place(number: int, index: NodeIndex, nodes: Nodes) -> int | None:
    at = int(np.searchsorted(index.numbers, number))
    return int(nodes.canonical[at]) if at < index.count and index.numbers[at] == number else None


def _by_officers(stated: pa.Table, index: NodeIndex, nodes: Nodes) -> list[_Named]:
    out = []
    rows = zip(
        longs(stated, "subject").tolist(), stated.column("attrs").to_pylist(), stated.column("role").to_pylist(),
        integers(stated, "valid_from", EVER).tolist(), integers(stated, "valid_to", OPEN).tolist(), strict=True,
    )  # fmt: skip
    for number, attrs, role, start, stop in rows:
        node = _place(number, index, nodes)
        reason = str((json.loads(attrs) if attrs else {}).get("reason") or role or "named")
        if node is not None:
            out.append(_Named(node, reason, start, stop))
    return out


def _by_rules(rules: ProjectionRules, index: NodeIndex, nodes: Nodes) -> list[_Named]:
    """By id, by label, by the beginning of the id; each on the canonical entity."""
    found = {_place(node_number(entity), index, nodes): reason for entity, reason in rules.hub_ids.items()}
    for labels, at in ((rules.hub_names, _labelled), (rules.hub_prefixes, _beginning)):
        for text, reason in labels.items():
            found |= {int(nodes.canonical[place]): reason for place in at(nodes, text)}
    return [_Named(node, reason, EVER, OPEN) for node, reason in found.items() if node is not None]


def _labelled(nodes: Nodes, name: str) -> Longs:
    return nodes.labels.equal_to(name)


def _beginning(nodes: Nodes, prefix: str) -> Longs:
    return nodes.ids.beginning_with(prefix)


def _by_degree(graph: tuple[Nodes, tuple[str, ...], Edges], rules: ProjectionRules, day: int) -> list[_Named]:
    """Nodes of a kind that has a limit, with as many different neighbours on the day as that."""
    nodes, kinds, edges = graph
    out: list[_Named] = []
    for kind, (least, reason) in sorted(rules.hub_degrees.items()):
        if kind in kinds:
            degrees = np.diff(edges.outs) + np.diff(edges.ins)
            big = np.flatnonzero((nodes.kinds == kinds.index(kind)) & (degrees >= least)).astype(np.int32)
            joined = distinct_on(edges, big, day)
            out += [_Named(int(n), reason, EVER, OPEN) for n in big[joined >= least]]
    return out


def distinct_on(edges: Edges, nodes: Ints, day: int) -> Ints:
    """How many different entities each of the nodes is joined to on a day."""
    from graph_service.projection.hub_kernels import distinct_neighbours  # noqa: PLC0415  (loads the compiler)

    held = (edges.valid_from <= day) & (day < edges.valid_to)
    ends = (edges.subjects, edges.objects)
    return distinct_neighbours(nodes, ends, (edges.outs, edges.ins), edges.in_edges, held)
