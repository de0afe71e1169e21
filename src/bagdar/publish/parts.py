"""The parts of a report, a function each; a profile says in which section of the plan document each stands."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from bagdar.language import scientific
from bagdar.plan import SECTIONS
from bagdar.publish import tables
from bagdar.publish.balances import balance_section
from bagdar.publish.content import Section, Table
from bagdar.publish.context import Context, section_of
from bagdar.publish.estimates import unsure_tables
from bagdar.publish.indicator_system import indicator_system
from bagdar.publish.labelled import labelled_tables
from bagdar.publish.norms import norm_section
from bagdar.publish.pictures import path_chart, pictures
from bagdar.publish.prose import chapter
from bagdar.publish.regulators import lever_tables, unused_groups
from bagdar.publish.sources import errata, sources
from bagdar.publish.structure import structure

SHORT = 12  # lines of a table that a reader need not open


def part(context: Context, name: str) -> Section | None:
    """The part `name`: one of `PARTS`, or the indicators of a section; None if there is no such part."""
    if name in PARTS:
        return PARTS[name](context)
    return _indicators(context, name) if name in (*SECTIONS, "other") else None


def _headline(context: Context) -> Section:
    plan, solution = context.plan, context.solution
    table = tables.indicator_table(
        solution, context.headline, context.say("table_headline"), context.language, growing=True
    )
    drawn = [plan.indicators[c] for c in plan.header.charts if c in plan.indicators and not plan.indicators[c].dims]
    charts = [path_chart(solution, indicator, (), context.language) for indicator in drawn]
    charts += pictures(solution, "headline", context.language)
    prose = chapter(plan, "introduction", context.language)
    return Section("headline", context.say("section_headline"), prose, (table,), tuple(charts))


def _indicators(context: Context, name: str) -> Section:
    """The indicators of a section: those without dims in a table, each other in its own, to be opened."""
    solution, language = context.solution, context.language
    listed = [i for i in context.plan.indicators.values() if i.role != "coefficient" and section_of(i) == name]
    scalars = [i for i in listed if not i.dims and solution.values[i.code].present.any()]
    title = context.say(f"section_{name}")
    shown = (tables.indicator_table(solution, scalars, title, language, growing=False),) if scalars else ()
    opened = labelled_tables(solution, [i for i in listed if i.dims], language)
    charts = tuple(pictures(solution, name, language))
    return Section(name, title, chapter(context.plan, name, language), shown, charts, tuple(opened))


def _outcome(context: Context) -> Section:
    language, compared = context.language, context.compared
    shown: list[Table] = []
    if compared:
        shown += [*tables.error_tables(compared, language), tables.outcome_table(context.solution, compared, language)]
    prose = chapter(context.plan, "outcome", language) if compared else ""
    return Section("outcome", context.say("section_outcome"), prose, tuple(shown))


def _targets(context: Context) -> Section:
    shown = _unless_empty(tables.target_table(context.solution, context.language))
    return Section("targets", context.say("section_targets"), chapter(context.plan, "targets", context.language), shown)


def _variants(context: Context) -> Section:
    """The variants side by side, each year by year to be opened, and those that could not be solved."""
    solution, language, headline = context.solution, context.language, context.headline
    solved, prose = {}, chapter(context.plan, "variants", language)
    for effect in context.effects:
        title = context.plan.variant_titles[effect.name].get(language) or effect.name
        if effect.sound and solution.solved:
            solved[title] = effect
        else:
            prose += f"<p>{escape(context.say('variant_unsolved', name=title))}</p>"
    if not solved:
        return Section("variants", context.say("section_variants"), prose)
    prose = f"<p>{escape(context.say('variants_note'))}</p>{prose}"
    beside = _unless_empty(tables.variants_table(solution, solved, headline, language))
    each = tuple(tables.variant_table(solution, one, title, headline, language) for title, one in solved.items())
    return Section("variants", context.say("section_variants"), prose, beside, (), each)


def _regulators(context: Context) -> Section:
    shown, opened = lever_tables(context.solution, context.language)
    prose = chapter(context.plan, "regulators", context.language)
    unused = ", ".join(context.say(f"lever_{group}").lower() for group in unused_groups(context.solution))
    if shown and unused:
        prose += f"<p>{escape(context.say('levers_unused', groups=unused))}</p>"
    return Section("regulators", context.say("section_regulators"), prose, tuple(shown), (), tuple(opened))


def _assumptions(context: Context) -> Section:
    """Given paths and coefficients, and by source all that is an estimate; long lists are to be opened."""
    solution, language = context.solution, context.language
    given = tables.assumption_table(solution, language)
    long = [tables.estimate_table(solution, language), tables.coefficient_table(solution, language)]
    shown = [*_unless_empty(given)]
    counted, opened = unsure_tables(solution, language)
    shown += counted
    for table in long:
        if table.lines:
            (shown if len(table.lines) <= SHORT else opened).append(table)
    labelled = [i for i in context.plan.indicators.values() if i.dims and i.role == "coefficient"]
    opened += labelled_tables(solution, labelled, language)
    prose = chapter(context.plan, "assumptions", language)
    return Section("assumptions", context.say("section_assumptions"), prose, tuple(shown), (), tuple(opened))


def _method(context: Context) -> Section:
    solution, language = context.solution, context.language
    prose = chapter(context.plan, "method", language)
    if solution.solved:
        count, residual = len(solution.model.equations), scientific(solution.residual, language)
        prose += f"<p>{escape(context.say('method_solved', equations=count, residual=residual))}</p>"
    factors = tables.add_factor_table(solution, language)
    short = len(factors.lines) <= SHORT
    kept = _unless_empty(factors)
    return Section("method", context.say("section_method"), prose, kept if short else (), (), () if short else kept)


def _allocation(context: Context) -> Section:
    title = context.say("section_allocation")
    if context.settled is None:
        return Section("allocation", title)
    from bagdar.publish.allocation import allocation_section  # loads the solver

    return allocation_section(context.settled, title, context.language)


def _sources(context: Context) -> Section:
    prose = sources(context.plan, context.language) + errata(context.plan, context.language)
    return Section("sources", context.say("section_sources"), prose)


def _told(name: str) -> Callable[[Context], Section]:
    """A part of which a plan can say something in prose only, `chapters/<name>`."""
    return lambda context: Section(name, context.say(f"section_{name}"), chapter(context.plan, name, context.language))


def _unless_empty(table: Table) -> tuple[Table, ...]:
    return (table,) if table.lines else ()


PARTS: dict[str, Callable[[Context], Section]] = {
    "headline": _headline,
    "structure": lambda context: structure(context.solution, context.language),
    "indicator_system": lambda context: indicator_system(context.solution, context.language),
    "balances": lambda context: balance_section(context.solution, context.language),
    "allocation": _allocation,
    "norms": lambda context: norm_section(context.solution, context.language),
    "outcome": _outcome,
    "targets": _targets,
    "variants": _variants,
    "programmes": _told("programmes"),
    "projects": _told("projects"),
    "companies": _told("companies"),
    "regulators": _regulators,
    "assumptions": _assumptions,
    "method": _method,
    "sources": _sources,
}
