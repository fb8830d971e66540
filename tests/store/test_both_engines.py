"""The same city in both engines: the same answers, files and snapshot, to the last digit."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph_service import snapshots
from graph_service.cli.loading import default_options
from graph_service.credit_graph import CreditGraph
from graph_service.domain.facts import FactKind
from graph_service.domain.identifiers import DEMO_PERSON_KEY
from graph_service.store.base import GraphStore
from graph_service.store.opening import open_store
from loaders.city import write_city
from loaders.pipeline import load_paths
from tests import neo4j_server
from tests.store.shown import shown

ENTERPRISES, SEED = 300, 11
TEXTS = ("三门峡", "有限公司", "湖滨", "建材", "smx", "0398", "gongsi", "王", "91411", "公司灵宝")
QUESTIONS = (
    "entity",
    "records",
    "history",
    "neighbours",
    "owners",
    "holdings",
    "controlled",
    "group",
    "associations",
)
MOMENTS = re.compile(r'"(known_at|recorded_from|recorded_to|recorded)":\s*"[^"]*"')


@dataclass
class Side:
    """One engine with the city in it."""

    url: str
    store: GraphStore
    home: Path
    snapshot: str
    graph: CreditGraph


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Side, Side]]:
    neo4j_server.require()
    folder = tmp_path_factory.mktemp("both")
    write_city(folder / "city", ENTERPRISES, SEED, person_key=DEMO_PERSON_KEY)
    as_of = date.fromisoformat(json.loads((folder / "city/truth/truth.json").read_text("utf-8"))["as_of"])
    server = neo4j_server.POOL.borrow()
    urls = (f"sqlite:///{folder / 's.db'}", server)
    made = []
    for name, url in zip(("file", "server"), urls, strict=True):
        store, home = open_store(url), folder / name
        load_paths(store, [folder / "city/feeds"], default_options(DEMO_PERSON_KEY.decode(), home))
        snapshot = snapshots.refresh(store, home, as_of=(as_of - date(1970, 1, 1)).days).id
        made.append(Side(url, store, home, snapshot, CreditGraph.open(url, home=home)))
    yield made[0], made[1]
    for side in made:
        side.graph.close()
        side.store.close()
    neo4j_server.POOL.give_back(server)


def without_moments(answer: Any) -> Any:
    """An answer without when it was recorded, which differs between any two loads."""
    return json.loads(MOMENTS.sub(r'"\1": null', json.dumps(answer.to_dict(), ensure_ascii=False)))


def test_content_snapshot_and_everything_shown_are_equal(sides: tuple[Side, Side]) -> None:
    one, other = sides
    assert one.snapshot == other.snapshot
    assert shown(one.store, TEXTS) == shown(other.store, TEXTS)


def test_profiles_and_tables_are_equal(sides: tuple[Side, Side]) -> None:
    one, other = (side.store.view() for side in sides)
    assert list(one.every_profile()) == list(other.every_profile())
    assert one.nodes().equals(other.nodes())
    assert sides[0].store.source_ranks() == sides[1].store.source_ranks()
    for kinds in ((FactKind.PROFILE,), (FactKind.RECORD, FactKind.EXIT)):
        tables = [view.statement_table(kinds).to_pylist() for view in (one, other)]
        assert sorted(tables[0], key=str) == sorted(tables[1], key=str)
    assert sorted(one.matches(), key=str) != []
    assert {f.id for f in one.matches()} == {f.id for f in other.matches()}


def test_what_a_refresh_keeps_is_bit_for_bit_the_same(sides: tuple[Side, Side]) -> None:
    kept = []
    for side in sides:
        folder = side.home / "snapshots" / side.snapshot
        files = json.loads((folder / "manifest.json").read_text("utf-8"))["files"]
        kept.append({name: (about["sha256"], about["dtype"]) for name, about in files.items()})
    assert {name.partition(".")[0] for name in kept[0]} >= {"edges", *(part.name for part in snapshots.PARTS)}
    assert kept[0] == kept[1]


@pytest.mark.parametrize(
    "what",
    [
        "entities",
        "relations",
        "records",
        "owners",
        "control",
        "beneficial-owners",
        "groups",
        "associations",
        "patterns",
        "bods",
        "ftm",
    ],
)
def test_exports_are_equal(what: str, sides: tuple[Side, Side], tmp_path: Path) -> None:
    suffix = {"bods": ".json", "ftm": ".jsonl"}.get(what, ".csv")
    files = [tmp_path / f"{n}{suffix}" for n in range(2)]
    for side, file in zip(sides, files, strict=True):
        side.graph.export(what, file)
    lines = [sorted(file.read_text("utf-8").splitlines()) for file in files]
    assert len(lines[0]) > 10
    assert lines[0] == lines[1]


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_about_entities_are_equal(question: str, sides: tuple[Side, Side]) -> None:
    ids = [p.id for p in sides[0].store.view().every_profile()]
    for entity in ids[:: len(ids) // 25]:
        one, other = (without_moments(getattr(side.graph, question)(entity)) for side in sides)
        assert one == other, entity


def test_a_withdrawal_and_a_past_day_are_equal(sides: tuple[Side, Side]) -> None:
    batches = {d.template: d.batch for d in sides[0].store.deliveries()}
    for side in sides:
        with side.store.writer() as writer:
            writer.withdraw(batches["shareholders"])
            writer.settle()
    assert shown(sides[0].store, TEXTS) == shown(sides[1].store, TEXTS)
    firm = next(p.id for p in sides[0].store.view().every_profile() if p.kind == "enterprise")
    past = [side.graph.at(as_of=date(2024, 6, 30)).neighbours(firm, depth=2) for side in sides]
    assert without_moments(past[0]) == without_moments(past[1])
