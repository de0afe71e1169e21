"""Work and wages: coefficients by sector of `04_labour.eq` and `05_wages.eq`."""

from __future__ import annotations

from base_year import BaseYear, BySector, only, ratio


def wage(base: BaseYear) -> dict[str, float]:
    """Compensation an employee, mln KZT a year."""
    return ratio(base.accounts["compensation"], base.accounts["employees"])


def labour(base: BaseYear) -> dict[str, BySector]:
    """The points of the base year from which employment and wages move.

    A wage base is compensation an employee; self_employed_ratio = self-employed / employees, outside farms.
    """
    a, pay, nonfarm = base.accounts, wage(base), base.groups["nonfarm"]
    return {
        "market_wage_base": only(pay, base.groups["private"]),
        "public_wage_base": only(pay, base.groups["public"]),
        "sector_employees_base": a["employees"],
        "output_base": a["output"],
        "self_employed_ratio": only(ratio(a["self_employed_by_sector"], a["employees"]), nonfarm),
    }
