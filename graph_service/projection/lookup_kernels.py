"""Compiled: places of node numbers, and CSR offsets."""

import numpy as np

from graph_service.projection.arrays import Flags, Ints, Longs
from graph_service.projection.jit import kernel


@kernel
def bucket_starts(numbers: Longs, shift: int, buckets: int) -> Longs:
    """Where each bucket of leading bits begins in ascending `numbers`; numbers are hashes, so buckets are even."""
    starts = np.zeros(buckets + 1, np.int64)
    for number in numbers:
        starts[(number >> shift) + 1] += 1
    for b in range(buckets):
        starts[b + 1] += starts[b]
    return starts


@kernel
def find_all(numbers: Longs, starts: Longs, shift: int, wanted: Longs) -> Ints:
    """Place of each wanted number, -1 where missing; a bucket holds about two numbers."""
    out = np.full(len(wanted), -1, np.int32)
    for i in range(len(wanted)):
        if wanted[i] < 0:
            continue
        bucket = wanted[i] >> shift
        for at in range(starts[bucket], starts[bucket + 1]):
            if numbers[at] == wanted[i]:
                out[i] = at
                break
    return out


@kernel
def offsets_of(owners: Ints, count: int) -> Longs:
    """CSR offsets: how many items of ascending owners stand before each owner's first."""
    starts = np.zeros(count + 1, np.int64)
    for owner in owners:
        starts[owner + 1] += 1
    for i in range(count):
        starts[i + 1] += starts[i]
    return starts


@kernel
def grouped_by(owners: Ints, starts: Longs) -> Ints:
    """Items in the order of their owner, and of their own place inside it (counting sort)."""
    free = starts[:-1].copy()
    out = np.empty(len(owners), np.int32)
    for item in range(len(owners)):
        out[free[owners[item]]] = item
        free[owners[item]] += 1
    return out


@kernel
def best_rows(nodes: Ints, keys: Longs, usable: Flags, count: int) -> Longs:
    """Row with the smallest key among the usable ones of each node; -1 for none; the first of equals."""
    out = np.full(count, -1, np.int64)
    for row in range(len(nodes)):
        node = nodes[row]
        if usable[row] and node >= 0 and (out[node] < 0 or keys[row] < keys[out[node]]):
            out[node] = row
    return out
