"""The solution: what a plan's equations came to, as quantities with homes, and how well its identities close."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from math import isnan

import numpy as np

from bagdar.equations.compile import Numbers
from bagdar.equations.expression import cells
from bagdar.equations.model import ADD, Check, Model
from bagdar.equations.program import Program
from bagdar.equations.system import Place, System, load
from bagdar.period import Period
from bagdar.plan import Indicator, Origin, Plan
from bagdar.quantity import STATUSES, Quantity, Values
from bagdar.unit import ONE

PLANNED = STATUSES.index("plan")
# Identities must close to this share of their scale; shown beside every solution.
CLOSED = 1e-9


@dataclass(frozen=True)
class CheckResult:
    """What a ``check`` came to in one period: whether it holds, and by how much it misses, in its own scale."""

    check: Check
    period: Period
    holds: bool
    left: float
    right: float


@dataclass(frozen=True)
class Solution:
    """The plan's values with history's identities and the horizon's paths filled in.

    values: by indicator; a solved cell's status is ``plan`` and its home is its equation.
    add_factors: by behavioural indicator, over labels and periods: in history what the equation missed by.
    residual: the largest |left − right| of an identity in the horizon, as a share of its scale.
    """

    plan: Plan
    program: Program = field(compare=False, repr=False)
    values: Mapping[str, Quantity]
    add_factors: Mapping[str, Quantity]
    # The plan with the origins that solved cells' homes refer to.
    placed: Plan
    checks: tuple[CheckResult, ...] = ()
    residual: float = 0.0
    blocks: int = 0
    largest_block: int = 0
    iterations: int = 0
    solved: bool = False

    @property
    def model(self) -> Model:
        """The equations and checks that it solves."""
        return self.program.model

    def numbers(self) -> Numbers:
        """All its numbers and add-factors by period and cell of its program, NaN where missing."""
        values = {**self.values, **{ADD + code: quantity for code, quantity in self.add_factors.items()}}
        return load(values, self.program.index, len(self.plan.header.periods))


def largest_residual(system: System) -> float:
    """The largest |left − right| of an equation in the horizon, as a share of its left side's scale."""
    worst = 0.0
    for t in system.horizon:
        for compiled in system.equations:
            values = system.evaluate(compiled.right, t)
            left = system.x[t][compiled.left]
            if values is not None:
                worst = max(worst, abs(left - values[0]) / (abs(left) + system.scale[compiled.left]))
    return worst


def check_results(system: System) -> tuple[CheckResult, ...]:
    """Every check in every period where all its numbers are there."""
    results = []
    for check, sides in zip(system.program.model.checks, system.program.sides, strict=True):
        for t in range(len(system.periods)):
            values = [system.evaluate(side, t) for side in sides]
            if values[0] is None or values[1] is None:
                continue
            left, right = values[0][0], values[1][0]
            tolerance = CLOSED if t > system.base else max(CLOSED, system.plan.header.identity_tolerance)
            slack = tolerance * max(abs(left), abs(right), _terms(system, check, t))
            results.append(
                CheckResult(check, system.periods[t], _holds(check.condition.name, left, right, slack), left, right)
            )
    return tuple(results)


def _terms(system: System, check: Check, t: int) -> float:
    """The largest number that a check reads: what its difference is small beside."""
    read = [(system.index[c.code, c.labels], c.lag) for c in cells(check.condition)]
    numbers = (abs(system.x[t - lag][i]) for i, lag in read if 0 <= t - lag < len(system.x))
    return max((n for n in numbers if not isnan(n)), default=1.0)


def _holds(name: str, left: float, right: float, slack: float) -> bool:
    return {
        "eq": abs(left - right) <= slack,
        "ne": abs(left - right) > slack,
        "le": left <= right + slack,
        "ge": left >= right - slack,
        "lt": left < right,
        "gt": left > right,
    }[name]


def quantities(system: System) -> tuple[dict[str, Quantity], dict[str, Quantity], Plan]:
    """(values, add-factors, the plan with the origins that homes refer to).

    Given cells are as they were, computed ones have the status and the home of what computed them.
    """
    plan = system.plan
    origins = {origin: at for at, origin in enumerate(plan.origins)}
    added = list[Origin]()
    for _, home in system.computed.values():
        origin = Origin(home.file)
        if origin not in origins:
            origins[origin] = len(plan.origins) + len(added)
            added.append(origin)
    values, add_factors = dict(plan.values), dict[str, Quantity]()
    places: dict[str, list[Place]] = {}
    for place in (*system.computed, *(system.withdrawn - system.computed.keys())):
        places.setdefault(system.keys[place[1]][0], []).append(place)
    for code, computed in places.items():
        if code in plan.indicators:
            values[code] = _filled(system, plan.values[code], computed, origins)
    table = np.array(system.x)
    for code in {e.left.code for e in system.program.model.equations if e.add is not None}:
        add_factors[code] = _add_factors(system, plan.indicators[code], table)
    return values, add_factors, replace(plan, origins=(*plan.origins, *added))


def _filled(system: System, quantity: Quantity, computed: list[Place], origins: Mapping[Origin, int]) -> Quantity:
    values, present = quantity.values.copy(), quantity.present.copy()
    status, homes = quantity.status.copy(), quantity.homes.copy()
    for t, i in computed:
        labels = (*system.keys[i][1], str(system.periods[t]))
        at = quantity.position(labels)
        assert at is not None  # the system's keys come from the plan
        if (t, i) not in system.computed:
            present[at] = False
            continue
        sure, home = system.computed[t, i]
        values[at], present[at], status[at] = system.x[t][i], True, sure
        homes[at] = (origins[Origin(home.file)], home.row, home.column)
    return Quantity(quantity.dims, quantity.labels, values, present, quantity.unit, status, homes)


def _add_factors(system: System, indicator: Indicator, table: Values) -> Quantity:
    dims = system.plan.dims(indicator)
    shape = tuple(len(axis) for axis in dims.values())
    values = np.full(shape, np.nan)
    for labels in product(*(system.plan.sets[dim].labels for dim in indicator.dims)):
        i = system.index.get((ADD + indicator.code, labels))
        at = tuple(axis.index(label) for axis, label in zip(dims.values(), labels, strict=False))
        if i is not None:
            values[at] = table[:, i]
    present = ~np.isnan(values)
    return Quantity(tuple(dims), tuple(dims.values()), np.where(present, values, 0.0), present, ONE)
