"""Which node stands for which: SAME_AS facts, followed to the end, by time."""

import sqlite3

from graph_service.domain.facts import FactKind

_SAME = int(FactKind.SAME_AS)
_MOST_STEPS = 8
_TARGETS = """
SELECT o, vf, vt FROM fact WHERE src = ? AND kind = ? AND s = ? AND rf <= ? AND (rt IS NULL OR rt > ?)
"""
Reach = tuple[int, int | None, int | None]  # target, valid_from, valid_to


class Identity:
    """SAME_AS as seen at one moment."""

    def __init__(self, db: sqlite3.Connection, t: int) -> None:
        self._db, self._t = db, t
        found = db.execute("SELECT src FROM source WHERE name IN ('officer', 'resolution') ORDER BY rank")
        self._sources = [src for (src,) in found]

    def targets(self, node: int) -> list[Reach]:
        """Where SAME_AS leads from a node, an officer's word first."""
        at = (_SAME, node, self._t, self._t)
        return [row for src in self._sources for row in self._db.execute(_TARGETS, (src, *at))]

    def canonical(self, node: int, day: int) -> int:
        """The node that answers of that day use; an old id stays an alias also outside its time."""
        return self._follow(node, day, day + 1)

    def canonical_during(self, node: int, start: int | None, stop: int | None) -> int:
        """The node that a relation of this interval means."""
        for _ in range(_MOST_STEPS):
            found = [target for target, vf, vt in self.targets(node) if overlaps((vf, vt), (start, stop))]
            if not found:
                break
            node = found[0]
        return node

    def family(self, node: int) -> list[int]:
        """The node and all that stand for it at some time, the node first."""
        found, todo = [node], [node]
        while todo:
            rows = self._db.execute(
                "SELECT DISTINCT s FROM fact WHERE o = ? AND kind = ? AND rf <= ? AND (rt IS NULL OR rt > ?)",
                (todo.pop(), _SAME, self._t, self._t),
            )
            new = [s for (s,) in rows if s not in found]
            found += new
            todo += new
        return found

    def _follow(self, node: int, start: int, stop: int) -> int:
        for _ in range(_MOST_STEPS):
            reach = self.targets(node)
            if not reach:
                break
            during = [target for target, vf, vt in reach if overlaps((vf, vt), (start, stop))]
            node = during[0] if during else reach[-1][0]
        return node


def overlaps(one: tuple[int | None, int | None], other: tuple[int | None, int | None]) -> bool:
    """Whether two half-open intervals share a day; None is an open end."""
    starts_before = one[0] is None or other[1] is None or one[0] < other[1]
    ends_after = one[1] is None or other[0] is None or other[0] < one[1]
    return starts_before and ends_after
