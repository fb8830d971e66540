from dataclasses import replace

import pytest

from graph_service.analysis.control import (
    BASES,
    BOUNDARY,
    JOINT,
    POSSIBLE,
    UNDISCLOSED,
    Control,
    control,
)
from graph_service.analysis.stakes import Stakes, stakes
from graph_service.domain.facts import Fact, FactKind
from graph_service.projection import CsrGraph
from tests.analysis.test_ownership import LIMITED_COMPANY, limited
from tests.graphs import DAY, cross_holding, during, holds, project, pyramid, relation


def found_in(facts: list[Fact], day: int = DAY) -> tuple[CsrGraph, Stakes, Control]:
    graph = project(facts, rules=LIMITED_COMPANY)
    held = stakes(graph, day)
    return graph, held, control(graph, held, day)


def controllers(facts: list[Fact], company: str, day: int = DAY) -> dict[str, str]:
    """Name and class of each controller; ultimate ones in capitals."""
    graph, _, found = found_in(facts, day)
    out = {}
    for r in found.of(graph.place(company)):
        word = "possible" if found.classes[r] == POSSIBLE else BASES[found.bases[r]]
        out[graph.nodes.ids[int(found.controllers[r])]] = word.upper() if found.ultimate[r] else word
    return out


def notes(facts: list[Fact], company: str, day: int = DAY) -> int:
    graph, _, found = found_in(facts, day)
    return int(found.notes[graph.place(company)])


def mine() -> list[Fact]:
    """A controls Q with 70 % of the votes and 37.5 % of the interest; before, another held a quarter."""
    return [
        holds("p:he", "e:P", 0.6), holds("p:x", "e:P", 0.4), holds("e:P", "e:Q", 0.45), holds("e:P", "e:R", 0.7),
        during(holds("e:R", "e:Q", 0.25), DAY - 10, None), during(holds("p:feng", "e:Q", 0.25), None, DAY - 10),
        holds("o:city", "e:Q", 0.3), holds("e:away", "e:R", 0.3),
    ]  # fmt: skip


def test_votes_of_all_that_one_controls_count_together() -> None:
    assert controllers(mine(), "e:Q") == {"e:P": "votes", "p:he": "VOTES"}
    graph, _, found = found_in(mine())
    rows = {graph.nodes.ids[int(found.controllers[r])]: r for r in found.of(graph.place("e:Q"))}
    assert found.lower[rows["p:he"]] == pytest.approx(0.7, abs=1e-12)
    assert found.depth[rows["p:he"]] == 3
    assert controllers(mine(), "e:Q", DAY - 11) == {}


def test_a_chain_that_ends_at_a_firm_from_elsewhere_says_so() -> None:
    assert notes(mine(), "e:R") & BOUNDARY
    assert notes(mine(), "e:Q") & BOUNDARY
    assert not notes(mine(), "e:P") & BOUNDARY
    assert notes([holds("p:1", "e:1", 0.4)], "e:1") == UNDISCLOSED
    assert notes([holds("p:1", "e:1", 0.4), holds("p:2", "e:1", 0.6)], "e:1") == 0


@pytest.mark.parametrize("parts", [(0.1, 0.2, 0.2), (0.3, 0.2), (0.25, 0.25), (0.07, 0.28, 0.15), (0.5,)])
def test_exactly_one_half_is_no_control(parts: tuple[float, ...]) -> None:
    """Sums of parts that a plain float takes for more than a half, or less."""
    facts = [
        fact
        for n, part in enumerate(parts)
        for fact in (holds("p:1", f"e:m{n}", 1.0), holds(f"e:m{n}", "e:1", part))
    ]
    assert controllers([*facts, holds("p:2", "e:1", 0.5)], "e:1") == {}
    more = [*facts, holds("p:1", "e:1", 0.0001), holds("p:2", "e:1", 0.4999)]
    assert controllers(more, "e:1") == {"p:1": "VOTES"}


def test_two_halves_are_joint_and_neither_controls() -> None:
    facts = [holds("p:1", "e:1", 0.5), holds("p:2", "e:1", 0.5)]
    assert (controllers(facts, "e:1"), notes(facts, "e:1")) == ({}, JOINT)


def test_what_a_company_holds_of_itself_has_no_votes() -> None:
    assert controllers(
        [holds("e:1", "e:1", 0.3), holds("p:1", "e:1", 0.36), holds("p:2", "e:1", 0.34)], "e:1"
    ) == {"p:1": "VOTES"}


def test_voting_shares_go_before_capital() -> None:
    facts = [replace(holds("p:1", "e:1", 0.4), votes=0.6), replace(holds("p:2", "e:1", 0.6), votes=0.4)]
    assert controllers(facts, "e:1") == {"p:1": "VOTES"}


def test_parties_in_concert_are_one_root() -> None:
    facts = [holds("p:1", "e:1", 0.3), holds("p:2", "e:1", 0.3), holds("p:3", "e:1", 0.4)]
    assert controllers(facts, "e:1") == {}
    together = relation(FactKind.ACTS_IN_CONCERT, "p:1", "p:2")
    assert controllers([*facts, together, holds("e:1", "e:2", 0.6)], "e:2") == {
        "e:1": "votes",
        "p:1": "CONCERT",
        "p:2": "CONCERT",
    }
    assert controllers([*facts, during(together, None, DAY)], "e:1") == {}


def test_an_agreement_is_control_by_itself() -> None:
    facts = [
        relation(FactKind.CONTROLS_BY_AGREEMENT, "p:1", "e:1"),
        holds("e:1", "e:2", 1.0),
        holds("p:2", "e:1", 0.2),
    ]
    assert controllers(facts, "e:1") == {"p:1": "AGREEMENT"}
    assert controllers(facts, "e:2") == {"e:1": "votes", "p:1": "VOTES"}


def test_unknown_votes_make_control_possible_and_certain_only_where_nobody_else_can_have_them() -> None:
    facts = [holds("p:1", "e:1", 0.4), holds("p:2", "e:1"), holds("p:3", "e:1")]
    assert controllers(facts, "e:1") == {"p:2": "possible", "p:3": "possible"}
    sole = [holds("p:1", "e:1", 0.4), holds("p:2", "e:1")]
    assert controllers(sole, "e:1") == {"p:2": "possible"}
    assert controllers([limited("e:1"), *sole], "e:1") == {"p:2": "VOTES"}


def test_a_ring_of_control_is_its_own_ultimate_controller() -> None:
    facts = [holds("e:x", "e:y", 0.6), holds("e:y", "e:x", 0.6), holds("e:y", "e:z", 1.0)]
    assert controllers(facts, "e:z") == {"e:x": "VOTES", "e:y": "VOTES"}
    assert controllers(cross_holding(), "e:x") == {"p:owner": "VOTES"}


def test_the_parent_is_the_holder_of_most_votes_on_the_controllers_side() -> None:
    graph, _held, found = found_in(mine())
    row = next(r for r in found.of(graph.place("e:Q")) if found.ultimate[r])
    assert graph.nodes.ids[int(found.via[row])] == "e:P"


def test_pyramid_ends_at_the_person() -> None:
    assert controllers([*pyramid(), holds("p:boss", "e:b", 0.1)], "e:b")["p:boss"] == "VOTES"
