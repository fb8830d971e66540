"""What the findings of one answer cite: records and relations, each read once however many findings rest on it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from graph_service.credit_graph.around import relation_items
from graph_service.credit_graph.in_snapshot import edge_facts
from graph_service.credit_graph.listed import record_items
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import Naming
from graph_service.credit_graph.recording import Standing, standing_records
from graph_service.results import RecordItem, RelationItem


@dataclass(slots=True)
class Citing:
    """One answer's citations; `naming` names whom they speak of."""

    moment: Moment
    naming: Naming
    _listings: dict[str, list[Standing]] = field(default_factory=dict)
    _records: dict[str, tuple[RecordItem, ...]] = field(default_factory=dict)
    _steps: dict[int, tuple[RelationItem, ...]] = field(default_factory=dict)

    def listing(self, entity: str) -> list[Standing]:
        """The records by which an entity is listed on the day of the answer, those under objection too."""
        if entity not in self._listings:
            self._listings[entity] = [s for s in standing_records(self.moment, entity) if s.is_listed]
        return self._listings[entity]

    def seeds(self, entity: str) -> frozenset[str]:
        """Ids of those that may say something about others."""
        return frozenset(s.fact.id for s in self.listing(entity) if s.seeds)

    def is_objected(self, entity: str) -> bool:
        """Whether one of them is under objection."""
        return any(s.status.value == "objected" for s in self.listing(entity))

    def records(self, entity: str) -> tuple[RecordItem, ...]:
        """Those that may say something about others, as answers show them."""
        if entity not in self._records:
            seeding = [s for s in self.listing(entity) if s.seeds]
            self._records[entity] = record_items(self.moment, entity, self.naming, seeding)
        return self._records[entity]

    def steps(self, edges: Iterable[int]) -> tuple[RelationItem, ...]:
        """The relations of a path, in its order."""
        return tuple(item for edge in edges for item in self._step(edge))

    def _step(self, edge: int) -> tuple[RelationItem, ...]:
        if edge not in self._steps:
            facts = edge_facts(self.moment, self.moment.worked.graph, edge)
            self._steps[edge] = relation_items(self.moment, self.naming, facts)
        return self._steps[edge]
