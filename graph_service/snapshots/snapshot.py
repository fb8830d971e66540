"""A snapshot: the graph of one moment and its findings, under one name."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property
from pathlib import Path
from typing import Any

from graph_service.analysis.associations import VERSION, AssociationRules, Associations
from graph_service.domain.errors import StoreError
from graph_service.domain.facts import label
from graph_service.domain.intervals import from_day
from graph_service.projection import CsrGraph, disk
from graph_service.rules import Rules

SHANGHAI = timezone(timedelta(hours=8))
BESIDE = "associations."


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

    @cached_property
    def graph(self) -> CsrGraph:
        """The projection, memory-mapped. Raises StoreError."""
        return disk.load(self.folder)

    @cached_property
    def associations(self) -> Associations:
        """The nearest listed entities of every enterprise, memory-mapped. Raises StoreError."""
        try:
            return disk.from_arrays(Associations, disk.open_arrays(self.folder, self.about), BESIDE)
        except KeyError as error:
            raise StoreError(f"'{self.folder}' lacks its findings; remove it and refresh.") from error

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


def configuration(rules: Rules, settings: AssociationRules) -> str:
    """Hash (hex) of what beside the facts decides the findings; no model is promoted yet."""
    shown = asdict(settings) | {"strengths": {label(k): v for k, v in settings.strengths.items()}}
    said = {"rules": rules.fingerprint(), "analysis": VERSION, "associations": shown, "model": None}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def snapshot_id(content: str, as_of: int, configured: str) -> str:
    """The name of a snapshot, by what it is made from."""
    text = f"{disk.FORMAT}|{content}|{as_of}|{configured}"
    return "s1-" + hashlib.sha256(text.encode()).hexdigest()[:16]
