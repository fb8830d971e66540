"""An export as rows of a file: CSV, JSON lines, Parquet."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from graph_service.credit_graph.exports.columns import Sheet

TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "day": pa.date32(),
    "number": pa.float64(),
    "whole": pa.int64(),
    "flag": pa.bool_(),
}
Advance = Callable[[int], None]


def write_csv(sheet: Sheet, path: Path, advance: Advance) -> int:
    """UTF-8 without byte order mark, comma-separated, a header line; days as YYYY-MM-DD, nothing for null."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([c.name for c in sheet.columns])
        for chunk in sheet.chunks:
            writer.writerows(chunk)
            count += len(chunk)
            advance(len(chunk))
    return count


def write_jsonl(sheet: Sheet, path: Path, advance: Advance) -> int:
    """One JSON object a line, UTF-8."""
    names = [c.name for c in sheet.columns]
    count = 0
    with path.open("wb") as file:
        for chunk in sheet.chunks:
            file.writelines(orjson.dumps(dict(zip(names, row, strict=True))) + b"\n" for row in chunk)
            count += len(chunk)
            advance(len(chunk))
    return count


def write_parquet(sheet: Sheet, path: Path, advance: Advance) -> int:
    """Parquet with typed columns; days as date32."""
    schema = pa.schema([(c.name, TYPES[c.type]) for c in sheet.columns])
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for chunk in sheet.chunks:
            cells: list[tuple[Any, ...]] = list(zip(*chunk, strict=True))
            arrays = [pa.array(values, TYPES[c.type]) for c, values in zip(sheet.columns, cells, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            count += len(chunk)
            advance(len(chunk))
    return count
