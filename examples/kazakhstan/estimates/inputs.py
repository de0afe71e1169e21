"""What every part of the estimate reads: the tables beside it, and how figures are spread.

The first word after a script's name is the base year, 2004 without one.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bagdar.accounts.balance import Balanced

Array = NDArray[np.float64]

BASE = sys.argv[1] if len(sys.argv) > 1 else "2004"
BEFORE = str(int(BASE) - 1)
HERE = Path(__file__).resolve().parent
# The plan of 2004 holds the estimates; that of another base year stands beside it.
PLAN = HERE.parent if BASE == "2004" else HERE.parent.with_name(f"{HERE.parent.name}-{BASE}")
DATA, OWN = PLAN / "data", PLAN / "estimates"
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
SINCE = (int(BASE) - 2000) / 7  # 2004 lies at four sevenths of the way from 2000 to 2007
# Figures by section that the base year lacks are those of the first year published.
FIRST_PUBLISHED = {"employed": "2001", "investment": "2003"}
N = len(SECTORS)
AT = {code: i for i, code in enumerate(SECTORS)}


def rows(file: Path) -> list[dict[str, str]]:
    """The rows of a table."""
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table of this folder."""
    return rows(HERE / name)


TOTALS = {row["total"]: float(row[BASE]) for row in table("totals.csv") if row[BASE]}
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
    """Weights as shares of their sum."""
    return weights / weights.sum()


def where(sectors: tuple[str, ...]) -> Array:
    """1 for these sectors, 0 for others."""
    return np.array([float(code in sectors) for code in SECTORS])


def settled(balanced: Balanced, what: str) -> Array:
    """The balanced table; a balance that failed stops the script and says why."""
    if not balanced.converged:
        raise SystemExit(f"{what}: {balanced.problems}")
    return balanced.matrix


def published(name: str) -> str:
    """The year of which a figure by section is taken for the base year."""
    return max(BASE, FIRST_PUBLISHED.get(name, BASE))


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
    """A row of the donor's table below its products: output, value added, compensation or persons, by sector."""
    row = next(row for row in table("donor_brazil_2004.csv") if row["product"] == name)
    return np.array([float(row[q]) for q in SECTORS])


def written(name: str) -> list[dict[str, str]]:
    """The rows of a table of the plan's data."""
    return rows(DATA / name)


def square(name: str) -> Array:
    """A matrix of the plan of 2004, products by sectors."""
    told = rows(HERE.parent / "data" / f"{name}.csv")
    cells = {(row["sector"], row["sector_2"]): float(row["value"]) for row in told}
    return np.array([[cells[s, q] for q in SECTORS] for s in SECTORS])


def of_2004(code: str) -> Array:
    """An account of 2004 by sector."""
    made = {row["sector"]: float(row["value"]) for row in table("accounts_by_sector.csv") if row["indicator"] == code}
    return np.array([made[s] for s in SECTORS])


def write(name: str, head: list[str], rows: list[list[object]], folder: Path = DATA) -> None:
    """Write a table of the example's data, numbers to the last digit."""
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows([[repr(float(x)) if isinstance(x, float) else x for x in row] for row in rows])
