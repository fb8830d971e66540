"""Codes of organisations: unified social credit code, organisation code, registration number, old tax number.

Sources: GB 32100-2015 with amendment 1 (USCC), GB 11714 (organisation code), GS 15-2006 (registration
number). The constants are public so that bulk checks in SQL use the same numbers.
"""

from __future__ import annotations

import string
from dataclasses import dataclass

from stdnum.cn import uscc as stdnum_uscc
from stdnum.iso7064 import mod_11_10

from graph_service.domain.identifiers.codes import (
    Problem,
    has_errors,
    is_known_region,
    normalize_code,
    strip_hyphens,
)

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""31 characters; the value of one is its position here (no I, O, Z, S, V)."""
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORGANISATION_ALPHABET = string.digits + string.ascii_uppercase
"""36 characters: letters of an organisation code count 10 (A) to 35 (Z), not as in the USCC."""
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

DEPARTMENTS: dict[str, str] = {
    "1": "机构编制",
    "2": "外交",
    "3": "司法行政",
    "4": "文化",
    "5": "民政",
    "6": "旅游",
    "7": "宗教",
    "8": "工会",
    "9": "市场监管",
    "A": "中央军委改革和编制办公室",
    "N": "农业",
    "Y": "其他",
}
"""Position 1 of a USCC: the registering department."""

CATEGORIES: dict[str, str] = {
    "11": "机关",
    "12": "事业单位",
    "13": "编办直管群众团体",
    "19": "其他",
    "21": "外国常驻新闻机构",
    "29": "其他",
    "31": "律师执业机构",
    "32": "公证处",
    "33": "基层法律服务所",
    "34": "司法鉴定机构",
    "35": "仲裁委员会",
    "39": "其他",
    "41": "外国在华文化中心",
    "49": "其他",
    "51": "社会团体",
    "52": "民办非企业单位",
    "53": "基金会",
    "59": "其他",
    "61": "外国旅游部门常驻代表机构",
    "62": "港澳台地区旅游部门常驻内地（大陆）代表机构",
    "69": "其他",
    "71": "宗教活动场所",
    "72": "宗教院校",
    "79": "其他",
    "81": "基层工会",
    "89": "其他",
    "91": "企业",
    "92": "个体工商户",
    "93": "农民专业合作社",
    "99": "其他",
    "A1": "军队事业单位",
    "A9": "其他",
    "N1": "组级集体经济组织",
    "N2": "村级集体经济组织",
    "N3": "乡镇级集体经济组织",
    "N9": "其他",
    "Y1": "其他",
}
"""Positions 1 and 2 of a USCC. Only department 9 is confirmed, so an unknown category is a warning."""


@dataclass(frozen=True, slots=True)
class Uscc:
    """A unified social credit code taken apart; the parts of a code of the wrong length are empty.

    `region` is where the first authority registered the entity, kept for life: never read it as the domicile.
    """

    code: str
    department: str
    category: str
    region: str
    organisation_code: str
    check: str
    problems: tuple[Problem, ...]

    @property
    def is_valid(self) -> bool:
        """Whether the code can stand: no problem beyond warnings."""
        return not has_errors(self.problems)


@dataclass(frozen=True, slots=True)
class RegistrationNumber:
    """A 15-digit registration number taken apart. `kind`: domestic, foreign, individual_business or empty."""

    code: str
    authority: str
    sequence: str
    kind: str
    problems: tuple[Problem, ...]

    @property
    def is_valid(self) -> bool:
        """Whether the number can stand."""
        return not has_errors(self.problems)


@dataclass(frozen=True, slots=True)
class TaxNumber:
    """The old 15-character tax number: division and organisation code."""

    code: str
    region: str
    organisation_code: str
    problems: tuple[Problem, ...]

    @property
    def is_valid(self) -> bool:
        """Whether the number can stand."""
        return not has_errors(self.problems)


def uscc_check_character(body: str) -> str:
    """The 18th character for the first 17 (or for all 18: the last is not read).

    Raises:
        ValueError: a character outside the 31 of the standard.
    """
    return str(stdnum_uscc.calc_check_digit(body[:17]))


def organisation_check_character(body: str) -> str:
    """The 9th character of an organisation code for its first 8.

    >>> organisation_check_character("MA35H6XT")
    '3'

    Raises:
        ValueError: a character that is neither a digit nor a capital letter.
    """
    pairs = zip(body[:8], ORGANISATION_WEIGHTS, strict=True)
    rest = 11 - sum(ORGANISATION_ALPHABET.index(c) * w for c, w in pairs) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def regno_check_digit(body: str) -> str:
    """The 15th digit of a registration number for its first 14 (ISO 7064 MOD 11,10)."""
    return str(mod_11_10.calc_check_digit(body[:14]))


def parse_uscc(text: str) -> Uscc:
    """Take a unified social credit code apart and say what is wrong with it.

    The text is normalised first (width, case, spaces, hyphens).

    >>> parse_uscc("91411202MA40AB121R").region
    '411202'
    """
    code = strip_hyphens(normalize_code(text))
    if len(code) != 18:
        return Uscc(
            code, "", "", "", "", "", (_problem("uscc_length", "统一社会信用代码应为18位", _USCC_LENGTH),)
        )
    parts = (code[0], code[:2], code[2:8], code[8:17], code[17])
    return Uscc(code, *parts, _uscc_problems(code))


def is_uscc(text: str) -> bool:
    """Whether the text is a valid unified social credit code."""
    return parse_uscc(text).is_valid


def organisation_code_problems(text: str) -> tuple[Problem, ...]:
    """What is wrong with an organisation code (GB 11714), written with or without its hyphen."""
    code = strip_hyphens(normalize_code(text))
    if len(code) != 9:
        return (
            _problem(
                "organisation_code_length", "组织机构代码应为9位", "An organisation code has 9 characters."
            ),
        )
    if any(c not in ORGANISATION_ALPHABET for c in code):
        return (_problem("organisation_code_character", "组织机构代码含有非法字符", _ORGANISATION_CHARACTER),)
    if organisation_check_character(code) != code[8]:
        return (_problem("organisation_code_check", "组织机构代码校验不通过", _ORGANISATION_CHECK),)
    return ()


def is_organisation_code(text: str) -> bool:
    """Whether the text is a valid organisation code."""
    return not organisation_code_problems(text)


def parse_regno(text: str) -> RegistrationNumber:
    """Take a 15-digit registration number apart and say what is wrong with it."""
    code = normalize_code(text)
    if len(code) != 15 or not (code.isascii() and code.isdigit()):
        return RegistrationNumber(
            code, "", "", "", (_problem("regno_format", "注册号应为15位数字", _REGNO_FORMAT),)
        )
    problems: list[Problem] = []
    if regno_check_digit(code) != code[14]:
        problems.append(
            _problem(
                "regno_check", "注册号校验不通过", "The check digit of the registration number is wrong."
            )
        )
    if not is_known_region(code[:6]):
        problems.append(_region_warning("regno_region", "注册号"))
    return RegistrationNumber(code, code[:6], code[6:14], regno_kind(code), tuple(problems))


def regno_kind(code: str) -> str:
    """What the first digit of the sequence says: 0-3 domestic, 4-5 foreign, 6-9 individual_business."""
    first = code[6:7]
    if not first or first not in string.digits:
        return ""
    return "domestic" if first <= "3" else "foreign" if first <= "5" else "individual_business"


def parse_tax_number(text: str) -> TaxNumber:
    """Take an old 15-character tax number apart: 6 digits of division, 9 characters of organisation code."""
    code = strip_hyphens(normalize_code(text))
    if len(code) != 15 or not (code[:6].isascii() and code[:6].isdigit()):
        return TaxNumber(code, "", "", (_problem("tax_number_format", "税务登记号格式不正确", _TAX_FORMAT),))
    problems = list(organisation_code_problems(code[6:]))
    if not is_known_region(code[:6]):
        problems.append(_region_warning("tax_number_region", "税务登记号"))
    return TaxNumber(code, code[:6], code[6:], tuple(problems))


_USCC_LENGTH = "A unified social credit code has 18 characters."
_ORGANISATION_CHARACTER = "The organisation code holds a character that is neither a digit nor a letter A-Z."
_ORGANISATION_CHECK = "The check character of the organisation code is wrong."
_REGNO_FORMAT = "A registration number has 15 digits."
_TAX_FORMAT = "An old tax number has 6 digits of a division and a 9-character organisation code."


def _uscc_problems(code: str) -> tuple[Problem, ...]:
    problems: list[Problem] = []
    strange = any(c not in USCC_ALPHABET for c in code)
    if strange:
        problems.append(_problem("uscc_character", "统一社会信用代码含有非法字符", _USCC_CHARACTER))
    elif uscc_check_character(code) != code[17]:
        problems.append(
            _problem("uscc_check", "统一社会信用代码校验不通过", "The check character of the code is wrong.")
        )
    if not (code[2:8].isascii() and code[2:8].isdigit()):
        problems.append(_problem("uscc_region_format", "统一社会信用代码第3至8位应为数字", _USCC_REGION))
    elif not is_known_region(code[2:8]):
        problems.append(_region_warning("uscc_region", "统一社会信用代码"))
    if not strange and organisation_code_problems(code[8:17]):
        problems.append(
            _problem("uscc_organisation_check", "代码内的组织机构代码校验不通过", _USCC_ORGANISATION)
        )
    return (*problems, *_category_problems(code))


def _category_problems(code: str) -> tuple[Problem, ...]:
    if code[0] not in DEPARTMENTS:
        sentence = "The first character of the code is no registering department."
        return (_problem("uscc_department", "统一社会信用代码第1位不是登记管理部门代码", sentence),)
    if code[:2] not in CATEGORIES:
        sentence = "The second character of the code is no known category of its department."
        return (Problem("uscc_category", sentence, "统一社会信用代码第2位不是已知机构类别", is_warning=True),)
    return ()


_USCC_CHARACTER = "The code holds a character that the standard does not use (I, O, S, V, Z or a sign)."
_USCC_REGION = "Characters 3 to 8 of the code must be digits of an administrative division."
_USCC_ORGANISATION = "The organisation code inside the code has a wrong check character."


def _problem(code: str, zh: str, en: str) -> Problem:
    return Problem(code, en, f"{zh}。")


def _region_warning(code: str, what: str) -> Problem:
    sentence = "The administrative division in the code is not in GB/T 2260."
    return Problem(code, sentence, f"{what}中的行政区划不在GB/T 2260内。", is_warning=True)
