"""A synthetic city through the whole house: written, loaded, a delta added, refreshed, reopened, asked.

    python -m benchmarks.city [--enterprises N] [--folder DIR]

Prints one line per figure. N counts enterprises in business; those closed come on top of it.
"""

import argparse
import csv
import datetime as dt
import json
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from benchmarks.questions import measured as questions
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


class Memory:
    """The most memory of its own that the process held, sampled; pages of files that it maps are not its own."""

    def __init__(self) -> None:
        self.most = 0
        self._over = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self._over.wait(0.5):
            status = Path("/proc/self/status").read_text(encoding="ascii")
            held = next(line for line in status.splitlines() if line.startswith("RssAnon"))
            self.most = max(self.most, int(held.split()[1]))

    def gib(self) -> float:
        """So far."""
        return self.most / 2**20

    def stop(self) -> None:
        """No more samples."""
        self._over.set()


def changed_rows(feeds: Path, folder: Path, rows: int) -> Path:
    """A later delivery of the register: so many rows of it, the capital of every other one changed."""
    out = folder / "registration_20261120.csv"
    source = next(feeds.glob("registration_2026*.csv"))
    with (
        source.open(encoding="utf-8-sig", newline="") as given,
        out.open("w", encoding="utf-8", newline="") as new,
    ):
        reader, writer = csv.reader(given), csv.writer(new)
        header = next(reader)
        capital = header.index("注册资本")
        writer.writerow(header)
        for number, row in zip(range(rows), reader, strict=False):
            if number % 2 and len(row) == len(header):
                row[capital] = "888万元"
            writer.writerow(row)
    return out


def measure(folder: Path, enterprises: int) -> None:
    """All figures for a city of this size."""
    report, _ = timed("city written", lambda: write_city(folder / "city", enterprises, 7, 0.0))
    print(f"firms: {report.firms}, persons: {report.persons}, rows: {sum(report.rows.values())}")
    store = open_store(f"sqlite:///{folder}/graph.db")
    options = LoadOptions(today=dt.date(2026, 11, 15), person_key=b"benchmark")
    memory = Memory()
    loaded, seconds = timed("load", lambda: load_paths(store, [folder / "city" / "feeds"], options))
    facts = sum(delivery.facts.added for delivery in loaded.deliveries)
    print(f"rows/s: {loaded.rows_read / seconds:.0f}, facts/s: {facts / seconds:.0f}")
    written = sum(delivery.seconds for delivery in loaded.deliveries)
    print(f"of it deliveries: {written:.1f} s, settling: {seconds - written:.1f} s")
    print(f"peak memory: {memory.gib():.2f} GiB, cores: {os.cpu_count()}")
    print(f"store: {(folder / 'graph.db').stat().st_size / 2**30:.2f} GiB")
    delta = changed_rows(folder / "city" / "feeds", folder, 10_000)
    timed("delta of 10,000 rows", lambda: load_paths(store, [delta], options))
    timed("refresh", lambda: refresh(store, folder / "home", load_rules(), AS_OF))
    print(f"peak memory: {memory.gib():.2f} GiB")
    memory.stop()
    timed("reopen", lambda: CreditGraph.open(store.url, home=folder / "home"))
    print(json.dumps(questions(store.url, folder / "home"), indent=1, ensure_ascii=False))


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
