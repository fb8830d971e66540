"""The one writer of a server: deliveries, withdrawals, officers' decisions, settling; each seen whole or not at all."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from graph_service.domain.entities import node_number
from graph_service.domain.errors import BatchConflict, UnknownBatch
from graph_service.domain.facts import Fact
from graph_service.store.base import DeliveryHeader, Derived, FactCounts
from graph_service.store.content import key_number
from graph_service.store.neo4j import derived, settle, sweep
from graph_service.store.neo4j.delivery import Neo4jDelivery
from graph_service.store.neo4j.lease import Lease
from graph_service.store.neo4j.schema import listed
from graph_service.store.neo4j.work import FACT_ROWS, STATEMENT_COLUMNS, Work
from graph_service.store.sqlite.kinds import KIND_NAMES
from graph_service.store.sqlite.writer import OFFICER, SqliteWriter, entities_of

_MEMORY = Path(":memory:")
_ALONE = f"MATCH (f:Fact) WHERE f.source = $src AND f.delivery = $d AND f.recorded_to IS NULL RETURN {listed(FACT_ROWS, 'f')}"
_SAID = f"MATCH (s:Statement {{delivery: $d}}) RETURN {listed(STATEMENT_COLUMNS, 's')}"
_BOUNDED = "MATCH (s:Statement) WHERE s.source = $src AND s.scope IS NOT NULL RETURN DISTINCT s.kind, s.subject, s.key"


class Neo4jWriter:
    """Writes to one server. Obtained from the store."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease

    @contextmanager
    def delivery(self, header: DeliveryHeader) -> Iterator[Neo4jDelivery]:
        """Begin a delivery; what is not committed when the block ends is swept away."""
        work = Work(self._lease)
        try:
            self._refuse_conflict(work, header)
            delivery = Neo4jDelivery(work, header)
            is_whole = False
            try:
                yield delivery
                if delivery.is_committed:
                    work.mark()
                    is_whole = True
            finally:
                delivery.stop()
                if not is_whole:
                    sweep.sweep(self._lease)
            sweep.complete(self._lease)
        finally:
            work.close()

    def withdraw(self, batch: str) -> FactCounts:
        """Close the delivery's assertions; what only it said is closed, what it ended stands again."""
        with self._changing() as work:
            found = work.db.execute(
                "SELECT d, src, mode = 'snapshot' FROM delivery WHERE batch = ? AND withdrawn IS NULL",
                (batch,),
            ).fetchone()
            if not found:
                raise UnknownBatch(
                    f"No delivery with the key {batch} stands; `credit-graph batches` lists them."
                )
            self._bring_spoken(work, *found)
            return SqliteWriter(work.db, _MEMORY).withdraw(batch)

    def decide(self, facts: Sequence[Fact], end: Sequence[Fact] = ()) -> FactCounts:
        """State or end an officer's facts. A repeated statement of the same key replaces the earlier one."""
        with self._changing() as work:
            work.put_entities(
                [[n, e, KIND_NAMES[kind], bool(weak), None] for n, e, kind, weak in entities_of(facts)]
            )
            row = work.db.execute("SELECT src FROM source WHERE name = ?", (OFFICER,)).fetchone()
            if row:
                keys = [(int(f.kind), node_number(f.subject), key_number(f)) for f in (*facts, *end)]
                work.bring_keys(row[0], keys)
                work.bring_entities()
            return SqliteWriter(work.db, _MEMORY).decide(facts, end)

    def settle(self) -> None:
        """Matches, names and indexes of what was touched."""
        sweep.complete(self._lease)
        if settle.is_settled(self._lease.server):
            return
        with self._swept(), settle.Settling(self._lease) as work:
            work.settle()
        sweep.complete(self._lease)

    def show(self, as_of: int, results: Derived | None = None) -> None:
        """Let the server's own tools show a day, and these derived results instead of those before."""
        sweep.draw(self._lease, as_of)
        derived.replace(self._lease, results, as_of)

    @contextmanager
    def _changing(self) -> Iterator[Work]:
        """Brought, changed inside the block, given back, marked."""
        work = Work(self._lease)
        try:
            with self._swept():
                work.begin()
                yield work
                work.push()
                work.mark()
        finally:
            work.close()
        sweep.complete(self._lease)

    @contextmanager
    def _swept(self) -> Iterator[None]:
        """What failed inside leaves nothing behind."""
        try:
            yield
        except BaseException:
            sweep.sweep(self._lease)
            raise

    def _refuse_conflict(self, work: Work, header: DeliveryHeader) -> None:
        found = work.db.execute(
            "SELECT sha256 FROM delivery WHERE batch = ? AND withdrawn IS NULL", (header.batch,)
        ).fetchone()
        if found and found[0] != header.content_sha256:
            raise BatchConflict(
                f"Batch {header.batch} was loaded before with other content; choose another --batch or withdraw it."
            )
        if found:
            raise BatchConflict(f"Batch {header.batch} is loaded already.")

    def _bring_spoken(self, work: Work, d: int, src: int, is_list: int) -> None:
        """Whatever may change without this delivery."""
        work.bring_covered(src)
        facts = work.server.read(_ALONE, src=src, d=d)
        said = work.server.read(_SAID, d=d)
        keys = {(row[5], row[1], row[2]) for row in facts} | {(row[1], row[2], row[3]) for row in said}
        if is_list:
            keys |= {(kind, s, key) for kind, s, key in work.server.read(_BOUNDED, src=src)}
        work.bring_keys(src, keys)
        places = "SELECT scope FROM statement WHERE scope < 0 UNION SELECT scope FROM fact WHERE scope < 0"
        work.bring_scopes(src, [n for (n,) in work.db.execute(places)])
        work.bring_entities()
