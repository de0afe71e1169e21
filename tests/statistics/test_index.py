"""Index numbers: chained, referenced anew, spliced, weighted; against published figures and properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import linprog
from tests.strategies import thorough

from bagdar.statistics.index import (
    contributions,
    implied_weight_range,
    levels,
    links,
    mean_link,
    rereferenced,
    spliced,
    weighted,
)

positive = st.floats(0.01, 1e4)
series = st.lists(positive, min_size=2, max_size=12)
indices = st.dictionaries(st.sampled_from("abcdef"), st.integers(50, 150).map(float), min_size=1)


def test_the_mean_of_110_90_105_is_101_3_and_not_101_67() -> None:
    assert mean_link([110, 90, 105]) == pytest.approx(101.30, abs=0.005)
    assert mean_link([110, None, 105]) is mean_link([110, 0, 105]) is mean_link([]) is None


def test_a_link_of_90_is_a_fall_by_a_tenth_in_the_chain() -> None:
    assert levels([None, 110, 90, 105]) == pytest.approx((100, 110, 99, 103.95))
    assert levels([None, 110, 90, 105], base=2) == pytest.approx((100 / 0.99, 100 / 0.9, 100, 105))
    assert levels([None, 110, 90, 105], base=-1) == pytest.approx([100 * x / 103.95 for x in (100, 110, 99, 103.95)])


def test_the_population_index_of_spain_is_referenced_anew_by_one_division() -> None:
    # Spain on 2020 = 100 and on 2010 = 100, as the README of the R package IndexNumberTools prints it.
    assert rereferenced([101.05075, 100, 113.27545], base=0)[2] == pytest.approx(112.09758, abs=5e-6)


def test_a_broken_chain_has_no_levels_beyond_the_break() -> None:
    chain = levels([None, 110, None, 105, 120], base=1)
    assert chain[:2] == pytest.approx((100 / 1.1, 100))
    assert chain[2:] == (None, None, None)
    assert levels([None, 110, 0, 105, 120], base=4)[:2] == (None, None)
    assert links([100, 0, 5, None, 4, -3]) == (None, 0, None, None, None, None)
    assert rereferenced([1, None, 3], base=1) == (None, None, None)


@given(levels_=series, base=st.integers(0, 11))
@thorough
def test_referencing_anew_changes_no_growth(levels_: list[float], base: int) -> None:
    assume(base < len(levels_))
    anew = rereferenced(levels_, base)
    assert anew[base] == 100
    assert links(anew)[1:] == pytest.approx(links(levels_)[1:], rel=1e-12)


@given(levels_=series, base=st.integers(0, 11))
@thorough
def test_links_chain_back_to_the_levels_they_came_from(levels_: list[float], base: int) -> None:
    assume(base < len(levels_))
    assert levels(links(levels_), base) == pytest.approx(rereferenced(levels_, base), rel=1e-10)


@given(levels_=series)
@thorough
def test_the_mean_link_leads_from_the_first_level_to_the_last(levels_: list[float]) -> None:
    mean = mean_link(links(levels_)[1:])
    assert mean is not None
    assert (mean / 100) ** (len(levels_) - 1) == pytest.approx(levels_[-1] / levels_[0], rel=1e-9)


def test_a_splice_keeps_the_old_growth_and_the_new_level() -> None:
    joined = spliced([50, 60, 66, 72.6], [None, None, 110, 120], overlap=2)
    assert joined is not None
    assert joined.factor == pytest.approx(110 / 66)
    assert joined.last == 1
    assert joined.values == pytest.approx((50 * 110 / 66, 100, 110, 120))
    assert spliced([50, None], [None, 110], overlap=1) is spliced([50, 0], [None, 110], overlap=1) is None
    assert spliced([None, 66, 70], [None, 110, 9], overlap=1).values == (None, 110, 9)  # type: ignore[union-attr]


def test_contributions_of_parts_one_of_them_negative_add_up_to_the_growth_of_their_sum() -> None:
    before = {"consumption": 60.0, "investment": 30.0, "net_exports": -10.0}
    now = {"consumption": 63.0, "investment": 36.0, "net_exports": -15.0}
    told = contributions(now, before)
    assert told is not None
    assert told == {"consumption": 3.75, "investment": 7.5, "net_exports": -6.25}
    assert sum(told.values()) == pytest.approx(100 * (84 / 80 - 1))
    assert contributions({"a": 1}, {"a": None}) is contributions({"a": None}, {"a": 1}) is None
    assert contributions({"a": 1}, {"a": 1, "b": 1}) is contributions({"a": 1}, {"a": -1}) is None


def test_a_country_is_weighted_by_last_years_values_and_not_counted_by_heads() -> None:
    assert weighted({"large": 100, "small": 120}, {"large": 90, "small": 10}) == pytest.approx(102)
    assert weighted({"large": 100, "small": None}, {"large": 90, "small": 10}) is None
    assert weighted({"large": 100, "small": 120}, {"large": 90, "small": -1}) is None
    assert weighted({"a": 100}, {"a": 0}) is None


def test_weights_are_implied_only_where_the_parts_bracket_their_total() -> None:
    assert implied_weight_range(101, {"a": 102, "b": 105}) == {}
    assert implied_weight_range(101, {}) == {}
    assert implied_weight_range(102, {"a": 102, "b": 105}) == {"a": (1, 1), "b": (0, 0)}
    assert implied_weight_range(103, {"a": 102, "b": 106}) == {"a": (0.75, 0.75), "b": (0.25, 0.25)}


@given(parts=indices, total=st.integers(50, 150).map(float))
@thorough
def test_implied_weights_are_those_of_a_linear_programme(parts: dict[str, float], total: float) -> None:
    told = implied_weight_range(total, parts)
    rows = np.array([list(parts.values()), [1.0] * len(parts)])
    for at, part in enumerate(parts):
        cost = np.eye(len(parts))[at]
        for sign in (1, -1):
            solved = linprog(sign * cost, A_eq=rows, b_eq=[total, 1.0], bounds=(0, 1))
            if not told:
                assert solved.status == 2  # infeasible
            else:
                assert told[part][0 if sign == 1 else 1] == pytest.approx(sign * float(solved.fun or 0), abs=1e-7)


@given(parts=indices, shares=st.lists(st.floats(0.01, 1), min_size=6, max_size=6))
@thorough
def test_the_weights_that_made_a_total_lie_in_the_range_that_it_implies(
    parts: dict[str, float], shares: list[float]
) -> None:
    weights = dict(zip(parts, shares, strict=False))
    total = weighted(parts, weights)
    assert total is not None
    assume(min(parts.values()) <= total <= max(parts.values()))  # else rounding put it a hair outside
    for part, (low, high) in implied_weight_range(total, parts).items():
        assert low - 1e-9 <= weights[part] / sum(weights.values()) <= high + 1e-9
