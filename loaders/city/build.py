"""Make the whole city in memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.city import codes, people, society
from loaders.city.cast import (
    Cast,
    Pattern,
    cast_firms,
    cast_guarantees,
    cast_holds,
    cast_posts,
    cast_records,
)
from loaders.city.chronicle import Chronicle
from loaders.city.firms import base_firms, census
from loaders.city.history import Past, simulate
from loaders.city.listing import at_least
from loaders.city.patterns import planted
from loaders.city.sharing import share
from loaders.city.streams import NEVER, Bools, stream
from loaders.city.world import AWAY, FIRM, PERSON, Firms, Links, Society, Texts, World, stack


@dataclass(frozen=True)
class City:
    """The finished city with its past, its cast and what is true of it."""

    world: World
    past: Past
    cast: Cast
    base_firms: int
    base_persons: int

    @property
    def patterns(self) -> list[Pattern]:
        """Planted patterns, members numbered as in the city."""
        shift = {FIRM: self.base_firms, PERSON: self.base_persons}
        return [
            Pattern(p.kind, [(k, n + shift[k]) for k, n in p.members], p.note) for p in self.cast.patterns
        ]


def _joined(base: Society, cast: Cast, firms: int, persons: int) -> Society:
    """The base society and the cast behind it."""
    bosses = np.array(cast.bosses, dtype=np.int64) + persons
    nobody = np.full(len(bosses), -1)
    away = base.holds.kind == AWAY
    outside = int(max(base.holds.owner[away].max(initial=0), (-2 - base.head).max(initial=0))) + 1
    return Society(
        leader=np.concatenate([base.leader, bosses]),
        representative=np.concatenate([base.representative, bosses]),
        represents_since=np.concatenate([base.represents_since, np.array(cast.since, dtype=np.int64)]),
        holds=stack([base.holds, cast_holds(cast, firms, persons, outside)]),
        posts=stack([base.posts, cast_posts(cast, firms, persons)]),
        head=np.concatenate([base.head, nobody]),
        parent=np.concatenate([base.parent, nobody]),
    )


def _replaced(column: pa.StringArray, where: list[int], values: list[str]) -> pa.StringArray:
    mask = np.zeros(len(column), dtype=np.bool_)
    mask[where] = True
    order = np.argsort(where, kind="stable")
    return pc.replace_with_mask(
        column, pa.array(mask), pa.array([values[n] for n in order], type=pa.string())
    )


def _texts(seed: int, firms: Firms, persons: int, people_: Society, cast: Cast) -> Texts:
    """Names and numbers, with the names that the cast wishes."""
    texts = society.base_texts(seed, firms, persons, people_)
    first, first_person = len(firms) - len(cast.roles), persons - len(cast.persons)
    named = [(first + n, role.name) for n, role in enumerate(cast.roles) if role.name]
    texts.firm = _replaced(texts.firm, [n for n, _ in named], [name for _, name in named])
    called = [(first_person + n, name) for n, (name, _) in enumerate(cast.persons) if name]
    texts.person = _replaced(texts.person, [n for n, _ in called], [name for _, name in called])
    aged = [(first_person + n, born) for n, (_, born) in enumerate(cast.persons) if born]
    births = np.array([born * 10000 + 101 + n % 28 for n, born in aged], dtype=np.int64)
    division = np.full(len(aged), 411202)
    numbers = codes.citizen_numbers(division, births, 500 + np.arange(len(aged)) * 3 % 499)
    texts.citizen = _replaced(texts.citizen, [n for n, _ in aged], codes.to_text(numbers).to_pylist())
    count = len(texts.away) - len(cast.outside)
    texts.away = _replaced(texts.away, [count + n for n in range(len(cast.outside))], cast.outside)
    return texts


def _quiet(cast: Cast, base: int) -> Bools:
    return np.concatenate(
        [np.zeros(base, dtype=np.bool_), np.array([r.quiet for r in cast.roles], dtype=np.bool_)]
    )


def build(enterprises: int, seed: int, individual_businesses: float) -> City:
    """Firms, people, ownership, planted cases, ten years of events."""
    cast = planted(seed, enterprises)
    counts = census(enterprises, individual_businesses, cast.in_business())
    base = base_firms(seed, counts)
    inhabitants, known, persons = society.settle(seed, base)
    clustered = share(seed, base, known, enterprises)
    guarantees: Links = stack([society.guarantees(seed, base, known), cast_guarantees(cast, len(base))])
    firms = stack([base, cast_firms(cast)])
    everyone = _joined(inhabitants, cast, len(base), persons)
    texts = _texts(seed, firms, persons + len(cast.persons), everyone, cast)
    chronicle = Chronicle(len(firms))
    cast_records(cast, chronicle, len(base))
    quiet = _quiet(cast, len(base))
    past = simulate(seed, firms, everyone, guarantees, (chronicle, quiet))
    at_least(stream(seed, "at least"), firms, past.chronicle, (3, len(base)))
    world = World(seed, enterprises, firms, everyone, texts, guarantees, clustered=clustered)
    return City(world, past, cast, len(base), persons)


__all__ = ["NEVER", "City", "build", "people"]
