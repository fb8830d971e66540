"""Control by votes (控制): who directs whom, as a least fixpoint and not as a product of shares.

Definition. x controls y when the votes in y of x and of all that x controls exceed half of y's votes: T_y / 2 plus a
margin of 1e-9 · T_y against rounding, with T_y = 1 − what y holds of itself; undisclosed votes stay in T_y. Exactly half
is no control. An agreement is control by itself. Parties that act in concert are one root together. Where votes are
unknown, control at the lower bounds is derived, control only at the upper bounds is a possibility, a lead. An ultimate
controller of y is a controller of y that nobody controls but those it controls in turn; several are all named.

Source: 公司法（2023）第二百六十五条; Gulino, Ceri, Gottlob, Sallinger, Bellomarini, Distributed company control in company
shareholding graphs, ICDE 2021 (the fixpoint).
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from graph_service.analysis.stakes import Stakes
from graph_service.domain.entities import EntityKind
from graph_service.domain.facts import FactKind
from graph_service.projection.arrays import Flags, Floats, Ints, Longs, Smalls, freeze
from graph_service.projection.graph import CsrGraph
from graph_service.projection.lookup import csr_starts

VERSION = "control-1"
BASES = ("votes", "agreement", "concert")
DERIVED, POSSIBLE = 0, 1
IN_CONCERT = 2
BOUNDARY, UNDISCLOSED, JOINT = 1, 2, 4  # bits of `notes`
CHUNK = 200_000
UNDISCLOSED_SHARE = 1e-6
HALF = 1e-9


@dataclass(frozen=True, slots=True)
class Control:
    """Who controls whom, in the order of the controlled entity, then of its controller.

    The controllers of y are rows firsts[y]:firsts[y+1]: `controllers`; `lower` and `upper`, their votes in y with all that
    they control; `depth`, steps of the shortest chain of control; `classes`, 0 derived, 1 only possible; `bases`, a place in
    BASES; `ultimate`. What x controls are rows by_controller[controller_firsts[x]:controller_firsts[x+1]]. `notes` per
    entity: 1 a chain above ends at a holder whose own owners are in no file, 2 holders of it or above it are not all
    disclosed, 4 two holders of one half each and no controller.
    """

    firsts: Longs
    controllers: Ints
    lower: Floats
    upper: Floats
    depth: Ints
    classes: Smalls
    bases: Smalls
    ultimate: Flags
    by_controller: Longs
    controller_firsts: Longs
    notes: Smalls

    def of(self, entity: int) -> range:
        """Rows of the controllers of an entity."""
        return range(int(self.firsts[entity]), int(self.firsts[entity + 1]))

    def of_controller(self, entity: int) -> Longs:
        """Rows of what an entity controls."""
        return self.by_controller[
            int(self.controller_firsts[entity]) : int(self.controller_firsts[entity + 1])
        ]

    def controlled(self) -> Ints:
        """The controlled entity of each row."""
        return np.repeat(np.arange(len(self.firsts) - 1, dtype=np.int32), np.diff(self.firsts))


def control(graph: CsrGraph, held: Stakes, day: int) -> Control:
    """Control of all roots on a day. Cost: the stakes of each root and of what it controls, in two threads.

    >>> from graph_service.analysis.stakes import stakes
    >>> from tests.graphs import DAY, project, pyramid
    >>> graph = project(pyramid())
    >>> found = control(graph, stakes(graph, DAY), DAY)
    >>> [graph.nodes.ids[int(found.controllers[r])] for r in found.of(graph.place("e:d"))]
    ['e:b']
    """
    rows = _rows(graph, held, day)
    order = np.lexsort((rows.classes, rows.roots, rows.held))
    rows = rows.at(order)
    firsts = csr_starts(rows.held, held.count)
    from graph_service.analysis import control_kernels  # noqa: PLC0415  (loads the compiler)

    top = control_kernels.tops(firsts, rows.roots, rows.classes)
    found = Control(
        firsts, rows.roots, rows.lower, rows.upper, rows.depth, rows.classes, rows.bases,
        top[rows.roots] & (rows.classes == DERIVED), np.argsort(rows.roots, kind="stable"),
        csr_starts(np.sort(rows.roots), held.count), _notes(graph, held, day, firsts, rows.classes),
    )  # fmt: skip
    freeze(found)
    return found


def parents(found: Control, held: Stakes, chosen: Longs) -> Ints:
    """Per row of control: the direct holder by which it is controlled, the one of most votes; -1 by agreement alone."""
    from graph_service.analysis import control_kernels  # noqa: PLC0415  (loads the compiler)

    companies = np.searchsorted(found.firsts, chosen, side="right").astype(np.int32) - 1
    return control_kernels.parents(
        chosen, companies.astype(np.int32), (found.firsts, found.controllers, found.classes),
        (held.firsts, held.holders, held.votes),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Rows:
    roots: Ints
    held: Ints
    lower: Floats
    upper: Floats
    depth: Ints
    classes: Smalls
    bases: Smalls

    def at(self, places: Longs) -> "_Rows":
        return _Rows(
            self.roots[places], self.held[places], self.lower[places], self.upper[places], self.depth[places],
            self.classes[places], self.bases[places],
        )  # fmt: skip


def _rows(graph: CsrGraph, held: Stakes, day: int) -> _Rows:
    """Rows of single roots, and of parties in concert those that none of them controls alone."""
    agreements = _agreements(graph, day)
    alone = np.flatnonzero((np.diff(held.holder_firsts) > 0) | (np.diff(agreements[0]) > 0)).astype(np.int32)
    single = _searched(held, agreements, (np.arange(len(alone) + 1), alone))
    single = _Rows(
        alone[single.roots],
        single.held,
        single.lower,
        single.upper,
        single.depth,
        single.classes,
        single.bases,
    )
    firsts, members = _concert(graph, day)
    if len(firsts) < 2:
        return single
    joint = _searched(held, agreements, (firsts, members))
    sizes = np.diff(firsts)[joint.roots]
    repeated = joint.at(np.repeat(np.arange(len(joint.roots)), sizes))
    offset = np.arange(len(repeated.roots)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    party = members[firsts[repeated.roots] + offset]
    count = held.count
    known = set((single.held.astype(np.int64) * count + single.roots)[single.classes == DERIVED].tolist())
    key = repeated.held.astype(np.int64) * count + party
    is_new = np.array([k not in known for k in key.tolist()], np.bool_)
    bases = np.full(len(party), IN_CONCERT, np.int8)
    new = _Rows(
        party, repeated.held, repeated.lower, repeated.upper, repeated.depth, repeated.classes, bases
    ).at(np.flatnonzero(is_new))
    replaced = np.isin(single.held.astype(np.int64) * count + single.roots, key[is_new])
    kept = single.at(np.flatnonzero(~replaced))
    return _Rows(*(np.concatenate([getattr(kept, n), getattr(new, n)]) for n in _Rows.__slots__))


def _searched(held: Stakes, agreements: tuple[Longs, Ints], roots: tuple[Longs, Ints]) -> _Rows:
    """Rows of roots given by their seeds; `roots` of the rows are places in that list."""
    from graph_service.analysis import control_kernels  # noqa: PLC0415  (loads the compiler)

    own = held.held == held.holders
    whole = (1.0 - np.bincount(held.held[own], held.votes[own], held.count)).astype(np.float64)
    unknown = np.bincount(held.held[held.votes_unknown], minlength=held.count).astype(np.int32)
    votes = (
        held.holder_firsts, held.by_holder, held.held, held.votes, held.votes_unknown, held.votes_left, held.complete,
        unknown, whole,
    )  # fmt: skip
    firsts, seeds = roots
    has_unknown = bool(held.votes_unknown.any())
    number = len(firsts) - 1
    starts = range(0, max(number, 1), CHUNK)

    def run(start: int) -> _Rows:
        part = firsts[start : min(start + CHUNK, number) + 1]
        found, _ = control_kernels.controlled((part.astype(np.int64), seeds), votes, agreements, has_unknown)
        return _Rows(found[0] + np.int32(start), *found[1:])

    with ThreadPoolExecutor(2 if number > CHUNK else 1) as pool:
        parts = list(pool.map(run, starts))
    return _Rows(*(np.concatenate([getattr(p, n) for p in parts]) for n in _Rows.__slots__))


def _agreements(graph: CsrGraph, day: int) -> tuple[Longs, Ints]:
    chosen = graph.edges_on(day, (FactKind.CONTROLS_BY_AGREEMENT,))
    subjects = graph.edges.subjects[chosen]
    return csr_starts(subjects, graph.node_count), graph.edges.objects[chosen]


def _concert(graph: CsrGraph, day: int) -> tuple[Longs, Ints]:
    """Groups of parties that act in concert: offsets and members, ascending."""
    chosen = graph.edges_on(day, (FactKind.ACTS_IN_CONCERT,))
    one, other = graph.edges.subjects[chosen], graph.edges.objects[chosen]
    parties = np.unique(np.concatenate([one, other])).astype(np.int32)
    size = len(parties)
    pairs = (np.searchsorted(parties, one), np.searchsorted(parties, other))
    joined = coo_array((np.ones(len(one), np.int8), pairs), shape=(size, size))
    number, labels = connected_components(joined, directed=False) if size else (0, np.zeros(0, np.int32))
    order = np.argsort(labels, kind="stable")
    firsts = np.zeros(number + 1, np.int64)
    np.cumsum(np.bincount(labels, minlength=number), out=firsts[1:])
    return firsts, parties[order]


def _notes(graph: CsrGraph, held: Stakes, day: int, firsts: Longs, classes: Smalls) -> Smalls:
    out = np.zeros(held.count, np.int8)
    has_owners = np.diff(held.firsts) > 0
    out[_below(held, _ends_of_data(graph, day) & ~has_owners, is_below_only=True)] |= BOUNDARY
    disclosed = np.bincount(held.held, held.votes, held.count) + held.votes_left
    is_short = has_owners & ((disclosed < 1 - UNDISCLOSED_SHARE) | ((held.votes_left > 0) & ~held.complete))
    out[_below(held, is_short, is_below_only=False)] |= UNDISCLOSED
    controlled = np.zeros(held.count, np.bool_)
    rows = np.repeat(np.arange(held.count), np.diff(firsts))
    controlled[rows[classes == DERIVED]] = True
    out[_halves(held) & ~controlled] |= JOINT
    return out


def _ends_of_data(graph: CsrGraph, day: int) -> Flags:
    """Organisations and enterprises, state bodies and other neutral organisations left out."""
    kinds = graph.nodes.kinds
    is_firm = kinds == graph.kind_code(EntityKind.ENTERPRISE)
    is_organisation = kinds == graph.kind_code(EntityKind.ORGANIZATION)
    return np.asarray(is_firm | (is_organisation & ~graph.hubs_on(day)))


def _below(held: Stakes, sources: Flags, *, is_below_only: bool) -> Flags:
    """What the sources hold in any number of steps, and the sources themselves unless `is_below_only`."""
    from graph_service.analysis.interval_kernels import spread_down  # noqa: PLC0415  (loads the compiler)

    out = np.zeros(held.count, np.int32)
    starts = np.flatnonzero(sources & (np.diff(held.holder_firsts) > 0 if is_below_only else True)).astype(
        np.int32
    )
    if len(starts):
        spread_down(starts, held.holder_firsts, held.held[held.by_holder], out)
    if is_below_only:
        out[starts] = 0
    return out > 0


def _halves(held: Stakes) -> Flags:
    """Companies with two holders of exactly one half of the votes each."""
    own = held.held == held.holders
    whole = 1.0 - np.bincount(held.held[own], held.votes[own], held.count)
    is_half = ~own & (np.abs(held.votes - whole[held.held] / 2) <= HALF)
    return np.asarray(np.bincount(held.held[is_half], minlength=held.count) == 2)
