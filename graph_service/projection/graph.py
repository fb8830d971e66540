"""`CsrGraph`: the graph at one moment as flat arrays. Built by `build.py`, kept by `disk.py`, read by analysis."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph_service.domain.entities import node_number
from graph_service.domain.errors import UnknownEntity
from graph_service.domain.facts import FactKind
from graph_service.projection.arrays import MISSING, Flags, Floats, Ints, Longs, Shorts, Smalls
from graph_service.projection.texts import Texts

OBJECTED, SUSPENDED = 1, 2


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the codes in the arrays mean: the position in a tuple is the code. Sources stand best rank first."""

    node_kinds: tuple[str, ...]
    record_kinds: tuple[str, ...]
    roles: tuple[str, ...]
    sources: tuple[str, ...]
    statuses: tuple[str, ...]
    hub_reasons: tuple[str, ...]
    types: tuple[str, ...]
    industries: tuple[str, ...]
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nodes:
    """n entities in the order of their numbers.

    `numbers`: node numbers, ascending. `canonical`: place of the entity that answers name instead, on as_of.
    `statuses`: code of the registration status. `in_business`: 1, 0, or -1 unknown. `regions`: six digits, 0 unknown.
    `types`: code of the family of company (limited, joint_stock …). `industries`: code of section and division
    (`F52`). `capital`, `paid_in`: registered and paid-in capital in its currency, NaN unknown. `founded`, `closed`:
    days, EVER and OPEN unknown; closed is deregistration, else revocation.
    """

    numbers: Longs
    kinds: Smalls
    canonical: Ints
    statuses: Smalls
    in_business: Smalls
    regions: Ints
    types: Smalls
    industries: Shorts
    capital: Floats
    paid_in: Floats
    founded: Ints
    closed: Ints
    ids: Texts
    labels: Texts


@dataclass(frozen=True, slots=True)
class Edges:
    """m relations in the order of subject, kind, object, role, source rank, start; ends are canonical places.

    The edges out of node i are outs[i]:outs[i+1]; the edges into it are in_edges[ins[i]:ins[i+1]]. `kinds` are
    numbers of `FactKind`. Intervals are half-open days with EVER and OPEN; unknown numbers are NaN.
    """

    subjects: Ints
    objects: Ints
    kinds: Smalls
    roles: Shorts
    sources: Shorts
    valid_from: Ints
    valid_to: Ints
    available_from: Ints
    shares: Floats
    votes: Floats
    amounts: Floats
    outs: Longs
    ins: Longs
    in_edges: Ints


@dataclass(frozen=True, slots=True)
class Records:
    """r records in the order of their node: those of node i are starts[i]:starts[i+1].

    `valid_to` already counts repair and revocation: `ends` says how (0 by term, 1 repaired, 2 revoked), `ended_on`
    when (OPEN for 0). A repaired or revoked record leaves every answer, also those about earlier days.
    Marks: the intervals of record k are mark_from[j], mark_to[j] for j in mark_starts[k]:mark_starts[k+1];
    `mark_kinds`: 1 objected, 2 suspended. `grades`: places in the rules' GRADES.
    """

    starts: Longs
    kinds: Shorts
    valid_from: Ints
    valid_to: Ints
    available_from: Ints
    grades: Smalls
    listed: Flags
    ends: Smalls
    ended_on: Ints
    amounts: Floats
    mark_starts: Longs
    mark_kinds: Smalls
    mark_from: Ints
    mark_to: Ints


@dataclass(frozen=True, slots=True)
class Changes:
    """Registered changes in the order of their node, then day: those of node i are starts[i]:starts[i+1].

    `items`: code of what was changed (name, representative, capital …). `before`, `after`: the number that each text
    begins with, in yuan; NaN where there is none.
    """

    starts: Longs
    items: Shorts
    days: Ints
    before: Floats
    after: Floats


@dataclass(frozen=True, slots=True)
class Hubs:
    """Neutral hubs with the code of each reason and the days on which it holds; one node may have several."""

    nodes: Ints
    reasons: Shorts
    valid_from: Ints
    valid_to: Ints


@dataclass(frozen=True, slots=True)
class Moment:
    """What a graph shows.

    `content`: the store's content hash. `as_of`: the day in the world. `known_at`: µs since 1970 UTC. `judged_on`:
    the later of as_of and the day of known_at, up to which repairs and revocations take records out of answers.
    """

    content: str
    as_of: int
    known_at: int
    judged_on: int


@dataclass(frozen=True, slots=True)
class CsrGraph:
    """Entities, relations in both directions, records and hubs, all dated, in read-only arrays."""

    moment: Moment
    words: Vocabulary
    nodes: Nodes
    edges: Edges
    records: Records
    hubs: Hubs
    changes: Changes

    @property
    def node_count(self) -> int:
        """Number of entities."""
        return len(self.nodes.numbers)

    @property
    def edge_count(self) -> int:
        """Number of relations, of all days."""
        return len(self.edges.subjects)

    def place(self, entity_id: str) -> int:
        """Place of an entity in the arrays, that of its canonical id. Raises UnknownEntity."""
        found = int(np.searchsorted(self.nodes.numbers, node_number(entity_id)))
        if found == self.node_count or self.nodes.ids[found] != entity_id:
            raise UnknownEntity(
                f"No entity has the id '{entity_id}' in this snapshot; search for it by name."
            )
        return int(self.nodes.canonical[found])

    def places(self, numbers: Longs) -> Ints:
        """Places of node numbers; MISSING for those that are not there."""
        at = np.searchsorted(self.nodes.numbers, numbers)
        at[at == self.node_count] = 0
        hit = self.nodes.numbers[at] == numbers if self.node_count else np.zeros(len(numbers), np.bool_)
        return np.where(hit, at, MISSING).astype(np.int32)

    def kind_code(self, kind: str) -> int:
        """Code of an entity kind in `nodes.kinds`; MISSING where the graph has none of it."""
        return self.words.node_kinds.index(kind) if kind in self.words.node_kinds else MISSING

    def of_kind(self, kind: str) -> Ints:
        """Places of the canonical entities of a kind, ascending."""
        is_kind = self.nodes.kinds == self.kind_code(kind)
        own = self.nodes.canonical == np.arange(self.node_count, dtype=np.int32)
        return np.flatnonzero(is_kind & own).astype(np.int32)

    def edges_on(self, day: int, kinds: Sequence[FactKind] = ()) -> Flags:
        """Which edges hold on a day (of these kinds, all when empty): the graph as of another day, by mask."""
        held = (self.edges.valid_from <= day) & (day < self.edges.valid_to)
        return held & np.isin(self.edges.kinds, [int(k) for k in kinds]) if kinds else held

    def relations_on(self, day: int, kind: FactKind) -> Longs:
        """Places of the edges of one kind that hold on a day; others are not looked at twice."""
        rows = np.flatnonzero(self.edges.kinds == int(kind))
        return rows[(self.edges.valid_from[rows] <= day) & (day < self.edges.valid_to[rows])]

    def edges_known_on(self, day: int, kinds: Sequence[FactKind] = ()) -> Flags:
        """Which edges hold on a day and could be known on it: what a back-test may see."""
        return self.edges_on(day, kinds) & (self.edges.available_from <= day)

    def seeding_records_on(self, day: int) -> Flags:
        """Which records make their entity listed on a day and may say something about others on it.

        Left out: not of a listed kind, not in force, repaired or revoked, under objection, suspended.
        """
        r = self.records
        out = r.listed & (r.valid_from <= day) & (day < r.valid_to)
        out &= (r.ends == 0) | (r.ended_on > self.moment.judged_on)
        marked = (r.mark_from <= day) & (day < r.mark_to)
        record_of_mark = np.repeat(np.arange(len(out)), np.diff(r.mark_starts))
        out[record_of_mark[marked]] = False
        return out

    def is_seed(self, place: int, day: int) -> bool:
        """Whether `seeds_on` names one entity; cost: its own records."""
        r, rows = self.records, self.records_of(place)
        return any(
            r.listed[k]
            and r.valid_from[k] <= day < r.valid_to[k]
            and (r.ends[k] == 0 or r.ended_on[k] > self.moment.judged_on)
            and not any(
                r.mark_from[j] <= day < r.mark_to[j]
                for j in range(int(r.mark_starts[k]), int(r.mark_starts[k + 1]))
            )
            for k in rows
        )

    def seeds_on(self, day: int) -> Flags:
        """Which nodes are listed on a day by at least one record that may say something about others."""
        return self.nodes_with(self.seeding_records_on(day))

    def nodes_with(self, records: Flags) -> Flags:
        """Which nodes have at least one of the chosen records."""
        node_of_record = np.repeat(np.arange(self.node_count), np.diff(self.records.starts))
        out = np.zeros(self.node_count, np.bool_)
        out[node_of_record[records]] = True
        return out

    def records_of(self, place: int) -> range:
        """Places of an entity's records."""
        return range(int(self.records.starts[place]), int(self.records.starts[place + 1]))

    def hubs_on(self, day: int) -> Flags:
        """Which nodes are neutral hubs on a day."""
        out = np.zeros(self.node_count, np.bool_)
        out[self.hubs.nodes[(self.hubs.valid_from <= day) & (day < self.hubs.valid_to)]] = True
        return out

    def hub_reason(self, place: int, day: int) -> str | None:
        """Why a node is a neutral hub on a day; None when it is none."""
        low, high = np.searchsorted(self.hubs.nodes, [place, place + 1])
        for i in range(int(low), int(high)):
            if self.hubs.valid_from[i] <= day < self.hubs.valid_to[i]:
                return self.words.hub_reasons[int(self.hubs.reasons[i])]
        return None
