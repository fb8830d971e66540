"""Which encoding a text file is in, found out from all of its bytes."""

import codecs
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from loaders.reading.lines import NARROW, raw_blocks

CHUNK = 4 << 20
SAMPLE = 1 << 16
ENOUGH_LINES = 100_000

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
GB18030_BOM = b"\x84\x31\x95\x33"

WIDE = re.compile(rb"[\xe0-\xf4]")
NON_ASCII_RUN = re.compile(rb"[\x80-\xff]+")
MARKS = (b"\n", b",", b"\t", b"|", b";", b"{", b'"')
HANZI = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


@dataclass(frozen=True)
class Survey:
    """What one pass over a file's bytes tells: digest, number of bytes, whether they are UTF-8, and how they begin."""

    sha256: str
    size: int
    is_utf8: bool
    has_wide: bool
    head: bytes


def survey(path: Path) -> Survey:
    """Read a file once, a few megabytes at a time."""
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")("strict")
    size, is_utf8, has_wide, head = 0, True, False, b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            head = head or chunk[:SAMPLE]
            size += len(chunk)
            digest.update(chunk)
            is_utf8 = is_utf8 and _decodes(decoder, chunk)
            has_wide = has_wide or WIDE.search(chunk) is not None
    return Survey(digest.hexdigest(), size, is_utf8 and _decodes(decoder, b"", final=True), has_wide, head)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def text_encoding(path: Path, found: Survey) -> str:
    """One of utf-8, gb18030, utf-16-le, utf-16-be.

    A byte order mark decides, then NUL bytes beside delimiters (UTF-16), then whether the whole file is UTF-8. A file
    that is neither UTF-8 nor GB18030 throughout gets the one that leaves fewer of its lines damaged.
    """
    for mark, name in BOMS:
        if found.head.startswith(mark):
            return name
    if found.head.startswith(GB18030_BOM):
        return "gb18030"
    if wide := utf16_without_mark(found.head):
        return wide
    if found.is_utf8:
        return "utf-8" if found.has_wide or not _is_short_gb18030(found.head) else "gb18030"
    return _less_damaged(path)


def utf16_without_mark(head: bytes) -> str | None:
    """The byte order of UTF-16 text, seen from where its NUL bytes stand, or None."""
    nuls = head.count(0)
    odd = head[1::2].count(0)
    if nuls < 2 or nuls * 100 < len(head):
        return None
    singles = sum(head.count(mark) for mark in MARKS)
    for name, share, pairs in (
        ("utf-16-le", odd, [mark + b"\0" for mark in MARKS]),
        ("utf-16-be", nuls - odd, [b"\0" + mark for mark in MARKS]),
    ):
        if share >= 0.9 * nuls and singles and sum(head.count(pair) for pair in pairs) >= 0.2 * singles:
            return name
    return None


def _is_short_gb18030(head: bytes) -> bool:
    """Whether bytes that are also UTF-8, but only of two-byte characters, are rather Chinese words in GB18030.

    In GB18030 text such bytes come in runs of two characters and more; accented letters stand alone.
    """
    runs = NON_ASCII_RUN.findall(head)
    if not runs:
        return False
    words = [run for run in runs if len(run) >= 4 and _is_hanzi(run)]
    return 2 * len(words) > len(runs)


def _is_hanzi(run: bytes) -> bool:
    try:
        text = run.decode("gb2312")
    except UnicodeDecodeError:
        return False
    return all(HANZI.match(character) for character in text)


def _less_damaged(path: Path) -> str:
    """UTF-8 or GB18030, whichever reads more of the first lines that are not plain ASCII."""
    bad_utf8 = bad_gb = 0
    for block in raw_blocks(path, "utf-8"):
        for match in NARROW.line.finditer(block.data):
            utf8, gb = (False, False) if match.group().isascii() else _damage(match.group())
            bad_utf8 += utf8
            bad_gb += gb
        if bad_utf8 + bad_gb >= ENOUGH_LINES:
            break
    return "utf-8" if bad_utf8 <= bad_gb else "gb18030"


def _damage(line: bytes) -> tuple[bool, bool]:
    """Whether a line is damaged as UTF-8, and whether as GB18030.

    GB18030 gives some reading to most bytes, so a line that is UTF-8, or is so but for a few bytes, is none of its.
    """
    try:
        line.decode()
    except UnicodeDecodeError:
        text = line.decode("utf-8", "replace")
        if len(HANZI.findall(text)) > 2 * text.count("\ufffd"):
            return True, True
    else:
        return False, True
    try:
        line.decode("gb18030")
    except UnicodeDecodeError:
        return True, True
    return True, False
