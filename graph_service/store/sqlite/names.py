"""The search index: names, former names, numbers, telephones, addresses, pinyin.

`name` holds one row per way in which an entity is called; `name_part` the bigrams of those whose parts are searched.
`closed` sorts them: 0 in business (and persons), 1 closed, 2 addresses and contacts. Documents of each sort have a
range of numbers of their own, so that the full-text index itself yields firms in business first and may stop at the
limit.
"""

import sqlite3
from collections.abc import Iterator, Sequence

import duckdb
import pyarrow as pa

from graph_service.domain.entities import EntityKind
from graph_service.domain.facts import FactKind
from graph_service.store.base import schema
from graph_service.store.content import engine
from graph_service.store.places import without_place
from graph_service.store.sqlite.bulk import table
from graph_service.store.sqlite.kinds import KIND_NUMBERS
from graph_service.text.bigrams import bigrams, bigrams_sql, searchable_sql
from graph_service.text.normal import normalize_name_sql
from graph_service.text.pinyin import person_pinyin, pinyin_columns

OPEN, SHUT, PLACE = SORTS = (0, 1, 2)
_RANGE = 1 << 40
NAME, FORMER, ALIAS, NUMBER, LABEL, CANDIDATE = range(1, 7)
MATCHED = {NAME: "name", FORMER: "former_name", ALIAS: "alias", NUMBER: "code"}
_PIECE = 100_000
_PERSON = KIND_NUMBERS[str(EntityKind.PERSON)]
_PLACES = tuple(KIND_NUMBERS[str(kind)] for kind in (EntityKind.ADDRESS, EntityKind.CONTACT))

_ANYONE = "FROM spoken CROSS JOIN fact f ON f.src = spoken.src AND f.kind = spoken.kind"
_NAMING = (
    "FROM naming CROSS JOIN spoken CROSS JOIN fact f "
    "ON f.src = spoken.src AND f.kind = spoken.kind AND f.s = naming.n"
)
_TYPE = f"""
CASE WHEN spoken.kind = {int(FactKind.PROFILE)} THEN {NAME} WHEN f.role = 'former_name' THEN {FORMER}
  WHEN f.role IN ('regno', 'org_code') THEN {NUMBER} ELSE {ALIAS} END
"""
_SPOKEN = f"""
SELECT f.s, n.kind, {_TYPE}, f.name, json_extract(f.attrs, '$.in_business') IS 0, json_extract(f.attrs, '$.candidate')
{{who}} JOIN node n ON n.n = f.s
WHERE f.rt IS NULL AND spoken.kind IN ({int(FactKind.PROFILE)}, {int(FactKind.ALIAS)}) AND f.name IS NOT NULL
"""
_LABELLED = f"SELECT n, kind, {LABEL}, label, 0, NULL FROM node WHERE label IS NOT NULL"
_CALLED = schema(
    ("n", pa.int64()),
    ("kind", pa.int8()),
    ("type", pa.int8()),
    ("name", pa.string()),
    ("closed", pa.int8()),
    ("candidate", pa.string()),
)
_TAKE = f"INSERT INTO called SELECT DISTINCT n, kind, type, {normalize_name_sql('name')}, closed, candidate FROM piece"
_DOCUMENTS = f"""
WITH shut AS (SELECT n, max(closed) AS closed FROM called GROUP BY n),
said AS (
  SELECT DISTINCT n, kind, type, norm FROM called
  UNION SELECT n, kind, {CANDIDATE}, unnest(regexp_extract_all(candidate, '[0-9a-f]+')) FROM called
  WHERE candidate IS NOT NULL),
kept AS (SELECT s.*, shut.closed, {searchable_sql("norm")} AS kept FROM said s JOIN shut USING (n) WHERE norm <> '')
SELECT n, CASE WHEN type = {LABEL} THEN {PLACE} ELSE closed END AS closed, type, norm, kind, kept,
  CASE WHEN type NOT IN ({NUMBER}, {CANDIDATE}) THEN {bigrams_sql("kept")} END AS grams
FROM kept ORDER BY closed, n, type, norm
"""


def index_all_names(db: sqlite3.Connection) -> None:
    """Build the index anew."""
    for index in ("name_norm", "name_pinyin", "name_initials", "name_node"):
        db.execute(f"DROP INDEX IF EXISTS {index}")
    db.execute("DELETE FROM name")
    db.execute("INSERT INTO name_part (name_part) VALUES ('delete-all')")
    _index(db, [db.execute(_SPOKEN.format(who=_ANYONE)), db.execute(_LABELLED)])


def index_names(db: sqlite3.Connection, nodes: Sequence[int]) -> None:
    """Bring the entries of some nodes up to the facts."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS naming (n INTEGER PRIMARY KEY)")
    db.execute("DELETE FROM naming")
    db.executemany("INSERT OR IGNORE INTO naming VALUES (?)", ((n,) for n in nodes))
    _remove(db)
    labelled = _LABELLED + " AND n IN (SELECT n FROM naming)"
    _index(db, [db.execute(_SPOKEN.format(who=_NAMING)), db.execute(labelled)])


def _remove(db: sqlite3.Connection) -> None:
    old = db.execute("SELECT doc, norm, type FROM name WHERE n IN (SELECT n FROM naming)").fetchall()
    gone = ((doc, bigrams(norm)) for doc, norm, type_ in old if type_ not in {NUMBER, CANDIDATE})
    db.executemany("INSERT INTO name_part (name_part, rowid, grams) VALUES ('delete', ?, ?)", gone)
    db.executemany("DELETE FROM name WHERE doc = ?", ((row[0],) for row in old))


def _index(db: sqlite3.Connection, cursors: Sequence[sqlite3.Cursor]) -> None:
    con = engine()
    con.execute(
        "CREATE TABLE called (n BIGINT, kind TINYINT, type TINYINT, norm VARCHAR, closed TINYINT, candidate VARCHAR)"
    ).fetchall()
    for cursor in cursors:
        for piece in _pieces(cursor):
            con.register("piece", piece)
            con.execute(_TAKE).fetchall()
            con.unregister("piece")
    _write(db, con)
    con.close()


def _pieces(cursor: sqlite3.Cursor) -> Iterator[pa.Table]:
    while (piece := table(cursor, _CALLED, _PIECE)).num_rows:
        yield piece


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
