"""Damaged variants of good files: whatever happens to some lines, the others load and every record is accounted for."""

import csv
import io
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from tests.loaders.reading_help import read_bytes

WIDTH = 6
LETTERS = "三门峡市湖滨区商贸有限公司科技建设abc0123456789"
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16-le", "utf-16-be")
LINE_END = {
    "utf-16-le": re.compile(rb"\r\0\n\0|\r\0|\n\0"),
    "utf-16-be": re.compile(rb"\0\r\0\n|\0\r|\0\n"),
}
NARROW_END = re.compile(rb"\r\n|\r|\n")


@dataclass
class Piece:
    """One row of a file as bytes with its line end, and its cells as long as it is undamaged."""

    data: bytes
    cells: list[str] | None
    is_cut: bool = False


@dataclass
class Style:
    """How a file is written."""

    encoding: str
    delimiter: str
    end: str
    quoting: int

    @property
    def codec(self) -> str:
        return "utf-8" if self.encoding == "utf-8-sig" else self.encoding

    def row(self, cells: list[str]) -> bytes:
        file = io.StringIO(newline="")
        quoting: Literal[0, 1] = csv.QUOTE_ALL if self.quoting else csv.QUOTE_MINIMAL
        csv.writer(file, delimiter=self.delimiter, lineterminator=self.end, quoting=quoting).writerow(cells)
        return file.getvalue().encode(self.codec)

    def count_ends(self, data: bytes) -> int:
        return len(LINE_END.get(self.encoding, NARROW_END).findall(data))

    def split_end(self, data: bytes) -> tuple[bytes, bytes]:
        width = len(self.end.encode(self.codec))
        return data[:-width], data[-width:]


def cell(rng: random.Random, style: Style) -> str:
    text = "".join(rng.choices(LETTERS, k=rng.randrange(1, 9)))
    match rng.randrange(12):
        case 0:
            return text + style.delimiter + "x"
        case 1:
            return text + style.end + "续" + text
        case 2:
            return text + '"' + text
        case 3:
            return ""
        case _:
            return text


def insert(rng: random.Random, body: bytes, what: bytes, unit: int) -> bytes:
    at = rng.randrange(0, len(body) + 1, unit) if body else 0
    return body[:at] + what + body[at:]


Damage = Callable[[random.Random, bytes, Style], bytes]


def quote(rng: random.Random, body: bytes, style: Style) -> bytes:
    return insert(rng, body, '"'.encode(style.codec), len("a".encode(style.codec)))


def field_quote(rng: random.Random, body: bytes, style: Style) -> bytes:
    mark = style.delimiter.encode(style.codec)
    return body.replace(mark, mark + '"'.encode(style.codec), 1)


def nul(rng: random.Random, body: bytes, style: Style) -> bytes:
    return insert(rng, body, "\0".encode(style.codec), len("a".encode(style.codec)))


def flip(rng: random.Random, body: bytes, style: Style) -> bytes:
    changed = bytearray(body)
    for _ in range(rng.randrange(1, 4)):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def lose_bytes(rng: random.Random, body: bytes, style: Style) -> bytes:
    at = rng.randrange(len(body))
    return body[:at] + body[at + rng.randrange(1, 4) :]


def cut_short(rng: random.Random, body: bytes, style: Style) -> bytes:
    return body[: rng.randrange(1, len(body))]


def more_columns(rng: random.Random, body: bytes, style: Style) -> bytes:
    return body + (style.delimiter * rng.randrange(1, 4)).encode(style.codec)


def other_encoding(rng: random.Random, body: bytes, style: Style) -> bytes:
    return body.decode(style.codec).encode("gb18030" if style.codec == "utf-8" else "utf-8")


def too_long(rng: random.Random, body: bytes, style: Style) -> bytes:
    return body + ("长" * rng.choice((400_000, 3_000_000))).encode(style.codec)


DAMAGES: tuple[Damage, ...] = (
    quote, field_quote, nul, flip, lose_bytes, cut_short, more_columns, other_encoding
)  # fmt: skip


def variant(seed: int) -> tuple[Style, list[Piece]]:
    """A good file of forty rows with some of them damaged; the first piece is the header."""
    rng = random.Random(seed)
    style = Style(rng.choice(ENCODINGS), rng.choice(",\t|;"), rng.choice(["\n", "\r\n"]), rng.randrange(2))
    rows = [[f"第{at}行", *(cell(rng, style) for _ in range(WIDTH - 1))] for at in range(40)]
    pieces = [Piece(style.row(row), row) for row in rows]
    for piece in rng.sample(pieces, rng.randrange(1, 5)):
        body, end = style.split_end(piece.data)
        damage = too_long if rng.randrange(60) == 0 else rng.choice(DAMAGES)
        piece.data, piece.cells = damage(rng, body, style) + end, None
    if rng.randrange(4) == 0:
        last = pieces[-1]
        last.data, last.cells, last.is_cut = last.data[: rng.randrange(1, len(last.data))], None, True
    mark = "\ufeff" if style.encoding != style.codec or style.encoding.startswith("utf-16") else ""
    header = [f"列{at}" for at in range(WIDTH)]
    return style, [Piece(mark.encode(style.codec) + style.row(header), header), *pieces]


def check(seed: int, folder: Path) -> None:
    style, pieces = variant(seed)
    result, rows = read_bytes(folder, b"".join(piece.data for piece in pieces))
    assert result.rows_read == len(rows) + len(result.rejects) == result.rows_in_table + len(result.rejects)
    found = {row[0]: list(row[1:]) for row in rows}
    line = 1 + style.count_ends(pieces[0].data)
    lost = {reject.line for reject in result.rejects}
    for piece in pieces[1:]:
        lines = range(line, line + style.count_ends(piece.data) + (piece.is_cut))
        line = lines.stop
        if piece.cells is not None:
            assert found.pop(lines.start, None) == piece.cells, f"seed {seed}, line {lines.start}"
        else:
            accounted = [at for at in lines if found.pop(at, None) or at in lost]
            assert accounted, f"seed {seed}, line {lines.start}"
            lost.difference_update(accounted)
    assert (found, lost) == ({}, set()), f"seed {seed}"


@pytest.mark.parametrize("seed", range(40))
def test_damage_costs_the_damaged_lines_only(seed: int, tmp_path: Path) -> None:
    check(seed, tmp_path)


@pytest.mark.soak
def test_damage_costs_the_damaged_lines_only_a_thousand_times(tmp_path: Path) -> None:
    for seed in range(40, 1040):
        check(seed, tmp_path)
