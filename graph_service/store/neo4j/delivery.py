"""One delivery to the server: staged in transactions of bounded size, seen as a whole with its moment."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyarrow as pa

from graph_service.domain.errors import DeliveryRefused
from graph_service.store.base import DeliveryHeader, FactCounts
from graph_service.store.neo4j.schema import fact_map
from graph_service.store.neo4j.work import AT_ONCE, WRITERS, Work, pieces
from graph_service.store.sqlite.delivery import _FROM_ARROW, MANY, SqliteDelivery
from graph_service.store.sqlite.kinds import is_weak
from graph_service.store.sqlite.rows import tuples
from graph_service.store.sqlite.schema import FACT_COLUMNS

_FRESH = ("s", "key", *(c for c in FACT_COLUMNS[5:18]), "file", "line")
_CREATE = (
    "UNWIND $rows AS r CREATE (f:Fact {source: $src, recorded_from: $t, segment: 0, delivery: $d, alone: 1, "
    + fact_map(_FRESH)[1:]
    + ")"
)


class Neo4jDelivery(SqliteDelivery):
    """What is new of a source that speaks for the first time goes straight to the server; the rest is merged in memory."""

    def __init__(self, work: Work, header: DeliveryHeader) -> None:
        self._work = work
        self._writers = ThreadPoolExecutor(WRITERS)
        super().__init__(work.db, header)
        work.bring_covered(self._src)
        self._header = header
        self._touched: set[int] | None = set()
        work.begin(self._d)

    def _write_entities(self, rows: pa.Table) -> None:
        waiting = []
        for piece in pieces(tuples(rows, ("n", "id", "kind", "label")), AT_ONCE):
            values = [[n, id_, kind, bool(is_weak(id_)), label] for n, id_, kind, label in piece]
            waiting.append(self._writers.submit(self._work.put_entities, values))
        if not all([one.result() for one in waiting]):  # noqa: C419  (each is waited for)
            raise DeliveryRefused(
                f"{', '.join(self._header.files)} names an entity whose number in the store is another entity's; "
                "nothing of it was loaded, load the rest without it and report it."
            )

    def _write_fresh(self, rows: pa.Table) -> None:
        values: dict[str, object] = {"src": self._src, "t": self._t, "d": self._d}
        waiting = []
        for piece in pieces(tuples(rows, _FROM_ARROW), AT_ONCE):
            listed = [list(row) for row in piece]
            waiting.append(
                self._writers.submit(self._work.lease.write, (_CREATE, {"rows": listed, **values}))
            )
            self._note_touched(piece)
        for one in waiting:
            one.result()

    def _note_touched(self, rows: Sequence[Sequence[Any]]) -> None:
        if self._touched is None or self._added > MANY:
            self._touched = None
            return
        self._touched |= {n for row in rows for n in (row[0], row[3]) if n is not None}

    def _leave_unsettled(self) -> None:
        nodes = [0] if self._touched is None or self._added > MANY else sorted(self._touched)
        self._db.executemany("INSERT OR IGNORE INTO unsettled VALUES (?)", ((n,) for n in nodes))

    def apply(self, allow_ending: bool = False) -> FactCounts:
        """Work out what changes, and write it for nobody to see yet. Raises EndsTooMuch."""
        self._background.finish()
        if not self._fresh:
            self._bring()
        counts = super().apply(allow_ending)
        self._work.push()
        self._push_kept()
        return counts

    def _bring(self) -> None:
        """What of the source stands about the keys, scopes and places of these rows."""
        db, work = self._db, self._work
        keys = db.execute("SELECT kind, s, key FROM incoming").fetchall()
        places = [n for (n,) in db.execute("SELECT DISTINCT scope FROM incoming WHERE scope < 0")]
        work.bring_keys(self._src, keys)
        work.bring_scopes(self._src, {*places, *self._covered()})
        work.bring_entities()
        ends = "SELECT s FROM incoming UNION SELECT o FROM incoming WHERE o IS NOT NULL"
        work.bring_nodes([n for (n,) in db.execute(ends)])

    def _covered(self) -> list[int]:
        from graph_service.store.sqlite.merge import spoken_of  # noqa: PLC0415

        mine = next(s for s in spoken_of(self._db, self._src) if s.d == self._d)
        return [] if mine.covered is None or not mine.snapshot else [int(n) for n in mine.covered]

    def _push_kept(self) -> None:
        for table, label in (("reject", "Reject"), ("note", "Note")):
            rows = self._db.execute(f'SELECT d, file, line, raw, code, "column", message FROM {table}')
            said = (
                f"UNWIND $rows AS r CREATE (:{label} {{delivery: r[0], file: r[1], line: r[2], raw: r[3], code: r[4], "
                "column: r[5], message: r[6]})"
            )
            for piece in pieces(rows, AT_ONCE):
                self._work.lease.write((said, {"rows": [list(row) for row in piece]}))

    def stop(self) -> None:
        """Let go of the writing threads."""
        super().stop()
        self._writers.shutdown(wait=True, cancel_futures=True)
