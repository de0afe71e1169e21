"""Hindsight: the plan as its equations would have made it, had it known the world outside."""

from __future__ import annotations

from itertools import product

from bagdar.address import Address
from bagdar.change import Change, apply
from bagdar.equations import Solution, simulate
from bagdar.finding import has_errors
from bagdar.period import Period
from bagdar.plan import Plan


def known_world(plan: Plan) -> tuple[Change, ...]:
    """The changes that put in place of each exogenous assumption what happened, where that is known.

    Levers stay as planned: they are decisions, not the world.
    """
    changes = []
    for indicator in plan.indicators.values():
        happened = plan.outcomes.get(indicator.code)
        if indicator.role != "exogenous" or happened is None:
            continue
        for labels in product(*happened.labels):
            value, period = happened.get(*labels), Period.parse(labels[-1])
            if value is not None and period in plan.header.plan_periods:
                address = Address("value", indicator.code, labels[:-1], period)
                changes.append(Change("set", address, plan.values[indicator.code].get(*labels), value))
    return tuple(changes)


def in_hindsight(solution: Solution) -> Solution | None:
    """The plan solved with the world as it turned out; None if nothing of it is known or it has no solution.

    What is left of the errors is the model's and the levers'.
    """
    changes = known_world(solution.plan)
    if not changes:
        return None
    plan, refused = apply(solution.plan, changes)
    solved, _ = simulate(plan, start=solution)
    # A world of which a part could not be put in place is nobody's.
    return solved if solved.solved and not has_errors(refused) else None
