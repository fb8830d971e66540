"""Numbers of natural persons: the citizen number of GB 11643 and what is built like it.

Residents of Hong Kong, Macau and Taiwan bear numbers that begin with 81, 82, 83; permanent residents from
abroad (since 2023-12-01) numbers that begin with 9. A 15-digit number is the old form of a citizen's.
Problems never repeat the number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from stdnum.cn import ric

from graph_service.domain.identifiers.codes import (
    Problem,
    has_errors,
    is_known_province,
    normalize_code,
    was_assigned,
)

CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""Weights of the first 17 digits in MOD 11-2; the check character is `CITIZEN_CHECKS[sum mod 11]`."""
CITIZEN_CHECKS = "10X98765432"

CITIZEN, RESIDENCE_PERMIT, PERMANENT_RESIDENCE = "citizen", "residence_permit", "permanent_residence"

_FORM_18 = re.compile(r"[0-9]{17}[0-9X]")
_FORM_15 = re.compile(r"[0-9]{15}")


@dataclass(frozen=True, slots=True, repr=False)
class CitizenNumber:
    """A person's number taken apart, in its 18-character form. Has no repr: the number must not reach a log.

    `kind`: citizen, residence_permit or permanent_residence; `region` is empty for the last.
    """

    number: str
    kind: str
    region: str
    birth: date | None
    is_female: bool
    problems: tuple[Problem, ...]

    @property
    def is_valid(self) -> bool:
        """Whether the number can stand: no problem beyond warnings."""
        return not has_errors(self.problems)


def citizen_check_character(body: str) -> str:
    """The 18th character for the first 17 digits (ISO 7064 MOD 11-2).

    >>> citizen_check_character("11010519491231002")
    'X'
    """
    return str(ric.calc_check_digit(body[:17] + "0"))


def eighteen_digits(number: str) -> str:
    """A 15-digit number in its 18-character form (century 19, check character added); others unchanged.

    >>> eighteen_digits("110105491231002")
    '11010519491231002X'
    """
    if not _FORM_15.fullmatch(number):
        return number
    body = f"{number[:6]}19{number[6:]}"
    return body + citizen_check_character(body)


def has_citizen_form(number: str) -> bool:
    """Whether a normalised number is written like a citizen's: 18 characters, or 15 digits."""
    return bool(_FORM_18.fullmatch(number) or _FORM_15.fullmatch(number))


def parse_citizen(text: str, today: date) -> CitizenNumber:
    """Take a person's number apart and say what is wrong with it; births after `today` are refused.

    A division that did not exist at the birth is a warning: numbers are given later, and tables are late.
    """
    number = eighteen_digits(normalize_code(text))
    if not _FORM_18.fullmatch(number):
        sentence = "The number of a person has 18 characters, or 15 digits in its old form."
        return CitizenNumber(
            "", "", "", None, False, (Problem("citizen_format", sentence, "证件号码格式不正确。"),)
        )
    kind = _kind(number)
    birth = _birth(number)
    region = "" if kind == PERMANENT_RESIDENCE else number[:6]
    problems = (*_check_problems(number), *_birth_problems(birth, today), *_region_problems(region, birth))
    return CitizenNumber(number, kind, region, birth, int(number[16]) % 2 == 0, problems)


def is_citizen(text: str, today: date) -> bool:
    """Whether the text is a valid number of a natural person."""
    return parse_citizen(text, today).is_valid


def _kind(number: str) -> str:
    if number[0] == "9":
        return PERMANENT_RESIDENCE
    return RESIDENCE_PERMIT if number[:2] in {"81", "82", "83"} else CITIZEN


def _birth(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def _check_problems(number: str) -> tuple[Problem, ...]:
    if citizen_check_character(number) == number[17]:
        return ()
    return (
        Problem(
            "citizen_check", "The check character of the person's number is wrong.", "证件号码校验不通过。"
        ),
    )


def _birth_problems(birth: date | None, today: date) -> tuple[Problem, ...]:
    if birth is None:
        return (
            Problem(
                "citizen_birth", "The number holds a date of birth that does not exist.", "出生日期不存在。"
            ),
        )
    if birth > today:
        return (
            Problem(
                "citizen_future", "The number holds a date of birth in the future.", "出生日期晚于当前日期。"
            ),
        )
    return ()


def _region_problems(region: str, birth: date | None) -> tuple[Problem, ...]:
    if not region:
        return ()
    if not is_known_province(region):
        return (
            Problem(
                "citizen_province",
                "The number begins with no known province.",
                "证件号码前两位不是已知省份。",
            ),
        )
    if region[:2] == "83" or (birth is not None and was_assigned(region, birth.year)):
        return ()
    sentence = "The division in the person's number did not exist in the year of birth."
    return (Problem("citizen_region", sentence, "证件号码中的行政区划与出生年份不符。", is_warning=True),)
