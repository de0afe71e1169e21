"""What limits a shortage: whose capacity, which skill, currency, budget; and from whom it could be taken.

The question is asked of one delivery: how much more of it could there be, if every other ranked use kept what it
has? The prices of that linear program are the answer: of a limit, what one more of it would give; of another use,
what one given up there would give here. A price holds in a range, and where a basis is degenerate it differs with
the direction: so it is measured in both (Dorfman, Samuelson & Solow 1958, chapter 7, on the one-sided marginal).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from bagdar.balances.allocation import Allocation, Shortage
from bagdar.balances.frame import Floats, Frame, LinearProgram, occurrences
from bagdar.balances.highs import Answer, Session
from bagdar.balances.levels import Level

# What others may lose while they "keep what they have": the solver's own slack.
_SLACK = 1e-7
_STEP = 1e-4
# Less than this is no price, in the units in which all of a program's numbers are about one.
_SMALLEST = 1e-7
# A limit whose whole amount is worth less than this share of what is demanded limits nothing that anyone would see.
_WORTH_TELLING = 1e-4


@dataclass(frozen=True)
class Limit:
    """A bound that limits a delivery: `amount` in its balance's unit; `period` -1 is the last before the horizon.

    more, less: what one unit more gives, and one less takes, of the short delivery, in its unit; None where less
        would take from others too.
    holds: from which to which amount of the limit the price stays what it is; None where no basis tells.
    """

    level: Level
    cell: int
    period: int
    amount: float
    more: float
    less: float | None
    holds: tuple[float, float] | None = None


@dataclass(frozen=True)
class Exchange:
    """Another use that a delivery competes with: `rate` is what one unit given up there gives here."""

    level: Level
    cell: int
    period: int
    rate: float


@dataclass(frozen=True)
class Cause:
    """What a shortage comes from, the strongest first."""

    shortage: Shortage
    limits: tuple[Limit, ...]
    exchanges: tuple[Exchange, ...]


def cause(allocation: Allocation, shortage: Shortage, most: int = 5) -> Cause:
    """The limits and the competing uses of a shortage, so many of each at most."""
    frame = allocation.framed.frame
    assert shortage.level.columns is not None
    named = shortage.period * frame.levels + int(shortage.level.columns[shortage.cell])
    session = Session(keeping(allocation, named), "simplex")
    cost = np.zeros(len(allocation.expanded.program.low))
    cost[named] = -1.0
    answer = session.solve(cost)
    if not answer.solved:
        return Cause(shortage, (), ())
    return Cause(
        shortage, _limits(allocation, session, cost, answer, most), _exchanges(allocation, session, answer, most)
    )


def keeping(allocation: Allocation, named: int) -> LinearProgram:
    """The allocation's program in which every ranked use but one must keep what it has."""
    program, x = allocation.expanded.program, allocation.answer.x
    ranked = np.tile(allocation.framed.frame.rank > 0, allocation.framed.frame.count)
    low = np.where(ranked, np.maximum(program.low, np.minimum(x, program.high) - _SLACK * (1 + np.abs(x))), program.low)
    low[named] = program.low[named]
    return LinearProgram(program.matrix, low, program.high, program.row_low, program.row_high)


def _limits(allocation: Allocation, session: Session, cost: Floats, answer: Answer, most: int) -> tuple[Limit, ...]:
    """The upper bounds with a price, what is given from before the horizon among them."""
    levels, x = allocation.framed.frame.levels, answer.x
    high = session.program.high
    priced = answer.reduced_cost * session.columns < -_SMALLEST * session.size
    binding = np.flatnonzero(priced & np.isfinite(high))
    # What a bound is worth in all, not a unit of it: units differ.
    order = binding[np.argsort(answer.reduced_cost[binding] * np.abs(high[binding]), kind="stable")][:most]
    ranges = session.bound_ranges()
    allocated = float(high[int(np.argmin(cost))])
    found = []
    for j in order:
        level, cell = allocation.framed.owners[j % levels]
        size, price = max(abs(high[j]), 0.1 * session.columns[j]), float(answer.reduced_cost[j])
        more, less = _both_sides(session, cost, answer, partial(_bound_moved, session, int(j)), size, price)
        if max(abs(more), abs(less or 0.0)) * abs(high[j]) < _WORTH_TELLING * max(allocated, 1e-12):
            continue
        holds = None if ranges is None else (float(ranges[0][j]), float(ranges[1][j]))
        found.append(Limit(level, cell, int(j) // levels, float(x[j]), more, less, holds))
    return (*found, *_given(allocation, session, cost, answer, most - len(found)))


def _bound_moved(session: Session, column: int, by: float) -> None:
    """Move a level's upper bound."""
    low, high = session.program.low.copy(), session.program.high.copy()
    high[column] += by
    low[column] = min(low[column], high[column])
    session.bounds(low, high)


def _both_sides(
    session: Session, cost: Floats, answer: Answer, move: Callable[[float], None], amount: float, price: float
) -> tuple[float, float | None]:
    """(what one more of a limit gives, what one less takes): each by solving again with a small step.

    `move` moves the limit; afterwards the program is what it was. Where one less takes from others too it is None.
    """
    program, named = session.program, int(np.argmin(cost))
    # Not beyond what is lacking: behind it a price is another.
    lacking = (program.high[named] - answer.x[named]) / abs(price)
    step = float(min(_STEP * amount, lacking / 2))
    gained: list[float | None] = []
    for sign in (1, -1):
        move(sign * step)
        again = session.solve(cost)
        gained.append((answer.objective - again.objective) / (sign * step) if again.solved else None)
        session.bounds(program.low, program.high)
        session.row_bounds(program.row_low, program.row_high)
    return gained[0] or 0.0, gained[1]


def _given(allocation: Allocation, session: Session, cost: Floats, answer: Answer, most: int) -> list[Limit]:
    """Stocks, capacities and whatever else hangs on periods before the horizon."""
    frame = allocation.framed.frame
    earlier = len(frame.past)
    gains = np.zeros((earlier, frame.levels))
    for block in frame.blocks:
        for rows, at, columns, coefficients in occurrences(frame, block):
            if at < 0:
                np.add.at(gains[-at - 1], columns, answer.row_price[rows] * coefficients)
    there = np.nan_to_num(frame.past)
    tellable = (gains * session.columns[: frame.levels] > _SMALLEST * session.size) & (there > 0)
    order = np.argsort(-(gains * there * tellable).ravel(), kind="stable")[: min(most, int(tellable.sum()))]
    found = []
    for place in order:
        back, j = divmod(int(place), frame.levels)
        level, cell = allocation.framed.owners[j]
        amount, gain = float(there[back, j]), float(gains[back, j])
        reached = _reached(frame, back, j, len(session.program.row_low))
        more, less = _both_sides(session, cost, answer, partial(_rows_moved, session, reached), amount, gain)
        found.append(Limit(level, cell, -back - 1, amount, more, less))
    return found


def _reached(frame: Frame, back: int, level: int, rows: int) -> Floats:
    """What one unit more of a level, so long before the horizon, adds to each row."""
    reached = np.zeros(rows)
    for block in frame.blocks:
        for at_rows, at, columns, coefficients in occurrences(frame, block):
            if at == -back - 1:
                mine = columns == level
                np.add.at(reached, at_rows[mine], coefficients[mine])
    return reached


def _rows_moved(session: Session, reached: Floats, by: float) -> None:
    program = session.program
    session.row_bounds(program.row_low - by * reached, program.row_high - by * reached)


def _exchanges(allocation: Allocation, session: Session, answer: Answer, most: int) -> tuple[Exchange, ...]:
    """The ranked uses, and those that must be met, whose keeping what they have has a price."""
    levels = allocation.framed.frame.levels
    program = session.program
    priced = answer.reduced_cost * session.columns > _SMALLEST * session.size
    held = np.flatnonzero(priced & (program.low > 0))
    order = held[np.argsort(-answer.reduced_cost[held] * program.low[held], kind="stable")][:most]
    found = []
    for j in order:
        level, cell = allocation.framed.owners[int(j) % levels]
        found.append(Exchange(level, cell, int(j) // levels, float(answer.reduced_cost[j])))
    return tuple(found)
