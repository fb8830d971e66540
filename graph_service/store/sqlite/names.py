"""The search index: names, former names, numbers, telephones, addresses, pinyin.

`name` holds one row per way in which an entity is called; `name_part` the bigrams of those whose parts are searched.
Documents of firms in business are numbered from 1, all others from CLOSED_FROM, so that the full-text index itself
yields firms in business first and may stop at the limit.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from graph_service.domain.entities import EntityKind
from graph_service.domain.facts import FactKind
from graph_service.store.places import without_place
from graph_service.store.sqlite.kinds import KIND_NUMBERS
from graph_service.text.bigrams import bigrams
from graph_service.text.normal import normalize_name
from graph_service.text.pinyin import person_pinyin, pinyin, pinyin_initials

CLOSED_FROM = 1 << 40
NAME, FORMER, ALIAS, NUMBER, LABEL, CANDIDATE, CODE = range(1, 8)
MATCHED = {NAME: "name", FORMER: "former_name", ALIAS: "alias", NUMBER: "code", LABEL: "label", CODE: "code"}
_ROLES = {"former_name": FORMER, "shop_sign": ALIAS, "alias": ALIAS, "regno": NUMBER, "org_code": NUMBER}
_ORGANISATIONS = {KIND_NUMBERS[str(kind)] for kind in (
    EntityKind.ENTERPRISE, EntityKind.INDIVIDUAL_BUSINESS, EntityKind.ORGANIZATION)}  # fmt: skip
_PERSON, _ADDRESS = KIND_NUMBERS[str(EntityKind.PERSON)], KIND_NUMBERS[str(EntityKind.ADDRESS)]

_CLOSED = "json_extract(f.attrs, '$.in_business') = 0"
_CANDIDATE = "json_extract(f.attrs, '$.candidate')"
_SPOKEN = f"""
SELECT f.s, n.kind, f.kind, f.role, f.name, {_CLOSED}, {_CANDIDATE}
FROM spoken CROSS JOIN fact f ON f.src = spoken.src AND f.kind = spoken.kind JOIN node n ON n.n = f.s
WHERE f.rt IS NULL AND spoken.kind IN ({int(FactKind.PROFILE)}, {int(FactKind.ALIAS)}) AND f.name IS NOT NULL
"""
_ANYONE = "FROM spoken CROSS JOIN fact f ON f.src = spoken.src AND f.kind = spoken.kind"
_NAMING = (
    "FROM naming CROSS JOIN spoken CROSS JOIN fact f "
    "ON f.src = spoken.src AND f.kind = spoken.kind AND f.s = naming.n"
)
_LABELLED = "SELECT n, kind, label FROM node WHERE label IS NOT NULL"

Entry = tuple[int, int, int, str, int]  # node, closed, type, text, kind of entity


def index_all_names(db: sqlite3.Connection) -> None:
    """Build the index anew."""
    for index in ("name_norm", "name_pinyin", "name_initials", "name_node"):
        db.execute(f"DROP INDEX IF EXISTS {index}")
    db.execute("DELETE FROM name")
    db.execute("INSERT INTO name_part (name_part) VALUES ('delete-all')")
    _write(db, _entries(db.execute(_SPOKEN), db.execute(_LABELLED)))


def index_names(db: sqlite3.Connection, nodes: Sequence[int]) -> None:
    """Bring the entries of some nodes up to the facts."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS naming (n INTEGER PRIMARY KEY)")
    db.execute("DELETE FROM naming")
    db.executemany("INSERT OR IGNORE INTO naming VALUES (?)", ((n,) for n in nodes))
    _remove(db)
    spoken = db.execute(_SPOKEN.replace(_ANYONE, _NAMING)).fetchall()
    labelled = db.execute(_LABELLED + " AND n IN (SELECT n FROM naming)").fetchall()
    _write(db, _entries(spoken, labelled))


def _remove(db: sqlite3.Connection) -> None:
    old = db.execute("SELECT doc, norm, type FROM name WHERE n IN (SELECT n FROM naming)").fetchall()
    gone = ((doc, bigrams(norm)) for doc, norm, type_ in old if _has_parts(type_))
    db.executemany("INSERT INTO name_part (name_part, rowid, grams) VALUES ('delete', ?, ?)", gone)
    db.executemany("DELETE FROM name WHERE doc = ?", ((row[0],) for row in old))


def _entries(spoken: Iterable[Any], labelled: Iterable[Any]) -> Iterator[Entry]:
    """Each way of calling an entity once, those of firms in business and others apart."""
    last: tuple[int, set[tuple[int, str]]] = (0, set())
    for node, kind, fact_kind, role, name, closed, candidate in spoken:
        if node != last[0]:
            last = (node, set())
        type_ = NAME if fact_kind == FactKind.PROFILE else _ROLES.get(role or "", ALIAS)
        texts = [(type_, normalize_name(name)), *((CANDIDATE, c) for c in _candidates(candidate))]
        for entry in texts:
            if entry not in last[1]:
                last[1].add(entry)
                yield node, int(bool(closed)), entry[0], entry[1], kind
    for node, kind, label in labelled:
        yield node, 0, LABEL, normalize_name(label), kind


def _candidates(value: str | None) -> list[str]:
    if not value:
        return []
    return [part.strip(' []"') for part in value.split(",")] if value.startswith("[") else [value]


def _has_parts(type_: int) -> bool:
    return type_ not in (CANDIDATE, NUMBER, CODE)


def _write(db: sqlite3.Connection, entries: Iterable[Entry]) -> None:
    docs = [_next_doc(db, 0), _next_doc(db, CLOSED_FROM)]
    batch: list[tuple[Any, ...]] = []
    for node, closed, type_, norm, kind in entries:
        batch.append((docs[closed], node, closed, type_, norm, *_spelled(type_, norm, kind)))
        docs[closed] += 1
        if len(batch) >= 50_000:
            _insert(db, batch)
            batch = []
    _insert(db, batch)


def _spelled(type_: int, norm: str, kind: int) -> tuple[str | None, str | None]:
    """Pinyin and initials, without the region's name that so many names begin with."""
    if type_ not in (NAME, FORMER, ALIAS):
        return None, None
    if kind == _PERSON:
        return person_pinyin(norm)
    core = without_place(norm) if kind in _ORGANISATIONS else norm
    return pinyin(core), pinyin_initials(core)


def _insert(db: sqlite3.Connection, batch: list[tuple[Any, ...]]) -> None:
    db.executemany("INSERT INTO name VALUES (?, ?, ?, ?, ?, ?, ?)", batch)
    parts = ((row[0], bigrams(row[4])) for row in batch if _has_parts(row[3]))
    db.executemany("INSERT INTO name_part (rowid, grams) VALUES (?, ?)", parts)


def _next_doc(db: sqlite3.Connection, start: int) -> int:
    found = db.execute(
        "SELECT max(doc) FROM name WHERE doc BETWEEN ? AND ?", (start, start + CLOSED_FROM - 1)
    )
    return max(int(found.fetchone()[0] or 0), start) + 1
