"""Moving a store: the whole history arrives on every engine, goes on living there, and comes back."""

import pkgutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import Phase, settings

from graph_service.domain.errors import StoreBusy, StoreError
from graph_service.domain.facts import Fact
from graph_service.store.base import GraphStore
from graph_service.store.moving import Tally, move
from graph_service.store.neo4j import Neo4jStore
from graph_service.store.neo4j.connection import Login
from graph_service.store.sqlite import SqliteStore
from tests.store.contract.engines import ENGINES, examples
from tests.store.contract.test_histories import EVERYTHING, Histories, same, seen
from tests.store.contract.test_one_writer import FIRST, NEXT, OWNERS, OWNERS_NEXT
from tests.store.deliveries import write_all
from tests.store.shown import bare, shown

OTHER = {"sqlite": "neo4j", "neo4j": "sqlite"}


class Moves(Histories):
    """Histories that are moved at their end: to the other engine, there a little further, and back."""

    def _same_in_any_order(self) -> None:
        here = self.engine
        there = self._on(OTHER[here])
        move(self.store, there)
        self._is_the_same(there)
        back = self._on(here)
        move(there, back)
        self._is_the_same(back)
        for batch in [load.batch for load in self.oracle.standing]:
            for store in (self.store, there, back):
                with store.writer() as writer:
                    writer.withdraw(batch)
                    writer.settle()
            same(seen(there), seen(self.store))
            same(seen(back), seen(self.store))
            assert there.content() == back.content() == self.store.content()

    def _on(self, engine: str) -> GraphStore:
        self._opened += 1
        folder = self._folder / str(self._opened)
        folder.mkdir()
        store = ENGINES[engine](folder)
        self._stack.callback(store.close)
        return store

    def _is_the_same(self, store: GraphStore) -> None:
        assert shown(store) == shown(self.store)
        assert store.deliveries() == self.store.deliveries()
        assert store.source_ranks() == self.store.source_ranks()
        for moment, (facts, content) in self.past.items():
            same(seen(store, moment), facts)
            assert store.content(moment) == content
        for entity in sorted({f.subject for f in self.oracle.loaded()}):
            assert _history(store, entity) == _history(self.store, entity)
        assert _told(store) == _told(self.store)


def _history(store: GraphStore, entity: str) -> list[str]:
    return sorted(map(repr, store.view().history(entity)))


def _told(store: GraphStore) -> list[Fact]:
    """Every visible fact with all its evidence."""
    view = store.view()
    return view.evidence(sorted(view.all_facts(EVERYTHING), key=lambda f: repr(bare(f))))


@pytest.mark.parametrize("engine", list(ENGINES))
def test_every_history_arrives_and_comes_back(engine: str) -> None:
    machine: Any = type(f"Moves_{engine}_neo4j", (Moves,), {"engine": engine})
    machine.TestCase.settings = settings(
        max_examples=examples("neo4j", 12), stateful_step_count=8, phases=(Phase.explicit, Phase.generate)
    )
    machine.TestCase().runTest()


@pytest.fixture
def source(tmp_path: Path) -> Iterator[SqliteStore]:
    """A store with an owner who went."""
    folder = tmp_path / "source"
    folder.mkdir()
    store = SqliteStore(folder / "source.db")
    write_all(store, [FIRST, OWNERS, NEXT, OWNERS_NEXT])
    store.bind_person_key("f" * 16)
    yield store
    store.close()


def test_the_person_key_travels(source: SqliteStore, store: GraphStore) -> None:
    move(source, store)
    assert store.person_key_fingerprint() == "f" * 16
    assert shown(store) == shown(source)


def test_a_store_is_never_moved_over_another(source: SqliteStore, store: GraphStore) -> None:
    write_all(store, [FIRST])
    before = shown(store)
    with pytest.raises(StoreError, match="already"):
        move(source, store)
    assert shown(store) == before


@pytest.mark.parametrize("after", [0, 1, 4, 8])
def test_a_move_that_fails_leaves_no_store_and_can_be_repeated(
    source: SqliteStore, store: GraphStore, after: int
) -> None:
    passed, pieces = Tally.of, count()

    def failing(self: Tally, history: Any) -> Iterator[Any]:
        for piece in passed(self, history):
            if next(pieces) == after:  # the last of these while what arrived is read back
                raise RuntimeError
            yield piece

    with patch.object(Tally, "of", failing), pytest.raises(RuntimeError):
        move(source, store)
    assert not store.exists()
    move(source, store)
    assert shown(store) == shown(source)


def test_what_arrived_otherwise_is_no_store(source: SqliteStore, store: GraphStore) -> None:
    kind = "neo4j.moving.Neo4jReceiver" if isinstance(store, Neo4jStore) else "sqlite.moving.SqliteReceiver"
    with (
        patch(f"graph_service.store.{kind}.take", _less(kind)),
        pytest.raises(StoreError, match=r"differs.*in fact"),
    ):
        move(source, store)
    assert not store.exists()


def _less(kind: str) -> Any:
    """Takes all rows but the last of each piece of facts."""
    take: Any = pkgutil.resolve_name(f"graph_service.store.{kind}.take")

    def taking(self: Any, table: str, rows: Any) -> None:
        take(self, table, rows.slice(0, rows.num_rows - 1) if table == "fact" else rows)

    return taking


def test_nobody_sees_a_store_while_it_arrives_and_nobody_else_moves_to_it(
    source: SqliteStore, store: GraphStore
) -> None:
    with store.receiving() as receiver, source.history() as history:
        receiver.begin(None)
        for name, piece in history.tables:
            receiver.take(name, piece)
        if isinstance(store, Neo4jStore):
            with pytest.raises(StoreError, match="move"):
                store.exists()
            other: GraphStore = Neo4jStore(Login(store.url), wait_seconds=0.5)
        else:
            assert not store.exists()
            assert isinstance(store, SqliteStore)
            other = SqliteStore(store.path)
        with pytest.raises(StoreBusy), other.receiving():
            pass
        other.close()
    assert not store.exists()
