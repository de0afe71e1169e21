"""From the accounts of 2004 to the numbers that the model reads: run after `accounts_2004.py`.

Every coefficient here is an identity of the base year: with it each behavioural equation gives 2004 without an
add-factor. Elasticities are not made here: they stand in `data/elasticities*.csv`, with their ranges and reasons.

    python examples/kazakhstan/estimates/calibrate.py
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from math import log
from pathlib import Path

HERE = Path(__file__).parent
PLAN = HERE.parent
Table = dict[tuple[str, ...], float]
# Tonnes of CO2 from a tonne of coal: 18.6 GJ/t of Ekibastuz coal x 94.6 kg/GJ (IPCC 2006, volume 2, table 2.2).
COAL_CO2 = 1.76
YEARS = ("2004", "2005", "2006", "2007")


def labelled(file: Path, dims: int) -> dict[str, Table]:
    """A long table by indicator: labels (and the period, if there is such a column) -> value."""
    tables: dict[str, Table] = {}
    with file.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            keys = list(row)[1 : 1 + dims] + (["period"] if "period" in row else [])
            tables.setdefault(row["indicator"], {})[tuple(row[k] for k in keys)] = float(row["value"])
    return tables


def matrix(file: Path) -> Table:
    """A long table of one indicator over two sets."""
    with file.open(encoding="utf-8", newline="") as stream:
        return {(row["sector"], row["sector_2"]): float(row["value"]) for row in csv.DictReader(stream)}


def wide(*files: str) -> dict[tuple[str, str], float]:
    """The plan's official and estimated series: (indicator, period) -> value as written."""
    found: dict[tuple[str, str], float] = {}
    for name in files:
        with (PLAN / "data" / name).open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                for column, text in row.items():
                    if column and column.isdigit() and text:
                        found[row["indicator"], column] = float(text)
    return found


def sectors() -> tuple[list[str], dict[str, list[str]]]:
    """All sectors and those of each flag, from the plan's own set."""
    with (PLAN / "sets" / "sector.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["parent"]]
    flags = [k for k in rows[0] if k not in ("code", "kk", "ru", "en", "parent")]
    return [row["code"] for row in rows], {f: [r["code"] for r in rows if r[f] == "yes"] for f in flags}


def write(name: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table of the plan, numbers to full precision."""
    with (PLAN / "data" / name).open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(head)
        out.writerows([[repr(v) if isinstance(v, float) else v for v in row] for row in rows])


def main() -> None:
    S, flag = sectors()
    accounts = {k: {key[0] if key[1] == "2004" else key: v for key, v in t.items()} for k, t in labelled(HERE / "accounts_by_sector.csv", 1).items()}
    labour = {k: {key[0]: v for key, v in t.items()} for k, t in labelled(HERE / "labour_by_sector.csv", 1).items()}
    technical = matrix(PLAN / "data" / "technical.csv")
    series = wide("accounts.csv", "volumes.csv", "prices.csv", "labour.csv", "government.csv", "external.csv", "money.csv")
    given = wide("levers.csv", "assumptions.csv", "physical.csv")
    elastic = scalars("elasticities.csv")
    elastic |= {k: v for (k, s), v in calibration().items() if not s}
    by_sector: dict[str, dict[str, float]] = {}
    for (code, sector), number in calibration().items():
        by_sector.setdefault(code, {})[sector] = number
    base = base_of_sectors(S, flag, accounts, labour, technical, series, given, by_sector, elastic["frisch"])
    write("base_by_sector.csv", ["indicator", "sector", "period", "value"], base["values"])
    write("calibrated_by_sector.csv", ["indicator", "sector", "value"], base["coefficients"])
    write("calibrated.csv", ["indicator", "value", "note"], base_of_economy(S, flag, accounts, labour, series, given, elastic, base))
    write("emission_norms.csv", ["indicator", "emission", "sector", "value"], base["emissions"])
    write("paths_by_sector.csv", ["indicator", "sector", *YEARS, "unit", "note"], base["paths"])


def calibration() -> dict[tuple[str, str], float]:
    """What only the calibration reads: (parameter, sector or nothing) -> value."""
    with (HERE / "calibration.csv").open(encoding="utf-8", newline="") as stream:
        return {(row["parameter"], row["sector"]): float(row["value"]) for row in csv.DictReader(stream)}


def scalars(name: str) -> dict[str, float]:
    with (PLAN / "data" / name).open(encoding="utf-8", newline="") as stream:
        return {row["indicator"]: float(row["value"]) for row in csv.DictReader(stream)}


def base_of_sectors(S, flag, a, labour, technical, series, given, by_sector, frisch):  # type: ignore[no-untyped-def]
    """Base-year values and coefficients by sector."""
    social = given["social_tax_rate", "2004"] / 100
    vat = given["vat_rate", "2004"]
    population = series["population", "2004"]
    before = {s: v for (s, year), v in ((k, v) for k, v in a["fixed_capital"].items() if isinstance(k, tuple)) if year == "2003"}
    values: list[list[object]] = []
    coefficients: list[list[object]] = []
    paths: list[list[object]] = []
    keep: dict[str, dict[str, float]] = {}

    def value(code: str, numbers: Mapping[str, float], period: str = "2004") -> None:
        values.extend([code, s, period, float(v)] for s, v in numbers.items())

    def path(code: str, numbers: Mapping[str, float], unit: str, note: str, growth: float = 0.0) -> None:
        paths.extend([code, s, *(float(v) * (1 + growth) ** n for n in range(4)), unit, note] for s, v in numbers.items())

    def coefficient(code: str, numbers: Mapping[str, float]) -> dict[str, float]:
        coefficients.extend([code, s, float(v)] for s, v in numbers.items())
        keep[code] = dict(numbers)
        return keep[code]

    output, exports, imports, household = a["output"], a["product_exports"], a["product_imports"], a["household_use"]
    value_added, compensation, employees = a["value_added"], a["compensation"], labour["employees"]
    demand = {s: sum(technical.get((s, q), 0.0) * output[q] for q in S) for s in S}
    domestic = {s: output[s] + imports[s] - exports[s] for s in S}
    # What is left of domestic use beyond its named parts is FISIM and the statistical discrepancy.
    fisim, discrepancy = series["fisim", "2004"] / 1000, series["statistical_discrepancy", "2004"] / 1000
    coefficient("fisim_pattern", {s: 1.0 if s in flag["finance"] else 0.0 for s in S})
    coefficient("discrepancy_pattern", {s: a["discrepancy_use"][s] / discrepancy if s in a.get("discrepancy_use", {}) else 0.0 for s in S})
    services = sum(a["government_use"][s] for s in S)
    coefficient("government_pattern", {s: a["government_use"][s] / services for s in S})
    duty = coefficient("import_duty_base", {s: 100 * a["import_duties"].get(s, 0.0) / (imports[s] - a["import_duties"].get(s, 0.0)) if imports[s] else 0.0 for s in S})
    path("import_duty_rate", duty, "%", "Import duty of 2004; unchanged")
    coefficient("import_ratio_base", {s: imports[s] / (domestic[s] - imports[s]) for s in S})
    value("import_ratio", keep["import_ratio_base"])
    coefficient("export_base", {s: exports[s] for s in flag["demand_led"]})
    tonnes = physical()
    coefficient("price_per_tonne", {r: output[r] / tonnes[r] for r in flag["resource"]})
    # Capital, capacity, investment.
    utilisation = coefficient("utilisation_base", by_sector["utilisation_2004"])
    coefficient("capacity_ratio", {s: output[s] / utilisation[s] / before[s] for s in S})
    cfc = a["consumption_of_fixed_capital"]
    wear = coefficient("depreciation_rate", {s: cfc[s] / before[s] for s in S})
    coefficient("investment_rate_base", {s: a["private_investment"][s] / before[s] for s in S})
    value("investment_wanted", a["private_investment"])
    value("private_investment", a["private_investment"])
    path("public_investment", a["public_investment"], "bn KZT", "Growth of 6 % a year", 0.06)
    path("inventories_use", a["inventories_use"], "bn KZT", "Kept at 2004")
    path("export_limit", {r: 10 * exports[r] for r in flag["resource"]}, "bn KZT", "No pipeline or quota binds: ten times the exports of 2004")
    value("fixed_capital", before, "2003")
    value("fixed_capital", {s: (1 - wear[s]) * before[s] + a["private_investment"][s] + a["public_investment"][s] for s in S})
    # Taxes on products paid by households.
    vat_cover = coefficient("vat_coverage", {s: 100 * a["household_product_taxes_vat"].get(s, 0.0) / household[s] / vat if household[s] else 0.0 for s in S})
    excise = {s: 100 * a["household_product_taxes_excise"].get(s, 0.0) / household[s] if household[s] else 0.0 for s in S}
    other = {s: 100 * a["household_product_taxes_other"].get(s, 0.0) / household[s] if household[s] else 0.0 for s in S}
    path("excise_rate", excise, "%", "Excises of 2004; unchanged")
    path("other_product_tax_rate", other, "%", "Other taxes less subsidies on products, with the accrual difference, of 2004; unchanged")
    tax = coefficient("household_tax_base", {s: vat * vat_cover[s] + excise[s] + other[s] for s in S})
    # Costs and profit.
    production = {s: 100 * a["property_and_other_taxes"][s] / output[s] for s in S}
    payments = {s: 100 * a["resource_payments"][s] / output[s] for s in S}
    subsidy = {s: 100 * a["production_subsidies"][s] / output[s] for s in S}
    path("resource_payment_rate", payments, "%", "Payments for natural resources of 2004; unchanged")
    path("subsidy_rate", subsidy, "%", "Subsidies on production of 2004; unchanged")
    coefficient("social_tax_coverage", {s: a["social_tax_by_sector"][s] / (social * compensation[s]) for s in S})
    path("production_tax_rate", production, "%", "Other taxes on production of 2004; unchanged")
    wear_cost = coefficient("capital_cost", {s: cfc[s] / output[s] for s in S})
    inputs = {s: sum(technical.get((q, s), 0.0) for q in S) for s in S}
    pay = {s: (compensation[s] + a["social_tax_by_sector"][s]) / output[s] for s in S}
    cost = {s: (inputs[s] + pay[s] + wear_cost[s]) / (1 - (production[s] + payments[s] - subsidy[s]) / 100) for s in S}
    coefficient("markup", {s: cost[s] ** -1 for s in S if s in flag["competitive"] + flag["public"]})
    coefficient("mixed_income_share", {s: a["mixed_income"][s] / (value_added[s] - compensation[s] - a["production_taxes"][s]) for s in S})
    profit = {s: value_added[s] - compensation[s] - a["production_taxes"][s] - a["mixed_income"][s] - cfc[s] for s in S}
    coefficient("profit_rate_base", {s: profit[s] / before[s] for s in S})
    # Labour.
    wage = {s: compensation[s] / employees[s] for s in S}
    value("market_wage", {s: wage[s] for s in flag["private"]})
    coefficient("market_wage_base", {s: wage[s] for s in flag["private"]})
    coefficient("public_wage_base", {s: wage[s] for s in flag["public"]})
    coefficient("sector_employees_base", employees)
    coefficient("output_base", output)
    self_employed = labour["self_employed_by_sector"]
    coefficient("self_employed_ratio", {s: self_employed[s] / employees[s] for s in flag["nonfarm"]})
    value("sector_employees", employees)
    value("sector_self_employed", self_employed)
    # Consumption: Stone's system from income elasticities and the flexibility of money (Frisch 1959).
    spent = {s: household[s] * (1 + tax[s] / 100) for s in S}
    total = sum(spent.values())
    wanted = by_sector["income_elasticity"]
    mean = sum(wanted[s] * spent[s] for s in S) / total
    marginal = coefficient("marginal_budget_share", {s: wanted[s] / mean * spent[s] / total for s in S})
    coefficient("subsistence_use", {s: household[s] * (1 + wanted[s] / mean / frisch) / population for s in S})
    assert abs(sum(marginal.values()) - 1) < 1e-12
    # Physical norms.
    kwh = physical_totals()["electricity_output"]
    per_use = kwh / domestic["utilities"]
    coefficient("electricity_norm", {s: technical.get(("utilities", s), 0.0) * per_use for s in S})
    per_coal = COAL_CO2 * tonnes["coal"] / output["coal"]
    emissions = [["emission_norm", "coal_co2", s, technical.get(("coal", s), 0.0) * per_coal] for s in S]
    values_of = {code: a[code] for code in ("government_use", "investment_use", "fisim_use", "discrepancy_use")} | {"output": output, "household_use": household, "product_exports": exports, "product_imports": imports}
    for code, numbers in values_of.items():
        value(code, numbers)
    ones = dict.fromkeys(S, 1.0)
    for code in ("domestic_price", "product_export_price", "product_import_price"):
        value(code, ones)
    for code in ("value_added", "compensation", "mixed_income", "production_taxes", "consumption_of_fixed_capital"):
        value(code, a[code])
    return {"emissions": emissions, "values": values, "paths": paths, "coefficients": coefficients, "keep": keep, "output": output, "household": household, "profit": profit, "cfc": cfc, "domestic": domestic, "per_use": per_use, "fisim": fisim, "demand": demand, "before": before, "services": services, "exports": exports}


def physical() -> dict[str, float]:
    with (PLAN / "data" / "resource_path.csv").open(encoding="utf-8", newline="") as stream:
        return {row["sector"]: float(row["2004"]) for row in csv.DictReader(stream) if row["indicator"] == "resource_path"}


def physical_totals() -> dict[str, float]:
    with (PLAN / "data" / "physical.csv").open(encoding="utf-8", newline="") as stream:
        return {row["indicator"]: float(row["2004"]) for row in csv.DictReader(stream)}


def base_of_economy(S, flag, a, labour, series, given, elastic, base):  # type: ignore[no-untyped-def]
    """Coefficients of the whole economy, each with how it was made."""
    rows: list[list[object]] = []

    def coefficient(code: str, number: float, note: str) -> float:
        rows.append([code, float(number), note])
        return number

    output, keep = base["output"], base["keep"]
    population, labour_force = series["population", "2004"], series["labour_force", "2004"]
    coefficient("fisim_rate", base["fisim"] / sum(output[s] for s in flag["finance"]), "FISIM of 2004 / output of finance")
    coefficient("lending_rate_base", series["lending_rate", "2004"], "Lending rate of 2004")
    employees, self_employed = labour["employees"], labour["self_employed_by_sector"]
    farm = sum(self_employed[f] for f in flag["farm"])
    all_employed = sum(employees.values()) + sum(self_employed.values())
    coefficient("farm_hands_base", farm, "Self-employed in agriculture, 2004")
    coefficient("labour_force_base", labour_force, "Labour force of 2004")
    coefficient("off_farm_base", all_employed - farm, "Employees and the self-employed outside agriculture, 2004")
    coefficient("consumer_price_before_base", series["consumer_price", "2003"], "Consumer price of 2003, 2004 = 1")
    coefficient("productivity_base", series["gdp_volume", "2004"] / all_employed, "GDP of 2004 / employed")
    coefficient("unemployment_rate_base", 100 * series["unemployed", "2004"] / labour_force, "Unemployment rate of 2004")
    coefficient("exchange_rate_base", series["exchange_rate", "2004"], "Exchange rate of 2004")
    # Households: the saving ratio of 2004 is an assumption, so property income is what it takes.
    consumption = series["household_consumption", "2004"] / 1000
    disposable = consumption / (1 - elastic["saving_ratio_2004"])
    pay = series["compensation_of_employees", "2004"] / 1000
    transfers = series["secondary_income", "2004"] / 1000 * series["exchange_rate", "2004"]
    earned = pay - series["personal_income_tax", "2004"] + sum(a["mixed_income"].values())
    property_income = disposable - earned - series["social_benefits", "2004"] - transfers
    gross_profit = sum(base["profit"].values()) + sum(base["cfc"].values()) - base["fisim"]
    corporate = series["corporate_income_tax", "2004"]
    taxes = sum(v for s in S for v in (a["household_product_taxes_vat"].get(s, 0.0), a["household_product_taxes_excise"].get(s, 0.0), a["household_product_taxes_other"].get(s, 0.0), a["import_duties"].get(s, 0.0)))
    payments, subsidies = sum(a["resource_payments"].values()), sum(a["production_subsidies"].values())
    rent = series["government_revenue", "2004"] - taxes - sum(a["production_taxes"].values()) - subsidies - series["personal_income_tax", "2004"] - corporate
    revenue = rent + payments
    coefficient("dividend_share", property_income / (gross_profit - corporate - rent), "Property income of households that makes the saving ratio of 2004 the assumed one / profit after tax")
    habit = elastic["consumption_habit"]
    real = disposable / series["consumer_price", "2004"]
    target = log(series["household_consumption_volume", "2004"]) - habit * log(series["household_consumption_volume", "2003"])
    coefficient("consumption_propensity", 2.718281828459045 ** (target / (1 - habit)) / real, "Makes the consumption equation give 2004")
    income = elastic["money_income_per_head_2004"] * 12 * population / 1e6
    coefficient("income_survey_share", income / disposable, "Money income per head of the survey x population / disposable income")
    allowance = given["tax_depreciation_rate", "2004"] / 100 * sum(base["before"].values())
    coefficient("taxable_share", corporate / (given["corporate_income_tax_rate", "2004"] / 100 * (gross_profit - allowance)), "Corporate income tax of 2004 / what the rate would give")
    coefficient("debt_interest_rate", 100 * series["government_interest", "2004"] / series["government_debt", "2003"], "Interest of 2004 / debt at the end of 2003")
    resource_exports = sum(base["exports"][r] for r in flag["resource"])
    coefficient("repatriation_share", -series["primary_income", "2004"] / 1000 * series["exchange_rate", "2004"] / resource_exports, "Primary income of 2004 / resource exports")
    growth = log(series["money", "2004"] / series["money", "2003"]) - log(series["gdp", "2004"] / series["gdp", "2003"])
    coefficient("monetisation_trend", elastic.get("monetisation_trend", growth), "Growth of money over GDP")
    totals = physical_totals()
    utilities = sum(output[u] for u in flag["energy"])
    coefficient("electricity_per_output", totals["electricity_output"] / utilities, "Electricity generated in 2004 / output of utilities")
    coefficient("electricity_household_norm", base["per_use"] * base["household"]["utilities"] / population * 1e6, "At the mean price: households' use of utilities")
    coefficient("grain_per_output", totals["grain_output"] / sum(output[f] for f in flag["farm"]), "Grain harvest of 2004 / output of agriculture")
    resource_value = sum(output[r] for r in flag["resource"])
    print(f"resource rent {rent:.1f} and payments {payments:.1f} bn KZT; property income {property_income:.1f}; gross profit {gross_profit:.1f}")
    fund = 100 * (series["government_debt", "2004"] - series["government_debt", "2003"] + series["government_revenue", "2004"] - series["government_expenditure", "2004"]) / revenue
    write("calibrated_levers.csv", ["indicator", "2004", "2005", "2006", "2007", "note"], [["resource_rent_rate", *[100 * rent / resource_value] * 4, "Resource rent of 2004 (residual of total revenue) / output value of resource sectors; unchanged"], ["fund_rule", *[fund] * 4, "What was saved beside repaying debt in 2004 / resource revenue; unchanged"]])
    return rows


if __name__ == "__main__":
    main()
