"""Value added and employment of the sectors by region, and its people."""

from __future__ import annotations

import numpy as np
from inputs import BASE, PLAN, SECTORS, TOTALS, Array, N, rows, settled, share, table, written

from bagdar.accounts.balance import ras


def regions(value_added: Array, people: dict[str, Array]) -> tuple[list[str], Array, Array]:
    """Shares of the regions in value added and in employment of each sector, balanced by RAS.

    A plan that is not divided has one region, with all of it.
    """
    members = [row["code"] for row in rows(PLAN / "sets" / "region.csv") if row["parent"]]
    if len(members) == 1:
        return members, np.ones((1, N)), np.ones((1, N))
    told, weights = table("regions.csv"), {row["region"]: row for row in table("region_priors.csv")}
    codes = [row["region"] for row in told]
    accounts = {(row["indicator"], row["region"]): float(row[BASE] or "nan") for row in written("region_accounts.csv")}
    product_ = np.array([accounts["gross_regional_product", code] for code in codes]) / 1000
    employed = np.array([accounts["regional_employment", code] for code in codes])
    prior = np.array([[region_weight(sector, row, weights[row["region"]]) for sector in SECTORS] for row in told])
    prior /= prior.sum(0)
    columns = value_added * TOTALS["gross_domestic_product"] / value_added.sum()
    product_ *= columns.sum() / product_.sum()  # the regions are published to 0.1 mln
    made = settled(ras(prior * columns, product_, columns, 1e-15), "regional product")
    workers = people["employees"] + people["self_employed_by_sector"]
    employed *= workers.sum() / employed.sum()
    # Work is spread more evenly than product: half of the one, half of all work.
    spread_out = np.sqrt(np.maximum(made / made.sum(0), 1e-12) * share(employed)[:, None])
    spread_out[made <= 0] = 0.0
    work = settled(ras(spread_out * workers, employed, workers, 1e-15), "regional employment")
    return codes, made / made.sum(0), work / work.sum(0)


def population_shares() -> dict[str, float]:
    """Shares of the regions in population: those of 2009, the first year published, on the borders of 2004.

    A plan that is not divided has one region, with all of them.
    """
    members = [row["code"] for row in rows(PLAN / "sets" / "region.csv") if row["parent"]]
    if len(members) == 1:
        return {members[0]: 1.0}
    people = {row["region"]: float(row["population_2009"]) for row in table("regions.csv")}
    return {region: heads / sum(people.values()) for region, heads in people.items()}


def region_weight(sector: str, row: dict[str, str], weights: dict[str, str]) -> float:
    """The weight of a region in a sector before balancing."""
    figure = {k: float(v) for k, v in row.items() if k not in ("region", "population_2009", "source")}
    if sector == "agriculture":
        return figure["gva_2010_A_mln_kzt"]
    if sector == "oil":  # a million m³ of gas counts as 0.25 thousand tonnes of oil
        return figure["crude_oil_kt"] + figure["natural_gas_mln_m3"] / 4
    if sector == "coal":  # coal of Karaganda is coking coal, worth more
        return figure["coal_kt"] * (2.0 if row["region"] == "KRG" else 1.0)
    if sector == "ores":
        known = 30 * figure["iron_ore_kt"] + 25 * figure["copper_ore_kt"] + 20 * figure["bauxite_kt"]
        return known / 1000 + float(weights["ores"])
    if sector == "utilities":
        return figure["gva_2010_D_mln_kzt"]
    if sector == "construction":
        return figure["investment_2004_mln_kzt"]
    return float(weights[sector])
