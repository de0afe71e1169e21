"""What an input-output table is made of: resources and uses by product, cost structure, imports in final uses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bagdar.accounts.analysis import Analysis
from bagdar.accounts.table import InputOutput
from bagdar.statistics.growth import Percent
from bagdar.statistics.shares import percent_of

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Cost:
    """How output divides into inputs and value added, in the table's unit; `paid` is compensation, if it is known.

    `share` is the part in all value added of the table, `ratio` that of value added in output, `paid_share` that of
    compensation in value added, all in per cent; None where there is nothing to be a part of.
    """

    output: float
    inputs: float
    added: float
    share: Percent | None
    ratio: Percent | None
    paid: float | None = None
    paid_share: Percent | None = None

    @property
    def input_ratio(self) -> Percent | None:
        """Inputs in per cent of output."""
        return percent_of(self.inputs, self.output)


def costs(table: InputOutput) -> tuple[Cost, ...]:
    """The cost structure of each sector, and of all together at the end."""
    return tuple(_cost(table, at) for at in (*range(len(table.labels)), slice(None)))


def _cost(table: InputOutput, at: int | slice) -> Cost:
    output, inputs, added = (float(np.sum(v[at])) for v in (table.output, table.inputs, table.added))
    share, ratio = percent_of(added, float(table.added.sum())), percent_of(added, output)
    if table.compensation is None:
        return Cost(output, inputs, added, share, ratio)
    paid = float(np.sum(table.compensation[at]))
    return Cost(output, inputs, added, share, ratio, paid, percent_of(paid, added))


@dataclass(frozen=True)
class FinalUse:
    """A final use by product (n, the table's unit); `code` is its indicator's, '' for what is left of supply.

    `at_home`: products of both origins are used in the country; exports are domestic products.
    """

    code: str
    products: Array
    at_home: bool


def final_uses(table: InputOutput, exports: str = "") -> tuple[FinalUse, ...]:
    """The final uses in the table's order, what is left of supply, and `exports`, if the plan has that indicator."""
    found = [FinalUse(code, products, True) for code, products in table.final_uses.items()]
    if table.rest is not None:
        found.append(FinalUse("", table.rest, True))
    if exports:
        found.append(FinalUse(exports, table.sold_abroad, False))
    return tuple(found)


@dataclass(frozen=True)
class ImportContent:
    """Imports in a final use: its amount in the table's unit, and in per cent of that what is imported and what not.

    `direct` are imported products themselves, `indirect` those spent on domestic ones.
    """

    use: FinalUse
    amount: float
    direct: Percent
    indirect: Percent

    @property
    def imported(self) -> Percent:
        """Direct and indirect imports."""
        return Percent(self.direct + self.indirect)

    @property
    def domestic(self) -> Percent:
        """Value added in the country."""
        return Percent(100 - self.imported)


def import_contents(analysis: Analysis, uses: tuple[FinalUse, ...]) -> tuple[ImportContent, ...]:
    """The import content of each final use (Eurostat 2008, chapter 15); a use that is a deduction has none."""
    found = []
    for use in uses:
        amount = float(use.products.sum())
        if amount > 0:
            direct = float(analysis.table.import_share @ use.products) if use.at_home else 0.0
            imported = analysis.import_content(use.products, use.at_home)
            shares = (Percent(100 * part / amount) for part in (direct, imported - direct))
            found.append(ImportContent(use, amount, *shares))
    return tuple(found)
