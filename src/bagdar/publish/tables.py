"""A solution's tables: headline, sections, outcome, assumptions, targets, variants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from bagdar.equations import Solution
from bagdar.language import Language, number, phrase
from bagdar.plan import Indicator
from bagdar.policy.deviation import Measure
from bagdar.policy.naive import Spread, is_rate
from bagdar.policy.outcome import Comparison
from bagdar.policy.variants import Effect, arising, told_in
from bagdar.publish.content import Figure, Line, Table
from bagdar.publish.figures import anchor, figure, held_figure, indicator_anchor, read_off, weakest
from bagdar.publish.labels import label_names
from bagdar.publish.units import unit_beside, unit_name
from bagdar.statistics.growth import growth, mean_absolute

# What is left of rounding where a coefficient was set so that the equation gives the base period.
NOTHING = 1e-12

SHOWN_HISTORY = 5  # periods of history beside the plan


def shown_periods(solution: Solution) -> tuple[str, ...]:
    """The columns of the plan's tables: the last years of history, and the horizon."""
    header = solution.plan.header
    past = [p for p in header.periods if p <= header.base][-SHOWN_HISTORY:]
    return tuple(str(p) for p in (*past, *header.plan_periods))


def planned_from(solution: Solution) -> int:
    """The position of the first plan year among `shown_periods`."""
    return len(shown_periods(solution)) - len(solution.plan.header.plan_periods)


def indicator_table(
    solution: Solution, indicators: Iterable[Indicator], title: str, language: Language, growing: bool
) -> Table:
    """Indicators without dims, a line each; below a level its growth, if `growing`."""
    columns = shown_periods(solution)
    lines = []
    for indicator in indicators:
        figures = tuple(figure(solution, indicator, p, language) for p in columns)
        lines.append(Line(indicator.name(language), unit_beside(indicator, language), figures))
        if growing and not is_rate(indicator):
            lines.append(_growth_line(solution, indicator, columns, language))
    return Table(title, columns, tuple(lines), planned_from(solution))


def _growth_line(solution: Solution, indicator: Indicator, columns: Sequence[str], language: Language) -> Line:
    quantity = solution.values[indicator.code]
    periods = [str(p) for p in solution.plan.header.periods]
    figures = []
    for column in columns:
        at = periods.index(column)
        year = solution.plan.header.base.per_year  # quarters are held against the same quarter a year before
        earlier = periods[at - year] if at >= year else ""
        rate = growth(quantity.get(column), quantity.get(earlier) if earlier else None)
        status = weakest(quantity, (column,), (earlier,))
        figures.append(read_off(rate, language, 1, anchor(indicator.code, period=column), status=status))
    return Line(phrase("growth_line", language), "", tuple(figures), "growth")


def outcome_table(solution: Solution, compared: Iterable[Comparison], language: Language) -> Table:
    """Plan, outcome and naive forecast, three lines an indicator."""
    periods = solution.plan.header.plan_periods
    lines = []
    for one in compared:
        indicator, decimals = one.indicator, one.indicator.decimals
        plan_line = tuple(figure(solution, indicator, str(p), language) for p in periods)
        happened = solution.plan.outcomes[indicator.code]
        true_line = tuple(held_figure(happened, indicator, (str(p),), language, "o") for p in periods)
        origin = anchor(indicator.code, period=str(solution.plan.header.base))
        naive_line = tuple(read_off(one.naive.get(p), language, decimals, origin) for p in periods)
        name = f"{indicator.name(language)} — {phrase('series_plan', language).lower()}"
        lines.append(Line(name, unit_beside(indicator, language), plan_line))
        lines.append(Line(phrase("series_outcome", language), "", true_line, "growth"))
        lines.append(Line(phrase("series_naive", language), "", naive_line, "growth"))
        if one.hindsight and one.standing != "given":
            link = indicator_anchor(indicator.code)
            known = tuple(read_off(one.hindsight.get(p), language, decimals, link) for p in periods)
            lines.append(Line(phrase("series_hindsight", language), "", known, "growth"))
    columns = tuple(str(p) for p in periods)
    return Table(
        phrase("table_outcome", language),
        columns,
        tuple(lines),
        len(columns),
        phrase("outcome_note", language),
    )


def error_tables(compared: Sequence[Comparison], language: Language) -> tuple[Table, ...]:
    """Mean absolute errors of plan and naive forecast: what is counted, the same in other forms, what was given."""
    titles = {"counted": "table_errors", "repeated": "table_errors_repeated", "given": "table_errors_given"}
    groups = {standing: [c for c in compared if c.standing == standing] for standing in titles}
    return tuple(
        _error_table(group, phrase(titles[standing], language), language, standing)
        for standing, group in groups.items()
        if group
    )


def _error_table(compared: Sequence[Comparison], title: str, language: Language, standing: str) -> Table:
    """A line an indicator; for what the model determines also hindsight, for what is counted also the mean."""
    known = standing != "given" and any(one.hindsight for one in compared)
    names = ["column_plan", "column_naive", *(["column_hindsight"] if known else [])]
    columns = tuple(phrase(name, language) for name in names)
    lines, rows = [], []
    for one in compared:
        errors = [one.plan_error, one.naive_error, *([one.hindsight_error] if known else [])]
        link = indicator_anchor(one.indicator.code)
        figures = tuple(read_off(e, language, 1, link) for e in errors)
        lines.append(Line(one.indicator.name(language), "", figures))
        rows.append([e for e in errors if e is not None])
    whole = [row for row in rows if len(row) == len(columns)]
    if standing == "counted" and whole:
        means = (mean_absolute(column) for column in zip(*whole, strict=True))
        figures = tuple(read_off(m, language, 1, "outcome") for m in means)
        lines.append(Line(phrase("errors_mean", language), "", figures))
    return Table(title, columns, tuple(lines), len(columns))


def assumption_table(solution: Solution, language: Language) -> Table:
    """Exogenous paths and levers over base and horizon."""
    header = solution.plan.header
    columns = tuple(str(p) for p in (header.base, *header.plan_periods))
    given = [i for i in solution.plan.indicators.values() if i.role in ("exogenous", "lever") and not i.dims]
    lines = tuple(
        Line(
            i.name(language),
            unit_beside(i, language),
            tuple(figure(solution, i, p, language) for p in columns),
        )
        for i in given
    )
    return Table(phrase("table_assumptions", language), columns, lines, 1)


def estimate_table(solution: Solution, language: Language) -> Table:
    """Figures of history that are estimates or assumptions."""
    columns = shown_periods(solution)[: planned_from(solution)]
    lines = []
    for indicator in solution.plan.indicators.values():
        quantity = solution.plan.values[indicator.code]
        if indicator.role == "coefficient" or indicator.dims:
            continue
        figures = tuple(held_figure(quantity, indicator, (p,), language) for p in columns)
        if any(f.mark in ("estimate", "assumption") for f in figures):
            lines.append(Line(indicator.name(language), unit_beside(indicator, language), figures))
    return Table(phrase("table_estimates", language), columns, tuple(lines), len(columns))


def coefficient_table(solution: Solution, language: Language) -> Table:
    """Every coefficient without dims."""
    lines = tuple(
        Line(
            indicator.name(language),
            unit_beside(indicator, language),
            (held_figure(solution.plan.values[indicator.code], indicator, (), language),),
        )
        for indicator in solution.plan.indicators.values()
        if indicator.role == "coefficient" and not indicator.dims
    )
    return Table(phrase("table_coefficients", language), (phrase("column_value", language),), lines, 1)


def target_table(solution: Solution, language: Language) -> Table:
    """Targets beside the plan."""
    lines = []
    for target in solution.plan.targets:
        indicator = solution.plan.indicators[target.indicator]
        sense = {">=": "≥", "<=": "≤", "=": "="}[target.sense]
        text = f"{sense} {number(target.value, language, indicator.decimals)}"
        stated = Figure(text, indicator_anchor(indicator.code))
        name = f"{indicator.name(language)}, {target.period}"
        held = figure(solution, indicator, str(target.period), language, target.labels)
        lines.append(Line(name, unit_beside(indicator, language), (stated, held)))
    columns = (phrase("column_target", language), phrase("column_plan", language))
    return Table(phrase("table_targets", language), columns, tuple(lines), len(columns))


def variant_table(
    solution: Solution, effect: Effect, title: str, indicators: Sequence[Indicator], language: Language
) -> Table:
    """The effect of a solved variant on each headline indicator, year by year, and what only the variant has."""
    periods = tuple(str(p) for p in solution.plan.header.plan_periods)
    lines = []
    for indicator in indicators:
        told = told_in(solution, (effect,), indicator.code)
        on = [effect.on(solution, indicator.code, p, told) for p in periods]
        lines.append(_effect_line(indicator, on, told, language))
    for code, labels in arising(solution, effect):
        indicator = solution.plan.indicators[code]
        name = ", ".join([indicator.name(language), *label_names(solution.plan, indicator, labels, language)])
        values = (effect.solution.values[code].get(*labels, p) for p in periods)
        link = indicator_anchor(code)
        shown = tuple(read_off(v, language, indicator.decimals, link, signed=True) for v in values)
        lines.append(Line(name, unit_name(indicator, language), shown))
    return Table(title, periods, tuple(lines), len(periods))


def variants_table(
    solution: Solution, solved: Mapping[str, Effect], indicators: Sequence[Indicator], language: Language
) -> Table:
    """Solved variants, by their titles, side by side: their effects on each indicator in the last plan period.

    An indicator that no variant moves is left out.
    """
    last = str(solution.plan.header.horizon[1])
    lines = []
    for indicator in indicators:
        told = told_in(solution, tuple(solved.values()), indicator.code)
        on = [effect.on(solution, indicator.code, last, told) for effect in solved.values()]
        if any(on):
            lines.append(_effect_line(indicator, on, told, language))
    title = phrase("table_variants", language, period=last)
    return Table(title, tuple(solved), tuple(lines), len(solved))


def _effect_line(indicator: Indicator, on: Sequence[float | None], told: Measure, language: Language) -> Line:
    """Effects on an indicator; its unit stands beside its name where they are told in it."""
    link = indicator_anchor(indicator.code)
    figures = tuple(read_off(value, language, 2, link, signed=True) for value in on)
    return Line(indicator.name(language), unit_name(indicator, language) if told == "unit" else "", figures)


def add_factor_table(solution: Solution, language: Language) -> Table:
    """The base period's and the horizon's add-factor of every behavioural equation; those of nothing are counted."""
    header = solution.plan.header
    columns = tuple(str(p) for p in (header.base, *header.plan_periods))
    lines: list[Line] = []
    none = 0
    for code, quantity in sorted(solution.add_factors.items()):
        indicator, link = solution.plan.indicators[code], indicator_anchor(code)
        for labels in product(*quantity.labels[:-1]):
            figures = tuple(read_off(quantity.get(*labels, p), language, 4, link, signed=True) for p in columns)
            held = [v for p in columns if (v := quantity.get(*labels, p)) is not None]
            if held and all(abs(v) <= NOTHING for v in held):
                none += 1
            elif held:
                named = [
                    indicator.name(language),
                    " — ".join(label_names(solution.plan, indicator, labels, language)),
                ]
                lines.append(Line(", ".join(filter(None, named)), "", figures))
    note = phrase("add_factors_of_nothing", language, count=none) if none else ""
    return Table(phrase("method_add_factors", language), columns, tuple(lines), 1, note)


def chart_table(  # what a chart shows
    solution: Solution,
    indicator: Indicator,
    compared: Comparison | None,
    language: Language,
    labels: tuple[str, ...] = (),
    band: Sequence[Spread] = (),
) -> Table:
    """The numbers of an indicator's chart, its band included."""
    columns = shown_periods(solution)
    figures = tuple(figure(solution, indicator, p, language, labels) for p in columns)
    lines = [Line(phrase("series_plan", language), unit_beside(indicator, language), figures)]
    said: dict[str, dict[str, float]] = {}
    if compared is not None:
        said = {"outcome": {str(p): v for p, v in compared.outcome.items()}}
        said["naive"] = {str(p): v for p, v in compared.naive.items()}
    if band:
        said["band_low"] = {str(one.period): one.low for one in band}
        said["band_high"] = {str(one.period): one.high for one in band}
    origin = indicator_anchor(indicator.code)
    for kind, by_text in said.items():
        row = tuple(read_off(by_text.get(p), language, indicator.decimals, origin) for p in columns)
        lines.append(Line(phrase(f"series_{kind}", language), "", row, "growth"))
    title = " — ".join([indicator.name(language), *label_names(solution.plan, indicator, labels, language)])
    return Table(title, columns, tuple(lines), planned_from(solution))
