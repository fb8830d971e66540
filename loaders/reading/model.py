"""The values that reading deals in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from graph_service.domain.errors import UnreadableFile

LINE = "line"
"""The column of every table that says where a record starts."""

RAW_CAP = 2000
"""So many characters of a rejected record are kept."""

RECORD_LIMIT = 1 << 20
"""A record of more bytes (in UTF-8) than this is rejected."""

DAMAGED, TOO_LONG, NUL = "damaged_bytes", "record_too_long", "nul"
TOO_FEW, TOO_MANY, OPEN_QUOTE, BAD_JSON = "too_few_columns", "too_many_columns", "open_quote", "bad_json"

Progress = Callable[[int], None]
"""Called now and then with the number of bytes read since the last call."""


@dataclass(frozen=True)
class RawReject:
    """A record that could not be read; `raw` is unmasked and holds at most `RAW_CAP` characters."""

    line: int
    raw: str
    code: str
    column: str | None
    message: str


@dataclass(frozen=True)
class SourceFile:
    """A file as `inspect` found it.

    `format` is one of csv (whatever the delimiter), json, jsonl, parquet, xlsx; `encoding` and `delimiter` are
    None where they do not apply; `header` holds the names as given, without BOM and surrounding spaces;
    `sha256` is that of the bytes on disk, `size` their number.
    """

    path: Path
    format: str
    encoding: str | None
    delimiter: str | None
    header: tuple[str, ...]
    sha256: str
    size: int


@dataclass(frozen=True)
class ReadResult:
    """What became of a file: `rows_read` equals `rows_in_table` plus the number of rejected records.

    `encoding` is the one the text was read in, `damaged_lines` the number of lines it could not decode.
    """

    rows_read: int
    rejects: list[RawReject]
    rows_in_table: int
    encoding: str | None = None
    damaged_lines: int = 0


@dataclass
class Tally:
    """Counts and rejects, gathered while a file streams through."""

    rows_read: int = 0
    damaged_lines: int = 0
    rejects: list[RawReject] = field(default_factory=list)

    def reject(self, reject: RawReject) -> None:
        """Keep one rejected record and count it as read."""
        self.rows_read += 1
        self.rejects.append(reject)


Batches = Iterator[pa.RecordBatch]


def schema(header: tuple[str, ...]) -> pa.Schema:
    """The Arrow schema of a table of text rows: `line` and one text column for each header name."""
    columns: list[tuple[str, pa.DataType]] = [(LINE, pa.int64()), *((name, pa.string()) for name in header)]
    return pa.schema(columns)


def clipped(data: bytes | memoryview) -> str:
    """The first `RAW_CAP` characters of UTF-8 `data`."""
    return bytes(data[: 4 * RAW_CAP]).decode("utf-8", "ignore")[:RAW_CAP]


def distinct_header(names: list[str], path: Path) -> tuple[str, ...]:
    """`names` as a header, once it is sure that no name stands twice.

    Names are compared without regard to case, as the tables that hold them do.

    Raises:
        UnreadableFile: a name stands twice, or none is there.
    """
    seen = {LINE}
    for name in names:
        if name.lower() in seen:
            taken = "is reserved for line numbers" if name.lower() == LINE else "stands twice in the header"
            raise UnreadableFile(f"{path.name}: the column {name} {taken}; rename one of the columns.")
        seen.add(name.lower())
    if not names:
        raise UnreadableFile(f"{path.name} has no header; deliver it with one row of column names on top.")
    return tuple(names)
