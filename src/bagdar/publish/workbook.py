"""An allocation as a workbook: every balance a sheet, sums and norms as live formulas, the solved values in the cells.

A planner can change a delivery or a norm and see which balances stop closing; nothing is solved again there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np
import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from bagdar.balance import Balance
from bagdar.balances.allocation import Shortage, level_at
from bagdar.balances.framing import Framed
from bagdar.balances.joins import Key
from bagdar.balances.levels import Level
from bagdar.balances.loop import Settled
from bagdar.balances.numbers import Floats, Ints
from bagdar.balances.reading import Line, Reading
from bagdar.language import Language
from bagdar.publish.allocation import AllocationWriter
from bagdar.publish.balances import amounts_of
from bagdar.publish.entries import Entry
from bagdar.publish.workbook_causes import (
    capacity_sheet,
    causes_sheet,
    effect_sheet,
    ranks_sheet,
    relief_sheet,
    sheet_names,
)

# Stands in every workbook that is written, so that no other is written over.
MARK = "bagdar allocate"
_FIRST = 4  # the row of a sheet where its table begins, below title and unit
_ITEM, _LABEL, _NUMBERS = 0, 1, 3  # columns: item, labels, rank, then periods
_WIDE = 42


def workbook(settled: Settled, language: Language) -> bytes:
    """The file's bytes: the shortages, their causes and relief, a sheet a balance, capacities, and every norm that
    ties an item to another.
    """
    return _Book(AllocationWriter(settled, language)).bytes()


@dataclass
class _Book:
    writer: AllocationWriter
    # Where each level's cell stands: (sheet, row) by balance, level and cell; the numbers begin in column _NUMBERS.
    places: dict[tuple[Key, int], tuple[str, int]] = field(default_factory=dict)
    # Rows of the sheet of norms that add up to an item's cell.
    ties: dict[tuple[Key, int], tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stream = BytesIO()
        # Texts of a plan are texts: none of them becomes a formula or a link.
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book: Any = xlsxwriter.Workbook(self.stream, options)
        style = {
            "bold": self.book.add_format({"bold": True}),
            "number": self.book.add_format({"num_format": "#,##0.000"}),
        }
        style["total"] = self.book.add_format({"bold": True, "num_format": "#,##0.000", "top": 1})
        style["short"] = self.book.add_format({"num_format": "#,##0.000", "font_color": "#b3261e"})
        style["small"] = self.book.add_format({"num_format": "0.00E+00"})
        self.style = style
        # What the balances' sheets show: the allocation under the ceilings.
        self.allocation = self.writer.settled.allocation
        self.periods = [str(period) for period in self.writer.plan.header.plan_periods]
        self.sheets: dict[str, str] = {}

    def bytes(self) -> bytes:
        """The whole workbook."""
        self.shortages("short", [*self.writer.solved(), *self.writer.unanswered()], self.writer.found)
        ranks_sheet(self.book, self.writer, self.style)
        if self.writer.found:
            causes_sheet(self.book, self.writer, self.style)
            relief_sheet(self.book, self.writer, self.style)
        if self.writer.settled.caps:
            effect_sheet(self.book, self.writer, self.style)
        if self.writer.remaining:
            self.shortages("remain", [self.writer.say("remain")], self.writer.remaining)
        for reading in self.writer.balance.readings:
            self.sheets[reading.balance.code] = self.sheet_name(reading.balance)
        tied = [level for level in self.allocation.framed.levels.values() if level.blocks]
        self.place(self.writer.balance.readings)
        self.place_ties(tied)
        for reading in self.writer.balance.readings:
            self.sheet(reading)
        capacity_sheet(self.book, self.writer, self.style)
        self.norms(tied)
        # The plan's date, not today's: the same plan gives the same bytes.
        made = datetime.combine(self.writer.plan.header.plan_date, time())
        self.book.set_properties({"comments": MARK, "created": made})
        self.book.close()
        return self.stream.getvalue()

    def sheet_name(self, balance: Balance) -> str:
        """A name that a workbook takes, unlike any other."""
        # No apostrophe among them: formulas quote names with it.
        name = re.sub(r"[\[\]:*?/\\']", " ", balance.name(self.writer.language))[:28].strip() or balance.code[:28]
        own = ("History", self.norm_sheet, *sheet_names(self.writer).values())  # the first is Excel's
        taken = {one.lower() for one in (*self.sheets.values(), *own)}
        number = 2
        while name.lower() in taken:
            name, number = f"{name[:26]} {number}", number + 1
        return name

    @property
    def norm_sheet(self) -> str:
        """What the sheet of norms is called."""
        return self.writer.balance.say("norms")[:31]

    def shortages(self, key: str, notes: Sequence[str], found: Sequence[Shortage]) -> None:
        """A sheet of shortages below its notes, that of the first of all: how it was solved."""
        sheet = self.book.add_worksheet(sheet_names(self.writer)[key])
        sheet.set_column(0, 0, _WIDE)
        for row, text in enumerate(notes):
            sheet.write_string(row, 0, text)
        row = len(notes) + 1
        keys = ("customer", "rank", "period", "unit", "demanded", "delivered", "lacking", "lacking_share")
        for column, head in enumerate(keys):
            sheet.write_string(row, column, self.writer.say(head), self.style["bold"])
        for one in found:
            row += 1
            sheet.write_string(row, 0, self.writer.name(one.level, one.cell))
            sheet.write_number(row, 1, one.item.rank)
            sheet.write_string(row, 2, self.writer.period(one.period))
            sheet.write_string(row, 3, self.writer.balance.unit(one.level.balance))
            sheet.write_number(row, 4, one.demanded, self.style["number"])
            sheet.write_number(row, 5, one.delivered, self.style["number"])
            wanted, given = xl_rowcol_to_cell(row, 4), xl_rowcol_to_cell(row, 5)
            sheet.write_formula(row, 6, f"={wanted}-{given}", self.style["short"], one.amount)
            share = 100 * one.amount / one.demanded
            sheet.write_formula(row, 7, f"=100*({wanted}-{given})/{wanted}", self.style["short"], share)

    # Where things stand

    def rows(self, reading: Reading) -> list[tuple[str, Line | None, int, int]]:
        """A sheet's rows: (kind, line, sign, cell), kind one of head, item, total, left."""
        rows: list[tuple[str, Line | None, int, int]] = []
        for cell in range(len(reading.cells.labels)):
            for sign in (1, -1):
                rows.append(("head", None, sign, cell))
                mine = [line for line in reading.lines if line.sign == sign and cell in reading.cells.of(line.item)]
                rows += [("item", line, sign, cell) for line in mine]
                rows.append(("total", None, sign, cell))
            rows.append(("left", None, 0, cell))
        return rows

    def place(self, readings: Sequence[Reading]) -> None:
        """Note where each item's cell will stand."""
        for reading in readings:
            for row, (kind, line, _, cell) in enumerate(self.rows(reading), _FIRST + 1):
                if kind == "item" and line is not None and not line.opening:
                    key = (reading.balance.code, line.item.code)
                    self.places[key, cell] = (self.sheets[reading.balance.code], row)

    def place_ties(self, tied: Sequence[Level]) -> None:
        """Note which rows of the sheet of norms add up to each item's cell."""
        row = 1
        for level in tied:
            for k, cell in enumerate(level.cells):
                count = sum(int((block.rows == k).sum()) for block in level.blocks)
                if count and (level.key, int(cell)) in self.places:
                    self.ties[level.key, int(cell)] = (row, row + count - 1)
                row += count

    # Sheets

    def sheet(self, reading: Reading) -> None:
        """A balance: items with their numbers or formulas, totals, what nobody uses."""
        name = self.sheets[reading.balance.code]
        sheet = self.book.add_worksheet(name)
        sheet.set_column(0, 1, _WIDE)
        sheet.freeze_panes(_FIRST + 1, _NUMBERS)
        sheet.write_string(0, 0, reading.balance.name(self.writer.language), self.style["bold"])
        sheet.write_string(1, 0, self.writer.balance.unit(reading.balance))
        for column, text in enumerate(("item", "label")):
            sheet.write_string(_FIRST, column, self.writer.balance.say(text), self.style["bold"])
        sheet.write_string(_FIRST, 2, self.writer.say("rank"), self.style["bold"])
        for group, key in enumerate(("", "planned", "moved")):
            for k, period in enumerate(self.periods):
                head = self.writer.balance.say(key, column=period) if key else period
                sheet.write_string(_FIRST, _NUMBERS + group * len(self.periods) + k, head, self.style["bold"])
        begun, totals = 0, {1: 0, -1: 0}
        for row, (kind, line, sign, cell) in enumerate(self.rows(reading), _FIRST + 1):
            if kind == "head":
                begun = row + 1
                key = "resources" if sign > 0 else "uses"
                sheet.write_string(row, _ITEM, self.writer.balance.say(key), self.style["bold"])
            elif kind == "item" and line is not None:
                self.item(sheet, row, reading, line, cell)
            elif kind == "total":
                totals[sign] = row
                self.total(sheet, row, reading, sign, cell, begun)
            else:
                self.left(sheet, row, reading, cell, totals)
            labels = self.writer.balance.labels(reading.balance, reading.cells.labels[cell])
            sheet.write_string(row, _LABEL, labels)

    def item(self, sheet: Any, row: int, reading: Reading, line: Line, cell: int) -> None:
        """An item's line: solved values, or the sum of its ties with the solved value cached."""
        sheet.write_string(row, _ITEM, self.writer.balance.line(line))
        if line.item.rank:
            sheet.write_number(row, 2, line.item.rank)
        key = (reading.balance.code, line.item.code)
        tied, opened = self.ties.get((key, cell)), self.opened(key, cell) if line.opening else None
        for k, value in enumerate(self.planned(line.amounts[:, cell])):
            column = _NUMBERS + k
            if opened is not None and k > 0:
                sheet.write_formula(row, column, opened(k), self.style["number"], value)
                continue
            if tied is None:
                sheet.write_number(row, column, value, self.style["number"])
                continue
            first, last = (xl_rowcol_to_cell(r, _NUMBERS + 2 * len(self.periods) + k) for r in tied)
            formula = f"=SUM('{self.norm_sheet}'!{first}:{last})"
            sheet.write_formula(row, column, formula, self.style["number"], value)
        plan = amounts_of(self.writer.balance.beside[reading.balance.code], line.item, line.opening)[:, cell]
        for k, (own, wanted) in enumerate(zip(self.planned(line.amounts[:, cell]), self.planned(plan), strict=True)):
            if not np.isnan(wanted):
                sheet.write_number(row, _NUMBERS + len(self.periods) + k, wanted, self.style["number"])
                self.moved(sheet, row, k, own - wanted, "number")

    def opened(self, key: Key, cell: int) -> Callable[[int], str]:
        """What a stock's cell is at the start of a period but the first: what was left of it at the end of the one
        before, less what is lost.
        """
        framed = self.allocation.framed
        lost, (_, row) = 1 - kept(framed, framed.levels[key]), self.places[key, cell]
        at = int((framed.levels[key].cells == cell).argmax())

        def formula(k: int) -> str:
            closed, loss = xl_rowcol_to_cell(row, _NUMBERS + k - 1), _rounded(float(lost[k, at]))
            return f"=(1-{loss!r})*{closed}" if loss else f"={closed}"

        return formula

    def moved(self, sheet: Any, row: int, k: int, value: float, style: str) -> None:
        """By how much the allocation differs from what the plan has, which stands beside it."""
        own, plan = (xl_rowcol_to_cell(row, _NUMBERS + group * len(self.periods) + k) for group in (0, 1))
        column = _NUMBERS + 2 * len(self.periods) + k
        sheet.write_formula(row, column, f"={own}-{plan}", self.style[style], _rounded(value))

    def total(self, sheet: Any, row: int, reading: Reading, sign: int, cell: int, begun: int) -> None:
        """The sum of one side."""

        def formula(column: int) -> str:
            first, last = xl_rowcol_to_cell(begun, column), xl_rowcol_to_cell(row - 1, column)
            return f"=SUM({first}:{last})" if row > begun else "=0"

        key = "resources" if sign > 0 else "uses"
        told = self.writer.balance.say(f"{key}_total")
        self.sum(sheet, row, self.writer.balance.total(told, reading, self.at(cell), key), formula)

    def left(self, sheet: Any, row: int, reading: Reading, cell: int, totals: dict[int, int]) -> None:
        """Resources less uses."""

        def formula(column: int) -> str:
            return f"={xl_rowcol_to_cell(totals[1], column)}-{xl_rowcol_to_cell(totals[-1], column)}"

        self.sum(sheet, row, self.writer.balance.rest(reading, self.at(cell)), formula)

    def sum(self, sheet: Any, row: int, told: Entry, formula: Callable[[int], str]) -> None:
        """What is added up of the allocation, of the plan where it has all of it, and by how much that moved."""
        sheet.write_string(row, _ITEM, told.name, self.style["bold"])
        for group, amounts in enumerate((told.amounts, told.planned)):
            for k, value in enumerate(amounts):
                if not np.isnan(value):
                    column = _NUMBERS + group * len(self.periods) + k
                    sheet.write_formula(row, column, formula(column), self.style["total"], _rounded(float(value)))
        for k, (own, plan) in enumerate(zip(told.amounts, told.planned, strict=True)):
            if not np.isnan(plan):
                self.moved(sheet, row, k, float(own - plan), "total")

    def at(self, cell: int) -> tuple[Ints, Ints]:
        """The places of a cell in the horizon."""
        return np.array(self.writer.balance.places), np.full(len(self.periods), cell)

    def norms(self, tied: Sequence[Level]) -> None:
        """Every tie: an item's cell, what it hangs on, the norm and that one's level by period, and their product."""
        sheet, count = self.book.add_worksheet(self.norm_sheet), len(self.periods)
        sheet.set_column(0, 1, _WIDE)
        sheet.write_string(0, 0, self.writer.balance.say("item"), self.style["bold"])
        for group, key in enumerate(("norm", "level", "product")):
            for k, period in enumerate(self.periods):
                text = f"{self.writer.say(f'book_{key}')} {period}"
                sheet.write_string(0, _NUMBERS + group * count + k, text, self.style["bold"])
        row = 1
        for level in tied:
            for k in range(len(level.cells)):
                for block in level.blocks:
                    for entry in (block.rows == k).nonzero()[0]:
                        self.tie(sheet, row, level, k, (block, int(entry)))
                        row += 1

    def tie(self, sheet: Any, row: int, level: Level, k: int, of: tuple[Any, int]) -> None:
        """One pair of an item and what it hangs on."""
        block, entry = of
        framed, count = self.allocation.framed, len(self.periods)
        driver, cell = framed.owners[int(block.columns[entry])]
        sheet.write_string(row, 0, self.writer.name(level, k))
        sheet.write_string(row, 1, self.writer.name(driver, cell))
        stands = self.places.get((driver.key, int(driver.cells[cell])))
        for t in range(count):
            norm = float(block.coefficients[entry] if block.coefficients.ndim == 1 else block.coefficients[t, entry])
            at, column = t + block.lead, int(block.columns[entry])
            value = _rounded(float(level_at(framed, self.allocation.answer.x, at)[column]))
            sheet.write_number(row, _NUMBERS + t, _rounded(norm))
            if stands is not None and 0 <= at < count:
                formula = f"='{stands[0]}'!{xl_rowcol_to_cell(stands[1], _NUMBERS + at)}"
                sheet.write_formula(row, _NUMBERS + count + t, formula, self.style["number"], value)
            else:  # before or after the horizon, or no item of a balance
                sheet.write_number(row, _NUMBERS + count + t, value, self.style["number"])
            pair = (xl_rowcol_to_cell(row, _NUMBERS + t), xl_rowcol_to_cell(row, _NUMBERS + count + t))
            product = f"={pair[0]}*{pair[1]}"
            sheet.write_formula(row, _NUMBERS + 2 * count + t, product, self.style["number"], norm * value)

    def planned(self, by_period: Any) -> list[float]:
        """The numbers of the horizon out of those of all periods."""
        return [_rounded(float(by_period[t])) for t in self.writer.balance.places]


def kept(framed: Framed, level: Level) -> Floats:
    """What is left of a stock a period later, as a share, by period of the horizon and cell."""
    frame = framed.frame
    assert level.columns is not None
    blocks = (b for b in frame.blocks if b.lead == -1 and len(b.columns) and b.columns[0] == level.columns[0])
    shares = next(
        b.coefficients for b in blocks if np.array_equal(b.rows, framed.rows[level.balance.code] + level.cells)
    )
    return np.broadcast_to(shares, (frame.count, len(level.cells)))[: frame.periods]


def is_ours(path: Path) -> bool:
    """Whether a workbook may be written over: there is none, or it is one of Bagdar's that nobody has saved since."""
    if not path.is_file():
        return True
    try:
        with ZipFile(path) as book:
            told = book.read("docProps/core.xml").decode("utf-8", "replace")
    except (BadZipFile, KeyError, OSError):
        return False
    # Whoever saves it with another program signs it there.
    return MARK in told and "lastModifiedBy></cp" in told


def _rounded(value: float) -> float:
    """A number without what arithmetic leaves behind its twelfth digit."""
    return float(f"{value:.12g}")
