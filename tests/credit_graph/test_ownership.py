"""Owners, holdings, controllers, groups as a user asks for them, on a story of a mine and its owner."""

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from graph_service import CreditGraph, snapshots
from graph_service.credit_graph.moment import SHANGHAI
from graph_service.domain.errors import WrongCall
from graph_service.domain.facts import FactKind
from graph_service.results import Sentence
from graph_service.results.sentences import DATA_BOUNDARY
from graph_service.store.base import GraphStore
from tests.credit_graph.small_store import deliver, store_at
from tests.credit_graph.test_questions import day
from tests.graphs import during, holds, relation

HE, FENG, WIFE = "person:" + "a" * 32, "person:" + "b" * 32, "person:" + "c" * 32
PARENT, MINE, TRUCKS = "uscc:91411202MA40AB121R", "uscc:91411202MA40AB2G2X", "uscc:91411202MA40AB3F7C"
CITY, AWAY = "uscc:91411202347528170Y", "name:" + "d" * 32
MOVED = day("2026-02-10")
AS_OF = day("2026-11-15")
FACTS = [
    holds(HE, PARENT, 0.6), holds(WIFE, PARENT, 0.4), holds(PARENT, MINE, 0.45), holds(CITY, MINE, 0.3),
    during(holds(FENG, MINE, 0.25), None, MOVED), during(holds(TRUCKS, MINE, 0.25), MOVED, None),
    holds(PARENT, TRUCKS, 0.7), holds(AWAY, TRUCKS, 0.3), relation(FactKind.REPRESENTS, HE, PARENT),
]  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GraphStore]:
    store = store_at(tmp_path / "s.db")
    deliver(store, FACTS, source="shareholders")
    yield store
    store.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def graph_on(store: GraphStore, home: Path, as_of: int | None = None) -> CreditGraph:
    clock = datetime(2026, 11, 15, 12, tzinfo=SHANGHAI)
    return CreditGraph.open(store.url, as_of, home=home, clock=lambda: clock)


@pytest.fixture(params=["snapshot", "store"])
def graph(store: GraphStore, home: Path, request: pytest.FixtureRequest) -> Iterator[CreditGraph]:
    """The same questions to a snapshot and to the store as it is."""
    if request.param == "snapshot":
        snapshots.refresh(store, home, as_of=AS_OF)
    with graph_on(store, home) as opened:
        yield opened


def test_an_owner_has_less_of_the_interest_than_of_the_votes(graph: CreditGraph) -> None:
    found = graph.owners(MINE)
    of = {row.owner.id: row for row in found.owners}
    assert of[HE].interest_lower == of[HE].interest_upper == pytest.approx(0.375, abs=1e-12)
    assert (of[HE].direct, of[HE].exact, of[PARENT].direct) == (None, True, 0.45)
    assert [round(chain.lower, 6) for chain in of[HE].chains] == [0.27, 0.105]
    assert of[HE].shown == pytest.approx(0.375, abs=1e-12)
    assert DATA_BOUNDARY in found.remarks
    assert found.owners[0].owner.id == PARENT
    control = graph.controller(MINE)
    assert control.status == "identified"
    assert [(c.controller.id, round(c.votes_lower, 9), c.ultimate) for c in control.controllers] == [
        (HE, 0.7, True), (PARENT, 0.7, False),
    ]  # fmt: skip
    assert [(r.subject.id, r.object.id) for r in control.controllers[0].chain] == [
        (HE, PARENT),
        (PARENT, MINE),
    ]
    assert [(s.controller.id, s.rule) for s in control.suspected] == [(HE, "votes")]


def test_the_facts_of_the_chains_of_one_owner_are_cited(graph: CreditGraph) -> None:
    (row,) = graph.owners(MINE, owner=HE).owners
    assert [[r.share for r in chain.relations] for chain in row.chains] == [[0.6, 0.45], [0.6, 0.7, 0.25]]
    assert all(r.evidence for chain in row.chains for r in chain.relations)


def test_before_the_quarter_moved_nobody_is_told_to_control_and_the_boundary_is_said(
    store: GraphStore, home: Path
) -> None:
    snapshots.refresh(store, home, as_of=AS_OF)
    with graph_on(store, home, day("2025-12-31")) as graph:
        found = graph.controller(MINE)
        assert (found.controllers, found.status) == ((), "boundary")
        assert "未识别" not in found.finding.zh
        assert {(i.holder.id, i.votes) for i in found.significant_influence} == {
            (PARENT, 0.45),
            (CITY, 0.3),
            (FENG, 0.25),
        }
        assert graph.owners(MINE, owner=FENG).owners[0].interest_lower == 0.25


def test_no_controller_is_said_only_where_every_chain_is_complete(graph: CreditGraph) -> None:
    assert graph.controller(TRUCKS).status == "identified"
    assert graph.controller(CITY).status == "undisclosed"


def test_a_group_is_a_tree_under_its_ultimate_controller(graph: CreditGraph) -> None:
    for entity in (MINE, HE):
        (group,) = graph.group(entity).groups
        assert (group.controller.id, group.size) == (HE, 3)
        assert {(m.entity.id, m.parent.id if m.parent else None) for m in group.members} == {
            (PARENT, HE), (TRUCKS, PARENT), (MINE, PARENT),
        }  # fmt: skip
    assert graph.group(AWAY).none_found is not None
    assert {row.enterprise.id for row in graph.controlled(HE).controlled} == {PARENT, TRUCKS, MINE}
    assert {row.enterprise.id for row in graph.holdings(HE).holdings} == {PARENT, TRUCKS, MINE}


def test_an_answer_for_one_is_its_row_in_the_export(store: GraphStore, home: Path, tmp_path: Path) -> None:
    snapshots.refresh(store, home, as_of=AS_OF)
    with graph_on(store, home) as graph:
        graph.export("owners", tmp_path / "o.csv")
        graph.export("control", tmp_path / "c.jsonl")
        graph.export("groups", tmp_path / "g.parquet")
        with (tmp_path / "o.csv").open(encoding="utf-8") as file:
            rows = [r for r in csv.DictReader(file) if r["enterprise"] == MINE]
        told = {
            (r.owner.id, repr(r.interest_lower), repr(r.interest_upper))
            for r in graph.owners(MINE, least=0.05).owners
        }
        assert {(r["owner"], r["interest_lower"], r["interest_upper"]) for r in rows} == told
        lines = [json.loads(line) for line in (tmp_path / "c.jsonl").read_text("utf-8").splitlines()]
        mine = {
            (r["controller"], r["votes_lower"], r["depth"], r["class"])
            for r in lines
            if r["enterprise"] == MINE
        }
        assert mine == {
            (c.controller.id, c.votes_lower, c.depth, c.class_.value)
            for c in graph.controller(MINE).controllers
        }
        assert len(graph.control_frame()) == len(lines)


def test_an_export_of_owners_takes_the_least_interest_and_others_do_not(
    store: GraphStore, home: Path, tmp_path: Path
) -> None:
    snapshots.refresh(store, home, as_of=AS_OF)
    with graph_on(store, home) as graph:
        rows = [graph.export("owners", tmp_path / f"{n}.csv", least=n)["rows"] for n in (0.0, 0.3, 0.6)]
        assert rows[0] > rows[1] > rows[2] > 0
        assert graph.export("owners", tmp_path / "o.csv")["rows"] == len(graph.owners_frame())
        for what in ("control", "bods"):
            with pytest.raises(WrongCall, match="owners only"):
                graph.export(what, tmp_path / "x.json", least=0.1)


def test_too_many_rows_are_cut_and_said(graph: CreditGraph) -> None:
    found = graph.owners(MINE, limit=2)
    assert len(found.owners) == 2
    assert found.truncated is not None
    assert found.truncated.total == 6


def test_an_entity_without_holders_says_that_none_are_known(graph: CreditGraph) -> None:
    found = graph.owners(HE)
    assert found.owners == ()
    assert isinstance(found.none_found, Sentence)
    assert "不代表不存在" in found.none_found.zh


def test_a_beneficial_owner_is_told_with_its_test_law_and_chain(graph: CreditGraph) -> None:
    found = graph.beneficial_owners(MINE)
    (owner, wife) = found.beneficial_owners
    assert {owner.person.id, wife.person.id} == {HE, WIFE}
    assert (owner.test, owner.class_.value) == ("equity", "derived")
    assert "2024年第3号令" in owner.citation
    assert [(f.subject.id, f.object.id) for f in owner.facts][1] == (PARENT, MINE)
    assert [r.zh for r in found.remarks] == ["受益所有人（推算，非备案信息）。", DATA_BOUNDARY.zh]


def test_related_parties_name_their_definition(graph: CreditGraph) -> None:
    found = graph.related_parties(MINE)
    by = {(r.definition, r.party.id): r for r in found.related_parties}
    assert by["company_law", TRUCKS].role == "common_controller"
    assert by["company_law", TRUCKS].over is not None
    assert by["cas36", CITY].role == "significant_influence"
    assert ("company_law", CITY) not in by
    assert by["cas36", CITY].facts[0].share == 0.3
