"""The indicator system: each indicator has a home in the report, and constant prices are the plan's own."""

from __future__ import annotations

import re

from bagdar.address import Address
from bagdar.equations.solution import Solution
from bagdar.finding import Finding, finding
from bagdar.plan import SECTIONS, Plan


def indicator_without_section(plan: Plan, _solution: Solution) -> list[Finding]:
    """An indicator whose section the report does not have; coefficients stand in a table of their own."""
    known = ", ".join(SECTIONS)
    return [
        finding(
            "indicator_without_section", i.home, Address("value", i.code), code=i.code, found=i.section, known=known
        )
        for i in plan.indicators.values()
        if i.role != "coefficient" and i.section not in SECTIONS
    ]


def prices_of_another_base(plan: Plan, _solution: Solution) -> list[Finding]:
    """An indicator at constant prices, or a price index, whose base year is not the plan's."""
    findings = []
    for i in plan.indicators.values():
        year = re.search(r"\d{4}", i.price_basis)
        if year is not None and int(year[0]) != plan.header.base.year:
            facts = {"code": i.code, "found": year[0], "base": str(plan.header.base.year)}
            findings.append(finding("prices_of_another_base", i.home, Address("value", i.code), **facts))
    return findings
