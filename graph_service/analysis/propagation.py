"""Exposure: one number for each enterprise, how much of a random walk from the listed entities comes to a stop there.

Definition. From each entity s that is listed on the day, by records that may say something about others, a weight
r(s) = 0.5^(days since its latest such record began ÷ half-life) sets out. At u the walk stops with probability 1 − a, else
it takes the relation to v, in either direction, with probability w(u, v) ÷ max(1, W(u)); what is left of a step stops
too, uncounted, so that weak ties alone carry little. w is the strength of the relation's kind, of a holding its share;
several of one kind between the same two count as one (holdings by their sum, up to 1). W(u) is the sum over all steps
from u. No step leads into a neutral hub, so that no walk goes through one. With the start vector r,

    x = r + a · Pᵀx,     exposure(v) = (1 − a) · (x(v) − r(v)):

what sets out from v itself and has not moved is not counted; what comes back is. Persons are walked through; a value is kept
for enterprises only. The number orders what to look at; it is no probability of anything and no score of dishonesty.

Power iteration from r until the sum of all errors is below `TOLERANCE` times the sum of r, at most ln TOLERANCE ÷ ln a
rounds, each linear in the relations of the day. Rows are summed in a fixed order, so that threads change nothing.
Source: random walk with restart (Tong, Faloutsos, Pan 2006), solved as a linear system.

    >>> from tests.graphs import exposure_of, holds, listed
    >>> exposure_of([holds("e:1", "e:2", 0.8), listed("e:2", since=20_000)], "e:1")  # 0.5 · 0.5 · 0.8, and there and back
    0.238095
"""

import itertools
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from graph_service.domain.entities import EntityKind
from graph_service.domain.facts import FactKind
from graph_service.projection.arrays import EVER, Flags, Floats, Ints, Longs, Smalls, freeze
from graph_service.projection.graph import CsrGraph

VERSION = "propagation-1"
TOLERANCE = 1e-12
KIND_ROOM = 64
THREADS = 2
MOST_ROUNDS = 10_000
CARRIED, LONGEST, LOOKED_AT = 8, 4, 4000  # paths told, relations of one, partial paths looked at


@dataclass(frozen=True, slots=True)
class PropagationRules:
    """Strength of each kind of relation, least strength of a known share, `onward`: a, and the half-life in days."""

    strengths: Mapping[FactKind, float]
    least_share: float
    onward: float
    half_life_days: float


@dataclass(frozen=True, slots=True)
class Exposures:
    """Exposure of each enterprise (places ascending), the listed entities with the weight that sets out from each.

    `scales`: of each node 1 ÷ max(1, W); `strengths`: what it was worked out with, by number of kind; `onward`, `rounds`,
    `error`: one number each, the last the bound on the sum of
    errors that was reached.
    """

    enterprises: Ints
    values: Floats
    seeds: Ints
    starts: Floats
    scales: Floats
    strengths: Floats
    onward: Floats
    rounds: Ints
    error: Floats

    def of(self, enterprise: int) -> float | None:
        """Exposure of an enterprise; None for what is none."""
        at = int(np.searchsorted(self.enterprises, enterprise))
        known = at < len(self.enterprises) and self.enterprises[at] == enterprise
        return float(self.values[at]) if known else None


@dataclass(frozen=True, slots=True)
class Carrier:
    """A path from an enterprise back to a listed entity: its nodes and edges, and what it carries of the exposure."""

    nodes: tuple[int, ...]
    edges: tuple[int, ...]
    amount: float


def exposures(graph: CsrGraph, rules: PropagationRules, day: int) -> Exposures:
    """The exposure of every enterprise on a day."""
    starts = starts_on(graph, rules, day)
    hubs = graph.hubs_on(day)
    ties = _ties(graph, rules, day, hubs)
    x, rounds, error = _solved(ties, starts, rules.onward)
    firms = graph.of_kind(EntityKind.ENTERPRISE)
    seeds = np.flatnonzero(starts > 0).astype(np.int32)
    found = Exposures(
        firms, np.maximum((1 - rules.onward) * (x[firms] - starts[firms]), 0.0), seeds, starts[seeds], ties.scales, strengths_of(rules),
        np.array([rules.onward]), np.array([rounds], np.int32), np.array([error]),
    )  # fmt: skip
    freeze(found)
    return found


def starts_on(graph: CsrGraph, rules: PropagationRules, day: int) -> Floats:
    """What sets out from each node: by the age of the latest record that lists it and may say something about others."""
    seeding = graph.seeding_records_on(day)
    nodes = np.repeat(np.arange(graph.node_count), np.diff(graph.records.starts))[seeding]
    begun = np.full(graph.node_count, EVER, np.int64)
    np.maximum.at(begun, nodes, graph.records.valid_from[seeding])
    age = np.where(begun == EVER, 0, day - begun)
    out = np.zeros(graph.node_count)
    out[nodes] = 0.5 ** (age[nodes] / rules.half_life_days)
    return out


@dataclass(frozen=True, slots=True)
class _Ties:
    """Relations at each node as rows firsts[i]:firsts[i+1] of `others` and `weights`; rows of hubs are empty."""

    firsts: Longs
    others: Ints
    weights: Floats
    scales: Floats


def _ties(graph: CsrGraph, rules: PropagationRules, day: int, hubs: Flags) -> _Ties:
    from graph_service.analysis import propagation_kernels as kernels  # noqa: PLC0415  (loads the compiler)

    e = graph.edges
    weights = kernels.edge_weights(day, strengths_of(rules), _columns(graph))
    firsts, others, at = kernels.ties(weights, hubs, (e.subjects, e.objects))
    leaving = kernels.leaving(weights, hubs, (e.subjects, e.objects))
    return _Ties(firsts, others, at, 1 / np.maximum(leaving, 1.0))


def strengths_of(rules: PropagationRules) -> Floats:
    """Strength by number of kind; place 0 is the least one of a known share."""
    out = np.zeros(KIND_ROOM)
    for kind, strength in rules.strengths.items():
        out[int(kind)] = strength
    out[0] = rules.least_share
    return out


def _columns(graph: CsrGraph) -> tuple[Ints, Ints, Smalls, Floats, Ints, Ints]:
    e = graph.edges
    return e.subjects, e.objects, e.kinds, e.shares, e.valid_from, e.valid_to


def _solved(ties: _Ties, starts: Floats, onward: float) -> tuple[Floats, int, float]:
    """What the equation solves to: x = starts + a · Pᵀx, the rounds it took, and the bound on its error in all."""
    from graph_service.analysis import propagation_kernels as kernels  # noqa: PLC0415  (loads the compiler)

    count, allowed = len(starts), TOLERANCE * float(starts.sum())
    x, new, sent = starts.copy(), np.zeros(count), np.zeros(count)
    rows = list(itertools.pairwise(np.linspace(0, count, 17).astype(np.int64).tolist()))
    matrix = ties.firsts, ties.others, ties.weights
    error = float(starts.sum()) * onward / (1 - onward)
    rounds = 0
    with ThreadPoolExecutor(THREADS) as pool:
        while error > allowed and rounds < MOST_ROUNDS:
            np.multiply(x, ties.scales, out=sent)
            sent *= onward
            turn = partial(kernels.pulled, matrix=matrix, vectors=(sent, starts, x), out=new)
            error = sum(pool.map(turn, rows)) * onward / (1 - onward)
            x, new, rounds = new, x, rounds + 1
    return x, rounds, error


def carriers(graph: CsrGraph, found: Exposures, enterprise: int, day: int) -> list[Carrier]:
    """The paths of up to `LONGEST` relations, no entity twice, that carry most to an enterprise; most first.

    Looked at are the `LOOKED_AT` likeliest partial paths; what they carry is exact.
    """
    from graph_service.analysis import propagation_kernels as kernels  # noqa: PLC0415  (loads the compiler)

    if found.of(enterprise) in {None, 0.0}:
        return []
    e = graph.edges
    hubs = graph.hubs_on(day)
    bounds = np.array([LONGEST, LOOKED_AT, CARRIED, day], np.int64)
    hubs.flags.writeable = False
    amounts, nodes, edges = kernels.carriers(
        enterprise, (bounds, found.strengths, float(found.onward[0])), _columns(graph), (e.outs, e.ins, e.in_edges),
        (found.scales, hubs, found.seeds, found.starts),
    )  # fmt: skip
    return [
        Carrier(tuple(n for n in row if n >= 0), tuple(e for e in via if e >= 0), float(amount))
        for amount, row, via in zip(amounts, nodes.tolist(), edges.tolist(), strict=True)
    ]
