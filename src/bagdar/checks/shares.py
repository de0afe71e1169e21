"""Shares: parts of a whole lie within it and add up to it, and per cent are no fractions.

Which indicators are shares is said by `adds_up`: ``share`` (the labels add up to the whole), ``share AXIS``
(those of that axis do), ``part`` (each number is a part of a whole of its own). The whole is 100 % or 1.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bagdar.checks.cells import cell, half_digit, worst
from bagdar.equations.solution import Solution
from bagdar.finding import Finding, finding
from bagdar.plan import Indicator, Plan
from bagdar.quantity import PERIOD, Quantity
from bagdar.unit import ONE

_SLACK = 1e-9
# A figure may change by a quarter from one period to the next and still be seen to be off by a hundred.
_HUNDREDFOLD = (80.0, 125.0)


def share_outside_its_whole(plan: Plan, solution: Solution) -> list[Finding]:
    """A share below 0 or above 100 %: one finding for each choice of labels, its worst period."""
    findings = []
    for indicator, quantity, whole in _shares(plan, solution):
        beyond = np.maximum(-quantity.values, quantity.values - whole)
        for place in worst(quantity.present & (beyond > _SLACK * whole), beyond, PERIOD in quantity.dims):
            one = cell(solution.placed, indicator, quantity, place)
            findings.append(
                finding(
                    "share_outside_its_whole",
                    one.home,
                    one.address,
                    code=indicator.code,
                    label=", ".join((*one.labels, str(one.period or "—"))),
                    found=one.value,
                    whole=whole,
                    difference=one.value - (whole if one.value > 0 else 0.0),
                    unit=indicator.unit_text,
                )
            )
    return findings


def shares_do_not_add_to_the_whole(plan: Plan, solution: Solution) -> list[Finding]:
    """Shares of all labels of an axis, totals of others aside, that do not add up to 100 %.

    Printed shares may be off by half a unit of their last digit each; coefficients, with which the plan counts
    on, only by what its identities allow.
    """
    findings = []
    for indicator, quantity, whole in _shares(plan, solution):
        axes = _adding(plan, indicator)
        values, present = quantity.values, quantity.present
        for axis in axes:
            leaves = plan.sets[indicator.dims[axis]].select()
            places = [quantity.labels[axis].index(label) for label in leaves]
            values, present = values.take(places, axis), present.take(places, axis)
        if not axes or not values.size:
            continue
        slack = np.full(values.sum(axes).shape, plan.header.identity_tolerance * whole)
        if indicator.role != "coefficient":
            slack = np.maximum(slack, half_digit(values, present).sum(axes) * (1 + _SLACK))
        added = np.asarray(values.sum(axes))
        off = np.asarray(present.all(axes)) & (np.abs(added - whole) > slack)
        for place in worst(off, np.abs(added - whole), PERIOD in quantity.dims):
            at = list(place)
            for axis in axes:
                at.insert(axis, quantity.labels[axis].index(plan.sets[indicator.dims[axis]].select()[0]))
            one = cell(solution.placed, indicator, quantity, tuple(at))
            kept = [label for axis, label in enumerate(one.labels) if axis not in axes]
            findings.append(
                finding(
                    "shares_do_not_add_to_the_whole",
                    one.home,
                    one.address,
                    code=indicator.code,
                    over=", ".join(quantity.dims[axis] for axis in axes),
                    label=", ".join((*kept, *([str(one.period)] if one.period else []))) or "—",
                    found=float(added[place]),
                    whole=whole,
                    difference=float(added[place]) - whole,
                    unit=indicator.unit_text,
                )
            )
    return findings


def percent_written_as_fraction(plan: Plan, solution: Solution) -> list[Finding]:
    """A share or lever in per cent that moves about a hundredfold from one period to the next."""
    findings = []
    for indicator in plan.indicators.values():
        quantity = solution.values[indicator.code]
        rate = indicator.role == "lever" or indicator.adds_up.split(" ")[0] in ("share", "part")
        if not rate or indicator.unit_text != "%" or PERIOD not in quantity.dims:
            continue
        before, after = np.abs(quantity.values[..., :-1]), np.abs(quantity.values[..., 1:])
        there = quantity.present[..., :-1] & quantity.present[..., 1:] & (np.minimum(before, after) > 0)
        ratio = np.maximum(before, after) / np.where(there, np.minimum(before, after), 1.0)
        for place in worst(there & (ratio >= _HUNDREDFOLD[0]) & (ratio <= _HUNDREDFOLD[1]), ratio):
            first = cell(solution.placed, indicator, quantity, place)
            then = cell(solution.placed, indicator, quantity, (*place[:-1], place[-1] + 1))
            small, large = sorted((first, then), key=lambda one: abs(one.value))
            facts = {"code": indicator.code, "period": str(small.period), "other": str(large.period)}
            numbers = {"found": small.value, "beside": large.value, "times": float(ratio[place])}
            findings.append(finding("percent_written_as_fraction", small.home, small.address, **facts, **numbers))
    return findings


def _shares(plan: Plan, solution: Solution) -> Iterator[tuple[Indicator, Quantity, float]]:
    """(indicator, quantity, the whole in its unit) of every declared share that is a pure number."""
    for indicator in plan.indicators.values():
        if indicator.adds_up.split(" ")[0] in ("share", "part") and indicator.unit.same_kind(ONE):
            yield indicator, solution.values[indicator.code], round(ONE.factor_to(indicator.unit), 9)


def _adding(plan: Plan, indicator: Indicator) -> tuple[int, ...]:
    """The axes along which a share's labels add up to the whole."""
    word, _, named = indicator.adds_up.partition(" ")
    axes = tuple(plan.axes(indicator))
    return () if word != "share" else (axes.index(named),) if named else tuple(range(len(axes)))
