"""The base period held against the equations."""

from __future__ import annotations

import pytest

from bagdar.equations import Solution, simulate
from bagdar.equations.base_period import base_residuals
from tests.conftest import small_plan


def test_a_behavioural_equation_is_reproduced_by_its_add_factor() -> None:
    solution, _ = simulate(small_plan("@behaviour\nlog(y) = 2*log(x)\n", {"x": (1, 2, 3, 4, 5)}, {"y": (1, 7.3)}))
    ((one,), unread) = base_residuals(solution)
    assert one.left == 7.3
    assert one.right == pytest.approx(7.3, rel=1e-15)
    assert one.closes
    assert unread == ()


def test_an_identity_off_within_tolerance_is_told_with_its_share_of_the_largest_term() -> None:
    plan = small_plan(
        "y = a - b\n", {"a": (10, 10, 10, 10, 10), "b": (9, 9, 9, 9, 9)}, {"y": (1, 1.002)}, identity_tolerance=1e-3
    )
    solution, _ = simulate(plan)
    assert solution.solved
    ((one,), _) = base_residuals(solution)
    assert (one.left, one.right) == (1.002, 1)
    assert one.share == pytest.approx(0.002 / 10, rel=1e-9)
    assert not one.closes


def test_an_equation_that_wants_a_number_in_the_base_period_is_told() -> None:
    solution, _ = simulate(small_plan("y = lag(x, 2) + x\n", {"x": (1, 2, 3, 4, 5)}, {"y": (3, 4)}))
    residuals, (equation,) = base_residuals(solution)
    assert residuals == ()
    assert equation.left.code == "y"


def test_the_example_is_reproduced(kazakhstan_solution: Solution) -> None:
    """All but growth of regions, whose sectors of the year before nobody knows, and the rounding of official figures.

    The sixteen regions' employed add up to 7,181.7 thousand, the country's are 7,181.8.
    """
    residuals, unread = base_residuals(kazakhstan_solution)
    assert {e.left.code for e in unread} == {"regional_growth", "value_added_at_prices_before"}
    looked_at = {r.equation.key for r in residuals} | {e.key for e in unread}
    indicators = kazakhstan_solution.plan.indicators
    assert {
        e.key for e in kazakhstan_solution.model.equations if indicators[e.left.code].role == "endogenous"
    } <= looked_at
    rounded = [r for r in residuals if not r.closes]
    assert {r.equation.left.code for r in rounded} == {"regional_employment"}
    assert all(r.share < 2e-5 for r in rounded)
