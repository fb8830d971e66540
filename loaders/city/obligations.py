"""The feeds of pledged and frozen equity, mortgages, liquidations and bankruptcies."""

from __future__ import annotations

import numpy as np

from loaders.city import config, records
from loaders.city.columns import Column, Columns, joined, nothing, numbered, picked, repeated
from loaders.city.feeds import Scribe, ten_thousands
from loaders.city.records import office, serial, words
from loaders.city.streams import NEVER
from loaders.city.world import Events


def _valid(table: Events) -> Column:
    return picked(("有效", "无效"), (table.end <= config.AS_OF).astype(np.int64))


def _over(scribe: Scribe, table: Events) -> Column:
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
        "登记编号": joined("4112", numbered(20_000_000 + serial(table))),
        "出质人": scribe.person(boss),
        "出质人证件号码": scribe.citizen(boss, np.arange(count) % 3 > 0),
        "质权人": words(table, banks),
        "质权人证件号码": nothing(count),
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
        "执行事项": repeated("公示冻结", count),
        "执行裁定书文号": records.case_numbers(scribe, table.firm, table.start, "执裁", 700_000),
        "执行通知书文号": records.case_numbers(scribe, table.firm, table.start, "执通", 700_000),
        "被执行人": scribe.person(boss),
        "被执行人证照种类": repeated("居民身份证", count),
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
        "登记编号": joined("41120D", numbered(3_000_000 + serial(table))),
        "登记日期": scribe.dates(table.start),
        "登记机关": office(scribe, table.firm, "市场监督管理局"),
        "抵押人": scribe.firm(table.firm),
        "抵押人统一社会信用代码": scribe.code(table.firm),
        "抵押权人": words(table, banks),
        "抵押权人证件号码": nothing(count),
        "被担保债权数额(万元)": ten_thousands(np.maximum(np.round(table.value, -4), 1e4)),
        "状态": _valid(table),
        "注销日期": _over(scribe, table),
    }


def liquidation(scribe: Scribe, table: Events) -> Columns:
    """Public notices of liquidation."""
    boss = scribe.person(scribe.world.society.representative[table.firm])
    return {
        "公告编号": scribe.docs("三清告〔|〕|号", table.start, serial(table)),
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
        "管理人": repeated("河南澄禾律师事务所", len(table.firm)),
        "受理日期": scribe.dates(table.start),
        "终结日期": _over(scribe, table),
    }
