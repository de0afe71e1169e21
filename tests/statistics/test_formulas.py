"""Price and volume: Laspeyres, Paasche, Fisher, deflation and chained volumes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import thorough

from bagdar.statistics.formulas import (
    chained,
    deflated,
    discrepancy,
    double_deflated,
    fisher,
    implicit_deflator,
    laspeyres,
    paasche,
    value_ratio,
)

# Two goods in two periods, by hand: Σp₀q₀ = 110, Σp₁q₀ = 117, Σp₀q₁ = 120, Σp₁q₁ = 124.
P0, P1, Q0, Q1 = (10, 20), (12, 19), (5, 3), (4, 4)

market = st.lists(st.tuples(*[st.floats(0.1, 1000)] * 4), min_size=1, max_size=6)
Market = list[tuple[float, float, float, float]]


def unpacked(goods: Market) -> list[list[float]]:
    return [list(column) for column in zip(*goods, strict=True)]


def test_prices_and_volumes_of_two_goods_are_those_of_the_hand_calculation() -> None:
    assert laspeyres(P0, P1, Q0) == pytest.approx(117 / 110) == pytest.approx(1.063636, abs=5e-7)
    assert paasche(P0, P1, Q1) == pytest.approx(124 / 120) == pytest.approx(1.033333, abs=5e-7)
    assert fisher(P0, P1, Q0, Q1) == pytest.approx(1.048375, abs=5e-7)
    assert laspeyres(Q0, Q1, P0) == pytest.approx(120 / 110) == pytest.approx(1.090909, abs=5e-7)
    assert paasche(Q0, Q1, P1) == pytest.approx(124 / 117) == pytest.approx(1.059829, abs=5e-7)
    assert value_ratio(P0, P1, Q0, Q1) == pytest.approx(124 / 110) == pytest.approx(1.127273, abs=5e-7)


def test_a_missing_price_gives_no_index_and_a_missing_good_is_a_bug() -> None:
    assert laspeyres(P0, (12, None), Q0) is fisher(P0, P1, (5, None), Q1) is None
    assert laspeyres((0, 0), P1, Q0) is None
    with pytest.raises(ValueError, match=r"shorter|longer"):
        laspeyres(P0, P1, (5,))


@given(goods=market)
@thorough
def test_value_is_laspeyres_volume_times_paasche_price_and_the_reverse(goods: Market) -> None:
    p0, p1, q0, q1 = unpacked(goods)
    value = value_ratio(p0, p1, q0, q1)
    assert (laspeyres(q0, q1, p0) or 0) * (paasche(p0, p1, q1) or 0) == pytest.approx(value, rel=1e-12)
    assert (paasche(q0, q1, p1) or 0) * (laspeyres(p0, p1, q0) or 0) == pytest.approx(value, rel=1e-12)


@given(goods=market)
@thorough
def test_fisher_reverses_in_time_and_in_its_factors(goods: Market) -> None:
    p0, p1, q0, q1 = unpacked(goods)
    forth, back = fisher(p0, p1, q0, q1), fisher(p1, p0, q1, q0)
    assert (forth or 0) * (back or 0) == pytest.approx(1, rel=1e-12)
    volume = fisher(q0, q1, p0, p1)
    assert (forth or 0) * (volume or 0) == pytest.approx(value_ratio(p0, p1, q0, q1), rel=1e-12)


@given(goods=market, factor=st.sampled_from([2.0, 1000.0, 0.01]))
@thorough
def test_doubling_all_prices_changes_no_volume(goods: Market, factor: float) -> None:
    p0, p1, q0, q1 = unpacked(goods)
    dearer = [factor * price for price in p1]
    assert paasche(q0, q1, dearer) == pytest.approx(paasche(q0, q1, p1), rel=1e-12)
    assert fisher(q0, q1, p0, dearer) == pytest.approx(fisher(q0, q1, p0, p1), rel=1e-12)
    assert fisher(p0, dearer, q0, q1) == pytest.approx(factor * (fisher(p0, p1, q0, q1) or 0), rel=1e-12)


@given(goods=market)
@thorough
def test_all_three_lie_between_the_smallest_and_the_largest_relative(goods: Market) -> None:
    p0, p1, q0, q1 = unpacked(goods)
    relatives = [now / before for now, before in zip(p1, p0, strict=True)]
    for index in (laspeyres(p0, p1, q0), paasche(p0, p1, q1), fisher(p0, p1, q0, q1)):
        assert index is not None
        assert min(relatives) * (1 - 1e-12) <= index <= max(relatives) * (1 + 1e-12)


def test_deflation_needs_a_price_and_keeps_a_negative_value_negative() -> None:
    assert implicit_deflator(120, 100) == pytest.approx(1.2)
    assert deflated(-120, 1.2) == pytest.approx(-100)
    assert deflated(120, None) is deflated(None, 1.2) is deflated(120, 0) is None
    assert implicit_deflator(120, 0) is implicit_deflator(0, 100) is implicit_deflator(None, 100) is None


def test_value_added_is_deflated_twice_where_inputs_grew_cheaper_than_output() -> None:
    # Output 120 at 1.2, inputs 66 at 1.1: 100 less 60 makes 40, where the output's price alone would make 45.
    assert double_deflated(120, 1.2, [(66, 1.1)]) == pytest.approx(40)
    assert deflated(120 - 66, 1.2) == pytest.approx(45)
    assert implicit_deflator(120 - 66, 40) == pytest.approx(1.35)
    assert double_deflated(120, 1.2, [(66, None)]) is double_deflated(None, 1.2, []) is None
    assert double_deflated(100, 2.0, [(80, 1.0)]) == pytest.approx(-30)  # a number, and no index


# Two products over three years: quantities, prices; volumes chained by annual overlap.
QUANTITIES = [(10.0, 20.0), (11.0, 21.0), (15.0, 21.0), (16.0, 20.0)]
PRICES = [(5.0, 2.0), (6.0, 2.0), (3.0, 4.0), (2.0, 5.0)]


def flows(product: int) -> tuple[list[float], list[float | None]]:
    """A product's value at current prices and at those of the year before."""
    current = [p[product] * q[product] for p, q in zip(PRICES, QUANTITIES, strict=True)]
    previous = [PRICES[t - 1][product] * QUANTITIES[t][product] if t else None for t in range(len(PRICES))]
    return current, previous


@pytest.mark.parametrize("reference", [0, 1, 2])
def test_chained_volumes_add_up_in_the_reference_year_and_the_next_and_nowhere_else(reference: int) -> None:
    (value_a, previous_a), (value_b, previous_b) = flows(0), flows(1)
    value = [a + b for a, b in zip(value_a, value_b, strict=True)]
    previous = [None if a is None or b is None else a + b for a, b in zip(previous_a, previous_b, strict=True)]
    total = chained(value, previous, reference)
    parts = [chained(value_a, previous_a, reference), chained(value_b, previous_b, reference)]
    assert total[reference] == value[reference]
    for year, line in enumerate(discrepancy(total, parts)):
        adds_up = year in (reference, reference + 1)
        assert (line == pytest.approx(0, abs=1e-9)) == adds_up


def test_the_chain_of_a_total_is_the_product_of_its_laspeyres_links() -> None:
    (value_a, previous_a), (value_b, previous_b) = flows(0), flows(1)
    value = [a + b for a, b in zip(value_a, value_b, strict=True)]
    previous = [None, *(a + b for a, b in zip(previous_a[1:], previous_b[1:], strict=True))]  # type: ignore[operator]
    told = chained(value, previous)
    expected = [value[0]]
    for t in range(1, 4):
        expected.append(expected[-1] * (laspeyres(QUANTITIES[t - 1], QUANTITIES[t], PRICES[t - 1]) or 0))
    assert told == pytest.approx(expected, rel=1e-12)


def test_a_gap_in_the_years_prices_leaves_no_volume_beyond_it() -> None:
    assert chained([100, 110, 120], [None, None, 115]) == (100, None, None)
    assert discrepancy([100, 110, None], [[60, None, 1], [40, 50, 1]]) == (0, None, None)
