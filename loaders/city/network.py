"""Who is connected to whom at a moment, as counts per firm: what a listing depends on besides the firm itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loaders.city.streams import NEVER, Floats, Ints, tally
from loaders.city.world import FIRM, PERSON, REPRESENTATIVE, Firms, Links, Society

HUB = 10
"""Telephones with more firms than this say nothing."""


@dataclass(frozen=True)
class Incidence:
    """Persons in firms, with the days between which they were representative or holder."""

    person: Ints
    firm: Ints
    since: Ints
    until: Ints


def incidence(firms: Firms, society: Society) -> Incidence:
    """Representatives (present and former) and holders of all firms."""
    own = society.holds.kind == PERSON
    past = society.posts.post == REPRESENTATIVE
    count = len(firms)
    return Incidence(
        np.concatenate([society.representative, society.holds.owner[own], society.posts.person[past]]),
        np.concatenate([np.arange(count), society.holds.firm[own], society.posts.firm[past]]),
        np.concatenate([society.represents_since, society.holds.since[own], society.posts.since[past]]),
        np.concatenate([np.full(count, NEVER), society.holds.until[own], society.posts.until[past]]),
    )


def by_people(links: Incidence, listed: Floats, day: int) -> tuple[Floats, Floats]:
    """Per firm: listed firms met through persons in both now, and through persons who were in one of them."""
    size, people = len(listed), int(links.person.max()) + 1
    now = (links.since <= day) & (links.until > day)
    before = links.until <= day
    here = links.person[now], links.firm[now]
    listed_now = tally(here[0], people, listed[here[1]])
    met = tally(here[1], size, listed_now[here[0]] - listed[here[1]])
    listed_before = tally(links.person[before], people, listed[links.firm[before]])
    gone = tally(links.firm[before], size, listed_now[links.person[before]])
    return met, gone + tally(here[1], size, listed_before[here[0]])


def by_phone(firms: Firms, listed: Floats) -> Floats:
    """Per firm: listed firms with the same telephone, hubs left out."""
    size = int(firms.phone.max()) + 1
    crowd, marked = tally(firms.phone, size), tally(firms.phone, size, listed)
    return np.where(crowd[firms.phone] <= HUB, marked[firms.phone] - listed, 0.0)


def by_stakes(society: Society, listed: Floats, day: int) -> Floats:
    """Per firm: listed firms that it holds or that hold it."""
    table = society.holds
    now = (table.kind == FIRM) & (table.since <= day) & (table.until > day)
    owner, owned = table.owner[now], table.firm[now]
    size = len(listed)
    return tally(owned, size, listed[owner]) + tally(owner, size, listed[owned])


def by_guarantees(guarantees: Links, listed: Floats, day: int) -> Floats:
    """Per firm: listed firms that it guarantees for or that guarantee for it."""
    now = (guarantees.since <= day) & (guarantees.until > day)
    source, target = guarantees.source[now], guarantees.target[now]
    size = len(listed)
    return tally(target, size, listed[source]) + tally(source, size, listed[target])


def controllers(firms: Firms, society: Society, day: int) -> Ints:
    """On a day the last holder of more than half above each firm, persons as numbers, firms above all persons; -1 none."""
    table = society.holds
    major = (table.percent > 50) & (table.since <= day) & (table.until > day) & (table.kind <= FIRM)
    above = np.full(len(firms), -1)
    above[table.firm[major & (table.kind == PERSON)]] = table.owner[major & (table.kind == PERSON)]
    people = int(max(society.representative.max(), table.owner.max(), society.leader.max())) + 1
    parent = np.full(len(firms), -1)
    chosen = major & (table.kind == FIRM) & (table.owner != table.firm)
    parent[table.firm[chosen]] = table.owner[chosen]
    result = above.copy()
    for _ in range(14):
        top = np.where(parent >= 0, np.where(result[parent] >= 0, result[parent], people + parent), result)
        result = np.where(parent >= 0, top, above)
    return result


def by_controller(controller: Ints, recent: Floats) -> Floats:
    """Per firm: other firms of the same controller that were listed lately."""
    known = controller >= 0
    size = int(controller.max()) + 2
    marked = tally(np.where(known, controller, size - 1), size, recent)
    return np.where(known, marked[controller] - recent, 0.0)
