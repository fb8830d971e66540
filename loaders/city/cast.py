"""A cast of planted firms and persons, put together one by one and then merged into the city's arrays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from loaders.city import config
from loaders.city.chronicle import Chronicle
from loaders.city.streams import NEVER, Ints, Rng
from loaders.city.world import (
    AWAY,
    FIRM,
    PERSON,
    REPRESENTATIVE,
    Events,
    Firms,
    Holds,
    Links,
    Posts,
)


@dataclass(frozen=True)
class Role:
    """A planted firm as it shall be; what is None is drawn like that of any other firm."""

    name: str | None = None
    kind: int = config.LLC
    industry: str = "F"
    district: int = 0
    capital: float = 5_000_000.0
    paid: float = float("nan")
    founded: int = config.AS_OF - 2500
    closed: int = NEVER
    revoked: int = NEVER
    like: int | None = None
    """Another planted firm with the same telephone and yard."""
    head: int | None = None
    """Another planted firm whose branch it is."""
    quiet: bool = False
    """Nothing happens to it but what is planted."""


@dataclass(frozen=True)
class Case:
    """What a planted record says."""

    start: int
    end: int = NEVER
    value: float = 300_000.0
    code: int = 0


@dataclass
class Pattern:
    """A planted pattern with its members: kind of node and number."""

    kind: str
    members: list[tuple[int, int]]
    note: str


@dataclass
class Cast:
    """Planted firms, persons, stakes, posts, guarantees, records, changes and exits; numbers are its own."""

    rng: Rng
    roles: list[Role] = field(default_factory=list)
    places: list[tuple[int, int, int, int]] = field(default_factory=list)
    bosses: list[int] = field(default_factory=list)
    since: list[int] = field(default_factory=list)
    persons: list[tuple[str | None, int | None]] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    stakes: list[tuple[int, int, int, float, int, int]] = field(default_factory=list)
    posts: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    guarantees: list[tuple[int, int, float, int, int]] = field(default_factory=list)
    records: list[tuple[str, int, int, int, float, int]] = field(default_factory=list)
    changes: list[tuple[int, str, str, str, int]] = field(default_factory=list)
    exits: list[tuple[str, int, str, int]] = field(default_factory=list)
    patterns: list[Pattern] = field(default_factory=list)

    def person(self, name: str | None = None, born: int | None = None) -> int:
        """A new person; name and birth year as wished."""
        self.persons.append((name, born))
        return len(self.persons) - 1

    def firm(self, role: Role, boss: int | None = None) -> int:
        """A new firm with its representative (a new person unless given)."""
        index = len(self.roles)
        self.roles.append(role)
        if role.like is None:
            street, number, room = (int(self.rng.integers(n)) for n in (40, 400, 3000))
            self.places.append((10_000_000 + index, street, number + 1, room + 1))
        else:
            self.places.append(self.places[role.like])
        self.bosses.append(self.person() if boss is None else boss)
        self.since.append(role.founded)
        return index

    def hold(
        self, owner: tuple[int, int], firm: int, percent: float, since: int | None = None, until: int = NEVER
    ) -> None:
        """A stake; since the firm was founded unless told."""
        start = self.roles[firm].founded if since is None else since
        self.stakes.append((owner[0], owner[1], firm, percent, start, until))

    def away(self, name: str) -> int:
        """An organisation elsewhere."""
        self.outside.append(name)
        return len(self.outside) - 1

    def post(self, firm: int, person: int, post: int, since: int | None = None, until: int = NEVER) -> None:
        """A post in a firm."""
        self.posts.append((firm, person, post, self.roles[firm].founded if since is None else since, until))

    def new_boss(self, firm: int, person: int, day: int) -> None:
        """The representative changes on a day."""
        self.posts.append((firm, self.bosses[firm], REPRESENTATIVE, self.since[firm], day))
        self.bosses[firm], self.since[firm] = person, day

    def guarantee(self, source: int, target: int, amount: float, since: int, until: int = NEVER) -> None:
        """A guarantee of one planted firm for another."""
        self.guarantees.append((source, target, amount, since, until))

    def record(self, kind: str, firm: int, case: Case) -> None:
        """A record of a planted firm."""
        self.records.append((kind, firm, case.start, case.end, case.value, case.code))

    def pattern(self, kind: str, firms: list[int], note: str, persons: list[int] | None = None) -> None:
        """Tell the truth about a planted pattern."""
        people = [(PERSON, p) for p in persons or []]
        self.patterns.append(Pattern(kind, [(FIRM, f) for f in firms] + people, note))

    def in_business(self) -> int:
        """How many of its enterprises are in business."""
        return sum(
            r.closed == NEVER and r.revoked == NEVER and r.kind < config.INDIVIDUAL for r in self.roles
        )


def _column(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def cast_firms(cast: Cast) -> Firms:
    """The planted firms as arrays."""
    roles = cast.roles
    places = np.array(cast.places, dtype=np.int64).reshape(len(roles), 4)
    return Firms(
        kind=_column([r.kind for r in roles]),
        district=_column([r.district for r in roles]),
        industry=_column([config.INDUSTRIES.index(r.industry) for r in roles]),
        capital=np.array([r.capital for r in roles]),
        paid=np.array([r.paid for r in roles]),
        founded=_column([r.founded for r in roles]),
        closed=_column([r.closed for r in roles]),
        revoked=_column([r.revoked for r in roles]),
        phone=places[:, 0],
        street=places[:, 1],
        number=places[:, 2],
        room=places[:, 3],
    )


def cast_holds(cast: Cast, firms: int, persons: int, outside: int) -> Holds:
    """The planted stakes, numbered behind the base city."""
    kind = _column([s[0] for s in cast.stakes])
    shift = np.select([kind == FIRM, kind == PERSON, kind == AWAY], [firms, persons, outside])
    return Holds(
        kind,
        _column([s[1] for s in cast.stakes]) + shift,
        _column([s[2] for s in cast.stakes]) + firms,
        np.array([s[3] for s in cast.stakes], dtype=np.float64),
        _column([s[4] for s in cast.stakes]),
        _column([s[5] for s in cast.stakes]),
    )


def cast_posts(cast: Cast, firms: int, persons: int) -> Posts:
    """The planted posts, numbered behind the base city."""
    rows = np.array(cast.posts, dtype=np.int64).reshape(-1, 5)
    return Posts(rows[:, 0] + firms, rows[:, 1] + persons, rows[:, 2], rows[:, 3], rows[:, 4])


def cast_guarantees(cast: Cast, firms: int) -> Links:
    """The planted guarantees, numbered behind the base city."""
    rows = np.array([(a, b, s, u) for a, b, _, s, u in cast.guarantees], dtype=np.int64).reshape(-1, 4)
    amount = np.array([g[2] for g in cast.guarantees], dtype=np.float64)
    return Links(rows[:, 0] + firms, rows[:, 1] + firms, amount, rows[:, 2], rows[:, 3])


def cast_records(cast: Cast, past: Chronicle, firms: int) -> None:
    """Put the planted records into the chronicle."""
    for kind in sorted({r[0] for r in cast.records}):
        chosen = [r for r in cast.records if r[0] == kind]
        zero = np.zeros(len(chosen), dtype=np.int64)
        past.add(
            kind,
            Events(
                _column([r[1] for r in chosen]) + firms,
                _column([r[2] for r in chosen]),
                _column([r[3] for r in chosen]),
                np.array([r[4] for r in chosen]),
                _column([r[5] for r in chosen]),
                zero + NEVER,
                zero,
            ),
        )
