"""What a row of control rests on: one chain, all relations that the votes add up from, the parties, the data's ends."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from graph_service.analysis.control import BASES, BOUNDARY, Control
from graph_service.analysis.stakes import Stakes
from graph_service.credit_graph.around import relation_items
from graph_service.credit_graph.in_snapshot import facts_on
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import Naming
from graph_service.domain.facts import FactKind
from graph_service.projection.arrays import owner_of
from graph_service.results import RelationItem
from graph_service.snapshots import Worked

KINDS = (FactKind.HOLDS, FactKind.CONTROLS_BY_AGREEMENT)
JOINING = (FactKind.ACTS_IN_CONCERT, FactKind.KIN_OF)
IN_CONCERT = frozenset({BASES.index("concert"), BASES.index("kin")})
MOST_GROUNDS = 60  # pairs of which the relations are told
MOST_ENDS = 20  # holders at the boundary that are named
MOST_ABOVE = 500  # entities above one that are looked at for them


def chain(moment: Moment, controller: int, company: int) -> list[int]:
    """One chain of control, controller first: each step the holder of most votes on the controller's side."""
    found = moment.worked.results(Control)
    path = [company]
    while path[-1] != controller:
        row = found.row(controller, path[-1])
        via = controller if row is None else int(found.via[row])
        path.append(via)
    return path[::-1]


@dataclass(slots=True)
class Between:
    """Relations between two entities as one answer tells them: each pair is read once."""

    moment: Moment
    naming: Naming
    _told: dict[tuple[int, int, tuple[FactKind, ...]], tuple[RelationItem, ...]] = field(default_factory=dict)

    def items(
        self, pairs: Iterable[tuple[int, int]], kinds: tuple[FactKind, ...] = KINDS
    ) -> list[RelationItem]:
        """The relations of these kinds from the first of each pair to the second, on the day."""
        return [item for pair in pairs for item in self._of(*pair, kinds)]

    def _of(self, above: int, below: int, kinds: tuple[FactKind, ...]) -> tuple[RelationItem, ...]:
        key = (above, below, kinds)
        if key not in self._told:
            ids = self.moment.worked.graph.nodes.ids
            held = facts_on(self.moment, ids[above], ids[below], kinds)
            self._told[key] = relation_items(self.moment, self.naming, held)
        return self._told[key]


def grounds(between: Between, controller: int, row: int) -> tuple[RelationItem, ...]:
    """The relations that the controller's votes add up from, nearest to it first, and those that join parties."""
    worked = between.moment.worked
    pairs = sorted(_pairs(worked, controller, row))[:MOST_GROUNDS]
    found = between.items((a, b) for _, a, b in pairs)
    for party in acting_with(worked, controller, row):
        found += between.items([(controller, party), (party, controller)], JOINING)
        found += between.items([(party, _company(worked, row))])
    return tuple({item.fact: item for item in found}.values())


def _company(worked: Worked, row: int) -> int:
    return int(owner_of(worked.results(Control).firsts, np.array([row]))[0])


def _pairs(worked: Worked, controller: int, row: int) -> Iterator[tuple[int, int, int]]:
    """Depth, holder and held of every relation on the controller's side that leads to the company of the row."""
    found, held = worked.results(Control), worked.results(Stakes)
    todo, seen = [_company(worked, row)], {controller}
    while todo and len(seen) <= MOST_GROUNDS:
        company = todo.pop()
        at = found.row(controller, company)
        if company in seen or at is None:
            continue
        seen.add(company)
        depth, above = int(found.depth[at]), {int(found.via[at])}
        for holder in held.holders[held.firsts[company] : held.firsts[company + 1]].tolist():
            step = None if holder == controller else found.row(controller, holder)
            if holder == controller or (step is not None and found.depth[step] < depth):
                above.add(holder)
        for holder in sorted(above):
            yield depth, holder, company
            todo.append(holder)


def acting_with(worked: Worked, controller: int, row: int) -> list[int]:
    """Who acts in concert with a controller whose control rests on that, directly or by others."""
    if int(worked.results(Control).bases[row]) not in IN_CONCERT:
        return []
    todo, seen = [controller], {controller}
    while todo:
        fresh = {p for p in _partners(worked, todo.pop()) if p not in seen}
        seen |= fresh
        todo += fresh
    return sorted(seen - {controller})


def _partners(worked: Worked, place: int) -> set[int]:
    edges, day = worked.graph.edges, worked.as_of
    out = np.arange(edges.outs[place], edges.outs[place + 1])
    into = edges.in_edges[int(edges.ins[place]) : int(edges.ins[place + 1])]
    rows = np.concatenate([out, into])
    joins = np.isin(edges.kinds[rows], [int(FactKind.ACTS_IN_CONCERT), int(FactKind.KIN_OF)])
    rows = rows[joins & (edges.valid_from[rows] <= day) & (day < edges.valid_to[rows])]
    return {*edges.subjects[rows].tolist(), *edges.objects[rows].tolist()} - {place}


def boundary_of(worked: Worked, place: int) -> list[int]:
    """Holders above an entity whose own owners are in no file, nearest first; so many at most."""
    found, held = worked.results(Control), worked.results(Stakes)
    ends: list[int] = []
    level, seen = [place], {place}
    while level and len(ends) < MOST_ENDS and len(seen) < MOST_ABOVE:
        above: list[int] = []
        for company in level:
            if not found.notes[company] & BOUNDARY:
                continue
            rows = held.of(company)
            if len(rows) == 0 and company != place:
                ends.append(company)
            votes = [r for r in rows if held.votes[r] > 0 or held.votes_unknown[r]]
            above += [h for h in held.holders[votes].tolist() if h not in seen]
        level = sorted(set(above))
        seen.update(level)
    return ends[:MOST_ENDS]
