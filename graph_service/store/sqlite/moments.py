"""Numbered changes of the store: when each was recorded, and what the content was after it."""

import sqlite3
import time

from graph_service.domain.facts import CONTENT_MODULUS


def last(db: sqlite3.Connection) -> tuple[int, int, int]:
    """Number, moment and content of the last change; zeros for an empty store."""
    found = db.execute("SELECT t, recorded, content FROM moment ORDER BY t DESC LIMIT 1").fetchone()
    return (found[0], found[1], int(found[2], 16)) if found else (0, 0, 0)


def at(db: sqlite3.Connection, known_at: int | None) -> tuple[int, int, int]:
    """Number, moment and content of the last change recorded up to `known_at` (None: now)."""
    if known_at is None:
        return last(db)
    found = db.execute(
        "SELECT t, recorded, content FROM moment WHERE recorded <= ? ORDER BY recorded DESC LIMIT 1",
        (known_at,),
    ).fetchone()
    return (found[0], found[1], int(found[2], 16)) if found else (0, 0, 0)


def record(db: sqlite3.Connection, what: str, delta: int) -> str:
    """Number the change under way; `delta` is what it does to the content. Returns the content in hex.

    Moments increase strictly, also when the clock does not.
    """
    t, recorded, content = last(db)
    now = max(time.time_ns() // 1000, recorded + 1)
    text = f"{(content + delta) % CONTENT_MODULUS:032x}"
    db.execute("INSERT INTO moment VALUES (?, ?, ?, ?)", (t + 1, now, what, text))
    return text


def next_number(db: sqlite3.Connection) -> int:
    """The number that the change under way will have."""
    return last(db)[0] + 1
