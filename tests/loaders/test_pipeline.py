"""Bad input, and what it gets; good input, and what it says."""

from pathlib import Path

import pytest

from graph_service.domain.errors import MissingPath, WrongCall, WrongPersonKey
from graph_service.domain.facts import FactKind
from graph_service.domain.identifiers import DEMO_PERSON_KEY
from graph_service.store.sqlite import SqliteStore
from loaders.options import LoadOptions
from loaders.pipeline import load_paths
from loaders.report import LoadReport
from loaders.template import load_templates
from tests.loaders.examples import FIRM, PERSON, ROWS, USCC
from tests.loaders.recording import csv_file, record
from tests.loaders.typed import TODAY

FINBENCH = Path(__file__).parents[1] / "data" / "finbench"
HONOUR = {"主体名称": FIRM, "统一社会信用代码": USCC, "荣誉名称": "甲", "认定日期": "2024-01-01"}
HOLDER = {
    "企业名称": FIRM, "统一社会信用代码": USCC, "股东名称": "张三", "证件号码": PERSON, "认缴出资额": "100",
    "出资比例": "50%",
}  # fmt: skip


def honours(folder: Path, *rows: dict[str, str], name: str = "honours.csv") -> Path:
    return csv_file(folder, name, [HONOUR | r for r in rows or ({},)])


def holders(folder: Path, *rows: dict[str, str], name: str = "shareholders_20260930.csv") -> Path:
    return csv_file(folder, name, [HOLDER | r for r in rows or ({},)])


def error_of(report: LoadReport) -> str:
    (delivery,) = report.deliveries
    assert delivery.status == "refused"
    return str(delivery.error)


def test_a_missing_path_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(MissingPath, match="check the path"):
        record([tmp_path / "nowhere.csv"])


def test_an_empty_folder_is_a_wrong_call(tmp_path: Path) -> None:
    (tmp_path / ".hidden").write_text("x")
    with pytest.raises(WrongCall, match="no file to load"):
        record([tmp_path])


def test_an_empty_file_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    assert "a.csv is empty" in error_of(record([tmp_path / "a.csv"])[0])


def test_a_file_that_fits_nothing_is_refused_and_the_others_stand(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    honours(tmp_path)
    report, written = record([tmp_path])
    assert {d.files[0]: d.status for d in report.deliveries} == {"a.csv": "refused", "honours.csv": "loaded"}
    assert "fits no template" in str(report.refused[0].error)
    assert len(written) == 1


def test_a_file_that_fits_another_template_better_is_refused_and_names_it(tmp_path: Path) -> None:
    report, written = record([honours(tmp_path)], template=load_templates()["contacts"])
    assert "it fits the template honours" in error_of(report)
    assert written == []


def test_a_missing_required_column_is_named(tmp_path: Path) -> None:
    row = {k: v for k, v in HONOUR.items() if k != "荣誉名称"}
    report, _ = record([csv_file(tmp_path, "a.csv", [row])], template=load_templates()["honours"])
    assert "lacks the required column 荣誉名称" in error_of(report)


def test_a_header_that_stands_twice_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("主体名称,统一社会信用代码,荣誉名称,认定日期,认定日期\na,b,c,d,e\n", encoding="utf-8")
    assert "认定日期" in error_of(record([path])[0])
    path.write_text("主体名称,企业名称,统一社会信用代码,荣誉名称,认定日期\na,b,c,d,e\n", encoding="utf-8")
    assert "主体名称 and 企业名称 are the same column" in error_of(record([path])[0])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"统一社会信用代码": "91411202MA40AB121X"}, "uscc_check"), ({"统一社会信用代码": "123"}, "code_form"),
        ({"股东名称": ""}, "missing_value"), ({"出资比例": "150%"}, "share_over_100"),
        ({"认缴出资额": "-1"}, "negative_amount"), ({"认缴出资额": "很多"}, "bad_amount"),
        ({"企业名称": "", "统一社会信用代码": ""}, "no_party"),
    ],
)  # fmt: skip
def test_a_bad_row_is_rejected_and_kept_masked_while_the_rest_loads(
    change: dict[str, str], code: str, tmp_path: Path
) -> None:
    report, (written,) = record([holders(tmp_path, {}, change)], max_rejects=0.5)
    assert (report.rows_read, report.rows_loaded, report.rows_rejected) == (2, 1, 1)
    (reject,) = written.rejects
    assert (reject["line"], reject["code"]) == (3, code)
    assert PERSON not in str(written.rejects)
    assert "张三" not in reject["raw"]
    assert len(written.of(FactKind.HOLDS)) == 1


def test_an_end_before_the_start_is_rejected(tmp_path: Path) -> None:
    row = {"入股日期": "2024-02-01", "退出日期": "2024-01-01"}
    _, written = record([holders(tmp_path, {"入股日期": "", "退出日期": ""}, row)], max_rejects=0.5)
    assert [r["code"] for r in written[0].rejects] == ["end_before_start"]


def test_rows_too_short_and_too_long_are_rejected_and_counted(tmp_path: Path) -> None:
    path = honours(tmp_path, *({} for _ in range(30)))
    with path.open("a", encoding="utf-8") as file:
        file.write("a,b\na,b,c,d,e,f\n")
    report, (written,) = record([path])
    assert (report.rows_read, report.rows_loaded, report.rows_rejected) == (32, 30, 2)
    assert sorted(r["code"] for r in written.rejects) == ["too_few_columns", "too_many_columns"]


def test_shares_over_all_and_self_holdings_load_and_are_noted(tmp_path: Path) -> None:
    own = {"股东名称": FIRM, "证件号码": USCC, "出资比例": "60%"}
    report, (written,) = record([holders(tmp_path, {}, own)])
    assert {i.code: i.count for i in report.deliveries[0].issues} == {"self_holding": 1, "shares_over_100": 1}
    assert {n["code"]: n["line"] for n in written.notes} == {"self_holding": 3, "shares_over_100": 2}
    assert report.rows_loaded == 2


def test_too_many_rejects_refuse_the_delivery_and_say_what_was_wrong(tmp_path: Path) -> None:
    report, written = record([holders(tmp_path, {}, {"股东名称": ""})])
    assert "more than --max-rejects 0.1 allows" in error_of(report)
    assert [i.code for i in report.deliveries[0].issues] == ["missing_value"]
    assert written == []


def test_strict_allows_no_reject(tmp_path: Path) -> None:
    rows: list[dict[str, str]] = [{} for _ in range(30)] + [{"认定日期": "2024-02-30"}]
    report, written = record([honours(tmp_path, *rows)], strict=True)
    assert "--strict allows none" in error_of(report)
    assert written == []


def test_persons_are_not_loaded_without_a_key_nor_anything_with_another(tmp_path: Path) -> None:
    with pytest.raises(WrongPersonKey, match="CREDIT_GRAPH_PERSON_KEY"):
        record([holders(tmp_path)], person_key=None)
    store = SqliteStore(tmp_path / "a.db")
    load_paths(store, [holders(tmp_path)], LoadOptions(today=TODAY, person_key=b"one"))
    with pytest.raises(WrongPersonKey):
        load_paths(store, [tmp_path / "never read"], LoadOptions(today=TODAY, person_key=b"another"))
    store.close()


def test_feeds_without_persons_need_no_key(tmp_path: Path) -> None:
    assert record([honours(tmp_path)], person_key=None)[0].status == "loaded"


def test_a_complete_list_needs_a_date_from_somewhere(tmp_path: Path) -> None:
    path = holders(tmp_path, name="shareholders.csv")
    assert "has no date" in error_of(record([path])[0])
    report, (written,) = record([path], date=TODAY)
    assert (report.deliveries[0].date, written.header.date) == ("2026-11-15", 20772)


def test_a_folder_loads_in_order_of_date_and_registration_first(tmp_path: Path) -> None:
    row = {"企业名称": FIRM, "统一社会信用代码": USCC, "法定代表人": "张三", "成立日期": "2020-01-01"}
    for name in ("z_20260101.csv", "y_20250101.csv"):
        csv_file(tmp_path, name, [row | {"登记状态": name}])
    honours(tmp_path, name="a_20250101.csv")
    report, _ = record([tmp_path])
    assert [d.files[0] for d in report.deliveries] == ["y_20250101.csv", "a_20250101.csv", "z_20260101.csv"]


def test_one_batch_key_names_one_file(tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match="--batch"):
        record([honours(tmp_path), honours(tmp_path, name="b.csv")], batch="x")
    assert record([honours(tmp_path)], batch="x")[1][0].header.batch == "x"


def test_what_a_rejected_row_protects_depends_on_what_can_be_read(tmp_path: Path) -> None:
    other = {"股东名称": "李四", "证件号码": "", "出资比例": "200%"}
    lost = {"统一社会信用代码": "91411202MA40AB121X", "出资比例": "1%"}
    _, (entity,) = record([holders(tmp_path, {}, other)], max_rejects=0.9)
    _, (scope,) = record([holders(tmp_path, {}, lost)], max_rejects=0.9)
    _, (everything,) = record([holders(tmp_path, {}, lost | {"企业名称": ""})], max_rejects=0.9)
    assert entity.covered == [f"uscc:{USCC}"]
    assert [(p["scope"], p["entity"] is None) for p in entity.protected] == [(f"uscc:{USCC}", False)]
    assert scope.protected == [{"scope": f"uscc:{USCC}", "entity": None}]
    assert everything.protected == [{"scope": None, "entity": None}]


def test_slices_give_the_same_as_one_piece(tmp_path: Path) -> None:
    rows = [{"股东名称": f"股东{i}", "证件号码": "", "认缴出资额": str(i - 1)} for i in range(20)]
    whole = record([holders(tmp_path, *rows)], rows_at_once=1000)
    sliced = record([holders(tmp_path, *rows)], rows_at_once=3)
    assert sorted(map(str, whole[1][0].of(FactKind.HOLDS))) == sorted(
        map(str, sliced[1][0].of(FactKind.HOLDS))
    )
    assert [i.to_dict() for i in whole[0].deliveries[0].issues] == [
        i.to_dict() for i in sliced[0].deliveries[0].issues
    ]


def test_a_row_that_states_nothing_is_loaded_and_noted(tmp_path: Path) -> None:
    row = {
        "主体名称": FIRM, "统一社会信用代码": USCC, "联系电话": "", "电子邮箱": "", "通信地址": "",
    }  # fmt: skip
    report, (written,) = record([csv_file(tmp_path, "c.csv", [row])])
    assert [i.code for i in report.deliveries[0].issues] == ["unused"]
    assert (report.rows_loaded, written.facts) == (1, [])


def test_numbers_of_persons_in_free_text_are_masked(tmp_path: Path) -> None:
    _, (written,) = record([honours(tmp_path, {"荣誉名称": f"授予{PERSON}"})])
    assert PERSON not in str(written.facts)
    assert "110105********002X" in str(written.facts)


def test_a_real_store_loads_once_and_knows_it_the_second_time(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "a.db")
    options = LoadOptions(today=TODAY, person_key=DEMO_PERSON_KEY)
    first = load_paths(store, [holders(tmp_path)], options)
    again = load_paths(store, [holders(tmp_path)], options)
    assert (first.status, again.status) == ("loaded", "already_loaded")
    assert first.refresh_needed
    assert not again.refresh_needed
    assert first.to_dict()["content"] == store.content()
    store.close()


def test_a_batch_key_stands_for_one_content(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "a.db")
    options = LoadOptions(today=TODAY, batch="x")
    load_paths(store, [honours(tmp_path)], options)
    report = load_paths(store, [honours(tmp_path, {"荣誉名称": "乙"})], options)
    assert "stands with other content" in error_of(report)
    store.close()


def test_the_report_adds_up_and_has_the_fields_of_the_contract(tmp_path: Path) -> None:
    holders(tmp_path, *[{"出资比例": "1%"}] * 20, {"股东名称": ""})
    honours(tmp_path)
    shown = record([tmp_path])[0].to_dict()
    fields = "batch template status files rows_read rows_loaded rows_rejected facts issues"
    fields += " seconds content refresh_needed"
    assert {*fields.split(), "deliveries"} <= set(shown)
    for part in (shown, *shown["deliveries"]):
        assert part["rows_read"] == part["rows_loaded"] + part["rows_rejected"]
    assert shown["rows_read"] == sum(d["rows_read"] for d in shown["deliveries"])
    assert set(shown["issues"][0]) >= {"code", "title", "count", "example"}


def test_a_finbench_folder_is_one_delivery() -> None:
    report, (written,) = record([FINBENCH], person_key=None)
    (delivery,) = report.deliveries
    assert (delivery.template, delivery.status, delivery.rows_read) == ("finbench", "loaded", 16_239)
    assert len(written.of(FactKind.HOLDS)) == 5034
    assert len(written.of(FactKind.GUARANTEES)) == 435 + 916
    records = written.of(FactKind.RECORD)
    assert {f["role"] for f in records} == {"loan"}
    assert all(f["amount"] for f in records)
    assert {e["kind"] for e in written.entities} == {"enterprise", "person"}


def test_a_blocked_company_is_listed(tmp_path: Path) -> None:
    for path in FINBENCH.glob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines()[:3]
        (tmp_path / path.name).write_text(
            "\n".join(lines).replace("|false|", "|true|") + "\n", encoding="utf-8"
        )
    _, (written,) = record([tmp_path])
    assert {f["role"] for f in written.of(FactKind.RECORD)} == {"loan", "blocked"}


def test_every_example_stands_in_one_store(tmp_path: Path) -> None:
    for name, (row, _) in ROWS.items():
        template = load_templates()[name]
        csv_file(
            tmp_path, f"{name}_20260930.csv", [{template.column(c).headers[0]: v for c, v in row.items()}]
        )
    store = SqliteStore(tmp_path / "store" / "a.db")
    (tmp_path / "store").mkdir()
    files = sorted(tmp_path.glob("*.csv"))
    report = load_paths(store, files, LoadOptions(today=TODAY, person_key=DEMO_PERSON_KEY))
    assert [d.error for d in report.refused] == []
    assert store.problems() == []
    store.close()
