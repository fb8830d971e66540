"""What a projection is built from: the tables of the port to a store, and their columns as flat arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute

from graph_service.domain.facts import FactKind
from graph_service.projection.arrays import AnyArray, Ints, Longs

# Arrow's type stubs know neither what most functions yield nor what they take.
ops: Any = pyarrow.compute
Column = Any


class Tables(Protocol):
    """What a store's view shows in bulk; `graph_service.store.base.GraphView` is one."""

    def nodes(self) -> pa.Table:
        """Entities: node, id, kind, label; ascending by node."""

    def relation_table(self) -> pa.Table:
        """Relations and SAME_AS, ends as loaded."""

    def statement_table(self, kinds: Sequence[FactKind]) -> pa.Table:
        """Facts without object of these kinds."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Templates best rank first; `order[number]` is the place of a source number of the tables."""

    names: tuple[str, ...]
    order: Ints


def sources_from(ranks: Mapping[int, tuple[str, int]]) -> Sources:
    """Sources by rank, then name, so that the order does not depend on which was loaded first."""
    by_rank = sorted(ranks.items(), key=lambda item: (item[1][1], item[1][0]))
    order = np.zeros(max(ranks, default=0) + 1, np.int32)
    for place, (number, _) in enumerate(by_rank):
        order[number] = place
    return Sources(tuple(name for _, (name, _) in by_rank), order)


def integers(table: pa.Table, column: str, missing: int) -> AnyArray:
    """A column of whole numbers, nulls as `missing`."""
    values = table.column(column)
    if values.null_count:
        values = ops.fill_null(values, pa.scalar(missing, values.type))
    return np.asarray(values.to_numpy())


def numbers(table: pa.Table, column: str) -> AnyArray:
    """A column of fractions or amounts, nulls as NaN."""
    return np.asarray(table.column(column).to_numpy(), np.float64)


def longs(table: pa.Table, column: str) -> Longs:
    """A column of node numbers; -1 for null."""
    return np.asarray(integers(table, column, -1), np.int64)


def coded(column: Column) -> tuple[Longs, tuple[str, ...]]:
    """Codes of a column of texts (-1 for null) and the texts in the order of their code, which is alphabetical."""
    encoded = column.combine_chunks().dictionary_encode()
    words = encoded.dictionary.to_pylist()
    order = sorted(range(len(words)), key=lambda i: str(words[i]))
    rank = np.full(len(words) + 1, -1, np.int64)
    rank[order] = np.arange(len(order))
    codes = ops.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    return rank[codes], tuple(str(words[i]) for i in order)


def rows_at(table: pa.Table, places: AnyArray) -> pa.Table:
    """The rows at these places, in their order."""
    column: Column = pa.array(places)
    return table.take(column)
