"""Dates as offices write them: 2019-07-01, 2019/7/1, 2019.7.1, 20190701, 2019年7月1日, with a time, as milliseconds."""

from loaders.normalize.sql import any_of, days, half_width, quoted, trimmed

OPEN = ("长期", "永久", "永久有效", "长期有效", "无固定期限", "无期限", "不限", "至今", "不约定期限")
"""Ways to write that there is no end."""

_FULL = r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?:[T\s]*\d{1,2}[:时].*)?$"
_PACKED = r"^(\d{4})(\d{2})(\d{2})(?:\d{6}|[T\s]+\d{1,2}:.*)?$"
_MONTH = r"^(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*月?$"
_ISO = r"^\d{4}-\d{1,2}-\d{1,2}$"
FIRST_YEAR, OPEN_YEAR = 1850, 2900


def clean_date(x: str) -> str:
    """The cell without blanks around it."""
    return trimmed(half_width(x))


def iso_text(c: str) -> str:
    """The cell as `YYYY-M-D`; a month alone is its first day; anything else unchanged."""
    millis = f"((make_timestamp({c}::BIGINT * 1000) + INTERVAL 8 HOUR)::DATE)::VARCHAR"
    return (
        f"CASE WHEN regexp_full_match({c}, '\\d{{4}}-\\d{{2}}-\\d{{2}}') THEN {c} "
        f"WHEN regexp_full_match({c}, '1?\\d{{12}}') THEN {millis} "
        f"WHEN regexp_matches({c}, {quoted(_PACKED)}) THEN regexp_replace({c}, {quoted(_PACKED)}, '\\1-\\2-\\3') "
        f"WHEN regexp_matches({c}, {quoted(_FULL)}) THEN regexp_replace({c}, {quoted(_FULL)}, '\\1-\\2-\\3') "
        f"WHEN regexp_matches({c}, {quoted(_MONTH)}) THEN regexp_replace({c}, {quoted(_MONTH)}, '\\1-\\2-01') "
        f"ELSE {c} END"
    )


def date_days(iso: str) -> str:
    """Days since 1970-01-01 of `iso_text`; null for what is no date, and for a year that means an open end."""
    parsed = f"TRY_CAST(CASE WHEN regexp_matches({iso}, {quoted(_ISO)}) THEN {iso} END AS DATE)"
    return f"CASE WHEN year({parsed}) BETWEEN {FIRST_YEAR} AND {OPEN_YEAR - 1} THEN {days(parsed)} END"


def is_bad_date(c: str, iso: str, value: str) -> str:
    """Something is written, and it is neither a date nor an open end."""
    is_open = f"({c} IN {any_of(OPEN)} OR regexp_matches({iso}, '^(29|[3-9]\\d)\\d\\d-'))"
    return f"{c} IS NOT NULL AND {value} IS NULL AND NOT {is_open}"


def is_month_only(c: str) -> str:
    """Only year and month are written."""
    return f"regexp_matches({c}, {quoted(_MONTH)})"
