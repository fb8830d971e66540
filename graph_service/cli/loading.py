"""A load as the command line runs it: with the settings' key, a progress bar, and today's date."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from graph_service.cli.progress import progress
from graph_service.cli.values import SHANGHAI
from graph_service.credit_graph.moment import rules_in
from graph_service.store.base import GraphStore
from loaders.options import LoadOptions, Progress
from loaders.pipeline import load_paths
from loaders.report import LoadReport


def default_options(person_key: str | None, home: Path) -> LoadOptions:
    """Options of a load today, with the office's rules."""
    return LoadOptions(
        today=datetime.now(SHANGHAI).date(),
        person_key=person_key.encode() if person_key else None,
        rules=rules_in(home),
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


def summary_rows(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The same for people: what fits on a page."""
    shown = (
        "files", "template", "status", "date", "rows_read", "rows_loaded", "rows_rejected", "added", "changed",
        "closed", "unchanged",
    )  # fmt: skip
    return [{name: row[name] for name in shown} for row in delivery_rows(document)]


def print_summary(document: dict[str, Any]) -> None:
    """A report for people: the deliveries, the most frequent findings, and what comes next."""
    from graph_service.cli.tables import print_lines, print_table

    print_table(summary_rows(document))
    issues = [f"{issue['count']:>8,} × {issue['title']} [{issue['code']}]" for issue in document["issues"]]
    print_lines(["", *issues])
    if document["refresh_needed"]:
        print_lines(["", "`credit-graph refresh` makes a snapshot of it."])


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
