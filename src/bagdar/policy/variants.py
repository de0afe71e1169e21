"""Variants: what a named list of changes does to the plan."""

from __future__ import annotations

from dataclasses import dataclass

from bagdar.change import apply
from bagdar.equations import Solution, simulate
from bagdar.finding import Finding, has_errors
from bagdar.policy.naive import is_rate
from bagdar.statistics.growth import points


@dataclass(frozen=True)
class Effect:
    """A variant solved: its solution and what stood in the way."""

    name: str
    solution: Solution
    findings: tuple[Finding, ...]

    def on(self, base: Solution, code: str, period: str) -> float | None:
        """Its effect on an indicator: in points for rates, in per cent of the plan's value for levels."""
        before, after = base.values[code].get(period), self.solution.values[code].get(period)
        if before is None or after is None:
            return None
        if is_rate(base.plan.indicators[code]):
            return points(after, before)
        # A balance may be below zero, where it has no growth: its effect is told against its size.
        return 100 * (after - before) / abs(before) if before else None

    @property
    def sound(self) -> bool:
        """Whether every change could be made and the plan solved."""
        return self.solution.solved and not has_errors(self.findings)


def effects(base: Solution) -> tuple[Effect, ...]:
    """Every variant of the plan, applied and solved."""
    solved = []
    for name, changes in sorted(base.plan.variants.items()):
        plan, findings = apply(base.plan, changes)
        solution, more = simulate(plan, start=base)
        solved.append(Effect(name, solution, tuple(findings + more)))
    return tuple(solved)
