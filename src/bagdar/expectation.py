"""What an economist expects of a plan's model before it is solved: shocks, signs, ranges, and what closes it.

None of it determines a result: it is held against results (`policy.model_tests`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from bagdar.address import Address
from bagdar.finding import Home
from bagdar.language import Names
from bagdar.period import Period

SHIFTS = ("set", "add", "scale")
SIGNS = ("+", "-", "0", "")
Cell = tuple[str, tuple[str, ...]]


def _home() -> Any:
    return field(default_factory=Home, compare=False)


@dataclass(frozen=True)
class Shift:
    """A row of `expectations/shocks.csv`: `op` with `amount` at `address`, which has no period.

    It moves every plan period from `first` to `last`; None leaves that end open. An address without labels
    means every cell of its indicator that holds a number.
    """

    address: Address
    op: Literal["set", "add", "scale"]
    amount: float
    first: Period | None = None
    last: Period | None = None
    home: Home = _home()


@dataclass(frozen=True)
class Shock:
    """The rows of `expectations/shocks.csv` with one code: made together, and the model solved once.

    `added` says when and why the shock was written or defined anew after the model was first solved.
    """

    code: str
    names: Names
    shifts: tuple[Shift, ...]
    added: str = ""
    home: Home = _home()


@dataclass(frozen=True)
class Sign:
    """A row of `expectations/signs.csv`: which way a shock moves a cell, in its first and in the last plan period.

    `first` and `last` are one of `SIGNS`; the empty one is no expectation. `replaces` says when and why this row
    took the place of an earlier one, which is then `withdrawn`: it is tested and shown all the same. `added` says
    when and why the row, or its shock, was written after the model was first solved.
    """

    shock: str
    indicator: str
    labels: tuple[str, ...]
    first: str
    last: str
    reason: str
    source: str = ""
    replaces: str = ""
    withdrawn: bool = False
    added: str = ""
    home: Home = _home()

    @property
    def later(self) -> bool:
        """Whether it was written when the model had been solved: it may know what came out."""
        return bool(self.added or self.replaces)


@dataclass(frozen=True)
class Range:
    """A row of `expectations/ranges.csv`: where the deviation of `effect`, over that of `per`, must lie.

    `period` is ``first`` (the shock's), ``last`` (the plan's) or a plan period. `replaces`, `withdrawn` and `added`
    are as a sign's.
    """

    code: str
    names: Names
    shock: str
    effect: Cell
    per: Cell
    period: str
    low: float
    high: float
    reason: str
    source: str = ""
    replaces: str = ""
    withdrawn: bool = False
    added: str = ""
    home: Home = _home()

    @property
    def later(self) -> bool:
        """Whether it was written when the model had been solved: it may know what came out."""
        return bool(self.added or self.replaces)


@dataclass(frozen=True)
class Balance:
    """A row of `closure.csv`: a balance of the model, the indicator that is its residual, and of what."""

    code: str
    names: Names
    residual: str
    determined_by: tuple[str, ...] = ()
    note: str = ""
    home: Home = _home()


@dataclass(frozen=True)
class Expectations:
    """All of it, in the order of the files: the order of two rows for one cell tells which is the later."""

    shocks: tuple[Shock, ...] = ()
    signs: tuple[Sign, ...] = ()
    ranges: tuple[Range, ...] = ()
    closure: tuple[Balance, ...] = ()
    # Indicators declared to double, or not to, with the value of money, where their unit says something else.
    nominal: tuple[str, ...] = ()
    real: tuple[str, ...] = ()
