"""The engines that the contract suite runs on: a name, and how to open a fresh store in a folder."""

from collections.abc import Callable
from pathlib import Path

from graph_service.store.base import GraphStore
from graph_service.store.neo4j import Neo4jStore
from graph_service.store.neo4j.connection import Login
from graph_service.store.sqlite import SqliteStore
from tests import neo4j_server


class LentStore(Neo4jStore):
    """A store on a server of the pool, which others get when it is closed."""

    def close(self) -> None:
        """Let go of the server."""
        super().close()
        neo4j_server.POOL.give_back(self.url)


def on_server(_folder: Path) -> GraphStore:
    """An empty store on a server of its own."""
    neo4j_server.require()
    return LentStore(Login(neo4j_server.POOL.borrow()))


ENGINES: dict[str, Callable[[Path], GraphStore]] = {
    "sqlite": lambda folder: SqliteStore(folder / "store.db"),
    "neo4j": on_server,
}


def examples(engine: str, count: int) -> int:
    """How many random examples to try: a server takes a hundred times as long for a small one as a file does."""
    return count if engine == "sqlite" else max(3, count // 3)
