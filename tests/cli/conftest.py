"""The command line as a user runs it, inside this process: arguments in; exit code, output and errors out."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from graph_service.cli.failures import run_guarded
from graph_service.cli.main import program

KEY = "key of the tests"


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `credit-graph` with these arguments in an empty folder with its own store."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CREDIT_GRAPH_PERSON_KEY", KEY)
    for name in ("CREDIT_GRAPH_STORE", "CREDIT_GRAPH_HOME", "CREDIT_GRAPH_LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: object) -> Ran:
        words: Sequence[str] = [str(a) for a in arguments]
        capfd.readouterr()
        code = run_guarded(lambda: program.main(words, prog_name="credit-graph", standalone_mode=False))
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    return call


def is_one_sentence(text: str) -> bool:
    """One line, no stack trace, an end."""
    lines = text.strip().splitlines()
    return len(lines) == 1 and "Traceback" not in text and lines[0].rstrip().endswith(".")
