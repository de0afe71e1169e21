"""Growth: of one number over another, its mean, and what it comes to when it compounds.

An average growth rate is geometric: 10 %, −10 %, 5 % make 1.3 % a year, not 1.7 %. Per cent and percentage
points are different types, since a share that rises from 20 to 25 % rises by 5 points and by 25 per cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import Literal, NewType

Percent = NewType("Percent", float)
Points = NewType("Points", float)
NoIndex = Literal["missing", "base_not_positive", "sign_changes"]


def no_index(now: float | None, before: float | None) -> NoIndex | None:
    """Why `now` has no index on `before`; None if it has one."""
    if now is None or before is None:
        return "missing"
    if before <= 0:
        return "base_not_positive"
    return "sign_changes" if now < 0 else None


def ratio(now: float | None, before: float | None) -> float | None:
    """`now` over `before`; None where `no_index` says why."""
    if now is None or before is None or no_index(now, before) is not None:
        return None
    return now / before


def growth(now: float | None, before: float | None) -> Percent | None:
    """Per cent by which `now` exceeds `before`; None where there is no index."""
    times = ratio(now, before)
    return None if times is None else Percent(100 * (times - 1))


def points(now: float | None, before: float | None) -> Points | None:
    """Percentage points by which a rate or share exceeds another, both in per cent."""
    return None if now is None or before is None else Points(now - before)


def mean_growth(first: float | None, last: float | None, periods: float) -> Percent | None:
    """The growth rate a period that leads from `first` to `last` in `periods` periods, compounding.

    Doubling in ten years is ``mean_growth(1, 2, 10)``, 7.18 % a year. None where there is no index, or no time.
    """
    times = ratio(last, first)
    return None if times is None or periods <= 0 else Percent(100 * (float(times ** (1 / periods)) - 1))


def compounded(value: float, rate: float, periods: float = 1) -> float:
    """What `value` grows to in `periods` periods at `rate` per cent a period. Raises ValueError below −100 %."""
    if rate < -100:
        raise ValueError(f"nothing falls by more than 100 per cent: {rate}")
    return value * float((1 + rate / 100) ** periods)


def periods_to(multiple: float, rate: float | None) -> float | None:
    """In how many periods a level that grows by `rate` per cent each is `multiple` times as high; None if never."""
    if rate is None or rate <= -100 or multiple <= 0:
        return None
    if multiple == 1:
        return 0.0
    step = log(1 + rate / 100)
    needed = log(multiple) / step if step else -1.0
    return needed if needed > 0 else None


def growth_of_ratio(numerator: float | None, denominator: float | None) -> Percent | None:
    """Growth of a quotient from the growth of its parts, all per cent: output a head, a real wage.

    A quotient of indices, not a difference of rates: 10 % more output and 2 % more people make 7.8 %.
    """
    if numerator is None or denominator is None:
        return None
    return growth(100 + numerator, 100 + denominator)


def mean_absolute(errors: Sequence[float]) -> float | None:
    """The mean of absolute errors; None if there are none."""
    return sum(abs(e) for e in errors) / len(errors) if errors else None
