import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from graph_service.cli.main import COMMANDS, program
from tests.cli.conftest import Run, is_one_sentence

PROGRAM = Path(sys.executable).with_name("credit-graph")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_and_has_help(name: str, run: Run) -> None:
    ran = run(name, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert name in ran.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_a_format(name: str) -> None:
    command = program.get_command(click.Context(program), name)
    assert command is not None
    inner = list(command.commands.values()) if isinstance(command, click.Group) else []
    for each in inner or [command]:
        assert "--format" in {o for p in each.params for o in p.opts}


def test_the_list_of_commands_needs_none_of_their_engines() -> None:
    heavy = "duckdb pandas numba pyarrow scipy rich".split()
    code = (
        "import sys; from graph_service.cli.failures import run_guarded; from graph_service.cli.main import program\n"
        "code = run_guarded(lambda: program.main(['--help'], standalone_mode=False))\n"
        f"sys.exit(code or ','.join(m for m in {heavy} if m in sys.modules) or 0)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "associations" in ran.out if hasattr(ran, "out") else "associations" in ran.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("search", "x", "--no-such-option"),
        ("no-such-command",),
        ("search",),
        ("search", "x", "--format", "yaml"),
        ("search", "x", "--as-of", "yesterday"),
        ("search", "x", "--known-at", "2026-13-01"),
        ("neighbours", "x", "--kinds", "likes"),
        ("load", "nowhere.csv"),
        ("load", __file__, "--template", "no_such"),
        ("load", __file__, "--max-rejects", "2"),
        ("templates", "show", "no_such"),
        ("templates", "check", "nowhere.toml"),
        ("--store", "mysql://x", "batches"),
    ],
    ids=" ".join,
)
def test_a_wrong_call_is_told_in_one_sentence_and_exits_2(words: tuple[str, ...], run: Run) -> None:
    ran = run(*words)
    assert ran.code == 2
    assert ran.out == ""
    assert is_one_sentence(ran.err), ran.err


@pytest.mark.parametrize(
    "words", [("search", "x"), ("entity", "x"), ("batches",), ("withdraw", "x"), ("refresh",)]
)
def test_where_there_is_no_store_a_question_says_so_and_makes_none(words: tuple[str, ...], run: Run) -> None:
    ran = run(*words)
    assert ran.code == 1
    assert is_one_sentence(ran.err), ran.err
    assert "credit-graph load" in ran.err
    assert list(Path.cwd().iterdir()) == []


def test_another_programs_file_is_no_store(run: Run) -> None:
    Path("other.db").write_text(
        "no database, but some text that is long enough to be looked at" * 20, "utf-8"
    )
    ran = run("--store", "sqlite:///other.db", "search", "x")
    assert ran.code == 1
    assert is_one_sentence(ran.err), ran.err


def test_an_unexpected_failure_is_one_sentence_and_shows_its_place_only_when_asked(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_environ: object, _store: object) -> None:
        raise ZeroDivisionError("a person's name")

    monkeypatch.setattr("graph_service.cli.main.settings_from", broken)
    ran = run("search", "x")
    assert ran.code == 1
    assert is_one_sentence(ran.err), ran.err
    assert "person's name" not in ran.err
    monkeypatch.setenv("CREDIT_GRAPH_LOG_LEVEL", "debug")
    assert "Traceback" in run("search", "x").err


@pytest.mark.parametrize("command", ["entity", "records", "history", "neighbours", "associations", "search"])
def test_unmasking_is_refused_while_there_is_no_audit(command: str, run: Run) -> None:
    ran = run(command, "x", "--purpose", "检查", "--case", "1")
    assert ran.code == 2
    assert is_one_sentence(ran.err), ran.err


def test_a_reader_that_goes_away_leaves_no_trace() -> None:
    script = f"'{PROGRAM}' templates list --format csv | head -c 10"
    ran = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False, env=os.environ)
    assert ran.stderr == ""
