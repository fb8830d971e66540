"""From a store's address to a store."""

from pathlib import Path

from graph_service.domain.errors import WrongCall
from graph_service.store.base import GraphStore
from graph_service.store.sqlite import SqliteStore

SQLITE = "sqlite:///"


def open_store(url: str) -> GraphStore:
    """The store at `sqlite:///PATH`. Opening makes no file; the first write does. Raises WrongCall."""
    if url.startswith(SQLITE) and len(url) > len(SQLITE):
        return SqliteStore(Path(url.removeprefix(SQLITE)))
    raise WrongCall(f"{url} is no store's address; give sqlite:///PATH.")
