"""Base-year values of endogenous indicators, and the paths that the calibration gives for levers by sector."""

from __future__ import annotations

from dataclasses import dataclass

from base_year import BaseYear, BySector, only
from calibrate_capital import fixed_capital, investment_before, unfinished_before
from calibrate_costs import production_tax_rates
from calibrate_labour import wage
from calibrate_products import product_tax_rates, products_and_trade
from inputs import BASE, BEFORE, SECTORS

YEARS = tuple(str(int(BASE) + n) for n in range(4))
AS_ESTIMATED = (
    "government_use", "investment_use", "fisim_use", "discrepancy_use", "output", "household_use", "product_exports",
    "product_imports",
)  # fmt: skip
PRICES = ("domestic_price", "product_export_price", "product_import_price")
INCOMES = ("value_added", "compensation", "mixed_income", "production_taxes", "consumption_of_fixed_capital")


@dataclass(frozen=True)
class Path:
    """An indicator by sector over the years: its base, grown at a constant rate.

    The base itself is an estimate and stands with the base-year values, unless it is `assumed` as well.
    """

    indicator: str
    base: BySector
    unit: str
    note: str
    growth: float = 0.0
    assumed: bool = False

    def rows(self) -> list[list[object]]:
        """Rows of a wide table, one a sector."""
        grown = [(1 + self.growth) ** n for n in range(1, len(YEARS))]
        return [
            [self.indicator, s, v if self.assumed else "", *(v * g for g in grown), self.unit, self.note]
            for s, v in self.base.items()
        ]


def base_values(base: BaseYear) -> list[tuple[str, str, BySector]]:
    """What the model starts from: (indicator, year, values by sector). Every price of the base year is 1."""
    a = base.accounts
    return [
        ("import_ratio", BASE, products_and_trade(base)["import_ratio_base"]),
        ("investment_wanted", BEFORE, investment_before(base)),
        ("investment_wanted", BASE, a["private_investment"]),
        ("exports_wanted", BASE, only(a["product_exports"], base.groups["demand_led"])),
        ("private_investment", BASE, a["private_investment"]),
        ("fixed_capital", BEFORE, base.fixed_capital_before),
        ("unfinished_construction", BEFORE, unfinished_before(base)),
        ("fixed_capital", BASE, fixed_capital(base)),
        ("market_wage", BASE, only(wage(base), base.groups["private"])),
        ("sector_employees", BASE, a["employees"]),
        ("sector_self_employed", BASE, a["self_employed_by_sector"]),
        *((code, BASE, a[code]) for code in AS_ESTIMATED),
        *((code, BASE, dict.fromkeys(SECTORS, 1.0)) for code in PRICES),
        *((code, BASE, a[code]) for code in INCOMES),
        *((path.indicator, BASE, path.base) for path in paths(base) if not path.assumed),
    ]


def paths(base: BaseYear) -> list[Path]:
    """Levers and given quantities by sector: rates of the base year unchanged, public investment growing."""
    a, product, production = base.accounts, product_tax_rates(base), production_tax_rates(base)
    kept = {
        "excise_rate": "Excises",
        "other_product_tax_rate": "Other taxes less subsidies on products, with the accrual difference,",
        "resource_payment_rate": "Payments for natural resources",
        "subsidy_rate": "Subsidies on production",
        "production_tax_rate": "Other taxes on production",
    }
    none_binds = f"No pipeline or quota binds: ten times the exports of {BASE}"
    limit = {r: 10 * a["product_exports"][r] for r in base.groups["resource"]}
    rates = product | production
    duty = products_and_trade(base)["import_duty_base"]
    return [
        Path("import_duty_rate", duty, "%", f"Import duty of {BASE}; unchanged"),
        Path("public_investment", a["public_investment"], "bn KZT", "Growth of 6 % a year", 0.06),
        Path("inventories_use", a["inventories_use"], "bn KZT", f"Kept at {BASE}"),
        Path("export_limit", limit, "bn KZT", none_binds, assumed=True),
        *(Path(code, rates[code], "%", f"{what} of {BASE}; unchanged") for code, what in kept.items()),
    ]
