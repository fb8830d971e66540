from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.analysis.paths import Mode, PathRules, Paths, paths
from graph_service.domain.facts import Fact, FactKind
from graph_service.projection import CsrGraph
from tests.graphs import DAY, during, guarantee_ring, holds, project, pyramid, relation, shared_address
from tests.oracles import best_told
from tests.strategies import EVERYONE, histories

STRENGTHS = {kind: 0.5 for kind in FactKind if FactKind.HOLDS <= kind <= FactKind.PLEDGES}


def between(
    graph: CsrGraph, one: list[str], other: list[str], mode: Mode = "shortest", **more: object
) -> Paths:
    sources, targets = (np.array([graph.place(e) for e in some], np.int32) for some in (one, other))
    return paths(graph, (sources, targets), PathRules(mode, STRENGTHS, **more), DAY)  # type: ignore[arg-type]


def named(graph: CsrGraph, found: Paths) -> list[list[str]]:
    return [[graph.nodes.ids[n] for n in path.nodes] for path in found.paths]


def test_all_of_the_least_length_are_told_the_strongest_first() -> None:
    graph = project(pyramid())
    found = between(graph, ["p:boss"], ["e:d"])
    assert named(graph, found) == [["p:boss", "e:a", "e:b", "e:d"], ["p:boss", "e:a", "e:c", "e:d"]]
    assert [round(p.strength, 9) for p in found.paths] == [0.3, 0.2]
    assert found.cut is None


def test_a_filter_by_kind_day_or_share_takes_steps_away() -> None:
    facts = [
        *pyramid(),
        relation(FactKind.MANAGES, "p:boss", "e:d"),
        during(holds("p:boss", "e:d", 0.1), None, DAY),
    ]
    graph = project(facts)
    assert named(graph, between(graph, ["p:boss"], ["e:d"])) == [["p:boss", "e:d"]]
    boss, last = (np.array([graph.place(e)], np.int32) for e in ("p:boss", "e:d"))
    only = paths(graph, (boss, last), PathRules("shortest", {FactKind.HOLDS: 0.5}), DAY)
    assert len(only.paths) == 2
    assert len(between(graph, ["e:a"], ["e:d"], "all", least_share=0.55).paths) == 1


def test_unconnected_entities_have_no_path_and_nothing_is_cut() -> None:
    graph = project([*pyramid(), *guarantee_ring()])
    for mode in ("shortest", "strongest", "all"):
        found = between(graph, ["e:a"], ["e:g0"], mode)
        assert (found.paths, found.cut) == ((), None)


def test_a_neutral_hub_is_an_end_but_no_way_unless_asked() -> None:
    graph = project(shared_address())
    found = between(graph, ["e:s0"], ["e:s1"])
    assert found.paths == ()
    assert graph.nodes.ids.many(found.hubs) == ["a:yard"]
    assert named(graph, between(graph, ["e:s0"], ["a:yard"])) == [["e:s0", "a:yard"]]
    assert named(graph, between(graph, ["e:s0"], ["e:s1"], through_hubs=True)) == [["e:s0", "a:yard", "e:s1"]]


def test_between_sets_every_pair_counts() -> None:
    graph = project(guarantee_ring(6))
    found = between(graph, ["e:g0", "e:g3"], ["e:g1", "e:g4"])
    assert sorted(map(tuple, named(graph, found))) == [("e:g0", "e:g1"), ("e:g3", "e:g4")]


def test_a_limit_of_paths_is_said() -> None:
    graph = project(
        [holds("p:1", f"e:{n}", 0.5) for n in range(5)] + [holds(f"e:{n}", "e:z", 0.1) for n in range(5)]
    )
    found = between(graph, ["p:1"], ["e:z"], limit=3)
    assert (len(found.paths), found.cut) == (3, "paths")


def test_beside_a_crowd_the_search_stops_and_says_so() -> None:
    crowd = [relation(FactKind.MANAGES, f"p:{n}", "e:crowd") for n in range(3_000)]
    graph = project([*crowd, holds("e:other", "e:far", 1.0)])
    found = between(graph, ["e:crowd"], ["e:far"], visited=1_000)
    assert (found.paths, found.cut) == ((), "visited")
    assert between(graph, ["e:crowd"], ["p:7"], through_hubs=True).paths != ()


def oracle(facts: list[Fact]) -> "nx.Graph[str]":
    """One edge between two, of the strongest relation."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(e for f in facts for e in (f.subject, f.object) if e)
    for fact in best_told(facts, DAY):
        if fact.object and fact.object != fact.subject:
            value = (
                0.5
                if fact.kind is not FactKind.HOLDS or fact.share is None
                else min(max(fact.share, 0.01), 1.0)
            )
            known = graph.get_edge_data(fact.subject, fact.object, {}).get("value", 0.0)
            graph.add_edge(fact.subject, fact.object, value=max(value, known))
    return graph


@settings(deadline=None, max_examples=60)
@given(histories, st.sampled_from(EVERYONE), st.sampled_from(EVERYONE), st.integers(1, 5))
def test_paths_are_those_of_a_plain_search(facts: list[Fact], one: str, other: str, length: int) -> None:
    plain = oracle(facts)
    if one not in plain or other not in plain or one == other:
        return
    graph = project(facts)
    everything: dict[str, Any] = {
        "limit": 100_000,
        "steps": 1_000_000,
        "through_hubs": True,
        "length": length,
    }
    simple = {tuple(p) for p in nx.all_simple_paths(plain, one, other, cutoff=length)}
    assert {tuple(p) for p in named(graph, between(graph, [one], [other], "all", **everything))} == simple
    shortest = {p for p in simple if len(p) == min(map(len, simple))}
    assert {tuple(p) for p in named(graph, between(graph, [one], [other], **everything))} == shortest
    strengths = sorted(
        (np.prod([plain.edges[e]["value"] for e in pairwise(p)]) for p in simple), reverse=True
    )
    best = between(graph, [one], [other], "strongest", **{**everything, "limit": 4})
    assert [p.strength for p in best.paths] == pytest.approx(strengths[:4], abs=1e-12)
