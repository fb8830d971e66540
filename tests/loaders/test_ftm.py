"""What entities of FollowTheMoney become."""

import json
from pathlib import Path
from typing import Any

from graph_service.domain.facts import FactKind
from graph_service.domain.identifiers import person_id
from loaders.template import load_templates
from tests.loaders.recording import Written, record
from tests.loaders.typed import KEY
from tests.standards import written

Made = dict[str, Any]
USCC = "91411202MA40AB121R"
CITIZEN = "11010519491231002X"


def made(called: str, schema: str, **properties: Any) -> Made:
    lists = {k: v if isinstance(v, list) else [v] for k, v in properties.items()}
    return {"id": called, "schema": schema, "properties": lists}


FIRM = made("firm", "Company", name="Acme Ltd", jurisdiction="gb", incorporationDate="2001-02-03")
JANE = made("jane", "Person", name="Jane Roe", nationality="gb")


def facts_of(folder: Path, *entities: Made) -> Written:
    report, (found,) = record([written(folder, "made.jsonl", entities)])
    assert (report.rows_read, report.rows_rejected) == (len(entities), 0)
    return found


def told(found: Written, kind: FactKind, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(f[c] for c in columns) for f in found.of(kind)]


def test_a_file_is_recognised_by_content_under_either_suffix_and_by_name(tmp_path: Path) -> None:
    lines = written(tmp_path, "a.jsonl", [FIRM, JANE])
    for name in ("b.json", "c.txt"):
        (tmp_path / name).write_bytes(lines.read_bytes())
    array = written(tmp_path, "d.json", [FIRM, JANE])
    paths = [lines, tmp_path / "b.json", tmp_path / "c.txt", array]
    found = [record([p]) for p in paths]
    assert {report.deliveries[0].template for report, _ in found} == {"ftm"}
    assert all(w[0].facts == found[0][1][0].facts for _, w in found)
    assert record([lines], template=load_templates()["ftm"])[1][0].facts == found[0][1][0].facts


def test_one_entity_alone_in_a_json_file_is_a_row(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(FIRM) + "\n", "utf-8")
    assert record([path])[0].rows_loaded == 1


def test_kinds_follow_the_schemata(tmp_path: Path) -> None:
    schemata = ["Company", "Organization", "LegalEntity", "PublicBody", "Person"]
    found = facts_of(tmp_path, *(made(s, s, name=s) for s in schemata))
    assert [e["kind"] for e in found.entities] == [
        "enterprise",
        "organization",
        "organization",
        "organization",
        "person",
    ]
    assert [e["id"] for e in found.entities] == [f"ftm:{s}" for s in schemata]


def test_links_become_relations_also_when_they_come_first(tmp_path: Path) -> None:
    found = facts_of(
        tmp_path,
        made("o", "Ownership", owner="jane", asset="firm", percentage="25-50", startDate="2020", endDate="2020"),
        made("d", "Directorship", director="jane", organization="firm", role="chair"),
        made("c", "Control", controller="jane", controlled="firm"), FIRM, JANE,
    )  # fmt: skip
    (holds,) = found.of(FactKind.HOLDS)
    assert (holds["subject"], holds["object"], holds["part"], holds["share"]) == (
        "ftm:jane",
        "ftm:firm",
        "o",
        None,
    )
    assert (holds["valid_from"], holds["valid_to"]) == (18262, 18628)
    assert json.loads(holds["attrs"]) == {"share_lower": 0.25, "share_upper": 0.5}
    assert told(found, FactKind.MANAGES, "role") == [("chair",)]
    assert len(found.of(FactKind.CONTROLS_BY_AGREEMENT)) == 1


def test_links_that_say_nothing_of_kind_and_schemata_that_are_not_kept_are_noted(tmp_path: Path) -> None:
    ship = made("ship", "Vessel", name="Aurora")
    rows = [FIRM, JANE, ship, made("u", "UnknownLink", subject="jane", object="firm"),
            made("o", "Ownership", owner="jane", asset="ship")]  # fmt: skip
    report, (found,) = record([written(tmp_path, "a.jsonl", rows)])
    assert [(i.code, i.count) for i in report.deliveries[0].issues] == [("unused", 3)]
    assert found.kinds == {"profile"}


def test_a_sanction_is_a_record_of_the_kind_that_its_program_names_else_a_block(tmp_path: Path) -> None:
    found = facts_of(
        tmp_path, FIRM,
        made("s1", "Sanction", entity="firm", program="wage_arrears", startDate="2024-01-01", authority="Bureau"),
        made("s2", "Sanction", entity="firm", program="XY-LIST", listingDate="2024-02-01", endDate="2024-12-31"),
    )  # fmt: skip
    assert told(found, FactKind.RECORD, "role", "name", "valid_from", "valid_to") == [
        ("wage_arrears", "Bureau", 19723, None), ("blocked", None, 19754, 20089),
    ]  # fmt: skip


def test_numbers_of_persons_are_hashed_wherever_they_stand(tmp_path: Path) -> None:
    found = facts_of(
        tmp_path, FIRM, made("p", "Person", name="Li", idNumber=CITIZEN),
        made("q", "Person", name="Wang", passportNumber="E12345678", birthDate="1970-01-01"),
        made("r", "Person", name="Zhao"), made("i", "Identification", holder="r", number=CITIZEN, country="cn"),
        made("x", "Passport", holder="r", number="G7654321", country="cn"),
        made("o", "Ownership", owner="r", asset="firm"),
    )  # fmt: skip
    known = person_id(KEY, "resident_id", "CN", CITIZEN)
    assert {e["id"] for e in found.entities if e["kind"] == "person"} == {known, "ftm:q"}
    assert told(found, FactKind.HOLDS, "subject") == [(known,)]
    text = str(vars(found))
    assert not any(secret in text for secret in (CITIZEN, "E12345678", "G7654321", "1970-01-01"))
    assert text.count("passport-") == 2


def test_a_credit_code_says_which_enterprise_it_is(tmp_path: Path) -> None:
    found = facts_of(tmp_path, made("cn", "Company", name="甲公司", uscCode=USCC, previousName="乙公司"))
    assert told(found, FactKind.PROFILE, "subject") == [(f"uscc:{USCC}",)]
    assert ("former_name", "乙公司") in told(found, FactKind.ALIAS, "role", "name")


def test_places_of_firms_are_kept_and_of_persons_not(tmp_path: Path) -> None:
    address = made("a", "Address", full="1 High Street")
    place = {"addressEntity": "a", "phone": "+44 20 7946 0000", "email": "Office@Acme.example"}
    firm, jane = (made(m["id"], m["schema"], name="x", **place) for m in (FIRM, JANE))
    found = facts_of(tmp_path, firm, jane, address)
    reached = told(found, FactKind.REACHED_AT, "subject", "role")
    assert set(reached) == {("ftm:firm", "telephone"), ("ftm:firm", "email")}
    assert told(found, FactKind.LOCATED_AT, "subject") == [("ftm:firm",)]
    assert "office@acme.example" in {e["label"] for e in found.entities}


def test_files_without_numbers_need_no_person_key(tmp_path: Path) -> None:
    report, _ = record([written(tmp_path, "a.jsonl", [FIRM, JANE])], person_key=None)
    assert report.status == "loaded"
