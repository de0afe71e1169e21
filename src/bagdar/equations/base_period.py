"""The base period held against the equations: what each is off by there."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

from bagdar.equations.model import Equation
from bagdar.equations.program import Compiled
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
    system.x = solution.numbers()
    residuals, unread = [], []
    for compiled in system.equations:
        values = system.evaluate(compiled.right, system.base)
        left = system.x[system.base][compiled.left]
        if values is None or isnan(left):
            unread += [] if system.reported(compiled) else [compiled]
            continue
        size = max(abs(left), abs(values[0]), system.largest_term(compiled, system.base))
        off = abs(left - values[0])
        residuals.append(Residual(compiled.equation, left, values[0], off / size if off else 0.0))
    before = _wanting_earlier(system, unread)
    return BasePeriod(
        tuple(sorted(residuals, key=lambda r: -r.share)),
        tuple(c.equation for c in unread if c.left not in before),
        tuple(c.equation for c in unread if c.left in before),
    )


def _wanting_earlier(system: System, unread: list[Compiled]) -> set[int]:
    """The cells of the equations that lack only numbers before the base, or each other's results made from such."""
    lacks = {c.left: places for c in unread if (places := system.missing(c, system.base))}
    while outside := {
        cell for cell, places in lacks.items() if any(t >= system.base and read not in lacks for t, read in places)
    }:
        lacks = {cell: places for cell, places in lacks.items() if cell not in outside}
    return set(lacks)
