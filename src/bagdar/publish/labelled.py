"""Tables of indicators that run over sectors, regions and the like."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from bagdar.equations import Solution
from bagdar.language import Language, number, phrase
from bagdar.plan import Indicator
from bagdar.publish.content import Figure, Line, Table
from bagdar.publish.figures import MISSING, held_figure, indicator_anchor
from bagdar.publish.labels import names
from bagdar.publish.units import unit_beside
from bagdar.quantity import Quantity
from bagdar.statistics.totals import total

Key = tuple[str, ...]
_FEW = 3  # rows that are shown though they say the same


def labelled_tables(solution: Solution, indicators: Iterable[Indicator], language: Language) -> list[Table]:
    """Indicators with dims, a table each: rows in the order of their sets, totals bold.

    One dim: a column a period. Two: the first in the rows, the second in the columns, for the base and the last
    plan period, a table each. More: all but the last axis in the rows. A coefficient has no periods, and one of
    one dim a single column.
    """
    tables: list[Table] = []
    for indicator in indicators:
        if not solution.values[indicator.code].present.any():
            continue
        timed = indicator.role != "coefficient"
        if timed and len(indicator.dims) == 2:
            header = solution.plan.header
            ends = (str(header.base), str(header.horizon[1]))
            crossed = (_crossed(solution, indicator, period, language) for period in ends)
            tables += [table for table in crossed if table.lines]
        else:
            tables.append(_listed(solution, indicator, timed, language))
    return tables


def _listed(solution: Solution, indicator: Indicator, timed: bool, language: Language) -> Table:
    """A table with the last axis in the columns: the period, or a coefficient's last dim."""
    quantity = solution.values[indicator.code]
    single = len(quantity.dims) == 1
    columns = ("",) if single else _numbered(quantity, quantity.labels[-1], -1)
    rows = product(*(quantity.labels if single else quantity.labels[:-1]))
    keyed = [(labels, [labels if single else (*labels, column) for column in columns]) for labels in rows]
    heads = columns if timed else _heads(solution, indicator, columns, language)
    planned = sum(p <= str(solution.plan.header.base) for p in columns) if timed else len(columns)
    return Table(
        _title(indicator, language),
        tuple(heads),
        _alike(_lines(solution, indicator, keyed, language), indicator, language),
        planned,
        head=phrase("column_part", language),
    )


def _alike(lines: tuple[Line, ...], indicator: Indicator, language: Language) -> tuple[Line, ...]:
    """The rows, or one in their place where all of many say the same."""
    said = {tuple((f.text, f.mark) for f in line.figures) for line in lines}
    if len(lines) <= _FEW or len(said) > 1:
        return lines
    link = indicator_anchor(indicator.code)
    figures = tuple(f if f.text == MISSING else replace(f, anchor=link) for f in lines[0].figures)
    return (Line(phrase("all_alike", language, count=len(lines)), "", figures),)


def _crossed(solution: Solution, indicator: Indicator, period: str, language: Language) -> Table:
    """A table of one period with the second dim in the columns."""
    quantity = solution.values[indicator.code]
    columns = _numbered(quantity.select("period", (period,)), quantity.labels[1], 1)
    totals = _totals(solution, indicator, 1) if indicator.adds_up == "sum" else ()
    columns = (*(c for c in columns if c not in totals), *totals)
    keyed = [((row,), [(row, column, period) for column in columns]) for row in quantity.labels[0]]
    planned = period > str(solution.plan.header.base)
    return Table(
        f"{_title(indicator, language)} — {period}",
        _heads(solution, indicator, columns, language),
        _lines(solution, indicator, keyed, language),
        0 if planned else len(columns),
        head=phrase("column_part", language),
    )


def _lines(
    solution: Solution, indicator: Indicator, keyed: Iterable[tuple[Key, Sequence[Key]]], language: Language
) -> tuple[Line, ...]:
    """A row for each of the labels that has any number."""
    plan = solution.plan
    named = [names(plan.sets[dim], language) for dim in indicator.dims]
    summed = {label for axis in range(len(indicator.dims)) for label in _totals(solution, indicator, axis)}
    lines = []
    for labels, keys in keyed:
        figures = tuple(held_or_summed(solution, indicator, key, language) for key in keys)
        if any(f.text != MISSING for f in figures):
            name = " — ".join(known[label] for known, label in zip(named, labels, strict=False))
            lines.append(Line(name, "", figures, "total" if summed.intersection(labels) else "level"))
    return tuple(lines)


def held_or_summed(solution: Solution, indicator: Indicator, key: Key, language: Language) -> Figure:
    """The number under `key`; a missing total of an indicator that adds up is the sum of its parts, if all are there.

    Parts that never have a number, such as regions without a sector, are none.
    """
    quantity = solution.values[indicator.code]
    cell = quantity.position(key)
    if indicator.adds_up != "sum" or cell is None or quantity.present[cell]:
        return held_figure(quantity, indicator, key, language)
    found = total(quantity, [solution.plan.sets[dim] for dim in indicator.dims], key)
    if found is None:
        return Figure(MISSING)
    return Figure(number(found.value, language, indicator.decimals), indicator_anchor(indicator.code), found.status)


def _totals(solution: Solution, indicator: Indicator, axis: int) -> tuple[str, ...]:
    """The labels of a dim that are totals of others."""
    group = solution.plan.sets[indicator.dims[axis]]
    below = set(group.select())
    return tuple(label for label in group.labels if label not in below)


def _numbered(quantity: Quantity, labels: Key, axis: int) -> Key:
    """Those labels of an axis under which there is any number."""
    present = np.moveaxis(quantity.present, axis, 0)
    return tuple(label for label, some in zip(labels, present, strict=True) if some.any())


def _heads(solution: Solution, indicator: Indicator, columns: Key, language: Language) -> Key:
    """The columns' names: of the last dim's labels, or one column of values."""
    if columns == ("",):
        return (phrase("column_value", language),)
    named = names(solution.plan.sets[indicator.dims[-1]], language)
    return tuple(named.get(column, column) for column in columns)


def _title(indicator: Indicator, language: Language) -> str:
    unit = unit_beside(indicator, language)
    return indicator.name(language) + (f", {unit}" if unit else "")
