"""Periods as other programs write them: years, quarters and months, dates, milliseconds since 1970."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import gcd
from typing import Any

from bagdar.period import Frequency, Period

_COUNTED = re.compile(r"(\d{4})\s*(?:([AHSQM:.-])\s*(\d{1,2})?)?", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_MILLISECONDS = re.compile(r"-?\d{8,}")
_MONTHS: dict[int, Frequency] = {12: "A", 6: "H", 3: "Q", 1: "M"}
_LETTERS: dict[str, Frequency] = {"A": "A", "Y": "A", "H": "H", "S": "H", "Q": "Q", "M": "M"}


def read_period(text: str) -> Period | date | None:
    """One label: a period, or a date whose frequency only its neighbours tell; None if it is neither.

    ``2020``, ``2020Q1``, ``2020q1``, ``2020M1``, ``2020H1`` (EViews: ``2020S1``); ``2020-03-31``, with a time or
    without; milliseconds since 1970, as pandas writes timestamps to JSON.
    """
    text = text.strip()
    if match := _DATE.fullmatch(text):
        try:
            return date(*(int(part) for part in match.groups()))
        except ValueError:
            return None
    if _MILLISECONDS.fullmatch(text):
        try:
            return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(text))).date()
        except OverflowError:
            return None
    match = _COUNTED.fullmatch(text.removesuffix(".0"))
    if match is None:
        return None
    year, letter, part = match[1], (match[2] or "A").upper(), match[3]
    if letter == "A":
        return Period.parse(year) if part in (None, "1", "01") else None
    frequency = _LETTERS.get(letter)
    if part is None or frequency is None:
        return None
    return Period.parse(f"{year}{frequency}{int(part):02d}" if frequency == "M" else f"{year}{frequency}{int(part)}")


def read_entry(entry: Any) -> Period | date | None:
    """One period of a list: a label as text or number, or pandas' own account of a period."""
    if not isinstance(entry, Mapping):
        return read_period(str(entry)) if isinstance(entry, str | int | float) else None
    frequency = _LETTERS.get(str(entry.get("freqstr", ""))[:1].upper())
    year, month = entry.get("year", entry.get("qyear")), entry.get("month")
    if frequency is None or not isinstance(year, int) or not isinstance(month, int) or not 1 <= month <= 12:
        return None
    return _containing(year, month, frequency)


def in_order(labels: Iterable[Period | date], like: Frequency | None = None) -> dict[Period | date, Period]:
    """For each label its period. Dates are `like` other periods, or as far apart as they stand; one alone is a year."""
    found = list(dict.fromkeys(labels))
    dates = sorted(label for label in found if isinstance(label, date))
    apart = 0
    for earlier, later in pairwise(dates):
        apart = gcd(apart, 12 * (later.year - earlier.year) + later.month - earlier.month)
    told = next((label.frequency for label in found if isinstance(label, Period)), None)
    spaced: Frequency = next((letter for months, letter in _MONTHS.items() if apart % months == 0), "A")
    frequency: Frequency = like or told or spaced
    return {
        label: label if isinstance(label, Period) else _containing(label.year, label.month, frequency)
        for label in found
    }


def _containing(year: int, month: int, frequency: Frequency) -> Period:
    months = next(months for months, letter in _MONTHS.items() if letter == frequency)
    return Period(frequency, (12 * year + month - 1) // months)
