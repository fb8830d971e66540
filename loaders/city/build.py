"""Make the whole city in memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loaders.city import society
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
from loaders.city.columns import Column, filled, replaced
from loaders.city.firms import base_firms, census
from loaders.city.history import Past, simulate
from loaders.city.minimum import at_least
from loaders.city.patterns import planted
from loaders.city.sharing import share
from loaders.city.streams import Bools, stream
from loaders.city.world import AWAY, FIRM, PERSON, Firms, Links, Society, Texts, World, stack


@dataclass(frozen=True)
class City:
    """The finished city with its past, its cast and what is true of it."""

    world: World
    past: Past
    cast: Cast

    @property
    def patterns(self) -> list[Pattern]:
        """Planted patterns, members numbered as in the city."""
        shift = {FIRM: self.world.base_firms, PERSON: self.world.base_persons}
        return [
            Pattern(p.kind, [(k, n + shift[k]) for k, n in p.members], p.note) for p in self.cast.patterns
        ]


def _joined(base: Society, cast: Cast, firms: int, persons: int) -> Society:
    """The base society and the cast behind it."""
    bosses = np.array(cast.bosses, dtype=np.int64) + persons
    heads = [-1 if role.head is None else role.head + firms for role in cast.roles]
    away = base.holds.kind == AWAY
    outside = int(max(base.holds.owner[away].max(initial=0), (-2 - base.head).max(initial=0))) + 1
    return Society(
        leader=np.concatenate([base.leader, bosses]),
        representative=np.concatenate([base.representative, bosses]),
        represents_since=np.concatenate([base.represents_since, np.array(cast.since, dtype=np.int64)]),
        holds=stack([base.holds, cast_holds(cast, firms, persons, outside)]),
        posts=stack([base.posts, cast_posts(cast, firms, persons)]),
        head=np.concatenate([base.head, np.array(heads, dtype=np.int64)]),
        parent=np.concatenate([base.parent, np.full(len(bosses), -1)]),
    )


def _replaced(texts: Column, where: list[int], values: list[str]) -> Column:
    mask = np.zeros(len(texts), dtype=np.bool_)
    mask[where] = True
    return replaced(texts, mask, [values[n] for n in np.argsort(where, kind="stable")])


def _texts(seed: int, firms: Firms, persons: int, people_: Society, cast: Cast) -> Texts:
    """Names and numbers, with the names and ages that the cast wishes."""
    first, first_person = len(firms) - len(cast.roles), persons - len(cast.persons)
    named = [(first + n, role.name) for n, role in enumerate(cast.roles) if role.name]
    born = {first_person + n: year for n, (_, year) in enumerate(cast.persons) if year}
    crowd = society.Inhabitants(persons, born, frozenset(name for _, name in named))
    texts = society.base_texts(seed, firms, people_, crowd)
    texts.firm = _replaced(texts.firm, [n for n, _ in named], [name for _, name in named])
    called = [(first_person + n, name) for n, (name, _) in enumerate(cast.persons) if name]
    texts.person = _replaced(texts.person, [n for n, _ in called], [name for _, name in called])
    count = len(texts.away) - len(cast.outside)
    texts.away = _replaced(texts.away, [count + n for n in range(len(cast.outside))], cast.outside)
    return texts


def _quiet(cast: Cast, texts: Texts) -> Bools:
    """Firms of which no records are made: some planted ones, and those too old for a code, whose lists name nobody."""
    bare = ~filled(texts.code)
    planted = np.array([r.quiet for r in cast.roles], dtype=np.bool_)
    return np.concatenate([bare[: len(bare) - len(planted)], planted])


def build(enterprises: int, seed: int, individual_businesses: float) -> City:
    """Firms, people, ownership, planted cases, ten years of events."""
    cast = planted(seed, enterprises)
    counts = census(enterprises, individual_businesses, cast.in_business())
    base = base_firms(seed, counts)
    inhabitants, known, persons = society.settle(seed, base)
    share(seed, base, known, enterprises)
    guarantees: Links = stack([society.guarantees(seed, base, known), cast_guarantees(cast, len(base))])
    firms = stack([base, cast_firms(cast)])
    everyone = _joined(inhabitants, cast, len(base), persons)
    texts = _texts(seed, firms, persons + len(cast.persons), everyone, cast)
    chronicle = Chronicle(len(firms))
    cast_records(cast, chronicle, len(base))
    quiet = _quiet(cast, texts)
    past = simulate(seed, firms, everyone, guarantees, (chronicle, quiet))
    struck = at_least(stream(seed, "at least"), firms, past.chronicle, (3, len(base)))
    for _, risk, _ in past.hazards:
        risk[struck] = False
    world = World(seed, enterprises, firms, everyone, texts, guarantees, len(base), persons)
    return City(world, past, cast)
