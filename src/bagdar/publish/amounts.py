"""Amounts as a reader needs them: with so many digits that they say something, however small or close they are."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from bagdar.language import Language, number, phrase, unit_words
from bagdar.publish.entries import digits

# So many more digits tell the ends of a range apart, or they are the same to a reader.
_MOST_MORE = 6
_SCALES = ((1e9, "bn"), (1e6, "mln"), (1e3, "thousand"), (1.0, ""))


def shortest(value: float, language: Language, significant: int = 3) -> str:
    """A number of so many significant digits at most, none of them a last zero: 0.01, 0.5, 12."""
    exponent = Decimal(f"{value:.{significant}g}").normalize().as_tuple().exponent
    return number(value, language, max(0, -int(exponent)))


def amount(value: float, language: Language, significant: int = 4) -> str:
    """A number of so many significant digits, small as it may be, up to the ninth decimal."""
    size = abs(float(f"{value:.{significant}g}"))
    small = 0 < size < 0.1
    decimals = (
        min(significant - 1 - int(np.floor(np.log10(size))), 9) if small else digits(np.array([size]), significant)
    )
    return number(value + 0.0, language, decimals)


def span(low: float, high: float, language: Language) -> str:
    """From where to where; a side without an end is left open, ends that cannot be told apart are said to be one."""
    if not (np.isfinite(low) and np.isfinite(high)):
        one, other = (amount(end, language) if np.isfinite(end) else "…" for end in (low, high))
        return f"{one} – {other}"
    shown = [digits(np.array([abs(end)])) for end in (low, high)]
    for more in range(_MOST_MORE + 1):
        one, other = (number(end + 0.0, language, count + more) for end, count in zip((low, high), shown, strict=True))
        if one != other:
            return f"{one} – {other}"
    return phrase("allocation_here_only", language)


def is_one(low: float, high: float, language: Language) -> bool:
    """Whether the ends of a range cannot be told apart."""
    return span(low, high, language) == phrase("allocation_here_only", language)


def money(costs: Sequence[float], currency: str, language: Language) -> tuple[float, str]:
    """(what amounts of money are divided by, its unit in words), so that the largest of them is a number from 1 on."""
    largest = max((abs(cost) for cost in costs), default=0.0)
    scale, word = next(((scale, word) for scale, word in _SCALES if largest >= scale), _SCALES[-1])
    return scale, unit_words(f"{word} {currency}".strip() or "1", "", language)
