"""What the matching rules look at, for the whole store: after a first big load."""

import sqlite3

from graph_service.store.matching import (
    APART,
    MOVED,
    NAMES,
    NUMBERS,
    STAFF,
    WEAK,
    OrganisationInputs,
    PersonInputs,
)
from graph_service.store.sqlite.gather import NAMED, apart, moved, numbers
from graph_service.store.sqlite.nearby import (
    EVERYWHERE,
    PERSON,
    SAME,
    STAFF_KINDS,
    arrow_rows,
    arrow_table,
    named_by_facts,
)

_MOVES = f"SELECT f.s, f.o, source.name FROM {EVERYWHERE} WHERE spoken.kind = {SAME} AND f.rt IS NULL"


def all_organisations(db: sqlite3.Connection) -> OrganisationInputs:
    """Everything about names and numbers of organisations; leaves the names for `all_persons`."""
    db.execute("DROP TABLE IF EXISTS temp.naming_all")
    db.execute(f"CREATE TEMP TABLE naming_all AS {NAMED.format(near=EVERYWHERE)}")
    db.execute("CREATE INDEX temp.naming_all_s ON naming_all (s)")
    names = f"SELECT f.* FROM naming_all f JOIN node n ON n.n = f.s WHERE n.kind <> {PERSON} AND n.weak = 0"
    return OrganisationInputs(
        arrow_rows(_weak(db, f"kind <> {PERSON}"), WEAK),
        arrow_table(db.execute(names), NAMES),
        arrow_table(db.execute(numbers(EVERYWHERE)), NUMBERS),
        arrow_table(apart(db), APART),
    )


def all_persons(db: sqlite3.Connection) -> PersonInputs:
    """Everything about persons of enterprises."""
    moves = moved(db, db.execute(_MOVES).fetchall())
    staff = (
        f"SELECT f.s, n.weak, e.id, p.name FROM {EVERYWHERE} JOIN node n ON n.n = f.s AND n.kind = {PERSON} "
        "JOIN node e ON e.n = f.o AND (n.weak = 0 OR e.weak = 1) JOIN naming_all p ON p.s = f.s "
        f"WHERE f.rt IS NULL AND spoken.kind IN ({STAFF_KINDS})"
    )
    inputs = PersonInputs(
        arrow_rows(_weak(db, f"kind = {PERSON}"), WEAK),
        arrow_table(db.execute(staff), STAFF),
        arrow_rows(moves, MOVED),
        arrow_table(apart(db), APART),
    )
    db.execute("DROP TABLE temp.naming_all")
    return inputs


def _weak(db: sqlite3.Connection, condition: str) -> list[tuple[int]]:
    """Weak nodes that a visible fact names. While nothing was ever closed, all are."""
    rows: list[tuple[int]] = db.execute(f"SELECT n FROM node WHERE weak = 1 AND {condition}").fetchall()
    if _may_have_closed(db):
        return [(n,) for n in sorted(named_by_facts(db, (n for (n,) in rows)))]
    return rows


def _may_have_closed(db: sqlite3.Connection) -> bool:
    """Facts close only where keys were worked out anew, a delivery was withdrawn or an officer decided."""
    return bool(
        db.execute(
            "SELECT EXISTS (SELECT 1 FROM statement WHERE alike = 0) "
            "OR EXISTS (SELECT 1 FROM delivery WHERE withdrawn IS NOT NULL) "
            "OR EXISTS (SELECT 1 FROM source WHERE name = 'officer')"
        ).fetchone()[0]
    )
