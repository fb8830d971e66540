"""JSON lines: one object a line."""

from collections.abc import Iterator

from loaders.reading.json_text import DECODER, Rows, names_of
from loaders.reading.lines import NARROW, Lines
from loaders.reading.model import (
    BAD_JSON,
    DAMAGED,
    RECORD_LIMIT,
    TOO_LONG,
    Batches,
    RawReject,
    Tally,
    clipped,
)

MESSAGES = {
    DAMAGED: "The bytes of this line are not text in the encoding of the file.",
    TOO_LONG: "The record is longer than 1 MiB.",
}


def objects(lines: Lines) -> Iterator[tuple[int, bytes, dict[str, object] | RawReject]]:
    """Line number, bytes, and object or reject, for each line that is not blank."""
    for block in lines:
        for at, match in enumerate(NARROW.line.finditer(block.data)):
            text = match.group()
            if not text.isspace():
                code = block.marks.get(at) or (TOO_LONG if len(text) > RECORD_LIMIT else None)
                yield block.first_line + at, text, _judged(block.first_line + at, text, code)


def _judged(line: int, text: bytes, code: str | None) -> dict[str, object] | RawReject:
    if code is not None:
        return RawReject(line, clipped(text), code, None, MESSAGES[code])
    try:
        value = DECODER.decode(text.decode())
    except RecursionError:
        return bad_json(line, text, "it is nested too deeply")
    except ValueError as error:
        return bad_json(line, text, _reason(error))
    return value if isinstance(value, dict) else bad_json(line, text, "it is not an object")


def _reason(error: ValueError) -> str:
    # A decoder's own words may quote the value; where it failed says enough.
    column = getattr(error, "colno", None)
    return str(error) if column is None else f"character {column} does not fit"


def bad_json(line: int, text: bytes, reason: str) -> RawReject:
    """The reject of a record that is no JSON object."""
    return RawReject(
        line, clipped(text.rstrip(b"\r\n")), BAD_JSON, None, f"The record cannot be read as JSON: {reason}."
    )


def header(lines: Lines) -> list[str]:
    """The names of all objects, in the order in which they first stand."""
    found: dict[str, None] = {}
    for _, _, value in objects(lines):
        if isinstance(value, dict) and not value.keys() <= found.keys():
            found.update(dict.fromkeys(names_of(value)))
    return list(found)


def batches(lines: Lines, tally: Tally) -> Batches:
    """The good objects of a file as batches of line and text columns."""
    rows = Rows(lines.source.header, tally)
    for line, text, value in objects(lines):
        if isinstance(value, RawReject):
            tally.damaged_lines += value.code == DAMAGED
            tally.reject(value)
            continue
        try:
            rows.add(line, value)
        except ValueError as error:
            tally.reject(
                bad_json(line, text, "a value is no text" if isinstance(error, UnicodeError) else str(error))
            )
        if rows.is_full():
            yield rows.take()
    yield rows.take()
