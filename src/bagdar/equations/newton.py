"""Newton's method on one block, with a test of step and of residual, and backtracking at the edges.

Source of the contract: Dennis & Schnabel (1983), chapter 6: the step is halved until the scaled
residual falls; both the last step and the last residual must be small in the cells' own scales.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array
from scipy.sparse.linalg import splu

from bagdar.equations.compile import Function
from bagdar.equations.program import Compiled
from bagdar.equations.system import Place, System

_DENSE = 200
_HALVINGS = 40


@dataclass(frozen=True)
class Outcome:
    """How a block ended: ``solved``, ``no_value`` (an equation cannot be evaluated), ``singular`` or ``not_converged``.

    `worst` lists (position of the equation in the block, scaled residual), largest first.
    """

    status: Literal["solved", "no_value", "singular", "not_converged"]
    iterations: int
    worst: tuple[tuple[int, float], ...] = ()


def solve_block(system: System, equations: Sequence[tuple[int, Compiled]], unknowns: Sequence[Place]) -> Outcome:
    """Solve ``left = right`` for (period, equation) pairs, in place of the numbers at `unknowns`.

    After a failure they are where the search ended, for the finding to tell; the caller takes them back.
    """
    return _Newton(system, equations, unknowns).run()


class _Newton:
    """The iteration's state: the block, and how large each of its cells and residuals is."""

    def __init__(self, system: System, equations: Sequence[tuple[int, Compiled]], unknowns: Sequence[Place]) -> None:
        self.system, self.equations, self.unknowns = system, equations, unknowns
        self.column = {place: j for j, place in enumerate(unknowns)}
        judged = {compiled.add: compiled for _, compiled in equations if compiled.add is not None}
        self.scales = np.array([_scale(system, i, judged.get(i)) for _, i in unknowns])
        # Weights that stay as they are: only so does every Newton step lead downhill.
        self.weights = self.sizes()
        self.failed = 0

    def run(self) -> Outcome:
        header = self.system.plan.header
        u = np.array([self.system.x[t][i] for t, i in self.unknowns])
        f = self.residuals(u)
        if f is None:
            return Outcome("no_value", 0, ((self.failed, float("inf")),))
        for iteration in range(1, header.iterations + 1):
            step = self.step(f)
            if isinstance(step, str):
                failed = ((self.failed, float("inf")),) if step == "no_value" else self.worst(f)
                return Outcome(step, iteration, failed)
            small = bool((np.abs(step) <= header.tolerance * (np.abs(u) + self.scales)).all())
            u, f, moved = self.search(u, f, step)
            if small and (np.abs(f) * self.weights <= header.tolerance * self.sizes()).all():
                return Outcome("solved", iteration)
            if not moved:
                return Outcome("not_converged", iteration, self.worst(f))
        return Outcome("not_converged", header.iterations, self.worst(f))

    def sizes(self) -> NDArray[np.float64]:
        """For each equation the size of its left cell where it is now."""
        lefts = [(self.system.x[t][c.left], self.system.scale[c.left]) for t, c in self.equations]
        return np.array([abs(value) + scale for value, scale in lefts])

    def residuals(self, u: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """What each equation is off by, left − right over its weight; None where one has no value."""
        self.put(u)
        result = np.empty(len(self.equations))
        for position, (t, compiled) in enumerate(self.equations):
            value = self.system.evaluate(compiled.right, t)
            if value is None:
                self.failed = position
                return None
            result[position] = (self.system.x[t][compiled.left] - value[0]) / self.weights[position]
        return result

    def search(
        self, u: NDArray[np.float64], f: NDArray[np.float64], step: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], bool]:
        """The first point on the way to u + step where the residual is no worse, and whether there is one."""
        best, fraction = _norm(f), 1.0
        for _ in range(_HALVINGS):
            candidate = u + fraction * step
            trial = self.residuals(candidate)
            # At the floor of rounding a residual may rise by a hair; that is no reason to stop.
            if trial is not None and _norm(trial) <= max(best, 1e-14):
                return candidate, trial, True
            fraction /= 2
        self.put(u)
        return u, f, False

    def step(self, f: NDArray[np.float64]) -> NDArray[np.float64] | Literal["no_value", "singular"]:
        entries: list[float] = []
        for row, (t, slopes) in enumerate(self.slopes):
            values = self.system.evaluate(slopes, t)
            if values is None:
                self.failed = row
                return "no_value"
            entries += values
        rows, columns = self.pattern
        scaled = np.array(entries) / self.weights[rows] * self.scales[columns]
        size = len(self.unknowns)
        solved = _solve(csc_array((scaled, (rows, columns)), shape=(size, size)), -f)
        return "singular" if solved is None else solved * self.scales

    @cached_property
    def places(self) -> list[tuple[tuple[int, int], ...]]:
        """For each equation what it reads of the block's unknowns: (cell, lag)."""
        return [
            tuple((cell, lag) for cell, lag in compiled.reads if (t - lag, cell) in self.column)
            for t, compiled in self.equations
        ]

    @cached_property
    def slopes(self) -> list[tuple[int, Function]]:
        """For each equation its period and its slopes by those places."""
        pairs = zip(self.equations, self.places, strict=True)
        return [(t, compiled.slopes(places)) for (t, compiled), places in pairs]

    @cached_property
    def pattern(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The rows and columns at which the slopes stand, in their order."""
        rows = [row for row, places in enumerate(self.places) for _ in places]
        pairs = zip(self.equations, self.places, strict=True)
        columns = [self.column[t - lag, cell] for (t, _), places in pairs for cell, lag in places]
        return np.array(rows, np.int64), np.array(columns, np.int64)

    def put(self, u: NDArray[np.float64]) -> None:
        for (t, i), value in zip(self.unknowns, u, strict=True):
            self.system.x[t][i] = float(value)

    def worst(self, f: NDArray[np.float64]) -> tuple[tuple[int, float], ...]:
        order = np.argsort(-np.abs(f), kind="stable")[:5]
        return tuple((int(i), float(f[i])) for i in order)


def _norm(f: NDArray[np.float64]) -> float:
    """The length of f; infinite where its squares overflow."""
    with np.errstate(over="ignore"):
        return float(np.sqrt(f @ f))


def _solve(matrix: csc_array, right: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """matrix⁻¹ right, or None if the matrix is singular to working precision."""
    size = len(right)
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


def _scale(system: System, cell: int, judged: Compiled | None) -> float:
    """A cell's own scale; the add-factor of `judged` has on a level its equation's, on a logarithm or a rate 1."""
    if judged is None:
        return system.scale[cell]
    return 1.0 if judged.equation.transform in ("log", "dlog", "pct") else system.scale[judged.left]
