"""What hangs on what: the Leontief inverse, multipliers, linkages, import contents and price responses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import lu_factor, lu_solve

from bagdar.accounts.table import InputOutput

Array = NDArray[np.float64]
_SINGULAR = 1e12  # a condition number beyond which a solve has no digit left that counts


@dataclass(frozen=True)
class Analysis:
    """The analysis of a table with n sectors; Miller and Blair (2009) where nothing else is said.

    I - A, where A holds domestic input coefficients, is factored once; each question is then one or two
    solves. The table's inputs must leave something of each output, as `table.balances` demands.
    """

    table: InputOutput

    @cached_property
    def _factors(self) -> tuple[Array, NDArray[np.int32]]:
        domestic = self.table.domestic
        return lu_factor(np.eye(len(domestic)) - domestic)

    @property
    def solvable(self) -> bool:
        """Whether I - A has an inverse: it has, unless some inputs are negative or exceed their output."""
        domestic = self.table.domestic
        return bool(np.linalg.cond(np.eye(len(domestic)) - domestic) < _SINGULAR)

    def output_for(self, final: ArrayLike) -> Array:
        """X = (I - A)⁻¹ f: output that final demand for domestic products calls forth (n, or n × k). Eq. 2.10."""
        return np.asarray(lu_solve(self._factors, np.asarray(final, dtype=np.float64)))

    def multipliers(self, per_unit: ArrayLike) -> Array:
        """W (I - A)⁻¹: what a unit of final demand for each product calls forth of something that output j
        directly needs `per_unit` j of. Type I: households' incomes are not spent again. Section 6.2.
        """
        return np.asarray(lu_solve(self._factors, np.asarray(per_unit, dtype=np.float64), trans=1))

    def _per_output(self, total: Array) -> Array:
        made = self.table.output
        return np.divide(total, made, out=np.zeros_like(made), where=made > 0)

    @cached_property
    def output(self) -> Array:
        """Output multipliers: output of all sectors for a unit of final demand. Eq. 6.2."""
        return self.multipliers(np.ones(len(self.table.labels)))

    @cached_property
    def value_added(self) -> Array:
        """Value-added multipliers; with `imports` they add up to 1."""
        return self.multipliers(1 - self.table.technical.sum(0))

    @cached_property
    def imports(self) -> Array:
        """Import multipliers: imported inputs, direct and indirect, in a unit of final demand."""
        return self.multipliers(self.table.import_share @ self.table.technical)

    @cached_property
    def income(self) -> Array | None:
        """Income multipliers: compensation of employees for a unit of final demand. Eq. 6.8."""
        paid = self.table.compensation
        return None if paid is None else self.multipliers(self._per_output(paid))

    @cached_property
    def employment(self) -> Array | None:
        """Employment multipliers: people at work for a unit of final demand. Section 6.2.3."""
        people = self.table.persons
        return None if people is None else self.multipliers(self._per_output(people))

    @cached_property
    def backward(self) -> Array:
        """Backward linkages: column sums of the Leontief inverse beside their mean (Rasmussen 1956). Eq. 12.13."""
        return np.asarray(self.output / self.output.mean())

    @cached_property
    def forward(self) -> Array:
        """Forward linkages: row sums of the Ghosh inverse beside their mean. Section 12.2.2.

        With B = x̂⁻¹ A x̂ the row sums of (I - B)⁻¹ are x̂⁻¹ (I - A)⁻¹ x, so no second factor is needed.
        """
        made = self.table.output
        reached = self.output_for(made)
        sums = np.divide(reached, made, out=np.ones_like(made), where=made > 0)
        return np.asarray(sums / sums.mean())

    @property
    def key_sectors(self) -> tuple[str, ...]:
        """The sectors whose both linkages are above the mean (Rasmussen 1956)."""
        both = (self.backward > 1) & (self.forward > 1)
        return tuple(label for label, key in zip(self.table.labels, both, strict=True) if key)

    def import_content(self, final: Array, at_home: bool = True) -> float:
        """Imports, direct and in domestic products, in a vector of final use (Eurostat 2008, chapter 15).

        `at_home`: the use is composite, so the import share of each product is in it; exports are not.
        """
        share = self.table.import_share if at_home else np.zeros_like(final)
        return float(share @ final + self.imports @ ((1 - share) * final))

    def prices(self, primary: ArrayLike, imported: ArrayLike = 1.0) -> Array:
        """Leontief prices: p = A′p + M′p_m + v, by sector; 1 in the base period. Section 2.6.

        `primary` is primary cost (value added) for a unit of output, n; `imported` the price of imported
        products, n or one number.
        """
        table = self.table
        costs = (np.asarray(imported, dtype=np.float64) * table.import_share) @ table.technical
        return self.multipliers(costs + np.asarray(primary, dtype=np.float64))


def primary_cost(table: InputOutput) -> Array:
    """Value added for a unit of output: what inputs leave, so that base prices are 1."""
    return 1 - np.asarray(table.technical.sum(0))
