"""A change under way: the rows that it concerns, brought from the server into tables like the embedded store's.

The same code then works out what changes as for the embedded store (merging time lines, withdrawing, deciding, settling),
and what differs afterwards goes back: facts of the new moment, facts that it closes, statements. Nothing of it is seen
before the moment's node is written, which `mark` does.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import pyarrow as pa

from graph_service.store.neo4j.connection import Step
from graph_service.store.neo4j.lease import Lease
from graph_service.store.neo4j.schema import LABELS, PROPERTIES, fact_map, listed
from graph_service.store.sqlite import moments
from graph_service.store.sqlite.kinds import KIND_NUMBERS, is_weak
from graph_service.store.sqlite.rows import STATED, tuples
from graph_service.store.sqlite.schema import FACT_COLUMNS, TABLES

AT_ONCE = 10_000
ASKED = 2_000
WRITERS = 2  # transactions at a time
Row = tuple[Any, ...]
STATEMENT_COLUMNS = (
    "src",
    "kind",
    "s",
    "key",
    "d",
    "file",
    "line",
    "alike",
    *(c for c in STATED if c != "kind"),
)
FACT_ROWS = (*FACT_COLUMNS, "rt")
_OPEN = f"f.source = $src AND f.recorded_to IS NULL RETURN {listed(FACT_ROWS, 'f')}"
_BY_KEY = f"UNWIND $of AS k MATCH (f:Fact {{kind: k[0], subject: k[1], key: k[2]}}) WHERE {_OPEN}"
_BY_SCOPE = f"UNWIND $of AS k MATCH (f:Fact {{scope: k}}) WHERE {_OPEN}"
_SAID = f"s.source = $src RETURN {listed(STATEMENT_COLUMNS, 's')}"
_SAID_BY_KEY = f"UNWIND $of AS k MATCH (s:Statement {{kind: k[0], subject: k[1], key: k[2]}}) WHERE {_SAID}"
_SAID_BY_SCOPE = f"UNWIND $of AS k MATCH (s:Statement {{scope: k}}) WHERE {_SAID}"
_CREATE_FACTS = f"UNWIND $rows AS r CREATE (f:Fact {fact_map(FACT_COLUMNS)})"
_CLOSE = (
    "UNWIND $rows AS r MATCH (f:Fact {kind: r[0], subject: r[1], key: r[2]}) "
    "WHERE f.source = r[3] AND f.recorded_from = r[4] AND f.segment = r[5] SET f.recorded_to = $t"
)
_NOT_ALONE = (
    "UNWIND $rows AS r MATCH (f:Fact {kind: r[0], subject: r[1], key: r[2]}) "
    "WHERE f.source = r[3] AND f.recorded_to IS NULL SET f.alone = 0"
)
_KNOWN = "UNWIND $of AS n MATCH (e:Entity {number: n}) RETURN e.number, e.id"
_NEW_ENTITIES = (
    "UNWIND $rows AS r CREATE (e:Entity:#LABEL {number: r[0], id: r[1], kind: r[2], weak: r[3], text: r[4], "
    "recorded_from: $t})"
)
_SAY = (
    "UNWIND $rows AS r MERGE (s:Statement {kind: r[1], subject: r[2], key: r[3], source: r[0], delivery: r[4]}) "
    f"SET s = {fact_map(STATEMENT_COLUMNS)}"
)


class Work:
    """Rows of the server in memory, and the moment that is being written."""

    def __init__(self, lease: Lease, kind: type[sqlite3.Connection] = sqlite3.Connection) -> None:
        self.lease, self.server = lease, lease.server
        self.db = _empty(kind)
        self._bring_lists()
        self.t = moments.next_number(self.db)
        self._said: dict[Row, Row] = {}
        self._alone: set[Row] = set()

    def close(self) -> None:
        """Give the memory back."""
        self.db.close()

    # ------------------------------------------------------------ bringing
    def _bring_lists(self) -> None:
        moments_ = "MATCH (m:Moment) RETURN m.number, m.recorded, m.what, m.content"
        self._insert("moment", self.server.read(moments_))
        sources = self.server.read(
            "MATCH (s:Source) RETURN s.number, s.name, s.rank, s.corrects, s.department, s.kinds"
        )
        self._insert("source", [row[:5] for row in sources])
        self._insert("spoken", [(row[0], kind) for row in sources for kind in row[5] or ()])
        deliveries = self.server.read(
            "MATCH (d:Delivery) RETURN d.number, d.batch, d.source, d.mode, d.date, d.day, d.files, d.sha256, d.moment, "
            "d.withdrawn"
        )
        self._insert("delivery", [(*row, None, None, None) for row in deliveries])

    def bring_covered(self, src: int) -> None:
        """What the complete lists of a source cover."""
        rows = self.server.read(
            "MATCH (d:Delivery {source: $src}) WHERE d.covered IS NOT NULL RETURN d.covered, d.protected, d.number",
            src=src,
        )
        self.db.executemany("UPDATE delivery SET covered = ?, protected = ? WHERE d = ?", rows)

    def bring_keys(self, src: int, keys: Iterable[Row]) -> None:
        """Open facts and statements of keys (kind, subject, key)."""
        for of in pieces(sorted(set(keys)), ASKED):
            asked = [list(key) for key in of]
            self.keep_facts(self.server.read(_BY_KEY, of=asked, src=src))
            self._keep_said(self.server.read(_SAID_BY_KEY, of=asked, src=src))

    def bring_scopes(self, src: int, scopes: Iterable[int]) -> set[Row]:
        """Open facts in scopes, statements in places, and all of the keys that these name; the keys."""
        keys: set[Row] = set()
        for of in pieces(sorted(set(scopes)), ASKED):
            facts = self.server.read(_BY_SCOPE, of=list(of), src=src)
            said = self.server.read(_SAID_BY_SCOPE, of=[s for s in of if s < 0], src=src)
            keys |= {(row[5], row[1], row[2]) for row in facts}
            keys |= {(row[1], row[2], row[3]) for row in said}
        self.bring_keys(src, keys)
        return keys

    def bring_entities(self) -> None:
        """Ids of all nodes that brought rows name."""
        named = " UNION ".join(
            f"SELECT {end} AS n FROM {table}" for table in ("fact", "statement") for end in ("s", "o")
        )
        missing = f"SELECT n FROM ({named}) WHERE n IS NOT NULL AND n NOT IN (SELECT n FROM node)"
        self.bring_nodes([n for (n,) in self.db.execute(missing)])

    def bring_nodes(self, nodes: Iterable[int]) -> None:
        """Rows of `node`."""
        for of in pieces(sorted(set(nodes)), AT_ONCE):
            rows = self.server.read(
                "UNWIND $of AS n MATCH (e:Entity {number: n}) RETURN e.number, e.id, e.kind, e.weak, e.text",
                of=list(of),
            )
            self._insert(
                "node", [(n, i, KIND_NUMBERS[kind], int(weak), text) for n, i, kind, weak, text in rows]
            )

    def keep_nodes(self, table: pa.Table) -> None:
        """Entities: node, id, kind, label."""
        rows = tuples(table, ("node", "id", "kind", "label"))
        values = ((n, i, KIND_NUMBERS[kind], is_weak(i), text) for n, i, kind, text in rows)
        self.db.executemany("INSERT OR IGNORE INTO node VALUES (?, ?, ?, ?, ?)", values)

    def keep_facts(self, rows: Sequence[Sequence[Any]]) -> None:
        """Rows of `fact`, in the order of FACT_ROWS."""
        self._insert("fact", rows, FACT_ROWS)
        simple = FACT_ROWS.index("simple")
        self._alone |= {(row[5], row[1], row[2], row[0]) for row in rows if row[simple]}

    def keep_table(self, table: pa.Table) -> None:
        """The same of many facts of which nothing more will be said here."""
        marks = ", ".join("?" * len(FACT_ROWS))
        sql = f"INSERT OR IGNORE INTO fact ({', '.join(FACT_ROWS)}) VALUES ({marks})"
        self.db.executemany(sql, tuples(table, FACT_ROWS))

    def _keep_said(self, rows: Sequence[Sequence[Any]]) -> None:
        self._insert("statement", rows, STATEMENT_COLUMNS)
        self._said |= {tuple(row[:5]): tuple(row) for row in rows}

    def _insert(self, table: str, rows: Sequence[Sequence[Any]], columns: Sequence[str] = ()) -> None:
        if rows:
            named = f" ({', '.join(columns)})" if columns else ""
            marks = ", ".join("?" * len(rows[0]))
            self.db.executemany(f"INSERT OR IGNORE INTO {table}{named} VALUES ({marks})", rows)

    # ------------------------------------------------------------ giving back
    def begin(self, delivery: int | None = None) -> None:
        """Tell the next writer what to sweep away should this one be cut off."""
        said = "MATCH (c:CreditGraph) SET c.staging_moment = $t, c.staging_delivery = $d"
        self.lease.write((said, {"t": self.t, "d": delivery}))

    def put_entities(self, rows: Sequence[Sequence[Any]]) -> bool:
        """Entities (number, id, kind, is weak, text) that are not there yet; False: a number is another's."""
        if len({row[0] for row in rows}) < len(rows):
            return False
        known = dict(self.server.read(_KNOWN, of=[row[0] for row in rows]))
        of_kind: dict[str, list[Sequence[Any]]] = {}
        for row in rows:
            if row[0] not in known:
                of_kind.setdefault(row[2], []).append(row)
        steps: list[Step] = [
            (_NEW_ENTITIES.replace("#LABEL", LABELS[kind]), {"rows": new, "t": self.t})
            for kind, new in of_kind.items()
        ]
        if steps:
            self.lease.write(*steps)
        return all(known.get(row[0], row[1]) == row[1] for row in rows)

    def push(self) -> None:
        """Facts of the new moment, facts that it closes, statements: all not seen yet."""
        self._push_statements()
        new = self.db.execute(f"SELECT {', '.join(FACT_COLUMNS)} FROM fact WHERE rf = ?", (self.t,))
        for rows in pieces(new, AT_ONCE):
            self.lease.write((_CREATE_FACTS, {"rows": [list(r) for r in rows]}))
        closed = self.db.execute("SELECT kind, s, key, src, rf, seg FROM fact WHERE rt = ?", (self.t,))
        for rows in pieces(closed, AT_ONCE):
            self.lease.write((_CLOSE, {"rows": [list(r) for r in rows], "t": self.t}))
        self.push_unsettled()

    def push_unsettled(self) -> None:
        """Nodes to settle: before the mark, for afterwards they could be forgotten."""
        nodes = [n for (n,) in self.db.execute("SELECT n FROM unsettled")]
        steps: list[Step] = [
            ("CREATE (:Unsettled {numbers: $of})", {"of": list(of)}) for of in pieces(nodes, AT_ONCE)
        ]
        if steps:
            self.lease.write(*steps)

    def _push_statements(self) -> None:
        """With a key's statements goes that its fact no longer speaks for them, in one transaction."""
        columns = ", ".join(STATEMENT_COLUMNS)
        rows = [
            row
            for row in self.db.execute(f"SELECT {columns} FROM statement")
            if self._said.get(row[:5]) != row
        ]
        split = [
            row for row in self.db.execute("SELECT DISTINCT kind, s, key, src FROM fact WHERE simple = 0")
            if row in self._alone
        ]  # fmt: skip
        of_key: dict[Row, list[Row]] = {}
        for row in rows:
            of_key.setdefault((row[1], row[2], row[3], row[0]), []).append(row)
        for row in split:
            of_key.setdefault(row, [])
        lone = set(split)
        for keys in pieces(sorted(of_key), ASKED):
            said = [list(row) for key in keys for row in of_key[key]]
            steps: list[Step] = [
                (_SAY, {"rows": said}),
                (_NOT_ALONE, {"rows": [list(k) for k in keys if k in lone]}),
            ]
            self.lease.write(*steps)

    def mark(self, *steps: Step) -> None:
        """The commit: from here on everybody sees the moment. `steps` belong to it."""
        found = self.db.execute(
            "SELECT recorded, what, content FROM moment WHERE t = ?", (self.t,)
        ).fetchone()
        done = "MATCH (c:CreditGraph) SET c.staging_moment = $t, c.staging_delivery = null"
        if found is None:
            self.lease.write(
                *steps, ("MATCH (c:CreditGraph) REMOVE c.staging_moment, c.staging_delivery", {})
            )
            return
        moment = {"t": self.t, "recorded": found[0], "what": found[1], "content": found[2]}
        made = "CREATE (:Moment {number: $t, recorded: $recorded, what: $what, content: $content})"
        self.lease.mark(*self._sources(), *self._deliveries(), *steps, (made, moment), (done, {"t": self.t}))

    def _sources(self) -> list[Step]:
        kinds: dict[int, list[int]] = {}
        for src, kind in self.db.execute("SELECT src, kind FROM spoken"):
            kinds.setdefault(src, []).append(kind)
        rows = [
            [*row, kinds.get(row[0], [])]
            for row in self.db.execute("SELECT src, name, rank, corrects, department FROM source")
        ]
        said = (
            "UNWIND $rows AS r MERGE (s:Source {number: r[0]}) "
            "SET s.name = r[1], s.rank = r[2], s.corrects = r[3], s.department = r[4], s.kinds = r[5]"
        )
        return [(said, {"rows": rows})]

    def _deliveries(self) -> list[Step]:
        columns = "d, batch, src, mode, date, day, files, sha256, t, withdrawn, report, covered, protected"
        rows = self.db.execute(
            f"SELECT {columns} FROM delivery WHERE t = ?1 OR withdrawn = ?1 OR t IS NULL", (self.t,)
        )
        said = (
            "UNWIND $rows AS r MERGE (d:Delivery {number: r[0]}) SET d.batch = r[1], d.source = r[2], d.mode = r[3], "
            "d.date = r[4], d.day = r[5], d.files = r[6], d.sha256 = r[7], d.moment = r[8], d.withdrawn = r[9], "
            "d.report = coalesce(r[10], d.report), d.covered = coalesce(r[11], d.covered), "
            "d.protected = coalesce(r[12], d.protected)"
        )
        return [(said, {"rows": [list(row) for row in rows]})]


def _empty(kind: type[sqlite3.Connection]) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False, factory=kind)
    db.executescript(TABLES)
    return db


def pieces(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Lists of at most `size`."""
    rest = iter(rows)
    while piece := list(islice(rest, size)):
        yield piece


__all__ = ["ASKED", "AT_ONCE", "FACT_ROWS", "PROPERTIES", "WRITERS", "Row", "Work", "pieces"]
