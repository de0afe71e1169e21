"""Norms of the material balances: from the physical flows of 2004 to coefficients of `17_material_balances.eq`.

    python examples/kazakhstan/estimates/material.py

reads `material.csv` (figures as they were read, with their sources; what is assumed says so) and the accounts, and
writes `material_norms.csv`, `power_stations.csv`, `power_users.csv`, `material_paths.csv` and `labour_supply.csv` in
`../data`. Run it after `calibrate.py`.
"""

from __future__ import annotations

from base_year import BaseYear, read
from calibrate_physical import electricity, electricity_per_use
from calibrate_products import domestic_use
from inputs import INDUSTRY, SECTORS, table, write, written

FIGURES = {(row["product"], row["item"]): float(row["value"]) for row in table("material.csv")}
DAYS = 366
ESTIMATE, ASSUMPTION = "estimate", "assumption"
USERS = {
    "stations": ("utilities",),
    "industry": tuple(s for s in INDUSTRY if s != "utilities"),
    "agriculture": ("agriculture",),
    "transport": ("transport", "communication"),
}
Norms = dict[str, tuple[float, str, str, str, str]]
Paths = list[list[object]]


def assumed(item: str) -> float:
    """A figure that nobody published."""
    return FIGURES["assumed", item]


def oil(base: BaseYear) -> Norms:
    """Condensate in a unit of output; oil in a unit of output of refining (coke stands there too)."""
    run = FIGURES["crude_oil_and_condensate", "refinery_throughput"] * DAYS / assumed("barrels_per_tonne") / 1000
    condensate = FIGURES["crude_oil_and_condensate", "output_condensate"]
    later = f"{run:.3f} Mt run in refineries / output of refining; known later than the plan date"
    return {
        "condensate_norm": (condensate / output(base, "oil"), "Mt/bn KZT", ESTIMATE, "source_text", "8.8 Mt / output"),
        "oil_refining_norm": (run / output(base, "refining"), "Mt/bn KZT", ESTIMATE, "bp_review", later),
    }


def gas_flows() -> dict[str, float]:
    """The flows of gas, bn m3: output and exports of 2004 by the growth of 2005; what is left is the discrepancy."""
    f, product = FIGURES, "natural_gas"
    marketable = f[product, "output_marketable"] / (1 + f[product, "growth_of_output_marketable"])
    exports = f[product, "exports"] / (1 + f[product, "growth_of_exports"])
    own, home = f[product, "output_gross"] - marketable, f[product, "domestic_consumption"]
    left = marketable + f[product, "imports"] - home - exports
    return {"output": f[product, "output_gross"], "own": own, "home": home, "exports": exports, "discrepancy": left}


def gas(base: BaseYear) -> Norms:
    """Gas in a unit of output, and in a unit of use of electricity, gas and water but for what power stations burn."""
    flows, power = gas_flows(), assumed("gas_power_norm") * stations(base)["gas"]
    heat = FIGURES["coal", "output_energy"] * 1e9 / base.tonnes["coal"] / 1e6  # GJ a tonne
    pit = output(base, "coal") / base.tonnes["coal"] * 1000  # KZT a tonne
    users = (flows["home"] - power) / domestic_use(base)["utilities"]
    return {
        "gas_norm": (flows["output"] / output(base, "oil"), "bn m3/bn KZT", ESTIMATE, "source_text", "22.1 bn m3 / output"),
        "gas_power_norm": (assumed("gas_power_norm"), "m3/kWh", ASSUMPTION, "plan_assumption", "A third of 36 MJ a m3"),
        "gas_home_norm": (users, "bn m3/bn KZT", ESTIMATE, "bp_review", "6.29 bn m3 less power stations / use of utilities; known later than the plan date"),
        "gas_value": (pit / heat * assumed("gas_heat") / 1000, "KZT/m3", ESTIMATE, "estimate", "Heat of a m3 at the price of heat in coal at the pit"),
    }  # fmt: skip


def coal_flows(base: BaseYear) -> dict[str, float]:
    """Coal used at home by its energy; stations' share of 2017, communal services' of 2020, industry the rest."""
    f, product = FIGURES, "coal"
    home = base.tonnes["coal"] * f[product, "consumption_energy"] / f[product, "output_energy"]
    delivered = {user: f[product, f"deliveries_{user}"] for user in ("power_stations", "industry", "communal_and_households")}
    power = home * f[product, "share_of_power_stations_in_home_deliveries"]
    households = home * delivered["communal_and_households"] / sum(delivered.values())
    return {"power": power, "households": households, "industry": home - power - households}


def coal(base: BaseYear) -> Norms:
    """Coal in a unit of output of metals (coke first), and a head."""
    flows = coal_flows(base)
    by_head = flows["households"] / base.now("population") * 1e6
    told = "{:.1f} Mt: home use by energy content; known later than the plan date"
    return {
        "coal_industry_norm": (flows["industry"] / output(base, "metals"), "Mt/bn KZT", ESTIMATE, "coal_2017", told.format(flows["industry"])),
        "coal_household_norm": (by_head, "kg/person", ESTIMATE, "coal_2020", told.format(flows["households"])),
    }  # fmt: skip


def stations(base: BaseYear) -> dict[str, float]:
    """Electricity by station, bn kWh: published shares of the published output."""
    made = {s: FIGURES["electricity", f"output_from_{s}"] for s in ("coal", "gas", "oil", "hydro")}
    return {s: amount / sum(made.values()) * base.now("electricity_output") for s, amount in made.items()}


def losses(base: BaseYear) -> float:
    """Losses of electricity in networks, bn kWh."""
    return FIGURES["electricity", "losses_share_of_output"] / 100 * base.now("electricity_output")


def delivered(base: BaseYear) -> tuple[float, float]:
    """What users get of a norm at the mean price: utilities, whose norm holds the losses of networks; all others."""
    norms = electricity(base)["electricity_norm"]
    use = {s: norms[s] * output(base, s) for s in SECTORS}
    homes = electricity_per_use(base) * base.accounts["household_use"]["utilities"]
    lost = losses(base)
    final = base.now("electricity_output") - lost - FIGURES["electricity", "net_exports"]
    part = final / (sum(use.values()) + homes - lost)
    return part * (use["utilities"] - lost) / use["utilities"], part


def power(base: BaseYear) -> Norms:
    """Electricity in a unit of households' use of utilities."""
    home = delivered(base)[1] * electricity_per_use(base)
    note = "Mean price of all users, less losses and net exports: households pay more than industry, so it is high"
    return {"electricity_home_norm": (home, "kWh/KZT", ESTIMATE, "estimate", note)}


def grain(base: BaseYear) -> Norms:
    """Feed in a unit of output of farms, food a head, the rest in a unit of output of food."""
    f = {item: number for (product, item), number in FIGURES.items() if product == "grain"}
    used = ("seed", "losses", "food", "feed", "other_uses", "exports")
    malt = f["output"] + f["imports"] + f["withdrawal_from_stocks"] - sum(f[item] for item in used)
    food, rest = f["food"] / base.now("population") * 1e6, f["other_uses"] + malt
    late = "known later than the plan date"
    return {
        "grain_seed_norm": (f["seed"] / base.now("grain_output"), "1", ESTIMATE, "fao_fbs", f"2.408 Mt / harvest; perhaps imputed from the area; {late}"),
        "grain_feed_norm": (f["feed"] / output(base, "agriculture"), "Mt/bn KZT", ESTIMATE, "owid_cereals", f"3.213 Mt / output; {late}"),
        "grain_food_norm": (food, "kg/person", ESTIMATE, "owid_cereals", f"2.276 Mt / population; {late}"),
        "grain_processing_norm": (rest / output(base, "food"), "Mt/bn KZT", ESTIMATE, "owid_cereals", f"0.503 Mt and the rest of the balance, {malt:.3f} Mt (malt, spirits) / output; {late}"),
        "grain_value": (assumed("grain_value"), "KZT/t", ASSUMPTION, "plan_assumption", "About 100 dollars: only weighs grain against other products of its rank"),
    }  # fmt: skip


def metals(base: BaseYear) -> Norms:
    """Metals in a unit of output; what home works take is assumed."""
    copper, zinc, steel = (FIGURES[p, "output"] for p in ("refined_copper", "unwrought_zinc", "flat_rolled_steel"))
    made, built = output(base, "machinery"), output(base, "construction")
    whole = output(base, "metals")
    told = "{} kt / output of metals"
    home = "Assumed: {:.0f} % of output stays at home; no figure was found"
    shares = {item: assumed(f"{item}_share") for item in ("copper_home", "zinc_home", "flat_steel_construction", "flat_steel_machinery")}
    notes = {item: home.format(100 * share) for item, share in shares.items()}
    return {
        "copper_norm": (copper / whole, "kt/bn KZT", ESTIMATE, "source_text", told.format(copper)),
        "zinc_norm": (zinc / whole, "kt/bn KZT", ESTIMATE, "source_text", told.format(zinc)),
        "flat_steel_norm": (steel / whole, "kt/bn KZT", ESTIMATE, "source_text", told.format(steel)),
        "copper_home_norm": (shares["copper_home"] * copper / made, "kt/bn KZT", ASSUMPTION, "plan_assumption", notes["copper_home"]),
        "zinc_home_norm": (shares["zinc_home"] * zinc / steel * 1000, "kg/t", ASSUMPTION, "plan_assumption", notes["zinc_home"]),
        "flat_steel_construction_norm": (shares["flat_steel_construction"] * steel / built, "kt/bn KZT", ASSUMPTION, "plan_assumption", notes["flat_steel_construction"]),
        "flat_steel_machinery_norm": (shares["flat_steel_machinery"] * steel / made, "kt/bn KZT", ASSUMPTION, "plan_assumption", notes["flat_steel_machinery"]),
    }  # fmt: skip


def cement(base: BaseYear) -> Norms:
    """Cement in a unit of output of building materials, and in a unit of works."""
    used = FIGURES["cement", "consumption"] / (1 + FIGURES["cement", "growth_of_consumption"])
    made, works = used * (1 - assumed("cement_import_share")), base.accounts["investment_use"]["construction"]
    return {
        "cement_norm": (made / output(base, "minerals"), "Mt/bn KZT", ESTIMATE, "cemnet_2006", f"{made:.2f} Mt: a third of what is used is assumed to be imported, as in 2005"),
        "cement_works_norm": (used / works, "Mt/bn KZT", ESTIMATE, "cemnet_2006", f"{used:.2f} Mt / construction works; 2005 less a fifth; known later than the plan date"),
        "cement_price": (FIGURES["cement", "price_ex_works"], "KZT/t", ESTIMATE, "cemnet_2006", "Central Asia Cement, mean of 2004; known later than the plan date"),
    }  # fmt: skip


def paths(base: BaseYear) -> Paths:
    """What changes from year to year: what 2004 was is estimated, what the plan makes of it is assumed."""
    flows, f = gas_flows(), FIGURES
    burnt = coal_flows(base)["power"] / stations(base)["coal"]
    lost = f["electricity", "losses_share_of_output"]
    pulses = base.now("grain_output") - f["grain", "output"]
    grain_lost = 100 * f["grain", "losses"] / base.now("grain_output")
    rate = assumed("oil_loss_rate")
    late = "Known later than the plan date"
    told = [
        ("oil_loss_rate", "%", (rate, rate, rate - 0.1, rate - 0.2), ASSUMPTION, "plan_assumption", "No figure of 2004 was found", "Associated oil and losses in storage saved from 2006"),
        ("gas_own_use_rate", "%", (100 * flows["own"] / flows["output"],) * 4, ESTIMATE, "investkz_gas", f"Gross output less marketable. {late}", "Unchanged: reinjection grows with output"),
        ("gas_imports", "bn m3", (f["natural_gas", "imports"],) * 4, ESTIMATE, "investkz_gas", f'"Over 2 billion a year". {late}', "Unchanged"),
        ("gas_discrepancy", "bn m3", (flows["discrepancy"],) * 4, ESTIMATE, "estimate", "What the published flows leave open: pipelines' own use and the difference of standard cubic metres", "Unchanged: nobody publishes it"),
        ("coal_power_norm", "kg/kWh", tuple(burnt * 0.995**n for n in range(4)), ESTIMATE, "coal_2017", f"Coal of stations, 74.4 % of home use, / electricity from coal, with heat. {late}", "Half a per cent less a year: boilers are repaired"),
        ("electricity_loss_rate", "%", (lost, lost - 0.1, lost - 0.2, lost - 0.3), ESTIMATE, "wdi_energy", late, "A tenth of a point less a year: networks are renewed"),
        ("grain_loss_rate", "%", (grain_lost,) * 4, ESTIMATE, "fao_fbs", late, "Unchanged"),
        ("grain_imports", "Mt", (f["grain", "imports"],) * 4, ESTIMATE, "fao_fbs", late, "Unchanged"),
        ("grain_from_stocks", "Mt", (f["grain", "withdrawal_from_stocks"], 0.0, 0.0, 0.0), ESTIMATE, "fao_fbs", late, "Stocks are kept as they are"),
        ("grain_discrepancy", "Mt", (pulses,) * 4, ESTIMATE, "estimate", "Harvest with pulses (statistics office) less that of the balance (FAO)", "Unchanged"),
    ]  # fmt: skip
    rows: Paths = []
    for code, unit, (first, *later), status, source, why, plan in told:
        rows.append([code, first, "", "", "", unit, status, source, why])
        rows.append([code, "", *later, unit, ASSUMPTION, "plan_assumption", plan])
    return rows


def labour(base: BaseYear) -> list[list[object]]:
    """Shares of skills: of residents, jobs of 2004 and assumed unemployment; of foreigners, those of a later quota."""
    persons = {s: base.accounts["employees"][s] + base.accounts["self_employed_by_sector"][s] for s in SECTORS}
    jobs: dict[str, float] = {}
    for row in written("skills.csv"):
        jobs[row["skill"]] = jobs.get(row["skill"], 0.0) + float(row["value"]) * persons[row["sector"]]
    foreign = {"higher": 0.35 / 0.75, "vocational": 0.35 / 0.75, "basic": 0.05 / 0.75}
    guests = base.now("foreign_labour")
    residents = base.now("labour_force") - guests
    held = {s: jobs[s] / (1 - assumed(f"unemployment_{s}") / 100) for s in ("higher", "vocational")}
    shares = {s: (number - foreign[s] * guests) / residents for s, number in held.items()}
    shares["basic"] = 1 - sum(shares.values())
    notes = {s: f"Jobs and {assumed(f'unemployment_{s}'):.0f} % of unemployed, assumed" for s in held}
    notes["basic"] = "The rest: all residents"
    same = "Unchanged: graduates are not in the sources"
    quota = "Quota of 2009 (resolution 1197 of 22.12.2008): specialists 0.35, skilled workers 0.35, seasonal farm work 0.05 % of the labour force; known later than the plan date"
    rows: list[list[object]] = []
    for code, numbers, why, status, source in (
        ("labour_skill_share", shares, notes, ASSUMPTION, "plan_assumption"),
        ("foreign_skill_share", foreign, dict.fromkeys(foreign, quota), ESTIMATE, "quota_2009"),
    ):
        for s, share in numbers.items():
            rows.append([code, s, share, "", "", "", "1", status, source, why[s]])
            rows.append([code, s, "", share, share, share, "1", ASSUMPTION, "plan_assumption", same])
    return rows


def output(base: BaseYear, sector: str) -> float:
    """Output of a sector, bn KZT."""
    return base.accounts["output"][sector]


def users(base: BaseYear) -> list[list[object]]:
    """What part of its norm each sector gets, in the row of the users that it belongs to; 0 in the others."""
    own, part = delivered(base)
    group = {s: user for user, members in USERS.items() for s in members}
    return [
        ["electricity_user", user, s, (own if s == "utilities" else part) if group.get(s, "services") == user else 0.0]
        for user in (*USERS, "services")
        for s in SECTORS
    ]


if __name__ == "__main__":
    year = read()
    made = {code: row for block in (oil, gas, coal, power, grain, metals, cement) for code, row in block(year).items()}
    head = ["indicator", "value", "unit", "status", "source", "note"]
    write("material_norms.csv", head, [[code, *row] for code, row in made.items()])
    made_by = stations(year)
    told = "Published amount / the sum of the four; known later than the plan date"
    shares = [["station_share", s, amount / sum(made_by.values()), told] for s, amount in made_by.items()]
    write("power_stations.csv", ["indicator", "station", "value", "note"], shares)
    write("power_users.csv", ["indicator", "power_user", "sector", "value"], users(year))
    write("material_paths.csv", ["indicator", "2004", "2005", "2006", "2007", *head[2:]], paths(year))
    write("labour_supply.csv", ["indicator", "skill", "2004", "2005", "2006", "2007", *head[2:]], labour(year))
