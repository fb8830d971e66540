"""The smaller feeds of records, and the table of all record feeds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.city import config, names, records
from loaders.city.feeds import Scribe, constant, ten_thousands, years, yuan
from loaders.city.records import EMPTY, last_day, office, subject, words
from loaders.city.streams import NEVER
from loaders.city.world import Events
from loaders.city.writing import Columns

Builder = Callable[[Scribe, Events], Columns]


def _serial(table: Events) -> np.ndarray:  # type: ignore[type-arg]
    return np.arange(len(table.firm)) + 1


def licence(scribe: Scribe, table: Events) -> Columns:
    """双公示 administrative licences."""
    what = ("食品经营许可证", "道路运输经营许可证", "排污许可证", "建筑业企业资质证书")
    count, place = len(table.firm), office(scribe, table.firm, "行政审批服务局")
    return {
        "行政相对人名称": scribe.firm(table.firm),
        "行政相对人类别": constant("法人及非法人组织", count),
        "行政相对人代码_1(统一社会信用代码)": scribe.code(table.firm),
        "法定代表人": scribe.person(scribe.world.society.representative[table.firm]),
        "行政许可决定文书名称": names.joined(words(table, what), "准予许可决定书"),
        "行政许可决定文书号": scribe.docs("三审批许准〔|〕|号", table.start, _serial(table)),
        "许可类别": constant("普通", count),
        "许可证书名称": words(table, what),
        "许可编号": names.joined("XK41120", names.numbered(1_000_000 + _serial(table))),
        "许可内容": words(table, what),
        "许可决定日期": scribe.dates(table.start),
        "有效期自": scribe.dates(table.start),
        "有效期至": scribe.dates(np.where(table.end < NEVER, table.end - 1, table.start + 1825)),
        "许可机关": place,
        "许可机关统一社会信用代码": pa.nulls(count, pa.string()),
        "当前状态": constant("1", count),
        "数据来源单位": place,
        "数据来源单位统一社会信用代码": pa.nulls(count, pa.string()),
        "备注": pa.nulls(count, pa.string()),
    }


def tax_violation(scribe: Scribe, table: Events) -> Columns:
    """重大税收违法失信主体."""
    nature = ("虚开增值税专用发票", "偷税", "逃避追缴欠税")
    boss = scribe.person(scribe.world.society.representative[table.firm])
    return {
        **subject(scribe, table, "纳税人名称", "纳税人识别号"),
        "案件上报期": names.joined(years(table.start), "年第3期"),
        "案件性质": words(table, nature),
        "主要违法事实": names.joined("经检查，存在", words(table, nature), "行为"),
        "相关法律依据及税务处理处罚情况": names.joined(
            "依据《中华人民共和国税收征收管理法》追缴", yuan(table.value), "元"
        ),
        "法定代表人或者负责人姓名": boss,
        "负有直接责任的财务负责人": pa.nulls(len(table.firm), pa.string()),
        "处理决定文书号": scribe.docs("三税稽处〔|〕|号", table.start, _serial(table)),
        "税务机关": constant("国家税务总局三门峡市税务局稽查局", len(table.firm)),
        "公布日期": scribe.dates(table.start),
    }


def tax_credit(scribe: Scribe, table: Events) -> Columns:
    """A 级 of tax credit, by year of evaluation."""
    year = (table.start.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)) + 1969
    return {
        **subject(scribe, table, "纳税人名称", "纳税人识别号"),
        "评价年度": names.numbered(year),
        "评价机关": constant("国家税务总局三门峡市税务局", len(table.firm)),
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
        "税务机关": constant("国家税务总局三门峡市税务局", count),
        "公告编号": scribe.docs("三税欠告〔|〕|号", table.start, _serial(table)),
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
        "列入决定书文号": scribe.docs("三人社失列〔|〕|号", table.start, _serial(table)),
        "列入事由": constant("克扣、无故拖欠农民工工资达到认定拒不支付劳动报酬犯罪数额标准", len(table.firm)),
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
        "纳入理由": constant("符合《安全生产严重失信主体名单管理办法》第六条", len(table.firm)),
        "决定文号": scribe.docs("三应急失决〔|〕|号", table.start, _serial(table)),
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
        "处罚依据": constant("《中华人民共和国政府采购法》第七十七条", count),
        "处罚结果": constant("列入不良行为记录名单，禁止参加政府采购活动三年", count),
        "处罚文号": scribe.docs("三财采决〔|〕|号", table.start, _serial(table)),
        "记录日期": scribe.dates(table.start),
        "登记地点": constant("三门峡市", count),
        "处罚截止日期": scribe.dates(last_day(table.end)),
        "执法单位": office(scribe, table.firm, "财政局"),
    }


def _valid(table: Events) -> pa.StringArray:
    return names.picked(("有效", "无效"), (table.end <= config.AS_OF).astype(np.int64))


def _over(scribe: Scribe, table: Events) -> pa.StringArray:
    return scribe.dates(np.where(table.end <= config.AS_OF, table.end - 1, NEVER))


def pledge(scribe: Scribe, table: Events) -> Columns:
    """Equity pledges: the representative pledges his stake to a bank."""
    boss = scribe.world.society.representative[table.firm]
    count = len(table.firm)
    banks = (
        "三门峡曜禾村镇银行股份有限公司",
        "灵宝澄川农村商业银行股份有限公司",
        "三门峡恒岳融资担保有限公司",
    )
    return {
        "登记编号": names.joined("4112", names.numbered(20_000_000 + _serial(table))),
        "出质人": scribe.person(boss),
        "出质人证件号码": scribe.citizen(boss, np.arange(count) % 3 > 0),
        "质权人": words(table, banks),
        "质权人证件号码": pa.nulls(count, pa.string()),
        "出质股权所在企业名称": scribe.firm(table.firm),
        "出质股权所在企业统一社会信用代码": scribe.code(table.firm),
        "出质股权数额(万元)": ten_thousands(np.maximum(np.round(table.value, -4), 1e4)),
        "登记日期": scribe.dates(table.start),
        "状态": _valid(table),
        "注销日期": _over(scribe, table),
        "登记机关": office(scribe, table.firm, "市场监督管理局"),
    }


def freeze(scribe: Scribe, table: Events) -> Columns:
    """Frozen equity."""
    boss, count = scribe.world.society.representative[table.firm], len(table.firm)
    place, _ = records.court(scribe, table.firm)
    return {
        "执行法院": place,
        "执行事项": constant("公示冻结", count),
        "执行裁定书文号": records.case_numbers(scribe, table.firm, table.start, "执裁", 700_000),
        "执行通知书文号": records.case_numbers(scribe, table.firm, table.start, "执通", 700_000),
        "被执行人": scribe.person(boss),
        "被执行人证照种类": constant("居民身份证", count),
        "被执行人证照号码": scribe.citizen(boss, np.arange(count) % 3 > 0),
        "被执行人持有股权、其它投资权益的数额(万元)": ten_thousands(
            np.maximum(np.round(table.value, -4), 1e4)
        ),
        "股权所在企业名称": scribe.firm(table.firm),
        "股权所在企业统一社会信用代码": scribe.code(table.firm),
        "冻结期限自": scribe.dates(table.start),
        "冻结期限至": scribe.dates(np.where(table.end < NEVER, table.end - 1, table.start + 1095)),
        "公示日期": scribe.dates(np.minimum(table.start + 3, config.AS_OF)),
    }


def chattel(scribe: Scribe, table: Events) -> Columns:
    """Chattel mortgages."""
    count = len(table.firm)
    banks = ("三门峡曜禾村镇银行股份有限公司", "灵宝澄川农村商业银行股份有限公司")
    return {
        "登记编号": names.joined("41120D", names.numbered(3_000_000 + _serial(table))),
        "登记日期": scribe.dates(table.start),
        "登记机关": office(scribe, table.firm, "市场监督管理局"),
        "抵押人": scribe.firm(table.firm),
        "抵押人统一社会信用代码": scribe.code(table.firm),
        "抵押权人": words(table, banks),
        "抵押权人证件号码": pa.nulls(count, pa.string()),
        "被担保债权数额(万元)": ten_thousands(np.maximum(np.round(table.value, -4), 1e4)),
        "状态": _valid(table),
        "注销日期": _over(scribe, table),
    }


def honour(scribe: Scribe, table: Events) -> Columns:
    """Honours."""
    return {
        **subject(scribe, table, "主体名称", "统一社会信用代码"),
        "荣誉名称": words(table, ("守合同重信用企业", "专精特新中小企业", "劳动关系和谐企业")),
        "授予机关": office(scribe, table.firm, "人民政府"),
        "文号": scribe.docs("三政荣〔|〕|号", table.start, _serial(table)),
        "认定日期": scribe.dates(table.start),
        "有效期至": scribe.dates(np.where(table.end < NEVER, table.end - 1, table.start + 1095)),
    }


def breach(scribe: Scribe, table: Events) -> Columns:
    """Breaches of commitments."""
    return {
        **subject(scribe, table, "主体名称", "统一社会信用代码"),
        "承诺事项": words(table, ("告知承诺制审批事项", "信用修复承诺", "证明事项告知承诺")),
        "承诺书编号": names.joined("CN", names.numbered(50_000 + _serial(table))),
        "违诺情形": constant("未在承诺期限内达到承诺条件", len(table.firm)),
        "认定机关": office(scribe, table.firm, "行政审批服务局"),
        "认定日期": scribe.dates(table.start),
        "文号": scribe.docs("三审批违诺〔|〕|号", table.start, _serial(table)),
    }


def inspection(scribe: Scribe, table: Events) -> Columns:
    """双随机 inspections and their results."""
    results = ("未发现问题", "发现问题已责令改正", "通过登记的住所无法联系", "不配合检查情节严重")
    return {
        "检查编号": names.joined("SJ", years(table.start), names.numbered(100_000 + _serial(table))),
        "抽查计划名称": names.joined(years(table.start), "年度双随机抽查计划"),
        **subject(scribe, table, "主体名称", "统一社会信用代码"),
        "检查机关": office(scribe, table.firm, "市场监督管理局"),
        "检查日期": scribe.dates(table.start),
        "检查事项": constant("登记事项及公示信息检查", len(table.firm)),
        "检查结果": words(table, results),
    }


def complaint(scribe: Scribe, table: Events) -> Columns:
    """12315 complaints."""
    return {
        "投诉编号": names.joined("TS41120", names.numbered(10_000_000 + _serial(table))),
        "被投诉主体名称": scribe.firm(table.firm),
        "统一社会信用代码": scribe.code(table.firm),
        "投诉日期": scribe.dates(table.start),
        "问题类别": words(table, ("合同", "质量", "价格", "预付卡消费")),
        "受理机关": office(scribe, table.firm, "市场监督管理局"),
        "处理状态": names.picked(("办结", "处理中"), (table.start > config.AS_OF - 45).astype(np.int64)),
    }


def liquidation(scribe: Scribe, table: Events) -> Columns:
    """Public notices of liquidation."""
    boss = scribe.person(scribe.world.society.representative[table.firm])
    return {
        "公告编号": scribe.docs("三清告〔|〕|号", table.start, _serial(table)),
        "企业名称": scribe.firm(table.firm),
        "统一社会信用代码": scribe.code(table.firm),
        "清算组负责人": boss,
        "清算组成员": boss,
        "公告期自": scribe.dates(table.start),
        "公告期至": scribe.dates(table.start + 44),
        "公告机关": office(scribe, table.firm, "市场监督管理局"),
    }


def bankruptcy(scribe: Scribe, table: Events) -> Columns:
    """Bankruptcy cases."""
    place, _ = records.court(scribe, table.firm)
    return {
        "案号": records.case_numbers(scribe, table.firm, table.start, "破", 1),
        "债务人名称": scribe.firm(table.firm),
        "统一社会信用代码": scribe.code(table.firm),
        "受理法院": place,
        "案件类型": words(table, ("破产清算", "破产重整")),
        "管理人": constant("河南澄禾律师事务所", len(table.firm)),
        "受理日期": scribe.dates(table.start),
        "终结日期": _over(scribe, table),
    }


BUILDERS: dict[str, tuple[str, Builder, str]] = {
    "dishonest_judgment_debtor": ("dishonest_judgment_debtor", records.dishonest, "utf-8"),
    "abnormal_operation": ("abnormal_operation", records.abnormal, "utf-8"),
    "administrative_penalty": ("administrative_penalty", records.penalty, "utf-8"),
    "serious_violation": ("serious_violation", records.serious, "utf-8"),
    "consumption_restriction": ("consumption_restriction", records.consumption, "utf-8"),
    "enforcement": ("enforcement", records.enforcement, "utf-8"),
    "administrative_licence": ("administrative_licence", licence, "utf-8"),
    "tax_violation": ("tax_violation", tax_violation, "utf-8"),
    "tax_credit_a": ("tax_credit_a", tax_credit, "utf-8"),
    "tax_arrears": ("tax_arrears", tax_arrears, "utf-8"),
    "wage_arrears": ("wage_arrears", wages, "utf-8"),
    "work_safety": ("work_safety", safety, "utf-8"),
    "government_procurement": ("government_procurement", procurement, "utf-8"),
    "equity_pledge": ("equity_pledge", pledge, "utf-8"),
    "equity_freeze": ("equity_freeze", freeze, "utf-8"),
    "chattel_mortgage": ("chattel_mortgage", chattel, "gb18030"),
    "lawsuits": ("lawsuits", records.lawsuits, "utf-8"),
    "honours": ("honours", honour, "utf-8"),
    "commitment_breaches": ("commitment_breaches", breach, "utf-8"),
    "inspections": ("inspections", inspection, "utf-8"),
    "complaints": ("complaints", complaint, "utf-8"),
    "liquidations": ("liquidation_notice", liquidation, "utf-8"),
    "bankruptcies": ("bankruptcies", bankruptcy, "utf-8"),
}
"""Template: the kind of record in the chronicle, the builder of its columns, the file's encoding."""
__all__ = ["BUILDERS", "EMPTY", "pc"]
