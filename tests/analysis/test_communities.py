import networkx as nx
import numpy as np
from hypothesis import given, settings

from graph_service.analysis.communities import communities
from graph_service.domain.facts import Fact, FactKind
from graph_service.projection import MISSING
from tests.graphs import DAY, guarantee_ring, project, pyramid, relation, shared_address
from tests.oracles import graph_on
from tests.strategies import histories


def cliques(size: int, number: int) -> list[Fact]:
    """Firms of which all guarantee all others, in parts that one guarantee joins to the next."""
    inside = [
        relation(FactKind.GUARANTEES, f"e:{c}.{i}", f"e:{c}.{j}")
        for c in range(number) for i in range(size) for j in range(i)
    ]  # fmt: skip
    return [*inside, *(relation(FactKind.GUARANTEES, f"e:{c}.0", f"e:{c + 1}.1") for c in range(number - 1))]


def test_parts_that_are_not_joined_are_apart() -> None:
    graph = project([*guarantee_ring(), *pyramid()])
    found = communities(graph, DAY)
    assert found.sizes.tolist() == [5, 4]
    assert {graph.nodes.ids[int(n)] for n in found.of(1)} == {f"e:g{n}" for n in range(4)}


def test_close_parts_of_a_large_one_are_told_apart_and_always_in_the_same_way() -> None:
    graph = project(cliques(12, 6))
    found = communities(graph, DAY)
    assert found.sizes.tolist() == [12] * 6
    names = [{graph.nodes.ids[int(n)].partition(".")[0] for n in found.of(c)} for c in range(6)]
    assert all(len(name) == 1 for name in names)
    assert communities(graph, DAY).numbers.tolist() == found.numbers.tolist()


def test_a_neutral_hub_joins_nobody() -> None:
    graph = project(shared_address())
    assert (communities(graph, DAY).numbers == MISSING).all()


@settings(deadline=None, max_examples=40)
@given(histories)
def test_small_parts_are_the_connected_ones(facts: list[Fact]) -> None:
    graph = project(facts)
    hubs = {graph.nodes.ids[int(n)] for n in np.flatnonzero(graph.hubs_on(DAY))}
    plain = graph_on(facts, DAY)
    plain.remove_nodes_from(hubs)
    plain.remove_edges_from(list(nx.selfloop_edges(plain)))
    expected = {frozenset(part) for part in nx.connected_components(plain) if len(part) > 1}
    found = communities(graph, DAY)
    told = {frozenset(graph.nodes.ids[int(n)] for n in found.of(c)) for c in range(len(found.sizes))}
    assert told == expected
