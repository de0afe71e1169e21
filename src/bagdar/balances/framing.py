"""plan, values -> frame: the levels and rows of an allocation out of the balances that a planner wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np

from bagdar.address import cell_name
from bagdar.balance import Balance, Item, Reference
from bagdar.balances.frame import Block, Frame
from bagdar.balances.joins import Key
from bagdar.balances.levels import PLANNED, SECURED, Level, tied
from bagdar.balances.numbers import Cells, Figures, Floats, Ints
from bagdar.finding import Finding, finding
from bagdar.plan import Plan
from bagdar.quantity import Quantity
from bagdar.unit import ONE


@dataclass(frozen=True)
class Framed:
    """A frame with what its levels and rows mean.

    rows: of each balance, where its rows begin; cells: the labels of each of these rows.
    names: of each row of the frame its balance, the item that it is about (None: the balance itself) and the cell.
    prices: of each level in each period what a unit of its balance is worth; NaN where the balance does not say.
    begun: by level key, the first period of the horizon in which it can be had, as what it needs before takes time.
    demands: of ranked uses, by level key, what is demanded by period of the horizon and cell.
    """

    plan: Plan
    frame: Frame
    levels: Mapping[Key, Level]
    rows: Mapping[str, int]
    cells: Mapping[str, Cells]
    demands: Mapping[Key, Floats]
    products: int
    names: tuple[tuple[Balance, Item | None, int], ...]
    prices: Floats
    begun: Mapping[Key, int]

    @cached_property
    def owners(self) -> tuple[tuple[Level, int], ...]:
        """Of each column of the frame its level, and which of the level's cells."""
        found: dict[int, tuple[Level, int]] = {}
        for level in self.levels.values():
            if level.columns is not None:
                found |= {int(column): (level, k) for k, column in enumerate(level.columns)}
        return tuple(found[column] for column in range(len(found)))

    @property
    def size(self) -> int:
        """Products times periods."""
        return self.products * self.frame.periods


def allocated(balances: Sequence[Balance]) -> tuple[Balance, ...]:
    """The balances that an allocation has a say in; one with plain items alone is only read."""
    named = {i.tie.balance for b in balances for i in b.items if i.tie is not None}
    return tuple(b for b in balances if b.code in named or any(i.rank or i.tie for i in b.items))


def frame_of(plan: Plan, values: Mapping[str, Quantity], growth: float = 0.0) -> tuple[Framed | None, list[Finding]]:
    """The frame of a plan's balances, with the numbers in `values`; None, with findings, if numbers are missing."""
    building = _Building(plan, values, allocated(plan.balances), 1 + growth)
    for balance in building.balances:
        for item in balance.items:
            building.level(balance, item)
    for key, level in list(building.levels.items()):
        building.tie(key, level)
    if building.findings or not building.levels:
        return None, building.findings
    return building.framed(), []


@dataclass
class _Building:
    plan: Plan
    values: Mapping[str, Quantity]
    balances: tuple[Balance, ...]
    growth: float
    findings: list[Finding] = field(default_factory=list)
    levels: dict[Key, Level] = field(default_factory=dict)
    demands: dict[Key, Floats] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    low: list[Floats] = field(default_factory=list)
    high: list[Floats] = field(default_factory=list)
    rank: list[int] = field(default_factory=list)
    demand: list[Floats] = field(default_factory=list)
    worth: list[Floats] = field(default_factory=list)
    effort: list[Floats] = field(default_factory=list)
    limited: list[tuple[Ints, Ints]] = field(default_factory=list)
    beyond: list[tuple[Ints, float]] = field(default_factory=list)
    past: list[Floats] = field(default_factory=list)
    more_rows: list[float] = field(default_factory=list)
    names: list[tuple[Balance, Item | None, int]] = field(default_factory=list)
    prices: list[Floats] = field(default_factory=list)
    first: dict[Key, int] = field(default_factory=dict)
    columns: int = 0

    def __post_init__(self) -> None:
        self.figures = Figures(self.plan, self.values, self.findings, self.growth)
        sizes = [len(self.figures.cells[b.code].labels) for b in self.balances]
        self.begins = {b.code: sum(sizes[:k]) for k, b in enumerate(self.balances)}
        self.rows = sum(sizes)
        self.names = [(b, None, cell) for b, size in zip(self.balances, sizes, strict=True) for cell in range(size)]
        # Of each level: whether another hangs on it, how many periods before the horizon are asked for, and how
        # many periods before it is there something must be ready.
        self.hung_on: set[Key] = set()
        self.asked: dict[Key, int] = {}
        self.needs_before: dict[Key, int] = {}
        for balance, item in ((b, i) for b in self.balances for i in b.items):
            if item.side == "stock" or item.additions:
                self.asked[balance.code, item.code] = max(self.asked.get((balance.code, item.code), 0), 1)
            if item.tie is not None:
                key = (item.tie.balance, item.tie.item)
                self.hung_on.add(key)
                self.asked[key] = max(self.asked.get(key, 0), -item.tie.lead)
                self.needs_before[key] = max(self.needs_before.get(key, 0), item.tie.lead)

    # Levels

    def level(self, balance: Balance, item: Item) -> None:
        """The columns of an item, its bounds and what it does to its balance's rows."""
        chosen = self.figures.cells[balance.code].of(item)
        key, sign = (balance.code, item.code), 1 if item.side == "resource" else -1
        follows = item.tie is not None and item.side != "capacity"
        if follows and key not in self.hung_on and not (item.limit or item.least):
            self.levels[key] = Level(balance, item, item.code, chosen, sign, None)
            return
        low, high = self.bounds(balance, item, len(chosen))
        self.begun(key, item.quantity or item.limit, high)
        columns = self.add(balance, item, item.code, low, high)
        self.levels[key] = Level(balance, item, item.code, chosen, sign, columns)
        if item.side == "capacity":
            self.capacity(balance, item, chosen, columns)
            return
        rows = self.begins[balance.code] + chosen
        self.blocks.append(Block(rows, columns, np.full(len(rows), float(sign)), only=_only(item)))
        if item.side == "resource" and not follows and (item.limit or not item.quantity):
            self.planned(balance, item, columns)
        if item.side == "stock":
            self.blocks.append(Block(rows, columns, self.kept(balance, item), -1))
            if item.rank:
                self.reserve(balance, item, columns)

    def bounds(self, balance: Balance, item: Item, count: int) -> tuple[Floats, Floats]:
        """(the least, the most) of an item's levels by period."""
        chosen = item.additions or item.side == "stock" or (item.tie is not None and item.side != "capacity")
        quantity, limit, least = (
            self.figures.amounts(balance, item, reference)
            for reference in (None if chosen else item.quantity, item.limit, item.least)
        )
        if item.limit is not None and limit is not None:
            self.figures.within(balance, item, item.limit, limit, 0, np.inf)
        shape = (self.figures.count, count)
        low = np.zeros(shape) if least is None else least
        high = np.full(shape, np.inf) if limit is None else limit
        if item.side == "capacity":
            return low, high if quantity is None else np.minimum(high, quantity)
        if quantity is None:
            return low, high
        if item.side == "resource":
            high = quantity if limit is None else limit
            if balance.kind != "material" and limit is None and least is None:
                low = quantity  # people and money are there whether they are used or not
        elif item.rank:
            high = np.minimum(high, np.maximum(quantity, 0))
        else:
            low, high = np.maximum(low, quantity), np.minimum(high, quantity)
        given = quantity < 0  # an inflow that flows out: it is what it is
        return np.where(given, quantity, low), np.where(given, quantity, high)

    def begun(self, key: Key, stated: Reference | None, high: Floats) -> None:
        """What needs something periods before it cannot be had in the first of them unless the plan says so.

        The closing period stands for all that follow: in it everything has had its time.
        """
        if stated is None:
            self.first[key] = min(self.needs_before.get(key, 0), len(high) - 1)
            high[: self.first[key]] = 0

    def add(self, balance: Balance, item: Item, code: str, low: Floats, high: Floats, rank: int = -1) -> Ints:
        """New columns; their numbers."""
        count = low.shape[1]
        columns = np.arange(self.columns, self.columns + count)
        self.columns += count
        ranked = (item.rank if item.side == "use" else 0) if rank < 0 else rank
        known_before = len(self.findings)
        price = self.figures.price(balance, item)
        self.prices.append(np.full(low.shape, np.nan) if price is None else price)
        demand = np.zeros(low.shape)
        if ranked:
            wanted = self.figures.amounts(balance, item, item.quantity)
            assert wanted is not None
            demand = np.maximum(wanted, 0)
            self.demands[balance.code, code] = demand[:-1]
            if price is None:
                facts = {"balance": balance.code, "unit": balance.unit_text}
                self.findings.append(finding("ranks_without_price", balance.home, **facts))
            elif len(self.findings) == known_before and (price[demand > 0] <= 0).any():
                # What is worth nothing would be served by nobody, and nobody would say so.
                facts = {"balance": balance.code, "found": str(balance.price), "item": item.code}
                self.findings.append(finding("price_not_above_zero", balance.home, **facts))
        self.low.append(low)
        self.high.append(high)
        self.rank += [ranked] * count
        self.demand.append(demand)
        self.worth.append(np.where(demand > 0, price, 0.0) if price is not None and ranked else np.zeros(low.shape))
        # What a resource hangs on is counted where it is.
        own = price is not None and item.side == "resource" and item.tie is None and code == item.code
        self.effort.append(price if price is not None and own else np.zeros(low.shape))
        asked = self.asked.get((balance.code, code), 0)
        known = replace(item, quantity=None) if code != item.code else item
        self.past.append(self.figures.before(balance, known, asked) if asked else np.full((1, count), np.nan))
        return columns

    def kept(self, balance: Balance, item: Item) -> Floats:
        """What is left of a stock or capacity a period later, as a share."""
        loss = self.figures.planned(balance, item, item.loss, ONE)
        if item.loss is None or loss is None:
            return np.ones(len(self.figures.cells[balance.code].of(item)))
        self.figures.within(balance, item, item.loss, loss, 0, 1)
        return 1 - loss

    def reserve(self, balance: Balance, item: Item, held: Ints) -> None:
        """What of a stock serves its rank: as much as is held, up to what is demanded."""
        wanted = self.figures.amounts(balance, item, item.quantity)
        assert wanted is not None
        code, chosen = f"{item.code}{SECURED}", self.figures.cells[balance.code].of(item)
        columns = self.add(balance, item, code, np.zeros(wanted.shape), np.maximum(wanted, 0), item.rank)
        rows = self.row(balance, item, np.inf)
        self.blocks.append(Block(rows, held, np.ones(len(held))))
        self.blocks.append(Block(rows, columns, -np.ones(len(held))))
        self.levels[balance.code, code] = Level(balance, item, code, chosen, 0, columns)

    def planned(self, balance: Balance, item: Item, all_of_it: Ints) -> None:
        """What of a resource the plan states: what is taken beyond it counts as a share of all that its balance has.

        One that takes what the others leave is all beyond it: home output that the plan states comes before imports
        of which it says nothing.
        """
        whole = self.stated(balance)
        if whole <= 0:
            return
        self.beyond.append((all_of_it, 1 / whole))
        stated = self.figures.amounts(balance, item, item.quantity)
        if stated is None:
            return
        code, chosen = f"{item.code}{PLANNED}", self.figures.cells[balance.code].of(item)
        columns = self.add(balance, item, code, np.minimum(stated, 0), stated)
        rows = self.row(balance, item, np.inf)
        self.blocks.append(Block(rows, all_of_it, np.ones(len(rows))))
        self.blocks.append(Block(rows, columns, -np.ones(len(rows))))
        self.levels[balance.code, code] = Level(balance, item, code, chosen, 0, columns)
        self.beyond.append((columns, -1 / whole))

    def stated(self, balance: Balance) -> float:
        """All that the plan states of a balance's resources."""
        known = (
            self.figures.amounts(balance, item, item.quantity)
            for item in balance.items
            if item.side == "resource" and item.quantity
        )
        return sum(float(np.maximum(one, 0).sum()) for one in known if one is not None)

    def row(self, balance: Balance, item: Item, high: float) -> Ints:
        """New rows from 0 up to `high`, one for each cell of an item; their numbers."""
        chosen = self.figures.cells[balance.code].of(item)
        begun = self.rows + len(self.more_rows)
        self.more_rows += [high] * len(chosen)
        self.names += [(balance, item, int(cell)) for cell in chosen]
        return np.arange(begun, begun + len(chosen))

    def capacity(self, balance: Balance, item: Item, chosen: Ints, installed: Ints) -> None:
        """How a capacity grows: what was there, less what is lost, and what is added; more may be scrapped."""
        if not item.additions:
            return
        limit = self.figures.amounts(balance, item, item.additions_limit)
        shape = (self.figures.count, len(chosen))
        high = np.full(shape, np.inf) if limit is None else np.array(limit)
        self.begun((balance.code, item.additions), item.additions_limit, high)
        added = self.add(balance, item, item.additions, np.zeros(shape), high)
        rows = self.row(balance, item, np.inf)
        self.blocks.append(Block(rows, installed, -np.ones(len(rows))))
        self.blocks.append(Block(rows, installed, self.kept(balance, item), -1))
        self.blocks.append(Block(rows, added, np.ones(len(rows))))
        self.levels[balance.code, item.additions] = Level(balance, item, item.additions, chosen, 0, added)

    # Ties

    def tie(self, key: Key, level: Level) -> None:
        """What an item that hangs on another does to its balance, or to its own level."""
        item, tie = level.item, level.item.tie
        if tie is None or level.code != item.code:
            return
        driver = self.levels.get((tie.balance, tie.item))
        if driver is None or driver.columns is None:
            return
        block = tied(level, driver, self.figures)
        if block is None:
            return
        self.levels[key] = replace(level, blocks=(block,))
        at, norm = block.rows, block.coefficients
        if level.columns is None:
            rows = self.begins[level.balance.code] + level.cells
            self.blocks.append(replace(block, rows=rows[at], coefficients=level.sign * norm))
            return
        rows = self.row(level.balance, item, np.inf if item.side == "capacity" else 0.0)
        self.blocks.append(Block(rows, level.columns, np.ones(len(rows)), only=_only(item)))
        self.blocks.append(replace(block, rows=rows[at], coefficients=-norm))
        if _only(item):
            # After the horizon its level is another in each period: what it hangs on stands in the balance itself,
            # and keeps within the limits of the item.
            there = self.begins[level.balance.code] + level.cells
            self.blocks.append(replace(block, rows=there[at], coefficients=level.sign * norm, only="after"))
            self.limited.append((rows, level.columns))

    # All of it

    def framed(self) -> Framed:
        """The frame of everything gathered."""
        earlier = max((len(past) for past in self.past), default=1)
        past = [np.vstack([p, np.full((earlier - len(p), p.shape[1]), np.nan)]) for p in self.past]
        own = [0.0 if balance.used_up else np.inf for balance, _, _ in self.names[: self.rows]]
        row_high = np.array([*own, *self.more_rows])
        low, high = np.hstack(self.low), np.hstack(self.high)
        after_low, after_high = np.zeros(len(row_high)), np.full(len(row_high), np.inf)
        for rows, columns in self.limited:
            after_low[rows], after_high[rows] = -high[-1, columns], -low[-1, columns]
        beyond = np.zeros(self.columns)
        for columns, share in self.beyond:
            beyond[columns] = share
        frame = Frame(
            low,
            high,
            np.zeros(len(row_high)),
            row_high,
            after_low,
            after_high,
            np.array(self.rank),
            np.hstack(self.demand),
            np.hstack(self.worth),
            np.hstack(self.effort),
            beyond,
            np.hstack(past),
            tuple(self.blocks),
            self.growth,
        )
        products = sum(len(c.labels) for c in self.figures.cells.values())
        return Framed(
            self.plan,
            frame,
            self.levels,
            self.begins,
            self.figures.cells,
            self.demands,
            products,
            tuple(self.names),
            np.hstack(self.prices),
            self.first,
        )


def _only(item: Item) -> Literal["", "planned"]:
    """Where the level of an item counts: one that hangs on earlier periods is another in each after the horizon."""
    follows_later = item.tie is not None and item.tie.lead < 0 and item.side != "capacity"
    return "planned" if follows_later else ""


def level_name(level: Level, cell: int, framed: Framed) -> str:
    """A level's cell as a reader sees it: ``coal.exports``, ``goods.household_use[oil]``."""
    labels = framed.cells[level.balance.code].labels[level.cells[cell]]
    return cell_name(f"{level.balance.code}.{level.code.removesuffix(SECURED).removesuffix(PLANNED)}", labels)
