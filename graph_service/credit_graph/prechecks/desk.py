"""What one pre-check works with: the moment, the application, its citations, the relations of the applicants."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from graph_service.credit_graph.citing import Citing
from graph_service.credit_graph.in_snapshot import place_of
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.prechecks.applicants import Application, Known
from graph_service.credit_graph.recording import Standing, standing_records
from graph_service.domain.entities import EntityKind
from graph_service.domain.facts import FactKind
from graph_service.projection import EVER, CsrGraph


@dataclass(frozen=True)
class Desk:
    """One application on the desk."""

    moment: Moment
    application: Application
    known: tuple[Known, ...]
    key: bytes | None
    citing: Citing

    @property
    def graph(self) -> CsrGraph:
        """The graph that is looked at."""
        return self.moment.worked.graph

    @property
    def day(self) -> int:
        """The day of the answer."""
        return self.moment.worked.as_of

    @cached_property
    def office_days(self) -> int:
        """So long before a record an office, an address or a contact still counts."""
        return int(self.moment.rules.threshold("association_office_days").value)

    def out_of(self, entity: str, kinds: Sequence[FactKind]) -> Iterator[tuple[int, int]]:
        """Edges of these kinds out of an entity that held some day up to now, and the enterprises that they lead to."""
        place = place_of(self.graph, entity)
        if place is None:
            return
        edges, wanted = self.graph.edges, {int(k) for k in kinds}
        for edge in range(int(edges.outs[place]), int(edges.outs[place + 1])):
            if int(edges.kinds[edge]) in wanted and edges.valid_from[edge] <= self.day:
                firm = int(edges.objects[edge])
                if self.is_enterprise(firm):
                    yield edge, firm

    def into(self, place: int) -> Iterator[tuple[int, int]]:
        """Edges into an address or a contact that held some day up to now, and the enterprises that they come from."""
        edges = self.graph.edges
        for at in range(int(edges.ins[place]), int(edges.ins[place + 1])):
            edge = int(edges.in_edges[at])
            firm = int(edges.subjects[edge])
            if edges.valid_from[edge] <= self.day and self.is_enterprise(firm):
                yield edge, firm

    def is_enterprise(self, place: int) -> bool:
        """Whether answers may name it a firm."""
        return bool(self.graph.nodes.kinds[place] == self.graph.kind_code(EntityKind.ENTERPRISE))

    def held_near(self, edge: int, day: int) -> bool:
        """Whether a relation still held on a day, or ended not long before it."""
        return int(self.graph.edges.valid_to[edge]) > day - self.office_days

    def id_of(self, place: int) -> str:
        """The id that answers name an entity by."""
        return self.moment.view.canonical(self.graph.nodes.ids[place])

    def standing(self, entity: str) -> list[Standing]:
        """The records of an entity in force on the day of the answer."""
        return [s for s in standing_records(self.moment, entity) if s.is_in_force]

    def revoked_on(self, place: int) -> int | None:
        """The day on which the licence of an enterprise was revoked; None where it was not, or the day is unknown."""
        nodes, words = self.graph.nodes, self.graph.words.statuses
        code, closed = int(nodes.statuses[place]), int(nodes.closed[place])
        is_revoked = 0 <= code < len(words) and words[code].startswith("revoked")
        return closed if is_revoked and EVER < closed <= self.day else None
