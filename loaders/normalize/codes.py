"""Codes of organisations: unified social credit codes, registration numbers, organisation codes; their check digits."""

from graph_service.domain.identifiers import (
    CATEGORIES,
    DEPARTMENTS,
    ORGANISATION_ALPHABET,
    ORGANISATION_WEIGHTS,
    SEPARATORS,
    USCC_ALPHABET,
    USCC_WEIGHTS,
)
from loaders.normalize.sql import any_of, half_width, quoted

_USCC_FORM = f"[{USCC_ALPHABET}]{{18}}"
_ORG_CHECKS = "0123456789X"


def clean_code(x: str) -> str:
    """Half-width capitals without blanks, hyphens and the scheme of an entity id."""
    bare = f"upper(translate({half_width(x)}, {quoted(SEPARATORS + ' ' + chr(9) + '·')}, ''))"
    return f"regexp_replace({bare}, '^(USCC|REGNO):', '')"


def has_uscc_form(c: str) -> str:
    """18 characters of the standard's 31, digits where the division stands."""
    return f"(length({c}) = 18 AND regexp_full_match({c}, '{_USCC_FORM}') AND regexp_full_match({c}[3:8], '\\d{{6}}'))"


def uscc_checks(c: str) -> str:
    """Whether the 18th character is right: the weighted sum of all 18 is a multiple of 31."""
    terms = [
        f"(strpos('{USCC_ALPHABET}', {c}[{i}]) - 1) * {w}" for i, w in enumerate((*USCC_WEIGHTS, 1), start=1)
    ]
    return f"(({' + '.join(terms)}) % 31 = 0)"


def organisation_checks(c: str, start: int = 1) -> str:
    """Whether the 9 characters from `start` are an organisation code with the right check character."""
    terms = [
        f"(strpos('{ORGANISATION_ALPHABET}', {c}[{i}]) - 1) * {w}"
        for i, w in enumerate(ORGANISATION_WEIGHTS, start=start)
    ]
    check = f"(strpos('{_ORG_CHECKS}', {c}[{start + 8}]) - 1)"
    return f"({check} >= 0 AND ({' + '.join(terms)} + {check}) % 11 = 0)"


def regno_checks(c: str) -> str:
    """Whether 15 digits end in the right digit of ISO 7064 MOD 11,10."""
    digits = ", ".join(["10", *(f"ascii({c}[{i}]) - 48" for i in range(1, 15))])
    step = "CASE WHEN (p + d) % 10 = 0 THEN 10 ELSE (p + d) % 10 END * 2 % 11"
    return f"((list_reduce([{digits}], lambda p, d: {step}) + ascii({c}[15]) - 48) % 10 = 1)"


def code_kind(c: str) -> str:
    """`uscc`, `regno`, `org`, or what is wrong: `uscc_check`, `uscc_organisation`, `org_check`, `form`."""
    return (
        f"CASE WHEN {c} IS NULL THEN NULL "
        f"WHEN {has_uscc_form(c)} THEN CASE WHEN NOT {uscc_checks(c)} THEN 'uscc_check' "
        f"WHEN {c}[1] NOT IN {any_of(tuple(DEPARTMENTS))} THEN 'uscc_check' "
        f"WHEN NOT {organisation_checks(c, 9)} THEN 'uscc_organisation' ELSE 'uscc' END "
        f"WHEN length({c}) = 15 AND regexp_full_match({c}, '\\d{{15}}') THEN 'regno' "
        f"WHEN length({c}) = 15 AND regexp_full_match({c}, '\\d{{6}}[0-9A-Z]{{8}}[0-9X]') "
        f"THEN CASE WHEN {organisation_checks(c, 7)} THEN 'tax' ELSE 'form' END "
        f"WHEN length({c}) = 13 AND regexp_full_match({c}, '\\d{{13}}') THEN 'regno' "
        f"WHEN length({c}) = 9 AND regexp_full_match({c}, '[0-9A-Z]{{8}}[0-9X]') "
        f"THEN CASE WHEN {organisation_checks(c)} THEN 'org' ELSE 'org_check' END "
        f"ELSE 'form' END"
    )


def organisation_id(c: str, kind: str) -> str:
    """Entity id of a code; null for an organisation code, which is no id of its own."""
    return f"CASE {kind} WHEN 'uscc' THEN 'uscc:' || {c} WHEN 'regno' THEN 'regno:' || {c} END"


def organisation_code(c: str, kind: str) -> str:
    """The organisation code that the cell holds instead of a unified code, or null."""
    return f"CASE {kind} WHEN 'org' THEN {c} WHEN 'tax' THEN right({c}, 9) END"


def unknown_region(c: str, kind: str) -> str:
    """The division inside the code is not in GB/T 2260 (table `divisions`)."""
    return f"({kind} = 'uscc' AND {c}[3:8] NOT IN (SELECT code FROM divisions))"


def unknown_category(c: str, kind: str) -> str:
    """The second character is no known category of its department."""
    return f"({kind} = 'uscc' AND {c}[1:2] NOT IN {any_of(tuple(CATEGORIES))})"
