"""Who writes and who reads at the same time: one writer, and readers who see what stood when they began."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from graph_service.domain.errors import StoreBusy
from graph_service.store.base import GraphStore, GraphView
from graph_service.store.sqlite import SqliteStore
from tests.cli.conftest import is_one_sentence
from tests.store.contract.worlds import FIRM_NAMES, FIRMS, PEOPLE
from tests.store.deliveries import (
    HONOURS,
    REGISTRATION,
    SHAREHOLDERS,
    Load,
    Row,
    fill,
    holds,
    named,
    record,
    write,
    write_all,
)
from tests.store.shown import EVERYTHING, bare, shown, visible_in

FIRST = Load("first", REGISTRATION, (named(REGISTRATION, FIRMS[0], FIRM_NAMES[0]),))
OWNERS = Load("owners", SHAREHOLDERS, (holds(PEOPLE[0], FIRMS[0], 0.5),))
NEXT = Load(
    "next",
    REGISTRATION,
    (
        named(REGISTRATION, FIRMS[0], "三门峡新名商贸有限公司"),
        Row(named(REGISTRATION, FIRMS[1], FIRM_NAMES[1]).fact, line=3),
    ),
    date=101,
)
OWNERS_NEXT = Load(
    "owners next", SHAREHOLDERS, (holds(PEOPLE[1], FIRMS[0], 0.5),), "snapshot", 101, (FIRMS[0],)
)
FULL = Load("penalty", HONOURS, (record(FIRMS[1], "1"),))


def seen(view: GraphView) -> tuple[object, ...]:
    """Everything that a view tells of the whole store."""
    return (
        visible_in(view),
        sorted(view.nodes().to_pylist(), key=str),
        sorted(view.relation_table().to_pylist(), key=str),
        sorted(view.statement_table(EVERYTHING).to_pylist(), key=str),
        view.profile(FIRMS[0]),
        list(view.every_profile()),
        [bare(fact) for fact in view.relations(FIRMS[0])],
        {hit.id for hit in view.search("商贸")} - {FIRMS[0]},
    )


def test_a_reader_sees_the_old_state_until_a_delivery_commits(store: GraphStore) -> None:
    write_all(store, [FIRST, OWNERS])
    before = shown(store, ("商贸",))
    with store.writer() as writer:
        with writer.delivery(NEXT.header) as delivery:
            fill(delivery, NEXT)
            assert shown(store, ("商贸",)) == before
            delivery.apply()
            assert shown(store, ("商贸",)) == before
            delivery.commit("{}")
            assert shown(store, ("商贸",)) == before
        assert shown(store).batches == ("first", "owners", "next")


def test_a_view_shows_its_moment_whatever_is_committed_later(store: GraphStore) -> None:
    write_all(store, [FIRST, OWNERS])
    view = store.view()
    before = seen(view)
    with store.writer() as writer:
        for load in (NEXT, OWNERS_NEXT, FULL):
            write(writer, load)
        writer.settle()
        writer.withdraw(OWNERS.batch)
    assert seen(view) == before
    assert seen(store.view()) != before


def test_a_second_writer_gets_one_sentence_and_the_first_goes_on(tmp_path: Path) -> None:
    with ExitStack() as stack:
        one, other = (SqliteStore(tmp_path / "store.db", wait_seconds=0) for _ in range(2))
        stack.callback(one.close)
        stack.callback(other.close)
        with one.writer() as writer, writer.delivery(FIRST.header) as delivery:
            fill(delivery, FIRST)
            with pytest.raises(StoreBusy, match="Another process is writing") as busy:
                write_all(other, [OWNERS])
            assert is_one_sentence(str(busy.value))
            with pytest.raises(StoreBusy), other.writer() as second:
                second.withdraw("first")
            delivery.apply()
            delivery.commit("{}")
        write_all(other, [OWNERS])
        assert shown(one).batches == ("first", "owners")
