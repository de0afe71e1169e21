"""Values: levers within bounds, data that an equation would overwrite, units of equations."""

from __future__ import annotations

from bagdar.address import Address
from bagdar.change import apply
from bagdar.checks.cells import cells, given_cells
from bagdar.equations.solution import Solution
from bagdar.equations.units import unit_clashes
from bagdar.finding import Finding, finding
from bagdar.plan import Plan


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
    return [
        finding(
            "add_factor_without_effect", a.home, Address("addfactor", a.equation, a.labels, a.period), code=a.equation
        )
        for a in plan.add_factors
        if a.equation not in behaviour or a.period not in plan.header.plan_periods
    ]


def observed_value_not_used(plan: Plan, _solution: Solution) -> list[Finding]:
    """A number in the horizon of an indicator that an equation determines."""
    return [
        finding(
            "observed_value_not_used",
            cell.home,
            cell.address,
            code=cell.indicator.code,
            period=str(cell.period),
        )
        for cell in given_cells(plan)
        if cell.indicator.role == "endogenous" and cell.period in plan.header.plan_periods
    ]


def number_for_a_missing_indicator(plan: Plan, _solution: Solution) -> list[Finding]:
    """A number of an indicator that is declared missing: one finding an indicator."""
    found: dict[str, Finding] = {}
    for cell in given_cells(plan):
        code = cell.indicator.code
        if cell.indicator.role == "missing":
            found.setdefault(code, finding("number_for_a_missing_indicator", cell.home, cell.address, code=code))
    return list(found.values())


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
