"""Facts of which there is one at a time: the representative that the register gives a firm, its address.

They share a *place*, a scope with a negative number. All that is stated in one place forms one time line, so that
what is stated later ends what stood, whatever the order of loading. In a place of several keys no fact is `simple`.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from graph_service.domain.timeline import Statement

# Built when a source speaks for the second time; the first load pays nothing for them.
_INDEXES = (
    "CREATE INDEX IF NOT EXISTS fact_place ON fact (scope) WHERE scope < 0 AND rt IS NULL AND simple = 1",
    "CREATE INDEX IF NOT EXISTS statement_place ON statement (scope) WHERE scope < 0",
)
_FACTS = "fact f INDEXED BY fact_place"
_STATEMENTS = "statement st INDEXED BY statement_place"
_FACT = "f.scope < 0 AND f.rt IS NULL AND f.simple = 1 AND f.src = ?1"
_STATEMENT = "st.scope < 0 AND st.src = ?1"
# Rows of `incoming` in whose place nothing stands yet.
NOTHING_BESIDE = (
    f"(coalesce(i.scope, 0) >= 0 OR (NOT EXISTS (SELECT 1 FROM {_FACTS} WHERE f.scope = i.scope AND {_FACT}) "
    f"AND NOT EXISTS (SELECT 1 FROM {_STATEMENTS} WHERE st.scope = i.scope AND {_STATEMENT})))"
)
_IN_PLACE = (
    f"SELECT f.kind, f.s, f.key FROM {_FACTS} WHERE f.scope = ?2 AND {_FACT} "
    f"UNION SELECT st.kind, st.s, st.key FROM {_STATEMENTS} WHERE st.scope = ?2 AND {_STATEMENT}"
)
_BESIDE_INCOMING = (
    f"SELECT f.kind, f.s, f.key FROM incoming i CROSS JOIN {_FACTS} ON f.scope = i.scope WHERE {_FACT} "
    f"UNION SELECT st.kind, st.s, st.key FROM incoming i CROSS JOIN {_STATEMENTS} ON st.scope = i.scope WHERE {_STATEMENT} "
    "EXCEPT SELECT kind, s, key FROM incoming"
)
BESIDE_DELIVERY = (
    f"SELECT st.kind, st.s, st.key FROM statement mine CROSS JOIN {_STATEMENTS} ON st.scope = mine.scope "
    f"WHERE mine.src = ?1 AND mine.d = ?2 AND {_STATEMENT}"
)
_FROM_EVER = -(1 << 62)


def keep_indexes(db: sqlite3.Connection) -> None:
    """Make places quick to look up."""
    for sql in _INDEXES:
        db.execute(sql)


def is_place(scope: int | None) -> bool:
    """Whether a scope is a place for one."""
    return scope is not None and scope < 0


def keys_in(db: sqlite3.Connection, src: int, scope: int) -> list[tuple[int, int, int]]:
    """Keys (kind, subject, key) of which a source ever spoke in one place."""
    return [(kind, s, key) for kind, s, key in db.execute(_IN_PLACE, (src, scope))]


def beside_incoming(db: sqlite3.Connection, src: int) -> list[tuple[int, int, int]]:
    """Keys that share a place with what is incoming, and are not incoming themselves."""
    return [(kind, s, key) for kind, s, key in db.execute(_BESIDE_INCOMING, (src,))]


def in_order(statements: Iterable[Statement]) -> list[Statement]:
    """Of two of one day, the one that began later is the later."""
    by_day = sorted(
        statements,
        key=lambda s: (s.date, _FROM_EVER if s.valid_from is None else s.valid_from, s.order),
    )
    return [replace(s, order=place) for place, s in enumerate(by_day)]
