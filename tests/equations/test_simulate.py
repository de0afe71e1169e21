"""simulate, on plans that can be solved by hand, against other solvers, and on the example."""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import permutations, product
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq, root

from bagdar.change import apply
from bagdar.equations import Solution, simulate
from bagdar.equations.expression import Cell
from bagdar.finding import Finding, Home, has_errors
from bagdar.period import Period
from bagdar.plan import Fixed, Indicator, LabelSet, Plan
from bagdar.quantity import STATUSES, Quantity
from tests.conftest import small_plan, spoken

pytestmark = pytest.mark.usefixtures("engine")

YEARS = ("2005", "2006", "2007")
YEAR = Period("A", 2007)


def path(solution: Solution, code: str, *labels: str, years: Sequence[str] = YEARS) -> list[float | None]:
    return [solution.values[code].get(*labels, year) for year in years]


def solve(equations: str, *given: Any, **more: Any) -> Solution:
    """The solution of a small plan that has one."""
    solution, findings = simulate(small_plan(equations, *given, **more))
    assert not has_errors(findings), [f.line() for f in findings]
    assert solution.solved
    assert solution.residual <= 1e-9
    is_free_of_nan(solution)
    return solution


def refuse(equations: str, *given: Any, **more: Any) -> tuple[Solution, list[Finding]]:
    """The errors of a small plan that has no solution, and what is left of it."""
    solution, findings = simulate(small_plan(equations, *given, **more))
    errors = [f for f in findings if f.severity == "error"]
    assert errors
    assert not solution.solved
    assert solution.residual == 0.0
    is_free_of_nan(solution)
    return solution, errors


def quantities(solution: Solution) -> Iterator[Quantity]:
    yield from solution.values.values()
    yield from solution.add_factors.values()


def is_free_of_nan(solution: Solution) -> None:
    for quantity in quantities(solution):
        assert np.isfinite(quantity.values).all()
        assert (quantity.values[~quantity.present] == 0.0).all()


def has_no_plan_value(solution: Solution) -> bool:
    """Whether every endogenous cell of the horizon is missing."""
    years = [str(p) for p in solution.plan.header.plan_periods]
    endogenous = [i.code for i in solution.plan.indicators.values() if i.role == "endogenous"]
    return not any(solution.values[code].select("period", years).present.any() for code in endogenous)


# -- left sides ------------------------------------------------------------------------------------


def test_a_level_is_what_its_right_side_says() -> None:
    solution = solve("y = 2*x + 1\n", {"x": (1, 2, 3, 4, 5)}, {"y": (3, 5)})
    assert path(solution, "y") == [7, 9, 11]


def test_a_logarithm_on_the_left_is_undone() -> None:
    solution = solve("log(y) = 2*log(x) + a\n", {"x": (1, 2, 3, 4, 5)}, {"y": ()}, coefficients={"a": math.log(3)})
    assert path(solution, "y") == pytest.approx([27, 48, 75], rel=1e-14)


def test_a_growth_of_logarithms_is_chained_from_the_base() -> None:
    solution = solve("dlog(y) = g\n", {"g": (0, 0, math.log(2), math.log(3), -math.log(6))}, {"y": (7, 7)})
    assert path(solution, "y") == pytest.approx([14, 42, 7], rel=1e-14)


def test_a_difference_is_added_to_the_base() -> None:
    solution = solve("diff(y) = x\n", {"x": (0, -1, 1, 2, -4)}, {"y": (11, 10)})
    assert path(solution, "y") == [11, 13, 9]


def test_a_percentage_change_is_chained_from_the_base() -> None:
    solution = solve("pct(y) = x\n", {"x": (0, 25, 10, -50, 100)}, {"y": (80, 100)})
    assert path(solution, "y") == pytest.approx([110, 55, 110], rel=1e-14)


def test_a_comparison_counts_as_one_or_zero() -> None:
    assert path(solve("y = 2*(x > 3)\n", {"x": (1, 2, 3, 4, 5)}, {"y": ()}), "y") == [0, 2, 2]


def test_lags_reach_as_far_back_as_they_say() -> None:
    solution = solve(
        "y = lag(x, 3) + 10*lag(y, n=2)\n", {"x": (1, 2, 3, 4, 5, 6, 7, 8)}, {"y": (None, None, None, 100, 200)}, past=4
    )
    assert path(solution, "y") == [3 + 1000, 4 + 2000, 5 + 10030]


def test_sums_and_products_run_over_sets_and_flags() -> None:
    solution = solve(
        "for s in sector\ny[s] = 2*x[s]\nz = sum(y[q] for q in sector.resource) - prod(y[q] for q in sector)\n"
        "u = sum(y[q]*w[p] for q in sector for p in region)\n",
        {"x": {"oil": (1, 1, 1, 2, 3), "grain": (1, 1, 5, 5, 5), "coal": (1, 1, 7, 8, 9)}},
        {"y": {}, "z": (), "u": ()},
        coefficients={"w": {"north": 2.0, "south": 0.5}},
        sets={"sector": ("oil", "grain", "coal"), "region": ("north", "south")},
        flags={"sector": {"resource": ("oil", "coal")}},
        dims={"x": ("sector",), "y": ("sector",), "w": ("region",)},
    )
    assert path(solution, "y", "coal") == [14, 16, 18]
    assert path(solution, "z") == [16 - 2 * 10 * 14, 20 - 4 * 10 * 16, 24 - 6 * 10 * 18]
    assert path(solution, "u") == [26 * 2.5, 30 * 2.5, 34 * 2.5]


def test_an_input_output_system_is_solved_for_all_sectors_at_once() -> None:
    table = {("a", "a"): 0.1, ("a", "b"): 0.2, ("b", "a"): 0.3, ("b", "b"): 0.25}
    solution = solve(
        "for s in sector\nout[s] = sum(tech[s, q]*out[q] for q in sector) + use[s]\n",
        {"use": {"a": (1, 1, 10, 20, 30), "b": (1, 1, 5, 5, 5)}},
        {"out": {}},
        coefficients={"tech": table},
        sets={"sector": ("a", "b")},
        dims={"out": ("sector",), "use": ("sector",), "tech": ("sector", "sector")},
    )
    leontief = np.linalg.inv(np.eye(2) - np.array([[0.1, 0.2], [0.3, 0.25]]))
    for year, use in zip(YEARS, ([10, 5], [20, 5], [30, 5]), strict=True):
        found = [solution.values["out"].get(label, year) for label in ("a", "b")]
        assert found == pytest.approx(leontief @ use, rel=1e-12)
    assert (solution.blocks, solution.largest_block) == (3, 2)


# -- leads -----------------------------------------------------------------------------------------


def test_a_lead_reads_the_period_ahead_where_it_is_given() -> None:
    solution = solve("y = lead(x) - x\n", {"x": (1, 2, 4, 8, 16, 32)}, {"y": ()}, beyond=1)
    assert path(solution, "y") == [4, 8, 16]


def test_periods_that_wait_for_each_other_are_solved_together_up_to_a_terminal_value() -> None:
    # y(t) = y(t+1)/2 + 3 with y(2008) = 22: 14, 10, 8 going backwards; x leans on both neighbours.
    solution = solve(
        "y = 0.5*lead(y) + 3\nx = 0.25*lag(x) + 0.25*lead(x) + y\n",
        {},
        {"y": (None, None, None, None, None, 22.0), "x": (None, 4.0, None, None, None, 8.0)},
        beyond=1,
    )
    assert path(solution, "y") == [8, 10, 14]
    # 2005: x1 = 1 + x2/4 + 8; 2006: x2 = x1/4 + x3/4 + 10; 2007: x3 = x2/4 + 2 + 14.
    matrix = np.array([[1, -0.25, 0], [-0.25, 1, -0.25], [0, -0.25, 1]])
    assert path(solution, "x") == pytest.approx(np.linalg.solve(matrix, [9, 10, 16]), rel=1e-12)
    assert solution.largest_block == 3
    assert solution.values["y"].get("2008") == 22.0


@pytest.mark.parametrize(
    ("equations", "given", "solved"),
    [
        ("y = lead(x)\n", {"x": (1, 2, 3, 4, 5)}, {"y": ()}),
        ("y = 0.5*lead(y) + x\n", {"x": (1, 2, 3, 4, 5)}, {"y": ()}),
        ("y = lead(x, 7)\n", {"x": (1, 2, 3, 4, 5)}, {"y": ()}),
        ("@behaviour\ndlog(y) = lead(x)\n", {"x": (1, 2, 3, 4, 5)}, {"y": (1, 1)}),
    ],
)
def test_a_lead_past_what_is_read_is_a_finding(
    equations: str, given: Mapping[str, Any], solved: Mapping[str, Any]
) -> None:
    solution, errors = refuse(equations, given, solved)
    assert {f.rule for f in errors} == {"missing_value"}
    assert all(int(f.address[-5:-1]) > 2007 for f in errors)
    assert has_no_plan_value(solution)


def test_a_stack_of_periods_is_one_newton_system() -> None:
    """log y(t) = (log y(t−1) + log y(t+1))/2 between y(2004) = 1 and y(2007) = 8 has y = 2, 4."""
    plan = small_plan(
        "log(y) = 0.5*log(lag(y)) + 0.5*log(lead(y))\n", {}, {"y": (None, 1.0, None, None, 8.0)}, years=2, beyond=1
    )
    solution, findings = simulate(plan)
    assert not has_errors(findings)
    assert (solution.blocks, solution.largest_block) == (1, 2)
    assert path(solution, "y", years=("2004", "2005", "2006", "2007")) == pytest.approx([1, 2, 4, 8], rel=1e-12)


@pytest.mark.parametrize(
    ("right", "power"), [("10 - 0.1*z**n", 2.0), ("10 - 0.1*z + sqrt(n)", 0.0)], ids=["power", "root"]
)
def test_only_slopes_of_unknowns_are_needed(right: str, power: float) -> None:
    solution = solve(f"y = {right}\nz = y - 12\n", {}, {"y": (), "z": ()}, coefficients={"n": power})
    y = solution.values["y"].get("2005")
    assert y is not None
    assert y < 12  # z is below zero
    assert y == pytest.approx(10 - 0.1 * (y - 12) ** (power or 1), rel=1e-10)


# -- kinks -----------------------------------------------------------------------------------------


def test_a_limit_binds_and_lets_go_again() -> None:
    # y = min(0.9 y, 4) + x: below the limit y = 10 x, at it y = 4 + x.
    solution = solve(
        "y = min(z, 4) + x\nz = 0.9*y\n", {"x": (0, 0, 0.3, 10, 0.1, 0.5, 0.4)}, {"y": (0, 0), "z": ()}, years=5
    )
    years = [str(year) for year in range(2005, 2010)]
    assert path(solution, "y", years=years) == pytest.approx([3, 14, 1, 4.5, 4], rel=1e-12)


def test_a_floor_under_a_wage_binds() -> None:
    solution = solve(
        "wage = max(floor, 10 - people)\npeople = 6 - 0.5*wage\n",
        {"floor": (0, 0, 5, 9, 2)},
        {"wage": (8, 8), "people": ()},
    )
    assert path(solution, "wage") == pytest.approx([8, 9, 8], rel=1e-12)
    assert path(solution, "people") == pytest.approx([2, 1.5, 2], rel=1e-12)


@pytest.mark.parametrize("start", [10.0, 1000.0])
def test_newton_turns_back_from_where_a_logarithm_ends(start: float) -> None:
    # log z = x has z = exp(x); from 10 the full Newton step for x = 0 leads to −13, from 1000 to −5908.
    solution = solve(
        "y = z + log(z)\nz = y - x\n",
        {"x": (0, 0, 0, 3, 2)},
        {"y": (None, start), "z": (None, start)},
        identity_tolerance=10.0,
    )
    assert path(solution, "z") == pytest.approx([1, math.exp(3), math.exp(2)], rel=1e-10)


def test_a_step_that_leads_very_far_is_turned_back() -> None:
    # exp z = 500, from z = 0: the full Newton step leads to exp 499.
    solution = solve("y = exp(z) + z - 500\nz = y\n", {}, {"y": (None, 0.0), "z": (None, 0.0)}, identity_tolerance=1e9)
    assert path(solution, "z") == pytest.approx([math.log(500)] * 3, rel=1e-10)


def test_a_branch_that_is_not_taken_need_have_no_value() -> None:
    solution = solve(
        "y = (log(z) if z > 1 else z - 1) + x\nz = 0.5*y\n", {"x": (0, 0, -3, 3, -1)}, {"y": (-4, -4), "z": ()},
        identity_tolerance=10.0,
    )  # fmt: skip
    above = brentq(lambda y: y - math.log(y / 2) - 3, 2.0, 9.0, xtol=1e-14)
    assert path(solution, "y") == pytest.approx([-8, above, -4], rel=1e-10)


def test_an_absolute_value_is_solved_on_either_side() -> None:
    solution = solve("y = 0.5*abs(z) + x\nz = y - 1\n", {"x": (0, 0, 3, -3, 0.5)}, {"y": (0, 0), "z": (-1, -1)},
                     identity_tolerance=10.0)  # fmt: skip
    # z ≥ 0: y = 2x − 1; z < 0: y = (0.5 + x)/1.5.
    assert path(solution, "y") == pytest.approx([5, -2.5 / 1.5, 1 / 1.5], rel=1e-12)


# -- add-factors -----------------------------------------------------------------------------------

CARRIED = [
    ("y = x", 2.0, [2.0, 2.0, 2.0]),
    ("log(y) = log(x)", math.log(2), [math.log(2)] * 3),
    ("dlog(y) = dlog(x)", math.log(4) - math.log(2), [math.log(2) / 2**k for k in (1, 2, 3)]),
    ("diff(y) = diff(x)", 2.0, [1.0, 0.5, 0.25]),
    ("pct(y) = pct(x)", 200.0, [100.0, 50.0, 25.0]),
]


@pytest.mark.parametrize(("equation", "at_base", "carried"), CARRIED)
def test_an_add_factor_is_kept_for_levels_and_halved_for_growth(
    equation: str, at_base: float, carried: list[float]
) -> None:
    solution = solve(f"@behaviour\n{equation}\n", {"x": (1, 2, 3, 3, 3)}, {"y": (1, 4)})
    add_factors = solution.add_factors["y"]
    assert add_factors.get("2004") == pytest.approx(at_base, rel=1e-14)
    assert [add_factors.get(year) for year in YEARS] == pytest.approx(carried, rel=1e-14)


def test_the_carried_add_factor_enters_the_path() -> None:
    level = solve("@behaviour\ny = x\n", {"x": (1, 2, 3, 5, 8)}, {"y": (1, 4)})
    assert path(level, "y") == [5, 7, 10]
    growth = solve("@behaviour\npct(y) = pct(x)\n", {"x": (1, 2, 2, 2, 2)}, {"y": (1, 4)})
    assert path(growth, "y") == pytest.approx([8, 12, 15], rel=1e-13)  # 100, 50, 25 %


def test_a_judged_add_factor_replaces_the_carried_one_of_its_period() -> None:
    solution = solve(
        "@behaviour\ndiff(y) = x\n", {"x": (0, 0, 0, 0, 0)}, {"y": (1, 9)}, add_factors=[("y", 2006, -3.0)]
    )
    assert [solution.add_factors["y"].get(year) for year in YEARS] == [4, -3, 1]
    assert path(solution, "y") == [13, 10, 11]


def test_in_history_the_add_factor_is_what_the_equation_missed_by() -> None:
    solution = solve("@behaviour\ny = 2*x\n", {"x": (1, 2, 3, 4, 5, 6)}, {"y": (2.5, None, 7)}, past=2)
    assert [solution.add_factors["y"].get(year) for year in ("2002", "2003", "2004")] == [0.5, None, 1.0]


@pytest.mark.parametrize("equation", [text for text, _, _ in CARRIED])
def test_the_base_period_is_reproduced_exactly(equation: str) -> None:
    plan = small_plan(f"@behaviour\n{equation}\nz = y - x\n", {"x": (1, 2, 3, 3, 3)}, {"y": (1, 4), "z": (None, 2)})
    solution, _ = simulate(plan)
    left, right = equation.split(" = ")
    names = {code: np.array([solution.values[code].get(str(y)) for y in range(2003, 2008)]) for code in "xy"}
    added = solution.add_factors["y"].get("2004")
    assert added is not None
    assert spoken(left, names)[1] == pytest.approx(spoken(right, names)[1] + added, rel=1e-15)
    assert path(solution, "y", years=("2003", "2004")) == [1, 4]


@pytest.mark.parametrize(
    ("equation", "y", "share"),
    [
        ("y = x", (1, 2.2), 100 * 0.2 / 2.2),
        ("y = x", (1, 2.11), 100 * 0.11 / 2.11),
        ("log(y) = log(x)", (1, 2.2), 100 * math.log(1.1)),
        ("pct(y) = pct(x)", (1, 2.2), 20.0),
        ("diff(y) = diff(x)", (1, 2.2), 100 * 0.2 / 2.2),
    ],
)
def test_an_add_factor_above_five_per_cent_is_a_warning(equation: str, y: tuple[float, ...], share: float) -> None:
    _, findings = simulate(small_plan(f"@behaviour\n{equation}\n", {"x": (1, 2, 3, 3, 3)}, {"y": y}))
    (warning,) = findings
    assert (warning.rule, warning.severity, warning.home.row) == ("large_add_factor", "warning", 2)
    assert warning.address == "addfactor:y[; 2004]"
    assert dict(warning.facts)["share"] == pytest.approx(share, rel=1e-12)


def test_an_add_factor_below_five_per_cent_is_no_finding() -> None:
    assert simulate(small_plan("@behaviour\ny = x\n", {"x": (1, 2, 3, 3, 3)}, {"y": (1, 2.09)}))[1] == []


# -- fixing and swapping ---------------------------------------------------------------------------


def test_a_fixed_value_is_hit_exactly_and_its_add_factor_solves() -> None:
    solution = solve(
        "@behaviour\ndlog(y) = dlog(x)\nz = 2*y\n",
        {"x": (1, 2, 3, 3, 3)},
        {"y": (1, 2), "z": ()},
        fixed=[("y", 2006, 30.0)],
    )
    assert path(solution, "y") == pytest.approx([3, 30, 30], rel=1e-14)
    assert solution.values["y"].get("2006") == 30.0
    assert solution.values["z"].get("2006") == 60.0
    assert solution.add_factors["y"].get("2006") == pytest.approx(math.log(10), rel=1e-14)
    assert solution.add_factors["y"].get("2007") == 0.0  # what was fixed for one period stays in it


def test_a_fixed_value_inside_a_block_is_hit_exactly() -> None:
    solution = solve(
        "@behaviour\ny = 0.5*z + x\nz = y + 1 + 0.1*u\nu = z\n",
        {"x": (0, 0, 7, 8, 9)},
        {"y": (1, 1), "z": (None, 2 / 0.9), "u": ()},
        fixed=[("y", 2006, 20.0)],
    )
    assert solution.values["y"].get("2006") == 20.0
    assert solution.values["z"].get("2006") == pytest.approx(21 / 0.9, rel=1e-12)
    assert solution.add_factors["y"].get("2006") == pytest.approx(20 - 0.5 * 21 / 0.9 - 8, rel=1e-12)
    at_base = 1 - 0.5 * 2 / 0.9
    for year, x in (("2005", 7), ("2007", 9)):
        y = (0.5 / 0.9 + x + at_base) / (1 - 0.5 / 0.9)
        assert solution.values["y"].get(year) == pytest.approx(y, rel=1e-12)


def test_a_fixed_logarithm_below_zero_is_refused() -> None:
    solution, _ = refuse(
        "@behaviour\nlog(y) = log(x)\n", {"x": (1, 1, 1, 1, 1)}, {"y": (1, 1)}, fixed=[("y", 2006, -1.0)]
    )
    assert has_no_plan_value(solution)


def test_an_identity_cannot_be_fixed_without_an_instrument() -> None:
    solution, errors = refuse("y = 2*x\n", {"x": (1, 2, 3, 4, 5)}, {"y": ()}, fixed=[("y", 2006, 20.0)])
    assert [(f.rule, f.address) for f in errors] == [("nothing_left_to_determine", "equation:y")]
    assert dict(errors[0].facts)["period"] == "2006"
    assert has_no_plan_value(solution)


def test_a_swapped_target_is_hit_and_the_rest_follows_the_instrument() -> None:
    solution = solve("y = 2*x\nz = 10*x\n", {"x": (1, 2, 3, 4, 5)}, {"y": (), "z": ()}, fixed=[("y", 2006, 20.0, "x")])
    assert path(solution, "y") == [6, 20, 10]
    assert path(solution, "z") == pytest.approx([30, 100, 50], rel=1e-12)  # x is 10 in 2006


def test_the_instrument_of_a_swap_has_the_value_that_was_found() -> None:
    plan = small_plan("y = 2*x\n", {"x": (1, 2, 3, 4, 5)}, {"y": ()})
    home = Home("variants/target.toml", 7)
    held = Fixed("y", (), Period("A", 2006), 20.0, ("x", (), Period("A", 2006)), home)
    solution, findings = simulate(replace(plan, fixed=(held,)))
    assert findings == []
    assert path(solution, "x") == [3, pytest.approx(10.0, rel=1e-12), 5]
    x = solution.values["x"]
    assert [STATUSES[i] for i in x.status] == ["actual", "actual", "actual", "plan", "actual"]
    y = solution.values["y"]
    homes = [solution.placed.home(x, (3,)), solution.placed.home(y, (3,)), solution.placed.home(y, (2,))]
    assert [(h.file, h.row) for h in homes] == [
        ("variants/target.toml", 7), ("variants/target.toml", 7), ("equations/model.eq", 1),
    ]  # fmt: skip


def test_a_swap_inside_a_block_finds_its_instrument() -> None:
    # y = 0.5 z + x, z = y + x²: z = 2(x + x²)·… solved for x with z given: z/2 = x + x².
    solution = solve(
        "y = 0.5*z + x\nz = y + x**2\nseen = x\n",
        {"x": (1, 1, 1, 3, 1)},
        {"y": (3, 3), "z": (4, 4), "seen": ()},
        fixed=[("z", 2006, 40.0, "x")],
    )
    assert path(solution, "z") == pytest.approx([4, 40, 4], rel=1e-12)
    assert path(solution, "seen") == pytest.approx([1, 4, 1], rel=1e-10)
    assert path(solution, "y") == pytest.approx([3, 24, 3], rel=1e-10)


def test_an_instrument_may_act_a_year_earlier() -> None:
    solution = solve(
        "y = 3*lag(x) + x\nseen = x\n", {"x": (1, 1, 1, 5, 1)}, {"y": (None, 4), "seen": ()},
        fixed=[("y", 2006, 35.0, "x", 2005)],
    )  # fmt: skip
    assert path(solution, "seen") == pytest.approx([10, 5, 1], rel=1e-12)
    assert path(solution, "y") == pytest.approx([13, 35, 16], rel=1e-12)


def test_swapping_leaves_the_add_factor_alone() -> None:
    solution = solve("@behaviour\ny = 2*x\nseen = x\n", {"x": (1, 1, 1, 1, 1)}, {"y": (2, 3), "seen": ()},
                     fixed=[("y", 2005, 9.0, "x")])  # fmt: skip
    assert solution.add_factors["y"].get("2005") == 1.0
    assert solution.values["seen"].get("2005") == pytest.approx(4.0, rel=1e-12)


def test_an_instrument_that_does_not_reach_its_target_is_refused() -> None:
    for instrument in (("u", 2006), ("x", 2007)):
        solution, errors = refuse(
            "y = 2*x\nz = u\n", {"x": (1, 2, 3, 4, 5), "u": (1, 2, 3, 4, 5)}, {"y": (), "z": ()},
            fixed=[("y", 2006, 20.0, *instrument)],
        )  # fmt: skip
        assert {f.rule for f in errors} == {"nothing_left_to_determine"}
        assert has_no_plan_value(solution)


def test_history_is_no_instrument() -> None:
    refuse("y = 2*x + lag(x, 2)\n", {"x": (1, 2, 3, 4, 5)}, {"y": ()}, fixed=[("y", 2006, 20.0, "x", 2004)])


# -- history ---------------------------------------------------------------------------------------


def test_identities_fill_history_that_was_not_observed() -> None:
    solution = solve(
        "z = y + 1\ny = 2*x\ng = pct(y)\n",
        {"x": (1, 2, 4, 4, 4, 4)},
        {"y": (None, 4.0, None), "z": (), "g": ()},
        past=2,
    )
    years = ("2002", "2003", "2004")
    assert path(solution, "y", years=years) == [2, 4, 8]
    assert path(solution, "z", years=years) == [3, 5, 9]
    assert path(solution, "g", years=years) == [None, 100, 100]
    status = [STATUSES[i] for i in solution.values["y"].status]
    assert status == ["derived", "actual", "derived", "plan", "plan", "plan"]


def test_what_is_derived_is_as_sure_as_the_least_sure_number_behind_it() -> None:
    plan = small_plan("z = y + u\ny = 2*x\n", {"x": (1, 2, 3, 4, 5), "u": (1,) * 5}, {"y": (), "z": ()})
    x = plan.values["x"]
    guessed = replace(x, status=np.array([STATUSES.index("estimate"), 0, 0, 0, 0], np.int8))
    solution, _ = simulate(replace(plan, values={**plan.values, "x": guessed}))
    for code in "yz":
        assert [STATUSES[i] for i in solution.values[code].status[:3]] == ["estimate", "derived", "plan"]


def test_behaviour_never_fills_history() -> None:
    solution = solve("@behaviour\ny = 2*x\n", {"x": (1, 2, 4, 4, 4)}, {"y": (None, 4.0)})
    assert path(solution, "y", years=("2003", "2004")) == [None, 4]


def test_an_identity_that_history_contradicts_is_an_error_with_its_size() -> None:
    plan = small_plan("y = 2*x\n", {"x": (1, 2, 3, 4, 5)}, {"y": (2.0, 4.5)})
    solution, findings = simulate(plan)
    (finding,) = findings
    assert (finding.rule, finding.address) == ("identity_off", "value:y[; 2004]")
    facts = dict(finding.facts)
    assert (facts["observed"], facts["computed"], facts["difference"]) == (4.5, 4.0, 0.5)
    assert has_no_plan_value(solution)
    assert path(solution, "y", years=("2004",)) == [4.5]


def test_an_identity_may_be_off_by_the_rounding_that_the_plan_allows() -> None:
    solve("y = 2*x\n", {"x": (1, 2, 3, 4, 5)}, {"y": (2.0, 4.0000039)}, identity_tolerance=1e-6)
    refuse("y = 2*x\n", {"x": (1, 2, 3, 4, 5)}, {"y": (2.0, 4.0000041)}, identity_tolerance=1e-6)


def test_a_lag_before_history_has_no_value() -> None:
    solution = solve("y = pct(x)\n", {"x": (1, 2, 3, 4, 5)}, {"y": ()})
    assert solution.values["y"].get("2003") is None


def test_a_check_with_a_lag_is_not_held_against_the_first_period() -> None:
    solution = solve("y = x\ncheck grows: y >= lag(y)\n", {"x": (1, 2, 3, 4, 5)}, {"y": ()})
    assert [str(c.period) for c in solution.checks] == ["2004", *YEARS]


def test_an_add_factor_needs_the_past_that_its_equation_reads() -> None:
    solution = solve("@behaviour\ny = lag(x)\n", {"x": (1, 2, 3, 4, 5)}, {"y": (1, 1)})
    assert solution.add_factors["y"].get("2003") is None


def test_statistics_are_computed_where_their_inputs_are() -> None:
    solution = solve(
        "y = 2*x\nr = y/u\ns = lead(x) - x\n",
        {"x": (1, 2, 3, 4, 5), "u": (1, None, None, 2, None)},
        {"y": ()},
        reported={"r": (), "s": ()},
    )
    every = ("2003", *("2004", *YEARS))
    assert path(solution, "r", years=every) == [2, None, None, 4, None]
    assert path(solution, "s", years=every) == [1, 1, 1, 1, None]
    # As sure as the least sure of what they are made of.
    assert [STATUSES[i] for i in solution.values["r"].status[[0, 3]]] == ["derived", "plan"]


def test_a_statistic_that_is_missing_stops_nothing() -> None:
    solution = solve("y = x\nr = log(y - 100)\n", {"x": (1, 2, 3, 4, 5)}, {"y": ()}, reported={"r": ()})
    assert not solution.values["r"].present.any()


# -- what is given stays; what is solved says so -----------------------------------------------------


def test_given_numbers_stay_and_solved_ones_have_the_home_of_their_equation() -> None:
    solution = solve("# twice\ny = 2*x\n", {"x": (1, 2, 3, 4, 5)}, {"y": (2, 4)})
    assert solution.values["x"] == solution.plan.values["x"]
    y = solution.values["y"]
    for year in YEARS:
        cell = y.position((year,))
        assert cell is not None
        home = solution.placed.home(y, cell)
        assert (home.file, home.row) == ("equations/model.eq", 2)
        assert STATUSES[int(y.status[cell])] == "plan"
    assert solution.plan.values["y"].get("2005") is None  # the plan itself is as it was


def test_checks_are_held_against_every_period_with_all_its_numbers() -> None:
    solution = solve("y = 2*x\ncheck double: y == x + x\ncheck small: y < 9\n", {"x": (None, 2, 3, 4, 5)}, {"y": ()})
    told = {(c.check.statement.code, str(c.period)): (c.holds, c.left, c.right) for c in solution.checks}
    assert {period for _, period in told} == {"2004", *YEARS}
    assert all(told["double", year][0] for year in ("2004", *YEARS))
    assert told["small", "2006"] == (True, 8.0, 9.0)
    assert told["small", "2007"] == (False, 10.0, 9.0)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("y == x", (True, False)), ("y != x", (False, True)), ("y <= x", (True, False)), ("y >= x", (True, True)),
        ("y < x", (False, False)), ("y > x", (False, True)), ("y == x*(1 + 1e-10)", (True, False)),
        ("y == x*(1 + 1e-8)", (False, False)),
    ],
)  # fmt: skip
def test_a_check_compares_as_it_says(condition: str, holds: tuple[bool, bool]) -> None:
    solution = solve(f"y = x + d\ncheck c: {condition}\n", {"x": (1, 1, 5, 5, 5), "d": (0, 0, 0, 1, 0)}, {"y": ()})
    found = {str(c.period): c.holds for c in solution.checks}
    assert (found["2005"], found["2006"]) == holds


def test_a_check_of_history_allows_the_rounding_of_figures_and_of_a_plan_year_none() -> None:
    solution = solve("y = x\ncheck c: y == u\n", {"x": (1, 1, 1, 1, 1), "u": (1, 1 + 1e-7, 1 + 1e-7, 1, 1)}, {"y": ()})
    assert {str(c.period): c.holds for c in solution.checks} == {
        "2003": True, "2004": True, "2005": False, "2006": True, "2007": True,
    }  # fmt: skip


def test_progress_is_told_up_to_the_last_block() -> None:
    told: list[tuple[int, int]] = []
    plan = small_plan("y = 2*x\nz = y\n", {"x": (1, 2, 3, 4, 5)}, {"y": (), "z": ()})
    simulate(plan, lambda done, of: told.append((done, of)))
    assert told[-1] == (6, 6)
    assert told == sorted(told)


def test_a_behaviour_that_looks_ahead_is_calibrated_by_what_is_known() -> None:
    """Judged in every year it needs no base; a stale number of the first year takes no part."""
    equations = "@behaviour\nz = 0.5*lead(y) + x\ny = 2 + 0*z\n"
    given = {"x": (1, 1, 1, 1, 1, 1)}
    judged = [("z", year, 0.25) for year in (2005, 2006, 2007)]
    for stated in (None, 999.0):
        levels = {"z": (2, 2), "y": (2, 2, stated, None, None, 2.0)}
        solution = solve(equations, given, levels, beyond=1, add_factors=judged)
        assert path(solution, "z") == [2.25, 2.25, 2.25]
        _, errors = refuse(equations, given, levels, beyond=1)
        assert [e.rule for e in errors] == ["missing_base_value"]


def test_an_equation_that_is_off_after_all_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("bagdar.equations.simulate")
    monkeypatch.setattr(module._Run, "walk", lambda self, schedule: [])
    _, (error,) = refuse("y = 2*x\n", {"x": (1, 2, 3, 4, 5)}, {"y": (2, 4, 0.0)})
    assert error.rule == "system_not_converged"


# -- failures --------------------------------------------------------------------------------------


def test_two_equations_that_say_the_same_are_a_finding_and_nothing_is_written() -> None:
    solution, (error,) = refuse(
        "w = x\ny = z + x\nz = y - x\n", {"x": (1, 2, 3, 4, 5)}, {"w": (), "y": (1, 5), "z": (0, 3)}
    )
    assert error.rule == "singular_system"
    assert error.home.row in (2, 3)
    facts = dict(error.facts)
    assert (facts["size"], facts["period"]) == (2, "2005")
    assert "y (equations/model.eq:2)" in str(facts["worst"])
    assert has_no_plan_value(solution)
    assert path(solution, "w", years=("2003", "2004")) == [1, 2]


def test_a_large_block_that_says_the_same_twice_is_a_finding_too() -> None:
    count = 230
    ring = [f"v{i} = v{i + 1} + 1" for i in range(count - 1)] + [f"v{count - 1} = v0 - {count + 4}"]
    solution, (error,) = refuse("\n".join(ring) + "\n", {}, {f"v{i}": () for i in range(count)}, years=1)
    assert error.rule in ("singular_system", "system_not_converged")
    assert has_no_plan_value(solution)


def test_a_system_that_does_not_converge_names_its_five_worst_equations() -> None:
    count = 8
    ring = [f"v{i} = {5 + i}*exp(-v{(i + 1) % count}/10)" for i in range(count)]
    solution, (error,) = refuse("\n".join(ring) + "\n", {}, {f"v{i}": () for i in range(count)}, iterations=1)
    facts = dict(error.facts)
    assert (error.rule, facts["size"], facts["iterations"], facts["period"]) == ("system_not_converged", 8, 1, "2005")
    worst = str(facts["worst"]).split("; ")
    assert len(worst) == 5
    sizes = [abs(float(told.split(") ")[1].split(":")[0])) for told in worst]
    assert sizes == sorted(sizes, reverse=True)
    assert all(f"equations/model.eq:{int(told[1]) + 1}" in told for told in worst)
    assert error.address == f"equation:{worst[0].split()[0]}"
    assert has_no_plan_value(solution)


def test_a_system_without_a_solution_is_a_finding() -> None:
    solution, (error,) = refuse("y = z**2 + 1 + x\nz = y\n", {"x": (0,) * 5}, {"y": (), "z": ()})
    assert error.rule in ("system_not_converged", "singular_system")
    assert has_no_plan_value(solution)


@pytest.mark.parametrize("right", ["log(x)", "sqrt(x - 1)", "1/x", "x**-0.5", "exp(1000 - x)", "1e200*(1 - x)*1e200"])
def test_an_equation_without_a_value_is_a_finding_with_what_it_read(right: str) -> None:
    solution, (error,) = refuse(f"w = x\ny = {right}\n", {"x": (None, 2, 1, 0, 1)}, {"w": (), "y": (None, 1.0)},
                                identity_tolerance=1e9)  # fmt: skip
    assert (error.rule, error.home.row) == ("equation_without_a_value", 2)
    assert "x = " in str(dict(error.facts)["text"])
    assert has_no_plan_value(solution)


def test_where_a_slope_is_infinite_and_no_solution_near_the_equations_are_named() -> None:
    _, (error,) = refuse(
        "y = z - 20\nz = 10 + sqrt(y)\n", {}, {"y": (None, 0.0), "z": (None, 10.0)}, identity_tolerance=9.0
    )
    assert error.rule == "system_not_converged"
    assert "z (" in str(dict(error.facts)["worst"])


def test_a_failure_in_a_later_year_takes_back_the_years_before() -> None:
    solution, (error,) = refuse("y = log(x)\nz = y + u\n", {"x": (1, 1, 1, 1, -1), "u": (1,) * 5}, {"y": (), "z": ()})
    assert dict(error.facts)["period"] == "2007"
    assert has_no_plan_value(solution)


def test_after_a_failure_even_observed_plan_values_are_missing() -> None:
    solution, _ = refuse("y = log(-x)\n", {"x": (1, 2, 3, 4, 5)}, {"y": (None, None, 7.0, 8.0)})
    assert has_no_plan_value(solution)


def test_after_a_failure_no_statistic_or_check_rests_on_what_was_taken_back() -> None:
    solution, _ = refuse(
        "w = x\ny = log(w - 4)\nr = 2*w\ncheck c: w > 0\n",
        {"x": (1, 2, 7, 6, 3)},
        {"w": (), "y": ()},
        reported={"r": ()},
    )
    assert path(solution, "r", years=("2003", "2004", *YEARS)) == [2, 4, None, None, None]
    assert [str(c.period) for c in solution.checks] == ["2003", "2004"]


def test_a_number_that_is_not_given_is_named_with_its_reader() -> None:
    solution, errors = refuse(
        "y = x\nz = a*y\n", {"x": (1, 2, 3, None, 5)}, {"y": (None, 2.0), "z": ()}, coefficients={"a": None}
    )
    told = {(f.rule, f.address): dict(f.facts) for f in errors}
    assert set(told) == {("missing_coefficient", "coefficient:a"), ("missing_value", "value:x[; 2006]")}
    facts = told["missing_value", "value:x[; 2006]"]
    assert (facts["code"], facts["reader"], facts["equation"]) == ("x", "y", "equations/model.eq:1")
    assert has_no_plan_value(solution)


def test_a_missing_coefficient_is_one_finding() -> None:
    _, errors = refuse("y = a*x\n", {"x": (1, 2, 3, 4, 5)}, {"y": ()}, coefficients={"a": None})
    assert [f.address for f in errors] == ["coefficient:a"]


def test_a_behavioural_equation_without_its_base_names_what_is_missing() -> None:
    solution, (error,) = refuse("@behaviour\ndlog(y) = dlog(x)\n", {"x": (None, 2, 3, 4, 5)}, {"y": (1, 1)})
    assert (error.rule, error.address) == ("missing_base_value", "addfactor:y")
    assert str(dict(error.facts)["names"]).startswith("x")
    assert has_no_plan_value(solution)


def test_only_indicators_are_named_as_missing() -> None:
    _, (error,) = refuse("@behaviour\ndlog(y) = dlog(x)\n", {"x": (None, 2, 3, 4, 5)}, {"y": (1, 1)})
    assert dict(error.facts)["names"] == "x (2003)"


def test_a_base_without_a_value_is_told_from_a_base_without_a_number() -> None:
    _, (error,) = refuse("@behaviour\nlog(y) = x\n", {"x": (1, 2, 3, 4, 5)}, {"y": (0, 0)})
    assert error.rule == "equation_without_a_value"


def test_a_faulty_equation_leaves_nothing_half_written() -> None:
    solution, (error,) = refuse("y = 2*x\nz = nosuch\n", {"x": (1, 2, 3, 4, 5)}, {"y": (), "z": ()})
    assert error.rule == "undefined_name"
    assert has_no_plan_value(solution)
    assert path(solution, "y", years=("2003", "2004")) == [2, 4]


# -- other solvers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [200, 260])
def test_a_large_sparse_linear_system_is_solved_as_by_factorisation(count: int) -> None:
    random = np.random.default_rng(count)
    matrix, right = np.zeros((count, count)), random.normal(size=count)
    for i in range(count):
        for j in random.choice(count, 4, replace=False):
            matrix[i, j] = 0.0 if i == j else random.normal() * 0.4
        matrix[i, (i + 1) % count] = 0.3
    lines = [
        f"v{i} = {float(right[i])!r}" + "".join(f" + ({float(matrix[i, j])!r})*v{j}" for j in np.flatnonzero(matrix[i]))
        for i in range(count)
    ]
    solution = solve("\n".join(lines) + "\n", {}, {f"v{i}": () for i in range(count)}, years=1)
    expected = np.linalg.solve(np.eye(count) - matrix, right)
    found = np.array([solution.values[f"v{i}"].get("2005") for i in range(count)])
    assert np.abs(found - expected).max() <= 1e-10 * np.abs(expected).max()
    assert solution.largest_block == count


@pytest.mark.parametrize("seed", range(6))
def test_a_nonlinear_block_is_solved_as_by_another_solver(seed: int) -> None:
    random = np.random.default_rng(seed)
    count = 6
    a, b = random.uniform(-0.3, 0.3, (count, count)), random.uniform(1, 2, count)
    np.fill_diagonal(a, 0.0)

    def gap(v: Any) -> Any:
        return v - (b + a @ np.tanh(v) + 0.1 * np.sqrt(1 + v**2) + 0.2 * np.exp(-np.roll(v, 1)))

    lines = [
        f"v{i} = {b[i]}"
        # tanh v = 2 logistic(2v) − 1
        + "".join(f" + ({a[i, j]})*(2*logistic(2*v{j}) - 1)" for j in range(count) if i != j)
        + f" + 0.1*sqrt(1 + v{i}_again**2) + 0.2*exp(-v{(i - 1) % count})\nv{i}_again = v{i}"
        for i in range(count)
    ]
    codes = [f"v{i}{end}" for i in range(count) for end in ("", "_again")]
    solution = solve("\n".join(lines) + "\n", {}, dict.fromkeys(codes, ()), years=1)
    expected = root(gap, np.ones(count), tol=1e-13)
    assert expected.success
    found = [solution.values[f"v{i}"].get("2005") for i in range(count)]
    assert found == pytest.approx(expected.x, rel=1e-9)


def test_a_linear_dynamic_model_follows_its_matrix_power() -> None:
    step = np.array([[0.5, 0.3], [-0.2, 0.9]])
    solution = solve(
        "y = 0.5*lag(y) + 0.3*lag(z)\nz = 0.9*lag(z) - 0.2*lag(y)\n",
        {},
        {"y": (None, 3.0), "z": (None, -1.0)},
        years=30,
    )
    expected = np.linalg.matrix_power(step, 30) @ [3.0, -1.0]
    assert [solution.values[code].get("2034") for code in "yz"] == pytest.approx(expected, rel=1e-9)


# -- the example -----------------------------------------------------------------------------------

ALL_YEARS = [str(year) for year in range(1995, 2008)]
PLAN_YEARS = [ALL_YEARS.index(year) for year in YEARS]


def series(solution: Solution) -> dict[str, Any]:
    """Every quantity of the solution as an array over all periods, NaN where missing; a coefficient as a number.

    What has labels is read by them: ``output["oil"]``, ``technical["oil", "coal"]``.
    """
    return {code: Spoken(quantity) if quantity.dims[:1] not in ((), ("period",)) else over_time(quantity, ())
            for code, quantity in solution.values.items()}  # fmt: skip


def over_time(quantity: Quantity, where: tuple[int, ...]) -> Any:
    found = np.where(quantity.present, quantity.values, np.nan)[where]
    # numpy's scalar, which divides by zero in the branch that is not taken.
    return found if found.ndim else np.float64(found)


class Spoken:
    """A labelled quantity that Python reads by its labels."""

    def __init__(self, quantity: Quantity) -> None:
        self.quantity = quantity

    def __getitem__(self, labels: Any) -> Any:
        labels = labels if isinstance(labels, tuple) else (labels,)
        axes = zip(self.quantity.labels, labels, strict=False)
        return over_time(self.quantity, tuple(axis.index(label) for axis, label in axes))


class Group(list[str]):
    """A set that Python runs over: ``for s in sector.resource``."""

    def __init__(self, group: LabelSet) -> None:
        super().__init__(group.select())
        for flag in group.flags:
            setattr(self, flag, group.select(flag))


def test_every_equation_of_the_example_holds_at_its_base_and_in_every_plan_year(kazakhstan_solution: Solution) -> None:
    """Left equals right plus add-factor, each read by Python from the text itself."""
    plan = kazakhstan_solution.plan
    names = series(kazakhstan_solution) | {code: Group(group) for code, group in plan.sets.items()}
    compared = 0
    for parsed in kazakhstan_solution.model.parsed:
        statement = parsed.statement
        if parsed.left is None or statement.code.startswith("ratio_to"):  # those are statistics of single years
            continue
        left_text, right_text = statement.text.split(" = ", 1)
        letters = [(x, group, flag) for x, group, flag in statement.letters if x in parsed.left.labels]
        for labels in product(*(plan.sets[group].select(flag) for _, group, flag in letters)):
            bound = names | dict(zip((x for x, _, _ in letters), labels, strict=True))
            left, right = spoken(left_text, bound), spoken(right_text, bound)
            if statement.behaviour:
                right = right + over_time(
                    kazakhstan_solution.add_factors[statement.code],
                    key(parsed.left, letters, labels, plan, statement.code),
                )
            for t in (ALL_YEARS.index("2004"), *PLAN_YEARS):
                if statement.code in ("regional_growth", "value_added_at_prices_before") and t not in PLAN_YEARS:
                    continue  # they read sectors of the year before the base, which nobody knows
                if plan.indicators[statement.code].role == "statistic" and np.isnan(right[t]):
                    continue  # a statistic is computed only where all that it reads is there
                # At the base identities hold among official figures, rounded; add-factors make the rest exact.
                exact = statement.behaviour or t in PLAN_YEARS
                scale = max(1.0, abs(left[t]), largest(right_text, bound, t))
                assert abs(left[t] - right[t]) <= (1e-12 if exact else 2e-5) * scale, (statement.code, labels, t)
                compared += 1
    assert compared > 4 * 2000


def key(left: Cell, letters: Any, labels: tuple[str, ...], plan: Plan, code: str) -> tuple[int, ...]:
    """Where a left side's labels stand on the axes of its quantity."""
    bound = dict(zip((x for x, _, _ in letters), labels, strict=True))
    named = [bound.get(x, x.strip('"')) for x in left.labels]
    return tuple(plan.sets[d].labels.index(n) for d, n in zip(plan.indicators[code].dims, named, strict=True))


def largest(text: str, names: Mapping[str, Any], t: int) -> float:
    """The largest number that an equation's text names, which its rounding errors are small beside."""
    found = [1.0]
    for word in "".join(c if c.isalnum() or c == "_" else " " for c in text).split():
        held = names.get(word)
        values = held.quantity.values if isinstance(held, Spoken) else held if isinstance(held, np.ndarray) else None
        if values is not None:
            found.append(float(np.nanmax(np.abs(np.where(np.isfinite(values), values, 0.0)))))
    return max(found)


def test_the_base_year_of_the_example_is_what_the_folder_says(kazakhstan: Plan, kazakhstan_solution: Solution) -> None:
    for code, quantity in kazakhstan.values.items():
        told = quantity.present.copy()
        if "period" in quantity.dims:
            told[..., PLAN_YEARS] = False
        assert (kazakhstan_solution.values[code].values[told] == quantity.values[told]).all()


def test_the_identities_of_the_example_close(kazakhstan_solution: Solution) -> None:
    assert kazakhstan_solution.residual <= 1e-9
    assert all(c.holds for c in kazakhstan_solution.checks)
    lending = [c for c in kazakhstan_solution.checks if c.check.statement.code == "lending"]
    assert {str(c.period) for c in lending} >= set(YEARS)
    is_free_of_nan(kazakhstan_solution)


def test_gdp_by_production_by_expenditure_and_by_price_agree(kazakhstan_solution: Solution) -> None:
    v = series(kazakhstan_solution)
    for t in PLAN_YEARS:
        production = (
            v["gross_output"][t] - v["intermediate_consumption"][t] - v["fisim"][t] + v["net_taxes_on_products"][t]
        )
        expenditure = (
            v["consumer_price"][t] * v["household_consumption_volume"][t]
            + v["government_price"][t] * v["government_consumption_volume"][t]
            + v["capital_goods_price"][t] * (v["private_investment_volume"][t] + v["public_investment_volume"][t])
            + v["changes_in_inventories"][t]
            + v["export_price"][t] * (v["resource_exports_volume"][t] + v["other_exports_volume"][t])
            - v["import_price"][t] * v["imports_volume"][t]
            + v["statistical_discrepancy"][t]
        )
        assert production == pytest.approx(expenditure, rel=1e-12)
        assert v["gdp"][t] == pytest.approx(expenditure, rel=1e-12)
        assert v["gdp_price"][t] * v["gdp_volume"][t] == pytest.approx(expenditure, rel=1e-12)


def test_reserves_and_credit_are_the_residuals_of_their_balances(kazakhstan_solution: Solution) -> None:
    v = series(kazakhstan_solution)
    for t in PLAN_YEARS:
        trade = (v["exports"][t] - v["imports"][t]) / v["exchange_rate"][t] + v["trade_coverage_difference"][t]
        inflow = trade + v["primary_income"][t] + v["secondary_income"][t] + v["capital_inflow"][t]
        inflow -= v["national_fund_inflow"][t] / v["exchange_rate"][t]  # which is saved abroad
        assert v["net_foreign_assets"][t] - v["net_foreign_assets"][t - 1] == pytest.approx(inflow, rel=1e-9)
        backed = v["domestic_credit"][t] + v["net_foreign_assets"][t] * v["exchange_rate_end"][t]
        assert backed == pytest.approx(v["money"][t], rel=1e-12)
        people = v["employees"][t] + v["self_employed"][t] + v["unemployed"][t]
        assert people == pytest.approx(v["labour_force"][t], rel=1e-12)
        sectors = kazakhstan_solution.plan.sets["sector"].select()
        spent = v["government_consumption"][t] + v["social_benefits"][t] + v["government_interest"][t]
        spent += sum(v["capital_price"][s][t] * v["public_investment"][s][t] + v["subsidies"][s][t] for s in sectors)
        assert v["government_revenue"][t] - spent == pytest.approx(v["government_balance"][t], rel=1e-9)


def nominal(indicator: Indicator) -> int:
    """How often a unit of tenge stands in it: prices and tenge 1, volumes at fixed prices 0."""
    powers = dict(indicator.unit.powers)
    return int(powers.get("KZT", 0) + powers.get("prices(2004)", 0))


def test_doubling_all_tenge_changes_no_volume(kazakhstan: Plan, kazakhstan_solution: Solution) -> None:
    """Every tenge, tenge price and the rate of the dollar twice as high: nothing real moves, all tenge double."""
    doubled = {
        code: replace(q, values=q.values * 2.0 ** nominal(kazakhstan.indicators[code]))
        for code, q in kazakhstan.values.items()
    }
    assert (
        doubled["exchange_rate"].get("2005") == 2 * kazakhstan.values["exchange_rate"].values[ALL_YEARS.index("2005")]
    )
    solution, findings = simulate(replace(kazakhstan, values=doubled))
    assert not has_errors(findings)
    moved = 0
    for indicator in kazakhstan.indicators.values():
        if indicator.role == "endogenous":
            before, after = kazakhstan_solution.values[indicator.code], solution.values[indicator.code]
            assert (before.present == after.present).all()
            expected = before.values[before.present] * 2.0 ** nominal(indicator)
            assert after.values[after.present] == pytest.approx(expected, rel=1e-8, abs=1e-9), indicator.code
            moved += nominal(indicator)
    assert moved > 60
    assert {nominal(kazakhstan.indicators[c]) for c in ("gdp_volume", "employees", "current_account")} == {0}


def varied(plan: Plan, name: str) -> dict[str, Any]:
    after, findings = apply(plan, plan.variants[name])
    assert not findings
    solution, found = simulate(after)
    assert not has_errors(found)
    return series(solution)


def test_dearer_resources_raise_exports_the_budget_and_investment(
    kazakhstan: Plan, kazakhstan_solution: Solution
) -> None:
    before, after = series(kazakhstan_solution), varied(kazakhstan, "oil_price")
    for code in ("exports", "government_balance", "private_investment_volume", "gdp_volume", "net_foreign_assets"):
        assert all(after[code][t] > before[code][t] for t in PLAN_YEARS), code
    assert (after["exports"][: PLAN_YEARS[0]] == before["exports"][: PLAN_YEARS[0]]).sum() == 5  # 2000–2004


def test_a_cut_of_vat_lowers_prices_raises_consumption_and_costs_the_budget(
    kazakhstan: Plan, kazakhstan_solution: Solution
) -> None:
    before, after = series(kazakhstan_solution), varied(kazakhstan, "vat_cut")
    assert all(
        after[code][PLAN_YEARS[0]] == pytest.approx(before[code][PLAN_YEARS[0]], rel=1e-12)
        for code in ("consumer_price", "gdp")
    )
    for t in PLAN_YEARS[1:]:
        assert after["consumer_price"][t] < before["consumer_price"][t]
        assert after["household_consumption_volume"][t] > before["household_consumption_volume"][t]
        assert after["government_balance"][t] < before["government_balance"][t]


def test_a_target_of_the_example_is_reached_by_its_instrument(kazakhstan: Plan) -> None:
    """A balanced budget in 2007 by the social tax: the rate found, put in as given, gives the same budget."""
    held = Fixed("government_balance", (), YEAR, 0.0, ("social_tax_rate", (), YEAR))
    solution, findings = simulate(replace(kazakhstan, fixed=(held,)))
    assert not has_errors(findings)
    assert solution.values["government_balance"].get("2007") == 0.0
    v = series(solution)
    rate = 100 * v["social_tax"][-1] / v["compensation_of_employees"][-1]
    assert rate < 8.592791456
    given = kazakhstan.values["social_tax_rate"]
    values = given.values.copy()
    values[-1] = rate
    again, _ = simulate(
        replace(kazakhstan, values={**kazakhstan.values, "social_tax_rate": replace(given, values=values)})
    )
    assert again.values["government_balance"].get("2007") == pytest.approx(0.0, abs=1e-6)
    assert again.values["gdp"].get("2007") == pytest.approx(solution.values["gdp"].get("2007"), rel=1e-9)


def test_a_coefficient_under_a_lag_is_what_it_always_is() -> None:
    solution = solve("y = lag(a*x)\n", {"x": (1, 2, 3, 4, 5)}, {"y": ()}, coefficients={"a": 10.0})
    assert path(solution, "y") == [20.0, 30.0, 40.0]


# -- a solution as the start of another -------------------------------------------------------------


def test_rows_of_add_factors_count_in_the_horizon_of_the_plan_not_of_its_start() -> None:
    text, data = "@behaviour\ny = x\n", {"x": (1, 2, 3, 4, 5)}
    long = small_plan(text, data, {"y": (1, 2)}, add_factors=[("y", 2006, 100.0)])
    first, _ = long.header.horizon
    short = replace(long, header=replace(long.header, horizon=(first, first)))
    earlier = small_plan(text, {"x": (0, *data["x"])}, {"y": (0, 1, 2)}, past=2)
    earlier = replace(earlier, add_factors=long.add_factors)
    for start, plan in ((short, long), (long, short), (long, earlier)):
        assert simulate(plan, start=simulate(start)[0])[0].values == simulate(plan)[0].values
    assert simulate(long, start=simulate(short)[0])[0].values["y"].get("2006") == pytest.approx(104)


def test_a_cell_that_nothing_determines_is_found_whatever_the_start() -> None:
    text, more = 'y = v["a"]\nv["a"] = x\n', {"sets": {"s": ("a", "b")}, "dims": {"v": ("s",)}}
    plans = [
        small_plan(text, {"x": (1, 2, 3, 4, 5)}, {"y": (), "v": {"a": (1, 2), "b": b}}, **more) for b in ((), (7, 7))
    ]
    for start, plan in permutations(plans):
        found = simulate(plan, start=simulate(start)[0])[1]
        assert [f.rule for f in found] == [f.rule for f in simulate(plan)[1]]


def test_equations_that_moved_in_their_file_have_their_new_homes_whatever_the_start() -> None:
    given = {"x": (1, 2, 3, 4, 5)}
    start, moved = (small_plan(f"{above}y = x\n", given, {"y": (1, 2)}) for above in ("", "# a comment\n\n"))
    solution = simulate(moved, start=simulate(start)[0])[0]
    assert solution.model.equations[0].statement.home == moved.statements[0].home


# -- leads and swaps --------------------------------------------------------------------------------


def test_an_equation_that_reads_an_instrument_ahead_has_its_solved_number() -> None:
    plan = small_plan(
        "w = lead(z)\ny = z + 1\n",
        {"z": (1, 2, 3, 4, 5, 6)},
        {"w": (), "y": ()},
        beyond=1,
        fixed=[("y", 2006, 50.0, "z", 2006)],
    )
    solution, findings = simulate(plan)
    assert not findings
    assert solution.values["w"].get("2005") == pytest.approx(49)
    assert solution.residual < 1e-12


# -- what a search that fails tells -----------------------------------------------------------------


def test_equations_without_a_solution_are_not_called_singular() -> None:
    solved = {"a": (1, 2), "b": (0, 1)}  # from here the search comes to b = 0.5, where no step leads on
    plan = small_plan("a = b**2 + x + 1\nb = a\n", {"x": (1, 2, 3, 4, 5)}, solved, identity_tolerance=10)
    assert [f.rule for f in simulate(plan)[1] if f.severity == "error"] == ["system_not_converged"]


def test_the_steps_told_are_those_of_the_block_that_failed() -> None:
    solved = "c = 0.5*d + log(d + x)\nd = 0.5*c + x\n"
    plan = small_plan(
        solved + "a = exp(b)\nb = a + c\n", {"x": (1, 2, 3, 4, 5)}, dict.fromkeys("abcd", ()), iterations=7
    )
    (found,) = simulate(plan)[1]
    assert found.rule == "system_not_converged"
    assert float(str(dict(found.facts)["iterations"])) <= 7


def test_unknowns_of_sizes_that_nobody_knows_are_found() -> None:
    plan = small_plan("a = 1e-12*b + x\nb = 0.5e12*a\n", {"x": (1, 2, 3, 4, 5)}, {"a": (), "b": ()})
    solution, findings = simulate(plan)
    assert not findings
    assert solution.values["a"].get("2005") == pytest.approx(6)


def test_of_a_block_of_many_periods_each_of_the_worst_equations_says_when() -> None:
    plan = small_plan("a = lead(a)**2 + lag(a)**2 + 1\n", {}, {"a": (1, 1, None, None, None, 1)}, beyond=1)
    (found,) = simulate(plan)[1]
    assert all(f"a {year} (" in str(dict(found.facts)["worst"]) for year in YEARS)


# -- statistics and base periods that look ahead ----------------------------------------------------


def test_a_statistic_that_reads_another_ahead_is_computed() -> None:
    reported = {"q": (), "r": ()}
    plan = small_plan("y = x\nq = 2*y\nr = lead(q)\n", {"x": (1, 2, 3, 4, 5)}, {"y": ()}, reported=reported)
    assert path(simulate(plan)[0], "r") == [8.0, 10.0, None]


def test_what_the_base_period_lacks_of_another_period_is_named_with_it() -> None:
    plan = small_plan("q = 2*x\n@behaviour\nz = lead(q)\n", {"x": (1, 2, 3, 4, 5)}, {"q": (), "z": (1, 2)})
    found = next(f for f in simulate(plan)[1] if f.rule == "missing_base_value")
    assert dict(found.facts)["names"] == "q (2005)"
