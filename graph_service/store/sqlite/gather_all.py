"""What the matching rules look at, for the whole store: after a first big load."""

import sqlite3
from collections.abc import Iterator

import pyarrow as pa

from graph_service.domain.entities import EntityKind
from graph_service.store.base import schema
from graph_service.store.content import arrow, engine
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
from graph_service.store.sqlite.bulk import table
from graph_service.store.sqlite.gather import apart, moved, numbers
from graph_service.store.sqlite.kinds import KIND_NUMBERS
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
_PLACES = ", ".join(str(KIND_NUMBERS[str(kind)]) for kind in (EntityKind.ADDRESS, EntityKind.CONTACT))
_STAFF_AT_ONCE = 2_000_000
_IDS = schema(("n", pa.int64()), ("id", pa.string()), ("weak", pa.int8()))
_OFFICES = schema(("person", pa.int64()), ("n", pa.int64()))
# An enterprise with all its ids in one piece, so that the rules see all its people at once.
_PLACED = """
CREATE TABLE placed AS
SELECT person, p.is_weak, e.id AS enterprise, p.name, hash(coalesce(target, e.id)) % {pieces} AS piece
FROM offices JOIN people p ON p.entity = person JOIN enterprises e USING (n) LEFT JOIN moves ON moves.enterprise = e.id
WHERE NOT p.is_weak OR e.weak = 1
"""
_PEOPLE = f"SELECT DISTINCT entity, is_weak, name FROM named WHERE kind = {PERSON} AND name IS NOT NULL"


def all_organisations(db: sqlite3.Connection, named: pa.Table) -> OrganisationInputs:
    """Everything about names and numbers of organisations; `named` comes from `index_all_names`."""
    con = engine()
    con.register("named", named)
    columns = ", ".join(NAMES.names)
    names = arrow(con, f"SELECT {columns} FROM named WHERE kind <> {PERSON} AND NOT is_weak").cast(NAMES)
    con.close()
    return OrganisationInputs(
        arrow_rows(_weak(db, f"kind <> {PERSON}"), WEAK),
        names,
        arrow_table(db.execute(numbers(EVERYWHERE)), NUMBERS),
        arrow_table(apart(db), APART),
    )


def all_persons(db: sqlite3.Connection, named: pa.Table) -> Iterator[PersonInputs]:
    """Everything about persons of enterprises, some enterprises at a time."""
    weak = arrow_rows(_weak(db, f"kind = {PERSON}"), WEAK)
    moves = arrow_rows(moved(db, db.execute(_MOVES).fetchall()), MOVED)
    kept_apart = arrow_table(apart(db), APART)
    offices = f"SELECT f.s, f.o FROM {EVERYWHERE} WHERE f.rt IS NULL AND spoken.kind IN ({STAFF_KINDS})"
    enterprises = f"SELECT n, id, weak FROM node WHERE kind NOT IN ({PERSON}, {_PLACES})"
    con = engine()
    for name, rows in (
        ("offices", table(db.execute(offices), _OFFICES)),
        ("enterprises", table(db.execute(enterprises), _IDS)),
        ("moves", moves),
        ("named", named),
    ):
        con.register(name, rows)
    con.execute(f"CREATE TABLE people AS {_PEOPLE}").fetchall()
    ((count,),) = con.sql("SELECT count(*) FROM offices").fetchall()
    pieces = 1 + count // _STAFF_AT_ONCE
    con.execute(_PLACED.format(pieces=pieces)).fetchall()
    columns = ", ".join(STAFF.names)
    for piece in range(pieces):
        staff = arrow(con, f"SELECT {columns} FROM placed WHERE piece = {piece}").cast(STAFF)
        yield PersonInputs(weak, staff, moves, kept_apart)
    con.close()


def _weak(db: sqlite3.Connection, condition: str) -> list[tuple[int]]:
    """Weak nodes that a visible fact names: all but those of closed facts that no other fact names."""
    closed = "SELECT {} FROM fact WHERE rt IS NOT NULL"
    in_doubt = f"n IN ({closed.format('s')} UNION {closed.format('o')})"
    doubted = {n for (n,) in db.execute(f"SELECT n FROM node WHERE weak = 1 AND {condition} AND {in_doubt}")}
    gone = doubted - named_by_facts(db, doubted)
    weak = db.execute(f"SELECT n FROM node WHERE weak = 1 AND {condition}")
    return [(n,) for (n,) in weak if n not in gone]
