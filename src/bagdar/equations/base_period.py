"""The base period held against the equations: what each is off by there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bagdar.equations.model import Equation
from bagdar.equations.solution import CLOSED, Solution
from bagdar.equations.system import System


@dataclass(frozen=True)
class Residual:
    """An equation in the base period, with its add-factor there: both sides, and how far they are apart.

    `share` is |left − right| over the largest of the two sides and, for an identity, of its terms.
    """

    equation: Equation
    left: float
    right: float
    share: float

    @property
    def closes(self) -> bool:
        """Whether the base period is reproduced, to rounding."""
        return self.share <= CLOSED


@dataclass(frozen=True)
class BasePeriod:
    """Every equation in the base period: its residual, the furthest off first, or why there is none.

    `before` are equations that lack nothing but numbers of periods before the base: the test is not applicable to
    them. `unread` lack a number of the base period itself.
    """

    residuals: tuple[Residual, ...]
    unread: tuple[Equation, ...]
    before: tuple[Equation, ...]


def base_period(solution: Solution) -> BasePeriod:
    """The base period held against the equations.

    If none is off, solving the base period gives its own numbers: it is reproduced exactly. Equations of
    indicators that are only reported are left out where a number is missing.
    """
    system = System(solution.plan, solution.program)
    system.table[:] = solution.numbers()
    every = np.arange(len(system.equations), dtype=np.int32)
    values, largest = system.values(every, system.base)
    left = system.x[system.base, system.layout.left[every]]
    off = np.abs(left - values)
    size = np.maximum(np.maximum(np.abs(left), np.abs(values)), largest)
    residuals, unread = [], []
    for i, equation in enumerate(system.equations):
        if np.isnan(off[i]):
            unread += [] if system.reported[i] else [i]
            continue
        share = float(off[i] / size[i]) if off[i] else 0.0
        residuals.append(Residual(equation, float(left[i]), float(values[i]), share))
    before = _wanting_earlier(system, unread)
    return BasePeriod(
        tuple(sorted(residuals, key=lambda r: -r.share)),
        tuple(system.equations[i] for i in unread if system.left(i) not in before),
        tuple(system.equations[i] for i in unread if system.left(i) in before),
    )


def _wanting_earlier(system: System, unread: list[int]) -> set[int]:
    """The cells of the equations that lack only numbers before the base, or each other's results made from such."""
    lacks = {system.left(i): places for i in unread if (places := system.missing(i, system.base))}
    while outside := {
        cell for cell, places in lacks.items() if any(t >= system.base and read not in lacks for t, read in places)
    }:
        lacks = {cell: places for cell, places in lacks.items() if cell not in outside}
    return set(lacks)
