"""The seeded synthetic city: feeds as departments deliver them, and the truth behind them.

Names, codes and persons are invented; distributions follow a prefecture-level city. The same arguments give
the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from graph_service.domain.errors import CreditGraphError
from graph_service.domain.identifiers import DEMO_PERSON_KEY
from loaders.city.build import build
from loaders.city.config import AS_OF, INDIVIDUAL_BUSINESSES
from loaders.city.delivery import deliver
from loaders.city.streams import iso
from loaders.city.truth import write_truth

SMALLEST, LARGEST = 20, 5_000_000


@dataclass(frozen=True)
class CityReport:
    """What was written: rows of each feed file, how many firms and persons there are, the city's day."""

    directory: str
    as_of: str
    firms: int
    persons: int
    rows: dict[str, int]

    @property
    def total_rows(self) -> int:
        """Rows of all feeds together."""
        return sum(self.rows.values())


def write_city(
    directory: Path,
    enterprises: int,
    seed: int,
    individual_businesses: float = INDIVIDUAL_BUSINESSES,
    person_key: bytes = DEMO_PERSON_KEY,
) -> CityReport:
    """Write `directory/feeds` and `directory/truth` for a city with so many enterprises in business.

    Deregistered (40 %), revoked (6 %) and cooperatives (8 %) come on top, and individual businesses as many
    times the enterprises as told. Takes seconds for 80,000 and some minutes for millions. The truth names
    persons by the ids that a load with `person_key` gives them; the feeds do not depend on it.

    Raises CreditGraphError when the numbers make no city or the folder already holds feeds.
    """
    if not SMALLEST <= enterprises <= LARGEST or not 0 <= individual_businesses <= 10 or seed < 0:
        raise CreditGraphError(
            f"A city needs {SMALLEST} to {LARGEST} enterprises, a seed of 0 or more and 0 to 10 individual "
            "businesses per enterprise: choose numbers in these ranges."
        )
    feeds, truth = directory / "feeds", directory / "truth"
    if feeds.is_dir() and any(feeds.iterdir()):
        raise CreditGraphError(f"The folder {feeds} already holds files: name an empty folder for the city.")
    feeds.mkdir(parents=True, exist_ok=True)
    truth.mkdir(parents=True, exist_ok=True)
    city = build(enterprises, seed, individual_businesses)
    rows = deliver(feeds, city)
    write_truth(truth, city, person_key)
    return CityReport(str(directory), iso(AS_OF), len(city.world.firms), len(city.world.texts.person), rows)


__all__ = ["AS_OF", "CityReport", "write_city"]
