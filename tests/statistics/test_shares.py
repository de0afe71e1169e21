"""Shares of a whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bagdar.statistics.shares import percent_of, put_together, shares

SIZES = st.lists(st.floats(0.01, 1e6), min_size=1, max_size=12)


@given(SIZES)
def test_shares_add_up_to_a_hundred(sizes: list[float]) -> None:
    assert sum(shares(dict(enumerate(sizes))).values()) == pytest.approx(100)


@given(SIZES, st.floats(0.01, 100))
def test_shares_know_no_unit(sizes: list[float], scale: float) -> None:
    scaled = shares({i: scale * size for i, size in enumerate(sizes)})
    assert scaled == pytest.approx(shares(dict(enumerate(sizes))))


def test_a_whole_that_lacks_a_part_or_is_not_positive_has_no_shares() -> None:
    assert shares({"a": 1.0, "b": None}) == {}
    assert shares({"a": 1.0, "b": -1.0}) == {}
    assert shares({}) == {}


def test_a_deduction_has_a_negative_share() -> None:
    assert shares({"a": 125.0, "b": -25.0}) == {"a": 125.0, "b": -25.0}


def test_of_nothing_a_part_is_no_per_cent() -> None:
    assert percent_of(1, 4) == pytest.approx(25)
    assert percent_of(0, 0) is None


def test_what_is_put_together_lacks_nothing() -> None:
    assert put_together([1.0, 0.0, 2.0]) == 3
    assert put_together([1.0, None, 2.0]) is None
    assert put_together([]) is None
