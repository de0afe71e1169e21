"""Adding up: a total is the sum of its parts, a mean lies between them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bagdar.checks.cells import cell, half_digit, worst
from bagdar.equations.solution import Solution
from bagdar.finding import Finding, finding
from bagdar.plan import Indicator, LabelSet, Plan
from bagdar.quantity import PERIOD, Mask, Quantity, Values


def parts_do_not_add_to_total(plan: Plan, solution: Solution) -> list[Finding]:
    """For indicators that add up by sum: a label with parts, all present, differs from their sum.

    Along every axis: sectors, territories, products. One finding for each choice of labels, its worst period.
    """
    findings = []
    for indicator, quantity, axis, at, parts in _groups(plan, solution, "sum"):
        total, there = _take(quantity, at, axis), _there(quantity, at, parts, axis)
        added = quantity.values.take(parts, axis).sum(axis)
        largest = np.maximum(np.abs(total), np.abs(quantity.values.take(parts, axis)).max(axis))
        # Figures are rounded as the plan's identities allow, beside the largest of them.
        off = there & (np.abs(total - added) > max(plan.header.identity_tolerance, 1e-9) * largest)
        for place in worst(off, np.abs(total - added), _timed(quantity)):
            one = cell(solution.placed, indicator, quantity, (*place[:axis], at, *place[axis:]))
            findings.append(
                finding(
                    "parts_do_not_add_to_total",
                    one.home,
                    one.address,
                    code=indicator.code,
                    label=", ".join((*one.labels, *([str(one.period)] if one.period else []))),
                    total=one.value,
                    parts=float(added[place]),
                    difference=one.value - float(added[place]),
                    unit=indicator.unit_text,
                )
            )
    return findings


def mean_outside_its_parts(plan: Plan, solution: Solution) -> list[Finding]:
    """For indicators that add up as a mean (an index, a price, a rate): a label beyond all of its parts.

    Whatever the weights, a mean lies between the smallest and the largest part.
    """
    findings = []
    for indicator, quantity, axis, at, parts in _groups(plan, solution, "mean"):
        mean, there = _take(quantity, at, axis), _there(quantity, at, parts, axis)
        rounded = half_digit(quantity.values, quantity.present)
        slack = _take(rounded, at, axis) + rounded.take(parts, axis).max(axis)
        low, high = quantity.values.take(parts, axis).min(axis), quantity.values.take(parts, axis).max(axis)
        beyond = np.maximum(low - mean, mean - high)
        for place in worst(there & (beyond > slack * (1 + 1e-9) + 1e-12 * np.abs(mean)), beyond, _timed(quantity)):
            one = cell(solution.placed, indicator, quantity, (*place[:axis], at, *place[axis:]))
            facts = {"label": ", ".join(one.labels), "period": str(one.period or "—"), "unit": indicator.unit_text}
            facts |= {"low": float(low[place]), "high": float(high[place])}  # type: ignore[dict-item]
            nearest = facts["low"] if one.value < low[place] else facts["high"]
            difference = one.value - float(nearest)
            facts |= {"found": one.value, "difference": difference, "code": indicator.code}  # type: ignore[dict-item]
            findings.append(finding("mean_outside_its_parts", one.home, one.address, **facts))
    return findings


def total_is_not_the_sum_of_labels(plan: Plan, solution: Solution) -> list[Finding]:
    """An indicator declared the total of another (`total_of`) differs from the sum over the labels it lacks.

    The sum runs over the labels that are no totals; where not all of them are there, over those that are part
    of nothing; where these are not all there either, nothing is said.
    """
    findings = []
    for indicator in plan.indicators.values():
        if not indicator.total_of:
            continue
        parts, quantity = plan.indicators[indicator.total_of], solution.values[indicator.code]
        factor = parts.unit.factor_to(indicator.unit)
        added, largest, there = _added(plan, indicator, parts, solution.values[parts.code])
        added, largest = added * factor, largest * factor
        slack = max(plan.header.identity_tolerance, 1e-9) * np.maximum(np.abs(quantity.values), largest)
        off = there & quantity.present & (np.abs(quantity.values - added) > slack)
        for place in worst(off, np.abs(quantity.values - added), _timed(quantity)):
            one = cell(solution.placed, indicator, quantity, place)
            findings.append(
                finding(
                    "total_is_not_the_sum_of_labels",
                    one.home,
                    one.address,
                    code=indicator.code,
                    period=str(one.period or "—"),
                    total=one.value,
                    parts=parts.code,
                    sum=float(added[place]),
                    difference=one.value - float(added[place]),
                    unit=indicator.unit_text,
                )
            )
    return findings


def _added(plan: Plan, total: Indicator, parts: Indicator, quantity: Quantity) -> tuple[Values, Values, Mask]:
    """(the sum, the largest part, where all parts are there) over the axes that the total lacks."""
    axes = tuple(i for i, dim in enumerate(parts.dims) if dim not in total.dims)
    added, largest, there = [], [], []
    for roots in (False, True):
        present, values = quantity.present, quantity.values
        for axis in axes:
            group = plan.sets[parts.dims[axis]]
            labels = [m.code for m in group.members if not m.parent] if roots else group.select()
            places = [group.labels.index(label) for label in labels]
            present, values = present.take(places, axis), values.take(places, axis)
        added.append(values.sum(axes))
        largest.append(np.abs(values).max(axes, initial=0.0))
        there.append(np.asarray(present.all(axes)) & (present.size > 0))
    return np.where(there[0], *added), np.where(there[0], *largest), there[0] | there[1]


def _groups(
    plan: Plan, solution: Solution, adds_up: str
) -> Iterator[tuple[Indicator, Quantity, int, int, tuple[int, ...]]]:
    """(indicator, quantity, axis, place of a total, places of its parts) for every total along every axis."""
    for indicator in plan.indicators.values():
        quantity = solution.values.get(indicator.code)
        if indicator.adds_up != adds_up or quantity is None:
            continue
        for axis, dim in enumerate(indicator.dims):
            for at, parts in _parts(plan.sets[dim]).items():
                yield indicator, quantity, axis, at, parts


def _parts(group: LabelSet) -> dict[int, tuple[int, ...]]:
    """The places of each total's parts among the labels of a set, by the total's place."""
    place = {label: i for i, label in enumerate(group.labels)}
    parts: dict[int, tuple[int, ...]] = {}
    for member in group.members:
        if member.parent in place:
            total = place[member.parent]
            parts[total] = (*parts.get(total, ()), place[member.code])
    return parts


def _take(array: Quantity | Values, at: int, axis: int) -> Values:
    values = array.values if isinstance(array, Quantity) else array
    return np.asarray(values.take(at, axis))


def _there(quantity: Quantity, at: int, parts: tuple[int, ...], axis: int) -> Mask:
    """Where a total and all its parts are present."""
    return np.asarray(quantity.present.take((at, *parts), axis).all(axis))


def _timed(quantity: Quantity) -> bool:
    return PERIOD in quantity.dims
