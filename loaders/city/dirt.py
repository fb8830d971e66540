"""The known kinds of dirt of real deliveries, put on sampled cells.

Harmless dirt changes how a value is written, never what it says: full-width characters, stray spaces, other
forms of dates, amounts and percentages, brackets. Harmful dirt makes a value wrong, and happens only where the
truth does not depend on the row.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from loaders.city.columns import Column, at, filled, flat, replaced
from loaders.city.streams import Bools, Rng, hits

CITIZEN = re.compile(r"[1-6]\d{5}19\d{9}[\dX]")
WIDE = {ord(c): ord(c) + 0xFEE0 for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"}
Change = Callable[[str, int], str]

CODES = ("代码", "证件号码", "识别号", "身份证号码")
DATES = ("日期", "时间", "期限自", "期限至", "有效期", "日期(列入)")
PLAIN_AMOUNTS = ("注册资本", "实缴资本", "认缴出资额", "实缴出资额", "担保金额")
NAMES = (
    "企业名称",
    "主体名称",
    "股东名称",
    "被执行人姓名/名称",
    "单位名称",
    "担保人",
    "行政相对人名称",
    "失信被执行人姓名/名称",
)


def wide_code(text: str, pick: int) -> str:
    """A code with full-width characters, lower case, or spaces around or inside."""
    spaced = f"{text[:6]} {text[6:]}" if len(text) > 10 else f" {text}"
    return (text.translate(WIDE), f" {text}", f"{text} ", text.lower(), spaced)[pick % 5]


def written_date(text: str, pick: int) -> str:
    """An ISO date in one of the other usual forms."""
    year, month, date = text.split("-")
    bare = f"{int(month)}", f"{int(date)}"
    forms = (
        f"{year}/{bare[0]}/{bare[1]}",
        f"{year}{month}{date}",
        f"{year}年{bare[0]}月{bare[1]}日",
    )
    return forms[pick % 3]


def written_amount(text: str, pick: int) -> str:
    """An amount in yuan written with its unit."""
    try:
        amount = float(text)
    except ValueError:
        return text
    ten_thousands = f"{amount / 10000:.6f}".rstrip("0").rstrip(".")
    return (f"{ten_thousands}万元人民币", f"{ten_thousands}万", f"{ten_thousands}万元", f"{text}元")[pick % 4]


def other_brackets(text: str, _pick: int) -> str:
    """A name with half-width brackets."""
    return text.replace("（", "(").replace("）", ")")


def written_name(text: str, pick: int) -> str:
    """A name with spaces or full-width characters."""
    return (
        f" {text}",
        f"{text} ",
        f"{text[:3]} {text[3:]}" if len(text) > 6 else text,
        text.translate(WIDE),
    )[pick % 4]


def old_number(text: str, _pick: int) -> str:
    """The fifteen digits that a citizen number had before 1999; other codes stay as they are."""
    return text[:6] + text[8:17] if CITIZEN.fullmatch(text) else text


def without_suffix(text: str, _pick: int) -> str:
    """A company's name without its form, as people shorten it."""
    for form in ("有限责任公司", "股份有限公司", "有限公司"):
        if text.endswith(form) and len(text) > len(form) + 6:
            return text.removesuffix(form)
    return text


def wrong_code(text: str, pick: int) -> str:
    """A code with a wrong last character, or cut short."""
    last = "0" if text[-1:] != "0" else "1"
    return (text[:-1] + last, text[:-2])[pick % 2]


def wrong_date(text: str, pick: int) -> str:
    """A date that no calendar has."""
    return (f"{text[:4]}-02-30", f"{text[:4]}-13-01", "0000-00-00")[pick % 3]


def negative(text: str, _pick: int) -> str:
    """An amount below zero."""
    return f"-{text}"


@dataclass(frozen=True)
class Plan:
    """A change that happens to a share of a column's cells."""

    rate: float
    change: Change
    harmful: bool = False
    """It costs the row, or the meaning of its cell."""
    needs_code: bool = False
    """It hides who is meant unless the row also tells a code."""


def _spoil(rng: Rng, column: Column, plan: Plan, where: Bools) -> Column:
    """The column with a change on about the plan's share of its cells that have a value, among the given rows."""
    mask = hits(rng, plan.rate, len(column)) & filled(column)
    mask &= where
    places = np.flatnonzero(mask)
    picks = rng.integers(0, 60, len(places)).tolist()
    if not len(places):
        return column
    before = at(column, places).to_pylist()
    after = [plan.change(t, p) if t else t for t, p in zip(before, picks, strict=True)]
    return replaced(column, mask, after)


def _plans(header: str) -> list[Plan]:
    """What happens to a column, by its header."""
    if any(part in header for part in CODES):
        numbers = [Plan(0.006, old_number)] if "证件号码" in header else []
        return [*numbers, Plan(0.006, wide_code), Plan(0.0012, wrong_code, harmful=True)]
    if header in PLAIN_AMOUNTS:
        return [Plan(0.06, written_amount), Plan(0.0004, negative, harmful=True)]
    if any(header.endswith(part) for part in DATES) and "处罚有效期" not in header:
        return [Plan(0.06, written_date), Plan(0.0006, wrong_date, harmful=True)]
    if header in NAMES:
        loose = Plan(0.003, without_suffix, needs_code=True)
        return [Plan(0.12, other_brackets), Plan(0.008, written_name), loose]
    return []


def soil(rng: Rng, table: pa.Table, exposed: Bools | None) -> pa.Table:
    """A table with dirt on sampled cells; harmful dirt on `exposed` rows only.

    In a feed without exposed rows, which says no firm's registered name, names may lack their suffix.
    """
    everywhere = np.ones(len(table), dtype=np.bool_)
    coded = np.zeros(len(table), dtype=np.bool_)
    if exposed is None and "统一社会信用代码" in table.column_names:
        coded = filled(flat(table, "统一社会信用代码"))
    columns = {}
    for header in table.column_names:
        column = flat(table, header)
        for plan in _plans(header):
            allowed = exposed if plan.harmful else coded if plan.needs_code else everywhere
            if allowed is not None:
                column = _spoil(rng, column, plan, allowed)
        columns[header] = column
    return pa.table(columns)


def broken_rows(headers: list[str]) -> str:
    """Three rows that no reader can use: too short, too long, and one without any identity."""
    long = ",".join(["多余"] * (len(headers) + 3))
    return f"缺列行\n{long}\n{',' * (len(headers) - 1)}\n"
