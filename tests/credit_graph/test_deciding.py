"""What officers decide stands, can be taken back with its reason, and outlives reloads."""

from pathlib import Path

import pytest

from graph_service import CreditGraph
from graph_service.domain.errors import WrongCall
from graph_service.domain.facts import Fact, FactKind
from graph_service.store.base import GraphStore
from tests.credit_graph.small_store import deliver, store_at

ONE, OTHER = "person:" + "1" * 32, "person:" + "2" * 32
WHY = {"reason": "户籍核对", "by": "officer-7"}
BECAUSE = {"reason": "误判", "by": "officer-8"}


def person(entity: str) -> Fact:
    """A person at the firm, whom a contact makes a candidate."""
    return Fact(
        "managers", FactKind.PROFILE, entity, name="李建军", attrs='{"candidate":["10+4:' + "0a" * 16 + '"]}'
    )


def stated(graph: CreditGraph) -> list[tuple[str, str]]:
    """What officers stated of pairs, by kind and name."""
    return [(m.kind, m.by) for m in graph.matches().matches if m.by]


@pytest.fixture
def store(tmp_path: Path) -> GraphStore:
    found = store_at(tmp_path / "s.db")
    deliver(found, [person(ONE), person(OTHER)], "b1")
    return found


@pytest.fixture
def graph(store: GraphStore, tmp_path: Path) -> CreditGraph:
    return CreditGraph.open(f"sqlite:///{tmp_path / 's.db'}")


def candidates(graph: CreditGraph) -> int:
    """How many pairs wait for an officer."""
    return len(graph.matches().candidates)


def test_a_confirmation_taken_back_leaves_the_pair_undecided(graph: CreditGraph) -> None:
    before = graph.matches()
    assert graph.confirm_match(ONE, OTHER, **WHY).action == "stated"
    assert stated(graph.at()) == [("same_as", "officer-7")]
    assert graph.undo_match(ONE, OTHER, **BECAUSE).action == "ended"
    after = graph.at().matches()
    assert (after.matches, after.candidates) == (before.matches, before.candidates)


def test_a_rejected_candidate_waits_again_when_the_rejection_is_undone(graph: CreditGraph) -> None:
    assert candidates(graph) == 1
    assert graph.undo_match(ONE, OTHER, **WHY).kind == "distinct"
    assert (candidates(graph.at()), stated(graph.at())) == (0, [("distinct", "officer-7")])
    undone = graph.undo_match(ONE, OTHER, **BECAUSE)
    assert (undone.kind, undone.action) == ("distinct", "ended")
    assert (candidates(graph.at()), stated(graph.at())) == (1, [])


def test_a_confirmation_replaces_a_rejection(graph: CreditGraph) -> None:
    graph.undo_match(ONE, OTHER, **WHY)
    graph.confirm_match(ONE, OTHER, **BECAUSE)
    assert stated(graph.at()) == [("same_as", "officer-8")]


def test_why_and_by_whom_something_was_taken_back_is_kept(graph: CreditGraph) -> None:
    graph.confirm_match(ONE, OTHER, **WHY)
    graph.undo_match(ONE, OTHER, **BECAUSE)
    facts = [f for f in graph.at().history(ONE).facts if f.kind in ("same_as", "taken_back")]
    told = [(f.kind, f.role, f.details["reason"], f.details["by"], f.recorded_to is None) for f in facts]
    assert told == [
        ("same_as", "officer", "户籍核对", "officer-7", False),
        ("taken_back", "same_as", "误判", "officer-8", True),
    ]


def test_decided_again_nothing_says_any_more_that_it_was_taken_back(graph: CreditGraph) -> None:
    for _ in range(2):
        graph.confirm_match(ONE, OTHER, **WHY)
        graph.undo_match(ONE, OTHER, **BECAUSE)
    graph.confirm_match(ONE, OTHER, **WHY)
    standing = [f.kind for f in graph.at().history(ONE).facts if f.recorded_to is None]
    assert standing.count("same_as") == 1
    assert "taken_back" not in standing


def test_decisions_outlive_a_reload(graph: CreditGraph, store: GraphStore) -> None:
    graph.confirm_match(ONE, OTHER, **WHY)
    with store.writer() as writer:
        writer.withdraw("b1")
        writer.settle()
    deliver(store, [person(ONE), person(OTHER)], "b1")
    assert stated(graph.at()) == [("same_as", "officer-7")]


FIRM, OTHER_FIRM = "uscc:91411202MA40AB121R", "uscc:91411202MA40AB13XX"
BY_NAME = "name:" + "c" * 32


@pytest.mark.parametrize(
    ("one", "other"), [(FIRM, ONE), (FIRM, OTHER_FIRM), (BY_NAME, OTHER_FIRM), (ONE, BY_NAME)]
)
def test_what_cannot_be_one_entity_is_not_confirmed(
    store: GraphStore, graph: CreditGraph, one: str, other: str
) -> None:
    deliver(
        store, [Fact("registration", FactKind.PROFILE, e, name=e) for e in (FIRM, OTHER_FIRM, BY_NAME)], "b2"
    )
    graph.at().confirm_match(BY_NAME, FIRM, **WHY)
    before = stated(graph.at())
    with pytest.raises(WrongCall, match=r"cannot be one entity|two different valid codes"):
        graph.at().confirm_match(one, other, **WHY)
    assert stated(graph.at()) == before
