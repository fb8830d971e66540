import shlex
from pathlib import Path

from tests.cli.conftest import Run, is_one_sentence

SMALL = ("demo", "--no-serve", "--enterprises", "200")


def test_the_demo_goes_from_files_to_evidence_and_can_be_run_again(run: Run) -> None:
    first = run(*SMALL)
    assert first.code == 0, first.err
    shown = first.document
    assert shown["load"]["status"] == "loaded"
    assert shown["refresh"]["as_of"] == "2026-11-15"
    assert 1 <= len(shown["enterprises"]) <= 10
    for command in shown["next"]:
        words = shlex.split(command)
        assert Path(words[0]).name == "credit-graph"
        assert Path(words[2].removeprefix("sqlite:///")).is_absolute()
        ran = run(*words[1:])
        assert ran.code == 0, (command, ran.err)
    assert all(e["associations"][0]["path"] and e["associations"][0]["records"] for e in shown["enterprises"])
    again = run(*SMALL)
    assert again.code == 0, again.err
    assert again.document["load"]["status"] == "already_loaded"
    assert again.document["enterprises"] == shown["enterprises"]
    page = run(*SMALL, "--format", "table", "--lang", "en").out
    assert "no ground for an administrative decision" in page
    assert " export associations associations.csv" in page
    other = run("demo", "--no-serve", "--enterprises", "300")
    assert other.code == 1
    assert is_one_sentence(other.err), other.err


def test_the_demo_mixes_with_no_other_data(run: Run) -> None:
    Path("city").mkdir()
    ran = run(*SMALL)
    assert (ran.code, ran.out) == (1, "")
    assert is_one_sentence(ran.err), ran.err
    assert sorted(p.name for p in Path.cwd().iterdir()) == ["city"]
