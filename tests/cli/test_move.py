"""`move`: a store's whole history to the other engine and back, refusals, and a kill in the middle."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_service.store.opening import open_store
from tests import neo4j_server
from tests.cli.conftest import KEY, Run, is_one_sentence
from tests.loaders.small_city import TEXTS, before
from tests.store.shown import shown

# The command in a process of its own that dies after so many pieces of a table; a server soon forgets it.
_KILLED = """
import os, signal, sys
from itertools import count
from graph_service.store.moving import Tally
from graph_service.store.neo4j import Neo4jStore
from graph_service.cli.main import main
passed, pieces, last = Tally.of, count(1), int(sys.argv.pop(1))
def dying(self, history):
    for piece in passed(self, history):
        yield piece
        if next(pieces) == last:
            os.kill(os.getpid(), signal.SIGKILL)
Tally.of = dying
Neo4jStore.__init__.__kwdefaults__["lease_seconds"] = 0.5
main()
"""


@pytest.fixture
def server() -> Iterator[str]:
    neo4j_server.require()
    url = neo4j_server.POOL.borrow()
    yield url
    neo4j_server.POOL.give_back(url)


@pytest.fixture
def loaded(run: Run, tmp_path: Path) -> Run:
    (tmp_path / "feeds").mkdir()
    ran = run("load", *before(tmp_path / "feeds"), "--max-rejects", "0.5")
    assert ran.code == 0, ran.err
    return run


def test_a_store_moved_to_neo4j_and_back_is_the_same(loaded: Run, server: str) -> None:
    there = loaded("move", server)
    assert (there.code, there.document["target"]) == (0, server), there.err
    back = loaded("--store", server, "move", "sqlite:///back.db", "--format", "table")
    assert back.code == 0, back.err
    stores = [open_store(url) for url in ("sqlite:///credit-graph.db", server, "sqlite:///back.db")]
    first, *others = [shown(store, TEXTS) for store in stores]
    assert first.facts
    assert others == [first, first]
    assert there.document["content"] == first.content
    assert there.document["rows"]["fact"] >= len(first.facts)
    names = [
        loaded("--store", s.url, "refresh", "--as-of", "2026-01-01").document["snapshot"] for s in stores
    ]
    assert len(set(names)) == 1
    for store in stores:
        store.close()


def test_a_move_to_a_place_that_is_taken_or_unknown_is_refused_in_one_sentence(
    loaded: Run, server: str, tmp_path: Path
) -> None:
    assert loaded("move", server).code == 0
    (tmp_path / "something.db").write_text("", "utf-8")
    for target, code in ((server, 1), ("sqlite:///something.db", 1), ("sqlite:///no/such/folder.db", 1),
                         ("sqlite:///credit-graph.db", 1), ("postgres://somewhere", 2)):  # fmt: skip
        ran = loaded("move", target)
        assert (ran.code, ran.out) == (code, ""), target
        assert is_one_sentence(ran.err), ran.err
    nothing = loaded("--store", "sqlite:///nothing.db", "move", "sqlite:///target.db")
    assert (nothing.code, is_one_sentence(nothing.err)) == (1, True)
    assert not (tmp_path / "target.db").exists()


@pytest.mark.parametrize("pieces", [1, 5, 9])
def test_a_killed_move_leaves_no_store_and_the_same_command_completes_it(
    pieces: int, loaded: Run, server: str, tmp_path: Path
) -> None:
    for target in (server, "sqlite:///moved.db"):
        call = [sys.executable, "-c", _KILLED, str(pieces), "move", target]
        env = os.environ | {"CREDIT_GRAPH_PERSON_KEY": KEY}
        assert subprocess.run(call, cwd=tmp_path, env=env, check=False).returncode == -signal.SIGKILL
        ran = loaded("--store", target, "batches")
        assert (ran.code, is_one_sentence(ran.err)) == (1, True)
        again = loaded("move", target)
        assert again.code == 0, again.err
        moved, source = open_store(target), open_store("sqlite:///credit-graph.db")
        assert shown(moved, TEXTS) == shown(source, TEXTS)
        assert not list(tmp_path.glob(".moved*"))
        for store in (moved, source):
            store.close()
