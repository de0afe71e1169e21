"""Norms of the material balances: from the physical flows of 2004 to coefficients of `17_material_balances.eq`.

    python examples/kazakhstan/estimates/material.py

reads `material.csv` (figures as they were read, with their sources; what is assumed says so), `material_notes.csv`
(unit, status, source and note of what is made) and the accounts, and writes `material_norms.csv`,
`power_stations.csv`, `power_users.csv`, `material_paths.csv` and `labour_supply.csv` in `../data`. Run it after
`calibrate.py`.
"""

from __future__ import annotations

from base_year import BaseYear, BySector, read
from calibrate_physical import electricity, electricity_per_use
from calibrate_products import domestic_use
from inputs import INDUSTRY, SECTORS, table, write, written

FIGURES = {(row["product"], row["item"]): float(row["value"]) for row in table("material.csv")}
NOTES = {(row["indicator"], row["years"]): row for row in table("material_notes.csv")}
TOLD = ("unit", "status", "source", "note")
YEARS = ("2004", "2005", "2006", "2007")
DAYS = 366
USERS = {
    "stations": ("utilities",),
    "industry": tuple(s for s in INDUSTRY if s != "utilities"),
    "agriculture": ("agriculture",),
    "transport": ("transport", "communication"),
}


def assumed(item: str) -> float:
    """A figure that nobody published."""
    return FIGURES["assumed", item]


def figures(product: str) -> BySector:
    """What was read of a product, by item."""
    return {item: number for (name, item), number in FIGURES.items() if name == product}


def output(base: BaseYear, sector: str) -> float:
    """Output of a sector, bn KZT."""
    return base.accounts["output"][sector]


def oil(base: BaseYear) -> dict[str, float]:
    """Condensate in a unit of output; oil in a unit of output of refining (coke stands there too)."""
    f = figures("crude_oil_and_condensate")
    run = f["refinery_throughput"] * DAYS / assumed("barrels_per_tonne") / 1000
    return {
        "condensate_norm": f["output_condensate"] / output(base, "oil"),
        "oil_refining_norm": run / output(base, "refining"),
    }


def gas_flows() -> dict[str, float]:
    """The flows of gas, bn m3: output and exports of 2004 by the growth of 2005; what is left is the discrepancy."""
    f = figures("natural_gas")
    marketable = f["output_marketable"] / (1 + f["growth_of_output_marketable"])
    exports, home = f["exports"] / (1 + f["growth_of_exports"]), f["domestic_consumption"]
    left = marketable + f["imports"] - home - exports
    return {"output": f["output_gross"], "own": f["output_gross"] - marketable, "home": home, "discrepancy": left}


def gas(base: BaseYear) -> dict[str, float]:
    """Gas in a unit of output, and in a unit of use of electricity, gas and water but for what power stations burn.

    gas_value: the heat of a m3 at the price of heat in coal at the pit.
    """
    flows, power = gas_flows(), assumed("gas_power_norm") * stations(base)["gas"]
    heat = figures("coal")["output_energy"] * 1000 / base.tonnes["coal"]  # GJ a tonne
    pit = output(base, "coal") / base.tonnes["coal"] * 1000  # KZT a tonne
    return {
        "gas_norm": flows["output"] / output(base, "oil"),
        "gas_power_norm": assumed("gas_power_norm"),
        "gas_home_norm": (flows["home"] - power) / domestic_use(base)["utilities"],
        "gas_value": pit / heat * assumed("gas_heat") / 1000,
    }


def coal_flows(base: BaseYear) -> dict[str, float]:
    """Coal used at home by its energy; stations' share of 2017, communal services' of 2020, industry the rest."""
    f = figures("coal")
    home = base.tonnes["coal"] * f["consumption_energy"] / f["output_energy"]
    communal = f["deliveries_communal_and_households"]
    power = home * f["share_of_power_stations_in_home_deliveries"]
    households = home * communal / (communal + f["deliveries_power_stations"] + f["deliveries_industry"])
    return {"power": power, "households": households, "industry": home - power - households}


def coal(base: BaseYear) -> dict[str, float]:
    """Coal in a unit of output of metals (coke first), and a head."""
    flows = coal_flows(base)
    return {
        "coal_industry_norm": flows["industry"] / output(base, "metals"),
        "coal_household_norm": flows["households"] / base.now("population") * 1e6,
    }


def stations(base: BaseYear) -> dict[str, float]:
    """Electricity by station, bn kWh: published shares of the published output."""
    f = figures("electricity")
    made = {s: f[f"output_from_{s}"] for s in ("coal", "gas", "oil", "hydro")}
    return {s: amount / sum(made.values()) * base.now("electricity_output") for s, amount in made.items()}


def electric(user: str) -> float:
    """What of a user's payments to utilities is for electricity: of households and services an assumed part."""
    return assumed("electricity_share_of_utilities") if user in ("households", "services") else 1.0


def user_of(sector: str) -> str:
    """Among which users of electricity a sector is."""
    return next((user for user, members in USERS.items() if sector in members), "services")


def delivered(base: BaseYear) -> tuple[float, float]:
    """What users get of a norm at the mean price: utilities, whose norm holds the losses of networks; all others.

    Of others it is the part of what they pay for electricity alone, `electric`.
    """
    f, made, norms = figures("electricity"), base.now("electricity_output"), electricity(base)["electricity_norm"]
    lost = f["losses_share_of_output"] / 100 * made
    use = {s: norms[s] * output(base, s) * electric(user_of(s)) for s in SECTORS}
    homes = electric("households") * electricity_per_use(base) * base.accounts["household_use"]["utilities"]
    part = (made - lost - f["net_exports"]) / (sum(use.values()) + homes - lost)
    return part * (use["utilities"] - lost) / use["utilities"], part


def power(base: BaseYear) -> dict[str, float]:
    """Electricity in a unit of households' use of utilities."""
    return {"electricity_home_norm": delivered(base)[1] * electric("households") * electricity_per_use(base)}


def users(base: BaseYear) -> list[list[object]]:
    """What part of its norm each sector gets, in the row of the users that it belongs to; 0 in the others."""
    own, part = delivered(base)
    got = {s: own if s == "utilities" else part * electric(user_of(s)) for s in SECTORS}
    return [
        ["electricity_user", user, s, got[s] if user_of(s) == user else 0.0]
        for user in (*USERS, "services")
        for s in SECTORS
    ]


def grain(base: BaseYear) -> dict[str, float]:
    """Feed in a unit of output of farms, food a head; other use and what the balance leaves in one of food."""
    f = figures("grain")
    used = ("seed", "losses", "food", "feed", "exports")
    rest = f["output"] + f["imports"] + f["withdrawal_from_stocks"] - sum(f[item] for item in used)
    return {
        "grain_seed_norm": f["seed"] / base.now("grain_output"),
        "grain_feed_norm": f["feed"] / output(base, "agriculture"),
        "grain_food_norm": f["food"] / base.now("population") * 1e6,
        "grain_processing_norm": rest / output(base, "food"),
        "grain_value": assumed("grain_value"),
    }


def metals(base: BaseYear) -> dict[str, float]:
    """Metals in a unit of output; what home works take is assumed."""
    copper, zinc, steel = (figures(p)["output"] for p in ("refined_copper", "unwrought_zinc", "flat_rolled_steel"))
    whole, machinery = output(base, "metals"), output(base, "machinery")
    return {
        "copper_norm": copper / whole,
        "zinc_norm": zinc / whole,
        "flat_steel_norm": steel / whole,
        "copper_home_norm": assumed("copper_home_share") * copper / machinery,
        "zinc_home_norm": assumed("zinc_home_share") * zinc / steel * 1000,
        "flat_steel_construction_norm": assumed("flat_steel_construction_share") * steel / output(base, "construction"),
        "flat_steel_machinery_norm": assumed("flat_steel_machinery_share") * steel / machinery,
    }


def cement(base: BaseYear) -> dict[str, float]:
    """Cement in a unit of output of building materials, and in a unit of works."""
    f = figures("cement")
    used = f["consumption"] / (1 + f["growth_of_consumption"])
    return {
        "cement_norm": used * (1 - assumed("cement_import_share")) / output(base, "minerals"),
        "cement_works_norm": used / base.accounts["investment_use"]["construction"],
        "cement_price": f["price_ex_works"],
    }


def paths(base: BaseYear) -> dict[str, tuple[float, ...]]:
    """What changes from year to year: what 2004 was is estimated, what the plan makes of it is assumed."""
    flows, f, harvest = gas_flows(), figures("grain"), base.now("grain_output")
    burnt = coal_flows(base)["power"] / stations(base)["coal"]
    lost, oil_lost = figures("electricity")["losses_share_of_output"], assumed("oil_loss_rate")
    return {
        "oil_loss_rate": (oil_lost, oil_lost, oil_lost - 0.1, oil_lost - 0.2),
        "gas_own_use_rate": (100 * flows["own"] / flows["output"],) * 4,
        "gas_imports": (figures("natural_gas")["imports"],) * 4,
        "gas_discrepancy": (flows["discrepancy"],) * 4,
        "coal_power_norm": tuple(burnt * 0.995**n for n in range(4)),
        "electricity_loss_rate": tuple(lost - 0.1 * n for n in range(4)),
        "grain_loss_rate": (100 * f["losses"] / harvest,) * 4,
        "grain_imports": (f["imports"],) * 4,
        "grain_from_stocks": (f["withdrawal_from_stocks"], 0.0, 0.0, 0.0),
        "grain_discrepancy": (harvest - f["output"],) * 4,
    }


def labour(base: BaseYear) -> dict[str, tuple[float, ...]]:
    """Shares of skills: of residents, jobs of 2004 and assumed unemployment; of foreigners, those of a later quota."""
    employees, own = base.accounts["employees"], base.accounts["self_employed_by_sector"]
    jobs: dict[str, float] = {}
    for row in written("skills.csv"):
        persons = employees[row["sector"]] + own[row["sector"]]
        jobs[row["skill"]] = jobs.get(row["skill"], 0.0) + float(row["value"]) * persons
    quota = {"higher": 0.35, "vocational": 0.35, "basic": 0.05}  # per cent of the labour force
    foreign = {s: part / sum(quota.values()) for s, part in quota.items()}
    guests = base.now("foreign_labour")
    residents = base.now("labour_force") - guests
    held = {s: jobs[s] / (1 - assumed(f"unemployment_{s}") / 100) for s in ("higher", "vocational")}
    shares = {s: (number - foreign[s] * guests) / residents for s, number in held.items()}
    shares["basic"] = 1 - sum(shares.values())
    made = {f"labour_skill_share.{s}": (share,) * 4 for s, share in shares.items()}
    return made | {f"foreign_skill_share.{s}": (share,) * 4 for s, share in foreign.items()}


def dated(made: dict[str, tuple[float, ...]]) -> list[list[object]]:
    """Two rows a path: the base year, and the years of the plan, each with its own source; a dot parts off a label."""
    rows: list[list[object]] = []
    for code, (first, *later) in made.items():
        base, plan = ([NOTES[code, years][column] for column in TOLD] for years in ("base", "plan"))
        rows += [[*code.split("."), first, "", "", "", *base], [*code.split("."), "", *later, *plan]]
    return rows


if __name__ == "__main__":
    year = read()
    norms = {code: n for block in (oil, gas, coal, power, grain, metals, cement) for code, n in block(year).items()}
    norms["output_room"] = assumed("output_room")
    told = [[code, number, *(NOTES[code, ""][column] for column in TOLD)] for code, number in norms.items()]
    write("material_norms.csv", ["indicator", "value", *TOLD], told)
    made_by = stations(year)
    late = "Published amount / the sum of the four; known later than the plan date"
    shares = [["station_share", s, amount / sum(made_by.values()), late] for s, amount in made_by.items()]
    write("power_stations.csv", ["indicator", "station", "value", "note"], shares)
    write("power_users.csv", ["indicator", "power_user", "sector", "value"], users(year))
    write("material_paths.csv", ["indicator", *YEARS, *TOLD], dated(paths(year)))
    write("labour_supply.csv", ["indicator", "skill", *YEARS, *TOLD], dated(labour(year)))
