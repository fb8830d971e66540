"""`precheck`, `audit` and `changes` as an officer runs them."""

import io
from pathlib import Path

import pytest

from tests.cli.conftest import Run, is_one_sentence
from tests.credit_graph.test_prechecks import OLD, OLD_NAME, PHONE, SUN, YARD, ZHOU, court, firm, person
from tests.loaders.recording import csv_file

WHY = ("--purpose", "设立登记", "--case", "豫设17号")


@pytest.fixture
def office(run: Run, tmp_path: Path) -> Run:
    rows = [firm(OLD_NAME, OLD, 成立日期="2015-03-01", **person("周立群", ZHOU, "2015-03-01"))]
    files = [
        csv_file(tmp_path, "registration_20250101.csv", rows),
        csv_file(
            tmp_path, "dishonest_judgment_debtor_20250320.csv", [court(OLD_NAME, OLD, "77号", "2025-03-12")]
        ),
    ]
    assert run("load", *files).code == 0
    assert run("refresh", "--as-of", "2025-05-10").code == 0
    (tmp_path / "p.csv").write_text(f"姓名,证件号码,职务\n周立群,{ZHOU},监事\n孙明远,{SUN},股东\n", "utf-8")
    return run


def test_the_page_has_four_blocks_and_says_that_it_was_logged(office: Run) -> None:
    ran = office(
        "precheck", "--persons", "p.csv", "--address", YARD, "--contact", PHONE, *WHY, "--format", "table"
    )
    assert ran.code == 0, ran.err
    titles = [line for line in ran.out.splitlines() if line[:2] in {"一、", "二、", "三、", "四、"}]
    assert titles == ["一、本人记录", "二、法定任职事项", "三、关联提示", "四、同名未合并"]
    assert "疑似承接经营" in ran.out
    assert "提示不影响依法受理" in ran.out
    assert "已留痕，编号 1" in ran.out
    assert not any(secret in ran.out for secret in ("周立群", "孙明远", ZHOU, SUN))


def test_a_program_reads_the_blocks_as_json_and_as_rows(office: Run) -> None:
    document = office("precheck", "--persons", "p.csv", *WHY).document
    assert [len(document[block]) for block in ("own_records", "office_matters", "leads")] == [2, 1, 1]
    rows = office("precheck", "--persons", "p.csv", *WHY, "--format", "csv").out.splitlines()
    assert len(rows) == 1 + 4
    assert [e["number"] for e in office("audit", "list").document["entries"]] == [2, 1]


def test_persons_come_from_standard_input_too(office: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    text = io.TextIOWrapper(io.BytesIO(f"name,number\n周立群,{ZHOU}\n".encode()))
    monkeypatch.setattr("sys.stdin", text)
    document = office("precheck", "--persons", "-", *WHY).document
    assert document["own_records"][0]["identified_by"] == "number"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is empty"),
        ("姓名,职务\n", "no person"),
        ("电话\n138\n", "no column 姓名"),
        ("姓名,name\n周立群,周立群\n", "twice"),
        ("姓名,证件类型,证件号码\n周立群,未知证,1\n", "type of document is unknown"),
        ("姓名,证件号码\n周立群,411202196805123519\n", "person 1: "),
        ('姓名,证件号码\n"周立群,41\n', "cannot be read"),
    ],
)
def test_a_wrong_list_of_persons_is_one_sentence_that_repeats_nothing(
    office: Run, tmp_path: Path, content: str, says: str
) -> None:
    (tmp_path / "wrong.csv").write_text(content, "utf-8")
    ran = office("precheck", "--persons", "wrong.csv", *WHY)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert is_one_sentence(ran.err)
    assert "周立群" not in ran.err
    assert "4112021968" not in ran.err
    assert office("audit", "list").document["entries"] == []


def test_a_missing_file_and_missing_grounds_are_wrong_calls(office: Run) -> None:
    assert "there is no file" in office("precheck", "--persons", "none.csv", *WHY).err
    assert office("precheck", "--persons", "p.csv").code == 2
    ran = office("precheck", "--persons", "p.csv", "--purpose", "x", "--case", " ")
    assert (ran.code, "查询自然人须填写查询事由和文号" in ran.err) == (2, True)


def test_audit_verify_finds_a_change_and_exits_with_1(office: Run, tmp_path: Path) -> None:
    office("precheck", "--persons", "p.csv", *WHY)
    assert office("audit", "verify").document == {"entries": 1, "whole": True, "problem": None}
    file = tmp_path / "credit-graph.db.d" / "audit" / "chain.jsonl"
    file.write_text(file.read_text("utf-8").replace("设立登记", "别的事由"), "utf-8")
    ran = office("audit", "verify")
    assert ran.code == 1
    assert ran.document["whole"] is False
    assert "entry 1" in ran.err
    assert office("audit", "export", "a.csv").document["rows"] == 1


def test_changes_take_a_day_or_a_snapshot_and_refuse_what_is_neither(office: Run) -> None:
    made = office("refresh", "--as-of", "2025-05-10").document["snapshot"]
    ran = office("changes", f"uscc:{OLD}", "--since", "2014-12-31", "--format", "table")
    assert ran.code == 0, ran.err
    assert "新增记录：失信被执行人" in ran.out
    assert "周立群" not in ran.out
    same = office("changes", f"uscc:{OLD}", "--since", made)
    assert (same.code, same.document["changes"]) == (0, [])
    for since, code in (("yesterday", 2), ("s1-0", 1), ("2030-01-01", 2)):
        wrong = office("changes", f"uscc:{OLD}", "--since", since)
        assert (wrong.code, wrong.out) == (code, "")
        assert is_one_sentence(wrong.err), wrong.err
