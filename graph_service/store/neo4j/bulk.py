"""Whole columns of facts, read in several streams side by side: a range of subjects each, lists instead of rows.

A list that the server collects leaves nulls out, so each null travels as a value that stands for it.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute

from graph_service.store.neo4j.connection import Server
from graph_service.store.neo4j.schema import PROPERTIES

ROWS = 40_000  # about so many in a range
STREAMS = max(2, min(4, os.cpu_count() or 2))
_NULLS: dict[str, Any] = {"whole": -(1 << 62) - 7, "number": float("nan"), "text": "\x00"}
# Of persons a profile's attributes are keyed hashes and masked digits only: most of the bytes, and of no use in bulk.
PUBLIC_ATTRS = "public_attrs"
_PUBLIC = "CASE WHEN f.attributes STARTS WITH '{\"candidate\":' THEN null ELSE f.attributes END"
_TEXTS, _NUMBERS = {"role", "part", "name", "attrs", PUBLIC_ATTRS}, {"share", "votes", "amount"}
ops: Any = pyarrow.compute
Column = Any
P = TypeVar("P")
R = TypeVar("R")
# Numbers of nodes are spread evenly over 63 bits.
_END = 1 << 63
_SAMPLED = 64  # one part of so many is counted


@dataclass(frozen=True, slots=True)
class Which:
    """Which of the nodes `f` of a label: a condition and the values that it names."""

    where: str = "true"
    values: Mapping[str, object] = field(default_factory=dict)
    label: str = "Fact"


def columns(server: Server, kinds: Sequence[int], names: Sequence[str], which: Which) -> Iterator[pa.Table]:
    """Tables of some columns of facts, or statements, of these kinds. Order: by kind, then range of subjects."""
    lists = ", ".join(f"collect(coalesce({_said(n)}, ${_kind(n)}))" for n in names)
    query = (
        f"MATCH (f:{which.label}) WHERE f.kind = $kind AND f.subject >= $low AND f.subject < $high AND f.key IS NOT NULL "
        f"AND {which.where} RETURN {lists}"
    )

    def read(part: tuple[int, int, int]) -> pa.Table:
        kind, low, high = part
        (row,) = server.read(query, kind=kind, low=low, high=high, **_NULLS, **which.values)
        return pa.table({n: _array(n, column) for n, column in zip(names, row, strict=True)})

    with ThreadPoolExecutor(STREAMS) as pool:
        yield from in_order(pool, read, parts(server, kinds, which.label))


def changed(
    server: Server, kinds: Sequence[int], names: Sequence[str], where: tuple[str, str], **values: object
) -> pa.Table:
    """The same of few facts, in one question: the first condition is one that an index answers."""
    lists = ", ".join(f"collect(coalesce({_said(n)}, ${_kind(n)}))" for n in names)
    query = f"MATCH (f:Fact) WHERE {where[0]} AND f.kind IN $kinds AND {where[1]} RETURN {lists}"
    (row,) = server.read(query, kinds=list(kinds), **_NULLS, **values)
    return pa.table({n: _array(n, column) for n, column in zip(names, row, strict=True)})


def entities(server: Server, where: str, **values: object) -> pa.Table:
    """Number, id, kind and text of entities, ascending by number; `where` narrows `e`."""
    names = {"node": "whole", "id": "text", "kind": "text", "label": "text"}
    lists = ", ".join(
        f"collect(coalesce(e.{p}, ${k}))"
        for p, k in zip(("number", "id", "kind", "text"), names.values(), strict=True)
    )
    query = f"MATCH (e:Entity) WHERE e.number >= $low AND e.number < $high AND {where} RETURN {lists}"
    ((count,),) = server.read("MATCH (e:Entity) RETURN count(e)")

    def read(part: tuple[int, int]) -> pa.Table:
        (row,) = server.read(query, low=part[0], high=part[1], **_NULLS, **values)
        table = pa.table({n: _typed(k, column) for (n, k), column in zip(names.items(), row, strict=True)})
        return table.sort_by("node")

    with ThreadPoolExecutor(STREAMS) as pool:
        return pa.concat_tables(list(in_order(pool, read, ranges(count))))


def parts(server: Server, kinds: Sequence[int], label: str) -> list[tuple[int, int, int]]:
    """Kind, first subject and the subject after the last, of ranges with about so many rows that ROWS says."""
    ((whole,),) = server.read(f"MATCH (f:{label}) RETURN count(f)")
    if whole <= ROWS:
        return [(kind, low, high) for kind in kinds for low, high in ranges(0)]
    query = f"MATCH (f:{label}) WHERE f.kind = $kind AND f.subject >= 0 AND f.subject < $end AND f.key IS NOT NULL RETURN count(f)"
    found = []
    for kind in kinds:
        # Numbers of nodes are spread evenly, so that a part tells of the whole.
        ((count,),) = server.read(query, kind=kind, end=_END // _SAMPLED)
        found += [(kind, low, high) for low, high in ranges(count * _SAMPLED)]
    return found


def ranges(count: int) -> list[tuple[int, int]]:
    """Ranges of node numbers that hold about ROWS of so many rows each."""
    number = 1 + count // ROWS
    return list(pairwise(min(_END - 1, _END * i // number) for i in range(number + 1)))


def in_order(pool: ThreadPoolExecutor, read: Callable[[P], R], asked: Sequence[P]) -> Iterator[R]:
    """Results in the order of what is asked, only a few ahead, so that memory stays bounded."""
    waiting: list[Future[R]] = []
    for one in asked:
        waiting.append(pool.submit(read, one))
        if len(waiting) > 2 * STREAMS:
            yield waiting.pop(0).result()
    for future in waiting:
        yield future.result()


def _said(name: str) -> str:
    return _PUBLIC if name == PUBLIC_ATTRS else f"f.{PROPERTIES[name]}"


def _kind(name: str) -> str:
    return "text" if name in _TEXTS else "number" if name in _NUMBERS else "whole"


def _array(name: str, values: list[Any]) -> Column:
    return _typed(_kind(name), values)


def _typed(kind: str, values: list[Any]) -> Column:
    if kind == "number":
        numbers = np.asarray(values, np.float64)
        return pa.array(numbers, mask=np.isnan(numbers))
    if kind == "whole":
        whole = np.asarray(values, np.int64)
        return pa.array(whole, mask=whole == _NULLS["whole"])
    texts: Any = pa.array(values, pa.string())
    missing: Any = pa.scalar(None, pa.string())
    found: Column = ops.if_else(ops.equal(texts, _NULLS["text"]), missing, texts)
    return found


__all__ = [
    "PUBLIC_ATTRS",
    "ROWS",
    "STREAMS",
    "Which",
    "changed",
    "columns",
    "entities",
    "in_order",
    "parts",
    "ranges",
]
