"""The naive forecast: what a plan must beat to have been worth making."""

from __future__ import annotations

from dataclasses import dataclass

from bagdar.equations import Solution
from bagdar.period import Period
from bagdar.plan import Indicator
from bagdar.statistics.growth import growth, mean_absolute


@dataclass(frozen=True)
class Comparison:
    """What was planned, what happened and what a naive forecast would have said, by plan period.

    `errors` are plan − outcome and naive − outcome: in percentage points of growth for levels (`rate` false),
    in points of the rate itself for rates.
    """

    indicator: Indicator
    rate: bool
    planned: dict[Period, float]
    outcome: dict[Period, float]
    naive: dict[Period, float]
    plan_errors: tuple[float, ...]
    naive_errors: tuple[float, ...]

    @property
    def plan_error(self) -> float | None:
        """Mean absolute error of the plan."""
        return mean_absolute(self.plan_errors)

    @property
    def naive_error(self) -> float | None:
        """Mean absolute error of the naive forecast."""
        return mean_absolute(self.naive_errors)


def is_rate(indicator: Indicator) -> bool:
    """Whether an indicator is a rate or share, of which a growth rate says little: it is measured in per cent."""
    return indicator.unit_text == "%"


def naive_forecast(solution: Solution, indicator: Indicator) -> dict[Period, float]:
    """A rate stays as it was in the base period; a level goes on growing as it grew to the base period.

    Empty if the base, or for a level the period before, is missing or not positive.
    """
    header = solution.plan.header
    quantity = solution.values[indicator.code]
    base, before = quantity.get(str(header.base)), quantity.get(str(header.base + -1))
    if base is None:
        return {}
    if is_rate(indicator):
        return dict.fromkeys(header.plan_periods, base)
    rate = growth(base, before)
    if rate is None:
        return {}
    return {p: base * (1 + rate / 100) ** (p - header.base) for p in header.plan_periods}


def compare(solution: Solution, indicator: Indicator) -> Comparison | None:
    """The plan beside what happened and the naive forecast; None without an outcome."""
    header = solution.plan.header
    happened = solution.plan.outcomes.get(indicator.code)
    if happened is None or indicator.dims:
        return None
    held = solution.values[indicator.code]
    outcome = {p: v for p in header.plan_periods if (v := happened.get(str(p))) is not None}
    planned = {p: v for p in header.plan_periods if (v := held.get(str(p))) is not None}
    if not outcome:
        return None
    naive = naive_forecast(solution, indicator)
    rate, base = is_rate(indicator), held.get(str(header.base))
    return Comparison(
        indicator,
        rate,
        planned,
        outcome,
        naive,
        _errors(planned, outcome, rate, header.base, base),
        _errors(naive, outcome, rate, header.base, base),
    )


def _errors(
    said: dict[Period, float],
    outcome: dict[Period, float],
    rate: bool,
    base_period: Period,
    base: float | None,
) -> tuple[float, ...]:
    errors = []
    for period, happened in outcome.items():
        if period not in said:
            continue
        if rate:
            errors.append(said[period] - happened)
            continue
        before = period + -1
        started = base if before == base_period else outcome.get(before)
        told = base if before == base_period else said.get(before)
        planned_growth, true_growth = growth(said[period], told), growth(happened, started)
        if planned_growth is not None and true_growth is not None:
            errors.append(planned_growth - true_growth)
    return tuple(errors)
