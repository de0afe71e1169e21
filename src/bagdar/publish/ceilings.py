"""Ceilings for readers: which hold, what they change in the model, and that none holds where none could."""

from __future__ import annotations

from dataclasses import dataclass

from bagdar.balances.loop import Settled
from bagdar.language import Language, number
from bagdar.plan import Indicator
from bagdar.publish.context import headline
from bagdar.publish.labels import label_names
from bagdar.publish.units import unit_name


@dataclass(frozen=True)
class Effect:
    """A headline indicator by plan period, without ceilings and with them; None where it has no number."""

    indicator: Indicator
    without: tuple[float | None, ...]
    held: tuple[float | None, ...]

    def shown(self, language: Language, missing: str) -> list[tuple[str, str]]:
        """Both as they are printed."""
        told = [
            [missing if value is None else number(value, language, self.indicator.decimals) for value in values]
            for values in (self.without, self.held)
        ]
        return list(zip(*told, strict=True))


def effects(settled: Settled) -> list[Effect]:
    """The headline indicators that are others with ceilings than without, as far as is printed."""
    if not settled.caps:
        return []
    plan, found = settled.before.plan, []
    periods = [str(period) for period in plan.header.plan_periods]
    for indicator in headline(plan):
        without, held = (one.values[indicator.code] for one in (settled.before, settled.solution))
        effect = Effect(indicator, tuple(map(without.get, periods)), tuple(map(held.get, periods)))
        if any(one != other for one, other in effect.shown("en", "")):
            found.append(effect)
    return found


def told_caps(settled: Settled, language: Language) -> str:
    """Every ceiling: of what, when, and how much, in its unit."""
    plan, told = settled.before.plan, []
    for (code, labels, period), cap in settled.caps.items():
        indicator = plan.indicators[code]
        name = ", ".join([indicator.name(language), *label_names(plan, indicator, labels, language), str(period)])
        told.append(f"{name}: {number(cap, language)} {unit_name(indicator, language)}".strip())
    return "; ".join(told)


def unanswered(settled: Settled) -> bool:
    """Whether something is short and no indicator is capped by any of it: the model then knows nothing of it.

    What hangs on it may cap one all the same.
    """
    short = {".".join(one.level.key) for one in settled.first.shortages()}
    capped = {indicator.capped_by for indicator in settled.before.plan.indicators.values()}
    return bool(short) and not settled.caps and not short & capped
