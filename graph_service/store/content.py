"""Numbers of facts, for millions at once: node, key and content, as SQL over Arrow tables in DuckDB.

The same definitions as `node_number` and `content_number` of the domain; a property test holds the two together.
"""

from collections.abc import Iterable, Sequence

import duckdb
import pyarrow as pa

from graph_service.domain.entities import node_number
from graph_service.domain.facts import CONTENT_MODULUS, SEPARATOR, Fact

MEMORY_LIMIT = "1GB"

_MACROS = """
CREATE MACRO half(digits, first) AS ('0x' || substr(digits, first, 16))::UBIGINT;
CREATE MACRO node_number(id) AS (half(sha256(id), 1) >> 1)::BIGINT;
CREATE MACRO text_of(x) AS coalesce(x::VARCHAR, '');
"""
_CONTENT = "sha256(concat_ws(chr(31), source, {fields}))"
_CONTENT_FIELDS = (
    "kind", "role", "part", "subject", "object", "valid_from", "valid_to", "available_from", "share", "votes",
    "amount", "name", "attrs",
)  # fmt: skip
# One row per key of a chunk, or per place for one, the earliest line; ordered as the store keeps them, so that writing is sequential.
_NUMBERED = f"""
WITH named AS (SELECT *, ?::VARCHAR AS source FROM chunk),
numbered AS (
  SELECT node_number(subject) AS s, node_number(object) AS o,
    node_number(concat_ws(chr(31), kind, text_of(role), text_of(part), text_of(object))) AS key,
    CASE WHEN starts_with(scope, 'one' || chr(31)) THEN -node_number(scope) ELSE node_number(scope) END AS scope_number,
    {_CONTENT.format(fields=", ".join(f"text_of({f})" for f in _CONTENT_FIELDS))} AS hash,
    * EXCLUDE (source, scope)
  FROM named)
SELECT * EXCLUDE (hash), half(hash, 1) AS hi, half(hash, 17) AS lo,
  if(scope_number < 0, scope_number, s) AS whose, if(scope_number < 0, 0, key) AS what
FROM numbered
"""
_FIRST_OF_KEY = f"""
WITH all_rows AS ({_NUMBERED})
SELECT * FROM all_rows {{anti}}
QUALIFY row_number() OVER (PARTITION BY kind, whose, what ORDER BY file, line) = 1 ORDER BY kind, s, key
"""
# `rest` keeps two ids apart that share a number, so that the store sees both and can refuse them.
_NEW_ENTITIES = """
WITH numbered AS (SELECT node_number(id) AS n, half(sha256(id), 17) AS rest, id, kind, label FROM chunk)
SELECT n, rest, any_value(id) AS id, any_value(kind) AS kind, any_value(label) AS label
FROM numbered ANTI JOIN met USING (n, rest) GROUP BY n, rest ORDER BY n
"""


def engine() -> duckdb.DuckDBPyConnection:
    """A DuckDB that keeps nothing on disk, with the macros above."""
    con = duckdb.connect(config={"temp_directory": "", "threads": 2})
    con.execute(_MACROS).fetchall()
    return con


def arrow(con: duckdb.DuckDBPyConnection, query: str, *values: object) -> pa.Table:
    """All rows of a query as one table."""
    rows: pa.Table = con.sql(query, params=list(values)).to_arrow_table()
    return rows


class Numberer:
    """Numbers one delivery's facts chunk by chunk, and passes each key once."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._con = engine()
        self._con.execute("CREATE TABLE seen (kind SMALLINT, whose BIGINT, what BIGINT)").fetchall()
        self._con.execute("CREATE TABLE met (n BIGINT, rest UBIGINT)").fetchall()

    def first_of_keys(self, chunk: pa.Table) -> pa.Table:
        """FACT_SCHEMA rows with columns s, o, key, scope_number, hi, lo added; rows of keys seen before left out."""
        self._con.register("chunk", chunk)
        kinds = self._con.sql("SELECT DISTINCT kind FROM chunk").fetchall()
        known = self._con.sql("SELECT DISTINCT kind FROM seen").fetchall()
        anti = "ANTI JOIN seen USING (kind, whose, what)" if set(kinds) & set(known) else ""
        rows = arrow(self._con, _FIRST_OF_KEY.format(anti=anti), self._source)
        self._con.register("fresh", rows)
        self._con.execute("INSERT INTO seen SELECT kind, whose, what FROM fresh").fetchall()
        self._con.unregister("fresh")
        self._con.unregister("chunk")
        return rows

    def new_entities(self, chunk: pa.Table) -> pa.Table:
        """ENTITY_SCHEMA rows with columns n and rest, one per id, in order of n; ids passed before left out."""
        self._con.register("chunk", chunk)
        rows = arrow(self._con, _NEW_ENTITIES)
        self._con.register("fresh", rows)
        self._con.execute("INSERT INTO met SELECT n, rest FROM fresh").fetchall()
        self._con.unregister("fresh")
        self._con.unregister("chunk")
        return rows

    def total(self, rows: pa.Table) -> int:
        """Sum of the rows' content numbers modulo 2**128."""
        self._con.register("rows_", rows)
        hi, lo = self._con.sql("SELECT sum(hi::HUGEINT), sum(lo::HUGEINT) FROM rows_").fetchall()[0]
        self._con.unregister("rows_")
        return (((hi or 0) << 64) + (lo or 0)) % CONTENT_MODULUS

    def close(self) -> None:
        """Give the memory back."""
        self._con.close()


def key_number(fact: Fact) -> int:
    """Number of what the fact is about, within its source and subject.

    >>> from graph_service.domain.facts import Fact, FactKind
    >>> a = Fact("x", FactKind.HOLDS, "person:1", "uscc:2", share=0.5)
    >>> b = Fact("x", FactKind.HOLDS, "person:1", "uscc:2", share=0.6)
    >>> key_number(a) == key_number(b)
    True
    """
    parts = (str(int(fact.kind)), fact.role or "", fact.part or "", fact.object or "")
    return node_number(SEPARATOR.join(parts))


def combined(contents: Iterable[int]) -> int:
    """Sum modulo 2**128."""
    return sum(contents) % CONTENT_MODULUS


def node_numbers(ids: Sequence[str]) -> list[int]:
    """Node numbers of several ids."""
    return [node_number(i) for i in ids]
