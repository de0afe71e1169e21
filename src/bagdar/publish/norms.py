"""The normative base for readers: every norm, what is actually used, and what it makes of the input coefficient."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from itertools import compress

import numpy as np

from bagdar.balances.norms import NormReading, read_norms
from bagdar.equations import Solution
from bagdar.language import Language, phrase
from bagdar.norm import NORM_KINDS
from bagdar.plan import Plan, Source
from bagdar.publish.content import Figure, Line, Section, Table
from bagdar.publish.entries import digits, figure, mark
from bagdar.publish.figures import MISSING, indicator_anchor
from bagdar.publish.labels import names
from bagdar.publish.prose import chapter
from bagdar.publish.units import unit_beside

# What a norm of the base period is held against.
_HELD_AGAINST = ("actual", "excess", "implied", "coefficient")


def norm_section(solution: Solution, language: Language) -> Section:
    """The normative base: every norm, what is actually used, and what it makes of the input coefficient."""
    tables = norm_tables(solution, language)
    prose = chapter(solution.plan, "norms", language)
    if tables:
        prose = f"<p>{escape(phrase('balance_norms_told', language))}</p>{prose}"
    long = [len(table.lines) > 12 for table in tables]
    shown = tuple(table for table, is_long in zip(tables, long, strict=True) if not is_long)
    opened = tuple(table for table, is_long in zip(tables, long, strict=True) if is_long)
    return Section("norms", phrase("section_norms", language), prose, shown, (), opened)


def norm_tables(solution: Solution, language: Language) -> list[Table]:
    """The norms by kind: base and plan periods, actual use, the excess, and the input coefficient beside it."""
    plan = solution.plan
    readings = read_norms(solution.placed, solution.values)
    header = plan.header
    places = [header.periods.index(period) for period in (header.base, *header.plan_periods)]
    tables = []
    for kind in NORM_KINDS:
        lines: list[Line] = []
        for reading in (one for one in readings if one.norm.kind == kind):
            lines += _norm_lines(plan, reading, places, language)
        if lines:
            columns = (
                *(str(header.periods[t]) for t in places),
                *(phrase(f"balance_norm_{key}", language, base=header.base) for key in _HELD_AGAINST),
                phrase("balance_norm_programme", language),
                phrase("balance_norm_source", language),
            )
            title = phrase(f"balance_kind_{kind}", language)
            note = phrase("balance_norm_note", language)
            head = phrase("balance_norm", language)
            columns, shown = _told_columns(columns, lines)
            tables.append(Table(title, columns, shown, 1, note, planned_to=len(places), head=head))
    return tables


def _told_columns(columns: tuple[str, ...], lines: list[Line]) -> tuple[tuple[str, ...], tuple[Line, ...]]:
    """(columns, lines) without those columns in which no line has anything to tell."""
    told = [any(line.figures[k].text != MISSING for line in lines) for k in range(len(columns))]
    shown = (replace(line, figures=tuple(compress(line.figures, told))) for line in lines)
    return tuple(compress(columns, told)), tuple(shown)


def _norm_lines(plan: Plan, reading: NormReading, places: list[int], language: Language) -> list[Line]:
    """A norm's lines, one for each choice of labels that has a number."""
    indicator = plan.indicators[reading.norm.indicator]
    base, leads = places[0], indicator_anchor(indicator.code)
    lines = []
    for cell, labels in enumerate(reading.labels):
        value = reading.value[places, cell]
        if not np.nan_to_num(value).any():  # nothing is used of it
            continue
        told = [names(plan.sets[d], language).get(x, x) for d, x in zip(indicator.dims, labels, strict=True)]
        decimals = digits(np.abs(value[~np.isnan(value)]), 3)
        beside = [
            figure(reading.actual[base, cell], language, decimals, leads),
            figure(100 * reading.excess[base, cell], language, 1, leads),
            figure(reading.implied[base, cell], language, 4, leads),
            figure(reading.coefficient[base, cell], language, 4, leads),
            Figure(reading.norm.programme or MISSING),
            Figure(_told_source(reading.sources[cell], language), leads),
        ]
        marks = [mark(int(sure)) for sure in reading.sure[places, cell]]
        numbers = (figure(v, language, decimals, leads, mark) for v, mark in zip(value, marks, strict=True))
        name, unit = ", ".join([indicator.name(language), *told]), unit_beside(indicator, language)
        lines.append(Line(name, unit, (*numbers, *beside)))
    return lines


def _told_source(source: Source | None, language: Language) -> str:
    """Who published a norm, and when."""
    if source is None:
        return MISSING
    dated = f", {source.date.year}" if source.date else ""
    return f"{source.publisher.get(language) or source.code}{dated}"
