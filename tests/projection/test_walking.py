import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graph_service.domain.facts import Fact, FactKind
from graph_service.projection.walking import Walk, neighbourhood
from tests.graphs import DAY, cross_holding, guarantee_ring, holds, project, pyramid, relation, shared_address
from tests.oracles import graph_on, within
from tests.strategies import histories


@given(histories, st.integers(1, 4), st.booleans())
def test_nodes_and_hops_are_those_of_a_plain_search(facts: list[Fact], hops: int, through: bool) -> None:
    graph, truth = project(facts), graph_on(facts, DAY)
    hubs = {graph.nodes.ids[int(i)] for i in np.flatnonzero(graph.hubs_on(DAY))}
    for start in truth:
        found = neighbourhood(graph, graph.place(start), Walk(hops, DAY, through_hubs=through))
        told = dict(zip(graph.nodes.ids.many(found.nodes), found.hops.tolist(), strict=True))
        assert told == within(truth, start, hops, set() if through else hubs)
        assert not found.truncated


def test_a_limit_is_kept_and_said() -> None:
    star = [holds("p:1", f"e:{i}") for i in range(30)]
    graph = project([*star, holds("e:0", "e:far")])
    found = neighbourhood(graph, graph.place("e:0"), Walk(3, DAY, limit=10, through_hubs=True))
    assert (len(found.nodes), found.truncated, found.cut_at) == (11, True, 2)
    assert found.beyond == 21


def test_a_hub_is_shown_and_not_crossed() -> None:
    graph = project(shared_address())
    found = neighbourhood(graph, graph.place("e:s1"), Walk(3, DAY))
    assert graph.nodes.ids.many(found.nodes) == ["e:s1", "a:yard"]
    assert graph.nodes.ids.many(found.hubs) == ["a:yard"]


def test_only_the_kinds_asked_for_are_walked() -> None:
    graph = project([*guarantee_ring(), relation(FactKind.REPRESENTS, "p:1", "e:g0")])
    found = neighbourhood(graph, graph.place("e:g0"), Walk(1, DAY, kinds=(FactKind.GUARANTEES,)))
    assert set(graph.nodes.ids.many(found.nodes)) == {"e:g0", "e:g1", "e:g3"}


def test_all_relations_among_the_nodes_are_told() -> None:
    graph = project([*pyramid(), *cross_holding()])
    assert len(neighbourhood(graph, graph.place("e:d"), Walk(2, DAY)).edges) == 4
    assert len(neighbourhood(graph, graph.place("e:x"), Walk(1, DAY)).edges) == 3
