"""Capacity: what the indicator named in `capacity` bounds cannot be exceeded, by a plan or by a target."""

from __future__ import annotations

import numpy as np

from bagdar.address import Address, cell_name
from bagdar.checks.cells import cell, half_digit, worst
from bagdar.equations.solution import Solution
from bagdar.finding import Finding, finding
from bagdar.plan import Indicator, Plan
from bagdar.quantity import Mask, Values


def value_beyond_capacity(plan: Plan, solution: Solution) -> list[Finding]:
    """A value above its capacity: one finding for each choice of labels, its worst period."""
    findings = []
    for indicator in plan.indicators.values():
        if not indicator.capacity:
            continue
        quantity = solution.values[indicator.code]
        limit, there = _limit(plan, solution, indicator)
        above = quantity.values - limit
        slack = half_digit(quantity.values, quantity.present) + 1e-9 * np.abs(limit)
        for place in worst(there & quantity.present & (above > slack), above):
            one = cell(solution.placed, indicator, quantity, place)
            findings.append(
                finding(
                    "value_beyond_capacity",
                    one.home,
                    one.address,
                    code=cell_name(indicator.code, one.labels),
                    period=str(one.period),
                    found=one.value,
                    capacity=indicator.capacity,
                    limit=float(limit[place]),
                    difference=float(above[place]),
                    unit=indicator.unit_text,
                )
            )
    return findings


def target_beyond_capacity(plan: Plan, solution: Solution) -> list[Finding]:
    """A target to reach or to meet that its indicator's capacity does not allow."""
    findings = []
    for target in plan.targets:
        indicator = plan.indicators[target.indicator]
        at = solution.values[indicator.code].position((*target.labels, str(target.period)))
        if not indicator.capacity or target.sense == "<=" or at is None:
            continue
        limit, there = _limit(plan, solution, indicator)
        if there[at] and target.value > limit[at] * (1 + 1e-9):
            findings.append(
                finding(
                    "target_beyond_capacity",
                    target.home,
                    Address("target", target.indicator, target.labels, target.period),
                    code=cell_name(indicator.code, target.labels),
                    period=str(target.period),
                    value=target.value,
                    capacity=indicator.capacity,
                    limit=float(limit[at]),
                    difference=target.value - float(limit[at]),
                    unit=indicator.unit_text,
                )
            )
    return findings


def _limit(plan: Plan, solution: Solution, indicator: Indicator) -> tuple[Values, Mask]:
    """(the capacity in the indicator's unit and shape, where it is known)."""
    capacity, quantity = plan.indicators[indicator.capacity], solution.values[indicator.code]
    held = solution.values[capacity.code]
    values, present = held.values * capacity.unit.factor_to(indicator.unit), held.present
    if capacity.role == "coefficient":  # the same in every period
        values, present = values[..., None], present[..., None]
    return np.broadcast_to(values, quantity.values.shape), np.broadcast_to(present, quantity.values.shape)
