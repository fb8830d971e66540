"""Exposure: equal to a dense solve over the facts themselves, and what each part of its definition does."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isclose, prod

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from graph_service.analysis.propagation import (
    CARRIED,
    LONGEST,
    Exposures,
    PropagationRules,
    carriers,
    exposures,
    starts_on,
)
from graph_service.domain.errors import RulesError
from graph_service.domain.facts import Fact, FactKind
from graph_service.projection import CsrGraph
from graph_service.projection.arrays import Floats, named_arrays
from graph_service.rules import load_rules
from graph_service.snapshots import propagation_rules
from tests.graphs import (
    DAY,
    cross_holding,
    during,
    exit_of,
    exposure_of,
    guarantee_ring,
    holds,
    listed,
    project,
    relation,
    shared_address,
)  # fmt: skip
from tests.oracles import best_told
from tests.strategies import histories

RULES = propagation_rules(load_rules(), 0)
REPRESENTS, MANAGES, LOCATED = FactKind.REPRESENTS, FactKind.MANAGES, FactKind.LOCATED_AT
TODAY = 20_000


def ties(facts: Sequence[Fact], hubs: set[str]) -> dict[tuple[str, str], list[float]]:
    """By step the weights of its kinds of relation: from whom, to whom; none into a hub."""
    groups: dict[tuple[str, str, FactKind], float] = {}
    for fact in best_told(facts, DAY):
        if fact.object is None or fact.object == fact.subject or fact.kind not in RULES.strengths:
            continue
        shares = fact.kind is FactKind.HOLDS and fact.share is not None
        weight = min(max(fact.share or 0, RULES.least_share), 1.0) if shares else RULES.strengths[fact.kind]
        key = (fact.subject, fact.object, fact.kind)
        old = groups.get(key, 0.0)
        groups[key] = min(old + weight, 1.0) if fact.kind is FactKind.HOLDS else max(old, weight)
    steps: dict[tuple[str, str], list[float]] = {}
    for (one, other, _), weight in groups.items():
        for u, v in ((one, other), (other, one)):
            if v not in hubs:
                steps.setdefault((u, v), []).append(weight)
    return steps


def chances(steps: Mapping[tuple[str, str], list[float]]) -> dict[tuple[str, str], list[float]]:
    """The same as chances of a step that goes on."""
    leaving: dict[str, float] = {}
    for (u, _), weights in steps.items():
        leaving[u] = leaving.get(u, 0.0) + sum(weights)
    return {(u, v): [w / max(1.0, leaving[u]) for w in weights] for (u, v), weights in steps.items()}


def dense(facts: Sequence[Fact], graph: CsrGraph) -> tuple[dict[str, float], dict[str, float]]:
    """Exposure by a dense solve, and what sets out, by id."""
    ids = graph.nodes.ids.many(np.arange(graph.node_count, dtype=np.int32))
    hubs = {ids[int(p)] for p in np.flatnonzero(graph.hubs_on(DAY))}
    matrix = np.zeros((len(ids), len(ids)))
    at = {name: n for n, name in enumerate(ids)}
    for (u, v), some in chances(ties(facts, hubs)).items():
        matrix[at[v], at[u]] = sum(some)
    starts = starts_on(graph, RULES, DAY)
    x = np.linalg.solve(np.eye(len(ids)) - RULES.onward * matrix, starts)
    values = (1 - RULES.onward) * (x - starts)
    return dict(zip(ids, values.tolist(), strict=True)), dict(zip(ids, starts.tolist(), strict=True))


@settings(deadline=None, max_examples=150)
@given(histories)
def test_exposure_equals_a_dense_solve(facts: list[Fact]) -> None:
    graph = project(facts)
    found = exposures(graph, RULES, DAY)
    expected, _ = dense(facts, graph)
    for place, value in zip(found.enterprises.tolist(), found.values.tolist(), strict=True):
        assert value == pytest.approx(expected[graph.nodes.ids[place]], abs=1e-12)
    assert float(found.error[0]) <= 1e-12 * found.starts.sum()


@settings(deadline=None, max_examples=100)
@given(histories)
def test_the_paths_that_carry_most_are_those_of_a_search_of_all(facts: list[Fact]) -> None:
    graph = project(facts)
    found = exposures(graph, RULES, DAY)
    ids = graph.nodes.ids.many(np.arange(graph.node_count, dtype=np.int32))
    hubs = {ids[int(p)] for p in np.flatnonzero(graph.hubs_on(DAY))}
    steps, (_, starts) = chances(ties(facts, hubs)), dense(facts, graph)
    plain: nx.DiGraph[str] = nx.DiGraph(list(steps))
    plain.add_nodes_from(ids)
    for place in found.enterprises.tolist():
        told = carriers(graph, found, place, DAY)
        expected = sorted(_amounts(plain, steps, starts, ids[place]), reverse=True)
        assert [c.amount for c in told] == pytest.approx(expected[:CARRIED], abs=1e-15)
        assert sum(c.amount for c in told) <= (found.of(place) or 0.0) + 1e-12
        for one in told:
            assert (one.nodes[0], len(set(one.nodes))) == (place, len(one.edges) + 1)
            assert one.nodes[-1] in found.seeds.tolist()


def _amounts(
    plain: "nx.DiGraph[str]", steps: Mapping[tuple[str, str], list[float]], starts: Mapping[str, float], end: str
) -> list[float]:  # fmt: skip
    """What each simple path from a listed entity carries; one path for each kind of relation of a step."""
    out: list[float] = []
    for seed in (s for s, r in starts.items() if r > 0 and s != end):
        for path in nx.all_simple_paths(plain, seed, end, LONGEST):
            pairs = list(itertools.pairwise(path))
            amounts = [starts[seed] * (1 - RULES.onward)]
            for pair in pairs:
                amounts = [a * RULES.onward * chance for a in amounts for chance in steps[pair]]
            out += amounts
    return out


def test_it_is_pagerank_where_every_step_leads_on() -> None:
    """Over ties of full strength a walk never loses a step: then it is PageRank with the listed ones as its start."""
    firms = [f"e:{n}" for n in range(6)]
    pairs = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 0), (0, 3)]
    facts = [relation(FactKind.BRANCH_OF, firms[a], firms[b]) for a, b in pairs]
    graph = project([*facts, listed("e:0", since=DAY), listed("e:2", since=DAY)])
    found = exposures(graph, RULES, DAY)
    plain: nx.Graph[str] = nx.Graph([(firms[a], firms[b]) for a, b in pairs])
    rank = nx.pagerank(plain, RULES.onward, {"e:0": 1, "e:2": 1}, tol=1e-14, max_iter=1000)
    for firm in firms:
        own = (1 - RULES.onward) if firm in {"e:0", "e:2"} else 0.0
        assert found.of(graph.place(firm)) == pytest.approx(2 * rank[firm] - own, abs=1e-10)


def test_a_larger_share_a_newer_record_and_a_nearer_place_carry_more() -> None:
    def of(share: float, since: int = TODAY) -> float:
        return exposure_of([holds("e:1", "e:2", share), listed("e:2", since=since)], "e:1") or 0.0

    assert of(0.9) > of(0.3) > of(0.3, TODAY - 400) > 0
    chain = [holds("e:1", "e:2", 0.9), holds("e:2", "e:3", 0.9), listed("e:3", since=TODAY)]
    assert (exposure_of(chain, "e:2") or 0) > (exposure_of(chain, "e:1") or 0) > 0


def test_half_a_life_after_the_record_it_is_half() -> None:
    facts = [holds("e:1", "e:2", 0.5)]
    now = exposure_of([*facts, listed("e:2", since=TODAY)], "e:1") or 0.0
    then = exposure_of([*facts, listed("e:2", since=TODAY - round(RULES.half_life_days))], "e:1")
    assert then == pytest.approx(now / 2, abs=1e-4)


def test_persons_are_passed_through_and_have_no_value() -> None:
    facts = [relation(REPRESENTS, "p:1", "e:1"), relation(MANAGES, "p:1", "e:2"), listed("e:2")]
    graph = project(facts)
    found = exposures(graph, RULES, DAY)
    assert found.of(graph.place("p:1")) is None
    assert (found.of(graph.place("e:1")) or 0) > 0
    assert len(found.values) == 2
    sized = {name for name, array in named_arrays(found) if len(array) == graph.node_count}
    assert sized == {"scales"}, "of persons nothing is kept but the sum of their ties"


def test_nothing_goes_through_a_neutral_hub_and_a_listed_hub_still_sets_out() -> None:
    assert exposure_of(shared_address(), "e:s1") == 0.0
    assert (exposure_of(shared_address(3), "e:s1") or 0) > 0
    crowd = [holds("p:1", f"e:{n}", 0.5) for n in range(7)]
    assert (exposure_of([*crowd, listed("p:1")], "e:1") or 0) > 0
    assert exposure_of([*crowd, listed("e:0")], "e:1") == 0.0


@pytest.mark.parametrize("event", ["repaired", "revoked", "suspended", "objected"])
def test_what_happened_to_the_record_takes_the_exposure_away(event: str) -> None:
    record = listed("e:x")
    assert (exposure_of([*cross_holding(), record], "e:y") or 0) > 0
    assert exposure_of([*cross_holding(), record, exit_of(record, event, DAY - 3)], "e:y") == 0.0


def test_only_relations_of_the_day_carry() -> None:
    facts = [during(holds("e:1", "e:2", 0.5), None, DAY), listed("e:2")]
    assert exposure_of(facts, "e:1") == 0.0


def test_what_sets_out_from_a_firm_is_not_counted_there_unless_it_comes_back() -> None:
    facts = [holds("p:1", "e:1", 0.8), listed("e:1", since=TODAY)]
    back = (0.5 * 0.8) ** 2
    assert exposure_of(facts, "e:1") == pytest.approx(0.5 * back / (1 - back), abs=1e-6)
    assert exposure_of([listed("e:1"), relation(LOCATED, "e:2", "a:1")], "e:1") == 0.0


def test_several_posts_count_as_one_and_several_holdings_by_their_sum() -> None:
    def posts(*roles: str) -> list[Fact]:
        return [replace(relation(MANAGES, "e:1", "e:2"), role=role) for role in roles]

    record = listed("e:2")
    assert exposure_of([*posts("a"), record], "e:1") == exposure_of([*posts("a", "b"), record], "e:1")
    parts = [replace(holds("e:1", "e:2", s), part=str(s)) for s in (0.1, 0.2)]
    assert exposure_of([*parts, record], "e:1") == exposure_of(
        [holds("e:1", "e:2", 0.1 + 0.2), record], "e:1"
    )


@settings(deadline=None, max_examples=40)
@given(histories)
def test_a_sum_of_lists_is_the_sum_of_exposures_and_order_changes_nothing(facts: list[Fact]) -> None:
    """Linear in what sets out: each list on its own adds up; the order of facts is of no account."""
    graph = project(facts)
    whole = exposures(graph, RULES, DAY)
    again = exposures(project(list(reversed(facts))), RULES, DAY)
    assert np.array_equal(whole.values, again.values)
    total = np.zeros(len(whole.values))
    for seed, start in zip(whole.seeds.tolist(), whole.starts.tolist(), strict=True):
        one = _only(graph, seed, start)
        total += one
    assert np.allclose(total, whole.values, atol=1e-11)


def _only(graph: CsrGraph, seed: int, start: float) -> Floats:
    """Exposure to one listed entity, by the walk's own rounds."""
    records = graph.records
    nodes = np.repeat(np.arange(graph.node_count), np.diff(records.starts))
    alone = replace(graph, records=replace(records, listed=records.listed & (nodes == seed)))
    found = exposures(alone, RULES, DAY)
    assert isclose(float(found.starts.sum()), start)
    return found.values


def test_a_ring_of_guarantees_exposes_its_members_by_their_distance() -> None:
    ring = [*guarantee_ring(6), listed("e:g0")]
    values = [exposure_of(ring, f"e:g{n}") or 0.0 for n in range(6)]
    assert values[1] == values[5] > values[2] == values[4] > values[3] > 0


def test_parallel_rows_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = project([*guarantee_ring(9), *cross_holding(), listed("e:g2"), listed("e:x")])
    two = exposures(graph, RULES, DAY)
    monkeypatch.setattr("graph_service.analysis.propagation.THREADS", 1)
    one = exposures(graph, RULES, DAY)
    assert np.array_equal(one.values, two.values)


def test_without_anybody_listed_all_are_zero_at_once() -> None:
    graph = project(cross_holding())
    found: Exposures = exposures(graph, RULES, DAY)
    assert found.values.tolist() == [0.0] * len(found.enterprises)
    assert found.rounds.tolist() == [0]
    assert carriers(graph, found, graph.place("e:x"), DAY) == []


@pytest.mark.parametrize(("code", "value"), [("propagation_onward", 1.0), ("propagation_half_life", 0.0)])
def test_rules_under_which_the_walk_never_ends_are_refused(code: str, value: float) -> None:
    rules = load_rules()
    changed = tuple(replace(t, value=value) if t.code == code else t for t in rules.thresholds)
    with pytest.raises(RulesError, match="below 1"):
        propagation_rules(replace(rules, thresholds=changed), DAY)


def test_a_path_names_its_relations_from_the_enterprise_back_to_the_listed_one() -> None:
    facts = [relation(REPRESENTS, "p:1", "e:1"), holds("p:1", "e:2", 0.6), listed("e:2", since=DAY)]
    graph = project(facts)
    found = exposures(graph, PropagationRules(RULES.strengths, 0.01, 0.5, 1000.0), DAY)
    (one,) = carriers(graph, found, graph.place("e:1"), DAY)
    assert graph.nodes.ids.many(np.array(one.nodes)) == ["e:1", "p:1", "e:2"]
    assert [int(graph.edges.kinds[e]) for e in one.edges] == [int(REPRESENTS), int(FactKind.HOLDS)]
    assert one.amount == pytest.approx(0.5 * prod([0.5 * 0.6, 0.5 / 1.6]))
