"""The report's first page: what a reader in a hurry should know."""

from __future__ import annotations

from collections.abc import Sequence

from bagdar.equations import Solution
from bagdar.language import Language, number, phrase
from bagdar.period import Period
from bagdar.plan import Indicator
from bagdar.policy.counted import tally
from bagdar.policy.outcome import Comparison
from bagdar.publish.context import headline
from bagdar.publish.units import unit_beside
from bagdar.quantity import Quantity
from bagdar.statistics.growth import mean_growth


def summary(solution: Solution, compared: Sequence[Comparison], language: Language) -> tuple[str, ...]:
    """What a reader in a hurry should know, a sentence each."""
    header = solution.plan.header
    sentences = []
    real = next((i for i in headline(solution.plan) if i.price_basis.isdigit()), None)
    if real is not None:
        volume = solution.values[real.code]
        past = [p for p in header.periods if p <= header.base and volume.get(str(p)) is not None]
        first = past[0] if past else header.base
        last = header.horizon[1]
        planned = _mean_growth(volume, header.base, last)
        before = _mean_growth(volume, first, header.base)
        if planned is not None and before is not None and first < header.base:
            facts = {"planned": number(planned, language, 1), "past": number(before, language, 1)}
            years = {"first": header.horizon[0], "last": last, "before": first + 1, "base": header.base}
            sentences.append(phrase("summary_growth", language, name=real.name(language), **facts, **years))
    for code in header.charts:
        if code in solution.plan.indicators:
            sentences += _indicator_sentence(solution, solution.plan.indicators[code], language)
    better, worse = tally(compared)
    if better or worse:
        sentences.append(phrase("summary_outcome", language, better=better, worse=worse))
    if not solution.solved:
        sentences.insert(0, phrase("not_solved_page", language))
    if header.data == "revised":
        sentences.append(phrase("summary_pseudo", language))
    if any(i.role == "coefficient" for i in solution.plan.indicators.values()):
        sentences.append(phrase("summary_estimates", language))
    return tuple(sentences)


def _mean_growth(volume: Quantity, first: Period, last: Period) -> float | None:
    """The mean growth rate a year, whatever the plan's periods."""
    return mean_growth(volume.get(str(first)), volume.get(str(last)), (last - first) / first.per_year)


def _indicator_sentence(solution: Solution, indicator: Indicator, language: Language) -> list[str]:
    header = solution.plan.header
    quantity = solution.values[indicator.code]
    base, last = quantity.get(str(header.base)), quantity.get(str(header.horizon[1]))
    if base is None or last is None:
        return []
    unit = unit_beside(indicator, language)
    return [
        phrase(
            "summary_indicator",
            language,
            name=indicator.name(language),
            base=number(base, language, indicator.decimals),
            last=number(last, language, indicator.decimals),
            base_year=header.base,
            last_year=header.horizon[1],
            unit=f", {unit}" if unit else "",
        )
    ]
