"""The plain balance against a dense solution, where it is slow, and where there is none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from bagdar.balances.plain import plain_balance


@settings(max_examples=50)
@given(st.integers(1, 12), st.integers(0, 2**31), st.floats(0.05, 0.97))
def test_it_is_what_the_inverse_gives(products: int, seed: int, taken: float) -> None:
    random = np.random.default_rng(seed)
    technical = random.uniform(0, 1, (products, products))
    technical *= taken / technical.sum(0)
    final = random.uniform(0, 10, products)
    told = plain_balance(csr_array(technical), final)
    assert told is not None
    again = np.linalg.solve(np.eye(products) - technical, final)
    assert told[0] == pytest.approx(again, rel=1e-5, abs=1e-7)
    assert told[1] < 1e-6


def test_the_textbook_s_two_sectors() -> None:
    # Miller & Blair 2009, chapter 2.3: final demand of 600 and 1,500 for agriculture and manufacturing.
    told = plain_balance(csr_array(np.array([[0.15, 0.25], [0.20, 0.05]])), np.array([600.0, 1500.0]))
    assert told is not None
    assert told[0] == pytest.approx([1247.5, 1841.6], abs=0.05)


def test_products_that_take_more_than_they_give_have_no_balance() -> None:
    assert plain_balance(csr_array(np.array([[0.5, 0.6], [0.6, 0.5]])), np.array([1.0, 1.0])) is None
    assert plain_balance(csr_array(np.array([[1.0]])), np.array([1.0])) is None


def test_nothing_wanted_is_nothing_made() -> None:
    told = plain_balance(csr_array(np.array([[0.5]])), np.array([0.0]))
    assert told is not None
    assert told[0].tolist() == [0.0]
