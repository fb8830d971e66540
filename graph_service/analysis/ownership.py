"""Economic interest (穿透持股比例): how much of each company each owner has in the end, in every cycle exactly.

Definition. With a_ij the scaled share of j that i holds, the interest of owner i in j ≠ i is the least solution of
v_ij = a_ij + Σ_{k ≠ i} v_ik a_kj: the owner is the source, its own incoming stakes do not count. With N = (I − A)⁻¹
that is N_ij / N_ii, and N_ij for an owner whom nobody owns. In a ring without outside owner N does not exist; each
member's interest is whatever enters. Where stakes are unknown the interest lies between two bounds: what is left of a
company is given to the unknown holder that raises the owner least, nothing where the list of holders is incomplete, and
to the one that raises it most. Stakes as `stakes.py` defines them.

Source: LDBC FinBench (ownership by products along paths); the definition with the owner as source follows
Vitali, Glattfelder, Battiston, The network of global corporate control, PLoS ONE 6 (2011), appendix.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_array, eye_array
from scipy.sparse.linalg import splu

from graph_service.analysis.order import Components, components
from graph_service.analysis.stakes import Stakes
from graph_service.projection.arrays import Floats, Ints, Longs, Smalls, ends, filled, freeze

if TYPE_CHECKING:
    from graph_service.analysis.ownership_kernels import Space

VERSION = "ownership-2"
FLOOR = 1e-6  # interests below it are not kept
EXACT = 1e-9
LARGEST = 2_000  # members of a component up to which the interests of its own members are told in bulk
CHUNK = 50_000
RING, OUTSIDE_ONLY, LIMITED = 1, 2, 4  # bits of `notes`
ALONE, SOLVED, CLOSED, OUTSIDE = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Interests:
    """Interests of at least FLOOR, in the order of enterprise, then owner.

    Those in entity j are rows firsts[j]:firsts[j+1]: `owners`; `direct`, the stated share; `lower` and `upper` bound of
    the interest, equal where it is exact. Those of owner i are by_owner[owner_firsts[i]:owner_firsts[i+1]], ascending by
    company. `notes` per entity: 1 a ring without outside owner lies above, 2 of a component above that has more than
    LARGEST members only outside owners are told, 4 too much is above to bound tightly, so that the bounds are wider.
    """

    firsts: Longs
    owners: Ints
    direct: Floats
    lower: Floats
    upper: Floats
    by_owner: Ints
    owner_firsts: Longs
    notes: Smalls

    def of(self, company: int) -> range:
        """Rows of the owners of a company."""
        return range(int(self.firsts[company]), int(self.firsts[company + 1]))

    def of_owner(self, owner: int) -> Ints:
        """Rows of what an owner has an interest in."""
        return self.by_owner[int(self.owner_firsts[owner]) : int(self.owner_firsts[owner + 1])]

    def companies(self) -> Ints:
        """The company of each row."""
        return np.repeat(np.arange(len(self.firsts) - 1, dtype=np.int32), np.diff(self.firsts))


def interests(
    held: Stakes, companies: Ints | None = None, advance: Callable[[int], None] | None = None
) -> Interests:
    """The interests of all owners in companies (ascending; all when not given).

    Two threads take chunks; the result does not depend on it. Cost: per company the stakes above it, and once the
    inverse of each cyclic component; per interval one small fixpoint for each owner.

    >>> from tests.graphs import DAY, project, pyramid
    >>> from graph_service.analysis.stakes import stakes
    >>> graph = project(pyramid())
    >>> found = interests(stakes(graph, DAY))
    >>> rows = found.of(graph.place("e:d"))
    >>> {graph.nodes.ids[int(found.owners[r])]: float(found.lower[r]) for r in rows}["p:boss"]
    0.5
    """
    chosen = np.flatnonzero(filled(held.firsts)).astype(np.int32) if companies is None else companies
    search = _Search.of(held)
    chunks = [chosen[i : i + CHUNK] for i in range(0, len(chosen), CHUNK)] or [chosen]
    with ThreadPoolExecutor(2 if len(chunks) > 1 else 1) as pool:
        parts = []
        for chunk, part in zip(chunks, pool.map(search.run, chunks), strict=True):
            parts.append(part)
            if advance is not None:
                advance(len(chunk))
    found = _joined(parts, chosen, held.count)
    freeze(found)
    return found


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of some companies: offsets per company, its notes."""

    offsets: Longs
    owners: Ints
    direct: Floats
    lower: Floats
    upper: Floats
    notes: Ints


Bounds = tuple[Ints, Floats, Floats, Floats]  # owner, direct share, lower, upper
Arrays = tuple[Ints, Longs, Floats, Longs, Ints, Floats]


@dataclass(frozen=True, slots=True)
class _Search:
    held: Stakes
    order: Components
    cycles: Arrays
    is_open: Ints
    spaces: "SimpleQueue[Space]"

    @classmethod
    def of(cls, held: Stakes) -> "_Search":
        positive = held.shares > 0
        order = components(held.held[positive], held.holders[positive], held.count)
        return cls(held, order, _cycles(held, order), _below_unknown(held), SimpleQueue())

    def run(self, companies: Ints) -> _Rows:
        from graph_service.analysis import interval_kernels, ownership_kernels  # noqa: PLC0415  (loads the compiler)

        s, o = self.held, self.order
        holdings = (s.firsts, s.holders, s.shares, s.left)
        space = self._space()
        structure = ((o.place, o.firsts, o.members), self.cycles, space)
        (owners, direct, values), offsets, open_, notes = ownership_kernels.interests(
            companies, holdings, s.direct, structure, FLOOR
        )
        self.spaces.put(space)
        rows = _Rows(offsets, owners, direct, values, values.copy(), notes)
        uncertain = np.flatnonzero(self.is_open[companies]).astype(np.int32)
        if not len(uncertain):
            return rows
        stakes = (s.firsts, s.holders, s.shares, s.unknown, s.left, s.complete, s.direct)
        bounded = interval_kernels.intervals(companies[uncertain], stakes, FLOOR)
        return _with_bounds(rows, uncertain, bounded, open_)

    def _space(self) -> "Space":
        """Room that no other thread works in, kept for the next chunk: first use of memory is what costs."""
        from graph_service.analysis.ownership_kernels import new_space  # noqa: PLC0415  (loads the compiler)

        try:
            return self.spaces.get_nowait()
        except Empty:
            return new_space(self.held.count, len(self.order.firsts) - 1)


def _below_unknown(held: Stakes) -> Ints:
    """1 for each entity with an unknown stake in it or above it."""
    from graph_service.analysis.interval_kernels import spread_down  # noqa: PLC0415  (loads the compiler)

    out = np.zeros(held.count, np.int32)
    starts = np.unique(held.held[held.unknown]).astype(np.int32)
    if len(starts):
        spread_down(starts, held.holder_firsts, held.held[held.by_holder], out)
    return out


def _cycles(held: Stakes, order: Components) -> Arrays:
    """What kernels need of cyclic components: an inverse each, or that it is closed, or what leaves it."""
    kinds, bases = np.zeros(len(order.firsts) - 1, np.int32), np.zeros(len(order.firsts) - 1, np.int64)
    inverses: list[Floats] = []
    leaving: list[tuple[Longs, Ints, Floats]] = []
    size, rows = 0, 0
    for p in np.flatnonzero(order.cyclic):
        members = order.members[order.firsts[p] : order.firsts[p + 1]]
        matrix, is_closed = _matrix(held, members)
        if is_closed:
            kinds[p] = CLOSED
        elif len(members) <= LARGEST:
            kinds[p], bases[p] = SOLVED, size
            inverses.append(_inverse(matrix).ravel())
            size += len(members) ** 2
        else:
            kinds[p], bases[p] = OUTSIDE, rows
            leaving.append(_leaving(held, members, matrix))
            rows += len(members)
    offsets = np.zeros(rows + 1, np.int64)
    counts = [np.diff(part[0]) for part in leaving]
    np.cumsum(np.concatenate([np.zeros(0, np.int64), *counts]), out=offsets[1:])
    return (
        kinds, bases, np.concatenate([np.zeros(0), *inverses]), offsets,
        np.concatenate([np.zeros(0, np.int32), *(part[1] for part in leaving)]).astype(np.int32),
        np.concatenate([np.zeros(0), *(part[2] for part in leaving)]),
    )  # fmt: skip


def _matrix(held: Stakes, members: Ints) -> tuple[csc_array, bool]:
    """A of a component, A[i, k] the share of member k that member i holds; whether nothing leaves it."""
    rows = np.concatenate([np.arange(*held.firsts[[m, m + 1]]) for m in members])
    column = np.repeat(np.arange(len(members)), np.diff(held.firsts)[members])
    at = np.searchsorted(members, held.holders[rows])
    inside = (at < len(members)) & (members[np.minimum(at, len(members) - 1)] == held.holders[rows])
    inside &= held.shares[rows] > 0
    shape = (len(members), len(members))
    matrix = csc_array((held.shares[rows][inside], (at[inside], column[inside])), shape=shape)
    return matrix, bool((np.asarray(matrix.sum(axis=0)) >= 1 - 1e-12).all())


def _inverse(matrix: csc_array) -> Floats:
    """(I − A)⁻¹ by sparse LU."""
    size = matrix.shape[0]
    solved = splu((eye_array(size, format="csc") - matrix).tocsc()).solve(np.eye(size))
    return np.asarray(solved, np.float64)


def _leaving(held: Stakes, members: Ints, matrix: csc_array) -> tuple[Longs, Ints, Floats]:
    """Per member of a large component: the interest that each holder outside has in it through the component."""
    solver = splu((eye_array(len(members), format="csc") - matrix).T.tocsc())
    rows = np.concatenate([np.arange(*held.firsts[[m, m + 1]]) for m in members])
    column = np.repeat(np.arange(len(members)), np.diff(held.firsts)[members])
    outside = ~np.isin(held.holders[rows], members) & (held.shares[rows] > 0)
    holders, which = np.unique(held.holders[rows][outside], return_inverse=True)
    stakes = csc_array(
        (held.shares[rows][outside], (column[outside], which)), shape=(len(members), len(holders))
    )
    found: list[tuple[Ints, Ints, Floats]] = []
    for start in range(0, len(holders), 256):
        block = solver.solve(stakes[:, start : start + 256].toarray())
        member, holder = np.nonzero(block > 1e-13)
        found.append(
            (member.astype(np.int32), holders[start + holder].astype(np.int32), block[member, holder])
        )
    member = np.concatenate([part[0] for part in found])
    order = np.argsort(member, kind="stable")
    offsets = np.zeros(len(members) + 1, np.int64)
    np.cumsum(np.bincount(member, minlength=len(members)), out=offsets[1:])
    return offsets, np.concatenate([p[1] for p in found])[order], np.concatenate([p[2] for p in found])[order]


def _with_bounds(rows: _Rows, uncertain: Ints, bounded: tuple[Longs, Bounds, Ints], open_: Floats) -> _Rows:
    """Rows of the companies below unknown stakes by their bounds; where there is too much above, by wider ones."""
    offsets, (owners, direct, lower, upper), limited = bounded
    notes = rows.notes.copy()
    notes[uncertain[limited > 0]] |= LIMITED
    parts: list[tuple[Ints, Floats, Floats, Floats]] = []
    at = {int(c): n for n, c in enumerate(uncertain)}
    counts, begun = np.diff(rows.offsets), 0
    for c, n in at.items():
        low, high = int(rows.offsets[c]), int(rows.offsets[c + 1])
        parts.append(tuple(a[begun:low] for a in (rows.owners, rows.direct, rows.lower, rows.upper)))  # type: ignore[arg-type]
        if limited[n]:
            wide = np.minimum(rows.lower[low:high] + open_[c], 1.0)
            parts.append((rows.owners[low:high], rows.direct[low:high], rows.lower[low:high], wide))
        else:
            new = slice(int(offsets[n]), int(offsets[n + 1]))
            parts.append((owners[new], direct[new], lower[new], upper[new]))
            counts[c] = offsets[n + 1] - offsets[n]
        begun = high
    parts.append(tuple(a[begun:] for a in (rows.owners, rows.direct, rows.lower, rows.upper)))  # type: ignore[arg-type]
    joined = [np.concatenate([p[i] for p in parts]) for i in range(4)]
    return _Rows(ends(counts), joined[0], joined[1], joined[2], joined[3], notes)


def _joined(parts: list[_Rows], companies: Ints, count: int) -> Interests:
    """All rows, with an index by owner."""
    from graph_service.projection.lookup_kernels import grouped_by, offsets_of  # noqa: PLC0415  (loads the compiler)

    owners = np.concatenate([p.owners for p in parts])
    per, notes = np.zeros(count, np.int64), np.zeros(count, np.int8)
    per[companies] = np.concatenate([np.diff(p.offsets) for p in parts])
    notes[companies] = np.concatenate([p.notes for p in parts])
    to_owner: Longs = offsets_of(owners, count)
    lower, upper, direct = (
        np.concatenate([getattr(p, n) for p in parts]) for n in ("lower", "upper", "direct")
    )
    return Interests(ends(per), owners, direct, lower, upper, grouped_by(owners, to_owner), to_owner, notes)
