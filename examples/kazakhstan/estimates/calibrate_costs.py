"""Costs, mark-ups and profit: coefficients of `06_prices.eq`, `07_households.eq` and `08_firms.eq`."""

from __future__ import annotations

from base_year import BaseYear, BySector, percent, ratio
from inputs import SECTORS


def production_tax_rates(base: BaseYear) -> dict[str, BySector]:
    """Rates of taxes and subsidies on production, % of output (production_taxes in `08_firms.eq`)."""
    a = base.accounts
    return {
        "resource_payment_rate": percent(a["resource_payments"], a["output"]),
        "subsidy_rate": percent(a["production_subsidies"], a["output"]),
        "production_tax_rate": percent(a["property_and_other_taxes"], a["output"]),
    }


def unit_cost(base: BaseYear) -> dict[str, float]:
    """unit_cost of `06_prices.eq` when all prices are 1.

    (inputs + (compensation + social tax) / output + capital_cost) / (1 - (taxes - subsidies on production) / 100).
    """
    a = base.accounts
    output, pay, social = a["output"], a["compensation"], a["social_tax_by_sector"]
    payments, subsidy, other = production_tax_rates(base).values()
    worn = ratio(a["consumption_of_fixed_capital"], output)
    inputs = {s: sum(base.technical[q, s] for q in SECTORS) for s in SECTORS}
    return {
        s: (inputs[s] + (pay[s] + social[s]) / output[s] + worn[s]) / (1 - (other[s] + payments[s] - subsidy[s]) / 100)
        for s in SECTORS
    }


def surplus(base: BaseYear) -> dict[str, float]:
    """Value added less compensation and taxes on production: gross surplus and mixed income."""
    a = base.accounts
    return {s: a["value_added"][s] - a["compensation"][s] - a["production_taxes"][s] for s in SECTORS}


def profit(base: BaseYear) -> dict[str, float]:
    """Net operating surplus, profit of `08_firms.eq`: surplus less mixed income and wear of capital."""
    left, own, worn = surplus(base), base.accounts["mixed_income"], base.accounts["consumption_of_fixed_capital"]
    return {s: left[s] - own[s] - worn[s] for s in SECTORS}


def costs(base: BaseYear) -> dict[str, BySector]:
    """What makes the price of the base year one.

    social_tax_coverage = social tax / (social_tax_rate · compensation).
    capital_cost = consumption of fixed capital / output.
    markup = 1 / unit_cost, where cost makes the price.
    mixed_income_share = mixed income / (value added - compensation - taxes on production).
    """
    a, rate, cost = base.accounts, base.now("social_tax_rate") / 100, unit_cost(base)
    priced_by_cost = base.groups["competitive"] + base.groups["public"]
    return {
        "social_tax_coverage": {s: a["social_tax_by_sector"][s] / (rate * a["compensation"][s]) for s in SECTORS},
        "capital_cost": ratio(a["consumption_of_fixed_capital"], a["output"]),
        "markup": {s: 1 / cost[s] for s in SECTORS if s in priced_by_cost},
        "mixed_income_share": ratio(a["mixed_income"], surplus(base)),
    }
