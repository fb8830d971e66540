"""What follows from committed deliveries: indexes, the search index of names, matches of ids.

Deliveries leave the nodes they touched in `unsettled`; settling is one transaction, so that a process killed before
it leaves work for the next writer and nothing wrong.
"""

import sqlite3

from graph_service.store.sqlite import moments
from graph_service.store.sqlite.delivery import ALL_UNSETTLED
from graph_service.store.sqlite.matches import settle_all, settle_touched
from graph_service.store.sqlite.names import index_all_names, index_names
from graph_service.store.sqlite.schema import INDEXES


def is_settled(db: sqlite3.Connection) -> bool:
    """Whether nothing is left to do."""
    return db.execute("SELECT 1 FROM unsettled LIMIT 1").fetchone() is None


def settle(db: sqlite3.Connection) -> None:
    """Bring indexes, names and matches up to the facts."""
    if is_settled(db):
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        _settle(db)
        db.execute("COMMIT")
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")


def _settle(db: sqlite3.Connection) -> None:
    touched = [n for (n,) in db.execute("SELECT n FROM unsettled")]
    if ALL_UNSETTLED in touched:
        named = index_all_names(db)
        _create_indexes(db)
        delta = settle_all(db, named)
    else:
        _create_indexes(db)
        index_names(db, touched)
        delta = settle_touched(db, touched)
    if delta is not None:
        moments.record(db, "matches", delta)
    db.execute("DELETE FROM unsettled")


def _create_indexes(db: sqlite3.Connection) -> None:
    for statement in INDEXES.split(";\n"):
        if statement.strip():
            db.execute(statement)
