"""Sets: labels that are part of themselves, labels out of their time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bagdar.address import Address
from bagdar.checks.cells import cell, in_periods, worst
from bagdar.equations.solution import Solution
from bagdar.finding import Finding, Home, finding
from bagdar.period import Period
from bagdar.plan import Plan
from bagdar.quantity import PERIOD, Mask, Quantity

# (first, last) period in which a label is valid, by set and label.
Spans = dict[tuple[str, str], tuple[Period | None, Period | None]]


def circular_parents(plan: Plan, _solution: Solution) -> list[Finding]:
    """A label that is, through its parents, a part of itself: one finding a circle."""
    findings = []
    for group in plan.sets.values():
        parents = {m.code: m.parent for m in group.members}
        seen: set[str] = set()
        for member in group.members:
            path, label = [], member.code
            while label and label not in path and label not in seen:
                path.append(label)
                label = parents.get(label, "")
            if label in path:
                home = next(m.home for m in group.members if m.code == label)
                findings.append(finding("circular_parents", home, f"set:{group.code}[{label}]", label=label))
            seen.update(path)
    return findings


def label_not_valid_then(plan: Plan, solution: Solution) -> list[Finding]:
    """A number of a label in a period in which the label is not valid, whoever gives it.

    Data and what the plan computes: one finding an indicator and label, the first period. Figures stated,
    targets and judgements: each.
    """
    spans: Spans = {
        (group.code, m.code): (m.valid_from, m.valid_to)
        for group in plan.sets.values()
        for m in group.members
        if m.valid_from or m.valid_to
    }
    if not spans:
        return []
    told = [*_cells_out_of_time(plan, solution, spans), *_rows_out_of_time(plan, spans)]
    return [
        finding("label_not_valid_then", home, address, label=label, period=str(address.period), valid=_span(spans[key]))
        for home, address, label, key in told
    ]


_Told = tuple[Home, Address, str, tuple[str, str]]


def _cells_out_of_time(plan: Plan, solution: Solution, spans: Spans) -> Iterator[_Told]:
    for indicator in plan.indicators.values():
        quantity = solution.values[indicator.code]
        if PERIOD not in quantity.dims:
            continue
        for axis, dim in enumerate(indicator.dims):
            for at, label in enumerate(quantity.labels[axis]):
                if (dim, label) in spans:
                    off = _off(quantity, axis, at, spans[dim, label])
                    first = next(worst(off.reshape(1, -1), np.ones((1, off.size))), None)
                    if first is not None:
                        place = tuple(int(i) for i in np.unravel_index(first[1], off.shape))
                        one = cell(solution.placed, indicator, quantity, (*place[:axis], at, *place[axis:]))
                        yield one.home, one.address, label, (dim, label)


def _off(quantity: Quantity, axis: int, at: int, span: tuple[Period | None, Period | None]) -> Mask:
    """Where a label has numbers out of its time, over the other axes."""
    out = in_periods(quantity, lambda period: _outside(period, *span))
    return np.asarray(quantity.present.take(at, axis) & out)


def _rows_out_of_time(plan: Plan, spans: Spans) -> Iterator[_Told]:
    """Of the rows that name a cell: what other documents state, targets, judgements on equations."""
    rows = [(s.home, Address("value", s.indicator, s.labels, s.period)) for s in plan.stated]
    rows += [(t.home, Address("target", t.indicator, t.labels, t.period)) for t in plan.targets]
    rows += [(a.home, Address("addfactor", a.equation, a.labels, a.period)) for a in plan.add_factors]
    for home, address in rows:
        for key in zip(plan.indicators[address.code].dims, address.labels, strict=True):
            if key in spans and address.period is not None and _outside(address.period, *spans[key]):
                yield home, address, key[1], key


def _span(span: tuple[Period | None, Period | None]) -> str:
    return f"{span[0] or '…'}–{span[1] or '…'}"


def _outside(period: Period, first: Period | None, last: Period | None) -> bool:
    """Whether a period lies before `first` or after `last`; of another frequency, years are compared."""
    if first and (period < first if period.frequency == first.frequency else period.year < first.year):
        return True
    return bool(last and (period > last if period.frequency == last.frequency else period.year > last.year))
