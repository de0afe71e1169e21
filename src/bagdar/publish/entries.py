"""A balance's rows at some places: amounts, how sure they are, and beside what is allocated what the plan has."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from bagdar.balances.numbers import Floats, Ints, Mask
from bagdar.language import Language, number
from bagdar.publish.content import Figure
from bagdar.publish.figures import MISSING
from bagdar.quantity import STATUSES


def _none() -> Floats:
    return np.zeros(0)


@dataclass(frozen=True)
class Entry:
    """A row of a balance at places (periods, cells): its amounts there, NaN where there are none.

    kind: as a `Line`'s; a group has no amounts. leads: where its numbers come from.
    planned: what the plan has of it, NaN where it has nothing. sure: how sure each is, as places in `STATUSES`.
    """

    name: str
    kind: str = "level"
    leads: str = ""
    amounts: Floats = field(default_factory=_none)
    planned: Floats = field(default_factory=_none)
    sure: Ints | None = None

    def moved(self, decimals: int) -> Mask:
        """Where the amount is not what the plan has, as far as is printed."""
        off = np.nan_to_num(self.amounts - self.planned)
        shown: Mask = np.abs(off) >= 0.5 * 10.0**-decimals
        return shown

    def figures(self, k: int, beside: bool, language: Language, decimals: int) -> list[Figure]:
        """What is printed of a place: the amount, and if `beside` the plan's before it and the difference after it."""
        sure = "" if self.sure is None else mark(int(self.sure[k]))
        own = figure(self.amounts[k], language, decimals, self.leads, sure)
        if not beside:
            return [own]
        off = self.amounts[k] - self.planned[k]
        return [
            figure(self.planned[k], language, decimals, self.leads),
            own,
            figure(off, language, decimals, self.leads, plus=True),
        ]


def figure(value: float, language: Language, decimals: int, leads: str, sure: str = "", plus: bool = False) -> Figure:
    """A number as printed; a dash for NaN; with its sign, if `plus`."""
    if np.isnan(value):
        return Figure(MISSING)
    cleaned = clean(float(value), decimals)
    text = number(cleaned, language, decimals)
    return Figure(f"+{text}" if plus and cleaned > 0 else text, leads, sure)


def digits(sizes: Floats, significant: int = 4) -> int:
    """So many decimals that the largest of `sizes` shows so many significant digits, five at most."""
    largest = float(f"{float(sizes.max(initial=0)):.{significant}g}")
    if largest <= 0:
        return 1
    return int(min(max(significant - 1 - np.floor(np.log10(largest)), 0), 5))


def mark(sure: int) -> str:
    """The status to print beside a number; none where it is actual."""
    return "" if STATUSES[sure] == "actual" else STATUSES[sure]


def clean(value: float, decimals: int) -> float:
    """The value, or 0 where it is printed as such: no minus before a zero."""
    return 0.0 if abs(value) < 0.5 * 10.0**-decimals else value
