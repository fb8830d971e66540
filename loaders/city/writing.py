"""Write a feed as a department delivers it: shuffled, with the dirt that real deliveries carry."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from loaders.city.columns import Columns, at
from loaders.city.dirt import broken_rows, soil
from loaders.city.streams import Bools, Ints, Rng, hits, stream

CHUNK = 200_000


@dataclass(frozen=True)
class Delivery:
    """How one file is delivered: its name, encoding and which rows dirt may cost."""

    name: str
    encoding: str = "utf-8"
    exposed: Bools | None = None
    """The rows that dirt may make unreadable: none in the lists, none of the planted, whose truth must survive."""


def _ordered(columns: Columns, order: Ints) -> pa.Table:
    return pa.table({name: at(column, order) for name, column in columns.items()})


def _lines(table: pa.Table, header: bool) -> bytes:
    sink = pa.BufferOutputStream()
    # the stubs do not know `quoting_header` yet
    forms: dict[str, Any] = {"include_header": header, "quoting_style": "needed", "quoting_header": "none"}
    options = pacsv.WriteOptions(**forms)
    pacsv.write_csv(table, sink, options)
    return bytes(sink.getvalue())


def _repeated(rng: Rng, order: Ints) -> Ints:
    """A few rows are delivered twice."""
    twice = order[hits(rng, 0.002, len(order))]
    return np.concatenate([order, twice])


def write_feed(folder: Path, delivery: Delivery, columns: Columns, seed: int) -> int:
    """Write one CSV file; returns its rows (those that no reader can parse included)."""
    rng = stream(seed, delivery.name)
    count = len(next(iter(columns.values())))
    order = _repeated(rng, rng.permutation(count))
    written = 0
    with (folder / delivery.name).open("wb") as sink:
        if delivery.encoding == "utf-8" and int(rng.integers(3)) == 0:
            sink.write(b"\xef\xbb\xbf")
        for first in range(0, max(len(order), 1), CHUNK):
            place = order[first : first + CHUNK]
            exposed = None if delivery.exposed is None else delivery.exposed[place]
            table = soil(rng, _ordered(columns, place), exposed)
            body = _lines(table, first == 0)
            sink.write(body if delivery.encoding == "utf-8" else body.decode().encode(delivery.encoding))
            written += len(table)
        if count >= 400:
            sink.write(broken_rows(list(columns)).encode(delivery.encoding))
            written += 3
    return written
