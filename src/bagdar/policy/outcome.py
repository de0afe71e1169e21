"""The plan beside what happened, and beside the naive forecast that it must beat to have been worth making."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bagdar.equations import Solution
from bagdar.period import Period
from bagdar.plan import Indicator
from bagdar.policy.naive import is_rate, naive_path
from bagdar.quantity import Quantity
from bagdar.statistics.growth import Points, growth, mean_absolute, points

# Whether an error counts in the mean: the model's own; one of a value that the plan was given, or that follows from
# what it was given alone; or one that is counted already in another form, as a growth rate beside its level.
Standing = Literal["counted", "given", "repeated"]


@dataclass(frozen=True)
class Comparison:
    """What was planned, what happened and what a naive forecast would have said, by plan period.

    `hindsight` is what the plan's equations give with the world as it turned out; empty if that is not known.
    Errors are what was said less what happened: in percentage points of growth for levels (`rate` false), in
    points of the rate itself for rates. A level that is not above zero throughout has none: it has no growth rate,
    and its share in a whole says more.
    """

    indicator: Indicator
    rate: bool
    planned: dict[Period, float]
    outcome: dict[Period, float]
    naive: dict[Period, float]
    hindsight: dict[Period, float]
    plan_errors: tuple[Points, ...]
    naive_errors: tuple[Points, ...]
    hindsight_errors: tuple[Points, ...]
    standing: Standing = "counted"

    @property
    def plan_error(self) -> float | None:
        """Mean absolute error of the plan."""
        return mean_absolute(self.plan_errors)

    @property
    def naive_error(self) -> float | None:
        """Mean absolute error of the naive forecast."""
        return mean_absolute(self.naive_errors)

    @property
    def hindsight_error(self) -> float | None:
        """Mean absolute error of the plan's equations with the world as it turned out."""
        return mean_absolute(self.hindsight_errors)


def naive_forecast(solution: Solution, indicator: Indicator) -> dict[Period, float]:
    """A rate stays as it was a year before; a level goes on growing as it grew over the year to the base period.

    So quarters and months keep their season. Empty if a number it needs is missing, or a level not positive.
    """
    header, quantity = solution.plan.header, solution.values[indicator.code]
    known = _present(quantity, tuple(p for p in header.periods if p <= header.base))
    return naive_path(known, header.base, len(header.plan_periods), is_rate(indicator))


def compare(solution: Solution, indicator: Indicator, hindsight: Solution | None = None) -> Comparison | None:
    """The plan beside what happened, the naive forecast and `hindsight`; None without an outcome."""
    header = solution.plan.header
    happened = solution.plan.outcomes.get(indicator.code)
    if happened is None or indicator.dims:
        return None
    outcome = _present(happened, header.plan_periods)
    if not outcome:
        return None
    rate, base = is_rate(indicator), solution.values[indicator.code].get(str(header.base))
    planned = _present(solution.values[indicator.code], header.plan_periods)
    naive = naive_forecast(solution, indicator)
    known = _present(hindsight.values[indicator.code], header.plan_periods) if hindsight is not None else {}
    held = _present(solution.values[indicator.code], tuple(p for p in header.periods if p <= header.base))
    level = _above_zero(held, outcome, planned)

    def off(said: dict[Period, float]) -> tuple[Points, ...]:
        sound = rate or (level and _above_zero(said))
        return _errors(said, outcome, rate, header.base, base) if sound else ()

    return Comparison(indicator, rate, planned, outcome, naive, known, off(planned), off(naive), off(known))


def _above_zero(*paths: dict[Period, float]) -> bool:
    return all(value > 0 for path in paths for value in path.values())


def _present(quantity: Quantity, periods: tuple[Period, ...]) -> dict[Period, float]:
    return {p: value for p in periods if (value := quantity.get(str(p))) is not None}


def _errors(
    said: dict[Period, float],
    outcome: dict[Period, float],
    rate: bool,
    base_period: Period,
    base: float | None,
) -> tuple[Points, ...]:
    errors = []
    for period, happened in outcome.items():
        if period not in said:
            continue
        before = period + -1
        started = base if before == base_period else outcome.get(before)
        told = base if before == base_period else said.get(before)
        error = (
            points(said[period], happened) if rate else points(growth(said[period], told), growth(happened, started))
        )
        if error is not None:
            errors.append(error)
    return tuple(errors)
