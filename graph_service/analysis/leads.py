"""All associations with listed entities: by named rules, and what else is near; strength by rule, path and age.

Definition: the strength of a lead is that of its rule, times that of its path, halved for each half-life since the latest
record of the target began (since the revocation, where the target is not listed). A target that a named rule tells of is
not told of again as near; what a lead of succession rests on is not told of again as a shared address, contact or
manager. The numbers order leads; they are no probability.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from graph_service.analysis.associations import Associations
from graph_service.analysis.named_rules import CODES, NEAREST, STEPS, Pairs, Ruled, named_pairs
from graph_service.analysis.successors import COVERS, REBORN
from graph_service.projection.arrays import EVER, AnyArray, Flags, Floats, Ints, Longs, ends, freeze


@dataclass(frozen=True, slots=True)
class Weight:
    """Strength of a rule, and the days after which a lead counts half."""

    strength: float
    half_life_days: float


@dataclass(frozen=True, slots=True)
class _Leads:
    """Rows of leads; `at`: place of the enterprise among those that are told of."""

    at: Ints
    targets: Ints
    rules: Ints
    hops: Ints
    strengths: Floats
    path_nodes: Ints
    path_edges: Ints
    since: Ints
    until: Ints


def leads(scene: Ruled, near: Associations, weights: Mapping[str, Weight]) -> Associations:
    """Named leads and the near ones that no name covers, best first; rules without a weight are off."""
    columns = max(near.path_nodes.shape[1], STEPS)
    parts = [
        _named(near, number, pairs, columns)
        for number, pairs in named_pairs(scene, frozenset(weights) - {NEAREST})
    ]
    parts = _without_repeats(parts, scene.graph.node_count)
    rest = _uncovered(near, parts, (scene.graph.node_count, columns)) if NEAREST in weights else []
    rows = _Leads(*(_joined([*parts, *rest], f.name, columns) for f in fields(_Leads)))
    strengths = rows.strengths * _aged(scene, rows, weights)
    order = np.lexsort((rows.targets, rows.rules, rows.hops, -strengths, rows.at))
    counts = np.bincount(rows.at, minlength=len(near.enterprises)).astype(np.int32)
    beyond = near.found - np.diff(near.firsts)
    found = Associations(
        near.enterprises, ends(counts), rows.targets[order], rows.rules[order].astype(np.int8),
        rows.hops[order].astype(np.int8), strengths[order], rows.path_nodes[order], rows.path_edges[order],
        rows.since[order], rows.until[order], (counts + beyond).astype(np.int32), near.paused, near.cut, near.hubs_met,
        near.hub_firsts, near.hubs,
    )  # fmt: skip
    freeze(found)
    return found


def _named(near: Associations, number: int, pairs: Pairs, columns: int) -> _Leads:
    """Leads of one rule, with their paths in the columns."""
    size = len(pairs.enterprises)
    nodes, edges = np.full((size, columns), -1, np.int32), np.full((size, columns), -1, np.int32)
    is_long, has_edge = pairs.second_edges >= 0, pairs.first_edges >= 0
    edges[:, 0], edges[is_long, 1] = pairs.first_edges, pairs.second_edges[is_long]
    nodes[:, 0] = np.where(is_long | ~has_edge, pairs.middles, pairs.targets)
    nodes[is_long, 1] = pairs.targets[is_long]
    at = np.searchsorted(near.enterprises, pairs.enterprises).astype(np.int32)
    known = at < len(near.enterprises)
    known[known] = near.enterprises[at[known]] == pairs.enterprises[known]
    rules = np.full(size, number, np.int32)
    rows: tuple[AnyArray, ...] = (
        at,
        pairs.targets,
        rules,
        pairs.hops,
        pairs.values,
        nodes,
        edges,
        pairs.since,
        pairs.until,
    )
    return _Leads(*(row[known] for row in rows))


def _without_repeats(parts: list[_Leads], count: int) -> list[_Leads]:
    """The leads without those that say of the same two only what a lead of succession rests on."""
    keys = [rows.at.astype(np.int64) * count + rows.targets for rows in parts]
    codes = [CODES[rows.rules[0]] if len(rows.rules) else "" for rows in parts]
    told = np.concatenate(
        [np.zeros(0, np.int64), *(k for k, code in zip(keys, codes, strict=True) if code == REBORN)]
    )
    return [
        _chosen(rows, ~np.isin(key, told)) if code in COVERS else rows
        for rows, key, code in zip(parts, keys, codes, strict=True)
    ]


def _chosen(rows: _Leads, keep: Flags) -> _Leads:
    return _Leads(*(getattr(rows, f.name)[keep] for f in fields(_Leads)))


def _uncovered(near: Associations, named: list[_Leads], sizes: tuple[int, int]) -> list[_Leads]:
    """The near ones that no named rule tells of; `sizes`: number of entities, columns of a path."""
    count, columns = sizes
    wider = ((0, 0), (0, columns - near.path_nodes.shape[1]))
    nodes, edges = (np.pad(a, wider, constant_values=-1) for a in (near.path_nodes, near.path_edges))
    at = np.repeat(np.arange(len(near.enterprises), dtype=np.int32), np.diff(near.firsts))
    keys = [rows.at.astype(np.int64) * count + rows.targets for rows in named]
    covered = np.concatenate([np.zeros(0, np.int64), *keys])
    keep = ~np.isin(at.astype(np.int64) * count + near.targets, covered)
    rows: tuple[AnyArray, ...] = (
        at, near.targets, near.rules.astype(np.int32), near.hops.astype(np.int32), near.strengths, nodes, edges,
        near.since, near.until,
    )  # fmt: skip
    return [_Leads(*(row[keep] for row in rows))]


def _joined(parts: list[_Leads], name: str, columns: int) -> AnyArray:
    arrays = [getattr(part, name) for part in parts]
    if arrays:
        return np.concatenate(arrays)
    return np.zeros(
        (0, columns) if name.startswith("path") else 0, np.float64 if name == "strengths" else np.int32
    )


def _aged(scene: Ruled, rows: _Leads, weights: Mapping[str, Weight]) -> Floats:
    """What a lead counts by its rule and by the days since the target's record, or since its revocation."""
    strength = np.array([weights[c].strength if c in weights else 0.0 for c in CODES])
    half_life = np.array([weights[c].half_life_days if c in weights else 1.0 for c in CODES])
    begun: Longs = scene.begun[rows.targets].astype(np.int64)
    begun = np.where(begun == EVER, np.minimum(scene.graph.nodes.closed[rows.targets], scene.day), begun)
    days = np.maximum(scene.day - begun, 0)
    decay = np.where(scene.begun[rows.targets] == EVER, 1.0, 0.5 ** (days / half_life[rows.rules]))
    return np.asarray(strength[rows.rules] * decay)
