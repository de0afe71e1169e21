"""Balances that cannot be kept together: a minimal set of statements of which no part clashes by itself.

HiGHS finds an irreducible infeasible subsystem (Chinneck 2008); here its rows and bounds become the planner's own
statements again, each with its home.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy

from bagdar.address import cell_name
from bagdar.balances.frame import Expanded
from bagdar.balances.framing import Framed, level_name
from bagdar.balances.highs import Session
from bagdar.finding import Home, UnitText

_LOWER, _UPPER = {2, 4}, {3, 4}  # which bounds of a row or column take part: lower, upper, both


@dataclass(frozen=True)
class Statement:
    """One of the clashing: a balance that must close, or an item that is at least or at most so much, in a period."""

    home: Home
    name: str
    period: str
    relation: str = ""
    amount: float = 0.0
    unit: str = ""

    @property
    def told(self) -> tuple[str | float, ...]:
        """The statement as a part of a finding's fact."""
        bound = (f" {self.relation} ", self.amount, UnitText(self.unit)) if self.relation else ()
        return (f"{self.name} {self.period}", *bound, f" ({self.home})")


def clash(framed: Framed, expanded: Expanded, session: Session) -> tuple[Statement, ...]:
    """The statements that clash; none if the session's last program has a solution."""
    status, found = session.clashing()
    if status != highspy.HighsStatus.kOk:
        return ()
    levels = framed.frame.levels
    statements = []
    for row in found.row_index_:
        if row < len(expanded.program.row_low):
            statements.append(_row(framed, expanded, int(row)))
    for column, status in zip(found.col_index_, found.col_bound_, strict=True):
        statements += _bounds(framed, expanded, int(column), int(status), levels)
    return tuple(statements)


def _row(framed: Framed, expanded: Expanded, row: int) -> Statement:
    """The balance, or the rule of an item, that a row of the program stands for."""
    rows, count = framed.frame.rows, framed.frame.count
    t, r = divmod(row, rows) if row < rows * count else (framed.frame.periods, int(expanded.linked[row - rows * count]))
    balance, item, cell = framed.names[r]
    code = balance.code if item is None else f"{balance.code}.{item.code}"
    name = cell_name(code, framed.cells[balance.code].labels[cell])
    return Statement((item or balance).home, name, _period(framed, t))


def _bounds(framed: Framed, expanded: Expanded, column: int, status: int, levels: int) -> list[Statement]:
    """What of a level's bounds takes part; that it is not below 0 goes without saying."""
    t, c = divmod(column, levels)
    level, cell = framed.owners[c]
    name, unit = level_name(level, cell, framed), level.balance.unit_text
    low, high = float(expanded.program.low[column]), float(expanded.program.high[column])
    said: list[tuple[str, float]] = []
    if status in _LOWER and low != 0:
        said.append(("≥", low))
    if status in _UPPER:
        said.append(("≤", high))
    return [Statement(level.item.home, name, _period(framed, t), *bound, unit) for bound in said]


def _period(framed: Framed, t: int) -> str:
    planned = framed.plan.header.plan_periods
    return str(planned[t]) if t < len(planned) else f"> {planned[-1]}"
