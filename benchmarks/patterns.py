"""Patterns against the truth of synthetic cities: recall and precision of each kind.

    python -m benchmarks.patterns [--enterprises N] [--seeds 101 102 103]

Prints a table in Markdown. A finding is right when the truth has a pattern of its kind with the same enterprises; of kinds that
the truth does not list completely (rings that the city grows by itself) see docs/evaluation.md.
"""

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from graph_service.analysis.patterns import KINDS, Patterns
from graph_service.domain.identifiers import DEMO_PERSON_KEY
from graph_service.domain.intervals import to_day
from graph_service.projection import Moment, projection_rules
from graph_service.rules import load_rules
from graph_service.snapshots import Workspace, project
from graph_service.store.opening import open_store
from loaders.city import write_city
from loaders.options import LoadOptions
from loaders.pipeline import load_paths

Found = tuple[str, frozenset[str]]  # kind and enterprises


@dataclass
class Count:
    """Patterns by kind: planted, found, and found that are planted."""

    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)

    def recall(self, kind: str) -> float:
        """Share of the planted that were found."""
        return self.right[kind] / self.planted[kind]

    def precision(self, kind: str) -> float:
        """Share of the found that were planted."""
        return self.right[kind] / self.found[kind] if self.found[kind] else 0.0


def judged(folder: Path, enterprises: int, seed: int, count: Count) -> list[Found]:
    """Write, load and search one city; count into `count`; the findings that the truth lacks."""
    import datetime as dt  # noqa: PLC0415  (only here)

    city = folder / f"city-{seed}"
    write_city(city, enterprises, seed, person_key=DEMO_PERSON_KEY)
    truth = json.loads((city / "truth" / "truth.json").read_text("utf-8"))
    today = dt.date.fromisoformat(truth["as_of"])
    store = open_store(f"sqlite:///{folder / f'{seed}.db'}")
    load_paths(store, [city / "feeds"], LoadOptions(today=today, person_key=DEMO_PERSON_KEY))
    day = to_day(today)
    view, rules = store.view(day), load_rules()
    graph = project(store, view, projection_rules(rules, day), Moment("", day, view.known_at, day))
    found = told(Workspace(graph, day, rules))
    planted = {
        (p["kind"], _enterprises([view.canonical(m) for m in p["members"]])) for p in truth["patterns"]
    }
    store.close()
    for kind, members in planted:
        count.planted[kind] += 1
        count.right[kind] += (kind, members) in found
    for kind, _ in found:
        count.found[kind] += 1
    return sorted(found - planted, key=str) + [
        ("missed " + k, m) for k, m in sorted(planted - found, key=str)
    ]


def told(work: Workspace) -> set[Found]:
    """The findings of a workspace that no objection pauses."""
    found, ids = work.results(Patterns), work.graph.nodes.ids
    return {
        (KINDS[found.kinds[r]], _enterprises(ids.many(found.members_of(r))))
        for r in np.flatnonzero(~found.paused).tolist()
    }


def _enterprises(members: Sequence[str]) -> frozenset[str]:
    return frozenset(m for m in members if not m.startswith("person"))


def main() -> None:
    """Measure cities of several seeds and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--enterprises", type=int, default=20_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[101, 102, 103])
    parser.add_argument("--show", action="store_true", help="also print what differs from the truth")
    asked = parser.parse_args()
    count = Count()
    with tempfile.TemporaryDirectory() as folder:
        for seed in asked.seeds:
            for kind, members in judged(Path(folder), asked.enterprises, seed, count):
                if asked.show:
                    print(seed, kind, *sorted(members))
    print("| kind | planted | found | recall | precision |\n|---|---|---|---|---|")
    for kind in KINDS:
        if count.planted[kind]:
            rates = f"{count.recall(kind):.3f} | {count.precision(kind):.3f}"
            print(f"| `{kind}` | {count.planted[kind]} | {count.found[kind]} | {rates} |")


if __name__ == "__main__":
    main()
