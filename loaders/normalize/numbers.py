"""Certificate numbers of persons: recognised, checked and hashed inside one expression, so that none is kept."""

from datetime import date

from graph_service.domain.identifiers import CITIZEN_CHECKS, CITIZEN_WEIGHTS
from loaders.normalize.sql import keyed_hash, quoted

DOCUMENTS = ("resident_id", "residence_permit", "permanent_residence", "passport", "other", "organisation")
"""What a column of certificate types may say, as the normal values of its enum."""
PERSON_KINDS = ("citizen", "masked", "passport", "other")
ORGANISATION_KINDS = ("uscc", "regno", "org", "tax")
_MASKED = r"^(\d{6}|\d{10})[*X]{4,8}(\d{3}[\dX])$"


def check_character(c: str, offset: int = 0) -> str:
    """The check character of MOD 11-2 for 17 digits; with offset 2 for a 15-digit number, century 19 put in."""
    terms = [
        f"(ascii({c}[{i - offset if i > 6 else i}]) - 48) * {w}"
        for i, w in enumerate(CITIZEN_WEIGHTS, start=1)
        if not (offset and i in (7, 8))
    ]
    century = f" + {CITIZEN_WEIGHTS[6] + 9 * CITIZEN_WEIGHTS[7]}" if offset else ""
    return f"'{CITIZEN_CHECKS}'[({' + '.join(terms)}{century}) % 11 + 1]"


def eighteen(c: str) -> str:
    """A 15-digit number in its 18-character form; others unchanged."""
    return f"CASE WHEN length({c}) = 15 THEN {c}[1:6] || '19' || {c}[7:15] || {check_character(c, 2)} ELSE {c} END"


def _birth(digits: str) -> str:
    return f"TRY_CAST({digits}[1:4] || '-' || {digits}[5:6] || '-' || {digits}[7:8] AS DATE)"


def citizen_kind(c: str, today: date) -> str:
    """`citizen`, `masked`, or what is wrong: `citizen_birth`, `citizen_check`; null for no number of that form."""
    birth = _birth(f"{c}[7:14]")
    born = f"coalesce({birth} BETWEEN DATE '1900-01-01' AND DATE '{today}', FALSE)"
    old = _birth(f"('19' || {c}[7:12])") + " IS NOT NULL"
    return (
        f"CASE WHEN length({c}) = 18 AND regexp_full_match({c}, '[1-9]\\d{{16}}[0-9X]') THEN "
        f"CASE WHEN NOT {born} THEN 'citizen_birth' "
        f"WHEN {check_character(c)} <> {c}[18] THEN 'citizen_check' ELSE 'citizen' END "
        f"WHEN length({c}) = 15 AND regexp_full_match({c}, '[1-9]\\d{{14}}') AND {old} THEN 'citizen' "
        f"WHEN regexp_matches({c}, {quoted(_MASKED)}) AND contains({c}, '*') THEN 'masked' END"
    )


def number_kind(c: str, citizen: str, code: str, document: str | None) -> str:
    """What a certificate number is: one of PERSON_KINDS or ORGANISATION_KINDS, or what is wrong with it.

    `citizen`, `code`: what `citizen_kind` and `code_kind` say of it. `document`: the stated type, if any.
    """
    either = (
        f"CASE WHEN {citizen} IN ('citizen', 'masked') THEN {citizen} WHEN {code} IN ('uscc', 'org') THEN {code} "
        f"WHEN regexp_full_match({c}, '[A-Z]{{1,2}}\\d{{7,8}}') THEN 'passport' "
        f"WHEN {code} IN ('regno', 'tax') THEN {code} WHEN {citizen} IS NOT NULL THEN {citizen} ELSE {code} END"
    )
    if document is None:
        return f"CASE WHEN {c} IS NOT NULL THEN {either} END"
    stated = (
        f"CASE WHEN {document} IN ('passport', 'other') AND {citizen} IS DISTINCT FROM 'citizen' "
        f"AND regexp_full_match({c}, '[A-Z0-9]{{4,24}}') THEN {document} "
        f"WHEN {document} = 'organisation' THEN {code} ELSE {either} END"
    )
    return f"CASE WHEN {c} IS NOT NULL THEN {stated} END"


def person_id(c: str, kind: str, full: str) -> str:
    """`person:` and the keyed hash of type, country and number; as `identifiers.person_id`. `full`: `eighteen`."""
    text = (
        f"CASE {kind} WHEN 'citizen' THEN 'resident_id:CN:' || {full} "
        f"WHEN 'passport' THEN 'passport:CN:' || {c} WHEN 'other' THEN 'other:CN:' || {c} END"
    )
    return f"CASE WHEN {kind} IN ('citizen', 'passport', 'other') THEN 'person:' || {keyed_hash(text)} END"


def masked(c: str, kind: str) -> str:
    """First 6, 8 stars, last 4; other certificates: first 2, stars, last 2."""
    return (
        f"CASE WHEN {kind} IN ('citizen', 'masked') THEN {c}[1:6] || '********' || right({c}, 4) "
        f"WHEN {kind} IN ('passport', 'other') THEN left({c}, 2) || '****' || right({c}, 2) END"
    )


def visible(c: str, kind: str, full: str, head: int) -> str:
    """The first `head` and last 4 digits of a full or masked citizen number; null where fewer are to be seen."""
    starts = rf"^\d{{{head}}}"
    return (
        f"CASE WHEN {kind} = 'citizen' THEN left({full}, {head}) || right({full}, 4) "
        f"WHEN {kind} = 'masked' AND regexp_matches({c}, {quoted(starts)}) THEN left({c}, {head}) || right({c}, 4) END"
    )
