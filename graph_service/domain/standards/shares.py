"""Shares as standards write them, in per cent, without losing a digit on the way."""

import math
from decimal import Decimal


def percent_of(share: float) -> float:
    """The share in per cent: the shortest number that `share_of` turns back into the same share.

    >>> percent_of(0.235), percent_of(0.07), share_of(percent_of(1 / 3)) == 1 / 3
    (23.5, 7.0, True)
    """
    exact = share * 100
    for digits in range(16):
        rounded = round(exact, digits)
        if rounded / 100 == share:
            return rounded
    near = (math.nextafter(exact, -math.inf), exact, math.nextafter(exact, math.inf))
    return next((p for p in near if p / 100 == share), exact)


def share_of(percent: float) -> float:
    """The fraction that a percentage is.

    >>> share_of(23.5)
    0.235
    """
    return percent / 100


def number_text(value: float) -> str:
    """A number as short text: no fraction where there is none.

    >>> number_text(50.0), number_text(23.5), number_text(1e-07)
    ('50', '23.5', '0.0000001')
    """
    return str(int(value)) if value == int(value) else f"{Decimal(repr(value)):f}"
