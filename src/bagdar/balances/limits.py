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
    # What can be had in full while all others keep what they have was left by tolerance: nothing limits it.
    lacking = shortage.demanded - float(answer.x[named])
    if lacking <= _SLACK * shortage.demanded:
        return Cause(shortage, (), ())
    asked = _Asked(session, cost, answer, lacking)
    limits = sorted([*_bounds(allocation, asked, most), *_given(allocation, asked, most)], key=lambda one: -one[0])
    return Cause(shortage, tuple(limit for _, limit in limits[:most]), _exchanges(allocation, asked, most))


@dataclass(frozen=True)
class _Asked:
    """The program in which everybody else keeps what he has, as it was solved, and what then still lacks."""

    session: Session
    cost: Floats
    answer: Answer
    lacking: float


def keeping(allocation: Allocation, named: int) -> LinearProgram:
    """The allocation's program in which every ranked use but one must keep what it has."""
    program, x = allocation.expanded.program, allocation.answer.x
    ranked = np.tile(allocation.framed.frame.rank > 0, allocation.framed.frame.count)
    low = np.where(ranked, np.maximum(program.low, np.minimum(x, program.high) - _SLACK * (1 + np.abs(x))), program.low)
    low[named] = program.low[named]
    return LinearProgram(program.matrix, low, program.high, program.row_low, program.row_high)


def _bounds(allocation: Allocation, asked: _Asked, most: int) -> list[tuple[float, Limit]]:
    """The upper bounds with a price, each with what it is worth: in all, not a unit of it, as units differ."""
    session, answer = asked.session, asked.answer
    levels, high, gains = allocation.framed.frame.levels, session.program.high, -answer.reduced_cost
    # Its own demand limits nothing; what of it can arrive at most does.
    binding = (gains * session.columns > _SMALLEST * session.size) & np.isfinite(high)
    binding &= (asked.cost == 0) | (high < asked.answer.x + asked.lacking)
    # Of a limit of nothing there is no amount: it is worth what it could give.
    worth = np.where(high > 0, gains * np.where(binding, high, 0.0), asked.lacking) * binding
    ranges = session.bound_ranges()
    found = []
    for j in np.argsort(-worth, kind="stable")[: min(most, int(binding.sum()))]:
        level, cell = allocation.framed.owners[j % levels]
        size = max(abs(high[j]), 0.1 * session.columns[j])
        more, less = _both_sides(asked, partial(_bound_moved, session, int(j)), size, float(gains[j]))
        price = max(abs(more), abs(less or 0.0))
        if not _told(asked, price * (float(high[j]) or size)):
            continue
        holds = None if ranges is None else (float(ranges[0][j]), float(ranges[1][j]))
        # As it was measured: where the basis is degenerate its price need not be that of either side.
        strength = price * float(high[j]) if high[j] > 0 else asked.lacking
        found.append((strength, Limit(level, cell, int(j) // levels, float(answer.x[j]), more, less, holds)))
    return found


def _told(asked: _Asked, worth: float) -> bool:
    """Whether so much of the delivery is anything that anyone would see."""
    demanded = float(asked.session.program.high[int(np.argmin(asked.cost))])
    return worth >= _WORTH_TELLING * max(demanded, 1e-12)


def _bound_moved(session: Session, column: int, by: float) -> None:
    """Move a level's upper bound."""
    low, high = session.program.low.copy(), session.program.high.copy()
    high[column] += by
    low[column] = min(low[column], high[column])
    session.bounds(low, high)


def _both_sides(
    asked: _Asked, move: Callable[[float], None], amount: float, price: float
) -> tuple[float, float | None]:
    """(what one more of a limit gives, what one less takes): each by solving again with a small step.

    `move` moves the limit; afterwards the program is what it was. Where one less takes from others too it is None.
    """
    session, answer, program = asked.session, asked.answer, asked.session.program
    # Not beyond what is lacking: behind it a price is another.
    step = min(_STEP * amount, asked.lacking / abs(price) / 2)
    gained: list[float | None] = []
    for sign in (1, -1):
        move(sign * step)
        again = session.solve(asked.cost)
        gained.append((answer.objective - again.objective) / (sign * step) if again.solved else None)
        session.bounds(program.low, program.high)
        session.row_bounds(program.row_low, program.row_high)
    return gained[0] or 0.0, gained[1]


def _given(allocation: Allocation, asked: _Asked, most: int) -> list[tuple[float, Limit]]:
    """Stocks, capacities and whatever else hangs on periods before the horizon, each with what it is worth."""
    session, answer = asked.session, asked.answer
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
        more, less = _both_sides(asked, partial(_rows_moved, session, reached), amount, gain)
        strength = max(abs(more), abs(less or 0.0)) * amount
        found.append((strength, Limit(level, cell, -back - 1, amount, more, less)))
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


def _exchanges(allocation: Allocation, asked: _Asked, most: int) -> tuple[Exchange, ...]:
    """The ranked uses, and those that must be met, whose keeping what they have has a price."""
    session, answer = asked.session, asked.answer
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
