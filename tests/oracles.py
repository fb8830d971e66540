"""Slow truths: what the compiled kernels must find, written for reading, over networkx."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import networkx as nx

from graph_service.analysis.associations import AssociationRules
from graph_service.domain.facts import RELATIONS, Fact, FactKind


@dataclass(frozen=True, order=True)
class Nearest:
    """A listed entity near another."""

    hops: int
    weakness: float  # minus the strength, so that order is that of the findings
    target: str


def best_told(facts: Sequence[Fact], day: int) -> list[Fact]:
    """The relations of a day, each by its first source in the order of names; all of that source's."""
    best: dict[tuple[object, ...], list[Fact]] = {}
    for fact in sorted(
        (f for f in facts if f.kind in RELATIONS and f.is_valid_on(day)), key=lambda f: f.source
    ):
        mine = best.setdefault((fact.subject, fact.object, fact.kind, fact.role), [])
        if not mine or mine[0].source == fact.source:
            mine.append(fact)
    return [fact for some in best.values() for fact in some]


def graph_on(facts: Sequence[Fact], day: int) -> "nx.MultiGraph[str]":
    """The relations that hold on a day, undirected; `identity` is not applied."""
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    graph.add_nodes_from(e for f in facts for e in (f.subject, f.object) if e)
    for fact in best_told(facts, day):
        if fact.object:
            graph.add_edge(fact.subject, fact.object, fact=fact)
    return graph


def strength(fact: Fact, rules: AssociationRules) -> float:
    """Of one relation."""
    if fact.kind is FactKind.HOLDS and fact.share is not None:
        return min(max(fact.share, rules.least_share), 1.0)
    return rules.strengths[fact.kind]


def nearest_listed(
    graph: "nx.MultiGraph[str]", start: str, seeds: set[str], hubs: set[str], rules: AssociationRules
) -> list[Nearest]:
    """All listed entities within reach of `start`, by every path: shortest, then strongest."""
    best: dict[str, Nearest] = {}
    for nodes, value in _paths(graph, start, hubs, rules):
        target = nodes[-1]
        if target in seeds:
            found = Nearest(len(nodes) - 1, -value, target)
            best[target] = min(found, best.get(target, found))
    return sorted(best.values())


def _paths(
    graph: "nx.MultiGraph[str]", start: str, hubs: set[str], rules: AssociationRules
) -> Iterator[tuple[tuple[str, ...], float]]:
    """Simple paths up to the most hops that cross no hub, with the strength of each."""
    todo: list[tuple[tuple[str, ...], float]] = [((start,), 1.0)]
    while todo:
        nodes, value = todo.pop()
        last = nodes[-1]
        if len(nodes) > 1:
            yield nodes, value
        if len(nodes) > rules.hops or (last in hubs and last != start):
            continue
        leaving: list[tuple[str, str, Fact]] = list(graph.edges(last, data="fact"))
        for _, other, fact in leaving:
            if other not in nodes and fact.kind in rules.strengths:
                todo.append(((*nodes, other), value * strength(fact, rules)))


def within(graph: "nx.MultiGraph[str]", start: str, hops: int, hubs: set[str]) -> dict[str, int]:
    """Hops to every node within reach, hubs shown but not crossed."""
    seen = {start: 0}
    for step in range(1, hops + 1):
        edge = [n for n, at in seen.items() if at == step - 1 and (n == start or n not in hubs)]
        for node in edge:
            for other in graph.neighbors(node):
                seen.setdefault(other, step)
    return seen
