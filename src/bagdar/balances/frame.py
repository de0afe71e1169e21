"""The frame of an allocation: levels that can be chosen, and rows that they must keep, the same in every period.

A *level* is how much of something is done in a period: produced, imported, delivered, kept in stock, built. A *row*
says of every period that what is there covers what is used (or that two amounts are equal):

    low[r] <= sum over blocks of coefficient[t, r, c] * level[t + lead, c] <= high[r]

After the horizon the frame has one closing period that stands for all that follow: in it every level grows by the
same factor each period, so what the horizon leaves behind must be able to go on (Williams 2013, chapter 14.9, has
it for a growth of nothing). Rows that take something from earlier periods are there once more for each period after
the horizon in which some of that comes from within it: stocks, capacity, those in training at the end. Without leads,
lags, stocks or capacities there is nothing to close.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csc_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """Entries of the frame: `coefficients[t, k]`, or the same in all periods, of level `columns[k]` in `rows[k]`.

    lead: how many periods later (earlier, if negative) the level is than the row.
    labour: of how many persons at work one unit of a row is: what is to be least when every rank has what it can get.
    only: whether it is in the rows of the horizon and the closing period alone (``planned``), or in those after it.
    """

    rows: Ints
    columns: Ints
    coefficients: Floats
    lead: int = 0
    labour: float = 0.0
    only: Literal["", "planned", "after"] = ""


@dataclass(frozen=True)
class Frame:
    """What an allocation chooses from. Arrays by period hold one for each of the horizon, and then the closing one.

    low, high: of each level in each period, shape (periods + 1, levels).
    row_low, row_high: of each row, the same in every period.
    after_low, after_high: of each row where it is there once more, in the first period after the horizon.
    rank: of each level, 0 if it serves no ranked use; its `high` is then what is demanded or what can arrive at most.
    demand, worth: of each ranked level in each period, in its unit, and the value of one.
    effort: what a unit of each level takes where no labour is counted: the worth of resources used.
    beyond: of each level, in any period, what a unit of it adds to what is taken beyond the plan, as a share.
    past: levels before the horizon, the latest first, shape (earlier periods, levels); NaN where not known.
    growth: by what factor all levels of the closing period grow in each that follows.
    """

    low: Floats
    high: Floats
    row_low: Floats
    row_high: Floats
    after_low: Floats
    after_high: Floats
    rank: Ints
    demand: Floats
    worth: Floats
    effort: Floats
    beyond: Floats
    past: Floats
    blocks: tuple[Block, ...]
    growth: float = 1.0

    @property
    def periods(self) -> int:
        """How many periods the horizon has."""
        return int(self.low.shape[0]) - 1

    @property
    def count(self) -> int:
        """How many periods are solved: those of the horizon, and the closing one if there is anything to close."""
        return self.periods + (1 if self.closes else 0)

    @property
    def levels(self) -> int:
        """How many levels there are in one period."""
        return int(self.low.shape[1])

    @property
    def rows(self) -> int:
        """How many rows there are in one period."""
        return len(self.row_low)

    @property
    def closes(self) -> bool:
        """Whether periods hang together, so that the horizon needs a closing period."""
        return any(block.lead for block in self.blocks)

    @cached_property
    def after(self) -> tuple[Ints, ...]:
        """The rows that are there once more in the first, second … period after the horizon, as they really are."""
        longest = np.zeros(self.rows, np.int64)
        for block in (one for one in self.blocks if one.only != "planned"):
            np.maximum.at(longest, block.rows, -block.lead)
        return tuple(np.flatnonzero(longest >= k) for k in range(1, longest.max(initial=0) + 1))

    @property
    def ranks(self) -> tuple[int, ...]:
        """The ranks that are there, the most important first."""
        return tuple(int(r) for r in np.unique(self.rank) if r > 0)


@dataclass(frozen=True)
class LinearProgram:
    """`row_low <= matrix @ x <= row_high`, `low <= x <= high`; which of all x is told by a cost that is least."""

    matrix: csc_array
    low: Floats
    high: Floats
    row_low: Floats
    row_high: Floats


@dataclass(frozen=True)
class Expanded:
    """The linear program of a frame; level c in period t is column ``t * levels + c``, row r ``t * rows + r``.

    The closing period comes after the last of the horizon; `linked` are the rows of the frame that are there once
    more behind all others, `frame.after` one after the other.
    """

    frame: Frame
    program: LinearProgram
    linked: Ints
    labour: Floats


def expand(frame: Frame) -> Expanded:
    """The linear program of all periods, built as arrays: one pass over the entries of each block and period."""
    from scipy.sparse import coo_array, csc_array  # noqa: PLC0415  # slow, and only needed to allocate

    count = frame.count
    rows = np.tile(np.arange(frame.rows), count)
    linked = np.concatenate([np.empty(0, np.int64), *frame.after])
    grown = np.concatenate([[], *(np.full(len(part), frame.growth**k) for k, part in enumerate(frame.after))])
    row_low = np.concatenate([frame.row_low[rows], frame.after_low[linked] * grown])
    row_high = np.concatenate([frame.row_high[rows], frame.after_high[linked] * grown])
    entries: list[tuple[Ints, Ints, Floats]] = []
    labour = np.zeros(count * frame.levels)
    for block in frame.blocks:
        for at_rows, at, columns, coefficients in occurrences(frame, block):
            if at < 0:
                given = coefficients * frame.past[-at - 1, columns]
                np.subtract.at(row_low, at_rows, given)
                np.subtract.at(row_high, at_rows, given)
                continue
            at_columns = at * frame.levels + columns
            entries.append((at_rows, at_columns, coefficients))
            if block.labour and at_rows.max(initial=0) < len(rows):
                np.add.at(labour, at_columns, block.labour * np.abs(coefficients))
    shape = (len(row_low), count * frame.levels)
    parts = [np.concatenate(part) if part else np.empty(0) for part in zip(*entries, strict=True)] or [np.empty(0)] * 3
    matrix = csc_array(coo_array((parts[2], (parts[0].astype(np.int32), parts[1].astype(np.int32))), shape=shape))
    low, high = frame.low[:count].ravel(), frame.high[:count].ravel()
    return Expanded(frame, LinearProgram(matrix, low, high, row_low, row_high), linked, labour)


def occurrences(frame: Frame, block: Block) -> Iterator[tuple[Ints, int, Ints, Floats]]:
    """(rows of the program, period, levels, coefficients) wherever a block has entries; before the horizon it is < 0.

    What is later than the closing period is that period's, grown: the coefficients have it in them.
    """
    last, rows, growth = frame.periods, frame.rows, frame.growth
    numbers = np.broadcast_to(block.coefficients, (last + 1, block.rows.size))
    if block.only != "after":
        for t in range(last):
            at = t + block.lead
            yield t * rows + block.rows, min(at, last), block.columns, numbers[t] * growth ** max(at - last, 0)
        if frame.closes:
            yield last * rows + block.rows, last, block.columns, numbers[last] * growth**block.lead
    begun = frame.count * rows
    for later, copied in enumerate(frame.after if block.only != "planned" else ()):
        place = np.full(rows, -1)
        place[copied] = begun + np.arange(len(copied))
        begun += len(copied)
        chosen, at = place[block.rows] >= 0, last + later + block.lead
        if chosen.any():
            factor = growth ** max(at - last, 0)
            yield place[block.rows[chosen]], min(at, last), block.columns[chosen], numbers[last, chosen] * factor
