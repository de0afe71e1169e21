"""Levels: what the columns of a frame stand for, and how an item that hangs on another follows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bagdar.balance import ALL, Balance, Item, Reference, Tie
from bagdar.balances.frame import Block
from bagdar.balances.numbers import Cells, Figures, Floats, Ints, Mask, read
from bagdar.plan import Plan
from bagdar.quantity import Quantity
from bagdar.unit import ONE

Key = tuple[str, str]  # balance, level
# What of a ranked stock serves its rank is a level of its own.
SECURED = ".secured"


@dataclass(frozen=True)
class Level:
    """An item's levels: `columns[k]` of the frame is that of cell `cells[k]` of its balance.

    An item that hangs on another and limits nothing has none of its own: `columns` is None, and its amount is what
    `blocks` give. `sign` is +1 where it adds to what is there, -1 where it is used, 0 where it does neither.
    """

    balance: Balance
    item: Item
    code: str
    cells: Ints
    sign: int
    columns: Ints | None
    blocks: tuple[Block, ...] = ()

    @property
    def key(self) -> Key:
        """What it is called: its balance and its code there."""
        return self.balance.code, self.code


def tied(level: Level, driver: Level, figures: Figures) -> Block | None:
    """What one item comes to for each unit of the other: rows are cells of the item; None if a norm is missing."""
    tie = level.item.tie
    assert tie is not None
    assert driver.columns is not None
    here, there = figures.cells[level.balance.code], figures.cells[driver.balance.code]
    joined = join(figures.plan, tie, here, there)
    row = _places(level.cells, len(here.labels))[joined.here]
    column = _places(driver.cells, len(there.labels))[joined.there]
    joined = joined.where((row >= 0) & (column >= 0))
    row, column = row[(row >= 0) & (column >= 0)], column[(row >= 0) & (column >= 0)]
    norm, present = figures.horizon(*joined.norm(figures.plan, figures.values))
    if tie.norm is not None:
        figures.missing(level.balance, level.item, tie.norm, present, figures.when, joined.labels)
    if not present.all():
        return None
    norm = norm * (driver.balance.unit.scale / level.balance.unit.scale)
    used = (norm != 0).any(0)
    labour = level.balance.kind == "labour" and level.item.side == "use"
    return Block(row[used], driver.columns[column[used]], _constant(norm[:, used]), tie.lead, labour)


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
        place: tuple[Any, ...] = (slice(None), *self.index) if self.dims else (slice(None), None)
        return np.broadcast_to(numbers[place], shape), np.broadcast_to(there[place], shape)


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


def _places(chosen: Ints, count: int) -> Ints:
    """For each cell its place among those chosen, -1 if it is not."""
    places = np.full(count, -1)
    places[chosen] = np.arange(len(chosen))
    return places


def _constant(numbers: Floats) -> Floats:
    """One row if all are alike: a norm that never changes takes a period's room."""
    return numbers[0].copy() if len(numbers) and (numbers == numbers[0]).all() else np.array(numbers)
