"""In a small city: some records of every kind, so that every feed is there and every list holds someone."""

from __future__ import annotations

import numpy as np

from loaders.city import config
from loaders.city.chronicle import LISTED, Chronicle
from loaders.city.config import AS_OF
from loaders.city.listing import DISHONEST, amounts, follow, years_later
from loaders.city.ordinary import KINDS
from loaders.city.streams import Ints, Rng, between
from loaders.city.world import Events, Firms, events


def _record(rng: Rng, kind: str, firm: Ints) -> Events:
    """Recent records of a kind, in force."""
    start = AS_OF - between(rng, 30, 360, len(firm))
    record = events(firm, start, np.ones(len(firm), dtype=np.int64), amounts(rng, len(firm), 300_000))
    term = 2 if kind == DISHONEST else 3
    record.end = years_later(start, term) + 1 if kind in (*LISTED, "administrative_penalty") else record.end
    return record


def at_least(rng: Rng, firms: Firms, past: Chronicle, least: tuple[int, int]) -> Ints:
    """Add records until so many firms have one of each kind, in force; returns the firms that were put on a list.

    `least` is how many, and how many firms (the first ones) may be struck.
    """
    wanted, among = least
    pool = np.flatnonzero(
        (firms.kind < config.BRANCH) & firms.in_business(AS_OF) & (firms.founded < AS_OF - 500)
    )
    pool = pool[pool < among]
    struck = [np.zeros(0, dtype=np.int64)]
    for kind in (*LISTED, *KINDS):
        missing = wanted - len(np.unique(past.of(kind).firm[past.of(kind).in_force(AS_OF)]))
        firm = rng.permutation(pool)[: max(missing, 0)]
        record = _record(rng, kind, firm)
        past.add(kind, record)
        if kind in LISTED:
            struck.append(firm)
        if kind == DISHONEST:
            follow(rng, past, record, firms.founded[firm], 0)
    return np.concatenate(struck)
