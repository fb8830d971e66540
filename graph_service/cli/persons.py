"""The persons of a pre-check, read from a file or standard input: never from the command line, which others can see."""

import csv
import io
import sys
from collections.abc import Mapping
from pathlib import Path

from graph_service.credit_graph.prechecks import Applicant
from graph_service.domain.errors import MissingPath, UnreadableFile, WrongCall
from graph_service.domain.identifiers import RESIDENT_ID
from graph_service.rules import Rules
from graph_service.text.normal import normalize_name

COLUMNS: Mapping[str, frozenset[str]] = {
    "name": frozenset({"姓名", "name"}),
    "document": frozenset({"证件类型", "document"}),
    "number": frozenset({"证件号码", "身份证号码", "公民身份号码", "number"}),
    "post": frozenset({"职务", "拟任职务", "post"}),
}
STANDARD_INPUT = "-"


def persons_in(source: str, rules: Rules) -> tuple[Applicant, ...]:
    """The rows of a CSV file (`-`: standard input) with the columns 姓名, 证件类型, 证件号码, 职务; the first is needed.

    Raises MissingPath, UnreadableFile, WrongCall in one sentence without a name or number.
    """
    try:
        read = list(csv.reader(io.StringIO(_text(source), newline=""), strict=True))
    except csv.Error as error:
        raise WrongCall("the list of persons cannot be read as CSV; look for an open quote.") from error
    rows = [row for row in read if any(cell.strip() for cell in row)]
    if not rows:
        raise WrongCall("the list of persons is empty; give a header with 姓名 and a row for each person.")
    places = _places(rows[0])
    return tuple(_applicant(row, places, rules, line) for line, row in enumerate(rows[1:], 1))


def _text(source: str) -> str:
    if source == STANDARD_INPUT:
        raw = sys.stdin.buffer.read()
    else:
        path = Path(source)
        if not path.is_file():
            raise MissingPath(f"there is no file '{source}' with persons; name one, or - for standard input.")
        raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("the list of persons is neither UTF-8 nor GB18030; save it as UTF-8.")


def _places(header: list[str]) -> dict[str, int]:
    names = [normalize_name(cell) for cell in header]
    places: dict[str, int] = {}
    for column, spelled in COLUMNS.items():
        found = [i for i, name in enumerate(names) if name in spelled]
        if len(found) > 1:
            raise WrongCall(f"the list of persons has the column {min(spelled)} twice; keep one.")
        if found:
            places[column] = found[0]
    if "name" not in places:
        raise WrongCall(
            "the list of persons has no column 姓名; its first line names the columns (姓名, 证件号码, 职务)."
        )
    return places


def _applicant(row: list[str], places: dict[str, int], rules: Rules, line: int) -> Applicant:
    cells = {column: row[i].strip() for column, i in places.items() if i < len(row)}
    document, said = RESIDENT_ID, cells.get("document")
    if said:
        entry = rules.table("document_types").find(said)
        if entry is None:
            raise WrongCall(
                f"person {line}: the type of document is unknown; write 居民身份证, 护照, or leave it empty."
            )
        document = entry.target or entry.code
    return Applicant(cells.get("name", ""), cells.get("number") or None, document, cells.get("post") or None)
