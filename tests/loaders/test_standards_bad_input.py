"""Damaged and impossible records of open standards: exactly those rejected, with line and reason, and nobody named."""

import json
from pathlib import Path
from typing import Any

import pytest

from loaders.report import DeliveryReport
from loaders.template import load_templates
from tests.loaders.recording import Written, record
from tests.loaders.test_bods import firm, holding, person, statement
from tests.loaders.test_ftm import FIRM, JANE, made
from tests.standards import EXAMPLES, written

Made = dict[str, Any]
SECRETS = ("Jane", "Roe", "11010519491231002X", "1970")


def bad(folder: Path, *records: Made, name: str = "a.jsonl") -> list[tuple[int, str, str | None]]:
    """Line, code and column of each rejected row; all others are loaded."""
    report, found = record([written(folder, name, records)], max_rejects=1.0)
    return rejects(report.deliveries[0], found)


def rejects(report: DeliveryReport, found: list[Written]) -> list[tuple[int, str, str | None]]:
    assert report.status == "loaded"
    rows = found[0].rejects
    assert report.rows_read == report.rows_loaded + report.rows_rejected
    assert report.rows_rejected == len(rows)
    assert all(r["message"].endswith(".") and "Traceback" not in r["message"] for r in rows)
    shown = json.dumps([rows, [i.to_dict() for i in report.issues]], ensure_ascii=False)
    assert not any(secret in shown for secret in SECRETS)
    return [(r["line"], r["code"], r["column"]) for r in rows]


def without(given: Made, name: str) -> Made:
    return {k: v for k, v in given.items() if k != name}


def interest(**of: Any) -> Made:
    return holding({"type": "shareholding", **of})


BODS = {
    "no statement id": (without(firm("other"), "statementId"), "missing_value", "statementId"),
    "no record id": (without(firm("other"), "recordId"), "missing_value", "recordId"),
    "no date": (without(firm("other"), "statementDate"), "missing_value", "statementDate"),
    "id twice": (firm(), "duplicate_id", "statementId"),
    "unknown party": (holding({"type": "shareholding"}, party="Jane Roe of nowhere"), "unknown_record", "interestedParty"),
    "unknown subject": (holding({"type": "shareholding"}, subject="nowhere"), "unknown_record", "subject"),
    "nobody": (holding({"type": "shareholding"}, party=None), "missing_value", "interestedParty"),
    "a person as subject": (holding({"type": "shareholding"}, subject="jane"), "bad_field", "subject"),
    "120 %": (interest(share={"exact": 120}), "share_over_100", "interests.share"),
    "less than nothing": (interest(share={"exact": -1}), "negative_share", "interests.share"),
    "bounds upside down": (interest(share={"minimum": 50, "maximum": 25}), "bad_percent", "interests.share"),
    "a share in words": (interest(share={"exact": "half"}), "bad_percent", "interests.share.exact"),
    "a share beyond numbers": (interest(share={"exact": 1e300}), "share_over_100", "interests.share"),
    "no such day": (interest(startDate="2021-02-30"), "bad_date", "interests.startDate"),
    "ends first": (interest(startDate="2021-02-01", endDate="2021-01-31"), "end_before_start", "interests.endDate"),
    "unknown interest": (holding({"type": "friendship"}), "unknown_value", "interests.type"),
    "unknown type": (firm("other", entityType={"type": "ship"}), "unknown_value", "entityType.type"),
    "dissolved first": (
        firm("other", foundingDate="2020-01-01", dissolutionDate="2019-01-01"), "end_before_start", "dissolutionDate",
    ),
    "unknown record type": (statement("x", "ship", {}), "unknown_value", "recordType"),
    "interests in words": (holding() | {"recordDetails": {"subject": "firm", "interestedParty": "jane", "interests": "all"}},
                           "bad_field", "interests"),
    "another version": (firm("other") | {"publicationDetails": {"bodsVersion": "0.3"}}, "bods_version", "bodsVersion"),
    "an old statement": ({"statementID": "1" * 32, "statementType": "personStatement"}, "bods_version", "bodsVersion"),
    "no object": (firm("other") | {"recordDetails": "Jane Roe"}, "bad_field", "recordDetails"),
    "NUL": (firm("other", name="a\0b"), "nul", None),
    "half a character": (firm("other") | {"recordId": "\ud800"}, "nul", None),
}  # fmt: skip
FTM = {
    "no id": (without(FIRM, "id"), "missing_value", "id"),
    "no schema": (without(made("x", "Company"), "schema"), "missing_value", "schema"),
    "unknown schema": (made("x", "Spaceship"), "unknown_schema", "schema"),
    "id twice": (FIRM, "duplicate_id", "id"),
    "unknown owner": (made("o", "Ownership", owner="Jane Roe", asset="firm"), "unknown_record", "owner"),
    "no asset": (made("o", "Ownership", owner="jane"), "missing_value", "asset"),
    "120 %": (made("o", "Ownership", owner="jane", asset="firm", percentage="120"), "share_over_100", "percentage"),
    "less than nothing": (
        made("o", "Ownership", owner="jane", asset="firm", percentage="-5 %"), "negative_share", "percentage",
    ),
    "no such day": (
        made("o", "Ownership", owner="jane", asset="firm", startDate="2021-13-01"), "bad_date", "startDate",
    ),
    "ends first": (
        made("o", "Ownership", owner="jane", asset="firm", startDate="2021", endDate="2020"), "end_before_start", "endDate",
    ),
    "unknown debtor": (made("s", "Sanction", entity="nowhere"), "unknown_record", "entity"),
    "nobody's number": (made("i", "Identification", number="11010519491231002X"), "missing_value", "holder"),
    "properties in words": (made("x", "Company") | {"properties": "Jane Roe"}, "bad_field", "properties"),
    "NUL": (made("x", "Company", name="a\0b"), "nul", None),
}  # fmt: skip


@pytest.mark.parametrize("what", BODS)
@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_a_bad_statement_alone_is_rejected(what: str, name: str, tmp_path: Path) -> None:
    given, code, column = BODS[what]
    good = [firm(), person(), holding({"type": "shareholding"}, record_="good")]
    assert bad(tmp_path, *good, given, name=name) == [(4, code, column)]


@pytest.mark.parametrize("what", FTM)
def test_a_bad_entity_alone_is_rejected(what: str, tmp_path: Path) -> None:
    given, code, column = FTM[what]
    assert bad(tmp_path, FIRM, JANE, given) == [(3, code, column)]


def test_a_relationship_of_a_rejected_party_is_rejected_too(tmp_path: Path) -> None:
    broken = person() | {"recordDetails": {"isComponent": False, "personType": "hero"}}
    assert bad(tmp_path, firm(), broken, holding({"type": "shareholding"})) == [
        (2, "unknown_value", "personType"), (3, "unknown_record", "interestedParty"),
    ]  # fmt: skip


def test_a_truncated_last_line_is_rejected_without_its_text(tmp_path: Path) -> None:
    path = written(tmp_path, "a.jsonl", [FIRM, JANE])
    path.write_bytes(path.read_bytes()[:-20])
    report, found = record([path], max_rejects=1.0)
    assert rejects(report.deliveries[0], found) == [(2, "bad_json", None)]


def test_a_truncated_array_is_refused_saying_where(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes((EXAMPLES / "fermcat.json").read_bytes()[:5000])
    report, found = record([path])
    assert (report.status, found) == ("refused", [])
    assert "line" in str(report.deliveries[0].error)


def test_a_line_of_50_megabytes_is_rejected_and_the_rest_loads(tmp_path: Path) -> None:
    path = written(tmp_path, "a.jsonl", [FIRM, JANE])
    long = json.dumps(made("long", "Company", name="x" * 50_000_000)).encode()
    path.write_bytes(path.read_bytes() + long + b"\n" + json.dumps(made("last", "Company")).encode() + b"\n")
    report, found = record([path], max_rejects=1.0)
    assert rejects(report.deliveries[0], found) == [(3, "record_too_long", None)]
    assert report.rows_loaded == 3


def test_a_file_in_an_older_version_is_refused_naming_the_one_that_is_read(tmp_path: Path) -> None:
    old = [{"statementID": "1" * 32, "statementType": "entityStatement", "entityType": "registeredEntity"}]
    for template in (None, load_templates()["bods"]):
        report, _ = record([written(tmp_path, "old.json", old)], template=template)
        assert "0.4" in str(report.deliveries[0].error)


@pytest.mark.parametrize(("name", "other"), [("bods", "ftm"), ("ftm", "bods")])
def test_the_wrong_standard_is_refused_naming_the_right_one(name: str, other: str, tmp_path: Path) -> None:
    files = {"ftm": written(tmp_path, "a.jsonl", [FIRM]), "bods": written(tmp_path, "b.json", [firm()])}
    report, _ = record([files[other]], template=load_templates()[name])
    assert f"it fits the template {other}" in str(report.deliveries[0].error)
    table = tmp_path / "t.csv"
    table.write_text("id,schema\n1,2\n", "utf-8")
    report, _ = record([table], template=load_templates()[name])
    assert "its objects lack" in str(report.deliveries[0].error)


@pytest.mark.parametrize("value", [[], {}, 1, True, None, "x", [[]], [{"a": 1}], {"a": []}])
def test_no_value_in_any_place_of_a_statement_breaks_the_reading(value: Any, tmp_path: Path) -> None:
    """Every field of a full statement in turn holds something else."""
    whole = [firm(addresses=[{"address": "x"}], identifiers=[{"id": "1", "scheme": "A-B"}], jurisdiction={"name": "x"}),
             person(nationalities=[{"name": "x"}], politicalExposure={"status": "isPep"}),
             holding({"type": "shareholding", "share": {"exact": 1}, "startDate": "2020-01-01"})]  # fmt: skip
    rows = [s for given in whole for s in changed(given, value)]
    lines = [
        r | {"statementId": f"{n:032d}"} if r.get("statementId") is not value else r
        for n, r in enumerate(rows)
    ]
    report, _ = record([written(tmp_path, "a.jsonl", [*whole, *lines])], max_rejects=1.0)
    (delivery,) = report.deliveries
    assert delivery.status == "loaded"
    assert delivery.rows_read == len(whole) + len(lines) == delivery.rows_loaded + delivery.rows_rejected


def changed(given: Any, value: Any) -> list[Any]:
    """The same object with another value in each of its places, one at a time."""
    found = [value]
    if isinstance(given, dict):
        found = [given | {k: v} for k in given for v in changed(given[k], value)]
    elif isinstance(given, list):
        found += [[v] for item in given for v in changed(item, value)]
    return found


@pytest.mark.parametrize(
    "value", [[], {}, [1], True, [[]], ["1e999"], ["9999-12-31"], ["x" * 5000], ["cgx.zz"]]
)
def test_no_value_in_any_place_of_an_entity_breaks_the_reading(value: Any, tmp_path: Path) -> None:
    whole = [FIRM, JANE, made("i", "Passport", holder="jane", number="E1"), made("s", "Sanction", entity="firm", status="x"),
             made("o", "Ownership", owner="jane", asset="firm", percentage="5", startDate="2020", sharesValue="9")]  # fmt: skip
    rows = [e for given in whole for e in changed(given, value)]
    report, _ = record([written(tmp_path, "a.jsonl", [*whole, *rows])], max_rejects=1.0)
    (delivery,) = report.deliveries
    assert delivery.status == "loaded"
    assert delivery.rows_read == len(whole) + len(rows) == delivery.rows_loaded + delivery.rows_rejected
