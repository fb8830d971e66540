"""The feeds of guarantees, branches, agreements and annual reports."""

from __future__ import annotations

import numpy as np

from loaders.city import config
from loaders.city.columns import Columns, at, chained, either, joined, nothing, numbered, picked, repeated
from loaders.city.config import AS_OF
from loaders.city.feeds import Scribe, ten_thousands, yuan
from loaders.city.streams import NEVER, between, choose, day, hits
from loaders.city.world import PERSON


def guarantees(scribe: Scribe) -> Columns:
    """Guarantees; those of one loan share a contract number."""
    table = scribe.world.guarantees
    count = len(table.source)
    loan = table.target * 10**8 + table.since * 1000 + (table.amount // 10**6).astype(np.int64)
    _, contract = np.unique(loan, return_inverse=True)
    known = ~hits(scribe.rng("guarantees"), 0.03, count)
    return {
        "担保人": scribe.firm(table.source),
        "担保人统一社会信用代码": scribe.code(table.source, known),
        "被担保人": scribe.firm(table.target),
        "被担保人统一社会信用代码": scribe.code(table.target),
        "担保金额": yuan(table.amount),
        "担保方式": picked(("连带责任保证", "一般保证"), (np.arange(count) % 7 == 0).astype(np.int64)),
        "起始日期": scribe.dates(table.since),
        "终止日期": scribe.dates(np.where(table.until < NEVER, table.until - 1, NEVER)),
        "合同编号": joined("DB", numbered(700_000 + contract)),
    }


def branches(scribe: Scribe) -> Columns:
    """Branches and their heads, in the city or elsewhere."""
    world = scribe.world
    branch = np.flatnonzero(world.society.head != -1)
    head = world.society.head[branch]
    local, everyone = len(world.firms), [world.texts.firm, world.texts.away]
    place = np.where(head >= 0, head, local - 2 - head)
    return {
        "分支机构名称": scribe.firm(branch),
        "分支机构统一社会信用代码": scribe.code(branch),
        "所属企业名称": at(chained(*everyone), place),
        "所属企业统一社会信用代码": at(chained(world.texts.code, world.texts.away_code), place),
        "成立日期": scribe.dates(world.firms.founded[branch]),
        "注销日期": scribe.dates(world.firms.closed[branch]),
    }


def agreements(scribe: Scribe) -> Columns:
    """Acting in concert: pairs of persons who hold equal halves agree to vote as one."""
    table, rng = scribe.world.society.holds, scribe.rng("agreements")
    half = np.flatnonzero((table.kind == PERSON) & (table.percent == 50) & (table.until == NEVER))
    half = half[np.argsort(table.firm[half], kind="stable")]
    twin = np.flatnonzero(table.firm[half][1:] == table.firm[half][:-1])
    chosen = twin[hits(rng, 0.02, len(twin))] if len(twin) > 200 else twin[:2]
    one, other = half[chosen], half[chosen + 1]
    firm, count = table.firm[one], len(chosen)
    start = np.minimum(np.maximum(table.since[one], table.since[other]) + 30, AS_OF - 5)
    everyone = np.ones(count, dtype=np.bool_)
    return {
        "主体": scribe.person(table.owner[one]),
        "主体证件号码": scribe.citizen(table.owner[one], everyone),
        "相对方": scribe.person(table.owner[other]),
        "相对方证件号码": scribe.citizen(table.owner[other], everyone),
        "所涉企业名称": scribe.firm(firm),
        "所涉企业统一社会信用代码": scribe.code(firm),
        "类型": repeated("一致行动", count),
        "起始日期": scribe.dates(start),
        "终止日期": nothing(count),
    }


def annual_reports(scribe: Scribe) -> Columns:
    """Annual reports of the last two years."""
    firms, rng = scribe.world.firms, scribe.rng("annual reports")
    parts = []
    for year in (2024, 2025):
        due = firms.in_business(day(f"{year + 1}-06-30")) & (firms.founded < day(f"{year}-12-31"))
        firm = np.flatnonzero(due & (firms.kind < config.INDIVIDUAL) & hits(rng, 0.86, len(firms)))
        filed = day(f"{year + 1}-01-05") + (176 * np.sqrt(rng.random(len(firm)))).astype(np.int64)
        parts.append((firm, np.full(len(firm), year), filed))
    firm, years, filed = (np.concatenate([p[n] for p in parts]) for n in range(3))
    count = len(firm)
    assets = np.round(np.maximum(firms.capital[firm], 5e4) * np.exp(rng.normal(-0.3, 1.0, count)), -2)
    sales = np.round(assets * np.exp(rng.normal(-0.2, 0.9, count)), -2)
    profit = np.round(sales * rng.normal(0.03, 0.08, count), -2)
    loss = profit < 0
    return {
        "企业名称": scribe.firm(firm),
        "统一社会信用代码": scribe.code(firm),
        "年报年度": numbered(years),
        "填报日期": scribe.dates(filed),
        "从业人数": numbered(
            choose(rng, (2, 20, 20, 15, 10, 8, 6, 5, 4, 3, 2, 2), count) + between(rng, 0, 3, count)
        ),
        "资产总额(万元)": ten_thousands(assets),
        "负债总额(万元)": ten_thousands(np.round(assets * rng.random(count) * 0.9, -2)),
        "营业总收入(万元)": ten_thousands(sales),
        "净利润(万元)": either(
            loss, joined("-", ten_thousands(np.abs(profit))), ten_thousands(np.abs(profit))
        ),
    }
