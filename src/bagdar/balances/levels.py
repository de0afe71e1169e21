"""Levels: what the columns of a frame stand for, and how an item that hangs on another follows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bagdar.balance import ALL, Balance, Item, Reference
from bagdar.balances.frame import Block
from bagdar.balances.numbers import Figures, Floats, Ints, read
from bagdar.plan import Plan
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
    """What one item comes to for each unit of the other: rows are cells of the item; None if a norm is missing.

    A set that both have means the same label on both sides, unless the norm has it twice: then the first is the
    item's own. Sets that only the other has are summed over.
    """
    tie = level.item.tie
    assert tie is not None
    assert driver.columns is not None
    here, there = figures.cells[level.balance.code], figures.cells[driver.balance.code]
    labels = tie.labels or (ALL,) * len(driver.balance.over)
    norm_dims = _norm_dims(figures.plan, tie.norm)
    own = list(level.balance.over)
    free = [dim for dim, label in zip(driver.balance.over, labels, strict=True) if label == ALL]
    summed = [dim for dim in free if dim not in own or norm_dims.count(dim) == 2]
    grid = _grid([*here.axes, *(there.axes[driver.balance.over.index(dim)] for dim in summed)])
    place = []
    for dim, label, axis in zip(driver.balance.over, labels, there.axes, strict=True):
        if label != ALL:
            place.append(np.full(grid.shape[1], axis.index(label) if label in axis else -1))
        else:
            place.append(grid[len(own) + summed.index(dim)] if dim in summed else grid[own.index(dim)])
    row = _places(level.cells, len(here.labels))[_ravel(list(grid[: len(own)]), here.shape, grid.shape[1])]
    known = np.all([p >= 0 for p in place], axis=0) if place else np.ones(grid.shape[1], bool)
    cell = _ravel([np.maximum(p, 0) for p in place], there.shape, grid.shape[1])
    column = np.where(known, _places(driver.cells, len(there.labels))[cell], -1)
    keep = (row >= 0) & (column >= 0)
    # Of a set that stands twice in the norm the first is the item's own.
    index = [
        grid[own.index(dim)] if dim in own and dim not in norm_dims[:n] else grid[len(own) + summed.index(dim)]
        for n, dim in enumerate(norm_dims)
    ]
    norm = _norm(level, figures, norm_dims, [i[keep] for i in index], int(keep.sum()))
    if norm is None:
        return None
    norm = norm * (driver.balance.unit.scale / level.balance.unit.scale)
    used = (norm != 0).any(0)
    labour = level.balance.kind == "labour" and level.item.side == "use"
    return Block(row[keep][used], driver.columns[column[keep][used]], _constant(norm[:, used]), tie.lead, labour)


def _norm(level: Level, figures: Figures, dims: list[str], index: list[Ints], count: int) -> Floats | None:
    """The norm's numbers by period at these places, in base units; None, with a finding, if one is missing."""
    tie = level.item.tie
    assert tie is not None
    if tie.norm is None:
        return np.ones((figures.count, count))
    axes = {dim: figures.plan.sets[dim].select() for dim in dims}
    numbers, there = read(figures.plan, figures.values, tie.norm, axes, ONE)
    shape = (len(numbers), count)
    place: tuple[Any, ...] = (slice(None), *index) if dims else (slice(None), None)
    numbers, there = np.broadcast_to(numbers[place], shape), np.broadcast_to(there[place], shape)
    numbers, there = figures.horizon(numbers, there)
    labels = [tuple(axes[dim][i[k]] for dim, i in zip(dims, index, strict=True)) for k in range(count)]
    figures.missing(level.balance, level.item, tie.norm, there, figures.when, labels)
    return numbers if there.all() else None


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
