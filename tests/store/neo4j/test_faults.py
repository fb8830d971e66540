"""What can be wrong with a server: one sentence each, nothing half-written, and it goes on by itself afterwards."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import neo4j
import pytest

from graph_service.domain.errors import StoreBusy, StoreError
from graph_service.store.neo4j import Neo4jStore, schema
from graph_service.store.neo4j.connection import Login, Server
from graph_service.store.neo4j.delivery import Neo4jDelivery
from graph_service.store.sqlite import SqliteStore
from tests import neo4j_server
from tests.cli.conftest import Run, is_one_sentence
from tests.neo4j_server import LocalServer
from tests.store.contract.test_one_writer import FIRST, FULL, NEXT, OWNERS, OWNERS_NEXT
from tests.store.deliveries import fill, write, write_all
from tests.store.neo4j.conftest import Opener
from tests.store.shown import shown

ENTITY = "uscc:91411202MA40AB121R"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[LocalServer]:
    """A server that only this test has, with a password."""
    neo4j_server.require_java()
    server = LocalServer(tmp_path / "server", has_password=True)
    yield server
    server.kill()


def as_user(monkeypatch: pytest.MonkeyPatch, url: str, password: str | None = None) -> None:
    monkeypatch.setenv("CREDIT_GRAPH_STORE", url)
    if password is not None:
        monkeypatch.setenv("CREDIT_GRAPH_NEO4J_PASSWORD", password)


def refused(run: Run, *call: str, code: int = 1) -> str:
    ran = run(*call)
    assert (ran.code, ran.out) == (code, "")
    assert is_one_sentence(ran.err), ran.err
    return ran.err


def test_login_address_and_version_are_answered_in_one_sentence(
    own: LocalServer, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    own.start()
    as_user(monkeypatch, own.url, own.password)
    assert "There is no store" in refused(run, "entity", ENTITY)
    as_user(monkeypatch, own.url, "wrong")
    wrong = refused(run, "entity", ENTITY)
    assert "CREDIT_GRAPH_NEO4J_PASSWORD" in wrong
    assert "wrong password" not in wrong
    monkeypatch.delenv("CREDIT_GRAPH_NEO4J_PASSWORD")
    assert "CREDIT_GRAPH_NEO4J_PASSWORD" in refused(run, "batches")
    as_user(monkeypatch, own.url, own.password)
    with patch.object(schema, "LEAST_VERSION", (99, 1)):
        assert "at least 99.1 is needed" in refused(run, "entity", ENTITY)
    for address, code in (("http://127.0.0.1:7474", 2), ("neo4j://", 2), ("bolt://127.0.0.1:1", 1)):
        as_user(monkeypatch, address)
        refused(run, "entity", ENTITY, code=code)
    as_user(monkeypatch, f"bolt://neo4j:{own.password}@127.0.0.1:{own.port}")
    assert own.password not in refused(run, "entity", ENTITY, code=2)
    assert run("doctor").code == 1


def test_a_server_that_is_read_only_refuses_a_load_and_answers_questions(own: LocalServer) -> None:
    own.start()
    store = Neo4jStore(Login(own.url, password=own.password))
    write_all(store, [FIRST])
    whole = shown(store)
    store.close()
    own.stop()
    own.settings = ("server.databases.default_to_read_only=true",)
    own.start()
    store = Neo4jStore(Login(own.url, password=own.password))
    assert shown(store) == whole
    with pytest.raises(StoreError, match="read-only") as error:
        write_all(store, [OWNERS])
    assert is_one_sentence(str(error.value))
    assert shown(store) == whole
    store.close()


def test_a_graph_of_another_program_is_left_as_it_is(
    url: str, opened: Opener, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(Login(url))
    server.write(("CREATE (:Movie {title: 'M'})-[:LIKES]->(:Person {name: 'P'})", {}))
    as_user(monkeypatch, url)
    assert "another program" in refused(run, "entity", ENTITY)
    with pytest.raises(StoreError, match="another program"):
        write_all(opened(), [FIRST])
    assert server.read("MATCH (n) RETURN count(n)") == [[2]]
    server.write(("MATCH (n) DETACH DELETE n", {}), ("CREATE (:CreditGraph {format: 99})", {}))
    assert "format 99" in refused(run, "batches")
    server.close()


def test_indexes_that_a_store_lacks_are_told_of_and_built_anew_by_the_next_load(
    opened: Opener, url: str
) -> None:
    store, server = opened(), Server(Login(url))
    for name in schema.INDEXES:  # an empty database that nothing was set up in
        server.run(f"DROP CONSTRAINT {name} IF EXISTS")
        server.run(f"DROP INDEX {name} IF EXISTS")
    assert list(store.view().search("商贸", 10)) == []
    write_all(store, [FIRST, OWNERS])
    server.run("DROP INDEX name_parts")
    server.run("DROP CONSTRAINT entity_number")
    with pytest.raises(StoreError, match="index") as error:
        shown(store, ("商贸",))
    assert is_one_sentence(str(error.value))
    assert [is_one_sentence(problem) for problem in store.problems()] == [True]
    write_all(store, [OWNERS_NEXT])
    assert len(shown(store, ("商贸",)).hits) == 1
    assert store.problems() == []
    assert schema.broken(server) == []
    server.close()


def test_a_second_writer_waits_or_is_told_and_the_first_goes_on(opened: Opener) -> None:
    one, hasty, patient = opened(), opened(wait_seconds=0), opened()
    with one.writer() as writer, writer.delivery(FIRST.header) as delivery:
        fill(delivery, FIRST)
        with pytest.raises(StoreBusy, match="Another process is writing") as busy:
            write_all(hasty, [OWNERS])
        assert is_one_sentence(str(busy.value))
        waiting = threading.Thread(target=write_all, args=(patient, [OWNERS]))
        waiting.start()
        delivery.apply()
        delivery.commit("{}")
    waiting.join()
    assert shown(one).batches == ("first", "owners")


def test_a_writer_that_was_not_heard_of_loses_its_lease_and_writes_nothing_more(opened: Opener) -> None:
    lost, heir = opened(lease_seconds=0.5), opened(lease_seconds=5)
    with pytest.raises(StoreBusy, match="took over"), lost.writer() as writer:
        writer._lease._stop.set()  # as if the process slept
        with writer.delivery(NEXT.header) as delivery:
            fill(delivery, NEXT)
            delivery.apply()
            time.sleep(1)
            write_all(heir, [FIRST])
            delivery.commit("{}")
    assert shown(heir).batches == ("first",)
    write_all(heir, [OWNERS])
    assert heir.problems() == []


class Stopped(Exception):
    """Stands for a process that ends without a chance to tidy up."""


def test_what_a_writer_left_unmarked_is_swept_and_what_is_marked_is_completed(
    opened: Opener, url: str, tmp_path: Path
) -> None:
    store, server = opened(lease_seconds=0.2), Server(Login(url))
    write_all(store, [FIRST, OWNERS])
    before = shown(store, ("商贸",))
    with (
        patch("graph_service.store.neo4j.sweep.sweep", side_effect=Stopped),
        patch("graph_service.store.neo4j.lease.Lease.leave"),
        pytest.raises(Stopped),
        store.writer() as writer,
        writer.delivery(NEXT.header) as delivery,
    ):
        fill(delivery, NEXT)
        delivery.apply()
        raise Stopped
    assert shown(store, ("商贸",)) == before
    assert "cut off before it was complete" in store.problems()[0]
    time.sleep(0.3)
    write_all(store, [OWNERS_NEXT])
    assert store.problems() == []
    with (
        patch("graph_service.store.neo4j.lease.Lease.leave"),
        pytest.raises(Stopped),
        store.writer() as writer,
        patch("graph_service.store.neo4j.sweep.complete", side_effect=Stopped),
    ):
        write(writer, NEXT)
    time.sleep(0.3)
    write_all(store, [FULL])
    assert store.problems() == []
    assert not server.read(
        "MATCH (x:Entity) WHERE NOT EXISTS { MATCH (:Moment {number: x.recorded_from}) } RETURN x"
    )
    assert server.read("MATCH (e:Enterprise {id: $id}) RETURN e.name", id=ENTITY) == [
        ["三门峡新名商贸有限公司"]
    ]
    assert shown(store).batches == ("first", "owners", "owners next", "next", "penalty")
    server.close()


def test_a_server_that_goes_away_in_a_load_or_a_question_is_told_of_and_both_work_again(
    own: LocalServer,
) -> None:
    own.start()
    store = Neo4jStore(Login(own.url, password=own.password), lease_seconds=1)
    write_all(store, [FIRST])
    whole = shown(store)
    with patch("graph_service.store.neo4j.connection.RETRY_SECONDS", 0.1):
        impatient = Neo4jStore(Login(own.url, password=own.password), lease_seconds=1)
    push = Neo4jDelivery.apply

    def cut(self: Neo4jDelivery, allow_ending: bool = False) -> object:
        counts = push(self, allow_ending)
        own.kill()
        return counts

    with patch.object(Neo4jDelivery, "apply", cut), pytest.raises(StoreError) as error:
        write_all(impatient, [OWNERS])
    assert is_one_sentence(str(error.value))
    with pytest.raises(StoreError, match="does not answer"):
        shown(impatient)
    own.start()
    assert shown(impatient) == whole
    time.sleep(1)
    write_all(impatient, [OWNERS])
    assert shown(impatient).batches == ("first", "owners")
    # A short break is waited for: the question and the load that meet it go on.
    own.kill()
    back = threading.Thread(target=own.start)
    back.start()
    assert shown(store).batches == ("first", "owners")
    write_all(store, [replace(NEXT, batch="after the break")])
    back.join()
    assert store.problems() == []
    for each in (store, impatient):
        each.close()


def test_what_was_committed_though_its_answer_was_lost_is_not_written_twice(
    opened: Opener, url: str, tmp_path: Path
) -> None:
    once = neo4j.Session.execute_write

    def again(self: neo4j.Session, work: Any, *values: Any, **more: Any) -> Any:
        """As the driver does when the connection breaks after the commit: the whole transaction a second time."""
        once(self, work, *values, **more)
        return once(self, work, *values, **more)

    loads = [FIRST, OWNERS, NEXT, OWNERS_NEXT, FULL]
    with patch.object(neo4j.Session, "execute_write", again):
        store = opened()
        with store.writer() as writer:
            for load in loads:
                write(writer, load)
            writer.withdraw(OWNERS_NEXT.batch)
            writer.settle()
    plain = SqliteStore(tmp_path / "plain.db")
    with plain.writer() as other:
        for load in loads:
            write(other, load)
        other.withdraw(OWNERS_NEXT.batch)
        other.settle()
    assert shown(store, ("商贸",)) == shown(plain, ("商贸",))
    server = Server(Login(url))
    twice = (
        "MATCH (f:Fact) WITH f.source AS a, f.kind AS b, f.subject AS c, f.key AS d, f.recorded_from AS e, f.segment AS g, "
        "count(*) AS n WHERE n > 1 RETURN n"
    )
    assert server.read(twice) == []
    assert server.read("MATCH (d:Name) WITH d.doc AS doc, count(*) AS n WHERE n > 1 RETURN n") == []
    server.close()
    plain.close()
