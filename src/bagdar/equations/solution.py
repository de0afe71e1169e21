"""The solution: what a plan's equations came to, as quantities with homes, and how well its identities close."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from bagdar.equations.engine import Table
from bagdar.equations.model import ADD, Check, Model
from bagdar.equations.program import Program
from bagdar.equations.system import System, load
from bagdar.period import Period
from bagdar.plan import Indicator, Origin, Plan
from bagdar.quantity import STATUSES, Quantity
from bagdar.unit import ONE

PLANNED = STATUSES.index("plan")
# Identities must close to this share of their scale; shown beside every solution.
CLOSED = 1e-9


@dataclass(frozen=True)
class CheckResult:
    """What a ``check`` came to in one period: whether it holds, and by how much it misses, in its own scale."""

    check: Check
    period: Period
    holds: bool
    left: float
    right: float


@dataclass(frozen=True)
class Solution:
    """The plan's values with history's identities and the horizon's paths filled in.

    values: by indicator; a solved cell's status is ``plan`` and its home is its equation.
    add_factors: by behavioural indicator, over labels and periods: in history what the equation missed by.
    residual: the largest |left − right| of an identity in the horizon, as a share of its scale.
    """

    plan: Plan
    program: Program = field(compare=False, repr=False)
    values: Mapping[str, Quantity]
    add_factors: Mapping[str, Quantity]
    # The plan with the origins that solved cells' homes refer to.
    placed: Plan
    checks: tuple[CheckResult, ...] = ()
    residual: float = 0.0
    blocks: int = 0
    largest_block: int = 0
    iterations: int = 0
    solved: bool = False

    @property
    def model(self) -> Model:
        """The equations and checks that it solves."""
        return self.program.model

    @property
    def system(self) -> System | None:
        """The system that it is the solution of; None if its numbers were put together otherwise."""
        values, add_factors = self.values, self.add_factors
        if not isinstance(values, Results) or not isinstance(add_factors, Results):
            return None
        return values.system if values.system is add_factors.system else None

    def numbers(self) -> Table:
        """All its numbers and add-factors by period and cell of its program (see `System.table`)."""
        if self.system is not None:
            return self.system.table.copy()
        values = {**self.values, **{ADD + code: quantity for code, quantity in self.add_factors.items()}}
        return load(values, self.program, len(self.plan.header.periods))


class Results(Mapping[str, Quantity]):
    """Quantities by indicator, each made of a solved system's numbers when it is first asked for."""

    def __init__(self, system: System, codes: Iterable[str], make: Callable[[str], Quantity]) -> None:
        self.system, self._make = system, make
        self._made: dict[str, Quantity | None] = dict.fromkeys(codes)

    def __getitem__(self, code: str) -> Quantity:
        made = self._made[code]
        if made is None:
            made = self._made[code] = self._make(code)
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def worst_residual(system: System) -> tuple[float, int, int]:
    """(how far an equation of the horizon is off at most, as a share of its left side's scale, when, which).

    Of equations that are solved, that is; those of statistics are computed where they can be.
    """
    active, when = np.flatnonzero(~system.reported).astype(np.int32), np.array(system.horizon, np.int32)
    every, periods = np.tile(active, len(when)), np.repeat(when, len(active))
    values, _ = system.engine.values(system.table, every, periods)
    lefts = system.layout.left[every]
    left = system.x[periods, lefts]
    off = np.nan_to_num(np.abs(left - values) / (np.abs(left) + system.scale[lefts]), nan=np.inf)
    if not len(off):
        return 0.0, system.base, 0
    worst = int(np.argmax(off))
    return float(off[worst]), int(periods[worst]), int(every[worst])


def check_results(system: System) -> tuple[CheckResult, ...]:
    """Every check in every period where all its numbers are there."""
    checks, count = system.program.model.checks, len(system.periods)
    if not checks:
        return ()
    sides = system.program.sides
    periods = np.tile(np.arange(count, dtype=np.int32), 2 * len(checks))
    values, _ = system.engine.values(system.table, np.repeat(sides.ravel(), count), periods)
    values = values.reshape(-1, 2, count)
    given = max(CLOSED, system.plan.header.identity_tolerance)
    tolerance = np.where(np.arange(count) > system.base, CLOSED, given)
    slack = tolerance * np.maximum(np.abs(values).max(axis=1), _read(system))
    results = []
    for k, t in zip(*np.nonzero(~np.isnan(values).any(axis=1)), strict=True):
        left, right = values[k, :, t].tolist()
        holds = _holds(checks[k].relation, left, right, float(slack[k, t]))
        results.append(CheckResult(checks[k], system.periods[t], holds, left, right))
    return tuple(results)


def _read(system: System) -> Table:
    """The largest number that each check reads in each period (1: none), beside which its difference is small."""
    cells, lags, begun = system.program.read_by_checks
    rows = np.arange(len(system.periods))[:, None] + system.reach - lags
    there = system.table[rows, cells]
    there = np.where(np.isnan(there) | (cells < 0), -1.0, np.abs(there))
    numbers = np.maximum.reduceat(there, begun, axis=1).T
    return np.where(numbers < 0, 1.0, numbers)


def _holds(name: str, left: float, right: float, slack: float) -> bool:
    return {
        "eq": abs(left - right) <= slack,
        "ne": abs(left - right) > slack,
        "le": left <= right + slack,
        "ge": left >= right - slack,
        "lt": left < right,
        "gt": left > right,
    }[name]


def quantities(system: System) -> tuple[Results, Results, Plan]:
    """(values, add-factors, the plan with the origins that homes refer to).

    Given cells are as they were, computed ones have the status and the home of what computed them.
    """
    plan = system.plan
    changed = (system.source >= 0) | system.withdrawn
    for place in system.held:
        changed[place] = True
    origins, added = _origins(system)
    homes = cache(lambda: _homes(system, origins))

    def value(code: str) -> Quantity:
        quantity, begun = plan.values[code], system.program.base[code]
        if "period" not in quantity.dims:
            return quantity
        part = slice(begun, begun + quantity.present[..., 0].size)
        return _filled(system, quantity, part, changed, homes()) if changed[:, part].any() else quantity

    behaving = system.program.behaving
    values = Results(system, plan.values, value)
    add_factors = Results(system, behaving, lambda code: _add_factors(system, plan.indicators[code]))
    return values, add_factors, replace(plan, origins=(*plan.origins, *added))


def _origins(system: System) -> tuple[dict[Origin, int], list[Origin]]:
    """(the number of each origin of the plan, its equations and its changes; those that the plan does not know yet)."""
    origins = {origin: at for at, origin in enumerate(system.plan.origins)}
    known = len(origins)
    for file in (*system.program.homes[0], *(home.file for home in system.held.values())):
        origins.setdefault(Origin(file), len(origins))
    return origins, list(origins)[known:]


def _homes(system: System, origins: Mapping[Origin, int]) -> NDArray[np.int32]:
    """(origin, row, column) of what gave each computed cell."""
    files, places = system.program.homes
    table = np.full((*system.source.shape, 3), -1, np.int32)
    if files:
        numbers = np.array([origins[Origin(file)] for file in files], np.int32)
        told = np.column_stack([numbers[places[:, 0]], places[:, 1:]])
        table[:] = told[np.maximum(system.source, 0)]
    for place, home in system.held.items():
        table[place] = (origins[Origin(home.file)], home.row, home.column)
    return table


def _filled(
    system: System, quantity: Quantity, part: slice, changed: NDArray[np.bool_], homes: NDArray[np.int32]
) -> Quantity:
    """The quantity with the numbers of its computed cells, and without those that were withdrawn."""
    shape = quantity.present.shape
    there, numbers = changed[:, part].T.reshape(shape), system.x[:, part].T.reshape(shape)
    computed = there & ~np.isnan(numbers)
    return Quantity(
        quantity.dims,
        quantity.labels,
        np.where(computed, numbers, quantity.values),
        (quantity.present | computed) & ~(there & ~computed),
        quantity.unit,
        np.where(computed, system.status[:, part].T.reshape(shape), quantity.status),
        np.where(computed[..., None], homes[:, part].transpose(1, 0, 2).reshape(*shape, 3), quantity.homes),
    )


def _add_factors(system: System, indicator: Indicator) -> Quantity:
    dims = system.plan.dims(indicator)
    shape = tuple(len(axis) for axis in dims.values())
    values = np.full(shape, np.nan)
    for labels in product(*(system.plan.sets[dim].labels for dim in indicator.dims)):
        i = system.index.get((ADD + indicator.code, labels))
        at = tuple(axis.index(label) for axis, label in zip(dims.values(), labels, strict=False))
        if i is not None:
            values[at] = system.x[:, i]
    present = ~np.isnan(values)
    return Quantity(tuple(dims), tuple(dims.values()), np.where(present, values, 0.0), present, ONE)
