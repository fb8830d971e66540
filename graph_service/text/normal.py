"""Names in the one form in which they are compared, in Python and as the same expressions of DuckDB SQL.

Every step is one character table or one regular expression that both sides share, so that they cannot differ.
"""

from __future__ import annotations

import re
import sys

_FULL_WIDTH = {chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)}
_BRACKETS = dict(zip("〔【［｛「『《〈[{<〕】］｝」』》〉]}>", "(((((((((((" + ")))))))))))", strict=True))
_DOTS = dict.fromkeys("•‧∙⋅・･․", "·")
_DASHES = dict.fromkeys("‐‑‒–—―−－", "-")
_CAPITALS = {chr(c): chr(c + 32) for c in range(ord("A"), ord("Z") + 1)}
_SPACES = [chr(c) for c in range(1, sys.maxunicode + 1) if chr(c).isspace()]
_INVISIBLE = [
    *"\ufeff\u200b\u200c\u200d\u2060\u00ad\u180e\u200e\u200f",
    *(chr(c) for c in range(1, 32)),
    "\x7f",
]


def _table() -> dict[str, str]:
    """What each character becomes; the empty string removes it."""
    table = _FULL_WIDTH | _BRACKETS | _DOTS | _DASHES
    table = {old: _CAPITALS.get(new, _BRACKETS.get(new, new)) for old, new in table.items()} | _CAPITALS
    return table | dict.fromkeys([*_SPACES, *_INVISIBLE], "")


_CHARACTERS = _table()
_TRANSLATION = str.maketrans(_CHARACTERS)
_ORDERED = sorted(_CHARACTERS, key=lambda c: _CHARACTERS[c] == "")
_SQL_OLD = "".join(_ORDERED).replace("'", "''")
_SQL_NEW = "".join(_CHARACTERS[c] for c in _ORDERED).replace("'", "''")
_SQL_ANY = "[" + "".join(f"\\x{{{ord(c):X}}}" for c in _ORDERED if c not in "（）") + "]"

LEGAL_FORMS = (
    "有限责任公司",
    "股份有限公司",
    "有限公司",
    "股份公司",
    "责任公司",
    "总公司",
    "公司",
    "(有限合伙)",
    "(普通合伙)",
    "(特殊普通合伙)",
    "(个人独资)",
    "农民专业合作社联合社",
    "农民专业合作社",
    "专业合作社",
    "合作社",
    "(个体工商户)",
)
"""Legal forms at the end of a name, without which two spellings of one name are compared."""

_FORM_PATTERN = "(?:" + "|".join(re.escape(f) for f in sorted(LEGAL_FORMS, key=len, reverse=True)) + ")$"
_FORM = re.compile(_FORM_PATTERN)


def normalize_name(text: str) -> str:
    """The name as it is compared: half-width, one kind of bracket, dot and dash, no spaces, lower case.

    The legal form stays. `name:` and `person-at:` ids are made of this.

    >>> normalize_name(" 三门峡（集团）ＡＢＣ 有限公司 ")
    '三门峡(集团)abc有限公司'
    """
    return text.translate(_TRANSLATION)


def normalize_name_sql(column: str) -> str:
    """The same as `normalize_name`, as an SQL expression of DuckDB over a VARCHAR expression.

    `translate` costs microseconds a row for so large a table, so it sees only texts that have something to change
    besides full-width brackets.
    """
    plain = f"replace(replace({column}, '（', '('), '）', ')')"
    changed = f"translate({plain}, '{_SQL_OLD}', '{_SQL_NEW}')"
    return f"CASE WHEN regexp_matches({plain}, '{_SQL_ANY}') THEN {changed} ELSE {plain} END"


def name_stem(text: str) -> str:
    """The normalised name without its legal form, for matching names given with and without it.

    A name that is nothing but a legal form stays whole.

    >>> name_stem("三门峡甲商贸有限责任公司")
    '三门峡甲商贸'
    """
    name = normalize_name(text)
    return _FORM.sub("", name) or name


def name_stem_sql(column: str) -> str:
    """The same as `name_stem`, as an SQL expression of DuckDB."""
    name = normalize_name_sql(column)
    return f"coalesce(nullif(regexp_replace({name}, '{_FORM_PATTERN}', ''), ''), {name})"


def normalize_address(text: str) -> str:
    """An address as it is compared: as names are, without brackets' remarks at its end.

    >>> normalize_address("三门峡市湖滨区 甲路１号（自主申报）")
    '三门峡市湖滨区甲路1号'
    """
    name = normalize_name(text)
    return _REMARK.sub("", name) or name


def normalize_address_sql(column: str) -> str:
    """The same as `normalize_address`, as an SQL expression of DuckDB."""
    name = normalize_name_sql(column)
    return f"coalesce(nullif(regexp_replace({name}, '{_REMARK_PATTERN}', ''), ''), {name})"


def normalize_phone(text: str) -> str:
    """A telephone number as it is compared: its digits, without the country code 86.

    >>> normalize_phone("+86 138-0013-8000")
    '13800138000'
    """
    digits = _NO_DIGIT.sub("", normalize_name(text))
    return _COUNTRY.sub(r"\1", digits)


def normalize_phone_sql(column: str) -> str:
    """The same as `normalize_phone`, as an SQL expression of DuckDB."""
    digits = f"regexp_replace({normalize_name_sql(column)}, '[^0-9]', '', 'g')"
    return f"regexp_replace({digits}, '{_COUNTRY_PATTERN}', '\\1')"


_REMARK_PATTERN = r"\([^()]*\)$"
_REMARK = re.compile(_REMARK_PATTERN)
_NO_DIGIT = re.compile("[^0-9]")
_COUNTRY_PATTERN = "^(?:00)?86([0-9]{10,12})$"
_COUNTRY = re.compile(_COUNTRY_PATTERN)
