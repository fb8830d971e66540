"""Persons: representatives and managers of firms, their names and citizen numbers."""

from __future__ import annotations

import numpy as np

from loaders.city import codes, config, names
from loaders.city.columns import Column
from loaders.city.config import AS_OF
from loaders.city.families import COMPANY_KINDS, Families
from loaders.city.streams import Ints, Rng, between, choose, hits, rank_within, stream
from loaders.city.world import (
    CHAIR,
    EXECUTIVE,
    FINANCE,
    MANAGER,
    REPRESENTATIVE,
    SUPERVISOR,
    Crowd,
    Firms,
    Posts,
    posts,
    stack,
)


def representatives(rng: Rng, firms: Firms, families: Families, crowd: Crowd) -> Ints:
    """The person who represents each firm: mostly its leader."""
    count = len(firms)
    below = families.parent >= 0
    own = np.where(below, 0.55, np.where(firms.kind == config.BRANCH, 0.15, 0.90))
    own = np.where(firms.kind >= config.INDIVIDUAL, 1.0, own)
    other = np.where(hits(rng, 0.3, count), families.partner, crowd.more(count))
    return np.where(hits(rng, own, count), families.leader, other)


def changes_of_representative(rng: Rng, firms: Firms, families: Families, crowd: Crowd) -> tuple[Ints, Posts]:
    """Since when each firm has its representative, and the former ones, some of whom lead other firms."""
    last = np.minimum(np.minimum(firms.closed, firms.revoked), AS_OF) - 5
    first = np.maximum(firms.founded + 150, AS_OF - 3700)
    chance = np.where(firms.kind < config.INDIVIDUAL, 0.025 * np.maximum(last - first, 0) / 365, 0.0)
    changed = np.flatnonzero(hits(rng, chance, len(firms)) & (last > first))
    when = between(rng, first[changed], last[changed], len(changed))
    since = firms.founded.copy()
    since[changed] = when
    elsewhere = families.leader[between(rng, 0, len(firms) - 1, len(changed))]
    who = np.where(hits(rng, 0.3, len(changed)), elsewhere, crowd.more(len(changed)))
    former = posts(changed, who, REPRESENTATIVE, firms.founded[changed])
    former.until = when
    return since, former


def _board(rng: Rng, firms: Firms, families: Families, representative: Ints, crowd: Crowd) -> list[Posts]:
    """Executive director, manager, supervisor and now and then a head of finance of each company."""
    company = np.flatnonzero(np.isin(firms.kind, COMPANY_KINDS))
    count, since = len(company), firms.founded[company]
    partner, boss = families.partner[company], representative[company]
    chair = hits(rng, 0.15, count)
    manager = np.where(
        hits(rng, 0.6, count), boss, np.where(hits(rng, 0.4, count), partner, crowd.more(count))
    )
    keeper = np.where(hits(rng, 0.55, count), partner, crowd.more(count))
    fellow = families.leader[between(rng, 0, len(firms) - 1, count)]
    keeper = np.where(hits(rng, 0.03, count), fellow, keeper)
    keeper = np.where(keeper == boss, crowd.more(count), keeper)
    finance = np.flatnonzero(hits(rng, 0.35, count))
    clerks = crowd.more(max(2, len(finance) // 30))
    clerk = clerks[between(rng, 0, len(clerks) - 1, len(finance))]
    clerk = np.where(hits(rng, 0.35, len(finance)), clerk, crowd.more(len(finance)))
    return [
        posts(company[~chair], boss[~chair], EXECUTIVE, since[~chair]),
        posts(company[chair], boss[chair], CHAIR, since[chair]),
        posts(company, manager, MANAGER, since),
        posts(company, keeper, SUPERVISOR, since),
        posts(company[finance], clerk, FINANCE, since[finance]),
    ]


def _former_posts(rng: Rng, table: Posts, firms: Firms, crowd: Crowd) -> Posts:
    """Former bearers of some posts; the present one then starts when they left."""
    last = np.minimum(np.minimum(firms.closed, firms.revoked)[table.firm], AS_OF) - 5
    moved = np.flatnonzero(hits(rng, 0.06, len(table.firm)) & (last - table.since > 300))
    left = between(rng, np.maximum(table.since[moved] + 100, AS_OF - 3700), last[moved], len(moved))
    former = Posts(table.firm[moved], crowd.more(len(moved)), table.post[moved], table.since[moved], left)
    table.since[moved] = left
    return former


def staff(seed: int, firms: Firms, families: Families, crowd: Crowd) -> tuple[Ints, Ints, Posts]:
    """Representative of each firm, since when, and all posts (former representatives among them)."""
    rng = stream(seed, "people")
    representative = representatives(rng, firms, families, crowd)
    since, former = changes_of_representative(rng, firms, families, crowd)
    board = stack(_board(rng, firms, families, representative, crowd))
    boss = np.isin(board.post, (EXECUTIVE, CHAIR))
    board.since = np.where(boss, since[board.firm], board.since)
    return representative, since, stack([board, _former_posts(rng, board, firms, crowd), former])


def _birthdays(rng: Rng, count: int) -> Ints:
    """Birthdays as numbers YYYYMMDD, of people between 20 and 75."""
    age = np.array([22, 28, 33, 38, 43, 48, 53, 58, 64, 70])[
        choose(rng, (3, 9, 15, 18, 17, 15, 11, 7, 4, 1), count)
    ]
    year = 2026 - age - between(rng, -2, 2, count)
    return year * 10000 + between(rng, 1, 12, count) * 100 + between(rng, 1, 28, count)


def person_texts(seed: int, count: int, born: dict[int, int]) -> tuple[Column, Column]:
    """Names and citizen numbers (18 characters, valid, no two alike) of `count` persons, some with their birth year."""
    rng = stream(seed, "persons")
    surname, given = names.person_names(rng, count)
    home = np.array([code for code, _, _ in config.DISTRICTS] + [411222, 411223, 410311, 410522, 610528])
    division = home[choose(rng, (20, 12, 2, 13, 10, 7, 3, 14, 14, 2, 2, 1), count)]
    birth = _birthdays(rng, count)
    aged = np.array(list(born), dtype=np.int64)
    birth[aged] = np.array(list(born.values()), dtype=np.int64) * 10_000 + birth[aged] % 10_000
    sequence = _sequences(division, birth)
    return names.person_texts(surname, given), codes.to_text(codes.citizen_numbers(division, birth, sequence))


def _sequences(division: Ints, birth: Ints) -> Ints:
    """Sequence numbers 0..999 such that no two persons of one place and birthday share one."""
    key = division * 10**8 + birth
    return np.asarray((key * 7 + rank_within(key) * 373) % 1000, dtype=np.int64)
