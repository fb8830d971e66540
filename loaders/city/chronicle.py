"""What has happened so far, by kind of record, with the questions that the next year asks."""

from __future__ import annotations

import numpy as np

from loaders.city.config import LIST_KINDS
from loaders.city.streams import Floats, Ints, tally
from loaders.city.world import Events, events, rows, stack

LISTED = tuple(kind for kind, _ in LIST_KINDS)


class Chronicle:
    """Records of all kinds, added year by year."""

    def __init__(self, firms: int) -> None:
        self.firms = firms
        self._parts: dict[str, list[Events]] = {}

    def add(self, kind: str, records: Events) -> None:
        """Append records of a kind."""
        self._parts.setdefault(kind, []).append(records)

    def of(self, kind: str) -> Events:
        """All records of a kind so far."""
        none = np.zeros(0, dtype=np.int64)
        parts = self._parts.get(kind) or [events(none, none)]
        if len(parts) > 1:
            self._parts[kind] = [stack(parts)]
        return (self._parts.get(kind) or parts)[0]

    def kinds(self) -> list[str]:
        """Kinds that have records."""
        return sorted(self._parts)

    def now(self, kind: str, day: int) -> Floats:
        """Per firm the number of records in force on a day."""
        table = self.of(kind)
        return tally(table.firm[table.in_force(day)], self.firms)

    def lately(self, kind: str, low: int, day: int, code: int | None = None) -> Floats:
        """Per firm the number of records begun after `low` and by `day` (of one code, if given)."""
        table = self.of(kind)
        chosen = (table.start > low) & (table.start <= day) & (table.how != 2)
        if code is not None:
            chosen &= table.code == code
        return tally(table.firm[chosen], self.firms)

    def listed(self, day: int) -> Floats:
        """1 for each firm that is on any of the lists on a day."""
        total = np.zeros(self.firms)
        for kind in LISTED:
            total += self.now(kind, day)
        return (total > 0).astype(np.float64)

    def newly_listed(self, low: int, day: int) -> Floats:
        """1 for each firm that came onto any of the lists after `low` and by `day`."""
        total = np.zeros(self.firms)
        for kind in LISTED:
            total += self.lately(kind, low, day)
        return (total > 0).astype(np.float64)

    def merge(self, kind: str, keep: Ints) -> None:
        """Keep only the given places of a kind."""
        self._parts[kind] = [rows(self.of(kind), keep)]
