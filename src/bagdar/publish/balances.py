"""Balances in their customary form: resources, uses, and what is over or lacking; and the normative base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from bagdar.balance import Balance, Item
from bagdar.balances.norms import NormReading, read_norms
from bagdar.balances.numbers import Floats
from bagdar.balances.reading import Line as Amounts
from bagdar.balances.reading import Reading, read_balances
from bagdar.equations import Solution
from bagdar.language import Language, number, phrase, unit_words
from bagdar.norm import NORM_KINDS
from bagdar.plan import Plan, Source
from bagdar.publish.content import Chart, Figure, Line, Section, Table
from bagdar.publish.document import Document, Grid, Part
from bagdar.publish.figures import MISSING, indicator_anchor
from bagdar.publish.labels import names
from bagdar.publish.prose import chapter
from bagdar.publish.sankey import sankey
from bagdar.publish.units import unit_beside
from bagdar.quantity import STATUSES

_FEW_PERIODS = 6  # of more the first and the last are shown by cell
_FEW_CELLS = 3  # a balance of more cells is shown with its labels below each other


def balances_document(solution: Solution, language: Language) -> Document:
    """All balances and norms of a plan, for a terminal."""
    writer = BalanceWriter(solution, language)
    parts = [
        Part(reading.balance.name(language), (), tuple(as_grid(table) for table in writer.tables(reading)))
        for reading in writer.readings
    ]
    if solution.plan.norms:
        parts.append(Part(writer.say("norms"), (), tuple(as_grid(table) for table in norm_tables(solution, language))))
    title = solution.plan.header.title.get(language) or solution.plan.header.code
    text = () if parts else (writer.say("none"),)
    return Document(writer.say("title", title=title), text, tuple(parts))


def as_grid(table: Table) -> Grid:
    """A table of a report for a terminal."""
    empty = (Figure(""),) * len(table.columns)
    rows = tuple(
        (f"{line.name}, {line.unit}" if line.unit else line.name, *(f.text for f in line.figures or empty))
        for line in table.lines
    )
    return Grid((table.head, *table.columns), rows, table.title)


def balance_section(solution: Solution, language: Language) -> Section:
    """The part of the report with the balances of the plan, each drawn and in its customary form."""
    writer = BalanceWriter(solution, language)
    charts, opened = [], []
    for reading in writer.readings:
        opened += writer.tables(reading)
        if len(reading.cells.labels) == 1 and reading.balance.kind == "material":
            charts += writer.charts(reading)
    prose = chapter(solution.plan, "balances", language)
    if opened:
        prose = f"<p>{escape(writer.say('told'))}</p>{prose}"
    return Section("balances", phrase("section_balances", language), prose, (), tuple(charts), tuple(opened))


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


@dataclass
class BalanceWriter:
    """The words and numbers of a plan's balances in one language."""

    solution: Solution
    language: Language

    readings: Sequence[Reading] = ()
    left: str = "gap"  # what the difference is called

    def __post_init__(self) -> None:
        self.plan: Plan = self.solution.plan
        header = self.plan.header
        self.shown = [*([] if self.readings else [header.base]), *header.plan_periods]
        self.readings = self.readings or read_balances(self.plan, self.solution.values)
        self.places = [header.periods.index(period) for period in self.shown]

    def say(self, key: str, **facts: object) -> str:
        """A phrase about balances."""
        return phrase(f"balance_{key}", self.language, **facts)

    def unit(self, balance: Balance) -> str:
        """A balance's unit in words."""
        return unit_words(balance.unit_text, balance.price_basis, self.language)

    def item(self, item: Item) -> str:
        """An item's name, or that of its quantity, and its rank."""
        name = item.names.get(self.language)
        if not name and item.quantity is not None:
            name = self.plan.indicators[item.quantity.code].name(self.language)
        return self.say("ranked", item=name or item.code, rank=item.rank) if item.rank else name or item.code

    def labels(self, balance: Balance, labels: Sequence[str]) -> str:
        """The names of a cell's labels."""
        told = (
            names(self.plan.sets[dim], self.language).get(label, label)
            for dim, label in zip(balance.over, labels, strict=True)
        )
        return ", ".join(told)

    def tables(self, reading: Reading) -> list[Table]:
        """A balance by period, a table a cell; one of many cells by cell, a table a period if they are few."""
        count = len(reading.cells.labels)
        if count <= _FEW_CELLS:
            return [self.by_period(reading, cell) for cell in range(count)]
        shown = self.places if len(self.places) <= _FEW_PERIODS else (self.places[0], self.places[-1])
        return [self.by_cell(reading, t) for t in shown]

    def by_period(self, reading: Reading, cell: int) -> Table:
        """Items below each other, periods beside each other."""
        lines = []
        of = [self.places, [cell] * len(self.places)]
        decimals = digits(np.abs(np.concatenate([reading.resources[tuple(of)], reading.uses[tuple(of)]])))
        for sign, key, total in ((1, "resources", reading.resources), (-1, "uses", reading.uses)):
            lines.append(Line(self.say(key), "", (), "group"))
            for line in (one for one in reading.lines if one.sign == sign and cell in reading.cells.of(one.item)):
                lines.append(Line(self.line(line), "", self.figures(line, of, decimals)))
            untold = (*reading.free, *reading.unknown)
            lines += [Line(self.item(item), "", self.nothing()) for item in untold if _sign(item) == sign]
            lines.append(Line(self.say(f"{key}_total"), "", self.totals(total, reading, of, decimals), "total"))
        lines.append(
            Line(self.left_over(reading.balance), "", self.totals(reading.gap, reading, of, decimals), "total")
        )
        title = f"{self.title(reading, cell)}, {self.unit(reading.balance)}"
        columns = tuple(map(str, self.shown))
        planned = columns.index(str(self.plan.header.plan_periods[0]))
        return Table(title, columns, tuple(lines), planned, self.note(reading), head=self.say("item"))

    def by_cell(self, reading: Reading, t: int) -> Table:
        """Labels below each other, items beside each other, in one period."""
        count = len(reading.cells.labels)
        of = [[t] * count, list(range(count))]
        decimals = digits(np.abs(np.concatenate([reading.resources[t], reading.uses[t]])))
        columns, figures = [], []
        for sign, key, total in ((1, "resources", reading.resources), (-1, "uses", reading.uses)):
            for line in (one for one in reading.lines if one.sign == sign):
                columns.append(self.line(line))
                figures.append(self.figures(line, of, decimals))
            columns.append(self.say(f"{key}_total"))
            figures.append(self.totals(total, reading, of, decimals))
        columns.append(self.left_over(reading.balance))
        figures.append(self.totals(reading.gap, reading, of, decimals))
        lines = [
            Line(self.labels(reading.balance, labels), "", tuple(column[k] for column in figures))
            for k, labels in enumerate(reading.cells.labels)
        ]
        period = self.plan.header.periods[t]
        title = f"{reading.balance.name(self.language)}, {period}, {self.unit(reading.balance)}"
        planned = 0 if period > self.plan.header.base else len(columns)
        return Table(title, tuple(columns), tuple(lines), planned, self.note(reading), head=self.say("label"))

    def charts(self, reading: Reading) -> list[Chart]:
        """A balance of one cell as streams, in the last plan period."""
        t = self.places[-1]
        if not reading.known[t, 0] or reading.free:
            return []
        decimals = digits(np.abs(reading.resources[t]))
        told = [(self.line(line), float(line.amounts[t, 0]), line.sign) for line in reading.lines]
        # Below nothing by less than is printed is what arithmetic leaves.
        parts = [part for part in told if part[1] > 0 or _clean(part[1], decimals)]
        unit, title = self.unit(reading.balance), reading.balance.name(self.language)
        drawn = sankey(parts, title, unit, self.language, decimals)
        if not drawn:
            return []
        heading = self.say("drawn", balance=title, period=self.shown[-1])
        across = "; ".join(f"{name} ({number(v, self.language, decimals)})" for name, v, _ in parts if v < 0)
        note = self.say("across", items=across) if across else ""
        return [Chart(heading, unit, drawn, self.by_period(reading, 0), note, wide=True)]

    def title(self, reading: Reading, cell: int) -> str:
        """The balance's name, with the cell's labels."""
        told = self.labels(reading.balance, reading.cells.labels[cell])
        return f"{reading.balance.name(self.language)}: {told}" if told else reading.balance.name(self.language)

    def line(self, line: Amounts) -> str:
        """What a line is called; a stock is there at the start and at the end."""
        if line.item.side != "stock":
            return self.item(line.item)
        return self.say("opening" if line.opening else "closing", item=self.item(line.item))

    def left_over(self, balance: Balance) -> str:
        """What the difference of resources and uses is called: of labour, the unemployed."""
        return self.say("unemployed" if balance.kind == "labour" else self.left)

    def note(self, reading: Reading) -> str:
        """Which items take what is left."""
        told = []
        for key, items in (("free", reading.free), ("unknown", reading.unknown)):
            if items:
                told.append(self.say(key, items=", ".join(map(self.item, items))))
        return " ".join(told)

    def figures(self, line: Amounts, of: list[list[int]], decimals: int) -> tuple[Figure, ...]:
        """A line's numbers at places (periods, cells)."""
        leads = self.leads(line.item)
        return tuple(
            Figure(number(float(line.amounts[t, c]), self.language, decimals), leads, _mark(int(line.sure[t, c])))
            if line.there[t, c]
            else Figure(MISSING)
            for t, c in zip(*of, strict=True)
        )

    def leads(self, item: Item) -> str:
        """Where an item's number comes from: its quantity, the norm that ties it, or what it hangs on."""
        if item.quantity is not None:
            return indicator_anchor(item.quantity.code)
        if item.tie is not None and item.tie.norm is not None:
            return indicator_anchor(item.tie.norm.code)
        if item.limit is not None:
            return indicator_anchor(item.limit.code)
        if item.tie is None:
            return ""
        other = next(balance for balance in self.plan.balances if balance.code == item.tie.balance)
        hung = other.levels[item.tie.item]
        return self.leads(hung) if hung.tie is None else ""

    def totals(self, total: Floats, reading: Reading, of: list[list[int]], decimals: int) -> tuple[Figure, ...]:
        """Sums of lines at places, which lead to the first of them; a dash where a line has no number."""
        leads = next((told for line in reading.lines if (told := self.leads(line.item))), "")
        return tuple(
            Figure(number(_clean(float(total[t, c]), decimals), self.language, decimals), leads)
            if reading.known[t, c]
            else Figure(MISSING)
            for t, c in zip(*of, strict=True)
        )

    def nothing(self) -> tuple[Figure, ...]:
        """Dashes for every period shown."""
        return (Figure(MISSING),) * len(self.shown)


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
                *(phrase(f"balance_norm_{key}", language) for key in ("actual", "excess", "implied", "coefficient")),
                phrase("balance_norm_programme", language),
                phrase("balance_norm_source", language),
            )
            title = phrase(f"balance_kind_{kind}", language)
            note = phrase("balance_norm_note", language, base=header.base)
            head = phrase("balance_norm", language)
            tables.append(Table(title, columns, tuple(lines), 1, note, planned_to=len(places), head=head))
    return tables


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
            _figure(reading.actual[base, cell], language, decimals, leads),
            _figure(100 * reading.excess[base, cell], language, 1, leads),
            _figure(reading.implied[base, cell], language, 4, leads),
            _figure(reading.coefficient[base, cell], language, 4, leads),
            Figure(reading.norm.programme or MISSING),
            Figure(_told_source(reading.sources[cell], language), leads),
        ]
        marks = [_mark(int(sure)) for sure in reading.sure[places, cell]]
        numbers = (_figure(v, language, decimals, leads, mark) for v, mark in zip(value, marks, strict=True))
        name, unit = ", ".join([indicator.name(language), *told]), unit_beside(indicator, language)
        lines.append(Line(name, unit, (*numbers, *beside)))
    return lines


def _told_source(source: Source | None, language: Language) -> str:
    """Who published a norm, and when."""
    if source is None:
        return MISSING
    dated = f", {source.date.year}" if source.date else ""
    return f"{source.publisher.get(language) or source.code}{dated}"


def _figure(value: float, language: Language, decimals: int, leads: str, mark: str = "") -> Figure:
    if np.isnan(value):
        return Figure(MISSING)
    return Figure(number(_clean(float(value), decimals), language, decimals), leads, mark)


def digits(sizes: Floats, significant: int = 4) -> int:
    """So many decimals that the largest of `sizes` shows so many significant digits, three at most."""
    largest = float(f"{float(sizes.max(initial=0)):.{significant}g}")
    if largest <= 0:
        return 1
    return int(min(max(significant - 1 - np.floor(np.log10(largest)), 0), 5))


def _mark(sure: int) -> str:
    """The status to print beside a number; none where it is actual."""
    return "" if STATUSES[sure] == "actual" else STATUSES[sure]


def _clean(value: float, decimals: int) -> float:
    """The value, or 0 where it is printed as such: no minus before a zero."""
    return 0.0 if abs(value) < 0.5 * 10.0**-decimals else value


def _sign(item: Item) -> int:
    return 1 if item.side == "resource" else -1
