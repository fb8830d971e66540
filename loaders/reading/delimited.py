"""CSV and its kin: header, delimiter, and the good records as Arrow batches."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from pathlib import Path
from typing import IO, cast

import pyarrow as pa
import pyarrow.csv
from pyarrow import compute

from graph_service.domain.errors import UnreadableFile
from loaders.reading.lines import NARROW, Block, Lines, count_lines, decoded, raw_blocks
from loaders.reading.model import (
    LINE,
    RAW_CAP,
    RECORD_LIMIT,
    TOO_MANY,
    Batches,
    RawReject,
    Tally,
    distinct_header,
)
from loaders.reading.prescan import Layout, Scan, Scanner

DELIMITERS = (",", "\t", "|", ";")
HEADER_LINES = 100


@dataclass(frozen=True)
class Header:
    """The header of a delimited file: delimiter, names, number of unnamed columns at the end, its last line."""

    delimiter: str
    names: tuple[str, ...]
    unnamed: int
    lines: int


def read_header(path: Path, encoding: str) -> Header:
    """The first record that is not blank.

    Raises:
        UnreadableFile: there is none, it cannot be read, or it names a column twice.
    """
    line = 1
    for raw in raw_blocks(path, encoding):
        block = decoded(raw, encoding, line)
        if block.data.strip():
            return _header(block, path)
        line += count_lines(block.data)
    raise UnreadableFile(f"{path.name} holds nothing but blank lines; deliver it with a header and rows.")


def _header(block: Block, path: Path) -> Header:
    lines = block.data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next(at for at, line in enumerate(lines) if line.strip())
    last = first
    while (
        '"' in lines[first]
        and _is_open(lines[first : last + 1])
        and last + 1 < min(len(lines), first + HEADER_LINES)
    ):
        last += 1
    if any(at <= last for at in block.marks) or "\0" in "".join(lines[first : last + 1]):
        raise UnreadableFile(
            f"{path.name}: the header on line {block.first_line + first} is damaged; have the file delivered again."
        )
    delimiter, cells = _split(lines[first : last + 1])
    names = [cell.strip("\ufeff \t\u3000\u00a0").strip() for cell in cells]
    if len(names) == 1 and "，" in names[0]:
        raise UnreadableFile(
            f"{path.name} separates columns with full-width commas; save it with plain commas."
        )
    unnamed = len(names) - max((at + 1 for at, name in enumerate(names) if name), default=0)
    named = [name or f"column_{at}" for at, name in enumerate(names[: len(names) - unnamed], 1)]
    return Header(delimiter, distinct_header(named, path), unnamed, block.first_line + last)


def _is_open(lines: list[str]) -> bool:
    return sum(line.count('"') for line in lines) % 2 == 1


def _split(lines: list[str]) -> tuple[str, list[str]]:
    """The delimiter that makes the most columns of a header, and the columns."""
    csv.field_size_limit(1 << 30)
    best = (",", ["\n".join(lines)])
    for delimiter in DELIMITERS:
        cells = next(csv.reader(["\n".join(lines)], delimiter=delimiter), [])
        if len(cells) > len(best[1]) or delimiter == ",":
            best = (delimiter, cells)
    return best


def batches(lines: Lines, tally: Tally) -> Batches:
    """The good records of a file as batches of line and text columns."""
    header = read_header(lines.source.path, lines.encoding)
    layout = Layout(header.delimiter, (*header.names, *("" for _ in range(header.unnamed))))
    scanner = Scanner(layout, tally)
    rest: Block | None = None
    for block in _behind_header(lines, header.lines):
        scan = scanner.scan(_joined(rest, block), is_last=False)
        rest = scan.rest
        yield from _parsed(scan, header, tally)
    if rest is not None:
        yield from _parsed(scanner.scan(rest, is_last=True), header, tally)


def _behind_header(lines: Lines, header_lines: int) -> Iterator[Block]:
    for block in lines:
        skip = header_lines + 1 - block.first_line
        if skip <= 0:
            yield block
        elif skip < count_lines(block.data):
            *_, last = islice(NARROW.line.finditer(block.data), skip)
            marks = {at - skip: mark for at, mark in block.marks.items() if at >= skip}
            yield Block(block.first_line + skip, block.data[last.end() :], marks)


def _joined(rest: Block | None, block: Block) -> Block:
    if rest is None:
        return block
    shift = block.first_line - rest.first_line
    marks = rest.marks | {at + shift: mark for at, mark in block.marks.items()}
    return Block(rest.first_line, rest.data + block.data, marks)


def _parsed(scan: Scan, header: Header, tally: Tally) -> Iterator[pa.RecordBatch]:
    """Good records as text columns; nothing can be wrong with them any more."""
    if not len(scan.lines):
        return
    names = [*header.names, *(f"\0{at}" for at in range(header.unnamed))]
    table = pyarrow.csv.read_csv(
        cast("IO[bytes]", pa.BufferReader(scan.data)),
        read_options=pyarrow.csv.ReadOptions(column_names=names, block_size=max(1 << 20, 2 * RECORD_LIMIT)),
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=header.delimiter, newlines_in_values=scan.spans_lines, ignore_empty_lines=False
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            check_utf8=False, column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )
    table = table.add_column(0, LINE, pa.array(scan.lines, pa.int64()))
    if header.unnamed:
        table = _without_unnamed(table, header, tally)
    yield from table.to_batches()


def _without_unnamed(table: pa.Table, header: Header, tally: Tally) -> pa.Table:
    """Drop the columns that have no name; a record with content in one of them is rejected."""
    named = len(header.names) + 1
    is_full = reduce(
        compute.or_, (compute.not_equal(column, pa.scalar("")) for column in table.columns[named:])
    )
    for row in table.filter(is_full).to_pylist():
        line, *cells = row.values()
        message = "The record has content in a column that has no name in the header."
        raw = header.delimiter.join(cells)[:RAW_CAP]
        tally.rejects.append(RawReject(line, raw, TOO_MANY, None, message))
    return table.filter(compute.invert(is_full)).select(range(named))
