"""The numbers that a balance's items refer to, laid out by period and cell, in the balance's own unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bagdar.balance import ALL, Balance, Item, Reference
from bagdar.finding import Finding, finding
from bagdar.plan import Plan
from bagdar.quantity import PERIOD, Quantity
from bagdar.unit import Unit

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Cells:
    """The cells of a balance: one for each choice of labels that are not totals of others."""

    balance: Balance
    axes: tuple[tuple[str, ...], ...]

    @cached_property
    def labels(self) -> tuple[tuple[str, ...], ...]:
        """The labels of each cell."""
        return tuple(product(*self.axes))

    @cached_property
    def by_set(self) -> dict[str, tuple[str, ...]]:
        """The labels of each set."""
        return dict(zip(self.balance.over, self.axes, strict=True))

    @property
    def shape(self) -> tuple[int, ...]:
        """How many labels each set has."""
        return tuple(len(axis) for axis in self.axes)

    def flat(self, part: NDArray[Any]) -> NDArray[Any]:
        """What `read` gives for the balance, by period and cell; one number a period is that of all cells."""
        if part.ndim == 1:
            return np.broadcast_to(part[:, None], (len(part), len(self.labels)))
        return part.reshape(len(part), -1)

    def of(self, item: Item) -> Ints:
        """The cells that an item is for."""
        chosen = dict(item.only)
        keep = [
            np.array([label in chosen[dim] if dim in chosen else True for label in axis], bool)
            for dim, axis in zip(self.balance.over, self.axes, strict=True)
        ]
        mask = np.ones(self.shape, bool)
        for place, kept in enumerate(keep):
            mask &= kept.reshape([-1 if i == place else 1 for i in range(len(keep))])
        return np.flatnonzero(mask.ravel())


def cells(plan: Plan, balance: Balance) -> Cells:
    """The cells of a balance."""
    return Cells(balance, tuple(plan.sets[dim].select() for dim in balance.over))


def read(
    plan: Plan, values: Mapping[str, Quantity], reference: Reference, axes: Mapping[str, tuple[str, ...]], unit: Unit
) -> tuple[Floats, Mask]:
    """(numbers, where they are there) of a reference by period and free label, in `unit`.

    `axes` says which labels of each set are wanted, in what order. Shape: (periods of the plan, labels …); what has
    no period is the same in all.
    """
    quantity = values[reference.code]
    numbers, there = (_chosen(plan, quantity, reference, axes, part) for part in (quantity.values, quantity.present))
    return numbers * (quantity.unit.scale / unit.scale), there


def statuses(
    plan: Plan, values: Mapping[str, Quantity], reference: Reference, axes: Mapping[str, tuple[str, ...]]
) -> Ints:
    """How sure the numbers of a reference are, as places in `STATUSES`; laid out as `read` has them."""
    quantity = values[reference.code]
    return _chosen(plan, quantity, reference, axes, quantity.status)


def _chosen(
    plan: Plan, quantity: Quantity, reference: Reference, axes: Mapping[str, tuple[str, ...]], part: NDArray[Any]
) -> NDArray[Any]:
    """A part of a quantity with a reference's labels, by period of the plan and free label."""
    dims = plan.indicators[reference.code].dims
    part = np.moveaxis(part, -1, 0) if PERIOD in quantity.dims else part[None]
    axis = 1
    for label, dim, known in zip(reference.labels or (ALL,) * len(dims), dims, quantity.labels, strict=False):
        places = {name: place for place, name in enumerate(known)}
        if label == ALL:
            part = np.take(part, np.array([places[name] for name in axes[dim]], np.int64), axis)
            axis += 1
        else:
            part = np.take(part, places[label], axis)
    return np.broadcast_to(part, (len(plan.header.periods), *part.shape[1:]))


@dataclass
class Figures:
    """The numbers of a plan's balances for the horizon and the closing period; what is missing is a finding.

    The closing period has the numbers of the period after the horizon where the plan reads one, else the last's:
    amounts that the plan states by period, as demand and limits are, `growth` times as large; all else as it was.
    """

    plan: Plan
    values: Mapping[str, Quantity]
    findings: list[Finding] = field(default_factory=list)
    growth: float = 1.0

    def __post_init__(self) -> None:
        self.cells = {b.code: cells(self.plan, b) for b in self.plan.balances}
        first = self.plan.header.periods.index(self.plan.header.plan_periods[0])
        last = first + len(self.plan.header.plan_periods) - 1
        self.first, self.count = first, last - first + 2
        self.when = np.array([*range(first, last + 1), min(last + 1, len(self.plan.header.periods) - 1)])
        self._instead = np.array([*range(first, last + 1), last])

    def numbers(self, balance: Balance, item: Item, reference: Reference, unit: Unit) -> tuple[Floats, Mask]:
        """(numbers, where they are there) by period of the plan and cell of the item."""
        held, chosen = self.cells[balance.code], self.cells[balance.code].of(item)
        numbers, there = read(self.plan, self.values, reference, held.by_set, unit)
        return held.flat(numbers)[:, chosen], held.flat(there)[:, chosen]

    def planned(self, balance: Balance, item: Item, reference: Reference | None, unit: Unit) -> Floats | None:
        """The numbers of the horizon and the closing period, by cell of the item; every one of them must be there."""
        return self._planned(balance, item, reference, unit, 1.0)

    def amounts(self, balance: Balance, item: Item, reference: Reference | None) -> Floats | None:
        """The same of amounts, in the balance's unit: what the plan does not say of the closing period has grown."""
        constant = reference is not None and PERIOD not in self.values[reference.code].dims
        return self._planned(balance, item, reference, balance.unit, 1.0 if constant else self.growth)

    def _planned(
        self, balance: Balance, item: Item, reference: Reference | None, unit: Unit, growth: float
    ) -> Floats | None:
        if reference is None:
            return None
        numbers, there = self.horizon(*self.numbers(balance, item, reference, unit), growth)
        chosen = self.cells[balance.code].of(item)
        self.missing(balance, item, reference, there, self.when, [self.cells[balance.code].labels[i] for i in chosen])
        return np.where(there, numbers, 0.0)

    def horizon(self, numbers: Floats, there: Mask, growth: float = 1.0) -> tuple[Floats, Mask]:
        """Of numbers by period of the plan those of the horizon and of the closing period.

        Of the closing period that is the plan's own number, or else `growth` times the last.
        """
        own = there[self.when]
        own[-1] &= self.when[-1] > self._instead[-1]
        instead = numbers[self._instead]
        instead[-1] *= growth
        return np.where(own, numbers[self.when], instead), own | there[self._instead]

    def missing(
        self,
        balance: Balance,
        item: Item,
        reference: Reference,
        there: Mask,
        when: Ints,
        labels: Sequence[tuple[str, ...]],
    ) -> None:
        """A finding for the first number that is not there, with how many there are."""
        lacking = np.argwhere(~there)
        if not len(lacking):
            return
        t, cell = lacking[0]
        self.findings.append(
            finding(
                "balance_number_missing",
                item.home,
                item=f"{balance.code}.{item.code}",
                found=str(reference),
                labels=", ".join(labels[cell]) or "—",
                period=str(self.plan.header.periods[when[t]]),
                count=len({(int(when[t]), int(cell)) for t, cell in lacking}),
            )
        )

    def within(
        self, balance: Balance, item: Item, reference: Reference, numbers: Floats, low: float, high: float
    ) -> None:
        """A finding for the first number that is beyond what such a number can be."""
        wrong = np.argwhere((numbers < low) | (numbers > high))
        if len(wrong):
            t = int(wrong[0][0])
            self.findings.append(
                finding(
                    "balance_number_out_of_range",
                    item.home,
                    item=f"{balance.code}.{item.code}",
                    found=str(reference),
                    period=str(self.plan.header.periods[self.when[t]]),
                    value=float(numbers[tuple(wrong[0])]),
                    expected=f"≥ {low:g}" if np.isinf(high) else f"{low:g} – {high:g}",
                )
            )

    def price(self, balance: Balance, item: Item) -> Floats | None:
        """What a unit is worth, in the plan's currency, by period and cell; None if the balance does not say."""
        money = Unit.parse(self.plan.header.currency)
        if money is not None and (balance.unit.same_kind(money) or balance.unit.same_but_for_prices(money)):
            return np.full((self.count, len(self.cells[balance.code].of(item))), balance.unit.scale)
        return self.planned(balance, item, balance.price, Unit(1 / balance.unit.scale))

    def before(self, balance: Balance, item: Item, periods: int) -> Floats:
        """An item's quantity in so many periods before the horizon, the latest first; NaN where it is not known."""
        if item.quantity is None or self.first < periods:
            self.findings.append(
                finding("balance_past_unknown", item.home, item=f"{balance.code}.{item.code}", periods=periods)
            )
            return np.full((periods, len(self.cells[balance.code].of(item))), np.nan)
        numbers, there = self.numbers(balance, item, item.quantity, balance.unit)
        when = np.arange(self.first - 1, self.first - periods - 1, -1)
        chosen = self.cells[balance.code].of(item)
        labels = [self.cells[balance.code].labels[i] for i in chosen]
        self.missing(balance, item, item.quantity, there[when], when, labels)
        return np.where(there, numbers, np.nan)[when]
