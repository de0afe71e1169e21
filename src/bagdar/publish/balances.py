"""Balances in their customary form: resources, uses, and what is over or lacking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape

import numpy as np

from bagdar.balance import Balance, Item
from bagdar.balances.numbers import Floats, Ints
from bagdar.balances.reading import Line as Amounts
from bagdar.balances.reading import Reading, read_balances
from bagdar.equations import Solution
from bagdar.language import Language, number, phrase, unit_words
from bagdar.plan import Plan
from bagdar.publish.content import Chart, Figure, Line, Section, Table
from bagdar.publish.document import Document, Grid, Part
from bagdar.publish.entries import Entry, clean, digits
from bagdar.publish.figures import indicator_anchor
from bagdar.publish.labels import names
from bagdar.publish.norms import norm_tables
from bagdar.publish.prose import chapter
from bagdar.publish.sankey import sankey

_FEW_PERIODS = 6  # of more the first and the last are shown by cell
_FEW_CELLS = 3  # a balance of more cells is shown with its labels below each other


def balances_document(solution: Solution, language: Language) -> Document:
    """All balances and norms of a plan, for a terminal."""
    writer = BalanceWriter(solution, language)
    parts = [Part(reading.balance.name(language), (), tuple(writer.grids(reading))) for reading in writer.readings]
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


@dataclass
class BalanceWriter:
    """The words and numbers of a plan's balances in one language."""

    solution: Solution
    language: Language

    readings: Sequence[Reading] = ()
    left: str = "gap"  # what the difference is called
    # Of what is allocated, the plan's own readings by balance: where an amount moved they stand beside it.
    beside: Mapping[str, Reading] = field(default_factory=dict)

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

    def grids(self, reading: Reading) -> list[Grid]:
        """The same for a terminal, where a table of many cells may have its labels beside each other."""
        turn = self.say("item") if len(reading.cells.labels) > _FEW_CELLS else ""
        return [replace(as_grid(table), turn=turn) for table in self.tables(reading)]

    def by_period(self, reading: Reading, cell: int) -> Table:
        """Items below each other, periods beside each other; where something moved, the plan's amounts beside them."""
        entries = self.entries(reading, self.places, [cell] * len(self.places))
        decimals = self.decimals(entries)
        moved = np.any([e.moved(decimals) for e in entries if len(e.amounts)], axis=0)
        columns: list[str] = []
        for period, beside in zip(self.shown, moved, strict=True):
            columns += self.heads(str(period), bool(beside))
        lines = [
            Line(
                entry.name,
                "",
                tuple(
                    told
                    for k, beside in enumerate(moved if len(entry.amounts) else ())
                    for told in entry.figures(k, bool(beside), self.language, decimals)
                ),
                entry.kind,
            )
            for entry in entries
        ]
        title = f"{self.title(reading, cell)}, {self.unit(reading.balance)}"
        planned = self.shown.index(self.plan.header.plan_periods[0])
        return Table(title, tuple(columns), tuple(lines), planned, self.note(reading), head=self.say("item"))

    def by_cell(self, reading: Reading, t: int) -> Table:
        """Labels below each other, items beside each other, in one period; beside what moved, the plan's amounts."""
        count = len(reading.cells.labels)
        entries = [e for e in self.entries(reading, [t] * count, list(range(count))) if len(e.amounts)]
        decimals = self.decimals(entries)
        moved = [bool(entry.moved(decimals).any()) for entry in entries]
        columns: list[str] = []
        for entry, beside in zip(entries, moved, strict=True):
            columns += self.heads(entry.name, beside)
        lines = [
            Line(
                self.labels(reading.balance, labels),
                "",
                tuple(
                    told
                    for entry, beside in zip(entries, moved, strict=True)
                    for told in entry.figures(k, beside, self.language, decimals)
                ),
            )
            for k, labels in enumerate(reading.cells.labels)
        ]
        period = self.plan.header.periods[t]
        title = f"{reading.balance.name(self.language)}, {period}, {self.unit(reading.balance)}"
        planned = 0 if period > self.plan.header.base else len(columns)
        return Table(title, tuple(columns), tuple(lines), planned, self.note(reading), head=self.say("label"))

    def heads(self, name: str, beside: bool) -> list[str]:
        """The heads of a column, and of the plan's and the difference's, if they stand beside it."""
        return [self.say("planned", column=name), name, self.say("moved", column=name)] if beside else [name]

    def decimals(self, entries: Sequence[Entry]) -> int:
        """So many decimals that the largest amount shows four digits."""
        sizes = [np.abs(np.nan_to_num(part)) for e in entries for part in (e.amounts, e.planned)]
        return digits(np.concatenate(sizes))

    def entries(self, reading: Reading, periods: Sequence[int], cells: Sequence[int]) -> list[Entry]:
        """The rows of a balance at places: each side's items and its sum, and what is over or lacking."""
        at, found = (np.array(periods), np.array(cells)), []
        plan = self.beside.get(reading.balance.code)
        nothing = np.full(len(periods), np.nan)
        sums: tuple[tuple[int, str], ...] = ((1, "resources"), (-1, "uses"))
        for sign, key in sums:
            found.append(Entry(self.say(key), "group"))
            for line in (one for one in reading.lines if one.sign == sign and self.concerns(reading, one.item, cells)):
                planned = nothing if plan is None else amounts_of(plan, line.item, line.opening)[at]
                amounts, leads = np.where(line.there, line.amounts, np.nan)[at], self.leads(line.item)
                found.append(Entry(self.line(line), "level", leads, amounts, planned, line.sure[at]))
            untold = (i for i in (*reading.free, *reading.unknown) if _sign(i) == sign)
            found += [Entry(self.item(i), amounts=nothing, planned=nothing) for i in untold]
            found.append(self.total(self.say(f"{key}_total"), reading, at, key))
        return [*found, self.rest(reading, at)]

    def rest(self, reading: Reading, at: tuple[Ints, Ints]) -> Entry:
        """What is over or lacking. Of what is lacking, in the plan or here, it cannot be said that it is left over."""
        told = self.total(self.left_over(reading.balance), reading, at, "gap")
        least = -max(self.plan.header.identity_tolerance, 1e-9) * float(np.abs(reading.uses).max(initial=0))
        lacking = any((np.nan_to_num(amounts) < least).any() for amounts in (told.amounts, told.planned))
        return replace(told, name=self.say("gap")) if lacking else told

    def concerns(self, reading: Reading, item: Item, cells: Sequence[int]) -> bool:
        """Whether an item is for any of these cells."""
        return bool(np.isin(cells, reading.cells.of(item)).any())

    def total(self, name: str, reading: Reading, at: tuple[Ints, Ints], key: str) -> Entry:
        """A sum of lines, or the difference of both; it leads to the first of them."""
        plan = self.beside.get(reading.balance.code)
        leads = next((told for line in reading.lines if (told := self.leads(line.item))), "")
        made = np.where(reading.known, getattr(reading, key), np.nan)[at]
        planned = np.full(made.shape, np.nan)
        # What takes the rest has no amount in the plan: neither has a sum that it is part of.
        if plan is not None and not plan.free:
            planned = np.where(plan.known, getattr(plan, key), np.nan)[at]
        return Entry(name, "total", leads, made, planned)

    def charts(self, reading: Reading) -> list[Chart]:
        """A balance of one cell as streams, in the last plan period."""
        t = self.places[-1]
        if not reading.known[t, 0] or reading.free:
            return []
        decimals = digits(np.abs(reading.resources[t]))
        told = [(self.line(line), float(line.amounts[t, 0]), line.sign) for line in reading.lines]
        # Below nothing by less than is printed is what arithmetic leaves.
        parts = [part for part in told if part[1] > 0 or clean(part[1], decimals)]
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


def amounts_of(reading: Reading, item: Item, opening: bool) -> Floats:
    """What a reading has of an item by period and cell, of a stock at the start or at the end; NaN: nothing."""
    for line in reading.lines:
        if (line.item.code, line.opening) == (item.code, opening):
            return np.where(line.there, line.amounts, np.nan)
    return np.full(reading.known.shape, np.nan)


def _sign(item: Item) -> int:
    return 1 if item.side == "resource" else -1
