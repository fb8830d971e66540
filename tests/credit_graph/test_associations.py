from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from graph_service import CreditGraph, snapshots
from graph_service.domain.errors import NoSnapshot
from graph_service.domain.facts import Fact, FactKind
from graph_service.results import Associations
from graph_service.store.base import GraphStore
from tests.credit_graph.small_store import deliver, store_at
from tests.credit_graph.test_questions import (
    FACTS,
    FIRM,
    LI,
    OTHER,
    TODAY,
    day,
    exit_of,
    profile,
    record,
)

AS_OF = day("2026-11-15")
AGED = 0.5 ** ((AS_OF - day("2025-03-12")) / (36 * 30.4375))  # what a lead counts so long after the record
KIND = "dishonest_judgment_debtor"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GraphStore]:
    store = store_at(tmp_path / "s.db")
    deliver(store, FACTS)
    yield store
    store.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def told(store: GraphStore, home: Path, at: datetime = TODAY, as_of: int | None = None) -> Associations:
    with CreditGraph.open(store.url, as_of, home=home, clock=lambda: at) as graph:
        return graph.associations(OTHER)


def test_a_listed_firm_behind_a_common_person_is_told_with_path_records_and_caution(
    store: GraphStore, home: Path
) -> None:
    snapshots.refresh(store, home, as_of=AS_OF)
    found = told(store, home)
    assert found.snapshot is not None
    assert found.snapshot.startswith("s1-")
    (lead,) = found.associations
    assert (lead.target.id, lead.hops, lead.class_.value) == (FIRM, 2, "lead")
    assert [(s.kind, s.subject.id, s.object.id) for s in lead.path] == [
        ("represents", LI, OTHER),
        ("holds", LI, FIRM),
    ]
    assert [(r.kind, r.document) for r in lead.records] == [(KIND, "甲1号")]
    assert all(step.evidence and step.evidence[0].line for step in lead.path)
    assert "仅供核查参考" in lead.statement.zh
    assert "李伟" not in str(found.to_dict())
    assert set(found.to_networkx()) == {FIRM, LI, OTHER}


def test_live_answers_agree_with_the_snapshots(store: GraphStore, home: Path) -> None:
    live = told(store, home, as_of=AS_OF)
    snapshots.refresh(store, home, as_of=AS_OF)
    kept = told(store, home)
    assert live.snapshot is None
    assert live.associations == kept.associations
    assert len(kept.associations) == 1


THRESHOLD = """
[[threshold]]
code = "{}"
value = {}
unit = "{}"
title_zh = "x"
title_en = "x"
citation = "本局"
confirmed = "K"
"""
HUB = """
[[hub]]
code = "agent"
names = ["李伟"]
reason_zh = "代办人"
reason_en = "agent"
citation = "本局"
confirmed = "K"
"""
UNLISTED = """
[[kind]]
code = "dishonest_judgment_debtor"
title_zh = "失信被执行人"
title_en = "debtor"
grade = "serious"
listed = false
sign = "adverse"
nature = "decided"
citation = "本局"
confirmed = "K"
"""


@pytest.mark.parametrize(
    ("file", "text", "strengths"),
    [
        ("thresholds.toml", "", [0.6]),
        ("thresholds.toml", THRESHOLD.format("association_hops", 1, "hops"), []),
        ("thresholds.toml", THRESHOLD.format("association_strength_represents", 0.5, "share"), [0.3]),
        ("thresholds.toml", THRESHOLD.format("association_strength_represents", 0, "share"), []),
        ("thresholds.toml", THRESHOLD.format("association_least_share", 0.9, "share"), [0.9]),
        ("hubs.toml", HUB, []),
        ("record_kinds.toml", UNLISTED, []),
    ],
)
def test_an_office_s_rules_change_local_answers_and_a_snapshot_s_alike(
    store: GraphStore, home: Path, file: str, text: str, strengths: list[float]
) -> None:
    (home / "rules").mkdir(parents=True)
    (home / "rules" / file).write_text(text, "utf-8")
    live = told(store, home, as_of=AS_OF)
    snapshots.refresh(store, home, as_of=AS_OF)
    kept = told(store, home)
    assert (live.snapshot, live.associations, live.hubs) == (None, kept.associations, kept.hubs)
    assert [a.strength for a in live.associations] == [round(s * AGED, 6) for s in strengths]


@pytest.mark.parametrize("event", ["repaired", "revoked"])
def test_a_repair_or_revocation_reaches_the_answers_before_the_next_refresh(
    store: GraphStore, home: Path, event: str
) -> None:
    snapshots.refresh(store, home, as_of=AS_OF)
    deliver(store, [exit_of(FIRM, KIND, event, "2026-11-14")], "b2")
    found = told(store, home)
    assert found.stale
    assert found.associations == ()
    assert found.paused == 0
    assert found.none_found is not None
    assert told(store, home, as_of=day("2026-01-01")).associations == ()


def test_an_objection_pauses_the_finding_and_counts_it(store: GraphStore, home: Path) -> None:
    snapshots.refresh(store, home, as_of=AS_OF)
    deliver(store, [exit_of(FIRM, KIND, "objected", "2026-11-14")], "b2")
    found = told(store, home)
    assert (found.associations, found.paused) == ((), 1)
    snapshots.refresh(store, home, as_of=AS_OF)
    found = told(store, home)
    assert (found.associations, found.paused, found.stale) == ((), 1, False)
    deliver(store, [exit_of(FIRM, KIND, "objection_ended", "2026-11-15")], "b3")
    snapshots.refresh(store, home, as_of=AS_OF)
    assert len(told(store, home).associations) == 1


def test_a_repair_after_an_objection_pauses_nothing_any_more_before_a_refresh_too(
    store: GraphStore, home: Path
) -> None:
    deliver(store, [exit_of(FIRM, KIND, "objected", "2026-11-10")], "b2")
    snapshots.refresh(store, home, as_of=AS_OF)
    assert told(store, home).paused == 1
    deliver(store, [exit_of(FIRM, KIND, "repaired", "2026-11-14")], "b3")
    found = told(store, home)
    assert (found.associations, found.paused, found.stale) == ((), 0, True)


def test_what_ends_with_the_day_vanishes_with_the_day(tmp_path: Path, home: Path) -> None:
    """A snapshot of today ages: its records expire by today; one made for a given day stays at that day."""
    store = store_at(tmp_path / "s.db")
    deliver(store, [f for f in FACTS if f.kind is not FactKind.RECORD])
    today = datetime.now(UTC).date()
    end = (today + timedelta(days=5)).isoformat()
    deliver(store, [record(FIRM, KIND, "2025-03-12", end=end)], "b2")
    snapshots.refresh(store, home)
    now, later = datetime.now(UTC), datetime.now(UTC) + timedelta(days=5)
    assert len(told(store, home, now).associations) == 1
    assert told(store, home, later).associations == ()
    assert told(store, home, later).stale
    snapshots.refresh(store, home, as_of=(today - datetime(1970, 1, 1).date()).days)  # noqa: DTZ001
    assert len(told(store, home, later).associations) == 1


def test_a_withdrawn_delivery_of_the_list_takes_its_findings_with_it(tmp_path: Path, home: Path) -> None:
    store = store_at(tmp_path / "s.db")
    deliver(store, [f for f in FACTS if f.kind is not FactKind.RECORD])
    deliver(store, [record(FIRM, KIND, "2025-03-12")], "list")
    snapshots.refresh(store, home, as_of=AS_OF)
    assert len(told(store, home).associations) == 1
    with store.writer() as writer:
        writer.withdraw("list")
        writer.settle()
    assert told(store, home).associations == ()


def test_a_hub_that_an_officer_names_is_not_crossed_and_is_said(store: GraphStore, home: Path) -> None:
    with CreditGraph.open(store.url, home=home, clock=lambda: TODAY) as graph:
        graph.add_hub(LI, reason="挂名", by="officer-7")
    for as_of in (None, AS_OF):
        snapshots.refresh(store, home, as_of=AS_OF)
        found = told(store, home, as_of=as_of)
        assert found.associations == ()
        assert [hub.id for hub in found.hubs] == [LI], as_of
        assert "挂名" in found.hubs[0].reason


def test_load_changes_no_default_answer_until_a_refresh(store: GraphStore, home: Path) -> None:
    snapshots.refresh(store, home, as_of=AS_OF)
    deliver(store, [profile("uscc:91411202MA40AB148H", "三门峡新来有限公司")], "b2")
    with CreditGraph.open(store.url, home=home, clock=lambda: TODAY) as graph:
        assert graph.search("新来").entities == ()
        assert graph.search("新来").stale
    snapshots.refresh(store, home, as_of=AS_OF)
    with CreditGraph.open(store.url, home=home, clock=lambda: TODAY) as graph:
        assert len(graph.search("新来").entities) == 1


def test_the_export_of_associations_holds_what_the_answers_say(
    store: GraphStore, home: Path, tmp_path: Path
) -> None:
    with CreditGraph.open(store.url, home=home, clock=lambda: TODAY) as graph, pytest.raises(NoSnapshot):
        graph.associations_frame()
    snapshots.refresh(store, home, as_of=AS_OF)
    with CreditGraph.open(store.url, home=home, clock=lambda: TODAY) as graph:
        frame = graph.associations_frame()
        (answer,) = graph.associations(OTHER).associations
    row = frame[frame["enterprise"] == OTHER].iloc[0]
    assert (row["target"], row["hops"], row["target_kind"]) == (FIRM, 2, "enterprise")
    assert row["records"] == ";".join(r.fact for r in answer.records)
    assert row["path"] == f"{OTHER} <-represents- {LI} -holds-> {FIRM}"


def test_the_most_associated_come_first(store: GraphStore, home: Path) -> None:
    snapshots.refresh(store, home, as_of=AS_OF)
    with CreditGraph.open(store.url, home=home, clock=lambda: TODAY) as graph:
        assert [a.entity.id for a in graph.most_associated(3)] == [OTHER]


def test_facts_that_the_answer_cites_can_be_found_in_the_history(store: GraphStore, home: Path) -> None:
    snapshots.refresh(store, home, as_of=AS_OF)
    (lead,) = told(store, home).associations
    with CreditGraph.open(store.url, home=home, clock=lambda: TODAY) as graph:
        known = {f.fact for e in (FIRM, OTHER) for f in graph.history(e).facts}
    assert {s.fact for s in lead.path} | {r.fact for r in lead.records} <= known


def test_parallel_relations_are_told_apart_by_view_projection_and_answers(tmp_path: Path, home: Path) -> None:
    """Two holdings of one source are two, everywhere; what a lower-ranked source says of the pair is not counted."""
    store = store_at(tmp_path / "s.db")
    since = day("2020-01-01")
    twice = [
        Fact("r", FactKind.HOLDS, LI, FIRM, part=part, share=share, valid_from=since)
        for part, share in (("a", 0.2), ("b", 0.6))
    ]
    deliver(store, [f for f in FACTS if f.kind is not FactKind.HOLDS] + twice)
    deliver(store, [Fact("z", FactKind.HOLDS, LI, FIRM, share=0.9, valid_from=since)], "b2", "zz")
    shown = [f.share for f in store.view(AS_OF).relations(LI, (FactKind.HOLDS,))]
    assert sorted(s for s in shown if s) == [0.2, 0.6]
    live = told(store, home, as_of=AS_OF)
    snapshot = snapshots.refresh(store, home, as_of=AS_OF)
    edges = snapshot.graph.edges
    assert sorted(edges.shares[edges.kinds == int(FactKind.HOLDS)].tolist()) == [0.2, 0.6]
    kept = told(store, home)
    assert live.associations == kept.associations
    assert [(a.strength, a.path[-1].share) for a in kept.associations] == [(round(0.6 * AGED, 6), 0.6)]


def test_posts_of_one_person_in_one_firm_are_each_cited_by_their_own_fact(tmp_path: Path, home: Path) -> None:
    store = store_at(tmp_path / "s.db")
    posts = [
        Fact("r", FactKind.MANAGES, LI, FIRM, role=r, valid_from=day("2020-01-01")) for r in ("董事", "经理")
    ]
    deliver(store, [*FACTS, *posts])
    snapshots.refresh(store, home, as_of=AS_OF)
    with CreditGraph.open(store.url, home=home, clock=lambda: TODAY) as graph:
        kept = graph.neighbours(LI).relations
        live = graph.at(as_of=AS_OF).neighbours(LI).relations
    assert sorted(r.role or "" for r in kept if r.kind == "manages") == ["经理", "董事"]
    assert {r.fact for r in kept} == {r.fact for r in live}
