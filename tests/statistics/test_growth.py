"""Growth, its mean and its compounding, on figures that a pencil can check and that the source text prints."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import thorough

from bagdar.statistics.growth import (
    Percent,
    Points,
    compounded,
    growth,
    growth_of_ratio,
    mean_growth,
    no_index,
    periods_to,
    points,
    ratio,
)

levels = st.floats(0.01, 1e6)


def test_a_share_that_rises_from_20_to_25_rises_by_5_points_and_by_25_per_cent() -> None:
    assert points(25, 20) == Points(5)
    assert growth(25, 20) == pytest.approx(25, rel=1e-14)


def test_where_there_is_no_index_the_reason_is_named() -> None:
    assert no_index(3, None) == no_index(None, 3) == "missing"
    assert no_index(3, 0) == no_index(-3, -2) == no_index(3, -2) == "base_not_positive"
    assert no_index(-1, 2) == "sign_changes"
    assert no_index(0, 2) is None
    for now, before in ((3, None), (None, 3), (3, 0), (3, -2), (-1, 2)):
        assert ratio(now, before) is growth(now, before) is mean_growth(before, now, 3) is None
    assert growth(0, 2) == mean_growth(2, 0, 3) == Percent(-100)  # what stopped has fallen by all of it
    assert points(-1, 2) == Points(-3)  # a balance as a share may change its sign


def test_to_double_in_ten_years_takes_7_18_per_cent_a_year() -> None:
    rate = mean_growth(1, 2, 10)
    assert rate == pytest.approx(7.18, abs=0.005)
    assert compounded(1, rate or 0, 10) == pytest.approx(2, rel=1e-14)
    assert periods_to(2, rate) == pytest.approx(10, rel=1e-12)


def test_a_level_that_does_not_grow_never_doubles() -> None:
    assert periods_to(2, 0) is periods_to(2, -1) is periods_to(0.5, 3) is periods_to(2, None) is None
    assert periods_to(0.5, -50) == pytest.approx(1)
    assert periods_to(1, 0) == 0


def test_nothing_falls_by_more_than_all_of_it() -> None:
    with pytest.raises(ValueError, match="100 per cent"):
        compounded(1, -101)


@pytest.mark.parametrize(
    ("first", "last", "periods", "rate"),
    [
        (3000, 5800, 5, 14.1),  # GDP a head, dollars, 2005–2010
        (2700, 5800, 6, 13.6),  # the same from 2004
        (59.4, 90, 6, 7.2),  # oil, Mt, 2004–2010: the lower bound of 90–95
        (59.4, 95, 6, 8.1),
        (92.5, 150, 5, 10.2),  # and on to 2015, from the middle of 2010's range
    ],
)
def test_the_targets_of_the_source_text_need_the_growth_that_its_inventory_works_out(
    first: float, last: float, periods: int, rate: float
) -> None:
    assert mean_growth(first, last, periods) == pytest.approx(rate, abs=0.05)  # S78


def test_growth_a_head_divides_indices_and_does_not_subtract_rates() -> None:
    assert growth_of_ratio(10, 2) == pytest.approx(100 * (1.10 / 1.02 - 1), rel=1e-12)
    assert growth_of_ratio(10, 2) != pytest.approx(8, abs=0.1)
    assert growth_of_ratio(10, -100) is growth_of_ratio(None, 2) is None


@given(value=levels, rate=st.floats(-90, 300), periods=st.integers(1, 30))
@thorough
def test_the_mean_of_steady_growth_is_that_growth(value: float, rate: float, periods: int) -> None:
    assert mean_growth(value, compounded(value, rate, periods), periods) == pytest.approx(rate, rel=1e-9, abs=1e-9)
