"""Balances: resources must equal uses, and what is used must keep to its norm."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bagdar.address import cell_name
from bagdar.balance import Balance, Item
from bagdar.balances.framing import allocated, frame_of
from bagdar.balances.norms import read_norms
from bagdar.balances.numbers import Figures, Floats, Mask, cells
from bagdar.balances.reading import Line, Reading, needed_capacities, read_balances
from bagdar.equations.solution import Solution
from bagdar.finding import Finding, finding
from bagdar.plan import Plan

_MOST_NAMED = 4


def uses_exceed_resources(plan: Plan, solution: Solution) -> list[Finding]:
    """A balance that lacks resources: for each cell its worst period, and what could close it."""
    return _gaps(plan, solution, lacking=True)


def resources_exceed_uses(plan: Plan, solution: Solution) -> list[Finding]:
    """A balance with resources that belong to nobody. Labour that nobody needs is none: it is unemployed."""
    return _gaps(plan, solution, lacking=False)


def _gaps(plan: Plan, solution: Solution, lacking: bool) -> list[Finding]:
    findings = []
    for reading in read_balances(plan, solution.values):
        # What was left out of a balance, for a fault that is told, may be all that it lacks.
        if not reading.balance.whole or (reading.balance.kind == "labour" and not lacking):
            continue
        known = np.all([line.there for line in reading.lines], axis=0) if reading.lines else reading.known
        scale = np.maximum(np.maximum(np.abs(reading.resources), np.abs(reading.uses)), 1e-300)
        off = np.where(known, -reading.gap if lacking else reading.gap, 0.0) / scale
        for item in (*reading.free, *reading.unknown):
            # What takes the rest is never below nothing: a resource covers what lacks, a use what is over. So does
            # what the plan has no number of.
            if item.side == "stock" or (item.side == "resource") == lacking:
                off[:, reading.cells.of(item)] = 0
        for cell in np.flatnonzero((off > plan.header.identity_tolerance).any(0)):
            findings.append(_gap(plan, reading, int(cell), off[:, cell]))
    return findings


def _gap(plan: Plan, reading: Reading, cell: int, off: Floats) -> Finding:
    """The worst period of a cell that does not close: `off` is by what share it misses in each. It stands at the
    row of what could close it best, as only the items of a balance have rows.
    """
    period = int(np.argmax(off))
    balance, gap = reading.balance, float(reading.gap[period, cell])
    lacking = gap < 0
    closing = [
        line
        for line in sorted(reading.lines, key=lambda line: -line.item.rank)
        if not line.opening and line.there[period, cell] and line.amounts[period, cell] > 0
        # What is lacking is closed by more resources, or by less for the least important.
        if (line.sign > 0) or (lacking and line.item.rank) or (not lacking and line.sign < 0)
    ]

    def told(line: Line) -> tuple[str | float, ...]:
        return (", ", f"{line.item.code} (", float(line.amounts[period, cell]), ")")

    return finding(
        "uses_exceed_resources" if lacking else "resources_exceed_uses",
        closing[0].item.home if closing else balance.home,
        balance=cell_name(balance.code, reading.cells.labels[cell]),
        period=str(plan.header.periods[period]),
        resources=float(reading.resources[period, cell]),
        uses=float(reading.uses[period, cell]),
        difference=abs(gap),
        share=100 * float(off[period]),
        others=int((off > plan.header.identity_tolerance).sum()) - 1,
        unit=balance.unit_text,
        closing=tuple(part for line in closing[:_MOST_NAMED] for part in told(line))[1:] or "—",
    )


def quantity_beyond_its_limit(plan: Plan, solution: Solution) -> list[Finding]:
    """More of an item in the plan than its limit lets through, or its capacity: for each cell its worst plan period."""
    findings, figures = list[Finding](), Figures(plan, solution.values)
    for balance, item in ((b, i) for b in plan.balances for i in b.items if i.quantity and i.limit):
        assert item.quantity is not None
        assert item.limit is not None
        numbers, there = figures.numbers(balance, item, item.quantity, balance.unit)
        limit, known = figures.numbers(balance, item, item.limit, balance.unit)
        findings += _beyond(plan, balance, item, numbers, limit, there & known)
    for balance, item, needed, stated in needed_capacities(plan, solution.values):
        chosen = figures.cells[balance.code].of(item)
        known = (needed.there & stated.there)[:, chosen]
        findings += _beyond(plan, balance, item, needed.amounts[:, chosen], stated.amounts[:, chosen], known)
    return findings


def _beyond(plan: Plan, balance: Balance, item: Item, numbers: Floats, limit: Floats, known: Mask) -> Iterator[Finding]:
    """Where the numbers of an item, by period of the plan and its cell, are above its limit."""
    planned = [plan.header.periods.index(period) for period in plan.header.plan_periods]
    over = np.where(known & (limit >= 0), numbers - limit, 0.0)[planned]
    slack = np.maximum(plan.header.identity_tolerance, 1e-9) * np.abs(limit[planned])
    held = cells(plan, balance)
    for k in np.flatnonzero((over > slack).any(0)):
        t = planned[int(np.argmax(over[:, k]))]
        yield finding(
            "quantity_beyond_its_limit",
            item.home,
            item=cell_name(f"{balance.code}.{item.code}", held.labels[held.of(item)[k]]),
            period=str(plan.header.periods[t]),
            quantity=float(numbers[t, k]),
            limit=float(limit[t, k]),
            difference=float(numbers[t, k] - limit[t, k]),
            unit=balance.unit_text,
        )


def numbers_of_balances(plan: Plan, solution: Solution) -> list[Finding]:
    """What keeps balances from being allocated: numbers that are missing, unknown before the horizon, out of range."""
    if not solution.solved or not allocated(plan.balances):
        return []
    return frame_of(plan, solution.values)[1]


def ties_in_a_circle(plan: Plan, _solution: Solution) -> list[Finding]:
    """Items that hang on each other in the same period: if norms do not happen to multiply to one, all are nothing."""
    hangs = {
        (balance.code, item.code): (item.tie.balance, item.tie.item)
        for balance in plan.balances
        for item in balance.items
        # A capacity follows nothing: it limits.
        if item.tie is not None and item.tie.lead == 0 and item.side != "capacity"
    }
    findings, seen = [], set[tuple[str, str]]()
    for start in hangs:
        way, at = list[tuple[str, str]](), start
        while at in hangs and at not in seen:
            seen.add(at)
            way.append(at)
            at = hangs[at]
        if at in way:
            circle = [*way[way.index(at) :], at]
            item = next(b for b in plan.balances if b.code == at[0]).levels[at[1]]
            findings.append(finding("ties_in_a_circle", item.home, items=" → ".join(map(".".join, circle))))
    return findings


def norm_exceeded(plan: Plan, solution: Solution) -> list[Finding]:
    """More used than the norm allows: for each choice of labels the worst period of the plan's."""
    findings = []
    for reading in read_norms(solution.placed, solution.values):
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
