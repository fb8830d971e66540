import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import networkx as nx
import pyarrow.parquet as pq
import pytest

from graph_service import CreditGraph
from graph_service.credit_graph.exports.columns import Row, Sheet, columns
from graph_service.credit_graph.exports.files import write_sheet
from graph_service.domain.errors import MissingPath, WrongCall
from tests.credit_graph.small_store import deliver, store_at
from tests.credit_graph.test_questions import FACTS, FIRM, LI, OTHER, TODAY, exit_of

CONTRACT = {
    "entities": "id kind name status region industry founded closed capital",
    "relations": "fact kind subject object share share_lower share_upper valid_from valid_to source",
    "records": "fact kind entity status authority document decided valid_from valid_to amount",
}


@pytest.fixture
def graph(tmp_path: Path) -> CreditGraph:
    deliver(store_at(tmp_path / "s.db"), FACTS)
    return CreditGraph.open(f"sqlite:///{tmp_path / 's.db'}", clock=lambda: TODAY)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("what", CONTRACT)
@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_every_form_of_an_export_holds_the_same_rows_with_the_promised_columns(
    what: str, suffix: str, graph: CreditGraph, tmp_path: Path
) -> None:
    told = graph.export(what, tmp_path / f"x{suffix}")
    frame = graph._frame(what)
    assert set(CONTRACT[what].split()) <= set(frame.columns)
    count = {
        ".csv": lambda p: len(rows_of(p)),
        ".jsonl": lambda p: len([json.loads(line) for line in p.read_text("utf-8").splitlines()]),
        ".parquet": lambda p: pq.read_table(p).num_rows,
    }[suffix](tmp_path / f"x{suffix}")
    assert count == told["rows"] == len(frame) > 0


def test_names_of_natural_persons_are_masked_in_exports(graph: CreditGraph, tmp_path: Path) -> None:
    for what in CONTRACT:
        graph.export(what, tmp_path / f"{what}.jsonl")
    text = "".join((tmp_path / f"{what}.jsonl").read_text("utf-8") for what in CONTRACT)
    assert "李*" in text
    assert "李伟" not in text


def test_an_entity_stands_in_the_export_with_its_attributes(graph: CreditGraph, tmp_path: Path) -> None:
    graph.export("entities", tmp_path / "e.csv")
    found = {row["id"]: row for row in rows_of(tmp_path / "e.csv")}
    assert found[FIRM]["region"] == "411202"
    assert float(found[FIRM]["capital"]) == 1e6
    assert found[LI]["kind"] == "person"


def test_a_repaired_record_is_in_no_export_even_of_an_earlier_moment(
    graph: CreditGraph, tmp_path: Path
) -> None:
    before = graph.heading()["known_at"]
    deliver(
        store_at(tmp_path / "s.db"),
        [exit_of(FIRM, "dishonest_judgment_debtor", "repaired", "2026-11-01")],
        "b2",
    )
    graph.at(known_at=before).export("records", tmp_path / "r.csv")
    assert [row["kind"] for row in rows_of(tmp_path / "r.csv")] == ["administrative_penalty"]


def test_relations_become_a_graph_that_networkx_reads(graph: CreditGraph, tmp_path: Path) -> None:
    graph.export("relations", tmp_path / "r.graphml")
    read = nx.read_graphml(tmp_path / "r.graphml")
    assert read.has_edge(LI, FIRM)
    assert read.has_edge(LI, OTHER)
    graph.export("entities", tmp_path / "e.graphml")
    assert {FIRM, OTHER, LI} <= set(nx.read_graphml(tmp_path / "e.graphml"))


@pytest.mark.parametrize(
    ("what", "name", "refusal"),
    [
        ("entities", "x.txt", WrongCall),
        ("entities", "x", WrongCall),
        ("records", "x.graphml", WrongCall),
        ("nothing", "x.csv", WrongCall),
        ("entities", "no-folder/x.csv", MissingPath),
    ],
)
def test_an_export_that_cannot_be_written_is_refused(
    what: str, name: str, refusal: type[Exception], graph: CreditGraph, tmp_path: Path
) -> None:
    with pytest.raises(refusal):
        graph.export(what, tmp_path / name)


def test_an_export_that_fails_half_way_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    target.write_text("old", "utf-8")

    def broken() -> Sheet:
        def chunks() -> Iterator[Sequence[Row]]:
            yield [("1",)]
            raise OSError("disk full")

        return Sheet("entities", columns("id"), chunks(), None)

    with pytest.raises(OSError, match="disk full"):
        write_sheet(broken(), target, lambda _rows: None)
    assert target.read_text("utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["x.csv"]
