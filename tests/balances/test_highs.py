"""HiGHS behind its door: programs solved by hand, random ones against SciPy, and residuals that see what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csc_array

from bagdar.balances import highs
from bagdar.balances.frame import Floats, LinearProgram
from bagdar.balances.highs import METHODS, Method, Session, method_for
from bagdar.balances.residuals import residuals
from bagdar.balances.scaling import in_units, units
from tests.strategies import thorough

INF = np.inf
every_method = pytest.mark.parametrize("method", METHODS)


def program(
    matrix: Sequence[Sequence[float]],
    low: Sequence[float],
    high: Sequence[float],
    row_low: Sequence[float],
    row_high: Sequence[float],
) -> LinearProgram:
    bounds = (np.array(bound, float) for bound in (low, high, row_low, row_high))
    return LinearProgram(csc_array(np.array(matrix, float).reshape(len(row_low), len(low))), *bounds)


def numbers(*given: float) -> Floats:
    return np.array(given, float)


# Two goods, three and two of money a unit; four hours, six of a second kind where the other good takes three times
# as many; at most three of the first.
SHOP = program([[1, 1], [1, 3]], [0, 0], [3, INF], [-INF, -INF], [4, 6])


# -- by hand ---------------------------------------------------------------------------------------


@every_method
def test_two_goods(method: Method) -> None:
    answer = Session(SHOP, method).solve(numbers(-3, -2))
    near = 1e-5 if method == "hipdlp" else 1e-9
    assert answer.status == "optimal"
    assert answer.x == pytest.approx([3, 1], abs=near)
    assert answer.objective == pytest.approx(-11, abs=10 * near)
    # The vertex is met by three lines: prices are any that make up (3, 2) of the rows and the bound of the first.
    assert answer.reduced_cost == pytest.approx(numbers(-3, -2) - SHOP.matrix.T @ answer.row_price, abs=1e-12)
    assert (answer.row_price <= near).all()
    assert answer.row_price @ [4, 6] + 3 * answer.reduced_cost[0] == pytest.approx(-11, abs=10 * near)


@every_method
def test_prices_where_there_is_one(method: Method) -> None:
    answer = Session(replace(SHOP, row_high=numbers(4, 9)), method).solve(numbers(-3, -2))
    assert answer.x == pytest.approx([3, 1], abs=1e-5)
    assert answer.row_price == pytest.approx([-2, 0], abs=1e-5)  # one more hour, two more of money
    assert answer.reduced_cost == pytest.approx([-1, 0], abs=1e-5)


@every_method
def test_what_cannot_be_is_infeasible(method: Method) -> None:
    assert (
        Session(program([[1, 1]], [2, 0], [INF, INF], [-INF], [1]), method).solve(numbers(1, 1)).status == "infeasible"
    )
    two = program([[1, 1], [1, 1]], [0, 0], [INF, INF], [-INF, 2], [1, INF])
    assert Session(two, method).solve(numbers(1, 1)).status == "infeasible"
    assert Session(program([[1]], [2], [1], [-INF], [5]), method).solve(numbers(1)).status == "infeasible"


@every_method
def test_what_has_no_end_is_unbounded(method: Method) -> None:
    answer = Session(program([[1, -1]], [0, 0], [INF, INF], [0], [INF]), method).solve(numbers(-1, 0))
    assert answer.status == "unbounded"
    assert not answer.solved
    assert answer.x.size == 0


@every_method
def test_many_rows_through_one_point(method: Method) -> None:
    point = program([[1, 1], [1, 0], [0, 1], [1, 2], [2, 1]], [0, 0], [INF, INF], [-INF] * 5, [2, 1, 1, 3, 3])
    answer = Session(point, method).solve(numbers(-1, -1))
    assert answer.status == "optimal"
    assert answer.objective == pytest.approx(-2, abs=1e-5)


@every_method
def test_free_levels_and_equations(method: Method) -> None:
    free = program([[1, 1], [1, -1]], [-INF, -INF], [INF, INF], [3, 5], [3, 5])
    answer = Session(free, method).solve(numbers(1, 0))
    assert answer.x == pytest.approx([4, -1], abs=1e-5)
    assert answer.row_price == pytest.approx([0.5, 0.5], abs=1e-5)


@every_method
def test_nothing_to_keep_to_and_nothing_to_choose(method: Method) -> None:
    loose = LinearProgram(csc_array((0, 2)), np.zeros(2), np.ones(2), np.zeros(0), np.zeros(0))
    assert Session(loose, method).solve(numbers(1, -1)).x == pytest.approx([0, 1])
    none = LinearProgram(csc_array((0, 0)), np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0))
    assert Session(none, method).solve(np.zeros(0)).status == "optimal"


@every_method
def test_grams_beside_millions_of_tons(method: Method) -> None:
    answer = Session(program([[1e-9, 0], [0, 1e9]], [0, 0], [INF, INF], [1, 1], [INF, INF]), method).solve(
        numbers(1, 1)
    )
    assert answer.x == pytest.approx([1e9, 1e-9], rel=1e-6)
    assert answer.row_price[0] == pytest.approx(1e9, rel=1e-6)


def test_rows_and_bounds_are_changed() -> None:
    session = Session(SHOP)
    assert session.solve(numbers(-3, -2)).objective == pytest.approx(-11)
    session.add_row(numbers(1, 0), -INF, 2)
    assert session.solve(numbers(-3, -2)).x == pytest.approx([2, 4 / 3])
    session.bounds(numbers(0, 0), numbers(1, INF))
    assert session.solve(numbers(-3, -2)).x == pytest.approx([1, 5 / 3])
    session.row_bounds(numbers(-INF, -INF, -INF), numbers(1, 6, 2))
    assert session.solve(numbers(-3, -2)).x == pytest.approx([1, 0])
    assert session.program.matrix.shape == (3, 2)


def test_a_method_that_highs_lacks_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="solver = nonsense"):
        Session(SHOP, "nonsense")  # type: ignore[arg-type]


def test_numbers_beyond_all_measure_fail() -> None:
    wild = replace(SHOP, matrix=csc_array(np.array([[np.nan, 1], [1, 3]])))
    assert Session(wild).solve(numbers(-3, -2)).status == "failed"


def test_the_method_goes_by_the_rows() -> None:
    def of(rows: int) -> LinearProgram:
        return LinearProgram(csc_array((rows, 1)), np.zeros(1), np.ones(1), np.zeros(rows), np.ones(rows))

    assert method_for(of(1)) == method_for(of(highs.SIMPLEX_LIMIT)) == "simplex"
    assert method_for(of(highs.SIMPLEX_LIMIT + 1)) == method_for(of(highs.INTERIOR_LIMIT)) == "hipo"
    assert method_for(of(highs.INTERIOR_LIMIT + 1)) == "hipdlp"


# -- residuals -------------------------------------------------------------------------------------


def test_an_optimum_has_no_residuals() -> None:
    assert residuals(SHOP, numbers(-3, -2), numbers(3, 1), numbers(-2, 0)) == (0, 0, 0)


def test_a_row_and_a_bound_that_do_not_hold_are_seen() -> None:
    primal, dual, gap = residuals(SHOP, numbers(-3, -2), numbers(3, 2), numbers(-2, 0))
    assert primal == pytest.approx(3 / (1 + 9 + 6))  # 9 where 6 are there
    assert dual == 0
    assert gap == pytest.approx(2 / (1 + 13))
    assert residuals(SHOP, numbers(-3, -2), numbers(3, -1), numbers(-2, 0))[0] == pytest.approx(1 / 2)


def test_a_price_of_the_wrong_sign_is_seen() -> None:
    """A row that only has an upper bound cannot have a price above 0: then the levels cost what nobody pays."""
    _, dual, _ = residuals(SHOP, numbers(-3, -2), numbers(3, 1), numbers(-2, 0.5))
    assert dual == 0  # of a bound that is not there there is no price, and without it all is right
    _, dual, _ = residuals(SHOP, numbers(-3, -2), numbers(3, 1), numbers(2, 0))
    assert dual == pytest.approx(2 / (1 + 2))  # the second level would pay 2 a unit, and nothing limits it


def test_levels_that_are_not_the_best_have_a_gap() -> None:
    primal, dual, gap = residuals(SHOP, numbers(-3, -2), numbers(3, 0), numbers(-2, 0))
    assert (primal, dual) == (0, 0)
    assert gap == pytest.approx(2 / (1 + 11))


@thorough
@given(st.data())
def test_no_residual_is_proof(data: st.DataObject) -> None:
    """Whatever levels and prices are given: what they are short of the optimum is at most the gap tells."""
    chosen, cost = data.draw(programs(feasible=True))
    best = linprog(cost, *_rows(chosen), bounds=_bounds(chosen))
    assume(best.status == 0)
    x = np.clip(data.draw(_vector(len(cost), -3, 3)), chosen.low, chosen.high)
    prices = data.draw(_vector(chosen.matrix.shape[0], -2, 2))
    primal, dual, gap = residuals(chosen, cost, x, prices)
    if primal == dual == 0:
        least = float(best.fun or 0.0)
        most = abs(float(cost @ x)) + float(np.abs(cost) @ np.abs(x)) + abs(least)
        assert float(cost @ x) - least <= gap * (1 + 100 * most) + 1e-9


# -- against SciPy ---------------------------------------------------------------------------------


def _vector(count: int, least: float, most: float) -> st.SearchStrategy[Floats]:
    part = st.one_of(st.integers(int(least), int(most)).map(float), st.floats(least, most).map(lambda v: round(v, 3)))
    return st.lists(part, min_size=count, max_size=count).map(lambda parts: np.array(parts, float))


@st.composite
def programs(draw: st.DrawFn, feasible: bool = False) -> tuple[LinearProgram, Floats]:
    """A program with every kind of row and bound; a point is in it, if it is to be feasible."""
    count, rows = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    matrix = draw(_vector(count * rows, -4, 4)).reshape(rows, count)
    point = draw(_vector(count, -3, 3))
    below, above = draw(_vector(count, 0, 3)), draw(_vector(count, 0, 3))
    kinds = draw(st.lists(st.sampled_from(["both", "low", "high", "free"]), min_size=count, max_size=count))
    low = np.where([k in ("both", "low") for k in kinds], point - below, -INF)
    high = np.where([k in ("both", "high") for k in kinds], point + above, INF)
    made = matrix @ point + (0 if feasible else draw(_vector(rows, -3, 3)))
    row_kinds = draw(st.lists(st.sampled_from(["equal", "low", "high", "range"]), min_size=rows, max_size=rows))
    room = draw(_vector(rows, 0, 3))
    row_low = np.where(
        [k != "high" for k in row_kinds], made - np.where([k == "range" for k in row_kinds], room, 0), -INF
    )
    row_high = np.where([k != "low" for k in row_kinds], made, INF)
    return LinearProgram(csc_array(matrix), low, high, row_low, row_high), draw(_vector(count, -3, 3))


def _rows(chosen: LinearProgram) -> tuple[Any, Any]:
    matrix = chosen.matrix.toarray()
    above, below = np.isfinite(chosen.row_high), np.isfinite(chosen.row_low)
    return (
        np.vstack([matrix[above], -matrix[below]]),
        np.concatenate([chosen.row_high[above], -chosen.row_low[below]]),
    )


def _bounds(chosen: LinearProgram) -> list[tuple[float, float]]:
    return list(zip(chosen.low.tolist(), chosen.high.tolist(), strict=True))


def _checked(method: Method, chosen: LinearProgram, cost: Floats) -> None:
    best = linprog(cost, *_rows(chosen), bounds=_bounds(chosen))
    answer = Session(chosen, method).solve(cost)
    if method == "hipdlp" and answer.status == "failed":
        return  # a first-order method may not come to an end, and says so
    if best.status == 0:
        assert answer.solved, (answer.status, best.message)
        near = 1e-6 if answer.status == "optimal" and method != "hipdlp" else 1e-2
        assert answer.objective == pytest.approx(best.fun, abs=near * (1 + float(np.abs(cost) @ np.abs(answer.x))))
    elif best.status in (2, 3):  # which of the two SciPy says of a program that is both is its own affair
        assert answer.status in ("infeasible", "unbounded")


@settings(thorough, max_examples=200)
@given(programs())
def test_simplex_finds_what_scipy_finds(made: tuple[LinearProgram, Floats]) -> None:
    _checked("simplex", *made)


@settings(thorough, max_examples=40)
@given(made=programs())
@pytest.mark.parametrize("method", METHODS[1:])
def test_the_other_methods_find_what_scipy_finds(method: Method, made: tuple[LinearProgram, Floats]) -> None:
    _checked(method, *made)


@settings(thorough, max_examples=100)
@given(programs(feasible=True))
def test_units_round_nothing(made: tuple[LinearProgram, Floats]) -> None:
    chosen, _ = made
    rows, columns = units(chosen)
    assert (np.exp2(np.round(np.log2(rows))) == rows).all()
    assert (np.exp2(np.round(np.log2(columns))) == columns).all()
    scaled = in_units(chosen, rows, columns)
    assert (scaled.matrix.toarray() * rows[:, None] / columns == chosen.matrix.toarray()).all()
    assert (scaled.row_low * rows == chosen.row_low).all()
    assert (scaled.high * columns == chosen.high).all()


# -- from a session before -------------------------------------------------------------------------


@settings(thorough, max_examples=12)
@given(st.data())
def test_from_a_session_before_it_is_what_it_is_from_nothing(data: st.DataObject) -> None:
    """Bounds, costs and coefficients moved: the same optimum, whatever the way to it was."""
    chosen, cost = data.draw(programs(feasible=True))
    count, rows = len(cost), chosen.matrix.shape[0]
    method: Method = data.draw(st.sampled_from(("simplex", "hipo")))
    before = Session(chosen, method)
    before.solve(cost)
    before.add_row(cost, -1.0, INF)
    before.solve(-cost)
    more = data.draw(_vector(rows, 0, 2))
    other = replace(
        chosen,
        matrix=csc_array(chosen.matrix.toarray() * (1 + data.draw(_vector(rows * count, 0, 1)).reshape(rows, count))),
        row_low=chosen.row_low - more,
        row_high=chosen.row_high + more,
    )
    cost = cost + data.draw(_vector(count, -1, 1))
    for one in (chosen, other):
        warm, cold = Session(one, method, before=before), Session(one, method)
        for session in (warm, cold):
            session.cost = cost
        answers = [session.solve(cost) for session in (warm, cold)]
        assert answers[0].status == answers[1].status
        assert answers[0].objective == pytest.approx(answers[1].objective, rel=1e-7, abs=1e-7)
        for session in (warm, cold):
            session.add_row(cost, -1.0, INF)
        answers = [session.solve(-cost) for session in (warm, cold)]
        assert answers[0].status == answers[1].status
        assert answers[0].objective == pytest.approx(answers[1].objective, rel=1e-7, abs=1e-7)


def test_nothing_is_left_to_do_where_nothing_moved() -> None:
    before = Session(SHOP)
    first = before.solve(numbers(-3, -2))
    again = Session(SHOP, before=before).solve(numbers(-3, -2))
    assert first.iterations >= 0
    assert again.iterations == 0
    assert again.x.tolist() == first.x.tolist()


def test_a_session_of_another_size_is_no_help_and_no_harm() -> None:
    before = Session(program([[1, 1, 1]], [0] * 3, [INF] * 3, [-INF], [4]))
    before.solve(numbers(-1, -1, -1))
    assert Session(SHOP, before=before).solve(numbers(-3, -2)).objective == pytest.approx(-11)
    taller = Session(program([[1, 1], [1, 3], [1, 0]], [0, 0], [3, INF], [-INF] * 3, [4, 6, 1]))
    taller.solve(numbers(-3, -2))
    assert Session(SHOP, before=taller).solve(numbers(-3, -2)).objective == pytest.approx(-11)


def test_a_plan_that_cannot_be_is_told_from_a_session_before_too() -> None:
    before = Session(SHOP)
    before.solve(numbers(-3, -2))
    none = replace(SHOP, low=numbers(0, 5))
    assert Session(none, before=before).solve(numbers(-3, -2)).status == "infeasible"
