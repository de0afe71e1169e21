"""Variants: what a named list of changes does to the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from bagdar.change import apply
from bagdar.equations import Solution, simulate
from bagdar.finding import Finding, has_errors
from bagdar.policy.deviation import Measure, deviation, measure


@dataclass(frozen=True)
class Effect:
    """A variant solved: its solution and what stood in the way."""

    name: str
    solution: Solution
    findings: tuple[Finding, ...]

    def on(self, base: Solution, code: str, period: str, told: Measure) -> float | None:
        """Its effect on an indicator without dims, in what `told_in` says; None where a number is missing."""
        before, after = base.values[code].get(period), self.solution.values[code].get(period)
        return deviation(before, after, told) if before is not None and after is not None else None

    @property
    def sound(self) -> bool:
        """Whether every change could be made and the plan solved."""
        return self.solution.solved and not has_errors(self.findings)


def told_in(base: Solution, solved: Sequence[Effect], code: str) -> Measure:
    """In what the effects of these variants on an indicator without dims are told: one measure for them all."""
    planned = [base.values[code].get(str(period)) for period in base.plan.header.plan_periods]
    paths = [one.values[code] for one in (base, *(effect.solution for effect in solved))]
    known = [number for path in paths for number in path.values[path.present].tolist()]
    return measure(base.plan.indicators[code], [number for number in planned if number is not None], known)


def arising(base: Solution, effect: Effect) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The cells, by code and labels, that are nothing in all plan periods of the plan and something in the variant's.

    What is less than half of an indicator's last printed digit is nothing. Totals of labels are left out.
    """
    plan = base.plan
    horizon = [str(period) for period in plan.header.plan_periods]
    found = []
    for code, indicator in plan.indicators.items():
        if indicator.role == "coefficient":
            continue
        parts = [plan.sets[dim].select() for dim in indicator.dims]
        least = 0.5 * 10.0**-indicator.decimals
        for labels in product(*parts):
            was = [base.values[code].get(*labels, period) for period in horizon]
            if any(
                number is None or abs(number) >= least for number in was
            ):  # most cells: the variant need not be read
                continue
            now = [effect.solution.values[code].get(*labels, period) for period in horizon]
            known = [abs(number) for number in now if number is not None]
            if len(known) == len(horizon) and max(known) >= least:
                found.append((code, labels))
    return tuple(found)


def effects(base: Solution) -> tuple[Effect, ...]:
    """Every variant of the plan, applied and solved."""
    solved = []
    for name, changes in sorted(base.plan.variants.items()):
        plan, findings = apply(base.plan, changes)
        solution, more = simulate(plan, start=base)
        solved.append(Effect(name, solution, tuple(findings + more)))
    return tuple(solved)
