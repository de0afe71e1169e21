"""Prices of rows and bounds: what the least cost changes by, measured by solving again with SciPy on either side.

The least cost is a convex function of any right-hand side. So for any step, however large,

    (z(b) - z(b - step)) / step <= price <= (z(b + step) - z(b)) / step

and no number but a price of the optimum lies between them for every step. Where both sides differ (a degenerate
optimum) any number between them is a price (Dantzig & Thapa 1997, chapter 7).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from bagdar.balances.frame import Expanded, Floats, LinearProgram, expand
from bagdar.balances.framing import frame_of
from bagdar.balances.highs import Answer, Session
from bagdar.balances.ranks import Way, exchange_rates, solve_ranked, whole
from tests.balances.given import balance, plan_of, resource, use
from tests.balances.strategies import World, worlds

QUICK = (Phase.explicit, Phase.generate)


@dataclass(frozen=True)
class Solved:
    """A linear program, its cost, and the answer that was found."""

    program: LinearProgram
    cost: Floats
    answer: Answer


class Recorder(Session):
    """A session that keeps what it was asked at each stage."""

    def __init__(self, program: LinearProgram) -> None:
        super().__init__(program, "simplex")
        self.stages: list[Solved] = []

    def solve(self, cost: Floats) -> Answer:
        answer = super().solve(cost)
        self.stages.append(Solved(self.program, cost, answer))
        return answer


def stages(world: World, way: Way) -> tuple[Expanded, list[Solved]]:
    """What each stage of a world's allocation is asked and answers; nothing if it cannot be allocated."""
    plan = world.plan()
    framed, _ = frame_of(plan, plan.values, world.growth)
    assert framed is not None
    expanded = expand(framed.frame)
    recorder = Recorder(expanded.program)
    ranked = solve_ranked(expanded, recorder, way, 1e-4)
    return expanded, recorder.stages if ranked.solved else []


def least(program: LinearProgram, cost: Floats) -> float:
    """The least cost; infinite if nothing is possible."""
    matrix = program.matrix.toarray()
    up, down = np.isfinite(program.row_high), np.isfinite(program.row_low)
    conditions: dict[str, Any] = {
        "A_ub": np.vstack([matrix[up], -matrix[down]]),
        "b_ub": np.concatenate([program.row_high[up], -program.row_low[down]]),
        "bounds": np.column_stack([program.low, program.high]),
        "method": "highs-ds",
        "options": {"presolve": False, "primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    }
    answer: Any = linprog(cost, **conditions)
    if answer.status == 2:
        return float(np.inf)
    assert answer.status == 0, answer.message
    return float(answer.fun)


def brackets(price: float, solved: Solved, moved: Any, step: float) -> None:
    """The price lies between what a step down saves and what a step up costs."""
    at = least(solved.program, solved.cost)
    below, above = (least(moved(sign * step), solved.cost) for sign in (-1, 1))
    near = 1e-7 * (1 + abs(price)) + 1e-8 / step
    assert (at - below) / step - near <= price <= (above - at) / step + near


@settings(max_examples=40, phases=QUICK)
@given(worlds(), st.sampled_from(["exact", "epsilon"]), st.sampled_from([1 / 64, 1 / 4, 3.0]), st.data())
def test_the_price_of_a_row_lies_between_what_a_step_either_way_is_worth(
    world: World, way: Way, step: float, data: st.DataObject
) -> None:
    _, solved = stages(world, way)
    assume(solved)
    chosen = data.draw(st.sampled_from(solved))
    program, answer = chosen.program, chosen.answer
    priced = np.flatnonzero(answer.row_price)
    row = data.draw(st.sampled_from(priced.tolist() or list(range(len(program.row_low)))))

    def moved(by: float) -> LinearProgram:
        low, high = program.row_low.copy(), program.row_high.copy()
        # A row between two bounds is priced at that where it stands; one that is an equation, at both.
        if low[row] == high[row]:
            low[row], high[row] = low[row] + by, high[row] + by
        elif answer.row_price[row] >= 0:
            low[row] += by
        else:
            high[row] += by
        return replace(program, row_low=low, row_high=high)

    brackets(float(answer.row_price[row]), chosen, moved, step)


@settings(max_examples=40, phases=QUICK)
@given(worlds(), st.sampled_from(["exact", "epsilon"]), st.sampled_from([1 / 64, 1 / 4, 3.0]), st.data())
def test_the_price_of_a_bound_lies_between_what_a_step_either_way_is_worth(
    world: World, way: Way, step: float, data: st.DataObject
) -> None:
    _, solved = stages(world, way)
    assume(solved)
    chosen = data.draw(st.sampled_from(solved))
    program, answer = chosen.program, chosen.answer
    priced = np.flatnonzero(np.abs(answer.reduced_cost) > 1e-12)
    column = data.draw(st.sampled_from(priced.tolist() or list(range(len(program.low)))))
    price = float(answer.reduced_cost[column])
    fixed = program.low[column] == program.high[column]

    def moved(by: float) -> LinearProgram:
        low, high = program.low.copy(), program.high.copy()
        if fixed or price >= 0:
            low[column] += by
        if fixed or price < 0:
            high[column] += by
        low[column] = min(low[column], high[column]) if price < 0 else low[column]
        high[column] = max(low[column], high[column])
        return replace(program, low=low, high=high)

    brackets(price, chosen, moved, step)


@settings(max_examples=40, phases=QUICK)
@given(worlds(), st.sampled_from(["exact", "epsilon"]))
def test_prices_and_bounds_are_worth_the_least_cost(world: World, way: Way) -> None:
    """Strong duality, stage by stage, from the program's own arrays."""
    _, solved = stages(world, way)
    for one in solved:
        program, answer = one.program, one.answer
        worth = 0.0
        for prices, low, high in (
            (answer.row_price, program.row_low, program.row_high),
            (answer.reduced_cost, program.low, program.high),
        ):
            binding = np.where(prices > 0, low, high)
            at = np.abs(prices) > 1e-9
            assert np.isfinite(binding[at]).all()
            worth += float(prices[at] @ binding[at])
        assert worth == pytest.approx(answer.objective, abs=1e-7 * (1 + abs(answer.objective)))


def test_the_price_of_coal_is_what_a_ton_of_it_is_worth_to_who_is_served_last() -> None:
    # 10 t, of which heat takes 7; exports want 5 and get 3: at the margin a ton is a fifth of what exports demand.
    plan = plan_of(
        {
            "coal": balance(
                resource("mined", quantity="mined"),
                use("heat", quantity="heat", rank=1),
                use("exports", quantity="exports", rank=2),
            )
        },
        {"mined": [None, 10], "heat": [None, 7], "exports": [None, 5]},
    )
    framed, _ = frame_of(plan, plan.values)
    assert framed is not None
    expanded = expand(framed.frame)
    ranked = solve_ranked(expanded, way="epsilon")
    row = framed.rows["coal"]
    prices = {stage.rank: float(stage.answer.row_price[row]) for stage in ranked.stages}
    assert prices[1] == pytest.approx(0, abs=1e-9)  # all of heat is served, and 3 t are left to nobody
    assert prices[2] == pytest.approx(1 / 5, abs=1e-9)
    # A ton that heat gives up is a ton for exports: worth for worth, one for one.
    ((first, second, rate),) = exchange_rates(expanded, ranked)
    assert (first, second) == (1, 2)
    assert rate == pytest.approx(1)
    assert whole(expanded, 1) == 7
