"""A pre-check at the counter: four blocks that are never mixed, dated evidence, nobody judged, everything logged."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from graph_service import CreditGraph, snapshots
from graph_service.credit_graph.moment import SHANGHAI
from graph_service.credit_graph.prechecks import Applicant
from graph_service.domain.errors import AuditError, WrongCall, WrongPersonKey
from graph_service.domain.identifiers.citizens import citizen_check_character
from graph_service.office import AuditLog
from graph_service.results import Precheck
from graph_service.store.base import GraphStore
from loaders.options import LoadOptions
from loaders.pipeline import load_paths
from tests.credit_graph.small_store import store_at
from tests.credit_graph.test_questions import day
from tests.loaders.recording import csv_file
from tests.loaders.small_city import code

KEY = b"key of the tests"
OLD, NEW, LAW_FIRM = code(1), code(2), code(3)
OLD_ID, NEW_ID = f"uscc:{OLD}", f"uscc:{NEW}"
OLD_NAME, NEW_NAME = "三门峡曜川建材有限公司", "三门峡澄岳建材有限公司"
PHONE, YARD = "0398-2812345", "三门峡市湖滨区甲路18号"
ON = "2025-05-10"
NOW = datetime(2025, 5, 10, 9, tzinfo=SHANGHAI)


def number(born: str, serial: str) -> str:
    body = f"411202{born}{serial}"
    return body + citizen_check_character(body)


def masked(full: str) -> str:
    return f"{full[:10]}****{full[-4:]}"


ZHOU, SUN = number("19680512", "351"), number("19790203", "142")
OTHER_ZHOU = number("19911130", "117")
ASKED = {"purpose": "设立登记", "case": "豫设〔2025〕17号", "by": "officer-7"}
BOTH = (Applicant("孙明远", SUN, post="股东"), Applicant("周立群", ZHOU, post="监事"))


def firm(name: str, uscc: str, **more: str) -> dict[str, str]:
    return {
        "企业名称": name, "统一社会信用代码": uscc, "法定代表人": "", "法定代表人证件号码": "", "法定代表人任职日期": "",
        "成立日期": "", "登记状态": "存续", "吊销日期": "", "行业代码": "F5165", "住所": YARD, "联系电话": PHONE,
    } | more  # fmt: skip


def person(name: str, full: str, since: str) -> dict[str, str]:
    return {"法定代表人": name, "法定代表人证件号码": full, "法定代表人任职日期": since}


def court(name: str, id_: str, case: str, published: str) -> dict[str, str]:
    return {
        "失信被执行人姓名/名称": name, "身份证号码/组织机构代码": id_, "法定代表人或者负责人姓名": "周立群",
        "执行法院": "湖滨区人民法院", "省份": "河南", "案号": case, "立案时间": published, "发布时间": published,
    }  # fmt: skip


def manager(name: str, full: str, start: str, stop: str) -> dict[str, str]:
    return {
        "企业名称": OLD_NAME, "统一社会信用代码": OLD, "姓名": name, "职务": "经理", "证件类型": "居民身份证",
        "证件号码": full, "任职日期": start, "离任日期": stop,
    }  # fmt: skip


def ended(what: str, on: str) -> dict[str, str]:
    return {
        "名单类别": "失信被执行人", "主体名称": OLD_NAME, "统一社会信用代码": OLD, "文书号": "(2025)豫1202执77号", "事由": what,
        "日期": on,
    }  # fmt: skip


class Counter:
    """An office with its store, at the counter on one day."""

    def __init__(self, folder: Path, store: GraphStore | None = None) -> None:
        self.folder, self.home = folder, folder / "home"
        self.store = store or store_at(folder / "s.db")

    def load(self, name: str, rows: Sequence[dict[str, str]]) -> None:
        options = LoadOptions(today=date(2025, 6, 30), person_key=KEY, allow_ending=True)
        report = load_paths(self.store, [csv_file(self.folder, f"{name}.csv", rows)], options)
        assert report.to_dict()["rows_rejected"] == 0, report.to_dict()

    def refresh(self, on: str = ON) -> None:
        snapshots.refresh(self.store, self.home, as_of=day(on))

    def graph(self) -> CreditGraph:
        return CreditGraph.open(self.store.url, home=self.home, clock=lambda: NOW)

    def check(self, **asked: Any) -> Precheck:
        given = {**ASKED, "person_key": KEY.decode(), **asked}
        return self.graph().precheck(**given)

    def apply(self) -> Precheck:
        return self.check(persons=BOTH, addresses=[YARD], contacts=[PHONE])


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was loaded before anybody applies."""
    folder = tmp_path_factory.mktemp("filled")
    found = Counter(folder)
    fill(found)
    found.refresh()
    found.store.close()
    return folder


def fill(found: Counter) -> None:
    """A firm that was listed, its people and places; a firm founded soon after at the same place."""
    found.load(
        "registration_20250101",
        [firm(OLD_NAME, OLD, 成立日期="2015-03-01", **person("周立群", ZHOU, "2015-03-01"))],
    )
    found.load("managers_20250101", [manager("孙明远", SUN, "2019-01-01", "2025-04-01")])
    found.load(
        "dishonest_judgment_debtor_20250320",
        [
            court(OLD_NAME, OLD, "(2025)豫1202执77号", "2025-03-12"),
            court("周立群", masked(OTHER_ZHOU), "(2024)豫0102执5号", "2024-11-02"),
        ],
    )
    found.load(
        "registration_20250422",
        [
            firm(OLD_NAME, OLD, 成立日期="2015-03-01", **person("李德厚", "", "2025-04-02")),
            firm(NEW_NAME, NEW, 成立日期="2025-04-21"),
        ],
    )


@pytest.fixture
def counter(filled: Path, tmp_path: Path) -> Counter:
    return Counter(shutil.copytree(filled, tmp_path / "office"))


def test_four_blocks_tell_what_is_recorded_of_the_applicants_and_what_is_only_a_hint(
    counter: Counter,
) -> None:
    found = counter.apply()
    assert [(o.applicant, o.identified_by, o.listed, o.records) for o in found.own_records] == [
        (1, "number", False, ()), (2, "number", False, ()),
    ]  # fmt: skip
    (reach,) = found.office_matters
    assert (reach.applicant, reach.code, reach.class_) == (2, "measure_reaches", "derived")
    assert "人民法院确认" in reach.sentence.zh
    assert "限制消费" in reach.title.zh
    (lead,) = found.leads
    assert (lead.target.id, lead.rule, lead.class_) == (OLD_ID, "reborn_from_listed", "lead")
    assert lead.in_common == ("person", "address", "contact")
    kinds = sorted(step.kind for step in lead.path)
    assert kinds == ["located_at", "manages", "reached_at", "represents"]
    assert all(step.valid_from for step in lead.path if step.kind in {"manages", "represents"})
    assert all(step.evidence for step in lead.path)
    assert "不影响依法受理" in found.statement.zh


def test_namesakes_are_told_apart_by_their_visible_digits_and_never_merged(counter: Counter) -> None:
    (listed,) = counter.apply().namesakes
    assert (listed.applicant, listed.agreement, listed.records) == (2, "differ", ())
    counter.load(
        "dishonest_judgment_debtor_20250401",
        [court("周立群", masked(ZHOU), "(2024)豫0105执9号", "2024-12-01")],
    )
    counter.refresh()
    one, other = counter.apply().namesakes
    assert (one.agreement, other.agreement) == ("agree", "differ")
    assert [r.kind for r in one.records] == ["dishonest_judgment_debtor"]
    assert "尚未确认为同一人" in one.sentence.zh
    assert not any(o.listed for o in counter.apply().own_records)


def test_an_objection_pauses_the_lead_and_a_deletion_ends_it_at_once(counter: Counter) -> None:
    counter.load("list_exits_20250506", [ended("异议受理", "2025-05-05")])
    paused = counter.apply()
    assert (paused.leads, paused.paused) == ((), 1)
    assert [m.records[0].status for m in paused.office_matters] == ["objected"]
    counter.load("list_exits_20250508", [ended("撤销", "2025-05-07")])
    gone = counter.apply()
    assert (gone.leads, gone.paused, gone.office_matters) == ((), 0, ())
    assert "leads" in gone.none_found


def test_a_representative_who_left_before_the_record_is_reached_by_nothing(counter: Counter) -> None:
    counter.load(
        "registration_20250425",
        [firm(OLD_NAME, OLD, 成立日期="2015-03-01", **person("赵一帆", SUN, "2025-04-24"))],
    )
    counter.refresh()
    reached = [m.applicant for m in counter.apply().office_matters]
    assert reached == [1, 2]
    early = counter.graph().at(as_of=day("2025-03-01"))
    found = early.precheck(persons=BOTH, **ASKED, person_key=KEY.decode())
    assert found.office_matters == ()


def test_a_listed_debtor_and_the_head_of_a_revoked_firm_are_for_the_office_to_verify(
    counter: Counter,
) -> None:
    counter.load(
        "dishonest_judgment_debtor_20250402", [court("周立群", ZHOU, "(2024)豫0105执9号", "2024-12-01")]
    )
    gone = firm(
        "三门峡远帆货运有限公司",
        LAW_FIRM,
        成立日期="2018-01-01",
        登记状态="吊销",
        吊销日期="2024-06-01",
        住所="乙路1号",
        联系电话="",
    )
    counter.load("registration_20250426", [gone | person("孙明远", SUN, "2018-01-01")])
    counter.refresh()
    officers = (replace(BOTH[0], post="董事"), BOTH[1])
    found = counter.check(persons=officers)
    codes = {(m.applicant, m.code) for m in found.office_matters}
    assert {(1, "revoked_representative"), (2, "debtor_in_office")} <= codes
    assert all("核实" in m.sentence.zh or "确认" in m.sentence.zh for m in found.office_matters)
    assert found.own_records[1].listed
    holders = counter.check(persons=[replace(p, post="股东") for p in BOTH])
    assert {m.code for m in holders.office_matters} == {"measure_reaches"}


def test_a_neutral_place_tells_nothing_and_says_so(counter: Counter) -> None:
    address = next(n.id for n in counter.graph().neighbours(OLD_ID).entities if n.kind == "address")
    counter.graph().add_hub(address, reason="园区集中登记地", by="officer-7")
    counter.refresh()
    found = counter.check(addresses=[YARD])
    assert found.leads == ()
    assert [hub.id for hub in found.hubs] == [address]


def test_who_is_not_in_the_data_is_not_found_and_that_is_no_praise(counter: Counter) -> None:
    stranger = Applicant("王不在", number("19990101", "231"))
    found = counter.check(persons=[stranger], addresses=["无此路9号"], contacts=["a@b.cn"])
    (own,) = found.own_records
    assert (own.identified_by, own.person, own.listed) == ("not_found", None, False)
    assert own.none_found is not None
    assert "不代表不存在" in own.none_found.zh
    assert set(found.none_found) == {"office_matters", "leads", "namesakes"}


def test_the_answer_holds_no_name_or_number_in_full_and_no_score(counter: Counter) -> None:
    found = counter.apply()
    text = repr(found.to_dict()) + repr(found.rows())
    for secret in ("周立群", "孙明远", ZHOU, SUN):
        assert secret not in text
    assert "score" not in text
    assert "strength" not in text


def test_the_look_up_is_in_the_audit_log_before_it_is_told(counter: Counter) -> None:
    found = counter.apply()
    (entry,) = AuditLog(counter.home).entries()
    assert (entry["number"], entry["action"], entry["by"], entry["purpose"], entry["case"]) == (
        found.audit, "precheck", "officer-7", "设立登记", "豫设〔2025〕17号",
    )  # fmt: skip
    assert entry["results"]["leads"] == 1
    assert {one.split(":")[0] for one in entry["about"]} == {"person", "address", "contact"}
    assert not any(secret in repr(entry) for secret in ("周立群", "孙明远", ZHOU, SUN))


def test_without_an_audit_log_there_is_no_answer(counter: Counter) -> None:
    (counter.home / "audit").write_text("not a folder")
    with pytest.raises(AuditError, match="留痕写入失败"):
        counter.apply()


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"persons": BOTH, "purpose": " "}, "查询自然人须填写查询事由和文号"),
        ({"persons": BOTH, "case": ""}, "查询自然人须填写查询事由和文号"),
        ({}, "nothing to check"),
        ({"persons": [Applicant(" ")]}, "person 1 has no name"),
        ({"persons": [Applicant("周立群", "411202196805123519")]}, "person 1: "),
        ({"contacts": [PHONE] * 51}, "at most 50"),
    ],
)
def test_a_wrong_application_is_refused_in_one_sentence(
    counter: Counter, asked: dict[str, Any], says: str
) -> None:
    with pytest.raises(WrongCall, match=says) as caught:
        counter.check(**asked)
    assert "411202196805123519" not in str(caught.value)
    assert not list(AuditLog(counter.home).entries())


def test_another_person_key_is_refused_since_no_number_could_be_compared(counter: Counter) -> None:
    with pytest.raises(WrongPersonKey, match="CREDIT_GRAPH_PERSON_KEY"):
        counter.check(persons=BOTH, person_key="another")
    by_name = counter.check(persons=[Applicant("周立群")], person_key="another")
    assert by_name.own_records[0].identified_by == "none"
    assert {n.agreement for n in by_name.namesakes} == {"unknown"}
