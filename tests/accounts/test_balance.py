"""RAS and GRAS: totals met, structure kept, and never a silent failure."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy.optimize import NonlinearConstraint, minimize

from bagdar.accounts.balance import gras, ras

# The example of Junius and Oosterhaven (2003), table 1.
PRIOR = np.array([[7.0, 3, 5, -3], [2, 9, 8, 1], [-2, 0, 2, 1]])
ROWS, COLUMNS = np.array([15.0, 26, -1]), np.array([9.0, 16, 17, -2])

cells = st.floats(0.1, 100)


@given(prior=arrays(float, (4, 3), elements=cells), target=arrays(float, (4, 3), elements=cells))
def test_ras_meets_totals_that_some_table_has(prior: NDArray[np.float64], target: NDArray[np.float64]) -> None:
    found = ras(prior, target.sum(1), target.sum(0))
    assert found.converged
    assert np.abs(found.row_residual).max() <= 1e-9
    assert np.abs(found.column_residual).max() <= 1e-9
    # Biproportional: every cross-product ratio of the prior is kept.
    ratio = np.log(found.matrix / prior)
    assert np.allclose(ratio - ratio[:1] - ratio[:, :1] + ratio[0, 0], 0, atol=1e-8)


def test_a_table_with_the_right_totals_is_left_alone() -> None:
    found = gras(PRIOR, PRIOR.sum(1), PRIOR.sum(0))
    assert found.converged
    assert np.allclose(found.matrix, PRIOR, atol=1e-9)


def test_gras_keeps_signs_and_zeros() -> None:
    found = gras(PRIOR, ROWS, COLUMNS)
    assert found.converged
    assert (np.sign(found.matrix) == np.sign(PRIOR)).all()


def test_gras_finds_the_least_loss_of_information_that_an_optimiser_finds() -> None:
    """Lenzen, Wood and Gallego (2007): minimise Σ |a| z ln(z/e) with x = a z, found here without any scaling."""
    at = PRIOR != 0
    a = PRIOR[at]

    def table(z: NDArray[np.float64]) -> NDArray[np.float64]:
        x = np.zeros(PRIOR.shape)
        x[at] = a * z
        return x

    def loss(z: NDArray[np.float64]) -> float:
        return float((np.abs(a) * z * (np.log(z) - 1)).sum())

    # The last column's total follows from the others.
    limits = NonlinearConstraint(
        lambda z: np.concatenate([table(z).sum(1) - ROWS, (table(z).sum(0) - COLUMNS)[:-1]]), 0, 0
    )
    best = minimize(
        loss, np.ones(a.size), bounds=[(1e-6, None)] * a.size, constraints=limits, method="SLSQP", tol=1e-12
    )
    assert best.success
    assert np.allclose(gras(PRIOR, ROWS, COLUMNS).matrix, table(best.x), atol=1e-4)


@pytest.mark.parametrize(
    ("prior", "rows", "columns", "kind", "index"),
    [
        ([[1, 1], [1, 1]], [2, 2], [2, 3], "totals_differ", -1),
        ([[0, 0], [1, 1]], [1, 2], [1, 2], "unreachable_row", 0),
        ([[0, 1], [0, 1]], [1, 2], [1, 2], "unreachable_column", 0),
        ([[1, 1], [1, 1]], [-1, 4], [1, 2], "unreachable_row", 0),
        ([[1, np.nan], [1, 1]], [1, 2], [1, 2], "not_finite", -1),
    ],
)
def test_totals_that_cannot_be_met_are_named(
    prior: list[list[float]], rows: list[float], columns: list[float], kind: str, index: int
) -> None:
    found = gras(prior, rows, columns)
    assert not found.converged
    assert (kind, index) in [(p.kind, p.index) for p in found.problems]
    assert np.isfinite(found.matrix).all()


def test_ras_refuses_a_negative_cell_by_name() -> None:
    found = ras([[1, -2], [1, 4]], [2, 2], [2, 2])
    assert [(p.kind, p.index, p.amount) for p in found.problems] == [("negative_cell", 0, -2.0)]


def test_iterations_that_do_not_arrive_say_how_far_off_they_are() -> None:
    # The zeros leave the first row only one cell, whose column wants less than the row.
    found = ras([[1, 0], [1, 1]], [3, 1], [2, 2], limit=50)
    assert [p.kind for p in found.problems] == ["not_converged"]
    assert found.problems[0].amount == pytest.approx(np.abs(found.row_residual).max())


@pytest.mark.parametrize(
    "prior", [[[1e-9, -1e4], [3, 1500]], [[1e-6, -1000], [3, 1500]]], ids=["nearly all negative", "mostly negative"]
)
def test_a_line_that_is_nearly_all_negative_loses_no_digits(prior: list[list[float]]) -> None:
    """The textbook form of the root subtracts two nearly equal numbers there."""
    a = np.array(prior)
    rows, columns = a.sum(1) + np.array([0.0, 1.0]), a.sum(0) + 0.5
    found = gras(a, rows, columns)
    assert found.converged
    assert found.matrix.sum(1) == pytest.approx(rows, abs=1e-8)
    assert found.matrix.sum(0) == pytest.approx(columns, abs=1e-8)


def test_what_emptying_a_column_leaves_out_of_reach_is_named_and_no_number_is_lost() -> None:
    """Column 1 must be emptied; row 1 is then left with its negative cell and cannot come to 3."""
    found = gras([[5, -1], [0, 4]], [3, 4], [0, 7])
    assert [(p.kind, p.index, p.amount) for p in found.problems] == [("unreachable_row", 0, 3.0)]
    assert np.isfinite(found.matrix).all()
