"""Coming onto a list, what follows from it, and how it ends."""

from __future__ import annotations

import numpy as np

from loaders.city import config
from loaders.city.chronicle import Chronicle
from loaders.city.config import AS_OF, LIST_KINDS
from loaders.city.streams import NEVER, Bools, Floats, Ints, Rng, between, choose, hits, workdays
from loaders.city.world import Events, Firms, events, rows

DISHONEST = "dishonest_judgment_debtor"
GROUND_WEIGHTS = (45, 22, 18, 10, 3, 2)
"""失信行为具体情形: the first (able but does not perform) has no fixed term, the others two years."""
CONSTRUCTION = config.INDUSTRIES.index("E")
YEAR = 365.25


def years_later(days: Ints, years: int) -> Ints:
    """The same calendar day some years later (29 February becomes 1 March's eve, the 28th)."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    inside = (dates - months).astype(np.int64)
    later = (months + 12 * years).astype("datetime64[D]").astype(np.int64)
    length = (months + 12 * years + 1).astype("datetime64[D]").astype(np.int64) - later
    return np.asarray(later + np.minimum(inside, length - 1), dtype=np.int64)


def kinds_of_lists(rng: Rng, industry: Ints) -> Ints:
    """An index of LIST_KINDS for each listing; arrears of wages are mostly those of builders."""
    weights = np.array([w for _, w in LIST_KINDS])
    builders = weights.copy()
    wages = [k for k, _ in LIST_KINDS].index("wage_arrears")
    builders[wages], weights[wages] = weights[wages] * 5, weights[wages] * 0.25
    return np.where(
        industry == CONSTRUCTION, choose(rng, builders, len(industry)), choose(rng, weights, len(industry))
    )


def _ended(rng: Rng, record: Events, gone: Bools) -> Events:
    """Repairs and revocations of records; firms that are gone seldom repair anything."""
    count = len(record.firm)
    wait = 25 + (rng.exponential(400, count)).astype(np.int64)
    term = np.where(record.end < NEVER, record.end - record.start, 2600)
    able = hits(rng, np.where(record.end < NEVER, 0.6, 0.95), count) & ~(gone & hits(rng, 0.9, count))
    leaves = able & (wait < term) & (record.start + wait < AS_OF)
    record.exit = np.where(leaves, record.start + wait, NEVER)
    revoked = leaves & hits(rng, 0.02, count)
    record.how = np.where(revoked, 2, np.where(leaves, 1, 0))
    return record


def court_records(rng: Rng, firm: Ints, start: Ints, gone: Bools) -> Events:
    """失信 records of firms: 38 % of the firms get further cases within months."""
    more = hits(rng, 0.38, len(firm)).astype(np.int64) * (
        1 + (rng.exponential(0.7, len(firm))).astype(np.int64)
    )
    repeat = np.repeat(np.arange(len(firm)), 1 + np.minimum(more, 8))
    first = (
        np.concatenate([[True], repeat[1:] != repeat[:-1]]) if len(repeat) else np.zeros(0, dtype=np.bool_)
    )
    day = start[repeat] + np.where(first, 0, between(rng, 0, 240, len(repeat)))
    ground = choose(rng, GROUND_WEIGHTS, len(repeat))
    record = events(firm[repeat], day, ground, amounts(rng, len(repeat), 400_000))
    record.end = np.where(ground == 0, NEVER, years_later(day, 2) + 1)
    record = _ended(rng, record, gone[repeat])
    return rows(record, record.start < AS_OF)


def amounts(rng: Rng, count: int, median: float) -> Floats:
    """Amounts in yuan around a median, many of them round."""
    raw = median * np.exp(rng.normal(0, 1.3, count))
    return np.where(hits(rng, 0.5, count), np.maximum(np.round(raw, -4), 1e4), np.round(raw, 2))


def follow(rng: Rng, past: Chronicle, record: Events, founded: Ints, begin: int) -> None:
    """Enforcement before, and limits on consumption after, a firm became 失信."""
    count = len(record.firm)
    low = np.maximum(np.maximum(record.start - 240, begin + 1), founded)
    case = events(record.firm, between(rng, low, record.start, count), None, record.value)
    case.exit = np.where(record.how == 1, record.exit, NEVER)
    case.how = np.where(record.how == 1, 1, 0)
    closed = (case.how == 0) & hits(rng, 0.55, count)
    case.exit = np.where(closed, np.minimum(record.start + between(rng, 20, 300, count), AS_OF), case.exit)
    case.how = np.where(closed, 3, case.how)
    past.add("enforcement", case)
    limit = events(record.firm, np.minimum(record.start + between(rng, 0, 15, count), AS_OF))
    limit.exit = np.where(record.how > 0, np.maximum(record.exit, limit.start + 1), NEVER)
    limit.how = np.where(record.how > 0, 1, 0)
    past.add("consumption_restriction", limit)


def list_kind(rng: Rng, past: Chronicle, kind: str, firm: Ints, start: Ints) -> Events:
    """Listings other than the court's: three years, early ends after one."""
    record = events(firm, start, choose(rng, (5, 3, 2), len(firm)), amounts(rng, len(firm), 300_000))
    record.end = years_later(start, 3) + 1
    early = hits(rng, 0.25, len(firm)) & (start + 420 < AS_OF)
    record.exit = np.where(
        early, between(rng, start + 370, np.minimum(start + 900, AS_OF - 1), len(firm)), NEVER
    )
    record.how = np.where(early, 1, 0)
    past.add(kind, record)
    return record


def list_firms(rng: Rng, firms: Firms, past: Chronicle, chance: Floats, year: tuple[int, int]) -> None:
    """Chance decides who comes onto a list within the year, and onto which."""
    begin, end = year
    firm = np.flatnonzero(hits(rng, chance, len(chance)))
    last = np.minimum(np.minimum(firms.closed[firm] - 1, firms.revoked[firm] - 1), end)
    last = np.where(end == AS_OF, np.minimum(last, end - 1), last)
    start = np.maximum(workdays(between(rng, begin + 1, last, len(firm)), end), begin + 1)
    which = kinds_of_lists(rng, firms.industry[firm])
    for index, (kind, _) in enumerate(LIST_KINDS):
        chosen = which == index
        if kind == DISHONEST:
            add_court_records(rng, firms, past, (firm[chosen], start[chosen]), begin)
        else:
            list_kind(rng, past, kind, firm[chosen], start[chosen])


def add_court_records(rng: Rng, firms: Firms, past: Chronicle, who: tuple[Ints, Ints], begin: int) -> None:
    """失信 records of firms from days on, with enforcement and limits on consumption."""
    firm, start = who
    gone = np.minimum(firms.closed, firms.revoked)[firm] < AS_OF
    record = court_records(rng, firm, start, gone)
    past.add(DISHONEST, record)
    follow(rng, past, record, firms.founded[record.firm], begin)


def list_revoked(rng: Rng, firms: Firms, past: Chronicle) -> None:
    """Firms listed after their licence was revoked: many of them stay listed for good.

    A year or more after it, so that who is listed within twelve months is told by the chances alone.
    """
    gone = np.flatnonzero((firms.revoked < AS_OF) & (firms.kind < config.INDIVIDUAL))
    firm = gone[hits(rng, config.REVOKED_LISTED * 1.2, len(gone))]
    start = firms.revoked[firm] + between(rng, 370, 900, len(firm))
    keep = start < AS_OF - 2
    record = events(firm[keep], start[keep], None, amounts(rng, int(keep.sum()), 600_000))
    past.add(DISHONEST, record)
    follow(rng, past, record, firms.founded[record.firm], 0)
