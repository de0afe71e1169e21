"""Homogeneity: twice as much money for everything changes no quantity.

A model in which agents look at relative prices and real incomes is homogeneous of degree zero in nominal
values (Patinkin 1965, Money, Interest, and Prices, chapter II); one that is not has money illusion somewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Literal

from bagdar.equations import Solution, simulate
from bagdar.finding import Finding
from bagdar.plan import AddFactor, Indicator, Plan
from bagdar.policy.expectations import scale
from bagdar.policy.influence import carried
from bagdar.quantity import Quantity

FACTOR = 2.0
# How far, as a share of the cell's largest number, a result may be off.
EXACT = 1e-9


@dataclass(frozen=True)
class Off:
    """The cell of an indicator that is furthest from what it should be in the doubled plan, and its period."""

    indicator: Indicator
    labels: tuple[str, ...]
    period: str
    expected: float
    found: float
    share: float


@dataclass(frozen=True)
class Doubling:
    """The doubled plan, solved.

    `way` is ``recalibrated``: add-factors found anew, so that only the unit of account has changed; or ``held``:
    add-factors as they were (in levels of nominal left sides doubled), so that money illusion shows.
    `off` is the worst cell of each indicator that misses by more than `EXACT`, the worst first; `judged` is how
    many cells were compared, `missed` how many of them miss; all do where the doubled plan has no solution.
    """

    way: Literal["recalibrated", "held"]
    solved: bool
    judged: int
    missed: int
    off: tuple[Off, ...]
    findings: tuple[Finding, ...] = ()


def degree(plan: Plan, indicator: Indicator) -> Fraction:
    """The power of the value of money in an indicator: 1 for what doubles with it, 0 for quantities.

    Read off its unit: the power of the plan's currency and that of prices, so that a volume at constant prices
    has 1 − 1 = 0 and a deflator 1; what `expectations/homogeneity.csv` declares comes first.
    """
    if indicator.code in plan.expectations.nominal:
        return Fraction(1)
    if indicator.code in plan.expectations.real:
        return Fraction(0)
    powers = dict(indicator.unit.powers)
    foreign = any(len(base) == 3 and base.isupper() and base != plan.header.currency for base in powers)
    own = powers.get(plan.header.currency, Fraction(0))
    prices = sum((power for base, power in powers.items() if base.startswith("prices(")), Fraction(0))
    # The prices of an amount in dollars alone are dollars' own.
    return own if foreign and not own else own + prices


def nominal(plan: Plan) -> tuple[Indicator, ...]:
    """The indicators whose numbers double."""
    return tuple(i for i in plan.indicators.values() if degree(plan, i))


def double(base: Solution, way: Literal["recalibrated", "held"]) -> Doubling:
    """The plan with every nominal number doubled, in history and in the horizon, solved and compared."""
    plan = base.plan
    by = {i.code: FACTOR ** float(degree(plan, i)) for i in plan.indicators.values()}
    doubled = replace(
        plan,
        values={code: _times(quantity, by[code]) for code, quantity in plan.values.items()},
        fixed=tuple(replace(f, value=f.value * by[f.indicator]) for f in plan.fixed),
        add_factors=_add_factors(base, by, held=way == "held"),
    )
    solution, findings = simulate(doubled, start=base)
    if not solution.solved:
        judged, _, _ = _compared(base, base, by)
        return Doubling(way, False, judged, judged, (), tuple(f for f in findings if f.severity == "error"))
    return Doubling(way, True, *_compared(base, solution, by))


def _times(quantity: Quantity, factor: float) -> Quantity:
    return quantity if factor == 1 else replace(quantity, values=quantity.values * factor)


def _add_factors(base: Solution, by: Mapping[str, float], held: bool) -> tuple[AddFactor, ...]:
    """The judgements of the doubled plan: those of the plan, or, if `held`, every carried add-factor.

    On a logarithm or a growth rate it stays; on a level or a difference it is in the left side's own unit.
    """
    levels = {e.left.code for e in base.model.equations if e.transform in ("", "diff")}
    told = carried(base) if held else base.plan.add_factors
    return tuple(replace(a, value=a.value * (by[a.equation] if a.equation in levels else 1.0)) for a in told)


def _compared(base: Solution, doubled: Solution, by: Mapping[str, float]) -> tuple[int, int, tuple[Off, ...]]:
    """(cells compared, cells off, the worst of each indicator that is off): what equations gave in the horizon."""
    plan, judged, missed, worst = base.plan, 0, 0, []
    for indicator in plan.indicators.values():
        if indicator.role not in ("endogenous", "statistic"):
            continue
        found = []
        cells = list(product(*(plan.sets[dim].labels for dim in indicator.dims)))
        # What is nothing beside its siblings, a rounding of zero, is judged by them.
        least = EXACT * max((scale(base, (indicator.code, labels)) for labels in cells if labels), default=0.0)
        for labels in cells:
            for period in map(str, plan.header.plan_periods):
                was, now = (s.values[indicator.code].get(*labels, period) for s in (base, doubled))
                if was is None:
                    continue
                judged += 1
                if now is None:  # a number that doubling loses misses, by nobody knows how much
                    missed += 1
                    continue
                expected = was * by[indicator.code]
                size = by[indicator.code] * max(scale(base, (indicator.code, labels)), least)
                share = abs(now - expected) / size
                if not share <= EXACT:
                    found.append(Off(indicator, labels, period, expected, now, share))
        missed += len(found)
        worst += [max(found, key=lambda o: o.share)] if found else []
    return judged, missed, tuple(sorted(worst, key=lambda o: -o.share))
