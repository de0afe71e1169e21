"""The solution: what a plan's equations came to, as quantities with homes, and how well its identities close."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from bagdar.equations.engine import Table
from bagdar.equations.model import ADD, Check, Model
from bagdar.equations.program import Program
from bagdar.equations.system import Place, System, load
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

    def numbers(self) -> Table:
        """All its numbers and add-factors by period and cell of its program (see `System.table`)."""
        values = {**self.values, **{ADD + code: quantity for code, quantity in self.add_factors.items()}}
        return load(values, self.program, len(self.plan.header.periods))


def largest_residual(system: System) -> float:
    """The largest |left − right| of an equation in the horizon, as a share of its left side's scale."""
    worst, every = 0.0, np.arange(len(system.equations), dtype=np.int32)
    lefts = system.layout.left[every]
    for t in system.horizon:
        values, _ = system.values(every, t)
        left = system.x[t, lefts]
        off = np.abs(left - values) / (np.abs(left) + system.scale[lefts])
        worst = max(worst, float(np.nanmax(off, initial=0.0)))
    return worst


def check_results(system: System) -> tuple[CheckResult, ...]:
    """Every check in every period where all its numbers are there."""
    checks = system.program.model.checks
    pairs = _sides(system)
    results: list[list[CheckResult]] = [[] for _ in checks]
    for t, period in enumerate(system.periods):
        values = system.values(pairs.ravel(), t)[0].reshape(-1, 2)
        largest = _read(system, pairs, t)
        tolerance = CLOSED if t > system.base else max(CLOSED, system.plan.header.identity_tolerance)
        for k in np.flatnonzero(~np.isnan(values).any(axis=1)):
            left, right = map(float, values[k])
            slack = tolerance * max(abs(left), abs(right), largest[k])
            check = checks[k]
            results[k].append(CheckResult(check, period, _holds(check.relation, left, right, slack), left, right))
    return tuple(result for one in results for result in one)


def _sides(system: System) -> NDArray[np.int32]:
    """The numbers of the two sides of each check: a statement's left sides stand before its right sides."""
    begun, pairs = len(system.equations), []
    model = system.program.model
    for parsed, count in zip(model.parsed, model.families, strict=True):
        if parsed.left is None:
            pairs.append(begun + np.arange(2 * count, dtype=np.int32).reshape(2, count).T)
            begun += 2 * count
    return np.concatenate(pairs) if pairs else np.empty((0, 2), np.int32)


def _read(system: System, pairs: NDArray[np.int32], t: int) -> list[float]:
    """The largest number that each check reads: what its difference is small beside."""
    reads = system.layout.reads
    largest = []
    for left, right in pairs.tolist():
        parts = [slice(reads.at[side], reads.at[side + 1]) for side in (left, right)]
        cells = np.concatenate([reads.cell[part] for part in parts])
        rows = t + system.reach - np.concatenate([reads.lag[part] for part in parts])
        numbers = np.abs(system.table[rows, cells][cells >= 0])
        largest.append(float(np.nanmax(numbers)) if not np.isnan(numbers).all() else 1.0)
    return largest


def _holds(name: str, left: float, right: float, slack: float) -> bool:
    return {
        "eq": abs(left - right) <= slack,
        "ne": abs(left - right) > slack,
        "le": left <= right + slack,
        "ge": left >= right - slack,
        "lt": left < right,
        "gt": left > right,
    }[name]


def quantities(system: System) -> tuple[dict[str, Quantity], dict[str, Quantity], Plan]:
    """(values, add-factors, the plan with the origins that homes refer to).

    Given cells are as they were, computed ones have the status and the home of what computed them.
    """
    plan = system.plan
    homes = _Homes(system)
    values, add_factors = dict(plan.values), dict[str, Quantity]()
    changed = (system.source >= 0) | system.withdrawn
    for place in system.held:
        changed[place] = True
    for code, begun in system.program.base.items():
        quantity = plan.values[code]
        if "period" not in quantity.dims:
            continue
        part = slice(begun, begun + quantity.present[..., 0].size)
        if changed[:, part].any():
            values[code] = _filled(system, quantity, part, changed, homes)
    for code in {e.left.code for e in system.equations if e.add is not None}:
        add_factors[code] = _add_factors(system, plan.indicators[code])
    return values, add_factors, replace(plan, origins=(*plan.origins, *homes.added))


class _Homes:
    """(origin, row, column) of what gave a computed cell; origins that the plan does not know yet are added."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.origins = {origin: at for at, origin in enumerate(system.plan.origins)}
        self.added: list[Origin] = []

    def of(self, place: Place) -> tuple[int, int, int]:
        home = self.system.home(place)
        origin = Origin(home.file)
        if origin not in self.origins:
            self.origins[origin] = len(self.origins)
            self.added.append(origin)
        return self.origins[origin], home.row, home.column


def _filled(system: System, quantity: Quantity, part: slice, changed: NDArray[np.bool_], homes: _Homes) -> Quantity:
    """The quantity with the numbers of its computed cells, and without those that were withdrawn."""
    shape = quantity.present.shape
    there = changed[:, part]
    numbers = system.x[:, part].T.reshape(shape)
    computed = (there & ~np.isnan(system.x[:, part])).T.reshape(shape)
    gone = there.T.reshape(shape) & ~computed
    told = quantity.homes.copy()
    rows, columns = np.nonzero(computed.reshape(-1, shape[-1]))
    told.reshape(-1, shape[-1], 3)[rows, columns] = [
        homes.of((t, part.start + cell)) for cell, t in zip(rows.tolist(), columns.tolist(), strict=True)
    ] or np.empty((0, 3), np.int32)
    return Quantity(
        quantity.dims,
        quantity.labels,
        np.where(computed, numbers, quantity.values),
        (quantity.present | computed) & ~gone,
        quantity.unit,
        np.where(computed, system.status[:, part].T.reshape(shape), quantity.status),
        told,
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
