"""A city of 80,000 as a reader of its feeds sees it, beside the figures that it is made after.

Tolerances: of shares among all enterprises the sampling error is below 0.2 points, so what is allowed is what the
shape may lose to the planted cases, to dirt and to the reading of one delivery: 1.5 points, or a sixth of the figure.
Of rare things (lists) it is what twenty seeds would give.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from loaders.city import write_city
from tests.loaders.city.feeds import TODAY, Feeds

ALIVE = "closed IS NULL AND revoked IS NULL AND kind NOT IN ('个体工商户', '农民专业合作社')"


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> Feeds:
    folder = tmp_path_factory.mktemp("large")
    write_city(folder, 80_000, 1, 0.05)
    found = Feeds(folder)
    found.table(
        "firm", "registration_20260930",
        "plain(统一社会信用代码) AS code, 企业名称 AS name, 企业类型 AS kind, plain(行业代码)[1] AS industry, "
        "行政区划 AS district, amount(注册资本) AS capital, amount(实缴资本) AS paid, day(成立日期) AS born, "
        "注销日期 AS closed, 吊销日期 AS revoked, 住所 AS address, 联系电话 AS phone, 法定代表人 AS boss, "
        "plain(法定代表人证件号码) AS number",
        "企业类型 IS NOT NULL",
    )  # fmt: skip
    found.table(
        "stake", "shareholders_20260930",
        "plain(统一社会信用代码) AS code, 股东名称 AS holder, 股东类型 AS kind, plain(证件号码) AS number", "退出日期 IS NULL",
    )  # fmt: skip
    found.rows(f"CREATE TABLE alive AS SELECT * FROM firm WHERE {ALIVE}")
    return found


def close(found: Mapping[Any, float], wanted: Mapping[Any, float], tolerance: float = 1.5) -> None:
    misses = {k: (found.get(k, 0.0), w) for k, w in wanted.items() if abs(found.get(k, 0.0) - w) > tolerance}
    assert not misses


def test_there_are_as_many_firms_of_each_sort_as_asked_for(feeds: Feeds) -> None:
    count = feeds.number("SELECT count(*) FROM alive")
    # the first delivery lacks the firms of the last six weeks, and dirty dates hide a few
    assert 79_000 < count < 80_200
    gone = feeds.number("SELECT count(*) FROM firm WHERE closed IS NOT NULL") / 80_000
    revoked = feeds.number("SELECT count(*) FROM firm WHERE revoked IS NOT NULL AND closed IS NULL") / 80_000
    assert abs(gone - 0.40) < 0.01
    assert abs(revoked - 0.06) < 0.005


def test_districts_types_and_industries_have_their_shares(feeds: Feeds) -> None:
    divisions = (411202, 411282, 411203, 411221, 411224, 411281, 411200)
    close(
        feeds.shares("district", "alive"),
        {str(d): w for d, w in zip(divisions, (24, 22, 14, 13, 10, 7, 10), strict=True)},
    )
    types = {
        "有限责任公司(自然人投资或控股)": 50, "有限责任公司(自然人独资)": 34, "有限责任公司分公司": 5.5,
        "有限责任公司(法人独资)": 4, "个人独资企业": 3.3, "有限合伙企业": 1.5, "有限责任公司(国有独资)": 1,
        "股份有限公司(非上市)": 0.4, "有限责任公司(外商投资)": 0.3,
    }  # fmt: skip
    close(feeds.shares("kind", "alive"), types, 0.7)
    trades = dict(zip("FLECAMGIOKHB", (33, 11, 10, 10, 7, 7, 4, 4, 4, 3, 2.5, 1.2), strict=True))
    close(feeds.shares("industry", "alive"), trades, 0.7)


def test_capital_lies_in_its_bands_and_on_its_spikes(feeds: Feeds) -> None:
    edges = (100_000, 500_000, 1_000_000, 5_000_000, 10_000_000, 50_000_000)
    band = " + ".join(f"(capital > {edge})::INTEGER" for edge in edges)
    feeds.rows("CREATE TABLE funded AS SELECT capital, paid FROM alive WHERE capital IS NOT NULL")
    close(feeds.shares(band, "funded"), dict(enumerate((8, 20, 24, 28, 13, 5.5, 1.5))))
    spikes = {1e6: 18, 5e6: 13, 5e5: 10, 2e6: 9, 1e7: 6}
    close(feeds.shares("capital", "funded"), spikes, 1.0)
    reported = feeds.number("SELECT avg((paid IS NOT NULL)::INTEGER) FROM funded")
    assert abs(reported - 0.40) < 0.03
    assert (
        abs(feeds.number("SELECT avg((paid = 0)::INTEGER) FROM funded WHERE paid IS NOT NULL") - 0.3) < 0.02
    )


def test_firms_are_young_and_leave_most_often_in_their_third_to_sixth_year(feeds: Feeds) -> None:
    age = "least(4, floor(list_sum([(born < DATE '2026-11-15' - d)::INTEGER FOR d IN [365, 1095, 1826, 3652]])))"
    # the youngest lack the six weeks after the first delivery, an eighth of their year
    close(feeds.shares(age, "alive"), {0: 11.6, 1: 22, 2: 17, 3: 31, 4: 17})
    feeds.rows(
        "CREATE TABLE exit AS SELECT floor((day(closed) - born) / 365.25) AS year FROM firm "
        "WHERE day(closed) IS NOT NULL AND born IS NOT NULL"
    )
    year = feeds.shares("year", "exit")
    assert year[0] < 0.35 * year[1] < 0.35 * year[2]
    assert max(year, key=lambda y: year[y]) in {2, 3, 4, 5}
    assert year[8] < year[5]


def test_holders_are_few_and_one_in_ten_firms_is_held_by_a_firm(feeds: Feeds) -> None:
    feeds.rows(
        "CREATE TABLE held AS SELECT code, count(DISTINCT holder) AS holders, bool_or(stake.kind = '企业法人') AS by_firm "
        "FROM stake JOIN alive USING (code) WHERE alive.kind LIKE '%公司%' GROUP BY code"
    )
    close(feeds.shares("least(holders, 4)", "held"), {1: 42, 2: 40, 3: 10, 4: 8}, 3)
    assert abs(feeds.shares("by_firm", "held")[True] - 9) < 2.5
    feeds.rows(
        "CREATE TABLE edge AS SELECT holder IN (SELECT name FROM firm) OR number IN "
        "(SELECT code FROM firm WHERE code IS NOT NULL) AS inside FROM stake WHERE kind = '企业法人' AND "
        "code IN (SELECT code FROM alive)"
    )
    assert 30 < feeds.shares("coalesce(inside, false)", "edge")[False] < 50


def test_some_represent_several_firms_and_some_bear_one_name(feeds: Feeds) -> None:
    feeds.rows(
        "CREATE TABLE boss AS SELECT any_value(boss) AS name, count(*) AS firms FROM alive "
        "WHERE number IS NOT NULL GROUP BY number"
    )
    groups = "CASE WHEN firms < 3 THEN firms WHEN firms < 6 THEN 3 WHEN firms < 11 THEN 6 ELSE 11 END"
    # a quarter of the representatives come without a number, which takes some off the larger groups
    close(feeds.shares(groups, "boss"), {1: 88, 2: 8, 3: 3.2})
    close(feeds.shares(groups, "boss"), {6: 0.6, 11: 0.2}, 0.3)
    shared = feeds.number(
        "SELECT sum(n) FILTER (n > 1) / sum(n) FROM (SELECT count(*) n FROM boss GROUP BY name)"
    )
    # 30 % with everyone in the city; among representatives with a number alone some namesakes are out of sight
    assert 0.15 < shared < 0.35


def test_agents_and_cluster_addresses_stand_out(feeds: Feeds) -> None:
    feeds.rows("CREATE TABLE line AS SELECT phone, count(*) AS firms FROM alive GROUP BY phone")
    shared = feeds.number("SELECT 100.0 * sum(firms) FILTER (firms > 1) / sum(firms) FROM line")
    crowded = feeds.number("SELECT 100.0 * sum(firms) FILTER (firms > 10) / sum(firms) FROM line")
    assert 10 < shared < 15
    assert 0.8 < crowded < 3
    assert 6 <= feeds.number("SELECT count(*) FILTER (firms >= 95) FROM line") <= 15
    houses = feeds.rows("SELECT count(*) AS firms FROM alive GROUP BY address HAVING count(*) > 100")
    assert 3 <= len(houses) <= 6
    assert all(130 < firms <= 900 for (firms,) in houses)


def test_annual_reports_that_do_not_come_strike_on_one_day_in_july(feeds: Feeds) -> None:
    feeds.table(
        "abnormal", "abnormal_operation",
        "plain(统一社会信用代码) AS code, day(列入日期) AS start, day(移出日期) AS stop, 列入经营异常名录原因 AS cause",
        "day(列入日期) IS NOT NULL",
    )  # fmt: skip
    for year in (2023, 2024, 2025):
        count, top, day = feeds.rows(
            f"SELECT sum(n), max(n), arg_max(start, n) FROM (SELECT start, count(*) n FROM abnormal "
            f"WHERE year(start) = {year} GROUP BY start)"
        )[0]
        assert (day.year, day.month) == (year, 7)
        assert abs(top / count - 0.85) < 0.025
    causes = feeds.shares("cause[1:4]", "abnormal")
    close(causes, {"未依照《": 89, "通过登记": 10.5}, 1.5)
    close(causes, {"公示企业": 0.4, "未在责令": 0.1}, 0.2)
    new = feeds.number(
        "SELECT count(*) FROM abnormal WHERE start BETWEEN DATE '2025-01-01' AND DATE '2025-12-31'"
    )
    assert abs(100 * new / 80_000 - 8) < 1
    stock = f"SELECT count(DISTINCT code) FROM abnormal JOIN alive USING (code) WHERE stop IS NULL OR stop > {TODAY}"
    assert abs(100 * feeds.number(stock) / 80_000 - 14) < 2.5
    soon = feeds.number(
        "SELECT avg((stop - start <= 365 AND stop IS NOT NULL)::INTEGER) FROM abnormal WHERE start < DATE '2025-11-01'"
    )
    assert abs(soon - 0.35) < 0.03


def test_lists_have_their_usual_yearly_numbers(feeds: Feeds) -> None:
    wanted = {
        "serious_violation": ("列入日期", 15, 50), "tax_violation": ("公布日期", 4, 20),
        "wage_arrears": ("列入日期", 3, 18), "work_safety": ("纳入日期", 1, 10),
        "government_procurement": ("记录日期", 1, 8),
    }  # fmt: skip
    for template, (column, low, high) in wanted.items():
        feeds.table(template, template, f'day("{column}") AS start')
        yearly = feeds.number(
            f"SELECT count(*) FROM {template} WHERE start BETWEEN DATE '2023-01-01' AND DATE '2025-12-31'"
        )
        assert low <= yearly / 3 <= high, template


def test_the_courts_list_is_as_large_as_known_and_repairs_end_half_of_it(feeds: Feeds) -> None:
    feeds.table(
        "court", "dishonest_judgment_debtor",
        'plain("身份证号码/组织机构代码") AS code, 案号 AS document, day(发布时间) AS start, '
        "失信被执行人行为具体情形 LIKE '有履行能力%' AS without_term",
        "day(发布时间) IS NOT NULL",
    )  # fmt: skip
    feeds.table("ended", "list_exits", "文书号 AS document, day(日期) AS day", "事由 IN ('修复', '撤销')")
    feeds.rows(
        "CREATE TABLE standing AS SELECT DISTINCT code FROM court ANTI JOIN ended USING (document) "
        f"WHERE code IS NOT NULL AND (without_term OR start + INTERVAL 2 YEAR > {TODAY})"
    )
    new = (
        "SELECT count(*) FROM (SELECT min(start) AS first FROM court GROUP BY code) WHERE year(first) = 2025"
    )
    assert 0.3 < 100 * feeds.number(new) / 80_000 < 0.75
    in_business = feeds.number("SELECT count(*) FROM standing JOIN alive USING (code)") / 80_000
    revoked = feeds.number(
        "SELECT avg((code IN (FROM standing))::INTEGER) FROM firm WHERE revoked IS NOT NULL AND code IS NOT NULL"
    )
    assert 0.6 < 100 * in_business < 1.4
    assert 7 < 100 * revoked < 14
    again = feeds.number(
        "SELECT avg((n > 1)::INTEGER) FROM (SELECT count(*) n FROM court WHERE code IS NOT NULL GROUP BY code)"
    )
    assert abs(again - 0.38) < 0.06
    repaired = feeds.number("SELECT avg((document IN (SELECT document FROM ended))::INTEGER) FROM court")
    assert 0.35 < repaired < 0.70


def test_penalties_are_of_usual_size_and_a_quarter_is_ended_early(feeds: Feeds) -> None:
    feeds.table(
        "penalty", "administrative_penalty",
        '行政处罚决定书文号 AS document, 行政相对人类别 AS party, day(处罚决定日期) AS start, try_cast("罚款金额(万元)" AS DOUBLE) AS fine',
        "day(处罚决定日期) IS NOT NULL",
    )  # fmt: skip
    feeds.table(
        "repair", "list_exits", "文书号 AS document", "名单类别 = '行政处罚' AND 事由 IN ('修复', '撤销')"
    )
    new = "SELECT count(*) FROM penalty WHERE party LIKE '法人%' AND year(start) = 2025"
    assert abs(100 * feeds.number(new) / 80_000 - 2.2) < 0.4
    assert abs(feeds.number("SELECT median(fine) FROM penalty") - 0.5) < 0.1
    early = "SELECT avg((document IN (FROM repair))::INTEGER) FROM penalty WHERE start < DATE '2024-11-15'"
    assert abs(feeds.number(early) - 0.25) < 0.05
