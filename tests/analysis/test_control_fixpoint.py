from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.analysis.control import (
    BASES,
    BOUNDARY,
    JOINT,
    UNDISCLOSED,
    Control,
    ControlRules,
    control,
)
from graph_service.analysis.stakes import stakes
from graph_service.domain.facts import Fact, FactKind
from graph_service.projection import CsrGraph
from graph_service.projection.arrays import named_arrays
from tests import control_oracle as oracle
from tests.graphs import DAY, RULES, cross_holding, during, holds, project, pyramid, relation

TYPED = replace(
    RULES, types={"有限": "limited", "个体": "individual_business"}, hub_names={"o:state": "state"}
)
Told = dict[tuple[str, str], tuple[float, float, int, bool]]


def limited(*names: str) -> list[Fact]:
    return [Fact("registry", FactKind.PROFILE, name, attrs='{"type":"有限"}') for name in names]


def concert(one: str, other: str) -> Fact:
    return relation(FactKind.ACTS_IN_CONCERT, one, other)


def agreed(party: str, firm: str) -> Fact:
    return relation(FactKind.CONTROLS_BY_AGREEMENT, party, firm)


def found(facts: Sequence[Fact], rules: ControlRules | None = None) -> tuple[CsrGraph, Control]:
    graph = project(facts, rules=TYPED)
    return graph, control(graph, stakes(graph, DAY), DAY, rules or ControlRules())


def told(facts: Sequence[Fact], rules: ControlRules | None = None) -> Told:
    graph, result = found(facts, rules)
    ids = graph.nodes.ids
    rows = zip(
        result.controllers, result.controlled(), result.lower, result.upper, result.depth, result.classes,
        strict=True,
    )  # fmt: skip
    return {
        (ids[int(c)], ids[int(e)]): (round(float(low), 9), round(float(high), 9), int(d), bool(p))
        for c, e, low, high, d, p in rows
    }


def pairs(facts: Sequence[Fact]) -> set[tuple[str, str]]:
    return {pair for pair, (_, _, _, possible) in told(facts).items() if not possible}


def signs(facts: Sequence[Fact], entity: str) -> int:
    graph, result = found(facts)
    return int(result.notes[graph.place(entity)])


def ultimate(facts: Sequence[Fact], entity: str) -> set[str]:
    graph, result = found(facts)
    rows = result.of(graph.place(entity))
    return {graph.nodes.ids[int(result.controllers[r])] for r in rows if result.ultimate[r]}


def bases(result: Control) -> set[str]:
    return {BASES[b] for b in result.bases.tolist()}


# ---------------------------------------------------------------- worked cases
def test_who_has_most_votes_controls_and_what_it_controls_votes_with_it() -> None:
    assert told(pyramid()) == {
        ("p:boss", "e:a"): (1.0, 1.0, 1, False),
        ("e:b", "e:d"): (0.6, 0.6, 1, False),
    }
    both = [holds("p:1", "e:a", 0.6), holds("p:1", "e:b", 0.3), holds("e:a", "e:b", 0.3)]
    assert told(both)["p:1", "e:b"] == (0.6, 0.6, 2, False)


def test_control_is_a_fixpoint_and_no_product() -> None:
    chain = [holds("p:1", "e:0", 0.51), *(holds(f"e:{i}", f"e:{i + 1}", 0.51) for i in range(12))]
    assert told(chain)["p:1", "e:12"] == (0.51, 0.51, 13, False)


@pytest.mark.parametrize(
    "shares", [[0.5], [0.1] * 5, [0.3, 0.2], [0.15, 0.35], [0.07] * 7 + [0.01], [0.45, 0.03, 0.02]]
)
def test_exactly_one_half_is_no_control_however_it_is_summed(shares: list[float]) -> None:
    rest = [holds("p:other", "e:y", 0.5)]
    mine = [holds("p:1", f"e:{i}", 1.0) for i in range(len(shares))]
    parts = [holds(f"e:{i}", "e:y", share) for i, share in enumerate(shares)]
    assert not any(firm == "e:y" for _, firm in pairs([*rest, *mine, *parts]))


def test_a_little_more_than_one_half_is_control() -> None:
    assert pairs([holds("p:1", "e:1", 0.50001), holds("p:2", "e:1", 0.49999)]) == {("p:1", "e:1")}


def test_votes_that_a_firm_holds_of_itself_do_not_count_in_all() -> None:
    assert told([holds("e:1", "e:1", 0.2), holds("p:1", "e:1", 0.41), holds("p:2", "e:1", 0.39)]) == {
        ("p:1", "e:1"): (0.41, 0.41, 1, False)
    }
    assert pairs([holds("e:1", "e:1", 0.2), holds("p:1", "e:1", 0.4), holds("p:2", "e:1", 0.4)]) == set()
    assert pairs([holds("e:1", "e:1", 1.0)]) == set()


def test_votes_that_nobody_disclosed_stay_in_all_votes() -> None:
    assert pairs([holds("p:1", "e:1", 0.45)]) == set()
    assert signs([holds("p:1", "e:1", 0.45)], "e:1") == UNDISCLOSED


def test_votes_count_where_they_differ_from_the_capital() -> None:
    facts = [replace(holds("p:1", "e:1", 0.2), votes=0.8), replace(holds("p:2", "e:1", 0.8), votes=0.2)]
    assert pairs(facts) == {("p:1", "e:1")}


def test_an_excess_is_scaled_before_it_is_judged() -> None:
    assert pairs([holds("p:1", "e:1", 0.6), holds("p:2", "e:1", 0.8)]) == {("p:2", "e:1")}
    assert pairs([holds("p:1", "e:1", 0.9), holds("p:2", "e:1", 0.9)]) == set()


def test_firms_that_hold_each_other_may_both_be_controlled_from_outside_or_by_each_other() -> None:
    assert ultimate(cross_holding(), "e:x") == {"p:owner"}
    ring = [holds("e:x", "e:y", 0.6), holds("e:y", "e:x", 0.7)]
    assert pairs(ring) == {("e:x", "e:y"), ("e:y", "e:x")}
    assert ultimate([*ring, holds("e:y", "e:z", 0.9)], "e:z") == {"e:x", "e:y"}


def test_a_party_of_a_contract_controls_without_a_vote() -> None:
    graph, result = found([agreed("p:1", "e:1"), holds("p:2", "e:1", 1.0), holds("e:1", "e:2", 0.7)])
    row = result.row(graph.place("p:1"), graph.place("e:1"))
    assert row is not None
    assert (BASES[result.bases[row]], result.lower[row], result.depth[row]) == ("agreement", 0.0, 1)
    assert ("p:1", "e:2") in pairs([agreed("p:1", "e:1"), holds("e:1", "e:2", 0.7)])
    assert ultimate([agreed("p:1", "e:1"), holds("p:2", "e:1", 1.0)], "e:1") == {"p:1", "p:2"}


CONCERT_FACTS = [
    holds("p:1", "e:1", 0.3),
    holds("p:2", "e:1", 0.3),
    holds("p:3", "e:1", 0.4),
    concert("p:1", "p:2"),
]


def test_parties_that_act_in_concert_are_one_root_and_all_are_named() -> None:
    assert told(CONCERT_FACTS) == {
        ("p:1", "e:1"): (0.6, 0.6, 1, False),
        ("p:2", "e:1"): (0.6, 0.6, 1, False),
    }
    _graph, result = found(CONCERT_FACTS)
    assert bases(result) == {"concert"}
    assert ultimate(CONCERT_FACTS, "e:1") == {"p:1", "p:2"}
    assert ultimate([*CONCERT_FACTS, holds("e:1", "e:2", 0.9)], "e:2") == {"p:1", "p:2"}


def test_what_one_party_controls_alone_is_not_laid_at_the_others_door() -> None:
    facts = [
        *CONCERT_FACTS,
        holds("p:1", "e:own", 1.0),
        holds("p:2", "e:own2", 0.8),
        holds("p:1", "e:own2", 0.1),
    ]
    assert pairs(facts) == pairs(CONCERT_FACTS) | {("p:1", "e:own"), ("p:2", "e:own2")}


def test_a_party_without_votes_in_it_controls_nothing_by_concert() -> None:
    assert ("p:4", "e:1") not in pairs([*CONCERT_FACTS, concert("p:2", "p:4")])


def test_who_controls_a_party_controls_what_it_controls_in_concert() -> None:
    facts = [
        holds("p:top", "e:a", 0.9), holds("e:a", "e:1", 0.3), holds("p:2", "e:1", 0.3), concert("e:a", "p:2"),
    ]  # fmt: skip
    assert ultimate(facts, "e:1") == {"p:top", "p:2"}


def test_joint_roots_may_need_each_other() -> None:
    facts = [
        concert("p:1", "p:2"), holds("p:1", "e:m", 0.3), holds("p:2", "e:m", 0.3),
        concert("e:m", "p:3"), holds("e:m", "e:n", 0.3), holds("p:3", "e:n", 0.3),
    ]  # fmt: skip
    assert ultimate(facts, "e:n") == {"p:1", "p:2", "p:3"}


def test_kin_count_only_where_configured_and_then_as_possible() -> None:
    facts = [holds("p:1", "e:1", 0.3), holds("p:2", "e:1", 0.3), relation(FactKind.KIN_OF, "p:1", "p:2")]
    assert told(facts) == {}
    kin = told(facts, ControlRules(kin=True))
    assert kin == {("p:1", "e:1"): (0.3, 0.6, 1, True), ("p:2", "e:1"): (0.3, 0.6, 1, True)}
    _, result = found(facts, ControlRules(kin=True))
    assert bases(result) == {"kin"}


# ---------------------------------------------------------------- votes of unknown size
def test_all_that_is_left_counts_where_every_unknown_holder_is_on_one_side() -> None:
    facts = [*limited("e:1"), holds("p:1", "e:1"), holds("p:2", "e:1", 0.4)]
    assert told(facts) == {("p:1", "e:1"): (0.6, 0.6, 1, False)}


def test_what_holds_only_at_the_upper_bound_is_possible() -> None:
    facts = [*limited("e:1"), holds("p:1", "e:1"), holds("p:3", "e:1"), holds("p:2", "e:1", 0.4)]
    assert told(facts) == {("p:1", "e:1"): (0.0, 0.6, 1, True), ("p:3", "e:1"): (0.0, 0.6, 1, True)}
    assert ultimate(facts, "e:1") == set()
    open_list = [holds("p:1", "e:1"), holds("p:2", "e:1", 0.4)]
    assert told(open_list) == {("p:1", "e:1"): (0.0, 0.6, 1, True)}


def test_control_that_is_sure_stays_sure_beside_what_is_possible() -> None:
    facts = [
        *limited("e:1", "e:2"), holds("p:1", "e:1", 0.6), holds("p:1", "e:2", 0.3), holds("p:2", "e:2"),
        holds("e:1", "e:2"),
    ]  # fmt: skip
    assert told(facts)["p:1", "e:1"] == (0.6, 0.6, 1, False)
    assert told(facts)["p:1", "e:2"] == (0.3, 1.0, 2, True)


# ---------------------------------------------------------------- where chains end
def test_a_chain_that_ends_at_a_firm_without_owners_on_file_bears_the_boundary_sign() -> None:
    facts = [holds("e:away", "e:1", 0.3), holds("p:1", "e:1", 0.7), holds("e:1", "e:2", 1.0)]
    assert [signs(facts, e) for e in ("e:away", "e:1", "e:2")] == [BOUNDARY] * 3


def test_chains_end_whole_at_persons_state_bodies_and_principals() -> None:
    shop = Fact("registry", FactKind.PROFILE, "e:shop", attrs='{"type":"个体"}')
    facts = [holds("p:1", "e:1", 0.4), holds("o:state", "e:1", 0.3), holds("e:shop", "e:1", 0.3), shop]
    assert signs([*facts, relation(FactKind.REPRESENTS, "p:9", "e:shop")], "e:1") == 0
    assert signs(facts, "e:1") == BOUNDARY


def test_a_hub_by_number_of_relations_is_no_end_of_a_chain() -> None:
    facts = [holds(f"o:{i}", "e:1", 0.2) for i in range(5)]
    assert signs(facts, "e:1") == BOUNDARY


def test_two_halves_without_a_controller_are_joint() -> None:
    facts = [holds("p:1", "e:1", 0.5), holds("p:2", "e:1", 0.5)]
    assert signs(facts, "e:1") == JOINT
    split = [
        holds("p:1", "e:a", 1.0),
        holds("e:a", "e:1", 0.3),
        holds("p:1", "e:1", 0.2),
        holds("p:2", "e:1", 0.5),
    ]
    assert signs(split, "e:1") == JOINT
    assert signs([*facts, concert("p:1", "p:2")], "e:1") == 0
    assert signs([holds("p:1", "e:1", 0.5), holds("p:2", "e:1", 0.4), holds("p:3", "e:1", 0.1)], "e:1") == 0


def test_percentages_that_were_rounded_hide_no_votes() -> None:
    assert signs([holds(f"p:{i}", "e:1", 0.3333) for i in range(3)], "e:1") == 0


def test_control_is_that_of_the_day() -> None:
    graph = project([during(holds("p:1", "e:1", 1.0), DAY - 5, DAY)])
    rows = [len(control(graph, stakes(graph, d), d).controllers) for d in (DAY - 6, DAY - 5, DAY)]
    assert rows == [0, 1, 0]


# ---------------------------------------------------------------- whatever the graph
FIRMS = [f"e:{i}" for i in range(6)]
PERSONS = [f"p:{i}" for i in range(3)]
SHARES = st.none() | st.sampled_from([0.1, 0.2, 0.25, 0.3, 0.5, 0.51, 0.6, 1.0])


@st.composite
def worlds(draw: st.DrawFn) -> list[Fact]:
    """Cycles, self-holdings, exact halves, missing and excessive shares, agreements, concert; some lists complete."""
    ends = st.tuples(st.sampled_from([*FIRMS, *PERSONS]), st.sampled_from(FIRMS))
    stated = draw(st.dictionaries(ends, SHARES, max_size=14))
    facts = [holds(h, c, s) for (h, c), s in stated.items()]
    facts += [agreed(p, c) for p, c in draw(st.lists(ends, max_size=2))]
    both = st.tuples(st.sampled_from([*FIRMS[:2], *PERSONS]), st.sampled_from([*FIRMS[2:4], *PERSONS]))
    facts += [concert(a, b) for a, b in draw(st.lists(both, max_size=2)) if a != b]
    return [*facts, *limited(*draw(st.sets(st.sampled_from(FIRMS))))]


def complete(facts: Iterable[Fact]) -> set[str]:
    return {f.subject for f in facts if f.kind is FactKind.PROFILE}


@settings(max_examples=150)
@given(worlds())
def test_control_is_what_rounds_over_sets_of_exact_fractions_find(facts: list[Fact]) -> None:
    world, mine = oracle.world_of(facts, complete(facts)), told(facts)
    sure, every = oracle.relation(world, upper=False), oracle.relation(world, upper=True)
    assert {p: d for p, (_, _, d, possible) in mine.items() if not possible} == sure
    assert {p: d for p, (_, _, d, possible) in mine.items() if possible} == {
        p: d for p, d in every.items() if p not in sure
    }
    for entity in {firm for _, firm in mine}:
        assert ultimate(facts, entity) == oracle.ultimate(sure, entity)


@settings(max_examples=60)
@given(worlds())
def test_the_chain_leads_step_by_step_to_the_controller(facts: list[Fact]) -> None:
    _graph, result = found(facts)
    for row in range(len(result.controllers)):
        controller, via, depth = int(result.controllers[row]), int(result.via[row]), int(result.depth[row])
        if via == controller:
            continue
        before = result.row(controller, via)
        assert before is not None
        assert result.depth[before] < depth


@settings(max_examples=60)
@given(worlds(), st.data())
def test_control_is_monotone_in_votes_at_a_fixed_total(facts: list[Fact], data: st.DataObject) -> None:
    held = [f for f in facts if f.kind is FactKind.HOLDS and f.share and f.subject != f.object]
    plain = [f for f in facts if f.kind is not FactKind.ACTS_IN_CONCERT]
    if not held:
        return
    given_up = data.draw(st.sampled_from(held))
    taker = data.draw(st.sampled_from([p for p in PERSONS if p != given_up.subject]))
    if any(f.kind is FactKind.HOLDS and (f.subject, f.object) == (taker, given_up.object) for f in facts):
        return
    before = {c for p, c in pairs(plain) if p == taker}
    moved = [f for f in plain if f is not given_up] + [replace(given_up, subject=taker)]
    assert before <= {c for p, c in pairs(moved) if p == taker}


@settings(max_examples=40)
@given(worlds())
def test_names_order_and_threads_change_nothing(facts: list[Fact]) -> None:
    renamed = {e: f"{e[0]}:new-{i}" for i, e in enumerate([*FIRMS, *PERSONS])}
    other = [
        replace(f, subject=renamed[f.subject], object=renamed.get(f.object or "")) for f in reversed(facts)
    ]
    expected = {(renamed[a], renamed[b]): values for (a, b), values in told(facts).items()}
    mine = told(other)
    assert mine.keys() == expected.keys()
    for pair, values in expected.items():
        assert mine[pair] == pytest.approx(values, abs=1e-12)
    graph, result = found(facts)
    alone = control(graph, stakes(graph, DAY), DAY, threads=1)
    for (name, one), (_, two) in zip(named_arrays(result), named_arrays(alone), strict=True):
        assert np.array_equal(one, two), name


def test_votes_are_the_basis_of_what_votes_decide() -> None:
    _, result = found(pyramid())
    assert bases(result) == {"votes"}
