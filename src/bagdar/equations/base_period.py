"""The base period held against the equations: what each is off by there."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

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


def base_residuals(solution: Solution) -> tuple[tuple[Residual, ...], tuple[Equation, ...]]:
    """(every equation in the base period, the furthest off first; those of which a number is missing there).

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
            unread += [] if system.reported(compiled) else [compiled.equation]
            continue
        size = max(abs(left), abs(values[0]), system.largest_term(compiled, system.base))
        off = abs(left - values[0])
        residuals.append(Residual(compiled.equation, left, values[0], off / size if off else 0.0))
    return tuple(sorted(residuals, key=lambda r: -r.share)), tuple(unread)
