"""A load into a server that is cut off shows whole deliveries or none, and the same call afterwards completes it.

Cut off: the loader is killed, the server is killed, or its disk is full. Truth is the embedded store with the same files,
and for what is drawn a load into an empty server that nobody disturbed.
"""

import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest

from graph_service.cli.loading import default_options
from graph_service.domain.errors import StoreError
from graph_service.domain.identifiers import DEMO_PERSON_KEY
from graph_service.store.base import GraphStore
from graph_service.store.neo4j import Neo4jStore
from graph_service.store.neo4j.connection import Login, Server
from graph_service.store.sqlite import SqliteStore
from graph_service.store.sqlite.writer import SqliteWriter
from loaders.city import write_city
from loaders.options import LoadOptions
from loaders.pipeline import load_paths
from tests import neo4j_server
from tests.cli.conftest import is_one_sentence
from tests.neo4j_server import LocalServer
from tests.store.shown import Shown, counted, shown

pytestmark = pytest.mark.soak

ENTERPRISES, SEED = 100, 11
FEEDS = ("registration", "shareholders", "managers", "contacts", "changes", "administrative_penalty",
         "abnormal_operation", "dishonest_judgment_debtor", "list_exits")  # fmt: skip
TEXTS = ("三门峡", "有限公司", "建材", "smx", "0398", "gongsi", "王", "91411")
KILLS, SERVER_KILLS = 20, 5
ROOMS = (0.02, 0.3, 0.6, 0.9)  # shares of the space that a whole load needs
ENOUGH = 1 << 30
PATIENCE = 90
LOOK_AGAIN = 0.01
PROGRAM = Path(sys.executable).with_name("credit-graph")
LOG = logging.getLogger(__name__)
_WRITING = "MATCH (c:CreditGraph) WHERE c.writer IS NOT NULL RETURN 1"
_AT_WORK = "SHOW TRANSACTIONS YIELD transactionId RETURN count(*)"
# Everything that is drawn, named by what it is about and not by when it was recorded.
_DRAWN = (
    "MATCH (e:Entity) RETURN labels(e), properties(e {.*, recorded_from: null})",
    "MATCH (r:Record) RETURN labels(r), properties(r), COUNT { (:Entity)-[:SUBJECT_OF]->(r) }",
    (
        "MATCH (a)-[r]->(b) RETURN type(r), a.id, coalesce(b.id, b.key), properties(r), "
        "CASE WHEN b:Record THEN properties(b) END"
    ),
)
_KEPT = "MATCH (n) WHERE n:Statement OR n:Reject OR n:Note OR n:Unsettled RETURN labels(n), count(*)"


@dataclass(frozen=True)
class Whole:
    """Everything about a store that is complete; `counts`: what the reports of its deliveries count."""

    shown: Shown
    matches: frozenset[str]
    counts: dict[str, object]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class City:
    """Files to load in their order, and what a store shows after each while nothing is settled; last, when all is."""

    folder: Path
    files: tuple[Path, ...]
    states: tuple[Shown, ...]

    @property
    def options(self) -> LoadOptions:
        """As the command line would load them."""
        return default_options(DEMO_PERSON_KEY.decode(), self.home)

    @property
    def home(self) -> Path:
        """Where a loader keeps its own things."""
        return self.folder / "home"

    def completed(self, number: int) -> Whole:
        """The embedded store that was cut off after so many deliveries and then completed.

        Where it was cut off it was settled once more, and what is equally good in a search comes in another order.
        """
        with TemporaryDirectory(dir=self.folder) as folder:
            store = SqliteStore(Path(folder) / "store.db")
            for files in filter(None, (self.files[:number], self.files)):
                load_paths(store, files, self.options)
            found = whole(store)
            store.close()
        return found


@dataclass(frozen=True)
class Loader:
    """The command line in a process of its own, with one server as its store."""

    url: str
    city: City
    told: Path

    def call(self, *words: str) -> subprocess.Popen[bytes]:
        """Begin a command."""
        env = {k: v for k, v in os.environ.items() if not k.startswith("CREDIT_GRAPH_")}
        env |= {
            "CREDIT_GRAPH_PERSON_KEY": DEMO_PERSON_KEY.decode(),
            "CREDIT_GRAPH_HOME": str(self.city.home),
        }
        with self.told.open("wb") as told:
            return subprocess.Popen(
                [PROGRAM, "--store", self.url, *words], env=env, stdout=subprocess.DEVNULL, stderr=told
            )

    def begin(self) -> subprocess.Popen[bytes]:
        """Begin a load, and wait until it writes."""
        loading = self.call("load", *map(str, self.city.files))
        server = Server(Login(self.url))
        while not server.read(_WRITING) and loading.poll() is None:
            time.sleep(LOOK_AGAIN)
        server.close()
        return loading

    def load(self) -> int:
        """A whole load; its exit code."""
        return self.call("load", *map(str, self.city.files)).wait()

    @property
    def said(self) -> str:
        """What the last command said of its failure."""
        return self.told.read_text("utf-8")

    def complete(self) -> None:
        """A load that nothing hinders."""
        assert self.load() == 0, self.said

    def whole_seconds(self) -> float:
        """How long an undisturbed load into the empty server writes."""
        self.complete()
        neo4j_server.empty(self.url)
        loading, start = self.begin(), time.monotonic()
        assert loading.wait() == 0, self.said
        return time.monotonic() - start


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    neo4j_server.require()
    folder = tmp_path_factory.mktemp("city")
    write_city(folder / "city", ENTERPRISES, SEED, person_key=DEMO_PERSON_KEY)
    files = [f for f in sorted((folder / "city/feeds").iterdir()) if f.stem.rsplit("_", 1)[0] in FEEDS]
    options = default_options(DEMO_PERSON_KEY.decode(), folder / "home")
    done, slow = SqliteStore(folder / "done.db"), SqliteStore(folder / "slow.db")
    load_paths(done, files, options)
    order = tuple(folder / "city/feeds" / name for d in done.deliveries() for name in d.files)
    states = [_facts(slow)]
    with patch.object(SqliteWriter, "settle", lambda _: None):
        for file in order:
            load_paths(slow, [file], options)
            states.append(_facts(slow))
    states.append(_facts(done))
    for each in (done, slow):
        each.close()
    assert sorted(order) == files
    assert all(one != other for n, one in enumerate(states) for other in states[:n])
    return City(folder, order, tuple(states))


def _facts(store: GraphStore) -> Shown:
    """What a reader sees except what settling alone brings up to date."""
    return replace(shown(store, TEXTS), hits=(), matches=())


def whole(store: GraphStore) -> Whole:
    """A store that should be complete."""
    matches = frozenset(f.id for f in store.view().matches())
    return Whole(shown(store, TEXTS), matches, counted(store), tuple(store.problems()))


def drawn(url: str) -> list[str]:
    """The picture on a server, and how much of each kind is kept behind it, in a fixed order."""
    server = Server(Login(url))
    rows = [repr(_ordered(row)) for query in (*_DRAWN, _KEPT) for row in server.read(query)]
    server.close()
    return sorted(rows)


def _ordered(row: list[object]) -> list[object]:
    return [
        sorted(value.items()) if isinstance(value, dict) else sorted(value) if isinstance(value, list) else value
        for value in row
    ]  # fmt: skip


def left_behind(loader: Loader) -> tuple[int, list[str]]:
    """After how many deliveries the store stands, which must be a whole number, and what it tells of itself."""
    server, store = Server(Login(loader.url)), Neo4jStore(Login(loader.url))
    while server.run(_AT_WORK) != [[1]]:  # what the killed process asked for last may still be at work
        time.sleep(LOOK_AGAIN)
    state, problems = _facts(store), store.problems()
    for each in (server, store):
        each.close()
    assert state in loader.city.states, state.batches
    number = loader.city.states.index(state)
    assert problems or number in {0, len(loader.city.states) - 1}
    assert all(is_one_sentence(problem) for problem in problems)
    return number, problems


def is_completed(loader: Loader, number: int, picture: list[str]) -> None:
    """Load again: everything is as in the embedded store, and drawn as if nothing had happened."""
    loader.complete()
    store = Neo4jStore(Login(loader.url))
    assert whole(store) == loader.city.completed(number)
    store.close()
    assert drawn(loader.url) == picture


def shares(number: int) -> list[float]:
    """So many moments of a load, evenly spread."""
    return [(n + 0.5) / number for n in range(number)]


def under_way(loader: Loader, seconds: float) -> subprocess.Popen[bytes]:
    """A load into the empty server that has been writing for so long, or a little less where that is too long."""
    while True:
        neo4j_server.empty(loader.url)
        loading = loader.begin()
        time.sleep(seconds)
        if loading.poll() is None:
            return loading
        seconds *= 0.9


def test_a_loader_killed_anywhere_leaves_whole_deliveries_and_the_same_call_completes_them(
    city: City, url: str, tmp_path: Path
) -> None:
    loader = Loader(url, city, tmp_path / "told")
    seconds, found = loader.whole_seconds(), []
    picture = drawn(url)
    for share in shares(KILLS):
        loading = under_way(loader, share * seconds)
        loading.kill()
        assert loading.wait() == -signal.SIGKILL
        number, problems = left_behind(loader)
        LOG.info("killed at %.3f of %.1f s: after delivery %d, %s", share, seconds, number, problems)
        assert loader.call("doctor").wait() in {0, 1}
        assert "Traceback" not in loader.said
        is_completed(loader, number, picture)
        found.append((number, any("before it was complete" in problem for problem in problems)))
    assert len({number for number, _ in found}) > len(FEEDS) // 2, found
    assert sum(is_unfinished for _, is_unfinished in found) > KILLS // 4, found


@pytest.fixture
def own(tmp_path: Path) -> Iterator[LocalServer]:
    """A server that only this test has."""
    server = LocalServer(tmp_path / "server")
    server.start()
    yield server
    server.kill()


def test_a_server_killed_in_a_load_holds_whole_deliveries_and_the_same_call_completes_them(
    city: City, own: LocalServer, tmp_path: Path
) -> None:
    loader = Loader(own.url, city, tmp_path / "told")
    seconds = loader.whole_seconds()
    picture = drawn(own.url)
    for n, share in enumerate(shares(SERVER_KILLS)):
        loading = under_way(loader, share * seconds)
        own.kill()
        if n % 2:
            assert loading.wait() == 1
            own.start()
        else:  # it is back while the loader may still be trying
            own.start()
            assert loading.wait() in {0, 1}
        assert loading.returncode == 0 or is_one_sentence(loader.said), loader.said
        number, problems = left_behind(loader)
        LOG.info("server killed at %.1f of %.1f s: loader ended with %d %s; after delivery %d, %s",
                 share, seconds, loading.returncode, loader.said, number, problems)  # fmt: skip
        is_completed(loader, number, picture)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of any size."""
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        _mount(folder, "-t", "tmpfs", "-o", f"size={ENOUGH}", "tmpfs")
    except (OSError, subprocess.CalledProcessError) as error:
        sentence = f"no file system of a test's own can be mounted here ({error}): run this as root."
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    yield folder
    subprocess.run(["umount", folder], check=True)


def _mount(folder: Path, *words: str) -> None:
    subprocess.run(["mount", *words, folder], check=True, capture_output=True)


def resize(folder: Path, size: int) -> None:
    """Let the file system hold so many bytes from now on."""
    _mount(folder, "-o", f"remount,size={size}")


def used(folder: Path) -> int:
    return shutil.disk_usage(folder).used


@pytest.fixture
def on_disk(disk: Path) -> Iterator[LocalServer]:
    """A server on that file system."""
    server = LocalServer(disk / "server")
    server.start()
    yield server
    server.kill()


def test_a_server_whose_disk_is_full_keeps_whole_deliveries_and_the_same_call_completes_them(
    city: City, disk: Path, on_disk: LocalServer, tmp_path: Path
) -> None:
    loader, begin = Loader(on_disk.url, city, tmp_path / "told"), used(disk)
    loader.complete()
    picture, needed = drawn(loader.url), used(disk) - begin
    for room in ROOMS:
        anew(on_disk)
        resize(disk, used(disk) + int(room * needed))
        loading = loader.call("load", *map(str, city.files))
        waits = not has_ended(loading)
        resize(disk, ENOUGH)
        code = loading.wait()
        LOG.info("room for %.2f of %d bytes: waits %s, %d %s", room, needed, waits, code, loader.said)
        assert code == 1 or waits
        assert code == 0 or is_one_sentence(loader.said), loader.said
        number = mended(on_disk, loader)
        is_completed(loader, number, picture)


def has_ended(loading: subprocess.Popen[bytes]) -> bool:
    """Whether a load ends by itself; a server that sets up an index waits for space as long as there is none."""
    try:
        loading.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        return False
    return True


def mended(server: LocalServer, loader: Loader) -> int:
    """After how many deliveries the store stands, where it needs to be after a restart."""
    try:
        number, _ = left_behind(loader)
        if loader.load() == 0:
            return number
        told = loader.said
    except StoreError as error:
        told = str(error)
    assert is_one_sentence(told), told
    server.kill()
    server.start()
    number, problems = left_behind(loader)
    LOG.info("asked for a restart: %s; after delivery %d, %s", told, number, problems)
    return number


def anew(server: LocalServer) -> None:
    """Let it be a server whose store has never been written to."""
    server.kill()
    shutil.rmtree(server.folder)
    server.start()
