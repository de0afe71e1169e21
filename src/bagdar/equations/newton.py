"""Newton's method on one block with any engine: for large feedback sets, and where there is no native code.

Source of the contract: Dennis & Schnabel (1983), chapter 6: the step is halved until the scaled
residual falls; both the last step and the last residual must be small in the cells' own scales. `driver.c` keeps the
same contract.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bagdar.equations.engine import Stop, Table
from bagdar.equations.schedule import Schedule
from bagdar.equations.system import System

if TYPE_CHECKING:
    from scipy.sparse import csc_array

_DENSE = 200
_HALVINGS = 40


def solve_block(system: System, schedule: Schedule, block: int) -> Stop:
    """Solve one block of a schedule, in place of the numbers of its unknowns.

    After a failure they are where the search ended, for the finding to tell; the caller takes them back.
    """
    return _Newton(system, schedule, block).run()


class _Newton:
    """The iteration's state: the block, and how large each of its cells and residuals is."""

    def __init__(self, system: System, schedule: Schedule, block: int) -> None:
        self.system, self.schedule, self.block = system, schedule, block
        order = schedule.order
        rows = slice(order.start[block], order.start[block + 1])
        self.equation, self.period = order.equation[rows], order.period[rows]
        self.unknown = order.unknown_period[rows], order.unknown[rows]
        self.left = self.period, system.layout.left[self.equation]
        self.scales, self.left_scales = schedule.scale[rows], schedule.left_scale[rows]
        begin(system, schedule, block)
        # Weights that stay as they are: only so does every Newton step lead downhill.
        self.weights = self.sizes()
        self.failed = 0

    def run(self) -> Stop:
        schedule, x = self.schedule, self.system.x
        u = x[self.unknown]
        f = self.residuals(u)
        if f is None:
            return self.stop("no_value", 0)
        for iteration in range(1, schedule.iterations + 1):
            step = self.step(f)
            if step is None:
                return self.stop("singular", iteration, f)
            small = bool((np.abs(step) <= schedule.tolerance * (np.abs(u) + self.scales)).all())
            u, f, moved = self.search(u, f, step)
            if small and (np.abs(f) * self.weights <= schedule.tolerance * self.sizes()).all():
                return Stop(self.block, "solved", iteration)
            if not moved:
                return self.stop("not_converged", iteration, f)
        return self.stop("not_converged", schedule.iterations, f)

    def stop(self, status: str, iteration: int, f: Table | None = None) -> Stop:
        if f is None:
            return Stop(self.block, status, iteration, ((self.failed, float("inf")),))
        largest = np.argsort(-np.abs(f), kind="stable")[:5]
        return Stop(self.block, status, iteration, tuple((int(i), float(f[i])) for i in largest))

    def sizes(self) -> Table:
        """For each equation the size of its left cell where it is now."""
        return np.asarray(np.abs(self.system.x[self.left]) + self.left_scales)

    def residuals(self, u: Table) -> Table | None:
        """What each equation is off by, left − right over its weight; None where one has no value."""
        system = self.system
        system.x[self.unknown] = u
        values, _ = system.engine.values(system.table, self.equation, self.period)
        with np.errstate(invalid="ignore", over="ignore"):
            result = (system.x[self.left] - values) / self.weights
        without = np.flatnonzero(~np.isfinite(result))
        if len(without):
            self.failed = int(without[0])
            return None
        return np.asarray(result)

    def search(self, u: Table, f: Table, step: Table) -> tuple[Table, Table, bool]:
        """The first point on the way to u + step where the residual is no worse, and whether there is one."""
        best, fraction = _norm(f), 1.0
        for _ in range(_HALVINGS):
            candidate = u + fraction * step
            trial = self.residuals(candidate)
            # At the floor of rounding a residual may rise by a hair; that is no reason to stop.
            if trial is not None and _norm(trial) <= max(best, 1e-14):
                return candidate, trial, True
            fraction /= 2
        self.system.x[self.unknown] = u
        return u, f, False

    def step(self, f: Table) -> Table | None:
        """The Newton step; None if the block is singular."""
        from scipy.sparse import csc_array  # noqa: PLC0415  # native code needs it seldom, and it loads slowly

        system, order = self.system, self.schedule.order
        slopes = system.engine.slopes(system.table, self.equation, self.period)
        begun = order.column_at[self.block]
        columns = order.column[begun : begun + len(slopes)]
        rows = np.repeat(np.arange(len(f)), system.layout.slots[self.equation] + 2)
        first, last = order.start[self.block], order.start[self.block + 1]
        lefts = order.lefts[first:last]
        kept, own = columns >= 0, lefts >= 0
        at = np.concatenate([rows[kept], np.flatnonzero(own)]), np.concatenate([columns[kept], lefts[own]])
        entries = np.concatenate([-slopes[kept], np.ones(own.sum())])
        scaled = entries / self.weights[at[0]] * self.scales[at[1]]
        solved = _solve(csc_array((scaled, at), shape=(len(f), len(f))), -f)
        return None if solved is None else solved * self.scales


def begin(system: System, schedule: Schedule, block: int) -> None:
    """Where the search begins: at a like solution, else at the period before, else at the cell's scale."""
    order, x = schedule.order, system.x
    rows = slice(order.start[block], order.start[block + 1])
    for k, (t, i) in enumerate(zip(order.unknown_period[rows], order.unknown[rows], strict=True)):
        if np.isnan(x[t, i]) and schedule.near is not None:
            x[t, i] = schedule.near[t + system.reach, i]
        if np.isnan(x[t, i]):
            x[t, i] = system.table[t + system.reach - 1, i]
        if np.isnan(x[t, i]):
            x[t, i] = schedule.scale[rows][k]


def _norm(f: Table) -> float:
    """The length of f; infinite where its squares overflow."""
    with np.errstate(over="ignore"):
        return float(np.sqrt(f @ f))


def _solve(matrix: csc_array, right: Table) -> NDArray[np.float64] | None:
    """matrix⁻¹ right, or None if the matrix is singular to working precision."""
    from scipy.sparse import csc_array  # noqa: PLC0415
    from scipy.sparse.linalg import splu  # noqa: PLC0415

    size = len(right)
    # Rows of like size: an unknown whose scale nobody knows makes no system singular.
    largest = np.asarray(abs(matrix).max(axis=1).toarray()).ravel()
    if not ((largest > 0) & np.isfinite(largest)).all():
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        matrix, right = csc_array(matrix / largest[:, None]), right / largest
    if size <= _DENSE:
        dense = matrix.toarray()
        try:
            solution = np.linalg.solve(dense, right)
        except np.linalg.LinAlgError:
            return None
        if not np.isfinite(solution).all() or np.linalg.cond(dense) > 1e15:
            return None
        return solution
    try:
        result: NDArray[np.float64] = splu(matrix).solve(right)
    except RuntimeError:  # SuperLU: "Factor is exactly singular"
        return None
    return result if np.isfinite(result).all() else None
