"""What every part of a report is written from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bagdar.equations import Solution
from bagdar.language import Language, phrase
from bagdar.plan import SECTIONS, Indicator, Plan
from bagdar.policy.outcome import Comparison
from bagdar.policy.variants import Effect

if TYPE_CHECKING:
    from bagdar.balances.loop import Settled


@dataclass(frozen=True)
class Context:
    """A solution, what was made of it, and the language that a part is written in.

    settled: the plan's balances allocated by rank; None where it has none.
    """

    solution: Solution
    compared: Sequence[Comparison]
    effects: Sequence[Effect]
    language: Language
    settled: Settled | None = None

    @property
    def plan(self) -> Plan:
        """The plan that was solved."""
        return self.solution.plan

    def say(self, key: str, **facts: object) -> str:
        """A phrase in the report's language."""
        return phrase(key, self.language, **facts)

    @property
    def headline(self) -> list[Indicator]:
        """The headline indicators that the plan names; all endogenous ones without dims if it names none."""
        return headline(self.plan)


def headline(plan: Plan) -> list[Indicator]:
    """The headline indicators that the plan names; all endogenous ones without dims if it names none."""
    named = [plan.indicators[c] for c in plan.header.headline if c in plan.indicators and not plan.indicators[c].dims]
    return named or [i for i in plan.indicators.values() if i.role == "endogenous" and not i.dims][:15]


def section_of(indicator: Indicator) -> str:
    """The part of the report that an indicator stands in."""
    return indicator.section if indicator.section in SECTIONS else "other"
