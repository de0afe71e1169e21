"""Homogeneity: what doubles is read off the unit, and money illusion is found where it is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from bagdar.equations import Solution, simulate
from bagdar.expectation import Expectations
from bagdar.policy.homogeneity import Doubling, degree, double
from tests.conftest import small_plan

UNITS = {
    "bn KZT|current": 1,
    "bn KZT|2004": 0,
    "1|deflator 2004": 1,
    "KZT/USD|": 1,
    "USD/KZT|": -1,
    "mln KZT/person|current": 1,
    "thousand person/mln KZT|deflator 2004": 0,
    "bn USD|": 0,
    "bn USD|2004": 0,
    "Mt|": 0,
    "%|": 0,
    "1|": 0,
}


@pytest.mark.parametrize("told", UNITS)
def test_what_doubles_is_read_off_the_unit(told: str) -> None:
    unit, basis = told.split("|")
    plan = small_plan("", {"x": (1, 1, 1, 1, 1)}, units={"x": (unit, basis)})
    assert degree(plan, plan.indicators["x"]) == Fraction(UNITS[told])


def test_what_is_declared_comes_before_the_unit() -> None:
    plan = small_plan("", {"x": (1, 1), "y": (1, 1)}, units={"y": ("1", "deflator 2004")})
    plan = replace(plan, expectations=Expectations(nominal=("x",), real=("y",)))
    assert [degree(plan, plan.indicators[c]) for c in "xy"] == [1, 0]


NOMINAL, PRICE = ("bn KZT", "current"), ("1", "deflator 2004")


def solved(equations: str, wage: Any, expectations: Expectations | None = None, **more: Any) -> Solution:
    plan = small_plan(
        equations,
        {"price": (1, 1, 1.1, 1.2, 1.3)},
        {"wage": wage, "real_wage": ()},
        units={"price": PRICE, "wage": NOMINAL, "real_wage": ("bn KZT", "2004")},
        **more,
    )
    solution, _ = simulate(replace(plan, expectations=expectations or Expectations()))
    assert solution.solved
    return solution


def off(doubling: Doubling) -> list[str]:
    return sorted(o.indicator.code for o in doubling.off)


@pytest.mark.parametrize(
    ("equation", "illusion"),
    [
        ("log(wage) = log(price)", False),
        ("log(wage) = 0.5*log(price)", True),
        ("dlog(wage) = 0.5*dlog(price)", False),  # growth follows growth, and what lies behind has doubled too
        ("wage = 3*price", False),
        ("wage = 2 + price", True),
        ("wage = lag(wage)*price/lag(price)", False),
    ],
)
def test_money_illusion_shows_with_add_factors_held(equation: str, illusion: bool) -> None:
    solution = solved(f"@behaviour\n{equation}\nreal_wage = wage/price\n", (4, 4.5))
    recalibrated, held = double(solution, "recalibrated"), double(solution, "held")
    assert held.solved
    assert recalibrated.solved
    assert off(held) == (["real_wage", "wage"] if illusion else [])
    assert (held.judged, held.missed) == (6, 6 if illusion else 0)
    if equation != "wage = 2 + price":  # whose 2 is tenge, and cannot be told from a number
        assert off(recalibrated) == []


def test_how_far_the_worst_cell_is_off_is_told() -> None:
    """A wage that follows half the price doubles by √2 only."""
    solution = solved("@behaviour\nlog(wage) = 0.5*log(price)\nreal_wage = wage/price\n", (4, 4.5))
    worst = {o.indicator.code: o for o in double(solution, "held").off}["wage"]
    assert worst.period == "2007"
    assert worst.found / worst.expected == pytest.approx(2**0.5 / 2, rel=1e-12)


def test_a_few_hundred_thousandths_of_a_tenge_are_found() -> None:
    """A millionth of the wage is far more than rounding."""
    solution = solved("wage = 3*price + 0.000003\nreal_wage = wage/price\n", ())
    assert off(double(solution, "recalibrated")) == ["real_wage", "wage"]


def test_a_tenge_threshold_is_found_in_either_way() -> None:
    solution = solved("wage = max(price - 1.15, 0)\nreal_wage = wage/price\n", ())
    assert off(double(solution, "recalibrated")) == off(double(solution, "held")) == ["real_wage", "wage"]


def test_a_threshold_that_is_a_declared_coefficient_doubles_with_money() -> None:
    text = "wage = max(price - floor, 0)\nreal_wage = wage/price\n"
    solution = solved(text, (), Expectations(nominal=("floor",)), coefficients={"floor": 1.15})
    assert off(double(solution, "held")) == []


def test_a_judged_or_fixed_value_doubles_with_its_cell() -> None:
    text = "@behaviour\nwage = 3*price\nreal_wage = wage/price\n"
    judged = solved(text, (4, 4.5), add_factors=[("wage", 2006, 0.7)])
    fixed = solved(text, (4, 4.5), fixed=[("wage", 2006, 5.0)])
    for solution in (judged, fixed):
        assert off(double(solution, "recalibrated")) == []
        assert off(double(solution, "held")) == []


def test_a_rounding_of_zero_is_no_number_that_must_double() -> None:
    plan = small_plan(
        "for s in sector\ntax[s] = rate[s]*price",
        {"price": [1.0] * 5},
        {"tax": {}},
        coefficients={"rate": {"mine": 5.0, "farm": 0.0}},
        dims={"tax": ("sector",), "rate": ("sector",)},
        sets={"sector": ("mine", "farm")},
        units={"price": ("1", "deflator 2004"), "tax": ("KZT", "current")},
    )
    solution, _ = simulate(plan)
    assert solution.solved
    tax = solution.values["tax"]
    # Beside 5 the one is a rounding, the other a number.
    for left, missed in ((-1.4e-31, 0), (-1e-3, 1)):
        numbers = tax.values.copy()
        numbers[1, -1] = left
        base = replace(solution, values={**solution.values, "tax": replace(tax, values=numbers)})
        assert double(base, "recalibrated").missed == missed


def test_a_doubled_plan_without_a_solution_fails_in_every_cell() -> None:
    solution = solved("wage = sqrt(2 - price)\nreal_wage = wage/price\n", ())
    doubling = double(solution, "recalibrated")
    assert not doubling.solved
    assert doubling.missed == doubling.judged == 6
    assert doubling.findings


def test_the_macro_example_has_no_money_illusion(kazakhstan_solution: Solution) -> None:
    for way in ("recalibrated", "held"):
        doubling = double(kazakhstan_solution, way)
        assert doubling.solved
        assert doubling.off == ()
        assert doubling.judged > 6000
