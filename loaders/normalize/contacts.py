"""Telephone numbers and e-mail addresses."""

from graph_service.text.normal import normalize_phone_sql


def telephone(c: str) -> str:
    """The first number of the cell as it is compared: digits, at least 7; null for anything else."""
    first = f"regexp_split_to_array({c}, '[;；、,，/ 转]+')[1]"
    whole = normalize_phone_sql(c)
    digits = f"CASE WHEN length({whole}) <= 13 THEN {whole} ELSE {normalize_phone_sql(first)} END"
    return f"CASE WHEN length({digits}) BETWEEN 7 AND 13 AND length(rtrim({digits}, {digits}[1])) > 0 THEN {digits} END"


def email(c: str) -> str:
    """The address in lower case; null for what is none."""
    return f"CASE WHEN regexp_full_match({c}, '[^@\\s]+@[^@\\s]+\\.[^@\\s.]+') THEN lower({c}) END"
