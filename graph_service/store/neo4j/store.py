"""`Neo4jStore`: a server's graph behind the same port as the embedded store."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from graph_service.domain.errors import UnknownBatch, WrongPersonKey
from graph_service.store.base import Delivery, Derived, Reject
from graph_service.store.history import History
from graph_service.store.neo4j import derived, moving, settle, sweep
from graph_service.store.neo4j.connection import Login, Server
from graph_service.store.neo4j.lease import LEASE_SECONDS, Lease
from graph_service.store.neo4j.lists import Lists
from graph_service.store.neo4j.rows import Neo4jRows
from graph_service.store.neo4j.schema import broken, prepare, require_ours, require_version
from graph_service.store.neo4j.tables import Tables
from graph_service.store.neo4j.writer import Neo4jWriter
from graph_service.store.sqlite.delivery import today
from graph_service.store.view import FactView

WAIT_SECONDS = 45.0
_DELIVERY = """
MATCH (d:Delivery) WHERE {which} MATCH (s:Source {{number: d.source}}) MATCH (m:Moment {{number: d.moment}})
OPTIONAL MATCH (w:Moment {{number: d.withdrawn}})
RETURN d.batch, s.name, d.mode, d.date, d.files, d.sha256, m.recorded, w.recorded, d.report ORDER BY d.moment
"""
_KEPT = """
MATCH (d:Delivery) WHERE {which} MATCH (r:{label} {{delivery: d.number}})
RETURN d.batch, d.files, r.file, r.line, r.raw, r.code, r.column, r.message ORDER BY d.number, r.file, r.line
"""


class Neo4jStore:
    """A store on a server. Many processes may read while one writes.

    `kept`: folder for the tables that projections read; without it they are read whole every time.
    """

    has_tools = True

    def __init__(
        self,
        login: Login,
        kept: Path | None = None,
        *,
        wait_seconds: float = WAIT_SECONDS,
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        self.url = login.url
        self._server = Server(login)
        self._tables, self._lists = Tables(self._server, kept), Lists(self._server)
        self._wait, self._lease_seconds = wait_seconds, lease_seconds
        self._is_checked = False

    def exists(self) -> bool:
        """Whether the server holds a store."""
        require_version(self._server)
        return require_ours(self._server)

    @contextmanager
    def writer(self) -> Iterator[Neo4jWriter]:
        """The writer; first completes or sweeps away what a killed one left, and settles."""
        prepare(self._server)
        self._is_checked = True
        lease = Lease(self._server, self._lease_seconds)
        left, _ = lease.take(self._wait)
        try:
            with lease.kept():
                if left is not None:
                    sweep.complete(lease)
                derived.sweep(lease)
                writer = Neo4jWriter(lease)
                writer.settle()
                yield writer
        finally:
            lease.leave()

    def view(self, as_of: int | None = None, known_at: int | None = None) -> FactView:
        """A view; default today in Asia/Shanghai, and now."""
        return FactView(
            Neo4jRows(self._checked(), known_at, self._tables, self._lists),
            today() if as_of is None else as_of,
        )

    def show(self, as_of: int, results: Derived | None = None) -> None:
        """Draw a day, and what was derived instead of what was before; nothing in a database without a store."""
        if not self.exists():
            return
        with self.writer() as writer:
            writer.show(as_of, results)

    def deliveries(self) -> list[Delivery]:
        """All deliveries, withdrawn ones included, in order of recording."""
        return [_delivery(row) for row in self._read(_DELIVERY.format(which="d.moment IS NOT NULL"))]

    def standing(self, batch: str) -> Delivery | None:
        """The delivery with this key that is not withdrawn."""
        rows = self._read(_DELIVERY.format(which="d.batch = $batch AND d.withdrawn IS NULL"), batch=batch)
        return _delivery(rows[0]) if rows else None

    def rejected(self, batch: str | None = None) -> Iterator[Reject]:
        """Rejected rows, of one delivery or all that stand."""
        return self._kept("Reject", batch)

    def noted(self, batch: str | None = None) -> Iterator[Reject]:
        """Notes on rows that were loaded."""
        return self._kept("Note", batch)

    def content(self, known_at: int | None = None) -> str:
        """32 hex digits: the sum modulo 2**128 of the visible facts' numbers at that moment."""
        rows = self._last("m.content", known_at)
        return str(rows[0][0]) if rows else f"{0:032x}"

    def moment(self) -> int:
        """When the last change was recorded; 0 for an empty store."""
        rows = self._last("m.recorded", None)
        return int(rows[0][0]) if rows else 0

    def person_key_fingerprint(self) -> str | None:
        """Fingerprint of the key that persons were loaded with; None before the first."""
        rows = self._read("MATCH (c:CreditGraph) RETURN c.person_key_fingerprint")
        return None if not rows or rows[0][0] is None else str(rows[0][0])

    def bind_person_key(self, fingerprint: str) -> None:
        """Fix the key of this store. Raises WrongPersonKey when another one is bound."""
        if self.person_key_fingerprint() is None:
            prepare(self._server)
            said = (
                "MATCH (c:CreditGraph) SET c.touched = timestamp() "
                "SET c.person_key_fingerprint = coalesce(c.person_key_fingerprint, $key)"
            )
            self._server.write((said, {"key": fingerprint}))
        if self.person_key_fingerprint() != fingerprint:
            raise WrongPersonKey(
                f"The store {self.url} was filled with another person key; set CREDIT_GRAPH_PERSON_KEY to that one."
            )

    def source_ranks(self) -> dict[int, tuple[str, int]]:
        """Number in RELATIONS_SCHEMA.source -> (template, rank)."""
        rows = self._read("MATCH (s:Source) RETURN s.number, s.name, s.rank ORDER BY s.number")
        return {src: (name, rank) for src, name, rank in rows}

    def problems(self) -> list[str]:
        """What a check of the store finds wrong, one sentence each."""
        found = []
        if self._read("MATCH (c:CreditGraph) WHERE c.staging_moment IS NOT NULL RETURN 1"):
            found.append(
                "A change was cut off before it was complete; run any `load` again to complete or undo it."
            )
        if self.exists() and broken(self._server):
            found.append(
                "An index of the store is missing or failed, as on a full disk; run any `load` to build it anew."
            )
        if not settle.is_settled(self._checked()):
            found.append(
                "A load was cut off before its matches were settled; run any `load` again to settle them."
            )
        return found

    @contextmanager
    def history(self) -> Iterator[History]:
        """All that it holds; nobody writes meanwhile."""
        if not self.exists():
            with moving.history(self._server) as found:
                yield found
            return
        with self.writer(), moving.history(self._server) as found:
            yield found

    def receiving(self) -> AbstractContextManager[moving.Neo4jReceiver]:
        """Begin a store here from another one's history. Raises StoreError where one is."""
        return moving.receiving(self._server, Lease(self._server, self._lease_seconds), self._wait)

    def close(self) -> None:
        """Let go of the connections."""
        self._server.close()

    def _checked(self) -> Server:
        """The server, once it is known to hold a store of ours or nothing."""
        if not self._is_checked:
            require_version(self._server)
            require_ours(self._server)
            self._is_checked = True
        return self._server

    def _read(self, query: str, **values: object) -> list[list[Any]]:
        return self._checked().read(query, **values)

    def _last(self, what: str, known_at: int | None) -> list[list[Any]]:
        query = f"MATCH (m:Moment) WHERE $at IS NULL OR m.recorded <= $at RETURN {what} ORDER BY m.number DESC LIMIT 1"
        return self._read(query, at=known_at)

    def _kept(self, label: str, batch: str | None) -> Iterator[Reject]:
        if batch is not None and not self._read(
            "MATCH (d:Delivery {batch: $batch}) RETURN 1 LIMIT 1", batch=batch
        ):
            raise UnknownBatch(f"No delivery has the key {batch}; `credit-graph batches` lists them.")
        which = "d.withdrawn IS NULL" if batch is None else "d.batch = $batch"
        values = {} if batch is None else {"batch": batch}
        for key, files, file, line, raw, code, column, message in self._checked().stream(
            _KEPT.format(label=label, which=which), **values
        ):
            yield Reject(key, files.split("\x1f")[file], line, raw, code, column, message)


def _delivery(row: list[Any]) -> Delivery:
    batch, template, mode, date, files, sha256, recorded, withdrawn, report = row
    return Delivery(
        batch, template, mode, date, tuple(files.split("\x1f")), sha256, recorded, withdrawn, report or "{}"
    )
