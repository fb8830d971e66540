"""Answers about several entities: neighbourhoods, associations with listed ones, matches, hubs."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from graph_service.domain.errors import NotAvailable
from graph_service.domain.facts import Evidence
from graph_service.domain.findings import FindingClass
from graph_service.results.base import Answer
from graph_service.results.entities import EntityRef, RecordItem
from graph_service.results.leads import LeadMark
from graph_service.results.sentences import Sentence

if TYPE_CHECKING:
    import networkx as nx


@dataclass(frozen=True, slots=True)
class RelationItem:
    """A relation: subject holds, represents, guarantees … object. Shares are fractions, amounts yuan."""

    fact: str
    kind: str
    subject: EntityRef
    object: EntityRef
    role: str | None
    share: float | None
    votes: float | None
    amount: float | None
    valid_from: date | None
    valid_to: date | None
    source: str
    evidence: tuple[Evidence, ...]
    statement: Sentence
    class_: FindingClass = FindingClass.FACT

    def __str__(self) -> str:
        share = f" {self.share:.2%}" if self.share is not None else ""
        return f"{self.subject.id} {self.kind}{share} {self.object.id}"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An entity near another: in how many steps, whether listed, whether a hub (not walked through)."""

    id: str
    kind: str
    name: str | None
    depth: int
    listed: bool
    hub: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours(Answer):
    """What surrounds an entity within `depth` steps, and the relations among it."""

    rows_in: ClassVar[str | None] = "relations"

    entity: EntityRef
    depth: int
    entities: tuple[Neighbour, ...]
    relations: tuple[RelationItem, ...]

    def to_networkx(self) -> "nx.MultiDiGraph[str]":
        """A multigraph: nodes by id with kind, name, depth; edges by fact with kind, share, interval."""
        graph = _new_graph()
        for node in self.entities:
            graph.add_node(node.id, kind=node.kind, name=node.name, depth=node.depth, listed=node.listed)
        _add_relations(graph, self.relations)
        return graph


@dataclass(frozen=True, slots=True)
class Association:
    """That an entity hangs together with a listed one: by which rule, the path, the records that list the target.

    `finding`: its id, the same after every refresh; `mark`: what an officer said of it.
    `title`, `reason`, `legal_basis`: of the rule. `strength` between 0 and 1 orders leads; it is no probability and no score
    of the entity. `overlap_from`, `overlap_to`: days in which both relations of the path held, null open.
    """

    enterprise: EntityRef
    target: EntityRef
    rule: str
    title: Sentence
    reason: Sentence
    legal_basis: str
    strength: float
    hops: int
    overlap_from: date | None
    overlap_to: date | None
    records: tuple[RecordItem, ...]
    path: tuple[RelationItem, ...]
    statement: Sentence
    finding: str
    mark: LeadMark | None = None
    class_: FindingClass = FindingClass.LEAD

    def __str__(self) -> str:
        return f"{self.rule}: {self.target} in {self.hops} steps"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A neutral hub through which no association is drawn, and why."""

    id: str
    kind: str
    name: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class ExposurePath:
    """A path from the enterprise back to a listed entity, and the part of the exposure that it carries."""

    target: EntityRef
    part: float
    hops: int
    path: tuple[RelationItem, ...]

    def __str__(self) -> str:
        return f"{self.target}: {self.part:.0%}"


@dataclass(frozen=True, slots=True)
class Exposure:
    """How exposed an enterprise is to the listed ones; `value` null: waits for the next refresh. The main paths first."""

    value: float | None
    paths: tuple[ExposurePath, ...]
    statement: Sentence
    class_: FindingClass = FindingClass.LEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Associations(Answer):
    """The listed entities that one hangs together with, with evidence.

    `paused`: findings that cite only records under objection, left out; `cleared`: those that an officer cleared, left out;
    `hubs`: neutral hubs left out; `exposure`: of an enterprise, over all listed entities at once.
    """

    rows_in: ClassVar[str | None] = "associations"

    entity: EntityRef
    associations: tuple[Association, ...]
    paused: int
    cleared: int
    hubs: tuple[LeftOut, ...]
    exposure: Exposure | None = None
    none_found: Sentence | None = None

    def to_networkx(self) -> "nx.MultiDiGraph[str]":
        """The union of the paths as a multigraph."""
        graph = _new_graph()
        graph.add_node(self.entity.id, kind=self.entity.kind, name=self.entity.name)
        for association in self.associations:
            _add_relations(graph, association.path)
        return graph


@dataclass(frozen=True, slots=True)
class Match:
    """That two ids are one entity (`same_as`) or are not (`distinct`); by whom and why."""

    fact: str
    kind: str
    subject: EntityRef
    object: EntityRef
    reason: str
    by: str | None
    valid_from: date | None
    valid_to: date | None
    class_: FindingClass


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two entities that may be one person; never merged by themselves."""

    subject: EntityRef
    object: EntityRef
    reason: str
    statement: Sentence
    class_: FindingClass = FindingClass.LEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches(Answer):
    """Identities in force, and the candidates that wait for an officer."""

    rows_in: ClassVar[str | None] = "matches"

    matches: tuple[Match, ...]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Hub:
    """A neutral hub that an officer named."""

    fact: str
    entity: EntityRef
    reason: str
    by: str | None
    date: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hubs(Answer):
    """Neutral hubs named by officers, in force."""

    rows_in: ClassVar[str | None] = "hubs"

    hubs: tuple[Hub, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What an officer decided. `action`: stated, ended, or unchanged when it already stood."""

    kind: str
    action: str
    subject: str
    object: str | None
    reason: str
    by: str
    refresh_needed: bool

    def to_dict(self) -> dict[str, Any]:
        """The decision as plain values, ready for JSON."""
        return asdict(self)

    def rows(self) -> list[dict[str, Any]]:
        """One row."""
        return [asdict(self)]


def _new_graph() -> "nx.MultiDiGraph[str]":
    try:
        import networkx as nx  # noqa: PLC0415  (only analysts who ask for it need it)
    except ImportError as missing:
        message = (
            "to_networkx needs the package networkx; install it with `pip install 'credit-graph[analysis]'`."
        )
        raise NotAvailable(message) from missing
    return nx.MultiDiGraph()


def _add_relations(graph: "nx.MultiDiGraph[str]", relations: tuple[RelationItem, ...]) -> None:
    for r in relations:
        for end in (r.subject, r.object):
            if end.id not in graph:
                graph.add_node(end.id, kind=end.kind, name=end.name)
        graph.add_edge(
            r.subject.id, r.object.id, key=r.fact, kind=r.kind, role=r.role, share=r.share,
            valid_from=r.valid_from, valid_to=r.valid_to,
        )  # fmt: skip
