"""What is expected of the model: shocks that can be made, and one residual a balance that an identity gives."""

from __future__ import annotations

from bagdar.equations.expression import cells
from bagdar.equations.solution import Solution
from bagdar.expectation import Balance
from bagdar.finding import Finding, finding
from bagdar.plan import Plan
from bagdar.policy.expectations import refusals


def shock_cannot_be_made(plan: Plan, solution: Solution) -> list[Finding]:
    """A shock of `expectations/shocks.csv` with a change that the plan does not take."""
    findings = []
    for shock in plan.expectations.shocks if solution.solved else ():
        refused = refusals(solution, shock)
        if refused:
            facts = {"name": shock.code, "problem": f"{refused[0].address} [{refused[0].rule}]"}
            findings.append(finding("shock_cannot_be_made", refused[0].home, refused[0].address, **facts))
    return findings


def balance_without_residual(plan: Plan, _solution: Solution) -> list[Finding]:
    """A balance that nothing is said to close."""
    named = {balance.code for balance in plan.expectations.closure if balance.residual}
    return [
        finding("balance_without_residual", balance.home, balance=balance.code)
        for balance in plan.expectations.closure
        if balance.code not in named
    ]


def two_residuals_in_a_balance(plan: Plan, _solution: Solution) -> list[Finding]:
    """A balance that two rows of `closure.csv` close."""
    first: dict[str, Balance] = {}
    findings = []
    for balance in plan.expectations.closure:
        if balance.residual and balance.code in first:
            facts = {"balance": balance.code, "first": first[balance.code].residual, "second": balance.residual}
            findings.append(finding("two_residuals_in_a_balance", balance.home, **facts))
        elif balance.residual:
            first[balance.code] = balance
    return findings


def residual_not_an_identity(plan: Plan, _solution: Solution) -> list[Finding]:
    """A residual that is given, or that a behavioural equation determines: then nothing closes the balance."""
    findings = []
    for balance in _known(plan):
        role = plan.indicators[balance.residual].role
        behaviour = next((s for s in plan.statements if s.code == balance.residual and s.behaviour), None)
        if role != "endogenous" or behaviour is not None:
            how = f"@behaviour, {behaviour.home}" if behaviour is not None else role
            facts = {"balance": balance.code, "residual": balance.residual, "how": how}
            findings.append(finding("residual_not_an_identity", balance.home, **facts))
    return findings


def residual_of_something_else(plan: Plan, solution: Solution) -> list[Finding]:
    """A residual whose equation does not read what `determined_by` says that it is left over from."""
    findings = []
    for balance in _known(plan):
        equations = [e for e in solution.model.equations if e.left.code == balance.residual]
        read = {cell.code for e in equations for cell in cells(e.right)}
        unread = [code for code in balance.determined_by if code in plan.indicators and code not in read]
        if equations and unread:
            home = str(equations[0].statement.home)
            facts = {"balance": balance.code, "residual": balance.residual}
            findings.append(
                finding("residual_of_something_else", balance.home, unread=", ".join(unread), equation=home, **facts)
            )
    return findings


def _known(plan: Plan) -> list[Balance]:
    return [balance for balance in plan.expectations.closure if balance.residual in plan.indicators]
