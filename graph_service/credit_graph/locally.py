"""Associations at a moment that no snapshot stands for: the same analysis, over what surrounds one entity.

The entity's neighbourhood is read from the store up to the reach of the analysis and handed to the same projection
and the same search as a snapshot's, so that both say the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from graph_service.analysis.associations import AssociationRules
from graph_service.analysis.associations import associations as search
from graph_service.credit_graph.around import hub_reason
from graph_service.credit_graph.associating import Computed
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import Naming
from graph_service.credit_graph.walking import IsHub, Plan, Walk, walk
from graph_service.domain.entities import node_number
from graph_service.domain.facts import Fact, FactKind
from graph_service.projection import Moment as Shown
from graph_service.projection import ProjectionRules, projection_rules, sources_from
from graph_service.projection.build import build
from graph_service.results import Cut
from graph_service.snapshots import association_rules
from graph_service.store.base import NODES_SCHEMA, RELATIONS_SCHEMA, STATEMENTS_SCHEMA, Profile

MOST = 5000  # entities around one that are looked at; the search itself stops at as many


@dataclass(slots=True)
class Surroundings:
    """What surrounds an entity, as the tables that a projection is built from."""

    profiles: dict[str, Profile]
    relations: Sequence[Fact]
    statements: dict[FactKind, list[Fact]]
    numbers: dict[str, int]
    hubs: dict[str, str]
    cut: Cut | None

    def nodes(self) -> pa.Table:
        """NODES_SCHEMA, ascending."""
        rows = [
            {"node": node_number(p.id), "id": p.id, "kind": p.kind, "label": p.name}
            for p in self.profiles.values()
        ]
        return pa.Table.from_pylist(sorted(rows, key=lambda r: int(str(r["node"]))), schema=NODES_SCHEMA)

    def relation_table(self) -> pa.Table:
        """RELATIONS_SCHEMA; ends are canonical already."""
        rows = [self._row(f) | {"object": node_number(f.object or f.subject)} for f in self.relations]
        return pa.Table.from_pylist(rows, schema=RELATIONS_SCHEMA)

    def statement_table(self, kinds: Sequence[FactKind]) -> pa.Table:
        """STATEMENTS_SCHEMA."""
        rows = [self._row(f) for kind in kinds for f in self.statements.get(kind, ())]
        return pa.Table.from_pylist(rows, schema=STATEMENTS_SCHEMA)

    def _row(self, fact: Fact) -> dict[str, object]:
        return {
            "kind": int(fact.kind), "subject": node_number(fact.subject), "role": fact.role, "part": fact.part,
            "valid_from": fact.valid_from, "valid_to": fact.valid_to, "available_from": fact.available_from,
            "share": fact.share, "votes": fact.votes, "amount": fact.amount, "name": fact.name, "attrs": fact.attrs,
            "source": self.numbers.get(fact.source, 0),
        }  # fmt: skip


def computed_around(moment: Moment, entity: str) -> Computed:
    """The findings about one entity, from the store as it was at the moment asked for."""
    rules = association_rules(moment.rules, moment.judged_on)
    around = _surroundings(moment, entity, rules)
    sources = sources_from(moment.store.source_ranks())
    shown = Shown("", moment.view.as_of, moment.view.known_at, max(moment.judged_on, moment.today))
    graph = build(around, sources, _rules(moment, around), shown)
    place = np.array([graph.place(entity)], np.int32)
    return Computed(graph, search(graph, rules, moment.judged_on, place), around.cut)


def _rules(moment: Moment, around: Surroundings) -> ProjectionRules:
    """The rules, with the hubs that were met by name: what lies beyond them was not read, so they look small here."""
    rules = projection_rules(moment.rules, moment.judged_on)
    return replace(rules, hub_ids={**rules.hub_ids, **around.hubs})


def _surroundings(moment: Moment, entity: str, rules: AssociationRules) -> Surroundings:
    naming = Naming(moment.view)
    plan = Plan(rules.hops, tuple(rules.strengths), MOST)

    def is_hub(e: str, facts: Sequence[Fact]) -> bool:
        return hub_reason(moment, naming, e, facts) is not None

    found = walk(moment.view, entity, plan, is_hub)
    cut = _look_beyond(moment, found, plan, is_hub) or found.cut(MOST)
    naming.read(found.depths)
    numbers = {name: number for number, (name, _) in moment.store.source_ranks().items()}
    profiles = {p.id: p for p in map(naming.profile, found.depths)}
    hubs = {e: hub_reason(moment, naming, e, moment.view.relations(e)) or "" for e in found.hubs}
    return Surroundings(profiles, list(found.relations), _statements(moment, found), numbers, hubs, cut)


def _look_beyond(moment: Moment, found: Walk, plan: Plan, is_hub: IsHub) -> Cut | None:
    """Add what stands behind the hubs, within reach: none is crossed, but named where a listed entity stands there."""
    cut = None
    for hub in sorted(found.hubs):
        beyond = walk(moment.view, hub, replace(plan, depth=plan.depth - found.depths[hub]), is_hub)
        found.relations |= beyond.relations
        found.depths |= {e: plan.depth for e in beyond.depths if e not in found.depths}
        cut = cut or beyond.cut(plan.limit)
    return cut


def _statements(moment: Moment, found: Walk) -> dict[FactKind, list[Fact]]:
    """Records and what is known by now of their ends; the hubs that officers named."""
    out: dict[FactKind, list[Fact]] = {FactKind.HUB: moment.view.hubs()}
    for entity in found.depths:
        facts = moment.view.records(entity)
        later = moment.live.records(entity) if moment.has_later else facts
        out.setdefault(FactKind.RECORD, []).extend(f for f in facts if f.kind is FactKind.RECORD)
        out.setdefault(FactKind.EXIT, []).extend(
            dict.fromkeys(f for f in (*facts, *later) if f.kind is FactKind.EXIT)
        )
    return out
