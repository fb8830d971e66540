"""How long single questions to a loaded city take, asked inside the process.

    python -m benchmarks.questions --store sqlite:///city.db [--home DIR]

Each question is asked of many entities chosen by a fixed seed, owners, controllers and associations of a snapshot where there
is one; medians and the slowest of a hundred are printed.
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from graph_service.credit_graph import CreditGraph
from graph_service.domain.entities import EntityKind
from graph_service.store.base import GraphView
from graph_service.store.opening import open_store

ASKED = 1000
COMMON = ("三门峡", "有限", "有限公司", "商贸", "三门峡市", "建材有限公司", "smx", "张")


def main() -> None:
    """Measure and print milliseconds as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", required=True)
    parser.add_argument("--home", type=Path)
    asked = parser.parse_args()
    print(json.dumps(measured(asked.store, asked.home), indent=1, ensure_ascii=False))


def measured(url: str, home: Path | None) -> dict[str, float]:
    """Milliseconds of look-ups, neighbourhoods and searches."""
    store = open_store(url)
    view = store.view()
    enterprises, names = chosen(view)
    figures = timed("find", view.find, enterprises)
    figures |= timed("profile", view.profile, enterprises)
    with CreditGraph.open(url, home=home) as graph:
        figures |= timed("entity", graph.entity, enterprises)
        figures |= timed("neighbours_3", lambda e: graph.neighbours(e, depth=3), enterprises)
        if graph.heading()["snapshot"]:
            figures |= timed("owners", graph.owners, enterprises)
            figures |= timed("controller", graph.controller, enterprises)
            figures |= timed("associations", graph.associations, enterprises)
        figures |= timed("search_name", graph.search, names)
        figures |= timed("search_part", graph.search, [n[4:8] for n in names if len(n) > 8])
        figures |= timed("search_common", graph.search, COMMON * 25)
        for text in COMMON:
            figures |= timed(f"search_{text}", graph.search, [text] * 20)
    store.close()
    return {name: round(value, 3) for name, value in figures.items()}


def chosen(view: GraphView) -> tuple[list[str], list[str]]:
    """Ids and names of enterprises."""
    nodes = view.nodes()
    at = np.flatnonzero(nodes.column("kind").to_numpy(zero_copy_only=False) == str(EntityKind.ENTERPRISE))
    picked = np.random.default_rng(1).choice(at, ASKED)
    ids = [str(i) for i in nodes.column("id").take(picked).to_pylist()]
    labels = nodes.column("label").take(picked).to_pylist()
    return ids, [str(label) for label in labels if label]


def timed(name: str, ask: Callable[[str], object], values: Sequence[str]) -> dict[str, float]:
    """Median and 99th percentile in milliseconds."""
    took = []
    for value in values:
        began = time.perf_counter()
        ask(value)
        took.append((time.perf_counter() - began) * 1000)
    return {f"{name}_median_ms": float(np.median(took)), f"{name}_p99_ms": float(np.percentile(took, 99))}


if __name__ == "__main__":
    main()
