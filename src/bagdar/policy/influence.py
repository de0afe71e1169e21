"""What a plan's behavioural equations have a say in, and what its exogenous paths decide alone."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from bagdar.equations import Solution, simulate
from bagdar.plan import AddFactor
from bagdar.policy.expectations import NOTHING, scale

# The push given to each behavioural equation, as a share of its left side.
_PUSH = 0.01


def carried(solution: Solution) -> tuple[AddFactor, ...]:
    """Every add-factor that the solution carries in the horizon, as a judgement that would hold it."""
    found = []
    for code, quantity in solution.add_factors.items():
        for labels in product(*quantity.labels[:-1]):
            for period in solution.plan.header.plan_periods:
                value = quantity.get(*labels, str(period))
                if value is not None:
                    found.append(AddFactor(code, labels, period, value))
    return tuple(found)


def decided_by_behaviour(solution: Solution) -> frozenset[str]:
    """The indicators that move, in the horizon, when every behavioural equation is pushed a little.

    The others follow from exogenous paths and levers by definitions alone, whatever people do: a given path of
    tonnes read off once more is one of them. No two equations are pushed alike, so that no ratio stays by chance.
    All are said to be decided by behaviour if the pushed plan has no solution.
    """
    plan, told = solution.plan, carried(solution)
    transforms = {e.left.code: e.transform for e in solution.model.equations if e.add is not None}
    pushed = []
    for i, one in enumerate(told):
        transform = transforms[one.equation]
        size = {"log": 1.0, "dlog": 1.0, "pct": 100.0}.get(transform) or scale(solution, (one.equation, one.labels))
        pushed.append(replace(one, value=one.value + _PUSH * (1 + i / len(told)) * size))
    other, _ = simulate(replace(plan, add_factors=tuple(pushed)), start=solution)
    if not other.solved:
        return frozenset(plan.indicators)
    return frozenset(code for code in plan.indicators if _moves(solution, other, code))


def _moves(before: Solution, after: Solution, code: str) -> bool:
    plan = before.plan
    if plan.indicators[code].role == "coefficient":
        return False
    for labels in product(*(plan.sets[dim].labels for dim in plan.indicators[code].dims)):
        for period in map(str, plan.header.plan_periods):
            was, now = before.values[code].get(*labels, period), after.values[code].get(*labels, period)
            if was is not None and now is not None and abs(now - was) > NOTHING * scale(before, (code, labels)):
                return True
    return False
