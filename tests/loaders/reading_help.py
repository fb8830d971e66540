"""What the tests of reading share."""

from pathlib import Path

from loaders.reader import ReadResult, inspect, memory_database, read_rows

Row = tuple[int | str | None, ...]


def read(path: Path) -> tuple[ReadResult, list[Row]]:
    """Read a file, and give the table's rows in the order of their lines."""
    con = memory_database(threads=1)
    result = read_rows(con, inspect(path), "rows")
    rows: list[Row] = con.execute('SELECT * FROM rows ORDER BY "line"').fetchall()
    con.close()
    return result, rows


def read_bytes(folder: Path, data: bytes, name: str = "file.csv") -> tuple[ReadResult, list[Row]]:
    """Write bytes to a file and read it."""
    path = folder / name
    path.write_bytes(data)
    return read(path)


def faults(result: ReadResult) -> list[tuple[int, str]]:
    """Line and code of each reject."""
    return [(reject.line, reject.code) for reject in result.rejects]
