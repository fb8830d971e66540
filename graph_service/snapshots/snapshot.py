"""A snapshot: the graph of one moment and its findings, under one name."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, cast

from graph_service.analysis.associations import Associations
from graph_service.domain.errors import StoreError
from graph_service.domain.intervals import from_day
from graph_service.projection import CsrGraph, disk
from graph_service.projection.arrays import AnyArray
from graph_service.rules import Rules
from graph_service.snapshots.parts import PARTS, part_of

SHANGHAI = timezone(timedelta(hours=8))
T = TypeVar("T")


@dataclass(frozen=True)
class Snapshot:
    """What default answers come from.

    Attributes:
        id: `s1-` and 16 hex digits; the same for the same content, day and configuration.
        as_of: the day in the world; as_of_given: whether that day was asked for, not today.
        known_at: µs since 1970 UTC; the store's content has not changed between it and the snapshot's making.
        folder: where its arrays are.
        about: its manifest.
    """

    id: str
    as_of: int
    known_at: int
    as_of_given: bool
    folder: Path
    about: dict[str, Any]
    _opened: dict[type, Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def graph(self) -> CsrGraph:
        """The projection, memory-mapped. Raises StoreError."""
        return disk.load(self.folder)

    def results(self, kind: type[T]) -> T:
        """A part of what was worked out, memory-mapped, opened once. Raises StoreError."""
        if kind not in self._opened:
            try:
                prefix = part_of(kind).name + "."
                self._opened[kind] = disk.from_arrays(kind, self._arrays(prefix), prefix)
            except KeyError as error:
                raise StoreError(f"'{self.folder}' lacks findings; remove it and refresh.") from error
        return cast("T", self._opened[kind])

    @property
    def associations(self) -> Associations:
        """The nearest listed entities of every enterprise. Raises StoreError."""
        return self.results(Associations)

    def _arrays(self, prefix: str) -> dict[str, AnyArray]:
        arrays = disk.open_arrays(self.folder, self.about, prefix)
        for array in arrays.values():
            array.flags.writeable = False
        return arrays

    def to_dict(self) -> dict[str, Any]:
        """What it is, as plain values."""
        known = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=self.known_at)
        return {
            "snapshot": self.id,
            "as_of": from_day(self.as_of).isoformat(),
            "known_at": known.astimezone(SHANGHAI).isoformat(),
            "content": self.about["moment"]["content"],
            **self.about["counts"],
            **self.about["findings"],
        }


def configuration(rules: Rules) -> str:
    """Hash (hex) of what beside the facts decides the findings; no model is promoted yet."""
    versions = {part.name: part.version for part in PARTS}
    said = {"rules": rules.fingerprint(), "analysis": versions, "model": None}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def snapshot_id(content: str, as_of: int, configured: str) -> str:
    """The name of a snapshot, by what it is made from."""
    text = f"{disk.FORMAT}|{content}|{as_of}|{configured}"
    return "s1-" + hashlib.sha256(text.encode()).hexdigest()[:16]
