"""What a plan is given: it is read by some equation, lies within its range, and moves as it has moved before."""

from __future__ import annotations

import numpy as np

from bagdar.address import Address, cell_name
from bagdar.checks.cells import cell, worst
from bagdar.equations.expression import cells as expression_cells
from bagdar.equations.solution import Solution
from bagdar.finding import Fact, Finding, finding
from bagdar.plan import Indicator, Plan
from bagdar.quantity import Mask, Quantity, Values

# What history must hold before a path is measured by it, and how much further than history is far.
_CHANGES, _FURTHER = 4, 1.5


def input_never_read(plan: Plan, solution: Solution) -> list[Finding]:
    """An exogenous indicator or coefficient that no equation, check or other indicator's row reads."""
    read = _read(plan, solution, checks=True)
    return [
        finding("input_never_read", i.home, Address("value", i.code), code=i.code, role=i.role)
        for i in plan.indicators.values()
        if read is not None and i.role in ("exogenous", "coefficient") and i.code not in read
    ]


def lever_without_effect(plan: Plan, solution: Solution) -> list[Finding]:
    """A lever that no equation reads: moving it changes nothing."""
    read = _read(plan, solution, checks=False)
    return [
        finding("lever_without_effect", i.home, Address("value", i.code), code=i.code)
        for i in plan.indicators.values()
        if read is not None and i.role == "lever" and i.code not in read
    ]


def _read(plan: Plan, solution: Solution, checks: bool) -> set[str] | None:
    """The codes that equations and balances read; with `checks` also what else names them. None: unknown.

    Where statements were left out for their faults, or there are none, nothing can be said of what is not read.
    """
    parsed = solution.model.parsed
    if not parsed or len(parsed) < len(plan.statements):
        return None
    read = {one.code for p in parsed if checks or p.left is not None for one in expression_cells(p.right)}
    for balance in plan.balances:
        read |= {one.code for item in balance.items for one in item.references}
        read |= {balance.price.code} if balance.price is not None else set()
    if checks:
        read |= {one.code for norm in plan.norms for one in norm.references}
        for i in plan.indicators.values():
            read |= {i.total_of, i.capacity, *i.index_of[:1], *i.volume_of}
        if (named := plan.header.accounts) is not None:
            read |= {named.technical, named.output, named.imports, named.exports, named.value_added}
            read |= {named.compensation, *named.final_uses, *named.employment}
    return read


def lever_not_listed(plan: Plan, _solution: Solution) -> list[Finding]:
    """A lever without a row in a `levers.csv` that lists others: nobody is told who sets it, and nothing bounds it."""
    listed = {lever.indicator for lever in plan.levers}
    return [
        finding("lever_not_listed", i.home, Address("value", i.code), code=i.code)
        for i in plan.indicators.values()
        if listed and i.role == "lever" and i.code not in listed
    ]


def coefficient_outside_its_range(plan: Plan, _solution: Solution) -> list[Finding]:
    """A coefficient outside the `low` and `high` that its row gives, after changes too."""
    findings = []
    for code, labels in plan.ranges:
        low, high = plan.ranges[code, labels]
        indicator, quantity = plan.indicators[code], plan.values[code]
        at = quantity.position(labels)
        if at is None or not quantity.present[at]:
            continue
        one = cell(plan, indicator, quantity, at)
        if (low is not None and one.value < low) or (high is not None and one.value > high):
            nearest = low if low is not None and one.value < low else high
            assert nearest is not None  # one of the two is passed
            facts = {"low": "−∞" if low is None else low, "high": "∞" if high is None else high}
            facts |= {"found": one.value, "difference": one.value - nearest}
            name = cell_name(code, labels)
            findings.append(finding("coefficient_outside_its_range", one.home, one.address, code=name, **facts))
    return findings


def path_jumps(plan: Plan, solution: Solution) -> list[Finding]:
    """An exogenous path that moves, from one period to the next, half as far again as it ever did in history.

    Growth is compared, or where a value is not positive or is a rate in per cent, the change itself. Said only
    where history has four changes and moved at all, and where the row's note says nothing: a note explains.
    """
    findings = []
    for indicator in plan.indicators.values():
        quantity = plan.values[indicator.code]
        if indicator.role != "exogenous" or quantity.values.shape[-1] < _CHANGES + 2:
            continue
        growing, change, there = _changes(indicator, quantity)
        past = np.array([p <= plan.header.base for p in plan.header.periods[1:]], bool)
        ever = np.where(there & past, np.abs(change), 0.0)
        largest, known = ever.max(-1, keepdims=True), (there & past).sum(-1, keepdims=True) >= _CHANGES
        off = there & ~past & known & (largest > 0) & (np.abs(change) > _FURTHER * largest)
        for place in worst(off, np.abs(change)):
            one = cell(plan, indicator, quantity, (*place[:-1], place[-1] + 1))
            if plan.note(one.home):
                continue
            widest = int(ever[place[:-1]].argmax())
            when = quantity.labels[-1][widest + 1]
            moved, most = float(change[place]), float(change[place[:-1]][widest])
            if growing[place[:-1]]:
                moved, most, unit = 100 * float(np.expm1(moved)), 100 * float(np.expm1(most)), "%"
            else:
                unit = indicator.unit_text
            facts: dict[str, Fact] = {"code": cell_name(indicator.code, one.labels), "period": str(one.period)}
            facts |= {"moved": moved, "most": most, "when": when, "unit": unit}
            findings.append(finding("path_jumps", one.home, one.address, **facts))
    return findings


def _changes(indicator: Indicator, quantity: Quantity) -> tuple[Mask, Values, Mask]:
    """(which rows are compared by growth, the change to each period but the first, where there is one)."""
    values, present = quantity.values, quantity.present
    growing = np.asarray(((values > 0) | ~present).all(-1)) & (indicator.unit_text != "%")
    logs = np.log(np.where(present & (values > 0), values, 1.0))
    change = np.where(growing[..., None], np.diff(logs, axis=-1), np.diff(values, axis=-1))
    return growing, change, np.asarray(present[..., 1:] & present[..., :-1])
