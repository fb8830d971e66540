"""Random histories: whatever is loaded, corrected, ended, withdrawn or decided, the store says what the oracle says."""

import json
import random
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from graph_service.domain.errors import BatchConflict
from graph_service.domain.facts import Fact, FactKind
from graph_service.store.base import GraphStore
from tests.store.contract.engines import ENGINES, examples
from tests.store.contract.worlds import ENTERPRISES, FIRMS, PEOPLE, decisions, loads
from tests.store.deliveries import Load, entity_table, ids_of, write, write_all
from tests.store.oracle import Oracle, canonical_on, content, relations

EVERYTHING = tuple(FactKind)


def seen(store: GraphStore, known_at: int | None = None) -> set[Fact]:
    """What the store shows at a moment, without moments and evidence."""
    view = store.view(known_at=known_at)
    found = [_bare(fact) for fact in view.all_facts(EVERYTHING)]
    assert len(found) == len(set(found))
    return set(found)


def _bare(fact: Fact) -> Fact:
    return replace(fact, recorded_from=None, recorded_to=None, evidence=())


def same(found: set[Fact], wanted: set[Fact]) -> None:
    """The two sets are equal; a failure names what differs, briefly."""
    assert [*map(_short, found - wanted)] == [*map(_short, wanted - found)], (
        "found - wanted == wanted - found"
    )


def _short(fact: Fact) -> tuple[object, ...]:
    shown = ("source", "kind", "subject", "object", "role", "part", "valid_from", "valid_to", "share", "name")
    return tuple(v for v in (getattr(fact, name) for name in shown) if v is not None)


class Histories(RuleBasedStateMachine):
    """One store, its oracle, and what was seen at each moment."""

    engine: ClassVar[str]

    @initialize()
    def open(self) -> None:
        self._stack = ExitStack()
        self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        self._opened = 0
        self.store = self._fresh()
        self.oracle = Oracle()
        self.past: dict[int, tuple[set[Fact], str]] = {}
        self.withdrawn: list[Load] = []
        self.batches = 0
        self.introduce()

    def introduce(self) -> None:
        """Entities that officers speak of are known."""

    def _fresh(self) -> GraphStore:
        self._opened += 1
        folder = self._folder / str(self._opened)
        folder.mkdir()
        store = ENGINES[self.engine](folder)
        self._stack.callback(store.close)
        return store

    @rule(load=loads(), settles=st.booleans())
    def load(self, load: Load, settles: bool) -> None:
        self.batches += 1
        self._load(replace(load, batch=f"b{self.batches}"), settles)

    @precondition(lambda self: self.withdrawn)
    @rule(data=st.data(), settles=st.booleans())
    def load_again_what_was_withdrawn(self, data: st.DataObject, settles: bool) -> None:
        load = data.draw(st.sampled_from(self.withdrawn))
        self.withdrawn.remove(load)
        self._load(load, settles)

    @precondition(lambda self: self.oracle.standing)
    @rule(data=st.data())
    def refuse_the_same_batch(self, data: st.DataObject) -> None:
        load = data.draw(st.sampled_from(self.oracle.standing))
        before = self.store.moment()
        with self.store.writer() as writer:
            settled = self.store.moment()
            with pytest.raises(BatchConflict), writer.delivery(load.header):
                pass
            with pytest.raises(BatchConflict), writer.delivery(replace(load.header, content_sha256="other")):
                pass
        assert self.store.moment() == settled >= before

    @precondition(lambda self: self.oracle.standing)
    @rule(data=st.data())
    def fail_in_the_middle(self, data: st.DataObject) -> None:
        load = replace(data.draw(st.sampled_from(self.oracle.standing)), batch="failing")
        with self.store.writer() as writer:
            before = seen(self.store)
            with pytest.raises(RuntimeError), writer.delivery(load.header) as delivery:
                delivery.entities(entity_table(ids_of(load.rows)))
                raise RuntimeError
            assert seen(self.store) == before

    @precondition(lambda self: self.oracle.standing)
    @rule(data=st.data(), settles=st.booleans())
    def withdraw(self, data: st.DataObject, settles: bool) -> None:
        load = data.draw(st.sampled_from(self.oracle.standing))
        with self.store.writer() as writer:
            self._remember()
            writer.withdraw(load.batch)
            self.oracle.standing.remove(load)
            self.withdrawn.append(load)
            self._compare(settles, writer.settle if settles else None)

    @precondition(lambda self: self.oracle.standing)
    @rule(fact=decisions(), ends=st.booleans(), settles=st.booleans())
    def decide(self, fact: Fact, ends: bool, settles: bool) -> None:
        known = {i for f in self.oracle.loaded() for i in (f.subject, f.object)}
        if not {fact.subject, fact.object} - {None} <= known:
            return
        with self.store.writer() as writer:
            self._remember()
            if ends:
                writer.decide([], [fact])
                self.oracle.undecide(fact)
            else:
                writer.decide([fact])
                self.oracle.decide(fact)
            self._compare(settles, writer.settle if settles else None)

    @precondition(lambda self: self.past)
    @rule(data=st.data())
    def look_back(self, data: st.DataObject) -> None:
        moment = data.draw(st.sampled_from(sorted(self.past)))
        facts, digits = self.past[moment]
        assert seen(self.store, moment) == facts
        assert self.store.content(moment) == digits == content(facts)

    @precondition(lambda self: self.oracle.standing)
    @rule(day=st.integers(0, 100), entity=st.sampled_from((*ENTERPRISES, *PEOPLE)))
    def ask_for_relations(self, day: int, entity: str) -> None:
        with self.store.writer():
            facts = self.oracle.facts()
        if not any(entity in (f.subject, f.object) for f in facts):
            return
        view = self.store.view(as_of=day)
        ranks = {load.source.name: load.source.rank for load in self.oracle.standing}
        found = {(f.kind, f.subject, f.object, f.role, f.share) for f in view.relations(entity)}
        assert view.canonical(entity) == canonical_on(facts, entity, day)
        assert found == relations(facts, entity, day, ranks)

    @invariant()
    def list_what_stands(self) -> None:
        standing = {d.batch for d in self.store.deliveries() if d.withdrawn is None}
        assert standing == {load.batch for load in self.oracle.standing}

    def teardown(self) -> None:
        """Without a past, in another order, the same."""
        if not hasattr(self, "_stack"):
            return
        with self.store.writer() as writer:
            writer.settle()
        self._same_in_any_order()
        self._stack.close()

    def _load(self, load: Load, settles: bool) -> None:
        with self.store.writer() as writer:
            self._remember()
            counts = write(writer, load)
            self.oracle.standing.append(load)
            assert min(counts.added, counts.changed, counts.closed, counts.unchanged) >= 0
            self._compare(settles, writer.settle if settles else None)
        delivery = self.store.standing(load.batch)
        assert delivery is not None
        assert json.loads(delivery.report)["content"] == self.store.content(delivery.recorded)

    def _compare(self, settles: bool, settle: object) -> None:
        """Facts of deliveries at once, matches after settling; the content is their sum."""
        if settles:
            assert callable(settle)
            settle()
            same(seen(self.store), self.oracle.facts())
        found = seen(self.store)
        same({f for f in found if f.source != "resolution"}, self.oracle.loaded())
        assert self.store.content() == content(found)
        self._remember()

    def _remember(self) -> None:
        self.past[self.store.moment()] = (seen(self.store), self.store.content())

    def _same_in_any_order(self) -> None:
        other = self._fresh()
        shuffled = list(self.oracle.standing)
        random.Random(len(shuffled)).shuffle(shuffled)
        write_all(other, shuffled)
        if self.oracle.decided:
            with other.writer() as writer:
                writer.decide(list(self.oracle.decided.values()))
                writer.settle()
        same(seen(other), self.oracle.facts())
        assert other.content() == self.store.content()


@pytest.mark.parametrize("engine", list(ENGINES))
def test_every_history_ends_as_the_oracle_says(engine: str) -> None:
    """Loading, correcting, ending, loading late and twice, withdrawing, deciding and looking back."""
    machine: Any = type(f"Histories_{engine}", (Histories,), {"engine": engine})
    machine.TestCase.settings = settings(
        max_examples=examples(engine, 30), stateful_step_count=10, phases=(Phase.explicit, Phase.generate)
    )
    machine.TestCase().runTest()


def test_firms_of_the_world_are_known() -> None:
    """The world's firms differ."""
    assert len(set(FIRMS)) == len(FIRMS)
