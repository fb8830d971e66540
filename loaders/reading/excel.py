"""Excel workbooks: the first sheet with a header, every cell as the text a reader of the sheet would write down."""

import datetime as dt
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from graph_service.domain.errors import UnreadableFile
from loaders.reading.model import (
    RAW_CAP,
    TOO_MANY,
    Batches,
    RawReject,
    SourceFile,
    Tally,
    distinct_header,
    schema,
)

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta

EXACT = 2**53
"""Whole numbers beyond this lose digits as floating point; their text is fetched from the sheet itself."""

BATCH = 20_000

LONG_NUMBER = re.compile(r"-?\d{16,}|-?\d(?:\.\d+)?[eE]\+?\d{2}")


@dataclass(frozen=True)
class Sheet:
    """A sheet with its header on row `top` of `rows` (from 0); `index` is its place in the book."""

    index: int
    rows: list[list[Cell]]
    top: int
    header: tuple[str, ...]


def first_sheet(path: Path) -> Sheet:
    """The first sheet that has a header: a row of two cells or more, or else its first row with content.

    Raises:
        UnreadableFile: the workbook is damaged or protected, or no sheet has content.
    """
    try:
        book = CalamineWorkbook.from_path(path)
        for index in range(len(book.sheet_names)):
            rows = book.get_sheet_by_index(index).to_python(skip_empty_area=False)
            if (top := _top(rows)) is not None:
                return Sheet(index, rows, top, _header(rows[top], path))
    except (CalamineError, OSError, zipfile.BadZipFile, ValueError):
        raise UnreadableFile(
            f"{path.name} cannot be read as an Excel workbook; save it again without a password."
        ) from None
    raise UnreadableFile(
        f"{path.name} has no sheet with a header; deliver it with one row of column names on top."
    )


def _top(rows: list[list[Cell]]) -> int | None:
    full = [at for at, row in enumerate(rows) if any(cell != "" for cell in row)]
    wide = (at for at in full if sum(cell != "" for cell in rows[at]) > 1)
    return next(wide, full[0] if full else None)


def _header(row: list[Cell], path: Path) -> tuple[str, ...]:
    names = [(text(cell) or "").strip("\ufeff").strip() for cell in row]
    while names and not names[-1]:
        names.pop()
    return distinct_header([name or f"column_{at}" for at, name in enumerate(names, 1)], path)


def text(cell: Cell) -> str | None:
    """A cell as text: whole numbers without a fraction, dates in ISO form, empty cells as None."""
    match cell:
        case "":
            return None
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            return str(int(cell)) if cell.is_integer() else repr(cell)
        case dt.datetime():
            return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
        case _:
            return str(cell)


def batches(source: SourceFile, tally: Tally) -> Batches:
    """The rows of the sheet as batches of line and text columns; the line is the row's number in the sheet."""
    sheet = first_sheet(source.path)
    width = len(sheet.header)
    digits = LongNumbers(source.path, sheet)
    kept: list[list[str | int | None]] = []
    for line, row in enumerate(sheet.rows[sheet.top + 1 :], sheet.top + 2):
        cells = [digits.text(line, column, cell) for column, cell in enumerate(row)]
        if not any(cells):
            continue
        if any(cells[width:]):
            raw = "\t".join(cell or "" for cell in cells)[:RAW_CAP]
            message = "The row has content in a column that has no name in the header."
            tally.reject(RawReject(line, raw, TOO_MANY, None, message))
            continue
        tally.rows_read += 1
        kept.append([line, *cells[:width]])
        if len(kept) == BATCH:
            yield _batch(kept, sheet.header)
            kept = []
    yield _batch(kept, sheet.header)


def _batch(rows: list[list[str | int | None]], header: tuple[str, ...]) -> pa.RecordBatch:
    fields = schema(header)
    columns = list(zip(*rows, strict=True)) or [()] * len(fields)
    return pa.RecordBatch.from_arrays(
        [pa.array(column, field.type) for column, field in zip(columns, fields, strict=True)], schema=fields
    )


class LongNumbers:
    """Numbers of more digits than floating point holds, as they stand in the sheet's own text.

    A code of 18 digits that someone stored as a number would otherwise change its last digits in silence.
    """

    def __init__(self, path: Path, sheet: Sheet) -> None:
        self.path, self.sheet = path, sheet
        self.found: dict[tuple[int, int], str] | None = None

    def text(self, line: int, column: int, cell: Cell) -> str | None:
        """The text of a cell on row `line` (from 1) and column `column` (from 0)."""
        if isinstance(cell, float) and abs(cell) >= EXACT:
            if self.found is None:
                self.found = dict(self._long_numbers())
            return self.found.get((line, column)) or text(cell)
        return text(cell)

    def _long_numbers(self) -> Iterator[tuple[tuple[int, int], str]]:
        with zipfile.ZipFile(self.path) as archive, archive.open(self._part(archive)) as part:
            reference = ""
            for _, element in ET.iterparse(part):  # noqa: S314  expat of this Python refuses entity bombs
                if element.tag.endswith("}c"):
                    reference = element.get("r", "")
                    value = next((child.text for child in element if child.tag.endswith("}v")), None)
                    if element.get("t", "n") == "n" and value and LONG_NUMBER.fullmatch(value):
                        yield _place(reference), format(Decimal(value), "f")
                elif element.tag.endswith("}row"):
                    element.clear()

    def _part(self, archive: zipfile.ZipFile) -> str:
        """The name of the sheet's part inside the workbook."""
        book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314  as above
        sheets = [item for item in book.iter() if item.tag.endswith("}sheet")]
        wanted = next(value for key, value in sheets[self.sheet.index].items() if key.endswith("}id"))
        links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314  as above
        target = next(link.get("Target", "") for link in links if link.get("Id") == wanted)
        return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _place(reference: str) -> tuple[int, int]:
    """Row from 1 and column from 0 of a reference such as B7."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(reference[len(letters) :]), column - 1
