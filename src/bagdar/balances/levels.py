"""Levels: what the columns of a frame stand for, and how an item that hangs on another follows it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bagdar.balance import Balance, Item
from bagdar.balances.frame import Block
from bagdar.balances.joins import Key, join
from bagdar.balances.numbers import Figures, Floats, Ints

# What of a ranked stock serves its rank is a level of its own.
SECURED = ".secured"
# What of a resource is within what the plan states, where more can be had, is another.
PLANNED = ".planned"


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
        figures.within(level.balance, level.item, tie.norm, np.where(present, norm, 0.0), 0, np.inf)
    if not present.all():
        return None
    norm = norm * (driver.balance.unit.scale / level.balance.unit.scale)
    used = (norm != 0).any(0)
    counted = level.balance.kind == "labour" and level.item.side == "use"
    labour = level.balance.unit.scale if counted else 0.0
    return Block(row[used], driver.columns[column[used]], _constant(norm[:, used]), tie.lead, labour)


def _places(chosen: Ints, count: int) -> Ints:
    """For each cell its place among those chosen, -1 if it is not."""
    places = np.full(count, -1)
    places[chosen] = np.arange(len(chosen))
    return places


def _constant(numbers: Floats) -> Floats:
    """One row if all are alike: a norm that never changes takes a period's room."""
    return numbers[0].copy() if len(numbers) and (numbers == numbers[0]).all() else np.array(numbers)
