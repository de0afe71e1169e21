"""A solution as a report: what a ministry reads, in one language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from bagdar import __version__
from bagdar.equations import Solution
from bagdar.finding import Finding
from bagdar.language import LANGUAGES, Language, number, phrase, scientific, written_date
from bagdar.period import Period
from bagdar.plan import SECTIONS, Indicator
from bagdar.policy.outcome import Comparison, compare
from bagdar.policy.variants import Effect
from bagdar.publish import tables
from bagdar.publish.chart import line_chart
from bagdar.publish.content import Chart, Notice, Report, Section, Series, Table
from bagdar.publish.indicator_system import indicator_system
from bagdar.publish.prose import chapter
from bagdar.publish.sources import errata, sources
from bagdar.publish.structure import structure
from bagdar.publish.traces import traces
from bagdar.publish.units import unit_name
from bagdar.quantity import Quantity
from bagdar.statistics.growth import mean_growth


def report(
    solution: Solution,
    found: Sequence[Finding],
    accepted: Sequence[Finding],
    effects: Sequence[Effect],
    hindsight: Solution | None,
    language: Language,
    variant: str = "",
) -> Report:
    """The whole report. `found` and `accepted` are the findings as `checks.check` gives them."""
    header = solution.plan.header
    listed = dict.fromkeys([*_headline(solution), *solution.plan.indicators.values()])
    compared = [c for i in listed if (c := compare(solution, i, hindsight)) is not None]
    subtitle = phrase(
        "subtitle",
        language,
        base=header.base,
        first=header.horizon[0],
        last=header.horizon[1],
        date=written_date(header.plan_date, language),
    )
    if variant:
        title = solution.plan.variant_titles[variant].get(language) or variant
        subtitle = f"{phrase('subtitle_variant', language, title=title)} {subtitle}"
    return Report(
        language,
        header.title.get(language) or header.code,
        subtitle,
        _summary(solution, compared, language),
        tuple(s for s in _sections(solution, compared, effects, language) if s.tables or s.charts or s.prose),
        _notices(solution, found, accepted, language),
        traces(solution, language),
        phrase(
            "identity" if solution.solved else "identity_unsolved",
            language,
            hash=solution.plan.hash[:16],
            version=__version__,
        ),
        tuple((other, f"{other}.html") for other in LANGUAGES if other != language),
    )


def _headline(solution: Solution) -> list[Indicator]:
    """The headline indicators that the plan names; all endogenous ones without dims if it names none."""
    plan = solution.plan
    named = [plan.indicators[c] for c in plan.header.headline if c in plan.indicators and not plan.indicators[c].dims]
    return named or [i for i in plan.indicators.values() if i.role == "endogenous" and not i.dims][:15]


def _summary(solution: Solution, compared: Sequence[Comparison], language: Language) -> tuple[str, ...]:
    header = solution.plan.header
    sentences = []
    real = next((i for i in _headline(solution) if i.price_basis.isdigit()), None)
    if real is not None:
        volume = solution.values[real.code]
        past = [p for p in header.periods if p <= header.base and volume.get(str(p)) is not None]
        first = past[0] if past else header.base
        last = header.horizon[1]
        planned = _mean_growth(volume, header.base, last)
        before = _mean_growth(volume, first, header.base)
        if planned is not None and before is not None:
            facts = {"planned": number(planned, language, 1), "past": number(before, language, 1)}
            years = {"first": header.horizon[0], "last": last, "before": first + 1, "base": header.base}
            sentences.append(phrase("summary_growth", language, name=real.names.get(language), **facts, **years))
    for code in header.charts:
        if code in solution.plan.indicators:
            sentences += _indicator_sentence(solution, solution.plan.indicators[code], language)
    own = [(c.plan_error, c.naive_error) for c in compared if c.indicator.role == "endogenous"]
    judged = [(p, n) for p, n in own if p is not None and n is not None]
    if judged:
        better, worse = sum(p < n for p, n in judged), sum(p > n for p, n in judged)
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
    unit = unit_name(indicator, language)
    return [
        phrase(
            "summary_indicator",
            language,
            name=indicator.names.get(language),
            base=number(base, language, indicator.decimals),
            last=number(last, language, indicator.decimals),
            base_year=header.base,
            last_year=header.horizon[1],
            unit=f" ({unit})" if unit else "",
        )
    ]


def _sections(
    solution: Solution, compared: Sequence[Comparison], effects: Sequence[Effect], language: Language
) -> list[Section]:
    say: Callable[[str], str] = lambda key: phrase(key, language)  # noqa: E731  # shorter here than a def
    plan, headline = solution.plan, _headline(solution)
    main = tables.indicator_table(solution, headline, say("table_headline"), language, growing=True)
    charts = tuple(_chart(solution, plan.indicators[c], language) for c in plan.header.charts if c in plan.indicators)
    sections = [
        Section("headline", say("section_headline"), chapter(plan, "introduction", language), (main,), charts),
        structure(solution, language),
        _outcome_section(solution, compared, language),
    ]
    for code in (*SECTIONS, "other"):
        listed = [i for i in plan.indicators.values() if i.role != "coefficient" and _section_of(i) == code]
        scalars = [i for i in listed if not i.dims and solution.values[i.code].present.any()]
        shown = (
            [tables.indicator_table(solution, scalars, say(f"section_{code}"), language, growing=False)]
            if scalars
            else []
        )
        shown += tables.labelled_tables(solution, [i for i in listed if i.dims], language)
        sections.append(Section(code, say(f"section_{code}"), chapter(plan, code, language), tuple(shown)))
    sections.append(indicator_system(solution, language))
    sections.append(
        Section("targets", say("section_targets"), "", _unless_empty(tables.target_table(solution, language)))
    )
    sections.append(_variant_section(solution, effects, headline, language))
    given = (
        tables.assumption_table(solution, language),
        tables.estimate_table(solution, language),
        tables.coefficient_table(solution, language),
    )
    labelled = [i for i in plan.indicators.values() if i.dims and i.role == "coefficient"]
    kept = (*(t for one in given for t in _unless_empty(one)), *tables.labelled_tables(solution, labelled, language))
    sections.append(Section("assumptions", say("section_assumptions"), chapter(plan, "assumptions", language), kept))
    sections.append(_method_section(solution, language))
    sections.append(Section("sources", say("section_sources"), sources(plan, language) + errata(plan, language)))
    return sections


def _section_of(indicator: Indicator) -> str:
    return indicator.section if indicator.section in SECTIONS else "other"


def _unless_empty(table: Table) -> tuple[Table, ...]:
    return (table,) if table.lines else ()


def _outcome_section(solution: Solution, compared: Sequence[Comparison], language: Language) -> Section:
    own = [c for c in compared if c.indicator.role == "endogenous"]
    given = [c for c in compared if c.indicator.role != "endogenous"]
    shown: list[Table] = []
    if compared:
        shown.append(tables.error_table(own, phrase("table_errors", language), language, own=True))
        if given:
            shown.append(tables.error_table(given, phrase("table_errors_given", language), language, own=False))
        shown.append(tables.outcome_table(solution, compared, language))
    prose = chapter(solution.plan, "outcome", language) if compared else ""
    return Section("outcome", phrase("section_outcome", language), prose, tuple(shown))


def _variant_section(
    solution: Solution, effects: Sequence[Effect], headline: Sequence[Indicator], language: Language
) -> Section:
    shown, prose = [], ""
    for effect in effects:
        title = solution.plan.variant_titles[effect.name].get(language) or effect.name
        if effect.sound and solution.solved:
            shown.append(tables.variant_table(solution, effect, title, headline, language))
        else:
            prose += f"<p>{escape(phrase('variant_unsolved', language, name=title))}</p>"
    if shown:
        prose = f"<p>{escape(phrase('variants_note', language))}</p>{prose}"
    return Section("variants", phrase("section_variants", language), prose, tuple(shown))


def _method_section(solution: Solution, language: Language) -> Section:
    prose = chapter(solution.plan, "method", language)
    if solution.solved:
        count, residual = len(solution.model.equations), scientific(solution.residual, language)
        prose += f"<p>{escape(phrase('method_solved', language, equations=count, residual=residual))}</p>"
    shown = _unless_empty(tables.add_factor_table(solution, language))
    return Section("method", phrase("section_method", language), prose, shown)


def _chart(solution: Solution, indicator: Indicator, language: Language) -> Chart:
    """History, plan, and, where they exist, outcome and naive forecast."""
    header = solution.plan.header
    quantity = solution.values[indicator.code]
    past = [p for p in header.periods if p <= header.base][-9:]
    points = {
        "actual": [(p, quantity.get(str(p))) for p in past],
        "plan": [(p, quantity.get(str(p))) for p in header.plan_periods],
    }
    compared = compare(solution, indicator)
    if compared is not None:
        points["outcome"] = [(p, compared.outcome.get(p)) for p in header.plan_periods]
        points["naive"] = [(p, compared.naive.get(p)) for p in header.plan_periods]
    series = []
    for kind, pairs in points.items():
        present = tuple((p.ordinal, v) for p, v in pairs if v is not None)
        if present:
            series.append(Series(phrase(f"series_{kind}", language), kind, present))
    title, unit = indicator.names.get(language), unit_name(indicator, language)
    table = tables.chart_table(solution, indicator, compared, language)
    svg = line_chart(
        series, unit, language, title, header.horizon[0].ordinal, lambda at: str(Period(header.frequency, at))
    )
    return Chart(f"{title}, {unit}" if unit else title, unit, svg, table)


def _notices(
    solution: Solution, found: Sequence[Finding], accepted: Sequence[Finding], language: Language
) -> tuple[Notice, ...]:
    reasons = {(a.rule, a.where): a.reason for a in solution.plan.accepted}
    notices = [Notice(f.severity, str(f.home), f.text(language)) for f in found]
    for f in accepted:
        reason = reasons.get((f.rule, f.address)) or reasons.get((f.rule, f.home.file), "")
        notices.append(Notice(f.severity, str(f.home), f.text(language), reason))
    return tuple(notices)
