"""The workbook's sheets beside its balances: how far ranks are served, what causes each shortage and what would
relieve it, what ceilings change, and the capacities there are.

The values are those of the page, unrounded; prices are of the allocation as it was solved, so none is a formula.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bagdar.balances.levels import Level
from bagdar.language import Language, phrase
from bagdar.publish.allocation import AllocationWriter
from bagdar.publish.amounts import is_one
from bagdar.publish.capacities import capacities
from bagdar.publish.ceilings import effects
from bagdar.publish.units import unit_name

Told = str | float | None  # None leaves a cell empty
_WIDE = 42


def sheet_names(writer: AllocationWriter) -> dict[str, str]:
    """What the sheets are called: as the page's parts, where a sheet's name may be so long."""
    keys = ("short", "causes", "sheet_relief", "ranks", "effect", "sheet_remain", "capacity")
    return {key.removeprefix("sheet_"): writer.say(key)[:31] for key in keys}


def ranks_sheet(book: Any, writer: AllocationWriter, style: Mapping[str, Any]) -> None:
    """How far each rank is served, and what it costs the next."""
    heads = [writer.say(key) for key in ("rank", "met", "exchange")]
    rows: list[list[Told]] = [[str(rank), met, rate] for rank, met, rate in writer.served()]
    write_table(book, style, sheet_names(writer)["ranks"], [writer.say("exchange_note")], heads, rows)


def effect_sheet(book: Any, writer: AllocationWriter, style: Mapping[str, Any]) -> None:
    """What the ceilings change: a headline indicator without them and with them below each other."""
    rows: list[list[Told]] = []
    for one in effects(writer.settled):
        name, unit = one.indicator.name(writer.language), unit_name(one.indicator, writer.language)
        rows += [[name, unit, writer.say("without"), *one.without], [name, unit, writer.say("with"), *one.held]]
    heads = [phrase("balance_item", writer.language), writer.say("unit"), ""]
    heads += map(str, writer.plan.header.plan_periods)
    write_table(book, style, sheet_names(writer)["effect"], [writer.say("effect_note")], heads, rows)


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
            prices: list[Told] = [limit.more, limit.less, *_ends(limit.holds, writer.language)]
            rows.append([*short, writer.say("limit"), name, period, limit.amount, _unit(writer, limit.level), *prices])
        for rival in told.exchanges:
            name, period = _named(writer, rival.level, rival.cell, rival.period)
            has = writer.held(rival.level, rival.cell, rival.period)
            rows.append([*short, writer.say("taken"), name, period, has, _unit(writer, rival.level), rival.rate])
    write_table(book, style, sheet_names(writer)["causes"], [writer.say("causes_note"), *writer.partly()], heads, rows)


def relief_sheet(book: Any, writer: AllocationWriter, style: Mapping[str, Any]) -> None:
    """For each explained shortage the limits to raise, and what that is worth."""
    heads = [writer.say(key) for key in ("customer", "period")]
    scale, money = writer.worth()
    heads += [writer.say("worth", currency=money)]
    heads += [writer.say(key) for key in ("raise", "period", "amount", "by", "unit")]
    rows: list[list[Told]] = []
    for told, eased in writer.explained:
        one = told.shortage
        short: list[Told] = [*_named(writer, one.level, one.cell, one.period)]
        if eased is None:
            rows.append([*short, None, writer.say("no_relief")])
            continue
        cost: Told = writer.say("no_price") if eased.cost is None else eased.cost / scale
        for measure in eased.measures:
            name, period = _named(writer, measure.level, measure.cell, measure.period)
            unit = _unit(writer, measure.level)
            rows.append([*short, cost, name, period, measure.amount, measure.more, unit])
    write_table(book, style, sheet_names(writer)["relief"], [writer.say("relief_note"), *writer.partly()], heads, rows)


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
        write_table(book, style, sheet_names(writer)["capacity"], [], heads, rows)


def _named(writer: AllocationWriter, level: Level, cell: int, period: int) -> tuple[str, str]:
    return writer.name(level, cell), writer.period(period)


def _unit(writer: AllocationWriter, level: Level) -> str:
    return writer.balance.unit(level.balance)


def _ends(holds: tuple[float, float] | None, language: Language) -> list[Told]:
    """The ends of a range; what has none is left open, and one that is only a point said to be one, as on the page."""
    if holds is None:
        return [None, None]
    if is_one(*holds, language):
        return [phrase("allocation_here_only", language), None]
    return [float(end) if np.isfinite(end) else "…" for end in holds]


def write_table(
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
