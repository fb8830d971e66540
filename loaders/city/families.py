"""Families of firms: one leading person behind several, and the firms that hold firms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loaders.city import config
from loaders.city.config import AS_OF
from loaders.city.streams import Bools, Ints, Rng, between, choose, hits, stream
from loaders.city.world import Crowd, Firms

COMPANY_KINDS = (config.LLC, config.NATURAL, config.LEGAL, config.STATE, config.STOCK, config.FOREIGN)


@dataclass
class Families:
    """Per firm its leader and that leader's usual partner; who holds it; whether it follows its parent."""

    leader: Ints
    partner: Ints
    parent: Ints
    away: Ints
    first: Ints
    """The first firm of the same leader (itself for the first)."""
    away_count: int


def family_sizes(rng: Rng, firms: int) -> Ints:
    """Sizes of families that sum to the number of firms."""
    band = choose(rng, [w for _, _, w in config.FAMILIES], firms)
    low = np.array([a for a, _, _ in config.FAMILIES])[band]
    high = np.array([b for _, b, _ in config.FAMILIES])[band]
    sizes = low + np.floor(rng.random(firms) ** 2 * (high - low + 1)).astype(np.int64)
    sizes = sizes[: int(np.searchsorted(np.cumsum(sizes), firms)) + 1]
    sizes[-1] -= int(sizes.sum()) - firms
    return np.asarray(sizes, dtype=np.int64)


def leaders(rng: Rng, firms: Firms, crowd: Crowd) -> Ints:
    """A leading person for every firm; the firms in business come in families, others join some of them."""
    enterprise = firms.kind < config.INDIVIDUAL
    alive = np.flatnonzero(enterprise & firms.in_business(AS_OF))
    rest = np.flatnonzero(~(enterprise & firms.in_business(AS_OF)))
    sizes = family_sizes(rng, len(alive))
    heads = crowd.more(len(sizes))
    leader = np.empty(len(firms), dtype=np.int64)
    leader[rng.permutation(alive)] = np.repeat(heads, sizes)
    leader[rest] = crowd.more(len(rest))
    former = hits(rng, np.where(firms.kind[rest] < config.INDIVIDUAL, 0.3, 0.01), len(rest))
    leader[rest[former]] = heads[between(rng, 0, len(heads) - 1, int(former.sum()))]
    return leader


def _held_by_firms(rng: Rng, firms: Firms) -> Bools:
    """Which firms have a firm among their holders."""
    llc = (firms.kind == config.LLC) | (firms.kind == config.STOCK)
    share = (config.LEGAL_HOLDER * 100 - config.TYPE_WEIGHTS[config.LEGAL] - 0.7) / config.TYPE_WEIGHTS[
        config.LLC
    ]
    found: Bools = (firms.kind == config.LEGAL) | (llc & hits(rng, share, len(firms)))
    return found


def _parents(rng: Rng, firms: Firms, held: Ints, root_pool: Ints) -> Ints:
    """A holding firm for each of `held`: an earlier one of them now and then, else one of the pool."""
    count = len(held)
    usable = np.isin(firms.kind[held], COMPANY_KINDS) & firms.in_business(AS_OF)[held]
    earlier = np.floor(rng.random(count) * np.arange(count)).astype(np.int64)
    chained = hits(rng, 0.30, count) & (np.arange(count) > 0) & usable[earlier]
    root = root_pool[np.floor(rng.random(count) ** 1.5 * len(root_pool)).astype(np.int64)]
    return np.where(chained, held[earlier], root)


def families(seed: int, firms: Firms, crowd: Crowd) -> Families:
    """Leaders, partners and holding firms of the whole base city."""
    rng = stream(seed, "families")
    leader = leaders(rng, firms, crowd)
    held_mask = _held_by_firms(rng, firms)
    outside = held_mask & (hits(rng, config.OUT_OF_TOWN, len(firms)))
    held = rng.permutation(np.flatnonzero(held_mask & ~outside))
    old = firms.in_business(AS_OF) & (firms.founded < AS_OF - 1500) & ~held_mask
    pool = rng.permutation(
        np.flatnonzero(old & ((firms.kind == config.LLC) | (firms.kind == config.NATURAL)))
    )
    parent = np.full(len(firms), -1)
    if len(pool):
        parent[held] = _parents(rng, firms, held, pool[: max(2, round(len(held) * 0.75))])
    follows = (parent >= 0) & hits(rng, 0.7, len(firms))
    for _ in range(12):
        leader = np.where(follows, leader[np.maximum(parent, 0)], leader)
    away_count = max(8, round(outside.sum() * 0.8))
    foreign = (firms.kind == config.FOREIGN) | (firms.kind == config.BRANCH) & hits(rng, 0.5, len(firms))
    away = np.where(outside | foreign, (rng.random(len(firms)) ** 1.4 * away_count).astype(np.int64), -1)
    partner_of = crowd.more(crowd.size)
    _, place, back = np.unique(leader, return_index=True, return_inverse=True)
    return Families(leader, partner_of[leader], parent, away, place[back].astype(np.int64), away_count)
