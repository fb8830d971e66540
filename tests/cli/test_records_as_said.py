"""What officers read about a record: on which day it was published, what nobody verified, and no person's name."""

from pathlib import Path
from typing import Any

import pytest

from graph_service.domain.identifiers import RESIDENT_ID, person_id
from tests.cli.conftest import KEY, Run

FIRM = "91411202MA40AB121R"
NUMBER = "411202198001011236"


def records(run: Run, file: str, text: str, entity: str) -> list[dict[str, Any]]:
    Path(file).write_text(text, "utf-8")
    loaded = run("load", file)
    assert loaded.code == 0, loaded.err
    found: list[dict[str, Any]] = run("records", entity).document["records"]
    return found


@pytest.mark.parametrize(
    ("template", "party"),
    [
        ("dishonest_judgment_debtor", "失信被执行人姓名/名称"),
        ("consumption_restriction", "被限制消费人员姓名/名称"),
    ],
)
def test_a_courts_list_is_dated_by_its_publication_and_not_by_the_filing(
    run: Run, template: str, party: str
) -> None:
    header = f"{party},身份证号码/组织机构代码,执行法院,案号,立案时间,发布时间\n"
    row = f"三门峡曜川建材有限公司,{FIRM},湖滨区人民法院,（2025）豫1202执1号,2024-12-30,2025-03-12\n"
    (record,) = records(run, f"{template}_20250315.csv", header + row, FIRM)
    assert "2025年03月12日" in record["statement"]["zh"]
    assert (record["decided"], record["details"]["filed"]) == (None, "2024-12-30")


def test_a_complaint_is_unverified_in_the_answer_and_in_the_export(run: Run) -> None:
    header = "投诉编号,被投诉主体名称,统一社会信用代码,投诉日期,问题类别,受理机关,处理状态\n"
    row = f"T1,三门峡曜川建材有限公司,{FIRM},2025-03-12,合同,湖滨区市场监督管理局,办结\n"
    (record,) = records(run, "complaints_20250315.csv", header + row, FIRM)
    assert (record["status"], record["nature"], record["listed"]) == ("unverified", "unverified", False)
    assert "未核实" in record["statement"]["zh"]
    assert run("export", "records", "records.csv").code == 0
    assert "unverified" in Path("records.csv").read_text("utf-8")
    assert "in_force" not in Path("records.csv").read_text("utf-8")


def test_the_party_of_a_record_is_masked_in_its_own_texts(run: Run) -> None:
    header = (
        "行政相对人名称,行政相对人类别,行政相对人代码_1(统一社会信用代码),证件类型,证件号码,"
        "行政处罚决定书文号,违法事实,处罚决定日期,处罚机关\n"
    )
    row = f"孙小红,自然人,,身份证,{NUMBER},三罚1号,经查孙小红无照经营,2025-03-12,湖滨区市场监督管理局\n"
    person = person_id(KEY.encode(), RESIDENT_ID, "CN", NUMBER)
    (record,) = records(run, "administrative_penalty_20250315.csv", header + row, person)
    assert record["details"]["facts_found"] == "经查孙*无照经营"
    assert "孙小红" not in run("records", person).out + run("history", person).out
