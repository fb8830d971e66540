"""Deliver the feeds: which files there are, of what day, with what rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from loaders.city import feeds, more_records, relations
from loaders.city.build import City
from loaders.city.config import AS_OF, FIRST_DELIVERY
from loaders.city.exits import exits
from loaders.city.feeds import Scribe
from loaders.city.registered_changes import registered_changes
from loaders.city.streams import NEVER, Bools, hits
from loaders.city.writing import Columns, Delivery, write_feed

FIRST, LAST = "20260930", "20261115"


class Courier:
    """Writes files into the folder and counts their rows."""

    def __init__(self, folder: Path, city: City) -> None:
        self.folder, self.city = folder, city
        self.scribe = Scribe(city.world)
        self.rows: dict[str, int] = {}

    def bring(self, name: str, columns: Columns, encoding: str = "utf-8", harmful: bool = False) -> None:
        """Write one feed file; a department with nothing to tell delivers nothing."""
        if not len(next(iter(columns.values()))):
            return
        delivery = Delivery(name, encoding, harmful)
        self.rows[name] = write_feed(self.folder, delivery, columns, self.city.world.seed)


def _changed_since(city: City, day: int) -> Bools:
    """Firms founded, closed, revoked or newly represented after a day."""
    firms, people = city.world.firms, city.world.society
    ended = ((firms.closed > day) & (firms.closed < NEVER)) | (
        (firms.revoked > day) & (firms.revoked < NEVER)
    )
    return (firms.founded > day) | ended | (people.represents_since > day)


def _register(courier: Courier) -> None:
    firms = courier.city.world.firms
    known = np.flatnonzero(firms.founded <= FIRST_DELIVERY)
    later = np.flatnonzero(_changed_since(courier.city, FIRST_DELIVERY))
    for firm, day, stamp in ((known, FIRST_DELIVERY, FIRST), (later, AS_OF, LAST)):
        name = f"registration_{stamp}.csv"
        courier.bring(name, feeds.registration(courier.scribe, firm, day, name), harmful=True)


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
        courier.bring(name, feeds.shareholders(courier.scribe, place, day, name), harmful=True)


def _people(courier: Courier) -> None:
    posts = courier.city.world.society.posts
    courier.bring(
        f"managers_{LAST}.csv", feeds.managers(courier.scribe, np.arange(len(posts.firm))), harmful=True
    )
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
