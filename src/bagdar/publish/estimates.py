"""What rests on estimates and assumptions: every figure counted, by source, without flooding the reader."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bagdar.equations import Solution
from bagdar.language import Language, number, phrase
from bagdar.plan import Indicator
from bagdar.publish.content import Figure, Line, Table
from bagdar.publish.figures import held_figure, indicator_anchor
from bagdar.publish.units import unit_beside
from bagdar.quantity import STATUSES, Quantity

SHOWN = 8  # indicators of a source that are listed at once
_UNSURE = tuple(STATUSES.index(status) for status in ("estimate", "assumption"))


@dataclass(frozen=True)
class Unsure:
    """An indicator's estimates and assumptions from one source: how many, and the cells of the least and greatest."""

    indicator: Indicator
    count: int
    low: tuple[int, ...]
    high: tuple[int, ...]


def unsure(solution: Solution) -> dict[str, list[Unsure]]:
    """What `plan.values` holds with the status of an estimate or assumption, by the code of the source."""
    groups: dict[str, list[Unsure]] = defaultdict(list)
    plan = solution.plan
    for code, quantity in plan.values.items():
        marked = quantity.present & np.isin(quantity.status, _UNSURE)
        cells: dict[str, list[tuple[int, ...]]] = defaultdict(list)
        for place in np.argwhere(marked):
            cell = tuple(int(i) for i in place)
            origin = int(quantity.homes[cell][0])
            cells[plan.origins[origin].source if origin >= 0 else ""].append(cell)
        for source, found in cells.items():
            values = [quantity.values[cell] for cell in found]
            low, high = found[int(np.argmin(values))], found[int(np.argmax(values))]
            groups[source].append(Unsure(plan.indicators[code], len(found), low, high))
    order = list(plan.sources)
    return dict(sorted(groups.items(), key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order)))


def unsure_tables(solution: Solution, language: Language) -> tuple[list[Table], list[Table]]:
    """A table of all sources with the first indicators of each; and of every source with more, all of them."""
    lines: list[Line] = []
    whole: list[Table] = []
    for code, found in unsure(solution).items():
        source = solution.plan.sources.get(code)
        name = source.title if source else phrase("estimates_no_source", language)
        figures = number(sum(one.count for one in found), language, 0)
        title = phrase("estimates_of", language, source=name, indicators=len(found), figures=figures)
        lines.append(Line(title, "", (), "group"))
        lines += [_line(solution, one, language) for one in found[:SHOWN]]
        if len(found) > SHOWN:
            lines.append(Line(phrase("estimates_rest", language, count=len(found) - SHOWN), "", (), "growth"))
            whole.append(_table(title, [_line(solution, one, language) for one in found], language))
    return ([_table(phrase("estimates_title", language), lines, language)] if lines else []), whole


def _table(title: str, lines: Sequence[Line], language: Language) -> Table:
    columns = tuple(phrase(f"column_{key}", language) for key in ("figures", "lowest", "highest"))
    return Table(title, columns, tuple(lines), len(columns))


def _line(solution: Solution, one: Unsure, language: Language) -> Line:
    """How many figures of an indicator there are, and the least and the greatest."""
    quantity = solution.plan.values[one.indicator.code]
    ends = [held_figure(quantity, one.indicator, _key(quantity, cell), language) for cell in (one.low, one.high)]
    count = Figure(number(one.count, language, 0), indicator_anchor(one.indicator.code))
    return Line(one.indicator.name(language), unit_beside(one.indicator, language), (count, *ends))


def _key(quantity: Quantity, cell: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(axis[i] for axis, i in zip(quantity.labels, cell, strict=True))
