"""What an office writes into HOME/rules reaches its loads: kinds of record, their terms, code tables."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run, is_one_sentence
from tests.cli.test_store_commands import FIRM, HEADER, ROWS

KIND = """
[[kind]]
code = "pollution"
title_zh = "环境违法失信"
title_en = "pollution list"
grade = "serious"
listed = true
sign = "adverse"
nature = "decided"
term_months = 12
aliases = ["环境失信*"]
citation = "本市办法"
confirmed = "K"
"""
TABLE = 'citation = "本局"\nconfirmed = "K"\n[[entry]]\ncode = "{}"\ntitle_zh = "{}"\n'
TEMPLATE = """
title = { zh = "环境违法", en = "Pollution" }
department = { zh = "生态环境局", en = "Environment" }
row = { zh = "一份决定", en = "One decision" }
completeness = { zh = "全部", en = "All" }
citation = "x"
[columns.firm]
headers = ["单位"]
type = "name"
required = true
[columns.uscc]
headers = ["信用代码"]
type = "code"
required = true
[columns.document]
headers = ["决定书"]
[columns.day]
headers = ["决定日"]
type = "date"
[parties.firm_party]
kind = "organisation"
name = "firm"
codes = "uscc"
required = true
[[facts]]
kind = "record"
subject = "firm_party"
role = "pollution"
part = "document"
from = "day"
"""


@pytest.fixture
def rules(run: Run) -> Path:
    """The folder of the office's rules, beside the store of the tests."""
    folder = Path("credit-graph.db.d/rules")
    (folder / "codes").mkdir(parents=True)
    (folder / "record_kinds.toml").write_text(KIND, "utf-8")
    return folder


@pytest.fixture
def decisions(run: Run) -> tuple[Path, Path]:
    """The office's template and a file for it."""
    Path("pollution.toml").write_text(TEMPLATE, "utf-8")
    Path("p.csv").write_text(
        "单位,信用代码,决定书,决定日\n甲公司,91411202MA40AB121R,环1号,2026-01-01\n", "utf-8"
    )
    return Path("pollution.toml"), Path("p.csv")


def test_a_record_kind_and_its_term_reach_a_load(run: Run, rules: Path, decisions: tuple[Path, Path]) -> None:
    template, file = decisions
    assert run("load", file, "--template", template).code == 0
    (record,) = run("records", FIRM, "--as-of", "2026-06-01").document["records"]
    assert (record["kind"], record["valid_to"], record["listed"]) == ("pollution", "2027-01-01", True)


def test_an_exit_from_an_office_s_own_list_finds_it(
    run: Run, rules: Path, decisions: tuple[Path, Path]
) -> None:
    template, file = decisions
    run("load", file, "--template", template)
    row = "名单类别,主体名称,统一社会信用代码,文书号,事由,日期\n环境失信名单,甲公司,91411202MA40AB121R,环1号,修复,2026-03-01\n"
    Path("exits.csv").write_text(row, "utf-8")
    assert run("load", "exits.csv").document["rows_rejected"] == 0
    assert run("records", FIRM).document["records"] == []


def test_codes_of_an_office_reach_a_load(run: Run, rules: Path) -> None:
    (rules / "codes" / "currencies.toml").write_text(TABLE.format("THB", "泰铢"), "utf-8")
    held = TABLE.format("resting", "休眠") + "in_business = true\n"
    (rules / "codes" / "registration_status.toml").write_text(held, "utf-8")
    row = ROWS[0].replace("存续", "休眠").replace("\n", ",泰铢\n")
    Path("registration.csv").write_text(HEADER.replace("\n", ",币种\n") + row, "utf-8")
    assert run("load", "registration.csv").document["issues"] == []
    found = run("entity", FIRM).document["attributes"]
    assert (found["currency"], found["status"], found["in_business"]) == ("THB", "resting", True)


def test_a_record_kind_that_no_rules_know_is_refused_before_anything_is_read(
    run: Run, decisions: tuple[Path, Path]
) -> None:
    template, file = decisions
    for refused in (run("load", file, "--template", template), run("templates", "check", template)):
        assert (refused.code, refused.out) == (1, "")
        assert is_one_sentence(refused.err)
        assert "pollution" in refused.err


def test_an_event_that_the_law_does_not_know_is_refused(run: Run, rules: Path) -> None:
    (rules / "codes" / "exit_events.toml").write_text(TABLE.format("forgotten", "遗忘"), "utf-8")
    refused = run("templates", "show", "list_exits")
    assert (refused.code, refused.out) == (1, "")
    assert is_one_sentence(refused.err)
    assert "forgotten" in refused.err
