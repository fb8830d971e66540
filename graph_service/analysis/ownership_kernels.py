"""Compiled: interests of all owners in each company, by mass that is pushed upwards through components in their order."""

import numpy as np

from graph_service.projection.arrays import Floats, Ints, Longs
from graph_service.projection.jit import inlined, kernel

Holdings = tuple[Longs, Ints, Floats, Floats]  # firsts, holders, shares, what is left of each company
Order = tuple[Ints, Longs, Ints]  # place, firsts, members
# Cyclic components: kind of each (0 none, 1 solved, 2 closed, 3 outside owners only), offset of its numbers; inverses
# row by row; for kind 3 offsets of each member's rows, outside holders, interests.
Cycles = tuple[Ints, Longs, Floats, Longs, Ints, Floats]
Space = tuple[Floats, Ints, Ints, Ints]  # mass of each entity; touched entities; heap; places that are on it
Out = tuple[Ints, Floats, Floats]  # owners, direct, interest
ALONE, SOLVED, CLOSED, OUTSIDE = 0, 1, 2, 3


@kernel
def layered(firsts: Longs, above: Ints, waits: Longs) -> Ints:
    """Position of each item in an order in which it comes after all that wait is for; `waits` is used up."""
    count = len(waits)
    queue, position = np.empty(count, np.int32), np.empty(count, np.int32)
    end = 0
    for item in range(count):
        if waits[item] == 0:
            queue[end] = item
            end += 1
    for at in range(count):
        item = queue[at]
        position[item] = at
        for k in range(firsts[item], firsts[item + 1]):
            waits[above[k]] -= 1
            if waits[above[k]] == 0:
                queue[end] = above[k]
                end += 1
    return position


@inlined
def _push(heap: Ints, size: int, value: int) -> int:
    at = size
    while at > 0 and heap[(at - 1) // 2] > value:
        heap[at] = heap[(at - 1) // 2]
        at = (at - 1) // 2
    heap[at] = value
    return size + 1


@inlined
def _pop(heap: Ints, size: int) -> int:
    """Remove the smallest, which stands at heap[0] before; the new size."""
    size -= 1
    value, at = heap[size], 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= value:
            break
        heap[at] = heap[child]
        at = child
    heap[at] = value
    return size


@inlined
def _arrive(node: int, amount: float, place: Ints, space: Space, sizes: Longs) -> None:
    """Mass comes to an entity; its component waits for its turn."""
    mass, touched, heap, waiting = space
    if amount <= 0.0:
        return
    if mass[node] == 0.0:
        touched[sizes[0]] = node
        sizes[0] += 1
    mass[node] += amount
    p = place[node]
    if p >= 0 and waiting[p] == 0:
        waiting[p] = 1
        sizes[1] = _push(heap, sizes[1], p)


@inlined
def _rise(node: int, amount: float, inside: int, scene: tuple[Holdings, Order, Space], sizes: Longs) -> None:
    """The mass of a company goes to its holders, those in the component `inside` left out."""
    (firsts, holders, shares, _), (place, _, _), space = scene
    for r in range(firsts[node], firsts[node + 1]):
        if inside < 0 or place[holders[r]] != inside:
            _arrive(holders[r], amount * shares[r], place, space, sizes)


@inlined
def _solved(p: int, base: int, scene: tuple[Holdings, Order, Space], inverses: Floats, sizes: Longs) -> float:
    """A cyclic component: its members keep what first arrives at each, outside holders get what leaves."""
    (_, members_from, members), space = scene[1], scene[2]
    low, size = members_from[p], members_from[p + 1] - members_from[p]
    arrived, open_ = np.empty(size), 0.0
    for i in range(size):
        arrived[i] = space[0][members[low + i]]
    for i in range(size):
        visits = 0.0
        for k in range(size):
            visits += inverses[base + i * size + k] * arrived[k]
        open_ += visits * scene[0][3][members[low + i]]
        _rise(members[low + i], visits, p, scene, sizes)
        if visits > 0.0:
            if space[0][members[low + i]] == 0.0:
                space[1][sizes[0]] = members[low + i]
                sizes[0] += 1
            space[0][members[low + i]] = visits / inverses[base + i * size + i]
    return open_


@inlined
def _closed(p: int, scene: tuple[Holdings, Order, Space], sizes: Longs) -> None:
    """A ring without outside owner: whatever enters comes to each member."""
    (_, members_from, members), space = scene[1], scene[2]
    entered = 0.0
    for k in range(members_from[p], members_from[p + 1]):
        entered += space[0][members[k]]
    for k in range(members_from[p], members_from[p + 1]):
        if space[0][members[k]] == 0.0:
            space[1][sizes[0]] = members[k]
            sizes[0] += 1
        space[0][members[k]] = entered


@inlined
def _outside(p: int, base: int, scene: tuple[Holdings, Order, Space], cycles: Cycles, sizes: Longs) -> None:
    """A component too large for its inverse: only its outside holders are told; members are owners of nothing."""
    (place, members_from, members), space = scene[1], scene[2]
    for k in range(members_from[p], members_from[p + 1]):
        arrived = space[0][members[k]]
        if arrived > 0.0:
            space[0][members[k]] = -1.0
            row = base + k - members_from[p]
            for r in range(cycles[3][row], cycles[3][row + 1]):
                _arrive(cycles[4][r], arrived * cycles[5][r], place, space, sizes)


@inlined
def _spread(
    company: int, scene: tuple[Holdings, Order, Space], cycles: Cycles, sizes: Longs
) -> tuple[float, int]:
    """Push mass 1 from a company upwards; what of it is left to unknown holders, and bits: 1 ring, 2 outside only."""
    place, left, heap, space = scene[1][0], scene[0][3], scene[2][2], scene[2]
    open_, said = 0.0, 0
    sizes[0], sizes[1] = 0, 0
    space[0][company] = 1.0
    space[1][0], sizes[0] = company, 1
    if place[company] < 0:
        open_ += left[company]
        _rise(company, 1.0, -1, scene, sizes)
    else:
        space[3][place[company]] = 1
        sizes[1] = _push(heap, sizes[1], place[company])
    while sizes[1] > 0:
        p = heap[0]
        sizes[1] = _pop(heap, sizes[1])
        space[3][p] = 0
        kind, base = cycles[0][p], cycles[1][p]
        if kind == ALONE:
            node = scene[1][2][scene[1][1][p]]
            open_ += space[0][node] * left[node]
            _rise(node, space[0][node], -1, scene, sizes)
        elif kind == SOLVED:
            open_ += _solved(p, base, scene, cycles[2], sizes)
        elif kind == CLOSED:
            _closed(p, scene, sizes)
            said |= 1
        else:
            _outside(p, base, scene, cycles, sizes)
            said |= 2
    return open_, said


@inlined
def _direct(company: int, owner: int, firsts: Longs, holders: Ints, direct: Floats) -> float:
    low, high = firsts[company], firsts[company + 1]
    while low < high:
        middle = (low + high) // 2
        if holders[middle] < owner:
            low = middle + 1
        else:
            high = middle
    return float(direct[low]) if low < firsts[company + 1] and holders[low] == owner else 0.0


@inlined
def _is_held_by_unowned(company: int, holdings: Holdings, place: Ints) -> bool:
    """Whether nobody owns a holder of the company, so that its stakes are the interests."""
    is_plain = place[company] < 0
    for r in range(holdings[0][company], holdings[0][company + 1]):
        is_plain = is_plain and place[holdings[1][r]] < 0
    return bool(is_plain)


def new_space(count: int, places: int) -> Space:
    """Room for one thread: of so many entities, and places in the order of components."""
    return np.zeros(count), np.empty(count, np.int32), np.empty(places, np.int32), np.zeros(places, np.int32)


@kernel
def interests(
    companies: Ints, holdings: Holdings, direct: Floats, structure: tuple[Order, Cycles, Space], floor: float
) -> tuple[Out, Longs, Floats, Ints]:
    """Rows of the owners of each company, ascending; offsets, what is left to unknown holders, bits, by company.

    The space is that of `new_space`, and is again as it was afterwards.
    """
    order, cycles, space = structure
    room, n, sizes = len(companies) * 3 + 1024, 0, np.zeros(2, np.int64)
    owners, stated, values = np.empty(room, np.int32), np.empty(room), np.empty(room)
    offsets, opens = np.zeros(len(companies) + 1, np.int64), np.zeros(len(companies))
    said = np.zeros(len(companies), np.int32)
    scene = (holdings, order, space)
    for c in range(len(companies)):
        company = companies[c]
        low, high = holdings[0][company], holdings[0][company + 1]
        is_plain = _is_held_by_unowned(company, holdings, order[0])
        if not is_plain:
            opens[c], said[c] = _spread(company, scene, cycles, sizes)
        more = high - low if is_plain else sizes[0]
        if n + more > room:
            more += room
            owners = np.append(owners, np.empty(more, np.int32))
            stated, values = np.append(stated, np.empty(more)), np.append(values, np.empty(more))
            room += more
        if is_plain:
            opens[c] = holdings[3][company]
            for r in range(low, high):
                if holdings[2][r] >= floor:
                    owners[n], values[n], stated[n] = holdings[1][r], min(holdings[2][r], 1.0), direct[r]
                    n += 1
        else:
            for node in np.sort(space[1][: sizes[0]]):
                value = space[0][node]
                space[0][node] = 0.0
                if node != company and value >= floor:
                    owners[n], values[n] = node, min(value, 1.0)
                    stated[n] = _direct(company, node, holdings[0], holdings[1], direct)
                    n += 1
        offsets[c + 1] = n
    return (owners[:n], stated[:n], values[:n]), offsets, opens, said
