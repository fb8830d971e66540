"""Control over a data set with a strong component of hundreds of companies, beside a dense fixpoint."""

import csv
from pathlib import Path

import numpy as np
import pytest

from graph_service.analysis.control import Control, control
from graph_service.analysis.stakes import Stakes, stakes
from graph_service.projection import CsrGraph
from graph_service.projection.arrays import Flags, Floats
from tests.graphs import DAY, holds, project

FOLDER = Path(__file__).parent.parent / "data" / "finbench"


def invested(factor: float) -> CsrGraph:
    """The investments with every share multiplied, so that some are control."""
    facts = []
    for name, kind in (("CompanyInvestCompany", "e"), ("PersonInvestCompany", "p")):
        with (FOLDER / f"{name}.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file, delimiter="|"):
                share = float(row["ratio"]) * factor
                facts.append(holds(f"{kind}:{row['investorId']}", f"e:{row['companyId']}", share))
    return project(facts)


def dense(held: Stakes) -> Flags:
    """Who controls whom: every root at once, round by round, with matrices."""
    votes: Floats = np.zeros((held.count, held.count))
    votes[held.holders, held.held] = held.votes
    total = 1 - votes.diagonal()
    np.fill_diagonal(votes, 0)
    side = np.eye(held.count, dtype=np.bool_)
    while True:
        grown = side | (side @ votes > total / 2 + 1e-9 * total)
        if (grown == side).all():
            np.fill_diagonal(side, val=False)
            return side
        side = grown


@pytest.mark.parametrize("factor", [1.0, 3.0])
def test_control_is_that_of_dense_rounds(factor: float) -> None:
    graph = invested(factor)
    held = stakes(graph, DAY)
    found: Control = control(graph, held, DAY)
    expected = dense(held)
    mine = np.zeros_like(expected)
    mine[found.controllers, found.controlled()] = True
    assert (mine == expected).all()
    assert mine.any()
