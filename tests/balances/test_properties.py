"""What holds of every allocation: nothing comes from nothing, units and prices are but words, rank is worth having."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from bagdar.balance import Balance, Item
from bagdar.balances import Allocation, Options, allocate
from bagdar.balances.ranks import Way
from bagdar.unit import Unit
from tests.balances.given import allocated, balance, met, plan_of, resource, use
from tests.balances.given import given as given_amounts
from tests.balances.naive import Labels, Writer
from tests.balances.strategies import World, worlds

QUICK = (Phase.explicit, Phase.generate)
WAYS = st.sampled_from(["exact", "epsilon"])


def solved(world: World, way: Way = "exact", epsilon: float = 1e-4) -> Allocation | None:
    """The allocation of a world; None if what must be met cannot be."""
    plan = world.plan()
    return allocate(plan, plan.values, Options(way=way, epsilon=epsilon, growth=world.growth))[0]


# -- nothing comes from nothing --------------------------------------------------------------------


class Accounts:
    """The amounts of an allocation, cell by cell, and what they must add up to by the plan alone."""

    def __init__(self, made: Allocation, growth: float) -> None:
        self.made, self.writer = made, Writer(made.plan, growth)

    def amount(self, balance: Balance, item: str, labels: Labels, t: int) -> float:
        """What an item comes to in a period of the horizon or before it; 0 where it is not for these labels."""
        found = balance.levels[item]
        if not self.writer.holds(balance, found, labels):
            return 0.0
        if t < 0:
            assert found.quantity is not None
            named = dict(zip(balance.over, labels, strict=True))
            return self.writer.number(found.quantity, named, t, balance.unit)
        chosen = [x for x in self.writer.labels(balance) if self.writer.holds(balance, found, x)]
        return float(self.made.amounts[balance.code, item][t, chosen.index(labels)])

    def kept(self, balance: Balance, item: Item, labels: Labels, t: int) -> float:
        """What is left in t of what was there a period before."""
        named = dict(zip(balance.over, labels, strict=True))
        loss = self.writer.number(item.loss, named, t, Unit()) if item.loss else 0.0
        return (1 - loss) * self.amount(balance, item.code, labels, t - 1)

    def off(self, balance: Balance, labels: Labels, t: int) -> tuple[float, float]:
        """(resources and opening stocks less uses and closing stocks, all of them added up)."""
        parts = []
        for item in balance.items:
            now = self.amount(balance, item.code, labels, t)
            if item.side == "stock":
                parts += [self.kept(balance, item, labels, t), -now]
            elif item.side != "capacity":
                parts.append(now if item.side == "resource" else -now)
        return sum(parts), sum(map(abs, parts))

    def hung(self, balance: Balance, item: Item, labels: Labels, t: int) -> float | None:
        """What an item comes to by what it hangs on; None if that is beyond the horizon."""
        tie = item.tie
        assert tie is not None
        if t + tie.lead >= self.writer.last:
            return None
        other = self.writer.balances[tie.balance]
        return sum(
            norm * self.amount(other, tie.item, there, t + tie.lead)
            for there, norm in self.writer.drivers(balance, item, labels, t)
        )


@settings(max_examples=30, phases=QUICK)
@given(worlds(), WAYS)
def test_resources_and_opening_stocks_are_uses_closing_stocks_and_what_is_left_over(world: World, way: Way) -> None:
    made = solved(world, way)
    assume(made is not None)
    assert made is not None
    accounts = Accounts(made, world.growth)
    for one in made.plan.balances:
        left = made.left_over(one.code)
        for t in range(accounts.writer.last):
            for cell, labels in enumerate(accounts.writer.labels(one)):
                off, scale = accounts.off(one, labels, t)
                assert off == pytest.approx(left[t, cell], abs=1e-9 * (1 + scale))
                assert off >= -1e-9 * (1 + scale)


@settings(max_examples=30, phases=QUICK)
@given(worlds(), WAYS)
def test_what_hangs_on_another_is_its_norm_times_it_and_a_capacity_is_never_exceeded(world: World, way: Way) -> None:
    made = solved(world, way)
    assume(made is not None)
    assert made is not None
    accounts = Accounts(made, world.growth)
    for one in made.plan.balances:
        for item in one.items:
            for t in range(accounts.writer.last):
                for labels in accounts.writer.labels(one):
                    if not accounts.writer.holds(one, item, labels):
                        continue
                    now = accounts.amount(one, item.code, labels, t)
                    hung = accounts.hung(one, item, labels, t) if item.tie else None
                    near = 1e-9 * (1 + abs(now))
                    if hung is not None and item.side == "capacity":
                        assert hung <= now + near
                    elif hung is not None:
                        assert now == pytest.approx(hung, abs=near)
                    if item.additions:
                        added = accounts.amount(one, item.additions, labels, t)
                        assert now <= accounts.kept(one, item, labels, t) + added + near


# -- units and prices are but words ----------------------------------------------------------------


@settings(max_examples=30, phases=QUICK)
@given(worlds(), st.sampled_from([2.0, 0.25, 1024.0]))
def test_all_prices_times_as_much_change_no_quantity(world: World, factor: float) -> None:
    # A factor that a float holds exactly: then shares are the very same numbers, and so is everything else.
    one = solved(world)
    numbers = {code: _times(told, factor) if code.startswith("price") else told for code, told in world.numbers.items()}
    other = solved(world.with_numbers(numbers))
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        for key, amounts in one.amounts.items():
            assert np.array_equal(amounts, other.amounts[key]), key


def _times(told: Any, factor: float) -> Any:
    if isinstance(told, Mapping):
        return {key: _times(value, factor) for key, value in told.items()}
    return [None if value is None else value * factor for value in told]


SCALES = {"t": ("kg", "kt", "Mt", "bn t"), "GJ": ("J", "TJ", "PJ"), "person": ("thousand person", "mln person")}


@settings(max_examples=30, phases=QUICK)
@given(worlds(), st.data())
def test_the_unit_that_a_balance_is_kept_in_changes_nothing(world: World, data: st.DataObject) -> None:
    units = {code: data.draw(st.sampled_from(SCALES[unit])) for code, unit in world.units.items()}
    one, other = solved(world), solved(world.with_units(units))
    assert (one is None) == (other is None)
    if one is None or other is None:
        return
    assert met(other) == pytest.approx(met(one), abs=1e-7)
    # Amounts themselves need not be the same: there may be several ways to the same satisfaction and the least labour.
    costs = []
    for made in (one, other):
        frame = made.framed.frame
        cost = made.expanded.labour if made.expanded.labour.any() else frame.effort[: frame.count].ravel()
        costs.append(float(cost @ made.answer.x))
    assert costs[1] == pytest.approx(costs[0], rel=1e-6, abs=1e-6)


# -- rank is worth having --------------------------------------------------------------------------


def _valued(made: Allocation, key: tuple[str, str]) -> tuple[float, float]:
    """(what an item is served, what it demands), valued, over all periods, the closing one among them."""
    frame, level = made.framed.frame, made.framed.levels
    served = level.get((key[0], f"{key[1]}.secured"), level[key])
    assert served.columns is not None
    x = made.answer.x.reshape(-1, frame.levels)[:, served.columns]
    worth = frame.worth[: frame.count, served.columns]
    return float((x * worth).sum()), float((frame.demand[: frame.count, served.columns] * worth).sum())


@settings(max_examples=30, phases=QUICK)
@given(worlds(), st.data())
def test_a_use_whose_rank_is_raised_gets_no_less_in_value(world: World, data: st.DataObject) -> None:
    """Whether it is alone in its old rank and its new one or not, if all others keep theirs.

    Let u go from rank p to rank q < p, where w is the rest of q. Before, q got w* = the most that w could; after, it
    gets the most of w + u. The old point is among those that can be chosen, so w + u >= w* + u_old, and w <= w*: u is
    no less than u_old. What later ranks choose among keeps w + u, and w <= w*. In value: shares are of worth.
    """
    key = data.draw(st.sampled_from(sorted(world.ranks)))
    rank = world.ranks[key]
    assume(rank > 1)
    raised = data.draw(st.integers(1, rank - 1))
    before, after = solved(world), solved(world.ranked({key: raised}))
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        (old, whole), (new, _) = _valued(before, key), _valued(after, key)
        assert new >= old - 1e-7 * (1 + whole)


@settings(max_examples=30, phases=QUICK)
@given(worlds(), st.data())
def test_alone_in_its_rank_it_gets_no_less_but_an_epsilon_of_what_it_demands(world: World, data: st.DataObject) -> None:
    """The same of the way epsilon, for a use that is alone before and after.

    After, when its turn comes, it has no less than it has before, for the ranks before it are fewer and their rows
    the same; later ranks may then cost it an epsilon of its demand.
    """
    keys = sorted(world.ranks)
    order = data.draw(st.permutations(range(2, 2 * len(keys) + 2, 2)))
    ranks = dict(zip(keys, order, strict=True))
    key = data.draw(st.sampled_from(keys))
    raised = data.draw(st.integers(0, ranks[key] // 2 - 1)) * 2 + 1
    epsilon = data.draw(st.sampled_from([1e-2, 1e-4]))
    before = solved(world.ranked(ranks), "epsilon", epsilon)
    after = solved(world.ranked(ranks | {key: raised}), "epsilon", epsilon)
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        (old, whole), (new, _) = _valued(before, key), _valued(after, key)
        assert new >= old - epsilon * whole - 1e-7 * (1 + whole)


def test_a_use_whose_rank_is_raised_can_get_less_in_tons() -> None:
    """Why the statement above is of value: people want oil at 10 a ton and grain at 1.

    10 hours are there; a ton of oil takes 2 hours and a ton of catalyst, one of grain an hour. If others come first
    and take the 5 t of catalyst, people get 10 t of grain, worth 10; if people do, they get 5 t of oil, worth 50.
    """

    def tons(people: int, others: int) -> float:
        plan = plan_of(
            {
                "goods": balance(
                    resource("output"),
                    use("people", quantity="people", rank=people),
                    over=["product"],
                ),
                "hours": balance(
                    resource("there", quantity="hours"), use("work", norm="hours_norm", of="goods.output"),
                    unit="hour", price="",
                ),
                "catalyst": balance(
                    resource("there", quantity="catalyst"), use("oil", of="goods.output[oil]"),
                    use("others", quantity="others", rank=others), price="dear",
                ),
            },
            {"people": {"oil": [None, 20], "grain": [None, 20]}, "price": {"oil": 10.0, "grain": 1.0},
             "hours": [None, 10], "hours_norm": {"oil": 2.0, "grain": 1.0}, "catalyst": [None, 5],
             "others": [None, 5], "dear": 1.0},
            units={"hours": "hour", "hours_norm": "hour/t", "dear": "KZT/t"},
            sets={"product": ["oil", "grain"]},
        )  # fmt: skip
        return float(sum(given_amounts(allocated(plan), "goods.people")[0]))

    assert tons(people=2, others=1) == pytest.approx(10)
    assert tons(people=1, others=2) == pytest.approx(5)


@settings(max_examples=30, phases=QUICK)
@given(worlds(), st.data())
def test_with_more_of_a_resource_no_rank_is_worse_off_before_another_is_better(
    world: World, data: st.DataObject
) -> None:
    """The satisfactions, in the order of ranks, never fall as a word in a dictionary does."""
    more = data.draw(st.sampled_from(["wells", "imports", "output", "people"]))
    assume(more in world.numbers)
    told = world.numbers[more]
    raised = {k: _plus(v) for k, v in told.items()} if isinstance(told, Mapping) else _plus(told)
    before, after = solved(world), solved(world.with_numbers(world.numbers | {more: raised}))
    if before is None:
        return
    assert after is not None
    for rank in sorted(met(before)):
        old, new = met(before)[rank], met(after)[rank]
        if new > old + 1e-7:
            break
        assert new >= old - 1e-7


def _plus(path: list[float | None]) -> list[float | None]:
    """A third more, and one, in the horizon: what was before it is as it was."""
    return [v if v is None or k < 2 else v * 4 / 3 + 1 for k, v in enumerate(path)]
