"""Stores by their settings, for reading and writing."""

from graph_service.domain.errors import StoreError
from graph_service.settings import Settings
from graph_service.store.base import GraphStore
from graph_service.store.opening import open_store


def store_of(settings: Settings) -> GraphStore:
    """The store that the settings name, which may not be there yet. Raises WrongCall."""
    return open_store(settings.store, settings.neo4j_user, settings.neo4j_password, settings.home)


def existing_store(settings: Settings) -> GraphStore:
    """The store that the settings name. Raises WrongCall for a URL of no known kind, StoreError where there is none."""
    store = store_of(settings)
    is_there = False
    try:
        is_there = store.exists()
    finally:
        if not is_there:
            store.close()
    if not is_there:
        place = settings.store.removeprefix("sqlite:///")
        message = f"There is no store at '{place}'; `credit-graph load` makes one, --store names another."
        raise StoreError(message)
    return store
