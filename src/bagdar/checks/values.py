"""Values: levers within bounds, data that an equation would overwrite, units of equations."""

from __future__ import annotations

import numpy as np

from bagdar.address import Address, cell_name
from bagdar.change import apply
from bagdar.checks.cells import cells, in_periods, with_status
from bagdar.equations.expression import cells as expression_cells
from bagdar.equations.model import Equation
from bagdar.equations.solution import Solution
from bagdar.equations.units import unit_clashes
from bagdar.finding import Fact, Finding, finding
from bagdar.plan import Indicator, Plan
from bagdar.quantity import PERIOD, Mask, Quantity


def lever_out_of_bounds(plan: Plan, solution: Solution) -> list[Finding]:
    """A lever outside what `levers.csv` allows, in the horizon: set so, or found so as an instrument."""
    findings = []
    for lever in plan.levers:
        low = float("-inf") if lever.low is None else lever.low
        high = float("inf") if lever.high is None else lever.high
        for cell in cells(solution.placed, plan.indicators[lever.indicator], solution.values[lever.indicator]):
            planned = cell.period is not None and cell.period > plan.header.base
            if planned and not low <= cell.value <= high:
                findings.append(
                    finding(
                        "lever_out_of_bounds",
                        cell.home,
                        cell.address,
                        code=lever.indicator,
                        period=str(cell.period),
                        found=cell.value,
                        low="−∞" if lever.low is None else lever.low,
                        high="∞" if lever.high is None else lever.high,
                    )
                )
    return findings


def add_factor_without_effect(plan: Plan, _solution: Solution) -> list[Finding]:
    """A row of `add_factors.csv` for an equation that carries none, or outside the horizon."""
    behaviour = {s.code for s in plan.statements if s.behaviour}
    horizon = frozenset(plan.header.plan_periods)
    return [
        finding(
            "add_factor_without_effect", a.home, Address("addfactor", a.equation, a.labels, a.period), code=a.equation
        )
        for a in plan.add_factors
        if a.equation not in behaviour or a.period not in horizon
    ]


def observed_value_not_used(plan: Plan, _solution: Solution) -> list[Finding]:
    """A number in the horizon of an indicator that an equation determines."""
    first, last = plan.header.horizon
    return [
        finding("observed_value_not_used", one.home, one.address, code=indicator.code, period=str(one.period))
        for indicator in plan.indicators.values()
        if indicator.role == "endogenous" and (quantity := plan.values[indicator.code]).present.any()
        for one in cells(plan, indicator, quantity, in_periods(quantity, lambda p: first <= p <= last))
    ]


def derived_figure_not_recomputable(plan: Plan, solution: Solution) -> list[Finding]:
    """A figure called derived that nothing in the plan derives: one finding an indicator, its first such figure.

    It is derived by an identity of which all numbers are there, by a declared relation (`total_of`, `index_of`,
    `volume_of`), as the base of its own price index, or as its row's note says.
    """
    identities: dict[str, list[Equation]] = {}
    for equation in solution.model.equations:
        if equation.add is None:
            identities.setdefault(equation.left.code, []).append(equation)
    findings = []
    for indicator in plan.indicators.values():
        quantity = plan.values[indicator.code]
        told = with_status(quantity, "derived") & quantity.present
        if indicator.total_of or indicator.index_of or indicator.volume_of or not told.any():
            continue
        told = told & ~_noted(plan, quantity) & ~_by_definition(indicator, quantity)
        for equation in identities.get(indicator.code, ()) if told.any() else ():
            at = quantity.position((*equation.left.labels, quantity.labels[-1][0]))
            if at is not None:
                told[at[:-1]] &= ~_recomputable(solution, equation)
        one = next(cells(plan, indicator, quantity, told), None) if told.any() else None
        if one is not None:
            facts: dict[str, Fact] = {"code": indicator.code, "count": int(told.sum())}
            facts |= {"label": cell_name("", one.labels), "period": str(one.period or "—")}
            facts |= {"found": one.value, "unit": indicator.unit_text}
            findings.append(finding("derived_figure_not_recomputable", one.home, one.address, **facts))
    return findings


def _noted(plan: Plan, quantity: Quantity) -> Mask:
    """Which cells stand in a row with a note."""
    places: dict[str, list[int]] = {}
    for i, origin in enumerate(plan.origins):
        places.setdefault(origin.file, []).append(i)
    noted = [(i << 32) + row for (file, row), note in plan.notes.items() if note for i in places.get(file, ())]
    rows = (quantity.homes[..., 0].astype(np.int64) << 32) + quantity.homes[..., 1]
    return np.asarray(np.isin(rows, noted))


def _by_definition(indicator: Indicator, quantity: Quantity) -> Mask:
    """Which cells are the 1 of a price index in its own base year."""
    year = indicator.price_basis.removeprefix("deflator ") if "deflator" in indicator.price_basis else ""
    return np.asarray(quantity.values == 1) & in_periods(quantity, lambda p: str(p.year) == year)


def _recomputable(solution: Solution, identity: Equation) -> Mask:
    """In which periods all that the identity reads is there."""
    count = len(solution.plan.header.periods)
    there = np.ones(count, bool)
    for read in expression_cells(identity.right):
        quantity = solution.values[read.code]
        if PERIOD not in quantity.dims:
            there &= quantity.get(*read.labels) is not None
            continue
        at = quantity.position((*read.labels, quantity.labels[-1][0]))
        times = np.arange(count) - read.lag
        within = (times >= 0) & (times < count)
        there &= within & (at is not None and quantity.present[at[:-1]][np.clip(times, 0, count - 1)])
    return there


def number_for_a_missing_indicator(plan: Plan, _solution: Solution) -> list[Finding]:
    """A number of an indicator that is declared missing: one finding an indicator."""
    missing = (i for i in plan.indicators.values() if i.role == "missing")
    first = (next(cells(plan, i, plan.values[i.code], plan.values[i.code].present), None) for i in missing)
    return [
        finding("number_for_a_missing_indicator", one.home, one.address, code=one.indicator.code)
        for one in first
        if one is not None
    ]


def variant_out_of_date(plan: Plan, _solution: Solution) -> list[Finding]:
    """A variant with changes that cannot be made to the plan as it stands."""
    findings = []
    for name, changes in plan.variants.items():
        _, found = apply(plan, changes)
        if found:
            home, first = found[0].home, found[0].address
            findings.append(finding("variant_out_of_date", home, first, name=name, count=len(found), first=first))
    return findings


def units_of_equations(plan: Plan, solution: Solution) -> list[Finding]:
    """Identities and checks whose sides differ in unit or price basis (`equations.units`)."""
    return unit_clashes(plan, solution.model)
