"""All profiles in one pass say what the profile of each entity says."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.store.base import GraphStore
from graph_service.store.neo4j import bulk, streams
from graph_service.store.sqlite import every_profile
from tests.store.contract.engines import ENGINES, examples
from tests.store.contract.worlds import days, loads
from tests.store.deliveries import Load, write
from tests.store.shown import EVERYTHING


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_every_profile_is_that_of_its_entity(engine: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    @settings(max_examples=examples(engine, 10))
    @given(given_loads=st.lists(loads(), min_size=1, max_size=3), withdrawn=st.booleans(), as_of=days)
    def check(given_loads: list[Load], withdrawn: bool, as_of: int) -> None:
        _compare(engine, tmp_path_factory, given_loads, (withdrawn, as_of))

    check()


def _compare(
    engine: str, tmp_path_factory: pytest.TempPathFactory, given_loads: list[Load], asked: tuple[bool, int]
) -> None:
    withdrawn, as_of = asked
    store = ENGINES[engine](tmp_path_factory.mktemp("store"))
    _fill(store, given_loads, withdrawn=withdrawn)
    view = store.view(as_of)
    with pytest.MonkeyPatch.context() as patch:
        at_once = list(view.all_facts(EVERYTHING))
        _in_small_pieces(patch)
        found = list(view.every_profile())
        assert list(view.all_facts(EVERYTHING)) == at_once
    ids = map(str, view.nodes().column("id").to_pylist())
    own = [i for i in ids if view.canonical(i) == i]
    assert found == [view.profile(i) for i in own]
    store.close()


def _in_small_pieces(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(every_profile, "PIECE", 2)
    patch.setattr(bulk, "ROWS", 3)
    patch.setattr(streams, "_FEW", 0)


def _fill(store: GraphStore, given_loads: list[Load], *, withdrawn: bool) -> None:
    with store.writer() as writer:
        for number, load in enumerate(given_loads):
            write(writer, replace(load, batch=f"b{number}"))
        if withdrawn:
            writer.withdraw("b0")
        writer.settle()
