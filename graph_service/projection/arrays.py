"""Types of the flat arrays, the sentinels in them, and what makes them immutable."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

EVER = -(2**31)  # stands for an unknown start: in force from ever
OPEN = 2**31 - 1  # stands for an open end
MISSING = -1  # stands for no node, no code

Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Smalls = NDArray[np.int8]
Shorts = NDArray[np.int16]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
AnyArray = NDArray[Any]


def named_arrays(value: Any, prefix: str = "") -> Iterator[tuple[str, AnyArray]]:
    """Every array inside nested dataclasses with its dotted name: ("edges.subjects", …)."""
    for field in dataclasses.fields(value):
        inner = getattr(value, field.name)
        name = prefix + field.name
        if isinstance(inner, np.ndarray):
            yield name, inner
        elif dataclasses.is_dataclass(inner):
            yield from named_arrays(inner, name + ".")


def ends(counts: AnyArray) -> Longs:
    """Offsets of rows by the count of each: 0 first, the number of all rows last.

    >>> ends(np.array([2, 0, 3])).tolist()
    [0, 2, 2, 5]
    """
    out = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=out[1:])
    return out


def filled(offsets: Longs) -> Flags:
    """Which places have a row, by the offsets of the places.

    >>> filled(np.array([0, 2, 2, 5])).tolist()
    [True, False, True]
    """
    return offsets[1:] > offsets[:-1]


def owner_of(offsets: Longs, rows: AnyArray) -> Ints:
    """Which place each row belongs to, by the offsets of the places.

    >>> owner_of(np.array([0, 2, 2, 5]), np.array([0, 1, 2, 4])).tolist()
    [0, 0, 2, 2]
    """
    return (np.searchsorted(offsets, rows, side="right") - 1).astype(np.int32)


def freeze(value: Any) -> None:
    """Make every array inside read-only.

    Also what keeps one compiled kernel for built and for memory-mapped graphs: numba compiles anew for writable ones.
    """
    for _, array in named_arrays(value):
        array.flags.writeable = False
