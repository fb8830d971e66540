"""Shares as standards write them, in per cent, without losing a digit on the way."""

from decimal import Decimal


def percent_text(share: float) -> str:
    """The share in per cent: the shortest text that `share_of` turns back into the same share.

    A text, because not every share has a floating-point number a hundred times as large.

    >>> percent_text(0.235), percent_text(0.07), percent_text(1.0), share_of(percent_text(1 / 3)) == 1 / 3
    ('23.5', '7', '100', True)
    """
    return number_text(Decimal(repr(share)).scaleb(2))


def share_of(percent: str) -> float:
    """The fraction that a percentage is.

    >>> share_of("23.5")
    0.235
    """
    return float(Decimal(percent).scaleb(-2))


def number_text(value: float | Decimal) -> str:
    """A number as short text: no fraction where there is none, no exponent.

    >>> number_text(50.0), number_text(23.5), number_text(1e-07)
    ('50', '23.5', '0.0000001')
    """
    text = f"{value if isinstance(value, Decimal) else Decimal(repr(value)):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
