"""What rules and patterns look at: the graph on a day, who is listed from when, whom hubs and answers name."""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from graph_service.domain.entities import EntityKind
from graph_service.projection.arrays import EVER, Flags, Ints
from graph_service.projection.graph import OBJECTED, CsrGraph


@dataclass(frozen=True, slots=True)
class Scene:
    """A graph on a day.

    Per entity `listed`, `begun` (first day of its latest record in force that lists it, EVER for none), `hubs` (neutral on
    the day), `firms` (enterprises that answers name).
    """

    graph: CsrGraph
    day: int
    listed: Flags
    begun: Ints
    hubs: Flags
    firms: Flags

    @classmethod
    def of(cls, graph: CsrGraph, day: int, **more: Any) -> Self:
        """The scene of a day; `more`: what a kind of scene has besides."""
        seeding = graph.seeding_records_on(day)
        firms = np.zeros(graph.node_count, np.bool_)
        firms[graph.of_kind(EntityKind.ENTERPRISE)] = True
        listed = graph.nodes_with(seeding)
        return cls(graph, day, listed, _begun(graph, seeding), graph.hubs_on(day), firms, **more)

    def under_objection(self) -> Self:
        """The same with those as listed whom only records under objection list: what is said of others by them pauses."""
        objected = objected_records_on(self.graph, self.day)
        listed = self.graph.nodes_with(objected) & ~self.listed
        return replace(self, listed=listed, begun=_begun(self.graph, objected))


def objected_records_on(graph: CsrGraph, day: int) -> Flags:
    """Which records make their entity listed on a day and are under objection on it."""
    records = graph.records
    standing = records.listed & (records.valid_from <= day) & (day < records.valid_to)
    standing &= (records.ends == 0) | (records.ended_on > graph.moment.judged_on)
    objected = np.zeros(len(standing), np.bool_)
    held = (records.mark_kinds == OBJECTED) & (records.mark_from <= day) & (day < records.mark_to)
    objected[np.repeat(np.arange(len(standing)), np.diff(records.mark_starts))[held]] = True
    return np.asarray(standing & objected)


def _begun(graph: CsrGraph, seeding: Flags) -> Ints:
    out = np.full(graph.node_count, EVER, np.int32)
    nodes = np.repeat(np.arange(graph.node_count), np.diff(graph.records.starts))
    np.maximum.at(out, nodes[seeding], graph.records.valid_from[seeding])
    return out
