"""Bad input on the real command line: one sentence, the right exit code, exactly the bad rows rejected."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run, is_one_sentence

HOLDERS = "企业名称,统一社会信用代码,股东名称,持股比例,证件号码\n"
FIRM, OTHER = "91411202MA40AB121R", "91411202MA40AB13XH"
PERSON = "张三"
REGISTRATION = "企业名称,统一社会信用代码,法定代表人,注册资本,成立日期,登记状态,住所\n"
GOOD = f"甲公司,{FIRM},,100万元,2015-01-01,存续,湖滨区大岭路1号\n"


def write(name: str, content: str | bytes) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refused(run: Run, *call: object, code: int, says: str) -> None:
    """The call fails with one sentence that says this, and writes nothing."""
    ran = run(*call)
    assert (ran.code, is_one_sentence(ran.err)) == (code, True), ran.err
    assert says in ran.err
    listed = run("batches")
    assert listed.code == 1 or listed.document["batches"] == []


def rejected(run: Run) -> list[tuple[int, str, str | None]]:
    return [(r["line"], r["code"], r["column"]) for r in run("rejects").document["rejects"]]


# ---------------------------------------------------------------- nothing is read
def test_a_missing_file_is_a_wrong_call(run: Run) -> None:
    refused(run, "load", "nowhere.csv", code=2, says="nowhere.csv")


def test_a_folder_without_a_file_is_a_wrong_call(run: Run) -> None:
    Path("empty").mkdir()
    refused(run, "load", "empty", code=2, says="empty")


def test_an_unknown_template_is_a_wrong_call(run: Run) -> None:
    file = write("registration.csv", REGISTRATION + GOOD)
    refused(run, "load", file, "--template", "registrations", code=2, says="registrations")


def test_another_person_key_is_refused_before_anything_is_read(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("load", write("registration.csv", REGISTRATION + GOOD)).code == 0
    monkeypatch.setenv("CREDIT_GRAPH_PERSON_KEY", "another")
    ran = run("load", write("unread.csv", b"\x00\xff"))
    assert (ran.code, is_one_sentence(ran.err)) == (2, True)
    assert "CREDIT_GRAPH_PERSON_KEY" in ran.err
    assert len(run("batches").document["batches"]) == 1


# ---------------------------------------------------------------- the delivery is refused
def test_an_empty_file_is_refused(run: Run) -> None:
    refused(run, "load", write("empty.csv", ""), code=1, says="empty.csv")


def test_a_folder_without_a_fitting_file_is_refused_by_name(run: Run) -> None:
    write("folder/strange.csv", "a,b\n1,2\n")
    refused(run, "load", "folder", code=1, says="strange.csv")


def test_a_file_that_fits_another_template_better_is_refused_and_names_it(run: Run) -> None:
    file = write("shareholders_20260101.csv", HOLDERS + f"甲公司,{FIRM},{PERSON},50%,\n")
    refused(run, "load", file, "--template", "managers", code=1, says="shareholders")


def test_a_missing_required_column_is_named(run: Run) -> None:
    file = write("a.csv", REGISTRATION.replace("统一社会信用代码,", "") + GOOD.replace(f"{FIRM},", ""))
    refused(run, "load", file, "--template", "registration", code=1, says="统一社会信用代码")


def test_a_header_that_stands_twice_is_named(run: Run) -> None:
    file = write("a.csv", REGISTRATION.replace("住所", "登记状态") + GOOD)
    refused(run, "load", file, code=1, says="登记状态")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('type = "date"', 'type = "dat"', "columns.day.type"),
        ('subject = "firm"', 'subject = "firma"', "subject"),
        ('title = {', 'titel = {', "titel"),
        ("[parties.firm]", "[parties.firm", "line"),
        ('type = "enum"\n', 'type = "enum"\ntable = "colours"\n', "line 19, field columns.level.table"),
        ('role = "honour"', 'role = "honnour"', "line 28, field facts.1.role"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_template_is_named_with_its_line_and_field(
    run: Run, old: str, new: str, field: str
) -> None:
    assert old in TEMPLATE
    write("own.toml", TEMPLATE.replace(old, new, 1))
    refused(run, "templates", "check", "own.toml", code=1, says=field)
    file = write("a.csv", f"单位,代码,日期,级别\n甲公司,{FIRM},2026-01-01,高\n")
    refused(run, "load", file, "--template", "own.toml", code=1, says=field)


TEMPLATE = """
title = { zh = "一", en = "one" }
department = { zh = "一", en = "one" }
row = { zh = "一", en = "one" }
completeness = { zh = "一", en = "one" }
citation = "x"
[columns.name]
headers = ["单位"]
required = true
[columns.code]
headers = ["代码"]
type = "code"
[columns.day]
headers = ["日期"]
type = "date"
[columns.level]
headers = ["级别"]
type = "enum"
[columns.level.values]
high = ["高"]
[parties.firm]
kind = "organisation"
name = "name"
codes = "code"
[[facts]]
kind = "record"
subject = "firm"
role = "honour"
from = "day"
"""


# ---------------------------------------------------------------- exactly the bad rows are rejected
def row(**changes: str) -> str:
    """A good row of the registration, with changes."""
    cells = dict(zip(REGISTRATION.strip().split(","), GOOD.strip().split(","), strict=True)) | changes
    return ",".join(cells.values()) + "\n"


@pytest.mark.parametrize(
    ("bad", "code", "column"),
    [
        (row(统一社会信用代码="91411202MA40AB1211").encode(), "uscc_check", "统一社会信用代码"),
        (row(成立日期="2025-02-30").encode(), "bad_date", "成立日期"),
        ("太,短\n".encode(), "too_few_columns", None),
        (GOOD.replace("\n", ",多\n").encode(), "too_many_columns", None),
        (GOOD.encode().replace("大岭".encode(), b"\xff\xfe"), "damaged_bytes", None),
        (GOOD.encode().replace("大岭".encode(), b"\x00"), "nul", None),
        (row(企业名称='"甲公司').encode(), "open_quote", None),
        (b"x" * 50_000_000 + b"\n", "record_too_long", None),
    ],
    ids=["code", "date", "short", "long", "bytes", "nul", "quote", "50 MB"],
)
def test_a_bad_row_alone_is_rejected_with_its_line_and_reason(
    run: Run, bad: bytes, code: str, column: str | None
) -> None:
    good = row(企业名称="乙公司", 统一社会信用代码=OTHER).encode()
    file = write("registration.csv", REGISTRATION.encode() + GOOD.encode() + bad + good)
    report = run("load", file, "--max-rejects", "0.5").document
    assert (report["rows_read"], report["rows_loaded"], report["rows_rejected"]) == (3, 2, 1), report
    ((line, reason, where),) = rejected(run)
    assert (line, reason) == (3, code)
    assert column in (None, where)


def test_an_impossible_share_or_amount_is_rejected_or_left_out_with_a_note(run: Run) -> None:
    lines = [f"甲公司,{FIRM},{PERSON},120%,", f"甲公司,{FIRM},李四,-5%,", f"甲公司,{FIRM},王五,40%,"]
    file = write("shareholders_20260101.csv", HOLDERS + "\n".join(lines) + "\n")
    report = run("load", file, "--max-rejects", "0.7").document
    assert report["rows_rejected"] == 2
    assert [(line, code) for line, code, _ in rejected(run)] == [(2, "share_over_100"), (3, "negative_share")]
    capital = run("load", write("registration.csv", REGISTRATION + row(注册资本="-5万元"))).document
    assert [(i["code"], i["count"]) for i in capital["issues"]] == [("negative_amount", 1)]


def test_shares_over_all_and_self_holdings_load_are_noted_and_found(run: Run) -> None:
    lines = [f"甲公司,{FIRM},{PERSON},60%,", f"甲公司,{FIRM},李四,60%,", f"甲公司,{FIRM},甲公司,5%,{FIRM}"]
    file = write("shareholders_20260101.csv", HOLDERS + "\n".join(lines) + "\n")
    report = run("load", file).document
    assert (report["rows_loaded"], report["rows_rejected"]) == (3, 0)
    found = {i["code"]: i["example"]["line"] for i in report["issues"]}
    assert {"shares_over_100": 2, "self_holding": 4}.items() <= found.items()
    notes = run("rejects", "--notes").document["notes"]
    assert [(n["line"], n["code"]) for n in notes if n["code"] in found] == [
        (2, "shares_over_100"),
        (4, "self_holding"),
    ]
