"""What an export holds: its columns with their types, and how its rows become a graph."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

ColumnType = Literal["text", "day", "number", "whole", "flag"]
Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name and type; days are `datetime.date`."""

    name: str
    type: ColumnType = "text"


@dataclass(frozen=True, slots=True)
class Edge:
    """Which columns are the ends of an edge, and which its label; without `source` a row is a node."""

    source: str | None
    target: str
    label: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One export: columns, rows in chunks, and as what a row stands in a graph (None: it is no graph)."""

    what: str
    columns: tuple[Column, ...]
    chunks: Iterator[Sequence[Row]]
    edge: Edge | None


def columns(text: str) -> tuple[Column, ...]:
    """Columns from words, a type after a colon: `columns("id name founded:day capital:number")`."""
    found: list[Column] = []
    for word in text.split():
        name, _, kind = word.partition(":")
        found.append(Column(name, kind or "text"))  # type: ignore[arg-type]
    return tuple(found)


def chunked(rows: Iterable[Row], size: int = 10_000) -> Iterator[Sequence[Row]]:
    """Rows in lists of at most `size`."""
    chunk: list[Row] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
