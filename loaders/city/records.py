"""The feeds of records: lists, penalties, suits, pledges and the rest, one builder each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from loaders.city import config
from loaders.city.columns import (
    Column,
    Columns,
    at,
    chained,
    either,
    joined,
    nothing,
    numbered,
    padded,
    part,
    picked,
    repeated,
)
from loaders.city.feeds import Scribe, years, yuan
from loaders.city.streams import NEVER, Floats, Ints, hits
from loaders.city.syllables import COURTS
from loaders.city.world import Events

GROUNDS = (
    "有履行能力而拒不履行生效法律文书确定义务",
    "违反财产报告制度",
    "违反限制消费令",
    "以虚假诉讼、虚假仲裁或者以隐匿、转移财产等方法规避执行",
    "伪造证据、暴力、威胁等方法妨碍、抗拒执行",
    "无正当理由拒不履行执行和解协议",
)
DISTRICT_NAMES = tuple(n if c != 411200 else "三门峡市" for c, n, _ in config.DISTRICTS)


def office(scribe: Scribe, firm: Ints, what: str) -> Column:
    """The authority of the firm's district."""
    return picked([f"{n}{what}" for n in DISTRICT_NAMES], scribe.world.firms.district[firm])


def court(scribe: Scribe, firm: Ints) -> tuple[Column, Column]:
    """Court and case prefix for the firm's district."""
    order = np.array([1, 6, 2, 3, 4, 5, 0])[scribe.world.firms.district[firm]]
    return picked([n for n, _ in COURTS], order), picked([p for _, p in COURTS], order)


def case_numbers(scribe: Scribe, firm: Ints, start: Ints, word: str, first: int) -> Column:
    """Case numbers such as （2024）豫1202执123号; `first` keeps the kinds of records apart."""
    _, prefix = court(scribe, firm)
    serial = numbered(first + np.arange(len(firm)))
    return joined("（", years(start), "）", prefix, word, serial, "号")


def words(table: Events, options: Sequence[str]) -> Column:
    """One of the options per record, by its code."""
    return picked(list(options), table.code % len(options))


def last_day(day: Ints) -> Ints:
    """The inclusive last day of something that is over from `day` on."""
    return np.where(day < NEVER, day - 1, NEVER)


def subject(scribe: Scribe, table: Events, name: str, code: str) -> Columns:
    """Name and code of the firm that a record is about; now and then without the code."""
    known = ~hits(scribe.rng(f"code of {name} {len(table.firm)}"), 0.01, len(table.firm))
    return {name: scribe.firm(table.firm), code: scribe.code(table.firm, known)}


def dishonest(scribe: Scribe, table: Events) -> Columns:
    """失信被执行人 as courts publish them."""
    firm, start, count = table.firm, table.start, len(table.firm)
    boss = scribe.boss(firm, start)
    place, _ = court(scribe, firm)
    basis = case_numbers(scribe, firm, start - 200, "民初", 1000)
    return {
        **subject(scribe, table, "失信被执行人姓名/名称", "身份证号码/组织机构代码"),
        "法定代表人或者负责人姓名": scribe.person(boss),
        "执行法院": place,
        "省份": repeated("河南", count),
        "执行依据文号": basis,
        "立案时间": scribe.dates(start - 40),
        "案号": case_numbers(scribe, firm, start, "执", 100_000),
        "做出执行依据单位": place,
        "生效法律文书确定的义务": joined("支付", yuan(table.value), "元及利息"),
        "被执行人的履行情况": picked(("全部未履行", "部分未履行"), table.code % 2),
        "失信被执行人行为具体情形": words(table, GROUNDS),
        "发布时间": scribe.dates(start),
        "已履行部分": nothing(count),
        "未履行部分": yuan(table.value),
    }


def serial(table: Events) -> Ints:
    """A running number for each record."""
    return np.arange(len(table.firm)) + 1


def masked(numbers: Column) -> Column:
    """Citizen numbers as courts publish them: first ten, four stars, last four."""
    return joined(part(numbers, 0, 10), "****", part(numbers, 14, 18))


def consumption(scribe: Scribe, table: Events) -> Columns:
    """限制消费: a row for the firm and one for its representative, whose number is masked."""
    count = len(table.firm)
    firm = np.concatenate([table.firm, table.firm])
    start, end = np.concatenate([table.start] * 2), np.concatenate([table.exit] * 2)
    person = np.arange(2 * count) >= count
    boss = scribe.boss(firm, start)
    number = masked(scribe.citizen(boss, person))
    place, _ = court(scribe, firm)
    case = case_numbers(scribe, table.firm, table.start, "执", 300_000)
    flag = person
    return {
        "被限制消费人员姓名/名称": either(flag, scribe.person(boss), scribe.firm(firm)),
        "身份证号码/组织机构代码": either(flag, number, scribe.code(firm)),
        "企业信息": either(flag, scribe.firm(firm), None),
        "企业统一社会信用代码": either(flag, scribe.code(firm), None),
        "执行法院": place,
        "省份": repeated("河南", 2 * count),
        "案号": chained(case, case),
        "立案时间": scribe.dates(start - 20),
        "发布时间": scribe.dates(start),
        "解除日期": scribe.dates(last_day(end)),
    }


def enforcement(scribe: Scribe, table: Events) -> Columns:
    """被执行人."""
    place, _ = court(scribe, table.firm)
    state = np.where(table.how == 1, 2, np.where(table.how == 3, 1, 0))
    return {
        **subject(scribe, table, "被执行人姓名/名称", "身份证号码/组织机构代码"),
        "执行法院": place,
        "省份": repeated("河南", len(table.firm)),
        "案号": case_numbers(scribe, table.firm, table.start, "执", 500_000),
        "立案时间": scribe.dates(table.start),
        "执行标的(元)": yuan(table.value),
        "执行状态": picked(("执行中", "终结本次执行", "执行完毕"), state),
        "结案日期": scribe.dates(np.where(state > 0, table.exit, NEVER)),
    }


def abnormal(scribe: Scribe, table: Events) -> Columns:
    """经营异常名录."""
    causes = tuple(c for c, _ in config.ABNORMAL_CAUSES)
    mends = (
        "补报未报年份的年度报告并公示",
        "通过登记的住所重新取得联系",
        "更正其公示的信息",
        "已履行公示义务",
    )
    place = office(scribe, table.firm, "市场监督管理局")
    out = table.exit < NEVER
    return {
        **subject(scribe, table, "企业名称", "统一社会信用代码"),
        "列入经营异常名录原因": words(table, causes),
        "列入日期": scribe.dates(table.start),
        "作出决定机关(列入)": place,
        "列入文号": scribe.docs("三市监异列字〔|〕|号", table.start, np.arange(len(table.firm)) + 1),
        "移出经营异常名录原因": either(out, words(table, mends), None),
        "移出日期": scribe.dates(last_day(table.exit)),
        "作出决定机关(移出)": either(out, place, None),
    }


def serious(scribe: Scribe, table: Events) -> Columns:
    """严重违法失信名单."""
    causes = (
        "销售不符合食品安全标准的食品且情节严重",
        "提交虚假材料取得登记且情节严重",
        "虚假宣传且造成严重后果",
    )
    count = len(table.firm)
    return {
        **subject(scribe, table, "企业名称", "统一社会信用代码"),
        "列入严重违法失信名单原因": words(table, causes),
        "列入日期": scribe.dates(table.start),
        "作出决定机关(列入)": office(scribe, table.firm, "市场监督管理局"),
        "列入文号": scribe.docs("三市监严列字〔|〕|号", table.start, np.arange(count) + 1),
        "移出严重违法失信名单原因": nothing(count),
        "移出日期": nothing(count),
        "作出决定机关(移出)": nothing(count),
    }


def penalty(scribe: Scribe, table: Events) -> Columns:
    """双公示 administrative penalties."""
    deeds = ("未按规定明码标价", "销售超过保质期的食品", "超范围经营", "未取得许可从事经营", "发布虚假广告")
    kinds = ("罚款", "警告、罚款", "没收违法所得、罚款", "责令停产停业", "通报批评")
    firm, count = table.firm, len(table.firm)
    place = office(scribe, firm, "市场监督管理局")
    small = scribe.world.firms.kind[firm] == config.INDIVIDUAL
    return {
        "行政相对人名称": scribe.firm(firm),
        "行政相对人类别": picked(("法人及非法人组织", "个体工商户"), small.astype(np.int64)),
        "行政相对人代码_1(统一社会信用代码)": scribe.code(firm),
        "行政相对人代码_2(工商注册号)": at(scribe.world.texts.registration, firm),
        "法定代表人": scribe.person(scribe.world.society.representative[firm]),
        "证件类型": nothing(count),
        "证件号码": nothing(count),
        "行政处罚决定书文号": scribe.docs("三市监处罚〔|〕|号", table.start, np.arange(count) + 1),
        "违法行为类型": words(table, deeds),
        "违法事实": joined("当事人", words(table, deeds), "，事实清楚"),
        "处罚依据": repeated("《中华人民共和国市场主体登记管理条例》等", count),
        "处罚类别": words(table, kinds),
        "处罚内容": joined("处以罚款", yuan(table.value), "元"),
        "罚款金额(万元)": yuan_to_four(table.value),
        "没收违法所得、没收非法财物的金额(万元)": nothing(count),
        "处罚决定日期": scribe.dates(table.start),
        "处罚有效期": repeated("2099-12-31", count),
        "公示截止期": scribe.dates(last_day(table.end)),
        "处罚机关": place,
        "处罚机关统一社会信用代码": nothing(count),
        "数据来源单位": place,
        "数据来源单位统一社会信用代码": nothing(count),
        "备注": nothing(count),
    }


def yuan_to_four(amount: Floats) -> Column:
    """Whole yuan as 万元 with four decimals."""
    whole = np.round(amount).astype(np.int64)
    tail = padded(numbered(whole % 10_000), 4)
    return joined(numbered(whole // 10_000), ".", tail)


def lawsuits(scribe: Scribe, table: Events) -> Columns:
    """Suits, one row per party."""
    causes = (
        "买卖合同纠纷",
        "民间借贷纠纷",
        "建设工程施工合同纠纷",
        "金融借款合同纠纷",
        "劳动争议",
        "租赁合同纠纷",
    )
    place, _ = court(scribe, table.firm)
    return {
        "案号": case_numbers(scribe, table.firm, table.start, "民初", 200_000),
        "案由": picked(causes, np.round(table.value).astype(np.int64) % 6),
        "审理法院": place,
        "立案日期": scribe.dates(table.start),
        "裁判日期": scribe.dates(np.where(table.start + 120 < config.AS_OF, table.start + 120, NEVER)),
        "当事人名称": scribe.firm(table.firm),
        "当事人统一社会信用代码": scribe.code(table.firm),
        "诉讼地位": picked(("原告", "被告", "第三人"), table.code),
        "涉案金额": yuan(table.value),
        "裁判结果": picked(("支持", "部分支持", "驳回", "撤诉"), np.round(table.value).astype(np.int64) % 4),
    }
