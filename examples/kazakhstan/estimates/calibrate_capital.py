"""Capital, capacity and investment: coefficients of `03_capacity_and_investment.eq`."""

from __future__ import annotations

from base_year import BaseYear, BySector, ratio
from inputs import BEFORE, SECTORS


def capital(base: BaseYear) -> dict[str, BySector]:
    """Everything is measured on the capital in place at the start of the year, K = fixed_capital of the year before.

    capacity_ratio = output / utilisation / (K - works of the year before that its end found unfinished), utilisation
    being assumed (`calibration.csv`).
    depreciation_rate = consumption of fixed capital / K.
    investment_rate_base: what firms want / K when all tensions are those of the base year, so that going
    investment_speed of the way from the plans of the year before gives private investment.
    """
    a, before, used = base.accounts, base.fixed_capital_before, base.assumed["utilisation"]
    speed, earlier = base.parameters["investment_speed"], investment_before(base)
    finished = {s: before[s] - unfinished for s, unfinished in unfinished_before(base).items()}
    wanted = {s: (a["private_investment"][s] - (1 - speed) * earlier[s]) / speed for s in SECTORS}
    return {
        "utilisation_base": used,
        "capacity_ratio": {s: a["output"][s] / used[s] / finished[s] for s in SECTORS},
        "depreciation_rate": ratio(a["consumption_of_fixed_capital"], before),
        "investment_rate_base": ratio(wanted, before),
    }


def investment_before(base: BaseYear) -> dict[str, float]:
    """Private investment of the year before by sector: carried back by the volume of all private investment."""
    back = base.series["private_investment_volume", BEFORE] / base.now("private_investment_volume")
    return {s: back * base.accounts["private_investment"][s] for s in SECTORS}


def unfinished_before(base: BaseYear) -> dict[str, float]:
    """Works of the year before that its end found unfinished: of its investment, carried back like private."""
    back = base.series["public_investment_volume", BEFORE] / base.now("public_investment_volume")
    private, public = investment_before(base), base.accounts["public_investment"]
    return {s: base.unfinished[s] * (private[s] + back * public[s]) for s in SECTORS}


def fixed_capital(base: BaseYear) -> dict[str, float]:
    """Capital at the end of the year, by the model's own equation."""
    worn, before = capital(base)["depreciation_rate"], base.fixed_capital_before
    private, public = base.accounts["private_investment"], base.accounts["public_investment"]
    return {s: (1 - worn[s]) * before[s] + private[s] + public[s] for s in SECTORS}
