"""A solution's words and numbers in one language, for documents."""

from __future__ import annotations

from collections.abc import Sequence

from bagdar.equations import Solution
from bagdar.finding import Finding
from bagdar.language import Language, phrase, signed
from bagdar.policy.deviation import deviation, measure
from bagdar.policy.expectations import Judged, Verdict, numbers
from bagdar.publish.labels import label_names
from bagdar.publish.units import unit_name


class Words:
    """The words of a solution's plan."""

    def __init__(self, solution: Solution, language: Language) -> None:
        self.solution, self.plan, self.language = solution, solution.plan, language

    def __call__(self, key: str, **facts: object) -> str:
        """A phrase, its {places} filled."""
        return phrase(key, self.language, **facts)

    def heads(self, *keys: str) -> tuple[str, ...]:
        """The heads of columns."""
        return tuple(self(f"tests_column_{key}") for key in keys)

    def verdict(self, verdict: Verdict, withdrawn: bool = False) -> str:
        """A verdict, and whether the expectation is withdrawn."""
        text = self(f"verdict_{verdict}")
        return self("verdict_withdrawn", verdict=text) if withdrawn else text

    def cell(self, code: str, labels: tuple[str, ...]) -> str:
        """The name of an indicator, and of its labels."""
        indicator = self.plan.indicators[code]
        named = label_names(self.plan, indicator, labels, self.language)
        return ", ".join([indicator.name(self.language), *named])

    def shock(self, code: str) -> str:
        """The name of a shock."""
        shock = next(s for s in self.plan.expectations.shocks if s.code == code)
        return shock.names.get(self.language) or code

    def small(self, value: float) -> str:
        """A number of three digits, with its sign."""
        return signed(float(f"{value:.3g}"), self.language)

    def moved(self, one: Judged) -> str:
        """By how much a shock moves a cell: in points, in per cent, or, where its sign can change, in its unit."""
        if one.before is None or one.after is None:
            return self("value_missing")
        if one.found == "0":
            return "0"
        indicator = self.plan.indicators[one.row.indicator]
        known = (*numbers(self.solution, (one.row.indicator, one.row.labels)), one.after)
        told = measure(indicator, (one.before,), known)
        by = self.small(deviation(one.before, one.after, told))
        if told == "points":
            return self("tests_points", value=by)
        unit = "%" if told == "per_cent" else unit_name(indicator, self.language)
        return f"{by}\N{NO-BREAK SPACE}{unit}".rstrip()

    def errors(self, findings: Sequence[Finding]) -> list[str]:
        """The errors among `findings`, a line each."""
        return [f.line(self.language) for f in findings if f.severity == "error"]
