"""The neighbourhood of an entity, step by step over a view, stopping at neutral hubs and at a limit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from graph_service.domain.facts import Fact, FactKind
from graph_service.results import Cut
from graph_service.store.base import GraphView

IsHub = Callable[[str, Sequence[Fact]], bool]


@dataclass(frozen=True, slots=True)
class Plan:
    """How far to walk: `depth` steps over `kinds` (all when empty), to `limit` entities besides the start."""

    depth: int
    kinds: tuple[FactKind, ...]
    limit: int


@dataclass(slots=True)
class Walk:
    """What was found: steps to each entity, relations in order, hubs not walked through, the cut."""

    depths: dict[str, int]
    relations: dict[Fact, None] = field(default_factory=dict)
    hubs: set[str] = field(default_factory=set)
    beyond: set[str] = field(default_factory=set)
    cut_at: int | None = None
    is_partial: bool = False

    def cut(self, limit: int) -> Cut | None:
        """Where the limit was reached; the total counts what the last step saw, where it was seen to its end."""
        if self.cut_at is None:
            return None
        total = None if self.is_partial else limit + len(self.beyond)
        return Cut(f"neighbours, step {self.cut_at}", limit, total)


def walk(view: GraphView, start: str, plan: Plan, is_hub: IsHub) -> Walk:
    """Breadth first from `start`: every entity within `plan.depth` relations, whatever their direction.

    A neutral hub is shown, but not walked through (unless it is the start). The step in which the limit is
    reached is the last one, and no further entity is read. Cost: one reading of relations for each entity nearer
    than `depth`.
    """
    found = Walk({start: 0})
    frontier = [start]
    for _ in range(plan.depth):
        frontier = _step(view, found, plan, frontier, is_hub)
        if not frontier or found.cut_at is not None:
            break
    return found


def _step(view: GraphView, found: Walk, plan: Plan, frontier: Sequence[str], is_hub: IsHub) -> list[str]:
    reached: list[str] = []
    for node in frontier:
        if found.cut_at is not None:
            found.is_partial = True
            break
        relations = view.relations(node, plan.kinds)
        if found.depths[node] > 0 and is_hub(node, relations):
            found.hubs.add(node)
            continue
        for relation in relations:
            other = relation.object if relation.subject == node else relation.subject
            if other is not None and _reach(found, plan, node, other, reached):
                found.relations[relation] = None
    return reached


def _reach(found: Walk, plan: Plan, node: str, other: str, reached: list[str]) -> bool:
    """Whether `other` belongs to the answer; a new one is noted with its step."""
    if other in found.depths:
        return True
    step = found.depths[node] + 1
    if len(found.depths) > plan.limit:
        found.cut_at = step
        found.beyond.add(other)
        return False
    found.depths[other] = step
    reached.append(other)
    return True
