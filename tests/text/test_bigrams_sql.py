"""Bigrams in SQL and in Python are the same: the index and its queries meet, and entries can be taken out again."""

import sys

import duckdb

from graph_service.text.bigrams import bigrams, bigrams_sql, searchable, searchable_sql
from graph_service.text.normal import normalize_name, normalize_name_sql


def every_character() -> list[str]:
    codes = (c for c in range(1, sys.maxunicode + 1) if not 0xD800 <= c < 0xE000)
    return [f"甲{chr(c)}乙" for c in codes]


def test_sql_and_python_agree_on_every_character() -> None:
    texts = every_character()
    con = duckdb.connect()
    con.execute("CREATE TABLE t (i INTEGER, x VARCHAR)").fetchall()
    con.sql("INSERT INTO t SELECT unnest(range(len($1))), unnest($1)", params=[texts])
    norm = normalize_name_sql("x")
    kept = searchable_sql(f"({norm})")
    rows = con.sql(
        f"SELECT i, {norm}, {kept}, {bigrams_sql('k')} FROM (SELECT *, {kept} AS k FROM t) ORDER BY i"
    ).fetchall()
    expected = [(i, normalize_name(x), searchable(x), bigrams(x)) for i, x in enumerate(texts)]
    assert [r for r, e in zip(rows, expected, strict=True) if r != e] == []
