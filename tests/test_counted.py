"""Which errors count, what a push to behaviour moves, and in what a deviation is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bagdar.equations import Solution, simulate
from bagdar.policy.counted import comparisons, tally
from bagdar.policy.deviation import deviation, measure
from bagdar.policy.influence import decided_by_behaviour
from bagdar.policy.outcome import compare
from bagdar.policy.variants import Effect, arising, told_in
from tests.conftest import small_plan

# Tonnes are a given path in three disguises; spending follows income; a balance and its share are left over.
EQUATIONS = """supply = min(path, capacity)
tonnes = supply + sold - sold
@behaviour
spending = 0.5*income
@behaviour
other = 2 + 0.1*path
income = spending + other + path
growth = pct(income)
balance = income - spending
balance_share = 100*balance/income
"""
PATH = (10, 11, 12, 13, 14)


def solved(outcomes: dict[str, Any], equations: str = EQUATIONS, **more: Any) -> Solution:
    """The plan solved, and what happened from 2005 on."""
    own = ("supply", "tonnes", "spending", "other", "income", "growth", "balance", "balance_share")
    known = {"spending": (16, 17), "other": (4, 4), "income": (30, 32)}
    plan = small_plan(
        equations,
        {"path": PATH, "capacity": (50,) * 5, "sold": (3,) * 5},
        {code: known.get(code, ()) for code in own},
        units={"growth": ("%", ""), "balance_share": ("%", "")},
        **more,
    )
    solution, _ = simulate(plan)
    assert solution.solved
    told = small_plan("", {code: (None, None, *path) for code, path in outcomes.items()}).values
    return replace(solution, plan=replace(solution.plan, outcomes=told))


def standings(solution: Solution) -> dict[str, str]:
    compared = comparisons(solution, solution.plan.indicators.values())
    return {c.indicator.code: c.standing for c in compared}


def test_what_no_behaviour_moves_is_not_the_models_even_where_behaviour_stands_in_its_equation() -> None:
    assert decided_by_behaviour(solved({})) == {"spending", "other", "income", "growth", "balance", "balance_share"}


def test_a_capacity_that_binds_makes_supply_the_models() -> None:
    text = EQUATIONS.replace("min(path, capacity)", "min(path, capacity, income/4)")
    assert {"supply", "tonnes"} <= decided_by_behaviour(solved({}, text))


def test_each_quantity_counts_once_and_a_given_one_never() -> None:
    happened = (30, 31, 32)
    told = dict.fromkeys(("path", "tonnes", "spending", "income", "growth", "balance", "balance_share"), happened)
    assert standings(solved(told)) == {
        "path": "given",
        "tonnes": "given",
        "spending": "counted",
        "income": "counted",
        "growth": "repeated",
        "balance": "repeated",
        "balance_share": "counted",
    }


@pytest.mark.parametrize(("happened", "standing"), [((-3, 1, 2), "repeated"), ((3, 1, 2), "counted")])
def test_a_sum_that_was_below_zero_counts_by_its_share_and_any_other_by_itself(
    happened: tuple[float, ...], standing: str
) -> None:
    text = EQUATIONS.replace("income - spending", "other + path")
    told = standings(solved({"balance": happened, "balance_share": (10, 10, 10)}, text))
    assert told == {"balance": standing, "balance_share": "counted"}


@pytest.mark.parametrize("text", ["income - spending + other", "income + other - spending"])
def test_a_balance_is_one_in_whatever_order_its_terms_stand(text: str) -> None:
    happened = (30, 31, 32)
    told = dict.fromkeys(("balance", "balance_share"), happened)
    assert standings(solved(told, EQUATIONS.replace("income - spending", text)))["balance"] == "repeated"


def test_what_a_share_is_a_share_of_counts_by_itself() -> None:
    happened = (30, 31, 32)
    text = EQUATIONS.replace("income = spending + other + path", "income = spending + path - -other")
    assert standings(solved(dict.fromkeys(("income", "balance_share"), happened), text))["income"] == "counted"


def test_what_stands_alone_counts_in_the_form_there_is() -> None:
    happened = (30, 31, 32)
    assert standings(solved({"growth": happened})) == {"growth": "counted"}
    assert standings(solved({"balance": happened})) == {"balance": "counted"}


def test_only_what_counts_is_tallied() -> None:
    """Income as planned beats a naive forecast of it; so do tonnes and growth, which say nothing more."""
    planned = solved({})
    said = {
        code: tuple(planned.values[code].get(y) for y in ("2005", "2006", "2007"))
        for code in ("income", "growth", "tonnes")
    }
    compared = comparisons(solution := solved(said), solution.plan.indicators.values())
    assert {c.plan_error for c in compared} == {0}
    assert tally(compared) == (1, 0)


@pytest.mark.parametrize("happened", [(-1, 2, 3), (0, 2, 3)])
def test_what_is_not_above_zero_has_no_error_of_growth(happened: tuple[float, ...]) -> None:
    solution = solved({"income": happened})
    compared = compare(solution, solution.plan.indicators["income"])
    assert compared is not None
    assert (compared.plan_errors, compared.naive_errors) == ((), ())


# -- deviations ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "before", "known", "told"),
    [
        ("1", (5,), (5, 6, 7), "per_cent"),
        ("1", (5,), (5, 6, -1), "unit"),
        ("1", (5,), (5, 6, 0), "unit"),
        ("1", (0.05,), (0.05, 6), "unit"),
        ("1", (0.07,), (0.07, 6), "per_cent"),
        ("1", (), (), "unit"),
        ("%", (5,), (-5, 6), "points"),
    ],
)
def test_per_cents_are_told_only_of_what_is_well_above_zero(
    unit: str, before: tuple[float, ...], known: tuple[float, ...], told: str
) -> None:
    indicator = small_plan("", {"x": ()}, units={"x": (unit, "")}).indicators["x"]
    assert measure(indicator, before, known) == told


def test_a_deviation_is_per_cent_of_where_it_started_or_a_difference() -> None:
    assert deviation(5, 4, "per_cent") == pytest.approx(-20)
    assert deviation(5, -4, "unit") == deviation(5, -4, "points") == -9


def test_a_variant_that_takes_a_level_through_zero_is_told_in_its_unit_everywhere() -> None:
    text = "debt = lag(debt) + borrowed\n"

    def debts(*borrowed: float) -> Solution:
        return simulate(small_plan(text, {"borrowed": (0, 0, *borrowed)}, {"debt": (100, 100)}))[0]

    base = debts(10, 10, 10)
    less, none = Effect("less", debts(0, 0, 0), ()), Effect("none", debts(-70, -70, 10), ())
    assert told_in(base, [less], "debt") == "per_cent"
    assert less.on(base, "debt", "2007", "per_cent") == pytest.approx(-100 * 30 / 130)
    assert told_in(base, [less, none], "debt") == "unit"
    assert none.on(base, "debt", "2007", "unit") == pytest.approx(-160)


def test_what_only_a_variant_has_is_told() -> None:
    text = "debt = max(owed, 0)\ndeposits = max(-owed, 0)\n"

    def state(*owed: float) -> Solution:
        return simulate(small_plan(text, {"owed": (5, 5, *owed)}, {"debt": (), "deposits": ()}))[0]

    base = state(5, 5, 5)
    assert arising(base, Effect("surplus", state(5, -2, 5), ())) == (("deposits", ()),)
    assert arising(base, Effect("hardly", state(5, -1e-9, 5), ())) == ()
