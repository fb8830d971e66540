"""The pre-scan: which lines of a block are good records, and what is wrong with the others."""

from dataclasses import dataclass

import numpy as np

from loaders.reading.geometry import Bools, Geometry, Ints, geometry
from loaders.reading.lines import Block
from loaders.reading.model import (
    DAMAGED,
    NUL,
    OPEN_QUOTE,
    RECORD_LIMIT,
    TOO_FEW,
    TOO_LONG,
    TOO_MANY,
    RawReject,
    Tally,
    clipped,
)
from loaders.reading.quotes import Damage, Follower, Record, Unfinished, View

MESSAGES = {
    DAMAGED: "The bytes of this line are not text in the encoding of the file.",
    TOO_LONG: "The record is longer than 1 MiB.",
    NUL: "The record holds a NUL byte.",
}


@dataclass(frozen=True)
class Layout:
    """What a record must look like: the delimiter, and the names of its columns."""

    delimiter: str
    names: tuple[str, ...]

    @property
    def width(self) -> int:
        """The number of columns of a good record."""
        return len(self.names)


@dataclass(frozen=True)
class Scan:
    """A block after the scan.

    `data` holds the good records and nothing else, `lines` the line where each starts; `spans_lines` says that one of
    them holds a line end. `rest` are the lines of a record that goes on in the next block.
    """

    data: bytes
    lines: Ints
    spans_lines: bool
    rest: Block | None


class Scanner:
    """Scans the blocks of one file in order; rejects and counts go to `tally`."""

    def __init__(self, layout: Layout, tally: Tally) -> None:
        self.layout = layout
        self.tally = tally
        self.follower = Follower(layout.delimiter)

    def scan(self, block: Block, *, is_last: bool) -> Scan:
        """Judge every line of a block; `is_last`: nothing comes behind it."""
        sheet = _Sheet(block, geometry(block.data, self.layout.delimiter), self.layout)
        rest = self._follow_quotes(sheet, is_last=is_last)
        rejects = sheet.rejects + sheet.simple_rejects()
        rejects.sort(key=lambda reject: reject.line)
        good = np.flatnonzero(sheet.is_first)
        self.tally.rejects.extend(rejects)
        self.tally.rows_read += len(rejects) + len(good)
        self.tally.damaged_lines += sum(
            1 for at, mark in block.marks.items() if mark == DAMAGED and at < sheet.end
        )
        return Scan(sheet.kept(), block.first_line + good, sheet.spans_lines, rest)

    def _follow_quotes(self, sheet: "_Sheet", *, is_last: bool) -> Block | None:
        """Settle the records whose quotes need a closer look; return the lines that wait for the next block."""
        done = 0
        for line in np.flatnonzero(~sheet.lines.is_sound).tolist():
            if line < done or sheet.is_lost(line):
                continue
            match self.follower.follow(sheet.view, line, is_last=is_last):
                case Unfinished():
                    return sheet.split(line)
                case Damage() as damage:
                    sheet.reject_quote(damage)
                    done = line + 1
                case Record() as record:
                    sheet.settle(record)
                    done = record.last + 1
        return None


class _Sheet:
    """The lines of a block while they are judged.

    `is_kept` marks the lines of good records, `is_first` those where one starts, `is_open` the lines not yet judged.
    """

    def __init__(self, block: Block, lines: Geometry, layout: Layout) -> None:
        self.block, self.lines, self.layout = block, lines, layout
        self.end = len(lines.starts)
        self.rejects: list[RawReject] = []
        self.spans_lines = False
        is_marked = np.zeros(self.end, np.bool_)
        is_marked[list(block.marks)] = True
        self.has_nul = self._has_nul()
        self.is_blank = self._blank() & ~is_marked
        is_right = (
            lines.is_sound & (lines.widths == layout.width) & ~self.has_nul & ~is_marked & ~self.is_blank
        )
        self.is_kept: Bools = is_right & (lines.stops - lines.starts <= RECORD_LIMIT)
        self.is_first = self.is_kept.copy()
        self.is_open: Bools = ~self.is_kept & ~self.is_blank
        self.view = View(self.end, self.text, self.size, self._is_row, self._is_barrier)

    def _has_nul(self) -> Bools:
        found = np.zeros(self.end, np.bool_)
        if b"\0" in self.block.data:
            nuls = np.flatnonzero(np.frombuffer(self.block.data, np.uint8) == 0)
            found[np.searchsorted(self.lines.starts, nuls, side="right") - 1] = True
        return found

    def _blank(self) -> Bools:
        """Lines without content; of several columns, also those of white space alone."""
        is_blank: Bools = np.equal(self.lines.stops, self.lines.starts)
        if self.layout.width > 1:
            for line in np.flatnonzero((self.lines.widths == 1) & ~is_blank).tolist():
                is_blank[line] = not self.text(line).decode("utf-8", "replace").strip()
        return is_blank

    def text(self, line: int) -> bytes:
        """The content of a line without its end."""
        return self.block.data[self.lines.starts[line] : self.lines.stops[line]]

    def size(self, first: int, last: int) -> int:
        """The bytes from the start of one line to the end of another."""
        return int(self.lines.stops[last] - self.lines.starts[first])

    def is_lost(self, line: int) -> bool:
        """Whether a line is lost whatever its quotes say."""
        return line in self.block.marks or self.size(line, line) > RECORD_LIMIT

    def _is_row(self, line: int) -> bool:
        # In files of one or two columns a line of a longer text is easily a record in form.
        return (
            self.layout.width > 2
            and bool(self.lines.is_sound[line])
            and self.lines.widths[line] == self.layout.width
        )

    def _is_barrier(self, line: int) -> bool:
        return self.block.marks.get(line) == TOO_LONG

    def split(self, line: int) -> Block:
        """Take the lines from `line` on out of this block and return them."""
        self.end = line
        self.is_kept[line:] = self.is_first[line:] = self.is_open[line:] = False
        marks = {at - line: mark for at, mark in self.block.marks.items() if at >= line}
        return Block(self.block.first_line + line, self.block.data[self.lines.starts[line] :], marks)

    def settle(self, record: Record) -> None:
        """Judge a record that was followed to its end."""
        span = slice(record.first, record.last + 1)
        self.is_open[span] = self.is_kept[span] = self.is_first[span] = False
        marks = [
            self.block.marks[line]
            for line in range(record.first, record.last + 1)
            if line in self.block.marks
        ]
        if marks or self.has_nul[span].any() or self.size(record.first, record.last) > RECORD_LIMIT:
            self._reject(record, marks[0] if marks else NUL if self.has_nul[span].any() else TOO_LONG)
        elif record.width != self.layout.width:
            self._reject(record, TOO_FEW if record.width < self.layout.width else TOO_MANY)
        else:
            self.is_kept[span], self.is_first[record.first] = True, True
            self.spans_lines |= record.last > record.first

    def reject_quote(self, damage: Damage) -> None:
        """Reject the line that opens a quote which does not close as it should."""
        names = self.layout.names
        column = (names[damage.column] or None) if damage.column < len(names) else None
        self.is_open[damage.first] = self.is_kept[damage.first] = self.is_first[damage.first] = False
        message = f"A quote opened on this line {damage.reason}."
        raw = clipped(self.text(damage.first))
        self.rejects.append(RawReject(self.block.first_line + damage.first, raw, OPEN_QUOTE, column, message))

    def _reject(self, record: Record, code: str) -> None:
        start, stop = self.lines.starts[record.first], self.lines.stops[record.last]
        raw = clipped(self.block.data[start : min(stop, start + 8 * RECORD_LIMIT)])
        names, width = self.layout.names, self.layout.width
        column = (names[record.width] or None) if code == TOO_FEW else None
        message = MESSAGES.get(code) or f"The record has {record.width} columns where the header has {width}."
        self.rejects.append(RawReject(self.block.first_line + record.first, raw, code, column, message))

    def simple_rejects(self) -> list[RawReject]:
        """The lines still open: each is one record with a fault that can be seen from the line alone."""
        before = len(self.rejects)
        for line in np.flatnonzero(self.is_open).tolist():
            width = int(self.lines.widths[line])
            self._reject(Record(line, line, width), self._fault(line, width))
        found = self.rejects[before:]
        del self.rejects[before:]
        return found

    def _fault(self, line: int, width: int) -> str:
        if line in self.block.marks:
            return self.block.marks[line]
        if self.size(line, line) > RECORD_LIMIT:
            return TOO_LONG
        if self.has_nul[line]:
            return NUL
        return TOO_FEW if width < self.layout.width else TOO_MANY

    def kept(self) -> bytes:
        """The bytes of the good records, with their line ends."""
        if self.is_kept.all():
            return self.block.data
        edges = np.flatnonzero(np.diff(np.concatenate(([0], self.is_kept.view(np.int8), [0]))))
        view, starts, nexts = memoryview(self.block.data), self.lines.starts, self.lines.nexts
        return b"".join(view[starts[a] : nexts[b - 1]] for a, b in edges.reshape(-1, 2).tolist())
