"""The graph in open standards: valid by their own programs, and back in a fresh store the same graph."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import libcovebods.run_tasks as tasks  # type: ignore[import-untyped]
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from libcovebods.config import LibCoveBODSConfig  # type: ignore[import-untyped]
from libcovebods.data_reader import DataReader  # type: ignore[import-untyped]
from libcovebods.schema import SchemaBODS  # type: ignore[import-untyped]
from libcovebods.tasks.checks import record_based_checks  # type: ignore[import-untyped]

from graph_service import CreditGraph
from graph_service.domain.errors import MissingPath, WrongCall
from graph_service.domain.facts import Fact, FactKind, canonical_json
from graph_service.domain.standards.bods import WRITTEN
from graph_service.security.masking import mask_name
from tests.credit_graph.small_store import deliver, store_at
from tests.credit_graph.test_questions import FACTS, FIRM, LI, OTHER, day, exit_of, record
from tests.standards import (
    EXAMPLES,
    bods_faults,
    entities,
    ftm_faults,
    graph_of,
    loaded,
    relations,
    sheet,
    there_and_back,
    written,
)

ALL = sorted(p.name for p in EXAMPLES.glob("*.json"))
RECORDS = "kind entity status authority document decided valid_from valid_to amount grade nature"
FAULTS = {"bods": bods_faults, "ftm": ftm_faults}
NEEDS_NETWORK = "CheckStatementEntityIdentifiersHaveKnownScheme"


@pytest.fixture
def graph(tmp_path: Path) -> CreditGraph:
    deliver(store_at(tmp_path / "s.db"), FACTS)
    return graph_of(tmp_path / "s.db")


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("what", FAULTS)
def test_an_example_comes_back_as_the_same_graph_and_is_valid_on_the_way(
    what: str, name: str, tmp_path: Path
) -> None:
    loaded(tmp_path / "a.db", EXAMPLES / name)
    first = graph_of(tmp_path / "a.db")
    again = there_and_back(first, what, tmp_path, ".json")
    assert entities(again) == entities(first)
    assert relations(again) == relations(first)
    assert FAULTS[what](tmp_path / "first.json") == []


def test_the_examples_together_pass_the_further_checks_of_the_standard(tmp_path: Path) -> None:
    loaded(tmp_path / "a.db", *(EXAMPLES / name for name in ALL))
    path = tmp_path / "a.json"
    graph_of(tmp_path / "a.db").export("bods", path)
    reader = DataReader(str(path))
    checks = [
        c for name, c in vars(record_based_checks).items()
        if name.startswith("CheckStatement") and name != NEEDS_NETWORK
    ]  # fmt: skip
    found = tasks.process_additional_checks(
        reader, LibCoveBODSConfig(), SchemaBODS(reader), task_classes=checks
    )
    assert found["additional_checks"] == []


def test_a_graph_of_feeds_survives_both_ways_but_for_what_is_counted_as_left_out(
    graph: CreditGraph, tmp_path: Path
) -> None:
    """FtM holds every entity, relation and adverse record; BODS entities, persons and their interests."""
    again = there_and_back(graph, "ftm", tmp_path)
    assert (entities(again), relations(again)) == (entities(graph), relations(graph))
    assert sheet(again, "records", RECORDS) == sheet(graph, "records", RECORDS)
    shown = graph.export("bods", tmp_path / "b.json")
    assert shown["left_out"] == {"located_at": 1, "record": 2}  # nobody says what the address is
    again = there_and_back(graph, "bods", tmp_path)
    assert entities(again) == [e for e in entities(graph) if e[1] != "address"]
    assert relations(again) == [r for r in relations(graph) if r[0] != "located_at"]


@pytest.mark.parametrize("what", FAULTS)
def test_names_of_natural_persons_are_masked_and_their_marks_left_out(
    what: str, graph: CreditGraph, tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    graph.export(what, path)
    text = path.read_text("utf-8")
    assert "李*" in text
    assert not any(secret in text for secret in ("李伟", "411202***", "abc", "王小明"))


def test_a_statement_has_the_same_id_until_it_says_something_else(graph: CreditGraph, tmp_path: Path) -> None:
    graph.export("bods", tmp_path / "a.jsonl")
    deliver(
        store_at(tmp_path / "s.db"),
        [Fact("r", FactKind.PROFILE, OTHER, name="三门峡新名建材有限公司")],
        "b2",
        "changes",
    )
    deliver(
        store_at(tmp_path / "s.db"), [Fact("r", FactKind.HOLDS, FIRM, OTHER, share=0.1)], "b3", "shareholders"
    )
    graph_of(tmp_path / "s.db").export("bods", tmp_path / "b.jsonl")
    before, after = ({s["statementId"]: s for s in lines(tmp_path / n)} for n in ("a.jsonl", "b.jsonl"))
    assert len(before) == 5
    (gone,) = (before[i]["recordId"] for i in before.keys() - after.keys())
    new = {after[i]["recordType"]: after[i] for i in after.keys() - before.keys()}
    assert gone == new.pop("entity")["recordId"] == OTHER
    assert new.pop("relationship")["recordDetails"]["interests"][0]["share"] == {"exact": 10}
    assert not new
    assert all(len(i) == 32 for i in after)


def test_holders_votes_and_offices_are_interests_with_inclusive_ends(tmp_path: Path) -> None:
    bounds = canonical_json({"share_lower": 0.25, "share_upper": 0.5})
    deliver(store_at(tmp_path / "s.db"), [
        Fact("r", FactKind.HOLDS, LI, FIRM, share=0.3, votes=0.51, valid_to=day("2021-01-01")),
        Fact("r", FactKind.HOLDS, OTHER, FIRM, attrs=bounds),
        Fact("r", FactKind.REPRESENTS, LI, FIRM, role="legal_representative"),
    ])  # fmt: skip
    graph_of(tmp_path / "s.db").export("bods", tmp_path / "a.jsonl")
    found = [
        s["recordDetails"]["interests"]
        for s in lines(tmp_path / "a.jsonl")
        if s["recordType"] == "relationship"
    ]
    direct = {"directOrIndirect": "direct"}
    until = direct | {"endDate": "2020-12-31"}
    assert sorted(found, key=str) == sorted([
        [{"type": "shareholding", **until, "share": {"exact": 30}}, {"type": "votingRights", **until, "share": {"exact": 51}}],
        [{"type": "shareholding", **direct, "share": {"minimum": 25, "maximum": 50}}],
        [{"type": "seniorManagingOfficial", **direct, "details": "credit-graph: represents legal_representative"}],
    ], key=str)  # fmt: skip


def test_records_against_an_entity_are_sanctions_and_no_others(tmp_path: Path) -> None:
    deliver(store_at(tmp_path / "s.db"), [
        record(FIRM, "wage_arrears", "2025-01-01"), record(FIRM, "honour", "2025-01-01", "荣1号"),
        record(FIRM, "serious_violation", "2025-02-01", "严1号"),
        exit_of(FIRM, "serious_violation", "objected", "2025-03-01", "严1号"),
        record(OTHER, "tax_violation", "2025-02-01", "税1号"), exit_of(OTHER, "tax_violation", "repaired", "2025-03-01", "税1号"),
    ])  # fmt: skip
    graph = graph_of(tmp_path / "s.db")
    shown = graph.export("ftm", tmp_path / "a.jsonl")
    assert shown["left_out"] == {"honour": 1}
    sanctions = [p["properties"] for p in lines(tmp_path / "a.jsonl") if p["schema"] == "Sanction"]
    assert [(s["program"], s["status"]) for s in sorted(sanctions, key=str)] == [
        (["serious_violation"], ["objected"]), (["wage_arrears"], ["in_force"]),
    ]  # fmt: skip
    again = there_and_back(graph, "ftm", tmp_path)
    kept = [r for r in sheet(graph, "records", RECORDS) if r[0] != "honour"]
    assert sheet(again, "records", RECORDS) == kept


def test_an_empty_graph_is_an_empty_array(tmp_path: Path) -> None:
    deliver(store_at(tmp_path / "s.db"), [])
    assert graph_of(tmp_path / "s.db").export("bods", tmp_path / "a.json")["rows"] == 0
    assert json.loads((tmp_path / "a.json").read_text("utf-8")) == []


@pytest.mark.parametrize("what", FAULTS)
@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("a.csv", WrongCall),
        ("a", WrongCall),
        ("a.graphml", WrongCall),
        ("none/a.json", MissingPath),
        ("folder.json", WrongCall),
    ],
)
def test_a_file_that_the_standard_is_not_written_to_is_refused(
    what: str, name: str, refusal: type[Exception], graph: CreditGraph, tmp_path: Path
) -> None:
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(refusal, match=r"\.$"):
        graph.export(what, tmp_path / name)


@pytest.mark.parametrize("what", FAULTS)
def test_an_export_that_fails_half_way_leaves_the_old_file_and_no_other(
    what: str, graph: CreditGraph, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "a.json").write_text("old", "utf-8")

    def full(_rows: int) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        graph.export(what, folder / "a.json", full)
    assert [(p.name, p.read_text("utf-8")) for p in folder.iterdir()] == [("a.json", "old")]


# ---------------------------------------------------------------- random graphs
FIRMS = [FIRM, OTHER, "name:" + "a" * 32, "bods:x%20y", "bods:NK-1", "regno:浙411202000000001"]
PEOPLE = [LI, "person-at:" + "b" * 32, "ftm:jane"]
CONTACT = "contact:" + "d" * 32
NAMES = ["甲公司", "Acme Ltd", "O'Neil & Söhne <GmbH>", "甲·乙", "李伟", "欧阳一", "阿卜杜拉·买买提"]
days = st.none() | st.integers(day("1990-01-01"), day("2030-01-01"))
yuan = st.none() | st.integers(0, 10**12).map(lambda fen: fen / 100)
fractions = st.none() | st.floats(0, 1)


@st.composite
def links(draw: st.DrawFn) -> Fact:
    """A relation with what a source may say of it."""
    kind = draw(st.sampled_from([k for k in FactKind if FactKind.HOLDS <= k <= FactKind.PLEDGES]))
    start, length = draw(days), draw(st.none() | st.integers(1, 4000))
    stop = None if length is None else (day("2020-01-01") if start is None else start) + length
    holds = kind is FactKind.HOLDS
    share = draw(fractions) if holds else None
    low, high = sorted((draw(st.floats(0, 0.5)), draw(st.floats(0.5, 1))))
    attrs = (
        {"share_lower": low, "share_upper": high} if holds and share is None and draw(st.booleans()) else {}
    )
    subject = draw(st.sampled_from([*FIRMS, *PEOPLE]))
    ends = {
        FactKind.LOCATED_AT: ["address:" + "c" * 32], FactKind.REACHED_AT: [CONTACT],
        FactKind.KIN_OF: PEOPLE,
    }  # fmt: skip
    object_ = draw(st.sampled_from(ends.get(kind, FIRMS)))
    role = (
        draw(st.none() | st.sampled_from(["chair", "principal", "监事"]))
        if kind in (FactKind.REPRESENTS, FactKind.MANAGES)
        else None
    )
    return Fact(
        "r", kind, subject, object_, role=role, part=draw(st.sampled_from(["1", "2", "3"])), valid_from=start,
        valid_to=stop, share=share, votes=draw(fractions) if holds else None, attrs=canonical_json(attrs),
        amount=draw(yuan) if holds else None,
    )  # fmt: skip


@st.composite
def profiles(draw: st.DrawFn) -> Fact:
    """Who one of them is."""
    attrs = canonical_json(
        {
            "founded": draw(st.sampled_from([None, "1999-12-31"])),
            "capital": draw(yuan),
        }
    )
    name = draw(st.none() | st.sampled_from(NAMES))
    return Fact("r", FactKind.PROFILE, draw(st.sampled_from([*FIRMS, *PEOPLE])), name=name, attrs=attrs)


# Four stores an example: making a failing one small would take minutes.
@settings(max_examples=12, phases=[Phase.generate])
@given(st.lists(links(), min_size=1, max_size=12), st.lists(profiles(), max_size=6))
def test_random_graphs_survive_ftm_whole_and_bods_as_far_as_it_has_words(
    found: list[Fact], who: list[Fact]
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        deliver(store_at(folder / "s.db"), [*found, *who])
        graph = graph_of(folder / "s.db")
        again = there_and_back(graph, "ftm", folder)
        assert (entities(again), relations(again)) == (entities(graph), relations(graph))
        assert ftm_faults(folder / "first.jsonl") == []
        if not any(row[1] not in ("address", "contact") for row in entities(graph)):
            return
        back = there_and_back(graph, "bods", folder, ".json")
        assert [r for r in entities(back) if r[1] not in ("address", "contact")] == [
            r for r in entities(graph) if r[1] not in ("address", "contact")
        ]
        words = {kind.name.lower() for kind in WRITTEN}
        assert [r for r in relations(back) if r[0] in words] == [r for r in relations(graph) if r[0] in words]
        assert bods_faults(folder / "first.json") == []


@given(st.sampled_from(NAMES) | st.text("李欧阳一二·AbZ*", min_size=1, max_size=6))
def test_a_masked_name_masked_again_is_the_same(name: str) -> None:
    assert mask_name(mask_name(name)) == mask_name(name)


def test_a_whole_list_of_lines_is_sorted_in_pieces_as_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from graph_service.credit_graph.exports import sorting

    monkeypatch.setattr(sorting, "AT_ONCE", 7)
    for count in (0, 1, 6, 7, 8, 50):
        given_lines = [(f"k{n * 37 % 101}", f'{{"n": {n}}}'.encode()) for n in range(count)]
        assert list(sorting.in_order(given_lines, tmp_path)) == [text for _, text in sorted(given_lines)]
    assert list(tmp_path.iterdir()) == []


def test_what_a_foreign_file_calls_as_we_call_ours_stays_foreign(tmp_path: Path) -> None:
    """Only what this program published names ids of this program."""
    stated = {"statementId": "1" * 32, "statementDate": "2020-01-01", "declarationSubject": FIRM, "recordId": FIRM,
              "recordType": "entity", "recordDetails": {"isComponent": False, "entityType": {"type": "registeredEntity"}}}  # fmt: skip
    loaded(tmp_path / "a.db", written(tmp_path, "foreign.json", [stated]))
    graph = graph_of(tmp_path / "a.db")
    assert [r[0] for r in entities(graph)] == [f"bods:{FIRM}"]
    assert entities(there_and_back(graph, "bods", tmp_path)) == entities(graph)
