"""The accounts of Kazakhstan of a base year in 22 sectors and, for 2004, 16 regions: an estimate.

    python examples/kazakhstan/estimates/accounts.py
    python examples/kazakhstan/estimates/accounts.py 2000

reads the tables beside it, writes the plan's tables, and prints how far each official total is missed.
README.md beside it is the page of method.
All money is in bn KZT of the base year.
"""

from __future__ import annotations

import numpy as np
from factors import capital, income, labour
from inputs import BASE, BEFORE, OWN, SECTORS, Array, write
from products import product_taxes, production, trade, uses
from report import glance, report
from territories import population_shares, regions


def by_sector(code: str, values: Array, unit: str, period: str = BASE) -> list[list[object]]:
    """Rows of a long table, one a sector."""
    return [[code, sector, period, float(value), unit] for sector, value in zip(SECTORS, values, strict=True)]


def estimate() -> dict[str, Array]:
    """Every account by sector, under the code it is written with."""
    output, value_added = production()
    exports, landed, duties = trade(output)
    used = uses(output, value_added, exports, landed)
    # The column sums decide, so that output less inputs is value added to the last digit.
    value_added = output - (used["technical"] * output).sum(0)
    assets = capital(used["investment_use"], value_added)
    people = labour(value_added)
    codes, product_share, work_share = regions(value_added, people)
    return {
        "output": output, "value_added": value_added, "product_exports": exports, "product_imports": landed,
        "import_duties": duties, **used, **product_taxes(used["household_use"]), **assets, **people,
        **income(value_added, people, assets["consumption_of_fixed_capital"]),
        "regions": np.array(codes), "region_share": product_share, "region_employment_share": work_share,
    }  # fmt: skip


def save(a: dict[str, Array]) -> None:
    """Write the tables of the example."""
    money = (
        "output", "value_added", "product_exports", "product_imports", "import_duties", "household_use",
        "government_use", "investment_use", "inventories_use", "fisim_use", "discrepancy_use", "compensation",
        "consumption_of_fixed_capital", "production_taxes", "social_tax_by_sector", "resource_payments",
        "property_and_other_taxes", "production_subsidies", "mixed_income", "imputed_rent",
        "household_product_taxes_vat", "household_product_taxes_excise", "household_product_taxes_other",
        "private_investment", "public_investment",
    )  # fmt: skip
    head = ["indicator", "sector", "period", "value", "unit"]
    rows = [row for code in money for row in by_sector(code, a[code], "bn KZT")]
    rows += by_sector("fixed_capital", a["fixed_capital_before"], "bn KZT", BEFORE)
    rows += by_sector("fixed_capital", a["fixed_capital"], "bn KZT")
    write("accounts_by_sector.csv", head, rows, OWN)
    people = [row for k in ("employees", "self_employed_by_sector") for row in by_sector(k, a[k], "thousand person")]
    write("labour_by_sector.csv", head, people, OWN)
    for name, code in (("technical", "technical"), ("capital_composition", "composition")):
        cells = [[name, s, q, float(a[code][i, j])] for i, s in enumerate(SECTORS) for j, q in enumerate(SECTORS)]
        write(f"{name}.csv", ["indicator", "sector", "sector_2", "value"], cells)
    shares = [
        [code, r, s, float(a[code][i, j])]
        for code in ("region_share", "region_employment_share")
        for i, r in enumerate(a["regions"])
        for j, s in enumerate(SECTORS)
    ]
    write("region_shares.csv", ["indicator", "region", "sector", "value"], shares)
    heads: list[list[object]] = [["population_share", r, part] for r, part in population_shares().items()]
    write("region_population.csv", ["indicator", "region", "value"], heads)


if __name__ == "__main__":
    accounts = estimate()
    save(accounts)
    said = f"# What the accounts of {BASE} give\n\n{report(accounts)}\n\n"
    said += f"## The sectors at a glance\n\n{glance(accounts)}\n"
    (OWN / "residuals.md").write_text(said, encoding="utf-8")
    print(said)
