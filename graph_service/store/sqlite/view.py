"""The graph as of a day and as known at a moment, read from the embedded store."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from graph_service.domain.entities import node_number
from graph_service.domain.errors import AmbiguousEntity, UnknownEntity
from graph_service.domain.facts import RELATIONS, Fact, FactKind
from graph_service.domain.identifiers import is_entity_id, normalize_code
from graph_service.store.base import Profile, SearchHit
from graph_service.store.profiles import Family, merged_profile
from graph_service.store.sqlite import bulk, moments
from graph_service.store.sqlite.candidates import candidate_pairs
from graph_service.store.sqlite.every_profile import SAYING, Reading, every_profile
from graph_service.store.sqlite.identity import Identity
from graph_service.store.sqlite.kinds import KIND_NAMES
from graph_service.store.sqlite.names import ALIAS, FORMER, NAME, NUMBER
from graph_service.store.sqlite.rows import READ, FactReader, columns
from graph_service.store.sqlite.search import NameHit, NameSearch
from graph_service.text.normal import normalize_name

_SEEN = "f.rf <= :t AND (f.rt IS NULL OR f.rt > :t)"
_BY = "spoken CROSS JOIN fact f ON f.src = spoken.src AND f.kind = spoken.kind"
_BY_SUBJECT = f"SELECT {columns(READ)} FROM {_BY} AND f.s = :n WHERE "
_BY_OBJECT = f"SELECT {columns(READ)} FROM fact f WHERE f.o = :n AND "
_REAL_KINDS = f"f.kind BETWEEN {int(RELATIONS[0])} AND {int(RELATIONS[-1])}"


def _kinds(kinds: Sequence[FactKind]) -> str:
    return f"f.kind IN ({', '.join(str(int(k)) for k in kinds)})"


class SqliteView:
    """One moment of one file. Not for several threads at once."""

    def __init__(self, db: sqlite3.Connection, as_of: int, known_at: int | None) -> None:
        self._db, self.as_of = db, as_of
        self._t, recorded, _ = moments.at(db, known_at)
        self.known_at = recorded if known_at is None else known_at
        self._reader = FactReader(db)
        self._ranks: dict[str, int] = dict(db.execute("SELECT name, rank FROM source"))
        self._identity = Identity(db, self._t)

    def find(self, reference: str) -> str:
        """Canonical id for an id, a bare code, or a name or alias of exactly one entity."""
        code = normalize_code(reference)
        for id_ in (reference, f"uscc:{code}", f"regno:{code}"):
            if is_entity_id(id_) and self._is_there(node_number(id_)):
                return self.canonical(id_)
        if is_entity_id(reference):
            raise UnknownEntity(f"No entity has the id {reference}; look it up with `credit-graph search`.")
        found = sorted({self.canonical(self._reader.id_of(n)) for n in self._bearers(reference)})
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
        kind, label = self._db.execute("SELECT kind, label FROM node WHERE n = ?", (node,)).fetchone()
        family = self._identity.family(node)
        facts = [f for n in family for f in self._said_of(n)]
        ids = [self._reader.id_of(n) for n in family]
        return merged_profile(Family(ids, KIND_NAMES[kind], label), facts, self._ranks, self.as_of)

    def profiles(self, entities: Sequence[str]) -> dict[str, Profile]:
        """Many at once, by canonical id; unknown ones left out."""
        found = {}
        for entity in dict.fromkeys(entities):
            if self._is_there(node_number(entity)):
                profile = self.profile(entity)
                found[profile.id] = profile
        return found

    def every_profile(self) -> Iterator[Profile]:
        """All profiles by canonical id, ascending by node, streamed."""
        with self._one_look() as is_latest:
            there = bulk.named(self._db, self._t, is_latest)
        reader, identity = FactReader(self._db), self._identity
        reading = Reading(self._db, self._t, self.as_of, there, reader, identity, self._said_of)
        return every_profile(reading, self._ranks)

    def _said_of(self, node: int) -> list[Fact]:
        return self._subject_facts(node, SAYING)

    def canonical(self, entity: str) -> str:
        """The id that answers use for this one on `as_of`."""
        node = node_number(entity)
        target = self._identity.canonical(node, self.as_of)
        return entity if target == node else self._reader.id_of(target)

    def relations(self, entity: str, kinds: Sequence[FactKind] = ()) -> list[Fact]:
        """Relations that hold on `as_of`, ends canonical; of each what the best-ranked source says, all of it."""
        wanted = f"{_SEEN} AND {_kinds(kinds) if kinds else _REAL_KINDS}"
        rows = {row[:5]: row for row in self._touching(self._node(entity), wanted)}
        best: dict[tuple[Any, ...], list[Fact]] = {}
        for row in rows.values():
            fact = self._reader.fact(row)
            if fact.is_valid_on(self.as_of):
                self._keep_best(best, self._with_canonical_ends(fact))
        canonical = self.canonical(entity)
        return [f for facts in best.values() for f in facts if canonical in (f.subject, f.object)]

    def records(self, entity: str) -> list[Fact]:
        """Facts of kinds RECORD and EXIT about the entity and its aliases, whatever their interval."""
        family = self._identity.family(self._node(entity))
        return [f for n in family for f in self._subject_facts(n, (FactKind.RECORD, FactKind.EXIT))]

    def history(self, entity: str) -> list[Fact]:
        """All facts ever recorded up to known_at about the entity and its aliases, closed ones included."""
        rows = {row[:5]: row for row in self._touching(self._node(entity), "f.rf <= :t")}
        facts = [self._reader.fact(row) for row in rows.values()]
        return sorted(facts, key=lambda f: (f.recorded_from or 0, f.kind, f.subject, f.object or "", f.id))

    def search(self, text: str, limit: int = 20) -> list[SearchHit]:
        """Exact before prefix before inside; in business before closed."""
        hits: dict[str, SearchHit] = {}
        with self._one_look() as is_latest:
            for found in NameSearch(self._db).hits(text):
                if is_latest or self._is_there(found.node):
                    id_ = self.canonical(self._reader.id_of(found.node))
                    if id_ not in hits:
                        hits[id_] = self._hit(id_, found)
                if len(hits) >= limit:
                    break
        return list(hits.values())

    def evidence(self, facts: Sequence[Fact]) -> list[Fact]:
        """The same facts with every delivery that still asserts each."""
        return [bulk.with_evidence(self._db, self._t, fact) for fact in facts]

    def matches(self) -> list[Fact]:
        """SAME_AS, and DISTINCT facts in force, derived and decided."""
        wanted = f"{_SEEN} AND {_kinds((FactKind.SAME_AS, FactKind.DISTINCT))}"
        rows = self._db.execute(
            f"SELECT {columns(READ)} FROM {_BY} JOIN source ON source.src = f.src "
            f"WHERE source.name IN ('resolution', 'officer') AND {wanted}", {"t": self._t}
        )  # fmt: skip
        return [self._reader.fact(row) for row in rows]

    def candidates(self) -> list[tuple[str, str, str]]:
        """Pairs that may be the same person, not merged: (id, id, reason)."""
        return candidate_pairs(self._db, self._reader, self._identity)

    def hubs(self) -> list[Fact]:
        """Hubs that officers named, in force on `as_of`."""
        rows = self._db.execute(
            f"SELECT {columns(READ)} FROM {_BY} JOIN source ON source.src = f.src "
            f"WHERE source.name = 'officer' AND f.kind = {int(FactKind.HUB)} AND {_SEEN}", {"t": self._t}
        )  # fmt: skip
        return [f for f in map(self._reader.fact, rows) if f.is_valid_on(self.as_of)]

    def nodes(self) -> pa.Table:
        """NODES_SCHEMA, sorted by node."""
        with self._one_look() as is_latest:
            return bulk.nodes(self._db, self._t, is_latest)

    def relation_table(self) -> pa.Table:
        """RELATIONS_SCHEMA."""
        with self._one_look() as is_latest:
            return bulk.relations(self._db, self._t, is_latest)

    def statement_table(self, kinds: Sequence[FactKind]) -> pa.Table:
        """STATEMENTS_SCHEMA."""
        return bulk.statements(self._db, self._t, kinds)

    def facts_between(self, subject: str, object_: str, kinds: Sequence[FactKind] = ()) -> list[Fact]:
        """Visible facts from one entity to another with evidence (aliases followed)."""
        family = set(self._identity.family(node_number(object_)))
        found = [
            self._with_canonical_ends(fact)
            for n in self._identity.family(node_number(subject))
            for fact in self._subject_facts(n, kinds or RELATIONS)
            if fact.object is not None and node_number(fact.object) in family
        ]
        return self.evidence(found)

    def all_facts(self, kinds: Sequence[FactKind]) -> Iterator[Fact]:
        """Every visible fact of these kinds, streamed."""
        rows = self._db.execute(
            f"SELECT {columns(READ)} FROM {_BY} WHERE {_SEEN} AND {_kinds(kinds)}", {"t": self._t}
        )
        for row in rows:
            yield self._reader.fact(row)

    @contextmanager
    def _one_look(self) -> Iterator[bool]:
        """While it lasts no commit of others is seen; whether this moment is the last one recorded.

        A view outlives commits: what is true of the last moment only must be asked anew, in the same transaction.
        """
        self._db.execute("BEGIN")
        try:
            yield self._t == moments.last(self._db)[0]
        finally:
            self._db.execute("ROLLBACK")

    def _hit(self, entity: str, found: NameHit) -> SearchHit:
        profile = self.profile(entity)
        return SearchHit(entity, profile.kind, profile.name, not found.closed, found.why, found.matched)

    def _node(self, entity: str) -> int:
        """Canonical node of an id. Raises UnknownEntity."""
        node = node_number(entity)
        if not self._is_there(node):
            raise UnknownEntity(f"No entity has the id {entity}; look it up with `credit-graph search`.")
        return self._identity.canonical(node, self.as_of)

    def _is_there(self, node: int) -> bool:
        """Whether a visible fact names the node."""
        at = {"n": node, "t": self._t}
        if self._db.execute("SELECT 1 FROM node WHERE n = ?", (node,)).fetchone() is None:
            return False
        one = f"SELECT 1 FROM {_BY} AND f.s = :n WHERE {_SEEN} LIMIT 1"
        other = f"SELECT 1 FROM fact f WHERE f.o = :n AND {_SEEN} LIMIT 1"
        return any(self._db.execute(sql, at).fetchone() for sql in (one, other))

    def _bearers(self, reference: str) -> list[int]:
        types = ", ".join(map(str, (NAME, FORMER, ALIAS, NUMBER)))
        sql = f"SELECT DISTINCT n FROM name WHERE closed IN (0, 1) AND norm = ? AND type IN ({types}) LIMIT 1000"
        with self._one_look() as is_latest:
            found = [n for (n,) in self._db.execute(sql, (normalize_name(reference),))]
            return found if is_latest else [n for n in found if self._is_there(n)]

    def _subject_facts(self, node: int, kinds: Sequence[FactKind]) -> list[Fact]:
        wanted = _kinds(kinds).replace("f.", "spoken.", 1)
        rows = self._db.execute(f"{_BY_SUBJECT}{_SEEN} AND {wanted}", {"n": node, "t": self._t})
        return [self._reader.fact(row) for row in rows]

    def _touching(self, node: int, wanted: str) -> Iterator[tuple[Any, ...]]:
        for n in self._identity.family(node):
            at = {"n": n, "t": self._t}
            yield from self._db.execute(_BY_SUBJECT + wanted.replace("f.kind", "spoken.kind"), at)
            yield from self._db.execute(_BY_OBJECT + wanted, at)

    def _with_canonical_ends(self, fact: Fact) -> Fact:
        ends = []
        for id_ in (fact.subject, fact.object or fact.subject):
            node = node_number(id_)
            target = self._identity.canonical_during(node, fact.valid_from, fact.valid_to)
            ends.append(id_ if target == node else self._reader.id_of(target))
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
        return self._ranks[fact.source], fact.source
