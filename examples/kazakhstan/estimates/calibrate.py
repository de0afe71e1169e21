"""From the accounts to the numbers that the model reads: run after `accounts.py`, with the same base year.

    python examples/kazakhstan/estimates/calibrate.py

reads the tables beside it and the plan's, and writes tables of the plan. Every coefficient here is an
identity of the base year: with it each behavioural equation gives that year without an add-factor. Elasticities are
not made here: they stand in `../data/elasticities*.csv`, with their ranges and reasons.
"""

from __future__ import annotations

from base_year import BaseYear, BySector, read
from calibrate_capital import capital
from calibrate_costs import costs
from calibrate_households import households
from calibrate_labour import labour
from calibrate_paths import YEARS, base_values, paths
from calibrate_physical import electricity, emission_norms
from calibrate_products import product_taxes, products_and_trade
from calibrate_returns import returns
from economy import Incomes, foreign_flows, income_shares, incomes, levers, physical_ratios, reference_points
from inputs import write


def coefficients(base: BaseYear) -> dict[str, BySector]:
    """Every coefficient by sector, in the order of the model's blocks."""
    blocks = (products_and_trade, capital, product_taxes, costs, returns, labour, households, electricity)
    return {code: numbers for block in blocks for code, numbers in block(base).items()}


def save_sectors(base: BaseYear) -> None:
    """Write the tables by sector."""
    values = [[code, s, year, v] for code, year, numbers in base_values(base) for s, v in numbers.items()]
    write("base_by_sector.csv", ["indicator", "sector", "period", "value"], values)
    made = [[code, s, v] for code, numbers in coefficients(base).items() for s, v in numbers.items()]
    write("calibrated_by_sector.csv", ["indicator", "sector", "value"], made)
    norms = [["emission_norm", "coal_co2", s, v] for s, v in emission_norms(base).items()]
    write("emission_norms.csv", ["indicator", "emission", "sector", "value"], norms)
    head = ["indicator", "sector", *YEARS, "unit", "note"]
    write("paths_by_sector.csv", head, [row for path in paths(base) for row in path.rows()])


def save_economy(base: BaseYear, made: Incomes) -> None:
    """Write the tables of the whole economy."""
    found = {**reference_points(base), **income_shares(base, made), **physical_ratios(base)}
    write("calibrated.csv", ["indicator", "value", "note"], [[code, *noted] for code, noted in found.items()])
    for name, kept in (("levers", levers(base, made)), ("flows", foreign_flows(base, made))):
        lines = [[code, *[value] * len(YEARS), note] for code, (value, note) in kept.items()]
        write(f"calibrated_{name}.csv", ["indicator", *YEARS, "note"], lines)


if __name__ == "__main__":
    base_year = read()
    residual = incomes(base_year)
    save_sectors(base_year)
    save_economy(base_year, residual)
    print(
        f"bn KZT: resource rent {residual.rent:.1f}, payments {base_year.total('resource_payments'):.1f}; "
        f"property income {residual.property:.1f}; gross profit {residual.gross_profit:.1f}"
    )
