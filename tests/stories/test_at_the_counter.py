"""疑似承接经营: a firm is listed, its people found another at the same place; what the counter sees, and when it is gone."""

from graph_service import snapshots
from tests.credit_graph.test_prechecks import (
    NEW,
    NEW_ID,
    NEW_NAME,
    OLD,
    OLD_ID,
    OLD_NAME,
    SUN,
    Counter,
    ended,
    fill,
    manager,
    number,
)

STAFF = [(name, number(f"198{n}0101", f"23{n}")) for n, name in enumerate(("钱一新", "钱二新", "钱三新"))]


def staff_of(firm: str, uscc: str, since: str) -> list[dict[str, str]]:
    return [
        manager(name, full, since, "") | {"企业名称": firm, "统一社会信用代码": uscc} for name, full in STAFF
    ]


def test_a_reborn_firm_is_a_lead_until_an_objection_pauses_it_and_a_deletion_ends_it(office: Counter) -> None:
    fill(office)
    office.load(
        "managers_20250423", staff_of(OLD_NAME, OLD, "2018-01-01") + staff_of(NEW_NAME, NEW, "2025-04-21")
    )
    owner = {
        "企业名称": NEW_NAME, "统一社会信用代码": NEW, "股东名称": "孙明远", "股东类型": "自然人股东", "证件类型": "居民身份证",
        "证件号码": SUN, "认缴出资额": "", "出资比例": "100%", "入股日期": "2025-04-21",
    }  # fmt: skip
    office.load("shareholders_20250424", [owner])
    office.refresh()
    first = snapshots.current(office.home)
    assert first is not None
    graph = office.graph()

    assert graph.entity(OLD_ID).listed
    assert not graph.entity(NEW_ID).listed
    reborn = [a for a in graph.associations(NEW_ID).associations if a.rule == "reborn_from_listed"]
    assert [a.target.id for a in reborn] == [OLD_ID]
    assert reborn[0].records
    (pattern,) = graph.patterns("reborn").patterns
    assert {m.id for m in pattern.members} == {OLD_ID, NEW_ID}
    kinds = [step.kind for step in pattern.evidence]
    assert {"located_at", "reached_at", "manages"} <= set(kinds)
    assert all(step.evidence for step in pattern.evidence)

    asked = office.apply()
    assert [o.listed for o in asked.own_records] == [False, False]
    assert [m.code for m in asked.office_matters] == ["measure_reaches"]
    (lead,) = asked.leads
    assert sorted(step.kind for step in lead.path) == ["located_at", "manages", "reached_at", "represents"]
    assert "score" not in repr(asked)

    office.load("list_exits_20250506", [ended("异议受理", "2025-05-05")])
    office.refresh()
    graph = office.graph()
    (own,) = graph.records(OLD_ID).records
    assert (own.status, own.listed) == ("objected", True)
    found = graph.associations(NEW_ID)
    assert (found.associations, found.paused) == ((), 1)
    assert graph.patterns("reborn").patterns == ()
    assert (office.apply().leads, office.apply().paused) == ((), 1)

    office.load("list_exits_20250508", [ended("撤销", "2025-05-07")])
    office.refresh()
    graph = office.graph()
    assert graph.records(OLD_ID).records == ()
    found = graph.associations(NEW_ID)
    assert (found.associations, found.paused) == ((), 0)
    assert office.apply().leads == ()
    why = [c.sentence.zh for c in graph.changes(NEW_ID, first.id).changes if c.aspect == "association"]
    assert why
    assert all("已修复或撤销" in sentence for sentence in why)
