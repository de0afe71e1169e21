"""The allocation of a plan written down a second time, cell by cell and without arrays, and solved by SciPy.

It knows the plan and its numbers alone: nothing of `bagdar.balances`. Slow, and meant to be read beside DESIGN.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from bagdar.balance import ALL, Balance, Item, Reference
from bagdar.plan import Plan
from bagdar.unit import Unit

Labels = tuple[str, ...]
Name = tuple[str, str, Labels, int]  # balance, level, labels, period of the horizon; the last is the closing one
Sum = dict[Name, float]


@dataclass
class Model:
    """Variables with bounds, sums of them that are at least (or exactly) a number, and what each rank wants."""

    bounds: dict[Name, tuple[float, float]] = field(default_factory=dict)
    least: list[tuple[Sum, float]] = field(default_factory=list)
    exact: list[tuple[Sum, float]] = field(default_factory=list)
    wants: dict[int, Sum] = field(default_factory=lambda: defaultdict(dict))
    whole: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    labour: Sum = field(default_factory=dict)
    effort: Sum = field(default_factory=dict)
    beyond: Sum = field(default_factory=dict)


@dataclass
class Writer:
    """Writes the model of a plan whose levels grow by `growth` a period after the horizon."""

    plan: Plan
    growth: float = 0.0
    model: Model = field(default_factory=Model)

    def __post_init__(self) -> None:
        header = self.plan.header
        self.last = len(header.plan_periods)
        self.first = header.periods.index(header.plan_periods[0])
        self.balances = {b.code: b for b in self.plan.balances}
        items = [(b, i) for b in self.plan.balances for i in b.items]
        self.closes = any(i.side == "stock" or i.additions or (i.tie and i.tie.lead) for _, i in items)
        kept = any(i.side == "stock" or i.additions for _, i in items)
        self.longest = max([int(kept), *(-i.tie.lead for _, i in items if i.tie)])
        self.leads: dict[tuple[str, str], int] = defaultdict(int)
        for _, item in items:
            if item.tie:
                key = (item.tie.balance, item.tie.item)
                self.leads[key] = max(self.leads[key], item.tie.lead)

    # Numbers

    def amount(self, reference: Reference, labels: Mapping[str, str], t: int, unit: Unit) -> float:
        """An amount; the last stands in for what follows, grown by a period if the plan has it by period."""
        t = min(t, self.last)
        quantity = self.plan.values[reference.code]
        by_period = "period" in quantity.dims
        if t < self.last or not by_period:
            return self.number(reference, labels, t, unit)
        after = [str(p) for p in self.plan.header.periods[self.first + t :][:1]]
        chosen = self.chosen(reference, labels)
        stated = bool(after) and quantity.get(*chosen, *after) is not None
        return self.number(reference, labels, t, unit) * (1.0 if stated else 1 + self.growth)

    def number(self, reference: Reference, labels: Mapping[str, str], t: int, unit: Unit) -> float:
        """The plan's number for these labels of sets in period t, in `unit`; the last stands in for what follows."""
        return self.cell(reference.code, self.chosen(reference, labels), t, unit)

    def chosen(self, reference: Reference, labels: Mapping[str, str]) -> list[str]:
        indicator = self.plan.indicators[reference.code]
        fixed = reference.labels or (ALL,) * len(indicator.dims)
        return [labels[dim] if label == ALL else label for label, dim in zip(fixed, indicator.dims, strict=True)]

    def cell(self, code: str, labels: list[str], t: int, unit: Unit) -> float:
        quantity, t = self.plan.values[code], min(t, self.last)
        for at in (t, t - 1) if t == self.last else (t,):
            place = self.first + at
            if 0 <= place < len(self.plan.header.periods):
                period = [str(self.plan.header.periods[place])] if "period" in quantity.dims else []
                value = quantity.get(*labels, *period)
                if value is not None:
                    return value * quantity.unit.scale / unit.scale
        raise AssertionError(f"{code} has no number for {labels} in {t}")

    def price(self, balance: Balance, labels: Mapping[str, str], t: int) -> float | None:
        money = Unit.parse(self.plan.header.currency)
        assert money is not None
        if balance.unit.same_kind(money) or balance.unit.same_but_for_prices(money):
            return balance.unit.scale
        return self.number(balance.price, labels, t, Unit(1 / balance.unit.scale)) if balance.price else None

    # Levels

    def labels(self, balance: Balance) -> list[Labels]:
        return list(product(*(self.plan.sets[dim].select() for dim in balance.over)))

    def holds(self, balance: Balance, item: Item, labels: Labels) -> bool:
        named = dict(zip(balance.over, labels, strict=True))
        return all(named[dim] in chosen for dim, chosen in item.only)

    def at(self, name: tuple[str, str, Labels], t: int, lead: int = 0) -> tuple[Sum, float]:
        """(the level so many periods after t, what is known of it if that is before the horizon).

        Beyond the closing period t is a period after the horizon as it really is: the closing one's number plus one
        is the first, whose past is the horizon's end; in the closing period itself the past has grown like all.
        """
        growth, factor, when = 1 + self.growth, 1.0, t + lead - (t > self.last)
        if t == self.last:
            when, factor = t, growth**lead
        elif when > self.last:
            when, factor = self.last, growth ** (when - self.last)
        if when < 0:
            balance = self.balances[name[0]]
            item = balance.levels[name[1]]
            assert item.quantity is not None
            return {}, self.number(item.quantity, dict(zip(balance.over, name[2], strict=True)), when, balance.unit)
        return {(*name, when): factor}, 0.0

    def write(self) -> Model:
        """The model of the plan; after the horizon every row as often as something of the horizon reaches it."""
        for t in range(self.last + (1 + self.longest if self.closes else 0)):
            for balance in self.plan.balances:
                for labels in self.labels(balance):
                    row: Sum = defaultdict(float)
                    there = 0.0
                    for item in balance.items:
                        if self.holds(balance, item, labels):
                            there += self.item(balance, item, labels, t, row)
                    if balance.used_up and t <= self.last:
                        self.model.exact.append((row, -there))
                    else:
                        self.model.least.append((row, -there))
        return self.model

    def item(self, balance: Balance, item: Item, labels: Labels, t: int, row: Sum) -> float:
        """The level of an item, and what it does to its balance's `row`; what is there from before the horizon."""
        if t <= self.last:
            self.model.bounds[balance.code, item.code, labels, t] = self.bound(balance, item, labels, t)
            self.rank(balance, item, labels, t)
            self.beyond(balance, item, labels, t)
        if item.side == "capacity":
            self.capacity(balance, item, labels, t)
        if item.tie is not None:
            self.tie(balance, item, labels, t)
        there = 0.0
        if item.side != "capacity":
            sign = 1.0 if item.side == "resource" else -1.0
            for name, factor in self.own(balance, item, labels, t).items():
                row[name] += sign * factor
        if item.side == "stock":
            there = self.kept(balance, item, labels, t, row)
        return there

    def own(self, balance: Balance, item: Item, labels: Labels, t: int) -> Sum:
        """An item's own level; after the horizon that of what hangs on something is another each time."""
        name = (balance.code, item.code, labels)
        if t <= self.last or item.tie is None or item.side == "capacity":
            return self.at(name, t)[0]
        low, high = self.bound(balance, item, labels, self.last)
        growth = (1 + self.growth) ** (t - 1 - self.last)
        self.model.bounds[*name, t] = (low * growth, high * growth)
        return {(*name, t): 1.0}

    def bound(self, balance: Balance, item: Item, labels: Labels, t: int) -> tuple[float, float]:
        named = dict(zip(balance.over, labels, strict=True))
        hung = item.tie is not None and item.side != "capacity"
        low, high = 0.0, np.inf
        if item.least:
            low = self.amount(item.least, named, t, balance.unit)
        if item.limit:
            high = self.amount(item.limit, named, t, balance.unit)
        if item.quantity and item.side != "stock" and not item.additions and not hung:
            stated = self.amount(item.quantity, named, t, balance.unit)
            if stated < 0 and item.side != "capacity":
                return stated, stated
            if not (item.side == "resource" and item.limit):
                high = min(high, stated)
            if item.side == "use" and not item.rank:
                low = max(low, stated)
        if not item.quantity and not item.limit and self.too_early((balance.code, item.code), t):
            high = 0.0
        return low, high

    def too_early(self, key: tuple[str, str], t: int) -> bool:
        """Whether what this needs some periods before was needed before the horizon."""
        return t < min(self.leads[key], self.last)

    def kept(self, balance: Balance, item: Item, labels: Labels, t: int, row: Sum) -> float:
        """What is left of last period's stock or capacity goes into `row`; what of that is already known."""
        named = dict(zip(balance.over, labels, strict=True))
        left = 1.0 - (self.number(item.loss, named, t, Unit()) if item.loss else 0.0)
        before, known = self.at((balance.code, item.code, labels), t, -1)
        for name, factor in before.items():
            row[name] += left * factor
        return left * known

    def capacity(self, balance: Balance, item: Item, labels: Labels, t: int) -> None:
        if not item.additions:
            return
        named = dict(zip(balance.over, labels, strict=True))
        high = self.amount(item.additions_limit, named, t, balance.unit) if item.additions_limit else np.inf
        if not item.additions_limit and self.too_early((balance.code, item.additions), t):
            high = 0.0
        if t <= self.last:
            self.model.bounds[balance.code, item.additions, labels, t] = (0.0, high)
        row: Sum = defaultdict(float)
        for level, sign in ((item.code, -1.0), (item.additions, 1.0)):
            for name, factor in self.at((balance.code, level, labels), t)[0].items():
                row[name] += sign * factor
        known = self.kept(balance, item, labels, t, row)
        self.model.least.append((row, -known))

    def tie(self, balance: Balance, item: Item, labels: Labels, t: int) -> None:
        tie = item.tie
        assert tie is not None
        row: Sum = defaultdict(float, self.own(balance, item, labels, t))
        known = 0.0
        for there, norm in self.drivers(balance, item, labels, t):
            terms, given = self.at((tie.balance, tie.item, there), t, tie.lead)
            for name, factor in terms.items():
                row[name] -= norm * factor
            known += norm * given
        if item.side == "capacity":
            self.model.least.append((row, known))
        else:
            self.model.exact.append((row, known))
        if balance.kind == "labour" and item.side == "use" and t <= self.last:
            for name, factor in row.items():
                if name[:2] != (balance.code, item.code):
                    self.model.labour[name] = self.model.labour.get(name, 0.0) + abs(factor) * balance.unit.scale

    def drivers(self, balance: Balance, item: Item, labels: Labels, t: int) -> Iterator[tuple[Labels, float]]:
        """The labels of what an item hangs on, each with its norm."""
        tie = item.tie
        assert tie is not None
        other = self.balances[tie.balance]
        driver = other.levels[tie.item]
        wanted = tie.labels or (ALL,) * len(other.over)
        dims: list[str] = []
        norm_labels: Labels = ()
        if tie.norm is not None:
            dims = list(self.plan.indicators[tie.norm.code].dims)
            norm_labels = tie.norm.labels or (ALL,) * len(dims)
        free = [dim for dim, label in zip(dims, norm_labels, strict=True) if label == ALL]
        scale = other.unit.scale / balance.unit.scale
        own = dict(zip(balance.over, labels, strict=True))
        for there in self.labels(other):
            if not self.holds(other, driver, there):
                continue
            its = {dim: x for dim, x, w in zip(other.over, there, wanted, strict=True) if w == ALL}
            if any(w not in (ALL, x) for x, w in zip(there, wanted, strict=True)):
                continue
            if any(own[dim] != its[dim] for dim in own if dim in its and free.count(dim) < 2):
                continue
            if tie.norm is None:
                yield there, scale
                continue
            chosen, seen = [], set()
            for dim, label in zip(dims, norm_labels, strict=True):
                if label != ALL:
                    chosen.append(label)
                    continue
                chosen.append(own[dim] if dim in own and dim not in seen else its[dim])
                seen.add(dim)
            yield there, self.cell(tie.norm.code, chosen, t, Unit()) * scale

    def beyond(self, balance: Balance, item: Item, labels: Labels, t: int) -> None:
        """What of a resource is beyond what the plan states, where more can be had; all, where it states nothing."""
        if item.side != "resource" or item.tie or (item.quantity and not item.limit):
            return
        whole = 0.0
        for other in balance.items:
            if other.side == "resource" and other.quantity:
                for cell in self.labels(balance):
                    if self.holds(balance, other, cell):
                        named = dict(zip(balance.over, cell, strict=True))
                        for period in range(self.last + 1):
                            whole += max(self.amount(other.quantity, named, period, balance.unit), 0.0)
        if whole == 0:
            return
        name, planned = (balance.code, item.code, labels, t), (balance.code, f"{item.code} planned", labels, t)
        self.model.beyond[name] = 1 / whole
        if item.quantity:
            stated = self.amount(item.quantity, dict(zip(balance.over, labels, strict=True)), t, balance.unit)
            self.model.bounds[planned] = (min(stated, 0.0), stated)
            self.model.least.append(({name: 1.0, planned: -1.0}, 0.0))
            self.model.beyond[planned] = -1 / whole

    def rank(self, balance: Balance, item: Item, labels: Labels, t: int) -> None:
        named = dict(zip(balance.over, labels, strict=True))
        worth = self.price(balance, named, t)
        name = (balance.code, item.code, labels, t)
        if item.side == "resource" and item.tie is None and worth is not None:
            self.model.effort[name] = worth
        if not item.rank:
            return
        assert item.quantity is not None
        assert worth is not None
        wanted = max(self.amount(item.quantity, named, t, balance.unit), 0.0)
        if item.side == "stock":
            secured = (balance.code, f"{item.code} secured", labels, t)
            self.model.bounds[secured] = (0.0, wanted)
            self.model.least.append(({name: 1.0, secured: -1.0}, 0.0))
            name = secured
        self.model.wants[item.rank][name] = worth
        self.model.whole[item.rank] += worth * wanted


def satisfaction(plan: Plan, growth: float = 0.0, slack: float = 1e-11) -> dict[int, float] | None:
    """The share of its demand that each rank gets when the ranks before it have all they can, and what that leaves.

    Under -1 is what is then taken beyond the plan, as shares of what balances have; the last, under 0, is the least
    labour, in persons; where none is counted, the least worth of resources. None if what must be met cannot be.
    """
    model = Writer(plan, growth).write()
    names = {name: k for k, name in enumerate(model.bounds)}
    count = len(names)

    def vector(terms: Mapping[Name, float]) -> np.ndarray:
        row = np.zeros(count)
        for name, value in terms.items():
            row[names[name]] += value
        return row

    rows = [(-vector(row), -low) for row, low in model.least]
    equal = [(vector(row), value) for row, value in model.exact]
    found = {}
    goals = [(rank, model.wants[rank], model.whole[rank]) for rank in sorted(model.wants)]
    for rank, wants, whole in goals:
        if not whole:
            continue
        share = vector(wants) / whole
        answer = _least(-share, rows, equal, model)
        if answer is None:
            return None
        found[rank] = -answer
        rows.append((-share, answer + slack))
    if model.beyond:
        beyond = vector(model.beyond)
        answer = _least(beyond, rows, equal, model)
        if answer is None:
            return None
        found[-1] = answer
        rows.append((beyond, answer + slack))
    cost = vector(model.labour if any(model.labour.values()) else model.effort)
    size = float(np.abs(cost).max(initial=0)) or 1.0
    answer = _least(cost / size, rows, equal, model)
    if answer is None:
        return None
    return found | {0: answer * size}


def _least(
    cost: np.ndarray, rows: list[tuple[np.ndarray, float]], equal: list[tuple[np.ndarray, float]], model: Model
) -> float | None:
    """The least cost; None if nothing meets the conditions."""
    precise = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10, "presolve": False}
    conditions: dict[str, Any] = {"bounds": list(model.bounds.values()), "method": "highs-ds", "options": precise}
    if rows:
        conditions |= {"A_ub": csr_array(np.array([row for row, _ in rows])), "b_ub": [high for _, high in rows]}
    if equal:
        conditions |= {"A_eq": csr_array(np.array([row for row, _ in equal])), "b_eq": [value for _, value in equal]}
    answer: Any = linprog(cost, **conditions)
    if answer.status == 2:
        return None
    assert answer.status == 0, answer.message
    return float(answer.fun)
