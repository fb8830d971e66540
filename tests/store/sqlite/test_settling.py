"""Settling what deliveries touched ends where settling everything anew does; cut off, the next writer completes it."""

import random
import sqlite3
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from graph_service.store.sqlite import SqliteStore, settle
from graph_service.store.sqlite.delivery import ALL_UNSETTLED
from tests.store.contract.worlds import FIRM_NAMES, FIRMS, PEOPLE, PEOPLE_NAMES, loads
from tests.store.deliveries import (
    REGISTRATION,
    SHAREHOLDERS,
    Load,
    Row,
    alias,
    holds,
    named,
    person_at,
    write,
    write_all,
)
from tests.store.shown import shown

TEXTS = ("三门峡", "商贸", "张三", "zs", "有限公司", "411202")
DIGITS = "1" * 64


def candidate_rows() -> st.SearchStrategy[Row]:
    """Persons of one name, known by visible digits of a number that may be the same."""
    places = st.tuples(
        st.sampled_from(FIRMS), st.sampled_from(PEOPLE_NAMES), st.sampled_from((DIGITS, "2" * 64))
    )
    return places.map(lambda p: named(SHAREHOLDERS, person_at(p[0], p[1]), p[1], candidate=p[2]))


@st.composite
def histories(draw: st.DrawFn) -> list[Load]:
    """Some deliveries, and one of persons known by visible digits."""
    some = draw(st.lists(loads(), min_size=1, max_size=4))
    rows = draw(st.lists(candidate_rows(), min_size=1, max_size=4))
    people = Load(
        "people", SHAREHOLDERS, tuple(Row(r.fact, line=n) for n, r in enumerate(rows, 2)), "delta", 30
    )
    return [*(replace(load, batch=f"b{n}") for n, load in enumerate(some)), people]


def derived(store: SqliteStore) -> tuple[object, ...]:
    """What settling makes: names, candidates, matches, and the content with them.

    The number of nodes is left out: an entity stays known whose every statement was corrected to hold on no day.
    """
    db = sqlite3.connect(store.path)
    names = sorted(db.execute("SELECT n, closed, type, norm, pinyin, initials FROM name"), key=str)
    (parts,) = db.execute("SELECT count(*) FROM name_part WHERE name_part MATCH '\"有限\"'").fetchone()
    db.close()
    seen = replace(shown(store, TEXTS), batches=(), kept=())
    # Among hits of one rank, those of earlier deliveries come first.
    return (
        names,
        parts,
        replace(seen, hits=tuple(sorted(map(str, seen.hits))), statistics=seen.statistics[1:]),
    )


def settle_all_anew(store: SqliteStore) -> None:
    db = sqlite3.connect(store.path)
    db.execute("INSERT INTO unsettled VALUES (?)", (ALL_UNSETTLED,))
    db.commit()
    db.close()
    write_all(store, [])


@settings(max_examples=4, phases=(Phase.explicit, Phase.generate))
@given(histories(), st.integers(0, 1 << 30))
def test_settling_step_by_step_in_any_order_ends_where_settling_anew_does(
    history: list[Load], luck: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        step, anew = (SqliteStore(Path(folder) / f"{name}.db") for name in ("step", "anew"))
        for load in history:
            write_all(step, [load])
        found = derived(step)
        settle_all_anew(step)
        assert derived(step) == found
        write_all(anew, random.Random(luck).sample(history, len(history)))
        settle_all_anew(anew)
        assert derived(anew) == found
        for store in (step, anew):
            store.close()


@settings(max_examples=4, phases=(Phase.explicit, Phase.generate))
@given(histories(), st.booleans())
def test_what_was_withdrawn_altogether_leaves_an_empty_store(history: list[Load], at_once: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store, empty = (SqliteStore(Path(folder) / f"{name}.db") for name in ("store", "empty"))
        write_all(store, history)
        full = derived(store)
        with store.writer() as writer:
            for load in history:
                writer.withdraw(load.batch)
                if not at_once:
                    writer.settle()
            writer.settle()
        write_all(empty, [])
        assert derived(store) == derived(empty)
        assert store.view().nodes().num_rows == 0
        write_all(store, history)
        assert derived(store) == full
        for each in (store, empty):
            each.close()


WORLD = [
    Load("firms", REGISTRATION, tuple(
        Row(row.fact, line=n) for n, row in enumerate(
            [named(REGISTRATION, FIRMS[0], FIRM_NAMES[0]), alias(FIRMS[0], "former_name", FIRM_NAMES[1], None, 9)], 2))),
    Load("owners", SHAREHOLDERS, (
        named(SHAREHOLDERS, PEOPLE[0], "张三"), holds(PEOPLE[0], FIRMS[0], 0.5),
        named(SHAREHOLDERS, person_at(FIRMS[0], "张三"), "张三"), holds(person_at(FIRMS[0], "张三"), FIRMS[0], 0.5))),
]  # fmt: skip


@pytest.mark.parametrize("everything", [True, False])
def test_settling_that_was_cut_off_is_completed_by_the_next_writer(
    everything: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, store = (SqliteStore(tmp_path / f"{name}.db") for name in ("whole", "store"))
    write_all(whole, WORLD)

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with store.writer() as writer:
        for load in WORLD:
            write(writer, load)
    unsettled = derived(store)
    if everything:
        db = sqlite3.connect(store.path)
        db.execute("INSERT INTO unsettled VALUES (?)", (ALL_UNSETTLED,))
        db.commit()
        db.close()
    for step in ("settle_all", "settle_touched"):
        monkeypatch.setattr(settle, step, cut)
    with pytest.raises(KeyboardInterrupt), store.writer():
        pass
    assert derived(store) == unsettled != derived(whole)
    assert len(store.problems()) == 1
    monkeypatch.undo()
    write_all(store, [])
    assert derived(store) == derived(whole)
    assert store.problems() == []
    for each in (whole, store):
        each.close()
