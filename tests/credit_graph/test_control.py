"""Who controls whom as a user asks: a mine and its owner, parties in concert, the ends of the data, communities."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from graph_service import CreditGraph, snapshots
from graph_service.credit_graph.moment import SHANGHAI
from graph_service.domain.errors import WrongCall
from graph_service.domain.facts import Fact, FactKind
from graph_service.results import Controllers
from graph_service.results.sentences import DATA_BOUNDARY
from tests.credit_graph.small_store import deliver, store_at
from tests.credit_graph.test_questions import day, profile
from tests.graphs import during, holds, relation

HE, FENG, WIFE, THIRD = ("person:" + letter * 32 for letter in "abce")
P, Q, R = "uscc:91411202MA40AB121R", "uscc:91411202MA40AB2G2X", "uscc:91411202MA40AB3F7C"
CITY, BUREAU = "uscc:91411202347528170Y", "uscc:11411200MB0P12345A"
AWAY = "name:" + "d" * 32
MOVED, AS_OF = day("2026-02-10"), day("2026-11-15")
STORY = [
    profile(HE, "贺大山"), profile(P, "曜安实业有限公司", type="有限"), profile(R, "宏岭运输有限公司", type="有限"),
    holds(HE, P, 0.6), holds(WIFE, P, 0.4), holds(P, Q, 0.45), holds(CITY, Q, 0.3), holds(BUREAU, CITY, 1.0),
    during(holds(FENG, Q, 0.25), None, MOVED), during(holds(R, Q, 0.25), MOVED, None),
    holds(P, R, 0.7), holds(AWAY, R, 0.3),
]  # fmt: skip
KINDS = {BUREAU: "organization"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def city(tmp_path: Path, home: Path) -> Iterator[CreditGraph]:
    with asked(tmp_path, home, STORY) as graph:
        yield graph


def asked(folder: Path, home: Path, facts: Sequence[Fact]) -> CreditGraph:
    """A graph whose snapshot shows these facts."""
    store = store_at(folder / "s.db")
    deliver(store, facts, source="shareholders", kinds=KINDS)
    snapshots.refresh(store, home, as_of=AS_OF)
    clock = datetime(2026, 11, 15, 12, tzinfo=SHANGHAI)
    return CreditGraph.open(store.url, home=home, clock=lambda: clock)


def ask(folder: Path, facts: Sequence[Fact], entity: str = Q) -> Controllers:
    with asked(folder, folder / "home", facts) as graph:
        return graph.controller(entity)


def named(found: Controllers) -> list[tuple[str, str]]:
    return [(s.controller.id, s.rule) for s in found.suspected]


# ---------------------------------------------------------------- the mine
def test_the_votes_of_all_that_one_controls_add_up_and_every_part_is_cited(city: CreditGraph) -> None:
    found = city.controller(Q)
    first = found.controllers[0]
    assert (first.controller.id, round(first.votes_lower, 9), first.ultimate) == (HE, 0.7, True)
    assert {(g.subject.id, g.object.id, g.share) for g in first.grounds} == {
        (HE, P, 0.6), (P, R, 0.7), (P, Q, 0.45), (R, Q, 0.25),
    }  # fmt: skip
    assert all(g.evidence for g in first.grounds)
    assert named(found) == [(HE, "votes")]
    assert "贺大山" not in json.dumps(found.to_dict(), ensure_ascii=False)


def test_the_boundary_is_said_beside_a_controller(city: CreditGraph) -> None:
    found = city.controller(R)
    assert (found.status, [e.id for e in found.boundary]) == ("identified", [AWAY])
    assert DATA_BOUNDARY in found.remarks
    assert city.controller(P).remarks == ()


def test_before_the_quarter_moved_nobody_is_identified_and_every_chain_is_complete(city: CreditGraph) -> None:
    found = city.at(as_of=day("2025-12-31")).controller(Q)
    assert (found.status, found.controllers, found.suspected) == ("none", (), ())
    assert found.finding.zh.startswith("未识别到实际控制人")
    assert {(i.holder.id, i.votes) for i in found.significant_influence} == {
        (P, 0.45),
        (CITY, 0.3),
        (FENG, 0.25),
    }


def test_before_the_first_holding_nothing_is_claimed(tmp_path: Path, home: Path) -> None:
    facts = [profile(Q, "宏岭矿业"), during(holds(HE, Q, 0.9), day("2020-01-01"), None)]
    with asked(tmp_path, home, facts) as graph:
        found = graph.at(as_of=day("2019-12-31")).controller(Q)
    assert (found.controllers, found.status) == ((), "undisclosed")
    assert "未识别" not in found.finding.zh


def test_the_states_firms_are_no_group_of_the_bureau(city: CreditGraph) -> None:
    assert [(s.controller.id, s.rule) for s in city.controller(CITY).suspected] == [(BUREAU, "votes")]
    found = city.group(BUREAU)
    assert found.groups == ()
    assert found.none_found is not None
    assert "公共节点" in found.none_found.zh


# ---------------------------------------------------------------- where votes do not say it
def test_a_last_controller_whose_owners_are_in_no_file_is_where_the_data_end(tmp_path: Path) -> None:
    found = ask(tmp_path, [holds(AWAY, Q, 0.8), holds(HE, Q, 0.2)])
    assert (found.status, found.controllers[0].controller.id, found.suspected) == ("boundary", AWAY, ())
    assert "控制链止于数据边界" in found.finding.zh
    assert "未识别" not in found.finding.zh


def test_those_who_act_in_concert_are_named_with_each_other_and_the_agreement(tmp_path: Path) -> None:
    facts = [
        holds(HE, Q, 0.3),
        holds(FENG, Q, 0.3),
        holds(WIFE, Q, 0.4),
        relation(FactKind.ACTS_IN_CONCERT, HE, FENG),
    ]
    found = ask(tmp_path, facts)
    assert found.status == "several"
    assert {(c.controller.id, c.acting_with[0].id, c.basis) for c in found.controllers} == {
        (HE, FENG, "concert"), (FENG, HE, "concert"),
    }  # fmt: skip
    assert {g.kind for g in found.controllers[0].grounds} == {"holds", "acts_in_concert"}
    assert {rule for _, rule in named(found)} == {"concert"}


@pytest.mark.parametrize("role", ["executive_director", "director"])
def test_the_largest_holder_in_office_is_suspected_and_never_by_twelve_percent(
    tmp_path: Path, role: str
) -> None:
    office = replace(relation(FactKind.MANAGES, HE, Q), role=role)
    rest = [holds(WIFE, Q, 0.3), holds(FENG, Q, 0.3)]
    found = ask(tmp_path, [holds(HE, Q, 0.4), office, *rest])
    assert named(found) == ([(HE, "largest")] if role == "executive_director" else [])
    assert found.controllers == ()


def test_twelve_percent_is_never_control(tmp_path: Path) -> None:
    small = [replace(holds(f"person:{n:032x}", Q, 0.11), part=str(n)) for n in range(8)]
    facts = [holds(HE, Q, 0.12), relation(FactKind.REPRESENTS, HE, Q), *small]
    assert named(ask(tmp_path, facts)) == []


def test_the_managing_partner_runs_a_partnership_whatever_the_shares(tmp_path: Path) -> None:
    partner = replace(relation(FactKind.REPRESENTS, HE, Q), role="managing_partner")
    facts = [profile(Q, "宏岭合伙", type="有限合伙企业"), partner, holds(HE, Q, 0.01), holds(FENG, Q, 0.99)]
    assert named(ask(tmp_path, facts)) == [(HE, "principal")]


def test_a_person_has_no_controller_and_the_error_says_what_to_ask(city: CreditGraph) -> None:
    with pytest.raises(WrongCall, match="controlled"):
        city.controller(HE)


# ---------------------------------------------------------------- all at once
def test_groups_and_control_of_the_export_are_those_of_the_answers(city: CreditGraph) -> None:
    frame = city.groups_frame()
    mine = frame[frame["group"] == HE].set_index("enterprise")
    (group,) = city.group(Q).groups
    assert {(m.entity.id, m.parent.id if m.parent else None, m.depth, m.votes) for m in group.members} == {
        (e, r["parent"], r["depth"], r["votes"]) for e, r in mine.iterrows()
    }
    assert set(mine["size"]) == {group.size} == {3}
    control = city.control_frame()
    row = control[(control["controller"] == HE) & (control["enterprise"] == Q)].iloc[0]
    told = city.controller(Q).controllers[0]
    assert (row["votes_lower"], row["votes_upper"], row["depth"], row["class"]) == (
        told.votes_lower, told.votes_upper, told.depth, told.class_.value,
    )  # fmt: skip


def test_communities_are_told_by_size_and_by_entity(city: CreditGraph) -> None:
    every = city.communities()
    assert [(c.size, c.enterprises) for c in every.communities] == [(7, 5)]
    assert every.total == 1
    of = city.communities(of=Q)
    (one,) = of.communities
    assert Q in {m.id for m in one.members}
    assert len(one.members) == one.size
    assert "不表示同一控制" in of.statement.zh
    cut = city.communities(of=Q, limit=2)
    assert cut.truncated is not None
    assert cut.truncated.total == one.size
