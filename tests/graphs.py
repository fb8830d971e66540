"""Small graphs with names, as the tables that a store would show; they serve tests and examples alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from graph_service.analysis.beneficial_owners import TESTS, BeneficialOwners
from graph_service.analysis.control import Control
from graph_service.analysis.ownership import Interests
from graph_service.analysis.patterns import KINDS as KINDS_OF_PATTERNS
from graph_service.analysis.patterns import Patterns
from graph_service.analysis.propagation import Exposures
from graph_service.analysis.related_parties import Surroundings, related_parties
from graph_service.analysis.stakes import Stakes
from graph_service.analysis.successors import in_common, thing_of
from graph_service.domain.entities import node_number
from graph_service.domain.facts import RELATIONS, Fact, FactKind
from graph_service.projection import CsrGraph, Moment, ProjectionRules, sources_from
from graph_service.projection.build import build
from graph_service.rules import load_rules
from graph_service.snapshots import Workspace
from graph_service.store.base import NODES_SCHEMA, RELATIONS_SCHEMA, STATEMENTS_SCHEMA

BOOK = load_rules()
DAY = 20_000  # 2024-10-04
LISTED = frozenset({"dishonest_judgment_debtor", "serious_violation"})
RULES = ProjectionRules(
    LISTED, {"serious_violation": "serious"}, {"address": (4, "many"), "person": (6, "many")}
)
KINDS = {"e": "enterprise", "p": "person", "a": "address", "c": "contact", "o": "organization"}


@dataclass(frozen=True)
class ToyTables:
    """Facts as a store's view shows them. The kind of an id is told by its scheme's first letter."""

    facts: tuple[Fact, ...]
    ranks: Mapping[str, int] = field(default_factory=dict)

    def sources(self) -> dict[int, tuple[str, int]]:
        """Numbers, names and ranks of the sources."""
        names = sorted({f.source for f in self.facts}, reverse=True)
        return {i + 1: (name, self.ranks.get(name, 1)) for i, name in enumerate(names)}

    def nodes(self) -> pa.Table:
        """Every entity that a fact names."""
        ids = sorted({e for f in self.facts for e in (f.subject, f.object) if e}, key=node_number)
        rows = [{"node": node_number(i), "id": i, "kind": KINDS[i[0]], "label": i} for i in ids]
        return pa.Table.from_pylist(rows, schema=NODES_SCHEMA)

    def relation_table(self) -> pa.Table:
        """Relations and SAME_AS."""
        return self._table((*RELATIONS, FactKind.SAME_AS), RELATIONS_SCHEMA)

    def statement_table(self, kinds: Sequence[FactKind]) -> pa.Table:
        """Facts without object."""
        return self._table(kinds, STATEMENTS_SCHEMA)

    def _table(self, kinds: Sequence[FactKind], schema: pa.Schema) -> pa.Table:
        numbers = {name: number for number, (name, _) in self.sources().items()}
        rows = []
        for fact in self.facts:
            if fact.kind in kinds:
                row = {name: getattr(fact, name) for name in schema.names if hasattr(fact, name)}
                row |= {
                    "kind": int(fact.kind),
                    "source": numbers[fact.source],
                    "subject": node_number(fact.subject),
                }
                if "object" in schema.names and fact.object:
                    row["object"] = node_number(fact.object)
                rows.append(row)
        return pa.Table.from_pylist(rows, schema=schema)


def project(
    facts: Sequence[Fact],
    as_of: int = DAY,
    rules: ProjectionRules = RULES,
    ranks: Mapping[str, int] | None = None,
) -> CsrGraph:
    """The projection of some facts."""
    tables = ToyTables(tuple(facts), ranks or {})
    return build(tables, sources_from(tables.sources()), rules, Moment("content", as_of, 0, as_of))


def relation(kind: FactKind, subject: str, object_: str, share: float | None = None) -> Fact:
    """A relation without dates."""
    return Fact("registry", kind, subject, object_, share=share)


def holds(holder: str, firm: str, share: float | None = None) -> Fact:
    """A holding."""
    return relation(FactKind.HOLDS, holder, firm, share)


def listed(
    entity: str, kind: str = "dishonest_judgment_debtor", document: str = "1", since: int = DAY - 100
) -> Fact:
    """A record that makes an entity listed."""
    return Fact("court", FactKind.RECORD, entity, role=kind, part=document, valid_from=since)


def exit_of(record: Fact, event: str, day: int) -> Fact:
    """Something that happened to a record."""
    part = f"{record.role}|{record.part or ''}|2024-01-01"
    return Fact("exits", FactKind.EXIT, record.subject, role=event, part=part, valid_from=day)


def during(fact: Fact, start: int | None, stop: int | None) -> Fact:
    """The same fact with an interval."""
    return replace(fact, valid_from=start, valid_to=stop)


def pyramid() -> list[Fact]:
    """A person over a firm that holds two firms, which hold a fourth: interest 50 % in `e:d`."""
    return [
        holds("p:boss", "e:a", 1.0), holds("e:a", "e:b", 0.5), holds("e:a", "e:c", 0.5), holds("e:b", "e:d", 0.6),
        holds("e:c", "e:d", 0.4),
    ]  # fmt: skip


def cross_holding() -> list[Fact]:
    """Two firms that hold each other, and a person who holds some of one."""
    return [holds("e:x", "e:y", 0.3), holds("e:y", "e:x", 0.4), holds("p:owner", "e:x", 0.6)]


def guarantee_ring(size: int = 4) -> list[Fact]:
    """Firms each of which guarantees the next, the last one the first."""
    return [relation(FactKind.GUARANTEES, f"e:g{i}", f"e:g{(i + 1) % size}") for i in range(size)]


def shared_address(firms: int = 5) -> list[Fact]:
    """Firms at one address, the first of them listed; from four firms on the address is a hub."""
    at = [relation(FactKind.LOCATED_AT, f"e:s{i}", "a:yard") for i in range(firms)]
    return [*at, listed("e:s0")]


def _looked_at(facts: Sequence[Fact]) -> Workspace:
    return Workspace(project(facts), DAY, BOOK)


def beneficial_owners_of(facts: Sequence[Fact], enterprise: str) -> list[tuple[str, str]]:
    """The beneficial owners of an enterprise, each with the test that named it."""
    work = _looked_at(facts)
    found, ids = work.results(BeneficialOwners), work.graph.nodes.ids
    rows = found.of(work.graph.place(enterprise))
    return sorted((ids[int(found.persons[r])], TESTS[found.tests[r]]) for r in rows)


def exposure_of(facts: Sequence[Fact], enterprise: str) -> float | None:
    """The exposure of an enterprise to the listed ones, to six places."""
    work = _looked_at(facts)
    found = work.results(Exposures).of(work.graph.place(enterprise))
    return None if found is None else round(found, 6)


def related_in(facts: Sequence[Fact], enterprise: str, definition: str) -> list[tuple[str, str]]:
    """The related parties of an enterprise by a definition, each with its role."""
    work = _looked_at(facts)
    around = Surroundings(
        work.graph, DAY, work.results(Stakes), work.results(Interests), work.results(Control), 0.2, 0.05
    )
    found = related_parties(around, work.graph.place(enterprise), definition)
    return [(work.graph.nodes.ids[r.party], r.role) for r in found]


def in_common_of(facts: Sequence[Fact], newer: str, older: str) -> list[str]:
    """What two firms have in common: people, addresses, contacts."""
    graph = project(facts)
    pairs = in_common(graph, DAY, graph.place(newer), graph.place(older))
    return [graph.nodes.ids[thing_of(graph, edge)] for edge, _ in pairs]


def patterns_in(facts: Sequence[Fact], day: int = DAY) -> list[tuple[str, list[str]]]:
    """Kind and members of each pattern that is not paused."""
    work = Workspace(project(facts, as_of=day), day, BOOK)
    found, ids = work.results(Patterns), work.graph.nodes.ids
    rows = np.flatnonzero(~found.paused).tolist()
    return [(KINDS_OF_PATTERNS[found.kinds[r]], ids.many(found.members_of(r))) for r in rows]


def paused_in(facts: Sequence[Fact]) -> list[str]:
    """Kinds of the patterns that an objection pauses."""
    found = _looked_at(facts).results(Patterns)
    return [KINDS_OF_PATTERNS[kind] for kind in found.kinds[found.paused]]
