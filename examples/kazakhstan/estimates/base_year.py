"""What the calibration reads: the accounts, the plan's series, and assumptions of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inputs import BASE, BEFORE, DATA, OWN, PLAN, SECTORS, rows, table, written

BySector = Mapping[str, float]
SERIES = (
    "accounts.csv", "volumes.csv", "prices.csv", "labour.csv", "government.csv", "external.csv", "money.csv",
    "levers.csv", "assumptions.csv", "physical.csv", "indicator_system.csv",
)  # fmt: skip


@dataclass(frozen=True)
class BaseYear:
    """All that is known of the base year, of that year unless it says otherwise.

    groups: the sectors of each sub-set that equations run over (`resource`, `demand_led`, …).
    accounts: by code and sector, bn KZT; employees and self-employed, thousand persons.
    fixed_capital_before: fixed capital at the end of the year before, bn KZT at prices of the base year.
    technical: by (product, sector), what a unit of the sector's output takes of the product.
    unfinished: of a year's investment, what is works that its end finds unfinished.
    series: by (indicator, year), in the unit of the plan's table.
    tonnes: output of the resource sectors, Mt.
    parameters: `../data/elasticities.csv`, and the rows of `calibration.csv` that name no sector.
    assumed: the rows of `calibration.csv` that name one, by parameter.
    """

    groups: Mapping[str, tuple[str, ...]]
    accounts: Mapping[str, BySector]
    fixed_capital_before: BySector
    technical: Mapping[tuple[str, str], float]
    unfinished: BySector
    series: Mapping[tuple[str, str], float]
    tonnes: BySector
    parameters: Mapping[str, float]
    assumed: Mapping[str, BySector]

    def now(self, indicator: str) -> float:
        """A series of the whole economy in the base year."""
        return self.series[indicator, BASE]

    def total(self, code: str, group: str | None = None) -> float:
        """An account added up over the sectors of a group, or over all."""
        return sum(self.accounts[code][s] for s in (SECTORS if group is None else self.groups[group]))


def read() -> BaseYear:
    """The base year, from the tables of this folder and of the plan."""
    made = rows(OWN / "accounts_by_sector.csv")
    accounts = by_sector([*made, *rows(OWN / "labour_by_sector.csv")], BASE)
    # What another base year needs to be different stands with its accounts, and counts last.
    own = table("calibration.csv") + ([] if BASE == "2004" else rows(OWN / "calibration.csv"))
    assumed: dict[str, dict[str, float]] = {}
    for row in own:
        if row["sector"]:
            assumed.setdefault(row["parameter"], {})[row["sector"]] = float(row["value"])
    elasticities = {row["indicator"]: float(row["value"]) for row in written("elasticities.csv")}
    return BaseYear(
        groups(),
        accounts,
        by_sector(made, BEFORE)["fixed_capital"],
        {(row["sector"], row["sector_2"]): float(row["value"]) for row in written("technical.csv")},
        unfinished(),
        {key: value for name in SERIES if (DATA / name).exists() for key, value in dated(name).items()},
        {row["sector"]: float(row[BASE]) for row in written("resource_path.csv")},
        elasticities | {row["parameter"]: float(row["value"]) for row in own if not row["sector"]},
        assumed,
    )


def unfinished() -> dict[str, float]:
    """The unfinished part of works by the works in capital formation, sector by sector."""
    composition, elasticities = written("capital_composition.csv"), written("elasticities_by_sector.csv")
    works = {row["sector_2"]: float(row["value"]) for row in composition if row["sector"] == "construction"}
    left = {row["sector"]: float(row["value"]) for row in elasticities if row["indicator"] == "unfinished_works"}
    return {s: left[s] * works[s] for s in SECTORS}


def by_sector(long: list[dict[str, str]], year: str) -> dict[str, dict[str, float]]:
    """The rows of a year of a long table, by indicator and sector."""
    found: dict[str, dict[str, float]] = {}
    for row in long:
        if row["period"] == year:
            found.setdefault(row["indicator"], {})[row["sector"]] = float(row["value"])
    return found


def dated(name: str) -> dict[tuple[str, str], float]:
    """A wide table of the plan by indicator and year; an empty cell is missing."""
    return {
        (row["indicator"], column): float(text)
        for row in written(name)
        for column, text in row.items()
        if column.isdigit() and text
    }


def groups() -> dict[str, tuple[str, ...]]:
    """The sub-sets of the plan's set of sectors."""
    members = [row for row in rows(PLAN / "sets" / "sector.csv") if row["parent"]]
    flags = [column for column in members[0] if column not in ("code", "kk", "ru", "en", "parent")]
    return {flag: tuple(row["code"] for row in members if row[flag] == "yes") for flag in flags}


def ratio(part: BySector, whole: BySector) -> dict[str, float]:
    """One account in another, sector by sector."""
    return {s: part[s] / whole[s] for s in SECTORS}


def percent(part: BySector, whole: BySector) -> dict[str, float]:
    """The same in per cent, 0 where the whole is nothing."""
    return {s: 100 * part[s] / whole[s] if whole[s] else 0.0 for s in SECTORS}


def only(numbers: BySector, sectors: tuple[str, ...]) -> dict[str, float]:
    """The numbers of these sectors."""
    return {s: numbers[s] for s in sectors}
