"""Growth rates and their means.

An average growth rate is geometric: 10 %, −10 %, 5 % make 1.3 % a year, not 1.7 %.
"""

from __future__ import annotations

from collections.abc import Sequence


def growth(now: float | None, before: float | None) -> float | None:
    """Per cent by which `now` exceeds `before`; None if either is missing or not positive."""
    if now is None or before is None or before <= 0 or now <= 0:
        return None
    return 100 * (now / before - 1)


def mean_growth(first: float | None, last: float | None, periods: float) -> float | None:
    """The growth rate a period, per cent, that leads from `first` to `last` in `periods` periods."""
    if first is None or last is None or first <= 0 or last <= 0 or periods <= 0:
        return None
    return float(100 * ((last / first) ** (1 / periods) - 1))


def mean_absolute(errors: Sequence[float]) -> float | None:
    """The mean of absolute errors; None if there are none."""
    return sum(abs(e) for e in errors) / len(errors) if errors else None
