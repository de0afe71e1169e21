"""Norms against what is: actual use against the norm, and the norm at its price against the input coefficient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from bagdar.balance import ALL, Reference
from bagdar.balances.numbers import Floats, Ints, Mask, read, statuses
from bagdar.norm import Norm
from bagdar.plan import Plan, Source
from bagdar.quantity import PERIOD, Quantity
from bagdar.unit import ONE, Unit


@dataclass(frozen=True)
class NormReading:
    """A norm's numbers by period of the plan and cell, in its own unit; NaN where there is none.

    sure: how sure each is, as a place in `STATUSES`; sources: where each cell's number in the base period, or that of
    all, comes from (None: nothing is told).
    actual: what is used over what it is used for; implied: norm × price, a pure number, to hold against `coefficient`.
    """

    norm: Norm
    labels: tuple[tuple[str, ...], ...]
    value: Floats
    sure: Ints
    sources: tuple[Source | None, ...]
    actual: Floats
    implied: Floats
    coefficient: Floats

    @property
    def excess(self) -> Floats:
        """By how much actual use is above the norm, as a share of it; NaN where it cannot be said."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.value > 0, self.actual / self.value - 1, np.nan)


def read_norms(plan: Plan, values: Mapping[str, Quantity]) -> tuple[NormReading, ...]:
    """All norms of a plan, held against what is used and against input coefficients."""
    return tuple(_reading(plan, values, norm) for norm in plan.norms)


def _reading(plan: Plan, values: Mapping[str, Quantity], norm: Norm) -> NormReading:
    indicator = plan.indicators[norm.indicator]
    axes = {dim: plan.sets[dim].select() for dim in indicator.dims}

    def numbers(reference: Reference | None, unit: Unit) -> Floats | None:
        return None if reference is None else _spread(plan, values, reference, indicator.dims, axes, unit)

    value = numbers(Reference(norm.indicator), indicator.unit)
    assert value is not None
    nothing = np.full(value.shape, np.nan)
    use, per, price = numbers(norm.use, ONE), numbers(norm.per, ONE), numbers(norm.price, ONE)
    coefficient = numbers(norm.coefficient, ONE)
    actual, implied = nothing, nothing
    if use is not None and per is not None:
        actual = _ratio(use, per) / indicator.unit.scale
    if price is not None:
        implied = value * indicator.unit.scale * price
    labels = tuple(product(*(axes[dim] for dim in indicator.dims)))
    shape = (len(plan.header.periods), len(labels))
    sure = statuses(plan, values, Reference(norm.indicator), axes).reshape(shape)
    of_value = nothing if coefficient is None else coefficient
    shaped = [part.reshape(shape) for part in (value, actual, implied, of_value)]
    told = tuple(_source(plan, values[norm.indicator], one) for one in labels)
    return NormReading(norm, labels, shaped[0], sure, told, *shaped[1:])


def _source(plan: Plan, quantity: Quantity, labels: tuple[str, ...]) -> Source | None:
    """Where the number of a cell in the base period comes from."""
    at = quantity.position((*labels, str(plan.header.base)) if PERIOD in quantity.dims else labels)
    return None if at is None or not quantity.present[at] else plan.source(quantity, at)


def _spread(
    plan: Plan,
    values: Mapping[str, Quantity],
    reference: Reference,
    dims: tuple[str, ...],
    axes: Mapping[str, tuple[str, ...]],
    unit: Unit,
) -> Floats:
    """A reference's numbers by period and all of `dims`, the same along those it lacks; NaN where missing."""
    own = plan.indicators[reference.code].dims
    free = [d for d, label in zip(own, reference.labels or (ALL,) * len(own), strict=True) if label == ALL]
    numbers, there = read(plan, values, reference, axes, unit)
    told = _masked(numbers, there)
    shape = [len(told), *(len(axes[dim]) if dim in free else 1 for dim in dims)]
    return np.broadcast_to(told.reshape(shape), [len(told), *(len(axes[dim]) for dim in dims)])


def _masked(numbers: Floats, there: Mask) -> Floats:
    return np.where(there, numbers, np.nan)


def _ratio(use: Floats, per: Floats) -> Floats:
    """Use over what it is for; nothing where nothing is produced."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(per > 0, use / per, np.nan)
