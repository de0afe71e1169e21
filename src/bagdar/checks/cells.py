"""The cells of a plan, one after another, for checks that look at each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bagdar.address import Address
from bagdar.finding import Home
from bagdar.period import Period
from bagdar.plan import Indicator, Plan
from bagdar.quantity import STATUSES, Quantity


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


def cells(plan: Plan, indicator: Indicator, quantity: Quantity) -> Iterator[Cell]:
    """Every present cell of `quantity`."""
    timed = "period" in quantity.dims
    for place in np.argwhere(quantity.present):
        at = tuple(int(i) for i in place)
        labels = tuple(axis[i] for axis, i in zip(quantity.labels, at, strict=True))
        origin = int(quantity.homes[at][0])
        yield Cell(
            indicator,
            labels[:-1] if timed else labels,
            Period.parse(labels[-1]) if timed else None,
            float(quantity.values[at]),
            STATUSES[int(quantity.status[at])],
            plan.origins[origin].source if origin >= 0 else "",
            plan.home(quantity, at),
        )


def given_cells(plan: Plan) -> Iterator[Cell]:
    """Every number that the folder states for the plan's own use."""
    for indicator in plan.indicators.values():
        yield from cells(plan, indicator, plan.values[indicator.code])
