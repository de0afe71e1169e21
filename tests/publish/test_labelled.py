"""Tables by sector and region: rows in the order of the sets, totals told apart, sums only of what is whole."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from tests.conftest import small_plan

from bagdar.equations import Solution, simulate
from bagdar.language import Names
from bagdar.plan import LEVER_GROUPS, Lever
from bagdar.publish.content import Table
from bagdar.publish.estimates import unsure, unsure_tables
from bagdar.publish.labelled import labelled_tables
from bagdar.publish.regulators import lever_tables, unused_groups
from bagdar.quantity import STATUSES

SECTORS = ["economy", "farms", "mines", "oil", "ore"]
PARENTS = {"farms": "economy", "mines": "economy", "oil": "mines", "ore": "mines"}


def solved(adds_up: str = "sum") -> Solution:
    places = list(product(("north", "south"), ("farms", "oil", "ore")))
    sold = {place: [1, 1, 2, 3, 4] for place in places if place != ("south", "ore")}
    jobs = {"farms": [10, 11, 12, 13, 14], "oil": [1, 1, 1, 1, 1], "ore": [None, 5, 5, 5, 5]}
    tariff = {"farms": [1] * 5, "mines": [7] * 5, "oil": [1, 2, 3, 4, 5], "ore": [2] * 5}
    plan = small_plan(
        "for r in area\nfor s in sector\nmade[r, s] = 2*sold[r, s]",
        {"sold": sold, "jobs": jobs},
        {"made": {place: [2, 2] for place in places}},
        levers={"tariff": tariff, "tax": [10, 10, 11, 11, 11]},
        sets={"sector": SECTORS, "area": ["north", "south"]},
        parents={"sector": PARENTS},
        dims={"sold": ("area", "sector"), "made": ("area", "sector"), "jobs": ("sector",), "tariff": ("sector",)},
    )
    indicators = {
        code: replace(indicator, names=Names(code, code, code), adds_up=adds_up, decimals=0)
        for code, indicator in plan.indicators.items()
    }
    levers = (
        Lever("tariff", "natural_monopoly_tariffs", 0, 9, 1, Names(en="the regulator")),
        Lever("tax", "tax", 5, None, None, Names(en="the ministry")),
    )
    solution, _ = simulate(replace(plan, indicators=indicators, levers=levers))
    return solution


def rows(table: Table) -> dict[str, list[str]]:
    return {line.name: [f.text for f in line.figures] for line in table.lines}


def of(solution: Solution, code: str) -> list[Table]:
    return labelled_tables(solution, [solution.plan.indicators[code]], "en")


def test_a_total_that_nobody_stated_is_the_sum_of_its_parts_and_says_so() -> None:
    (table,) = of(solved(), "jobs")
    assert list(rows(table)) == SECTORS
    assert rows(table)["mines"] == ["—", "6", "6", "6", "6"]
    assert rows(table)["economy"] == ["—", "17", "18", "19", "20"]
    assert [line.kind for line in table.lines] == ["total", "level", "total", "level", "level"]
    total = table.lines[0].figures[1]
    assert (total.mark, total.anchor) == ("derived", "t:jobs")
    assert table.planned_from == 2


def test_what_does_not_add_up_has_no_totals() -> None:
    (table,) = of(solved("none"), "jobs")
    assert list(rows(table)) == ["farms", "oil", "ore"]


def test_two_dims_stand_crossed_for_the_base_and_the_last_year() -> None:
    before, after = of(solved(), "sold")
    assert [t.title for t in (before, after)] == ["sold — 2004", "sold — 2007"]
    assert after.columns == ("farms", "oil", "ore", "economy", "mines")
    assert rows(after) == {"north": ["4", "4", "4", "12", "8"], "south": ["4", "4", "—", "8", "4"]}
    assert (before.planned_from, after.planned_from) == (5, 0)
    assert after.lines[0].figures[0].anchor == "v:sold:north:farms:2007"


def test_levers_stand_in_their_groups_with_bounds_and_authority() -> None:
    solution = solved()
    (tax, tariffs), opened = lever_tables(solution, "en")
    assert rows(tax) == {"tax": ["10", "11", "11", "11", "5", "—", "the ministry"]}
    assert tax.columns == ("2004", "2005", "2006", "2007", "From", "To", "Set by")
    assert (tax.planned_from, tax.planned_to) == (1, 4)
    assert rows(tariffs)["tariff"][:4] == ["1 … 7", "1 … 7", "1 … 7", "1 … 7"]
    assert [list(rows(table)) for table in opened] == [["farms", "mines", "oil", "ore"]]
    assert set(unused_groups(solution)) == set(LEVER_GROUPS) - {"tax", "natural_monopoly_tariffs"}


def test_estimates_are_counted_by_source_with_their_ends() -> None:
    solution = solved()
    jobs = solution.plan.values["jobs"]
    marked = jobs.status.copy()
    marked[:] = STATUSES.index("estimate")
    values = {**solution.plan.values, "jobs": replace(jobs, status=marked)}
    solution = replace(solution, plan=replace(solution.plan, values=values))
    (found,) = unsure(solution)[""]
    assert found.count == int(jobs.present.sum()) == 14
    ((table,), whole) = unsure_tables(solution, "en")
    assert whole == []
    assert table.lines[0].kind == "group"
    assert [(f.text, f.anchor) for f in table.lines[1].figures] == [
        ("14", "t:jobs"), ("1", "v:jobs:oil:2003"), ("14", "v:jobs:farms:2007"),
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["sold", "made"])
def test_a_number_missing_everywhere_makes_no_table(code: str) -> None:
    solution = solved()
    quantity = solution.values[code]
    bare = replace(quantity, present=quantity.present & False)
    assert of(replace(solution, values={**solution.values, code: bare}), code) == []


def test_an_indicator_without_a_name_is_called_by_its_code(kazakhstan_solution: Solution) -> None:
    named = next(iter(kazakhstan_solution.plan.indicators.values()))
    assert replace(named, names=Names()).name("kk") == named.code
    assert replace(named, names=Names(en="Output")).name("kk") == "Output"
