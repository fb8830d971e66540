"""The known kinds of dirt of real deliveries, put on sampled cells.

Harmless dirt changes how a value is written, never what it says: full-width characters, stray spaces, other
forms of dates, amounts and percentages, brackets. Harmful dirt makes a value wrong, and happens only where the
truth does not depend on the row.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.city.streams import Rng, hits

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
        f"{text} 00:00:00",
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


def written_name(text: str, pick: int) -> str:
    """A name with other brackets, spaces or full-width characters."""
    other = text.replace("（", "(").replace("）", ")")
    return (
        other if other != text else f" {text}",
        f"{text} ",
        f"{text[:3]} {text[3:]}" if len(text) > 6 else text,
        text.translate(WIDE),
    )[pick % 4]


def wrong_code(text: str, pick: int) -> str:
    """A code with a wrong last character, or cut short."""
    last = "0" if text[-1:] != "0" else "1"
    return (text[:-1] + last, text[:-2])[pick % 2]


def wrong_date(text: str, pick: int) -> str:
    """A date that no calendar has."""
    return (f"{text[:4]}-02-30", f"{text[:4]}-13-01", "0000-00-00")[pick % 3]


def negative(text: str, pick: int) -> str:
    """An amount below zero."""
    return f"-{text}"


def _spoil(rng: Rng, column: pa.ChunkedArray, rate: float, change: Change) -> pa.ChunkedArray:
    """The column with a change on about `rate` of its cells that have a value."""
    flat = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    mask = hits(rng, rate, len(flat)) & pc.is_valid(flat).to_numpy(zero_copy_only=False)
    where = np.flatnonzero(mask)
    picks = rng.integers(0, 60, len(where)).tolist()
    if not len(where):
        return flat
    before = flat.take(pa.array(where)).to_pylist()
    after = pa.array([change(t, p) if t else t for t, p in zip(before, picks, strict=True)], type=pa.string())
    return pc.replace_with_mask(flat, pa.array(mask), after)


def _plans(header: str, harmful: bool) -> list[tuple[float, Change]]:
    """What happens to a column, by its header."""
    plans: list[tuple[float, Change]] = []
    if any(part in header for part in CODES):
        plans.append((0.006, wide_code))
        plans += [(0.0012, wrong_code)] if harmful else []
    elif header in PLAIN_AMOUNTS:
        plans.append((0.06, written_amount))
        plans += [(0.0004, negative)] if harmful else []
    elif any(header.endswith(part) for part in DATES) and "处罚有效期" not in header:
        plans.append((0.06, written_date))
        plans += [(0.0006, wrong_date)] if harmful else []
    elif header in NAMES:
        plans.append((0.008, written_name))
    return plans


def soil(rng: Rng, table: pa.Table, harmful: bool) -> pa.Table:
    """A table with dirt on sampled cells."""
    columns = {}
    for header in table.column_names:
        column = table[header]
        for rate, change in _plans(header, harmful):
            column = _spoil(rng, column, rate, change)
        columns[header] = column
    return pa.table(columns)


def broken_rows(headers: list[str]) -> str:
    """Three rows that no reader can use: too short, too long, and one without any identity."""
    long = ",".join(["多余"] * (len(headers) + 3))
    return f"缺列行\n{long}\n{',' * (len(headers) - 1)}\n"
