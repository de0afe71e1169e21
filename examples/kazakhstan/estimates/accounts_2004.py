"""The accounts of Kazakhstan of 2004 in 22 sectors and 16 regions: an estimate.

    python examples/kazakhstan/estimates/accounts_2004.py

reads the tables beside it, writes tables of ../data, and prints how far each official total is missed.
README.md beside it is the page of method.
All money is in bn KZT of 2004.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bagdar.accounts.balance import Balanced, ras

Array = NDArray[np.float64]

HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "data"
SECTORS = (
    "agriculture", "oil", "coal", "ores", "food", "textiles", "wood", "refining", "chemicals", "minerals", "metals",
    "machinery", "utilities", "construction", "trade", "hotels", "transport", "communication", "finance", "business",
    "administration", "social",
)  # fmt: skip
# The sections of the statistics office that hold the sectors; mining and manufacturing are split.
SECTIONS = {
    "A": ("agriculture",), "B": SECTORS[1:4], "C": SECTORS[4:12], "DE": ("utilities",), "F": ("construction",),
    "G": ("trade",), "H": ("transport",), "I": ("hotels",), "J": ("communication",), "K": ("finance",),
    "LMN": ("business",), "O": ("administration",), "PQRST": ("social",),
}  # fmt: skip
MINING, MANUFACTURING = SECTIONS["B"], SECTIONS["C"]
INDUSTRY = SECTORS[1:13]
SINCE = 4 / 7  # 2004 lies at four sevenths of the way from 2000 to 2007
N = len(SECTORS)
AT = {code: i for i, code in enumerate(SECTORS)}


def table(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


TOTALS = {row["total"]: float(row["value"]) for row in table("totals.csv")}
ASSUMPTIONS = [(row["assumption"], row["sector"], float(row["value"])) for row in table("assumptions.csv")]
GROSS_VALUE_ADDED = TOTALS["output"] - TOTALS["intermediate_consumption"]


def assumed(name: str) -> Array:
    """An assumption by sector, 0 where none is made."""
    values = np.zeros(N)
    for assumption, sector, value in ASSUMPTIONS:
        if assumption == name:
            values[AT[sector]] = value
    return values


def share(weights: Array) -> Array:
    return weights / weights.sum()


def where(sectors: tuple[str, ...]) -> Array:
    """1 for these sectors, 0 for others."""
    return np.array([float(code in sectors) for code in SECTORS])


def settled(balanced: Balanced, what: str) -> Array:
    """The balanced table; a balance that failed stops the script and says why."""
    if not balanced.converged:
        raise SystemExit(f"{what}: {balanced.problems}")
    return balanced.matrix


# Production


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
    for row in table("mining.csv"):
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
    sold = assumed("exports_mln_usd") * TOTALS["exchange_rate"] / 1000
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
    coefficients = donor()
    prior = np.column_stack([
        coefficients * output,
        assumed("household_share") * TOTALS["household_consumption"],
        assumed("investment_share") * TOTALS["gross_fixed_capital_formation"],
    ])  # fmt: skip
    columns = [
        *(output - value_added),
        TOTALS["household_consumption"] - other_taxes,
        TOTALS["gross_fixed_capital_formation"],
    ]
    balanced = settled(ras(prior, supply - given, columns, 1e-15), "uses by product")
    technical = balanced[:, :N] / output
    investment = balanced[:, N + 1]
    # Households take what is left of each product, so that uses are supply to the last digit.
    left = supply - given - investment - technical @ output
    household = np.where(assumed("household_share") > 0, left, 0.0)
    return {
        "technical": technical, "prior": coefficients, "household_use": household, "investment_use": investment,
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


# Work, income and capital


def sections(column: str) -> dict[str, float]:
    """A column of the sections, added up to the groups that the sectors stand in."""
    rows = {row["section"]: float(row[column]) for row in table("sections.csv")}
    return {group: sum(rows[letter] for letter in group if letter in rows) for group in SECTIONS}


def spread(by_section: dict[str, float], weights: Array) -> Array:
    """Figures of sections on sectors, inside a section by weight."""
    result = np.zeros(N)
    for group, members in SECTIONS.items():
        at = [AT[m] for m in members]
        result[at] = by_section[group] * weights[at] / weights[at].sum()
    return result


def donor_column(name: str) -> Array:
    row = next(row for row in table("donor_brazil_2004.csv") if row["product"] == name)
    return np.array([float(row[q]) for q in SECTORS])


def labour(value_added: Array) -> dict[str, Array]:
    """Employees and self-employed; sections as published, inside them by value added a person.

    The published sections miss the published totals by half a thousand persons and are scaled to them.
    """
    persons, added = donor_column("persons"), donor_column("value_added")
    # Half of the donor's differences of productivity, in logs: smaller than between its own branches.
    weight = value_added * np.sqrt(np.divide(persons, added, out=np.ones(N), where=added > 0))
    weight = np.where(where(MINING) > 0, value_added * assumed("persons_weight"), weight)
    employed = spread(sections("employed_2004_thousand"), weight)
    employed *= (TOTALS["employees"] + TOTALS["self_employed"]) / employed.sum()
    own = employed * assumed("self_employed_share")
    own *= TOTALS["self_employed"] / own.sum()
    if (own > employed).any():
        raise SystemExit("more self-employed than employed")
    return {"employees": employed - own, "self_employed_by_sector": own}


def income(value_added: Array, people: dict[str, Array], consumed: Array) -> dict[str, Array]:
    """Compensation, taxes on production, mixed income by sector."""
    now, then = sections("employed_2004_thousand"), sections("employed_2010_thousand")
    paid = sections("compensation_2010_mln_kzt")
    # The wages of the sections stand to one another as in 2010, the first year published.
    by_section = {group: paid[group] * now[group] / then[group] for group in SECTIONS}
    persons, wages = donor_column("persons"), donor_column("compensation")
    relative = np.sqrt(np.divide(wages, persons, out=np.ones(N), where=persons > 0))
    relative = np.where(where(MINING) > 0, assumed("relative_wage"), relative)
    compensation = spread(by_section, people["employees"] * relative)
    compensation *= TOTALS["compensation"] / compensation.sum()
    t = TOTALS
    assets = spread(sections("fixed_assets_2004_bn_kzt"), value_added)
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
    invested = spread(sections("investment_2004_mln_kzt"), value_added)
    invested *= t["gross_fixed_capital_formation"] / invested.sum()
    works = assumed("works_share")
    mix = assumed("investment_share")
    rest = share(np.where(np.arange(N) == AT["construction"], 0.0, mix))
    prior = rest[:, None] * (1 - works) + where(("construction",))[:, None] * works
    # Only farms invest in livestock and plantations.
    prior[AT["agriculture"], np.arange(N) != AT["agriculture"]] = 0.0
    prior[AT["agriculture"], AT["agriculture"]] = 0.30
    flows = settled(ras(prior * invested, investment_use, invested, 1e-15), "capital formation")
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
        "private_investment": invested - public, "consumption_of_fixed_capital": consumed, "fixed_capital_2003": before,
        "fixed_capital_2004": before - consumed + invested,
    }  # fmt: skip


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
    """Stock at the end of 2004 at prices of 2004.

    The whole is GDP by the capital-output ratio of the Penn World Table. Its recorded part lies on the
    sections as fixed assets at book value do; transport, communication and professional services, whose
    figures of 2004 were reclassified, by the geometric mean of 2003 and 2005 inside their official sum.
    Dwellings and public works, which enterprises do not book, are spread by assumption.
    """
    years = {row["section"]: row for row in table("sections.csv")}
    book = {section: float(row["fixed_assets_2004_bn_kzt"]) for section, row in years.items()}
    moved = ("H", "J", "M")
    mean = {
        k: float(np.sqrt(float(years[k]["fixed_assets_2003_bn_kzt"]) * float(years[k]["fixed_assets_2005_bn_kzt"])))
        for k in moved
    }
    whole = sum(book[k] for k in moved)
    book |= {k: whole * mean[k] / sum(mean.values()) for k in moved}
    by_section = {group: sum(book[letter] for letter in group if letter in book) for group in SECTIONS}
    total = TOTALS["capital_output_ratio"] * TOTALS["gross_domestic_product"]
    hidden = TOTALS["unrecorded_capital_share"]
    recorded = share(spread(by_section, value_added))
    return total * ((1 - hidden) * recorded + hidden * share(assumed("extra_capital_share")))


# Regions


def regions(value_added: Array, people: dict[str, Array]) -> tuple[list[str], Array, Array]:
    """Shares of the regions in value added and in employment of each sector, balanced by RAS."""
    rows, weights = table("regions.csv"), {row["region"]: row for row in table("region_priors.csv")}
    codes = [row["region"] for row in rows]
    accounts = {
        (row["indicator"], row["region"]): float(row["2004"] or "nan") for row in written("region_accounts.csv")
    }
    product_ = np.array([accounts["gross_regional_product", code] for code in codes]) / 1000
    employed = np.array([accounts["regional_employment", code] for code in codes])
    prior = np.array([[region_weight(sector, row, weights[row["region"]]) for sector in SECTORS] for row in rows])
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


def region_weight(sector: str, row: dict[str, str], weights: dict[str, str]) -> float:
    """The weight of a region in a sector before balancing."""
    figure = {k: float(v) for k, v in row.items() if k not in ("region", "source")}
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


# Writing


def written(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(name: str, head: list[str], rows: list[list[object]]) -> None:
    with (DATA / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows([[repr(float(x)) if isinstance(x, float) else x for x in row] for row in rows])


def by_sector(code: str, values: Array, unit: str, period: str = "2004") -> list[list[object]]:
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
    for year in ("2003", "2004"):
        rows += by_sector("fixed_capital", a[f"fixed_capital_{year}"], "bn KZT", year)
    write("accounts_by_sector.csv", head, rows)
    people = [row for k in ("employees", "self_employed_by_sector") for row in by_sector(k, a[k], "thousand person")]
    write("labour_by_sector.csv", head, people)
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


def report(a: dict[str, Array]) -> str:
    """Every official total, what the table gives, and the difference; then the sectors at a glance."""
    t, total = TOTALS, {k: float(v.sum()) for k, v in a.items() if k != "regions"}
    industry = where(INDUSTRY)
    added = a["value_added"]
    gdp = t["gross_domestic_product"]
    taxes = sum(total[f"household_product_taxes_{k}"] for k in ("vat", "excise", "other"))
    duties = total["import_duties"]
    expenditure = (
        total["household_use"] + taxes + total["government_use"] + total["investment_use"] + total["inventories_use"]
        + total["discrepancy_use"] + total["product_exports"] - total["product_imports"] + duties
    )  # fmt: skip
    group = {"agriculture": where(("agriculture",)), "industry": where((*INDUSTRY, "construction"))}
    group["services"] = 1 - group["agriculture"] - group["industry"]
    lines = [
        ("Gross output", t["output"], total["output"]),
        ("Intermediate consumption", t["intermediate_consumption"], float((a["technical"] @ a["output"]).sum())),
        ("FISIM not allocated", t["fisim"], total["fisim_use"]),
        ("Value added before FISIM", GROSS_VALUE_ADDED, total["value_added"]),
        ("GDP by production", gdp, total["value_added"] - t["fisim"] + taxes + duties),
        ("GDP by expenditure, with the discrepancy", gdp, expenditure),
        ("Statistical discrepancy", discrepancy_total(), total["discrepancy_use"]),
        ("Household consumption, purchasers' prices", t["household_consumption"], total["household_use"] + taxes),
        ("Government and NPISH consumption", t["final_consumption"] - t["household_consumption"], total["government_use"]),
        ("Gross fixed capital formation", t["gross_fixed_capital_formation"], total["investment_use"]),
        ("Fixed capital formation by investing sector", t["gross_fixed_capital_formation"], total["investment"]),
        ("Gross capital formation", t["gross_capital_formation"], total["investment_use"] + total["inventories_use"]),
        ("Exports", t["exports"], total["product_exports"]),
        ("Imports (cif, without duties)", t["imports"], total["product_imports"] - duties),
        ("Compensation of employees", t["compensation"], total["compensation"]),
        ("Net taxes on products", t["taxes_on_products"] - t["subsidies_on_products"], taxes + duties),
        ("Value added tax", t["value_added_tax"], total["household_product_taxes_vat"]),
        ("Excises", t["excises"], total["household_product_taxes_excise"]),
        ("Customs duties and other taxes on imports", t["customs_duties"] + t["other_trade_taxes"], duties),
        ("Employees, thousand", t["employees"], total["employees"]),
        ("Self-employed, thousand", t["self_employed"], total["self_employed_by_sector"]),
        ("Public investment (GFS, net)", t["public_investment"], total["public_investment"]),
        ("Agriculture, % of GDP", t["agriculture_share"], 100 * float(group["agriculture"] @ added) / gdp),
        ("Industry and construction, % of GDP", t["industry_share"], 100 * float(group["industry"] @ added) / gdp),
        ("Services, % of GDP", t["services_share"], 100 * float(group["services"] @ added) / gdp),
        ("Industry, % of GDP (S71, operational)", t["industrial_share"], 100 * float(industry @ added) / gdp),
        ("Output of industry (S71, industrial statistics)", t["industrial_output"], float(industry @ a["output"])),
        ("Fixed assets at book value, end of 2004", sum(sections("fixed_assets_2004_bn_kzt").values()), total["fixed_capital_2004"]),
    ]  # fmt: skip
    for name, group_ in SECTIONS.items():
        official = sections("employed_2004_thousand")[name]
        people = float(where(group_) @ (a["employees"] + a["self_employed_by_sector"]))
        lines.append((f"Employed in section {name}, thousand", official, people))
    text = ["| official total | official | table | table less official |", "|---|---:|---:|---:|"]
    text += [f"| {name} | {told:.4f} | {got:.4f} | {got - told:+.4f} |" for name, told, got in lines]
    return "\n".join(text)


def glance(a: dict[str, Array]) -> str:
    """The sectors at a glance, for a reader's judgement."""
    x, v = a["output"], a["value_added"]
    use = x + a["product_imports"] - a["product_exports"]
    surplus = v - a["compensation"] - a["production_taxes"] - a["mixed_income"]
    net = surplus - a["consumption_of_fixed_capital"]
    head = (
        "sector", "output", "VA", "VA % all", "VA/output", "exports", "imports", "import share %", "household",
        "government", "investment", "employees", "self-empl.", "wage k KZT/month", "mixed k/month", "capital/VA",
        "invested", "depr. %", "net surplus",
    )  # fmt: skip
    rows = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    for i, code in enumerate(SECTORS):
        own = a["self_employed_by_sector"][i]
        cells = (
            f"{x[i]:.0f}", f"{v[i]:.0f}", f"{100 * v[i] / v.sum():.1f}", f"{v[i] / x[i]:.2f}",
            f"{a['product_exports'][i]:.0f}", f"{a['product_imports'][i]:.0f}",
            f"{100 * a['product_imports'][i] / use[i]:.0f}", f"{a['household_use'][i]:.0f}",
            f"{a['government_use'][i]:.0f}", f"{a['investment_use'][i]:.0f}", f"{a['employees'][i]:.0f}", f"{own:.0f}",
            f"{1000 * a['compensation'][i] / a['employees'][i] / 12:.0f}",
            f"{1000 * a['mixed_income'][i] / own / 12:.0f}" if own > 0 else "",
            f"{a['fixed_capital_2004'][i] / v[i]:.1f}", f"{a['investment'][i]:.0f}",
            f"{100 * a['consumption_of_fixed_capital'][i] / a['fixed_capital_2003'][i]:.1f}", f"{net[i]:.0f}",
        )  # fmt: skip
        rows.append(f"| {code} | " + " | ".join(cells) + " |")
    rows.append("")
    for code in (
        "mixed_income",
        "imputed_rent",
        "production_taxes",
        "consumption_of_fixed_capital",
        "fixed_capital_2004",
    ):
        rows.append(f"- {code}: {a[code].sum():.1f} bn KZT")
    return "\n".join(rows)


if __name__ == "__main__":
    accounts = estimate()
    save(accounts)
    said = (
        f"# What the accounts of 2004 give\n\n{report(accounts)}\n\n## The sectors at a glance\n\n{glance(accounts)}\n"
    )
    (HERE / "residuals.md").write_text(said, encoding="utf-8")
    print(said)
