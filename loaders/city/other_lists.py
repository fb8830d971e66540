"""The lists of tax, labour, safety and procurement departments."""

from __future__ import annotations

import numpy as np

from loaders.city import config
from loaders.city.columns import Columns, joined, nothing, numbered, repeated
from loaders.city.feeds import Scribe, years, yuan
from loaders.city.records import last_day, office, serial, subject, words
from loaders.city.streams import NEVER
from loaders.city.world import Events


def tax_violation(scribe: Scribe, table: Events) -> Columns:
    """重大税收违法失信主体."""
    nature = ("虚开增值税专用发票", "偷税", "逃避追缴欠税")
    boss = scribe.person(scribe.world.society.representative[table.firm])
    return {
        **subject(scribe, table, "纳税人名称", "纳税人识别号"),
        "案件上报期": joined(years(table.start), "年第3期"),
        "案件性质": words(table, nature),
        "主要违法事实": joined("经检查，存在", words(table, nature), "行为"),
        "相关法律依据及税务处理处罚情况": joined(
            "依据《中华人民共和国税收征收管理法》追缴", yuan(table.value), "元"
        ),
        "法定代表人或者负责人姓名": boss,
        "负有直接责任的财务负责人": nothing(len(table.firm)),
        "处理决定文书号": scribe.docs("三税稽处〔|〕|号", table.start, serial(table)),
        "税务机关": repeated("国家税务总局三门峡市税务局稽查局", len(table.firm)),
        "公布日期": scribe.dates(table.start),
    }


def tax_credit(scribe: Scribe, table: Events) -> Columns:
    """A 级 of tax credit, by year of evaluation."""
    year = (table.start.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)) + 1969
    return {
        **subject(scribe, table, "纳税人名称", "纳税人识别号"),
        "评价年度": numbered(year),
        "评价机关": repeated("国家税务总局三门峡市税务局", len(table.firm)),
        "公布日期": scribe.dates(table.start),
    }


def tax_arrears(scribe: Scribe, table: Events) -> Columns:
    """Public notices of tax arrears."""
    count = len(table.firm)
    return {
        **subject(scribe, table, "纳税人名称", "纳税人识别号"),
        "欠税税种": words(table, ("增值税", "企业所得税", "城镇土地使用税")),
        "欠税余额(元)": yuan(table.value),
        "当期新发生的欠税金额(元)": yuan(np.round(table.value * 0.3, 2)),
        "税务机关": repeated("国家税务总局三门峡市税务局", count),
        "公告编号": scribe.docs("三税欠告〔|〕|号", table.start, serial(table)),
        "公告日期": scribe.dates(table.start),
        "清缴日期": scribe.dates(np.where(table.end <= config.AS_OF, table.end - 1, NEVER)),
    }


def wages(scribe: Scribe, table: Events) -> Columns:
    """拖欠农民工工资失信联合惩戒对象."""
    boss = scribe.world.society.representative[table.firm]
    known = np.arange(len(table.firm)) % 4 != 0
    return {
        **subject(scribe, table, "失信主体名称", "统一社会信用代码"),
        "法定代表人(主要负责人)": scribe.person(boss),
        "证件号码": scribe.citizen(boss, known),
        "列入决定书文号": scribe.docs("三人社失列〔|〕|号", table.start, serial(table)),
        "列入事由": repeated("克扣、无故拖欠农民工工资达到认定拒不支付劳动报酬犯罪数额标准", len(table.firm)),
        "拖欠金额(元)": yuan(table.value),
        "列入日期": scribe.dates(table.start),
        "截止日期": scribe.dates(last_day(table.end)),
        "列入机关": office(scribe, table.firm, "人力资源和社会保障局"),
    }


def safety(scribe: Scribe, table: Events) -> Columns:
    """安全生产严重失信主体."""
    return {
        **subject(scribe, table, "单位名称", "统一社会信用代码"),
        "主要负责人": scribe.person(scribe.world.society.representative[table.firm]),
        "注册地址": scribe.address(table.firm),
        "失信行为简况": words(table, ("发生生产安全责任事故", "未取得安全生产许可证擅自生产", "瞒报事故")),
        "信息报送机关": office(scribe, table.firm, "应急管理局"),
        "纳入理由": repeated("符合《安全生产严重失信主体名单管理办法》第六条", len(table.firm)),
        "决定文号": scribe.docs("三应急失决〔|〕|号", table.start, serial(table)),
        "纳入日期": scribe.dates(table.start),
        "管理期限截止日期": scribe.dates(last_day(table.end)),
    }


def procurement(scribe: Scribe, table: Events) -> Columns:
    """政府采购严重违法失信行为记录名单."""
    count = len(table.firm)
    return {
        **subject(scribe, table, "机构名称", "统一社会信用代码"),
        "不良行为的具体情形": words(
            table, ("提供虚假材料谋取中标", "中标后无正当理由拒不签订合同", "恶意串通")
        ),
        "处罚依据": repeated("《中华人民共和国政府采购法》第七十七条", count),
        "处罚结果": repeated("列入不良行为记录名单，禁止参加政府采购活动三年", count),
        "处罚文号": scribe.docs("三财采决〔|〕|号", table.start, serial(table)),
        "记录日期": scribe.dates(table.start),
        "登记地点": repeated("三门峡市", count),
        "处罚截止日期": scribe.dates(last_day(table.end)),
        "执法单位": office(scribe, table.firm, "财政局"),
    }
