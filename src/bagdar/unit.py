"""Units of measure with price bases: KZT is never added to t, nor 2004 prices to current ones.

A unit is a scale times rational powers of base units. A price basis is one more base: a volume at
2004 prices is KZT · prices(2004)⁻¹ and a deflator with 2004 = 1 is prices(2004), so that
volume × deflator = value follows from the algebra (System of National Accounts 2008, chapter 15).
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

_SCALES = {"thousand": 1e3, "mln": 1e6, "bn": 1e9, "trn": 1e12}
# Within it, the factor between any two units that a planner wrote is a number.
_LARGEST = 1e150
# name -> (scale, base); the base "1" is dimensionless.
_NAMED: dict[str, tuple[float, str]] = {
    "1": (1.0, ""),
    "%": (0.01, ""),
    "person": (1.0, "person"),
    "hour": (1.0, "hour"),
    "year": (1.0, "year"),
    "t": (1.0, "t"),
    "kg": (1e-3, "t"),
    "kt": (1e3, "t"),
    "Mt": (1e6, "t"),
    "m2": (1.0, "m2"),
    "m3": (1.0, "m3"),
    "barrel": (0.158987294928, "m3"),
    "J": (1.0, "J"),
    "GJ": (1e9, "J"),
    "TJ": (1e12, "J"),
    "PJ": (1e15, "J"),
    "kWh": (3.6e6, "J"),
}
_CURRENCY = re.compile(r"[A-Z]{3}")
_FACTOR = re.compile(r"(?P<name>[A-Za-z%]+[23]?|1)(?:\^(?P<power>-?[0-9]{1,3}(?:/[0-9]{1,3})?))?")
# A division sign, and not that of a power such as ^1/2.
_PER = re.compile(r"/(?![2-9]|1[0-9])")
_BASIS = re.compile(r"(?P<deflator>deflator )?(?P<base>\d{4})")


@dataclass(frozen=True)
class Unit:
    """A scale and the powers of base units, sorted by base. Build it with `Unit.parse`.

    Raises OverflowError if the scale, or that of a product or power, is beyond what a float holds.
    """

    scale: float = 1.0
    powers: tuple[tuple[str, Fraction], ...] = ()

    def __post_init__(self) -> None:
        if not sys.float_info.min <= self.scale <= sys.float_info.max:
            raise OverflowError("the scale of a unit is too large or too small")

    @staticmethod
    @lru_cache(maxsize=4096)  # a table says the same unit in every row
    def parse(text: str, price_basis: str = "") -> Unit | None:
        """The unit that a planner wrote, e.g. ``bn KZT``, ``thousand person``, ``KZT/USD``; else None.

        `price_basis` is '' or ``current``, a base year such as ``2004`` (a volume at that year's
        prices), or ``deflator 2004`` (a price index that is 1 in that year).
        """
        try:
            first, *divisors = map(_parse_product, _PER.split(text))
            basis = _parse_basis(price_basis)
            if first is None or basis is None:
                return None
            result = first * basis
            for divisor in divisors:
                if divisor is None:
                    return None
                result = result / divisor
        except OverflowError:
            return None
        return result if 1 / _LARGEST <= result.scale <= _LARGEST else None

    def __mul__(self, other: Unit) -> Unit:
        return Unit(self.scale * other.scale, _combine(self.powers, other.powers))

    def __truediv__(self, other: Unit) -> Unit:
        return self * other ** Fraction(-1)

    def __pow__(self, exponent: Fraction | int) -> Unit:
        exponent = Fraction(exponent)
        powers = tuple((base, power * exponent) for base, power in self.powers) if exponent else ()
        return Unit(self.scale ** float(exponent), powers)

    def same_kind(self, other: Unit) -> bool:
        """Whether values can be converted from one to the other by a factor alone."""
        return self.powers == other.powers

    def same_but_for_prices(self, other: Unit) -> bool:
        """Whether the two differ in price basis only."""
        return _without_prices(self.powers) == _without_prices(other.powers)

    def factor_to(self, other: Unit) -> float:
        """What a value in this unit is multiplied by to be in `other`; they must be of one kind."""
        if not self.same_kind(other):
            raise ValueError(f"no factor leads from {self} to {other}")
        return self.scale / other.scale

    def __str__(self) -> str:
        parts = [base if power == 1 else f"{base}^{power}" for base, power in self.powers]
        named = next((name for name, scale in _SCALES.items() if scale == self.scale), f"{self.scale:g}")
        if not parts:
            return "%" if self.scale == 0.01 else named if self.scale != 1 else "1"
        return ("" if self.scale == 1 else f"{named} ") + "·".join(parts)


ONE = Unit()


def _parse_product(text: str) -> Unit | None:
    words = text.replace("*", " ").replace("·", " ").split()
    result = ONE
    for word in words:
        if word in _SCALES:
            result = result * Unit(_SCALES[word])
            continue
        match = _FACTOR.fullmatch(word)
        if match is None:
            return None
        if match["name"] in _NAMED:
            scale, base = _NAMED[match["name"]]
        elif _CURRENCY.fullmatch(match["name"]):
            scale, base = 1.0, match["name"]
        else:
            return None
        factor = Unit(scale, ((base, Fraction(1)),) if base else ())
        result = result * factor ** Fraction(match["power"] or 1)
    return result if words else None


def _parse_basis(text: str) -> Unit | None:
    if text in ("", "current"):
        return ONE
    match = _BASIS.fullmatch(text)
    if match is None:
        return None
    return Unit(1.0, ((f"prices({match['base']})", Fraction(1 if match["deflator"] else -1)),))


def _combine(
    left: tuple[tuple[str, Fraction], ...], right: tuple[tuple[str, Fraction], ...]
) -> tuple[tuple[str, Fraction], ...]:
    total: dict[str, Fraction] = dict(left)
    for base, power in right:
        total[base] = total.get(base, Fraction(0)) + power
    return tuple(sorted((base, power) for base, power in total.items() if power))


def _without_prices(powers: tuple[tuple[str, Fraction], ...]) -> tuple[tuple[str, Fraction], ...]:
    return tuple((base, power) for base, power in powers if not base.startswith("prices("))
