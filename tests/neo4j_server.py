"""Real Neo4j servers for tests and benchmarks: started on loopback, lent out empty, stopped by their process id.

`CREDIT_GRAPH_TEST_NEO4J` names servers (comma-separated) that tests may empty; without it they are containers where a
Docker daemon answers and has the image, else started from Maven artifacts by `scripts/neo4j-server`. A store that
somebody works with is never used.
"""

import atexit
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from graph_service.store.neo4j.connection import Login, Server

ROOT = Path(__file__).parent.parent
STARTER = ROOT / "scripts" / "neo4j-server"
POM = ROOT / "deploy" / "neo4j" / "pom.xml"
SECONDS = 120
EMPTYING = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"
HOW = "install a JDK 17 or 21 and Maven, run a Docker daemon, or name a server that tests may empty in CREDIT_GRAPH_TEST_NEO4J."


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class LocalServer:
    """A server in a folder, on a port of its own."""

    folder: Path
    port: int = 0
    heap: str = "512m"
    page_cache: str = "128m"
    has_password: bool = False
    is_light: bool = True
    settings: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Its address."""
        return f"bolt://127.0.0.1:{self.port}"

    @property
    def password(self) -> str:
        """The one that it made for itself."""
        return (self.folder / "password").read_text("utf-8").strip()

    @property
    def pid(self) -> int:
        """The process that is the server."""
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        """Start it, on the ports that it had, and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = self.port or _free_port()
        call = [sys.executable, str(STARTER), "--home", str(self.folder), "--port", str(self.port),
                "--heap", self.heap, "--page-cache", self.page_cache]  # fmt: skip
        call += [] if self.has_password else ["--no-password"]
        call += ["--light"] if self.is_light else []
        call += [word for setting in self.settings for word in ("--set", setting)]
        with (self.folder / "output").open("wb") as output:
            self.process = subprocess.Popen(call, stdout=output, stderr=output, start_new_session=True)
        atexit.register(self.stop)
        self._wait()

    def stop(self) -> None:
        """Stop it as its owner would, and wait."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Let the system end it at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def _end(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            os.kill(self.process.pid, number)
            self.process.wait(SECONDS)

    def _wait(self) -> None:
        wait_for_bolt(self.port, self._refuse_ended)

    def _refuse_ended(self) -> None:
        if self.process is None or self.process.poll() is not None:
            raise RuntimeError((self.folder / "output").read_text("utf-8", "replace")[-2000:])


@dataclass
class Container:
    """A server that Docker runs, without a password, on loopback."""

    port: int = field(default_factory=_free_port)
    _id: str = ""

    @property
    def url(self) -> str:
        """Its address."""
        return f"bolt://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        call = ["run", "--detach", "--publish", f"127.0.0.1:{self.port}:7687", "--env", "NEO4J_AUTH=none",
                "--env", "NEO4J_dbms_usage__report_enabled=false", image()]  # fmt: skip
        self._id = _docker(*call).stdout.strip()
        if not self._id:
            raise RuntimeError(f"Docker did not start {image()}")
        atexit.register(self.stop)
        wait_for_bolt(self.port)

    def stop(self) -> None:
        """Remove it with its data."""
        if self._id:
            _docker("rm", "--force", "--volumes", self._id)
            self._id = ""


def wait_for_bolt(port: int, look: Callable[[], None] = lambda: None) -> None:
    """Until Bolt speaks: the first bytes of its handshake are answered. `look` may raise before that."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        look()
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as bolt:
                bolt.sendall(b"\x60\x60\xb0\x17" + b"\x00\x00\x04\x05" + bytes(12))
                if len(bolt.recv(4)) == 4:
                    return
        except OSError:
            pass
        time.sleep(0.2)
    raise RuntimeError(f"no server answered on port {port}")


def version() -> str:
    """The version that tests run on, as the pom names it."""
    found = re.search(r"<neo4j.version>(.*?)</neo4j.version>", POM.read_text("utf-8"))
    assert found
    return found.group(1)


def image() -> str:
    """The same version as an image."""
    return f"neo4j:{version()}-community"


def has_docker() -> bool:
    """Whether a daemon answers and has the image, or can get it."""
    if not shutil.which("docker") or _docker("info").returncode:
        return False
    return not _docker("image", "inspect", image()).returncode or not _docker("pull", image()).returncode


def _docker(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["docker", *words], capture_output=True, text=True, check=False)


class Pool:
    """Servers of this process: started when needed, given out empty, one to each who asks."""

    def __init__(self) -> None:
        self._free: list[str] = []
        self._lent: list[str] = []
        self._given = [
            u.strip() for u in os.environ.get("CREDIT_GRAPH_TEST_NEO4J", "").split(",") if u.strip()
        ]
        self._folder: Path | None = None

    def borrow(self) -> str:
        """The address of an empty server."""
        url = self._free.pop() if self._free else self._another()
        self._lent.append(url)
        empty(url)
        return url

    def give_back(self, url: str) -> None:
        """Let others have it."""
        if url in self._lent:
            self._lent.remove(url)
            self._free.append(url)

    def _another(self) -> str:
        if self._given:
            url = self._given.pop()
            _refuse_foreign(url)
            return url
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="credit-graph-neo4j-"))
            atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        folder = self._folder / str(len(self._lent) + len(self._free))
        server = Container() if has_docker() else LocalServer(folder)
        server.start()
        return server.url


POOL = Pool()


def require() -> None:
    """Skip where no server can be had; with CI=true that is a failure."""
    if not os.environ.get("CREDIT_GRAPH_TEST_NEO4J") and not has_docker():
        require_java()


def require_java() -> None:
    """The same where only a server of this machine's own will do."""
    missing = [name for name in ("java", "mvn") if not shutil.which(name)]
    if missing:
        sentence = f"no Neo4j server can be started ({', '.join(missing)} missing): {HOW}"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)


def empty(url: str) -> None:
    """Delete all nodes; constraints and indexes stay."""
    server = Server(Login(url))
    try:
        server.run(EMPTYING)
    finally:
        server.close()


def _refuse_foreign(url: str) -> None:
    server = Server(Login(url))
    try:
        foreign = server.read("MATCH (n) WHERE NOT EXISTS { MATCH (c:CreditGraph) } RETURN 1 LIMIT 1")
    finally:
        server.close()
    if foreign:
        pytest.exit(
            f"{url} of CREDIT_GRAPH_TEST_NEO4J holds a graph that no test left there; name an empty server.",
            1,
        )
