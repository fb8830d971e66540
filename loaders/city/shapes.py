"""Planted shapes that are no pattern by themselves: a deep chain, self-holdings, stakes over 100 %, the municipal group."""

from __future__ import annotations

import numpy as np

from loaders.city import config
from loaders.city.cast import Cast, Role
from loaders.city.config import AS_OF
from loaders.city.world import AWAY, FIRM, PERSON

TRADES = "FFLECMG"


def some(cast: Cast, low: int, high: int) -> int:
    """A number from low to high, both included."""
    return int(cast.rng.integers(low, high + 1))


def plain(cast: Cast, **wishes: object) -> int:
    """An ordinary company with two holders."""
    wishes.setdefault("founded", AS_OF - some(cast, 900, 3600))
    wishes.setdefault("industry", TRADES[some(cast, 0, 6)])
    wishes.setdefault("district", some(cast, 0, 6))
    wishes.setdefault("capital", float([1e6, 2e6, 5e6, 1e7][some(cast, 0, 3)]))
    return cast.firm(Role(**wishes))  # type: ignore[arg-type]


def held(cast: Cast, firm: int, rest: float = 100.0) -> None:
    """The representative and another person hold `rest` percent of a firm."""
    other = [40.0, 30.0, 20.0][some(cast, 0, 2)] * rest / 100
    cast.hold((PERSON, cast.bosses[firm]), firm, rest - other)
    cast.hold((PERSON, cast.person()), firm, other)


def chain(cast: Cast, depth: int) -> None:
    """Holding companies one above the other."""
    founded = AS_OF - 4000
    firms = [cast.firm(Role(founded=founded, capital=1e7, industry="L"))]
    cast.hold((PERSON, cast.bosses[firms[0]]), firms[0], 100.0)
    for level in range(1, depth + 1):
        firms.append(
            cast.firm(Role(kind=config.LEGAL, founded=founded + 40 * level, capital=5e6, industry="L"))
        )
        cast.hold((FIRM, firms[-2]), firms[-1], 100.0 if level % 3 else 60.0)
        if level % 3 == 0:
            cast.hold((PERSON, cast.person()), firms[-1], 40.0)


def self_holding(cast: Cast) -> None:
    """A firm that holds a tenth of itself."""
    firm = plain(cast)
    cast.hold((FIRM, firm), firm, 10.0)
    held(cast, firm, 90.0)


def overfull(cast: Cast) -> None:
    """A firm whose registered stakes sum to 105 %."""
    firm = plain(cast)
    cast.hold((PERSON, cast.bosses[firm]), firm, 60.0)
    cast.hold((PERSON, cast.person()), firm, 45.0)


def equals(cast: Cast) -> None:
    """A firm of two equal holders, with a branch."""
    firm = plain(cast)
    for holder in (cast.bosses[firm], cast.person()):
        cast.hold((PERSON, holder), firm, 50.0)
    since = cast.roles[firm].founded + 400
    cast.firm(Role(kind=config.BRANCH, industry="F", capital=0.0, founded=since, head=firm))


def municipal_group(cast: Cast, enterprises: int) -> int:
    """市国投 with its subsidiaries; returns its number."""
    top = cast.firm(
        Role(
            "三门峡市国有资本投资集团有限公司",
            config.STATE,
            "J",
            founded=AS_OF - 5600,
            capital=2e9,
            quiet=True,
        )
    )
    cast.hold((AWAY, cast.away("三门峡市财政局")), top, 100.0)
    direct = 63 if enterprises >= 2000 else 5
    total = int(np.clip(enterprises // 500, direct, 170))
    firms = [top]
    for number in range(total):
        above = top if number < direct else firms[1 + int(cast.rng.integers(direct))]
        kind = config.LEGAL if number % 4 else config.LLC
        role = Role(
            kind=kind, industry="DGKENJ"[number % 6], district=number % 7, founded=AS_OF - 5500 + 25 * number
        )
        firms.append(cast.firm(role))
        stake = 100.0 if kind == config.LEGAL else [51.0, 60.0, 70.0][number % 3]
        cast.hold((FIRM, above), firms[-1], stake)
        if stake < 100:
            cast.hold((PERSON, cast.person()), firms[-1], 100.0 - stake)
    return top
