"""The answer `paths`: how entities hang together."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from graph_service.domain.findings import FindingClass
from graph_service.results.base import Answer
from graph_service.results.entities import EntityRef
from graph_service.results.graph import LeftOut, RelationItem, _add_relations, _new_graph
from graph_service.results.sentences import Sentence

if TYPE_CHECKING:
    import networkx as nx


@dataclass(frozen=True, slots=True)
class PathItem:
    """One path: entities in order, and the relation of each step with its facts. `strength` orders, it is no probability."""

    source: EntityRef
    target: EntityRef
    hops: int
    strength: float
    entities: tuple[EntityRef, ...]
    relations: tuple[RelationItem, ...]
    class_: FindingClass = FindingClass.LEAD

    def __str__(self) -> str:
        return " – ".join(e.name or e.id for e in self.entities)


@dataclass(frozen=True, slots=True, kw_only=True)
class PathsAnswer(Answer):
    """Paths between two sets of entities; `hubs`: neutral hubs that were not passed through."""

    rows_in: ClassVar[str | None] = "paths"

    sources: tuple[EntityRef, ...]
    targets: tuple[EntityRef, ...]
    mode: str
    paths: tuple[PathItem, ...]
    hubs: tuple[LeftOut, ...]
    none_found: Sentence | None = None

    def to_networkx(self) -> "nx.MultiDiGraph[str]":
        """The union of the paths as a multigraph."""
        graph = _new_graph()
        for path in self.paths:
            _add_relations(graph, path.relations)
        return graph
