"""Reading a balance: what the plan says of each item, and by how much resources and uses miss each other.

An item's amount is its quantity; without one, the norm times what it hangs on. An item that states neither takes
what is left: a balance that has one closes by it. Where something hangs on what the plan has no number of, such as
capacity that is still to be built, nothing is said of the balance but that what is known already exceeds the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bagdar.balance import Balance, Item
from bagdar.balances.joins import Key, join
from bagdar.balances.numbers import Cells, Figures, Floats, Ints, Mask, statuses
from bagdar.plan import Plan
from bagdar.quantity import Quantity
from bagdar.unit import ONE


@dataclass(frozen=True)
class Line:
    """What the plan says of an item, by period of the plan and cell of its balance, in the balance's unit.

    sign: +1 for a resource, -1 for a use; a stock has a line of each, what is there at the start and at the end.
    amounts are 0, and `there` is true, in cells that the item is not for. `sure` says how sure each is, as a place in
    `STATUSES`: what is computed from norms is only as sure as they are.
    """

    item: Item
    sign: int
    amounts: Floats
    there: Mask
    sure: Ints

    @property
    def opening(self) -> bool:
        """Whether it is what a stock is at the start."""
        return self.item.side == "stock" and self.sign > 0


@dataclass(frozen=True)
class Reading:
    """A balance as the plan has it. Arrays are by period of the plan and cell.

    gap: resources less uses; known: where every item has a number. `free` are the items that take what is left,
    `unknown` those that hang on something of which the plan has no number.
    """

    balance: Balance
    cells: Cells
    lines: tuple[Line, ...]
    free: tuple[Item, ...]
    unknown: tuple[Item, ...]
    resources: Floats
    uses: Floats
    known: Mask

    @property
    def gap(self) -> Floats:
        """What is over (above 0) or lacking (below)."""
        return self.resources - self.uses


def read_balances(plan: Plan, values: Mapping[str, Quantity]) -> tuple[Reading, ...]:
    """All balances of a plan, read."""
    reader = _Reader(plan, values)
    return tuple(reader.reading(balance) for balance in plan.balances)


def needed_capacities(plan: Plan, values: Mapping[str, Quantity]) -> Iterator[tuple[Balance, Item, Told, Told]]:
    """Of each capacity that is what it is: (its balance, it, what the plan needs of it, what is there)."""
    reader = _Reader(plan, values)
    for balance in plan.balances:
        for item in balance.items:
            if item.side == "capacity" and not item.additions:
                needed, there = reader.hung(balance, item), reader.stated(balance, item)
                if needed is not None and there is not None:
                    yield balance, item, needed, there


class Told(NamedTuple):
    """An item's amounts, where they are there, and how sure they are."""

    amounts: Floats
    there: Mask
    sure: Ints


@dataclass
class _Reader:
    plan: Plan
    values: Mapping[str, Quantity]
    known: dict[Key, Told | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.figures = Figures(self.plan, self.values)
        self.balances = {b.code: b for b in self.plan.balances}

    def reading(self, balance: Balance) -> Reading:
        """The balance with the amounts of all its items."""
        cells = self.figures.cells[balance.code]
        shape = (len(self.plan.header.periods), len(cells.labels))
        lines: list[Line] = []
        free: list[Item] = []
        unknown: list[Item] = []
        for item in (one for one in balance.items if one.side != "capacity"):
            told = self.amount(balance, item)
            if told is None:
                (free if item.tie is None else unknown).append(item)
                continue
            if item.side == "stock":
                lines.append(Line(item, 1, *self.opening(balance, item, told)))
            lines.append(Line(item, 1 if item.side == "resource" else -1, *told))
        resources, uses = (
            sum((line.amounts for line in lines if line.sign == sign), np.zeros(shape)) for sign in (1, -1)
        )
        known = np.all([line.there for line in lines], axis=0) if lines else np.zeros(shape, bool)
        known = known & np.array(not unknown)
        return Reading(balance, cells, tuple(lines), tuple(free), tuple(unknown), resources, uses, known)

    def amount(self, balance: Balance, item: Item) -> Told | None:
        """An item's amounts by period and cell of the balance; None if it says nothing."""
        key = (balance.code, item.code)
        if key not in self.known:
            self.known[key] = None  # what hangs on itself says nothing
            self.known[key] = self._amount(balance, item)
        return self.known[key]

    def _amount(self, balance: Balance, item: Item) -> Told | None:
        stated = self.stated(balance, item)
        if item.tie is None or item.side == "capacity" or (stated is not None and stated.there.all()):
            return stated
        hung = self.hung(balance, item)
        if stated is None or hung is None:
            return hung or stated
        own = stated.there
        amounts, sure = np.where(own, stated.amounts, hung.amounts), np.where(own, stated.sure, hung.sure)
        return Told(amounts, own | hung.there, sure)

    def stated(self, balance: Balance, item: Item) -> Told | None:
        """The numbers of an item's quantity; None if it names none."""
        if item.quantity is None:
            return None
        held = self.figures.cells[balance.code]
        chosen = held.of(item)
        numbers, there = self.figures.numbers(balance, item, item.quantity, balance.unit)
        shape = (len(numbers), len(held.labels))
        amounts, known, sure = np.zeros(shape), np.ones(shape, bool), np.zeros(shape, np.int64)
        amounts[:, chosen], known[:, chosen] = np.where(there, numbers, 0.0), there
        sure[:, chosen] = held.flat(statuses(self.plan, self.values, item.quantity, held.by_set))[:, chosen]
        return Told(amounts, known, sure)

    def hung(self, balance: Balance, item: Item) -> Told | None:
        """The norm times what an item hangs on; None if that says nothing."""
        tie = item.tie
        assert tie is not None
        other = self.balances[tie.balance]
        driver = other.levels[tie.item]
        told = None if driver.additions == tie.item else self.amount(other, driver)
        if told is None:
            return None
        here, there = self.figures.cells[balance.code], self.figures.cells[other.code]
        joined = join(self.plan, tie, here, there)
        joined = joined.where(np.isin(joined.here, here.of(item)) & np.isin(joined.there, there.of(driver)))
        norm, normed = joined.norm(self.plan, self.values)
        moved, known, sure = (_moved(part, tie.lead)[:, joined.there] for part in told)
        shape = (len(norm), len(here.labels))
        amounts, lacking, weakest = np.zeros(shape), np.zeros(shape, bool), np.zeros(shape, np.int64)
        every = (np.arange(len(norm))[:, None], joined.here[None, :])
        np.add.at(amounts, every, norm * moved * (other.unit.scale / balance.unit.scale))
        np.logical_or.at(lacking, every, ~(normed & known))
        np.maximum.at(weakest, every, np.maximum(sure, joined.statuses(self.plan, self.values)))
        return Told(amounts, ~lacking, weakest)

    def opening(self, balance: Balance, item: Item, closing: Told) -> Told:
        """What a stock is at the start of each period: what was left of it at the end of the one before."""
        kept, sound = np.ones(closing.amounts.shape), np.ones(closing.there.shape, bool)
        if item.loss is not None:
            numbers, known = self.figures.numbers(balance, item, item.loss, ONE)
            chosen = self.figures.cells[balance.code].of(item)
            kept[:, chosen], sound[:, chosen] = 1 - np.where(known, numbers, 0.0), known
        amounts, there, sure = (_moved(part, -1) for part in closing)
        return Told(amounts * kept, there & sound, sure)


def _moved(numbers: NDArray[Any], lead: int) -> NDArray[Any]:
    """Each period's numbers are those of `lead` periods later; there are none beyond the ends."""
    result = np.zeros_like(numbers)
    if abs(lead) >= len(numbers):
        return result
    if lead >= 0:
        result[: len(numbers) - lead] = numbers[lead:]
    else:
        result[-lead:] = numbers[:lead]
    return result
