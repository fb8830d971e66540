"""Compiled: bounds of the interests of all owners of a company below which or in which stakes are unknown."""

import numpy as np

from graph_service.projection.arrays import Flags, Floats, Ints, Longs
from graph_service.projection.jit import inlined, kernel

# firsts, holders, shares, unknown, left, complete, direct
Holdings = tuple[Longs, Ints, Floats, Flags, Floats, Flags, Floats]
Around = tuple[
    Ints, Longs, Ints, Floats, Flags, Floats, Flags
]  # the same of a company and all above it, by local number
MOST = 2_000  # entities above a company up to which its bounds are tight
SWEEPS = 200
SOLVED = 400  # entities above a company up to which bounds that do not settle are solved for
ROUNDS = 100
BETTER = 1e-14
STILL = 1e-13


@kernel
def spread_down(starts: Ints, firsts: Longs, held: Ints, out: Ints) -> None:
    """Set `out` to 1 for the starts and for all that they hold in any number of steps."""
    queue, n = np.empty(len(out), np.int32), 0
    for node in starts:
        out[node] = 1
        queue[n] = node
        n += 1
    at = 0
    while at < n:
        node = queue[at]
        at += 1
        for k in range(firsts[node], firsts[node + 1]):
            if out[held[k]] == 0:
                out[held[k]] = 1
                queue[n] = held[k]
                n += 1


@inlined
def _above(company: int, holdings: Holdings, local: Ints, nodes: Ints) -> int:
    """Note a company and all above it in `nodes`; how many, or -1 where they are more than MOST."""
    firsts, holders, shares, unknown = holdings[0], holdings[1], holdings[2], holdings[3]
    nodes[0], local[company], n, at = company, 0, 1, 0
    while at < n:
        node = nodes[at]
        at += 1
        for r in range(firsts[node], firsts[node + 1]):
            holder = holders[r]
            if (shares[r] > 0.0 or unknown[r]) and local[holder] < 0:
                if n >= MOST:
                    return -n
                local[holder] = n
                nodes[n] = holder
                n += 1
    return n


@inlined
def _cut_out(nodes: Ints, n: int, holdings: Holdings, local: Ints) -> Around:
    """The stakes among a company and all above it."""
    firsts, holders, shares, unknown, left, complete, _ = holdings
    offsets, count = np.zeros(n + 1, np.int64), 0
    for i in range(n):
        count += firsts[nodes[i] + 1] - firsts[nodes[i]]
        offsets[i + 1] = count
    above, parts, is_unknown = np.empty(count, np.int32), np.empty(count), np.empty(count, np.bool_)
    rest, is_complete, count = np.empty(n), np.empty(n, np.bool_), 0
    for i in range(n):
        rest[i], is_complete[i] = left[nodes[i]], complete[nodes[i]]
        for r in range(firsts[nodes[i]], firsts[nodes[i] + 1]):
            above[count], parts[count], is_unknown[count] = local[holders[r]], shares[r], unknown[r]
            count += 1
    return nodes[:n].copy(), offsets, above, parts, is_unknown, rest, is_complete


@inlined
def _value(i: int, values: Floats, around: Around, is_upper: bool) -> float:
    """Interest in entity i from those in its holders."""
    _, offsets, above, parts, unknown, rest, complete = around
    total, best, has_unknown = 0.0, 0.0, False
    for r in range(offsets[i], offsets[i + 1]):
        value = values[above[r]] if above[r] >= 0 else 0.0
        total += parts[r] * value
        if unknown[r]:
            if not has_unknown or (value > best if is_upper else value < best):
                best = value
            has_unknown = True
    if has_unknown and (is_upper or complete[i]):
        total += rest[i] * best
    return total


@inlined
def _bound(owner: int, order: Ints, values: Floats, around: Around, is_upper: bool) -> bool:
    """The least fixpoint for one owner into `values`, from below; whether it came to rest."""
    values[:] = 0.0
    values[owner] = 1.0
    for _ in range(SWEEPS):
        change = 0.0
        for k in range(len(order)):
            i = order[k]
            if i != owner:
                value = _value(i, values, around, is_upper)
                change = max(change, value - values[i])
                values[i] = value
        if change <= STILL:
            return True
    return False


@inlined
def _chosen(i: int, values: Floats, around: Around, is_upper: bool) -> int:
    """The row of the unknown holder that gets what is left of entity i; -1 for none."""
    _, offsets, above, _, unknown, _, complete = around
    best, row = 0.0, -1
    if not is_upper and not complete[i]:
        return -1
    for r in range(offsets[i], offsets[i + 1]):
        if unknown[r] and (row < 0 or (values[above[r]] > best if is_upper else values[above[r]] < best)):
            best, row = values[above[r]], r
    return row


@inlined
def _reaching(owner: int, policy: Longs, around: Around) -> Flags:
    """Which entities the owner has any interest in, when what is left goes by the policy."""
    _, offsets, above, parts, _, _, _ = around
    out = np.zeros(len(policy), np.bool_)
    out[owner] = True
    has_grown = True
    while has_grown:
        has_grown = False
        for i in range(len(policy)):
            for r in range(offsets[i], offsets[i + 1]):
                if not out[i] and out[above[r]] and (parts[r] > 0.0 or policy[i] == r):
                    out[i] = has_grown = True
    return out


@inlined
def _given(owner: int, policy: Longs, around: Around) -> Floats:
    """The interests of an owner when what is left goes by the policy: one linear system."""
    _, offsets, above, parts, _, rest, _ = around
    reached = _reaching(owner, policy, around)
    matrix, right = np.eye(len(policy)), np.zeros(len(policy))
    right[owner] = 1.0
    for i in range(len(policy)):
        if reached[i] and i != owner:
            for r in range(offsets[i], offsets[i + 1]):
                share = parts[r] + (rest[i] if policy[i] == r else 0.0)
                if reached[above[r]]:
                    matrix[i, above[r]] -= share
    return np.linalg.solve(matrix, right).astype(np.float64)


@inlined
def _solve(owner: int, values: Floats, around: Around, is_upper: bool) -> bool:
    """The same by improving a policy until nothing is gained; whether it came to rest."""
    policy = np.full(len(values), -1, np.int64)
    for i in range(len(values)):
        policy[i] = _chosen(i, values, around, is_upper)
    for _ in range(ROUNDS):
        values[:] = _given(owner, policy, around)
        has_changed = False
        for i in range(len(values)):
            row = _chosen(i, values, around, is_upper)
            if row != policy[i]:
                old = values[around[2][policy[i]]] if policy[i] >= 0 else 0.0
                gain = (values[around[2][row]] if row >= 0 else 0.0) - old
                if (gain if is_upper else -gain) > BETTER:
                    policy[i], has_changed = row, True
        if not has_changed:
            return True
    return False


@inlined
def _settle(owner: int, order: Ints, values: Floats, around: Around, is_upper: bool) -> bool:
    if _bound(owner, order, values, around, is_upper):
        return True
    return len(values) <= SOLVED and _solve(owner, values, around, is_upper)


@inlined
def _order(around: Around) -> Ints:
    """Entities with those that hold before those that are held, as far as there is no cycle."""
    nodes, offsets, above = around[0], around[1], around[2]
    n = len(nodes)
    state, out, stack, at = (
        np.zeros(n, np.int8),
        np.empty(n, np.int32),
        np.empty(n, np.int32),
        np.zeros(n, np.int64),
    )
    done, depth = 0, 1
    stack[0], state[0] = 0, 1
    while depth > 0:
        i = stack[depth - 1]
        if at[i] < offsets[i + 1] - offsets[i]:
            other = above[offsets[i] + at[i]]
            at[i] += 1
            if other >= 0 and state[other] == 0:
                state[other] = 1
                stack[depth] = other
                depth += 1
        else:
            out[done] = i
            done += 1
            depth -= 1
    return out[:done]


Bounds = tuple[Ints, Floats, Floats, Floats]  # owner, direct share, lower, upper


@inlined
def _bounds(company: int, around: Around, holdings: Holdings, floor: float) -> tuple[Bounds, int]:
    """Rows of the owners of one company, ascending, and how many; -1 where a bound did not settle."""
    size = len(around[0])
    order, values, n = _order(around), np.empty(size), 0
    owners, direct, lower, upper = np.empty(size, np.int32), np.zeros(size), np.empty(size), np.empty(size)
    found = (owners, direct, lower, upper)
    for i in np.argsort(around[0]):
        if i == 0:
            continue
        if not _settle(i, order, values, around, True):
            return found, -1
        high = min(values[0], 1.0)
        if high < floor:
            continue
        if not _settle(i, order, values, around, False):
            return found, -1
        owners[n], upper[n], lower[n] = around[0][i], high, min(values[0], high)
        for r in range(holdings[0][company], holdings[0][company + 1]):
            if holdings[1][r] == around[0][i]:
                direct[n] = holdings[6][r]
        n += 1
    return found, n


@inlined
def _roomier(found: Bounds, more: int) -> Bounds:
    return (
        np.append(found[0], np.empty(more, np.int32)), np.append(found[1], np.empty(more)),
        np.append(found[2], np.empty(more)), np.append(found[3], np.empty(more)),
    )  # fmt: skip


@kernel
def intervals(companies: Ints, holdings: Holdings, floor: float) -> tuple[Longs, Bounds, Ints]:
    """Offsets per company; the rows; 1 where a company was left out because too much is above it."""
    local, nodes = np.full(len(holdings[0]) - 1, -1, np.int32), np.empty(MOST + 1, np.int32)
    offsets, limited, n, room = (
        np.zeros(len(companies) + 1, np.int64),
        np.zeros(len(companies), np.int32),
        0,
        1024,
    )
    out = (np.empty(room, np.int32), np.empty(room), np.empty(room), np.empty(room))
    for c in range(len(companies)):
        size, count = _above(companies[c], holdings, local, nodes), -1
        if size > 0:
            found, count = _bounds(companies[c], _cut_out(nodes, size, holdings, local), holdings, floor)
            if n + count > room:
                out = _roomier(out, room + count)
                room += room + count
            for k in range(count):
                out[0][n + k], out[1][n + k] = found[0][k], found[1][k]
                out[2][n + k], out[3][n + k] = found[2][k], found[3][k]
        limited[c] = 1 if count < 0 else 0
        n += max(count, 0)
        for k in range(abs(size)):
            local[nodes[k]] = -1
        offsets[c + 1] = n
    return offsets, (out[0][:n], out[1][:n], out[2][:n], out[3][:n]), limited
