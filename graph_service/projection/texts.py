"""Texts of many nodes as one array of bytes, so that a memory-mapped graph reads a label without a store."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graph_service.projection.arrays import Bytes, Longs
from graph_service.projection.tables import Column


@dataclass(frozen=True, slots=True)
class Texts:
    """`offsets` (n + 1) into `data` (UTF-8). Text i is data[offsets[i]:offsets[i + 1]].

    >>> texts_of(["甲", "", "b"])[0]
    '甲'
    """

    offsets: Longs
    data: Bytes

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> str:
        return self.data[int(self.offsets[index]) : int(self.offsets[index + 1])].tobytes().decode()

    def many(self, indices: Iterable[int]) -> list[str]:
        """The texts at these places, in their order."""
        return [self[int(i)] for i in indices]

    def equal_to(self, text: str) -> Longs:
        """Places of the texts that are this one."""
        wanted = text.encode()
        found = self.beginning_with(text)
        same: Longs = found[np.diff(self.offsets)[found] == len(wanted)]
        return same

    def beginning_with(self, text: str) -> Longs:
        """Places of the texts that begin like this; one byte after the other is compared in all of them."""
        found: Longs = np.flatnonzero(np.diff(self.offsets) >= len(text.encode()))
        for at, byte in enumerate(text.encode()):
            found = found[self.data[self.offsets[found] + at] == byte]
        return found


def texts_of(values: Iterable[str]) -> Texts:
    """Texts from Python strings; for few."""
    return texts_from_arrow(pa.array(list(values), pa.large_string()))


def texts_from_arrow(column: Column) -> Texts:
    """Texts from an Arrow column of strings, nulls as empty; the buffers are copied once."""
    flat: Column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    large = flat.cast(pa.large_string())
    _, offsets, data = large.buffers()
    if offsets is None:
        return Texts(np.zeros(1, np.int64), np.zeros(0, np.uint8))
    start = large.offset
    places = np.frombuffer(offsets, np.int64)[start : start + len(large) + 1]
    text = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    return Texts(places - places[0], text[places[0] : places[-1]].copy())
