"""The arrays that hold the city while it is made: one place per firm, person, holding, post or event."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np

from loaders.city.columns import Column
from loaders.city.streams import NEVER, Bools, Floats, Ints

T = TypeVar("T")
PERSON, FIRM, AWAY = 0, 1, 2
"""What owns a stake: a person, a firm of the city, an organisation registered elsewhere."""


@dataclass
class Firms:
    """One place per firm, individual business or cooperative. Days count from 1970-01-01; amounts are yuan."""

    kind: Ints
    district: Ints
    industry: Ints
    capital: Floats
    paid: Floats
    founded: Ints
    closed: Ints
    revoked: Ints
    phone: Ints
    street: Ints
    number: Ints
    room: Ints

    def __len__(self) -> int:
        return len(self.kind)

    def in_business(self, day: int) -> Bools:
        """Founded by that day and neither deregistered nor revoked then."""
        return (self.founded <= day) & (self.closed > day) & (self.revoked > day)


@dataclass
class Holds:
    """One place per holding: `kind` says what `owner` counts in; `percent` and amounts of the firm's capital."""

    kind: Ints
    owner: Ints
    firm: Ints
    percent: Floats
    since: Ints
    until: Ints


@dataclass
class Posts:
    """One place per post of a person in a firm; `post` is an index of POSTS."""

    firm: Ints
    person: Ints
    post: Ints
    since: Ints
    until: Ints


@dataclass
class Links:
    """Guarantees or branches: from one firm to another, with an amount."""

    source: Ints
    target: Ints
    amount: Floats
    since: Ints
    until: Ints


@dataclass
class Events:
    """One place per record of one kind; `value` an amount, `code` a cause, ground or side.

    `end` is the day its term runs out, `exit` the day it was ended otherwise (`how`: 0 not, 1 repaired or done,
    2 revoked, 3 closed without result); both NEVER while open.
    """

    firm: Ints
    start: Ints
    end: Ints
    value: Floats
    code: Ints
    exit: Ints
    how: Ints

    def in_force(self, day: int) -> Bools:
        """Begun by that day, not over, and not revoked."""
        found: Bools = (self.start <= day) & (np.minimum(self.end, self.exit) > day) & (self.how != 2)
        return found


POSTS = ("法定代表人", "执行董事", "董事长", "董事", "监事", "经理", "总经理", "财务负责人")
REPRESENTATIVE, EXECUTIVE, CHAIR, DIRECTOR, SUPERVISOR, MANAGER, GENERAL, FINANCE = range(8)


def stack(tables: list[T]) -> T:
    """Several tables of one kind as one, in order."""
    columns = {f.name: np.concatenate([getattr(t, f.name) for t in tables]) for f in fields(tables[0])}  # type: ignore[arg-type]
    return type(tables[0])(**columns)


def rows(table: T, where: Bools | Ints) -> T:
    """The chosen places of a table."""
    return type(table)(**{f.name: getattr(table, f.name)[where] for f in fields(table)})  # type: ignore[arg-type]


def holds(kind: int, owner: Ints, firm: Ints, percent: Floats, since: Ints) -> Holds:
    """Holdings that still stand."""
    count = len(firm)
    return Holds(np.full(count, kind), owner, firm, percent, since, np.full(count, NEVER))


def posts(firm: Ints, person: Ints, post: int, since: Ints) -> Posts:
    """Posts that are still held."""
    return Posts(firm, person, np.full(len(firm), post), since, np.full(len(firm), NEVER))


def events(firm: Ints, start: Ints, code: Ints | None = None, value: Floats | None = None) -> Events:
    """Open records."""
    count = len(firm)
    never = np.full(count, NEVER)
    nothing = np.zeros(count, dtype=np.int64)
    amount = np.zeros(count) if value is None else value
    return Events(firm, start, never, amount, nothing if code is None else code, never.copy(), nothing.copy())


class Crowd:
    """Hands out numbers of persons."""

    def __init__(self) -> None:
        self.size = 0

    def more(self, count: int) -> Ints:
        """The next `count` new persons."""
        first, self.size = self.size, self.size + count
        return np.arange(first, self.size, dtype=np.int64)


@dataclass
class Society:
    """Who stands behind the firms: leader and representative of each, holdings, posts, heads of branches."""

    leader: Ints
    representative: Ints
    represents_since: Ints
    holds: Holds
    posts: Posts
    head: Ints
    """The head firm of a branch, -1 for none, and below that -2 - organisation elsewhere."""
    parent: Ints
    """The majority or first holding firm of the city above each firm, -1 for none."""


@dataclass
class Texts:
    """What names and numbers read, one place per firm, person or organisation elsewhere."""

    firm: Column
    code: Column
    registration: Column
    person: Column
    citizen: Column
    away: Column
    away_code: Column


@dataclass
class World:
    """The finished city."""

    seed: int
    enterprises: int
    firms: Firms
    society: Society
    texts: Texts
    guarantees: Links
    base_firms: int
    """Firms from this one on are planted."""
    base_persons: int
