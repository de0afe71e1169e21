"""Shares lie within their whole and add up to it, as printed or, where the plan counts with them, exactly."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bagdar.checks.shares import (
    percent_written_as_fraction,
    share_outside_its_whole,
    shares_do_not_add_to_the_whole,
)
from bagdar.plan import Plan
from tests.checks.given import declared, facts, said

SETS = {"sector": ("farm", "mine", "shop"), "region": ("north", "south")}


def shares(numbers: Any, adds_up: str = "share", **more: Any) -> Plan:
    """A plan with one share; in per cent over the sectors unless `more` says otherwise."""
    told: dict[str, Any] = {"dims": {"share": ("sector",)}, "units": {"share": ("%", "")}, "sets": SETS} | more
    if not {"coefficients", "levers"} & told.keys():
        told["reported"] = {"share": numbers}
    return declared({"share": {"adds_up": adds_up}}, **told)


@given(st.lists(st.floats(0.1, 1.0), min_size=3, max_size=3), st.integers(0, 3))
def test_shares_as_a_yearbook_prints_them_are_sound(sizes: list[float], decimals: int) -> None:
    printed = [round(100 * size / sum(sizes), decimals) for size in sizes]
    plan = shares({label: [None, value] for label, value in zip(SETS["sector"], printed, strict=True)})
    assert said(shares_do_not_add_to_the_whole, plan) == []
    assert said(share_outside_its_whole, plan) == []


def test_shares_that_miss_the_whole_by_more_than_their_digits_are_found() -> None:
    (one,) = said(shares_do_not_add_to_the_whole, shares({"farm": [33.1], "mine": [33.3], "shop": [33.3]}))
    assert facts(one)["difference"] == pytest.approx(-0.3)


def test_coefficients_must_add_up_exactly_since_the_plan_counts_with_them() -> None:
    def found(*values: float) -> int:
        coefficients = {"share": dict(zip(SETS["sector"], values, strict=True))}
        plan = shares(None, coefficients=coefficients, units={"share": ("1", "")})
        return len(said(shares_do_not_add_to_the_whole, plan))

    assert found(0.25, 0.25, 0.5) == 0
    assert found(0.333, 0.333, 0.333) == 1


def test_shares_add_up_along_the_axis_that_is_named() -> None:
    by_region = {(s, r): [None, v] for s, v in (("farm", 20.0), ("mine", 30.0), ("shop", 50.0)) for r in SETS["region"]}
    dims = {"share": ("sector", "region")}
    assert said(shares_do_not_add_to_the_whole, shares(by_region, "share sector", dims=dims)) == []
    found = said(shares_do_not_add_to_the_whole, shares(by_region, "share region", dims=dims))
    assert [facts(f)["found"] for f in found] == [40, 60]
    (one,) = said(shares_do_not_add_to_the_whole, shares(by_region, "share", dims=dims))
    assert facts(one)["found"] == 200


def test_a_part_lies_within_its_whole_and_adds_up_to_nothing() -> None:
    plan = shares({"farm": [50.0, 101.0], "mine": [-1.0, 99.0], "shop": [70.0, 70.0]}, "part")
    assert said(shares_do_not_add_to_the_whole, plan) == []
    assert [(f.address, facts(f)["difference"]) for f in said(share_outside_its_whole, plan)] == [
        ("value:share[farm; 2004]", 1),
        ("value:share[mine; 2003]", -1),
    ]


def test_a_share_in_one_has_the_whole_one() -> None:
    plan = shares([0.4, 1.2], "part", dims={}, units={"share": ("1", "")})
    assert [facts(f)["whole"] for f in said(share_outside_its_whole, plan)] == [1]


def test_a_growth_rate_may_grow_a_hundredfold_but_not_a_share_or_a_tax() -> None:
    numbers = [0.15, 15.0]
    assert said(percent_written_as_fraction, shares(numbers, "none", dims={})) == []
    assert len(said(percent_written_as_fraction, shares(numbers, "part", dims={}))) == 1
    assert len(said(percent_written_as_fraction, shares(None, "none", dims={}, levers={"share": numbers}))) == 1


@pytest.mark.parametrize(("times", "found"), [(79, 0), (81, 1), (100, 1), (124, 1), (126, 0)])
def test_about_a_hundredfold_is_a_hundred_and_a_quarter_of_it(times: float, found: int) -> None:
    plan = shares([0.15, 0.15 * times], "part", dims={})
    assert len(said(percent_written_as_fraction, plan)) == found
