"""Firms: how many of each kind, when they were founded and left, where, in what trade, with what capital."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loaders.city import config, syllables
from loaders.city.config import AS_OF
from loaders.city.streams import (
    NEVER,
    Floats,
    Ints,
    Rng,
    between,
    choose,
    day,
    hits,
    stream,
    workdays,
)
from loaders.city.world import Firms

REVOCATION_DAYS = tuple(day(f"{year}-11-{18 + year % 5}") for year in range(2016, 2026))
FORCED_DAYS = (day("2026-03-20"), day("2026-06-25"), day("2026-09-24"))
"""Days of 强制注销 in batches, from 2026."""

FEWEST = 16
"""Enterprises in business besides the planted ones, in the smallest city."""


@dataclass(frozen=True)
class Census:
    """How many firms of each sort the base city gets."""

    in_business: int
    revoked: int
    deregistered: int
    cooperatives: int
    individuals: int


def census(enterprises: int, individual_businesses: float, planted: int) -> Census:
    """The counts for N enterprises in business, of which `planted` come from planted cases."""
    return Census(
        in_business=max(enterprises - planted, enterprises // 4, FEWEST),
        revoked=max(3, round(enterprises * config.REVOKED)),
        deregistered=round(enterprises * config.DEREGISTERED),
        cooperatives=max(2, round(enterprises * config.COOPERATIVES)),
        individuals=round(enterprises * individual_businesses),
    )


def capitals(rng: Rng, count: int) -> Floats:
    """Subscribed capital in yuan, by band and then by its usual values."""
    weights = [w * v / sum(x for _, x in usual) for w, usual in config.CAPITAL for _, v in usual]
    values = np.array([amount for _, usual in config.CAPITAL for amount, _ in usual])
    return np.asarray(values[choose(rng, weights, count)], dtype=np.float64)


def paid_in(rng: Rng, capital: Floats) -> Floats:
    """Paid-in capital as reported; NaN where it is not."""
    count = len(capital)
    parts = np.array([1.0, 0.5, 0.3, 0.2, 0.1])[choose(rng, (65, 12, 10, 8, 5), count)]
    paid = np.where(hits(rng, config.PAID_ZERO, count), 0.0, np.round(capital * parts, -2))
    return np.where(hits(rng, config.PAID_REPORTED, count), paid, np.nan)


def birthdays(rng: Rng, count: int) -> Ints:
    """Founding days of firms in business."""
    band = choose(rng, [w for _, _, w in config.AGES], count)
    low = np.array([a for a, _, _ in config.AGES])[band]
    high = np.array([b for _, b, _ in config.AGES])[band] - 1
    inside = rng.random(count)
    old = band == len(config.AGES) - 1
    age = low + np.where(old, inside**1.8, inside) * (high - low)
    return workdays(AS_OF - age.astype(np.int64), AS_OF)


def lifetimes(rng: Rng, count: int) -> Ints:
    """Days that a deregistered firm lived, from the chances of each year of life."""
    chance = np.array(config.EXIT_BY_YEAR) / 100
    alive = np.cumprod(np.concatenate([[1.0], 1 - chance[:-1]]))
    year = choose(rng, alive * chance, count)
    return ((year + rng.random(count)) * 365.25).astype(np.int64) + 40


def _kinds(rng: Rng, counts: Census) -> Ints:
    enterprises = counts.in_business + counts.revoked + counts.deregistered
    return np.concatenate(
        [
            choose(rng, config.TYPE_WEIGHTS, enterprises),
            np.full(counts.cooperatives, config.COOPERATIVE),
            np.full(counts.individuals, config.INDIVIDUAL),
        ]
    )


def _lives(rng: Rng, counts: Census) -> tuple[Ints, Ints, Ints]:
    """Founding, deregistration and revocation days of all firms of the census, in its order."""
    alive = birthdays(rng, counts.in_business)
    recent = choose(rng, (1, 1, 1, 1, 1, 2, 3, 3, 3, 3), counts.revoked)
    revoked = np.array(REVOCATION_DAYS)[recent]
    revoked_born = workdays(revoked - between(rng, 900, 4500, counts.revoked), AS_OF)
    gone = AS_OF - (rng.random(counts.deregistered) ** 1.3 * 3640).astype(np.int64)
    forced = np.array(FORCED_DAYS)[choose(rng, (1, 1, 1), counts.deregistered)]
    gone = np.where((gone > day("2026-01-01")) & hits(rng, 0.25, len(gone)), forced, workdays(gone, AS_OF))
    gone_born = workdays(gone - lifetimes(rng, counts.deregistered), AS_OF)
    others = birthdays(rng, counts.cooperatives + counts.individuals)
    founded = np.concatenate([alive, revoked_born, gone_born, others])
    closed = np.full(len(founded), NEVER)
    first = counts.in_business + counts.revoked
    closed[first : first + counts.deregistered] = gone
    revoked_on = np.full(len(founded), NEVER)
    revoked_on[counts.in_business : first] = revoked
    return founded, closed, revoked_on


def base_firms(seed: int, counts: Census) -> Firms:
    """All firms of the base city: in business, revoked, deregistered, cooperatives, individual businesses."""
    rng = stream(seed, "firms")
    kind = _kinds(rng, counts)
    size = len(kind)
    founded, closed, revoked = _lives(rng, counts)
    small = kind == config.INDIVIDUAL
    industry = np.where(
        small,
        choose(rng, config.INDIVIDUAL_INDUSTRY_WEIGHTS, size),
        choose(rng, config.INDUSTRY_WEIGHTS, size),
    )
    industry = np.where(kind == config.COOPERATIVE, config.INDUSTRIES.index("A"), industry)
    capital = capitals(rng, size)
    capital = np.where(
        small, np.array([1e4, 2e4, 3e4, 5e4, 1e5])[choose(rng, (2, 2, 3, 4, 3), size)], capital
    )
    capital = np.where(kind == config.BRANCH, 0.0, capital)
    paid = np.where(small | (kind == config.BRANCH), np.nan, paid_in(rng, capital))
    return Firms(
        kind=kind,
        district=choose(rng, [w for _, _, w in config.DISTRICTS], size),
        industry=industry,
        capital=capital,
        paid=paid,
        founded=founded,
        closed=closed,
        revoked=revoked,
        phone=np.arange(size, dtype=np.int64),
        street=choose(rng, np.ones(len(syllables.STREETS)), size),
        number=between(rng, 1, 420, size),
        room=np.where(hits(rng, 0.7, size), between(rng, 1, 4000, size), 0),
    )
