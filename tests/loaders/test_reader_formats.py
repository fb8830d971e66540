import datetime as dt
import json
from pathlib import Path
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import openpyxl
import pyarrow as pa
import pyarrow.parquet
import pytest

from graph_service.domain.errors import UnreadableFile
from loaders.reader import inspect
from tests.loaders.reading_help import faults, read, read_bytes

MOMENT = dt.datetime.fromisoformat("2020-01-02T03:04:05")


def test_json_lines_reject_what_is_no_object(tmp_path: Path) -> None:
    lines = [
        '{"名称": "甲", "额": 1.10}',
        "",
        '{"名称": "乙"',
        "[1]",
        '{"额": 12345678901234567890123, "另": null}',
    ]
    result, rows = read_bytes(tmp_path, "\n".join(lines).encode(), "a.jsonl")
    assert inspect(tmp_path / "a.jsonl").header == ("名称", "额", "另")
    assert rows == [(1, "甲", "1.10", None), (5, None, "12345678901234567890123", None)]
    assert faults(result) == [(3, "bad_json"), (4, "bad_json")]


@pytest.mark.parametrize(
    "line",
    [
        b'{"a": NaN}',
        b'{"a": "\\u0000"}',
        b'{"a": "\\ud800"}',
        b'{"a": 1, "a": 2}',
        b"[" * 100_000,
        b'{"a": 1} x',
    ],
)
def test_json_that_others_let_pass_is_rejected(tmp_path: Path, line: bytes) -> None:
    result, rows = read_bytes(tmp_path, b'{"a": 1}\n' + line + b'\n{"a": 3}\n', "a.jsonl")
    assert (faults(result), rows) == ([(2, "bad_json")], [(1, "1"), (3, "3")])


def test_damaged_and_overlong_json_lines_are_rejected(tmp_path: Path) -> None:
    long = b'{"a": "' + b"x" * (1 << 20) + b'"}'
    result, rows = read_bytes(tmp_path, b'{"a": "\xff"}\n' + long + '\n{"a": "甲"}\n'.encode(), "a.jsonl")
    assert (faults(result), rows) == ([(1, "damaged_bytes"), (2, "record_too_long")], [(3, "甲")])


def test_nested_values_stay_json(tmp_path: Path) -> None:
    _, rows = read_bytes(tmp_path, '[{"a": {"b": [1.50, "甲", true, null]}, "c": false}]'.encode(), "a.json")
    assert rows == [(1, '{"b": [1.50, "甲", true, null]}', "false")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("whole", ["LIST", '{"total": 2, "data": LIST, "at": {"x": [1]}}'])
def test_a_json_document_is_a_list_or_holds_one(tmp_path: Path, whole: str, encoding: str) -> None:
    text = json.dumps([{"名称": "甲"}, 5, {"名称": "乙"}], ensure_ascii=False, indent=1)
    result, rows = read_bytes(tmp_path, whole.replace("LIST", text).encode(encoding), "a.json")
    assert (faults(result), rows) == ([(2, "bad_json")], [(1, "甲"), (3, "乙")])


def test_a_large_json_document_streams(tmp_path: Path) -> None:
    items = [{"序": at, "名称": "三门峡" * (at % 20)} for at in range(100_000)]
    result, rows = read_bytes(tmp_path, json.dumps(items, ensure_ascii=False).encode(), "a.json")
    assert result.rows_read == 100_000
    assert rows == [(at + 1, str(at), "三门峡" * (at % 20)) for at in range(100_000)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[{"a": 1},\n{"a": 2', "line 2"),
        ('[{"a": 1}\n{"a": 2}]', "line 2: ] is missing"),
        ('[{"a": 1}] x', "more text"),
        ('{"a": [1], "b": [2]}', "more than one list"),
        ('{"a": 1}', "no list"),
        ("[]", "no header"),
    ],
)
def test_a_broken_json_document_is_refused_saying_where(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, "utf-8")
    with pytest.raises(UnreadableFile, match=words):
        inspect(path)


def test_a_json_suffix_with_one_object_a_line_is_json_lines(tmp_path: Path) -> None:
    _, rows = read_bytes(tmp_path, b'{"a": 1}\n{"a": 2}\n', "a.json")
    assert rows == [(1, "1"), (2, "2")]


def test_a_workbook_is_read_as_its_reader_would_write_it_down(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("数据")
    sheet = book["数据"]
    table: list[list[object]] = [
        ["某某名单"],
        ["代码", "额", "日期", "时间", "是"],
        [],
        ["914112021990010112", 5.0, dt.date(2020, 1, 2), MOMENT, True],
        [411202199001011234, 51.10, None, None, False],
        [1, 0.1, None, None, None, "x"],
    ]
    for row in table:
        sheet.append(row)
    book.save(tmp_path / "whole.xlsx")
    with ZipFile(tmp_path / "whole.xlsx") as whole, ZipFile(tmp_path / "a.xlsx", "w") as changed:
        for name in whole.namelist():
            # openpyxl rounds the number; other writers keep its digits
            changed.writestr(name, whole.read(name).replace(b"4.112021990010113e+17", b"411202199001011234"))
    result, rows = read(tmp_path / "a.xlsx")
    assert rows == [
        (4, "914112021990010112", "5", "2020-01-02", "2020-01-02 03:04:05", "TRUE"),
        (5, "411202199001011234", "51.1", None, None, "FALSE"),
    ]
    assert faults(result) == [(6, "too_many_columns")]


def test_a_workbook_without_content_is_refused(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    with pytest.raises(UnreadableFile, match="no sheet with a header"):
        inspect(tmp_path / "a.xlsx")


def test_parquet_columns_become_text(tmp_path: Path) -> None:
    late = dt.datetime(2019, 12, 31, 16, tzinfo=dt.UTC)
    table = pa.table(
        {
            "名称": ["甲", None],
            "额": [5000000.0, 0.5],
            "数": pa.array([411202199001011234, 2], pa.int64()),
            "日": [dt.date(2020, 1, 2), None],
            "刻": [dt.datetime.combine(MOMENT, dt.time()), MOMENT],
            "处": pa.array([late, late.astimezone(ZoneInfo("Asia/Shanghai"))], pa.timestamp("us", "UTC")),
            "列": [[1, 2], []],
        }
    )
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    result, rows = read(tmp_path / "a.parquet")
    assert result.rows_read == 2
    assert rows == [
        (1, "甲", "5000000", "411202199001011234", "2020-01-02", "2020-01-02", "2020-01-01", "[1,2]"),
        (2, None, "0.5", "2", None, "2020-01-02 03:04:05", "2020-01-01", "[]"),
    ]


def test_a_damaged_parquet_file_is_refused(tmp_path: Path) -> None:
    pyarrow.parquet.write_table(pa.table({"a": [str(at) for at in range(1000)]}), tmp_path / "a.parquet")
    data = bytearray((tmp_path / "a.parquet").read_bytes())
    data[4:600] = bytes(596)
    (tmp_path / "a.parquet").write_bytes(data)
    with pytest.raises(UnreadableFile, match="cannot be read as Parquet"):
        read(tmp_path / "a.parquet")
