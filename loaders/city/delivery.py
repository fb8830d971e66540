"""Deliver the feeds: which files there are, of what day, with what rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from loaders.city import feeds, more_records, relations
from loaders.city.build import City
from loaders.city.columns import Columns
from loaders.city.config import AS_OF, FIRST_DELIVERY
from loaders.city.exits import exits
from loaders.city.feeds import Scribe
from loaders.city.registered_changes import registered_changes
from loaders.city.streams import NEVER, Bools, Ints, hits
from loaders.city.writing import Delivery, write_feed

FIRST, LAST = "20260930", "20261115"


class Courier:
    """Writes files into the folder and counts their rows."""

    def __init__(self, folder: Path, city: City) -> None:
        self.folder, self.city = folder, city
        self.scribe = Scribe(city.world)
        self.rows: dict[str, int] = {}

    def bring(
        self, name: str, columns: Columns, encoding: str = "utf-8", exposed: Bools | None = None
    ) -> None:
        """Write one feed file, `exposed` rows with dirt that may cost them; no row, no file."""
        if not len(next(iter(columns.values()))):
            return
        delivery = Delivery(name, encoding, exposed)
        self.rows[name] = write_feed(self.folder, delivery, columns, self.city.world.seed)

    def exposed(self, firm: Ints) -> Bools:
        """Rows whose firm is not planted: the truth does not depend on them."""
        return np.asarray(firm < self.city.world.base_firms, dtype=np.bool_)


def _changed_since(city: City, day: int) -> Bools:
    """Firms founded, closed, revoked or newly represented after a day."""
    firms, people = city.world.firms, city.world.society
    ended = ((firms.closed > day) & (firms.closed < NEVER)) | (
        (firms.revoked > day) & (firms.revoked < NEVER)
    )
    return (firms.founded > day) | ended | (people.represents_since > day)


def _register(courier: Courier) -> None:
    """The whole register, and later what changed; some new firms come with the later delivery only."""
    firms = courier.city.world.firms
    known = firms.founded <= FIRST_DELIVERY
    late = known & (firms.founded > FIRST_DELIVERY - 45) & courier.exposed(np.arange(len(firms)))
    late &= hits(courier.scribe.rng("late"), 0.1, len(firms))
    later = _changed_since(courier.city, FIRST_DELIVERY) | late
    for chosen, day, stamp in ((known & ~late, FIRST_DELIVERY, FIRST), (later, AS_OF, LAST)):
        name, firm = f"registration_{stamp}.csv", np.flatnonzero(chosen)
        courier.bring(
            name, feeds.registration(courier.scribe, firm, day, name), exposed=courier.exposed(firm)
        )


def _holders(courier: Courier) -> None:
    """The whole table, and later a part: new firms, changed ones, and some unchanged firms again."""
    world = courier.city.world
    table, count = world.society.holds, len(world.firms)
    moved = np.zeros(count, dtype=np.bool_)
    moved[
        table.firm[(table.since > FIRST_DELIVERY) | ((table.until > FIRST_DELIVERY) & (table.until < NEVER))]
    ] = True
    again = moved | hits(courier.scribe.rng("again"), 0.03, count)
    first = np.flatnonzero(table.since <= FIRST_DELIVERY)
    part = np.flatnonzero(again[table.firm])
    for place, day, stamp in ((first, FIRST_DELIVERY, FIRST), (part, AS_OF, LAST)):
        name = f"shareholders_{stamp}.csv"
        exposed = courier.exposed(table.firm[place])
        courier.bring(name, feeds.shareholders(courier.scribe, place, day, name), exposed=exposed)


def _people(courier: Courier) -> None:
    posts = courier.city.world.society.posts
    table = feeds.managers(courier.scribe, np.arange(len(posts.firm)))
    courier.bring(f"managers_{LAST}.csv", table, exposed=courier.exposed(posts.firm))
    firm = np.flatnonzero(hits(courier.scribe.rng("who has contacts"), 0.85, len(courier.city.world.firms)))
    courier.bring(f"contacts_{LAST}.csv", feeds.contacts(courier.scribe, firm))
    courier.bring(f"guarantees_{LAST}.csv", relations.guarantees(courier.scribe))
    courier.bring(f"branches_{LAST}.csv", relations.branches(courier.scribe))
    courier.bring(f"agreements_{LAST}.csv", relations.agreements(courier.scribe))
    courier.bring(f"annual_reports_{LAST}.csv", relations.annual_reports(courier.scribe))
    courier.bring(f"changes_{LAST}.csv", registered_changes(courier.scribe, courier.city))


def _records(courier: Courier) -> None:
    past, scribe = courier.city.past.chronicle, courier.scribe
    for template, (kind, builder, encoding) in more_records.BUILDERS.items():
        columns = builder(scribe, past.of(kind))
        courier.bring(f"{template}_{LAST}.csv", columns, encoding)


def deliver(folder: Path, city: City) -> dict[str, int]:
    """Write every feed; returns the rows of each file."""
    courier = Courier(folder, city)
    _register(courier)
    _holders(courier)
    _people(courier)
    _records(courier)
    courier.bring(f"list_exits_{LAST}.csv", exits(courier.scribe, city))
    return courier.rows
