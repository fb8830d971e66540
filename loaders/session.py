"""The DuckDB in memory in which one file is checked: nothing of it ever reaches the disk."""

from functools import cache
from typing import Any

import duckdb
import pyarrow as pa

from graph_service.domain.identifiers import hmac_pads, known_divisions

Connection = duckdb.DuckDBPyConnection


def run(con: Connection, sql: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """Execute a statement to its end; its rows."""
    return con.execute(sql, parameters).fetchall() if parameters else con.execute(sql).fetchall()


def table(con: Connection, query: str, schema: pa.Schema) -> pa.Table:
    """The rows of a query as an Arrow table of this schema."""
    rows: pa.Table = con.sql(query).to_arrow_table()
    return rows.cast(schema)


@cache
def _division_codes() -> list[str]:
    return sorted({d.code for d in known_divisions()})


def open_session(person_key: bytes | None) -> Connection:
    """A connection that does not spill, with the table of divisions and the pads of the person key."""
    con = duckdb.connect(":memory:", config={"temp_directory": "", "preserve_insertion_order": "true"})
    run(con, "SET enable_progress_bar = false")
    # Rows look their cells up and stay in their order: the table of cells is always the side that is hashed.
    run(con, "SET disabled_optimizers = 'build_side_probe_side'")
    inner, outer = hmac_pads(person_key or b"")
    run(con, "SET VARIABLE inner_pad = $pad::BLOB", {"pad": inner})
    run(con, "SET VARIABLE outer_pad = $pad::BLOB", {"pad": outer})
    run(con, "CREATE TABLE divisions AS SELECT unnest($codes) AS code", {"codes": _division_codes()})
    run(con, "CREATE TABLE holdings (firm UBIGINT, share DOUBLE, file SMALLINT, line BIGINT)")
    run(con, "CREATE TABLE accepted (n BIGINT)")
    run(con, "CREATE TABLE covered (scope VARCHAR, norm VARCHAR)")
    run(con, "CREATE TABLE protected (scope VARCHAR, norm VARCHAR, entity VARCHAR)")
    return con
