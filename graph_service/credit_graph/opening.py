"""Stores by URL, for reading and writing."""

from graph_service.domain.errors import StoreError
from graph_service.settings import sqlite_path
from graph_service.store.base import GraphStore
from graph_service.store.opening import open_store


def existing_store(url: str) -> GraphStore:
    """The store behind a URL. Raises WrongCall for a URL of no known kind, StoreError where there is no store."""
    store = open_store(url)
    path = sqlite_path(url)
    if path is not None and not path.exists():
        message = f"There is no store at '{path}'; `credit-graph load` makes one, --store names another."
        raise StoreError(message)
    return store
