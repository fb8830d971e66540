import networkx as nx
from hypothesis import given, settings

from graph_service.analysis.control import Control, control
from graph_service.analysis.groups import Groups, groups
from graph_service.analysis.stakes import stakes
from graph_service.domain.facts import Fact
from graph_service.projection import CsrGraph
from tests import control_oracle as oracle
from tests.analysis.test_control_fixpoint import CONCERT_FACTS, TYPED, complete, worlds
from tests.graphs import DAY, holds, project, pyramid


def found(facts: list[Fact]) -> tuple[CsrGraph, Control, Groups]:
    graph = project(facts, rules=TYPED)
    held = control(graph, stakes(graph, DAY), DAY)
    return graph, held, groups(graph, held, DAY)


def trees(facts: list[Fact]) -> dict[str, dict[str, str | None]]:
    """By group its members, each with its parent."""
    graph, held, result = found(facts)
    ids = graph.nodes.ids
    out: dict[str, dict[str, str | None]] = {}
    for name, member, row in zip(result.groups, result.members, result.rows, strict=True):
        out.setdefault(ids[int(name)], {})[ids[int(member)]] = ids[int(held.via[row])] if row >= 0 else None
    return out


def test_a_group_is_a_tree_under_the_one_whom_nobody_controls() -> None:
    facts = [*pyramid(), holds("p:boss", "e:b", 0.2), holds("e:d", "e:f", 0.8)]
    assert trees(facts) == {
        "p:boss": {"p:boss": None, "e:a": "p:boss", "e:b": "e:a", "e:d": "e:b", "e:f": "e:d"}
    }


def test_one_under_several_is_a_member_of_each_group_and_marked() -> None:
    graph, _, result = found([*CONCERT_FACTS, holds("p:1", "e:own", 1.0)])
    both = result.of_member(graph.place("e:1"))
    assert {graph.nodes.ids[int(g)] for g in result.groups[both]} == {"p:1", "p:2"}
    assert result.shared[both].all()
    assert not result.shared[result.of_member(graph.place("e:own"))].any()
    assert sorted(set(result.sizes.tolist())) == [1, 2]


def test_firms_that_control_each_other_head_one_group_together() -> None:
    ring = [holds("e:x", "e:y", 0.6), holds("e:y", "e:x", 0.7), holds("e:y", "e:z", 0.9)]
    ((name, members),) = trees(ring).items()
    assert name in {"e:x", "e:y"}
    assert members == {"e:x": None, "e:y": None, "e:z": "e:y"}


def test_a_neutral_hub_heads_no_group() -> None:
    facts = [holds("o:state", "e:city", 1.0), holds("e:city", "e:1", 0.9), holds("o:state", "e:other", 1.0)]
    assert trees(facts) == {"e:city": {"e:city": None, "e:1": "e:city"}}


@settings(max_examples=60)
@given(worlds())
def test_groups_are_the_source_components_with_all_that_they_control(facts: list[Fact]) -> None:
    sure = oracle.relation(oracle.world_of(facts, complete(facts)), upper=False)
    graph: nx.DiGraph[str] = nx.DiGraph(list(sure))
    parts = nx.condensation(graph) if graph else nx.DiGraph()
    sources = [frozenset(parts.nodes[n]["members"]) for n in parts if parts.in_degree(n) == 0]
    expected = {s: s | {c for p, c in sure if p in s} for s in sources}
    told = trees(facts)
    assert {
        frozenset(m for m, via in tree.items() if via is None): set(tree) for tree in told.values()
    } == expected
    for tree in told.values():
        for member in tree:
            step, walked = member, 0
            while tree[step] is not None and walked <= len(tree):
                step, walked = str(tree[step]), walked + 1
            assert tree[step] is None
