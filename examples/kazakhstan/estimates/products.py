"""Production, trade and uses by product."""

from __future__ import annotations

import numpy as np
from inputs import (
    AT,
    BASE,
    GROSS_VALUE_ADDED,
    MANUFACTURING,
    MINING,
    SECTORS,
    SINCE,
    TOTALS,
    Array,
    N,
    assumed,
    of_2004,
    settled,
    share,
    square,
    table,
    where,
)

from bagdar.accounts.balance import ras


def interpolated(column: str) -> dict[str, float]:
    """Share of a sector in a total of the ADB tables, on the straight line from 2000 to 2007."""
    by_year: dict[str, dict[str, float]] = {"2000": {}, "2007": {}}
    for row in table("sectors_adb.csv"):
        by_year[row["year"]][row["sector"]] = float(row[column])
    start, end = ({k: v / sum(y.values()) for k, v in y.items()} for y in by_year.values())
    return {sector: start[sector] + SINCE * (end[sector] - start[sector]) for sector in start}


def adb_ratio() -> dict[str, float]:
    """Value added in output by sector, on the same line."""
    by_year: dict[str, dict[str, float]] = {"2000": {}, "2007": {}}
    for row in table("sectors_adb.csv"):
        by_year[row["year"]][row["sector"]] = float(row["value_added_mln_usd"]) / float(row["output_mln_usd"])
    return {s: by_year["2000"][s] + SINCE * (by_year["2007"][s] - by_year["2000"][s]) for s in by_year["2000"]}


def mining_weights() -> Array:
    """Output of the mining sectors in mln USD: tonnes by price at the pit or field."""
    worth = np.zeros(N)
    for row in table(f"mining_{BASE}.csv"):
        worth[AT[row["sector"]]] += float(row["output"]) * float(row["price_usd"])
    return worth


def production() -> tuple[Array, Array]:
    """Gross output and value added at basic prices.

    Value added: the shares of agriculture, industry with construction, and services in GDP are official;
    inside them the shares of the ADB tables. Output: value added by the ratio of the ADB tables, with
    intermediate consumption scaled to its official total. Mining: tonnes by price.
    """
    shares, ratios = interpolated("value_added_mln_usd"), adb_ratio()
    groups = {
        "agriculture_share": ["agriculture"],
        "industry_share": ["mining", *MANUFACTURING, "utilities", "construction"],
        "services_share": list(SECTORS[14:]),
    }
    added: dict[str, float] = {}
    for name, members in groups.items():
        whole = TOTALS[name] / 100 * TOTALS["gross_domestic_product"]
        added |= {m: whole * shares[m] / sum(shares[k] for k in members) for m in members}
    scale = GROSS_VALUE_ADDED / sum(added.values())
    used = {s: scale * added[s] * (1 - ratios[s]) / ratios[s] for s in added}
    rescale = TOTALS["intermediate_consumption"] / sum(used.values())
    value_added = np.array([scale * added.get(s, 0.0) for s in SECTORS])
    intermediate = np.array([rescale * used.get(s, 0.0) for s in SECTORS])
    output = value_added + intermediate
    mined, worth = scale * added["mining"] + rescale * used["mining"], share(mining_weights())
    ratio = assumed("value_added_ratio")
    on_mining = where(MINING) > 0
    output[on_mining] = mined * worth[on_mining]
    first = output[on_mining] * (1 - ratio[on_mining])
    value_added[on_mining] = output[on_mining] - first * rescale * used["mining"] / first.sum()
    return output, value_added


# Trade with the world


def trade(output: Array) -> tuple[Array, Array, Array]:
    """Exports at basic prices, imports landed (with duties), and the duties in them."""
    shares = interpolated("exports_mln_usd")
    exports = TOTALS["exports"] * np.array([shares.get(s, 0.0) for s in SECTORS])
    sold = assumed(f"exports_mln_usd_{BASE}") * TOTALS["exchange_rate"] / 1000
    exports += sold
    exports[AT["oil"]] = TOTALS["exports"] * shares["mining"] - sold.sum()
    goods = TOTALS["goods_share_of_imports"]
    mix = goods * share(assumed("import_share")) + (1 - goods) * share(assumed("service_import_share"))
    imports = TOTALS["imports"] * mix
    duties = (TOTALS["customs_duties"] + TOTALS["other_trade_taxes"]) * share(imports * assumed("duty_weight"))
    return exports, imports + duties, duties


# Uses


def donor() -> Array:
    """Input coefficients of the donor, with the documented changes."""
    rows = {row["product"]: row for row in table("donor_brazil_2004.csv")}
    uses = np.array([[float(rows[p][q]) for q in SECTORS] for p in SECTORS])
    made = np.array([float(rows["output"][q]) for q in SECTORS])
    coefficients = np.divide(uses, made, out=np.zeros_like(uses), where=made > 0)
    for row in table("donor_changes.csv"):
        coefficients[AT[row["product"]], AT[row["sector"]]] = float(row["coefficient"])
    return coefficients


def structure(output: Array) -> Array:
    """What is balanced: what sectors, households and capital formation take of each product, before balancing.

    In 2004 the donor's coefficients and assumed shares; in another year the structure that 2004 was given.
    """
    households, capital = TOTALS["household_consumption"], TOTALS["gross_fixed_capital_formation"]
    if BASE == "2004":
        coefficients = donor()
        shares = assumed("household_share"), assumed("investment_share")
    else:
        coefficients = square("technical")
        shares = share(of_2004("household_use")), share(of_2004("investment_use"))
    return np.column_stack([coefficients * output, shares[0] * households, shares[1] * capital])


def uses(output: Array, value_added: Array, exports: Array, landed: Array) -> dict[str, Array]:
    """Intermediate and final uses by product, balanced by RAS to supply and to the official totals."""
    supply = output + landed - exports
    taxes = TOTALS["taxes_on_products"] - TOTALS["subsidies_on_products"]
    other_taxes = taxes - TOTALS["customs_duties"] - TOTALS["other_trade_taxes"]
    discrepancy = discrepancy_total() * share(supply)
    fisim = TOTALS["fisim"] * where(("finance",))
    stocks = TOTALS["gross_capital_formation"] - TOTALS["gross_fixed_capital_formation"]
    inventories = stocks * share(assumed("inventory_share"))
    collective = TOTALS["final_consumption"] - TOTALS["household_consumption"]
    government = assumed("government_fixed") * supply
    government[AT["social"]] = collective - government.sum()
    given = discrepancy + fisim + inventories + government
    columns = [
        *(output - value_added),
        TOTALS["household_consumption"] - other_taxes,
        TOTALS["gross_fixed_capital_formation"],
    ]
    balanced = settled(ras(structure(output), supply - given, columns, 1e-15), "uses by product")
    technical = balanced[:, :N] / output
    investment = balanced[:, N + 1]
    # Households take what is left of each product, so that uses are supply to the last digit.
    left = supply - given - investment - technical @ output
    household = np.where(assumed("household_share") > 0, left, 0.0)
    return {
        "technical": technical, "household_use": household, "investment_use": investment,
        "government_use": government, "inventories_use": inventories, "fisim_use": fisim,
        "discrepancy_use": discrepancy,
    }  # fmt: skip


def discrepancy_total() -> float:
    """GDP less its uses, as published: a use of its own, neither hidden nor spread over the others."""
    t = TOTALS
    return (
        t["gross_domestic_product"]
        - t["final_consumption"]
        - t["gross_capital_formation"]
        - t["exports"]
        + t["imports"]
    )


def product_taxes(household: Array) -> dict[str, Array]:
    """Taxes on products other than import duties, by product of household use."""
    t = TOTALS
    known = sum(t[k] for k in ("value_added_tax", "excises", "customs_duties", "other_trade_taxes"))
    vat = assumed("vat_weight") * household
    return {
        "household_product_taxes_vat": t["value_added_tax"] * share(vat),
        "household_product_taxes_excise": t["excises"] * assumed("excise_share"),
        "household_product_taxes_other": (t["taxes_on_products"] - t["subsidies_on_products"] - known) * share(vat),
    }
