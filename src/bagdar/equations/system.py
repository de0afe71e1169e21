"""The numbers of all cells in all periods, and the program that links them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from math import isnan

import numpy as np
from numpy.typing import NDArray

from bagdar.equations.compile import Function, Numbers
from bagdar.equations.model import Key
from bagdar.equations.program import Compiled, Program
from bagdar.finding import Home
from bagdar.period import Period
from bagdar.plan import Plan
from bagdar.quantity import Quantity

Place = tuple[int, int]  # (period index, cell index)
MISSING = float("nan")
_INFINITE = float("inf")


class System:
    """All cells by index, their numbers by period, their equations and the scale of each cell."""

    def __init__(self, plan: Plan, program: Program) -> None:
        self.plan = plan
        self.program = program
        self.periods: tuple[Period, ...] = plan.header.periods
        self.base = plan.header.base - plan.header.history
        self.keys, self.index, self.equations = program.keys, program.index, program.equations
        self.x: Numbers = load(plan.values, self.index, len(self.periods))
        self.given = _load_status(plan, self.index, len(self.periods))
        # What equations gave: a status (an index into STATUSES) and a home for each such place.
        self.computed: dict[Place, tuple[int, Home]] = {}
        # What a failed solution leaves without a number, whatever the data held there.
        self.withdrawn: set[Place] = set()
        self.timeless = [
            code in plan.indicators and plan.indicators[code].role == "coefficient" for code, _ in self.keys
        ]
        self.scale: list[float] = []
        self.rescale()

    @property
    def horizon(self) -> range:
        """The plan periods' indices."""
        return range(self.base + 1, self.base + 1 + len(self.plan.header.plan_periods))

    def evaluate(self, function: Function, t: int) -> tuple[float, ...] | None:
        """The function's values in period t; None if a number is missing or an operation has no value."""
        if t < 0:
            return None
        try:
            values = function(self.x, t)
        except (ArithmeticError, ValueError, IndexError):
            return None
        for value in values:
            if not -_INFINITE < value < _INFINITE:  # false for NaN as well
                return None
        return values

    def status(self, place: Place) -> int:
        """How sure the number at a place is: an index into `quantity.STATUSES`."""
        t, cell = place
        return self.computed[place][0] if place in self.computed else int(self.given[t, cell])

    def reported(self, compiled: Compiled) -> bool:
        """Whether the equation only reports: its indicator is a statistic, which nothing needs."""
        return self.plan.indicators[compiled.equation.left.code].role == "statistic"

    def largest_term(self, compiled: Compiled, t: int) -> float:
        """The largest term of the sum that an equation's right side is: what its rounding errors are small beside."""
        if compiled.add is not None:
            return 0.0
        values = self.evaluate(compiled.terms(), t)
        return max(map(abs, values)) if values else 0.0

    def missing(self, compiled: Compiled, t: int) -> list[tuple[int, int]]:
        """The places (period, cell) that an equation reads in t and that hold no number, its left side aside."""
        places = []
        for cell, lag in compiled.reads:
            at = t - lag
            if (cell, lag) == (compiled.left, 0):
                continue
            if not 0 <= at < len(self.periods) or isnan(self.x[at][cell]):
                places.append((at, cell))
        return places

    def rescale(self) -> None:
        """Set for each cell the largest number it has had, 1 if none: what a residual is compared with."""
        table = np.abs(np.array(self.x, dtype=float))
        largest = np.where(np.isnan(table), 0.0, table).max(axis=0)
        self.scale = [float(v) if v > 0 else 1.0 for v in largest]


def _load_status(plan: Plan, index: Mapping[Key, int], length: int) -> NDArray[np.int8]:
    table = np.zeros((length, len(index)), np.int8)
    for code, quantity in plan.values.items():
        status = quantity.status
        if "period" not in quantity.dims:
            status = np.broadcast_to(status[..., None], (*status.shape, length))
        table[:, _columns(quantity, code, index)] = status.reshape(-1, length).T
    return table


def _columns(quantity: Quantity, code: str, index: Mapping[Key, int]) -> list[int]:
    """The column of each of the quantity's cells; -1 for one that `index` does not know."""
    axes = [axis for dim, axis in zip(quantity.dims, quantity.labels, strict=True) if dim != "period"]
    return [index.get((code, labels), -1) for labels in product(*axes)]


def load(values: Mapping[str, Quantity], index: Mapping[Key, int], length: int) -> Numbers:
    """The numbers of `values` by period and cell, NaN where missing; a coefficient's stand in every period.

    A cell that `index` does not know is left out: an add-factor of a cell without an equation.
    """
    table = np.full((length, len(index)), MISSING)
    for code, quantity in values.items():
        flat = np.where(quantity.present, quantity.values, MISSING)
        if "period" not in quantity.dims:
            flat = np.broadcast_to(flat[..., None], (*flat.shape, length))
        columns = _columns(quantity, code, index)
        known = [at for at, column in enumerate(columns) if column >= 0]
        table[:, [columns[at] for at in known]] = flat.reshape(-1, length)[known].T
    return [[float(v) for v in row] for row in table]
