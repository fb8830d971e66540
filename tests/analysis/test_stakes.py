from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from graph_service.analysis.stakes import Stakes, stakes
from graph_service.domain.facts import Fact, FactKind
from graph_service.projection import CsrGraph
from tests.graphs import DAY, during, holds, project
from tests.oracles import best_told
from tests.strategies import histories

RULES = {"types": {"有限": "limited", "股份": "joint_stock"}}


def firm(name: str, type_: str = "有限", capital: float | None = None) -> Fact:
    attrs = f'{{"capital":{capital},"type":"{type_}"}}' if capital is not None else f'{{"type":"{type_}"}}'
    return Fact("registry", FactKind.PROFILE, name, attrs=attrs)


def of(graph: CsrGraph, found: Stakes, company: str) -> list[tuple[str, float, bool]]:
    ids = graph.nodes.ids
    rows = found.of(graph.place(company))
    return [
        (ids[int(found.holders[r])], round(float(found.shares[r]), 12), bool(found.unknown[r])) for r in rows
    ]


def seen(facts: list[Fact], company: str = "e:1") -> tuple[list[tuple[str, float, bool]], float]:
    graph = project(facts)
    found = stakes(graph, DAY)
    return sorted(of(graph, found, company)), round(float(found.left[graph.place(company)]), 12)


def test_several_holdings_of_one_holder_are_one_stake() -> None:
    facts = [replace(holds("p:1", "e:1", share), part=str(share)) for share in (0.2, 0.3)]
    assert seen(facts) == ([("p:1", 0.5, False)], 0.0)


def test_stakes_over_the_whole_are_scaled_and_stay_as_stated() -> None:
    graph = project([holds("p:1", "e:1", 0.9), holds("p:2", "e:1", 0.6)])
    found = stakes(graph, DAY)
    assert sorted(of(graph, found, "e:1")) == [("p:1", 0.6, False), ("p:2", 0.4, False)]
    assert sorted(found.direct.tolist()) == [0.6, 0.9]
    assert found.sums[graph.place("e:1")] == 1.5


def test_a_missing_share_is_the_subscribed_part_of_the_capital() -> None:
    stake = replace(holds("p:1", "e:1"), amount=250_000.0)
    assert seen([firm("e:1", capital=1e6), stake]) == ([("p:1", 0.25, False)], 0.0)
    assert seen([firm("e:1", capital=1e5), stake, holds("p:2", "e:1", 0.4)])[0][0] == ("p:1", 0.0, True)


def test_what_is_left_belongs_to_the_unknown_stakes() -> None:
    facts = [holds("p:1", "e:1", 0.7), holds("p:2", "e:1"), holds("p:3", "e:1")]
    assert seen(facts) == ([("p:1", 0.7, False), ("p:2", 0.0, True), ("p:3", 0.0, True)], 0.3)
    assert seen([holds("p:1", "e:1", 1.0), holds("p:2", "e:1")]) == (
        [("p:1", 1.0, False), ("p:2", 0.0, False)],
        0.0,
    )


@pytest.mark.parametrize("share", [float("nan"), float("inf"), -0.2])
def test_a_share_that_is_none_is_missing(share: float) -> None:
    assert seen([holds("p:1", "e:1", share)]) == ([("p:1", 0.0, True)], 1.0)


def test_votes_are_those_stated_else_the_capital() -> None:
    graph = project([replace(holds("p:1", "e:1", 0.5), votes=0.8), holds("p:2", "e:1", 0.5)])
    found = stakes(graph, DAY)
    by_name = {graph.nodes.ids[int(h)]: float(v) for h, v in zip(found.holders, found.votes, strict=True)}
    assert by_name == pytest.approx({"p:1": 0.8 / 1.3, "p:2": 0.5 / 1.3}, abs=1e-15)


def test_only_lists_of_limited_companies_are_complete() -> None:
    from tests.graphs import RULES as PLAIN

    rules = replace(PLAIN, types=RULES["types"])
    graph = project([firm("e:1"), firm("e:2", "股份"), holds("p:1", "e:3")], rules=rules)
    assert [bool(stakes(graph, DAY).complete[graph.place(f"e:{i}")]) for i in (1, 2, 3)] == [
        True,
        False,
        False,
    ]


def test_a_stake_counts_on_its_days() -> None:
    graph = project([during(holds("p:1", "e:1", 1.0), DAY - 5, DAY)])
    assert [len(stakes(graph, day).holders) for day in (DAY - 6, DAY - 5, DAY - 1, DAY)] == [0, 1, 1, 0]


@given(histories)
def test_stakes_are_the_sums_of_the_holdings_of_the_day(facts: list[Fact]) -> None:
    told: dict[tuple[str, str], list[float | None]] = {}
    for fact in best_told(facts, DAY):
        if fact.kind is FactKind.HOLDS and fact.object:
            told.setdefault((fact.object, fact.subject), []).append(fact.share)
    graph = project(facts)
    found = stakes(graph, DAY)
    ids = graph.nodes.ids
    sums: dict[str, float] = {}
    for (company, _), shares in told.items():
        sums[company] = sums.get(company, 0.0) + sum(s for s in shares if s is not None)
    expected = {
        pair: sum(s for s in shares if s is not None) / max(1.0, sums[pair[0]])
        for pair, shares in told.items()
    }
    rows = zip(found.held, found.holders, found.shares, strict=True)
    assert {(ids[int(j)], ids[int(i)]): float(share) for j, i, share in rows} == pytest.approx(
        expected, abs=1e-12
    )
    back = found.by_holder
    assert (np.diff(found.holders[back]) >= 0).all()
    for holder in range(found.count):
        assert set(found.holders[found.of_holder(holder)].tolist()) <= {holder}
