"""跃禾健身: three firms and two individual businesses at one telephone; complaints, an objection, a lead that is cleared."""

from graph_service.domain.identifiers.organisations import uscc_check_character
from tests.credit_graph.test_prechecks import Counter, firm, number, person
from tests.loaders.small_city import code

A, B, C = (code(n) for n in (21, 22, 23))
PHONE = "13700001234"
ON = "2026-11-15"
OWNERS = (number("19850101", "311"), number("19860101", "312"))


def individual(n: int) -> str:
    """The USCC of an individual business."""
    body = f"92{code(n)[2:-1]}"
    return body + uscc_check_character(body)


D, E = individual(24), individual(25)
NAMES = {
    A: "三门峡跃禾健身一店有限公司",
    B: "三门峡跃禾健身二店有限公司",
    C: "三门峡跃禾健身三店有限公司",
    D: "湖滨区跃禾小卖部",
    E: "湖滨区跃禾水吧",
}


def listed(uscc: str, reason: str, on: str, document: str) -> dict[str, str]:
    return {
        "企业名称": NAMES[uscc], "统一社会信用代码": uscc, reason: "见文书", "列入日期": on, "作出决定机关(列入)": "湖滨区市场监督管理局",
        "列入文号": document,
    }  # fmt: skip


def objection(on: str) -> dict[str, str]:
    return {
        "名单类别": "严重违法失信名单", "主体名称": NAMES[B], "统一社会信用代码": B,
        "文书号": "三市监严列字〔2026〕1号", "事由": "异议受理", "日期": on,
    }  # fmt: skip


def fill(office: Counter) -> None:
    rows = [
        firm(name, uscc, 成立日期="2020-01-01", 住所=f"湖滨区甲路{uscc[-5:]}号", 联系电话=PHONE)
        | person("", "", "") | {"企业类型": "有限责任公司"}
        for uscc, name in NAMES.items() if uscc.startswith("91")
    ] + [
        firm(NAMES[uscc], uscc, 成立日期="2021-01-01", 住所=f"湖滨区乙路{uscc[-5:]}号", 联系电话=PHONE)
        | person("吴小贩", full, "2021-01-01") | {"企业类型": "个体工商户"}
        for uscc, full in zip((D, E), OWNERS, strict=True)
    ]  # fmt: skip
    office.load("registration_20260901", rows)
    office.load(
        "abnormal_operation_20261001",
        [listed(A, "列入经营异常名录原因", "2026-09-30", "三市监异列字〔2026〕9号")],
    )
    office.load(
        "serious_violation_20261021",
        [listed(B, "列入严重违法失信名单原因", "2026-10-20", "三市监严列字〔2026〕1号")],
    )
    complaints = [
        {"投诉编号": f"TS{n:04d}", "被投诉主体名称": NAMES[C], "统一社会信用代码": C, "投诉日期": f"2026-10-{n % 30 + 1:02d}",
         "问题类别": "预付卡消费", "受理机关": "湖滨区市场监督管理局", "处理状态": "处理中"}
        for n in range(46)
    ]  # fmt: skip
    office.load("complaints_20261101", complaints)
    office.refresh(ON)


def test_complaints_accuse_nobody_and_a_cleared_lead_stays_cleared(office: Counter) -> None:
    fill(office)
    graph = office.graph()
    telephone = next(h for h in graph.search(PHONE).entities if h.kind == "contact")
    around = {
        e.id
        for e in graph.neighbours(telephone.id).entities
        if e.kind in {"enterprise", "individual_business"}
    }
    assert around == {f"uscc:{uscc}" for uscc in NAMES}

    a, b, c = (graph.entity(f"uscc:{uscc}") for uscc in (A, B, C))
    assert (a.listed, b.listed, c.listed) == (False, True, False)
    records = graph.records(c.id).records
    assert len(records) == 46
    assert {(r.kind, r.status, r.listed) for r in records} == {("complaint", "unverified", False)}
    for individual_business in (D, E):
        assert "吴小贩" not in repr(graph.entity(f"uscc:{individual_business}").to_dict())

    (lead,) = graph.associations(c.id).associations
    assert (lead.rule, lead.target.id) == ("shares_contact", b.id)
    graph.mark_lead(lead.finding, "unfounded", reason="电话为园区总机", by="officer-7")
    office.refresh(ON)
    cleared = office.graph().associations(c.id)
    assert (cleared.associations, cleared.cleared) == ((), 1)
    assert [x.target.id for x in office.graph().associations(a.id).associations] == [b.id]

    office.load("list_exits_20261111", [objection("2026-11-10")])
    office.refresh(ON)
    graph = office.graph()
    assert [r.status for r in graph.records(b.id).records] == ["objected"]
    assert graph.entity(b.id).listed
    for one in (a.id, c.id):
        answer = graph.associations(one)
        assert (answer.associations, answer.paused) == ((), 1)
