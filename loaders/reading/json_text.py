"""JSON values as the text that stood in the file: numbers keep their digits, nested values stay JSON."""

import json
from collections.abc import Sequence
from itertools import chain
from typing import NoReturn

import pyarrow as pa

from loaders.reading.model import Tally, schema

BATCH = 10_000


class Number(str):
    """A number of a JSON text, digit by digit as written."""

    __slots__ = ()


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


DECODER = json.JSONDecoder(
    parse_float=Number, parse_int=Number, parse_constant=_constant, object_pairs_hook=_pairs, strict=True
)


def cell(value: object) -> str | None:
    """A value as the text of a cell: null is None, nested values are JSON text."""
    if value is None:
        return None
    return str(value) if isinstance(value, str) else _nested(value)


def _nested(value: object) -> str:
    match value:
        case Number():
            return str(value)
        case dict():
            return "{" + ", ".join(f"{_nested(key)}: {_nested(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(_nested(item) for item in value) + "]"
        case _:
            return json.dumps(value, ensure_ascii=False)


def names_of(record: dict[str, object]) -> list[str]:
    """The names of an object, without byte order marks and surrounding spaces."""
    return [name.strip("\ufeff").strip() for name in record]


class Rows:
    """Gathers objects into batches of text rows.

    `add` takes an object and the line where it starts; `take` gives what has come together as one batch.
    """

    def __init__(self, header: tuple[str, ...], tally: Tally) -> None:
        self.schema = schema(header)
        self.places = {name: at for at, name in enumerate(header, 1)}
        self.rows: list[Sequence[object]] = []
        self.tally = tally

    def add(self, line: int, record: dict[str, object]) -> None:
        """Keep one record.

        Raises:
            ValueError: the object names a column twice, or holds text that is no text.
        """
        row: list[object] = [None] * len(self.schema)
        row[0] = line
        for name, value in zip(names_of(record), record.values(), strict=True):
            at = self.places[name]
            if row[at] is not None:
                raise ValueError("a name stands twice in one object")
            row[at] = cell(value)
        text = "".join(item for item in chain(row[1:]) if isinstance(item, str))
        if not text.isprintable() and "\0" in text:
            raise ValueError("a value holds a NUL character")
        text.encode()
        self.rows.append(row)
        self.tally.rows_read += 1

    def is_full(self) -> bool:
        """Whether a batch has come together."""
        return len(self.rows) >= BATCH

    def take(self) -> pa.RecordBatch:
        """The rows so far, and begin anew."""
        columns = list(zip(*self.rows, strict=True)) or [()] * len(self.schema)
        self.rows = []
        arrays = [pa.array(column, field.type) for column, field in zip(columns, self.schema, strict=True)]
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)
