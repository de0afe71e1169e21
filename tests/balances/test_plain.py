"""The plain balance against numpy.linalg.solve, and where there is none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import coo_array, csc_array, csr_array

from bagdar.balances.plain import plain_balance
from tests.strategies import thorough

# Three sectors of Leontief (1936) in miniature.
A = np.array([[0.1, 0.2, 0.0], [0.3, 0.0, 0.4], [0.0, 0.1, 0.2]])
D = np.array([10.0, 20.0, 5.0])


@pytest.mark.parametrize("form", [np.asarray, csr_array, csc_array, coo_array])
def test_output_covers_its_inputs_and_final_use(form: Any) -> None:
    output, residual = plain_balance(form(A), D)
    assert output is not None
    assert residual <= 1e-9
    np.testing.assert_allclose(output, np.linalg.solve(np.eye(3) - A, D), rtol=1e-9)


def test_by_hand() -> None:
    output, _ = plain_balance([[0.0, 0.5], [0.25, 0.0]], np.array([7.0, 7.0]))
    assert output == pytest.approx([12.0, 10.0])


def test_the_textbook_s_two_sectors() -> None:
    """Miller & Blair 2009, chapter 2.3: final demand of 600 and 1,500 for agriculture and manufacturing."""
    output, _ = plain_balance([[0.15, 0.25], [0.20, 0.05]], np.array([600.0, 1500.0]))
    assert output == pytest.approx([1247.5, 1841.6], abs=0.05)


def test_nothing_is_made_for_nothing() -> None:
    output, residual = plain_balance(A, np.zeros(3))
    assert output is not None
    assert (output == 0).all()
    assert residual == 0


def test_no_inputs_are_no_more_than_final_use() -> None:
    output, _ = plain_balance(csr_array((3, 3)), D)
    assert output is not None
    assert (output == D).all()


@pytest.mark.parametrize("radius", [0.5, 0.9, 0.99, 0.9999])
def test_slow_sums_are_found_too(radius: float) -> None:
    random = np.random.default_rng(1)
    technical = random.uniform(0, 1, (200, 200)) * (random.uniform(size=(200, 200)) < 0.1)
    technical *= radius / np.abs(np.linalg.eigvals(technical)).max()
    final = random.uniform(0, 1, 200)
    output, residual = plain_balance(technical, final)
    assert output is not None
    assert residual <= 1e-8
    np.testing.assert_allclose(output, np.linalg.solve(np.eye(200) - technical, final), rtol=1e-8 / (1 - radius))


@pytest.mark.parametrize(
    "technical",
    [
        [[1.0, 0.0], [0.0, 0.5]],  # coal takes all coal
        [[1.5, 0.0], [0.0, 0.5]],
        [[0.5, 0.5], [0.5, 0.5]],  # together they take all that there is
        [[0.0, 2.0], [2.0, 0.0]],
        [[0.0, 4.0], [0.25, 0.0]],
        [[0.2, 0.9], [0.9, 0.2]],
    ],
)
def test_inputs_that_exceed_output_have_no_balance(technical: list[list[float]]) -> None:
    output, _ = plain_balance(technical, np.array([1.0, 2.0]))
    assert output is None


def test_a_cycle_takes_its_time_and_is_no_divergence() -> None:
    """Of some rounds nothing comes, then much: what counts is how they go over many."""
    technical = np.roll(np.diag([0.01, 30.0, 0.02, 20.0]), 1, axis=0)
    output, _ = plain_balance(technical, np.array([1.0, 0.0, 0.0, 0.0]))
    assert output is not None
    np.testing.assert_allclose(output, np.linalg.solve(np.eye(4) - technical, [1, 0, 0, 0]), rtol=1e-6)


def test_less_than_nothing_can_be_wanted() -> None:
    """Stocks run down: final use of a product below nothing."""
    final = np.array([10.0, -2.0, 5.0])
    output, _ = plain_balance(A, final)
    assert output is not None
    np.testing.assert_allclose(output, np.linalg.solve(np.eye(3) - A, final), rtol=1e-9)


@thorough
@given(st.integers(1, 12).flatmap(lambda n: st.tuples(_square(n), _column(n))))
def test_whatever_it_is_it_is_what_elimination_finds(given: tuple[np.ndarray, np.ndarray]) -> None:
    technical, final = given
    radius = np.abs(np.linalg.eigvals(technical)).max()
    if 0.98 < radius < 1.02:
        return
    output, residual = plain_balance(technical, final)
    if radius >= 1 and (final > 0).all():
        assert output is None
        return
    if radius < 1:
        assert output is not None
        assert residual <= 1e-8
        expected = np.linalg.solve(np.eye(len(final)) - technical, final)
        np.testing.assert_allclose(output, expected, rtol=1e-5, atol=1e-7 * (1 + np.abs(expected).max()))


def _square(count: int) -> st.SearchStrategy[np.ndarray]:
    part = st.one_of(st.just(0.0), st.floats(0.001, 1.2))
    return arrays(float, (count, count), elements=part)


def _column(count: int) -> st.SearchStrategy[np.ndarray]:
    return arrays(float, count, elements=st.floats(0.1, 100.0))
