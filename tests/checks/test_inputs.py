"""What a plan is given: paths that jump, capacity, labels out of their time, inputs that nobody reads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bagdar.checks.capacity import target_beyond_capacity, value_beyond_capacity
from bagdar.checks.inputs import input_never_read, lever_without_effect, path_jumps
from bagdar.checks.sets import label_not_valid_then
from bagdar.checks.statements import stated_differently_elsewhere
from bagdar.period import Period
from bagdar.plan import AddFactor, Plan, Stated, Target
from tests.checks.given import declared, facts, said
from tests.conftest import small_plan

Y2004, Y2005, Y2006 = (Period("A", year) for year in (2004, 2005, 2006))


def path(*values: float | None, **more: Any) -> Plan:
    return small_plan("x = 2*oil", {"oil": list(values)}, {"x": []}, past=5, **more)


def test_a_path_within_what_history_has_seen_is_left_alone() -> None:
    assert said(path_jumps, path(20, 22, 20, 24, 22, 24, 28, 24, 26)) == []


def test_a_jump_of_growth_is_told_with_the_largest_that_there_was() -> None:
    (one,) = said(path_jumps, path(20, 22, 20, 24, 22, 24, 24, 48, 48))
    assert facts(one)["period"] == "2006"
    assert (facts(one)["moved"], facts(one)["most"]) == (pytest.approx(100), pytest.approx(20))
    assert facts(one)["when"] == "2002"


def test_a_fall_is_told_as_a_fall() -> None:
    (one,) = said(path_jumps, path(20, 16, 18, 18, 20, 20, 20, 10, 10))
    assert (facts(one)["moved"], facts(one)["most"]) == (pytest.approx(-50), pytest.approx(-20))


def test_rates_are_compared_by_their_change() -> None:
    (one,) = said(path_jumps, path(5, 6, 5, 6, 7, 6, 6, 9, 9, units={"oil": ("%", "")}))
    assert (facts(one)["moved"], facts(one)["most"], facts(one)["unit"]) == (3, 1, "%")


def test_history_that_is_short_or_never_moved_is_no_measure() -> None:
    assert said(path_jumps, path(None, None, None, 24, 22, 24, 24, 90, 90)) == []
    assert said(path_jumps, path(24, 24, 24, 24, 24, 24, 24, 90, 90)) == []


def test_what_only_a_check_reads_is_read_but_moves_nothing() -> None:
    plan = small_plan("x = 2*a\ncheck c: rate > b", {"a": [1] * 5, "b": [1] * 5, "idle": [1] * 5}, {"x": []},
                      levers={"rate": [2] * 5})  # fmt: skip
    assert [facts(f)["code"] for f in said(input_never_read, plan)] == ["idle"]
    assert [facts(f)["code"] for f in said(lever_without_effect, plan)] == ["rate"]


def test_with_an_equation_left_out_nothing_is_called_unread() -> None:
    plan = small_plan("x = 2*a\ny = nothing", {"a": [1] * 5, "idle": [1] * 5}, {"x": [], "y": []})
    assert said(input_never_read, plan) == []


def capped(**more: Any) -> Plan:
    told = {"output": {"capacity": "possible"}}
    units = {"output": ("Mt", ""), "possible": ("kt", "")}
    sets = {"mine": ("east", "west")}
    plan = declared(
        told,
        "for m in mine\noutput[m] = 1.1*lag(output[m])",
        given={"possible": [10500.0] * 5},
        solved={"output": {"east": [None, 9.0], "west": [None, 1.0]}},
        dims={"output": ("mine",)},
        units=units,
        sets=sets,
    )
    return replace(plan, **more)


def test_a_planned_value_beyond_a_capacity_in_another_scale_and_without_labels_is_found() -> None:
    (one,) = said(value_beyond_capacity, capped())
    assert one.address == "value:output[east; 2007]"  # 9.9 in 2005, 10.89 in 2006, 11.979 in 2007
    assert facts(one)["difference"] == pytest.approx(9 * 1.1**3 - 10.5)


@pytest.mark.parametrize(
    ("sense", "value", "found"), [(">=", 11.0, 1), ("=", 11.0, 1), ("<=", 11.0, 0), (">=", 10.0, 0)]
)
def test_a_target_is_held_against_the_capacity_only_if_it_must_be_reached(sense: Any, value: float, found: int) -> None:
    plan = capped(targets=(Target("output", ("east",), Y2005, sense, value),))
    assert len(said(target_beyond_capacity, plan)) == found


def regional(**more: Any) -> Plan:
    """A region that ends in 2004 and for which the equations plan on."""
    plan = small_plan(
        "for r in region\n@behaviour\noutput[r] = 1.1*lag(output[r])",
        {},
        {"output": {"old": [1.0, 1.0], "new": [1.0, 1.0]}},
        dims={"output": ("region",)},
        sets={"region": ("old", "new")},
    )
    old, new = plan.sets["region"].members
    members = (replace(old, valid_to=Y2004), new)
    return replace(plan, sets={"region": replace(plan.sets["region"], members=members)}, **more)


def test_a_label_out_of_its_time_is_found_in_what_the_plan_computes() -> None:
    assert [f.address for f in said(label_not_valid_then, regional())] == ["value:output[old; 2005]"]


def test_a_label_out_of_its_time_is_found_in_what_is_stated_targeted_and_judged() -> None:
    cell = ("output", ("old",), Y2006)
    plan = regional(
        stated=(Stated(*cell, 1.0, 0, "text"),),
        targets=(Target(*cell, ">=", 1.0), Target("output", ("new",), Y2006, ">=", 1.0)),
        add_factors=(AddFactor(*cell, 0.1),),
    )
    kinds = [f.address.split(":")[0] for f in said(label_not_valid_then, plan)]
    assert kinds == ["value", "value", "target", "addfactor"]


@pytest.mark.parametrize(
    ("first", "second", "differ"),
    [
        ((59.5, 1), (59.4, 1), True),
        ((59.0, 0), (59.4, 1), False),
        ((60.0, 0), (59.4, 1), True),
        ((1.0, 1), (1.0, 1), False),
    ],
)
def test_two_documents_are_compared_as_the_rounder_one_prints(first: Any, second: Any, differ: bool) -> None:
    # Oil of 2004 in Mt: the source text says 59.4 in a sentence and 59.5 in its table (docs/coverage.md, S85).
    plan = small_plan("", {"oil": []})
    rows = (
        Stated("oil", (), Y2004, first[0], first[1], "table"),
        Stated("oil", (), Y2004, second[0], second[1], "sentence"),
    )
    assert len(said(stated_differently_elsewhere, replace(plan, stated=rows))) == int(differ)
