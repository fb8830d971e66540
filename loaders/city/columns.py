"""Columns of texts: the few things that the city does with Arrow, with their types.

The published stubs of pyarrow take most arrays for arrays of booleans; here alone it is said what they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from loaders.city.streams import Bools, Ints

Column: TypeAlias = pa.StringArray
Columns: TypeAlias = dict[str, Column]


def as_column(values: Sequence[str | None] | NDArray[np.str_]) -> Column:
    """Texts as a column."""
    return pa.array(values, type=pa.string())


def at(texts: Column, index: Ints, known: Bools | None = None) -> Column:
    """The text at each index, missing where it is not known."""
    places: Any = pa.array(index, mask=None if known is None else ~known)
    return texts.take(places)


def picked(values: Sequence[str], index: Ints) -> Column:
    """One text per index; an index below zero gives a missing value."""
    return at(as_column(values), index, index >= 0)


def repeated(text: str, count: int) -> Column:
    """The same text everywhere."""
    return at(as_column([text]), np.zeros(count, dtype=np.int64))


def nothing(count: int) -> Column:
    """Missing values."""
    return pa.nulls(count, pa.string())


def numbered(index: Ints) -> Column:
    """Whole numbers as text."""
    return cast("Column", pa.array(index).cast(pa.string()))


def padded(texts: Column, width: int) -> Column:
    """Texts with zeros before them."""
    return pc.utf8_lpad(texts, width, "0")


def joined(*parts: Column | str) -> Column:
    """The parts put together place by place; missing where one is missing."""
    together: Any = pc.binary_join_element_wise
    return cast("Column", together(*parts, ""))


def chained(*parts: Column) -> Column:
    """The columns one behind the other."""
    return pa.concat_arrays(parts)


def either(flag: Bools, one: Column | str | None, other: Column | str | None) -> Column:
    """The one where the flag is set, else the other; None is a missing value."""
    values: list[Any] = [
        pa.scalar(v, pa.string()) if v is None or isinstance(v, str) else v for v in (one, other)
    ]
    return cast("Column", pc.if_else(cast("Any", pa.array(flag)), *values))


def replaced(texts: Column, where: Bools, values: Sequence[str | None]) -> Column:
    """The column with these texts, in order, at the chosen places."""
    swap: Any = pc.replace_with_mask
    return cast("Column", swap(texts, pa.array(where), as_column(values)))


def part(texts: Column, first: int, stop: int) -> Column:
    """Some characters of each text."""
    return pc.utf8_slice_codeunits(texts, first, stop)


def without_zeros(texts: Column) -> Column:
    """Texts without the zeros at their end."""
    return pc.utf8_rtrim(texts, "0")


def any_of(texts: Column, values: Sequence[str]) -> Bools:
    """Where a text is one of these."""
    found: Any = pc.is_in(texts, value_set=as_column(values))
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)


def filled(texts: Column) -> Bools:
    """Where a column has a value."""
    return np.asarray(texts.is_valid().to_numpy(zero_copy_only=False), dtype=np.bool_)


def flat(table: pa.Table, name: str) -> Column:
    """A table's column in one piece."""
    return cast("Column", table[name].combine_chunks())
