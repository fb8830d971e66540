"""How long each part of a refresh takes on a random city in memory, and one answer of it.

    python -m benchmarks.analysis [--enterprises N] [--peers]

`--peers`: NetworkX on the same holdings, at a size that it finishes. Prints figures as JSON.
"""

import argparse
import json
import resource
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from benchmarks.projection import synthetic
from benchmarks.synthetic import LAST_DAY
from graph_service.analysis.chains import chains
from graph_service.analysis.communities import communities
from graph_service.analysis.control import Control
from graph_service.analysis.ownership import Interests
from graph_service.analysis.paths import PathRules, paths
from graph_service.analysis.propagation import Exposures, carriers
from graph_service.analysis.stakes import Stakes
from graph_service.domain.facts import RELATIONS
from graph_service.rules import load_rules
from graph_service.snapshots import PARTS, Workspace
from tests.graphs import DAY, listed, project, pyramid

ASKED = 2_000
MOST_FOR_COMMUNITIES = 200_000


def seconds(call: Callable[[], Any]) -> float:
    """How long it takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def parts(enterprises: int) -> dict[str, float]:
    """Seconds of each part of a refresh, in its order, each once after a small graph compiled it."""
    _every_part(Workspace(project([*pyramid(), listed("e:d")]), DAY, load_rules()))
    graph = synthetic(enterprises)
    work = Workspace(graph, LAST_DAY, load_rules())
    figures: dict[str, float] = {"nodes": graph.node_count, "edges": graph.edge_count}
    for part in PARTS:
        figures[f"{part.name}_s"] = seconds(lambda p=part: work.results(p.kind))  # type: ignore[misc]
    held, found = work.results(Stakes), work.results(Interests)
    figures |= {"interests": len(found.owners), "controls": len(work.results(Control).controllers)}
    rows = np.random.default_rng(1).integers(0, len(found.owners), ASKED)
    companies = found.companies()
    asked = [(int(found.owners[r]), int(companies[r]), float(found.lower[r])) for r in rows]
    figures |= _times("chains", [lambda a=a: chains(held, *a) for a in asked])  # type: ignore[misc]
    figures |= _paths(work) | _carriers(work)
    if enterprises <= MOST_FOR_COMMUNITIES:
        figures["communities_s"] = seconds(lambda: communities(graph, LAST_DAY))
    figures["peak_gib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return figures


def _every_part(work: Workspace) -> None:
    for part in PARTS:
        work.results(part.kind)


def _times(name: str, calls: list[Callable[[], Any]]) -> dict[str, float]:
    took = sorted(seconds(call) for call in calls)
    return {
        f"{name}_median_ms": 1000 * took[len(took) // 2],
        f"{name}_p99_ms": 1000 * took[len(took) * 99 // 100],
    }


def _paths(work: Workspace) -> dict[str, float]:
    """Milliseconds of the shortest paths between random pairs of enterprises, up to four relations."""
    rules = PathRules("shortest", dict.fromkeys(RELATIONS, 0.5), length=4)
    firms = np.random.default_rng(2).choice(work.graph.of_kind("enterprise"), (200, 2)).astype(np.int32)
    return _times("paths", [lambda p=p: paths(work.graph, (p[:1], p[1:]), rules, LAST_DAY) for p in firms])  # type: ignore[misc]


def _carriers(work: Workspace) -> dict[str, float]:
    """Rounds of the walk, and milliseconds of the paths that carry most of an enterprise's exposure."""
    found = work.results(Exposures)
    firms = np.random.default_rng(3).choice(found.enterprises[found.values > 0], ASKED).tolist()
    asked: list[Callable[[], Any]] = [partial(carriers, work.graph, found, f, work.as_of) for f in firms]
    return {"propagation_rounds": int(found.rounds[0]), **_times("carriers", asked)}


def peers(enterprises: int) -> dict[str, float]:
    """Ultimate interests in all enterprises by NetworkX, as one would write it: products along all simple paths upwards."""
    import networkx as nx  # noqa: PLC0415  (only for this comparison)

    graph = synthetic(enterprises)
    held = Workspace(graph, LAST_DAY, load_rules()).results(Stakes)
    plain: nx.DiGraph[int] = nx.DiGraph()
    rows = zip(held.holders.tolist(), held.held.tolist(), held.shares.tolist(), strict=True)
    plain.add_weighted_edges_from((h, c, s) for h, c, s in rows)

    def walk() -> int:
        told = 0
        for company in np.unique(held.held).tolist():
            stack = [(company, 1.0, frozenset([company]))]
            while stack:
                node, share, seen = stack.pop()
                for holder in plain.predecessors(node):
                    told += 1
                    if holder not in seen:
                        stack.append((holder, share * plain[holder][node]["weight"], seen | {holder}))
        return told

    return {"networkx_interests_s": seconds(walk)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--enterprises", type=int, default=2_000_000)
    parser.add_argument("--peers", action="store_true")
    asked = parser.parse_args()
    figures = parts(asked.enterprises) | (peers(asked.enterprises) if asked.peers else {})
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}, indent=1))


if __name__ == "__main__":
    main()
