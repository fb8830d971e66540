"""An empty server, and stores on it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph_service.store.neo4j import Neo4jStore
from graph_service.store.neo4j.connection import Login
from tests import neo4j_server
from tests.cli.conftest import run

__all__ = ["run"]  # the command line, as its own tests run it
Opener = Callable[..., Neo4jStore]


@pytest.fixture
def url() -> Iterator[str]:
    """The address of an empty server."""
    neo4j_server.require()
    lent = neo4j_server.POOL.borrow()
    yield lent
    neo4j_server.POOL.give_back(lent)


@pytest.fixture
def opened(url: str) -> Iterator[Opener]:
    """Opens stores on it, closed at the end."""
    stores = []

    def open_(kept: Path | None = None, **more: float) -> Neo4jStore:
        stores.append(Neo4jStore(Login(url), kept, **more))
        return stores[-1]

    yield open_
    for store in stores:
        store.close()
