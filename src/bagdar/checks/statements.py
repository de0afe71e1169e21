"""What the plan says of itself: its checks, what other documents state, its targets."""

from __future__ import annotations

from bagdar.address import Address, cell_name
from bagdar.equations.solution import Solution
from bagdar.finding import Fact, Finding, finding
from bagdar.period import Period
from bagdar.plan import Plan, Stated


def check_fails(_plan: Plan, solution: Solution) -> list[Finding]:
    """A ``check`` of the equations that does not hold: its worst period."""
    worst: dict[tuple[str, tuple[str, ...]], Finding] = {}
    largest: dict[tuple[str, tuple[str, ...]], float] = {}
    for result in solution.checks:
        key = (result.check.statement.code, result.check.labels)
        off = abs(result.left - result.right)
        if result.holds or off <= largest.get(key, -1.0):
            continue
        largest[key] = off
        worst[key] = finding(
            "check_fails",
            result.check.statement.home,
            Address("equation", *key),
            code=cell_name(*key),
            period=str(result.period),
            left=result.left,
            right=result.right,
            difference=result.left - result.right,
        )
    return list(worst.values())


def check_not_evaluated(plan: Plan, solution: Solution) -> list[Finding]:
    """A ``check`` that has all its numbers in no period, so that it says nothing."""
    judged = {(r.check.statement.code, r.check.labels) for r in solution.checks}
    return [
        finding(
            "check_not_evaluated",
            check.statement.home,
            Address("equation", check.statement.code, check.labels),
            code=cell_name(check.statement.code, check.labels),
        )
        for check in solution.model.checks
        if solution.solved and (check.statement.code, check.labels) not in judged
    ]


def stated_figure_differs(plan: Plan, solution: Solution) -> list[Finding]:
    """A figure that another document states, at its printed precision, and the plan's own."""
    findings = []
    for stated in plan.stated:
        quantity = solution.values.get(stated.indicator)
        held = quantity.get(*stated.labels, str(stated.period)) if quantity is not None else None
        address = Address("value", stated.indicator, stated.labels, stated.period)
        facts: dict[str, Fact] = {
            "source": stated.source,
            "stated": stated.value,
            "code": cell_name(stated.indicator, stated.labels),
            "period": str(stated.period),
        }
        if held is None and solution.solved:
            findings.append(finding("stated_figure_not_in_the_plan", stated.home, address, **facts))
        elif held is not None and abs(held - stated.value) > 0.5 * 10.0**-stated.decimals * (1 + 1e-9):
            difference = stated.value - held
            findings.append(
                finding("stated_figure_differs", stated.home, address, **facts, found=held, difference=difference)
            )
    return findings


def stated_differently_elsewhere(plan: Plan, _solution: Solution) -> list[Finding]:
    """Two figures stated of one cell, by two documents or by one, that are not one number.

    They are compared at the precision of the rounder one: 59.4 and 59.5 differ, 59 and 59.4 do not.
    """
    findings = []
    first: dict[tuple[str, tuple[str, ...], Period], Stated] = {}
    for stated in plan.stated:
        earlier = first.setdefault((stated.indicator, stated.labels, stated.period), stated)
        decimals = min(stated.decimals, earlier.decimals)
        if abs(stated.value - earlier.value) > 0.5 * 10.0**-decimals * (1 + 1e-9):
            facts: dict[str, Fact] = {"code": cell_name(stated.indicator, stated.labels), "period": str(stated.period)}
            facts |= {
                "source": stated.source or "—",
                "stated": stated.value,
                "difference": stated.value - earlier.value,
            }
            facts |= {"other": earlier.source or "—", "beside": earlier.value, "at": str(earlier.home)}
            address = Address("value", stated.indicator, stated.labels, stated.period)
            findings.append(finding("stated_differently_elsewhere", stated.home, address, **facts))
    return findings


def target_missed(plan: Plan, solution: Solution) -> list[Finding]:
    """A target that the solution does not reach, or of which it has no number."""
    findings = []
    for target in plan.targets:
        held = solution.values[target.indicator].get(*target.labels, str(target.period))
        address = Address("target", target.indicator, target.labels, target.period)
        facts: dict[str, Fact] = {
            "code": cell_name(target.indicator, target.labels),
            "period": str(target.period),
            "sense": {">=": "≥", "<=": "≤", "=": "="}[target.sense],
            "value": target.value,
        }
        if held is None:
            if solution.solved:
                findings.append(finding("target_without_a_value", target.home, address, **facts))
            continue
        short = target.value - held if target.sense == ">=" else held - target.value
        short = abs(held - target.value) if target.sense == "=" else short
        if short > 1e-9 * max(1.0, abs(target.value)):
            findings.append(finding("target_missed", target.home, address, found=held, difference=short, **facts))
    return findings
