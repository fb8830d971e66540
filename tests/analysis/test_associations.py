from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from graph_service.analysis.associations import Associations
from graph_service.analysis.associations import nearest_listed as associations
from graph_service.domain.facts import Fact, FactKind
from graph_service.projection import CsrGraph
from graph_service.projection.arrays import named_arrays
from graph_service.rules import load_rules
from graph_service.snapshots import association_rules
from tests.graphs import (
    DAY,
    cross_holding,
    during,
    exit_of,
    guarantee_ring,
    holds,
    listed,
    project,
    pyramid,
    relation,
    shared_address,
)  # fmt: skip
from tests.oracles import graph_on, nearest_listed, strength
from tests.strategies import histories

RULES = association_rules(load_rules(), 0)
Told = list[tuple[str, int, float]]


def told(graph: CsrGraph, found: Associations, enterprise: str) -> Told:
    rows = found.findings_of(graph.place(enterprise))
    return [
        (graph.nodes.ids[int(found.targets[r])], int(found.hops[r]), round(float(found.strengths[r]), 9))
        for r in rows
    ]


def around(facts: list[Fact], enterprise: str) -> Told:
    graph = project(facts)
    return told(graph, associations(graph, RULES, DAY), enterprise)


def test_the_nearest_comes_first_then_the_strongest() -> None:
    facts = [*pyramid(), listed("e:d"), listed("p:boss")]
    assert around(facts, "e:a") == [("p:boss", 1, 1.0), ("e:d", 2, 0.3)]
    assert around(facts, "e:c") == [("e:d", 1, 0.4), ("p:boss", 2, 0.5)]


def test_the_stronger_of_two_shortest_paths_is_told() -> None:
    graph = project([*pyramid(), listed("e:d")])
    found = associations(graph, RULES, DAY)
    row = found.findings_of(graph.place("e:a"))[0]
    assert graph.nodes.ids.many(found.path_nodes[row][:2]) == ["e:b", "e:d"]
    ends = [(graph.edges.subjects[e], graph.edges.objects[e]) for e in found.path_edges[row][:2]]
    assert [graph.nodes.ids.many(pair) for pair in ends] == [["e:a", "e:b"], ["e:b", "e:d"]]


def test_a_listed_firm_is_not_associated_with_itself() -> None:
    assert around([*cross_holding(), listed("e:x")], "e:x") == []
    assert around([*cross_holding(), listed("e:x")], "e:y") == [("e:x", 1, 0.4)]


def test_persons_are_passed_through_and_not_scored() -> None:
    facts = [
        relation(FactKind.REPRESENTS, "p:1", "e:1"),
        relation(FactKind.MANAGES, "p:1", "e:2"),
        listed("e:2"),
    ]
    graph = project(facts)
    found = associations(graph, RULES, DAY)
    assert told(graph, found, "e:1") == [("e:2", 2, 0.5)]
    assert graph.place("p:1") not in found.enterprises


def test_a_hub_is_not_crossed_and_named() -> None:
    graph = project(shared_address())
    found = associations(graph, RULES, DAY)
    assert told(graph, found, "e:s1") == []
    assert graph.nodes.ids.many(found.hubs_of(graph.place("e:s1"))) == ["a:yard"]
    three = project(shared_address(3))
    assert told(three, associations(three, RULES, DAY), "e:s1") == [("e:s0", 2, 0.09)]


def test_a_listed_hub_is_reached_and_not_crossed() -> None:
    facts = [holds("p:1", f"e:{i}", 0.5) for i in range(7)]
    graph = project([*facts, listed("p:1"), listed("e:0")])
    assert told(graph, associations(graph, RULES, DAY), "e:1") == [("p:1", 1, 0.5)]


def test_only_relations_of_the_day_count() -> None:
    past = during(holds("p:1", "e:1", 0.5), None, DAY)
    facts = [past, holds("p:1", "e:2", 0.5), listed("e:2")]
    graph = project(facts)
    assert told(graph, associations(graph, RULES, DAY), "e:1") == []
    assert told(graph, associations(graph, RULES, DAY - 1), "e:1") == [("e:2", 2, 0.25)]


@pytest.mark.parametrize(
    ("event", "paused"), [("repaired", 0), ("revoked", 0), ("suspended", 0), ("objected", 1)]
)
def test_what_happened_to_the_record_takes_the_finding_away(event: str, paused: int) -> None:
    record = listed("e:x")
    graph = project([*cross_holding(), record, exit_of(record, event, DAY - 3)])
    found = associations(graph, RULES, DAY)
    assert told(graph, found, "e:y") == []
    assert found.paused[found.row_of(graph.place("e:y"))] == paused


def test_the_best_are_kept_and_all_are_counted() -> None:
    star = [holds("e:top", f"e:{i}", (i + 1) / 10) for i in range(8)]
    graph = project([*star, *[listed(f"e:{i}") for i in range(8)]])
    found = associations(graph, RULES, DAY)
    assert [name for name, *_ in told(graph, found, "e:top")] == ["e:7", "e:6", "e:5", "e:4", "e:3"]
    assert found.found[found.row_of(graph.place("e:top"))] == 8


def test_a_limit_is_said_with_its_step() -> None:
    star = [holds("e:top", f"e:{i}", 0.5) for i in range(30)]
    graph = project([*star, *[listed(f"e:{i}") for i in range(30)]])
    found = associations(graph, replace(RULES, limit=10), DAY)
    assert found.cut[found.row_of(graph.place("e:top"))] == 1


def test_one_enterprise_is_answered_as_among_all() -> None:
    graph = project([*guarantee_ring(), *pyramid(), listed("e:g2"), listed("e:d")])
    everyone = associations(graph, RULES, DAY)
    for place in graph.of_kind("enterprise"):
        alone = associations(graph, RULES, DAY, np.array([place], np.int32))
        entity = graph.nodes.ids[int(place)]
        assert told(graph, alone, entity) == told(graph, everyone, entity)


@given(histories)
def test_findings_are_those_of_all_paths_tried(facts: list[Fact]) -> None:
    graph, truth = project(facts), graph_on(facts, DAY)
    seeds = {graph.nodes.ids[int(i)] for i in np.flatnonzero(graph.seeds_on(DAY))}
    hubs = {graph.nodes.ids[int(i)] for i in np.flatnonzero(graph.hubs_on(DAY))}
    found = associations(graph, RULES, DAY)
    for place in graph.of_kind("enterprise"):
        entity = graph.nodes.ids[int(place)]
        expected = nearest_listed(truth, entity, seeds - {entity}, hubs, RULES)
        mine = told(graph, found, entity)
        assert sorted((h, s) for _, h, s in mine) == sorted(
            (n.hops, round(-n.weakness, 9)) for n in expected[:5]
        )
        assert {t for t, *_ in mine} <= {n.target for n in expected}
        assert found.found[found.row_of(int(place))] == len(expected)


@given(histories)
def test_every_path_is_made_of_relations_that_hold_and_yields_its_strength(facts: list[Fact]) -> None:
    graph = project(facts)
    found, held = associations(graph, RULES, DAY), graph.edges_on(DAY)
    starts = found.enterprise_of_finding()
    for row in range(len(found.targets)):
        node, product = int(starts[row]), 1.0
        for step in range(int(found.hops[row])):
            edge, following = int(found.path_edges[row, step]), int(found.path_nodes[row, step])
            ends = {int(graph.edges.subjects[edge]), int(graph.edges.objects[edge])}
            share = float(graph.edges.shares[edge])
            kind = FactKind(int(graph.edges.kinds[edge]))
            fact = Fact("", kind, "", share=None if np.isnan(share) else share)
            product *= strength(fact, RULES)
            assert held[edge]
            assert ends == {node, following}
            node = following
        assert node == found.targets[row]
        assert product == pytest.approx(float(found.strengths[row]), abs=1e-12)


def test_chunks_are_joined_without_a_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = project([*guarantee_ring(9), *pyramid(), *shared_address(), listed("e:g2"), listed("e:d")])
    whole = associations(graph, RULES, DAY)
    monkeypatch.setattr("graph_service.analysis.associations.CHUNK", 2)
    for (name, one), (_, other) in zip(
        named_arrays(whole), named_arrays(associations(graph, RULES, DAY)), strict=True
    ):
        assert np.array_equal(one, other), name
