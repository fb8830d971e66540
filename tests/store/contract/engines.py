"""The engines that the contract suite runs on: a name, and how to open a fresh store in a folder."""

from collections.abc import Callable
from pathlib import Path

from graph_service.store.base import GraphStore
from graph_service.store.sqlite import SqliteStore

ENGINES: dict[str, Callable[[Path], GraphStore]] = {"sqlite": lambda folder: SqliteStore(folder / "store.db")}
