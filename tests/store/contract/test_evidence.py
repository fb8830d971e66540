"""Which deliveries a fact cites."""

from graph_service.domain.facts import FactKind
from graph_service.store.base import GraphStore
from tests.store.contract.worlds import FIRMS, PEOPLE
from tests.store.deliveries import SHAREHOLDERS, Load, holds, write_all

FIRM, HOLDER = FIRMS[0], PEOPLE[0]


def cited(store: GraphStore) -> dict[float | None, list[str]]:
    """Deliveries by the share that they are cited for."""
    view = store.view()
    facts = view.evidence(list(view.all_facts((FactKind.HOLDS,))))
    return {fact.share: [e.batch for e in fact.evidence] for fact in facts}


def lists(batch: str, day: int, share: float) -> Load:
    return Load(batch, SHAREHOLDERS, (holds(HOLDER, FIRM, share),), "snapshot", day, (FIRM,))


def test_a_share_cites_the_lists_of_its_own_time_alone(store: GraphStore) -> None:
    write_all(store, [lists("june", 100, 0.7), lists("july", 130, 0.8), lists("august", 160, 0.8)])
    assert cited(store) == {0.7: ["june"], 0.8: ["july", "august"]}


def test_a_share_that_comes_back_cites_every_list_that_states_it(store: GraphStore) -> None:
    write_all(store, [lists("june", 100, 0.7), lists("july", 130, 0.8), lists("august", 160, 0.7)])
    view = store.view()
    facts = sorted(view.evidence(list(view.all_facts((FactKind.HOLDS,)))), key=lambda f: f.valid_from or 0)
    assert [f.share for f in facts] == [0.7, 0.8, 0.7]
    assert facts[1].evidence[0].batch == "july"
    assert all("july" not in {e.batch for e in f.evidence} for f in (facts[0], facts[2]))
