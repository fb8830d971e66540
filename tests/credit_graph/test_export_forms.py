"""Every export in every form that makes sense for it, read back by a reader that knows nothing of this program."""

import csv
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import networkx as nx
import pyarrow.parquet as pq
import pytest

from graph_service import CreditGraph, snapshots
from graph_service.domain.errors import WrongCall
from tests.credit_graph.small_store import deliver, store_at
from tests.credit_graph.test_questions import FACTS, TODAY, day

EXPORTS = ("entities", "relations", "records", "associations")
AS_OF = day("2026-11-15")
Row = dict[str, str]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CreditGraph]:
    folder = tmp_path_factory.mktemp("forms")
    store = store_at(folder / "s.db")
    deliver(store, FACTS)
    snapshots.refresh(store, folder / "home", as_of=AS_OF)
    with CreditGraph.open(store.url, home=folder / "home", clock=lambda: TODAY) as graph:
        yield graph


def shown(value: Any) -> str:
    """A value as text, in whatever type a reader gives it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool) or value in ("true", "false", "True", "False"):
        return str(value).lower()
    if isinstance(value, date | datetime):
        return value.isoformat()[:10]
    try:
        return repr(float(value))
    except ValueError:
        return str(value)


def of_csv(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def of_jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def of_parquet(path: Path) -> list[dict[str, Any]]:
    return list(pq.read_table(path).to_pylist())


def of_graphml(path: Path) -> list[dict[str, Any]]:
    read = nx.read_graphml(path, force_multigraph=True)
    nodes = [dict(data) for _, data in read.nodes(data=True) if data]
    return nodes or [dict(data) for _, _, data in read.edges(data=True)]


READERS: dict[str, Callable[[Path], list[dict[str, Any]]]] = {
    ".csv": of_csv, ".jsonl": of_jsonl, ".parquet": of_parquet, ".graphml": of_graphml,
}  # fmt: skip


def rows(graph: CreditGraph, what: str, suffix: str, folder: Path) -> list[Row]:
    path = folder / f"{what}{suffix}"
    told = graph.export(what, path)
    found = READERS[suffix](path)
    assert len(found) == told["rows"]
    return sorted(({k: shown(v) for k, v in row.items() if shown(v)} for row in found), key=str)


@pytest.mark.parametrize("what", EXPORTS)
def test_every_form_says_the_same(what: str, graph: CreditGraph, tmp_path: Path) -> None:
    suffixes = [s for s in READERS if (what, s) != ("records", ".graphml")]
    first, *others = (rows(graph, what, suffix, tmp_path) for suffix in suffixes)
    assert first
    assert all(other == first for other in others)


def test_ends_of_edges_are_the_columns_of_the_row(graph: CreditGraph, tmp_path: Path) -> None:
    for what, ends in (("relations", ("subject", "object")), ("associations", ("enterprise", "target"))):
        graph.export(what, tmp_path / "a.graphml")
        read = nx.read_graphml(tmp_path / "a.graphml", force_multigraph=True)
        edges = list(read.edges(data=True))
        assert edges
        assert all((s, t) == (data[ends[0]], data[ends[1]]) for s, t, data in edges)


def test_records_are_no_graph(graph: CreditGraph, tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match="no graph"):
        graph.export("records", tmp_path / "a.graphml")
