"""The page on the schema of a server: its queries answer what the view answers, and it names all that is there."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date
from pathlib import Path
from typing import Any

import neo4j
import neo4j.time
import pytest

from graph_service import snapshots
from graph_service.domain.entities import EntityKind
from graph_service.domain.facts import RELATIONS, Fact, FactKind
from graph_service.domain.identifiers import name_id
from graph_service.domain.intervals import to_day
from graph_service.store.base import Source
from graph_service.store.neo4j import Neo4jStore
from graph_service.store.neo4j.connection import Login, Server
from graph_service.store.neo4j.drawing import SHOWN
from graph_service.text.normal import normalize_name
from tests import neo4j_server
from tests.store.deliveries import (
    PENALTIES,
    Load,
    Row,
    fill,
    named,
    write,
    write_all,
)
from tests.store.neo4j.conftest import Opener
from tests.store.neo4j.told import MORE, WANTED, Answer, Town, dated, instant, status
from tests.store.neo4j.town import (
    AGREEMENTS,
    BRANCH,
    DAY,
    DEBT,
    EARLY,
    EXITING,
    EXITS,
    JANUARY,
    JIA,
    JUNE,
    LIST,
    NEXT,
    PAGE,
    ROOT,
    WU,
    YI,
    ends,
    fed_attributes,
    settle_in,
    told,
)
from tests.store.shown import shown


# ------------------------------------------------------------ what stands on the page
@dataclass(frozen=True)
class Question:
    """A query of the page, with the values that the text gives its parameters."""

    query: str
    example: dict[str, Any]


def questions() -> dict[str, Question]:
    """By heading, without its number."""
    found = {}
    for section in PAGE.split("\n### ")[1:]:
        title, _, text = section.partition("\n")
        for query in re.findall(r"```cypher\n(.*?)```", text, re.DOTALL):
            values = dict(re.findall(r"`\$(\w+)`, as `([^`]+)`", text))
            example = {name: json.loads(_quoted(value)) for name, value in values.items()}
            found[re.sub(r"^\d+\. ", "", title)] = Question(query, example)
    return found


def _quoted(value: str) -> str:
    """Cypher's single quotes as JSON's double ones."""
    return re.sub(r"'([^']*)'", lambda m: json.dumps(m[1], ensure_ascii=False), value)


def tables() -> Iterator[tuple[list[str], list[list[str]]]]:
    """The words in code style of each table's first cell of the head, and of each row's; a number is a word too."""
    for block in re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE):
        head, _, *rows = block.splitlines()
        yield _words(head), [_words(row) for row in rows]


def _words(row: str) -> list[str]:
    first = row.split("|")[1]
    return re.findall(r"`([^`]+)`", first) or [first.strip()]


def listed_under(head: str) -> set[str]:
    """All that tables with this head name."""
    return {word for heads, rows in tables() if head in heads for words in rows for word in words}


# ------------------------------------------------------------ asking
KINDS = {"Enterprise", "IndividualBusiness", "Organization", "Person", "Address", "Contact"}
SEEKS = ("NodeIndexSeek", "NodeUniqueIndexSeek", "ProcedureCall", "Argument", "EmptyRow")
FEW = (":Record", ":Moment", ":Delivery", ":Source")  # few beside facts and entities, so all may be looked at


@dataclass
class Names:
    """Labels, types and properties met in the database at any time; of entities by `Entity` alone."""

    labels: set[str] = field(default_factory=set)
    of_nodes: set[tuple[str, str]] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    of_relations: set[tuple[bool, str]] = field(default_factory=set)

    def note(self, driver: neo4j.Driver) -> None:
        """What is there now."""
        for labels, keys in ask(driver, "MATCH (n) RETURN DISTINCT labels(n), keys(n)"):
            self.labels |= set(labels)
            self.of_nodes |= {(label, k) for label in set(labels) - KINDS for k in keys}
        for type_, keys in ask(driver, "MATCH ()-[r]->() RETURN DISTINCT type(r), keys(r)"):
            self.types.add(type_)
            self.of_relations |= {(type_.startswith("DERIVED_"), key) for key in keys}


@dataclass
class Asked:
    """What came of asking every question of the page, once the town stood, and with a delivery under way."""

    found: dict[str, list[Answer]] = field(default_factory=dict)
    wanted: dict[str, list[Answer]] = field(default_factory=dict)
    under_way: dict[str, list[Answer]] = field(default_factory=dict)
    starts: dict[str, list[str]] = field(default_factory=dict)
    remarks: dict[str, list[str]] = field(default_factory=dict)
    names: Names = field(default_factory=Names)


def ask(driver: neo4j.Driver, query: str, given: Mapping[str, Any] | None = None) -> Answer:
    """Rows, with dates as Python has them."""
    records = driver.execute_query(query, dict(given or {})).records
    return [tuple(plain(value) for value in record.values()) for record in records]


def plain(value: Any) -> Any:
    """A value of the driver as Python has it."""
    if isinstance(value, neo4j.time.DateTime):
        return value.to_native().astimezone(UTC)
    return value.to_native() if isinstance(value, neo4j.time.Date) else value


def explain(driver: neo4j.Driver, query: str, given: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """How the plan of a query begins, and what the server remarks on it."""
    summary = driver.execute_query(f"EXPLAIN {query}", dict(given)).summary
    remarks = [s.status_description for s in summary.gql_status_objects if s.is_notification]
    return leaves(summary.plan or {}), remarks


def leaves(plan: Mapping[str, Any]) -> list[str]:
    """Operators without inputs, with what they read."""
    below = plan.get("children") or []
    if below:
        return [leaf for child in below for leaf in leaves(child)]
    return [f"{plan['operatorType'].partition('@')[0]} {plan['args'].get('Details', '')}"]


def values(town: Town, title: str, example: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The page's example and more; the past moment is the one of the first owners, as this town was loaded now."""
    moment = next(d.recorded for d in town.store.deliveries() if d.batch == JANUARY.batch)
    given = {k: instant(moment).isoformat() if k == "known_at" else v for k, v in example.items()}
    return [given, *([given | MORE[title]] if title in MORE else [])]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """Everything asked at once, so that the server is free for others before the answers are compared."""
    neo4j_server.require()
    url = neo4j_server.POOL.borrow()
    store = Neo4jStore(Login(url))
    try:
        with neo4j.GraphDatabase.driver(url) as driver:
            found = ask_everything(store, driver, tmp_path_factory.mktemp("home"))
    finally:
        store.close()
        neo4j_server.POOL.give_back(url)
    return found


def ask_everything(store: Neo4jStore, driver: neo4j.Driver, home: Path) -> Asked:
    """Load the town and ask."""
    asked = Asked()
    with store.writer() as writer:
        write(writer, AGREEMENTS)
        asked.names.note(driver)  # not settled yet
        writer.withdraw(AGREEMENTS.batch)
    settle_in(store)
    snapshots.show(store, snapshots.refresh(store, home, as_of=DAY), write_back=True)
    town = Town(store, store.view(DAY))
    for title, question in questions().items():
        asked.starts[title], asked.remarks[title] = explain(driver, question.query, question.example)
        for given in values(town, title, question.example):
            asked.found.setdefault(title, []).append(ask(driver, question.query, given))
            if title in WANTED:
                asked.wanted.setdefault(title, []).append(WANTED[title](replace(town, given=given)))
    asked.names.note(driver)
    with store.writer() as writer, writer.delivery(NEXT.header) as delivery:
        fill(delivery, NEXT)
        delivery.apply(allow_ending=True)
        asked.names.note(driver)
        for title, question in questions().items():
            each = values(town, title, question.example)
            asked.under_way[title] = [ask(driver, question.query, given) for given in each]
    return asked


# ------------------------------------------------------------ the queries
TITLES = list(questions())


def test_every_query_has_an_expectation_and_every_expectation_a_query() -> None:
    """Nothing on the page is unproven, and nothing is proven that is not there."""
    assert list(WANTED) == TITLES
    assert PAGE.count("```cypher") == len(TITLES)


@pytest.mark.parametrize("title", TITLES)
def test_a_query_answers_what_the_view_answers(title: str, asked: Asked) -> None:
    """With the values that the page gives as examples, and with more."""
    assert all(asked.wanted[title])
    assert [in_order(rows) for rows in asked.found[title]] == [in_order(rows) for rows in asked.wanted[title]]


@pytest.mark.parametrize("title", TITLES)
def test_a_delivery_under_way_changes_no_answer(title: str, asked: Asked) -> None:
    """Facts of a moment that has no node yet are read by no query."""
    assert asked.under_way[title] == asked.found[title]


@pytest.mark.parametrize("title", TITLES)
def test_a_query_begins_at_an_index_and_uses_known_names(title: str, asked: Asked) -> None:
    """Only what is few is looked through as a whole; the server has nothing to remark."""
    scans = [start for start in asked.starts[title] if not start.startswith(SEEKS)]
    assert [scan for scan in scans if not any(label in scan for label in FEW)] == []
    assert asked.remarks[title] == []


def in_order(rows: Iterable[tuple[Any, ...]]) -> list[str]:
    """Rows as text, sorted."""
    return sorted(repr(tuple(round(v, 9) if isinstance(v, float) else v for v in row)) for row in rows)


# ------------------------------------------------------------ the names
def test_labels_and_properties_of_nodes_are_those_of_the_page(asked: Asked) -> None:
    """Neither is one left out, nor one invented; what only a writer at work leaves is there while it works."""
    assert asked.names.labels == listed_under("label")
    documented = {
        (label, name) for heads, rows in tables() for label in heads for words in rows for name in words
        if label in asked.names.labels
    }  # fmt: skip
    store = {pair for pair in documented if pair[0] == "CreditGraph"}
    assert asked.names.of_nodes - documented == set()
    assert documented - store - asked.names.of_nodes == set()
    code_ = "".join(p.read_text("utf-8") for p in (ROOT / "graph_service/store/neo4j").glob("*.py"))
    assert {name for _, name in store} <= set(re.findall(r"\bc\.(\w+)", code_))


def test_types_and_properties_of_relationships_are_those_of_the_page(asked: Asked) -> None:
    """Facts and what was worked out apart."""
    derived = listed_under("derived relationship")
    assert asked.names.types == listed_under("relationship") | derived
    named_ = {(False, name) for name in listed_under("property of a relationship")}
    named_ |= {(True, name) for type_ in derived for name in listed_under(type_)}
    assert asked.names.of_relations == named_


def test_the_words_of_the_page_are_those_of_the_domain() -> None:
    """Entity kinds, numbers of kinds of fact, statuses that are drawn, attributes that the built-in feeds give."""
    assert listed_under("status") == {str(s) for s in SHOWN}
    numbers = {int(number): name for number, name in re.findall(r"^\| (\d+) \| `(\w+)`", PAGE, re.MULTILINE)}
    assert numbers == {int(kind): kind.name for kind in FactKind}
    assert {str(kind) for kind in EntityKind} <= set(re.findall(r"`(\w+)`", PAGE))
    assert fed_attributes() <= listed_under("Entity")


# ------------------------------------------------------------ the drawing
class Picture:
    """What is drawn on a server, beside what the view tells of the same day."""

    def __init__(self, store: Neo4jStore, driver: neo4j.Driver) -> None:
        self.store, self._driver = store, driver

    def load(self, *rows: Row, source: Source) -> None:
        """One more delivery."""
        batch = f"more {len(self.store.deliveries())}"
        write_all(self.store, [Load(batch, source, rows, date=DAY)])

    def drawn(self) -> tuple[list[str], list[str]]:
        """Relationships and records."""
        relations = """
            MATCH (a:Entity)-[r]->(b:Entity) WHERE NOT type(r) STARTS WITH 'DERIVED_'
            RETURN type(r), a.id, b.id, r.source, r.role, r.document, r.share, r.votes, r.amount, r.details, r.since, r.until
        """
        records = """
            MATCH (e:Entity)-[:SUBJECT_OF]->(r:Record) RETURN r.status, e.id, r.kind, r.document, r.authority, r.source,
            r.amount, r.details, r.since, r.until
        """
        return in_order(ask(self._driver, relations)), in_order(ask(self._driver, records))

    def told(self) -> tuple[list[str], list[str]]:
        """The same as the view has it."""
        ((day,),) = ask(self._driver, "MATCH (c:CreditGraph) RETURN c.drawn_for")
        view = self.store.view(day)
        relations, records = [], []
        for f in view.all_facts((*RELATIONS, FactKind.SAME_AS, FactKind.RECORD)):
            when = dated(f.valid_from), dated(f.valid_to)
            said_ = (f.role, f.part, f.share, f.votes, f.amount, f.attrs, *when)
            if f.object is not None and f.is_valid_on(day):
                relations.append((f.kind.name, f.subject, f.object, f.source, *said_))
            if f.kind is FactKind.RECORD and status(view, f) in SHOWN:
                about = (f.subject, f.role, f.part, f.name, f.source, f.amount, f.attrs)
                records.append((str(status(view, f)), *about, *when))
        return in_order(relations), in_order(records)


@pytest.fixture
def picture(opened: Opener, url: str) -> Iterator[Picture]:
    """The town, drawn for today."""
    store = opened()
    settle_in(store)
    with neo4j.GraphDatabase.driver(url) as driver:
        yield Picture(store, driver)


def test_the_drawing_is_what_the_view_tells(picture: Picture) -> None:
    """After loads, on other days, after a withdrawal, an exit, and its withdrawal."""
    seen = [picture.drawn()]
    assert seen[-1] == picture.told()
    for day in (DAY, EARLY, DAY):
        picture.store.show(day)
        assert picture.drawn() == picture.told()
        seen.append(picture.drawn())
    assert seen[1] == seen[3] != seen[2]
    for batch in (JUNE.batch, EXITING.batch):
        with picture.store.writer() as writer:
            writer.withdraw(batch)
            writer.settle()
        assert picture.drawn() == picture.told() != seen[-1]
        seen.append(picture.drawn())
    picture.load(ends(JIA, "revoked", DEBT, "甲1号", date(2024, 1, 1)), source=EXITS)
    assert picture.drawn() == picture.told() != seen[-1]
    assert not any("甲1号" in row for row in picture.drawn()[1])


def test_what_somebody_draws_by_hand_changes_no_answer(picture: Picture, url: str) -> None:
    """The service answers from the ledger alone."""
    before = shown(picture.store, ("建材",))
    server = Server(Login(url))
    by_hand = "MATCH (a:Enterprise {id: $a}), (b:Enterprise {id: $b}) CREATE (a)-[:HOLDS {share: 0.9}]->(b) SET a.name = 'X'"
    server.write((by_hand, {"a": YI, "b": WU}))
    server.close()
    assert shown(picture.store, ("建材",)) == before


def test_a_repaired_record_is_not_drawn_for_a_day_before_its_repair(picture: Picture) -> None:
    """Answers leave it out whatever the day."""
    picture.store.show(to_day(date(2022, 6, 1)))
    assert picture.drawn() == picture.told()


def test_an_exit_under_another_id_counts_from_when_the_two_are_one(picture: Picture) -> None:
    """The record is under a name, its repair under the code; an officer then says that the two are one."""
    other = name_id(normalize_name("三门峡庚商贸有限公司"))
    picture.load(
        named(PENALTIES, other, "三门峡庚商贸有限公司"),
        told(other, "庚1号", LIST, date(2022, 3, 1)),
        source=PENALTIES,
    )
    picture.load(ends(BRANCH, "repaired", LIST, "庚1号", date(2023, 1, 1)), source=EXITS)
    assert picture.drawn() == picture.told()
    with picture.store.writer() as writer:
        writer.decide([Fact("officer", FactKind.SAME_AS, other, BRANCH, "officer", attrs='{"by":"test"}')])
        writer.settle()
    assert picture.drawn() == picture.told()
