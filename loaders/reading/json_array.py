"""JSON documents: an array of objects, or an object that holds one list; streamed element by element."""

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path

from graph_service.domain.errors import UnreadableFile
from loaders.reading.json_lines import bad_json
from loaders.reading.json_text import DECODER, Rows, names_of
from loaders.reading.lines import BLOCK
from loaders.reading.model import (
    RECORD_LIMIT,
    TOO_LONG,
    Batches,
    Progress,
    RawReject,
    SourceFile,
    Tally,
    clipped,
)

SPACE = re.compile(r"[ \t\r\n]*")
ELEMENT_LIMIT = 64 << 20
"""An element that takes more characters than this is taken for a damaged file."""


class Document:
    """The text of a JSON file behind a moving window.

    Raises while reading:
        UnreadableFile: the text is not JSON, or not text; the message says where.
    """

    def __init__(self, path: Path, encoding: str, progress: Progress | None = None) -> None:
        self.path = path
        self.chunks = _chunks(path, encoding, progress)
        self.text = next(self.chunks, "").removeprefix("\ufeff")
        self.at = 0
        self.line = 1

    def grow(self) -> bool:
        """Read on, forgetting what lies behind; False at the end of the file."""
        more = next(self.chunks, None)
        if more is None:
            return False
        self.line += self.text.count("\n", 0, self.at)
        self.text, self.at = self.text[self.at :] + more, 0
        return True

    def peek(self) -> str:
        """The next character that is not white space, "" at the end."""
        while True:
            space = SPACE.match(self.text, self.at)
            self.at = space.end() if space else self.at
            if self.at < len(self.text) or not self.grow():
                return self.text[self.at : self.at + 1]

    def take(self, wanted: str) -> None:
        """Step over one character that has to be there."""
        if self.peek() != wanted:
            raise self.damage(f"{wanted} is missing")
        self.at += 1

    def value(self) -> tuple[object, str]:
        """The next value, and its text."""
        self.peek()
        while True:
            try:
                found, end = DECODER.raw_decode(self.text, self.at)
            except RecursionError:
                raise self.damage("the text is nested too deeply") from None
            except ValueError as error:
                if len(self.text) - self.at > ELEMENT_LIMIT or not self.grow():
                    raise self.damage("the text is no JSON", getattr(error, "pos", self.at)) from None
                continue
            if end == len(self.text) and self.grow():
                continue  # a number may go on behind the window
            text = self.text[self.at : end]
            self.at = end
            return found, text

    def damage(self, what: str, position: int | None = None) -> UnreadableFile:
        """The error that says where the document breaks."""
        at = self.at if position is None else position
        line = self.line + self.text.count("\n", 0, at)
        return UnreadableFile(f"{self.path.name}, line {line}: {what}; have the file delivered again.")


def _chunks(path: Path, encoding: str, progress: Progress | None) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    offset = 0
    with path.open("rb") as file:
        while chunk := file.read(BLOCK):
            try:
                yield decoder.decode(chunk)
            except UnicodeDecodeError:
                raise _not_text(path, encoding, offset) from None
            offset += len(chunk)
            if progress is not None:
                progress(len(chunk))
        try:
            yield decoder.decode(b"", True)
        except UnicodeDecodeError:
            raise _not_text(path, encoding, offset) from None


def _not_text(path: Path, encoding: str, offset: int) -> UnreadableFile:
    return UnreadableFile(
        f"{path.name}: the bytes behind offset {offset} are no text in {encoding}; have the file delivered again."
    )


def elements(document: Document) -> Iterator[tuple[object, str]]:
    """The elements of the one list of a document, each with its text."""
    if document.peek() == "[":
        yield from _array(document)
    else:
        yield from _members(document)
    if document.peek():
        raise document.damage("more text follows the end of the document")


def _members(document: Document) -> Iterator[tuple[object, str]]:
    document.take("{")
    lists = 0
    while document.peek() != "}":
        document.value()
        document.take(":")
        if document.peek() == "[":
            lists += 1
            if lists > 1:
                raise document.damage(
                    "the document holds more than one list, and it is not clear which has the rows"
                )
            yield from _array(document)
        else:
            document.value()
        if document.peek() == ",":
            document.take(",")
    document.take("}")
    if not lists:
        raise document.damage("the document holds no list of rows")


def _array(document: Document) -> Iterator[tuple[object, str]]:
    document.take("[")
    if document.peek() != "]":
        yield document.value()
        while document.peek() == ",":
            document.take(",")
            yield document.value()
    document.take("]")


def header(path: Path, encoding: str) -> list[str]:
    """The names of all objects, in the order in which they first stand."""
    found: dict[str, None] = {}
    for value, _ in elements(Document(path, encoding)):
        if isinstance(value, dict) and not value.keys() <= found.keys():
            found.update(dict.fromkeys(names_of(value)))
    return list(found)


def batches(source: SourceFile, tally: Tally, progress: Progress | None) -> Batches:
    """The good elements of a document; the line of each is its place in the list, from 1."""
    rows = Rows(source.header, tally)
    document = Document(source.path, source.encoding or "utf-8", progress)
    for place, (value, text) in enumerate(elements(document), 1):
        if fault := _fault(rows, place, value, text):
            tally.reject(fault)
        if rows.is_full():
            yield rows.take()
    yield rows.take()


def _fault(rows: Rows, place: int, value: object, text: str) -> RawReject | None:
    """Add an element to the rows, or say why not."""
    raw = text.encode("utf-8", "replace")
    if len(raw) > RECORD_LIMIT:
        return RawReject(place, clipped(raw), TOO_LONG, None, "The record is longer than 1 MiB.")
    if not isinstance(value, dict):
        return bad_json(place, raw, "it is not an object")
    try:
        rows.add(place, value)
    except ValueError as error:
        return bad_json(place, raw, "a value is no text" if isinstance(error, UnicodeError) else str(error))
    return None


def is_json_lines(head: str) -> bool:
    """Whether text that begins with `{` goes on with a second object on a later line, or is a nested one alone."""
    try:
        value, end = json.JSONDecoder().raw_decode(head)
    except (ValueError, RecursionError):
        return False
    rest = head[end:].lstrip()
    inner = list(value.values()) if isinstance(value, dict) and not rest else []
    is_nested = any(isinstance(v, dict) for v in inner) and not any(isinstance(v, list) for v in inner)
    return is_nested or rest.startswith("{")
