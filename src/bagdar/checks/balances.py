"""Balances: resources must equal uses, and what is used must keep to its norm."""

from __future__ import annotations

import numpy as np

from bagdar.address import cell_name
from bagdar.balances.norms import read_norms
from bagdar.balances.numbers import Floats
from bagdar.balances.reading import Reading, read_balances
from bagdar.equations.solution import Solution
from bagdar.finding import Finding, finding
from bagdar.plan import Plan

_MOST_NAMED = 4


def balance_does_not_close(plan: Plan, solution: Solution) -> list[Finding]:
    """A balance whose resources and uses differ: for each cell its worst period, and what could close it.

    Labour that nobody needs is no contradiction, it is unemployed; all else that is left over is.
    """
    findings = []
    for reading in read_balances(plan, solution.values):
        scale = np.maximum(np.abs(reading.resources), np.abs(reading.uses))
        off = reading.known & (np.abs(reading.gap) > plan.header.identity_tolerance * np.maximum(scale, 1e-9))
        if reading.free:
            continue
        if reading.balance.kind == "labour":
            off &= reading.gap < 0
        for cell in np.flatnonzero(off.any(0)):
            size = np.where(off[:, cell], np.abs(reading.gap[:, cell]) / np.maximum(scale[:, cell], 1e-300), -1)
            findings.append(_gap(plan, reading, int(np.argmax(size)), int(cell), scale))
    return findings


def _gap(plan: Plan, reading: Reading, period: int, cell: int, scale: Floats) -> Finding:
    balance, gap = reading.balance, float(reading.gap[period, cell])
    lacking = gap < 0
    closing = [
        f"{line.item.code} ({line.amounts[period, cell]:.6g})"
        for line in sorted(reading.lines, key=lambda line: -line.item.rank)
        if not line.opening and line.there[period, cell] and line.amounts[period, cell] > 0
        # What is lacking is closed by more resources, or by less for the least important.
        if (line.sign > 0) or (lacking and line.item.rank) or (not lacking and line.sign < 0)
    ]
    return finding(
        "uses_exceed_resources" if lacking else "resources_exceed_uses",
        balance.home,
        balance=cell_name(balance.code, reading.cells.labels[cell]),
        period=str(plan.header.periods[period]),
        resources=float(reading.resources[period, cell]),
        uses=float(reading.uses[period, cell]),
        difference=abs(gap),
        share=100 * abs(gap) / float(scale[period, cell]),
        unit=balance.unit_text,
        closing=", ".join(closing[:_MOST_NAMED]) or "—",
    )


def norm_exceeded(plan: Plan, solution: Solution) -> list[Finding]:
    """More used than the norm allows: for each choice of labels the worst period of the plan's."""
    findings = []
    for reading in read_norms(plan, solution.values):
        excess = np.nan_to_num(reading.excess, nan=-1.0)
        for cell in np.flatnonzero((excess > 1e-6).any(0)):
            period = int(np.argmax(excess[:, cell]))
            if excess[period, cell] <= max(plan.header.identity_tolerance, 1e-6):
                continue
            indicator = plan.indicators[reading.norm.indicator]
            findings.append(
                finding(
                    "norm_exceeded",
                    reading.norm.home,
                    code=cell_name(indicator.code, reading.labels[cell]),
                    period=str(plan.header.periods[period]),
                    actual=float(reading.actual[period, cell]),
                    norm=float(reading.value[period, cell]),
                    share=100 * float(excess[period, cell]),
                    unit=indicator.unit_text,
                )
            )
    return findings
