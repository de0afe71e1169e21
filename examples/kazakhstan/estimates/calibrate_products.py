"""Products and trade, and the taxes that households pay on products."""

from __future__ import annotations

from base_year import BaseYear, BySector, only, percent, ratio
from inputs import SECTORS


def domestic_use(base: BaseYear) -> dict[str, float]:
    """Output and landed imports less exports (`01_resources_and_uses.eq`: resources equal uses)."""
    a = base.accounts
    return {s: a["output"][s] + a["product_imports"][s] - a["product_exports"][s] for s in SECTORS}


def products_and_trade(base: BaseYear) -> dict[str, BySector]:
    """Coefficients of `01_resources_and_uses.eq` and `02_exports.eq`.

    A pattern is a product's part of a use. FISIM is a use of finance alone.
    import_duty_base = 100 · duties / (landed imports - duties), % of the value at the border.
    import_ratio_base = imports / (domestic use - imports): import_ratio when relative prices are 1.
    export_base = exports, foreign demand and relative prices being 1.
    price_per_tonne = output / tonnes, so that resource_supply is output.
    """
    a = base.accounts
    imports, duties, used = a["product_imports"], a["import_duties"], domestic_use(base)
    discrepancy, services = base.now("statistical_discrepancy") / 1000, base.total("government_use")
    return {
        "fisim_pattern": {s: float(s in base.groups["finance"]) for s in SECTORS},
        "discrepancy_pattern": {s: a["discrepancy_use"][s] / discrepancy for s in SECTORS},
        "government_pattern": {s: a["government_use"][s] / services for s in SECTORS},
        "import_duty_base": percent(duties, {s: imports[s] - duties[s] for s in SECTORS}),
        "import_ratio_base": ratio(imports, {s: used[s] - imports[s] for s in SECTORS}),
        "export_base": only(a["product_exports"], base.groups["demand_led"]),
        "price_per_tonne": {r: a["output"][r] / base.tonnes[r] for r in base.groups["resource"]},
    }


def product_tax_rates(base: BaseYear) -> dict[str, BySector]:
    """Rates of taxes on products other than VAT, % of household use before tax (`09_government.eq`)."""
    a = base.accounts
    return {
        "excise_rate": percent(a["household_product_taxes_excise"], a["household_use"]),
        "other_product_tax_rate": percent(a["household_product_taxes_other"], a["household_use"]),
    }


def product_taxes(base: BaseYear) -> dict[str, BySector]:
    """Coefficients of household_tax_rate in `06_prices.eq`.

    vat_coverage = 100 · VAT / household use / vat_rate: the part of use that bears the rate.
    household_tax_base = vat_rate · vat_coverage + excise_rate + other_product_tax_rate.
    """
    a, vat = base.accounts, base.now("vat_rate")
    borne = percent(a["household_product_taxes_vat"], a["household_use"])
    coverage = {s: borne[s] / vat for s in SECTORS}
    excise, other = product_tax_rates(base).values()
    return {
        "vat_coverage": coverage,
        "household_tax_base": {s: vat * coverage[s] + excise[s] + other[s] for s in SECTORS},
    }
