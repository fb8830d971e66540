"""Offices that change hands: nominees (疑似名义任职), and sudden changes around a list.

Definitions. Nominee: a person takes over the representation of at least so many firms of different trades within a few days
from one and the same person, who stays on in them. Sudden change: within a few weeks, and not long before or after a firm is
listed, its representative and its holders change, and its name or address too. Legal reductions of capital (国务院令第784号,
2024 to 2027) are no change that counts.
"""

from collections.abc import Iterator

import numpy as np

from graph_service.analysis.patterns.finding import Pattern, Sought
from graph_service.domain.facts import FactKind
from graph_service.projection.arrays import EVER, OPEN, Ints

COUNTING = ("name", "address")


def nominees(scene: Sought) -> Iterator[Pattern]:
    """Firms, then the new representative, then the one who stays."""
    taken = _taken_over(scene)
    for (new, old), rows in sorted(taken.items()):
        rows.sort()
        for run in _runs(rows, scene.rules["nominee_days"]):
            firms = tuple(sorted({firm for _, firm, _ in run}))
            trades = {int(scene.graph.nodes.industries[f]) for f in firms}
            stays = [edge for f in firms for edge in _staying(scene, old, f)]
            stayed = {int(scene.graph.edges.objects[edge]) for edge in stays}
            if min(len(firms), len(trades), len(stayed)) >= scene.rules["nominee_least"]:
                edges = tuple(dict.fromkeys([edge for *_, edge in run] + stays))
                yield Pattern("nominee", (*firms, new, old), edges, min(1.0, len(firms) / 5))


def _taken_over(scene: Sought) -> dict[tuple[int, int], list[tuple[int, int, int]]]:
    """By new and former representative: day, firm and relation of each change, of firms that were not new then."""
    e, nodes = scene.graph.edges, scene.graph.nodes
    represents = (e.kinds == int(FactKind.REPRESENTS)) & scene.firms[e.objects]
    begun = np.flatnonzero(
        represents & (e.valid_from > EVER) & (e.valid_from <= scene.day) & (scene.day < e.valid_to)
    )
    begun = begun[
        e.valid_from[begun] - nodes.founded[e.objects[begun]].astype(np.int64)
        > scene.rules["nominee_age_days"]
    ]
    ended = np.flatnonzero(represents & (e.valid_to < OPEN) & (e.valid_to <= scene.day))
    by_firm: dict[int, list[int]] = {}
    for edge in ended.tolist():
        by_firm.setdefault(int(e.objects[edge]), []).append(edge)
    out: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    for edge in begun.tolist():
        firm, new, day = int(e.objects[edge]), int(e.subjects[edge]), int(e.valid_from[edge])
        for former in by_firm.get(firm, ()):
            old = int(e.subjects[former])
            if old != new and abs(int(e.valid_to[former]) - day) <= scene.rules["nominee_days"]:
                out.setdefault((new, old), []).append((day, firm, edge))
    return out


def _runs(rows: list[tuple[int, int, int]], gap: float) -> Iterator[list[tuple[int, int, int]]]:
    """Rows in the order of their days, apart where more than so many days lie between."""
    run = rows[:1]
    for row in rows[1:]:
        if row[0] - run[-1][0] > gap:
            yield run
            run = []
        run.append(row)
    yield run


def _staying(scene: Sought, person: int, firm: int) -> list[int]:
    """Posts of a person in a firm on the day."""
    e = scene.graph.edges
    return [
        edge
        for edge in range(int(e.outs[person]), int(e.outs[person + 1]))
        if e.objects[edge] == firm
        and e.kinds[edge] == int(FactKind.MANAGES)
        and e.valid_from[edge] <= scene.day < e.valid_to[edge]
    ]


def sudden_changes(scene: Sought) -> Iterator[Pattern]:
    """The firm, then who came and who left."""
    for firm in np.flatnonzero(scene.listed & scene.firms).tolist():
        edges = _changed(scene, firm)
        days = np.array([_day(scene, edge) for edge in edges], np.int64)
        for day in np.unique(
            days[[scene.graph.edges.kinds[e] == int(FactKind.REPRESENTS) for e in edges]] if edges else days
        ):
            near = [
                e
                for e, d in zip(edges, days.tolist(), strict=True)
                if abs(d - int(day)) <= scene.rules["sudden_days"]
            ]
            if _is_sudden(scene, firm, int(day), near):
                people = dict.fromkeys(int(scene.graph.edges.subjects[e]) for e in near)
                yield Pattern("sudden_change", (firm, *people), tuple(near), 0.8, firm)
                break


def _day(scene: Sought, edge: int) -> int:
    """When a relation changed: its end, where that is known and past, else its start."""
    e = scene.graph.edges
    return int(e.valid_to[edge]) if e.valid_to[edge] <= scene.day else int(e.valid_from[edge])


def _changed(scene: Sought, firm: int) -> list[int]:
    """Holdings and representations of a firm that ended, or began after it was founded."""
    e, founded = scene.graph.edges, int(scene.graph.nodes.founded[firm])
    rows: Ints = e.in_edges[int(e.ins[firm]) : int(e.ins[firm + 1])]
    wanted = {int(FactKind.HOLDS), int(FactKind.REPRESENTS)}
    return [
        edge
        for edge in rows.tolist()
        if e.kinds[edge] in wanted and e.valid_from[edge] <= scene.day
        and (e.valid_to[edge] <= scene.day or e.valid_from[edge] > max(founded + 30, EVER + 30))
    ]  # fmt: skip


def _is_sudden(scene: Sought, firm: int, day: int, near: list[int]) -> bool:
    e, c, rules = scene.graph.edges, scene.graph.changes, scene.rules
    begun = int(scene.begun[firm])
    if not day - rules["sudden_after_days"] <= begun <= day + rules["sudden_before_days"]:
        return False
    kinds = {int(e.kinds[edge]) for edge in near}
    rows = slice(int(c.starts[firm]), int(c.starts[firm + 1]))
    items = {
        scene.graph.words.items[code]
        for code, when in zip(c.items[rows].tolist(), c.days[rows].tolist(), strict=True)
        if abs(when - day) <= rules["sudden_days"]
    }
    return len(kinds) == 2 and bool(items & set(COUNTING))
