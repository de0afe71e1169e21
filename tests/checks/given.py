"""Small plans for the checks, with what their indicators declare of each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bagdar.equations import Solution, simulate
from bagdar.finding import Finding
from bagdar.plan import Indicator, Plan
from tests.conftest import small_plan

Rule = Callable[[Plan, Solution], list[Finding]]


def declared(told: Mapping[str, Mapping[str, Any]], equations: str = "", **more: Any) -> Plan:
    """`small_plan` whose indicators hold what `told` says of them, by code."""
    plan = small_plan(equations, **more)
    indicators: dict[str, Indicator] = {c: replace(i, **told.get(c, {})) for c, i in plan.indicators.items()}
    return replace(plan, indicators=indicators)


def solved(plan: Plan) -> Solution:
    """The plan's solution, whatever is found."""
    return simulate(plan)[0]


def said(rule: Rule, plan: Plan) -> list[Finding]:
    """What one rule says of a plan."""
    return rule(plan, solved(plan))


def facts(found: Finding) -> dict[str, Any]:
    """A finding's facts by name."""
    return dict(found.facts)
