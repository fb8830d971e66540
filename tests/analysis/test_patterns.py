"""Patterns: each kind where it shows, and right beside where it must not."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.patterns import Count, judged
from graph_service.analysis.patterns import KINDS
from graph_service.domain.facts import Fact, FactKind
from tests.graphs import (
    DAY,
    during,
    exit_of,
    guarantee_ring,
    holds,
    listed,
    patterns_in,
    paused_in,
    relation,
)
from tests.strategies import histories

LOCATED, REACHED, MANAGES, REPRESENTS = (
    FactKind.LOCATED_AT, FactKind.REACHED_AT, FactKind.MANAGES, FactKind.REPRESENTS,
)  # fmt: skip
GUARANTEES = FactKind.GUARANTEES


def firm(name: str, **attrs: object) -> Fact:
    text = ",".join(f'"{k}":"{v}"' if isinstance(v, str) else f'"{k}":{v}' for k, v in sorted(attrs.items()))
    return Fact("registry", FactKind.PROFILE, name, attrs="{" + text + "}")


def kinds(facts: Sequence[Fact], day: int = DAY) -> list[str]:
    return [kind for kind, _ in patterns_in(facts, day)]


def test_a_ring_of_holdings_is_a_cross_holding_and_a_chain_is_none() -> None:
    ring = [holds("e:1", "e:2", 0.3), holds("e:2", "e:3", 0.2), holds("e:3", "e:1", 0.1)]
    assert [(kind, sorted(members)) for kind, members in patterns_in(ring)] == [
        ("cross_holding", ["e:1", "e:2", "e:3"])
    ]
    assert kinds(ring[:2]) == []
    assert kinds([*ring[:2], during(ring[2], None, DAY)]) == []
    assert kinds([holds("e:1", "e:1", 0.2)]) == []


def test_a_ring_that_came_about_within_weeks_in_equal_shares_is_capital_that_goes_round() -> None:
    def ring(*days: int, share: float = 0.4) -> list[Fact]:
        shares = (0.4, 0.4, share)
        return [
            during(holds(f"e:{n}", f"e:{(n + 1) % 3}", shares[n]), day, None) for n, day in enumerate(days)
        ]

    assert kinds(ring(DAY - 20, DAY - 14, DAY - 8)) == ["capital_round"]
    assert kinds(ring(DAY - 200, DAY - 14, DAY - 8)) == ["cross_holding"]
    assert kinds(ring(DAY - 20, DAY - 14, DAY - 8, share=0.1)) == ["cross_holding"]


def test_guarantees_in_a_ring_mutual_and_joint() -> None:
    assert kinds(guarantee_ring(3)) == ["guarantee_ring"]
    assert kinds(guarantee_ring(2)) == ["mutual_guarantee"]
    joint = [during(relation(GUARANTEES, f"e:{n}", "e:z"), DAY - 5, None) for n in range(3)]
    assert patterns_in(joint) == [
        ("joint_guarantee", ["e:z", *sorted((f"e:{n}" for n in range(3)), key=_place)])
    ]
    assert kinds(joint[:2]) == []
    assert kinds([*joint[:2], during(joint[2], DAY - 4, None)]) == []


def _place(entity: str) -> int:
    from graph_service.domain.entities import node_number

    return node_number(entity)


def reborn_facts(founded: str = "2024-07-20") -> list[Fact]:
    staff = [relation(MANAGES, f"p:{n}", f"e:{side}") for n in range(2) for side in ("old", "new")]
    return [
        firm("e:new", founded=founded, industry="F51"), firm("e:old", founded="2015-01-01", industry="F52"), *staff,
        relation(LOCATED, "e:new", "a:1"), relation(LOCATED, "e:old", "a:1"), relation(REACHED, "e:new", "c:1"),
        relation(REACHED, "e:old", "c:1"), listed("e:old", since=DAY - 100),
    ]  # fmt: skip


def test_a_successor_has_people_address_contact_and_trade_and_comes_after() -> None:
    facts = reborn_facts()
    assert patterns_in(facts) == [("reborn", ["e:old", "e:new"])]
    assert kinds(reborn_facts("2024-06-01")) == []
    for drop in (LOCATED, REACHED, MANAGES):
        assert kinds([f for f in facts if f.kind is not drop]) == []
    assert kinds([f for f in facts if f.subject != "p:1"]) == []
    unlike = firm("e:new", founded="2024-07-20", industry="A01")
    other = [unlike if f.kind is FactKind.PROFILE and f.subject == "e:new" else f for f in facts]
    assert kinds(other) == []


@pytest.mark.parametrize("event", ["repaired", "revoked", "suspended", "objected"])
def test_a_list_that_ended_or_is_objected_to_anchors_nothing(event: str) -> None:
    facts = reborn_facts()
    assert kinds([*facts, exit_of(facts[-1], event, DAY - 3)]) == []


def test_the_number_of_what_an_objection_pauses_is_kept() -> None:
    facts = reborn_facts()
    objected = [*facts, exit_of(facts[-1], "objected", DAY - 3)]
    assert paused_in(facts) == []
    assert paused_in(objected) == ["reborn"]
    assert paused_in([*objected, exit_of(facts[-1], "repaired", DAY - 2)]) == []
    assert paused_in([*objected, exit_of(facts[-1], "objection_ended", DAY - 2)]) == []


def shells(number: int = 5, gap: int = 3, paid: float = 0.0) -> list[Fact]:
    out: list[Fact] = []
    for n in range(number):
        day = f"2024-{1 + (n * gap) // 28:02d}-{1 + (n * gap) % 28:02d}"
        out += [
            firm(f"e:{n}", founded=day, paid_in=paid), relation(LOCATED, f"e:{n}", "a:1"),
            relation(REACHED, f"e:{n}", "c:1"), relation(REPRESENTS, f"p:{n % 2}", f"e:{n}"),
        ]  # fmt: skip
    return out


def test_a_cluster_is_founded_within_weeks_by_few_and_nothing_is_paid_in() -> None:
    from graph_service.analysis.patterns import Patterns
    from graph_service.rules import load_rules
    from graph_service.snapshots import Workspace
    from tests.graphs import RULES, project

    def found(facts: list[Fact]) -> list[str]:
        graph = project(facts, rules=replace(RULES, hub_degrees={}))
        work = Workspace(graph, DAY, load_rules()).results(Patterns)
        return [KINDS[k] for k in work.kinds]

    assert found(shells()) == ["shell_cluster"]
    assert found(shells(4)) == []
    assert found(shells(gap=40)) == []
    assert found(shells(paid=100.0)) == []
    apart = [replace(f, subject=f"p:{f.object}") if f.kind is REPRESENTS else f for f in shells()]
    assert found(apart) == []


def taken_over(trades: str = "FEM", stays: int = 3, days: int = 0) -> list[Fact]:
    out: list[Fact] = []
    for n, trade in enumerate(trades):
        day = DAY - 300 + n * days
        out += [
            firm(f"e:{n}", founded="2020-01-01", industry=trade), during(relation(REPRESENTS, "p:old", f"e:{n}"), None, day),
            during(relation(REPRESENTS, "p:new", f"e:{n}"), day, None),
        ]  # fmt: skip
        out += [relation(MANAGES, "p:old", f"e:{n}")] if n < stays else []
    return out


def test_a_nominee_takes_over_unlike_firms_at_once_from_one_who_stays() -> None:
    ((kind, members),) = patterns_in(taken_over())
    assert (kind, members[-2:]) == ("nominee", ["p:new", "p:old"])
    assert kinds(taken_over("FF")) == []
    assert kinds(taken_over("FFF")) == []
    assert kinds(taken_over(stays=1)) == []
    assert kinds(taken_over(days=60)) == []


def sudden(name_changed: int = 12, begun: int = DAY - 100) -> list[Fact]:
    day = DAY - 140
    attrs = '{"after":"乙","before":"甲"}'
    return [
        firm("e:1", founded="2018-01-01"), during(relation(REPRESENTS, "p:old", "e:1"), None, day + 4),
        during(relation(REPRESENTS, "p:new", "e:1"), day + 4, None), during(holds("p:old", "e:1", 1.0), None, day),
        during(holds("p:new", "e:1", 1.0), day, None), listed("e:1", since=begun),
        Fact("changes", FactKind.CHANGE, "e:1", role="name", part="n", valid_from=day + name_changed, attrs=attrs),
    ]  # fmt: skip


def test_a_sudden_change_is_of_representative_holder_and_name_near_the_list() -> None:
    assert patterns_in(sudden())[0][1][0] == "e:1"
    assert kinds(sudden()) == ["sudden_change"]
    assert kinds(sudden(name_changed=90)) == []
    assert kinds(sudden(begun=DAY - 400)) == []
    assert kinds([f for f in sudden() if f.kind is not FactKind.HOLDS]) == []
    assert kinds([f for f in sudden() if f.kind is not FactKind.RECORD]) == []


@settings(deadline=None, max_examples=25)
@given(histories)
def test_rings_are_the_strong_components(facts: list[Fact]) -> None:
    from tests.graphs import project
    from tests.oracles import best_told

    hubs = project(facts).hubs_on(DAY)
    graph = project(facts)
    for kind, names in (
        (FactKind.HOLDS, {"cross_holding", "capital_round"}),
        (GUARANTEES, {"guarantee_ring", "mutual_guarantee"}),
    ):
        plain: nx.DiGraph[str] = nx.DiGraph()
        for fact in best_told(facts, DAY):
            ends = (fact.subject, fact.object or "")
            if fact.kind is kind and all(e.startswith("e:") and not hubs[graph.place(e)] for e in ends):
                plain.add_edge(*ends)
        expected = {frozenset(c) for c in nx.strongly_connected_components(plain) if len(c) > 1}
        assert {frozenset(m) for k, m in patterns_in(facts) if k in names} == expected


@settings(deadline=None, max_examples=15)
@given(histories, st.randoms())
def test_the_order_of_facts_changes_no_pattern(facts: list[Fact], luck: Random) -> None:
    mixed = list(facts)
    luck.shuffle(mixed)
    assert patterns_in(mixed) == patterns_in(facts)


def test_every_planted_kind_is_found_in_a_city_that_nobody_tuned_on() -> None:
    count = Count()
    with tempfile.TemporaryDirectory() as folder:
        judged(Path(folder), 400, 77, count)
    for kind in KINDS:
        assert count.recall(kind) >= 0.95, kind
        assert count.precision(kind) >= 0.9, kind
