"""A firm has one registered representative at a time: who is stated later ends who was."""

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from graph_service.domain.facts import FactKind
from graph_service.store.base import GraphStore
from tests.store.contract.engines import ENGINES
from tests.store.contract.worlds import FIRMS, PEOPLE
from tests.store.deliveries import REGISTRATION, Load, represents, write_all

FIRM, (FIRST, SECOND) = FIRMS[0], PEOPLE
Told = tuple[int, str, int | None]  # day of the delivery, representative, start that it states


def _load(told: Told, number: int) -> Load:
    day, person, start = told
    return Load(f"b{number}", REGISTRATION, (represents(person, FIRM, start),), date=day)


def _held(store: GraphStore) -> list[tuple[str, int | None, int | None]]:
    facts = store.view().all_facts((FactKind.REPRESENTS,))
    return sorted((f.subject, f.valid_from, f.valid_to) for f in facts)


CASES: list[tuple[tuple[Told, ...], list[tuple[str, int | None, int | None]]]] = [
    # The successor's start is stated: the predecessor ends on that day, not on the delivery's.
    (((100, FIRST, 10), (200, SECOND, 150)), [(FIRST, 10, 150), (SECOND, 150, None)]),
    # Only the founding is stated for both: the change is of the delivery's date.
    (((100, FIRST, 10), (200, SECOND, 10)), [(FIRST, 10, 200), (SECOND, 200, None)]),
    (((100, FIRST, None), (200, SECOND, None)), [(FIRST, None, 200), (SECOND, 200, None)]),
    # Repeated, replaced, and back again.
    (
        ((100, FIRST, 10), (150, FIRST, 10), (200, SECOND, 10), (300, FIRST, 10)),
        [(FIRST, 10, 200), (FIRST, 300, None), (SECOND, 200, 300)],
    ),
    # Two deliveries of one day: who began later is the later.
    (((100, SECOND, 50), (100, FIRST, 10)), [(FIRST, 10, 50), (SECOND, 50, None)]),
]


@pytest.mark.parametrize("engine", list(ENGINES))
@pytest.mark.parametrize(("told", "held"), CASES)
def test_a_successor_ends_the_predecessor_in_whatever_order_the_deliveries_come(
    tmp_path: Path, engine: str, told: tuple[Told, ...], held: list[tuple[str, int | None, int | None]]
) -> None:
    loads = [_load(one, n) for n, one in enumerate(told)]
    for number, order in enumerate(permutations(loads)):
        folder = tmp_path / str(number)
        folder.mkdir()
        store = ENGINES[engine](folder)
        write_all(store, order)
        assert _held(store) == held
        store.close()


@pytest.mark.parametrize("engine", list(ENGINES))
def test_without_the_successor_the_predecessor_stands_again(tmp_path: Path, engine: str) -> None:
    store = ENGINES[engine](tmp_path)
    write_all(store, [_load((100, FIRST, 10), 1), _load((200, SECOND, 150), 2)])
    with store.writer() as writer:
        writer.withdraw("b2")
    assert _held(store) == [(FIRST, 10, None)]
    store.close()


@pytest.mark.parametrize("engine", list(ENGINES))
def test_of_two_representatives_in_one_delivery_the_first_line_counts(tmp_path: Path, engine: str) -> None:
    first, second = represents(SECOND, FIRM, 10), represents(FIRST, FIRM, 10)
    rows = (replace(second, line=3), first)
    store = ENGINES[engine](tmp_path)
    write_all(store, [Load("b", REGISTRATION, rows)])
    assert _held(store) == [(SECOND, 10, None)]
    store.close()
