"""A store that only remembers what a load wrote, for tests of what templates mean."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pyarrow as pa

from graph_service.domain.facts import FactKind, label
from graph_service.store.base import Delivery, DeliveryHeader, FactCounts, GraphStore
from loaders.options import LoadOptions
from loaders.pipeline import load_paths
from loaders.report import LoadReport
from tests.loaders.typed import KEY, TODAY


@dataclass
class Written:
    """What one delivery wrote; `committed` once it is."""

    header: DeliveryHeader
    entities: list[dict[str, Any]] = field(default_factory=list)
    facts: list[dict[str, Any]] = field(default_factory=list)
    rejects: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    covered: list[str] = field(default_factory=list)
    protected: list[dict[str, Any]] = field(default_factory=list)
    committed: bool = False

    def of(self, kind: FactKind) -> list[dict[str, Any]]:
        """Facts of one kind, in order of line."""
        return sorted((f for f in self.facts if f["kind"] == kind), key=lambda f: (f["line"], str(f["role"])))

    @property
    def kinds(self) -> set[str]:
        """Kinds of fact that were written; records and exits by their role."""
        return {f["role"] if f["kind"] in (30, 31) else label(FactKind(f["kind"])) for f in self.facts}


class RecordingDelivery:
    def __init__(self, written: Written) -> None:
        self.written = written

    def entities(self, table: pa.Table) -> None:
        self.written.entities += table.to_pylist()

    def facts(self, table: pa.Table) -> None:
        self.written.facts += table.to_pylist()

    def rejects(self, table: pa.Table) -> None:
        self.written.rejects += table.to_pylist()

    def notes(self, table: pa.Table) -> None:
        self.written.notes += table.to_pylist()

    def scopes(self, covered: Sequence[str], protected: pa.Table) -> None:
        self.written.covered += covered
        self.written.protected += protected.to_pylist()

    def apply(self, allow_ending: bool = False) -> FactCounts:
        return FactCounts(added=len(self.written.facts))

    def commit(self, report: str) -> str:
        assert json.loads(report)["status"] == "loaded"
        self.written.committed = True
        return "0" * 32


class RecordingStore:
    """Stands in for a store and its writer."""

    def __init__(self) -> None:
        self.deliveries_written: list[Written] = []
        self.fingerprint: str | None = None
        self.settled = 0

    @contextmanager
    def writer(self) -> Iterator["RecordingStore"]:
        yield self

    @contextmanager
    def delivery(self, header: DeliveryHeader) -> Iterator[RecordingDelivery]:
        written = Written(header)
        yield RecordingDelivery(written)
        if written.committed:
            self.deliveries_written.append(written)

    def settle(self) -> None:
        self.settled += 1

    def content(self) -> str:
        return "0" * 32

    def standing(self, batch: str) -> Delivery | None:
        return None

    def person_key_fingerprint(self) -> str | None:
        return self.fingerprint

    def bind_person_key(self, fingerprint: str) -> None:
        self.fingerprint = fingerprint


def record(paths: Sequence[Path], **options: Any) -> tuple[LoadReport, list[Written]]:
    """Load with a recording store."""
    store = RecordingStore()
    given = LoadOptions(**{"today": TODAY, "person_key": KEY, **options})
    return load_paths(cast("GraphStore", store), paths, given), store.deliveries_written


def csv_file(folder: Path, name: str, rows: Sequence[dict[str, str]]) -> Path:
    """A CSV file of these rows."""
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
