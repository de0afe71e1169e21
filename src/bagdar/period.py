"""Periods: years, half-years, quarters, months."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Frequency = Literal["A", "H", "Q", "M"]
_PER_YEAR: dict[Frequency, int] = {"A": 1, "H": 2, "Q": 4, "M": 12}
_TEXT = re.compile(r"(\d{4})(?:(H)([12])|(Q)([1-4])|(M)(0[1-9]|1[0-2]))?")


@dataclass(frozen=True)
class Period:
    """`2005`, `2005H1`, `2005Q1` or `2005M01`: a frequency and a count of such periods since year 0.

    Periods of one frequency are ordered and can be counted from (`p + 1`, `p - q`); two frequencies
    never mix without a named conversion, so comparing or subtracting across them is an error.
    """

    frequency: Frequency
    ordinal: int

    @staticmethod
    @lru_cache(maxsize=4096)  # the same few are read all the time
    def parse(text: str) -> Period | None:
        """The period that `text` writes, or None."""
        match = _TEXT.fullmatch(text)
        if match is None:
            return None
        letter = next((match[i] for i in (2, 4, 6) if match[i]), "A")
        part = next((int(match[i]) for i in (3, 5, 7) if match[i]), 1)
        frequency: Frequency = letter  # type: ignore[assignment]  # the pattern admits no other
        return Period(frequency, int(match[1]) * _PER_YEAR[frequency] + part - 1)

    @property
    def year(self) -> int:
        """The calendar year."""
        return self.ordinal // _PER_YEAR[self.frequency]

    @property
    def per_year(self) -> int:
        """How many such periods make a year."""
        return _PER_YEAR[self.frequency]

    def __str__(self) -> str:
        return _spelled(self.frequency, self.ordinal)

    def __add__(self, count: int) -> Period:
        return Period(self.frequency, self.ordinal + count)

    def __sub__(self, other: Period) -> int:
        self._same(other)
        return self.ordinal - other.ordinal

    def __lt__(self, other: Period) -> bool:
        self._same(other)
        return self.ordinal < other.ordinal

    def __le__(self, other: Period) -> bool:
        self._same(other)
        return self.ordinal <= other.ordinal

    def __gt__(self, other: Period) -> bool:
        return other < self

    def __ge__(self, other: Period) -> bool:
        return other <= self

    def _same(self, other: Period) -> None:
        if self.frequency != other.frequency:
            raise ValueError(f"periods of two frequencies: {self} and {other}")


@lru_cache(maxsize=1 << 14)
def _spelled(frequency: Frequency, ordinal: int) -> str:
    year, part = divmod(ordinal, _PER_YEAR[frequency])
    match frequency:
        case "A":
            return f"{year:04d}"
        case "M":
            return f"{year:04d}M{part + 1:02d}"
    return f"{year:04d}{frequency}{part + 1}"


class Periods(tuple[Period, ...]):
    """Consecutive periods: whether one is among them takes no search."""

    __slots__ = ()

    def __contains__(self, period: object) -> bool:
        if not self or not isinstance(period, Period) or period.frequency != self[0].frequency:
            return False
        return self[0].ordinal <= period.ordinal <= self[-1].ordinal


def periods(first: Period, last: Period) -> Periods:
    """All periods from `first` to `last`, both included; empty if `last` comes before."""
    return Periods(first + i for i in range(last - first + 1))
