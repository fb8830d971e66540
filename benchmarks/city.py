"""A synthetic city through the whole house: written, loaded, a delta added, refreshed, reopened, asked.

    python -m benchmarks.city [--enterprises N] [--folder DIR]

Prints one line per figure. N counts enterprises in business; those closed come on top of it.
"""

import argparse
import datetime as dt
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from graph_service.credit_graph import CreditGraph
from graph_service.rules import load_rules
from graph_service.snapshots import refresh
from graph_service.store.opening import open_store
from loaders.city import write_city
from loaders.options import LoadOptions
from loaders.pipeline import load_paths

T = TypeVar("T")
AS_OF = 20772  # 2026-11-15, the last day of the city


def timed(what: str, call: Callable[[], T]) -> tuple[T, float]:
    """Run, print the seconds, hand both on."""
    start = time.perf_counter()
    found = call()
    seconds = time.perf_counter() - start
    print(f"{what}: {seconds:.1f} s")
    return found, seconds


def measure(folder: Path, enterprises: int) -> None:
    """All figures for a city of this size."""
    report, _ = timed("city written", lambda: write_city(folder / "city", enterprises, 7, 0.0))
    print(f"firms: {report.firms}, persons: {report.persons}, rows: {sum(report.rows.values())}")
    store = open_store(f"sqlite:///{folder}/graph.db")
    options = LoadOptions(today=dt.date(2026, 11, 15), person_key=b"benchmark")
    loaded, seconds = timed("load", lambda: load_paths(store, [folder / "city" / "feeds"], options))
    facts = sum(delivery.facts.added for delivery in loaded.deliveries)
    print(f"rows/s: {loaded.rows_read / seconds:.0f}, facts/s: {facts / seconds:.0f}")
    timed("refresh", lambda: refresh(store, folder / "home", load_rules(), AS_OF))
    with_snapshot, _ = timed("reopen", lambda: CreditGraph.open(store.url, home=folder / "home"))
    for text in ("三门峡", "有限", "澄岳"):
        timed(f"search {text}", lambda text=text: with_snapshot.search(text))  # type: ignore[misc]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"peak memory: {peak:.1f} GiB, cores: {os.cpu_count()}, store: {(folder / 'graph.db').stat().st_size / 2**30:.2f} GiB"
    )


def main() -> None:
    """Measure in a folder of its own, which goes afterwards."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--enterprises", type=int, default=80_000)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="credit-graph-benchmark-"))
    try:
        measure(folder, given.enterprises)
    finally:
        if given.folder is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
