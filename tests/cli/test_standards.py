"""Open standards on the real command line."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, is_one_sentence
from tests.standards import EXAMPLES

NUMBERS = ("7700225VH", "0691084DH", "9857460SH")


def test_an_example_is_loaded_asked_and_exported_both_ways(run: Run) -> None:
    report = run("load", EXAMPLES / "fermcat.json").document
    assert (report["template"], report["status"], report["rows_read"]) == ("bods", "loaded", 23)
    assert run("entity", "bods:ent-93c75c87ab28f889").document["name"] == "Fermcat Ltd"
    assert "bods:ent-93c75c87ab28f889" in run("search", "434151").out
    for what, name in (("bods", "a.json"), ("ftm", "a.jsonl")):
        ran = run("export", what, name)
        assert (ran.code, ran.document["export"], ran.document["left_out"]) == (0, what, {})
        assert run("--store", f"sqlite:///{what}.db", "load", name).document["template"] == what


def test_numbers_and_names_of_persons_stand_in_no_file_that_is_written(run: Run, tmp_path: Path) -> None:
    run("load", EXAMPLES / "fermcat.json")
    run("export", "bods", "a.json")
    run("export", "ftm", "a.jsonl")
    for path in (p for p in tmp_path.rglob("*") if p.is_file()):
        data = path.read_bytes()
        assert not any(number.encode() in data for number in NUMBERS), path
        assert path.suffix not in (".json", ".jsonl") or b"Byrne" not in data


def test_persons_with_numbers_need_the_key_and_others_do_not(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CREDIT_GRAPH_PERSON_KEY")
    assert run("load", EXAMPLES / "levent.json").code == 0
    ran = run("load", EXAMPLES / "fermcat.json")
    assert (ran.code, is_one_sentence(ran.err)) == (2, True)
    assert "CREDIT_GRAPH_PERSON_KEY" in ran.err


def test_the_same_file_again_is_already_loaded_and_can_be_withdrawn(run: Run) -> None:
    batch = run("load", EXAMPLES / "levent.json").document["batch"]
    assert run("load", EXAMPLES / "levent.json").document["status"] == "already_loaded"
    assert run("withdraw", batch).code == 0
    assert run("entity", "bods:8e40d059").code == 1


def test_a_bad_statement_is_listed_with_its_line_and_none_of_its_text(run: Run) -> None:
    statements = json.loads((EXAMPLES / "tecido.json").read_text("utf-8"))
    statements[0]["recordDetails"]["personType"] = "hero"
    Path("a.json").write_text(json.dumps(statements), "utf-8")
    report = run("load", "a.json").document
    assert (report["rows_read"], report["rows_loaded"], report["rows_rejected"]) == (11, 10, 1)
    first = run("rejects").document["rejects"][0]
    assert (first["line"], first["code"], first["column"], first["raw"]) == (
        1,
        "unknown_value",
        "personType",
        "",
    )


@pytest.mark.parametrize("name", ["bods", "ftm"])
def test_the_templates_are_listed_and_shown(name: str, run: Run) -> None:
    assert name in {t["name"] for t in run("templates", "list").document["templates"]}
    assert run("templates", "show", name).document["columns"][0]["required"] is True


@pytest.mark.parametrize("what", ["bods", "ftm"])
def test_another_suffix_is_one_sentence(what: str, run: Run) -> None:
    run("load", EXAMPLES / "levent.json")
    ran = run("export", what, "a.csv")
    assert (ran.code, is_one_sentence(ran.err)) == (2, True)
    assert ".json or .jsonl" in ran.err


def test_the_table_of_an_export_says_what_was_left_out(run: Run) -> None:
    run("load", EXAMPLES / "tecido.json")
    assert "left_out" not in run("export", "bods", "a.json", "--format", "csv").out
