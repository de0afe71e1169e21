"""An allocation for readers: who is short by rank, what limits each, what would relieve it, and the balances after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

import numpy as np

from bagdar.balance import Item
from bagdar.balances.allocation import Shortage
from bagdar.balances.levels import Level
from bagdar.balances.limits import Cause
from bagdar.balances.loop import Settled
from bagdar.balances.ranks import DEAR, exchange_rates, weight_of
from bagdar.balances.reading import read_balances
from bagdar.balances.relief import Relief
from bagdar.language import Language, counted, number, phrase, scientific
from bagdar.publish.amounts import amount, money, shortest, span
from bagdar.publish.balances import BalanceWriter, as_grid
from bagdar.publish.capacities import capacities
from bagdar.publish.ceilings import effects, told_caps, unanswered
from bagdar.publish.content import Figure, Line, Section, Table
from bagdar.publish.document import Document, Part
from bagdar.publish.entries import digits
from bagdar.publish.figures import MISSING, indicator_anchor
from bagdar.publish.units import unit_name

LISTED = 60
_MOST_LINES = 12


def allocation_document(settled: Settled, language: Language) -> Document:
    """An allocation for a terminal or a file."""
    writer = AllocationWriter(settled, language)
    header = settled.allocation.plan.header
    title = writer.say("title", title=header.title.get(language) or header.code)
    parts = [_part(writer.say("ranks"), [writer.ranks()])]
    shortages = writer.shortages()
    if shortages is None:
        parts.append(Part(writer.say("short"), (writer.say("nothing_short"),)))
    else:
        parts.append(_part(writer.say("short"), [shortages], writer.unanswered()))
        parts.append(_part(writer.say("causes"), writer.causes(), writer.partly()))
        if writer.explained:
            parts.append(_part(writer.say("relief"), [writer.reliefs()]))
    if first := writer.balances(writer.first):
        parts.append(_part(writer.say("short_balances"), first, (writer.say("short_balances_note"),)))
    if (effect := writer.effect()) is not None:
        parts.append(_part(writer.say("effect"), [effect]))
    if (remaining := writer.shortages(writer.remaining, "remain")) is not None:
        parts.append(_part(writer.say("remain"), [remaining]))
    if (capacities := writer.capacities()) is not None:
        parts.append(_part(writer.say("capacity"), [capacities]))
    told = (writer.say("beside"), *(table.note for table in writer.balances(writer.balance) if table.note))
    grids = tuple(grid for reading in writer.balance.readings for grid in writer.balance.grids(reading))
    parts.append(Part(writer.say("balance"), told, grids))
    return Document(title, tuple(writer.solved()), tuple(parts))


def _part(title: str, tables: Sequence[Table], told: Sequence[str] = ()) -> Part:
    """A part of the document: its tables, and before them what their notes say; none repeats the part's title."""
    text = (*told, *(table.note for table in tables if table.note))
    shown = (replace(table, title="") if table.title == title else table for table in tables)
    return Part(title, text, tuple(map(as_grid, shown)))


def allocation_section(settled: Settled | None, title: str, language: Language) -> Section:
    """The part of the report that says who is short, and what the balances are after the allocation."""
    if settled is None:
        return Section("allocation", title)
    writer = AllocationWriter(settled, language)
    told = writer.solved()
    shortages = writer.shortages()
    shown = [writer.ranks()]
    if shortages is None:
        told.append(writer.say("nothing_short"))
    else:
        told += [*writer.unanswered(), *writer.partly()]
        shown += [shortages, *writer.causes(), *([writer.reliefs()] if writer.explained else [])]
    if (effect := writer.effect()) is not None:
        shown.append(effect)
    if (remaining := writer.shortages(writer.remaining, "remain")) is not None:
        shown.append(remaining)
    first = [replace(table, note=writer.say("short_balances_note")) for table in writer.balances(writer.first)]
    opened = [*first, *writer.balances(writer.balance)]
    if (capacity := writer.capacities()) is not None:
        # Of many labels it is long: the reader opens it.
        (shown if len(capacity.lines) <= _MOST_LINES else opened).append(capacity)
    told.append(writer.say("beside"))
    prose = "".join(f"<p>{escape(text)}</p>" for text in told)
    return Section("allocation", title, prose, tuple(shown), (), tuple(opened))


@dataclass
class AllocationWriter:
    """The words and numbers of an allocation in one language."""

    settled: Settled
    language: Language

    def __post_init__(self) -> None:
        # What is short is short of what was demanded before any ceiling; the balances are those under them.
        self.allocation = self.settled.first
        self.plan, self.framed = self.allocation.plan, self.allocation.framed
        after = self.settled.allocation.readings()
        # The plan is what it was before any ceiling.
        before = read_balances(self.settled.before.plan, self.settled.before.values)
        planned = {reading.balance.code: reading for reading in before}
        self.balance = BalanceWriter(self.settled.solution, self.language, after, "left", planned)
        short = {one.level.balance.code for one in self.allocation.shortages()} if self.settled.caps else set()
        first = tuple(one for one in self.allocation.readings() if one.balance.code in short)
        self.first = BalanceWriter(self.settled.before, self.language, first, "left", planned) if first else None
        found = self.allocation.shortages()
        self.found, self.explained = found, self.settled.explained
        self.remaining = self.settled.allocation.shortages() if self.settled.caps else ()

    def say(self, key: str, **facts: object) -> str:
        """A phrase about allocations."""
        return phrase(f"allocation_{key}", self.language, **facts)

    def solved(self) -> list[str]:
        """How it was solved, how exactly, and under which ceilings."""
        answer, ranked = self.allocation.answer, self.allocation.ranked
        keys = ("primal", "dual", "gap")
        small = {key: scientific(v, self.language) for key, v in zip(keys, ranked.residuals, strict=True)}
        sure = self.say("not_sure" if ranked.rough else "sure")
        weight = weight_of(answer.method, sum(stage.rank > 0 for stage in ranked.stages))
        told = [self.say("solved", method=answer.method, sure=sure, **small)]
        facts = {
            "slack": shortest(100 * ranked.epsilon, self.language),
            "dear": number(DEAR, self.language),
            "weight": shortest(float(f"{weight:.3g}"), self.language),
        }
        way = "slack" if ranked.way == "epsilon" and not self.allocation.session.vertex_prices else ranked.way
        told.append(self.say(f"way_{way}", **facts))
        if self.framed.frame.closes:
            told.append(self.say("closing", period=self.plan.header.plan_periods[-1]))
        if self.settled.caps:
            caps = told_caps(self.settled, self.language)
            told.append(counted("allocation_caps", self.settled.rounds, self.language, caps=caps))
            told.append(self.say("first"))
        return told

    def ranks(self) -> Table:
        """How far each rank is served, and what it costs the next."""
        lines = []
        for rank, met, rate in self.served():
            shown = MISSING if rate is None else number(rate + 0.0, self.language, 2)
            first = next(level.item for level in self.framed.levels.values() if level.item.rank == rank)
            lines.append(self.row(str(rank), first, [number(met, self.language, 2), shown]))
        columns = (self.say("met"), self.say("exchange"))
        note = self.say("exchange_note")
        return Table(self.say("ranks"), columns, tuple(lines), len(columns), note, head=self.say("rank"))

    def served(self) -> list[tuple[int, float, float | None]]:
        """(rank, the percentage of it that is met, what the next would gain, None if none can be told)."""
        rates = {first: rate for first, _, rate in exchange_rates(self.allocation.expanded, self.allocation.ranked)}
        ranks = [stage.rank for stage in self.allocation.ranked.stages if stage.rank]
        return [(rank, 100 * self.allocation.met(rank), rates.get(rank)) for rank in ranks]

    def shortages(self, found: Sequence[Shortage] | None = None, key: str = "short") -> Table | None:
        """Every shortage, or those found, by rank and customer; None if there is none."""
        found = self.found if found is None else found
        if not found:
            return None
        lines = []
        for one in found[:LISTED]:
            decimals = digits(np.array([one.demanded]))
            figures = [
                str(one.item.rank),
                self.period(one.period),
                *(number(v, self.language, decimals) for v in (one.demanded, one.delivered, one.amount)),
                number(100 * one.amount / one.demanded, self.language, 1),
                self.balance.unit(one.level.balance),
            ]
            lines.append(self.row(self.name(one.level, one.cell), one.item, figures))
        keys = ("rank", "period", "demanded", "delivered", "lacking", "lacking_share", "unit")
        more = number(len(found) - LISTED, self.language)
        note = self.say("more_short", count=more) if len(found) > LISTED else ""
        columns = tuple(map(self.say, keys))
        return Table(self.say(key), columns, tuple(lines), len(columns), note, head=self.say("customer"))

    def causes(self) -> list[Table]:
        """For each shortage the limits behind it, and the uses that it competes with."""
        tables = [self.cause(told) for told, _ in self.explained]
        return [*tables[:-1], replace(tables[-1], note=self.say("causes_note"))] if tables else []

    def cause(self, told: Cause) -> Table:
        """One shortage's limits and rivals."""
        lines = []
        for limit in told.limits:
            figures = [
                self.say("limit"),
                self.period(limit.period),
                self.amount(limit.amount, limit.level),
                _price(limit.more, self.language),
                MISSING if limit.less is None else _price(limit.less, self.language),
                self.range(limit.holds),
            ]
            lines.append(self.row(self.name(limit.level, limit.cell), limit.level.item, figures))
        for rival in told.exchanges:
            has = self.held(rival.level, rival.cell, rival.period)
            figures = [
                self.say("taken"),
                self.period(rival.period),
                self.amount(has, rival.level),
                _price(rival.rate, self.language),
                MISSING,
                MISSING,
            ]
            lines.append(self.row(self.name(rival.level, rival.cell), rival.level.item, figures))
        one = told.shortage
        lacking = self.say("lacks", amount=self.amount(one.amount, one.level))
        title = f"{self.name(one.level, one.cell)}, {self.period(one.period)}: {lacking}"
        columns = ("", *map(self.say, ("period", "amount", "more", "less", "holds")))
        return Table(title, columns, tuple(lines), len(columns), head=phrase("balance_item", self.language))

    def reliefs(self) -> Table:
        """For each shortage the limits to raise."""
        lines = []
        for told, eased in self.explained:
            one = told.shortage
            lines += self.relief(f"{self.name(one.level, one.cell)}, {self.period(one.period)}", eased)
        columns = tuple(map(self.say, ("period", "amount", "by")))
        note = self.say("relief_note")
        return Table(self.say("relief"), columns, tuple(lines), len(columns), note, head=self.say("raise"))

    def relief(self, title: str, told: Relief | None) -> list[Line]:
        """One shortage's measures under its name."""
        if told is None:
            return [Line(f"{title}: {self.say('no_relief')}", "", (), "group")]
        worth = self.say("no_price") if told.cost is None else self.say("cost", cost=self.money(told.cost))
        lines = [Line(f"{title}: {worth}", "", (), "group")]
        for one in told.measures:
            figures = [self.period(one.period), self.amount(one.amount, one.level), self.amount(one.more, one.level)]
            lines.append(self.row(self.name(one.level, one.cell), one.level.item, figures))
        return lines

    def row(self, name: str, item: Item, texts: Sequence[str]) -> Line:
        """A line whose numbers lead to where the item's come from."""
        leads = self.balance.leads(item)
        return Line(name, "", tuple(Figure(text, leads if text != MISSING else "") for text in texts))

    def range(self, holds: tuple[float, float] | None) -> str:
        """From which amount to which a price holds; a side without an end is left open."""
        return MISSING if holds is None else span(*holds, self.language)

    def partly(self) -> list[str]:
        """That only some of the shortages are explained, if so."""
        if len(self.found) == len(self.explained):
            return []
        if not self.explained:
            return [self.say("not_explained")]
        return [counted("allocation_explained", len(self.explained), self.language)]

    def unanswered(self) -> list[str]:
        """That the model knows nothing of what is short, if so."""
        return [self.say("no_caps")] if unanswered(self.settled) else []

    def effect(self) -> Table | None:
        """The headline indicators without ceilings and with them, where they differ; None without ceilings."""
        if not self.settled.caps:
            return None
        lines = []
        for one in effects(self.settled):
            leads = indicator_anchor(one.indicator.code)
            texts = one.shown(self.language, MISSING)
            figures = tuple(Figure(a if a == b else f"{a} → {b}", leads) for a, b in texts)
            lines.append(Line(one.indicator.name(self.language), unit_name(one.indicator, self.language), figures))
        columns, note = tuple(map(str, self.plan.header.plan_periods)), self.say("effect_note")
        return Table(self.say("effect"), columns, tuple(lines), 0, note, head=phrase("balance_item", self.language))

    def worth(self) -> tuple[float, str]:
        """What the costs of reliefs are divided by, and its unit in words: the same for all of them."""
        costs = [eased.cost for _, eased in self.explained if eased is not None and eased.cost is not None]
        return money(costs, self.plan.header.currency, self.language)

    def money(self, cost: float) -> str:
        """What a relief costs, in that unit."""
        scale, unit = self.worth()
        return f"{amount(cost / scale, self.language)} {unit}".strip()

    def capacities(self) -> Table | None:
        """What capacity there is, what is used of it and what is added; None if there is none."""
        lines = []
        for one in capacities(self.settled.allocation):
            decimals = digits(np.abs(np.nan_to_num(one.amounts)))
            name = self.say(one.kind, item=self.name(one.level, one.cell, plain=True))
            texts = [MISSING if np.isnan(v) else number(float(v) + 0.0, self.language, decimals) for v in one.amounts]
            lines.append(replace(self.row(name, one.level.item, texts), unit=self.balance.unit(one.level.balance)))
        if not lines:
            return None
        columns = tuple(map(str, self.plan.header.plan_periods))
        head = phrase("balance_item", self.language)
        return Table(self.say("capacity"), columns, tuple(lines), 0, head=head)

    def balances(self, balance: BalanceWriter | None) -> list[Table]:
        """Balances as they are allocated, in their customary form: all, or the short ones before any ceiling."""
        return [table for reading in balance.readings for table in balance.tables(reading)] if balance else []

    def name(self, level: Level, cell: int, plain: bool = False) -> str:
        """A level as a reader sees it: its balance, its item, its labels."""
        labels = self.balance.labels(level.balance, self.framed.cells[level.balance.code].labels[level.cells[cell]])
        item = self.balance.item(level.item)
        if level.code == level.item.additions:
            item = item if plain else self.say("added", item=item)
        return ": ".join([level.balance.name(self.language), ", ".join([item, *([labels] if labels else [])])])

    def held(self, level: Level, cell: int, period: int) -> float:
        """What a level's cell came to."""
        assert level.columns is not None
        return float(self.allocation.answer.x.reshape(-1, self.framed.frame.levels)[period, level.columns[cell]])

    def amount(self, value: float, level: Level) -> str:
        """An amount in its balance's unit."""
        return f"{amount(value, self.language)} {self.balance.unit(level.balance)}".strip()

    def period(self, t: int) -> str:
        """A period of the horizon, one before it (t < 0), or the closing one."""
        header = self.plan.header
        planned: Sequence[object] = header.plan_periods
        if t < 0:
            return str(header.periods[header.periods.index(header.plan_periods[0]) + t])
        return str(planned[t]) if t < len(planned) else self.say("after", period=planned[-1])


def _price(value: float, language: Language) -> str:
    return amount(value, language, 3)
