from pathlib import Path

import pytest

from loaders.reader import inspect
from tests.loaders.reading_help import faults, read_bytes

TEXT = "企业名称,统一社会信用代码\n三门峡市湖滨区商贸有限公司,91411202MA40AB121R\n上官一,\n"
ROWS = [(2, "三门峡市湖滨区商贸有限公司", "91411202MA40AB121R"), (3, "上官一", "")]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (TEXT.encode("gb18030"), "gb18030"),
        (b"\x84\x31\x95\x33" + TEXT.encode("gb18030"), "gb18030"),
        (TEXT.encode("utf-16"), "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_the_encoding_is_found_out_and_the_text_is_the_same(
    tmp_path: Path, data: bytes, encoding: str
) -> None:
    result, rows = read_bytes(tmp_path, data)
    assert (result.encoding, rows, result.damaged_lines) == (encoding, ROWS, 0)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("a,b\n联通,1\n".encode("gb18030"), "gb18030"),
        ("a,b\n茅台,1\n".encode("gb18030"), "gb18030"),
        ("a,b\n王,1\n".encode("gb18030"), "gb18030"),
        ("姓名\n王\n".encode("gb18030"), "gb18030"),
        ("姓名\n王\n".encode(), "utf-8"),
        ("a,b\nCafé,1\n".encode(), "utf-8"),
        (b"a,b\n1,2\n", "utf-8"),
        ("a,b\n㐀𠀀,1\n".encode("gb18030"), "gb18030"),
    ],
)
def test_tiny_files_are_not_taken_for_another_encoding(tmp_path: Path, data: bytes, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    assert inspect(path).encoding == encoding


def test_damage_far_behind_does_not_turn_utf8_into_gb18030(tmp_path: Path) -> None:
    good = "甲乙丙,丁\n".encode() * 500_000
    result, rows = read_bytes(tmp_path, "名称,类别\n".encode() + good + "甲\n".encode()[:2] + b",x\n" + good)
    assert (result.encoding, result.damaged_lines, len(rows)) == ("utf-8", 1, 1_000_000)
    assert faults(result) == [(500_002, "damaged_bytes")]


def test_a_damaged_byte_in_a_tiny_utf8_file_costs_one_row(tmp_path: Path) -> None:
    data = bytearray("名称,代码\n三门,黄河\n湖滨,陕州\n".encode())
    data[data.index("黄".encode()) + 1] = 0x20
    result, rows = read_bytes(tmp_path, bytes(data))
    assert (result.encoding, faults(result), rows) == ("utf-8", [(2, "damaged_bytes")], [(3, "湖滨", "陕州")])


def test_bytes_behind_ascii_that_turn_out_gb18030_are_read_so(tmp_path: Path) -> None:
    result, rows = read_bytes(
        tmp_path, b"name,code\n" + b"abc,1\n" * 1_000_000 + "王五,2\n".encode("gb18030")
    )
    assert (result.encoding, rows[-1]) == ("gb18030", (1_000_002, "王五", "2"))


@pytest.mark.parametrize(("own", "other"), [("utf-8", "gb18030"), ("gb18030", "utf-8")])
def test_lines_in_another_encoding_are_rejected_and_not_misread(tmp_path: Path, own: str, other: str) -> None:
    good = "三门峡市,商贸有限公司\n"
    data = good.encode(own) * 5 + "渑池县,工程有限公司\n".encode(other) + good.encode(own) * 5
    result, rows = read_bytes(tmp_path, "区域,名称\n".encode(own) + data)
    assert (result.encoding, faults(result), len(rows)) == (own, [(7, "damaged_bytes")], 10)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_lost_byte_in_utf16_costs_one_line(tmp_path: Path, encoding: str) -> None:
    lines = [line.encode(encoding) for line in TEXT.splitlines(keepends=True)]
    lines.insert(2, "三门峡,一中\n".encode(encoding)[1:])
    result, rows = read_bytes(tmp_path, "\ufeff".encode(encoding) + b"".join(lines))
    assert (faults(result), rows) == ([(3, "damaged_bytes")], [ROWS[0], (4, *ROWS[1][1:])])
    assert result.damaged_lines == 1


def test_damage_inside_a_record_of_several_lines_costs_that_record(tmp_path: Path) -> None:
    data = '名称,文\n甲,"一\n二'.encode() + b"\xff" + '"\n乙,三\n'.encode()
    result, rows = read_bytes(tmp_path, data)
    assert (faults(result), rows) == ([(2, "damaged_bytes")], [(4, "乙", "三")])
