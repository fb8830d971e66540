"""A Neo4j server: questions to it, and its errors said in one sentence."""

import logging
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import neo4j
from neo4j import exceptions

from graph_service.domain.errors import StoreBusy, StoreError

CONNECT_SECONDS = 10.0
RETRY_SECONDS = 15.0
LEAST_VERSION = (5, 23)
Rows = list[list[Any]]
Step = tuple[str, dict[str, object]]


@dataclass(frozen=True, slots=True)
class Login:
    """Where a server is and who asks. `password` None: without one."""

    url: str
    user: str = "neo4j"
    password: str | None = field(default=None, repr=False)


class Server:
    """One server, asked from any thread. Connects with the first question."""

    def __init__(self, login: Login) -> None:
        self.url = login.url
        self._was_reached = False
        # What the driver logs is said once more, and better, by the error that it raises.
        logging.getLogger("neo4j").addHandler(logging.NullHandler())
        auth = None if login.password is None else (login.user, login.password)
        with said(self.url):
            self._driver = neo4j.GraphDatabase.driver(
                login.url,
                auth=auth,
                connection_timeout=CONNECT_SECONDS,
                connection_acquisition_timeout=4 * CONNECT_SECONDS,
                max_transaction_retry_time=RETRY_SECONDS,
                notifications_min_severity="OFF",
                user_agent="credit-graph",
            )

        weakref.finalize(self, self._driver.close)  # a store that an error kept from being closed

    def read(self, query: str, **values: object) -> Rows:
        """All rows of a reading question: in one round trip, and with the driver's patience where that fails."""
        with said(self.url), self._reached().session(default_access_mode=neo4j.READ_ACCESS) as session:
            try:
                return session.run(query, values).values()
            except (exceptions.Neo4jError, exceptions.DriverError) as error:
                if not error.is_retryable():
                    raise
                return session.execute_read(lambda tx: tx.run(query, values).values())

    def stream(self, query: str, **values: object) -> Iterator[list[Any]]:
        """Rows of a reading question as they come."""
        with said(self.url), self._reached().session(default_access_mode=neo4j.READ_ACCESS) as session:
            for record in session.run(query, values):
                yield record.values()

    def write(self, *steps: Step, token: str | None = None) -> Rows:
        """Statements in one transaction, repeated by the driver when the server asks for it; the last one's rows.

        A statement that has to find something, and returns no row, undoes the transaction: see `Lost`. With a token,
        which one of the statements leaves in the store, a transaction that was committed although the answer to it
        was lost is not done twice; no rows then.
        """
        attempts = count()

        def work(tx: neo4j.ManagedTransaction) -> Rows:
            if next(attempts) and token is not None and tx.run(WRITTEN, token=token).values():
                return []
            rows: Rows = []
            for query, values in steps:
                rows = tx.run(query, values).values()
                if query.startswith(GUARD) and not rows:
                    raise Lost
            return rows

        with said(self.url), self._reached().session() as session:
            return session.execute_write(work)

    def run(self, query: str, **values: object) -> Rows:
        """A statement that brings its own transactions (CALL … IN TRANSACTIONS, schema)."""
        with said(self.url), self._reached().session() as session:
            return session.run(query, values).values()

    def _reached(self) -> neo4j.Driver:
        """The driver. A server that never answered is told of at once; later failures are tried again for a while."""
        if not self._was_reached:
            self._driver.verify_connectivity()
            self._was_reached = True
        return self._driver

    def close(self) -> None:
        """Let go of the connections."""
        self._driver.close()


GUARD = "/* guard */"
WRITTEN = "MATCH (c:CreditGraph) WHERE $token IN c.writes RETURN 1"


class Lost(StoreBusy):
    """The writer's lease went to another writer."""

    def __init__(self) -> None:
        super().__init__(
            "Another process took over writing, because this one had not been heard of for too long; run it again."
        )


@contextmanager
def said(url: str) -> Iterator[None]:
    """Turn the driver's errors into one sentence each."""
    try:
        yield
    except (exceptions.Neo4jError, exceptions.DriverError, OSError, ValueError) as error:
        raise sentence(url, error) from error


# Words in an error's code or text, and what they mean for whoever runs the command.
_MEANINGS = (
    (
        ("ReadOnly", "read-only", "read only"),
        "The database at {url} is read-only; allow writing on the server or name another store.",
    ),
    (
        ("No space left", "TransactionLogError", "TransactionCommitFailed", "TransactionStartFailed"),
        "The disk of the Neo4j server at {url} is full or failed; free space, restart it, try again.",
    ),
    (
        ("OutOfMemory", "MemoryLimit"),
        "The Neo4j server at {url} has too little memory; raise its heap and run the command again.",
    ),
    (
        ("CreationFailed", "fulltext", "ProcedureCallFailed"),
        "An index of the store at {url} is missing or failed, as on a full disk; free space, then run any `load`.",
    ),
    (
        ("DatabaseUnavailable", "DatabaseNotFound"),
        "The database at {url} is not available; see the server's log, then try again.",
    ),
)


def sentence(url: str, error: Exception) -> StoreError:
    """What went wrong with the server at `url`, and what to do."""
    code = str(getattr(error, "code", "") or "")
    if isinstance(error, exceptions.AuthError) or "Security" in code:
        return _refused(url, code)
    if isinstance(error, exceptions.ConfigurationError | ValueError):
        return StoreError(f"{url} is no address that the Neo4j driver understands; give neo4j://HOST:7687.")
    if isinstance(error, exceptions.ServiceUnavailable | exceptions.SessionExpired | OSError):
        return StoreError(
            f"The Neo4j server at {url} does not answer; start it and run the same command again."
        )
    said_so = f"{code} {error}"
    unknown = "The Neo4j server at {url} refused ({code}); see the server's log."
    found = next((text for words, text in _MEANINGS if any(w in said_so for w in words)), unknown)
    return StoreError(found.format(url=url, code=code or type(error).__name__))


def _refused(url: str, code: str) -> StoreError:
    if "AuthenticationRateLimit" in code:
        return StoreError(
            f"The Neo4j server at {url} locked this user after wrong passwords; wait a while, try again."
        )
    return StoreError(
        f"The Neo4j server at {url} refused the user or password; set CREDIT_GRAPH_NEO4J_USER and "
        "CREDIT_GRAPH_NEO4J_PASSWORD."
    )
