"""Named associations: each rule where it fires, and right beside where it must not."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from graph_service.analysis.associations import Associations
from graph_service.analysis.named_rules import CODES, NEAREST
from graph_service.domain.facts import Fact, FactKind
from graph_service.projection import EVER, OPEN, CsrGraph
from graph_service.rules import load_rules
from graph_service.snapshots import Workspace
from tests.graphs import DAY, RULES, during, exit_of, holds, in_common_of, listed, project, relation
from tests.strategies import histories

REPRESENTS, MANAGES, GUARANTEES = FactKind.REPRESENTS, FactKind.MANAGES, FactKind.GUARANTEES
LOCATED, REACHED = FactKind.LOCATED_AT, FactKind.REACHED_AT
BOOK = load_rules()
Told = set[tuple[str, str, str]]


def worked(facts: Sequence[Fact], day: int = DAY) -> tuple[CsrGraph, Associations]:
    graph = project(facts, as_of=day, rules=replace(RULES, hub_degrees=RULES.hub_degrees))
    return graph, Workspace(graph, day, BOOK).results(Associations)


def rows(graph: CsrGraph, found: Associations) -> list[tuple[str, str, str]]:
    ids = graph.nodes.ids
    starts = found.enterprise_of_finding()
    return [
        (CODES[found.rules[r]], ids[int(starts[r])], ids[int(found.targets[r])])
        for r in range(len(found.targets))
    ]


def told(facts: Sequence[Fact], day: int = DAY) -> Told:
    """Rule, enterprise and target of the named findings."""
    return {row for row in rows(*worked(facts, day)) if row[0] != NEAREST}


def firm(name: str, **attrs: str) -> Fact:
    text = ",".join(f'"{key}":"{value}"' for key, value in sorted(attrs.items()))
    return Fact("registry", FactKind.PROFILE, name, attrs="{" + text + "}")


def test_a_listed_representative_holder_manager() -> None:
    facts = [relation(REPRESENTS, "p:1", "e:1"), listed("p:1", "serious_violation")]
    assert told(facts) == {("representative_listed", "e:1", "p:1")}
    assert told([during(facts[0], None, DAY), facts[1]]) == set()
    managed = [relation(MANAGES, "p:1", "e:1"), listed("p:1", "serious_violation")]
    assert told(managed) == {("manager_listed", "e:1", "p:1")}
    held = [holds("p:1", "e:1", 0.06), holds("p:2", "e:1", 0.94), listed("p:1", "serious_violation")]
    assert told(held) == {("holder_listed", "e:1", "p:1")}
    assert told([holds("p:1", "e:1", 0.04), holds("p:2", "e:1", 0.96), held[2]]) == set()


def test_a_listed_debtor_in_office_is_told_for_the_office_to_verify() -> None:
    assert ("debtor_in_office", "e:1", "p:1") in told([relation(MANAGES, "p:1", "e:1"), listed("p:1")])
    assert told([relation(MANAGES, "e:2", "e:1"), listed("e:2")]) == {("manager_listed", "e:1", "e:2")}


def test_control_up_and_down_and_a_beneficial_owner() -> None:
    up = [
        holds("p:1", "e:1", 0.6),
        holds("p:2", "e:1", 0.4),
        holds("e:1", "e:2", 0.9),
        holds("p:2", "e:2", 0.1),
    ]
    assert told([*up, listed("p:1", "serious_violation")]) == {
        ("controller_listed", "e:1", "p:1"), ("controller_listed", "e:2", "p:1"), ("holder_listed", "e:1", "p:1"),
        ("beneficial_owner_listed", "e:1", "p:1"), ("beneficial_owner_listed", "e:2", "p:1"),
    }  # fmt: skip
    assert told([*up, listed("e:2")]) == {
        ("controls_listed", "e:1", "e:2"),
        ("invests_in_listed", "e:1", "e:2"),
    }
    assert told([holds("e:1", "e:2", 0.12), holds("p:2", "e:2", 0.88), listed("e:2")]) == {
        ("invests_in_listed", "e:1", "e:2")
    }


def test_sisters_have_one_parent_and_a_group_one_top() -> None:
    facts = [
        holds("p:1", "e:a", 1.0),
        holds("e:a", "e:1", 0.8),
        holds("e:a", "e:2", 0.9),
        holds("p:1", "e:3", 0.7),
    ]
    found = told([*facts, listed("e:1")])
    assert ("sister_of_listed", "e:2", "e:1") in found
    assert ("group_with_listed", "e:3", "e:1") in found
    assert ("sister_of_listed", "e:3", "e:1") not in found
    apart = told([holds("p:1", "e:1", 0.5), holds("p:1", "e:2", 1.0), listed("e:1")])
    assert not {rule for rule, *_ in apart} & {"sister_of_listed", "group_with_listed"}


def test_what_the_state_controls_is_no_family_by_that_alone() -> None:
    facts = [holds("o:treasury", f"e:{n}", 1.0) for n in range(3)]
    rules = replace(RULES, hub_ids={"o:treasury": "state"})
    graph = project([*facts, listed("e:0")], rules=rules)
    found = Workspace(graph, DAY, BOOK).results(Associations)
    assert rows(graph, found) == []


def test_one_person_in_two_offices_counts_where_the_terms_overlap() -> None:
    now = relation(REPRESENTS, "p:1", "e:1")
    before = relation(REPRESENTS, "p:1", "e:2")
    assert told([now, before, listed("e:2")]) == {("same_representative", "e:1", "e:2")}
    assert told([during(now, DAY - 50, None), during(before, None, DAY - 50), listed("e:2")]) == set()
    assert told([during(now, DAY - 51, None), during(before, None, DAY - 50), listed("e:2")]) == {
        ("same_representative", "e:1", "e:2")
    }
    assert told([now, during(before, None, DAY - 900), listed("e:2")]) == set()
    assert told([during(now, None, DAY), before, listed("e:2")]) == set()
    staff = [relation(MANAGES, "p:1", "e:1"), relation(REPRESENTS, "p:1", "e:2"), listed("e:2")]
    assert told(staff) == {("same_manager", "e:1", "e:2")}


def test_guarantees_are_told_in_both_directions() -> None:
    facts = [relation(GUARANTEES, "e:1", "e:2"), relation(GUARANTEES, "e:2", "e:3"), listed("e:2")]
    assert told(facts) == {("guarantees_listed", "e:1", "e:2"), ("guaranteed_by_listed", "e:3", "e:2")}


def test_places_count_unless_they_are_neutral_hubs() -> None:
    at = [relation(LOCATED, f"e:{n}", "a:1") for n in range(3)] + [
        relation(REACHED, f"e:{n}", "c:1") for n in range(2)
    ]
    assert told([*at, listed("e:0")]) == {
        ("shares_address", "e:1", "e:0"), ("shares_address", "e:2", "e:0"), ("shares_contact", "e:1", "e:0"),
    }  # fmt: skip
    crowd = [relation(LOCATED, f"e:{n}", "a:1") for n in range(5)]
    graph, found = worked([*crowd, listed("e:0")])
    assert rows(graph, found) == []
    assert graph.nodes.ids.many(found.hubs_of(graph.place("e:1"))) == ["a:1"]


def reborn_facts(founded: str) -> list[Fact]:
    return [
        firm("e:new", founded=founded), relation(LOCATED, "e:new", "a:1"), relation(LOCATED, "e:old", "a:1"),
        relation(MANAGES, "p:1", "e:new"), during(relation(MANAGES, "p:1", "e:old"), None, DAY - 50),
        listed("e:old", since=DAY - 100),
    ]  # fmt: skip


def test_a_firm_is_reborn_only_after_the_record_and_with_two_things_in_common() -> None:
    new = ("reborn_from_listed", "e:new", "e:old")
    assert new in told(reborn_facts("2024-07-20"))
    assert new not in told(reborn_facts("2024-06-01"))
    facts = reborn_facts("2024-07-20")
    assert new not in told([f for f in facts if f.kind is not LOCATED])
    assert new not in told([f for f in facts if f.kind is not MANAGES])
    later = [f if f.kind is not FactKind.RECORD else listed("e:old", since=DAY - 1500) for f in facts]
    assert new not in told(later)


def test_what_a_reborn_firm_shares_is_told_once_and_all_of_it_is_evidence() -> None:
    staff = [relation(MANAGES, f"p:{n}", firm_) for n in (2, 3) for firm_ in ("e:new", "e:old")]
    calls = [relation(REACHED, firm_, "c:1") for firm_ in ("e:new", "e:old")]
    facts = [*reborn_facts("2024-07-20"), *staff, *calls]
    assert told(facts) == {("reborn_from_listed", "e:new", "e:old")}
    assert set(in_common_of(facts, "e:new", "e:old")) == {"p:1", "p:2", "p:3", "a:1", "c:1"}
    before = [*reborn_facts("2024-06-01"), *staff, *calls]
    shared = {"same_manager", "shares_address", "shares_contact"}
    assert told(before) == {(rule, "e:new", "e:old") for rule in shared}


def test_no_days_in_common_are_told_of_posts_that_followed_each_other() -> None:
    facts = reborn_facts("2024-07-20")
    moved = [during(f, DAY - 40, None) if f.object == "e:new" else f for f in facts if f.kind is not LOCATED]
    calls = [relation(REACHED, firm_, "c:1") for firm_ in ("e:new", "e:old")]
    graph, found = worked([*moved, *calls])
    assert rows(graph, found) == [("reborn_from_listed", "e:new", "e:old")]
    assert (found.since.tolist(), found.until.tolist()) == ([EVER], [OPEN])


def test_who_represented_a_firm_when_it_was_revoked_is_told_for_three_years() -> None:
    def facts(revoked: str) -> list[Fact]:
        return [
            firm("e:old", closed=revoked, status="revoked"), relation(REPRESENTS, "p:1", "e:old"),
            relation(MANAGES, "p:1", "e:1"),
        ]  # fmt: skip

    assert told(facts("2023-01-01")) == {("revoked_representative", "e:1", "e:old")}
    assert told(facts("2021-01-01")) == set()
    gone = during(facts("2023-01-01")[1], None, DAY - 1000)
    assert told([facts("2023-01-01")[0], gone, facts("2023-01-01")[2]]) == set()


@pytest.mark.parametrize("event", ["repaired", "revoked", "suspended", "objected"])
def test_a_record_that_ended_or_is_objected_to_seeds_nothing(event: str) -> None:
    record = listed("e:2")
    facts = [relation(REPRESENTS, "p:1", "e:1"), relation(REPRESENTS, "p:1", "e:2"), record]
    graph, found = worked([*facts, exit_of(record, event, DAY - 3)])
    assert rows(graph, found) == []
    assert found.paused.sum() == (1 if event == "objected" else 0)


def test_a_lead_counts_half_after_the_half_life_of_its_rule() -> None:
    facts = [relation(GUARANTEES, "e:1", "e:2")]
    rule = next(r for r in load_rules().association_rules if r.code == "guarantees_listed")
    days = round(rule.half_life_months * 30.4375)
    _, found = worked([*facts, listed("e:2", since=DAY - days)])
    assert found.strengths.tolist() == pytest.approx([rule.strength / 2], abs=1e-3)


def test_a_target_with_a_named_rule_is_not_told_again_as_near() -> None:
    facts = [relation(GUARANTEES, "e:1", "e:2"), relation(FactKind.BRANCH_OF, "e:3", "e:2"), listed("e:2")]
    assert rows(*worked(facts)) == [("guarantees_listed", "e:1", "e:2"), ("nearest_listed", "e:3", "e:2")]


@settings(deadline=None, max_examples=25)
@given(histories)
def test_ending_a_record_removes_exactly_the_findings_that_rested_on_it(facts: list[Fact]) -> None:
    """All findings about a target that is no longer listed go, and nothing else about named rules changes."""
    records = [f for f in facts if f.kind is FactKind.RECORD]
    graph, found = worked(facts)
    for record in records[:1]:
        other, later = worked([f for f in facts if f is not record])
        before = {row for row in rows(graph, found) if row[0] != NEAREST}
        after = {row for row in rows(other, later) if row[0] != NEAREST}
        lost = {target for _, _, target in before - after}
        assert lost <= {record.subject}
        assert not after - before


@settings(deadline=None, max_examples=20)
@given(histories)
def test_every_finding_is_about_a_firm_and_cites_somebody_who_is_listed(facts: list[Fact]) -> None:
    graph, found = worked(facts)
    seeds = graph.seeds_on(DAY)
    starts = found.enterprise_of_finding()
    assert seeds[found.targets].all()
    assert all(graph.nodes.ids[int(e)].startswith("e:") for e in starts)
    assert (starts != found.targets).all()
    assert ((found.strengths > 0) & (found.strengths <= 1)).all()
    joined = found.path_edges[:, 0] >= 0
    last = np.where(joined, found.targets, -1)
    held = graph.edges_on(DAY)
    for row in np.flatnonzero(joined):
        edges = [e for e in found.path_edges[row] if e >= 0]
        nodes = [int(starts[row]), *[int(n) for n in found.path_nodes[row] if n >= 0]]
        assert nodes[-1] == last[row]
        for edge, (one, two) in zip(edges, itertools.pairwise(nodes), strict=True):
            assert {int(graph.edges.subjects[edge]), int(graph.edges.objects[edge])} == {one, two}
        assert held[edges[0]]
