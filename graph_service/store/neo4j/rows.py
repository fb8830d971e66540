"""What a server shows at one moment. What was seen at a moment never changes, so it is kept once it was read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import pyarrow as pa

from graph_service.domain.entities import node_number
from graph_service.domain.facts import RELATIONS, Fact, FactKind
from graph_service.store.base import NODES_SCHEMA, RELATIONS_SCHEMA, STATEMENTS_SCHEMA, Profile
from graph_service.store.content import key_number
from graph_service.store.identity import Identity, Reach
from graph_service.store.neo4j.bulk import PUBLIC_ATTRS
from graph_service.store.neo4j.connection import Server
from graph_service.store.neo4j.lists import Lists
from graph_service.store.neo4j.schema import PROPERTIES, listed
from graph_service.store.neo4j.search import NameSearch
from graph_service.store.neo4j.streams import Reading, Streams
from graph_service.store.neo4j.tables import Tables
from graph_service.store.neo4j.work import pieces
from graph_service.store.sqlite.candidates import CONTACT, DIGITS, MOST_ALIKE
from graph_service.store.sqlite.names import ALIAS, FORMER, NAME, NUMBER
from graph_service.store.sqlite.rows import CONTENT, READ
from graph_service.store.view import EVERY_KIND, SAYING, NameHit

_SEEN = "f.recorded_from <= $t AND (f.recorded_to IS NULL OR f.recorded_to > $t)"
_EVER = "f.recorded_from <= $t"
_COLUMNS = (*READ, "seg")
_RETURN = (
    "OPTIONAL MATCH (a:Entity {number: f.subject}) OPTIONAL MATCH (b:Entity {number: f.object}) "
    f"RETURN {listed(_COLUMNS, 'f')}, a.id, b.id"
)
_OUT = (
    "MATCH (f:Fact) WHERE f.subject = $n AND f.kind IN $kinds AND f.key IS NOT NULL AND #SEEN WITH f "
    + _RETURN
)
_INTO = "MATCH (f:Fact) WHERE f.object = $n AND f.kind IN $kinds AND #SEEN WITH f " + _RETURN
_ON_CARD = frozenset(int(k) for k in (*SAYING, FactKind.SAME_AS))
_CARD = f"""
MATCH (e:Entity {{number: $n}}) RETURN e.id, e.kind, e.text,
COLLECT {{ MATCH (f:Fact) WHERE f.subject = $n AND f.kind IN $kinds AND f.key IS NOT NULL AND {_SEEN}
  OPTIONAL MATCH (b:Entity {{number: f.object}}) RETURN [{listed(_COLUMNS, "f")}, e.id, b.id] }},
COLLECT {{ MATCH (f:Fact) WHERE f.object = $n AND f.kind = {int(FactKind.SAME_AS)} AND {_SEEN}
  MATCH (a:Entity {{number: f.subject}}) RETURN [{listed(_COLUMNS, "f")}, a.id, e.id] }}
"""
_CARDS = (
    _CARD.replace(
        "MATCH (e:Entity {number: $n}) RETURN", "UNWIND $of AS n MATCH (e:Entity {number: n}) RETURN n,"
    )
    .replace("f.subject = $n", "f.subject = n")
    .replace("f.object = $n", "f.object = n")
)
_NAMED = f"""
MATCH (e:Entity {{number: $n}}) RETURN
EXISTS {{ MATCH (f:Fact) WHERE f.subject = $n AND f.kind IN $every AND f.key IS NOT NULL AND {_SEEN} }} OR
EXISTS {{ MATCH (f:Fact) WHERE f.object = $n AND f.kind IN $every AND {_SEEN} }}
"""
_SAYING_ALIKE = " AND ".join(
    f"(s.{PROPERTIES[c]} = f.{PROPERTIES[c]} OR (s.{PROPERTIES[c]} IS NULL AND f.{PROPERTIES[c]} IS NULL))"
    for c in CONTENT
    if c not in {"vf", "vt", "kind", "o"}
)
_EVIDENCE = f"""
MATCH (f:Fact {{kind: $kind, subject: $s, key: $key}}) WHERE f.source = $src AND {_SEEN}
AND coalesce(f.valid_from, $open) = coalesce($start, $open) AND coalesce(f.valid_to, $open) = coalesce($stop, $open)
MATCH (s:Statement {{kind: $kind, subject: $s, key: $key}}) WHERE s.source = $src AND (s.alike = 1 OR ({_SAYING_ALIKE}))
RETURN DISTINCT s.delivery, s.file, s.line ORDER BY s.delivery
"""
_DISTINCT = "MATCH (f:Fact) WHERE f.kind = $kind AND " + _SEEN + " RETURN f.subject, f.object"
_ALIKE = """
MATCH (c:Candidate) WITH c.key AS key, collect(c.number) AS persons
WHERE 2 <= size(persons) <= $most RETURN persons
"""
_TOGETHER = f"""
MATCH (f:Fact) WHERE f.kind = {int(FactKind.REACHED_AT)} AND f.object IS NOT NULL AND {_SEEN}
WITH f.object AS contact, collect(DISTINCT f.subject) AS firms WHERE 2 <= size(firms) <= $most
UNWIND firms AS firm
MATCH (h:Fact) WHERE h.object = firm AND h.kind IN $offices AND {_SEEN.replace("f.", "h.")}
WITH DISTINCT contact, h.subject AS person
MATCH (e:Entity {{number: person, kind: 'person'}})
MATCH (x:Name {{number: person}}) WHERE x.type = {NAME}
WITH contact, x.norm AS norm, collect(DISTINCT person) AS persons
WHERE 2 <= size(persons) <= $most RETURN persons
"""
EVERY = [int(k) for k in FactKind]
_RELATION = ("kind", "s", "o", "role", "vf", "vt", "av", "share", "votes", "amount", "src")
_STATEMENT = ("kind", "s", "role", "part", "vf", "vt", "av", "amount", "name", PUBLIC_ATTRS, "src")
_OFFICES = [int(k) for k in (FactKind.REPRESENTS, FactKind.MANAGES, FactKind.HOLDS)]


class Neo4jRows:
    """Rows of one moment of one server."""

    def __init__(self, server: Server, known_at: int | None, tables: Tables, lists: Lists) -> None:
        self._server, self._tables, self._lists = server, tables, lists
        lists.update()
        recorded, self._t = lists.moment(known_at)
        self.known_at = recorded if known_at is None else known_at
        self.ranks: Mapping[str, int] = lists.ranks
        self._ids: dict[int, str] = {}
        self._kept: dict[tuple[object, ...], Any] = {}

    @property
    def t(self) -> int:
        """Number of the moment."""
        return self._t

    def entity(self, node: int) -> tuple[str, str, str | None] | None:
        """Id, kind and label of a node."""
        card = self._card(node)
        return None if card is None else (card[0], card[1], card[2])

    def id_of(self, node: int) -> str:
        """Id of a node that is there."""
        if node not in self._ids:
            found = self.entity(node)
            assert found is not None  # noqa: S101
            self._ids[node] = found[0]
        return self._ids[node]

    def targets(self, node: int) -> list[Reach]:
        """Where SAME_AS leads from a node, an officer's word first."""
        facts = self.out_of(node, (FactKind.SAME_AS,))
        facts = [f for f in facts if f.source in {"officer", "resolution"}]
        facts.sort(
            key=lambda f: (f.source != "officer", f.valid_from is not None, f.valid_from or 0, key_number(f))
        )
        return [(node_number(f.object or ""), f.valid_from, f.valid_to) for f in facts]

    def meaning(self, node: int) -> list[int]:
        """The nodes from which SAME_AS leads to this one."""
        return list(dict.fromkeys(node_number(f.subject) for f in self.into(node, (FactKind.SAME_AS,))))

    def out_of(self, node: int, kinds: Sequence[FactKind], *, ever: bool = False) -> list[Fact]:
        """Facts with this subject, in the order of the embedded store."""
        wanted = [int(k) for k in kinds]
        if not ever and _ON_CARD.issuperset(wanted):
            card = self._card(node)
            rows = [] if card is None else [row for row in card[3] if row[_KIND] in wanted]
        else:
            rows = self._once(_OUT.replace("#SEEN", _EVER if ever else _SEEN), n=node, kinds=wanted)
        return [self.fact(row) for row in sorted(rows, key=_subject_order)]

    def into(self, node: int, kinds: Sequence[FactKind], *, ever: bool = False) -> list[Fact]:
        """Facts with this object."""
        wanted = [int(k) for k in kinds]
        if not ever and wanted == [int(FactKind.SAME_AS)]:
            card = self._card(node)
            rows = [] if card is None else card[4]
        else:
            rows = self._once(_INTO.replace("#SEEN", _EVER if ever else _SEEN), n=node, kinds=wanted)
        return [self.fact(row) for row in sorted(rows, key=_object_order)]

    def is_named(self, node: int) -> bool:
        """Whether a visible fact names the node."""
        card = self._card(node)
        if card is None or card[3] or card[4]:
            return card is not None
        rows = self._once(_NAMED, n=node, every=EVERY)
        return bool(rows and rows[0][0])

    def bearers(self, norm: str) -> list[int]:
        """Nodes that bear a normalised name or number."""
        query = (
            "MATCH (x:Name) WHERE x.closed IN [0, 1] AND x.norm = $norm AND x.type IN $types "
            "RETURN DISTINCT x.number LIMIT 1000"
        )
        rows = self._server.read(query, norm=norm, types=[NAME, FORMER, ALIAS, NUMBER])
        return [n for (n,) in rows if self.is_named(n)]

    def hits(self, text: str) -> Iterator[NameHit]:
        """What the index of names finds."""
        return (hit for hit in NameSearch(self._server).hits(text) if self.is_named(hit.node))

    def stated_by(self, sources: Sequence[str], kinds: Sequence[FactKind]) -> list[Fact]:
        """Visible facts of some sources."""
        numbers = self._lists.numbers(frozenset(sources))
        wanted = [int(k) for k in kinds]
        query = f"MATCH (f:Fact) WHERE f.source IN $src AND f.kind IN $kinds AND {_SEEN} WITH f {_RETURN}"
        rows = self._server.read(query, src=numbers, kinds=wanted, t=self._t)
        return [self.fact(row) for row in sorted(rows, key=_subject_order)]

    def candidates(self, identity: Identity) -> list[tuple[str, str, str]]:
        """Pairs that may be the same person, not merged: (id, id, reason)."""
        apart = {
            frozenset(row) for row in self._server.read(_DISTINCT, kind=int(FactKind.DISTINCT), t=self._t)
        }
        found: dict[frozenset[int], str] = {}
        asked = ((_ALIKE, DIGITS), (_TOGETHER, CONTACT))
        for query, reason in asked:
            for (group,) in self._server.read(query, most=MOST_ALIKE, offices=_OFFICES, t=self._t):
                persons = sorted({identity.canonical_during(n, None, None) for n in group})
                for pair in combinations(persons, 2):
                    if frozenset(pair) not in apart:
                        found.setdefault(frozenset(pair), reason)
        pairs = ((*sorted(self.id_of(n) for n in pair), reason) for pair, reason in found.items())
        return sorted((one, other, reason) for one, other, reason in pairs)

    def with_evidence(self, fact: Fact) -> Fact:
        """The fact with every delivery that asserts it at this moment; its first one leads."""
        if fact.loaded_id is not None:
            return fact
        (src,) = self._lists.numbers(frozenset({fact.source}))
        where = {"src": src, "kind": int(fact.kind), "s": node_number(fact.subject), "key": key_number(fact)}
        time = {"start": fact.valid_from, "stop": fact.valid_to, "open": _OPEN}
        found = []
        for d, file, line in self._server.read(_EVIDENCE, t=self._t, **where, **time):
            told = self._lists.delivery(d)
            if told[3] is not None and told[3] <= self._t and (told[4] is None or told[4] > self._t):
                found.append(self._lists.cited(d, file, line))
        return replace(fact, evidence=tuple(dict.fromkeys((*fact.evidence, *found))))

    def every_profile(self, identity: Identity, as_of: int) -> Iterator[Profile]:
        """All profiles by canonical id, ascending by node."""
        reading = Reading(
            as_of,
            [int(k) for k in SAYING],
            identity,
            self.ranks,
            lambda row: self.fact(row, evidence=False),
            self.id_of,
            lambda node: self.out_of(node, SAYING),
            self._expect,
            self._is_there(),
        )
        yield from self._streams().profiles(reading)

    def _is_there(self) -> Callable[[int], bool]:
        """Whether a visible fact names a node: all of them do, but for a past moment or after a withdrawal."""
        nodes = self._tables.there(self._t)
        if nodes is None:
            return lambda _: True
        there = set(nodes.tolist())
        return there.__contains__

    def _expect(self, nodes: set[int]) -> None:
        """Read the cards of nodes that will be asked for one by one, and of those that they lead to or stand for."""
        for _ in range(2):
            new = sorted(n for n in nodes if self._asked(n) not in self._kept)
            if len(self._kept) + len(new) > _MOST_KEPT:
                self._kept.clear()
            for of in pieces(new, _AT_ONCE):
                for row in self._server.read(_CARDS, of=of, kinds=sorted(_ON_CARD), t=self._t):
                    self._kept[self._asked(row[0])] = [row[1:]]
            cards = [self._kept[self._asked(n)][0] for n in new if self._asked(n) in self._kept]
            nodes = {
                row[at] for card in cards for row in (*card[3], *card[4]) if row[_KIND] == int(FactKind.SAME_AS)
                for at in (1, _OBJECT)
            }  # fmt: skip

    def nodes(self) -> pa.Table:
        """NODES_SCHEMA, sorted by node."""
        found = self._tables.nodes(self._t).cast(NODES_SCHEMA)
        if found.num_rows <= _MOST_KEPT:
            self._ids.update((row["node"], row["id"]) for row in found.select(["node", "id"]).to_pylist())
        return found

    def relation_table(self) -> pa.Table:
        """RELATIONS_SCHEMA."""
        kinds = [int(k) for k in (*RELATIONS, FactKind.SAME_AS)]
        return _named(self._tables.facts("relations", kinds, _RELATION, self._t), RELATIONS_SCHEMA)

    def statement_table(self, kinds: Sequence[FactKind]) -> pa.Table:
        """STATEMENTS_SCHEMA."""
        wanted = sorted({int(k) for k in kinds})
        name = "statements-" + "-".join(map(str, wanted))
        return _named(self._tables.facts(name, wanted, _STATEMENT, self._t), STATEMENTS_SCHEMA)

    def all_facts(self, kinds: Sequence[FactKind]) -> Iterator[Fact]:
        """Every visible fact of these kinds."""
        wanted = sorted({int(k) for k in kinds})
        return (self.fact(row) for row in self._streams().rows(self._lists.spoken(wanted), wanted))

    # ------------------------------------------------------------ rows to facts
    def fact(self, row: Sequence[Any], evidence: bool = True) -> Fact:
        """A fact from columns and the ids of its ends."""
        (
            src,
            s,
            _key,
            rf,
            rt,
            kind,
            o,
            role,
            part,
            vf,
            vt,
            av,
            share,
            votes,
            amount,
            name,
            attrs,
            d,
            file,
            line,
        ) = row[:20]
        subject, object_ = row[21:]
        self._ids[s] = subject
        if o is not None:
            self._ids[o] = object_
        return Fact(
            self._lists.source(src), FactKind(kind), subject, object_, role, part, vf, vt, av, share, votes, amount, name,
            attrs, self._lists.recorded_at(rf), self._lists.recorded_at(rt),
            (self._lists.cited(d, file, line),) if evidence else (),
        )  # fmt: skip

    def _card(self, node: int) -> Sequence[Any] | None:
        """What most questions about a node begin with, in one: id, kind, label, facts on it, SAME_AS to it."""
        rows = self._once(_CARD, n=node, kinds=sorted(_ON_CARD))
        return rows[0] if rows else None

    def _streams(self) -> Streams:
        return Streams(self._server, self._t, _SEEN, _RETURN, _subject_order)

    def _asked(self, node: int) -> tuple[object, ...]:
        return (_CARD, node, tuple(sorted(_ON_CARD)))

    def _once(self, query: str, **values: Any) -> list[list[Any]]:
        asked = (query, *(tuple(v) if isinstance(v, list) else v for v in values.values()))
        if asked not in self._kept:
            if len(self._kept) > _MOST_KEPT:
                self._kept.clear()
            self._kept[asked] = self._server.read(query, t=self._t, **values)
        found: list[list[Any]] = self._kept[asked]
        return found


_MOST_KEPT = 20_000
_OPEN = -(1 << 62)  # no day
_AT_ONCE = 2_000
_KIND, _OBJECT = READ.index("kind"), READ.index("o")


def _subject_order(row: Sequence[Any]) -> tuple[int, ...]:
    return row[0], row[_KIND], row[1], row[2], row[3], row[20]


def _object_order(row: Sequence[Any]) -> tuple[int, ...]:
    return row[_KIND], row[0], row[1], row[2], row[3], row[20]


def _named(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Columns as the port names and types them."""
    short = {PROPERTIES.get(c, "attrs"): c for c in (*_RELATION, *_STATEMENT)}
    chosen = [table.column(short[f"{f.name}"] if f.name in short else f.name) for f in schema]
    return pa.table(chosen, names=schema.names).cast(schema)


__all__ = ["EVERY_KIND", "Neo4jRows"]
