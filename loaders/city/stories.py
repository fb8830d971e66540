"""Three planted stories: a successor at the counter, a mining network, a chain of fitness studios."""

from __future__ import annotations

from loaders.city import config
from loaders.city.cast import Case, Cast, Role
from loaders.city.streams import day
from loaders.city.world import (
    AWAY,
    EXECUTIVE,
    FINANCE,
    FIRM,
    MANAGER,
    PERSON,
    SUPERVISOR,
)


def successor(cast: Cast) -> None:
    """曜川建材 is listed; a new firm with its manager, telephone, yard and staff is founded weeks later."""
    zhou, li, sun = cast.person("周砚川", 1976), cast.person("李守安", 1954), cast.person("孙启岳", 1984)
    born = day("2018-03-15")
    old = cast.firm(Role("三门峡曜川建材有限公司", founded=born, capital=5e6, quiet=True), zhou)
    cast.hold((PERSON, zhou), old, 70.0)
    cast.hold((PERSON, cast.person()), old, 30.0)
    cast.post(old, sun, MANAGER, until=day("2025-04-10"))
    cast.new_boss(old, li, day("2025-04-02"))
    cast.post(old, li, EXECUTIVE, day("2025-04-02"))
    listed = day("2025-03-12")
    cast.record("dishonest_judgment_debtor", old, Case(listed, value=1_860_000.0))
    cast.record("enforcement", old, Case(listed - 120, value=1_860_000.0))
    cast.record("consumption_restriction", old, Case(listed + 3))
    new = cast.firm(
        Role(
            "三门峡澄岳建材有限公司",
            config.NATURAL,
            founded=day("2025-04-21"),
            capital=2e6,
            like=old,
            quiet=True,
        ),
        sun,
    )
    cast.hold((PERSON, sun), new, 100.0)
    cast.post(new, sun, EXECUTIVE)
    for post in (SUPERVISOR, FINANCE, MANAGER):
        staff = cast.person()
        cast.post(old, staff, post, day("2025-04-11") if post == MANAGER else born)
        cast.post(new, staff, post)
    for name in ("孙启岳", "周砚川"):
        twin = cast.person(name)
        firm = cast.firm(Role(kind=config.NATURAL, district=2, industry="H", capital=3e5, quiet=True), twin)
        cast.hold((PERSON, twin), firm, 100.0)
    cast.pattern(
        "reborn", [old, new], "Story A: same trade, yard, telephone and staff within six weeks of the listing"
    )


def mining(cast: Cast, municipal: int) -> None:
    """贺承岭 controls 宏岭矿业 with 70 % of the votes and 37.5 % of the interest; a guarantee ring reaches T."""
    he, feng = cast.person("贺承岭", 1971), cast.person("冯致远", 1969)
    parent = cast.firm(Role("三门峡曜安实业有限公司", founded=day("2012-05-08"), capital=5e7, quiet=True), he)
    mine = cast.firm(
        Role(
            "灵宝市宏岭矿业有限公司",
            industry="B",
            district=1,
            founded=day("2014-09-16"),
            capital=2e7,
            quiet=True,
        )
    )
    trucks = cast.firm(
        Role(
            "灵宝市宏岭运输有限公司",
            industry="G",
            district=1,
            founded=day("2016-06-20"),
            capital=1e7,
            quiet=True,
        ),
        he,
    )
    cast.hold((PERSON, he), parent, 60.0)
    cast.hold((PERSON, cast.person()), parent, 40.0)
    moved = day("2026-02-10")
    cast.hold((FIRM, parent), mine, 45.0)
    cast.hold((FIRM, municipal), mine, 30.0)
    cast.hold((PERSON, feng), mine, 25.0, until=moved)
    cast.hold((FIRM, trucks), mine, 25.0, since=moved)
    cast.hold((FIRM, parent), trucks, 70.0)
    cast.hold((AWAY, cast.away("西安澄远嘉德股权投资合伙企业（有限合伙）")), trucks, 30.0)
    trade = cast.firm(Role("灵宝市恒澄工贸有限公司", district=1, capital=1e7, quiet=True))
    blast = cast.firm(Role("灵宝市岳磊爆破工程有限公司", industry="E", district=1, capital=1e7, quiet=True))
    for firm in (trade, blast):
        cast.hold((PERSON, cast.bosses[firm]), firm, 80.0)
        cast.hold((PERSON, cast.person()), firm, 20.0)
    signed = day("2025-01-20")
    cast.guarantee(mine, trade, 8e6, signed)
    cast.guarantee(trade, blast, 6e6, signed + 30)
    cast.guarantee(blast, mine, 5e6, signed + 55)
    cast.record("work_safety", blast, Case(day("2026-05-18"), end=day("2029-05-19")))
    cast.pattern(
        "guarantee_ring", [mine, trade, blast], "Story B: 宏岭矿业 guarantees, and is guaranteed, in a ring"
    )


def fitness(cast: Cast) -> None:
    """跃禾: three firms and two individual businesses with one telephone and 46 complaints in 30 days."""
    owner = cast.person("薛跃禾", 1988)
    born = day("2021-04-12")
    first = cast.firm(
        Role("三门峡跃禾健身服务有限公司", config.NATURAL, "O", founded=born, capital=1e6, quiet=True), owner
    )
    firms = [first]
    for name, industry in (("三门峡跃禾体育文化有限公司", "R"), ("三门峡跃禾健康管理有限公司", "Q")):
        role = Role(name, config.NATURAL, industry, founded=born + 200, capital=1e6, like=first, quiet=True)
        firms.append(cast.firm(role, owner))
    for firm in firms:
        cast.hold((PERSON, owner), firm, 100.0)
        cast.post(firm, owner, EXECUTIVE)
    for name, district in (("湖滨区跃禾健身馆", 0), ("陕州区跃禾健身馆", 2)):
        role = Role(name, config.INDIVIDUAL, "O", district, 5e4, founded=born + 300, like=first, quiet=True)
        firms.append(cast.firm(role, owner))
    for number in range(46):
        cast.record("complaints", firms[number % 5], Case(day("2026-10-12") + number * 29 // 45, code=3))
    cast.record("abnormal_operation", firms[0], Case(day("2026-09-30"), code=1))
    cast.record("serious_violation", firms[1], Case(day("2026-10-20"), end=day("2029-10-21"), code=2))
    cast.exits.append(("serious_violation", firms[1], "异议", day("2026-11-10")))
