"""Reading a delivered file into a DuckDB table of text, every record accounted for.

`inspect` finds out what a file is; `read_rows` fills a table with its good records and returns the others as rejects.
Nothing is written to disk: `memory_database` gives a connection that never spills.
"""

from pathlib import Path

import duckdb
import pyarrow as pa

from graph_service.domain.errors import CreditGraphError, MissingPath, UnreadableFile
from loaders.reading import delimited, excel, json_array, json_lines, parquet
from loaders.reading.encoding import Survey, survey, text_encoding
from loaders.reading.lines import Lines
from loaders.reading.model import (
    LINE,
    Batches,
    Progress,
    RawReject,
    ReadResult,
    SourceFile,
    Tally,
    distinct_header,
    schema,
)
from loaders.reading.nested import nested_standard

__all__ = ["LINE", "RawReject", "ReadResult", "SourceFile", "inspect", "memory_database", "read_rows"]

EXCEL_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
PARQUET_MAGIC = b"PAR1"
JSON_LINES_SUFFIXES = (".jsonl", ".ndjson")


def memory_database(threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection in memory that leaves no row on the disk."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": "",
        "temp_file_encryption": True,
    }
    if threads is not None:
        config["threads"] = threads
    return duckdb.connect(":memory:", config=config)


def inspect(path: Path) -> SourceFile:
    """What a file is: format, encoding, delimiter, header, digest. Reads it once, JSON and damaged text twice.

    Raises:
        MissingPath: there is no such file.
        UnreadableFile: it is empty, no kind of file we read, undecodable in its header, or names a column twice.
    """
    if not path.is_file():
        raise MissingPath(f"There is no file {path}; check the path.")
    try:
        found = survey(path)
    except OSError as error:
        raise UnreadableFile(
            f"{path.name} cannot be read ({error.strerror}); check its permissions."
        ) from None
    if not found.size:
        raise UnreadableFile(f"{path.name} is empty; deliver it with a header and rows.")
    if found.head.startswith(EXCEL_MAGIC):
        return SourceFile(path, "xlsx", None, None, excel.first_sheet(path).header, found.sha256, found.size)
    if found.head.startswith(PARQUET_MAGIC):
        names = distinct_header(parquet.header(path), path)
        return SourceFile(path, "parquet", None, None, names, found.sha256, found.size)
    return _text_source(path, found)


def _text_source(path: Path, found: Survey) -> SourceFile:
    encoding = text_encoding(path, found)
    kind = _text_format(path, found.head.decode(encoding, "ignore").lstrip("\ufeff \t\r\n"))
    if kind == "csv":
        header = delimited.read_header(path, encoding)
        return SourceFile(path, kind, encoding, header.delimiter, header.names, found.sha256, found.size)
    draft = SourceFile(path, kind, encoding, None, (), found.sha256, found.size)
    names = json_array.header(path, encoding) if kind == "json" else json_lines.header(Lines(draft))
    # Names of objects that are no rows of a table need not be columns.
    known = tuple(names) if nested_standard(names) else distinct_header(names, path)
    return SourceFile(path, kind, encoding, None, known, found.sha256, found.size)


def _text_format(path: Path, head: str) -> str:
    """csv, json or jsonl: the suffix counts, unless the text begins as JSON."""
    suffix = path.suffix.lower()
    if suffix in JSON_LINES_SUFFIXES:
        return "jsonl"
    if suffix == ".json" or head.startswith(("{", "[{")):
        return "jsonl" if json_array.is_json_lines(head) else "json"
    return "csv"


def read_rows(
    con: duckdb.DuckDBPyConnection, source: SourceFile, table: str, progress: Progress | None = None
) -> ReadResult:
    """Create `table` and fill it with the good records of a file.

    The table has the column `line` (BIGINT: where the record starts, from 1, the header included; in a JSON document
    the place in the list, in Parquet the row, in a workbook the row of the sheet) and one VARCHAR column for each
    name of the header, in order. Text is as in the file. A cell without content is '' in delimited files; a missing
    or null value is NULL in the other formats.

    Args:
        con: where the table is made; in memory, see `memory_database`.
        source: what `inspect` found.
        table: name of the table; it must not exist.
        progress: is told now and then how many bytes were read.

    Raises:
        UnreadableFile: the file breaks where no single record can be blamed, or it changed since it was inspected.
            The table is gone then.
    """
    name = parquet.quoted(table)
    columns = ", ".join(f"{parquet.quoted(column)} VARCHAR" for column in source.header)
    con.execute(f"CREATE TABLE {name} ({LINE} BIGINT, {columns})")
    tally = Tally()
    try:
        if source.format == "parquet":
            tally.rows_read = parquet.insert(con, source, name)
        else:
            _insert(con, name, source.header, _batches(source, tally, progress))
        return _result(con, name, source, tally)
    except BaseException:
        con.execute(f"DROP TABLE {name}")
        raise


def _batches(source: SourceFile, tally: Tally, progress: Progress | None) -> Batches:
    match source.format:
        case "csv":
            return delimited.batches(Lines(source, progress), tally)
        case "jsonl":
            return json_lines.batches(Lines(source, progress), tally)
        case "json":
            return json_array.batches(source, tally, progress)
        case _:
            return excel.batches(source, tally)


def _insert(con: duckdb.DuckDBPyConnection, name: str, header: tuple[str, ...], batches: Batches) -> None:
    """Stream batches into a table in one statement: all of them or none."""
    raised: list[BaseException] = []

    def guarded() -> Batches:
        try:
            yield from batches
        except BaseException as error:
            raised.append(error)
            raise

    stream = pa.RecordBatchReader.from_batches(schema(header), guarded())
    view = "rows_to_insert"
    con.register(view, stream)
    try:
        con.execute(f"INSERT INTO {name} SELECT * FROM {view}")
    except duckdb.Error:
        # DuckDB turns what the stream raised into an error of its own; the caller gets the first one.
        if raised and isinstance(raised[0], CreditGraphError | KeyboardInterrupt):
            raise raised[0] from None
        raise
    finally:
        con.unregister(view)


def _result(con: duckdb.DuckDBPyConnection, name: str, source: SourceFile, tally: Tally) -> ReadResult:
    [(in_table,)] = con.execute(f"SELECT count(*) FROM {name}").fetchall()
    if tally.rows_read != in_table + len(tally.rejects):
        raise UnreadableFile(
            f"{source.path.name}: of {tally.rows_read} records {in_table} were read and {len(tally.rejects)} rejected, "
            "which does not add up; report this file."
        )
    rejects = sorted(tally.rejects, key=lambda reject: reject.line)
    return ReadResult(tally.rows_read, rejects, in_table, source.encoding, tally.damaged_lines)
