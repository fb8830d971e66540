"""Put the people behind the firms together, and give everyone a name and a number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loaders.city import codes, config, names, people
from loaders.city.columns import Column, any_of, as_column, at, chained, either, joined, picked
from loaders.city.families import COMPANY_KINDS, Families, families
from loaders.city.ownership import GOVERNMENT, ownership
from loaders.city.streams import NEVER, Bools, Ints, Rng, between, hits, rank_within, stream
from loaders.city.world import AWAY, PERSON, Crowd, Firms, Links, Society, Texts


def _heads(rng: Rng, firms: Firms, known: Families) -> Ints:
    """The head firm of each branch: one of the city, or an organisation elsewhere (-2 - its number)."""
    head = np.full(len(firms), -1)
    branch = np.flatnonzero(firms.kind == config.BRANCH)
    company = np.flatnonzero(np.isin(firms.kind, COMPANY_KINDS) & firms.in_business(config.AS_OF))
    local = company[between(rng, 0, len(company) - 1, len(branch))]
    outside = known.away[branch] >= 0
    head[branch] = np.where(outside, -2 - GOVERNMENT - np.maximum(known.away[branch], 0), local)
    return head


def _compact(society: Society) -> int:
    """Number the persons who occur anew without gaps; returns how many there are."""
    own = society.holds.kind == PERSON
    used = [society.representative, society.holds.owner[own], society.posts.person, society.leader]
    everyone, numbers = np.unique(np.concatenate(used), return_inverse=True)
    edges = np.cumsum([len(u) for u in used])
    society.representative = numbers[: edges[0]]
    society.holds.owner[own] = numbers[edges[0] : edges[1]]
    society.posts.person = numbers[edges[1] : edges[2]]
    society.leader = numbers[edges[2] :]
    return len(everyone)


def settle(seed: int, firms: Firms) -> tuple[Society, Families, int]:
    """Leaders, holders, posts and heads of branches of all base firms, and how many persons there are."""
    crowd = Crowd()
    known = families(seed, firms, crowd)
    stakes = ownership(seed, firms, known, crowd)
    representative, since, boards = people.staff(seed, firms, known, crowd)
    head = _heads(stream(seed, "heads"), firms, known)
    society = Society(known.leader.copy(), representative, since, stakes, boards, head, known.parent)
    return society, known, _compact(society)


def guarantees(seed: int, firms: Firms, known: Families) -> Links:
    """Guarantees between companies: half of them inside a family."""
    rng = stream(seed, "guarantees")
    company = np.flatnonzero(np.isin(firms.kind, COMPANY_KINDS) & (firms.founded < config.AS_OF - 400))
    source = company[hits(rng, 0.012, len(company))]
    sister = known.first[source]
    anyone = company[between(rng, 0, len(company) - 1, len(source))]
    target = np.where((sister != source) & np.isin(firms.kind[sister], COMPANY_KINDS), sister, anyone)
    low = np.maximum(np.maximum(firms.founded[source], firms.founded[target]) + 60, config.AS_OF - 2600)
    last = np.minimum(np.minimum(firms.closed[source], firms.closed[target]), config.AS_OF) - 30
    keep = (low < last) & (source != target)
    source, target, low, last = source[keep], target[keep], low[keep], last[keep]
    since = between(rng, low, last, len(source))
    amount = np.array([1e6, 2e6, 3e6, 5e6, 8e6, 1e7, 2e7])[between(rng, 0, 6, len(source))]
    until = np.where(hits(rng, 0.75, len(source)), since + 365 * between(rng, 1, 3, len(source)), NEVER)
    return Links(source, target, amount, since, until)


def _firm_codes(seed: int, firms: Firms) -> tuple[Column, Column]:
    """USCC (missing for some old firms that are gone) and registration numbers (for some)."""
    rng = stream(seed, "codes")
    count = len(firms)
    division = np.array([c for c, _, _ in config.DISTRICTS])[firms.district]
    old = firms.founded < 16709
    organisation = codes.organisation_codes(np.arange(count), ~old, int(rng.integers(10**7)))
    category = np.where(firms.kind == config.INDIVIDUAL, 2, np.where(firms.kind == config.COOPERATIVE, 3, 1))
    code = codes.to_text(codes.uscc(category, division, organisation))
    gone = (firms.closed < NEVER) | (firms.revoked < NEVER)
    bare = old & gone & hits(rng, 0.06, count)
    sequence = codes.scattered(np.arange(count), 29_999_999, 1_234_577, int(rng.integers(10**6)))
    sequence = np.where(firms.kind == config.INDIVIDUAL, 60_000_000 + sequence, sequence)
    registration = codes.to_text(codes.registration_numbers(division, sequence))
    missing = ~(bare | (old & hits(rng, 0.7, count)))
    return _blank(code, bare), _blank(registration, missing)


def _blank(column: Column, where: Bools) -> Column:
    return at(column, np.arange(len(where)), known=~where)


def _away(seed: int, count: int) -> tuple[Column, Column]:
    """Names and codes of organisations elsewhere; the first are the state-asset bodies of the districts."""
    rng = stream(seed, "away")
    name, division = names.away_names(rng, count)
    organisation = codes.organisation_codes(np.arange(count), hits(rng, 0.6, count), 555_000_111)
    code = codes.to_text(codes.uscc(np.ones(count, dtype=np.int64), division, organisation))
    bodies = [
        f"{'三门峡' if c == 411200 else n}{'市财政局' if c == 411200 else '财政局'}"
        for c, n, _ in config.DISTRICTS
    ]
    name = chained(as_column(bodies), name.slice(GOVERNMENT))
    unknown = hits(rng, 0.25, count)
    unknown[:GOVERNMENT] = True
    return name, _blank(code, unknown)


@dataclass(frozen=True)
class Inhabitants:
    """How many persons there are, the birth years of some, and the names of firms that are spoken for."""

    persons: int
    born: dict[int, int]
    taken: frozenset[str]


def base_texts(seed: int, firms: Firms, society: Society, crowd: Inhabitants) -> Texts:
    """Names and numbers of everyone, planted firms and persons among them."""
    rng = stream(seed, "names")
    table = society.holds
    outside = int(max(table.owner[table.kind == AWAY].max(initial=0), (-2 - society.head).max(initial=0))) + 1
    away, away_code = _away(seed, max(outside, GOVERNMENT + 1))
    firm = _apart(names.firm_names(rng, firms.kind, firms.industry, firms.district), crowd.taken)
    firm = _branch_names(firm, away, firms, society)
    code, registration = _firm_codes(seed, firms)
    person, citizen = people.person_texts(seed, crowd.persons, crowd.born)
    return Texts(firm, code, registration, person, citizen, away, away_code)


def _apart(firm: Column, taken: frozenset[str]) -> Column:
    """The names, none of them one that is spoken for."""
    same = any_of(firm, sorted(taken))
    return either(same, joined("河南", firm), firm)


def _branch_names(firm: Column, away: Column, firms: Firms, society: Society) -> Column:
    """A branch is called after its head, its place and a number where others are."""
    branch = np.flatnonzero(society.head != -1)
    head = society.head[branch]
    everyone = chained(firm, away)
    place = np.where(head >= 0, head, len(firm) - 2 - head)
    areas = [n[:2] if c != 411200 else "三门峡" for c, n, _ in config.DISTRICTS]
    number = rank_within(place * 10 + firms.district[branch])
    ordinal = as_column([f"第{n + 1}" if n else "" for n in number.tolist()])
    text = joined(at(everyone, place), picked(areas, firms.district[branch]), ordinal, "分公司")
    index = np.arange(len(firm))
    index[branch] = len(firm) + np.arange(len(branch))
    return at(chained(firm, text), index)
