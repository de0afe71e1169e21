"""Capacities for readers: what is installed, what of it is used, what is added, by period of the horizon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bagdar.balances.allocation import Allocation, kept
from bagdar.balances.levels import Level
from bagdar.balances.numbers import Floats


@dataclass(frozen=True)
class Capacity:
    """Amounts of a capacity's cell by period of the horizon, in its balance's unit; NaN where nothing limits it."""

    level: Level
    cell: int
    kind: Literal["installed", "used", "added"]
    amounts: Floats


def capacities(allocation: Allocation) -> Iterator[Capacity]:
    """What each capacity of an allocation comes to; what cannot be built is installed as the plan has it."""
    framed = allocation.framed
    for level in framed.levels.values():
        item = level.item
        if item.side != "capacity" or level.code != item.code or level.columns is None:
            continue
        high = framed.frame.high[: framed.frame.periods, level.columns]
        installed = _built(allocation, level) if item.additions else np.where(np.isinf(high), np.nan, high)
        used = allocation.used(level)
        for cell in range(len(level.cells)):
            yield Capacity(level, cell, "installed", installed[:, cell])
            yield Capacity(level, cell, "used", used[:, cell])
            if item.additions:
                added = framed.levels[level.balance.code, item.additions]
                yield Capacity(added, cell, "added", allocation.amounts[added.key][:, cell])


def _built(allocation: Allocation, level: Level) -> Floats:
    """What is there: what was, less what wears out, and what is added. In the program it is only not less than used."""
    framed = allocation.framed
    added = allocation.amounts[level.balance.code, level.item.additions]
    share = kept(framed, level)
    installed = np.empty_like(added)
    before = framed.frame.past[0, level.columns]
    for t in range(len(added)):
        before = installed[t] = share[t] * before + added[t]
    return installed
