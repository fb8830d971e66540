"""From a store's address to a store."""

from pathlib import Path
from urllib.parse import urlsplit

from graph_service.domain.errors import WrongCall
from graph_service.store.base import GraphStore
from graph_service.store.sqlite import SqliteStore

SQLITE = "sqlite:///"
KEPT = "tables"  # folder inside a home for what was read of a server
SERVERS = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")


def open_store(
    url: str, user: str = "neo4j", password: str | None = None, home: Path | None = None
) -> GraphStore:
    """The store at `sqlite:///PATH` or `neo4j://HOST:PORT`. Opening writes nothing and asks nothing. Raises WrongCall."""
    if url.startswith(SQLITE) and len(url) > len(SQLITE):
        return SqliteStore(Path(url.removeprefix(SQLITE)))
    parts = urlsplit(url)
    if parts.scheme in SERVERS and parts.hostname:
        if parts.username or parts.password:
            raise WrongCall(
                f"The address of {parts.hostname} holds a user or password; set CREDIT_GRAPH_NEO4J_USER and "
                "CREDIT_GRAPH_NEO4J_PASSWORD instead."
            )
        return _server(url, user, password, home)
    shown = url if "@" not in url else f"{parts.scheme}://…"
    raise WrongCall(f"{shown} is no store's address; give sqlite:///PATH or neo4j://HOST:7687.")


def _server(url: str, user: str, password: str | None, home: Path | None) -> GraphStore:
    from graph_service.store.neo4j import Neo4jStore  # noqa: PLC0415  (the driver loads slowly)
    from graph_service.store.neo4j.connection import Login  # noqa: PLC0415

    return Neo4jStore(Login(url, user, password), None if home is None else home / KEPT)
