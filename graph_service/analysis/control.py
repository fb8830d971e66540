"""Control: who decides in the meeting of an enterprise, alone, through what it controls, by agreement, or in concert.

Definition. On a day, x controls y when the votes in y of x and of all that x controls exceed level · T + 1e-9 · T, with
T = 1 − what y holds of itself and level one half: a least fixpoint, not a product. Exactly one half is no control.
Undisclosed votes stay in T. Votes of unknown size that are left in y count for x at the lower bound where all their
holders are x and what it controls and the list is complete, at the upper bound where one is. What holds at the lower
bounds is derived; what holds only at the upper ones is possible, a lead. Who controls by agreement controls; parties
that act in concert are one joint root: what they control together and none of them controls alone is controlled by each
that has votes in it, by way of what it controls too. Kin count as one joint root only where configured, and then only
as possible.

Depth: 1 where the party's own votes suffice, and one more with each round of controlled enterprises that is needed.
Ultimate controllers of y: those above it that nobody controls but what they control themselves; there may be several.
Source: 公司法（2023）第二百六十五条; the fixpoint is that of Bellomarini et al., Banca d'Italia (company control).
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from graph_service.analysis.concert import Agreements, joint_roots
from graph_service.analysis.control_net import Network, network
from graph_service.analysis.control_signs import BOUNDARY, JOINT, UNDISCLOSED, signs_of
from graph_service.analysis.stakes import Stakes
from graph_service.projection.arrays import Flags, Floats, Ints, Longs, Smalls, filled, freeze
from graph_service.projection.graph import CsrGraph

VERSION = "control-2"
VOTES, AGREEMENT, CONCERT, KIN = 1, 2, 4, 8  # what control rests on, as the kernels say it
BASES = ("votes", "agreement", "concert", "kin")
SAID = ((CONCERT, 2), (VOTES, 0), (AGREEMENT, 1), (KIN, 3))  # which of several is told, as a place in BASES
DERIVED, POSSIBLE = 0, 1
THREADS = 2
PIECES = 16  # of the roots, taken by the threads in turn

__all__ = ["BASES", "BOUNDARY", "JOINT", "UNDISCLOSED", "Control", "ControlRules", "control"]


@dataclass(frozen=True, slots=True)
class ControlRules:
    """What control is judged by.

    `level`: of all votes, what must be exceeded. `kin`: whether kin count as one joint root. `rounding`: votes that
    published percentages may lack. `by_degree`: reasons of hubs that are such by their number of relations only, and
    are not the end of a chain.
    """

    level: float = 0.5
    kin: bool = False
    rounding: float = 0.01
    by_degree: frozenset[str] = frozenset()


PLAIN = ControlRules()


@dataclass(frozen=True, slots=True)
class Control:
    """Who controls whom, in the order of the controlled entity, then of its controller.

    The controllers of y are rows firsts[y]:firsts[y+1]: `controllers`; `lower` and `upper`, votes in y of the controller
    and all that it controls (with those it acts in concert with); `depth`; `classes`, 0 derived, 1 only possible; `bases`,
    a place in BASES; `ultimate`; `via`, the holder or party, one step nearer to the controller, that adds most. What x
    controls are rows by_controller[controller_firsts[x]:controller_firsts[x+1]]. `notes` per entity: 1 a chain above ends
    at a holder whose own owners are in no file, 2 votes in it or above it are not all disclosed, 4 two parties with one
    half each and no controller.
    """

    firsts: Longs
    controllers: Ints
    lower: Floats
    upper: Floats
    depth: Ints
    classes: Smalls
    bases: Smalls
    ultimate: Flags
    via: Ints
    by_controller: Ints
    controller_firsts: Longs
    notes: Smalls

    def of(self, entity: int) -> range:
        """Rows of the controllers of an entity."""
        return range(int(self.firsts[entity]), int(self.firsts[entity + 1]))

    def of_controller(self, entity: int) -> Ints:
        """Rows of what an entity controls."""
        return self.by_controller[
            int(self.controller_firsts[entity]) : int(self.controller_firsts[entity + 1])
        ]

    def row(self, controller: int, entity: int) -> int | None:
        """The row of a pair; None where there is no control."""
        rows = self.of(entity)
        at = rows.start + int(np.searchsorted(self.controllers[rows.start : rows.stop], controller))
        return at if at < rows.stop and self.controllers[at] == controller else None

    def controlled(self) -> Ints:
        """The controlled entity of each row."""
        return np.repeat(np.arange(len(self.firsts) - 1, dtype=np.int32), np.diff(self.firsts))


def control(
    graph: CsrGraph, held: Stakes, day: int, rules: ControlRules = PLAIN, threads: int = THREADS
) -> Control:
    """Who controls whom on a day. Cost: the stakes of all that each party controls; the threads change nothing.

    >>> from graph_service.analysis.stakes import stakes
    >>> from tests.graphs import DAY, holds, project
    >>> graph = project([holds("p:1", "e:a", 0.6), holds("p:1", "e:b", 0.3), holds("e:a", "e:b", 0.3)])
    >>> found = control(graph, stakes(graph, DAY), DAY)
    >>> row = found.row(graph.place("p:1"), graph.place("e:b"))
    >>> round(float(found.lower[row]), 9), int(found.depth[row]), bool(found.ultimate[row])
    (0.6, 2, True)
    """
    net = network(held, rules.level)
    agreed = joint_roots(graph, held, net, (day, rules.kin))
    rows = _Rows.joined(_every_root(net, agreed, threads))
    result = _indexed(rows, (graph, held, rules, day), net, agreed)
    freeze(result)
    return result


@dataclass(frozen=True, slots=True)
class _Rows:
    controllers: Ints
    whole: Ints
    values: Floats
    small: Smalls

    @classmethod
    def joined(cls, parts: Iterable["_Rows"]) -> "_Rows":
        some = list(parts)
        return cls(*(np.concatenate([getattr(p, n) for p in some]) for n in cls.__slots__))


def _every_root(net: Network, agreed: Agreements, threads: int) -> list[_Rows]:
    """Rows of all parties that hold or agreed something, ascending by party."""
    from graph_service.analysis import control_kernels as kernels  # noqa: PLC0415  (loads the compiler)

    active = filled(net.arrays[0])
    if len(agreed.arrays[1]):
        active = active | filled(agreed.arrays[0])
    roots = np.flatnonzero(active).astype(np.int32)
    sets = (np.arange(len(roots) + 1, dtype=np.int64), roots, np.full(len(roots), -2, np.int32))
    ends = np.linspace(0, len(roots), PIECES + 1).astype(np.int64)

    def work(first: int) -> list[tuple[int, _Rows]]:
        room = 1 + len(agreed.arrays[1])
        tables = net.tables(room), net.tables(room)
        done = []
        for piece in range(first, PIECES, threads):
            chosen = int(ends[piece]), int(ends[piece + 1])
            whole, values, small = kernels.controlled(sets, chosen, tables, net.arrays, agreed.arrays)
            done.append((piece, _Rows(roots[whole[:, kernels.SET]], whole, values, small)))
        return done

    with ThreadPoolExecutor(threads) as pool:
        every = [item for some in pool.map(work, range(threads)) for item in some]
    return [rows for _, rows in sorted(every, key=lambda item: item[0])]


def _indexed(
    rows: _Rows, given: tuple[CsrGraph, Stakes, ControlRules, int], net: Network, agreed: Agreements
) -> Control:
    """Rows by enterprise, then controller, with the index by controller and what is known of every entity."""
    from graph_service.analysis import control_kernels as kernels  # noqa: PLC0415  (loads the compiler)
    from graph_service.projection.lookup_kernels import grouped_by, offsets_of  # noqa: PLC0415  (loads the compiler)

    graph, held, rules, day = given
    found = rows.whole[:, kernels.ENTERPRISE].copy()
    firsts: Longs = offsets_of(found, graph.node_count)
    order = grouped_by(found, firsts)
    enterprises, controllers, classes = found[order], rows.controllers[order], rows.small[order, 1].copy()
    nobody = np.zeros(graph.node_count, np.bool_)
    below = kernels.below_others(enterprises, (firsts, controllers, classes), nobody)
    ultimate = (classes == DERIVED) & ~below[controllers]
    by_first = offsets_of(controllers, graph.node_count)
    heads = agreed.heads(_heads(enterprises, controllers, ultimate, graph.node_count))
    judged = (rules.rounding, rules.by_degree, day)
    notes = signs_of(graph, held, judged, (net, heads), enterprises[classes == DERIVED])
    return Control(
        firsts, controllers, rows.values[order, 0], rows.values[order, 1], rows.whole[order, kernels.DEPTH].copy(),
        classes, _told(rows.small[order, 0]), ultimate, rows.whole[order, kernels.VIA].copy(),
        grouped_by(controllers, by_first), by_first, notes,
    )  # fmt: skip


def _told(bits: Smalls) -> Smalls:
    """The first of SAID among the bits, as a place in BASES."""
    return np.select([(bits & bit) > 0 for bit, _ in SAID], [place for _, place in SAID]).astype(np.int8)


def _heads(enterprises: Ints, controllers: Ints, last: Flags, count: int) -> Ints:
    """The one ultimate controller of each entity; where there is none or several, the entity itself."""
    heads = np.arange(count, dtype=np.int32)
    alone = np.bincount(enterprises[last], minlength=count) == 1
    chosen = last & alone[enterprises]
    heads[enterprises[chosen]] = controllers[chosen]
    return heads
