"""The graph as of a day and as known at a moment: what every engine answers alike, over what each reads its own way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa

from graph_service.domain.entities import node_number
from graph_service.domain.errors import AmbiguousEntity, UnknownEntity
from graph_service.domain.facts import RELATIONS, Fact, FactKind
from graph_service.domain.identifiers import is_entity_id, normalize_code
from graph_service.store.base import Profile, SearchHit
from graph_service.store.identity import Identity, Sameness
from graph_service.store.profiles import Family, merged_profile
from graph_service.text.normal import normalize_name

SAYING = (FactKind.PROFILE, FactKind.ALIAS)
EVERY_KIND = tuple(FactKind)


@dataclass(frozen=True, slots=True)
class NameHit:
    """A node, why it was found and what matched."""

    node: int
    closed: bool
    why: str
    matched: str


class Rows(Sameness, Protocol):
    """What an engine reads of one moment. Nodes are numbers; facts have the ends they were loaded with."""

    known_at: int
    ranks: Mapping[str, int]

    def entity(self, node: int) -> tuple[str, str, str | None] | None:
        """Id, kind and label of a node, whether or not a visible fact names it."""

    def id_of(self, node: int) -> str:
        """Id of a node that is there."""

    def out_of(self, node: int, kinds: Sequence[FactKind], *, ever: bool = False) -> list[Fact]:
        """Visible facts with this subject; `ever`: closed ones too."""

    def into(self, node: int, kinds: Sequence[FactKind], *, ever: bool = False) -> list[Fact]:
        """Visible facts with this object; `ever`: closed ones too."""

    def is_named(self, node: int) -> bool:
        """Whether a visible fact names the node."""

    def bearers(self, norm: str) -> list[int]:
        """Nodes that bear a normalised name or number, named by a visible fact."""

    def hits(self, text: str) -> Iterator[NameHit]:
        """What the index of names finds, best first, named by a visible fact."""

    def stated_by(self, sources: Sequence[str], kinds: Sequence[FactKind]) -> list[Fact]:
        """Visible facts of some sources."""

    def candidates(self, identity: Identity) -> list[tuple[str, str, str]]:
        """Pairs that may be the same person, not merged."""

    def with_evidence(self, fact: Fact) -> Fact:
        """The fact with every delivery that asserts it at this moment; its first one leads."""

    def every_profile(self, identity: Identity, as_of: int) -> Iterator[Profile]:
        """The profile of each entity by its canonical id, ascending by node."""

    def nodes(self) -> pa.Table:
        """NODES_SCHEMA."""

    def relation_table(self) -> pa.Table:
        """RELATIONS_SCHEMA."""

    def statement_table(self, kinds: Sequence[FactKind]) -> pa.Table:
        """STATEMENTS_SCHEMA."""

    def all_facts(self, kinds: Sequence[FactKind]) -> Iterator[Fact]:
        """Every visible fact of these kinds, streamed."""


class FactView:
    """One moment of one store. Not for several threads at once."""

    def __init__(self, rows: Rows, as_of: int) -> None:
        self._rows, self.as_of = rows, as_of
        self.known_at = rows.known_at
        self._identity = Identity(rows)

    def find(self, reference: str) -> str:
        """Canonical id for an id, a bare code, or a name or alias of exactly one entity."""
        code = normalize_code(reference)
        for id_ in (reference, f"uscc:{code}", f"regno:{code}"):
            if is_entity_id(id_) and self._rows.is_named(node_number(id_)):
                return self.canonical(id_)
        if is_entity_id(reference):
            raise UnknownEntity(f"No entity has the id {reference}; look it up with `credit-graph search`.")
        bearers = self._rows.bearers(normalize_name(reference))
        found = sorted({self.canonical(self._rows.id_of(n)) for n in bearers})
        if not found:
            raise UnknownEntity("No entity has this code or name; look it up with `credit-graph search`.")
        if len(found) > 1:
            shown = ", ".join(found[:10]) + (" …" if len(found) > 10 else "")
            raise AmbiguousEntity(
                f"This names {len(found)} entities; give one of these ids: {shown}.", tuple(found)
            )
        return found[0]

    def profile(self, entity: str) -> Profile:
        """The entity's attributes."""
        node = self._node(entity)
        _, kind, label = self._rows.entity(node) or (entity, "", None)
        family = self._identity.family(node)
        facts = [f for n in family for f in self._rows.out_of(n, SAYING)]
        ids = [self._rows.id_of(n) for n in family]
        return merged_profile(Family(ids, kind, label), facts, self._rows.ranks, self.as_of)

    def profiles(self, entities: Sequence[str]) -> dict[str, Profile]:
        """Many at once, by canonical id; unknown ones left out."""
        found = {}
        for entity in dict.fromkeys(entities):
            if self._rows.is_named(node_number(entity)):
                profile = self.profile(entity)
                found[profile.id] = profile
        return found

    def every_profile(self) -> Iterator[Profile]:
        """All profiles by canonical id, ascending by node, streamed."""
        return self._rows.every_profile(self._identity, self.as_of)

    def canonical(self, entity: str) -> str:
        """The id that answers use for this one on `as_of`."""
        node = node_number(entity)
        target = self._identity.canonical(node, self.as_of)
        return entity if target == node else self._rows.id_of(target)

    def relations(self, entity: str, kinds: Sequence[FactKind] = ()) -> list[Fact]:
        """Relations that hold on `as_of`, ends canonical; of each what the best-ranked source says, all of it."""
        best: dict[tuple[Any, ...], list[Fact]] = {}
        for fact in self._touching(self._node(entity), kinds or RELATIONS):
            if fact.is_valid_on(self.as_of):
                self._keep_best(best, self._with_canonical_ends(fact))
        canonical = self.canonical(entity)
        return [f for facts in best.values() for f in facts if canonical in (f.subject, f.object)]

    def records(self, entity: str) -> list[Fact]:
        """Facts of kinds RECORD and EXIT about the entity and its aliases, whatever their interval."""
        family = self._identity.family(self._node(entity))
        return [f for n in family for f in self._rows.out_of(n, (FactKind.RECORD, FactKind.EXIT))]

    def history(self, entity: str) -> list[Fact]:
        """All facts ever recorded up to known_at about the entity and its aliases, closed ones included."""
        facts = self._touching(self._node(entity), EVERY_KIND, ever=True)
        return sorted(facts, key=lambda f: (f.recorded_from or 0, f.kind, f.subject, f.object or "", f.id))

    def search(self, text: str, limit: int = 20) -> list[SearchHit]:
        """Exact before prefix before inside; in business before closed."""
        hits: dict[str, SearchHit] = {}
        for found in self._rows.hits(text):
            id_ = self.canonical(self._rows.id_of(found.node))
            if id_ not in hits:
                profile = self.profile(id_)
                hits[id_] = SearchHit(
                    id_, profile.kind, profile.name, not found.closed, found.why, found.matched
                )
            if len(hits) >= limit:
                break
        return list(hits.values())

    def evidence(self, facts: Sequence[Fact]) -> list[Fact]:
        """The same facts with every delivery that still asserts each."""
        return [self._rows.with_evidence(fact) for fact in facts]

    def matches(self) -> list[Fact]:
        """SAME_AS, and DISTINCT facts in force, derived and decided."""
        return self._rows.stated_by(("resolution", "officer"), (FactKind.SAME_AS, FactKind.DISTINCT))

    def candidates(self) -> list[tuple[str, str, str]]:
        """Pairs that may be the same person, not merged: (id, id, reason)."""
        return self._rows.candidates(self._identity)

    def hubs(self) -> list[Fact]:
        """Hubs that officers named, in force on `as_of`."""
        named = self._rows.stated_by(("officer",), (FactKind.HUB,))
        return [f for f in named if f.is_valid_on(self.as_of)]

    def marks(self, entity: str | None = None) -> list[Fact]:
        """MARK facts of officers, in the order of recording; of one entity those on findings about it."""
        if entity is None:
            found = self._rows.stated_by(("officer",), (FactKind.MARK,))
        else:
            family = self._identity.family(self._node(entity))
            found = [f for n in family for f in self._rows.out_of(n, (FactKind.MARK,))]
        return sorted(found, key=lambda f: (f.recorded_from or 0, f.id))

    def nodes(self) -> pa.Table:
        """NODES_SCHEMA, sorted by node."""
        return self._rows.nodes()

    def relation_table(self) -> pa.Table:
        """RELATIONS_SCHEMA."""
        return self._rows.relation_table()

    def statement_table(self, kinds: Sequence[FactKind]) -> pa.Table:
        """STATEMENTS_SCHEMA."""
        return self._rows.statement_table(kinds)

    def facts_between(self, subject: str, object_: str, kinds: Sequence[FactKind] = ()) -> list[Fact]:
        """Visible facts from one entity to another with evidence (aliases followed)."""
        family = set(self._identity.family(node_number(object_)))
        found = [
            self._with_canonical_ends(fact)
            for n in self._identity.family(node_number(subject))
            for fact in self._rows.out_of(n, kinds or RELATIONS)
            if fact.object is not None and node_number(fact.object) in family
        ]
        return self.evidence(found)

    def all_facts(self, kinds: Sequence[FactKind]) -> Iterator[Fact]:
        """Every visible fact of these kinds, streamed."""
        return self._rows.all_facts(kinds)

    def _node(self, entity: str) -> int:
        """Canonical node of an id. Raises UnknownEntity."""
        node = node_number(entity)
        if not self._rows.is_named(node):
            raise UnknownEntity(f"No entity has the id {entity}; look it up with `credit-graph search`.")
        return self._identity.canonical(node, self.as_of)

    def _touching(self, node: int, kinds: Sequence[FactKind], *, ever: bool = False) -> list[Fact]:
        """Facts with the node or one of its aliases at an end, each once."""
        found: dict[Fact, None] = {}
        for n in self._identity.family(node):
            found |= dict.fromkeys(self._rows.out_of(n, kinds, ever=ever))
            found |= dict.fromkeys(self._rows.into(n, kinds, ever=ever))
        return list(found)

    def _with_canonical_ends(self, fact: Fact) -> Fact:
        ends = []
        for id_ in (fact.subject, fact.object or fact.subject):
            node = node_number(id_)
            target = self._identity.canonical_during(node, fact.valid_from, fact.valid_to)
            ends.append(id_ if target == node else self._rows.id_of(target))
        if (fact.subject, fact.object) == (ends[0], ends[1]):
            return fact
        return fact.between(ends[0], ends[1])

    def _keep_best(self, best: dict[tuple[Any, ...], list[Fact]], fact: Fact) -> None:
        """One source for each relation, as in a projection; two guarantees of one source are two."""
        kept = best.setdefault((fact.kind, fact.subject, fact.object, fact.role), [])
        if kept and self._rank(fact) < self._rank(kept[0]):
            kept.clear()
        if not kept or self._rank(fact) == self._rank(kept[0]):
            kept.append(fact)

    def _rank(self, fact: Fact) -> tuple[int, str]:
        return self._rows.ranks[fact.source], fact.source
