"""The workbook's sheets about limits: what causes each shortage, what would relieve it, and the capacities there are.

The values are those of the page, unrounded; prices are of the allocation as it was solved, so none is a formula.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bagdar.balances.levels import Level
from bagdar.language import phrase
from bagdar.publish.allocation import AllocationWriter
from bagdar.publish.capacities import capacities

Told = str | float | None  # None leaves a cell empty
_WIDE = 42


def sheet_names(writer: AllocationWriter) -> dict[str, str]:
    """What the sheets are called."""
    return {key: writer.say(key)[:31] for key in ("causes", "relief", "capacity")}


def causes_sheet(book: Any, writer: AllocationWriter, style: Mapping[str, Any]) -> None:
    """For each explained shortage the limits behind it and the uses that it competes with."""
    shortage = ("customer", "period", "lacking", "unit")
    heads = [writer.say(key) for key in shortage]
    heads += ["", phrase("balance_item", writer.language)]
    heads += [writer.say(key) for key in ("period", "amount", "unit", "more", "less", "holds_from", "holds_to")]
    rows: list[list[Told]] = []
    for told, _ in writer.explained:
        one = told.shortage
        short: list[Told] = [*_named(writer, one.level, one.cell, one.period), one.amount, _unit(writer, one.level)]
        for limit in told.limits:
            name, period = _named(writer, limit.level, limit.cell, limit.period)
            ends: list[Told] = [None, None] if limit.holds is None else [_end(end) for end in limit.holds]
            prices: list[Told] = [limit.more, limit.less, *ends]
            rows.append([*short, writer.say("limit"), name, period, limit.amount, _unit(writer, limit.level), *prices])
        for rival in told.exchanges:
            name, period = _named(writer, rival.level, rival.cell, rival.period)
            has = writer.held(rival.level, rival.cell, rival.period)
            rows.append([*short, writer.say("taken"), name, period, has, _unit(writer, rival.level), rival.rate])
    _write(book, style, sheet_names(writer)["causes"], [writer.say("causes_note"), *writer.partly()], heads, rows)


def relief_sheet(book: Any, writer: AllocationWriter, style: Mapping[str, Any]) -> None:
    """For each explained shortage the limits to raise, and what that is worth."""
    heads = [writer.say(key) for key in ("customer", "period")]
    heads += [writer.say("worth", currency=writer.balance_currency())]
    heads += [writer.say(key) for key in ("raise", "period", "amount", "by", "unit")]
    rows: list[list[Told]] = []
    for told, eased in writer.explained:
        one = told.shortage
        short: list[Told] = [*_named(writer, one.level, one.cell, one.period)]
        if eased is None:
            rows.append([*short, None, writer.say("no_relief")])
            continue
        cost = None if eased.cost is None else eased.cost / 1e6
        for measure in eased.measures:
            name, period = _named(writer, measure.level, measure.cell, measure.period)
            unit = _unit(writer, measure.level)
            rows.append([*short, cost, name, period, measure.amount, measure.more, unit])
    _write(book, style, sheet_names(writer)["relief"], [writer.say("relief_note"), *writer.partly()], heads, rows)


def capacity_sheet(book: Any, writer: AllocationWriter, style: Mapping[str, Any]) -> None:
    """What each capacity comes to, by period: installed, used, added. No sheet, if there is none."""
    rows: list[list[Told]] = []
    for one in capacities(writer.settled.allocation):
        name = writer.say(one.kind, item=writer.name(one.level, one.cell, plain=True))
        amounts = (None if np.isnan(value) else float(value) for value in one.amounts)
        rows.append([name, _unit(writer, one.level), *amounts])
    if rows:
        heads = [phrase("balance_item", writer.language), writer.say("unit")]
        heads += map(str, writer.plan.header.plan_periods)
        _write(book, style, sheet_names(writer)["capacity"], [], heads, rows)


def _named(writer: AllocationWriter, level: Level, cell: int, period: int) -> tuple[str, str]:
    return writer.name(level, cell), writer.period(period)


def _unit(writer: AllocationWriter, level: Level) -> str:
    return writer.balance.unit(level.balance)


def _end(value: float) -> Told:
    """The end of a range; what has none is left open, as on the page."""
    return float(value) if np.isfinite(value) else "…"


def _write(
    book: Any,
    style: Mapping[str, Any],
    name: str,
    notes: Sequence[str],
    heads: Sequence[str],
    rows: Sequence[Sequence[Told]],
) -> None:
    """A sheet of texts and numbers below its notes."""
    sheet = book.add_worksheet(name)
    for column, head in enumerate(heads):
        texts = [told for row in rows for told in row[column : column + 1] if isinstance(told, str)]
        sheet.set_column(column, column, min(max([12, len(head), *map(len, texts)]), _WIDE))
    for at, text in enumerate(notes):
        sheet.write_string(at, 0, text)
    top = len(notes) + 1 if notes else 0
    for column, head in enumerate(heads):
        sheet.write_string(top, column, head, style["bold"])
    for at, row in enumerate(rows, top + 1):
        for column, told in enumerate(row):
            if isinstance(told, str):
                sheet.write_string(at, column, told)
            elif told is not None:
                # A price in small units is not 0, nor must it look so.
                small = 0 < abs(told) < 1e-3
                sheet.write_number(at, column, float(f"{told:.12g}"), style["small" if small else "number"])
