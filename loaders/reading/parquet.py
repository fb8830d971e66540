"""Parquet: every column as text, dates in ISO form, days in the time of Shanghai."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet

from graph_service.domain.errors import UnreadableFile
from loaders.reading.model import LINE, SourceFile


def header(path: Path) -> list[str]:
    """The names of the columns."""
    try:
        return [name.strip("\ufeff").strip() for name in pyarrow.parquet.read_schema(path).names]
    except (pa.ArrowException, OSError):
        raise damaged(path) from None


def damaged(path: Path) -> UnreadableFile:
    """The error for a file that breaks while it is read."""
    return UnreadableFile(f"{path.name} cannot be read as Parquet; have the file delivered again.")


def insert(con: duckdb.DuckDBPyConnection, source: SourceFile, table: str) -> int:
    """Fill `table` from the file and return the number of its rows.

    Raises:
        UnreadableFile: the file is damaged.
    """
    try:
        schema = pyarrow.parquet.read_schema(source.path)
        columns = ", ".join(_text(quoted(field.name), field.type) for field in schema)
        sql = f"INSERT INTO {table} SELECT file_row_number + 1, {columns} FROM read_parquet(?, file_row_number = true)"
        con.execute(sql, [str(source.path)])
        return int(pyarrow.parquet.read_metadata(source.path).num_rows)
    except (duckdb.Error, pa.ArrowException, OSError):
        raise damaged(source.path) from None


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _text(column: str, kind: pa.DataType) -> str:
    """The SQL that turns a column into text as it would stand in a CSV file."""
    if pa.types.is_floating(kind):
        whole = f"{column} = trunc({column}) AND abs({column}) < 1e18"
        return f"CASE WHEN {whole} THEN CAST(CAST({column} AS BIGINT) AS VARCHAR) ELSE CAST({column} AS VARCHAR) END"
    if pa.types.is_timestamp(kind):
        local = f"timezone('Asia/Shanghai', {column})" if kind.tz else f"CAST({column} AS TIMESTAMP)"
        day = f"CASE WHEN {local} = date_trunc('day', {local}) THEN CAST(CAST({local} AS DATE) AS VARCHAR)"
        return f"{day} ELSE CAST({local} AS VARCHAR) END"
    if pa.types.is_nested(kind):
        return f"CAST(to_json({column}) AS VARCHAR)"
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return f"decode({column})"
    return f"CAST({column} AS VARCHAR)"


__all__ = ["LINE", "damaged", "header", "insert", "quoted"]
