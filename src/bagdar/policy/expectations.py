"""Expectations held against the model: every shock solved, every sign and every range judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from bagdar.address import Address
from bagdar.change import Change, apply, current
from bagdar.equations import Solution, simulate
from bagdar.expectation import Cell, Range, Shift, Shock, Sign
from bagdar.finding import Finding, finding, has_errors
from bagdar.period import Period
from bagdar.plan import Plan
from bagdar.quantity import Quantity

Verdict = Literal["holds", "fails", "not_run"]
Progress = Callable[[int, int], None]
# A cell that moves by less than this share of its largest number has not moved.
NOTHING = 1e-6


@dataclass(frozen=True)
class Tried:
    """A shock made to the plan and solved: `solution` is None, and `findings` say why, where that is impossible."""

    shock: Shock
    first: Period
    solution: Solution | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Judged:
    """One expected sign and what the model gives: the cell's number without and with the shock.

    `found` is the sign of the deviation, 0 within `NOTHING` of the cell's largest number; '' if there is none.
    """

    row: Sign
    end: Literal["first", "last"]
    period: Period
    expected: str
    before: float | None
    after: float | None
    found: str

    @property
    def verdict(self) -> Verdict:
        """Whether the sign is the expected one."""
        return "not_run" if not self.found else "holds" if self.found == self.expected else "fails"


@dataclass(frozen=True)
class Measured:
    """One range and what the model gives: the deviations of effect and measure, and their ratio."""

    row: Range
    period: Period
    effect: float | None
    per: float | None

    @property
    def ratio(self) -> float | None:
        """The deviation of the effect over that of what it is measured in; None where the latter is none."""
        return self.effect / self.per if self.effect is not None and self.per else None

    @property
    def verdict(self) -> Verdict:
        """Whether the ratio lies within the range."""
        if self.ratio is None:
            return "not_run"
        return "holds" if self.row.low <= self.ratio <= self.row.high else "fails"


def changes(base: Solution, shift: Shift) -> tuple[Change, ...]:
    """A row of `shocks.csv` as changes of the plan, one for each cell and period.

    On an add-factor it moves what the base solution carries: with `add`, the left side as its equation writes it.
    """
    plan, told = base.plan, []
    for address in _addresses(base, shift):
        new, op, now = shift.amount, shift.op, current(plan, address)
        if address.kind == "addfactor":
            held = _held(base.add_factors, (address.code, address.labels), address.period) or 0.0
            new, op = {"set": new, "add": held + new, "scale": held * new}[shift.op], "set"
        told.append(Change(op, address, now, new, "expectations", "", shift.home))
    return tuple(told)


def first_period(plan: Plan, shock: Shock) -> Period:
    """The first plan period that a shock moves."""
    start = plan.header.horizon[0]
    return min((shift.first or start for shift in shock.shifts), default=start)


def refusals(base: Solution, shock: Shock) -> list[Finding]:
    """Why a shock cannot be made to the plan; nothing if it can."""
    return _made(base, shock)[1]


def try_shock(base: Solution, shock: Shock) -> Tried:
    """The plan with the shock, solved from its own solution."""
    first = first_period(base.plan, shock)
    plan, findings = _made(base, shock)
    if findings:
        return Tried(shock, first, None, tuple(findings))
    solution, found = simulate(plan, start=base)
    return Tried(shock, first, solution if solution.solved and not has_errors(found) else None, tuple(found))


def judge(base: Solution, tried: Mapping[str, Tried], rows: Sequence[Sign]) -> tuple[Judged, ...]:
    """Every expected sign, two at most a row, in the order of the file; withdrawn ones too."""
    last, judged = base.plan.header.horizon[1], []
    for row in rows:
        shocked = tried[row.shock]
        if row.first:
            judged.append(_judged(base, shocked, row, "first", shocked.first))
        if row.last:
            judged.append(_judged(base, shocked, row, "last", last))
    return tuple(judged)


def measure(base: Solution, tried: Mapping[str, Tried], rows: Sequence[Range]) -> tuple[Measured, ...]:
    """Every range, in the order of the file; withdrawn ones too."""
    measured = []
    for row in rows:
        shocked = tried[row.shock]
        named = {"first": shocked.first, "last": base.plan.header.horizon[1]}
        period = named.get(row.period) or Period.parse(row.period)
        assert period is not None  # the reader made sure
        effect, per = (_deviation(base, shocked, cell, period) for cell in (row.effect, row.per))
        still = per is not None and abs(per) <= NOTHING * scale(base, row.per)
        measured.append(Measured(row, period, effect, 0.0 if still else per))
    return tuple(measured)


def numbers(base: Solution, cell: Cell) -> tuple[float, ...]:
    """All numbers that a cell has, in history and in the horizon."""
    held = (_held(base.values, cell, period) for period in base.plan.header.periods)
    return tuple(number for number in held if number is not None)


def scale(base: Solution, cell: Cell) -> float:
    """The largest number that a cell has in any period; 1 if it has none but zeros."""
    return max(map(abs, numbers(base, cell)), default=0.0) or 1.0


def _made(base: Solution, shock: Shock) -> tuple[Plan, list[Finding]]:
    """The plan with the shock, and what could not be changed."""
    plan, findings = base.plan, list[Finding]()
    if not shock.shifts:
        findings.append(finding("change_has_no_place", shock.home, op="—"))
    for shift in shock.shifts:
        told = changes(base, shift)
        if not told:
            findings.append(finding("change_of_a_missing_value", shift.home, shift.address, op=shift.op))
        plan, found = apply(plan, told)
        findings += found
    return plan, findings


def _addresses(base: Solution, shift: Shift) -> Iterator[Address]:
    """The cells that a row moves: all with a number, if it names no labels."""
    plan, address = base.plan, shift.address
    indicator = plan.indicators[address.code]
    periods: Sequence[Period | None] = [
        p
        for p in plan.header.plan_periods
        if (shift.first is None or p >= shift.first) and (shift.last is None or p <= shift.last)
    ]
    if indicator.role == "coefficient":
        periods = [None]
    held = base.add_factors if address.kind == "addfactor" else base.values
    axes = [plan.sets[dim].labels for dim in indicator.dims]
    for period in periods:
        for labels in [address.labels] if address.labels else product(*axes):
            if address.labels or _held(held, (address.code, labels), period) is not None:
                yield Address(address.kind, address.code, labels, period)


def _held(held: Mapping[str, Quantity], cell: Cell, period: Period | None) -> float | None:
    code, labels = cell
    return held[code].get(*labels, *([str(period)] if period is not None else [])) if code in held else None


def _deviation(base: Solution, tried: Tried, cell: Cell, period: Period) -> float | None:
    before = _held(base.values, cell, period)
    after = _held(tried.solution.values, cell, period) if tried.solution is not None else None
    return after - before if before is not None and after is not None else None


def _judged(base: Solution, tried: Tried, row: Sign, end: Literal["first", "last"], period: Period) -> Judged:
    cell, expected = (row.indicator, row.labels), row.first if end == "first" else row.last
    moved = _deviation(base, tried, cell, period)
    before = _held(base.values, cell, period)
    if moved is None or before is None:
        return Judged(row, end, period, expected, before, None, "")
    still = abs(moved) <= NOTHING * scale(base, cell)
    return Judged(row, end, period, expected, before, before + moved, "0" if still else "+" if moved > 0 else "-")
