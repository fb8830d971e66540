"""The search index: names, former names, numbers, telephones, addresses, pinyin.

`name` holds one row per way in which an entity is called; `name_part` the bigrams of those whose parts are searched.
`closed` sorts them: 0 in business (and persons), 1 closed, 2 addresses and contacts. Documents of each sort have a
range of numbers of their own, so that the full-text index itself yields firms in business first and may stop at the
limit.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from graph_service.domain.entities import EntityKind
from graph_service.domain.facts import FactKind
from graph_service.store.base import schema
from graph_service.store.content import arrow, engine
from graph_service.store.places import without_place
from graph_service.store.sqlite.bulk import table
from graph_service.store.sqlite.kinds import KIND_NUMBERS
from graph_service.text.bigrams import bigrams, bigrams_sql, searchable_sql
from graph_service.text.normal import normalize_name_sql
from graph_service.text.pinyin import person_pinyin, pinyin_columns

OPEN, SHUT, PLACE = SORTS = (0, 1, 2)
_RANGE = 1 << 40
NAME, FORMER, ALIAS, NUMBER, LABEL = range(1, 6)
MATCHED = {NAME: "name", FORMER: "former_name", ALIAS: "alias", NUMBER: "code"}
_PIECE = 20_000
_NODES_AT_ONCE = 1_000_000
_PERSON = KIND_NUMBERS[str(EntityKind.PERSON)]
_PLACES = tuple(KIND_NUMBERS[str(kind)] for kind in (EntityKind.ADDRESS, EntityKind.CONTACT))
BY_NUMBER = "substr(id, 1, 6) = 'regno:'"
"""Condition on `node`: known by a registration number alone, and still registered, so that names may mean it."""
# A code is one more way in which an entity is called, so that its first digits find it.
_CODE = "CASE WHEN substr(id, 1, 5) = 'uscc:' THEN substr(id, 6) WHEN substr(id, 1, 6) = 'regno:' THEN substr(id, 7) END"
_PROFILE, _ALIAS = int(FactKind.PROFILE), int(FactKind.ALIAS)

_SAID = schema(
    ("n", pa.int64()),
    ("kind_said", pa.int8()),
    ("role", pa.string()),
    ("name", pa.string()),
    ("attrs", pa.string()),
    ("valid_from", pa.int32()),
    ("valid_to", pa.int32()),
    ("rank", pa.int32()),
)
_NODE = schema(
    ("n", pa.int64()), ("kind", pa.int8()), ("weak", pa.int8()), ("label", pa.string()), ("code", pa.string())
)
_SPOKEN = f"""
SELECT f.s, f.kind, f.role, f.name, f.attrs, f.vf, f.vt, source.rank
FROM {{who}} spoken JOIN source USING (src) CROSS JOIN fact f ON f.src = spoken.src AND f.kind = spoken.kind AND {{which}}
WHERE f.rt IS NULL AND spoken.kind IN ({_PROFILE}, {_ALIAS}) AND f.name IS NOT NULL
"""
# Attributes are canonical JSON: without spaces, quotes inside texts escaped.
_CALLED = f"""
CREATE OR REPLACE TEMP TABLE called AS
SELECT DISTINCT n, kind, CASE WHEN is_profile THEN {NAME} WHEN role = 'former_name' THEN {FORMER}
    WHEN role IN ('regno', 'org_code') THEN {NUMBER} ELSE {ALIAS} END AS type,
  {normalize_name_sql("name")} AS norm, (coalesce(contains(attrs, '"in_business":false'), FALSE))::TINYINT AS closed
FROM said JOIN node USING (n)
UNION ALL SELECT n, kind, {LABEL}, {normalize_name_sql("label")}, 0 FROM node ANTI JOIN said USING (n) WHERE label IS NOT NULL
UNION ALL SELECT n, kind, {NUMBER}, lower(code), 0 FROM node SEMI JOIN said USING (n) WHERE code IS NOT NULL
"""
_DOCUMENTS = f"""
WITH shut AS (SELECT n, max(closed) AS closed FROM called GROUP BY n),
said_so AS (SELECT DISTINCT n, kind, type, norm FROM called),
kept AS (SELECT s.*, shut.closed, {searchable_sql("norm")} AS kept FROM said_so s JOIN shut USING (n) WHERE norm <> '')
SELECT n, CASE WHEN type = {LABEL} THEN {PLACE} ELSE closed END AS closed, type, norm, kind, kept,
  CASE WHEN type <> {NUMBER} THEN {bigrams_sql("kept")} END AS grams
FROM kept ORDER BY closed, n, type, norm
"""
_CANDIDATES = f"""
WITH written AS (
  SELECT n, unnest(regexp_extract_all(attrs, ':([0-9a-f]{{16}})[0-9a-f]{{16}}"', 1)) AS digits FROM said JOIN node USING (n)
  WHERE is_profile AND kind = {_PERSON} AND contains(attrs, '"candidate":'))
SELECT DISTINCT n, (('0x' || digits)::UBIGINT >> 1)::BIGINT AS key FROM written ORDER BY n, key
"""
# The best-ranked source that names an entity names it.
_NAMED = """
SELECT n AS entity, kind, weak = 1 AS is_weak, name, valid_from, valid_to, NOT is_profile OR valid_to IS NOT NULL AS is_former
FROM said JOIN node USING (n) WHERE is_profile OR role = 'former_name'
QUALIFY NOT is_profile OR rank = min(rank) FILTER (WHERE is_profile) OVER (PARTITION BY n)
"""


@dataclass(frozen=True, slots=True)
class _Some:
    """Which entities to index: a table joined in, conditions on facts and nodes, and the values of both."""

    who: str
    facts: str
    nodes: str
    values: tuple[int, ...] = ()


_TOUCHED = _Some("naming CROSS JOIN", "f.s = naming.n", "n IN (SELECT n FROM naming)")


def index_all_names(db: sqlite3.Connection) -> pa.Table:
    """Build the index anew. Returns the names of all entities as matching sees them, which is the same reading.

    Columns: entity, kind, is_weak (known by name alone), name, valid_from, valid_to, is_former.
    """
    for index in ("name_norm", "name_pinyin", "name_initials", "name_node", "candidate_key"):
        db.execute(f"DROP INDEX IF EXISTS {index}")
    for emptied in (
        "DELETE FROM name",
        "DELETE FROM candidate",
        "INSERT INTO name_part (name_part) VALUES ('delete-all')",
    ):
        db.execute(emptied)
    return pa.concat_tables([_index(db, some) for some in _everybody(db)])


def index_names(db: sqlite3.Connection, nodes: Sequence[int]) -> None:
    """Bring the entries of some nodes up to the facts."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS naming (n INTEGER PRIMARY KEY)")
    db.execute("DELETE FROM naming")
    db.executemany("INSERT OR IGNORE INTO naming VALUES (?)", ((n,) for n in nodes))
    _remove(db)
    _index(db, _TOUCHED)


def _remove(db: sqlite3.Connection) -> None:
    old = db.execute("SELECT doc, norm, type FROM name WHERE n IN (SELECT n FROM naming)").fetchall()
    gone = ((doc, bigrams(norm)) for doc, norm, type_ in old if type_ != NUMBER)
    db.executemany("INSERT INTO name_part (name_part, rowid, grams) VALUES ('delete', ?, ?)", gone)
    db.executemany("DELETE FROM name WHERE doc = ?", ((row[0],) for row in old))
    db.execute("DELETE FROM candidate WHERE n IN (SELECT n FROM naming)")


def _everybody(db: sqlite3.Connection) -> Iterator[_Some]:
    """Ranges of node numbers, which are evenly spread, with so many nodes each that memory stays bounded."""
    count = db.execute("SELECT count(*) FROM node").fetchone()[0]
    ranges = 1 + count // _NODES_AT_ONCE
    edges = [(1 << 63) * i // ranges for i in range(ranges)]
    for low, high in zip(edges, [*edges[1:], 1 << 63], strict=True):
        yield _Some("", "f.s BETWEEN ? AND ?", "n BETWEEN ? AND ?", (low, high - 1))


def _index(db: sqlite3.Connection, some: _Some) -> pa.Table:
    con = engine()
    nodes = f"SELECT n, kind, weak AND NOT {BY_NUMBER}, label, {_CODE} FROM node WHERE {some.nodes}"
    for name, sql, read, columns in (
        (
            "said",
            _SPOKEN.format(who=some.who, which=some.facts),
            _SAID,
            f"*, kind_said = {_PROFILE} AS is_profile",
        ),
        ("node", nodes, _NODE, "*"),
    ):
        con.register("read", table(db.execute(sql, some.values), read))
        con.execute(f"CREATE TABLE {name} AS SELECT {columns} FROM read").fetchall()
        con.unregister("read")
    con.execute(_CALLED).fetchall()
    _write(db, con)
    named = arrow(con, _NAMED)
    con.close()
    return named


def _write(db: sqlite3.Connection, con: duckdb.DuckDBPyConnection) -> None:
    """Number the documents and write them, a piece at a time."""
    docs = [_next_doc(db, sort * _RANGE) for sort in SORTS]
    reader = con.sql(_DOCUMENTS).to_arrow_reader(_PIECE)
    for batch in reader:
        columns = [column.to_pylist() for column in batch.columns]
        closed, grams = columns[1], columns[6]
        numbers = _numbers(closed, docs)
        spelled, initials = _spelled(columns[2], columns[4], columns[5])
        rows = zip(numbers, *columns[:4], spelled, initials, strict=True)
        db.executemany("INSERT INTO name VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        parts = ((doc, text) for doc, text in zip(numbers, grams, strict=True) if text)
        db.executemany("INSERT INTO name_part (rowid, grams) VALUES (?, ?)", parts)
    alike = arrow(con, _CANDIDATES)
    db.executemany(
        "INSERT INTO candidate VALUES (?, ?)", zip(*(c.to_pylist() for c in alike.columns), strict=True)
    )


def _numbers(closed: Sequence[int], docs: list[int]) -> list[int]:
    found = []
    for shut in closed:
        found.append(docs[shut])
        docs[shut] += 1
    return found


def _spelled(
    types: Sequence[int], kinds: Sequence[int], kept: Sequence[str]
) -> tuple[list[str | None], list[str | None]]:
    """Pinyin and initials, without the places that so many firms' names begin with."""
    spelled: list[str | None] = [None] * len(kept)
    initials: list[str | None] = [None] * len(kept)
    firms = []
    for i, (type_, kind) in enumerate(zip(types, kinds, strict=True)):
        if type_ in {NAME, FORMER, ALIAS} and kind == _PERSON:
            spelled[i], initials[i] = person_pinyin(kept[i])
        elif type_ in {NAME, FORMER, ALIAS} and kind not in _PLACES:
            firms.append(i)
    names = pinyin_columns([without_place(kept[i]) for i in firms])
    for i, letters, first in zip(firms, *names, strict=True):
        spelled[i], initials[i] = letters, first
    return spelled, initials


def _next_doc(db: sqlite3.Connection, start: int) -> int:
    found = db.execute("SELECT max(doc) FROM name WHERE doc BETWEEN ? AND ?", (start, start + _RANGE - 1))
    return max(int(found.fetchone()[0] or 0), start) + 1
