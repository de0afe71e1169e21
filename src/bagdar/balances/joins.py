"""Joins: which cells of two balances a tie joins, and by which number of the norm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bagdar.balance import ALL, Reference, Tie
from bagdar.balances.numbers import Cells, Floats, Ints, Mask, read, statuses
from bagdar.plan import Plan
from bagdar.quantity import Quantity
from bagdar.unit import ONE

Key = tuple[str, str]  # balance, level


@dataclass(frozen=True)
class Joined:
    """Pairs of cells that a tie joins, `here` of the item and `there` of what it hangs on, with the norm's place.

    labels: the norm's free labels at each pair.
    """

    tie: Tie
    here: Ints
    there: Ints
    dims: tuple[str, ...]
    index: tuple[Ints, ...]
    axes: tuple[tuple[str, ...], ...]

    @property
    def labels(self) -> list[tuple[str, ...]]:
        """The norm's labels of each pair."""
        return [tuple(axis[i[k]] for axis, i in zip(self.axes, self.index, strict=True)) for k in range(len(self.here))]

    def where(self, keep: NDArray[np.bool_]) -> Joined:
        """Those of the pairs that are kept."""
        index = tuple(i[keep] for i in self.index)
        return Joined(self.tie, self.here[keep], self.there[keep], self.dims, index, self.axes)

    def norm(self, plan: Plan, values: Mapping[str, Quantity]) -> tuple[Floats, Mask]:
        """(the norm by period of the plan and pair, in base units; where it is there)."""
        shape = (len(plan.header.periods), len(self.here))
        if self.tie.norm is None:
            return np.ones(shape), np.ones(shape, bool)
        numbers, there = read(plan, values, self.tie.norm, dict(zip(self.dims, self.axes, strict=True)), ONE)
        return np.broadcast_to(numbers[self._place], shape), np.broadcast_to(there[self._place], shape)

    def statuses(self, plan: Plan, values: Mapping[str, Quantity]) -> Ints:
        """How sure the norm is, by period of the plan and pair."""
        shape = (len(plan.header.periods), len(self.here))
        if self.tie.norm is None:
            return np.zeros(shape, np.int64)
        told = statuses(plan, values, self.tie.norm, dict(zip(self.dims, self.axes, strict=True)))
        return np.broadcast_to(told[self._place], shape)

    @property
    def _place(self) -> tuple[Any, ...]:
        return (slice(None), *self.index) if self.dims else (slice(None), None)


def join(plan: Plan, tie: Tie, here: Cells, there: Cells) -> Joined:
    """Which cells a tie joins.

    A set that both balances have means the same label on both sides, unless the norm has it twice: then the first
    is the item's own. Sets that only the other has are summed over.
    """
    own, labels = here.balance.over, tie.labels or (ALL,) * len(there.balance.over)
    dims = _norm_dims(plan, tie.norm)
    free = [dim for dim, label in zip(there.balance.over, labels, strict=True) if label == ALL]
    summed = [dim for dim in free if dim not in own or dims.count(dim) == 2]
    grid = _grid([*here.axes, *(there.axes[there.balance.over.index(dim)] for dim in summed)])
    place = []
    for dim, label, axis in zip(there.balance.over, labels, there.axes, strict=True):
        if label != ALL:
            place.append(np.full(grid.shape[1], axis.index(label) if label in axis else -1))
        else:
            place.append(grid[len(own) + summed.index(dim)] if dim in summed else grid[own.index(dim)])
    known = np.all([p >= 0 for p in place], axis=0) if place else np.ones(grid.shape[1], bool)
    index = tuple(
        grid[own.index(dim)] if dim in own and dim not in dims[:n] else grid[len(own) + summed.index(dim)]
        for n, dim in enumerate(dims)
    )
    joined = Joined(
        tie,
        _ravel(list(grid[: len(own)]), here.shape, grid.shape[1]),
        _ravel([np.maximum(p, 0) for p in place], there.shape, grid.shape[1]),
        tuple(dims),
        index,
        tuple(plan.sets[dim].select() for dim in dims),
    )
    return joined.where(known)


def _norm_dims(plan: Plan, norm: Reference | None) -> list[str]:
    """The sets of the labels of a norm that are not fixed."""
    if norm is None:
        return []
    dims = plan.indicators[norm.code].dims
    return [dim for dim, label in zip(dims, norm.labels or (ALL,) * len(dims), strict=True) if label == ALL]


def _grid(axes: list[tuple[str, ...]]) -> Ints:
    """Every choice of a place on each axis, a row an axis; one choice of nothing without axes."""
    return np.indices([len(axis) for axis in axes]).reshape(len(axes), -1) if axes else np.zeros((0, 1), np.int64)


def _ravel(places: list[Ints], shape: tuple[int, ...], count: int) -> Ints:
    return np.ravel_multi_index(tuple(places), shape) if places else np.zeros(count, np.int64)
