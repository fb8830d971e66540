"""A year of ordinary records: abnormal operation with its July spike, penalties, suits, enforcement and more."""

from __future__ import annotations

import numpy as np

from loaders.city import config
from loaders.city.chronicle import Chronicle
from loaders.city.config import AS_OF
from loaders.city.listing import amounts
from loaders.city.streams import EPOCH, NEVER, Bools, Floats, Ints, Rng, between, choose, day, hits, workdays
from loaders.city.world import Events, Firms, events

# Kind, new records a year per enterprise in business, how much trouble raises it, median amount in yuan, days it
# lasts at most (0: for good). All estimates.
PLAIN: tuple[tuple[str, float, float, float, int], ...] = (
    ("enforcement", 0.023, 0.55, 250_000, 0),
    ("tax_arrears", 0.006, 0.5, 60_000, 700),
    ("equity_freeze", 0.003, 0.6, 2_000_000, 1095),
    ("chattel_mortgage", 0.008, 0.1, 3_000_000, 1095),
    ("equity_pledge", 0.004, 0.1, 3_000_000, 1095),
    ("commitment_breaches", 0.002, 0.5, 0, 365),
    ("administrative_licence", 0.05, 0.0, 0, 1825),
    ("inspections", 0.03, 0.0, 0, 0),
    ("honours", 0.006, -0.4, 0, 1095),
    ("liquidation_notice", 0.004, 0.1, 0, 45),
    ("bankruptcies", 0.0004, 0.5, 0, 500),
)

KINDS = (
    *("abnormal_operation", "administrative_penalty", "consumption_restriction", "lawsuits", "complaints"),
    *("tax_credit_a", *(kind for kind, *_ in PLAIN)),
)
"""The kinds of ordinary records."""


def _drawn(rng: Rng, firms: Firms, chance: Floats, year: tuple[int, int]) -> tuple[Ints, Ints]:
    """Firms that chance strikes within the year, each with a working day on which it existed."""
    begin, end = year
    firm = np.flatnonzero(hits(rng, chance, len(chance)))
    last = np.minimum(firms.closed[firm] - 1, end - 1)
    start = workdays(between(rng, np.maximum(firms.founded[firm] + 20, begin + 1), last, len(firm)), end - 1)
    fits = (start > begin) & (start < end) & (start < firms.closed[firm]) & (start > firms.founded[firm])
    return firm[fits], start[fits]


def _trouble(scores: Floats, among: Bools, pull: float) -> Floats:
    """Factors of mean 1 that grow with a firm's score."""
    if not among.any():
        return np.ones(len(scores))
    middle = float(scores[among].mean())
    factor = np.exp(pull * np.clip(scores - middle, -2.0, 4.0))
    return np.asarray(factor / factor[among].mean(), dtype=np.float64)


def _plain(rng: Rng, firms: Firms, past: Chronicle, scores: Floats, year: tuple[int, int]) -> None:
    there = (firms.kind < config.INDIVIDUAL) & (firms.founded < year[1]) & (firms.closed > year[0])
    for kind, rate, pull, median, length in PLAIN:
        chance = np.where(there, rate * _trouble(scores, there, pull), 0.0)
        firm, start = _drawn(rng, firms, chance, year)
        record = events(
            firm, start, choose(rng, (6, 3, 1), len(firm)), amounts(rng, len(firm), max(median, 1.0))
        )
        _lasting(rng, record, length, kind)
        past.add(kind, record)


def _lasting(rng: Rng, record: Events, length: int, kind: str) -> None:
    count = len(record.firm)
    if kind == "enforcement":
        wait = between(rng, 40, 700, count)
        over = hits(rng, 0.75, count) & (record.start + wait < AS_OF)
        record.exit = np.where(over, record.start + wait, NEVER)
        record.how = np.where(over, np.where(hits(rng, 0.6, count), 1, 3), 0)
    elif length:
        wait = between(rng, max(20, length // 4), length, count)
        record.end = np.where(hits(rng, 0.8, count), record.start + wait, NEVER)


def _abnormal(rng: Rng, firms: Firms, past: Chronicle, scores: Floats, year: tuple[int, int]) -> None:
    """经营异常: most of the year's on one day in July, for the annual report that did not come."""
    begin, end = year
    free = (firms.founded < begin + 45) & (firms.closed > end) & (past.now("abnormal_operation", begin) == 0)
    small = firms.kind >= config.INDIVIDUAL
    doomed = (firms.revoked > end) & (firms.revoked < end + 800)
    rate = np.where(small, 0.02, config.ABNORMAL) * _trouble(scores, free & ~small, 0.35) * 1.24
    chance = np.where(free & (firms.revoked > end), np.where(doomed, 0.6, np.minimum(rate, 0.9)), 0.0)
    firm = np.flatnonzero(hits(rng, chance, len(chance)))
    july = (EPOCH.fromordinal(EPOCH.toordinal() + begin)).year + 1
    spike = hits(rng, config.ABNORMAL_JULY, len(firm))
    start = np.where(
        spike,
        day(f"{july}-07-0{1 + july % 5}"),
        workdays(between(rng, np.maximum(begin, firms.founded[firm] + 20) + 1, end - 1, len(firm)), end - 1),
    )
    other = choose(rng, (30, 66, 3, 1), len(firm))
    record = events(firm, start, np.where(spike & hits(rng, 0.98, len(firm)), 0, other))
    years = rng.geometric(config.ABNORMAL_LEAVE, len(firm)) - 1 + rng.random(len(firm))
    leave = start + 8 + (years * 365).astype(np.int64)
    stays = leave >= np.minimum(np.minimum(firms.closed[firm], firms.revoked[firm]), AS_OF)
    record.exit = np.where(stays, NEVER, leave)
    record.how = np.where(stays, 0, 1)
    past.add("abnormal_operation", record)


def _penalties(rng: Rng, firms: Firms, past: Chronicle, scores: Floats, year: tuple[int, int]) -> None:
    there = (firms.founded < year[1]) & (firms.closed > year[0]) & (firms.revoked > year[0])
    small = firms.kind >= config.INDIVIDUAL
    pull = np.where(small, 1.0, _trouble(scores, there & ~small, 0.35))
    rate = np.where(small, config.PENALTY_INDIVIDUAL, config.PENALTY_ENTERPRISE) * pull
    firm, start = _drawn(rng, firms, np.where(there, rate, 0.0), year)
    count = len(firm)
    fine = config.PENALTY_MEDIAN * np.exp(rng.normal(0, 1.4, count))
    fine = np.where(hits(rng, 0.7, count), np.maximum(np.round(fine, -3), 1000), np.round(fine, 0))
    record = events(firm, start, choose(rng, (70, 14, 10, 4, 2), count), fine)
    minor = (fine < 3000) & (record.code == 1)
    record.end = np.where(minor, start + 91, start + 1096)
    wait = between(rng, 190, 700, count)
    early = ~minor & hits(rng, config.PENALTY_ENDED_EARLY * 1.15, count) & (start + wait < AS_OF)
    record.exit = np.where(early, start + wait, NEVER)
    record.how = np.where(early, 1, 0)
    past.add("administrative_penalty", record)


def _suits(rng: Rng, firms: Firms, past: Chronicle, scores: Floats, year: tuple[int, int]) -> None:
    there = (firms.kind < config.INDIVIDUAL) & (firms.founded < year[1]) & (firms.closed > year[0])
    for side, rate, pull in ((0, 0.035, 0.0), (1, 0.045, 0.45)):
        firm, start = _drawn(rng, firms, np.where(there, rate * _trouble(scores, there, pull), 0.0), year)
        code = np.full(len(firm), side)
        past.add("lawsuits", events(firm, start, code, amounts(rng, len(firm), 120_000)))


def _limits(rng: Rng, past: Chronicle, year: tuple[int, int]) -> None:
    """Limits on consumption of firms in enforcement that were not listed."""
    cases = past.of("enforcement")
    fresh = np.flatnonzero((cases.start > year[0]) & (cases.start <= year[1]))
    firm = fresh[hits(rng, 0.25, len(fresh))]
    start = np.minimum(cases.start[firm] + between(rng, 5, 90, len(firm)), AS_OF - 1)
    record = events(cases.firm[firm], start)
    record.exit = np.where(cases.how[firm] == 1, np.maximum(cases.exit[firm], start + 1), NEVER)
    record.how = np.where(cases.how[firm] == 1, 1, 0)
    past.add("consumption_restriction", record)


def _good(rng: Rng, firms: Firms, past: Chronicle, scores: Floats, year: tuple[int, int]) -> None:
    """A 级 tax credit of the last years, for firms of some age with little trouble."""
    grown = (firms.kind < config.INDIVIDUAL) & firms.in_business(year[1]) & (firms.founded < year[0] - 700)
    chance = np.where(grown, 0.10 * _trouble(scores, grown, -0.4), 0.0)
    firm = np.flatnonzero(hits(rng, chance, len(chance)))
    april = (EPOCH.fromordinal(EPOCH.toordinal() + year[0])).year + 1
    record = events(firm, np.full(len(firm), day(f"{april}-04-20")))
    record.end = record.start + 365
    past.add("tax_credit_a", record)


def _complaints(rng: Rng, firms: Firms, past: Chronicle, year: tuple[int, int]) -> None:
    """Complaints; a few firms draw a third of them."""
    there = firms.in_business(year[1]) & (firms.founded < year[0])
    weight = np.where(there, 0.055, 0.0)
    loud = there & hits(rng, 0.0032, len(weight))
    weight = np.where(loud, 7.0, weight) * (1.0 if year[1] == AS_OF else 0.05)
    count = rng.poisson(weight)
    firm = np.repeat(np.arange(len(weight)), count)
    start = between(rng, year[0] + 1, year[1] - 1, len(firm))
    past.add("complaints", events(firm, start, choose(rng, (4, 3, 2, 1), len(firm))))


def ordinary_year(rng: Rng, firms: Firms, past: Chronicle, scores: Floats, year: tuple[int, int]) -> None:
    """All ordinary records of one year; trouble on its first day raises the chances."""
    _abnormal(rng, firms, past, scores, year)
    _penalties(rng, firms, past, scores, year)
    _suits(rng, firms, past, scores, year)
    _plain(rng, firms, past, scores, year)
    _limits(rng, past, year)
    _good(rng, firms, past, scores, year)
    _complaints(rng, firms, past, year)
