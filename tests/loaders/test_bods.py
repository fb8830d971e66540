"""What statements of BODS become: facts of the examples, and of statements made up for one question each."""

import json
from pathlib import Path
from typing import Any

import pytest

from graph_service.domain.facts import FactKind
from graph_service.domain.identifiers import person_id
from loaders.reading.json_array import Document, elements
from loaders.template import load_templates
from tests.loaders.recording import Written, record
from tests.loaders.typed import KEY
from tests.standards import EXAMPLES, written

Made = dict[str, Any]
ALL = sorted(p.name for p in EXAMPLES.glob("*.json"))
DAY = {"2018-01-01": 17532, "2020-01-01": 18262, "2021-01-01": 18628, "2022-01-01": 18993}


def statement(record_: str, kind: str, details: Made, **more: Any) -> Made:
    digest = f"{record_}-{more.get('statementDate', '')}".ljust(32, "0")
    return {
        "statementId": digest, "statementDate": "2020-01-01", "declarationSubject": "firm", "recordId": record_,
        "recordType": kind, "recordStatus": "new", "recordDetails": {"isComponent": False, **details}, **more,
    }  # fmt: skip


def firm(record_: str = "firm", **details: Any) -> Made:
    return statement(
        record_, "entity", {"entityType": {"type": "registeredEntity"}, "name": f"{record_} Ltd", **details}
    )


def person(record_: str = "jane", **details: Any) -> Made:
    names = [{"type": "legal", "fullName": "Jane Roe"}]
    return statement(record_, "person", {"personType": "knownPerson", "names": names, **details})


def holding(*interests: Made, record_: str = "rel", party: Any = "jane", **more: Any) -> Made:
    details = {"subject": more.pop("subject", "firm"), "interestedParty": party, "interests": list(interests)}
    return statement(record_, "relationship", details | more.pop("details", {}), **more)


def facts_of(folder: Path, *statements: Made) -> Written:
    report, (found,) = record([written(folder, "made.json", statements)])
    assert (report.rows_read, report.rows_rejected) == (len(statements), 0)
    return found


def told(found: Written, kind: FactKind, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(f[c] for c in columns) for f in found.of(kind)]


@pytest.mark.parametrize("name", ALL)
def test_every_statement_of_an_example_is_loaded(name: str) -> None:
    report, _ = record([EXAMPLES / name])
    (delivery,) = report.deliveries
    assert (delivery.template, delivery.status) == ("bods", "loaded")
    count = sum(1 for _ in elements(Document(EXAMPLES / name, "utf-8")))
    assert (delivery.rows_read, delivery.rows_loaded, delivery.rows_rejected) == (count, count, 0)


def test_a_file_is_recognised_by_content_as_an_array_a_package_and_as_lines(tmp_path: Path) -> None:
    statements = [firm(), person(), holding({"type": "shareholding", "share": {"exact": 50}})]
    package = tmp_path / "package.json"
    package.write_text(json.dumps({"publisher": "x", "statements": statements}), "utf-8")
    files = [written(tmp_path, "a.json", statements), written(tmp_path, "a.jsonl", statements), package]
    found = [record([f])[1][0] for f in files]
    assert found[0].facts == found[1].facts == found[2].facts
    named = record([files[0]], template=load_templates()["bods"])[1][0]
    assert named.facts == found[0].facts


def test_kinds_follow_the_types_of_the_standard(tmp_path: Path) -> None:
    types = [
        "registeredEntity",
        "legalEntity",
        "arrangement",
        "state",
        "stateBody",
        "unknownEntity",
        "anonymousEntity",
    ]
    entities = [statement(t, "entity", {"entityType": {"type": t}}) for t in types]
    people = [
        statement(t, "person", {"personType": t}) for t in ("knownPerson", "anonymousPerson", "unknownPerson")
    ]
    found = facts_of(tmp_path, *entities, *people)
    kinds = {e["id"].removeprefix("bods:"): e["kind"] for e in found.entities}
    assert kinds.pop("registeredEntity") == "enterprise"
    assert {kinds.pop(t) for t in types[1:]} == {"organization"}
    assert set(kinds.values()) == {"person"}
    assert len(kinds) == 3


def test_shares_are_exact_or_bounds_and_dates_half_open(tmp_path: Path) -> None:
    found = facts_of(
        tmp_path, firm(), person(),
        holding({"type": "shareholding", "share": {"exact": 23.5}, "startDate": "2020-01-01", "endDate": "2020-12-31"}),
        holding({"type": "shareholding", "share": {"minimum": 25, "exclusiveMaximum": 50}}, record_="rel2"),
    )  # fmt: skip
    exact, bounded = found.of(FactKind.HOLDS)
    assert (exact["share"], exact["valid_from"], exact["valid_to"]) == (
        0.235,
        DAY["2020-01-01"],
        DAY["2021-01-01"],
    )
    assert (exact["subject"], exact["object"], exact["part"]) == ("bods:jane", "bods:firm", "rel")
    assert bounded["share"] is None
    said = json.loads(bounded["attrs"])
    assert (said["share_lower"], said["share_upper"], said["share_upper_open"]) == (0.25, 0.5, True)


def test_votes_stand_beside_the_share_only_where_they_differ(tmp_path: Path) -> None:
    share, same, other = ({"type": t, "share": {"exact": n}} for t, n in
                          (("shareholding", 30), ("votingRights", 30), ("votingRights", 51)))  # fmt: skip
    found = facts_of(
        tmp_path, firm(), person(), holding(share, same), holding(share, other, record_="r2"), holding(other, record_="r3")
    )  # fmt: skip
    assert told(found, FactKind.HOLDS, "share", "votes") == [(0.3, None), (0.3, 0.51), (None, 0.51)]


def test_interests_become_the_relations_that_they_are(tmp_path: Path) -> None:
    types = ["boardMember", "otherInfluenceOrControl", "settlor", "nominee", "trustee"]
    found = facts_of(
        tmp_path, firm(), person(), *(holding({"type": t}, record_=t) for t in types), holding(record_="bare")
    )
    kinds = {f["part"]: f["kind"] for f in found.facts if f["part"]}
    assert kinds == {
        "boardMember": FactKind.MANAGES, "trustee": FactKind.MANAGES, "settlor": FactKind.CONTROLS_BY_AGREEMENT,
        "otherInfluenceOrControl": FactKind.CONTROLS_BY_AGREEMENT, "nominee": FactKind.HOLDS, "bare": FactKind.HOLDS,
    }  # fmt: skip


def test_later_statements_of_a_record_end_what_earlier_ones_said() -> None:
    _, (found,) = record([EXAMPLES / "tecido.json"])
    trust = [f for f in found.of(FactKind.HOLDS) if f["subject"] == "bods:033E84672B"]
    periods = [(f["share"], f["valid_from"], f["valid_to"]) for f in trust]
    assert periods == [(0.6, 18894, 19256), (0.7, 19256, 19417), (0.8, 19417, None)]
    owner = [f for f in found.of(FactKind.HOLDS) if f["subject"] == "bods:018AF6B3EB"]
    assert [(f["share"], f["valid_to"]) for f in owner] == [(1.0, 18894), (0.4, 19256), (0.3, 19419)]


def test_a_share_that_grew_without_a_new_start_holds_from_the_later_statement(tmp_path: Path) -> None:
    half, all_ = (
        {"type": "shareholding", "share": {"exact": n}, "startDate": "2018-01-01"} for n in (50, 100)
    )
    later = holding(all_, recordStatus="updated", statementDate="2022-01-01")
    found = facts_of(tmp_path, firm(), person(), later, holding(half))
    assert sorted(told(found, FactKind.HOLDS, "share", "valid_from", "valid_to")) == [
        (0.5, DAY["2018-01-01"], DAY["2022-01-01"]),
        (1.0, DAY["2022-01-01"], None),
    ]


def test_a_closed_relationship_without_an_end_ends_on_the_day_of_its_statement(tmp_path: Path) -> None:
    closed = holding(
        {"type": "shareholding", "startDate": "2018-01-01"}, recordStatus="closed", statementDate="2021-01-01"
    )
    found = facts_of(tmp_path, firm(), person(), closed)
    assert told(found, FactKind.HOLDS, "valid_to") == [(DAY["2021-01-01"],)]


def test_an_indirect_share_counts_once_and_gives_the_one_share_that_its_components_leave_open(
    tmp_path: Path,
) -> None:
    def chain(known: bool) -> list[Made]:
        link = {"type": "shareholding", "directOrIndirect": "direct", "share": {"exact": 60}}
        part = {"isComponent": True}
        first = link if known else {"directOrIndirect": "unknown"}
        return [
            firm(), firm("middle"), person(), holding(first, record_="c1", subject="middle", details=part),
            holding(link, record_="c2", party="middle", details=part),
            holding(link | {"directOrIndirect": "indirect", "share": {"exact": 36}}, record_="sum",
                    details={"componentRecords": ["middle", "c1", "c2"]}),
        ]  # fmt: skip

    for known in (True, False):
        report, (found,) = record([written(tmp_path, f"{known}.json", chain(known))])
        assert [(f["part"], f["share"]) for f in found.of(FactKind.HOLDS)] == [
            ("c1", pytest.approx(0.6, abs=1e-12)), ("c2", 0.6),
        ]  # fmt: skip
        codes = {i.code for i in report.deliveries[0].issues}
        assert "derived_interest" in codes
        assert ("inferred_share" in codes) is not known


def test_somebody_who_is_not_named_is_an_entity_with_the_reason() -> None:
    _, (found,) = record([EXAMPLES / "listed-company-exempt-from-disclosure.json"])
    (holds,) = found.of(FactKind.HOLDS)
    profile = next(f for f in found.of(FactKind.PROFILE) if f["subject"] == holds["subject"])
    assert json.loads(profile["attrs"])["unspecified"] == "subjectExemptFromDisclosure"
    assert holds["share"] is None


def test_a_citizens_number_makes_the_id_that_every_feed_gives(tmp_path: Path) -> None:
    number = "11010519491231002X"
    given = person(identifiers=[{"id": number, "scheme": "CHN-IDCARD"}], birthDate="1949-12-31")
    found = facts_of(tmp_path, firm(), given, holding({"type": "shareholding"}))
    known = person_id(KEY, "resident_id", "CN", number)
    assert told(found, FactKind.HOLDS, "subject") == [(known,)]
    assert number not in str(vars(found))
    assert "1949" not in str(vars(found))


def test_another_number_makes_persons_of_one_name_candidates_and_is_kept_nowhere(tmp_path: Path) -> None:
    number = {"id": "7700225VH", "scheme": "IRL-TAXID"}
    found = facts_of(tmp_path, person("one", identifiers=[number]), person("two", identifiers=[number]))
    marks = [json.loads(f["attrs"])["candidate"] for f in found.of(FactKind.PROFILE)]
    assert marks[0] == marks[1]
    assert len(marks[0]) == 1
    assert {e["id"] for e in found.entities} == {"bods:one", "bods:two"}
    assert "7700225VH" not in str(vars(found))


def test_a_credit_code_says_which_enterprise_it_is_and_other_codes_are_found(tmp_path: Path) -> None:
    codes = [{"id": "91411202MA40AB121R", "scheme": "CN-SAIC"}, {"id": "434151", "scheme": "IRL-BAU"}]
    found = facts_of(tmp_path, firm(identifiers=codes))
    assert told(found, FactKind.PROFILE, "subject") == [("uscc:91411202MA40AB121R",)]
    assert {n for (n,) in told(found, FactKind.ALIAS, "name")} == {"434151", "firm"}


def test_an_address_of_a_firm_is_kept_and_one_of_a_person_is_not(tmp_path: Path) -> None:
    place = [{"type": "registered", "address": "53 Killard", "postCode": "V94"}]
    report, (found,) = record([written(tmp_path, "a.json", [firm(addresses=place), person(addresses=place)])])
    assert told(found, FactKind.LOCATED_AT, "subject", "role") == [("bods:firm", "registered")]
    assert [(i.code, i.example.column) for i in report.deliveries[0].issues] == [("not_kept", "addresses")]


def test_an_end_in_a_year_that_never_comes_is_no_end(tmp_path: Path) -> None:
    given = holding({"type": "shareholding", "startDate": "2018-01-01", "endDate": "9999-12-31"})
    found = facts_of(tmp_path, firm(), person(), given)
    assert told(found, FactKind.HOLDS, "valid_from", "valid_to") == [(DAY["2018-01-01"], None)]
