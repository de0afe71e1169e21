"""“2.8 times” as statistics write it: 2,8 есе, в 2,8 р., 2.8 times. Read, printed, and turned into per cent.

The trap is the preposition. «В 2 раза больше» and «2 есе артық» are the double; «на 100 % больше» is the double
too, since a rise *by* so many per cent comes on top. What can be read two ways is not read at all: “2 times more”,
which some take for the triple, and «на 2 раза больше».
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bagdar.language import Language, number, phrase, plural_form

_NUMBER = r"(?P<number>\d+(?:[.,]\d+)?)"
_MORE = r"больше|выше|көп|артық|жоғары|өсті|артты"
_LESS = r"меньше|ниже|кем|аз|төмен|кеміді|азайды"
_TOLD = rf"\s+(?:(?P<less>{_LESS})|{_MORE})"
_MULTIPLES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"в\s+{_NUMBER}\s*(?:р\.?|раза?)(?:{_TOLD})?",
        rf"{_NUMBER}\s*есе(?:ге)?(?:{_TOLD})?",
        rf"{_NUMBER}\s*(?:times|-?fold|[x×])(?:\s+as\s+(?:much|many|high|large))?",
    )
)
_RISES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<sign>[-+−])\s*{_NUMBER}\s*%",
        rf"на\s+{_NUMBER}\s*%(?:{_TOLD})?",
        rf"{_NUMBER}\s*%\s*-?\s*(?:ға|ге|қа|ке){_TOLD}",
        rf"by\s+{_NUMBER}\s*%",
    )
)


@dataclass(frozen=True)
class Multiple:
    """A ratio as printed, with the bounds between which rounding hides the true one."""

    ratio: float
    low: float
    high: float

    @property
    def percent(self) -> float:
        """The index: 280 for 2.8 times."""
        return 100 * self.ratio

    def agrees(self, ratio: float) -> bool:
        """Whether a number computed elsewhere is printed so; at the bounds both roundings are let pass."""
        slack = 1e-9 * max(1.0, abs(self.high))
        return self.low - slack <= ratio <= self.high + slack


def parse_times(text: str) -> Multiple | None:
    """The multiple that `text` states in Kazakh, Russian or English; None if it states none, or could state two.

    «В 2 раза меньше», «2 есе кем» are the half.
    """
    match = _match(_MULTIPLES, text)
    if match is None:
        return None
    middle, half = _printed(match["number"])
    if not match.groupdict().get("less"):
        return Multiple(middle, middle - half, middle + half)
    return None if middle <= half else Multiple(1 / middle, 1 / (middle + half), 1 / (middle - half))


def parse_rise(text: str) -> Multiple | None:
    """The multiple behind a change in per cent: “+80 %”, «на 80 %», «80 %-ға артық», “by 80 %” are 1.8 times.

    A bare “80 %” may be a level, and «80 %-ға» what was reached: None.
    """
    match = _match(_RISES, text)
    if match is None:
        return None
    middle, half = _printed(match["number"])
    told = match.groupdict()
    rate = -middle if told.get("less") or told.get("sign") in ("-", "−") else middle
    return Multiple(*((100 + r) / 100 for r in (rate, rate - half, rate + half)))


def write_times(ratio: float, language: Language, decimals: int = 1) -> str:
    """`ratio` as the language writes it: 2,8 есе, в 2,8 раза, 2.8 times."""
    form = plural_form(ratio, language, decimals)
    text = number(ratio, language, decimals)
    return phrase("times_many" if form in ("one", "many") else "times_few", language, number=text)


def _match(patterns: tuple[re.Pattern[str], ...], text: str) -> re.Match[str] | None:
    plain = " ".join(text.lower().split())
    return next((match for pattern in patterns if (match := pattern.fullmatch(plain))), None)


def _printed(text: str) -> tuple[float, float]:
    """A printed number and half a unit of its last digit."""
    digits = len(text.replace(",", ".").partition(".")[2])
    return float(text.replace(",", ".")), 0.5 * 10**-digits
