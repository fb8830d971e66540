"""Names of firms and persons, addresses and telephones, as Arrow columns."""

from __future__ import annotations

import numpy as np

from loaders.city import config
from loaders.city import syllables as words
from loaders.city.columns import Column, either, joined, numbered, picked
from loaders.city.streams import Ints, Rng, choose, hits, rank_within

SHOP_CHARS = list(words.SHOP)
SURNAMES = [*words.SURNAMES, *words.DOUBLE_SURNAMES]
SURNAME_WEIGHTS = np.concatenate([100 / (np.arange(len(words.SURNAMES)) + 8.0), np.full(5, 0.15)])
GIVEN_CHARS = list(dict.fromkeys(words.GIVEN))


def person_names(rng: Rng, count: int) -> tuple[Ints, Ints]:
    """Surname and given-name indices; about NAMESAKES of the persons bear a full name that others bear too.

    Given names below len(COMMON_GIVEN) are common ones, the rest are pairs of characters handed out one by
    one within each surname.
    """
    surname = choose(rng, SURNAME_WEIGHTS, count)
    pairs = len(GIVEN_CHARS) ** 2
    given = len(words.COMMON_GIVEN) + (rank_within(surname) * 7919 + 31 * surname) % pairs
    common = hits(rng, config.NAMESAKES * 1.12, count)
    pool = max(2, int(count * config.NAMESAKES / 5))
    slot = (rng.random(count) ** 1.6 * pool).astype(np.int64)
    spread = len(words.COMMON_GIVEN) if pool < 3000 else len(words.COMMON_GIVEN) + pool // 40
    shared_surname = slot % (len(SURNAMES) - 5)
    shared_given = (slot // (len(SURNAMES) - 5)) % spread
    return np.where(common, shared_surname, surname), np.where(common, shared_given, given)


def person_texts(surname: Ints, given: Ints) -> Column:
    """Full names of persons."""
    base = len(words.COMMON_GIVEN)
    pair = np.maximum(given - base, 0)
    chars = len(GIVEN_CHARS)
    two = joined(picked(GIVEN_CHARS, pair // chars), picked(GIVEN_CHARS, pair % chars))
    one = picked(words.COMMON_GIVEN, np.minimum(given, base - 1))
    return joined(picked(SURNAMES, surname), either(given < base, one, two))


def shop_names(rng: Rng, group: Ints) -> Column:
    """Shop names, no two alike within one group (same place, same word)."""
    size = len(SHOP_CHARS)
    offset = int(rng.integers(size**2))
    rank = rank_within(group)
    two = (rank * 4409 + offset + group * 977) % size**2
    text = joined(picked(SHOP_CHARS, two // size), picked(SHOP_CHARS, two % size))
    third = joined(text, picked(SHOP_CHARS, (rank // size**2 + group) % size))
    return either(rank < size**2, text, third)


def _word_index(industry: Ints, rng: Rng, table: dict[str, str], other: str) -> tuple[list[str], Ints]:
    """The flat list of words of all sections, and one index into it per firm."""
    flat: list[str] = []
    starts, sizes = [], []
    for letter in config.INDUSTRIES:
        own = table.get(letter, other).split()
        starts.append(len(flat))
        sizes.append(len(own))
        flat.extend(own)
    start, size = np.array(starts)[industry], np.array(sizes)[industry]
    return flat, start + (rng.random(len(industry)) ** 1.3 * size).astype(np.int64)


PREFIXES = ["三门峡市", "三门峡", *(name for _, name, _ in config.DISTRICTS[:6]), "河南"]
FORMS = ["有限公司", "有限责任公司", "股份有限公司", "（有限合伙）", "厂", "经营中心", "", "专业合作社"]


def firm_names(rng: Rng, kind: Ints, industry: Ints, district: Ints) -> Column:
    """Names of enterprises, individual businesses and cooperatives; `kind` is the index of TYPE_NAMES."""
    count = len(kind)
    flat, word = _word_index(industry, rng, words.WORDS, "服务")
    stalls, stall = _word_index(industry, rng, words.STALLS, words.STALLS_OTHER)
    individual, cooperative = kind == config.INDIVIDUAL, kind == config.COOPERATIVE
    own = np.where(district < 6, 2 + district, 0)
    prefix = np.where(hits(rng, 0.4, count), own, choose(rng, (30, 65, 5), count))
    prefix = np.where(prefix == 2, np.where(district == 0, 2, 8), prefix)
    prefix = np.where(individual | cooperative, own, prefix)
    form = np.where(hits(rng, 0.12, count), 1, 0)
    for type_index, replacement in ((config.STOCK, 2), (config.PARTNERSHIP, 3), (config.SOLE, 4)):
        form = np.where(kind == type_index, replacement, form)
    form = np.where((kind == config.SOLE) & hits(rng, 0.6, count), 5, form)
    form = np.where(individual, 6, np.where(cooperative, 7, form))
    group = ((prefix * 2 + individual) * 400 + np.where(individual, stall, word)) * 10 + np.maximum(form, 1)
    shop = shop_names(rng, group)
    trade = either(individual, picked(stalls, stall), picked(flat, word))
    trade = either(cooperative, picked(["种植", "养殖", "果蔬种植", "农机服务"], word % 4), trade)
    return joined(picked(PREFIXES, prefix), shop, trade, picked(FORMS, form))


def address_texts(district: Ints, street: Ints, number: Ints, room: Ints) -> Column:
    """Addresses; room 0 means none."""
    areas = ["河南省三门峡市" + (n if c != 411200 else "经济开发区") for c, n, _ in config.DISTRICTS]
    unit = joined(numbered(1 + room % 4), "单元", numbered(101 + room // 4), "室")
    tail = either(room > 0, unit, "")
    return joined(picked(areas, district), picked(words.STREETS, street), numbered(number), "号", tail)


def away_names(rng: Rng, count: int) -> tuple[Column, Ints]:
    """Names and divisions of organisations registered elsewhere."""
    town = choose(rng, np.ones(len(words.AWAY)), count)
    word = choose(rng, np.ones(len(words.AWAY_WORDS)), count)
    form = choose(rng, (80, 12, 8), count)
    shop = shop_names(rng, town * 100 + word * 4 + form)
    towns = picked([name for name, _ in words.AWAY], town)
    forms = picked(["有限公司", "股份有限公司", "合伙企业（有限合伙）"], form)
    division = np.array([code for _, code in words.AWAY], dtype=np.int64)[town]
    return joined(towns, shop, picked(words.AWAY_WORDS, word), forms), division
