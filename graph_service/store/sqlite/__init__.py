"""The embedded store: one SQLite file. The only SQL over facts."""

from graph_service.store.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
