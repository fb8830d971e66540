"""The port to a store of facts: `GraphStore` opens, `GraphWriter` writes deliveries, `GraphView` reads at one moment.

Domain words only. Bulk data travels as pyarrow tables with the schemas below; the same store contract suite runs on
every engine. Days count from 1970-01-01 (Asia/Shanghai); recorded moments are microseconds since 1970 UTC.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Literal, Protocol

import pyarrow as pa

from graph_service.domain.facts import SEPARATOR, Evidence, Fact, FactKind
from graph_service.store.history import History, Receiver


def place_for_one(kind: FactKind, role: str | None, entity: str) -> str:
    """The scope of a fact of which an entity has one at a time: another one stated later ends it."""
    return SEPARATOR.join(("one", str(int(kind)), role or "", entity))


def schema(*columns: tuple[str, pa.DataType]) -> pa.Schema:
    """An Arrow schema of named columns."""
    return pa.schema(list(columns))


# What a delivery writes. `scope`: the part of the world that a complete list covers and this fact lies in (an id, a
# region, "all"), or, as `place_for_one` writes it, the place that only one fact has at a time; null: neither.
FACT_SCHEMA = schema(
    ("kind", pa.int16()),
    ("subject", pa.string()),
    ("object", pa.string()),
    ("role", pa.string()),
    ("part", pa.string()),
    ("valid_from", pa.int32()),
    ("valid_to", pa.int32()),
    ("available_from", pa.int32()),
    ("share", pa.float64()),
    ("votes", pa.float64()),
    ("amount", pa.float64()),
    ("name", pa.string()),
    ("attrs", pa.string()),
    ("scope", pa.string()),
    ("file", pa.int16()),
    ("line", pa.int64()),
)
ENTITY_SCHEMA = schema(("id", pa.string()), ("kind", pa.string()), ("label", pa.string()))
REJECT_SCHEMA = schema(
    ("file", pa.int16()),
    ("line", pa.int64()),
    ("raw", pa.string()),
    ("code", pa.string()),
    ("column", pa.string()),
    ("message", pa.string()),
)
# What a rejected row still protects from being ended: an entity inside a scope; without entity the whole scope;
# without scope everything.
PROTECTED_SCHEMA = schema(("scope", pa.string()), ("entity", pa.string()))

# What a projection reads (all visible at known_at, whatever their interval in the world). `subject`, `object` and
# `node` are node numbers (graph_service.domain.entities.node_number).
NODES_SCHEMA = schema(
    ("node", pa.int64()), ("id", pa.string()), ("kind", pa.string()), ("label", pa.string())
)
RELATIONS_SCHEMA = schema(
    ("kind", pa.int16()),
    ("subject", pa.int64()),
    ("object", pa.int64()),
    ("role", pa.string()),
    ("valid_from", pa.int32()),
    ("valid_to", pa.int32()),
    ("available_from", pa.int32()),
    ("share", pa.float64()),
    ("votes", pa.float64()),
    ("amount", pa.float64()),
    ("source", pa.int16()),
)
STATEMENTS_SCHEMA = schema(
    ("kind", pa.int16()),
    ("subject", pa.int64()),
    ("role", pa.string()),
    ("part", pa.string()),
    ("valid_from", pa.int32()),
    ("valid_to", pa.int32()),
    ("available_from", pa.int32()),
    ("amount", pa.float64()),
    ("name", pa.string()),
    ("attrs", pa.string()),
    ("source", pa.int16()),
)

Mode = Literal["delta", "snapshot"]


@dataclass(frozen=True, slots=True)
class Source:
    """A template as a source of facts. A lower `rank` wins where sources disagree (一数一源)."""

    name: str
    rank: int
    corrects: tuple[FactKind, ...] = (FactKind.RECORD, FactKind.EXIT)
    department: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryHeader:
    """What is known of a delivery before its rows. `date` orders deliveries and bounds what a snapshot ends."""

    batch: str
    source: Source
    mode: Mode
    date: int | None
    files: tuple[str, ...]
    content_sha256: str


@dataclass(frozen=True, slots=True)
class FactCounts:
    """What a delivery or withdrawal did to the facts."""

    added: int = 0
    changed: int = 0
    closed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery as the store keeps it. `recorded`, `withdrawn`: moments; `report`: the loader's JSON."""

    batch: str
    template: str
    mode: Mode
    date: int | None
    files: tuple[str, ...]
    content_sha256: str
    recorded: int
    withdrawn: int | None
    report: str


@dataclass(frozen=True, slots=True)
class Reject:
    """A rejected row, masked."""

    batch: str
    file: str
    line: int
    raw: str
    code: str
    column: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Profile:
    """An entity at one moment: canonical id, aliases, and attributes by the best-ranked source that gives each.

    `attributes`: status, region, industry, type, capital … ; `sources`: per attribute the template that it comes
    from; `disagreeing`: per attribute what lower-ranked sources say instead.
    """

    id: str
    kind: str
    name: str | None
    attributes: dict[str, object] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    sources: dict[str, str] = field(default_factory=dict)
    disagreeing: dict[str, dict[str, object]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One found entity; `why`: exact, prefix or inside; `matched`: name, former_name, code, alias, pinyin, …"""

    id: str
    kind: str
    name: str | None
    in_business: bool
    why: str
    matched: str


@dataclass(frozen=True, slots=True)
class Derived:
    """What a snapshot works out, to stand beside the facts in the engine's own tools, under names that say so.

    `relations`: by type (ASSOCIATED_WITH) a table of `subject`, `object` (node numbers) and further columns. A column
    `rests_on` lists kinds of records: the relation vanishes with the object's last record in force of these kinds.
    `properties`: a table of `node` and further columns, of those in DERIVED_PROPERTIES.
    """

    snapshot: str
    relations: Mapping[str, pa.Table]
    properties: pa.Table


DERIVED_PROPERTIES = ("snapshot", "leads")


class GraphView(Protocol):
    """The graph as of a day in the world and as known at a moment. Ids given may be aliases; answers are canonical."""

    as_of: int
    known_at: int

    def find(self, reference: str) -> str:
        """Canonical id for an id, a bare code, or a name or alias of exactly one entity.

        Raises UnknownEntity, AmbiguousEntity (with candidates).
        """

    def profile(self, entity: str) -> Profile:
        """The entity's attributes. Raises UnknownEntity."""

    def profiles(self, entities: Sequence[str]) -> dict[str, Profile]:
        """Many at once, by canonical id; unknown ones left out."""

    def every_profile(self) -> Iterator[Profile]:
        """The profile of each entity that `nodes` names, once, by canonical id, ascending by node, for exports."""

    def canonical(self, entity: str) -> str:
        """The id that answers use for this one on `as_of`."""

    def relations(self, entity: str, kinds: Sequence[FactKind] = ()) -> list[Fact]:
        """Relations of the entity and its aliases that hold on `as_of`, ends canonical.

        Of relations alike in ends, kind and role all that the best-ranked source states, as in a projection.
        """

    def records(self, entity: str) -> list[Fact]:
        """Facts of kinds RECORD and EXIT about the entity and its aliases, whatever their interval."""

    def history(self, entity: str) -> list[Fact]:
        """All facts ever recorded up to known_at about the entity and its aliases, closed ones included."""

    def search(self, text: str, limit: int = 20) -> list[SearchHit]:
        """Exact before prefix before inside; in business before closed."""

    def evidence(self, facts: Sequence[Fact]) -> list[Fact]:
        """The same facts with every delivery that still asserts each."""

    def matches(self) -> list[Fact]:
        """SAME_AS, and DISTINCT facts in force, derived and decided."""

    def candidates(self) -> list[tuple[str, str, str]]:
        """Pairs that may be the same person, not merged: (id, id, reason)."""

    def hubs(self) -> list[Fact]:
        """Hubs that officers named, in force."""

    def marks(self, entity: str | None = None) -> list[Fact]:
        """MARK facts of officers, in the order of recording; of one entity those on findings about it."""

    def nodes(self) -> pa.Table:
        """NODES_SCHEMA, sorted by node, of every entity that a visible fact names."""

    def relation_table(self) -> pa.Table:
        """RELATIONS_SCHEMA: every visible relation, and SAME_AS (kind 40), ends as loaded (not canonical)."""

    def statement_table(self, kinds: Sequence[FactKind]) -> pa.Table:
        """STATEMENTS_SCHEMA: visible facts without object (PROFILE, ALIAS, RECORD, EXIT, HUB) of these kinds."""

    def facts_between(self, subject: str, object_: str, kinds: Sequence[FactKind] = ()) -> list[Fact]:
        """Visible facts from one entity to another with evidence (aliases followed), for citation."""

    def all_facts(self, kinds: Sequence[FactKind]) -> Iterator[Fact]:
        """Every visible fact of these kinds, streamed, for exports."""


class DeliveryWriter(Protocol):
    """One delivery in one transaction: what it wrote is visible after `commit`, or not at all."""

    def entities(self, table: pa.Table) -> None:
        """ENTITY_SCHEMA rows; repeats are fine."""

    def facts(self, table: pa.Table) -> None:
        """FACT_SCHEMA rows; may be called often."""

    def rejects(self, table: pa.Table) -> None:
        """REJECT_SCHEMA rows, masked already."""

    def notes(self, table: pa.Table) -> None:
        """REJECT_SCHEMA rows of rows that were loaded with a note."""

    def scopes(self, covered: Sequence[str], protected: pa.Table) -> None:
        """Snapshot deliveries: scopes that the list covers completely, and what rejected rows protect."""

    def apply(self, allow_ending: bool = False) -> FactCounts:
        """Work out what changes. Raises EndsTooMuch."""

    def commit(self, report: str) -> str:
        """Make it visible, with the loader's report (JSON, in which `@content@` is the content); the content."""


class GraphWriter(Protocol):
    """The one writer of a store. Leaving it without `commit` of a delivery undoes that delivery alone."""

    def delivery(self, header: DeliveryHeader) -> AbstractContextManager[DeliveryWriter]:
        """Begin a delivery. Raises BatchConflict."""

    def withdraw(self, batch: str) -> FactCounts:
        """Close a delivery's assertions and undo what it ended. Raises UnknownBatch."""

    def decide(self, facts: Sequence[Fact], end: Sequence[Fact] = ()) -> FactCounts:
        """Facts that an officer states (SAME_AS, DISTINCT, HUB, TAKEN_BACK, MARK; source `officer`), and such facts to end now."""

    def settle(self) -> None:
        """Re-evaluate the matches, names and indexes that committed deliveries touched. Safe to repeat."""


class GraphStore(Protocol):
    """A store of facts. `has_tools`: whether people look at it with the engine's own tools too."""

    url: str
    has_tools: bool

    def exists(self) -> bool:
        """Whether there is a store; the first write makes one. Raises StoreError for something else's data."""

    def writer(self) -> AbstractContextManager[GraphWriter]:
        """The writer. Waits a while for another one, then raises StoreBusy. Settles what a killed one left."""

    def view(self, as_of: int | None = None, known_at: int | None = None) -> GraphView:
        """A view; default today in Asia/Shanghai, and now."""

    def show(self, as_of: int, derived: Derived | None = None) -> None:
        """Let the engine's own tools, where it has some, show a day, and what was derived instead of what was before."""

    def deliveries(self) -> list[Delivery]:
        """All deliveries, withdrawn ones included, in order of recording."""

    def standing(self, batch: str) -> Delivery | None:
        """The delivery with this key that is not withdrawn."""

    def rejected(self, batch: str | None = None) -> Iterator[Reject]:
        """Rejected rows, of one delivery or all that stand."""

    def noted(self, batch: str | None = None) -> Iterator[Reject]:
        """Notes on rows that were loaded."""

    def content(self, known_at: int | None = None) -> str:
        """32 hex digits: the sum modulo 2**128 of the visible facts' numbers at that moment."""

    def moment(self) -> int:
        """When the last change was recorded; 0 for an empty store."""

    def person_key_fingerprint(self) -> str | None:
        """Fingerprint of the key that persons were loaded with; None before the first."""

    def bind_person_key(self, fingerprint: str) -> None:
        """Fix the key of this store. Raises WrongPersonKey when another one is bound."""

    def source_ranks(self) -> dict[int, tuple[str, int]]:
        """Number in RELATIONS_SCHEMA.source -> (template, rank)."""

    def problems(self) -> list[str]:
        """What a check of the store finds wrong, one sentence each."""

    def history(self) -> AbstractContextManager[History]:
        """All that it holds, for another store to receive."""

    def receiving(self) -> AbstractContextManager[Receiver]:
        """Begin a store here from another one's history. Raises StoreError where one is, StoreBusy."""

    def close(self) -> None:
        """Let go of files and connections."""


__all__ = [
    "DERIVED_PROPERTIES",
    "ENTITY_SCHEMA",
    "FACT_SCHEMA",
    "NODES_SCHEMA",
    "PROTECTED_SCHEMA",
    "REJECT_SCHEMA",
    "RELATIONS_SCHEMA",
    "STATEMENTS_SCHEMA",
    "Delivery",
    "DeliveryHeader",
    "DeliveryWriter",
    "Derived",
    "Evidence",
    "FactCounts",
    "GraphStore",
    "GraphView",
    "GraphWriter",
    "Mode",
    "Profile",
    "Reject",
    "SearchHit",
    "Source",
]
