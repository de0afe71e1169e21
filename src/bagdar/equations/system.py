"""The numbers of all cells in all periods, and where each came from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from bagdar.equations.engine import Engine, Numbers, Place, Table
from bagdar.equations.model import Equation
from bagdar.equations.program import Program
from bagdar.finding import Home
from bagdar.period import Period
from bagdar.plan import Plan
from bagdar.quantity import Quantity


class System:
    """All cells by index, their numbers by period, and the scale of each cell.

    table: a row a period, with `reach` rows without numbers before the first and after the last, so that every lag and
    lead has a place; `x` are its rows of the plan's periods, and `status` says for the same cells how sure they are
    (see `quantity.STATUSES`). NaN is missing; it never gets out.
    """

    def __init__(self, plan: Plan, program: Program, like: System | None = None) -> None:
        self.plan, self.program, self.layout = plan, program, program.layout
        self.periods: tuple[Period, ...] = plan.header.periods
        self.base = plan.header.base - plan.header.history
        self.keys, self.index = program.keys, program.index
        self.reach, count = program.layout.reach, len(self.periods)
        # What the folder states, before anything is computed: a like system's but for what differs.
        self.stated, self.stated_status = _stated(plan, program, like)
        self.table, self.sure = self.stated.copy(), self.stated_status.copy()
        self.x = self.table[self.reach : self.reach + count]
        self.status = self.sure[self.reach : self.reach + count]
        # Where a computed number came from: the number of its equation, −1 if it is given; of a held one, its home.
        self.source = np.full(self.x.shape, -1, np.int32)
        self.held: dict[Place, Home] = {}
        # Whether history was filled and no identity is off there.
        self.past_is_sound = False
        # What a failed solution leaves without a number, whatever the data held there.
        self.withdrawn = np.zeros(self.x.shape, bool)
        reported = {code for code, indicator in plan.indicators.items() if indicator.role == "statistic"}
        self.reported = np.array([code in reported for code, _ in program.numbers], bool)
        self.scale: Table = np.ones(len(self.keys))
        self.rescale()

    @property
    def engine(self) -> Engine:
        """What evaluates the equations."""
        return self.program.engine

    @property
    def equations(self) -> tuple[Equation, ...]:
        """The model's equations, by number."""
        return self.program.model.equations

    @cached_property
    def horizon(self) -> range:
        """The plan periods' indices."""
        return range(self.base + 1, self.base + 1 + len(self.plan.header.plan_periods))

    def left(self, i: int) -> int:
        """The cell that equation i determines."""
        return int(self.layout.left[i])

    def values(self, equations: Numbers, t: int, judge: bool = False) -> tuple[Table, Table]:
        """What equations give in period t, NaN where they have no value, and their largest terms (see `Engine`)."""
        return self.engine.values(self.table, equations, np.full(len(equations), t, np.int32), judge)

    def missing(self, i: int, t: int) -> list[Place]:
        """The places that equation i reads in t and that hold no number, its left side aside."""
        places = []
        for cell, lag in self.layout.reads.of(i):
            at = t - lag
            if (cell, lag) == (self.left(i), 0):
                continue
            if not 0 <= at < len(self.periods) or np.isnan(self.x[at, cell]):
                places.append((at, cell))
        return places

    def home(self, place: Place) -> Home:
        """Where a computed number came from: its equation, or the change that holds it."""
        return self.held.get(place) or self.equations[self.source[place]].statement.home

    def rescale(self) -> None:
        """Set for each cell the largest number it has had, 1 if none: what a residual is compared with."""
        largest = np.where(np.isnan(self.x), 0.0, np.abs(self.x)).max(axis=0)
        self.scale = np.where(largest > 0, largest, 1.0)


def _stated(plan: Plan, program: Program, like: System | None) -> tuple[Table, NDArray[np.int8]]:
    """(the padded table of the numbers that the folder states, how sure each is)."""
    count, reach = len(plan.header.periods), program.layout.reach
    if like is None or like.periods != plan.header.periods or like.reach != reach or like.keys != program.keys:
        table, status = load(plan.values, program, count), np.zeros((count + 2 * reach, len(program.keys)), np.int8)
        _load_status(status[reach : reach + count], plan.values, program)
        return table, status
    changed = {code: q for code, q in plan.values.items() if q is not like.plan.values.get(code)}
    table, status = like.stated.copy(), like.stated_status.copy()
    _load(table[reach : reach + count], changed, program)
    _load_status(status[reach : reach + count], changed, program)
    return table, status


def load(values: Mapping[str, Quantity], program: Program, length: int) -> Table:
    """The padded table of the numbers of `values`, NaN where missing; a coefficient's stand in every period.

    A cell that the program does not know is left out: an add-factor of a cell without an equation.
    """
    reach = program.layout.reach
    table = np.full((length + 2 * reach, len(program.keys)), np.nan)
    _load(table[reach : reach + length], values, program)
    return table


def _load(rows: Table, values: Mapping[str, Quantity], program: Program) -> None:
    for code, quantity in values.items():
        numbers = np.where(quantity.present, quantity.values, np.nan)
        numbers = numbers.reshape(-1, len(rows) if "period" in quantity.dims else 1).T
        if code in program.base:
            begun = program.base[code]
            rows[:, begun : begun + numbers.shape[1]] = numbers
            continue
        axes = [axis for dim, axis in zip(quantity.dims, quantity.labels, strict=True) if dim != "period"]
        for column, labels in enumerate(product(*axes)):
            if (code, labels) in program.index:
                rows[:, program.index[code, labels]] = numbers[:, column]


def _load_status(rows: NDArray[np.int8], values: Mapping[str, Quantity], program: Program) -> None:
    for code, quantity in values.items():
        status = quantity.status if "period" in quantity.dims else quantity.status[..., None]
        status = status.reshape(-1, status.shape[-1]).T
        rows[:, program.base[code] : program.base[code] + status.shape[1]] = status
