"""What a pattern is, and all of them together.

A pattern has members (enterprises, and persons as evidence), the relations that show it, the days between which it came
about, a score in (0, 1] that orders leads, and where a list anchors it the listed entity. Neutral hubs join none.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from graph_service.analysis.scene import Scene
from graph_service.projection.arrays import EVER, OPEN, Flags, Floats, Ints, Longs, Smalls, ends, freeze

VERSION = "patterns-2"
KINDS = (
    "cross_holding", "guarantee_ring", "mutual_guarantee", "joint_guarantee", "reborn", "shell_cluster", "nominee",
    "sudden_change", "capital_round",
)  # fmt: skip
Rules = Mapping[str, float]  # thresholds by code, without the prefix `pattern_`


@dataclass(frozen=True, slots=True)
class Pattern:
    """One finding. `anchor`: the listed entity that it begins with; -1: none."""

    kind: str
    members: tuple[int, ...]
    edges: tuple[int, ...]
    score: float
    anchor: int = -1


@dataclass(frozen=True, slots=True)
class Sought(Scene):
    """What the kinds look at, and the thresholds that they decide by."""

    rules: Rules


@dataclass(frozen=True, slots=True)
class Patterns:
    """Findings in the order of kind, score, members.

    Members of finding i are members[firsts[i]:firsts[i+1]], its relations edges[edge_firsts[i]:edge_firsts[i+1]] (places of
    edges). `kinds`: place in KINDS; `since`, `until`: days, EVER and OPEN unknown; `anchors`: the listed entity, -1 none.
    `paused`: its anchor is listed by records under objection only; kept so that answers can tell their number.
    """

    kinds: Smalls
    firsts: Longs
    members: Ints
    edge_firsts: Longs
    edges: Ints
    since: Ints
    until: Ints
    scores: Floats
    anchors: Ints
    paused: Flags

    def members_of(self, row: int) -> Ints:
        """Members of a finding."""
        return self.members[int(self.firsts[row]) : int(self.firsts[row + 1])]

    def edges_of(self, row: int) -> Ints:
        """Relations of a finding."""
        return self.edges[int(self.edge_firsts[row]) : int(self.edge_firsts[row + 1])]


def patterns(scene: Sought) -> Patterns:
    """All findings of a day. Cost: linear in the relations, and in the cycles up to a limit.

    >>> from tests.graphs import guarantee_ring, patterns_in
    >>> [(kind, len(members)) for kind, members in patterns_in(guarantee_ring())]
    [('guarantee_ring', 4)]
    """
    from graph_service.analysis.patterns import offices, places, rings  # noqa: PLC0415  (they import this file)

    finders: tuple[Callable[[Sought], Iterator[Pattern]], ...] = (
        rings.holdings, rings.guarantees, rings.joint, places.reborn, places.shells, offices.nominees,
        offices.sudden_changes,
    )  # fmt: skip
    found = [pattern for find in finders for pattern in find(scene)]
    told, held = {(p.kind, p.members) for p in found}, scene.under_objection()
    anchored = (places.reborn, offices.sudden_changes) if held.listed.any() else ()
    paused = (p for find in anchored for p in find(held) if p.anchor >= 0)
    found += [p for p in paused if (p.kind, p.members) not in told]
    found.sort(key=lambda p: (KINDS.index(p.kind), -p.score, p.members))
    result = _flat(scene, found)
    freeze(result)
    return result


def _flat(scene: Sought, found: list[Pattern]) -> Patterns:
    starts = scene.graph.edges.valid_from
    members, edges = ([n for p in found for n in getattr(p, name)] for name in ("members", "edges"))
    days = [[int(starts[e]) for e in p.edges if starts[e] > EVER] for p in found]
    return Patterns(
        np.array([KINDS.index(p.kind) for p in found], np.int8),
        ends(np.array([len(p.members) for p in found], np.int64)),
        np.array(members, np.int32),
        ends(np.array([len(p.edges) for p in found], np.int64)),
        np.array(edges, np.int32),
        np.array([min(d, default=EVER) for d in days], np.int32),
        np.array([max(d, default=OPEN) for d in days], np.int32),
        np.array([p.score for p in found], np.float64),
        np.array([p.anchor for p in found], np.int32),
        np.array([p.anchor >= 0 and not scene.listed[p.anchor] for p in found], np.bool_),
    )
