"""Servers for people and tests: `scripts/neo4j-server` as its user runs it, the compose file, and Docker where it answers."""

import os
import re
import runpy
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from graph_service.domain.errors import StoreError
from graph_service.store.neo4j.connection import Login, Server
from tests import neo4j_server
from tests.cli.conftest import is_one_sentence
from tests.neo4j_server import ROOT, STARTER, LocalServer

COMPOSE = ROOT / "deploy" / "neo4j" / "docker-compose.yml"
ALL_ADDRESSES = {"0" * 8, "0" * 32}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LocalServer]:
    """A server with a password, running."""
    neo4j_server.require_java()
    running = LocalServer(tmp_path / "home", has_password=True)
    running.start()
    yield running
    running.kill()


def program(folder: Path, name: str, script: str) -> Path:
    """A program of this name in a folder of its own, to be found first or alone."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)
    return path


def start(*options: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    """A start that ends by itself."""
    env = os.environ | ({} if path is None else {"PATH": path})
    call = [sys.executable, str(STARTER), *options]
    return subprocess.run(call, env=env, capture_output=True, text=True, check=False, timeout=120)


def refused(ran: subprocess.CompletedProcess[str]) -> str:
    assert (ran.returncode, ran.stdout) == (1, "")
    assert is_one_sentence(ran.stderr), ran.stderr
    return ran.stderr


def listening(pid: int) -> list[tuple[str, int]]:
    """Addresses (hex) and ports on which a process listens, by what the kernel says."""
    sockets = set()
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            sockets.add(str(handle.readlink()))
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text("ascii").splitlines()[1:]:
            words = line.split()
            if words[3] == "0A" and f"socket:[{words[9]}]" in sockets:
                address, port = words[1].split(":")
                found.append((address, int(port, 16)))
    return found


def test_it_listens_on_loopback_alone(server: LocalServer) -> None:
    found = listening(server.pid)
    assert server.port in {port for _, port in found}
    assert not ALL_ADDRESSES & {address for address, _ in found}
    assert all(address.endswith(("0100007F", "01000000")) for address, _ in found), found


def test_what_it_prints_lets_its_owner_in_and_nobody_else(server: LocalServer) -> None:
    kept = server.folder / "password"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    said = dict(
        re.findall(r"^export (\w+)=(\S+)$", (server.folder / "output").read_text("utf-8"), re.MULTILINE)
    )
    assert said["CREDIT_GRAPH_NEO4J_PASSWORD"] == server.password
    call = [str(Path(sys.executable).with_name("credit-graph")), "doctor"]
    ran = subprocess.run(
        call, env=os.environ | said, cwd=server.folder, capture_output=True, text=True, check=False
    )
    assert said["CREDIT_GRAPH_STORE"].removeprefix("neo4j://") in ran.stdout
    assert "refused the user" not in ran.stdout
    for password in (None, "wrong"):
        stranger = Server(Login(server.url, password=password))
        with pytest.raises(StoreError, match="refused the user or password"):
            stranger.read("RETURN 1")
        stranger.close()


def test_killed_and_started_again_it_keeps_data_and_password(server: LocalServer) -> None:
    login = Login(server.url, password=server.password)
    first = Server(login)
    first.write(("CREATE (:Kept {value: 1})", {}))
    first.close()
    server.kill()
    server.start()
    assert server.password == login.password
    again = Server(login)
    assert again.read("MATCH (k:Kept) RETURN k.value") == [[1]]
    again.close()


def test_a_password_that_begins_like_an_option_is_set_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    neo4j_server.require_java()
    starter = runpy.run_path(str(STARTER))
    monkeypatch.setattr("secrets.token_urlsafe", lambda _length: "-a-random-one")
    lib = starter["jars"](Path(os.environ.get("NEO4J_JARS") or ROOT / ".neo4j"))
    places = {"NEO4J_HOME": str(tmp_path), "NEO4J_CONF": str(tmp_path)}
    command = [starter["java"](), "-cp", f"{lib}/*"]
    assert starter["password"](tmp_path, command, os.environ | places) == "-a-random-one"


def test_a_taken_port_is_told_and_nothing_started(tmp_path: Path) -> None:
    neo4j_server.require_java()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refused(start("--home", str(tmp_path / "home"), "--port", str(port)))
    assert f"port {port} is taken" in said
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(("version", "says"), [(None, "no Java"), ("11.0.2", "version 11")])
def test_no_java_or_another_one_is_told(version: str | None, says: str, tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    if version:
        program(folder, "java", f"echo 'openjdk version \"{version}\"' >&2")
    said = refused(start("--home", str(tmp_path / "home"), path=str(folder)))
    assert says in said
    assert "openjdk-17" in said


def test_no_maven_is_told_and_one_that_fails_leaves_nothing_that_is_taken_for_the_server(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "bin"
    program(folder, "java", "echo 'openjdk version \"17.0.1\"' >&2")
    options = ("--fetch-only", "--jars", str(tmp_path / "jars"))
    assert "no Maven" in refused(start(*options, path=str(folder)))
    out = 'for a in "$@"; do case $a in -DoutputDirectory=*) d=${a#*=};; esac; done'
    program(folder, "mvn", f'{out}; /bin/mkdir -p "$d"; echo half > "$d/neo4j.jar"; exit 1')
    assert "could not fetch" in refused(start(*options, path=str(folder)))
    assert not list((tmp_path / "jars").glob("lib*"))
    program(folder, "mvn", f'{out}; /bin/mkdir -p "$d"; echo whole > "$d/neo4j.jar"')
    assert start(*options, path=str(folder)).returncode == 0
    assert [p.read_text() for p in (tmp_path / "jars").glob("lib-*/neo4j.jar")] == ["whole\n"]


def test_the_compose_file_runs_the_same_version_on_loopback_with_a_password_that_its_user_gives() -> None:
    text = COMPOSE.read_text("utf-8")
    assert re.findall(r"image: neo4j:(\S+)", text) == [f"{neo4j_server.version()}-community"]
    ports = re.findall(r'- "(.*:\d+:\d+)"', text)
    assert len(ports) == 2
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert "${CREDIT_GRAPH_NEO4J_PASSWORD:?" in text


# ------------------------------------------------------------ Docker, where a daemon answers
def test_docker_is_asked_for_the_same_version_on_loopback_and_its_container_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "told"
    program(tmp_path / "bin", "docker", f'echo "$@" >> {told}; case $1 in run) echo c0ffee;; esac')
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    container = neo4j_server.Container()
    monkeypatch.setattr(neo4j_server, "wait_for_bolt", lambda *_: None)
    assert neo4j_server.has_docker()
    container.start()
    assert container.url.startswith("bolt://127.0.0.1:")
    container.stop()
    container.stop()
    calls = told.read_text("utf-8").splitlines()
    run = next(call for call in calls if call.startswith("run "))
    assert f"neo4j:{neo4j_server.version()}-community" in run
    assert f"--publish 127.0.0.1:{container.port}:7687" in run
    assert [call for call in calls if call.startswith("rm")] == ["rm --force --volumes c0ffee"]


def test_a_daemon_that_does_not_answer_leaves_the_server_from_maven(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "bin", "docker", "exit 1")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert not neo4j_server.has_docker()
    monkeypatch.setenv("CI", "true")
    monkeypatch.delenv("CREDIT_GRAPH_TEST_NEO4J", raising=False)
    with pytest.raises(pytest.fail.Exception, match="java, mvn missing"):
        neo4j_server.require()
