"""The header: a plan's own account of itself, as `plan.toml` has it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

from bagdar.finding import Home
from bagdar.language import Names
from bagdar.period import Frequency, Period, periods


def _home() -> Any:
    return field(default_factory=Home, compare=False)


@dataclass(frozen=True)
class AccountCodes:
    """`[accounts]` of `plan.toml`: the codes of the indicators that make the plan's input-output table.

    `technical` and `output` must be there. Without `imports`, technical coefficients hold domestic inputs
    only; without `final_uses`, these are what is left of each product.
    """

    technical: str
    output: str
    imports: str = ""
    exports: str = ""
    final_uses: tuple[str, ...] = ()
    value_added: str = ""
    compensation: str = ""
    employment: tuple[str, ...] = ()
    home: Home = _home()


@dataclass(frozen=True)
class Header:
    """`plan.toml`. `horizon` holds the first and last plan period, `history` and `terminal` the first and last read.

    Periods after the horizon hold what leads read there; they are given, never solved.

    `data` is ``revised`` when history comes from statistics later than `plan_date`: results are then
    pseudo ex ante. `tolerance` is the solver's, on scaled step and residual.

    `ranks` is how balances are allocated (``epsilon``, ``exact`` or ``weighted``), `rank_slack` the share of a rank's
    demand that it may cost later ranks to keep it whole, `growth_after` by what share all grows a period after the
    horizon.
    """

    code: str
    title: Names
    profile: str
    base: Period
    horizon: tuple[Period, Period]
    history: Period
    terminal: Period
    frequency: Frequency
    currency: str
    plan_date: date
    data: Literal["revised", "as_of_plan_date"] = "as_of_plan_date"
    tolerance: float = 1e-10
    iterations: int = 50
    identity_tolerance: float = 1e-6
    ranks: str = "epsilon"
    rank_slack: float = 1e-4
    growth_after: float = 0.0
    headline: tuple[str, ...] = ()
    charts: tuple[str, ...] = ()
    model: str = ""
    accounts: AccountCodes | None = None
    home: Home = _home()

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """All that are read: history, horizon, and what lies beyond up to `terminal`."""
        return periods(self.history, self.terminal)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The same as labels."""
        return tuple(map(str, self.periods))

    @cached_property
    def plan_periods(self) -> tuple[Period, ...]:
        """The horizon's periods."""
        return periods(*self.horizon)
