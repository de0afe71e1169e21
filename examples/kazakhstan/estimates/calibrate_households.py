"""Consumption by product: coefficients of household_use in `07_households.eq`."""

from __future__ import annotations

from base_year import BaseYear, BySector
from calibrate_products import product_taxes
from inputs import SECTORS


def households(base: BaseYear) -> dict[str, BySector]:
    """Stone's linear expenditure system (1954) from income elasticities η and the flexibility of money φ.

    φ is minus total spending over what is left after subsistence (Frisch 1959). With w the budget shares at
    purchasers' prices and η scaled so that Σ w·η = 1 (Engel aggregation):

    marginal_budget_share = η · w, which add to 1;
    subsistence_use = household use · (1 + η / φ) / population.
    """
    use, wanted, taxed = base.accounts["household_use"], base.assumed["income_elasticity"], product_taxes(base)
    spent = {s: use[s] * (1 + taxed["household_tax_base"][s] / 100) for s in SECTORS}
    total = sum(spent.values())
    mean = sum(wanted[s] * spent[s] for s in SECTORS) / total
    frisch, population = base.parameters["frisch"], base.now("population")
    return {
        "marginal_budget_share": {s: wanted[s] / mean * spent[s] / total for s in SECTORS},
        "subsistence_use": {s: use[s] * (1 + wanted[s] / mean / frisch) / population for s in SECTORS},
    }
