"""Control behind a chain, a ring of guarantees, a state holder: what an inspector sees of one mine."""

import pytest

from graph_service import CreditGraph
from graph_service.text.normal import normalize_name
from tests.credit_graph.test_prechecks import Counter, firm, number, person
from tests.credit_graph.test_questions import day
from tests.loaders.small_city import code

P, Q, R, S, T, STATE = (code(n) for n in range(11, 17))
NAMES = {
    P: "灵宝曜安实业有限公司", Q: "灵宝宏岭矿业有限公司", R: "灵宝宏岭运输有限公司", S: "灵宝岳宁商贸有限公司",
    T: "灵宝岳磊爆破工程有限公司", STATE: "三门峡市国有资本投资运营有限公司",
}  # fmt: skip
OTHERS = [code(100 + n) for n in range(63)]
HE, FENG, OTHER = number("19700101", "111"), number("19750505", "222"), number("19990909", "333")
PARTNERS = "西安远景企业管理合伙企业（有限合伙）"
ON, THEN = "2026-06-30", day("2025-12-31")


def id_of(uscc: str) -> str:
    return f"uscc:{uscc}"


def stake(held: str, holder: str, kind: str, id_number: str, share: str, **more: str) -> dict[str, str]:
    return {
        "企业名称": NAMES.get(held, f"灵宝国投{held[-6:]}有限公司"), "统一社会信用代码": held,
        "股东名称": holder, "股东类型": kind,
        "证件类型": {"自然人股东": "居民身份证", "企业法人": "营业执照"}[kind], "证件号码": id_number, "出资比例": share,
        "入股日期": "2020-01-01", "退出日期": "",
    } | more  # fmt: skip


def guarantee(guarantor: str, debtor: str, since: str, document: str) -> dict[str, str]:
    return {
        "担保人": NAMES[guarantor], "担保人统一社会信用代码": guarantor, "被担保人": NAMES[debtor], "被担保人统一社会信用代码": debtor,
        "担保金额": "1000000", "担保方式": "连带责任保证", "起始日期": since, "终止日期": "", "合同编号": document,
    }  # fmt: skip


def fill(office: Counter) -> None:
    rows = [
        firm(NAMES[u], u, 成立日期="2015-01-01", 登记状态="存续", 住所=f"灵宝市甲路{u[-5:]}号", 联系电话="")
        for u in NAMES
    ] + [
        firm(f"灵宝国投{u[-6:]}有限公司", u, 成立日期="2016-01-01", 住所=f"灵宝市乙路{u[-5:]}号", 联系电话="")
        for u in OTHERS
    ]
    office.load("registration_20250101", [row | person("", "", "") for row in rows])
    company, natural = "企业法人", "自然人股东"
    office.load(
        "shareholders_20260601",
        [
            stake(P, "贺大山", natural, HE, "60%"),
            stake(P, "贺小山", natural, OTHER, "40%"),
            stake(Q, NAMES[P], company, P, "45%"),
            stake(R, NAMES[P], company, P, "70%"),
            stake(R, PARTNERS, company, "", "30%"),
            stake(Q, NAMES[R], company, R, "25%", 入股日期="2026-02-10"),
            stake(Q, "冯二河", natural, FENG, "25%", 退出日期="2026-02-09"),
            stake(Q, NAMES[STATE], company, STATE, "30%"),
            *(stake(u, NAMES[STATE], company, STATE, "30%") for u in OTHERS),
        ],
    )
    office.load(
        "guarantees_20260601",
        [
            guarantee(Q, S, "2024-03-01", "DB1"),
            guarantee(S, T, "2024-05-01", "DB2"),
            guarantee(T, Q, "2024-07-01", "DB3"),
        ],
    )
    safety = {
        "单位名称": NAMES[T], "统一社会信用代码": T, "主要负责人": "", "注册地址": "", "失信行为简况": "发生生产安全责任事故",
        "信息报送机关": "灵宝市应急管理局", "纳入理由": "第六条", "决定文号": "三应急失决〔2026〕1号", "纳入日期": "2026-05-18",
        "管理期限截止日期": "2029-05-18",
    }  # fmt: skip
    office.load("work_safety_20260601", [safety])
    office.refresh(ON)
    office.graph().add_hub(id_of(STATE), reason="市属国有资本出资人", by="officer-7")
    office.refresh(ON)


def votes_of(graph: CreditGraph) -> dict[str, float]:
    return {c.controller.name or "": round(c.votes_lower, 9) for c in graph.controller(id_of(Q)).controllers}


def test_control_interest_ring_and_path_of_one_mine(office: Counter) -> None:
    fill(office)
    graph = office.graph()

    interests = {o.owner.name: o for o in reversed(graph.owners(id_of(Q)).owners)}
    assert interests["贺*"].interest_lower == pytest.approx(0.6 * 0.45 + 0.6 * 0.7 * 0.25, abs=1e-9)
    assert round(interests["贺*"].interest_lower, 9) == 0.375
    assert interests["贺*"].exact
    assert votes_of(graph)["贺*"] == 0.7
    ultimate = [c.controller.name for c in graph.controller(id_of(Q)).controllers if c.ultimate]
    assert ultimate == ["贺*"]

    then = graph.at(as_of=THEN)
    early = {o.owner.name: o for o in then.owners(id_of(Q)).owners}
    assert early[NAMES[P]].direct == 0.45
    assert early["冯*"].direct == 0.25
    found = then.controller(id_of(Q))
    assert (found.controllers, found.status) == ((), "none")
    boundary = {normalize_name(e.name or "") for e in graph.controller(id_of(R)).boundary}
    assert boundary == {normalize_name(PARTNERS)}

    (ring,) = graph.patterns("guarantee_ring", of=id_of(Q)).patterns
    assert {m.id for m in ring.members} == {id_of(u) for u in (Q, S, T)}
    assert sorted(str(step.valid_from) for step in ring.evidence) == [
        "2024-03-01",
        "2024-05-01",
        "2024-07-01",
    ]
    assert all(step.evidence for step in ring.evidence)

    paths = graph.paths([id_of(Q)], [id_of(T)]).paths
    assert paths
    assert all(step.fact for path in paths for step in path.relations)

    assert not graph.entity(id_of(Q)).listed
    assert graph.records(id_of(Q)).records == ()
    assert {a.target.id for a in graph.associations(id_of(Q)).associations} == {id_of(T)}
    for other in OTHERS[::9]:
        answer = graph.associations(id_of(other))
        assert answer.associations == ()
        assert id_of(Q) not in {m.entity.id for m in graph.group(id_of(other)).members}
    assert [hub.id for hub in answer.hubs] == [id_of(STATE)]

    moved = graph.changes(id_of(Q), THEN).changes
    interest = next(c for c in moved if c.aspect == "owner" and c.entity and c.entity.name == "贺*")
    assert interest.before == pytest.approx(0.27)
    assert interest.after == pytest.approx(0.375)
    assert any(c.aspect == "controller" and c.kind == "began" for c in moved)
