import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graph_service.cli.loading import default_options
from graph_service.store.opening import open_store
from loaders.pipeline import load_paths
from tests import neo4j_server
from tests.cli.conftest import KEY, Run, is_one_sentence

FIRM = "uscc:91411202MA40AB121R"
OTHER = "uscc:91411202MA40AB13XH"
HEADER = "企业名称,统一社会信用代码,法定代表人,法定代表人证件号码,企业类型,注册资本,成立日期,登记状态,住所\n"
ROWS = (
    "三门峡曜川建材有限公司,91411202MA40AB121R,周建国,411202198001011236,有限责任公司,100万元,2015-01-01,存续,湖滨区大岭路1号\n",
    "三门峡澄岳建材有限公司,91411202MA40AB13XH,李建军,,有限责任公司,50万元,2025-04-21,存续,湖滨区大岭路1号\n",
)
BAD = "三门峡坏码有限公司,91411202MA40AB1211,王小红,,有限责任公司,50万元,2025-04-21,存续,湖滨区大岭路2号\n"
NAMES = ("周建国", "李建军", "王小红", "411202198001011236")


@pytest.fixture
def feeds(tmp_path: Path) -> Path:
    folder = tmp_path / "feeds"
    folder.mkdir()
    (folder / "registration_20260101.csv").write_text(HEADER + "".join(ROWS) + BAD, "utf-8")
    return folder


@pytest.fixture(scope="module")
def store_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The feeds loaded once, for all tests to copy."""
    folder = tmp_path_factory.mktemp("loaded")
    (folder / "registration_20260101.csv").write_text(HEADER + "".join(ROWS) + BAD, "utf-8")
    store = open_store(f"sqlite:///{folder / 'credit-graph.db'}")
    options = replace(default_options(KEY, folder), max_rejects=0.5)
    assert not load_paths(store, [folder / "registration_20260101.csv"], options).refused
    store.close()
    return folder / "credit-graph.db"


@pytest.fixture(params=["sqlite", "neo4j"])
def run(request: pytest.FixtureRequest, run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Every command here is tried on both engines."""
    if request.param == "sqlite":
        yield run
        return
    neo4j_server.require()
    url = neo4j_server.POOL.borrow()
    monkeypatch.setenv("CREDIT_GRAPH_STORE", url)
    yield run
    neo4j_server.POOL.give_back(url)


@pytest.fixture
def loaded(run: Run, feeds: Path, store_file: Path) -> Run:
    if os.environ.get("CREDIT_GRAPH_STORE"):
        assert run("load", feeds, "--max-rejects", "0.5").code == 0
    else:
        shutil.copy(store_file, "credit-graph.db")
    return run


def test_a_load_reports_what_it_read_loaded_and_rejected(run: Run, feeds: Path) -> None:
    report = run("load", feeds, "--max-rejects", "0.5").document
    keys = "rows_read rows_loaded rows_rejected facts issues seconds content refresh_needed deliveries batch status"
    assert {*keys.split(), "template", "files"} <= set(report)
    assert (report["rows_read"], report["rows_loaded"], report["rows_rejected"]) == (3, 2, 1)
    assert report["refresh_needed"] is True
    assert {"added", "changed", "closed", "unchanged"} == set(report["facts"])


def test_the_content_that_a_load_reports_is_that_of_the_snapshot_after_it(run: Run, feeds: Path) -> None:
    person = "三门峡澄岳建材有限公司,91411202MA40AB13XH,李建军,监事,411202198001011236\n"
    (feeds / "managers_20260101.csv").write_text(
        "企业名称,统一社会信用代码,姓名,职务,证件号码\n" + person, "utf-8"
    )
    report = run("load", feeds, "--max-rejects", "0.5").document
    assert report["content"] != report["deliveries"][-1]["content"]  # matches were settled in between
    assert report["content"] == run("refresh").document["content"]
    assert run("load", feeds, "--max-rejects", "0.5").document["content"] == report["content"]


def test_the_same_files_again_are_already_loaded_and_exit_0(loaded: Run, feeds: Path) -> None:
    again = loaded("load", feeds, "--max-rejects", "0.5")
    assert again.code == 0
    assert {d["status"] for d in again.document["deliveries"]} == {"already_loaded"}


def test_too_many_rejects_refuse_the_delivery_with_exit_1_and_a_sentence(run: Run, feeds: Path) -> None:
    ran = run("load", feeds)
    assert ran.code == 1
    assert ran.document["status"] == "refused"
    assert is_one_sentence(ran.err), ran.err


def test_batches_and_rejects_are_listed_under_their_plural_names(loaded: Run) -> None:
    batch = loaded("batches").document["batches"][0]
    assert (batch["template"], batch["status"], batch["date"]) == ("registration", "loaded", "2026-01-01")
    reject = loaded("rejects").document["rejects"][0]
    assert (reject["line"], reject["batch"]) == (4, batch["batch"])
    assert set(reject) == {"batch", "file", "line", "raw", "code", "column", "message"}
    assert loaded("rejects", "--batch", batch["batch"][:12]).document["rejects"] == [reject]


def test_a_withdrawn_delivery_is_gone_and_may_be_loaded_again(loaded: Run, feeds: Path) -> None:
    batch = loaded("batches").document["batches"][0]["batch"]
    withdrawn = loaded("withdraw", batch[:12])
    assert (withdrawn.code, withdrawn.document["status"]) == (0, "withdrawn")
    assert loaded("entity", FIRM).code == 1
    assert loaded("withdraw", batch).code == 1
    assert loaded("load", feeds, "--max-rejects", "0.5").document["status"] == "loaded"
    assert loaded("entity", FIRM).code == 0


@pytest.mark.parametrize("command", ["entity", "records", "history", "neighbours"])
def test_every_question_about_an_entity_carries_its_moment(command: str, loaded: Run) -> None:
    answer = loaded(command, FIRM, "--format", "json").document
    assert {"snapshot", "as_of", "known_at", "stale", "truncated"} <= set(answer)
    assert loaded(command, FIRM.removeprefix("uscc:")).document == answer
    assert loaded(command, "三门峡曜川建材有限公司").document == answer


def test_an_unknown_entity_is_one_sentence_and_exit_1(loaded: Run) -> None:
    ran = loaded("entity", "uscc:91411202MA40AB156C")
    assert (ran.code, ran.out) == (1, "")
    assert is_one_sentence(ran.err), ran.err


def test_search_finds_parts_of_names_and_shows_why(loaded: Run) -> None:
    found = loaded("search", "曜川").document["entities"]
    assert [(hit["id"], hit["why"]) for hit in found] == [(FIRM, "inside")]
    cut = loaded("search", "三门峡", "--limit", "1").document
    assert cut["truncated"] == {"stage": "search", "limit": 1, "total": None}


def test_what_was_known_before_stays_visible_at_its_moment(loaded: Run) -> None:
    assert loaded("entity", FIRM, "--known-at", "2020-01-01").code == 1
    assert loaded("entity", FIRM, "--known-at", "2999-01-01").code == 0


@pytest.mark.parametrize("form", ["json", "csv", "table"])
def test_no_answer_in_any_form_shows_a_natural_persons_name_or_number(form: str, loaded: Run) -> None:
    person = next(e["id"] for e in loaded("neighbours", FIRM).document["entities"] if e["kind"] == "person")
    calls = [
        ("batches",), ("rejects",), ("search", "周建国"), ("search", "曜川"), ("entity", FIRM), ("entity", person),
        ("records", FIRM), ("history", FIRM), ("history", person), ("neighbours", FIRM, "--depth", 3), ("matches",),
        ("hubs",), ("doctor",),
    ]  # fmt: skip
    for call in calls:
        ran = loaded(*call, "--format", form)
        assert ran.code == 0, (call, ran.err)
        assert not [name for name in NAMES if name in ran.out + ran.err], call


@pytest.mark.parametrize("what", ["entities", "relations", "records"])
@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_an_export_is_written_whole_and_masked(what: str, suffix: str, loaded: Run, tmp_path: Path) -> None:
    target = tmp_path / f"{what}{suffix}"
    ran = loaded("export", what, target)
    assert (ran.code, ran.err) == (0, "")
    content = target.read_bytes()
    assert not [name for name in NAMES if name.encode() in content]
    assert ran.document["export"] == what


def test_an_export_to_nowhere_is_a_wrong_call(loaded: Run) -> None:
    for target in ("x.txt", "no-folder/x.csv"):
        ran = loaded("export", "entities", target)
        assert ran.code == 2
        assert is_one_sentence(ran.err), ran.err


def test_an_officer_names_and_ends_a_hub(loaded: Run) -> None:
    added = loaded("hubs", "add", FIRM, "--reason", "代办机构", "--by", "officer-7")
    assert (added.code, added.document["action"]) == (0, "stated")
    hub = loaded("hubs").document["hubs"][0]
    assert (hub["entity"]["id"], hub["reason"], hub["by"]) == (FIRM, "代办机构", "officer-7")
    assert loaded("hubs", "add", FIRM, "--reason", "r", "--by", "b").document["action"] == "unchanged"
    assert loaded("hubs", "end", FIRM, "--reason", "误判", "--by", "officer-8").document["action"] == "ended"
    (end,) = [f for f in loaded("history", FIRM).document["facts"] if f["kind"] == "taken_back"]
    said = end["details"]
    assert (end["role"], said["reason"], said["by"]) == ("hub", "误判", "officer-8")
    assert loaded("hubs").document["hubs"] == []
    assert loaded("hubs", "end", FIRM, "--reason", "误判", "--by", "officer-7").code == 1


def test_an_officer_confirms_and_undoes_a_match(loaded: Run) -> None:
    people = [
        e["id"]
        for firm in (FIRM, OTHER)
        for e in loaded("neighbours", firm).document["entities"]
        if e["kind"] == "person"
    ]
    grounds = ("--reason", "户籍核对", "--by", "officer-7")
    confirmed = loaded("matches", "confirm", *people, *grounds)
    assert (confirmed.code, confirmed.document["action"]) == (0, "stated"), confirmed.err
    one, other = (loaded("entity", person).document for person in people)
    assert one["id"] == other["id"]
    told = loaded("matches").document["matches"]
    assert [(m["kind"], m["by"], m["class"]) for m in told if m["by"]] == [("same_as", "officer-7", "fact")]
    undone = loaded("matches", "undo", *people, *grounds)
    assert (undone.code, undone.document["action"]) == (0, "ended"), undone.err
    one, other = (loaded("entity", person).document for person in people)
    assert one["id"] != other["id"]
    assert (
        loaded("matches", "undo", *people, *grounds).code == 1
    )  # undecided again: nothing stands between them


def test_two_ids_that_nothing_joins_cannot_be_undone(loaded: Run) -> None:
    ran = loaded("matches", "undo", FIRM, OTHER, "--reason", "r", "--by", "b")
    assert ran.code == 1
    assert is_one_sentence(ran.err), ran.err


def test_a_blank_reason_is_a_wrong_call(loaded: Run) -> None:
    ran = loaded("hubs", "add", FIRM, "--reason", " ", "--by", "b")
    assert ran.code == 2
    assert is_one_sentence(ran.err), ran.err


def test_another_person_key_is_refused_before_anything_is_read(
    loaded: Run, feeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDIT_GRAPH_PERSON_KEY", "another")
    ran = loaded("load", feeds)
    assert (ran.code, ran.out) == (2, "")
    assert is_one_sentence(ran.err), ran.err
    assert loaded("entity", FIRM).code == 0
    doctor = loaded("doctor")
    assert doctor.code == 1
    assert [c["check"] for c in doctor.document["checks"] if c["state"] == "broken"] == ["person key"]


def test_the_doctor_finds_a_fresh_store_well(loaded: Run) -> None:
    ran = loaded("doctor")
    assert ran.code == 0
    assert ran.document["ok"] is True
    assert {"python", "sqlite", "disk", "store", "person key", "snapshot"} <= {
        c["check"] for c in ran.document["checks"]
    }


@pytest.mark.parametrize("cut", [True, False])
def test_the_doctor_finds_a_damaged_array_of_the_snapshot(cut: bool, loaded: Run, tmp_path: Path) -> None:
    assert loaded("refresh").code == 0
    array = next(tmp_path.glob("**/snapshots/s1-*/nodes.ids.data.npy"))
    whole = array.read_bytes()
    array.write_bytes(whole[:-1] if cut else whole[:-1] + bytes([whole[-1] ^ 1]))
    ran = loaded("doctor")
    assert ran.code == 1
    broken = [c for c in ran.document["checks"] if c["state"] == "broken"]
    assert [c["check"] for c in broken] == ["snapshot"]
    assert "damaged" in broken[0]["message"]
    assert "refresh" in broken[0]["mend"]


@pytest.mark.parametrize("form", ["csv", "table", "json"])
def test_an_answer_cut_by_a_limit_says_so_where_its_form_has_no_place_for_it(form: str, loaded: Run) -> None:
    cut = loaded("search", "三门峡", "--limit", "1", "--format", form)
    whole = loaded("search", "三门峡", "--limit", "1000", "--format", form)
    assert (cut.code, whole.code, whole.err) == (0, 0, "")
    assert ("cut at 1 by the limit of search" in cut.err) == (form != "json")


def test_the_help_of_export_says_how_to_get_associations_of_another_day(run: Run) -> None:
    assert "refresh --as-of DAY" in " ".join(run("export", "--help").out.split())


def test_templates_are_listed_shown_and_checked(run: Run, tmp_path: Path) -> None:
    names = {t["name"] for t in run("templates", "list").document["templates"]}
    assert {"registration", "shareholders"} <= names
    shown = run("templates", "show", "registration").document
    assert "企业名称" in {h for c in shown["columns"] for h in c["headers"]}
    own = tmp_path / "own.toml"
    own.write_text('title = { zh = "甲", en = "a" }\nfrequency = "daily"\n', "utf-8")
    ran = run("templates", "check", own)
    assert ran.code == 1
    assert is_one_sentence(ran.err), ran.err
    assert "line 2" in ran.err


def test_json_of_every_list_is_one_object(loaded: Run) -> None:
    for call in (("templates", "list"), ("batches",), ("rejects",), ("matches",), ("hubs",)):
        assert isinstance(json.loads(loaded(*call, "--format", "json").out), dict)
