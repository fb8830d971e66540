import csv
from itertools import product
from pathlib import Path
from random import Random
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.analysis import ownership
from graph_service.analysis.order import components
from graph_service.analysis.ownership import LIMITED, OUTSIDE_ONLY, RING, Interests, interests
from graph_service.analysis.stakes import Stakes, stakes
from graph_service.domain.facts import Fact, FactKind
from graph_service.projection import CsrGraph
from graph_service.projection.arrays import Floats, named_arrays
from tests.graphs import DAY, RULES, cross_holding, holds, project, pyramid

DATA = Path(__file__).parents[1] / "data"
LIMITED_COMPANY = RULES.__class__(
    **{f: getattr(RULES, f) for f in RULES.__slots__} | {"types": {"有限": "limited"}}
)
Told = dict[str, tuple[float, float]]


def found_in(facts: list[Fact]) -> tuple[CsrGraph, Stakes, Interests]:
    graph = project(facts, rules=LIMITED_COMPANY)
    held = stakes(graph, DAY)
    return graph, held, interests(held)


def owners(facts: list[Fact], company: str, digits: int = 9) -> Told:
    graph, _, found = found_in(facts)
    return {
        graph.nodes.ids[int(found.owners[r])]: (
            round(float(found.lower[r]), digits),
            round(float(found.upper[r]), digits),
        )
        for r in found.of(graph.place(company))
    }


def exactly(**values: float) -> Told:
    return {name.replace("_", ":", 1): (value, value) for name, value in values.items()}


def limited(company: str) -> Fact:
    return Fact("registry", FactKind.PROFILE, company, attrs='{"type":"有限"}')


def test_shares_are_multiplied_along_chains_and_summed_across_them() -> None:
    assert owners(pyramid(), "e:d") == exactly(e_b=0.6, e_c=0.4, e_a=0.5, p_boss=0.5)
    both = [holds("p:1", "e:1", 0.765), holds("p:1", "e:2", 1.0), holds("e:2", "e:1", 0.235)]
    assert owners(both, "e:1")["p:1"] == (1.0, 1.0)
    assert owners([holds("p:1", "e:1", 0.6), holds("e:1", "e:2", 0.5)], "e:2")["p:1"] == (0.3, 0.3)


def test_seventy_per_cent_of_the_votes_may_be_less_than_half_of_the_interest() -> None:
    facts = [
        holds("p:he", "e:P", 0.6),
        holds("e:P", "e:Q", 0.45),
        holds("e:P", "e:R", 0.7),
        holds("e:R", "e:Q", 0.25),
    ]
    assert owners(facts, "e:Q")["p:he"] == (0.375, 0.375)


def test_an_owner_in_a_ring_is_the_source_and_its_own_holders_do_not_count() -> None:
    assert owners(cross_holding(), "e:y")["e:x"] == (0.3, 0.3)
    assert owners(cross_holding(), "e:y")["p:owner"] == (round(0.6 * 0.3 / (1 - 0.12), 9),) * 2


def test_a_company_that_holds_itself_leaves_more_to_the_others() -> None:
    facts = [holds("e:1", "e:1", 0.2), holds("p:1", "e:1", 0.8), holds("e:1", "e:2", 0.5)]
    assert owners(facts, "e:1") == exactly(p_1=1.0)
    assert owners(facts, "e:2") == exactly(e_1=0.5, p_1=0.5)


def test_a_ring_without_outside_owner_is_an_answer() -> None:
    facts = [holds("e:x", "e:y", 1.0), holds("e:y", "e:x", 1.0), holds("e:y", "e:z", 0.5)]
    assert owners(facts, "e:z") == exactly(e_x=0.5, e_y=0.5)
    assert owners(facts, "e:x") == exactly(e_y=1.0)
    graph, _, found = found_in(facts)
    assert found.notes[graph.place("e:z")] == RING


def test_an_unknown_stake_may_be_nothing_or_all_that_is_left() -> None:
    facts = [holds("p:1", "e:1", 0.7), holds("p:2", "e:1"), holds("p:3", "e:1"), holds("e:1", "e:2", 0.5)]
    assert owners(facts, "e:1") == exactly(p_1=0.7) | {"p:2": (0.0, 0.3), "p:3": (0.0, 0.3)}
    assert owners(facts, "e:2") == exactly(p_1=0.35, e_1=0.5) | {"p:2": (0.0, 0.15), "p:3": (0.0, 0.15)}


def test_the_only_unknown_holder_of_a_complete_list_has_what_is_left() -> None:
    facts = [holds("p:1", "e:1", 0.7), holds("p:2", "e:1")]
    assert owners([limited("e:1"), *facts], "e:1") == exactly(p_1=0.7, p_2=0.3)
    assert owners(facts, "e:1") == exactly(p_1=0.7) | {"p:2": (0.0, 0.3)}


def test_the_stated_share_stays_beside_the_interest() -> None:
    graph, _, found = found_in([holds("p:1", "e:1", 0.9), holds("p:2", "e:1", 0.6)])
    assert sorted(found.direct.tolist()) == [0.6, 0.9]
    assert sorted(found.lower.tolist()) == pytest.approx([0.4, 0.6], abs=1e-12)
    assert found.of_owner(graph.place("p:1")).shape == (1,)


# ------------------------------------------------------------ oracles
def least(shares: Floats, owner: int) -> Floats:
    """The interests of one owner: dense algebra over what it reaches at all, 0 elsewhere."""
    reached = np.zeros(len(shares), np.bool_)
    for _ in range(len(shares)):
        reached |= (shares[owner] > 0) | (shares[reached] > 0).any(axis=0)
    reached[owner] = False
    inside = np.flatnonzero(reached)
    value = np.zeros(len(shares))
    value[inside] = np.linalg.solve(
        np.eye(len(inside)) - shares[np.ix_(inside, inside)].T, shares[owner, inside]
    )
    return value


def matrix(held: Stakes) -> Floats:
    out = np.zeros((held.count, held.count))
    out[held.holders, held.held] = held.shares
    return out


FIRMS = ["e:0", "e:1", "e:2", "e:3", "e:4"]
HOLDERS = [*FIRMS, "p:0", "p:1"]
known = st.builds(
    holds,
    st.sampled_from(HOLDERS),
    st.sampled_from(FIRMS),
    st.sampled_from([0.001, 0.1, 0.25, 0.5, 0.7, 1.0]),
)
unknown = st.builds(holds, st.sampled_from(HOLDERS), st.sampled_from(FIRMS))
complete = st.builds(limited, st.sampled_from(FIRMS))


@settings(deadline=None)
@given(st.lists(known, min_size=1, max_size=12))
def test_interests_are_the_least_solution_of_their_definition(facts: list[Fact]) -> None:
    _, held, found = found_in(facts)
    shares = matrix(held)
    expected = {
        (i, j): value
        for i in range(held.count)
        for j, value in enumerate(least(shares, i))
        if i != j and value >= 1e-6
    }
    rows = zip(found.owners.tolist(), found.companies().tolist(), found.lower.tolist(), strict=True)
    assert {(i, j): v for i, j, v in rows} == pytest.approx(expected, abs=1e-9)
    assert (found.lower == found.upper).all()


@settings(deadline=None, max_examples=40)
@given(st.lists(known, max_size=6), st.lists(unknown, min_size=1, max_size=4), st.lists(complete, max_size=3))
def test_bounds_are_the_least_and_the_most_that_any_allocation_gives(
    facts: list[Fact], missing: list[Fact], whole: list[Fact]
) -> None:
    _, held, found = found_in([*facts, *missing, *whole])
    open_ = [j for j in range(held.count) if held.left[j] > 0]
    choices = [
        [int(r) for r in held.of(j) if held.unknown[r]] + ([] if held.complete[j] else [None]) for j in open_
    ]
    bounds: dict[tuple[int, int], tuple[float, float]] = {}
    for chosen in product(*choices):
        shares = matrix(held)
        for j, row in zip(open_, chosen, strict=True):
            if row is not None:
                shares[held.holders[row], j] += held.left[j]
        for i in range(held.count):
            for j, value in enumerate(least(shares, i)):
                low, high = bounds.get((i, j), (value, value))
                bounds[i, j] = min(low, value), max(high, value)
    expected = {key: pair for key, pair in bounds.items() if key[0] != key[1] and pair[1] >= 1e-6}
    rows = zip(found.owners, found.companies(), found.lower, found.upper, strict=True)
    told = {(int(i), int(j)): (float(low), float(high)) for i, j, low, high in rows}
    assert set(told) == set(expected)
    for key, pair in told.items():
        assert pair == pytest.approx(expected[key], abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(st.lists(known, min_size=1, max_size=10), st.randoms())
def test_names_and_order_change_nothing(facts: list[Fact], luck: Random) -> None:
    names = dict(
        zip(
            HOLDERS, [f"{name[:2]}x{luck.randrange(10**9)}{n}" for n, name in enumerate(HOLDERS)], strict=True
        )
    )
    other = [holds(names[f.subject], names[f.object or ""], f.share) for f in facts]
    luck.shuffle(other)
    for company in {f.object or "" for f in facts}:
        renamed = {names[owner]: pair for owner, pair in owners(facts, company, 12).items()}
        told = owners(other, names[company], 12)
        assert set(told) == set(renamed)
        assert all(pair == pytest.approx(renamed[owner], abs=2e-12) for owner, pair in told.items())


@settings(deadline=None, max_examples=40)
@given(st.lists(st.one_of(known, unknown), min_size=1, max_size=10))
def test_one_company_is_its_row_in_bulk(facts: list[Fact]) -> None:
    _, held, found = found_in(facts)
    for company in np.unique(held.held):
        alone = interests(held, np.array([company], np.int32))
        rows = slice(found.of(company).start, found.of(company).stop)
        for (name, one), (_, bulk) in zip(named_arrays(alone), named_arrays(found), strict=True):
            if name in {"owners", "direct", "lower", "upper"}:
                assert one.tolist() == bulk[rows].tolist()


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from(HOLDERS), st.sampled_from(FIRMS)), min_size=1, max_size=12, unique=True
    )
)
def test_outside_owners_have_all_of_what_is_fully_held_above(pairs: list[tuple[str, str]]) -> None:
    """Every company that is held is held fully; the others are outside owners."""
    of = {company: sum(c == company for _, c in pairs) for _, company in pairs}
    graph, held, found = found_in([holds(holder, company, 1 / of[company]) for holder, company in pairs])
    is_outside = np.diff(held.firsts) == 0
    for company in np.unique(held.held):
        if found.notes[company] & RING:
            continue
        rows = found.of(int(company))
        total = sum(float(found.lower[r]) for r in rows if is_outside[found.owners[r]])
        assert total == pytest.approx(1.0, abs=1e-9), graph.nodes.ids[int(company)]


# ------------------------------------------------------------ large components, limits
def test_of_a_large_component_only_outside_owners_are_told_and_that_is_said() -> None:
    facts = [*cross_holding(), holds("e:x", "e:z", 0.5), holds("p:two", "e:y", 0.2)]
    with patch.object(ownership, "LARGEST", 1):
        graph, _, found = found_in(facts)
    whole = owners(facts, "e:z")
    rows = found.of(graph.place("e:z"))
    told = {graph.nodes.ids[int(found.owners[r])]: round(float(found.lower[r]), 9) for r in rows}
    assert told == {name: whole[name][0] for name in ("p:owner", "p:two")}
    assert found.notes[graph.place("e:z")] == OUTSIDE_ONLY


def test_bounds_are_wider_where_too_much_is_above_and_that_is_said() -> None:
    many = [holds("p:1", "e:1", 0.5), holds("e:1", "e:2", 0.8)]
    many += [holds(f"p:x{n}", "e:1") for n in range(2_100)]
    graph, _, found = found_in(many)
    rows = {graph.nodes.ids[int(found.owners[r])]: r for r in found.of(graph.place("e:2"))}
    assert (found.lower[rows["p:1"]], found.upper[rows["p:1"]]) == pytest.approx((0.4, 0.8), abs=1e-12)
    assert found.notes[graph.place("e:2")] == LIMITED


# ------------------------------------------------------------ third-party data
def test_finbench_is_equal_to_a_dense_solve() -> None:
    facts = []
    for name, scheme in (("CompanyInvestCompany", "e"), ("PersonInvestCompany", "p")):
        with (DATA / "finbench" / f"{name}.csv").open(encoding="utf-8") as file:
            rows = csv.reader(file, delimiter="|")
            head = next(rows)
            share = head.index("ratio")
            facts += [holds(f"{scheme}:{row[0]}", f"e:{row[1]}", float(row[share])) for row in rows]
    graph, held, found = found_in(facts)
    assert np.diff(components(held.held, held.holders, held.count).firsts).max() == 457
    shares = matrix(held)
    inverse = np.linalg.inv(np.eye(held.count) - shares)
    expected = inverse / np.diag(inverse)[:, None]
    np.fill_diagonal(expected, 0.0)
    told = np.zeros_like(expected)
    told[found.owners, found.companies()] = found.lower
    kept = expected >= 1e-6 + 1e-9
    assert np.abs(told[kept] - expected[kept]).max() < 1e-9
    assert graph.node_count == held.count
