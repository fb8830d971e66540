"""Which node stands for which: SAME_AS facts of one moment, followed to the end, by time."""

from typing import Protocol

_MOST_STEPS = 8
Reach = tuple[int, int | None, int | None]  # target, valid_from, valid_to


class Sameness(Protocol):
    """Where SAME_AS facts that one moment shows lead, one step."""

    def targets(self, node: int) -> list[Reach]:
        """Where they lead from a node, an officer's word first, then in the order of their start."""

    def meaning(self, node: int) -> list[int]:
        """The nodes from which they lead to this one."""


class Identity:
    """SAME_AS as seen at one moment."""

    def __init__(self, sameness: Sameness) -> None:
        self._sameness = sameness

    def canonical(self, node: int, day: int) -> int:
        """The node that answers of that day use; an old id stays an alias also outside its time."""
        for _ in range(_MOST_STEPS):
            reach = self._sameness.targets(node)
            if not reach:
                break
            during = [target for target, vf, vt in reach if overlaps((vf, vt), (day, day + 1))]
            node = during[0] if during else reach[-1][0]
        return node

    def canonical_during(self, node: int, start: int | None, stop: int | None) -> int:
        """The node that a relation of this interval means."""
        for _ in range(_MOST_STEPS):
            reach = self._sameness.targets(node)
            found = [target for target, vf, vt in reach if overlaps((vf, vt), (start, stop))]
            if not found:
                break
            node = found[0]
        return node

    def family(self, node: int) -> list[int]:
        """The node and all that stand for it at some time, the node first."""
        found, todo = [node], [node]
        while todo:
            new = [s for s in self._sameness.meaning(todo.pop()) if s not in found]
            found += new
            todo += new
        return found


def overlaps(one: tuple[int | None, int | None], other: tuple[int | None, int | None]) -> bool:
    """Whether two half-open intervals share a day; None is an open end."""
    starts_before = one[0] is None or other[1] is None or one[0] < other[1]
    ends_after = one[1] is None or other[0] is None or other[0] < one[1]
    return starts_before and ends_after
