"""Findings written back to the server: named as derived, of one snapshot, gone with the records that they rest on."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from graph_service.cli.loading import default_options
from graph_service.domain.errors import StoreError
from graph_service.domain.facts import Fact, FactKind
from graph_service.domain.identifiers import DEMO_PERSON_KEY
from graph_service.snapshots import refresh, show
from graph_service.store.neo4j import Neo4jStore
from graph_service.store.neo4j.connection import Login, Server
from graph_service.store.neo4j.lease import Lease
from loaders.city import write_city
from loaders.pipeline import load_paths
from tests.cli.conftest import Run, is_one_sentence
from tests.store.deliveries import (
    PENALTIES,
    REGISTRATION,
    SHAREHOLDERS,
    Load,
    Row,
    holds,
    named,
    record,
    write,
    write_all,
)
from tests.store.neo4j.conftest import Opener

NEAR, FAR, LISTED = "uscc:91411202MA40AB121R", "uscc:91411202MA40AB13XH", "uscc:91411202MA40AB148B"
DAY = 20_000
JUDGED = replace(record(LISTED, "(2024)执1号").fact, role="dishonest_judgment_debtor", valid_from=DAY - 100)
FINDINGS = """
MATCH (a)-[r:DERIVED_ASSOCIATED_WITH]->(b) RETURN a.id AS enterprise, b.id AS target, r.hops AS hops,
r.strength AS strength, r.via AS via, r.class AS class, r.snapshot AS snapshot, r.rests_on AS rests_on, r.as_of AS as_of
"""
LOADS = (
    Load("firms", REGISTRATION, tuple(named(REGISTRATION, e, n) for e, n in zip((NEAR, FAR, LISTED), "甲乙丙", strict=True))),
    Load("owners", SHAREHOLDERS, (holds(NEAR, LISTED, 0.6), holds(FAR, NEAR, 0.7))),
    Load("debtors", PENALTIES, (Row(JUDGED),)),
)  # fmt: skip


@dataclass
class Office:
    """A store with three firms in a chain, the last of which is listed, and a snapshot of it that is written back."""

    store: Neo4jStore
    home: Path
    server: Server

    def load(self, load: Load) -> None:
        with self.store.writer() as writer:
            write(writer, load)
            writer.settle()

    def findings(self) -> list[tuple[str, str]]:
        """Enterprise and target of all findings, each pair once, whatever the rules that tell of it."""
        return sorted({(row[0], row[1]) for row in self.server.read(FINDINGS)})

    def leads(self) -> dict[str, int]:
        rows = self.server.read("MATCH (e:Enterprise) WHERE e.derived_leads > 0 RETURN e.id, e.derived_leads")
        found = [row[0] for row in self.server.read(FINDINGS)]
        assert all(n == found.count(i) for i, n in rows)
        return {str(i): 1 for i, _ in rows}

    def refresh(self, day: int = DAY, *, write_back: bool = True) -> str:
        made = refresh(self.store, self.home, as_of=day)
        show(self.store, made, write_back=write_back)
        return made.id


@pytest.fixture
def office(opened: Opener, url: str, tmp_path: Path) -> Iterator[Office]:
    store, server = opened(), Server(Login(url))
    write_all(store, LOADS)
    office = Office(store, tmp_path, server)
    office.refresh()
    yield office
    server.close()


BOTH = [(NEAR, LISTED), (FAR, LISTED)]


def test_findings_of_a_city_stand_in_the_server_as_the_program_tells_them(
    run: Run, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDIT_GRAPH_STORE", url)
    write_city(tmp_path / "city", 300, 11, person_key=DEMO_PERSON_KEY)
    as_of = json.loads((tmp_path / "city/truth/truth.json").read_text("utf-8"))["as_of"]
    store = Neo4jStore(Login(url))
    load_paths(store, [tmp_path / "city/feeds"], default_options(DEMO_PERSON_KEY.decode(), tmp_path))
    made = run("refresh", "--as-of", as_of, "--write-back").document
    assert run("export", "associations", tmp_path / "told.jsonl").code == 0
    told = [json.loads(line) for line in (tmp_path / "told.jsonl").read_text("utf-8").splitlines()]
    assert len(told) > 20
    server = Server(Login(url))
    columns = ("enterprise", "target", "hops", "strength", "via", "class", "snapshot", "rests_on", "as_of")
    rows: list[dict[str, Any]] = [dict(zip(columns, row, strict=True)) for row in server.read(FINDINGS)]
    assert len(rows) == len(told)
    assert {(r["enterprise"], r["target"], r["hops"]) for r in rows} == {
        (t["enterprise"], t["target"], t["hops"]) for t in told
    }
    assert {(r["enterprise"], r["target"]) for r in rows if r["rests_on"]} == {
        (t["enterprise"], t["target"]) for t in told if t["records"]
    }
    assert {(r["class"], r["snapshot"], str(r["as_of"])) for r in rows} == {("lead", made["snapshot"], as_of)}
    counted = dict(server.read("MATCH (e) WHERE e.derived_leads > 0 RETURN e.id, e.derived_leads"))
    assert set(counted) == {t["enterprise"] for t in told}
    persons = "MATCH (p:Person) WHERE any(k IN keys(p) WHERE k STARTS WITH 'derived_') RETURN count(p)"
    assert server.read(persons) == [[0]]
    one = told[0]
    assert (
        run("leads", "mark", one["finding"], "--as", "unfounded", "--reason", "查无", "--by", "o-1").code == 0
    )
    run("refresh", "--as-of", as_of, "--write-back")
    left = "MATCH (e {id: $id}) RETURN coalesce(e.derived_leads, 0), count { (e)-[:DERIVED_ASSOCIATED_WITH]->() }"
    number = sum(t["enterprise"] == one["enterprise"] for t in told) - 1
    assert server.read(left, id=one["enterprise"]) == [[number, number]]
    assert len(server.read(FINDINGS)) == len(told) - 1
    server.close()
    store.close()


def test_who_controls_whom_stands_beside_the_facts_and_goes_with_the_snapshot(office: Office) -> None:
    query = "MATCH (a)-[r:DERIVED_CONTROLS]->(b) RETURN a.id, b.id, r.ultimate, r.basis, r.class, round(r.votes_lower, 6)"
    assert sorted(map(tuple, office.server.read(query))) == sorted(
        [
            (NEAR, LISTED, False, "votes", "derived", 0.6), (FAR, NEAR, True, "votes", "derived", 0.7),
            (FAR, LISTED, True, "votes", "derived", 0.6),
        ]
    )  # fmt: skip
    office.refresh(write_back=False)
    assert office.server.read(query) == []


def test_findings_leave_at_once_with_the_record_that_they_rest_on(office: Office) -> None:
    assert office.findings() == sorted(BOTH)
    assert office.leads() == {NEAR: 1, FAR: 1}
    with office.store.writer() as writer:
        writer.withdraw("debtors")
    assert office.findings() == []
    assert office.leads() == {}


def test_findings_leave_with_a_repair_and_stay_through_other_news(office: Office) -> None:
    office.load(Load("more", PENALTIES, (record(LISTED, "罚1号", valid_from=DAY - 50),)))
    office.load(Load("renamed", REGISTRATION, (named(REGISTRATION, NEAR, "甲新"),), date=200))
    assert office.findings() == sorted(BOTH)
    assert office.leads() == {NEAR: 1, FAR: 1}
    repair = Fact(
        PENALTIES.name, FactKind.EXIT, LISTED, role="repaired", part=f"{JUDGED.role}||", valid_from=DAY - 1
    )
    office.load(Load("repairs", PENALTIES, (Row(repair),)))
    assert office.findings() == []


def test_each_snapshot_replaces_the_one_before_as_a_whole(office: Office) -> None:
    with office.store.writer() as writer:
        writer.withdraw("owners")
    office.load(Load("owners again", SHAREHOLDERS, (holds(FAR, LISTED, 0.6),)))
    assert office.findings() == sorted(BOTH)
    name = office.refresh()
    assert office.findings() == [(FAR, LISTED)]
    assert office.leads() == {FAR: 1}
    assert office.server.read("MATCH (e) WHERE e.derived_snapshot <> $s RETURN count(e)", s=name) == [[0]]
    office.refresh(write_back=False)
    assert (office.findings(), office.leads()) == ([], {})


def test_the_day_of_the_snapshot_is_the_one_that_is_shown(office: Office) -> None:
    shown = "MATCH (e:Enterprise)-[:SUBJECT_OF]->(r:Record) RETURN e.id"
    assert office.server.read(shown) == [[LISTED]]
    office.refresh(DAY - 200)
    assert office.server.read(shown) == []
    assert office.findings() == []
    office.refresh(DAY)
    assert office.server.read(shown) == [[LISTED]]
    assert office.findings() == sorted(BOTH)


def test_what_was_cut_off_is_taken_away_by_the_next_writer_and_written_whole_by_the_next_refresh(
    office: Office,
) -> None:
    written = Lease.write

    def cut(self: Lease, *steps: Any) -> None:
        if any("derived_leads" in str(step) or "'leads'" in str(step) for step in steps[1:]) or any(
            "SET e.derived_snapshot" in step[0] for step in steps
        ):
            raise StoreError("cut off.")
        written(self, *steps)

    with patch.object(Lease, "write", cut), pytest.raises(StoreError, match=r"current.*cut off"):
        office.refresh()
    assert office.server.read("MATCH (c:CreditGraph) RETURN c.derived_snapshot, c.derived_unfinished") == [
        [None, True]
    ]
    with office.store.writer():
        pass
    assert office.findings() == []
    office.refresh()
    assert office.findings() == sorted(BOTH)


def test_an_embedded_store_has_nowhere_to_write_to_and_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("", "utf-8")
    write_city(tmp_path / "city", 20, 3, person_key=DEMO_PERSON_KEY)
    assert run("load", tmp_path / "city/feeds").code == 0
    ran = run("refresh", "--write-back")
    assert (ran.code, ran.out) == (2, "")
    assert "--write-back" in ran.err
    assert is_one_sentence(ran.err)
    assert not list(tmp_path.glob("**/snapshots/s1-*"))
