"""The cells of a plan for checks that look at each: chosen by masks, walked only where something is wrong.

A plan has millions of cells, so what is asked of all of them is asked of whole arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from bagdar.address import Address
from bagdar.finding import Home
from bagdar.period import Period
from bagdar.plan import Indicator, Origin, Plan
from bagdar.quantity import PERIOD, STATUSES, Mask, Quantity, Values

_FINEST = 0.5e-9


@dataclass(frozen=True)
class Cell:
    """A present number of an indicator, with what is known of it."""

    indicator: Indicator
    labels: tuple[str, ...]
    period: Period | None
    value: float
    status: str
    source: str
    home: Home

    @property
    def address(self) -> Address:
        """Its address; a coefficient's has no period."""
        kind = self.indicator.role if self.indicator.role in ("lever", "coefficient") else "value"
        return Address(kind, self.indicator.code, self.labels, self.period)


def cell(plan: Plan, indicator: Indicator, quantity: Quantity, at: tuple[int, ...]) -> Cell:
    """The cell at a place of `quantity`."""
    labels = tuple(axis[i] for axis, i in zip(quantity.labels, at, strict=True))
    timed = PERIOD in quantity.dims
    origin = int(quantity.homes[at][0])
    return Cell(
        indicator,
        labels[:-1] if timed else labels,
        Period.parse(labels[-1]) if timed else None,
        float(quantity.values[at]),
        STATUSES[int(quantity.status[at])],
        plan.origins[origin].source if origin >= 0 else "",
        plan.home(quantity, at),
    )


def cells(plan: Plan, indicator: Indicator, quantity: Quantity, where: Mask | bool = True) -> Iterator[Cell]:
    """Every present cell of `quantity` at which `where` holds."""
    for place in np.argwhere(quantity.present & where):
        yield cell(plan, indicator, quantity, tuple(int(i) for i in place))


def given_cells(plan: Plan, where: Callable[[Quantity], Mask | bool]) -> Iterator[Cell]:
    """Every number that the folder states for the plan's own use and at which `where` holds."""
    for indicator in plan.indicators.values():
        quantity = plan.values[indicator.code]
        yield from cells(plan, indicator, quantity, where(quantity))


def from_origins(plan: Plan, quantity: Quantity, holds: Callable[[Origin], bool]) -> Mask:
    """Which cells come from files and sources of which `holds` is true; what is written down nowhere does not."""
    said = np.array([*(holds(origin) for origin in plan.origins), False])
    return np.asarray(said[quantity.homes[..., 0]])  # −1, nowhere, is the last


def in_periods(quantity: Quantity, holds: Callable[[Period], bool]) -> Mask:
    """Which cells are of a period of which `holds` is true, to be combined with a mask of all; none if undated."""
    if PERIOD not in quantity.dims:
        return np.zeros((), bool)
    parsed = (Period.parse(label) for label in quantity.labels[-1])
    return np.array([period is not None and holds(period) for period in parsed], bool)


def with_status(quantity: Quantity, *statuses: str) -> Mask:
    """Which cells are of one of these statuses."""
    return np.isin(quantity.status, [STATUSES.index(status) for status in statuses])


def worst(off: Mask, size: Values, timed: bool = True) -> Iterator[tuple[int, ...]]:
    """Places where `off` holds: of each choice of labels the period in which `size` is largest, the first of equals."""
    if not timed:
        yield from (tuple(int(i) for i in place) for place in np.argwhere(off))
        return
    sizes = np.where(off, size, -1.0)
    for place in np.argwhere(off.any(-1)):
        labels = tuple(int(i) for i in place)
        yield (*labels, int(sizes[labels].argmax()))


def first_of_rows(quantity: Quantity, where: Mask) -> Iterator[tuple[int, ...]]:
    """Of each row of a file in which `where` holds the first cell at which it does."""
    places = np.argwhere(where)
    rows = quantity.homes[where][:, :2]
    _, first = np.unique(rows, axis=0, return_index=True)
    yield from (tuple(int(i) for i in places[at]) for at in sorted(first))


def half_digit(values: Values, present: Mask) -> Values:
    """Half a unit of the last decimal to which each value is printed: how far it may be rounded, at least 0.5e-9.

    110.0 among tenths is one of them: no number is held rounder than the middle one of all.
    """
    half: Values = np.full(values.shape, _FINEST)
    for decimals in range(8, -1, -1):
        half[np.abs(np.round(values, decimals) - values) <= 1e-12 * np.abs(values)] = 0.5 * 10.0**-decimals
    printed = np.sort(half[present & (half > _FINEST)])
    return np.asarray(np.minimum(half, printed[printed.size // 2])) if printed.size else half
