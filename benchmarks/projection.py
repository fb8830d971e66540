"""How long a projection, its reopening, a neighbourhood and all first findings take.

`python -m benchmarks.projection --store sqlite:///city.db` measures a store, without it a random city in memory.
"""

import argparse
import json
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.synthetic import LAST_DAY, SyntheticTables
from graph_service.analysis.associations import nearest_listed as associations
from graph_service.projection import CsrGraph, Moment, disk, projection_rules, sources_from
from graph_service.projection.build import build
from graph_service.projection.walking import Walk, neighbourhood
from graph_service.rules import load_rules
from graph_service.snapshots import association_rules
from tests.graphs import project, pyramid

WALKS = 2000


def main() -> None:
    """Measure and print figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", help="URL of a store; without it a random city")
    parser.add_argument("--enterprises", type=int, default=2_000_000)
    asked = parser.parse_args()
    warm_up()
    print(json.dumps(measured(asked.store, asked.enterprises), indent=1))


def measured(store: str | None, enterprises: int) -> dict[str, float]:
    """Seconds of each step, sizes, and the most memory used so far."""
    figures: dict[str, float] = {}
    started = time.perf_counter()
    graph = from_store(store) if store else synthetic(enterprises)
    figures["projection_s"] = time.perf_counter() - started
    figures |= {"nodes": graph.node_count, "edges": graph.edge_count, "records": len(graph.records.kinds)}
    figures["peak_gib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        disk.save(graph, Path(folder) / "graph")
        figures["save_s"] = time.perf_counter() - started
        del graph
        started = time.perf_counter()
        opened = disk.load(Path(folder) / "graph")
        figures["reopen_s"] = time.perf_counter() - started
        figures |= walks(opened) | findings(opened)
    figures["peak_gib_in_all"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return {name: round(value, 4) for name, value in figures.items()}


def warm_up() -> None:
    """Compile, so that the figures are those of every run but the very first."""
    graph = project(pyramid())
    neighbourhood(graph, 0, Walk(1, 0))
    associations(graph, association_rules(load_rules(), 0), 0)


def synthetic(enterprises: int) -> CsrGraph:
    """The projection of a random city."""
    rules = projection_rules(load_rules(), LAST_DAY)
    moment = Moment("", LAST_DAY, 0, LAST_DAY)
    return build(SyntheticTables(enterprises), sources_from({1: ("registration", 1)}), rules, moment)


def from_store(url: str) -> CsrGraph:
    """The projection of a store as it is."""
    from graph_service.snapshots import project as project_store  # noqa: PLC0415
    from graph_service.store.opening import open_store  # noqa: PLC0415  (not needed for a random city)

    store = open_store(url)
    view = store.view()
    moment = Moment(store.content(), view.as_of, view.known_at, view.as_of)
    return project_store(store, view, projection_rules(load_rules(), view.as_of), moment)


def walks(graph: CsrGraph) -> dict[str, float]:
    """Milliseconds of three-hop neighbourhoods around random enterprises, to 200 nodes and to 2,000."""
    starts = np.random.default_rng(1).choice(graph.of_kind("enterprise"), WALKS)
    hubs = graph.hubs_on(graph.moment.as_of)
    figures = {}
    for limit in (200, 2000):
        took = []
        for start in starts:
            began = time.perf_counter()
            neighbourhood(graph, int(start), Walk(3, graph.moment.as_of, limit), hubs)
            took.append((time.perf_counter() - began) * 1000)
        figures[f"walk_{limit}_median_ms"] = float(np.median(took))
        figures[f"walk_{limit}_p99_ms"] = float(np.percentile(took, 99))
    return figures


def findings(graph: CsrGraph) -> dict[str, float]:
    """Seconds of the first findings of all enterprises, and how many there are."""
    started = time.perf_counter()
    found = associations(graph, association_rules(load_rules(), 0), graph.moment.as_of)
    return {
        "associations_s": time.perf_counter() - started,
        "enterprises": len(found.enterprises),
        "listed": int(graph.seeds_on(graph.moment.as_of).sum()),
        "associated": int((found.found > 0).sum()),
        "findings": len(found.targets),
        "cut": int((found.cut > 0).sum()),
        "hubs": len(graph.hubs.nodes),
    }


if __name__ == "__main__":
    main()
