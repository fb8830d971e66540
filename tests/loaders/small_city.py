"""A few files of a small town: what stands already, and what comes next."""

from pathlib import Path

from graph_service.domain.identifiers import DEMO_PERSON_KEY
from graph_service.domain.identifiers.organisations import organisation_check_character, uscc_check_character
from loaders.options import LoadOptions
from tests.loaders.recording import csv_file
from tests.loaders.typed import TODAY

FIRMS = 12
OPTIONS = LoadOptions(today=TODAY, person_key=DEMO_PERSON_KEY, max_rejects=0.5)
TEXTS = ("商贸", "三门峡", "张1", "甲路", "smx", "0398", "旧名", "4112020000")


def code(n: int) -> str:
    """The USCC of firm n."""
    organisation = f"MA{n:06d}"
    body = f"91411202{organisation}{organisation_check_character(organisation)}"
    return body + uscc_check_character(body)


def before(folder: Path, firms: int = FIRMS) -> list[Path]:
    """Files of an earlier delivery: a register and its shareholders."""
    rows = [_firm(n, f"三门峡{n}号商贸有限公司", "存续") for n in range(firms)]
    owners = [_holding(n, f"张{k}", "50%") for n in range(firms) for k in range(2)]
    return [
        csv_file(folder, "registration_20260101.csv", rows),
        csv_file(folder, "shareholders_20260101.csv", owners),
    ]


def after(folder: Path, firms: int = FIRMS) -> list[Path]:
    """Files that change, end, repeat and add, with rows to reject."""
    rows = [_firm(n, f"三门峡{n + n % 2}号商贸有限公司", "注销" if n == 3 else "存续") for n in range(firms)]
    owners = [_holding(n, f"张{k}", "50%") for n in range(firms) for k in range(2) if (n, k) != (1, 1)]
    people = [
        {"企业名称": f"三门峡{n}号商贸有限公司", "统一社会信用代码": code(n), "姓名": f"张{n % 3}", "职务": "监事",
         "任职日期": "2020-01-01"}
        for n in range(2 * firms)
    ]  # fmt: skip
    return [
        csv_file(folder, "registration_20260301.csv", [*rows, _firm(9999, "", "存续")]),
        csv_file(folder, "shareholders_20260301.csv", [*owners, _holding(0, "", "1%")]),
        csv_file(folder, "managers_20260301.csv", people),
    ]


def _firm(n: int, name: str, status: str) -> dict[str, str]:
    return {
        "企业名称": name, "统一社会信用代码": code(n), "法定代表人": f"张{n % 4}", "成立日期": "2015-01-01",
        "登记状态": status, "住所": f"湖滨区甲路{n}号", "联系电话": f"0398-12345{n:04d}",
    }  # fmt: skip


def _holding(n: int, holder: str, share: str) -> dict[str, str]:
    return {
        "企业名称": f"三门峡{n}号商贸有限公司", "统一社会信用代码": code(n), "股东名称": holder, "证件号码": "",
        "出资比例": share, "入股日期": "2016-01-01",
    }  # fmt: skip
