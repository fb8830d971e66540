"""Licences, honours, inspections, complaints, and the table of all record feeds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from loaders.city import config, obligations, other_lists, records
from loaders.city.columns import Columns, joined, nothing, numbered, picked, repeated
from loaders.city.feeds import Scribe, years
from loaders.city.records import office, serial, subject, words
from loaders.city.streams import NEVER
from loaders.city.world import Events

Builder = Callable[[Scribe, Events], Columns]


def licence(scribe: Scribe, table: Events) -> Columns:
    """双公示 administrative licences."""
    what = ("食品经营许可证", "道路运输经营许可证", "排污许可证", "建筑业企业资质证书")
    count, place = len(table.firm), office(scribe, table.firm, "行政审批服务局")
    return {
        "行政相对人名称": scribe.firm(table.firm),
        "行政相对人类别": repeated("法人及非法人组织", count),
        "行政相对人代码_1(统一社会信用代码)": scribe.code(table.firm),
        "法定代表人": scribe.person(scribe.world.society.representative[table.firm]),
        "行政许可决定文书名称": joined(words(table, what), "准予许可决定书"),
        "行政许可决定文书号": scribe.docs("三审批许准〔|〕|号", table.start, serial(table)),
        "许可类别": repeated("普通", count),
        "许可证书名称": words(table, what),
        "许可编号": joined("XK41120", numbered(1_000_000 + serial(table))),
        "许可内容": words(table, what),
        "许可决定日期": scribe.dates(table.start),
        "有效期自": scribe.dates(table.start),
        "有效期至": scribe.dates(np.where(table.end < NEVER, table.end - 1, table.start + 1825)),
        "许可机关": place,
        "许可机关统一社会信用代码": nothing(count),
        "当前状态": repeated("1", count),
        "数据来源单位": place,
        "数据来源单位统一社会信用代码": nothing(count),
        "备注": nothing(count),
    }


def honour(scribe: Scribe, table: Events) -> Columns:
    """Honours."""
    return {
        **subject(scribe, table, "主体名称", "统一社会信用代码"),
        "荣誉名称": words(table, ("守合同重信用企业", "专精特新中小企业", "劳动关系和谐企业")),
        "授予机关": office(scribe, table.firm, "人民政府"),
        "文号": scribe.docs("三政荣〔|〕|号", table.start, serial(table)),
        "认定日期": scribe.dates(table.start),
        "有效期至": scribe.dates(np.where(table.end < NEVER, table.end - 1, table.start + 1095)),
    }


def breach(scribe: Scribe, table: Events) -> Columns:
    """Breaches of commitments."""
    return {
        **subject(scribe, table, "主体名称", "统一社会信用代码"),
        "承诺事项": words(table, ("告知承诺制审批事项", "信用修复承诺", "证明事项告知承诺")),
        "承诺书编号": joined("CN", numbered(50_000 + serial(table))),
        "违诺情形": repeated("未在承诺期限内达到承诺条件", len(table.firm)),
        "认定机关": office(scribe, table.firm, "行政审批服务局"),
        "认定日期": scribe.dates(table.start),
        "文号": scribe.docs("三审批违诺〔|〕|号", table.start, serial(table)),
    }


def inspection(scribe: Scribe, table: Events) -> Columns:
    """双随机 inspections and their results."""
    results = ("未发现问题", "发现问题已责令改正", "通过登记的住所无法联系", "不配合检查情节严重")
    return {
        "检查编号": joined("SJ", years(table.start), numbered(100_000 + serial(table))),
        "抽查计划名称": joined(years(table.start), "年度双随机抽查计划"),
        **subject(scribe, table, "主体名称", "统一社会信用代码"),
        "检查机关": office(scribe, table.firm, "市场监督管理局"),
        "检查日期": scribe.dates(table.start),
        "检查事项": repeated("登记事项及公示信息检查", len(table.firm)),
        "检查结果": words(table, results),
    }


def complaint(scribe: Scribe, table: Events) -> Columns:
    """12315 complaints."""
    return {
        "投诉编号": joined("TS41120", numbered(10_000_000 + serial(table))),
        "被投诉主体名称": scribe.firm(table.firm),
        "统一社会信用代码": scribe.code(table.firm),
        "投诉日期": scribe.dates(table.start),
        "问题类别": words(table, ("合同", "质量", "价格", "预付卡消费")),
        "受理机关": office(scribe, table.firm, "市场监督管理局"),
        "处理状态": picked(("办结", "处理中"), (table.start > config.AS_OF - 45).astype(np.int64)),
    }


BUILDERS: dict[str, tuple[str, Builder, str]] = {
    "dishonest_judgment_debtor": ("dishonest_judgment_debtor", records.dishonest, "utf-8"),
    "abnormal_operation": ("abnormal_operation", records.abnormal, "utf-8"),
    "administrative_penalty": ("administrative_penalty", records.penalty, "utf-8"),
    "serious_violation": ("serious_violation", records.serious, "utf-8"),
    "consumption_restriction": ("consumption_restriction", records.consumption, "utf-8"),
    "enforcement": ("enforcement", records.enforcement, "utf-8"),
    "administrative_licence": ("administrative_licence", licence, "utf-8"),
    "tax_violation": ("tax_violation", other_lists.tax_violation, "utf-8"),
    "tax_credit_a": ("tax_credit_a", other_lists.tax_credit, "utf-8"),
    "tax_arrears": ("tax_arrears", other_lists.tax_arrears, "utf-8"),
    "wage_arrears": ("wage_arrears", other_lists.wages, "utf-8"),
    "work_safety": ("work_safety", other_lists.safety, "utf-8"),
    "government_procurement": ("government_procurement", other_lists.procurement, "utf-8"),
    "equity_pledge": ("equity_pledge", obligations.pledge, "utf-8"),
    "equity_freeze": ("equity_freeze", obligations.freeze, "utf-8"),
    "chattel_mortgage": ("chattel_mortgage", obligations.chattel, "gb18030"),
    "lawsuits": ("lawsuits", records.lawsuits, "utf-8"),
    "honours": ("honours", honour, "utf-8"),
    "commitment_breaches": ("commitment_breaches", breach, "utf-8"),
    "inspections": ("inspections", inspection, "utf-8"),
    "complaints": ("complaints", complaint, "utf-8"),
    "liquidations": ("liquidation_notice", obligations.liquidation, "utf-8"),
    "bankruptcies": ("bankruptcies", obligations.bankruptcy, "utf-8"),
}
"""Template: the kind of record in the chronicle, the builder of its columns, the file's encoding."""
