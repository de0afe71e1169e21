"""How a deviation from the plan is told: in points, in per cent, or in the indicator's own unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bagdar.plan import Indicator
from bagdar.policy.naive import is_rate

Measure = Literal["points", "per_cent", "unit"]
# Below this share of the largest number that a cell has, a base is too near zero to have per cents.
NEAR_ZERO = 0.01


def measure(indicator: Indicator, before: Sequence[float], known: Sequence[float]) -> Measure:
    """In what the deviations from the numbers `before` are told; `known` are all the numbers that the cell has.

    A rate moves by points. A level moves by per cent, unless one of its numbers, with or without what makes it
    deviate, is not above zero, or it starts from near zero: then per cents say nothing, and its unit is used.
    """
    if is_rate(indicator):
        return "points"
    every = (*before, *known)
    sound = bool(before) and min(every) > 0 and min(before) > NEAR_ZERO * max(every)
    return "per_cent" if sound else "unit"


def deviation(before: float, after: float, told: Measure) -> float:
    """By how much `after` exceeds `before`, as `told`; `before` is above zero where that is per cent."""
    return 100 * (after - before) / before if told == "per_cent" else after - before
