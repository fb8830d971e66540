"""What the tests of the city read it with: plain csv for small ones, DuckDB for large ones."""

import csv
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

Row = dict[str, str]
TODAY = "DATE '2026-11-15'"
MACROS = """
CREATE MACRO plain(x) AS upper(regexp_replace(translate(x,
  '０１２３４５６７８９ＡＢＣＤＥＦＧＨＪＫＬＭＮＰＱＲＴＵＷＸＹ', '0123456789ABCDEFGHJKLMNPQRTUWXY'), '\\s', '', 'g'));
CREATE MACRO day(x) AS CAST(coalesce(try_strptime(x, '%Y-%m-%d'), try_strptime(x, '%Y/%m/%d'),
  try_strptime(x, '%Y%m%d'), try_strptime(x, '%Y年%m月%d日')) AS DATE);
CREATE MACRO amount(x) AS try_cast(regexp_extract(x, '^[0-9.]+') AS DOUBLE) * CASE WHEN x LIKE '%万%' THEN 10000 ELSE 1 END;
"""


def text_of(path: Path) -> str:
    """A feed file as text; the one that is not UTF-8 is GB18030."""
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def rows_of(folder: Path, template: str) -> list[Row]:
    """All rows of a feed, its deliveries one after the other; rows of another width left out."""
    found: list[Row] = []
    for path in sorted((folder / "feeds").glob(f"{template}*.csv")):
        header, *rest = csv.reader(text_of(path).splitlines())
        found += [dict(zip(header, row, strict=True)) for row in rest if len(row) == len(header)]
    return found


class Feeds:
    """The feeds of a large city as tables of texts, one for each template that is asked about."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: set[str] = set()

    @cached_property
    def _db(self) -> duckdb.DuckDBPyConnection:
        con = duckdb.connect(":memory:")
        con.execute("SET enable_progress_bar = false").fetchall()
        for macro in MACROS.split(";\n"):
            if macro.strip():
                con.execute(macro).fetchall()
        return con

    def table(self, name: str, template: str, columns: str, where: str = "true") -> None:
        """A table of one delivery's (or all deliveries') columns, cleaned of dirt as the query says."""
        files = sorted(str(p) for p in (self.folder / "feeds").glob(f"{template}*.csv"))
        read = f"read_csv({files!r}, all_varchar=true, header=true, ignore_errors=true, quote='\"')"
        self._db.execute(f"CREATE TABLE {name} AS SELECT {columns} FROM {read} WHERE {where}").fetchall()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self._db.execute(query).fetchall()

    def number(self, query: str) -> float:
        """The one number that a query finds."""
        ((found,),) = self.rows(query)
        return float(found)

    def shares(self, expression: str, table: str) -> dict[Any, float]:
        """The percentage of a table's rows for each value of an expression."""
        query = f"SELECT {expression}, 100.0 * count(*) / sum(count(*)) OVER () FROM {table} GROUP BY 1"
        return dict(self.rows(query))
