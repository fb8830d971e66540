"""Compiled: what each root controls, by a queue that grows while votes pass the half."""

import numpy as np

from graph_service.projection.arrays import Flags, Floats, Ints, Longs, Smalls
from graph_service.projection.jit import inlined, kernel

# holder_firsts, rows by holder, held, votes, unknown; per company: left, complete, unknown stakes in it, votes in all
Votes = tuple[Longs, Longs, Ints, Floats, Flags, Floats, Flags, Ints, Floats]
Agreements = tuple[Longs, Ints]  # what each entity controls by agreement
Scratch = tuple[Floats, Ints, Ints, Smalls, Ints, Ints]  # known, unknown, depth, state, touched, queue
Rows = tuple[Ints, Ints, Floats, Floats, Ints, Smalls, Smalls]
BY_VOTES, BY_AGREEMENT, IN_CONCERT = 0, 1, 2
DERIVED, POSSIBLE = 0, 1
ROOT, BY_HALF, AGREED = 1, 2, 3  # states
MARGIN = 1e-9


@inlined
def _votes(y: int, votes: Votes, scratch: Scratch, is_upper: bool) -> float:
    """Votes in a company of a root and all that it controls, at one of the bounds."""
    known, mine = scratch[0][y], scratch[1][y]
    if mine > 0 and (is_upper or (votes[6][y] and mine == votes[7][y])):
        known += votes[5][y]
    return float(known)


@inlined
def _fixpoint(
    seeds: Ints, votes: Votes, agreements: Agreements, scratch: Scratch, is_upper: bool
) -> tuple[int, int]:
    """Let the root's control grow; how many companies were touched, how many stand in the queue (seeds first)."""
    by, rows, held, values, unknown = votes[0], votes[1], votes[2], votes[3], votes[4]
    known, mine, depth, state, touched, queue = scratch
    n, end = 0, len(seeds)
    for i in range(end):
        queue[i], state[seeds[i]], depth[seeds[i]] = seeds[i], ROOT, 0
    at = 0
    while at < end:
        k = queue[at]
        at += 1
        for a in range(agreements[0][k], agreements[0][k + 1]):
            y = agreements[1][a]
            if state[y] == 0:
                state[y], depth[y], queue[end] = AGREED, depth[k] + 1, y
                end += 1
        for p in range(by[k], by[k + 1]):
            r = rows[p]
            y = held[r]
            if y == k:
                continue
            if known[y] == 0.0 and mine[y] == 0:
                touched[n] = y
                n += 1
            known[y] += values[r]
            mine[y] += 1 if unknown[r] else 0
            whole = votes[8][y]
            if state[y] == 0 and _votes(y, votes, scratch, is_upper) > whole / 2 + MARGIN * whole:
                state[y], depth[y], queue[end] = BY_HALF, depth[k] + 1, y
                end += 1
    return n, end


@inlined
def _clear(n: int, end: int, scratch: Scratch) -> None:
    for i in range(n):
        scratch[0][scratch[4][i]], scratch[1][scratch[4][i]] = 0.0, 0
    for i in range(end):
        scratch[3][scratch[5][i]] = 0


@inlined
def _scratch(count: int) -> Scratch:
    return (
        np.zeros(count), np.zeros(count, np.int32), np.zeros(count, np.int32), np.zeros(count, np.int8),
        np.empty(count, np.int32), np.empty(count, np.int32),
    )  # fmt: skip


@inlined
def _roomier(rows: Rows, more: int) -> Rows:
    return (
        np.append(rows[0], np.empty(more, np.int32)), np.append(rows[1], np.empty(more, np.int32)),
        np.append(rows[2], np.empty(more)), np.append(rows[3], np.empty(more)),
        np.append(rows[4], np.empty(more, np.int32)), np.append(rows[5], np.empty(more, np.int8)),
        np.append(rows[6], np.empty(more, np.int8)),
    )  # fmt: skip


@kernel
def controlled(
    roots: tuple[Longs, Ints], votes: Votes, agreements: Agreements, has_unknown: bool
) -> tuple[Rows, Longs]:
    """What each root (its seeds) controls: root, company, votes at both bounds, depth, class, basis; offsets."""
    firsts, seeds = roots
    count, room, n = len(votes[8]), len(firsts) + 1024, 0
    one, two = _scratch(count), _scratch(count)
    rows = (
        np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room), np.empty(room),
        np.empty(room, np.int32), np.empty(room, np.int8), np.empty(room, np.int8),
    )  # fmt: skip
    offsets = np.zeros(len(firsts), np.int64)
    for i in range(len(firsts) - 1):
        mine = seeds[firsts[i] : firsts[i + 1]]
        n_low, end_low = _fixpoint(mine, votes, agreements, one, False)
        n_up, end_up, wide = n_low, end_low, one
        if has_unknown:
            n_up, end_up = _fixpoint(mine, votes, agreements, two, True)
            wide = two
        if n + end_up > room:
            rows = _roomier(rows, room + end_up)
            room += room + end_up
        for q in range(len(mine), end_up):
            y = wide[5][q]
            rows[0][n], rows[1][n] = i, y
            rows[2][n], rows[3][n] = _votes(y, votes, one, False), _votes(y, votes, wide, True)
            is_derived = one[3][y] > 0
            rows[4][n] = one[2][y] if is_derived else wide[2][y]
            rows[5][n] = DERIVED if is_derived else POSSIBLE
            rows[6][n] = BY_AGREEMENT if (one[3][y] if is_derived else wide[3][y]) == AGREED else BY_VOTES
            n += 1
        _clear(n_low, end_low, one)
        if has_unknown:
            _clear(n_up, end_up, two)
        offsets[i + 1] = n
    return (
        rows[0][:n], rows[1][:n], rows[2][:n], rows[3][:n], rows[4][:n], rows[5][:n], rows[6][:n]
    ), offsets  # fmt: skip


@inlined
def _controls(x: int, y: int, firsts: Longs, controllers: Ints, classes: Smalls) -> bool:
    """Whether x is told to control y; controllers of y stand ascending."""
    low, high = firsts[y], firsts[y + 1]
    while low < high:
        middle = (low + high) // 2
        if controllers[middle] < x:
            low = middle + 1
        else:
            high = middle
    return bool(low < firsts[y + 1] and controllers[low] == x and classes[low] == DERIVED)


@kernel
def tops(firsts: Longs, controllers: Ints, classes: Smalls) -> Flags:
    """Which entities are controlled by nobody but those that they control in turn."""
    out = np.ones(len(firsts) - 1, np.bool_)
    for y in range(len(out)):
        for r in range(firsts[y], firsts[y + 1]):
            x = controllers[r]
            if classes[r] == DERIVED and x != y and not _controls(y, x, firsts, controllers, classes):
                out[y] = False
                break
    return out


@kernel
def parents(
    chosen: Longs, companies: Ints, control: tuple[Longs, Ints, Smalls], stakes: tuple[Longs, Ints, Floats]
) -> Ints:
    """Per row of control: the holder of most votes in the company among its controller and what that controls; -1."""
    out = np.full(len(chosen), -1, np.int32)
    for i in range(len(chosen)):
        x, y = control[1][chosen[i]], companies[i]
        best = 0.0
        for r in range(stakes[0][y], stakes[0][y + 1]):
            h = stakes[1][r]
            if (
                h != y
                and stakes[2][r] > best
                and (h == x or _controls(x, h, control[0], control[1], control[2]))
            ):
                best, out[i] = stakes[2][r], h
    return out
