"""Amounts of money with units and currencies, percentages, whole numbers."""

from loaders.normalize.sql import half_width, quoted

_NUMBER = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
_MONEY = "人民币|RMB|CNY|美元|美金|USD|欧元|EUR|港元|港币|HKD|日元|JPY|英镑|GBP|新台币|TWD|韩元|KRW|澳元|AUD|加元|CAD|新加坡元|SGD|瑞士法郎|CHF"  # noqa: E501
_FORM = rf"(?i)^(?:{_MONEY}|[¥￥$€£])?{_NUMBER}(?:亿|千万|百万|十万|万)?(?:元|圆)?(?:整|正)?(?:{_MONEY})?$"
_CURRENCIES = (
    ("美元|美金|USD|\\$", "USD"), ("欧元|EUR|€", "EUR"), ("港元|港币|HKD", "HKD"), ("日元|JPY", "JPY"),
    ("英镑|GBP|£", "GBP"), ("新台币|TWD", "TWD"), ("韩元|KRW", "KRW"), ("澳元|AUD", "AUD"), ("加元|CAD", "CAD"),
    ("新加坡元|SGD", "SGD"), ("瑞士法郎|CHF", "CHF"),
)  # fmt: skip


def clean_amount(x: str) -> str:
    """The cell without blanks, separators of thousands and brackets."""
    return f"translate({half_width(x)}, {quoted(' ,()、' + chr(9) + chr(39))}, '')"


def number_in(c: str) -> str:
    """The number that the cell holds, without its unit; null where the cell is not written like an amount."""
    extracted = f"TRY_CAST(regexp_extract({c}, {quoted(_NUMBER)}) AS DOUBLE)"
    plain = f"TRY_CAST({c} AS DOUBLE)"
    finite = f"CASE WHEN isfinite({plain}) THEN {plain} END"
    return f"CASE WHEN regexp_matches({c}, {quoted(_FORM)}) THEN coalesce({finite}, {extracted}) END"


def factor_of(c: str, default: int) -> str:
    """What the unit in the cell multiplies by; `default` where it names none."""
    return (
        f"CASE WHEN contains({c}, '亿') THEN 1e8 WHEN contains({c}, '千万') THEN 1e7 "
        f"WHEN contains({c}, '百万') THEN 1e6 WHEN contains({c}, '十万') THEN 1e5 "
        f"WHEN contains({c}, '万') THEN 1e4 WHEN contains({c}, '元') THEN 1 ELSE {default} END"
    )


def currency_of(c: str) -> str:
    """ISO code of a foreign currency that the cell names; null for yuan."""
    whens = " ".join(
        f"WHEN regexp_matches({c}, {quoted('(?i)' + p)}) THEN '{code}'" for p, code in _CURRENCIES
    )
    return f"CASE WHEN TRY_CAST({c} AS DOUBLE) IS NULL THEN CASE {whens} END END"


def clean_percent(x: str) -> str:
    """The cell without blanks; a per cent sign stays."""
    return f"translate({half_width(x)}, {quoted(' ,' + chr(9))}, '')"


def percent_number(c: str) -> str:
    """The number before the per cent sign, if any; null for anything else."""
    bare = f"CASE WHEN regexp_matches({c}, {quoted(f'^{_NUMBER}%?$')}) THEN rtrim({c}, '%') END"
    return f"TRY_CAST({bare} AS DOUBLE)"


def fraction(c: str, number: str, *, small_are_percents: bool) -> str:
    """The share as a fraction. A sign decides; without one, above 1 it is per cent, and see `small_are_percents`."""
    is_percent = f"ends_with({c}, '%')" if not small_are_percents else "TRUE"
    return f"CASE WHEN {is_percent} OR {number} > 1 THEN round({number} / 100, 12) ELSE {number} END"


def clean_integer(x: str) -> str:
    """The cell without blanks, separators and a word for the unit."""
    return f"regexp_replace(translate({half_width(x)}, ' ,', ''), '(人|个|家|年|年度|户|次|件)$', '')"


def integer(c: str) -> str:
    """A whole number; null for anything else."""
    return f"TRY_CAST(CASE WHEN regexp_matches({c}, '^[-+]?\\d+(\\.0*)?$') THEN {c} END AS DOUBLE)::BIGINT"
