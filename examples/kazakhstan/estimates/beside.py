"""What the plan of another base year takes from that of 2004 as it is: run first, with the base year.

    python examples/kazakhstan/estimates/beside.py 2000

writes the sets, the indicators that the standard model and the plan's own equations name, the levers, the closure
and the elasticities; of the names and price bases only the year is another. Levers in money keep no range.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from inputs import BASE, HERE, PLAN, rows, write

from bagdar.folder.models import texts

AS_THEY_ARE = (
    "closure.csv", "equations/14_indicators.eq", "sets/sector.csv", "sets/institution.csv", "sets/skill.csv",
    "sets/body.csv", "sets/budget_programme.csv", "sets/outlay.csv", "sets/administrator.csv", "sets/emission.csv",
    "data/elasticities.csv", "data/elasticities_by_sector.csv", "data/administrators.csv", "data/skills.csv",
)  # fmt: skip

# No equation names it: the calibration reads it.
READ_BY_SCRIPTS = {"foreign_direct_investment_share"}


def named() -> set[str]:
    """Every word of the equations, codes of indicators among them."""
    own = (file.read_text("utf-8") for file in sorted((PLAN / "equations").glob("*.eq")))
    return set(re.findall(r"[a-z_]\w*", "\n".join((*texts("standard").values(), *own))))


def table(name: str, kept: list[dict[str, str]]) -> None:
    """A table of the plan of 2004 with the base year in place of 2004."""
    cells: list[list[object]] = [[cell.replace("2004", BASE) for cell in row.values()] for row in kept]
    write(name, list(rows(HERE.parent / name)[0]), cells, PLAN)


if __name__ == "__main__":
    for name in AS_THEY_ARE:
        shutil.copyfile(HERE.parent / name, PLAN / Path(name))
    told = named() | READ_BY_SCRIPTS
    # The balances, and the ceilings that come of them, are those of 2004 alone.
    indicators = [row | {"capped_by": ""} for row in rows(HERE.parent / "indicators.csv") if row["code"] in told]
    table("indicators.csv", indicators)
    # The crosswalk of the budget: the same shares in the years of this plan.
    shares = rows(HERE.parent / "data" / "budget.csv")
    years = {str(2004 + n): str(int(BASE) + n) for n in range(4)}
    write("data/budget.csv", [years.get(h, h) for h in shares[0]], [list(row.values()) for row in shares], PLAN)
    money = {row["code"] for row in indicators if "KZT" in row["unit"]}
    without = dict.fromkeys(("low", "high", "step"), "")
    levers = [row for row in rows(HERE.parent / "levers.csv") if row["code"] in told]
    table("levers.csv", [row | without if row["code"] in money else row for row in levers])
