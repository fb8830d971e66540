"""Invented codes that are valid in form: USCC, organisation code, registration number, citizen number.

Everything is vectorised: codes are built as matrices of character values and turned into text at once.
Sources: GB 32100-2015, GB 11714, GS 15-2006, GB 11643.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from loaders.city.streams import Ints

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
Chars = NDArray[np.uint8]

_USCC_CHARS = np.frombuffer(USCC_ALPHABET.encode(), dtype=np.uint8)
_USCC_VALUE = np.zeros(128, dtype=np.int64)
_USCC_VALUE[_USCC_CHARS] = np.arange(31)
_PLAIN_VALUE = np.zeros(128, dtype=np.int64)
_PLAIN_VALUE[np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", dtype=np.uint8)] = np.arange(36)


def to_text(chars: Chars) -> pa.StringArray:
    """A matrix of ASCII characters, one row a text, as an Arrow column."""
    rows, width = chars.shape
    offsets = np.arange(rows + 1, dtype=np.int32) * width
    data = np.ascontiguousarray(chars)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets.data), pa.py_buffer(data.data))


def digits(numbers: Ints, width: int) -> Chars:
    """Numbers as a matrix of decimal digits with leading zeros."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return ((numbers[:, None] // powers) % 10 + 48).astype(np.uint8)


def scattered(counter: Ints, modulus: int, step: int, offset: int) -> Ints:
    """A permutation of 0..modulus-1 applied to a counter, so that numbers do not tell the order of birth.

    `step` must have no factor in common with `modulus`.
    """
    return (counter * step + offset) % modulus


def organisation_codes(counter: Ints, modern: NDArray[np.bool_], offset: int) -> Chars:
    """Nine characters per organisation: MA… for modern ones, eight digits for old ones, and the check."""
    scrambled = scattered(counter, 31**6, 433_494_437, offset)
    powers = 31 ** np.arange(5, -1, -1, dtype=np.int64)
    tail = _USCC_CHARS[(scrambled[:, None] // powers) % 31]
    body = np.empty((len(counter), 8), dtype=np.uint8)
    body[:, 0], body[:, 1] = ord("M"), ord("A")
    body[:, 2:] = tail
    old = digits(scattered(counter, 10**8, 61_803_399, offset), 8)
    body = np.where(modern[:, None], body, old)
    check = 11 - (_PLAIN_VALUE[body] * np.array(ORGANISATION_WEIGHTS)).sum(axis=1) % 11
    last = np.where(check == 10, ord("X"), np.where(check == 11, ord("0"), check + 48)).astype(np.uint8)
    return np.hstack([body, last[:, None]])


def uscc(category: Ints, division: Ints, organisation: Chars) -> Chars:
    """Eighteen characters: department 9, category, division, organisation code, check character."""
    rows = len(category)
    code = np.empty((rows, 18), dtype=np.uint8)
    code[:, 0] = ord("9")
    code[:, 1] = (category + 48).astype(np.uint8)
    code[:, 2:8] = digits(division, 6)
    code[:, 8:17] = organisation
    total = (_USCC_VALUE[code[:, :17]] * np.array(USCC_WEIGHTS)).sum(axis=1)
    code[:, 17] = _USCC_CHARS[(31 - total % 31) % 31]
    return code


def registration_numbers(division: Ints, sequence: Ints) -> Chars:
    """Fifteen digits: authority, eight digits of sequence, MOD 11,10 check."""
    body = np.hstack([digits(division, 6), digits(sequence, 8)])
    check = np.full(len(division), 5, dtype=np.int64)
    for column in range(14):
        check = (np.where(check == 0, 10, check) * 2) % 11
        check = (check + body[:, column].astype(np.int64) - 48) % 10
    last = (1 - np.where(check == 0, 10, check) * 2 % 11) % 10 + 48
    return np.hstack([body, last.astype(np.uint8)[:, None]])


def citizen_numbers(division: Ints, birth: Ints, sequence: Ints) -> Chars:
    """Eighteen characters; `birth` as the number YYYYMMDD, sequence 0..999 (odd for men)."""
    body = np.hstack([digits(division, 6), digits(birth, 8), digits(sequence, 3)])
    total = ((body.astype(np.int64) - 48) * np.array(CITIZEN_WEIGHTS)).sum(axis=1)
    checks = np.frombuffer(b"10X98765432", dtype=np.uint8)
    return np.hstack([body, checks[total % 11][:, None]])
