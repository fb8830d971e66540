"""What people see who ask in Cypher: entities, relations and records in force, drawn from the ledger.

`(:Person)-[:HOLDS]->(:Enterprise)-[:SUBJECT_OF]->(:Record)` shows what holds on the day of the last refresh or load. All of
it follows from facts and may be drawn again at any time: each step is repeated without harm after it was cut off.
"""

from collections.abc import Collection, Sequence
from typing import Any

from graph_service.domain.facts import RELATIONS, FactKind
from graph_service.domain.intervals import Interval
from graph_service.domain.sanctions import Record, RecordStatus, record_life
from graph_service.projection.exits import exit_from
from graph_service.store.neo4j.connection import Server
from graph_service.store.neo4j.derived import drop_unfounded
from graph_service.store.neo4j.work import pieces

DRAWN = (*RELATIONS, FactKind.SAME_AS)
_ROWS = 5_000
_IN_FORCE = "(f.valid_from IS NULL OR f.valid_from <= {day}) AND (f.valid_to IS NULL OR f.valid_to > {day})"
_DATES = (
    "since: CASE WHEN f.valid_from IS NULL THEN null ELSE date('1970-01-01') + duration({days: f.valid_from}) END, "
    "until: CASE WHEN f.valid_to IS NULL THEN null ELSE date('1970-01-01') + duration({days: f.valid_to}) END"
)
_SOURCE = "WITH f, $sources[f.source] AS source "
_DRAW_RELATION = (
    f"{_SOURCE} MATCH (a:Entity {{number: f.subject}}) MATCH (b:Entity {{number: f.object}}) "
    "MERGE (a)-[r:#TYPE {key: f.key, source: source}]->(b) SET r += {role: f.role, document: f.part, share: f.share, "
    f"votes: f.votes, amount: f.amount, details: f.attributes, {_DATES}}}"
)
_ERASE_RELATION = (
    f"{_SOURCE} MATCH (a:Entity {{number: f.subject}})-[r:#TYPE {{key: f.key, source: source}}]->() DELETE r"
)
_DRAW_RECORD = (
    f"{_SOURCE} MATCH (e:Entity {{number: f.subject}}) MERGE (e)-[:SUBJECT_OF]->(r:Record {{key: f.key, source: source}}) "
    "SET r += {kind: f.role, document: f.part, authority: f.name, amount: f.amount, details: f.attributes, "
    f"status: 'in_force', {_DATES}}}"
)
_ERASE_RECORD = (
    f"{_SOURCE} MATCH (:Entity {{number: f.subject}})-[:SUBJECT_OF]->(r:Record {{key: f.key, source: source}}) "
    "DETACH DELETE r"
)
_MEANT = (
    f"MATCH (f:Fact {{subject: x[0], kind: {int(FactKind.RECORD)}, key: x[1]}}) WHERE f.recorded_to IS NULL "
    f"AND {_IN_FORCE.format(day='$day')}"
)
_MARKED = "UNWIND $of AS x MATCH (:Entity {number: x[0]})-[:SUBJECT_OF]->(r:Record {key: x[1], source: x[2]})"
_STATED = (
    "UNWIND $of AS n MATCH (f:Fact) WHERE f.subject = n AND f.kind IN $kinds AND f.key IS NOT NULL "
    "AND f.recorded_to IS NULL MATCH (s:Source {number: f.source}) "
    "RETURN f.subject, f.kind, f.key, s.name, f.role, f.part, f.valid_from, f.valid_to"
)
_SAME = f"""
UNWIND $of AS n MATCH (f:Fact) WHERE f.subject = n AND f.kind = {int(FactKind.SAME_AS)} AND f.key IS NOT NULL
AND f.recorded_to IS NULL RETURN f.subject, f.object
UNION UNWIND $of AS n MATCH (f:Fact) WHERE f.object = n AND f.kind = {int(FactKind.SAME_AS)} AND f.recorded_to IS NULL
RETURN f.subject, f.object
"""
# What decides how a record stands: records, what became of them, and whose they are.
_JUDGED = frozenset(int(k) for k in (FactKind.RECORD, FactKind.EXIT, FactKind.SAME_AS))
_TOUCHED = """
MATCH (f:Fact) WHERE (f.recorded_from = $t OR f.recorded_to = $t) AND f.kind IN $kinds
UNWIND [f.subject, f.object] AS n WITH n WHERE n IS NOT NULL RETURN DISTINCT n
"""
_WITH_ENDS = f"""
UNWIND $of AS n MATCH (f:Fact) WHERE f.subject = n AND f.kind IN [{int(FactKind.EXIT)}, {int(FactKind.SAME_AS)}]
AND f.key IS NOT NULL AND (f.kind = {int(FactKind.EXIT)} AND f.recorded_to IS NULL OR f.recorded_to = $t)
RETURN DISTINCT n
"""
_FAR = 10**7  # a day after all others: an exit that is known counts at once, whatever day is drawn
SHOWN = frozenset({RecordStatus.IN_FORCE, RecordStatus.OBJECTED, RecordStatus.SUSPENDED})


class Drawing:
    """Draws on one server what holds on one day."""

    def __init__(self, server: Server, day: int) -> None:
        self._server, self._day = server, day
        self._named: list[str | None] | None = None

    def change(self, t: int) -> None:
        """What the moment `t` changed."""
        gone, come = "f.recorded_to = $t", "f.recorded_from = $t AND f.recorded_to IS NULL"
        ended, begun = (self._kinds(f"f.{end} = $t", t) for end in ("recorded_to", "recorded_from"))
        self._relations(gone if ended else None, come if begun else None, ended | begun, t=t)
        if _JUDGED.isdisjoint(ended | begun):
            return
        self._records(gone, come, t=t)
        for of in pieces((n for (n,) in self._server.read(_TOUCHED, t=t, kinds=sorted(_JUDGED))), _ROWS):
            drop_unfounded(self._server, self._ends(of, t))

    def _kinds(self, where: str, t: int) -> set[int]:
        rows = self._server.read(f"MATCH (f:Fact) WHERE {where} RETURN DISTINCT f.kind", t=t)
        return {kind for (kind,) in rows}

    def whole(self) -> None:
        """All of it, where nothing is drawn yet."""
        come = "f.recorded_to IS NULL"
        self._relations(None, come, DRAWN)
        self._records("false", come)
        self._all_ends()

    def move(self, before: int) -> None:
        """From another day to this one."""
        was, is_ = _IN_FORCE.format(day="$before"), _IN_FORCE.format(day="$day")
        gone = f"f.recorded_to IS NULL AND {was} AND NOT ({is_})"
        come = f"f.recorded_to IS NULL AND NOT ({was})"
        self._relations(gone, come, DRAWN, before=before)
        self._records(gone, come, before=before)
        self._all_ends()
        drop_unfounded(self._server)

    def _all_ends(self) -> None:
        ended = "MATCH (f:Fact) WHERE f.kind = $kind AND f.recorded_to IS NULL RETURN DISTINCT f.subject"
        for of in pieces((n for (n,) in self._server.read(ended, kind=int(FactKind.EXIT))), _ROWS):
            self._ends(of, 0)

    def _relations(
        self, gone: str | None, come: str | None, kinds: Collection[int], **values: object
    ) -> None:
        for kind in DRAWN:
            if kind not in kinds:
                continue
            type_, of = kind.name, f"MATCH (f:Fact) WHERE f.kind = {int(kind)} AND f.object IS NOT NULL AND "
            if gone is not None:
                self._in_pieces(of + gone, "f", _ERASE_RELATION.replace("#TYPE", type_), **values)
            if come is not None:
                come_ = f"{come} AND {_IN_FORCE.format(day='$day')}"
                self._in_pieces(of + come_, "f", _DRAW_RELATION.replace("#TYPE", type_), **values)

    def _records(self, gone: str, come: str, **values: object) -> None:
        of = f"MATCH (f:Fact) WHERE f.kind = {int(FactKind.RECORD)} AND "
        self._in_pieces(of + gone, "f", _ERASE_RECORD, **values)
        self._in_pieces(f"{of}{come} AND {_IN_FORCE.format(day='$day')}", "f", _DRAW_RECORD, **values)

    def _in_pieces(self, find: str, node: str, what: str, **values: object) -> None:
        query = f"{find} CALL ({node}) {{ {what} }} IN TRANSACTIONS OF {_ROWS} ROWS"
        self._server.run(query, day=self._day, sources=self._sources(), **values)

    def _sources(self) -> list[str | None]:
        """Names of sources by number."""
        if self._named is None:
            rows = self._server.read("MATCH (s:Source) RETURN s.number, s.name")
            names = {int(n): str(name) for n, name in rows}
            self._named = [names.get(n) for n in range(max(names, default=0) + 1)]
        return self._named

    def _ends(self, subjects: Sequence[int], t: int) -> list[int]:
        """Records that were repaired, revoked, objected to or suspended: what became of each is the domain's to say.

        Looks only where such an end stands or one went in the moment `t`: elsewhere records are as they were drawn.
        Returns the subjects and all that are the same.
        """
        homes = self._homes(subjects)
        with_ends = {homes[n] for (n,) in self._server.read(_WITH_ENDS, of=list(homes), t=t)}
        judged_of = [n for n, home in homes.items() if home in with_ends]
        rows = self._server.read(_STATED, of=judged_of, kinds=[int(FactKind.RECORD), int(FactKind.EXIT)])
        told: dict[int, list[list[Any]]] = {}
        for row in rows:
            told.setdefault(homes[row[0]], []).append(row)
        judged = [found for facts in told.values() for found in _judged(facts, self._day)]
        drawn = [row[:3] for row in judged if row[3] is not None]
        self._in_pieces(f"UNWIND $of AS x {_MEANT}", "f", _DRAW_RECORD, of=drawn)
        for status in sorted({str(row[3]) for row in judged if row[3] is not None}):
            of_status = [row[:3] for row in judged if row[3] == status]
            self._server.write((f"{_MARKED} SET r.status = $status", {"of": of_status, "status": status}))
        gone = [row[:3] for row in judged if row[3] is None]
        self._server.write((f"{_MARKED} DETACH DELETE r", {"of": gone}))
        return list(homes)

    def _homes(self, nodes: Sequence[int]) -> dict[int, int]:
        """The nodes and all that are the same, each with one node that stands for all of them."""
        over, todo = {n: n for n in nodes}, list(nodes)

        def top(node: int) -> int:
            while over[node] != node:
                over[node] = over[over[node]]
                node = over[node]
            return node

        while todo:
            pairs = self._server.read(_SAME, of=todo)
            todo = sorted({n for pair in pairs for n in pair} - set(over))
            over |= {n: n for n in todo}
            for one, other in pairs:
                over[top(one)] = top(other)
        return {n: top(n) for n in over}


def _judged(rows: Sequence[Sequence[Any]], day: int) -> list[list[Any]]:
    """Node, key and source of one entity's records, with the status in which each is shown; None: not at all."""
    events = (
        exit_from("", role, part, start)
        for _, kind, _, _, role, part, start, _ in rows
        if kind == FactKind.EXIT
    )
    exits = [e for e in events if e is not None]
    found = []
    for node, kind, key, source, role, part, start, end in rows:
        if kind == FactKind.RECORD:
            life = record_life(Record("", "", role or "", part, Interval(start, end)), exits, _FAR)
            status = life.status_on(day)
            found.append([node, key, source, str(status) if life.is_visible and status in SHOWN else None])
    return found
