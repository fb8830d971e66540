"""Who holds what share of each company, now and before."""

from __future__ import annotations

import numpy as np

from loaders.city import config
from loaders.city.config import AS_OF
from loaders.city.families import Families
from loaders.city.streams import Ints, Rng, between, choose, hits, stream
from loaders.city.world import AWAY, FIRM, PERSON, Crowd, Firms, Holds, holds, stack

GOVERNMENT = 7
"""The first organisations elsewhere are the state-asset bodies of the districts."""


def _owner(rng: Rng, families: Families, firm: Ints, place: int, crowd: Crowd) -> tuple[Ints, Ints]:
    """Kind and number of the holder at a place of each firm's list of holders."""
    legal = (families.parent[firm] >= 0) | (families.away[firm] >= 0)
    shift = np.where(legal, place - 1, place)
    anyone = crowd.more(len(firm))
    fellow = families.leader[between(rng, 0, len(families.leader) - 1, len(firm))]
    anyone = np.where(hits(rng, 0.04, len(firm)), fellow, anyone)
    partner = np.where(hits(rng, 0.85, len(firm)), families.partner[firm], anyone)
    person = np.where(shift == 0, families.leader[firm], np.where(shift == 1, partner, anyone))
    inside = families.parent[firm] >= 0
    owner = np.where(
        shift >= 0, person, np.where(inside, families.parent[firm], GOVERNMENT + families.away[firm])
    )
    kind = np.where(shift >= 0, PERSON, np.where(inside, FIRM, AWAY))
    return kind, owner


def _shared(rng: Rng, firms: Firms, families: Families, crowd: Crowd) -> list[Holds]:
    """Holdings of firms with at least two holders."""
    several = np.flatnonzero(np.isin(firms.kind, (config.LLC, config.PARTNERSHIP, config.STOCK)))
    weights = [w for _, w in config.HOLDER_COUNTS]
    count = np.array([k for k, _ in config.HOLDER_COUNTS])[choose(rng, weights, len(several))]
    count = np.where(firms.kind[several] == config.STOCK, between(rng, 5, 8, len(several)), count)
    tables = []
    for holders in range(2, 9):
        group = several[count == holders]
        splits = config.SPLITS[holders]
        table = np.array([s for _, s in splits], dtype=np.float64)
        percent = table[choose(rng, [w for w, _ in splits], len(group))]
        for place in range(holders):
            kind, owner = _owner(rng, families, group, place, crowd)
            stake = holds(PERSON, owner, group, percent[:, place], firms.founded[group])
            stake.kind = kind
            tables.append(stake)
    return tables


def _sole(rng: Rng, firms: Firms, families: Families, crowd: Crowd) -> list[Holds]:
    """Holdings of firms with one holder: persons, firms, the state, foreigners."""
    natural = np.flatnonzero((firms.kind == config.NATURAL) | (firms.kind == config.SOLE))
    someone = np.where(hits(rng, 0.94, len(natural)), families.leader[natural], crowd.more(len(natural)))
    legal = np.flatnonzero(np.isin(firms.kind, (config.LEGAL, config.FOREIGN)))
    inside = families.parent[legal] >= 0
    holder = np.where(inside, families.parent[legal], GOVERNMENT + np.maximum(families.away[legal], 0))
    corporate = holds(AWAY, holder, legal, np.full(len(legal), 100.0), firms.founded[legal])
    corporate.kind = np.where(inside, FIRM, AWAY)
    state = np.flatnonzero(firms.kind == config.STATE)
    full = np.full(len(state), 100.0)
    return [
        holds(PERSON, someone, natural, np.full(len(natural), 100.0), firms.founded[natural]),
        corporate,
        holds(AWAY, firms.district[state], state, full, firms.founded[state]),
    ]


def _not_before(table: Holds, firms: Firms) -> None:
    """A firm holds nothing before it was founded."""
    born = firms.founded[np.where(table.kind == FIRM, table.owner, table.firm)]
    table.since = np.maximum(table.since, born)


def _former(rng: Rng, table: Holds, firms: Firms, crowd: Crowd) -> Holds:
    """Former holders of some stakes; the present holder's stake then starts when they left."""
    last = np.minimum(np.minimum(firms.closed, firms.revoked)[table.firm], AS_OF) - 5
    moved = np.flatnonzero(hits(rng, 0.055, len(table.firm)) & (last - table.since > 300))
    start = np.maximum(table.since[moved] + 120, AS_OF - 3700)
    left = between(rng, start, last[moved], len(moved))
    gone = holds(PERSON, crowd.more(len(moved)), table.firm[moved], table.percent[moved], table.since[moved])
    gone.until = left
    table.since[moved] = left
    return gone


def ownership(seed: int, firms: Firms, families: Families, crowd: Crowd) -> Holds:
    """All holdings of the base city, past ones included; the shares that stand in a firm sum to 100."""
    rng = stream(seed, "ownership")
    table = stack([*_shared(rng, firms, families, crowd), *_sole(rng, firms, families, crowd)])
    _not_before(table, firms)
    return stack([table, _former(rng, table, firms, crowd)])
