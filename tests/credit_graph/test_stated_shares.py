"""Indirect shares that examples of BODS state are those that we compute from the direct ones, by an equation solved densely."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from graph_service import CreditGraph
from loaders.options import LoadOptions
from loaders.pipeline import load_paths
from tests.credit_graph.small_store import store_at
from tests.standards import EXAMPLES

Bounds = dict[str, tuple[float, float]]


def person_in(folder: Path, name: str) -> Bounds:
    """Bounds of the interest of the one person in each company of an example."""
    store = store_at(folder / "s.db")
    load_paths(store, [EXAMPLES / f"{name}.json"], LoadOptions(today=date(2026, 1, 1), person_key=b"k"))
    with CreditGraph.open(store.url, home=folder / "home") as graph:
        firms = [p for p in store.view().every_profile() if p.kind != "person"]
        return {
            str(firm.name): (owner.interest_lower, owner.interest_upper)
            for firm in firms
            for owner in graph.owners(firm.id).owners
            if owner.owner.kind == "person"
        }


def stated(name: str) -> float:
    """All that an example says the person has of the company, directly and indirectly."""
    statements = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    (whole,) = (s["recordDetails"] for s in statements if "componentRecords" in s["recordDetails"])
    return float(sum(i["share"]["exact"] for i in whole["interests"])) / 100


@pytest.mark.parametrize(
    ("name", "firm", "shares"),
    [  # who holds what part of whom, the person first: what remains after one share was inferred
        ("indirect-ownership", "Company A", {(0, 1): 0.5, (1, 2): 0.6}),
        ("mixed-direct-and-indirect-ownership", "Company A", {(0, 1): 1.0, (1, 2): 0.5, (0, 2): 0.5}),
    ],
)
def test_a_stated_indirect_share_is_the_computed_one(
    tmp_path: Path, name: str, firm: str, shares: dict[tuple[int, int], float]
) -> None:
    matrix = np.zeros((3, 3))
    for (holder, held), share in shares.items():
        matrix[holder, held] = share
    dense = float(np.linalg.inv(np.eye(3) - matrix)[0, 2])
    lower, upper = person_in(tmp_path, name)[firm]
    assert lower == pytest.approx(dense, abs=1e-9)
    assert upper == pytest.approx(dense, abs=1e-9)
    assert dense == pytest.approx(stated(name), abs=1e-9)


@pytest.mark.parametrize(
    ("name", "firm"),
    [("multiple-indirect-ownership", "Company B"), ("mutilple-indirect-ownership-2", "Company A")],
)
def test_where_two_shares_are_open_the_stated_one_lies_between_the_bounds(
    tmp_path: Path, name: str, firm: str
) -> None:
    lower, upper = person_in(tmp_path, name)[firm]
    assert lower - 1e-9 <= stated(name) <= upper + 1e-9
    assert upper > lower
