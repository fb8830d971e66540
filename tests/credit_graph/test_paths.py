from pathlib import Path

import pytest

from graph_service import CreditGraph, snapshots
from graph_service.domain.errors import UnknownEntity, WrongCall
from tests.credit_graph.small_store import deliver, store_at
from tests.credit_graph.test_ownership import AS_OF, AWAY, FACTS, HE, MINE, PARENT, TRUCKS, graph_on


@pytest.fixture(params=["snapshot", "store"])
def graph(tmp_path: Path, request: pytest.FixtureRequest) -> CreditGraph:
    store = store_at(tmp_path / "s.db")
    deliver(store, FACTS, source="shareholders")
    if request.param == "snapshot":
        snapshots.refresh(store, tmp_path / "home", as_of=AS_OF)
    return graph_on(store, tmp_path / "home")


def test_each_step_of_a_path_is_told_with_its_facts(graph: CreditGraph) -> None:
    found = graph.paths([AWAY], [HE], mode="all")
    assert [[e.id for e in path.entities] for path in found.paths] == [
        [AWAY, TRUCKS, PARENT, HE], [AWAY, TRUCKS, MINE, PARENT, HE],
    ]  # fmt: skip
    steps = found.paths[0].relations
    assert [(s.subject.id, s.object.id, s.share) for s in steps[:2]] == [
        (AWAY, TRUCKS, 0.3),
        (PARENT, TRUCKS, 0.7),
    ]
    assert all(s.evidence for s in steps)
    assert set(found.to_networkx().nodes) == {AWAY, TRUCKS, PARENT, MINE, HE}


def test_no_path_is_an_answer_that_says_so(graph: CreditGraph) -> None:
    found = graph.paths([AWAY], [HE], kinds=["guarantees"])
    assert found.paths == ()
    assert found.none_found is not None
    early = graph.at(as_of=0).paths([MINE], [TRUCKS], length=1)
    assert early.paths == ()


def test_a_wrong_question_is_refused(graph: CreditGraph) -> None:
    with pytest.raises(WrongCall, match="between 1 and 50"):
        graph.paths([MINE] * 51, [HE])
    with pytest.raises(UnknownEntity):
        graph.paths([MINE], ["uscc:91411202MA40AB9X0K"])
