"""Settling on a server: what the rules look at is brought when they ask for it, what they find goes back."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Self

import numpy as np
import pyarrow.compute

from graph_service.domain.facts import FactKind
from graph_service.store.neo4j.attributes import described, put
from graph_service.store.neo4j.bulk import Which, columns, entities
from graph_service.store.neo4j.connection import Server, Step
from graph_service.store.neo4j.lease import Lease
from graph_service.store.neo4j.schema import listed
from graph_service.store.neo4j.work import ASKED, AT_ONCE, FACT_ROWS, WRITERS, Work, pieces
from graph_service.store.sqlite.delivery import ALL_UNSETTLED, today
from graph_service.store.sqlite.names import NUMBER, SORTS
from graph_service.store.sqlite.nearby import Partial
from graph_service.store.sqlite.settle import settle
from graph_service.text.bigrams import bigrams

_KINDS = tuple(
    int(k) for k in (
        FactKind.PROFILE, FactKind.ALIAS, FactKind.HOLDS, FactKind.REPRESENTS, FactKind.MANAGES, FactKind.SAME_AS,
        FactKind.DISTINCT,
    )
)  # fmt: skip
_OPEN = "f.recorded_to IS NULL"
# The rules tell a node that nothing names any more by a closed fact, of which there is one for each such node.
_GONE = (
    "INSERT INTO fact (src, s, key, rf, seg, kind, d, file, line, simple, rt) VALUES (0, ?, 0, 0, 0, "
    f"{int(FactKind.PROFILE)}, 0, 0, 0, 0, 0)"
)
_TO = [int(k) for k in (FactKind.HOLDS, FactKind.REPRESENTS, FactKind.MANAGES, FactKind.SAME_AS)]
_ROWS = listed(FACT_ROWS, "f")
ops: Any = pyarrow.compute
# Names and numbers of any time: what was closed may have led to a match that no longer follows.
_OUT = (
    "UNWIND $of AS n MATCH (f:Fact) WHERE f.subject = n AND f.kind IN $kinds AND f.key IS NOT NULL "
    f"AND (f.recorded_to IS NULL OR f.kind IN [{int(FactKind.PROFILE)}, {int(FactKind.ALIAS)}]) RETURN {_ROWS}"
)
_IN = (
    "UNWIND $of AS n MATCH (f:Fact) WHERE f.object = n AND f.kind IN $kinds AND f.recorded_to IS NULL "
    f"RETURN {_ROWS}"
)
_ANY_OUT = (
    "UNWIND $of AS n CALL (n) { MATCH (f:Fact) WHERE f.subject = n AND f.kind IN $every AND f.key IS NOT NULL "
    f"AND f.recorded_to IS NULL AND f.source <> $resolution RETURN f LIMIT 1 }} RETURN {_ROWS}"
)
_ANY_IN = (
    "UNWIND $of AS n CALL (n) { MATCH (f:Fact) WHERE f.object = n AND f.kind IN $every "
    f"AND f.recorded_to IS NULL AND f.source <> $resolution RETURN f LIMIT 1 }} RETURN {_ROWS}"
)
_APART = f"MATCH (f:Fact) WHERE f.kind = {int(FactKind.DISTINCT)} AND f.source = $officer AND f.recorded_to IS NULL RETURN {_ROWS}"
EVERY = [int(k) for k in FactKind]
_NAMES_OF = "UNWIND $of AS n MATCH (x:Name {number: n}) RETURN x.doc, x.number, x.closed, x.type, x.norm, x.pinyin, x.initials"
_BEARERS = (
    "UNWIND $of AS norm MATCH (x:Name) WHERE x.closed IN [0, 1] AND x.norm = norm RETURN DISTINCT x.number"
)
_PUT_NAMES = """
UNWIND $rows AS r CREATE (x:Name {doc: r[0], number: r[1], closed: r[2], type: r[3], norm: r[4], pinyin: r[5], initials: r[6],
kind: r[7], grams: r[8]})
"""


def is_settled(server: Server) -> bool:
    """Whether nothing is left to do."""
    return not server.read("MATCH (u:Unsettled) RETURN 1 LIMIT 1")


class _Asking(Partial):
    """Asks the settling that it belongs to."""

    settling: "Settling"

    def bring(self, nodes: set[int]) -> None:
        self.settling.bring(nodes)

    def bring_called(self, norms: Iterable[str]) -> None:
        self.settling.bring_called(norms)


class Settling:
    """One settling: a moment of its own where it changes facts."""

    def __init__(self, lease: Lease) -> None:
        self._work = Work(lease, _Asking)
        db = self._work.db
        assert isinstance(db, _Asking)  # noqa: S101
        db.settling = self
        self._db, self._server = db, lease.server
        self._there: set[int] = set()
        self._called: set[str] = set()
        self._ids: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._work.close()

    def settle(self) -> None:
        """Bring names and matches up to the facts."""
        unsettled = self._server.read("MATCH (u:Unsettled) RETURN elementId(u), u.numbers")
        touched = {n for _, numbers in unsettled for n in numbers}
        self._work.begin()
        self._bring_first(touched)
        self._db.executemany("INSERT OR IGNORE INTO unsettled VALUES (?)", ((n,) for n in sorted(touched)))
        settle(self._db)
        self._work.push()
        nodes = None if ALL_UNSETTLED in touched else touched
        self._side_by_side(self._names(nodes))
        self._put_docs()
        self._side_by_side(self._candidates(nodes))
        self._side_by_side([put(rows)] for rows in pieces(described(self._db, nodes, today()), AT_ONCE))
        gone = "MATCH (u:Unsettled) WHERE elementId(u) IN $of DELETE u"
        self._work.mark((gone, {"of": [row[0] for row in unsettled]}))

    # ------------------------------------------------------------ bringing
    def _bring_first(self, touched: set[int]) -> None:
        if ALL_UNSETTLED in touched:
            self._bring_everything()
            return
        rows = self._server.read(_APART, officer=self._number("officer"))
        self._keep(rows)
        docs = self._server.read("MATCH (c:CreditGraph) RETURN c.docs")[0][0] or [0] * len(SORTS)
        for sort, doc in zip(SORTS, docs, strict=True):
            if doc:
                self._db.execute(
                    "INSERT INTO name VALUES (?, 0, ?, ?, '', NULL, NULL)", (doc + 1, sort, NUMBER)
                )
        self.bring(touched)

    def _bring_everything(self) -> None:
        """What stands of the kinds that the rules look at; of others only whom they name."""
        named = []
        for table in columns(self._server, _KINDS, FACT_ROWS, Which(_OPEN)):
            self._work.keep_table(table)
            own = table.filter(ops.not_equal(table.column("src"), self._number("resolution")))
            named += [own.column(end).drop_null().to_numpy() for end in ("s", "o")]
        others = [kind for kind in EVERY if kind not in _KINDS]
        for table in columns(self._server, others, ("s", "o"), Which(_OPEN)):
            named += [table.column(end).drop_null().to_numpy() for end in ("s", "o")]
        found = entities(self._server, "true")
        self._work.keep_nodes(found)
        numbers = found.column("node").to_numpy()
        gone = numbers[~np.isin(numbers, np.unique(np.concatenate(named)) if named else [])]
        self._db.executemany(_GONE, ((n,) for n in gone.tolist()))
        self._there.add(ALL_UNSETTLED)

    def bring(self, nodes: set[int]) -> None:
        """All that the rules may ask of these nodes."""
        new = sorted(nodes - self._there) if ALL_UNSETTLED not in self._there else []
        self._there.update(new)
        resolution = self._number("resolution")
        for of in pieces(new, ASKED):
            self._work.bring_nodes(of)
            self._keep(self._server.read(_OUT, of=of, kinds=list(_KINDS)))
            self._keep(self._server.read(_IN, of=of, kinds=_TO))
            for any_ in (_ANY_OUT, _ANY_IN):
                self._keep(self._server.read(any_, of=of, resolution=resolution, every=EVERY))
            for row in self._server.read(_NAMES_OF, of=of):
                self._db.execute("INSERT OR IGNORE INTO name VALUES (?, ?, ?, ?, ?, ?, ?)", row)
                if row[3] != NUMBER:
                    part = "INSERT INTO name_part (rowid, grams) VALUES (?, ?)"
                    self._db.execute(part, (row[0], bigrams(row[4])))
        ends = "SELECT s AS n FROM fact UNION SELECT o FROM fact WHERE o IS NOT NULL"
        self._work.bring_nodes(
            [n for (n,) in self._db.execute(f"SELECT n FROM ({ends}) WHERE n NOT IN (SELECT n FROM node)")]
        )

    def bring_called(self, norms: Iterable[str]) -> None:
        """Who bears these names."""
        new = sorted(set(norms) - self._called)
        if ALL_UNSETTLED in self._there or not new:
            return
        self._called.update(new)
        found: set[int] = set()
        for of in pieces(new, ASKED):
            found |= {n for (n,) in self._server.read(_BEARERS, of=of)}
        self.bring(found)

    def _keep(self, rows: list[list[Any]]) -> None:
        self._work.keep_facts(rows)

    def _number(self, source: str) -> int:
        row = self._db.execute("SELECT src FROM source WHERE name = ?", (source,)).fetchone()
        return -1 if row is None else int(row[0])

    # ------------------------------------------------------------ giving back
    def _side_by_side(self, writes: Iterable[list[Step]]) -> None:
        """Transactions that do not meet, two at a time, few of them prepared ahead."""
        with ThreadPoolExecutor(WRITERS) as pool:
            waiting: deque[Future[None]] = deque()
            for steps in writes:
                waiting.append(pool.submit(self._work.lease.write, *steps))
                if len(waiting) > 2 * WRITERS:
                    waiting.popleft().result()
            for one in waiting:
                one.result()

    def _names(self, touched: set[int] | None) -> Iterator[list[Step]]:
        """Each entity's names change in one transaction."""
        rows: dict[int, list[list[Any]]] = {n: [] for n in touched or ()}
        found = self._db.execute(
            "SELECT doc, name.n, closed, type, norm, pinyin, initials, node.kind FROM name JOIN node USING (n) ORDER BY doc"
        )
        for row in found:
            if touched is None or row[1] in touched:
                grams = "" if row[3] == NUMBER else bigrams(row[4])
                rows.setdefault(row[1], []).append([*row, f"§{row[2]} {grams}" if grams else None])
        has_old = bool(self._server.read("MATCH (x:Name) RETURN 1 LIMIT 1"))
        gone = "UNWIND $of AS n MATCH (x:Name {number: n}) DELETE x"
        for nodes in pieces(rows, AT_ONCE // 2):
            new = [row for n in nodes for row in rows[n]]
            steps: list[Step] = [(gone, {"of": nodes})] if has_old else []
            yield [*steps, (_PUT_NAMES, {"rows": new})]

    def _put_docs(self) -> None:
        docs = [
            self._db.execute("SELECT coalesce(max(doc), 0) FROM name WHERE closed = ?", (sort,)).fetchone()[0]
            for sort in SORTS
        ]
        self._work.lease.write(("MATCH (c:CreditGraph) SET c.docs = $docs", {"docs": docs}))

    def _candidates(self, touched: set[int] | None) -> Iterator[list[Step]]:
        rows: dict[int, list[int]] = {n: [] for n in touched or ()}
        for n, key in self._db.execute("SELECT n, key FROM candidate"):
            if touched is None or n in touched:
                rows.setdefault(n, []).append(key)
        gone = "UNWIND $of AS n MATCH (x:Candidate {number: n}) DELETE x"
        put = "UNWIND $rows AS r CREATE (:Candidate {number: r[0], key: r[1]})"
        for nodes in pieces(rows, ASKED):
            pairs = [[n, key] for n in nodes for key in rows[n]]
            yield [(gone, {"of": nodes}), (put, {"rows": pairs})]
