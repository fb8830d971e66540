"""What surrounds an entity is the same, told from a snapshot's projection or from the store."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_service import CreditGraph, snapshots
from graph_service.domain.facts import Fact, FactKind
from graph_service.results import Neighbours
from graph_service.rules import load_rules
from tests.credit_graph.small_store import deliver, store_at
from tests.credit_graph.test_questions import FACTS, FIRM, LI, TODAY, day, exit_of, profile

AS_OF = day("2026-11-15")
FIRMS = [f"uscc:9141120{i}MA40AB121{i}" for i in range(6)]
PERSONS = ["person:" + str(i) * 32 for i in range(3)]
DAYS = st.sampled_from([None, day("2020-01-01"), day("2026-11-15"), day("2026-11-16")])
HOLDS = st.builds(
    lambda s, o, start, end: Fact("r", FactKind.HOLDS, s, o, share=0.5, valid_from=start, valid_to=end),
    st.sampled_from([*FIRMS, *PERSONS]),
    st.sampled_from(FIRMS),
    DAYS,
    DAYS,
)


def _both(
    path: Path, facts: tuple[Fact, ...], reference: str, depth: int, limit: int
) -> tuple[Neighbours, Neighbours]:
    store = store_at(path / "s.db")
    deliver(store, facts)
    with CreditGraph.open(store.url, as_of=AS_OF, home=path / "none", clock=lambda: TODAY) as graph:
        stored = graph.neighbours(reference, depth=depth, limit=limit)
    snapshots.refresh(store, path / "home", load_rules(), AS_OF)
    with CreditGraph.open(store.url, home=path / "home", clock=lambda: TODAY) as graph:
        shown = graph.neighbours(reference, depth=depth, limit=limit)
    store.close()
    return stored, shown


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=st.lists(HOLDS, min_size=1, max_size=12), depth=st.integers(1, 3))
def test_a_snapshot_and_the_store_tell_the_same_neighbourhood(
    tmp_path_factory: pytest.TempPathFactory, held: list[Fact], depth: int
) -> None:
    named = tuple(profile(e, f"三门峡第{n}建材有限公司") for n, e in enumerate(FIRMS)) + tuple(
        profile(e, f"王小{n}") for n, e in enumerate(PERSONS)
    )
    once = tuple({(f.subject, f.object): f for f in held}.values())
    stored, shown = _both(tmp_path_factory.mktemp("s"), (*named, *once), held[0].object or "", depth, 200)
    assert shown.snapshot is not None
    assert {(e.id, e.name, e.depth, e.listed, e.hub) for e in shown.entities} == {
        (e.id, e.name, e.depth, e.listed, e.hub) for e in stored.entities
    }
    assert sorted(r.fact for r in shown.relations) == sorted(r.fact for r in stored.relations)
    assert {r.fact: r.evidence for r in shown.relations} == {r.fact: r.evidence for r in stored.relations}


def test_a_snapshot_s_neighbourhood_names_masked_persons_and_who_is_listed(tmp_path: Path) -> None:
    _, shown = _both(tmp_path, FACTS, FIRM, 2, 200)
    assert {e.id: e.name for e in shown.entities}[LI] == "李*"
    assert [e.id for e in shown.entities if e.listed] == [FIRM]


def test_a_neighbour_repaired_since_the_snapshot_is_no_longer_called_listed(tmp_path: Path) -> None:
    store = store_at(tmp_path / "s.db")
    deliver(store, FACTS)
    snapshots.refresh(store, tmp_path / "home", load_rules(), AS_OF)
    gone = exit_of(FIRM, "dishonest_judgment_debtor", "repaired", "2026-01-01")
    deliver(store, (gone,), "b2", "list_exits")
    with CreditGraph.open(store.url, home=tmp_path / "home", clock=lambda: TODAY) as graph:
        assert not any(e.listed for e in graph.neighbours(LI).entities)
    store.close()


def test_a_snapshot_s_neighbourhood_says_where_it_was_cut(tmp_path: Path) -> None:
    _, shown = _both(tmp_path, FACTS, FIRM, 2, 1)
    assert shown.truncated is not None
    assert (shown.truncated.stage, shown.truncated.limit, shown.truncated.total) == (
        "neighbours, step 1",
        1,
        2,
    )
