"""Compiled: what sets of parties control, as least fixpoints over votes and over control that is agreed."""

import numpy as np

from graph_service.projection.arrays import Flags, Floats, Ints, Longs, Smalls
from graph_service.projection.jit import inlined, kernel

VOTES, AGREEMENT, CONCERT, KIN = 1, 2, 4, 8  # what control of an enterprise rests on, as bits
FAR = 32_000  # deeper than every chain
MARGIN = 1e-9  # of all votes: what is above one half by less is rounding

# Stakes by holder: firsts, company, votes, unknown. By company: what must be exceeded, what is left for unknown
# stakes, how many of these must all be in one hand (never reached where the list is incomplete).
Net = tuple[Longs, Ints, Floats, Flags, Floats, Floats, Ints]
# Control that is agreed, by party: firsts, enterprise, bits, only possible, owner, lower and upper votes with others.
Agreed = tuple[Longs, Ints, Smalls, Flags, Ints, Floats, Floats]
# The touched entities: place of each entity (-1: not touched); by place: entity, level at which it is controlled, by
# votes, by agreement (FAR: not); holder that votes most, party that agreed; unknown stakes; bits; queue.
Wholes = tuple[Ints, Ints, Ints, Ints, Ints, Ints, Ints, Ints, Smalls, Ints]
Table = tuple[
    Wholes, Floats, Floats, Floats
]  # and votes, most votes of one holder, votes together with others
Rows = tuple[Ints, Floats, Smalls]
# Columns of rows: set, enterprise, holder on the shortest chain, depth; lower and upper votes; bits, only possible.
SET, ENTERPRISE, VIA, DEPTH = 0, 1, 2, 3


def new_table(nodes: int, most: int) -> Table:
    """An empty table with room for `most` touched entities."""
    wholes = tuple(np.empty(most, np.int32) for _ in range(7))
    bits, queue = np.empty(most, np.int8), np.empty(most, np.int32)
    return (
        (np.full(nodes, -1, np.int32), *wholes, bits, queue),  # type: ignore[return-value]
        np.empty(most), np.empty(most), np.empty(most),
    )  # fmt: skip


@inlined
def _touch(node: int, n: int, table: Table) -> int:
    """Place of an entity in the table; the next free one, `n`, when it is new."""
    (place, nodes, depth, by_votes, by_word, via, party, unknown, bits, _), votes, most, together = table
    if place[node] >= 0:
        return int(place[node])
    place[node] = n
    nodes[n], depth[n], by_votes[n], by_word[n], via[n], party[n], unknown[n] = node, FAR, FAR, FAR, -1, -1, 0
    bits[n], votes[n], most[n], together[n] = 0, 0.0, -1.0, 0.0
    return n


@inlined
def _sum(at: int, table: Table, net: Net, upper: bool) -> float:
    """Votes in the entity at a place, with what is left for unknown stakes where it counts."""
    node, unknown = table[0][1][at], table[0][7][at]
    if unknown > 0 and (upper or unknown == net[6][node]):
        return float(table[1][at] + net[5][node])
    return float(table[1][at])


@inlined
def _vote(head: int, n: int, tail: int, upper: bool, world: tuple[Table, Net]) -> tuple[int, int]:
    """Cast the votes of the entity at a place; entities touched and controlled then."""
    table, net = world
    (_, nodes, depth, by_votes, _, via, _, unknown, _, queue), votes, most, _ = table
    firsts, held, shares, is_unknown, bars, _, _ = net
    at = queue[head]
    node, step = nodes[at], depth[at]
    for k in range(firsts[node], firsts[node + 1]):
        if held[k] == node:
            continue
        to = _touch(held[k], n, table)
        n = max(n, to + 1)
        votes[to] += shares[k]
        unknown[to] += is_unknown[k]
        if step < by_votes[to] and (shares[k] > most[to] or (shares[k] == most[to] and node < via[to])):
            most[to], via[to] = shares[k], node
        if by_votes[to] == FAR and _sum(to, table, net, upper) > bars[held[k]]:
            by_votes[to] = step + 1
            if depth[to] == FAR:
                depth[to], queue[tail] = step + 1, to
                tail += 1
    return n, tail


@inlined
def _agree(
    head: int, n: int, tail: int, ask: tuple[bool, int], world: tuple[Table, Agreed]
) -> tuple[int, int, bool]:
    """Follow what the entity at a place agreed on; touched, controlled, and whether something only possible was met."""
    (upper, skipped), (table, agreed) = ask, world
    (_, nodes, depth, _, by_word, _, party, _, bits, queue), _, _, together = table
    firsts, others, kinds, possible, owners, lower, above = agreed
    node, step, met = nodes[queue[head]], depth[queue[head]], False
    for k in range(firsts[node], firsts[node + 1]):
        if others[k] == node or owners[k] == skipped:
            continue
        if possible[k] and not upper:
            met = True
            continue
        to = _touch(others[k], n, table)
        n, met = max(n, to + 1), met or above[k] != lower[k]
        bits[to] |= kinds[k]
        together[to] = max(together[to], above[k] if upper else lower[k])
        if step + 1 < by_word[to] or (step + 1 == by_word[to] and node < party[to]):
            by_word[to], party[to] = step + 1, node
        if depth[to] == FAR:
            depth[to], queue[tail] = step + 1, to
            tail += 1
    return n, tail, met


@inlined
def _spread(starts: Ints, ask: tuple[bool, int], table: Table, net: Net, agreed: Agreed) -> tuple[int, bool]:
    """Everything that the parties control; entities touched, and whether the upper bounds may say more."""
    n, tail, head, met = 0, 0, 0, False
    depth, queue = table[0][2], table[0][9]
    for node in starts:
        at = _touch(node, n, table)
        n, depth[at], queue[tail] = max(n, at + 1), 0, at
        tail += 1
    while head < tail:
        n, tail = _vote(head, n, tail, ask[0], (table, net))
        if len(agreed[1]) > 0:
            n, tail, more = _agree(head, n, tail, ask, (table, agreed))
            met = met or more
        head += 1
    for at in range(n):
        node, unknown = table[0][1][at], table[0][7][at]
        met = met or (unknown > 0 and unknown != net[6][node] and net[5][node] > 0)
    return n, met


@inlined
def _may_control(starts: Ints, net: Net, agreed: Agreed) -> bool:
    """Whether one party alone has a stake that can decide something: without one, nothing follows."""
    firsts, held, shares, is_unknown, bars, _, _ = net
    node = starts[0]
    found = len(starts) > 1 or (len(agreed[1]) > 0 and agreed[0][node] < agreed[0][node + 1])
    for k in range(firsts[node], firsts[node + 1]):
        found = found or is_unknown[k] or (held[k] != node and shares[k] > bars[held[k]])
    return bool(found)


@inlined
def _clear(n: int, table: Table) -> None:
    for at in range(n):
        table[0][0][table[0][1][at]] = -1


@inlined
def _emit(row: int, at: int, source: tuple[Table, Net, bool], rows: Rows) -> None:
    """Write the row of a controlled entity: how it is controlled, by the table that says so."""
    table, net, upper = source
    _, nodes, depth, by_votes, _, via, party, _, bits, _ = table[0]
    whole, values, small = rows
    by_vote = by_votes[at] == depth[at]
    whole[row, ENTERPRISE], whole[row, DEPTH] = nodes[at], depth[at]
    whole[row, VIA] = via[at] if by_vote else party[at]
    values[row, 1] = max(_sum(at, table, net, upper), table[3][at])
    small[row, 0] = bits[at] | (VOTES if by_votes[at] < FAR else 0)


@kernel
def controlled(
    sets: tuple[Longs, Ints, Ints],
    chosen: tuple[int, int],
    tables: tuple[Table, Table],
    net: Net,
    agreed: Agreed,
) -> Rows:
    """What each of the chosen sets of parties controls, in the order of the sets.

    `sets`: firsts, members, and for each the owner whose agreements do not count for it.
    """
    firsts, members, skipped = sets
    low, high = tables
    room, m = 1024, 0
    rows = (np.empty((room, 4), np.int32), np.empty((room, 2)), np.empty((room, 2), np.int8))
    for i in range(chosen[0], chosen[1]):
        starts = members[firsts[i] : firsts[i + 1]]
        if not _may_control(starts, net, agreed):
            continue
        n_low, differs = _spread(starts, (False, skipped[i]), low, net, agreed)
        n = n_low
        if differs:
            n, _ = _spread(starts, (True, skipped[i]), high, net, agreed)
        if m + n > room:
            room = 2 * room + n
            larger = (np.empty((room, 4), np.int32), np.empty((room, 2)), np.empty((room, 2), np.int8))
            larger[0][:m], larger[1][:m], larger[2][:m] = rows[0][:m], rows[1][:m], rows[2][:m]
            rows = larger
        for at in range(n):
            table = high if differs else low
            node, depth = table[0][1][at], table[0][2][at]
            if depth in (FAR, 0):
                continue
            below = low[0][0][node]
            is_sure = below >= 0 and low[0][2][below] < FAR
            _emit(m, at, (table, net, differs), rows)
            above = rows[1][m, 1]
            if is_sure:
                _emit(m, below, (low, net, False), rows)
            rows[1][m, 0] = max(_sum(below, low, net, False), low[3][below]) if below >= 0 else 0.0
            rows[1][m, 1], rows[0][m, SET], rows[2][m, 1] = above, i, not is_sure
            m += 1
        _clear(n_low, low)
        if differs:
            _clear(n, high)
    return rows[0][:m].copy(), rows[1][:m].copy(), rows[2][:m].copy()


@inlined
def _is_sure(enterprise: int, controller: int, rows: tuple[Longs, Ints, Smalls]) -> bool:
    """Whether the controller surely controls the enterprise, whose rows ascend by controller."""
    firsts, controllers, classes = rows
    low, high = firsts[enterprise], firsts[enterprise + 1]
    while low < high:
        middle = (low + high) // 2
        if controllers[middle] < controller:
            low = middle + 1
        else:
            high = middle
    return bool(low < firsts[enterprise + 1] and controllers[low] == controller and classes[low] == 0)


@kernel
def below_others(enterprises: Ints, rows: tuple[Longs, Ints, Smalls], left_out: Flags) -> Flags:
    """Which entities are controlled by one that they do not control; controllers that are left out do not count."""
    firsts, controllers, classes = rows
    out = np.zeros(len(firsts) - 1, np.bool_)
    for row in range(len(enterprises)):
        other, node = controllers[row], enterprises[row]
        if classes[row] == 0 and not out[node] and not left_out[other]:
            out[node] = not _is_sure(other, node, rows)
    return out


@kernel
def handed_down(signs: Smalls, firsts: Longs, held: Ints, counts: Flags) -> Smalls:
    """Signs of each entity with those of everyone above it, along stakes by holder that count."""
    out = signs.copy()
    queue = np.flatnonzero(signs).astype(np.int32)
    waiting = signs != 0
    while len(queue) > 0:
        following, n = np.empty(1024, np.int32), 0
        for node in queue:
            waiting[node] = False
            for k in range(firsts[node], firsts[node + 1]):
                to = held[k]
                if not counts[k] or out[to] | out[node] == out[to]:
                    continue
                out[to] |= out[node]
                if not waiting[to]:
                    if n == len(following):
                        following = np.append(following, np.empty(n, np.int32))
                    following[n], waiting[to] = to, True
                    n += 1
        queue = following[:n].copy()
    return out


@kernel
def halves(firsts: Longs, stakes: tuple[Ints, Floats], heads: Ints, totals: Floats, asked: Flags) -> Flags:
    """Which of the asked companies belong to two parties with one half of the votes each; `heads`: party of a holder."""
    holders, votes = stakes
    out, mine = np.zeros(len(asked), np.bool_), np.zeros(len(asked))
    for company in np.flatnonzero(asked):
        half, rows = 0, range(firsts[company], firsts[company + 1])
        for row in rows:
            if holders[row] != company:
                mine[heads[holders[row]]] += votes[row]
        for row in rows:
            party = heads[holders[row]]
            if abs(mine[party] - totals[company] / 2) <= MARGIN * totals[company]:
                half += 1
            mine[party] = 0.0
        out[company] = half == 2 and totals[company] > MARGIN
    return out
