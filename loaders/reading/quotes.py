"""Records whose quotes do not close on their first line: followed line by line, until they end or prove damaged."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from loaders.reading.model import RECORD_LIMIT

UNENDED = -1


@dataclass(frozen=True)
class Record:
    """A record from line `first` to line `last` of a block, both included, with its number of columns."""

    first: int
    last: int
    width: int


@dataclass(frozen=True)
class Damage:
    """Line `first` opens a quote in column `column` (from 0) that does not close as it should."""

    first: int
    column: int
    reason: str


@dataclass(frozen=True)
class Unfinished:
    """The record that begins on line `first` may go on behind the block."""

    first: int


@dataclass(frozen=True)
class View:
    """What following a record needs to know of a block's lines: their number, content, extent, and two judgements.

    `is_row(i)`: line i is a whole record by itself; `is_barrier(i)`: no record can reach over line i.
    """

    count: int
    text: Callable[[int], bytes]
    size: Callable[[int, int], int]
    is_row: Callable[[int], bool]
    is_barrier: Callable[[int], bool]


class Follower:
    """Reads records as RFC 4180 has them; a quote inside a field that does not begin with one is an ordinary character.

    An open quote is damage of the line that opens it when a line that it would swallow is a whole record by itself,
    when text follows the closing quote, when the record grows beyond the limit, or when the file ends first.
    """

    def __init__(self, delimiter: str) -> None:
        mark = re.escape(delimiter.encode())
        self.quoted = re.compile(rb'"(?:[^"]++|"")*+"(?=' + mark + rb"|\Z)")
        self.plain = re.compile(rb'(?!")[^' + mark + rb"]*+")
        self.opening = re.compile(rb'"(?:[^"]++|"")*+\Z')
        self.closing = re.compile(rb'(?:[^"]++|"")*+"(?=' + mark + rb"|\Z)")
        self.inside = re.compile(rb'(?:[^"]++|"")*+\Z')

    def follow(self, view: View, first: int, *, is_last: bool) -> Record | Damage | Unfinished:
        """The record that begins on line `first`; `is_last`: nothing comes behind this block."""
        column, is_open = self._fields(view.text(first), 0, 0)
        if is_open is None:
            return Damage(first, column, "is followed by more text after it closes")
        line = first
        opened = column
        while is_open:
            line += 1
            if line == view.count:
                return Damage(first, opened, "never closes") if is_last else Unfinished(first)
            if view.is_row(line) or view.is_barrier(line):
                return Damage(first, opened, "runs on into lines that are records by themselves")
            if view.size(first, line) > RECORD_LIMIT:
                return Damage(first, opened, "does not close within one record's greatest length")
            column, is_open = self._continued(view.text(line), column)
            if is_open is None:
                return Damage(first, opened, "closes in the middle of another field")
        return Record(first, line, column + 1)

    def _continued(self, text: bytes, column: int) -> tuple[int, bool | None]:
        """Go on inside quotes at the beginning of a line."""
        closed = self.closing.match(text)
        if closed is None:
            return column, True if self.inside.match(text) else None
        if closed.end() == len(text):
            return column, False
        return self._fields(text, closed.end() + 1, column + 1)

    def _fields(self, text: bytes, at: int, column: int) -> tuple[int, bool | None]:
        """Read fields from offset `at`: the last column, and whether its quote is open (None: it closes badly)."""
        while True:
            field = self.quoted.match(text, at) or self.plain.match(text, at)
            if field is None:
                return column, True if self.opening.match(text, at) else None
            if field.end() == len(text):
                return column, False
            at = field.end() + 1
            column += 1
