"""The base period held against the equations."""

from __future__ import annotations

import pytest

from bagdar.equations import Solution, simulate
from bagdar.equations.base_period import base_period
from tests.conftest import small_plan


def test_a_behavioural_equation_is_reproduced_by_its_add_factor() -> None:
    solution, _ = simulate(small_plan("@behaviour\nlog(y) = 2*log(x)\n", {"x": (1, 2, 3, 4, 5)}, {"y": (1, 7.3)}))
    found = base_period(solution)
    (one,) = found.residuals
    assert one.left == 7.3
    assert one.right == pytest.approx(7.3, rel=1e-15)
    assert one.closes
    assert (found.unread, found.before) == ((), ())


def test_an_identity_off_within_tolerance_is_told_with_its_share_of_the_largest_term() -> None:
    plan = small_plan(
        "y = a - b\n", {"a": (10, 10, 10, 10, 10), "b": (9, 9, 9, 9, 9)}, {"y": (1, 1.002)}, identity_tolerance=1e-3
    )
    solution, _ = simulate(plan)
    assert solution.solved
    (one,) = base_period(solution).residuals
    assert (one.left, one.right) == (1.002, 1)
    assert one.share == pytest.approx(0.002 / 10, rel=1e-9)
    assert not one.closes


def test_an_equation_that_wants_a_number_of_the_base_period_is_told() -> None:
    plan = small_plan(
        "x = 2*a\ny = z + lag(z)\n", {"a": (1, 2, 3, 4, 5), "z": (None, None, 3, 4, 5)}, {"x": (2, 4), "y": (3, 4)}
    )
    found = base_period(simulate(plan)[0])
    assert [e.left.code for e in found.unread] == ["y"]
    assert found.before == ()


def test_the_test_is_not_applicable_to_what_wants_only_periods_before_the_base() -> None:
    """`z` lacks what the first equation cannot have, so it lacks no number of the base period either."""
    plan = small_plan("y = lag(x, 2) + x\nz = y + lag(y)\n", {"x": (1, 2, 3, 4, 5)}, {"y": (None, None), "z": (3, 4)})
    found = base_period(simulate(plan)[0])
    assert {e.left.code for e in found.before} == {"y", "z"}
    assert (found.residuals, found.unread) == ((), ())


def test_the_example_is_reproduced(kazakhstan_solution: Solution) -> None:
    """All but growth of regions, whose sectors of the year before nobody knows."""
    found = base_period(kazakhstan_solution)
    assert {e.left.code for e in found.before} == {"regional_growth", "value_added_at_prices_before"}
    assert found.unread == ()
    looked_at = {r.equation.key for r in found.residuals} | {e.key for e in found.before}
    indicators = kazakhstan_solution.plan.indicators
    assert {
        e.key for e in kazakhstan_solution.model.equations if indicators[e.left.code].role == "endogenous"
    } <= looked_at
    assert all(r.closes for r in found.residuals)
