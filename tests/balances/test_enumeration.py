"""Allocations found another way: at every vertex of tiny frames, and by SciPy from the plan alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bagdar.balances import Options, allocate
from bagdar.balances.frame import Block, Frame, expand
from bagdar.balances.highs import METHODS, Method
from bagdar.balances.ranks import Way, solve_ranked, whole
from tests.balances.given import met
from tests.balances.naive import satisfaction
from tests.balances.strategies import World, worlds

# To shrink a whole plan takes minutes: that is for who looks for a fault, not for who learns that there is one.
QUICK = (Phase.explicit, Phase.generate)

# -- every vertex ----------------------------------------------------------------------------------

Point = tuple[Fraction, ...]
Condition = tuple[tuple[int, ...], int]  # coefficients, the least that their sum may be


@dataclass(frozen=True)
class Tiny:
    """Two or three levels between 0 and `high`, and conditions on them; in whole numbers."""

    high: tuple[int, ...]
    rows: tuple[Condition, ...]
    rank: tuple[int, ...]
    worth: tuple[int, ...]

    @property
    def conditions(self) -> list[Condition]:
        count = len(self.high)
        unit = [tuple(int(i == j) for j in range(count)) for i in range(count)]
        above = [(unit[i], 0) for i in range(count)]
        below = [(tuple(-part for part in unit[i]), -self.high[i]) for i in range(count)]
        return [*self.rows, *above, *below]

    def frame(self) -> Frame:
        count, rows = len(self.high), len(self.rows)
        high = np.tile(np.array(self.high, float), (2, 1))
        matrix = np.array([row for row, _ in self.rows], float).reshape(rows, count)
        at = np.nonzero(matrix)
        rank = np.array(self.rank)
        return Frame(
            low=np.zeros((2, count)),
            high=high,
            row_low=np.array([low for _, low in self.rows], float),
            row_high=np.full(rows, np.inf),
            after_low=np.zeros(rows),
            after_high=np.full(rows, np.inf),
            rank=rank,
            demand=np.where(rank > 0, high, 0),
            worth=np.where(rank > 0, np.array(self.worth, float), 0) * np.ones((2, 1)),
            effort=np.zeros((2, count)),
            beyond=np.zeros(count),
            past=np.full((1, count), np.nan),
            blocks=(Block(at[0], at[1], matrix[at]),),
        )

    def satisfied(self, point: Sequence[Fraction]) -> tuple[Fraction, ...]:
        """The share of its demand that each rank gets, the most important first."""
        shares = []
        for rank in sorted({r for r in self.rank if r}):
            mine = [i for i, r in enumerate(self.rank) if r == rank]
            whole = sum(self.worth[i] * self.high[i] for i in mine)
            if whole:
                shares.append(sum((self.worth[i] * point[i] for i in mine), Fraction(0)) / whole)
        return tuple(shares)


def _vertices(tiny: Tiny) -> Iterator[Point]:
    """Where as many conditions as there are levels hold as equations, and all others hold."""
    for chosen in combinations(tiny.conditions, len(tiny.high)):
        point = _meeting(chosen)
        if point is not None and all(
            sum(a * x for a, x in zip(row, point, strict=True)) >= low for row, low in tiny.conditions
        ):
            yield point


def _meeting(chosen: Sequence[Condition]) -> Point | None:
    """The point where these equations meet, by elimination; None if they do not meet in one."""
    count = len(chosen)
    table = [[*map(Fraction, row), Fraction(low)] for row, low in chosen]
    for k in range(count):
        pivot = next((i for i in range(k, count) if table[i][k]), None)
        if pivot is None:
            return None
        table[k], table[pivot] = table[pivot], table[k]
        table[k] = [part / table[k][k] for part in table[k]]
        for i in range(count):
            if i != k:
                table[i] = [a - table[i][k] * b for a, b in zip(table[i], table[k], strict=True)]
    return tuple(row[-1] for row in table)


@st.composite
def tinies(draw: st.DrawFn) -> Tiny:
    """Nothing at all is always possible, so that something is."""
    count = draw(st.integers(2, 3))
    parts = st.tuples(*[st.integers(-2, 2)] * count)
    return Tiny(
        draw(st.tuples(*[st.integers(0, 4)] * count)),
        tuple(draw(st.lists(st.tuples(parts, st.integers(-6, 0)), min_size=1, max_size=3))),
        draw(st.tuples(*[st.integers(0, 3)] * count)),
        draw(st.tuples(*[st.integers(1, 3)] * count)),
    )


@settings(max_examples=150)
@given(tinies(), st.sampled_from(["exact", "epsilon"]))
def test_no_vertex_of_a_tiny_frame_is_better(tiny: Tiny, way: Way) -> None:
    best = max(map(tiny.satisfied, _vertices(tiny)))
    ranked = solve_ranked(expand(tiny.frame()), way=way, epsilon=1e-9)
    assert ranked.solved
    assert [stage.met for stage in ranked.stages if stage.rank] == pytest.approx([float(b) for b in best], abs=1e-7)
    # And what comes out in the end has it all: no stage has given up what another was promised.
    x = ranked.answer.x
    held = tiny.satisfied([Fraction(float(part)) for part in x])
    assert [float(part) for part in held] == pytest.approx([float(b) for b in best], abs=1e-7)
    for row, low in tiny.conditions:
        assert float(np.dot(row, x)) >= low - 1e-9 * (1 + abs(low))


# -- SciPy from the plan alone ---------------------------------------------------------------------


@settings(max_examples=80, phases=QUICK)
@given(worlds(), st.sampled_from(["exact", "epsilon"]))
def test_a_plan_s_ranks_get_what_the_model_written_a_second_time_gives_them(world: World, way: Way) -> None:
    plan = world.plan()
    again = satisfaction(plan, world.growth)
    made, findings = allocate(plan, plan.values, Options(way=way, epsilon=1e-9, growth=world.growth))
    if again is None:
        assert [f.rule for f in findings] == ["balances_clash"]
        return
    assert [f.line() for f in findings] == []
    assert made is not None
    # A billionth that one rank gives up can be worth thousands of them to a later one that demands little.
    near = 1e-7 if way == "exact" else 1e-5
    assert met(made) == pytest.approx({rank: share for rank, share in again.items() if rank > 0}, abs=near)
    frame = made.framed.frame
    cost = made.expanded.labour if made.expanded.labour.any() else frame.effort[: frame.count].ravel()
    beyond = np.tile(frame.beyond, frame.count)
    assert float(beyond @ made.answer.x) == pytest.approx(again.get(-1, 0.0), abs=near)
    # A billionth more beyond the plan can save labour, as with ranks.
    assert float(cost @ made.answer.x) == pytest.approx(again[0], abs=10 * near * (1 + abs(again[0])))


@settings(max_examples=8, phases=QUICK)
@given(worlds())
@pytest.mark.parametrize("method", METHODS)
def test_every_method_gives_every_rank_the_same(method: Method, world: World) -> None:
    plan = world.plan()
    options = Options(epsilon=1e-7, growth=world.growth, method=method)
    made, findings = allocate(plan, plan.values, options)
    again = satisfaction(plan, world.growth)
    if again is None:
        assert made is None
        return
    if made is None and method != "simplex":  # a method without a vertex may not come to an end, and says so
        assert [found.rule for found in findings] == ["allocation_failed"]
        return
    assert made is not None, findings
    best = {rank: share for rank, share in again.items() if rank > 0}
    if method != "hipdlp":
        assert met(made) == pytest.approx(best, abs=1e-3)
        return
    # All at once, each rank ten times the next, they get no less in all than one after the other.
    weights = {rank: whole(made.expanded, rank) / 10**place for place, rank in enumerate(best)}
    got, due = (sum(weights[rank] * share for rank, share in shares.items()) for shares in (met(made), best))
    assert got >= due - 1e-3 * sum(weights.values())
