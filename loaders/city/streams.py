"""Seeded streams of chance and the small array helpers that every part of the city uses."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Rng = np.random.Generator

NEVER = 10**6
"""A day far beyond every other: what has not ended ends NEVER."""
EPOCH = dt.date(1970, 1, 1)


def stream(seed: int, name: str) -> Rng:
    """An independent generator for one part of the city: the same seed and name give the same numbers."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, zlib.crc32(name.encode())])))


def day(text: str) -> int:
    """Days since 1970-01-01 of an ISO date."""
    return (dt.date.fromisoformat(text) - EPOCH).days


def iso(number: int) -> str:
    """ISO date of a day number."""
    return (EPOCH + dt.timedelta(days=int(number))).isoformat()


def choose(rng: Rng, weights: Sequence[float] | Floats, size: int) -> Ints:
    """`size` indices drawn with the given weights (any positive scale)."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    drawn = np.searchsorted(edges / edges[-1], rng.random(size), side="right")
    return np.minimum(drawn, len(edges) - 1).astype(np.int64)


def between(rng: Rng, low: Ints | int, high: Ints | int, size: int) -> Ints:
    """Whole numbers drawn uniformly from low to high, both included; high below low counts as low."""
    bottom = np.broadcast_to(np.asarray(low, dtype=np.int64), (size,))
    top = np.maximum(np.broadcast_to(np.asarray(high, dtype=np.int64), (size,)), bottom)
    return bottom + np.floor(rng.random(size) * (top - bottom + 1)).astype(np.int64)


def hits(rng: Rng, probability: Floats | float, size: int) -> Bools:
    """One independent yes or no per place."""
    return np.asarray(rng.random(size) < probability, dtype=np.bool_)


def rank_within(keys: Ints) -> Ints:
    """For each place how many earlier places carry the same key."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    fresh = np.ones(len(keys), dtype=np.bool_)
    fresh[1:] = ordered[1:] != ordered[:-1]
    starts = np.maximum.accumulate(np.where(fresh, np.arange(len(keys)), 0))
    ranks = np.empty(len(keys), dtype=np.int64)
    ranks[order] = np.arange(len(keys)) - starts
    return ranks


def workdays(days: Ints, last: int) -> Ints:
    """Days moved off Saturdays and Sundays, never past `last`."""
    weekday = (days + 3) % 7
    moved = np.where(weekday == 5, days - 1, np.where(weekday == 6, days + 1, days))
    return np.where(moved > last, days - 2, moved).astype(np.int64)


def tally(where: Ints, size: int, weights: Floats | None = None) -> Floats:
    """How often (or with what total weight) each place 0..size-1 occurs."""
    return np.bincount(where, weights=weights, minlength=size).astype(np.float64)
