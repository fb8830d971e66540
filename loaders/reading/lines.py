"""Bytes on disk to blocks of whole lines in UTF-8, with the lines that cannot be decoded marked."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from graph_service.domain.errors import UnreadableFile
from loaders.reading.model import DAMAGED, RAW_CAP, TOO_LONG, Progress, SourceFile

BLOCK = 4 << 20
LONGEST_LINE = 4 << 20
"""Longer lines are never held: their first characters are kept, the rest streams by."""

BOM = "\ufeff".encode()

# Inside a file in GB18030 a line that is UTF-8 from end to end would be read as other characters without any error.
UTF8_LINE = re.compile(
    rb"[\r\n](?:[\x00-\x09\x0b\x0c\x0e-\x7f]|[\xc2-\xdf][\x80-\xbf])*+[\xe0-\xef][\x80-\xbf]{2}"
    rb"(?:[\x00-\x09\x0b\x0c\x0e-\x7f]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})*+"
    rb"(?=[\r\n]|\Z)"
)


@dataclass(frozen=True)
class Ends:
    """How lines end in the bytes of an encoding: the two tokens, the width of both, and what one line is."""

    line_feed: bytes
    carriage_return: bytes
    line: re.Pattern[bytes]

    def cut(self, data: bytes) -> int:
        """The offset behind the last line end in `data`, 0 without one."""
        width = len(self.line_feed)
        found = max(data.rfind(self.line_feed), data.rfind(self.carriage_return))
        return found + width if found >= 0 else 0

    def first(self, data: bytes) -> int:
        """The offset of the first line end in `data`, -1 without one."""
        hits = [data.find(self.line_feed), data.find(self.carriage_return)]
        return min((hit for hit in hits if hit >= 0), default=-1)


NARROW = Ends(b"\n", b"\r", re.compile(rb"[^\r\n]*+(?:\r\n|\r|\n)|[^\r\n]++\Z"))
# Found at even and odd offsets alike, so that a line which lost one byte does not drag the next lines along.
LITTLE = Ends(b"\n\0", b"\r\0", re.compile(rb"(?s:.*?)(?:\r\0\n\0|\r\0|\n\0)|(?s:.+)\Z"))
BIG = Ends(b"\0\n", b"\0\r", re.compile(rb"(?s:.*?)(?:\0\r\0\n|\0\r|\0\n)|(?s:.+)\Z"))
ENDS = {"utf-16-le": LITTLE, "utf-16-be": BIG}


@dataclass(frozen=True)
class Block:
    """Whole lines in UTF-8. `marks` gives, for line offsets in the block, why a line is lost already."""

    first_line: int
    data: bytes
    marks: dict[int, str] = field(default_factory=dict)


class Lines:
    """The lines of a file in blocks; iterate once.

    Raises while iterating:
        UnreadableFile: the bytes are not those that were inspected.
    """

    def __init__(self, source: SourceFile, progress: Progress | None = None) -> None:
        self.source = source
        self.progress = progress
        self.encoding = source.encoding or "utf-8"

    def __iter__(self) -> Iterator[Block]:
        line = 1
        digest = hashlib.sha256()
        for raw in raw_blocks(self.source.path, self.encoding):
            digest.update(raw.counted)
            if self.progress is not None:
                self.progress(len(raw.counted))
            if not raw.data:
                continue
            block = decoded(raw, self.encoding, line)
            yield block
            line += count_lines(block.data)
        if digest.hexdigest() != self.source.sha256:
            raise UnreadableFile(
                f"{self.source.path.name} changed while it was read; load it again when it is whole."
            )


@dataclass(frozen=True)
class RawBlock:
    """Whole lines as they stand on disk, or the beginning of one line too long to hold (`is_long`)."""

    data: bytes
    counted: bytes
    is_long: bool = False


def raw_blocks(path: Path, encoding: str) -> Iterator[RawBlock]:
    """The bytes of a file, cut behind line ends; `counted` are the bytes first seen with the block."""
    ends = ENDS.get(encoding, NARROW)
    rest, is_skipping = b"", False
    for chunk in _chunks(path, ends):
        data = rest + chunk
        if is_skipping:
            hit = ends.line.match(data) if ends.first(data) >= 0 else None
            rest, is_skipping = (data[hit.end() :], False) if hit else (data[-3:], True)
            yield RawBlock(b"", chunk)
            continue
        cut = ends.cut(data)
        if cut == 0 and len(data) > LONGEST_LINE:
            yield RawBlock(data[: 4 * RAW_CAP], chunk, is_long=True)
            rest, is_skipping = data[-3:], True
            continue
        yield RawBlock(data[:cut], chunk)
        rest = data[cut:]
    if rest and not is_skipping:
        yield RawBlock(rest, b"")


def _chunks(path: Path, ends: Ends) -> Iterator[bytes]:
    """The bytes of a file in pieces, never split inside a line end."""
    inside = (ends.carriage_return, ends.carriage_return[:1], ends.carriage_return + ends.line_feed[:1])
    with path.open("rb") as file:
        while chunk := file.read(BLOCK):
            while chunk.endswith(inside) and (more := file.read(4)):
                chunk += more
            yield chunk


def decoded(raw: RawBlock, encoding: str, first_line: int) -> Block:
    """A block in UTF-8, without a byte order mark at the beginning of the file."""
    if raw.is_long:
        return Block(first_line, raw.data.decode(encoding, "replace").encode(), {0: TOO_LONG})
    data, marks = to_utf8(raw.data, encoding)
    if first_line == 1 and data.startswith(BOM):
        data = data[len(BOM) :]
    return Block(first_line, data, marks)


def to_utf8(data: bytes, encoding: str) -> tuple[bytes, dict[int, str]]:
    """Whole lines in UTF-8, and a mark for each that is damaged (it keeps its place, with replacement characters)."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return _line_by_line(data, encoding)
    if encoding == "utf-8":
        return data, {}
    found = text.encode()
    is_misaligned = encoding in ENDS and count_lines(found) != sum(
        1 for _ in ENDS[encoding].line.finditer(data)
    )
    is_mixed = encoding == "gb18030" and UTF8_LINE.search(b"\n" + data) is not None
    return _line_by_line(data, encoding) if is_misaligned or is_mixed else (found, {})


def _line_by_line(data: bytes, encoding: str) -> tuple[bytes, dict[int, str]]:
    parts: list[bytes] = []
    marks: dict[int, str] = {}
    for match in ENDS.get(encoding, NARROW).line.finditer(data):
        line = match.group()
        try:
            if encoding == "gb18030" and UTF8_LINE.search(b"\n" + line) is not None:
                marks[len(parts)] = DAMAGED
                parts.append(line)
            else:
                parts.append(line.decode(encoding).encode())
        except UnicodeDecodeError:
            marks[len(parts)] = DAMAGED
            parts.append(_lossy(line, encoding))
    return b"".join(parts), marks


def _lossy(line: bytes, encoding: str) -> bytes:
    """A damaged line with replacement characters, still one line, with the line end it had."""
    match encoding:
        case "utf-8" | "gb18030":
            body = line.rstrip(b"\r\n")
            return body.decode(encoding, "replace").encode() + line[len(body) :]
        case _:
            text = line.decode(encoding, "replace")
            return text.replace("\r", "").replace("\n", "").encode() + b"\n"


def count_lines(data: bytes) -> int:
    """How many lines `data` holds, whatever they end in; a last one without an end counts."""
    ends = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    return ends + (1 if data and not data.endswith((b"\n", b"\r")) else 0)
