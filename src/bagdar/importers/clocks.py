"""Series that only time determines: trends, seasons, dummies of a span of periods (EViews' `@trend`, `@during` …)."""

from __future__ import annotations

from collections.abc import Sequence

from bagdar.importers.periods import in_order, read_period
from bagdar.period import Period


def clock(function: str, told: tuple[str, ...], periods: Sequence[Period]) -> list[float] | None:
    """The function's value in each period; None if what it is told is no period of their frequency."""
    words = [word for text in told for word in text.split()]
    if function in ("year", "quarter", "month") and not words:
        per_year = {"year": 1, "quarter": 4, "month": 12}[function]
        if function == "year":
            return [float(period.year) for period in periods]
        return [float(_part(period, per_year)) for period in periods]
    if function == "seas" and len(words) == 1 and words[0].isdigit():
        return [float(_part(period, period.per_year) == int(words[0])) for period in periods]
    spans = [_span(word, periods[0]) for word in words]
    if any(span is None for span in spans):
        return None
    marks = [span for span in spans if span is not None]
    if function == "trend" and len(marks) <= 1:
        start = marks[0][0] if marks else periods[0]
        return [float(period - start) for period in periods]
    if function in ("during", "isperiod") and 1 <= len(marks) <= 2:
        return [float(marks[0][0] <= period <= marks[-1][1]) for period in periods]
    if function == "before" and len(marks) == 1:
        return [float(period < marks[0][0]) for period in periods]
    if function == "after" and len(marks) == 1:
        return [float(period >= marks[0][0]) for period in periods]
    return None


def _part(period: Period, per_year: int) -> int:
    """Which part of the year the period begins in, from 1."""
    month = period.ordinal % period.per_year * (12 // period.per_year)
    return month // (12 // per_year) + 1


def _span(word: str, like: Period) -> tuple[Period, Period] | None:
    """The first and last period that a word names: a year is all its quarters."""
    label = read_period(word)
    if isinstance(label, Period) and label.frequency == "A":
        first = label.year * like.per_year
        return Period(like.frequency, first), Period(like.frequency, first + like.per_year - 1)
    if label is None:
        return None
    period = in_order([label], like.frequency)[label]
    return (period, period) if period.frequency == like.frequency else None
