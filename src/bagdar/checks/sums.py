"""Adding up: a total is the sum of its parts."""

from __future__ import annotations

from itertools import product

from bagdar.address import Address
from bagdar.equations.solution import Solution
from bagdar.finding import Finding, finding
from bagdar.period import Period
from bagdar.plan import Indicator, LabelSet, Plan
from bagdar.quantity import Quantity


def parts_do_not_add_to_total(plan: Plan, solution: Solution) -> list[Finding]:
    """For indicators that add up by sum: a label with parts, all present, differs from their sum."""
    findings = []
    for indicator in plan.indicators.values():
        quantity = solution.values.get(indicator.code)
        if indicator.adds_up != "sum" or quantity is None:
            continue
        for axis, dim in enumerate(indicator.dims):
            findings += _along(plan, solution, indicator, quantity, axis, plan.sets[dim])
    return findings


def _along(
    plan: Plan, solution: Solution, indicator: Indicator, quantity: Quantity, axis: int, group: LabelSet
) -> list[Finding]:
    parts: dict[str, list[str]] = {}
    for member in group.members:
        if member.parent:
            parts.setdefault(member.parent, []).append(member.code)
    findings = []
    others = [labels for i, labels in enumerate(quantity.labels) if i != axis]
    for total, members in parts.items():
        for rest in product(*others):
            numbers = [quantity.get(*rest[:axis], label, *rest[axis:]) for label in (total, *members)]
            present = [n for n in numbers if n is not None]
            if len(present) < len(numbers):
                continue
            difference = present[0] - sum(present[1:])
            # Figures are rounded as the plan's identities allow, beside the largest of them.
            slack = max(plan.header.identity_tolerance, 1e-9) * max(map(abs, present))
            if abs(difference) > slack:
                labels = (*rest[:axis], total, *rest[axis:])
                findings.append(_finding(solution.placed, indicator, quantity, labels, present))
    return findings


def _finding(
    plan: Plan, indicator: Indicator, quantity: Quantity, labels: tuple[str, ...], numbers: list[float]
) -> Finding:
    timed = quantity.dims[-1] == "period"
    period = Period.parse(labels[-1]) if timed else None
    address = Address("value", indicator.code, labels[:-1] if timed else labels, period)
    cell = quantity.position(labels)
    assert cell is not None  # its labels come from the quantity
    return finding(
        "parts_do_not_add_to_total",
        plan.home(quantity, cell),
        address,
        code=indicator.code,
        label=", ".join(labels),
        total=numbers[0],
        parts=sum(numbers[1:]),
        difference=numbers[0] - sum(numbers[1:]),
        unit=indicator.unit_text,
    )
