"""No full name and no number of a natural person in any answer or export, over a whole small city."""

import csv
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_service import CreditGraph, snapshots
from graph_service.cli.loading import default_options
from graph_service.domain.identifiers import DEMO_PERSON_KEY
from graph_service.store.opening import open_store
from loaders.city import AS_OF, write_city
from loaders.pipeline import load_paths

PERSON_COLUMNS = re.compile(
    "法定代表人|负责人|股东名称|姓名|经营者|投资人|出质人$|质权人$|被执行人$|清算组|财务负责人|被限制消费人员"
)
ORGANISATION = re.compile(
    "公司|中心|合作社|厂|店|部|行|所|企业|合伙|局|院|会|基金|集团|社|馆|场|站|室|坊|园|超市"
)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[CreditGraph, Path]]:
    folder = tmp_path_factory.mktemp("city")
    write_city(folder / "city", 120, 5)
    store = open_store(f"sqlite:///{folder / 's.db'}")
    report = load_paths(store, [folder / "city" / "feeds"], default_options(DEMO_PERSON_KEY.decode(), folder))
    assert not report.refused
    snapshots.refresh(store, folder / "home", as_of=AS_OF)
    store.close()
    with CreditGraph.open(store.url, home=folder / "home") as graph:
        yield graph, folder


@pytest.fixture(scope="module")
def names(city: tuple[CreditGraph, Path]) -> frozenset[str]:
    """Full names of natural persons in the feeds, of three characters and more: shorter ones hide in other words."""
    found: set[str] = set()
    for path in (city[1] / "city" / "feeds").glob("*.csv"):
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig" if raw[:3] == b"\xef\xbb\xbf" else "utf-8", errors="replace")
        for row in csv.DictReader(text.splitlines()):
            cells = [v for k, v in row.items() if k and isinstance(v, str) and PERSON_COLUMNS.search(k)]
            found |= {n for cell in cells for n in re.split(r"[、,，;；\s]+", cell) if 3 <= len(n) <= 4}
    return frozenset(n for n in found if re.fullmatch(r"[\u4e00-\u9fff]+", n) and not ORGANISATION.search(n))


@pytest.fixture(scope="module")
def numbers(city: tuple[CreditGraph, Path]) -> frozenset[str]:
    """Numbers of persons in the feeds."""
    text = "".join(
        p.read_bytes().decode("utf-8", errors="replace") for p in (city[1] / "city" / "feeds").glob("*.csv")
    )
    return frozenset(
        re.findall(r"(?<![0-9A-Z])[1-8]\d{5}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dX](?![0-9A-Z])", text)
    )


def leaks(text: str, names: frozenset[str], numbers: frozenset[str]) -> list[str]:
    return [word for word in (*names, *numbers) if word in text]


def test_the_feeds_do_hold_names_and_numbers(names: frozenset[str], numbers: frozenset[str]) -> None:
    assert len(names) > 50
    assert len(numbers) > 50


@pytest.mark.parametrize("what", ["entities", "relations", "records", "associations"])
def test_no_export_shows_one(
    what: str, city: tuple[CreditGraph, Path], names: frozenset[str], numbers: frozenset[str]
) -> None:
    graph, folder = city
    assert graph.export(what, folder / f"{what}.jsonl")["rows"] > 0
    assert leaks((folder / f"{what}.jsonl").read_text("utf-8"), names, numbers) == []


def test_no_answer_shows_one(
    city: tuple[CreditGraph, Path], names: frozenset[str], numbers: frozenset[str]
) -> None:
    graph, _ = city
    frame = graph.entities_frame()
    ids = frame[frame["kind"].isin(["enterprise", "person", "individual_business"])]["id"].tolist()
    for entity in random.Random(1).sample(ids, 120):
        answers = (
            graph.entity(entity), graph.records(entity), graph.history(entity), graph.neighbours(entity, depth=2),
            graph.associations(entity),
        )  # fmt: skip
        for answer in answers:
            assert leaks(str(answer.to_dict()) + str(answer.rows()), names, numbers) == [], (
                type(answer),
                entity,
            )
    assert leaks(str(graph.matches().to_dict()), names, numbers) == []


def test_no_rejected_row_shows_one(
    city: tuple[CreditGraph, Path], names: frozenset[str], numbers: frozenset[str]
) -> None:
    store = open_store(f"sqlite:///{city[1] / 's.db'}")
    kept = [f"{r.raw} {r.message}" for r in (*store.rejected(), *store.noted())]
    store.close()
    assert kept
    assert leaks("\n".join(kept), names, numbers) == []


def test_at_every_enterprise_the_live_answer_is_the_snapshots(city: tuple[CreditGraph, Path]) -> None:
    graph, _ = city
    frame = graph.entities_frame()
    ids = frame[frame["kind"] == "enterprise"]["id"].tolist()
    live = graph.at(as_of=graph.heading()["as_of"])
    for entity in random.Random(2).sample(ids, 60):
        assert live.associations(entity).associations == graph.associations(entity).associations, entity
