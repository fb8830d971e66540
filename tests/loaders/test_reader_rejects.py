from pathlib import Path

import pytest

from loaders.reading.model import RAW_CAP, RECORD_LIMIT
from tests.loaders.reading_help import faults, read, read_bytes


def test_rows_of_the_wrong_width_are_rejected_with_the_first_missing_column(tmp_path: Path) -> None:
    result, rows = read_bytes(tmp_path, "名称,代码,额\n甲,1\n乙,1,2\n丙,1,2,3\n".encode())
    assert rows == [(3, "乙", "1", "2")]
    assert faults(result) == [(2, "too_few_columns"), (4, "too_many_columns")]
    assert [(reject.raw, reject.column) for reject in result.rejects] == [("甲,1", "额"), ("丙,1,2,3", None)]


def test_a_nul_rejects_its_row_only(tmp_path: Path) -> None:
    result, rows = read_bytes(tmp_path, b"a,b,c\n1,2,3\n4,\0,6\n7,8,9\n" + b"1,2,3\n" * 20)
    assert faults(result) == [(3, "nul")]
    assert len(rows) == 22


@pytest.mark.parametrize("opened", ['4,"5,6', '"4,5,6', '4,5,"6'])
def test_an_open_quote_rejects_its_line_and_not_those_behind(tmp_path: Path, opened: str) -> None:
    result, rows = read_bytes(tmp_path, f"a,b,c\n1,2,3\n{opened}\n7,8,9\n10,11,12\n".encode())
    assert faults(result) == [(3, "open_quote")]
    assert [row[0] for row in rows] == [2, 4, 5]


def test_an_open_quote_names_its_column(tmp_path: Path) -> None:
    result, _ = read_bytes(tmp_path, b'a,b,c\n1,"2,3\n4,5,6\n')
    assert result.rejects[0].column == "b"


def test_an_open_quote_before_quoted_rows_rejects_its_line_only(tmp_path: Path) -> None:
    result, rows = read_bytes(tmp_path, b'a,b,c\n1,"2,3\n4,"x, y",6\n7,"l1\nl2",9\n')
    assert faults(result) == [(2, "open_quote")]
    assert rows == [(3, "4", "x, y", "6"), (4, "7", "l1\nl2", "9")]


def test_two_open_quotes_that_would_close_each_other_reject_their_lines_only(tmp_path: Path) -> None:
    result, rows = read_bytes(tmp_path, b'a,b,c\n1,"2,3\n4,5,6\n7,",8,9\n1,2,3\n')
    assert faults(result) == [(2, "open_quote"), (4, "open_quote")]
    assert [row[0] for row in rows] == [3, 5]


def test_an_open_quote_on_the_last_line_is_rejected(tmp_path: Path) -> None:
    result, rows = read_bytes(tmp_path, b'a,b\n1,2\n3,"4')
    assert (faults(result), len(rows)) == ([(3, "open_quote")], 1)


def test_an_open_quote_in_a_narrow_file_is_found_at_its_end(tmp_path: Path) -> None:
    result, rows = read_bytes(tmp_path, b'a,b\n1,"2\n3,4\n5,6\n')
    assert (faults(result), [row[0] for row in rows]) == ([(2, "open_quote")], [3, 4])


def test_an_open_quote_in_a_large_narrow_file_loses_one_line(tmp_path: Path) -> None:
    result, rows = read_bytes(tmp_path, b'a,b\n1,"2\n' + b"3,4\n" * 2_000_000)
    assert (faults(result), len(rows)) == ([(2, "open_quote")], 2_000_000)


def test_text_behind_a_closing_quote_rejects_the_line(tmp_path: Path) -> None:
    result, rows = read_bytes(tmp_path, b'a,b,c\n1,"x"y,3\n4,5,6\n')
    assert (faults(result), len(rows)) == ([(2, "open_quote")], 1)


def test_a_line_over_the_limit_is_rejected(tmp_path: Path) -> None:
    long = b"1," + b"x" * RECORD_LIMIT
    result, rows = read_bytes(tmp_path, b"a,b\n1,2\n" + long + b"\n3,4\n")
    assert (faults(result), [row[0] for row in rows]) == ([(3, "record_too_long")], [2, 4])
    assert len(result.rejects[0].raw) == RAW_CAP


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_of_fifty_megabytes_streams_by(tmp_path: Path, encoding: str, end: str) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.write(f"名称,b{end}甲,2{end}乙,".encode(encoding))
        for _ in range(50):
            file.write(b"x\0" * (1 << 19) if encoding == "utf-16" else b"x" * (1 << 20))
        file.write(f"{end}丙,4{end}丁,5{end}".encode("utf-16-le" if encoding == "utf-16" else encoding))
    result, rows = read(path)
    assert faults(result) == [(3, "record_too_long")]
    assert result.rejects[0].raw.startswith("乙,xxx")
    assert rows == [(2, "甲", "2"), (4, "丙", "4"), (5, "丁", "5")]


def test_a_long_line_without_an_end_is_rejected(tmp_path: Path) -> None:
    result, rows = read_bytes(tmp_path, b"a,b\n1,2\n" + b"x" * (20 << 20))
    assert (faults(result), len(rows)) == ([(3, "record_too_long")], 1)


def test_an_open_quote_before_a_long_line_rejects_both(tmp_path: Path) -> None:
    result, rows = read_bytes(tmp_path, b'a,b\n1,"2\n' + b"x" * (20 << 20) + b'\n5,6\n7,"8"\n')
    assert faults(result) == [(2, "open_quote"), (3, "record_too_long")]
    assert [row[0] for row in rows] == [4, 5]
