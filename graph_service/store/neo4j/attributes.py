"""What sources say of each entity, as properties of its node for people who ask in Cypher; drawn with each settling."""

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from graph_service.domain.facts import FactKind
from graph_service.store.neo4j.connection import Step
from graph_service.store.neo4j.derived import DERIVED
from graph_service.store.profiles import Family, merged_profile
from graph_service.store.sqlite.kinds import KIND_NAMES
from graph_service.store.sqlite.rows import READ, FactReader, columns

OWN = ("number", "id", "kind", "weak", "text", "recorded_from", *DERIVED)
_SAID = (
    f"SELECT {columns(READ)} FROM fact f WHERE f.kind IN ({int(FactKind.PROFILE)}, {int(FactKind.ALIAS)}) "
    "AND f.rt IS NULL ORDER BY f.s"
)
_PUT = (
    "UNWIND $rows AS r MATCH (e:Entity {number: r[0]}) SET e = {"
    + ", ".join(f"{name}: e.{name}" for name in OWN)
    + "} SET e += r[1]"
)


def described(db: sqlite3.Connection, touched: set[int] | None, day: int) -> Iterator[list[Any]]:
    """Node and properties, by the best-ranked source of each, of those nodes (None: all) of which rows say something."""
    ranks = dict(db.execute("SELECT name, rank FROM source"))
    reader = FactReader(db)
    silent = set(touched or ())
    for node, rows in groupby(db.execute(_SAID), key=lambda row: int(row[1])):
        if touched is None or node in touched:
            silent.discard(node)
            facts = [reader.fact(row, evidence=False) for row in rows]
            kind, label = db.execute("SELECT kind, label FROM node WHERE n = ?", (node,)).fetchone()
            profile = merged_profile(Family([reader.id_of(node)], KIND_NAMES[kind], label), facts, ranks, day)
            said = {
                k: v
                for k, v in profile.attributes.items()
                if k not in OWN and isinstance(v, str | int | float)
            }
            more = {"former_names": list(profile.former_names), "aliases": list(profile.aliases)}
            yield [node, said | {"name": profile.name} | {k: v for k, v in more.items() if v}]
    yield from ([node, {}] for node in sorted(silent))


def put(rows: list[list[Any]]) -> Step:
    """The statement that gives nodes their properties, instead of those they had."""
    return _PUT, {"rows": rows}
