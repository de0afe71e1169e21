"""Work, income and capital by sector."""

from __future__ import annotations

import numpy as np
from inputs import (
    AT,
    BASE,
    MINING,
    SECTIONS,
    TOTALS,
    Array,
    N,
    assumed,
    donor_column,
    published,
    sections,
    settled,
    share,
    spread,
    square,
    table,
    where,
)

from bagdar.accounts.balance import ras

# Sections whose fixed assets at book value were reclassified in the base year, and the years to go by instead.
RECLASSIFIED = {"2004": (("H", "J", "M"), ("2003", "2005")), "2000": (("H", "I"), ("2001", "2001"))}


def labour(value_added: Array) -> dict[str, Array]:
    """Employees and self-employed; sections as published, inside them by value added a person.

    The published sections miss the published totals by half a thousand persons and are scaled to them.
    """
    persons, added = donor_column("persons"), donor_column("value_added")
    # Half of the donor's differences of productivity, in logs: smaller than between its own branches.
    weight = value_added * np.sqrt(np.divide(persons, added, out=np.ones(N), where=added > 0))
    weight = np.where(where(MINING) > 0, value_added * assumed("persons_weight"), weight)
    employed = spread(sections(f"employed_{published('employed')}_thousand"), weight)
    employed *= (TOTALS["employees"] + TOTALS["self_employed"]) / employed.sum()
    own = employed * assumed("self_employed_share")
    own *= TOTALS["self_employed"] / own.sum()
    if (own > employed).any():
        raise SystemExit("more self-employed than employed")
    return {"employees": employed - own, "self_employed_by_sector": own}


def income(value_added: Array, people: dict[str, Array], consumed: Array) -> dict[str, Array]:
    """Compensation, taxes on production, mixed income by sector."""
    now, then = sections(f"employed_{published('employed')}_thousand"), sections("employed_2010_thousand")
    paid = sections("compensation_2010_mln_kzt")
    # The wages of the sections stand to one another as in 2010, the first year published.
    by_section = {group: paid[group] * now[group] / then[group] for group in SECTIONS}
    persons, wages = donor_column("persons"), donor_column("compensation")
    relative = np.sqrt(np.divide(wages, persons, out=np.ones(N), where=persons > 0))
    relative = np.where(where(MINING) > 0, assumed("relative_wage"), relative)
    compensation = spread(by_section, people["employees"] * relative)
    compensation *= TOTALS["compensation"] / compensation.sum()
    t = TOTALS
    assets = spread(sections(f"fixed_assets_{BASE}_bn_kzt"), value_added)
    social = t["social_tax"] * share(compensation)
    payments = t["resource_payments"] * assumed("resource_payments_share")
    other = (t["property_taxes"] + t["licence_taxes"] + t["other_taxes"]) * share(assets)
    subsidies = (t["subsidies"] - t["subsidies_on_products"]) * assumed("production_subsidy_share")
    taxes = social + payments + other - subsidies
    surplus = value_added - compensation - taxes
    net = np.maximum(surplus - consumed, 0.0)
    return {
        "compensation": compensation,
        "production_taxes": taxes,
        "social_tax_by_sector": social,
        "resource_payments": payments,
        "property_and_other_taxes": other,
        "production_subsidies": subsidies,
        "mixed_income": assumed("mixed_income_share") * net,
        "imputed_rent": assumed("dwelling_share") * net,
    }


def capital(investment_use: Array, value_added: Array) -> dict[str, Array]:
    """Investment by investing sector and its composition, public investment, stocks and their consumption."""
    t = TOTALS
    invested = spread(sections(f"investment_{published('investment')}_mln_kzt"), value_added)
    invested *= t["gross_fixed_capital_formation"] / invested.sum()
    flows = settled(ras(goods_for_capital() * invested, investment_use, invested, 1e-15), "capital formation")
    composition = flows / flows.sum(0)
    public = capped(assumed("public_investment_share") * invested, invested, t["public_investment"])
    worn = composition[AT["construction"]] * t["works_depreciation"]
    worn += (1 - composition[AT["construction"]]) * t["equipment_depreciation"]
    stock = capital_stock(value_added)
    whole = t["depreciation_rate"] * (stock.sum() - invested.sum()) / (1 - t["depreciation_rate"])
    rate = scaled_rate(worn, stock - invested, whole)
    before = (stock - invested) / (1 - rate)
    consumed = before - stock + invested
    return {
        "composition": composition, "investment": invested, "public_investment": public,
        "private_investment": invested - public, "consumption_of_fixed_capital": consumed,
        "fixed_capital_before": before, "fixed_capital": before - consumed + invested,
    }  # fmt: skip


def goods_for_capital() -> Array:
    """Capital goods by product and investing sector, before balancing: as assumed, or as 2004 was given them."""
    if BASE != "2004":
        return square("capital_composition")
    works = assumed("works_share")
    mix = assumed("investment_share")
    rest = share(np.where(np.arange(N) == AT["construction"], 0.0, mix))
    prior = rest[:, None] * (1 - works) + where(("construction",))[:, None] * works
    # Only farms invest in livestock and plantations.
    prior[AT["agriculture"], np.arange(N) != AT["agriculture"]] = 0.0
    prior[AT["agriculture"], AT["agriculture"]] = 0.30
    return prior


def capped(weights: Array, ceiling: Array, total: float) -> Array:
    """A total spread by weight, no part above its ceiling."""
    full = np.zeros(N, bool)
    result = weights
    for _ in range(N):
        left = total - ceiling[full].sum()
        result = np.where(full, ceiling, left * np.where(full, 0.0, weights) / weights[~full].sum())
        over = result > ceiling + 1e-12
        if not over.any():
            return result
        full |= over
    raise SystemExit("public investment is above all investment")


def scaled_rate(rate: Array, base: Array, total: float) -> Array:
    """Rates k·rate with Σ base·k·rate/(1 - k·rate) = total: consumption of what stood a year before."""
    low, high = 0.0, 0.99 / rate.max()
    for _ in range(200):
        k = (low + high) / 2
        low, high = (k, high) if (base * k * rate / (1 - k * rate)).sum() < total else (low, k)
    return k * rate


def capital_stock(value_added: Array) -> Array:
    """Stock at the end of the base year at its prices.

    The whole is GDP by the capital-output ratio of the Penn World Table. Its recorded part lies on the
    sections as fixed assets at book value do; sections whose figures of the year were reclassified, by the
    geometric mean of neighbouring years inside their official sum.
    Dwellings and public works, which enterprises do not book, are spread by assumption.
    """
    years = {row["section"]: row for row in table("sections.csv")}
    book = {section: float(row[f"fixed_assets_{BASE}_bn_kzt"]) for section, row in years.items()}
    moved, beside = RECLASSIFIED[BASE]
    mean = {k: float(np.sqrt(np.prod([float(years[k][f"fixed_assets_{y}_bn_kzt"]) for y in beside]))) for k in moved}
    whole = sum(book[k] for k in moved)
    book |= {k: whole * mean[k] / sum(mean.values()) for k in moved}
    by_section = {group: sum(book[letter] for letter in group if letter in book) for group in SECTIONS}
    total = TOTALS["capital_output_ratio"] * TOTALS["gross_domestic_product"]
    hidden = TOTALS["unrecorded_capital_share"]
    recorded = share(spread(by_section, value_added))
    return total * ((1 - hidden) * recorded + hidden * share(assumed("extra_capital_share")))
