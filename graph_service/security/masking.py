"""The one place where names, numbers and telephones of natural persons are masked. Pure: text in, text out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable

from graph_service.text.surnames import looks_like_organisation, looks_like_person, surname

STAR = "*"
_BETWEEN = r"[ \-\u00a0\u3000\u200b.·]?"
_DIGIT_RUN = re.compile(rf"\d(?:{_BETWEEN}\d){{13,}}(?:{_BETWEEN}[\dXxＸｘ])")
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_NAME_SEPARATORS = re.compile(r"([、,，;；/|\s]+)")
_REMARK = re.compile(r"[（(].*$")


def mask_name(name: str) -> str:
    """A natural person's name with its surname only; of names with a dot or in Latin letters the first letter.

    >>> mask_name("李小明"), mask_name("欧阳一"), mask_name("阿卜杜拉·买买提"), mask_name("John Smith")
    ('李*', '欧阳*', '阿*', 'J*')
    """
    text = name.strip()
    if not text:
        return text
    return (_shown_surname(text) if "·" not in text else text[0]) + STAR


def mask_list_of_names(text: str) -> str:
    """Several names in one text, each masked, the separators kept; a name of an organisation stays.

    >>> mask_list_of_names("李小明、三门峡甲商贸有限公司、王二")
    '李*、三门峡甲商贸有限公司、王*'
    """
    parts = _NAME_SEPARATORS.split(text)
    return "".join(p if i % 2 or not p else mask_party(p) for i, p in enumerate(parts))


def mask_party(name: str) -> str:
    """A name of somebody of unknown kind: left whole only when it reads like an organisation's.

    >>> mask_party("甲商贸有限公司"), mask_party("李小明(董事)"), mask_party("不知名")
    ('甲商贸有限公司', '李*', '不*')
    """
    if looks_like_organisation(name):
        return mask_digits(name)
    return mask_name(_REMARK.sub("", name).strip() or name)


def mask_names_in(text: str, names: Iterable[str]) -> str:
    """A text in which these full names are masked wherever they stand; longer ones first."""
    for name in sorted({n for n in names if n}, key=lambda n: (-len(n), n)):
        text = text.replace(name, mask_name(name))
    return text


def mask_id_number(number: str) -> str:
    """A person's number with 6 characters at its start and 4 at its end; others with one and two.

    >>> mask_id_number("342301199001013224"), mask_id_number("E12345678")
    ('342301********3224', 'E******78')
    """
    if len(number) >= 15:
        return f"{number[:6]}{STAR * (len(number) - 10)}{number[-4:]}"
    if len(number) <= 4:
        return STAR * len(number)
    return f"{number[0]}{STAR * (len(number) - 3)}{number[-2:]}"


def mask_phone(number: str) -> str:
    """A telephone number without its middle: a mobile keeps 3 and 4 digits, others their first 4 and last 2.

    >>> mask_phone("13800138000"), mask_phone("03982812345")
    ('138****8000', '0398*****45')
    """
    if len(number) == 11 and number.startswith("1"):
        return f"{number[:3]}****{number[-4:]}"
    if len(number) <= 6:
        return STAR * len(number)
    return f"{number[:4]}{STAR * (len(number) - 6)}{number[-2:]}"


def mask_digits(text: str) -> str:
    """A text in which every run of 15 or more digits (the last may be X) keeps its first 6 and last 4 only.

    Full-width digits count, and single spaces, hyphens and dots between digits do not interrupt a run. A code of an
    organisation that is all digits is masked too: better one too many.

    >>> mask_digits("李,342301199001013224,1")
    '李,342301********3224,1'
    """
    return _DIGIT_RUN.sub(_masked_run, text)


def mask_row(
    raw: str,
    person_columns: Collection[int] = (),
    width: int = 0,
    delimiter: str = ",",
    unknown: Collection[int] = (),
) -> str:
    """The raw text of a rejected row as it may be kept: numbers masked, and names in the columns of persons.

    `person_columns` count from 0; of the cells of `unknown` columns the length alone is kept.
    Where the row has not `width` cells (0: any), columns may have
    moved, so whatever looks like a person's name is masked in every cell.

    >>> mask_row("甲公司,李小明,342301199001013224", {1})
    '甲公司,李*,342301********3224'
    """
    cells = _cells(raw, delimiter)
    moved = bool(width) and len(cells) != width
    if moved and unknown:
        shown = [c if not _has_words(c) or looks_like_organisation(c) else hidden(c) for c in cells]
        shown = [_mask_cell(c, is_person=False, moved=True) for c in shown]
    else:
        shown = [
            hidden(c) if i in unknown else _mask_cell(c, is_person=i in person_columns, moved=moved)
            for i, c in enumerate(cells)
        ]
    if shown == cells:
        return raw
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow(shown)
    return out.getvalue()


def hidden(text: str) -> str:
    """Of a text that nobody can vouch for, its length alone.

    >>> hidden("经办人周建国"), hidden("")
    ('…(6)', '')
    """
    return f"…({len(text)})" if text else text


def _has_words(cell: str) -> bool:
    return any(c.isalpha() and not c.isascii() for c in cell) or bool(_MOBILE.search(cell))


def _mask_cell(cell: str, *, is_person: bool, moved: bool) -> str:
    if is_person and cell.strip():
        return mask_list_of_names(cell.strip())
    if moved:
        parts = _NAME_SEPARATORS.split(cell)
        cell = "".join(mask_name(p) if looks_like_person(p) else p for p in parts)
    return mask_digits(_MOBILE.sub(r"\1****\2", cell))


def _cells(raw: str, delimiter: str) -> list[str]:
    """The cells of a row; of one with an open quote, split at every delimiter."""
    if raw.count('"') % 2:
        return raw.split(delimiter)
    try:
        rows = list(csv.reader(io.StringIO(raw, newline=""), delimiter=delimiter))
    except csv.Error:
        return raw.split(delimiter)
    return [cell for row in rows for cell in row]


def _shown_surname(text: str) -> str:
    return surname(text) or text[0]


def _masked_run(match: re.Match[str]) -> str:
    run = "".join(c for c in match.group() if c.isalnum())
    return mask_id_number(run)
