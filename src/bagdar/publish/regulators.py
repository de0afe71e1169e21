"""The state's levers by their groups: what they are, what the plan sets, within which bounds, and who sets them."""

from __future__ import annotations

from bagdar.equations import Solution
from bagdar.language import Language, number, phrase
from bagdar.plan import LEVER_GROUPS, Indicator, Lever
from bagdar.publish.content import Figure, Line, Table
from bagdar.publish.figures import MISSING, figure, indicator_anchor
from bagdar.publish.labels import names
from bagdar.publish.units import unit_beside, unit_name
from bagdar.quantity import STATUSES

_FEW = 3  # labels of a lever that are listed at once


def lever_tables(solution: Solution, language: Language) -> tuple[list[Table], list[Table]]:
    """A table a group of levers, and those of levers that run over many labels, for the reader who opens them.

    A lever over labels stands in its group's table with its lowest and highest label of the year's values.
    """
    shown: list[Table] = []
    opened: list[Table] = []
    for group in LEVER_GROUPS:
        levers = [one for one in solution.plan.levers if one.group == group]
        lines = [line for lever in levers for line in _lines(solution, lever, language)]
        if lines:
            shown.append(_table(solution, phrase(f"lever_{group}", language), lines, language))
        for lever in levers:
            rows = _labelled(solution, lever, language)
            if rows and len(rows) > _FEW:
                indicator = solution.plan.indicators[lever.indicator]
                title = f"{phrase(f'lever_{group}', language)}: {indicator.name(language)}"
                unit = unit_beside(indicator, language)
                opened.append(_table(solution, f"{title}, {unit}" if unit else title, rows, language))
    return shown, opened


def unused_groups(solution: Solution) -> tuple[str, ...]:
    """The groups of which the plan has no lever."""
    used = {lever.group for lever in solution.plan.levers}
    return tuple(group for group in LEVER_GROUPS if group not in used)


def bounds(lever: Lever, indicator: Indicator, language: Language) -> str:
    """A lever's bounds, step and authority in words."""
    low, high, step = (
        None if value is None else number(value, language) for value in (lever.low, lever.high, lever.step)
    )
    parts = [f"{low or '…'} – {high or '…'} {unit_name(indicator, language)}".strip()] if low or high else []
    parts += [phrase("lever_step", language, step=step)] if step else []
    parts += [authority] if (authority := lever.authority.get(language)) else []
    return "; ".join([*parts, str(lever.home)])


def _table(solution: Solution, title: str, lines: list[Line], language: Language) -> Table:
    header = solution.plan.header
    years = (str(header.base), *map(str, header.plan_periods))
    ends = (phrase("column_from", language), phrase("column_to", language), phrase("column_authority", language))
    return Table(title, (*years, *ends), tuple(lines), 1, planned_to=len(years))


def _lines(solution: Solution, lever: Lever, language: Language) -> list[Line]:
    """A lever's line; a lever over labels a line a label if they are few, else the lowest and highest of each year."""
    indicator = solution.plan.indicators.get(lever.indicator)
    if indicator is None:
        return []
    name, unit = indicator.name(language), unit_beside(indicator, language)
    if not indicator.dims:
        return [Line(name, unit, (*_years(solution, indicator, (), language), *_ends(lever, indicator, language)))]
    rows = _labelled(solution, lever, language)
    if len(rows) <= _FEW:
        return [Line(f"{name} — {row.name}", unit, row.figures) for row in rows]
    quantity = solution.values[indicator.code]
    spans = []
    for period in (solution.plan.header.base, *solution.plan.header.plan_periods):
        column = quantity.select("period", (str(period),))
        values = column.values[column.present]
        span, status = MISSING, ""
        if values.size:
            status = STATUSES[int(column.status[column.present].max())]
            low, high = (number(float(end), language, indicator.decimals) for end in (values.min(), values.max()))
            span = low if low == high else f"{low} … {high}"
        spans.append(Figure(span, indicator_anchor(indicator.code), "" if status == "actual" else status))
    return [Line(name, unit, (*spans, *_ends(lever, indicator, language)))]


def _labelled(solution: Solution, lever: Lever, language: Language) -> list[Line]:
    """A line for each label of a lever over one set that has any number."""
    indicator = solution.plan.indicators.get(lever.indicator)
    if indicator is None or len(indicator.dims) != 1:
        return []
    lines = []
    for label, name in names(solution.plan.sets[indicator.dims[0]], language).items():
        figures = _years(solution, indicator, (label,), language)
        if any(f.text != MISSING for f in figures):
            lines.append(Line(name, "", (*figures, *_ends(lever, indicator, language))))
    return lines


def _years(solution: Solution, indicator: Indicator, labels: tuple[str, ...], language: Language) -> tuple[Figure, ...]:
    header = solution.plan.header
    return tuple([figure(solution, indicator, str(p), language, labels) for p in (header.base, *header.plan_periods)])


def _ends(lever: Lever, indicator: Indicator, language: Language) -> tuple[Figure, ...]:
    """The bounds, which lead to the lever's own row, and the authority."""
    link = indicator_anchor(indicator.code)
    ends = (Figure(MISSING) if end is None else Figure(number(end, language), link) for end in (lever.low, lever.high))
    return (*ends, Figure(lever.authority.get(language) or MISSING))
