import hashlib
from pathlib import Path

import pytest

from graph_service.domain.errors import MissingPath, UnreadableFile
from loaders.reader import inspect, memory_database, read_rows
from tests.loaders.reading_help import faults, read, read_bytes


def test_inspect_tells_format_delimiter_header_and_digest(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("\ufeff 企业名称 ,代码\n甲,1\n".encode())
    source = inspect(path)
    assert (source.format, source.encoding, source.delimiter) == ("csv", "utf-8", ",")
    assert source.header == ("企业名称", "代码")
    assert (source.sha256, source.size) == (
        hashlib.sha256(path.read_bytes()).hexdigest(),
        path.stat().st_size,
    )


@pytest.mark.parametrize("delimiter", [",", "\t", "|", ";"])
def test_the_delimiter_is_found_in_the_header(tmp_path: Path, delimiter: str) -> None:
    text = "名称,代码,额\n甲,1,2\n".replace(",", delimiter)
    result, rows = read_bytes(tmp_path, text.encode(), "a.txt")
    assert (result.rows_read, rows) == (1, [(2, "甲", "1", "2")])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_every_line_end_is_known_and_the_last_may_be_missing(tmp_path: Path, end: str, last: bool) -> None:
    text = end.join(['a,"b"', "1,2", "", '3,"x' + end + 'y"', "4,5"]) + (end if last else "")
    result, rows = read_bytes(tmp_path, text.encode())
    assert rows == [(2, "1", "2"), (4, "3", f"x{end}y"), (6, "4", "5")]
    assert result.rows_read == 3


def test_blank_lines_are_no_rows_but_count_as_lines(tmp_path: Path) -> None:
    result, rows = read_bytes(tmp_path, b"\n\na,b\n\n1,2\n   \n3,4\n\n")
    assert (result.rows_read, rows) == (2, [(5, "1", "2"), (7, "3", "4")])


def test_cells_are_kept_as_they_are(tmp_path: Path) -> None:
    text = 'a,b\n  甲 ,\nNULL,"say ""so"""\n5" pipe,１２\n'
    _, rows = read_bytes(tmp_path, text.encode())
    assert rows == [(2, "  甲 ", ""), (3, "NULL", 'say "so"'), (4, '5" pipe', "１２")]


def test_a_lone_header_is_a_file_of_no_rows(tmp_path: Path) -> None:
    result, rows = read_bytes(tmp_path, b"a,b")
    assert (result.rows_read, rows) == (0, [])


def test_a_trailing_delimiter_of_header_and_rows_is_no_column(tmp_path: Path) -> None:
    result, rows = read_bytes(tmp_path, b"a,b,\n1,2,\n3,4,x\n5,6\n")
    assert rows == [(2, "1", "2")]
    assert faults(result) == [(3, "too_many_columns"), (4, "too_few_columns")]


def test_a_header_that_spans_lines_is_one_header(tmp_path: Path) -> None:
    _, rows = read_bytes(tmp_path, b'"a\nx",b\n1,2\n')
    assert rows == [(3, "1", "2")]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"\n \n", "nothing but blank lines"),
        ("名称,代码,名称\n".encode(), "the column 名称 stands twice"),
        (b"Name,name\n", "stands twice"),
        (b"a,line\n", "reserved"),
        ("名称，代码\n甲，1\n".encode(), "full-width commas"),
        (b"a,\xff\xfe\xff\n1,2\n", "header on line 1 is damaged"),
        (b"a\0b,c\n1,2\n", "damaged"),
        (b"PK\x03\x04 no workbook", "Excel"),
        (b"PAR1 no parquet", "Parquet"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_one_sentence(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with pytest.raises(UnreadableFile, match=words) as raised:
        inspect(path)
    assert str(raised.value).startswith("a.csv")


def test_a_missing_file_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(MissingPath):
        inspect(tmp_path / "none.csv")


def test_a_file_that_changes_after_inspection_is_refused_and_leaves_no_table(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n1,2\n")
    source = inspect(path)
    path.write_bytes(b"a,b\n1,3\n")
    con = memory_database()
    with pytest.raises(UnreadableFile, match="changed while it was read"):
        read_rows(con, source, "rows")
    assert con.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]


def test_the_database_in_memory_spills_nothing(tmp_path: Path) -> None:
    con = memory_database()
    query = "SELECT value FROM duckdb_settings() WHERE name IN ('temp_directory', 'temp_file_encryption') ORDER BY name"
    assert con.execute(query).fetchall() == [("",), ("true",)]


def test_progress_adds_up_to_the_size_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 3_000_000)
    seen: list[int] = []
    source = inspect(path)
    result = read_rows(memory_database(), source, "rows", seen.append)
    assert (sum(seen), result.rows_in_table) == (source.size, 3_000_000)


def test_blocks_join_without_a_seam(tmp_path: Path) -> None:
    """Records of many lengths, some over several lines, in a file of several blocks."""
    parts = ["a,b"]
    expected: list[tuple[int, str, str]] = []
    line = 2
    for at in range(120_000):
        text = f"第{at}行" + "文" * (at % 37) + ("\r\n续" * (at % 3) if at % 5 == 0 else "")
        parts.append(f'{at},"{text}"')
        expected.append((line, str(at), text))
        line += 1 + text.count("\n")
    path = tmp_path / "a.csv"
    path.write_bytes("\r\n".join(parts).encode())
    result, rows = read(path)
    assert rows == expected
    assert not result.rejects
