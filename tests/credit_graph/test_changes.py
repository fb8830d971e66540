"""What differs between two moments: what two answers say apart, no more and no less, and why a lead went."""

from dataclasses import replace
from pathlib import Path

import pytest

from graph_service import CreditGraph, snapshots
from graph_service.domain.errors import NoSnapshot, UnknownEntity, WrongCall
from graph_service.domain.facts import Fact, FactKind
from graph_service.results import Change, Changes
from graph_service.store.base import GraphStore
from tests.credit_graph.small_store import deliver, store_at
from tests.credit_graph.test_prechecks import (
    NEW_ID,
    OLD,
    OLD_ID,
    OLD_NAME,
    Counter,
    counter,
    ended,
    filled,
    firm,
    person,
)
from tests.credit_graph.test_questions import TODAY, day, exit_of, profile, record

__all__ = ["counter", "filled"]  # fixtures

P, Q, R = "uscc:91411202MA40AB121R", "uscc:91411202MA40AB148H", "uscc:91411202MA40AB156C"
BOSS, FENG, PARTNERS = "person:" + "1" * 32, "person:" + "2" * 32, "name:" + "3" * 32
BEFORE, AFTER = day("2025-12-31"), day("2026-11-01")


def holds(owner: str, firm: str, share: float, since: str = "2020-01-01", until: str | None = None) -> Fact:
    return Fact(
        "shareholders", FactKind.HOLDS, owner, firm, share=share, valid_from=day(since), valid_to=day(until) if until else None
    )  # fmt: skip


FACTS = [
    profile(P, "曜安实业有限公司", type="limited", capital=1e6),
    profile(Q, "宏岭矿业有限公司", type="limited"),
    profile(R, "宏岭运输有限公司", type="limited"),
    profile(BOSS, "贺明山"),
    profile(FENG, "冯大海"),
    holds(BOSS, P, 0.6),
    holds(P, Q, 0.45),
    holds(P, R, 0.7),
    holds(PARTNERS, R, 0.3),
    holds(FENG, Q, 0.25, until="2026-02-10"),
    holds(R, Q, 0.25, since="2026-02-10"),
]


@pytest.fixture
def store(tmp_path: Path) -> GraphStore:
    found = store_at(tmp_path / "s.db")
    deliver(found, FACTS)
    return found


@pytest.fixture
def graph(store: GraphStore, tmp_path: Path) -> CreditGraph:
    snapshots.refresh(store, tmp_path / "home", as_of=AFTER)
    return opened(store, tmp_path)


def opened(store: GraphStore, folder: Path) -> CreditGraph:
    return CreditGraph.open(store.url, home=folder / "home", clock=lambda: TODAY)


def of(found: Changes, aspect: str) -> list[tuple[str, str | None, object, object]]:
    return [
        (c.kind, c.entity.id if c.entity else None, c.before, c.after)
        for c in found.changes
        if c.aspect == aspect
    ]


def text(changes: tuple[Change, ...]) -> str:
    return "".join(c.sentence.zh + c.sentence.en for c in changes)


def test_a_transfer_of_shares_shows_in_relations_interests_and_control(graph: CreditGraph) -> None:
    found = graph.changes(Q, BEFORE)
    assert sorted(of(found, "relation"), key=str) == [
        ("began", R, None, 0.25), ("ended", FENG, 0.25, None),
    ]  # fmt: skip
    owners = {entity: (old, new) for _, entity, old, new in of(found, "owner")}
    assert owners[BOSS] == (pytest.approx(0.27), pytest.approx(0.375))
    assert owners[FENG] == (pytest.approx(0.25), None)
    assert ("began", BOSS, None, None) in of(found, "controller")
    assert [c.what for c in found.changes if c.aspect == "controller" and c.kind == "changed"] == ["status"]
    assert {c.class_.value for c in found.changes} == {"fact", "derived"}


def test_the_differences_are_those_of_two_answers_asked_apart(graph: CreditGraph) -> None:
    early = graph.at(as_of=BEFORE)
    for one in (P, Q, R):
        found = graph.changes(one, BEFORE)
        then = {o.owner.id: o.interest_lower for o in early.owners(one).owners}
        now = {o.owner.id: o.interest_lower for o in graph.owners(one).owners}
        moved = {o for o in then.keys() | now.keys() if then.get(o) != now.get(o)}
        assert {entity for _, entity, _, _ in of(found, "owner")} == moved
        ultimate = [
            {c.controller.id for c in g.controller(one).controllers if c.ultimate} for g in (early, graph)
        ]
        came = {e for kind, e, _, _ in of(found, "controller") if kind == "began"}
        went = {e for kind, e, _, _ in of(found, "controller") if kind == "ended"}
        assert (came, went) == (ultimate[1] - ultimate[0], ultimate[0] - ultimate[1])


def test_nothing_changed_is_said_and_is_no_proof(graph: CreditGraph) -> None:
    found = graph.changes(P, BEFORE)
    assert {c.aspect for c in found.changes} == {"controlled", "group"}
    same = graph.changes(Q, AFTER)
    assert same.changes == ()
    assert same.none_found is not None
    assert "不代表不存在" in same.none_found.zh


def test_persons_are_masked_and_each_fact_is_cited(graph: CreditGraph) -> None:
    found = graph.changes(Q, BEFORE)
    assert "贺明山" not in text(found.changes) + repr(found.to_dict())
    assert "贺*" in text(found.changes)
    assert all(c.facts for c in found.changes if c.aspect == "relation")
    assert all("score" not in row for row in found.rows())


def test_between_two_snapshots_what_each_knew_is_compared(store: GraphStore, tmp_path: Path) -> None:
    first = snapshots.refresh(store, tmp_path / "home", as_of=AFTER)
    deliver(store, [record(P, "serious_violation", "2026-10-01")], "b2")
    snapshots.refresh(store, tmp_path / "home", as_of=AFTER)
    found = opened(store, tmp_path).changes(P, first.id)
    assert found.since_snapshot == first.id
    assert of(found, "record") == [("began", None, None, "in_force")]
    other = opened(store, tmp_path).changes(R, first.id)
    assert [kind for kind, *_ in of(other, "association")] == ["began"] * len(of(other, "association"))
    assert of(other, "association")


def test_another_name_and_status_show_as_attributes(counter: Counter) -> None:
    first = snapshots.current(counter.home)
    assert first is not None
    row = firm(
        "三门峡曜川新材有限公司",
        OLD,
        成立日期="2015-03-01",
        登记状态="注销",
        **person("李德厚", "", "2025-04-02"),
    )
    counter.load("registration_20250505", [row])
    counter.refresh()
    found = counter.graph().changes(OLD_ID, first.id)
    told = {c.what: (c.before, c.after) for c in found.changes if c.aspect == "attribute"}
    assert told == {"name": (OLD_NAME, "三门峡曜川新材有限公司"), "status": ("in_business", "deregistered")}
    assert "登记状态由“存续（在营、开业、在册）”变为“注销”。" in text(found.changes)


def test_a_lead_that_an_objection_pauses_or_a_deletion_ends_says_why(counter: Counter) -> None:
    counter.refresh("2025-05-09")
    first = snapshots.current(counter.home)
    assert first is not None
    assert counter.graph().associations(NEW_ID).associations
    counter.load("list_exits_20250506", [ended("异议受理", "2025-05-05")])
    counter.refresh()
    paused = counter.graph().changes(NEW_ID, first.id)
    went = [c for c in paused.changes if c.aspect == "association" and c.kind == "ended"]
    assert went
    assert all("异议处理中" in c.sentence.zh for c in went)
    counter.load("list_exits_20250508", [ended("撤销", "2025-05-07")])
    counter.refresh()
    gone = [c for c in counter.graph().changes(NEW_ID, first.id).changes if c.aspect == "association"]
    assert {(c.kind, c.what) for c in gone} == {("ended", c.what) for c in went}
    assert all("已修复或撤销" in c.sentence.zh for c in gone)
    own = counter.graph().changes(OLD_ID, first.id)
    assert [c.sentence.zh for c in own.changes if c.aspect == "record"] == [
        "有1条记录已修复或撤销，已终止公示并停止使用。"
    ]
    assert "失信被执行人" not in text(own.changes)


def test_a_record_that_expires_or_is_objected_to_changes_its_status(
    store: GraphStore, tmp_path: Path
) -> None:
    deliver(
        store,
        [
            record(P, "serious_violation", "2023-01-01", "甲1号", "2026-01-01"),
            record(Q, "serious_violation", "2025-01-01", "乙1号"),
            exit_of(Q, "serious_violation", "objected", "2026-03-01", "乙1号"),
        ],
        "b2",
    )
    snapshots.refresh(store, tmp_path / "home", as_of=AFTER)
    found = opened(store, tmp_path)
    assert of(found.changes(P, BEFORE), "record") == [("ended", None, "in_force", "expired")]
    assert of(found.changes(Q, BEFORE), "record") == [("changed", None, "in_force", "objected")]


def test_a_cleared_lead_says_that_an_officer_cleared_it(counter: Counter) -> None:
    first = snapshots.current(counter.home)
    assert first is not None
    for lead in counter.graph().associations(NEW_ID).associations:
        counter.graph().mark_lead(lead.finding, "unfounded", reason="查无关联", by="o-1")
    gone = [c for c in counter.graph().changes(NEW_ID, first.id).changes if c.aspect == "association"]
    assert gone
    assert all("核查人员已标记排除" in c.sentence.zh for c in gone)


def test_before_anything_was_known_all_came_since(
    graph: CreditGraph, store: GraphStore, tmp_path: Path
) -> None:
    first = snapshots.current(tmp_path / "home")
    assert first is not None
    late = "uscc:91411202MA40AB164D"
    deliver(
        store, [profile(late, "新设有限公司"), replace(holds(BOSS, late, 0.9), source="shareholders")], "b3"
    )
    snapshots.refresh(store, tmp_path / "home", as_of=AFTER)
    found = opened(store, tmp_path).changes(late, first.id)
    assert len(found.remarks) == 1
    assert "其后出现" in found.remarks[0].zh
    assert {c.kind for c in found.changes} == {"began"}


def test_wrong_questions_are_refused_in_one_sentence(graph: CreditGraph) -> None:
    with pytest.raises(WrongCall, match="is not before"):
        graph.changes(Q, day("2026-12-01"))
    with pytest.raises(NoSnapshot, match="no snapshot 's1-0'"):
        graph.changes(Q, "s1-0")
    with pytest.raises(UnknownEntity):
        graph.changes("uscc:91411202MA40AB999X", BEFORE)


def test_a_person_has_relations_and_control_that_change_and_no_controller(graph: CreditGraph) -> None:
    found = graph.changes(BOSS, BEFORE)
    assert ("began", Q, None, None) in of(found, "controlled")
    assert of(found, "controller") == []
