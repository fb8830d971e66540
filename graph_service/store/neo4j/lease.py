"""One writer at a time: a lease on the node `CreditGraph`, by the server's clock, that every writing transaction renews.

A writer that is not heard of for `LEASE_SECONDS` has lost it: the next one sweeps away or completes what it left. Each
transaction of a writer ends with the guard, which locks that node; so nothing of a writer that lost its lease commits.
"""

import secrets
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from graph_service.domain.errors import StoreBusy
from graph_service.store.neo4j.connection import GUARD, Rows, Server, Step

LEASE_SECONDS = 30.0
_LOOK_AGAIN = 0.2
_REMEMBERED = 8  # more writes than are ever under way at once
_TAKE = """
MATCH (c:CreditGraph) SET c.touched = timestamp()
WITH c WHERE c.writer IS NULL OR c.writer = $me OR c.writer_until < timestamp()
SET c.writer = $me, c.writer_until = timestamp() + $lease RETURN c.staging_moment, c.staging_delivery
"""
_KEEP = f"""{GUARD}
MATCH (c:CreditGraph) SET c.touched = timestamp()
WITH c WHERE c.writer = $me SET c.writer_until = timestamp() + $lease,
c.writes = ([$token] + coalesce(c.writes, []))[..{_REMEMBERED}] RETURN 1
"""
_LEAVE = """
MATCH (c:CreditGraph) SET c.touched = timestamp()
WITH c WHERE c.writer = $me REMOVE c.writer, c.writer_until, c.writes
"""


class Lease:
    """The right to write, held by one process."""

    def __init__(self, server: Server, seconds: float) -> None:
        self.server, self._me = server, uuid.uuid4().hex
        self._values: dict[str, object] = {"me": self._me, "lease": int(seconds * 1000)}
        self._seconds = seconds
        self._stop = threading.Event()

    def write(self, *steps: Step) -> None:
        """Statements in one transaction, done once, undone when the lease is lost. Raises StoreBusy then."""
        token = secrets.token_hex(8)
        self.server.write(*steps, (_KEEP, self._values | {"token": token}), token=token)

    def mark(self, *steps: Step) -> None:
        """The same, asked before anything else: what another writer did meanwhile is no error of these statements."""
        token = secrets.token_hex(8)
        self.server.write((_KEEP, self._values | {"token": token}), *steps, token=token)

    def take(self, wait_seconds: float) -> tuple[int | None, int | None]:
        """Take it; what the last writer left unfinished: moment and delivery. Raises StoreBusy after waiting."""
        until = time.monotonic() + wait_seconds
        while not (rows := self._try()):
            if time.monotonic() >= until:
                raise StoreBusy(
                    f"Another process is writing to {self.server.url}; wait until it has finished and try again."
                )
            time.sleep(_LOOK_AGAIN)
        return rows[0][0], rows[0][1]

    def _try(self) -> Rows:
        return self.server.write((_TAKE, self._values))

    def leave(self) -> None:
        """Give it back."""
        self.server.write((_LEAVE, {"me": self._me}))

    @contextmanager
    def kept(self) -> Iterator[None]:
        """While it lasts, the lease is renewed also when nothing is written."""
        thread = threading.Thread(target=self._renew, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def _renew(self) -> None:
        while not self._stop.wait(self._seconds / 3):
            try:
                self.write()
            except StoreBusy:
                return
            except Exception:  # noqa: BLE001, S112  (a server that is away; the writing thread meets it and says so)
                continue
