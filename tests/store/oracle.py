"""What a store has to answer, worked out anew from the list of standing deliveries: slow, plain, in memory.

Everything is recomputed from scratch; only the timeline of one key is the domain's own, which has its own tests.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

import networkx as nx

from graph_service.domain.facts import (
    CONTENT_MODULUS,
    RELATIONS,
    Fact,
    FactKind,
    canonical_json,
    content_number,
)
from graph_service.domain.identifiers import name_id, regno_id, scheme_of
from graph_service.domain.timeline import Statement, timeline
from graph_service.text.normal import normalize_name
from tests.store.deliveries import Load, Row, person_at

EVER, NEVER = -(10**9), 10**9
_STAFF = {FactKind.HOLDS, FactKind.REPRESENTS, FactKind.MANAGES}
_WEAK = {"person-at", "name", "regno"}
Key = tuple[object, ...]


@dataclass
class Oracle:
    """The deliveries that stand and what officers decided."""

    standing: list[Load] = field(default_factory=list)
    decided: dict[Key, Fact] = field(default_factory=dict)

    def loaded(self) -> set[Fact]:
        """Visible facts of deliveries and officers."""
        return {fact for key in self._keys() for fact in self._said(key)} | set(self.decided.values())

    def facts(self) -> set[Fact]:
        """All visible facts, derived matches included."""
        loaded = self.loaded()
        ranks = {load.source.name: load.source.rank for load in self.standing}
        return loaded | matches(loaded, ranks)

    def decide(self, fact: Fact) -> None:
        """State an officer's fact."""
        self.decided[_key_of(fact)] = fact

    def undecide(self, fact: Fact) -> None:
        """End it."""
        self.decided.pop(_key_of(fact), None)

    def _keys(self) -> set[Key]:
        return {_key_of(row.fact) for load in self.standing for row in load.rows}

    def _said(self, key: Key) -> list[Fact]:
        """The facts of one key that follow from all who speak of it, or leave it out of a complete list."""
        speakers = [load for load in self.standing if load.source.name == key[0]]
        said = {load.batch: row for load in speakers if (row := _first(load, key))}
        scope = next((row.scope for row in said.values()), None)
        if scope is not None and scope.startswith("one\x1f"):
            return _in_place(speakers, scope, key)
        statements = [_states(load, said[load.batch]) for load in speakers if load.batch in said]
        statements += [
            Statement(*_when(load), None)
            for load in speakers
            if load.batch not in said and _denies(load, scope, next(iter(said.values())).fact)
        ]
        corrects = any(FactKind(key[1]) in load.source.corrects for load in speakers)  # type: ignore[arg-type]
        found = timeline(statements, corrects)
        return [
            replace(_row_of(g.statement).fact, valid_from=g.valid_from, valid_to=g.valid_to) for g in found
        ]


def _in_place(speakers: list[Load], scope: str, key: Key) -> list[Fact]:
    """The facts of one key in a place for one: each load says the first of its rows there."""
    said = [(load, min(there, key=lambda row: row.line)) for load in speakers
            if (there := [row for row in load.rows if row.scope == scope])]  # fmt: skip
    said.sort(key=lambda pair: (_when(pair[0])[0], _or(pair[1].fact.valid_from, EVER), _when(pair[0])[1]))
    statements = [
        replace(_states(load, row), order=n, content=(_key_of(row.fact), *(_states(load, row).content or ())))
        for n, (load, row) in enumerate(said)
    ]
    return [
        replace(_row_of(g.statement).fact, valid_from=g.valid_from, valid_to=g.valid_to)
        for g in timeline(statements, corrects=False)
        if _key_of(_row_of(g.statement).fact) == key
    ]


def content(facts: Iterable[Fact]) -> str:
    """Sum of the numbers, as a store shows it."""
    return f"{sum(map(content_number, facts)) % CONTENT_MODULUS:032x}"


def matches(facts: set[Fact], ranks: dict[str, int]) -> set[Fact]:
    """Derived SAME_AS facts: of organisations, and then of persons inside what is one enterprise by these."""
    apart = {frozenset((f.subject, f.object)) for f in facts if f.kind == FactKind.DISTINCT}
    seen = {i for f in facts for i in (f.subject, f.object) if i}
    organisations = {f for f in _organisations(facts, ranks, seen) if _pair(f) not in apart}
    moved = _moved(facts | organisations)
    people = {f for f in _people(facts, ranks, seen, moved) if _pair(f) not in apart}
    return organisations | people


def canonical(facts: set[Fact], entity: str, start: int | None, stop: int | None) -> str:
    """The id that a relation of this interval means."""
    for _ in range(8):
        found = [
            f for f in facts if f.kind == FactKind.SAME_AS and f.subject == entity and _meet(f, start, stop)
        ]
        if not found:
            return entity
        entity = str(min(found, key=lambda f: f.source != "officer").object)
    return entity


def family(facts: set[Fact], entity: str) -> set[str]:
    """All ids that stand for the entity at some time."""
    graph = nx.DiGraph((f.subject, str(f.object)) for f in facts if f.kind == FactKind.SAME_AS)
    return {entity} | (nx.ancestors(graph, entity) if entity in graph else set())


def relations(facts: set[Fact], entity: str, day: int, ranks: dict[str, int]) -> set[tuple[object, ...]]:
    """(kind, subject, object, role, share) with canonical ends that hold on a day, all of the best source."""
    best: dict[tuple[object, ...], str] = {}
    rows: set[tuple[object, ...]] = set()
    for f in sorted(facts, key=lambda f: (ranks.get(f.source, 0), f.source)):
        if f.kind in RELATIONS and f.is_valid_on(day):
            ends = [canonical(facts, str(e), f.valid_from, f.valid_to) for e in (f.subject, f.object)]
            if best.setdefault((f.kind, *ends, f.role), f.source) == f.source:
                rows.add((f.kind, *ends, f.role, f.share))
    wanted = canonical_on(facts, entity, day)
    return {row for row in rows if wanted in row[1:3]}


def canonical_on(facts: set[Fact], entity: str, day: int) -> str:
    """The id that answers of a day use; where none holds that day, the last that ever did."""
    for _ in range(8):
        out = [f for f in facts if f.kind == FactKind.SAME_AS and f.subject == entity]
        if not out:
            return entity
        out.sort(key=lambda f: (f.source != "officer", f.valid_from or EVER))
        during = [f for f in out if f.is_valid_on(day)]
        entity = str((during[0] if during else out[-1]).object)
    return entity


def _key_of(fact: Fact) -> Key:
    return (fact.source, int(fact.kind), fact.role or "", fact.part or "", fact.subject, fact.object or "")


def _first(load: Load, key: Key) -> Row | None:
    rows = sorted((row for row in load.rows if _key_of(row.fact) == key), key=lambda row: row.line)
    return rows[0] if rows else None


def _when(load: Load) -> tuple[int, int]:
    return (load.date or 0, int(load.sha256[:12], 16))


def _states(load: Load, row: Row) -> Statement:
    f = row.fact
    content_ = (f.share, f.votes, f.amount, f.name, f.attrs)
    return Statement(*_when(load), content_, f.valid_from, f.valid_to, row)


def _row_of(statement: Statement) -> Row:
    assert isinstance(statement.rider, Row)
    return statement.rider


def _denies(load: Load, scope: str | None, fact: Fact) -> bool:
    if load.mode != "snapshot" or scope is None or scope not in load.covered:
        return False
    doubts = {(None, None), (scope, None), (scope, fact.subject), (scope, fact.object)}
    return not any(pair in doubts or pair[0] is None for pair in load.protected)


def _pair(fact: Fact) -> frozenset[str | None]:
    return frozenset((fact.subject, fact.object))


def _meet(fact: Fact, start: int | None, stop: int | None) -> bool:
    low = max(_or(fact.valid_from, EVER), _or(start, EVER))
    return low < min(_or(fact.valid_to, NEVER), _or(stop, NEVER))


def _or(day: int | None, other: int) -> int:
    return other if day is None else day


def _names(facts: set[Fact], ranks: dict[str, int]) -> dict[str, list[Fact]]:
    """By entity: the profiles of the best source that names it, and its former names."""
    spoken = defaultdict(list)
    for f in facts:
        if f.name and (f.kind == FactKind.PROFILE or (f.kind == FactKind.ALIAS and f.role == "former_name")):
            spoken[f.subject].append(f)
    found = {}
    for entity, said in spoken.items():
        best = min((ranks[f.source] for f in said if f.kind == FactKind.PROFILE), default=None)
        found[entity] = [f for f in said if f.kind == FactKind.ALIAS or ranks[f.source] == best]
    return found


def _same(subject: str, target: str, role: str, start: int = EVER, stop: int = NEVER) -> Fact:
    begins, ends = None if start == EVER else start, None if stop == NEVER else stop
    return Fact(
        "resolution", FactKind.SAME_AS, subject, target, role, "" if begins is None else str(begins), begins, ends,
        attrs=canonical_json({"reason": role, "class": "derived"}),
    )  # fmt: skip


def _organisations(facts: set[Fact], ranks: dict[str, int], seen: set[str]) -> set[Fact]:
    return _by_name(facts, ranks, seen) | _by_number(facts, seen)


def _meant(facts: set[Fact]) -> dict[str, str]:
    """By id of a registration number: the one organisation that states it beside a code."""
    stated = defaultdict(set)
    for f in facts:
        if f.kind == FactKind.ALIAS and f.role == "regno" and scheme_of(f.subject) not in _WEAK:
            stated[regno_id(str(f.name))].add(f.subject)
    return {node: next(iter(bearers)) for node, bearers in stated.items() if len(bearers) == 1}


def _by_number(facts: set[Fact], seen: set[str]) -> set[Fact]:
    return {_same(node, one, "registration_number") for node, one in _meant(facts).items() if node in seen}


def _by_name(facts: set[Fact], ranks: dict[str, int], seen: set[str]) -> set[Fact]:
    borne = defaultdict(set)
    meant = _meant(facts)
    for entity, said in _names(facts, ranks).items():
        if scheme_of(entity) in {"person-at", "name", "person"}:
            continue
        former = [f for f in said if f.kind == FactKind.ALIAS or f.valid_to is not None]
        since = max((f.valid_to for f in former if f.valid_to is not None), default=EVER)
        for f in said:
            was = f in former
            start = _or(f.valid_from, EVER) if was else since
            stop = _or(f.valid_to, NEVER) if was else NEVER
            borne[name_id(normalize_name(str(f.name)))].add((meant.get(entity, entity), start, stop))
    return {fact for node, bearing in borne.items() if node in seen for fact in _when_alone(node, bearing)}


def _when_alone(node: str, bearing: set[tuple[str, int, int]]) -> set[Fact]:
    """One bearer: all the time from its first to its last day. Several: where the days between cuts have one."""
    bearers = {entity for entity, _, _ in bearing}
    if len(bearers) == 1:
        start, stop = min(b[1] for b in bearing), max(b[2] for b in bearing)
        return {_same(node, bearers.pop(), "registered_name", start, stop)}
    runs: list[tuple[str, int, int]] = []
    for low, high in pairwise(sorted({day for _, *days in bearing for day in days})):
        there = {entity for entity, start, stop in bearing if start <= low and high <= stop}
        if len(there) != 1:
            continue
        entity = there.pop()
        if runs and runs[-1][0] == entity and runs[-1][2] == low:
            runs[-1] = (entity, runs[-1][1], high)
        else:
            runs.append((entity, low, high))
    return {_same(node, entity, "registered_name", low, high) for entity, low, high in runs}


def _moved(facts: set[Fact]) -> dict[str, str]:
    """Ids of enterprises that turned out to be one other, an officer's word first."""
    out: dict[str, dict[bool, set[str]]] = defaultdict(lambda: {True: set(), False: set()})
    for f in facts:
        if f.kind == FactKind.SAME_AS and not f.subject.startswith("person"):
            out[f.subject][f.source == "officer"].add(str(f.object))
    chosen = {}
    for node, by in out.items():
        targets = by[True] or by[False]
        if len(targets) == 1:
            chosen[node] = next(iter(targets))
    return {node: _end(chosen, node) for node in chosen}


def _end(chosen: dict[str, str], node: str) -> str:
    for _ in range(8):
        if node not in chosen:
            break
        node = chosen[node]
    return node


def _people(facts: set[Fact], ranks: dict[str, int], seen: set[str], moved: dict[str, str]) -> set[Fact]:
    names = _names(facts, ranks)
    numbered, known = defaultdict(set), set()
    for f in facts:
        if f.kind in _STAFF and str(f.subject).startswith("person"):
            home = moved.get(str(f.object), str(f.object))
            for name in {normalize_name(str(n.name)) for n in names.get(f.subject, [])}:
                known.add((home, name))
                if scheme_of(f.subject) == "person":
                    numbered[home, name].add(f.subject)
    found = set()
    for home, name in known:
        for enterprise in {home} | {e for e, target in moved.items() if target == home}:
            node, at_home, there = person_at(enterprise, name), person_at(home, name), numbered[home, name]
            target = next(iter(there)) if len(there) == 1 else at_home if not there else node
            if node in seen and target in seen and node != target:
                found.add(_same(node, target, "person_in_enterprise"))
    return found
