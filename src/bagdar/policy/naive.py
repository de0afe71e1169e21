"""The naive forecast, and how far it was off in the past: what a plan's path is drawn with as its band."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bagdar.equations import Solution
from bagdar.period import Period
from bagdar.plan import Indicator
from bagdar.statistics.growth import growth

COVERED = 0.8  # the share of past errors within a band
_FEWEST = 3  # errors; fewer say nothing


@dataclass(frozen=True)
class Spread:
    """The band about a plan value: `low` to `high`, from `count` errors of the naive forecast that far ahead."""

    period: Period
    low: float
    high: float
    count: int

    @property
    def largest(self) -> bool:
        """Whether the quantile of so few errors is the largest of them."""
        return self.count * (1 - COVERED) < 1


def is_rate(indicator: Indicator) -> bool:
    """Whether an indicator is a rate or share, of which a growth rate says little: it is measured in per cent."""
    return indicator.unit_text == "%"


def naive_path(known: Mapping[Period, float], origin: Period, count: int, rate: bool) -> dict[Period, float]:
    """`count` periods after `origin`: a rate stays as it was a year before, a level goes on growing as over that year.

    So quarters and months keep their season. Only figures up to `origin` are used; empty if a number it needs is
    missing, or a level not positive.
    """
    year = origin.per_year
    base, before = known.get(origin), known.get(origin + -year)
    growing = 0.0 if rate else growth(base, before)
    said = {p: known[p] for lag in range(year) if (p := origin + -lag) in known}
    if base is None or growing is None or len(said) < year or (not rate and min(said.values()) <= 0):
        return {}
    for ahead in range(1, count + 1):
        said[origin + ahead] = said[origin + (ahead - year)] * (1 + growing / 100)
    return {origin + ahead: said[origin + ahead] for ahead in range(1, count + 1)}


def naive_errors(history: Mapping[Period, float], count: int, rate: bool) -> tuple[tuple[float, ...], ...]:
    """The errors of past naive forecasts one, two, … `count` periods ahead, from every origin in `history`.

    What happened less what was said: of a rate in its own points, of a level as a share of what was said.
    """
    errors: list[list[float]] = [[] for _ in range(count)]
    for origin in history:
        for ahead, (period, said) in enumerate(naive_path(history, origin, count, rate).items()):
            if (happened := history.get(period)) is not None:
                errors[ahead].append(happened - said if rate else happened / said - 1)
    return tuple(map(tuple, errors))


def spreads(solution: Solution, indicator: Indicator, labels: tuple[str, ...] = ()) -> tuple[Spread, ...]:
    """The band about each plan value that the history gives errors enough for.

    Its half-width is the empirical quantile `COVERED` of the absolute errors at that distance.
    """
    header, quantity = solution.plan.header, solution.values[indicator.code]
    rate = is_rate(indicator)
    past = {p: v for p in header.periods if p <= header.base and (v := quantity.get(*labels, str(p))) is not None}
    found = []
    errors = naive_errors(past, len(header.plan_periods), rate)
    for period, made in zip(header.plan_periods, errors, strict=True):
        value = quantity.get(*labels, str(period))
        if value is None or len(made) < _FEWEST:
            continue
        half = float(np.quantile(np.abs(made), COVERED, method="inverted_cdf"))
        half = half if rate else half * abs(value)
        found.append(Spread(period, value - half, value + half, len(made)))
    return tuple(found)
