"""What evaluates and solves a plan's equations: one interface, two kinds (`native`, `fallback`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from bagdar.equations.shape import Shape

if TYPE_CHECKING:
    from bagdar.equations.schedule import Schedule

Table = NDArray[np.float64]
Numbers = NDArray[np.int32]
Place = tuple[int, int]  # (period index, cell index)


@dataclass(frozen=True)
class Reads:
    """What each equation (or side of a check) reads, one after the other: those of i are ``at[i]`` to ``at[i + 1]``.

    Of every equation the last two are its add-factor and its left cell a period before, −1 where it has none.
    """

    at: NDArray[np.int64]
    cell: Numbers
    lag: Numbers

    def each(self, equations: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For all that some equations read: (which of the equations, by its place among them, where here)."""
        counts = self.at[equations + 1] - self.at[equations]
        which = np.repeat(np.arange(len(equations)), counts)
        begun = np.cumsum(counts) - counts - self.at[equations]
        return which, np.arange(len(which)) - np.repeat(begun, counts)

    def of(self, i: int) -> list[tuple[int, int]]:
        """(cell, lag) of each that equation i reads, once."""
        part = slice(self.at[i], self.at[i + 1])
        pairs = zip(self.cell[part].tolist(), self.lag[part].tolist(), strict=True)
        return list(dict.fromkeys(pair for pair in pairs if pair[0] >= 0))


@dataclass(frozen=True)
class Layout:
    """All equations, then both sides of all checks, as tables; `native` and `fallback` read nothing else.

    width: how many cells there are. shape: of each equation, which of `shapes`. params: those of equation i from
    ``at[i]`` on: the sizes of its loops, then the places of its slots (`slots[i]` of them). numbers: those written in
    equation i from ``numbers_at[i]`` on. left, add: places of its left cell and its add-factor, −1 if none.
    transform: 0 none, 1 log, 2 dlog, 3 diff, 4 pct.
    """

    width: int
    shapes: tuple[Shape, ...] = field(repr=False)
    shape: Numbers
    params: Numbers
    at: NDArray[np.int64]
    numbers: Table
    numbers_at: NDArray[np.int64]
    slots: Numbers
    left: Numbers
    add: Numbers
    transform: NDArray[np.int8]
    reads: Reads

    @cached_property
    def reach(self) -> int:
        """The longest lag or lead."""
        lags = [slot.cell.lag for shape in self.shapes for slot in shape.slots]
        return max([1, *map(abs, lags)])


@dataclass(frozen=True)
class Stop:
    """Where the solution of a schedule ended: the first block that is not solved, and why.

    status: ``solved`` (all are), ``no_value`` (an equation cannot be evaluated), ``singular``, ``not_converged``,
    or ``large``: the block's feedback set is too large for the engine. `worst` lists (row of the block, residual over
    its weight), the largest first.
    """

    block: int
    status: str
    iterations: int
    worst: tuple[tuple[int, float], ...] = ()


class Engine(Protocol):
    """Evaluates equations by number in periods of a padded table (see `System.table`)."""

    def values(self, table: Table, equations: Numbers, periods: Numbers, judge: bool = False) -> tuple[Table, Table]:
        """What each equation computes for its left cell, NaN if it has no value, and its largest term.

        With `judge`, what its add-factor must be for it to hold.
        """

    def slopes(self, table: Table, equations: Numbers, periods: Numbers) -> Table:
        """The slopes of what each computes by all it reads, in the order of `Reads`, one equation after the other."""

    def fill(self, table: Table, equations: Numbers, periods: Numbers, status: NDArray[np.int8]) -> NDArray[np.bool_]:
        """Compute, in order, left cells that hold no number, again while something new was found; says which were.

        A result's status is the largest of those that it reads and of ``derived``.
        """

    def solve(self, table: Table, schedule: Schedule, first: int, last: int) -> Stop:
        """Solve the blocks from `first` to before `last`, in order, in place of the numbers of their unknowns."""
