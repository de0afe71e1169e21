"""Profit on capital after tax and rent: profit_rate_base of `03_capacity_and_investment.eq`."""

from __future__ import annotations

from base_year import BaseYear, BySector
from calibrate_costs import profit
from economy import income_shares, incomes, levers
from inputs import SECTORS


def returns(base: BaseYear) -> dict[str, BySector]:
    """profit_rate of `08_firms.eq`: (profit - income tax - rent of resource sectors) / capital in place."""
    made = incomes(base)
    share = income_shares(base, made)["taxable_share"][0] * base.now("corporate_income_tax_rate") / 100
    rent = levers(base, made)["resource_rent_rate"][0] / 100
    allowed, earned, before = base.now("tax_depreciation_rate") / 100, profit(base), base.fixed_capital_before
    worn, output = base.accounts["consumption_of_fixed_capital"], base.accounts["output"]
    tax = {s: share * (earned[s] + worn[s] - allowed * before[s]) for s in SECTORS}
    paid = {s: rent * output[s] if s in base.groups["resource"] else 0.0 for s in SECTORS}
    return {"profit_rate_base": {s: (earned[s] - tax[s] - paid[s]) / before[s] for s in SECTORS}}
