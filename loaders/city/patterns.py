"""Planted patterns of every kind."""

from __future__ import annotations

from loaders.city import config, stories
from loaders.city.cast import Case, Cast, Role
from loaders.city.config import AS_OF
from loaders.city.shapes import chain, equals, held, municipal_group, overfull, plain, self_holding, some
from loaders.city.streams import stream
from loaders.city.world import EXECUTIVE, FIRM, MANAGER, PERSON, SUPERVISOR


def cross_holding(cast: Cast) -> None:
    """Two or three firms that hold stakes in each other."""
    firms = [plain(cast) for _ in range(some(cast, 2, 3))]
    for place, firm in enumerate(firms):
        stake = [15.0, 20.0, 30.0][some(cast, 0, 2)]
        owner = firms[place - 1]
        start = max(cast.roles[owner].founded, cast.roles[firm].founded) + 90 + 400 * place
        cast.hold((FIRM, owner), firm, stake, min(start, AS_OF - 100))
        held(cast, firm, 100.0 - stake)
    cast.pattern("cross_holding", firms, "holds a stake of its own holder")


def capital_round(cast: Cast) -> None:
    """The same money goes round three firms within weeks: each pays into the next what it has just received."""
    founded = AS_OF - some(cast, 800, 1800)
    firms = [plain(cast, founded=founded + 30 * n, capital=1e7, paid=1e7) for n in range(3)]
    start = founded + some(cast, 200, 500)
    for place, firm in enumerate(firms):
        cast.hold((FIRM, firms[place - 1]), firm, 40.0, start + 6 * place)
        cast.changes.append((firm, "注册资本变更", "6000000", "10000000", start + 6 * place))
        held(cast, firm, 60.0)
    cast.pattern("capital_round", firms, "equal amounts paid in round a ring within three weeks")


def guarantee_ring(cast: Cast) -> None:
    """A ring of three to nine guarantees."""
    firms = [plain(cast) for _ in range(some(cast, 3, 9) if cast.rng.random() < 0.8 else 3)]
    start = AS_OF - some(cast, 200, 900)
    for place, firm in enumerate(firms):
        held(cast, firm)
        cast.guarantee(firms[place - 1], firm, float(some(cast, 2, 9)) * 1e6, start + 9 * place)
    cast.pattern("guarantee_ring", firms, "each guarantees for the next, the last for the first")


def mutual_guarantee(cast: Cast) -> None:
    """Two firms that guarantee for each other."""
    firms = [plain(cast), plain(cast)]
    start = AS_OF - some(cast, 200, 900)
    for place, firm in enumerate(firms):
        held(cast, firm)
        cast.guarantee(firms[1 - place], firm, 5e6, start + 12 * place)
    cast.pattern("mutual_guarantee", firms, "guarantee for each other")


def joint_guarantee(cast: Cast) -> None:
    """Three to five firms that guarantee one loan together."""
    firms = [plain(cast) for _ in range(some(cast, 4, 6))]
    start = AS_OF - some(cast, 200, 900)
    for firm in firms:
        held(cast, firm)
    for firm in firms[1:]:
        cast.guarantee(firm, firms[0], 1.2e7, start)
    cast.pattern("joint_guarantee", firms, "all but the first guarantee one loan of the first")


def reborn(cast: Cast) -> None:
    """A firm is listed and leaves; people, telephone and yard go on under a new name."""
    listed = AS_OF - some(cast, 150, 900)
    old = plain(cast, founded=listed - 1800, closed=listed + 90 if cast.rng.random() < 0.5 else 10**6)
    cast.record("dishonest_judgment_debtor", old, Case(listed))
    cast.record("enforcement", old, Case(listed - 100))
    held(cast, old)
    partner = cast.stakes[-1][1]
    born = listed + some(cast, 10, 80)
    new = plain(
        cast, founded=born, like=old, industry=cast.roles[old].industry, district=cast.roles[old].district
    )
    cast.bosses[new] = partner
    cast.hold((PERSON, partner), new, 100.0)
    keeper = cast.person()
    for firm in (old, new):
        cast.post(firm, keeper, SUPERVISOR)
        cast.post(firm, partner, MANAGER)
    cast.pattern(
        "reborn", [old, new], "founded within weeks of the listing with the same people, telephone and yard"
    )


def shell_cluster(cast: Cast) -> None:
    """Firms founded within weeks at one place by two people, nothing paid in."""
    people = [cast.person(), cast.person()]
    founded = AS_OF - some(cast, 120, 700)
    firms: list[int] = []
    for number in range(some(cast, 6, 10)):
        role = Role(
            kind=config.NATURAL,
            industry="FLM"[number % 3],
            capital=1e6,
            paid=0.0,
            founded=founded + 3 * number,
            like=firms[0] if firms else None,
        )
        firms.append(cast.firm(role, people[number % 2]))
        cast.hold((PERSON, people[number % 2]), firms[-1], 100.0)
        cast.post(firms[-1], people[(number + 1) % 2], SUPERVISOR)
    cast.pattern(
        "shell_cluster", firms, "founded within weeks, one address and telephone, two people, nothing paid in"
    )


def nominee(cast: Cast) -> None:
    """An old person takes over firms of unlike trades from one who stays on as their manager."""
    straw, real = cast.person(born=1951), cast.person()
    moved = AS_OF - some(cast, 200, 700)
    firms = []
    for trade in "FEMHG"[: some(cast, 3, 5)]:
        firm = plain(cast, kind=config.NATURAL, industry=trade, founded=moved - some(cast, 500, 1500))
        cast.bosses[firm] = real
        cast.hold((PERSON, real), firm, 100.0, until=moved)
        cast.hold((PERSON, straw), firm, 100.0, since=moved)
        cast.new_boss(firm, straw, moved)
        cast.post(firm, real, MANAGER)
        firms.append(firm)
    cast.pattern(
        "nominee", firms, "taken over on one day by an old person; the former owner manages on", [straw, real]
    )


def sudden_change(cast: Cast) -> None:
    """Representative, holders, name and address change within a month, shortly before the listing."""
    day = AS_OF - some(cast, 60, 600)
    firm = plain(cast, founded=day - some(cast, 900, 2500), kind=config.NATURAL)
    owner = cast.bosses[firm]
    heir = cast.person(born=1955)
    cast.hold((PERSON, owner), firm, 100.0, until=day)
    cast.hold((PERSON, heir), firm, 100.0, since=day)
    cast.new_boss(firm, heir, day + 4)
    cast.post(firm, heir, EXECUTIVE, day + 4)
    cast.changes.append((firm, "名称变更", f"三门峡澄翊{some(cast, 100, 999)}商贸有限公司", "", day + 12))
    cast.changes.append((firm, "住所变更", "河南省三门峡市湖滨区黄河路9号", "", day + 15))
    cast.record("dishonest_judgment_debtor", firm, Case(day + some(cast, 25, 55)))
    cast.pattern(
        "sudden_change",
        [firm],
        "representative, holder, name and address changed within 15 days",
        [owner, heir],
    )


def planted(seed: int, enterprises: int) -> Cast:
    """The whole cast for a city of that size: each kind once in a hamlet, several times in a city."""
    cast = Cast(stream(seed, "cast"))
    times = 1 if enterprises < 300 else 3 if enterprises < 20_000 else 7
    top = municipal_group(cast, enterprises)
    stories.successor(cast)
    stories.mining(cast, top)
    stories.fitness(cast)
    kinds = (cross_holding, capital_round, guarantee_ring, mutual_guarantee, joint_guarantee)
    for plant in (*kinds, reborn, shell_cluster, nominee, sudden_change):
        for _ in range(times):
            plant(cast)
    for _ in range(min(times, 4)):
        self_holding(cast)
        overfull(cast)
    equals(cast)
    chain(cast, 12)
    return cast
