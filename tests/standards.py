"""Open standards in tests: files loaded into stores of their own, and what the standards' own programs say of a file."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from followthemoney import model
from libcovebods.data_reader import DataReader  # type: ignore[import-untyped]
from libcovebods.jsonschemavalidate import JSONSchemaValidator  # type: ignore[import-untyped]
from libcovebods.schema import SchemaBODS  # type: ignore[import-untyped]

from graph_service import CreditGraph
from graph_service.store.opening import open_store
from loaders.options import LoadOptions
from loaders.pipeline import load_paths
from loaders.report import DeliveryReport

EXAMPLES = Path(__file__).parent / "data" / "bods"
TODAY = datetime(2026, 11, 15, 4, tzinfo=UTC)
KEY = b"a key for tests"
Rows = list[tuple[Any, ...]]


def loaded(store: Path, *files: Path, **options: Any) -> DeliveryReport:
    """Load files into a store; the report of the last one."""
    given: dict[str, Any] = {"today": date(2026, 11, 15), "person_key": KEY, **options}
    opened = open_store(f"sqlite:///{store}")
    report = load_paths(opened, files, LoadOptions(**given))
    opened.close()
    return report.deliveries[-1]


def graph_of(store: Path) -> CreditGraph:
    return CreditGraph.open(f"sqlite:///{store}", clock=lambda: TODAY)


def written(folder: Path, name: str, records: Sequence[object]) -> Path:
    """A file of these records: JSON lines, or by the suffix .json one array."""
    path = folder / name
    if path.suffix == ".json":
        path.write_text(json.dumps(records), "utf-8")
    else:
        path.write_text("".join(json.dumps(r) + "\n" for r in records), "utf-8")
    return path


def sheet(graph: CreditGraph, what: str, columns: str) -> Rows:
    """Some columns of an export, in one order."""
    frame = {
        "entities": graph.entities_frame,
        "relations": graph.relations_frame,
        "records": graph.records_frame,
    }
    cells = frame[what]()[columns.split()].astype(object)
    rows = cells.where(cells.notna(), None).to_numpy().tolist()
    return sorted((tuple(row) for row in rows), key=str)


def entities(graph: CreditGraph) -> Rows:
    return sheet(graph, "entities", "id kind name")


def relations(graph: CreditGraph) -> Rows:
    columns = "kind subject object role share share_lower share_upper votes valid_from valid_to"
    return sheet(graph, "relations", columns)


def there_and_back(graph: CreditGraph, what: str, folder: Path, suffix: str = ".jsonl") -> CreditGraph:
    """The graph of a fresh store that an export was loaded into; exporting that gives the same bytes."""
    first, second = folder / f"first{suffix}", folder / f"second{suffix}"
    store = folder / f"{what}-again.db"
    rows = graph.export(what, first)["rows"]
    report = loaded(store, first)
    assert (report.template, report.status, report.rows_loaded) == (what, "loaded", rows)
    again = graph_of(store)
    again.export(what, second)
    assert first.read_bytes() == second.read_bytes()
    return again


def bods_faults(path: Path) -> list[str]:
    """What the schema of BODS 0.4 says against a file."""
    reader = DataReader(str(path))
    schema = SchemaBODS(reader)
    assert schema.schema_version == "0.4"
    return [str(e.json()) for e in JSONSchemaValidator(schema).validate(reader)]


def ftm_faults(path: Path) -> list[str]:
    """What the model of FollowTheMoney says against a file: values that it would clean, drop or miss."""
    faults = []
    for line in path.read_text("utf-8").splitlines():
        given = json.loads(line)
        schema = model.get(given["schema"])
        assert schema is not None
        schema.validate(given)
        clean = model.get_proxy(given, cleaned=False).to_dict()["properties"]
        asked = {name: sorted(values) for name, values in given["properties"].items()}
        missing = [name for name in schema.required if name not in asked]
        if missing or {name: sorted(values) for name, values in clean.items()} != asked:
            faults.append(line)
    return faults
