"""The lines of a block, measured all at once with NumPy: where they end, how many columns, quotes in order or not."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

QUOTE, LF, CR = 34, 10, 13


@dataclass(frozen=True)
class Geometry:
    """The lines of a block, one entry a line: offsets of content and end, columns, and whether quotes are in order."""

    starts: Ints
    stops: Ints
    nexts: Ints
    widths: Ints
    is_sound: Bools


def geometry(data: bytes, delimiter: str) -> Geometry:
    """Measure all lines of `data`; a line is sound when each of its quotes opens or closes a field as it should."""
    cells = np.frombuffer(data, np.uint8)
    stops, nexts = line_ends(data, cells)
    starts = np.concatenate(([0], nexts[:-1]))
    delimiters = np.flatnonzero(cells == ord(delimiter))
    counts = np.searchsorted(delimiters, stops) - np.searchsorted(delimiters, starts)
    is_sound = np.ones(len(starts), np.bool_)
    if b'"' in data:
        quotes = Quotes.of(cells, starts, stops)
        is_sound = quotes.soundness(cells, delimiter)
        counts = counts - quotes.enclosed(delimiters)
    return Geometry(starts, stops, nexts, counts + 1, is_sound)


def line_ends(data: bytes, cells: npt.NDArray[np.uint8]) -> tuple[Ints, Ints]:
    """For each line the offset behind its content and the offset of the next line; ends are LF, CRLF or CR."""
    ends = np.flatnonzero(cells == LF)
    stops = ends
    if b"\r" in data:
        returns = np.flatnonzero(cells == CR)
        is_pair = np.zeros(len(returns), np.bool_)
        inner = returns < len(cells) - 1
        is_pair[inner] = cells[returns[inner] + 1] == LF
        follows = np.zeros(len(ends), np.bool_)
        follows[np.searchsorted(ends, returns[is_pair])] = True
        stops = np.sort(np.concatenate((ends - follows, returns[~is_pair])))
        ends = np.sort(np.concatenate((ends, returns[~is_pair])))
    if len(data) and (not len(ends) or ends[-1] != len(data) - 1):
        ends, stops = np.append(ends, len(data) - 1), np.append(stops, len(data))
    return stops, ends + 1


@dataclass(frozen=True)
class Quotes:
    """The quotes of a block: offsets, the line of each, its rank among the quotes of that line, first of each line."""

    at: Ints
    line: Ints
    rank: Ints
    first: Ints
    starts: Ints
    stops: Ints

    @classmethod
    def of(cls, cells: npt.NDArray[np.uint8], starts: Ints, stops: Ints) -> "Quotes":
        """Find the quotes of a block whose lines have these offsets."""
        at = np.flatnonzero(cells == QUOTE)
        first = np.searchsorted(at, starts)
        line = np.searchsorted(starts, at, side="right") - 1
        return cls(at, line, np.arange(len(at)) - first[line], first, starts, stops)

    def soundness(self, cells: npt.NDArray[np.uint8], delimiter: str) -> Bools:
        """Per line: the quotes pair up, open at the beginning of a field and close at its end (or are doubled)."""
        opens = self.rank % 2 == 0
        before, after = cells[np.maximum(self.at - 1, 0)], cells[np.minimum(self.at + 1, len(cells) - 1)]
        opens_well = (
            (self.at == self.starts[self.line])
            | (before == ord(delimiter))
            | ((before == QUOTE) & (self.rank > 0))
        )
        closes_well = (self.at + 1 == self.stops[self.line]) | (after == ord(delimiter)) | (after == QUOTE)
        is_sound = np.ones(len(self.starts), np.bool_)
        is_sound[self.line[~np.where(opens, opens_well, closes_well)]] = False
        counts = np.diff(np.append(self.first, len(self.at)))
        is_sound[counts % 2 == 1] = False
        return is_sound

    def enclosed(self, delimiters: Ints) -> Ints:
        """Per line: how many delimiters stand inside quotes, counted as if the line began outside of them."""
        line = np.searchsorted(self.starts, delimiters, side="right") - 1
        inside = (np.searchsorted(self.at, delimiters) - self.first[line]) % 2 == 1
        return np.bincount(line[inside], minlength=len(self.starts)).astype(np.int64)
