"""A load as the command line runs it: with the settings' key, a progress bar, and today's date."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from graph_service.cli.progress import progress
from graph_service.cli.values import SHANGHAI
from graph_service.store.base import GraphStore
from loaders.options import LoadOptions, Progress
from loaders.pipeline import load_paths
from loaders.report import LoadReport


def default_options(person_key: str | None) -> LoadOptions:
    """Options of a load today, with the rules' terms."""
    return LoadOptions(
        today=datetime.now(SHANGHAI).date(),
        person_key=person_key.encode() if person_key else None,
    )


def load_with_progress(store: GraphStore, paths: Sequence[Path], options: LoadOptions) -> LoadReport:
    """Load, showing the rows done on a terminal."""
    with _rows_done() as shown:
        return load_paths(store, paths, replace(options, progress=shown))


@contextmanager
def _rows_done() -> Iterator[Progress]:
    with progress("load") as advance:
        before: dict[str, int] = {}

        def show(file: str, done: int, _total: int) -> None:
            advance(done - before.get(file, 0))
            before[file] = done

        yield show


def delivery_rows(document: dict[str, Any]) -> list[dict[str, Any]]:
    """One row for each delivery of a report."""
    return [_row(d) for d in document["deliveries"]]


def _row(delivery: dict[str, Any]) -> dict[str, Any]:
    shown = ("template", "status", "date", "rows_read", "rows_loaded", "rows_rejected")
    return {
        "files": "; ".join(delivery["files"]),
        **{name: delivery.get(name) for name in shown},
        **delivery["facts"],
        "issues": "; ".join(f"{issue['code']}: {issue['count']}" for issue in delivery["issues"]),
        "seconds": delivery["seconds"],
        "batch": delivery["batch"],
    }
