"""What all codes share: cleaning, problems as values, and the division table of GB/T 2260."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import NamedTuple

from stdnum import numdb

SEPARATORS = "-‐‑‒–—―－−"
"""Characters that stand between groups of a code and carry no meaning."""

FULL_WIDTH_FIRST, FULL_WIDTH_LAST, FULL_WIDTH_SHIFT = 0xFF01, 0xFF5E, 0xFEE0
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060\u00ad\u180e"
_CLEAN: dict[int, int | None] = {
    c: c - FULL_WIDTH_SHIFT for c in range(FULL_WIDTH_FIRST, FULL_WIDTH_LAST + 1)
}
_CLEAN.update({ord(c): None for c in _INVISIBLE})

NATIONAL_REGION = "100000"
"""The whole country: entities that a ministry registers itself."""


class Problem(NamedTuple):
    """One thing wrong, or odd, about a code. A value, never an exception; never holds the code of a person.

    A warning does not make the code invalid.
    """

    code: str
    sentence: str
    sentence_zh: str
    is_warning: bool = False


class Division(NamedTuple):
    """An administrative division with the years in which its code was assigned (`None`: open)."""

    code: str
    name: str
    first_year: int | None = None
    last_year: int | None = None


def normalize_code(text: str) -> str:
    """The code as machines compare it: half-width, upper case, without spaces, BOM and invisible characters.

    Hyphens stay: `strip_hyphens` removes them where a code has none of its own.

    >>> normalize_code(" ９１４１１２０２ma40ab121r ")
    '91411202MA40AB121R'
    """
    return "".join(text.translate(_CLEAN).split()).upper()


def strip_hyphens(text: str) -> str:
    """The code without the hyphens between its groups: `MA35H6XT-3` → `MA35H6XT3`."""
    return "".join(c for c in text if c not in SEPARATORS)


def has_errors(problems: tuple[Problem, ...]) -> bool:
    """Whether one of the problems is more than a warning."""
    return any(not p.is_warning for p in problems)


@cache
def divisions(code: str) -> tuple[Division, ...]:
    """What a 6-digit division code has stood for, oldest first; empty when GB/T 2260 never had it.

    Source: `cn/loc.dat` of python-stdnum. The code of the whole country (100000) is added.
    """
    if code == NATIONAL_REGION:
        return (Division(code, "中华人民共和国"),)
    info = {k: v for _, props in numdb.get("cn/loc").info(code) for k, v in props.items()}
    return tuple(_division(code, text) for text in info.get("county", "").split(",") if text)


def is_known_region(code: str) -> bool:
    """Whether the code is, or was, a division of GB/T 2260."""
    return bool(divisions(code))


@cache
def is_known_province(code: str) -> bool:
    """Whether the first two digits are a province (81, 82, 83: residents of Hong Kong, Macau, Taiwan)."""
    return code[:2] == "83" or bool(divisions(code[:2] + "0000"))


def was_assigned(code: str, year: int) -> bool:
    """Whether the division existed in that year."""
    return any(
        (d.first_year is None or d.first_year <= year) and (d.last_year is None or year <= d.last_year)
        for d in divisions(code)
    )


def known_divisions() -> tuple[Division, ...]:
    """Every division of the table with its years, by code: what a bulk check joins against."""
    table = resources.files("stdnum.cn").joinpath("loc.dat").read_text("utf-8")
    province, out = "", list(divisions(NATIONAL_REGION))
    for line in table.splitlines():
        if line[:1].isdigit():
            province = line[:2]
        elif line.startswith(" "):
            out += divisions(province + line.split()[0])
    return tuple(sorted(out))


def _division(code: str, text: str) -> Division:
    dated = re.fullmatch(r"\[(\d*)-(\d*)\](.*)", text)
    if dated is None:
        return Division(code, text)
    first, last, name = dated.groups()
    return Division(code, name, int(first) if first else None, int(last) if last else None)
