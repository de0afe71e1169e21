"""Toyland solved by hand with fractions, and by the package: the same to twelve digits, variants too.

What is solved here knows nothing of the folder or of the solver: the figures are written down once more
as fractions, and the equations are solved as with a pencil, from the bottom of the triangular table up.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction as F  # noqa: N817  # fractions are what these pages are full of
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from bagdar.change import apply
from bagdar.checks import check
from bagdar.equations import Solution, simulate
from bagdar.finding import Finding
from bagdar.folder import read, write_changes
from bagdar.period import Period
from bagdar.plan import Plan
from bagdar.publish.units import unit_name
from bagdar.quantity import STATUSES

TOYLAND = Path(__file__).parent.parent / "examples" / "toyland"
SECTORS = ("agriculture", "industry", "services")
YEARS = (2021, 2022, 2023)
VARIANTS = ("school_meals", "fair_in_2021", "work_for_66")

Key = tuple[str, tuple[str, ...], int]
BySector = Mapping[str, F]


def _each(agriculture: F | int, industry: F | int, services: F | int) -> dict[str, F]:
    return {"agriculture": F(agriculture), "industry": F(industry), "services": F(services)}


SHARE = _each(F(1, 4), F(1, 4), F(1, 2))
LABOUR = _each(F(1, 5), F(1, 4), F(1, 2))
POWER = _each(F(1, 5), F(1, 2), F(1, 4))
SEED, MILLED, FUEL = F(1, 5), F(1, 4), F(1, 4)
BASIC, PROPENSITY, LOSS = F(40), F(1, 2), F(1, 5)
WAGE, CAPACITY = F(2), F(86)
PRICE = {2021: F(21, 20), 2022: F(11, 10)}
EXPORTS = {2021: _each(14, 27, 0), 2022: _each(15, 28, 0), 2023: _each(18, 31, 0)}
BUDGET = {2021: _each(1, 8, 8), 2022: _each(1, 8, 8), 2023: _each(1, 8, 12)}
INCOME_2019, INCOME_2020, CONSUMPTION_2020 = F(112), F(120), F(100)
MISSED = CONSUMPTION_2020 - (BASIC + PROPENSITY * INCOME_2019)
JUDGED = F(8)  # the Planning Board's, for 2022


@dataclass(frozen=True)
class Paper:
    """What is found with a pencil: the numbers by indicator, labels and year, and consumption's add-factors."""

    numbers: dict[Key, F] = field(default_factory=dict)
    add_factors: dict[int, F] = field(default_factory=dict)


def _year(paper: Paper, year: int, consumption: F, purchases: BySector) -> None:
    """One year on paper, from consumption down to the electricity bill."""
    exports = EXPORTS[year]
    final = {s: SHARE[s] * consumption + purchases[s] + exports[s] for s in SECTORS}
    services = final["services"]
    industry = FUEL * services + final["industry"]
    agriculture = (MILLED * industry + final["agriculture"]) / (1 - SEED)
    output = _each(agriculture, industry, services)
    people = {s: LABOUR[s] * output[s] for s in SECTORS}
    delivered = sum((POWER[s] * output[s] for s in SECTORS), F(0))
    needed = delivered / (1 - LOSS)
    gdp = consumption + sum(purchases.values()) + exports["agriculture"] + exports["industry"]
    scalars = {
        "consumption": consumption,
        "income": WAGE * sum(people.values()),
        "power_needed": needed,
        "power_lost": needed - delivered,
        "power_imported": needed - CAPACITY if needed > CAPACITY else F(0),
        "gdp": gdp,
    }
    if year in PRICE:
        scalars["gdp_current"] = PRICE[year] * gdp
    for code, value in scalars.items():
        paper.numbers[code, (), year] = value
    for s in SECTORS:
        paper.numbers["output", (s,), year] = output[s]
        paper.numbers["employment", (s,), year] = people[s]
        paper.numbers["purchases", (s,), year] = purchases[s]
    paper.numbers["employment", ("economy",), year] = sum(people.values(), F(0))


def _agriculture_s_purchases_for(people: F, consumption: F) -> F:
    """What the state must buy from farmers in 2021 so that so many have work: the equations backwards."""
    services = SHARE["services"] * consumption + BUDGET[2021]["services"]
    industry = FUEL * services + SHARE["industry"] * consumption + BUDGET[2021]["industry"] + EXPORTS[2021]["industry"]
    farmers = people - LABOUR["industry"] * industry - LABOUR["services"] * services
    final = (1 - SEED) * farmers / LABOUR["agriculture"] - MILLED * industry
    return final - SHARE["agriculture"] * consumption - EXPORTS[2021]["agriculture"]


@cache
def _paper(variant: str = "") -> Paper:
    paper = Paper()
    earned = INCOME_2020
    for year in YEARS:
        by_equation = BASIC + PROPENSITY * earned
        consumption = by_equation + (JUDGED if year == 2022 else MISSED)
        purchases = dict(BUDGET[year])
        if year == 2021 and variant == "school_meals":
            purchases["agriculture"] = F(5)
        if year == 2021 and variant == "fair_in_2021":
            consumption = F(112)
        if year == 2021 and variant == "work_for_66":
            purchases["agriculture"] = _agriculture_s_purchases_for(F(66), consumption)
        _year(paper, year, consumption, purchases)
        paper.add_factors[year] = consumption - by_equation
        earned = paper.numbers["income", (), year]
    return paper


@cache
def _plan() -> Plan:
    plan, found = read(TOYLAND)
    assert found == []
    assert plan is not None
    return plan


@cache
def _solved(variant: str = "") -> tuple[Solution, tuple[Finding, ...]]:
    plan = _plan()
    if variant:
        plan, found = apply(plan, plan.variants[variant])
        assert found == []
    solution, found = simulate(plan)
    return solution, tuple(found)


def _open(variant: str = "") -> list[str]:
    solution, found = _solved(variant)
    plan = replace(solution.plan, variants={}) if variant else solution.plan  # the others are changes of the base
    return [f.rule for f in check(plan, solution, found)[0]]


def _cells(solution: Solution, codes: set[str]) -> dict[Key, float]:
    """Every present number of these indicators in the plan's years."""
    return {
        (code, labels, year): value
        for code in codes
        for labels in ([(x,) for x in solution.values[code].labels[0]] if len(solution.values[code].dims) > 1 else [()])
        for year in YEARS
        if (value := solution.values[code].get(*labels, str(year))) is not None
    }


# -- the hand solution and the package's ----------------------------------------------------------


@pytest.mark.parametrize("variant", ["", *VARIANTS])
def test_the_package_finds_what_is_found_by_hand_in_every_cell(variant: str) -> None:
    solution, found = _solved(variant)
    assert solution.solved
    assert found == ()
    by_hand = {key: value for key, value in _paper(variant).numbers.items() if key[0] != "purchases"}
    cells = _cells(solution, {code for code, _, _ in by_hand})
    assert cells.keys() == by_hand.keys()
    off = {
        key: (cells[key], float(value))
        for key, value in by_hand.items()
        if abs(cells[key] - float(value)) > 1e-12 * max(1.0, abs(float(value)))
    }
    assert off == {}


@pytest.mark.parametrize("variant", ["", *VARIANTS])
def test_the_add_factors_are_those_found_by_hand(variant: str) -> None:
    held = _solved(variant)[0].add_factors["consumption"]
    assert held.get("2020") == pytest.approx(float(MISSED), abs=1e-12)
    for year, value in _paper(variant).add_factors.items():
        assert held.get(str(year)) == pytest.approx(float(value), abs=1e-12)


@pytest.mark.parametrize(
    "variant",
    [
        "",
        "school_meals",
        "fair_in_2021",
        "work_for_66",
    ],
)
def test_the_state_buys_what_is_found_by_hand(variant: str) -> None:
    held = _solved(variant)[0].values["purchases"]
    by_hand = {key: value for key, value in _paper(variant).numbers.items() if key[0] == "purchases"}
    assert len(by_hand) == 9
    for (_, labels, year), value in by_hand.items():
        assert held.get(*labels, str(year)) == pytest.approx(float(value), abs=1e-12)


def test_by_hand_everything_is_a_whole_number() -> None:
    # The tutorial's figures, written down: a slip in the functions above would show here.
    paper = _paper().numbers
    whole: dict[tuple[str, str], tuple[int, int, int]] = {
        ("consumption", ""): (104, 112, 112),
        ("output", "agriculture"): (75, 80, 85),
        ("output", "industry"): (76, 80, 84),
        ("output", "services"): (60, 64, 68),
        ("employment", "agriculture"): (15, 16, 17),
        ("employment", "industry"): (19, 20, 21),
        ("employment", "services"): (30, 32, 34),
        ("employment", "economy"): (64, 68, 72),
        ("income", ""): (128, 136, 144),
        ("power_needed", ""): (85, 90, 95),
        ("power_lost", ""): (17, 18, 19),
        ("power_imported", ""): (0, 4, 9),
        ("gdp", ""): (162, 172, 182),
    }
    for (code, label), numbers in whole.items():
        found = tuple(paper[code, (label,) if label else (), year] for year in YEARS)
        assert found == tuple(F(n) for n in numbers)
    assert paper["gdp_current", (), 2021] == F(1701, 10)
    assert paper["gdp_current", (), 2022] == F(946, 5)


def test_by_hand_the_variants_come_to_what_the_tutorial_says() -> None:
    assert _paper("school_meals").numbers["output", ("agriculture",), 2022] == F(10295, 128)
    assert _paper("fair_in_2021").numbers["output", ("agriculture",), 2021] == F(1255, 16)
    assert _paper("work_for_66").numbers["purchases", ("agriculture",), 2021] == 9
    assert _paper("work_for_66").numbers["employment", ("economy",), 2021] == 66


def test_by_hand_output_and_its_uses_balance() -> None:
    for variant in ("", *VARIANTS):
        paper = _paper(variant).numbers
        for year in YEARS:
            agriculture, industry, services = (paper["output", (s,), year] for s in SECTORS)
            used_up = SEED * agriculture + MILLED * industry + FUEL * services
            assert agriculture + industry + services - used_up == paper["gdp", (), year]


# -- what the package says of it -------------------------------------------------------------------


def test_nothing_is_open_and_the_accepted_finding_really_fires() -> None:
    solution, found = _solved()
    open_ones, known = check(solution.plan, solution, found)
    assert open_ones == []
    assert [(f.rule, f.address, dict(f.facts)["difference"]) for f in known] == [
        ("target_missed", "target:power_imported[; 2023]", 4.0)
    ]


# With the fair a year earlier, households buy more in 2022 too: 5.7 mln kWh over a line that carries 5.
BEYOND_THE_LINE = {"fair_in_2021": ["value_beyond_capacity"]}


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_contradicts_only_the_speech_and_the_line_to_the_neighbour(variant: str) -> None:
    beyond = BEYOND_THE_LINE.get(variant, [])
    # The equation's line and the balance's are one.
    assert _open(variant) == [*(["quantity_beyond_its_limit"] if beyond else []), "stated_figure_differs", *beyond]


def test_the_pair_and_the_three_outputs_are_each_solved_together() -> None:
    solution = _solved()[0]
    assert solution.largest_block == 3
    # A year has consumption, outputs together, three employments, their sum, income, the pair, imports, GDP.
    assert solution.blocks == 3 * (1 + 1 + 3 + 1 + 1 + 1 + 1 + 1)
    assert solution.residual <= 1e-12


def test_identities_fill_what_the_base_year_lacks_and_nothing_else() -> None:
    solution = _solved()[0]
    lost, gdp = solution.values["power_lost"], solution.values["gdp"]
    assert lost.get("2020") == pytest.approx(16, abs=1e-12)
    assert gdp.get("2020") == 152
    assert STATUSES[int(lost.status[1])] == "estimate"  # its norm is one
    assert STATUSES[int(gdp.status[1])] == "derived"
    assert STATUSES[int(gdp.status[2])] == "plan"
    assert gdp.get("2019") is None
    assert solution.values["consumption"].get("2019") is None  # an equation of behaviour never estimates the past


def test_a_statistic_is_missing_where_its_price_is_and_stops_nothing() -> None:
    solution = _solved()[0]
    assert solution.values["gdp_price"].get("2023") is None
    assert solution.values["gdp_current"].get("2023") is None
    assert solution.values["gdp"].get("2023") == 182


def test_the_check_is_tested_in_each_year_that_has_its_numbers() -> None:
    results = _solved()[0].checks
    assert [str(r.period) for r in results] == ["2020", "2021", "2022", "2023"]
    assert all(r.holds for r in results)
    assert [r.left for r in results] == pytest.approx([152, 162, 172, 182], rel=1e-12)
    assert [r.right for r in results] == pytest.approx([152, 162, 172, 182], rel=1e-12)


def test_the_newest_vintage_counts() -> None:
    assert _plan().values["income"].get("2020") == 120


def test_the_decimal_comma_and_the_scale_of_the_wage_are_read() -> None:
    plan = _plan()
    assert plan.values["labour_norm"].get("industry") == 0.25
    assert plan.values["wage"].get("2021") == 2.0
    header, first = (TOYLAND / "data" / "norms.csv").read_text("utf-8").splitlines()[:2]
    assert header.startswith("indicator;sector;value")
    assert "0,2" in first


def test_the_outcome_is_known_and_not_used() -> None:
    plan = _plan()
    assert plan.outcomes["gdp"].get("2021") == 163.5
    assert plan.values["gdp"].get("2021") is None
    assert _solved()[0].values["gdp"].get("2021") == 162


def test_the_flag_sums_what_can_be_exported() -> None:
    assert _plan().sets["sector"].select("tradable") == ("agriculture", "industry")
    assert _plan().sets["sector"].select() == SECTORS


def test_a_note_and_a_source_go_with_their_figure() -> None:
    plan = _plan()
    cell = plan.values["purchases"].position(("services", "2023"))
    assert cell is not None
    source = plan.source(plan.values["purchases"], cell)
    assert source is not None
    assert source.code == "budget"
    assert plan.note(plan.home(plan.values["purchases"], cell)) == "A new hospital opens in 2023"
    assert STATUSES[int(plan.values["purchases"].status[cell])] == "plan"


def test_a_norm_is_shown_with_its_unit() -> None:
    assert unit_name(_plan().indicators["labour_norm"], "en").startswith("thousand persons/mln TOY")


def test_a_statistic_is_no_surer_than_what_it_is_made_of() -> None:
    quantity = _solved()[0].values["gdp_current"]
    cell = quantity.position(("2021",))
    assert cell is not None
    assert STATUSES[int(quantity.status[cell])] == "plan"


def test_a_plan_that_is_not_solved_is_not_blamed_for_numbers_it_has_not(tmp_path: Path) -> None:
    folder = tmp_path / "toyland"
    shutil.copytree(TOYLAND, folder)
    file = folder / "data" / "income.csv"
    file.write_text(file.read_text("utf-8").replace("2020,120,", "2020,125,"), "utf-8")
    plan, found = read(folder)
    assert plan is not None
    solution, more = simulate(plan)
    assert [f.rule for f in check(plan, solution, found + more)[0]] == ["identity_off"]


# -- Toyland is the fixture: it uses every feature -------------------------------------------------


def test_toyland_uses_every_feature_of_the_folder() -> None:
    plan = _plan()
    assert {i.role for i in plan.indicators.values()} == {
        "endogenous", "exogenous", "lever", "coefficient", "statistic",
    }  # fmt: skip
    assert {len(i.dims) for i in plan.indicators.values()} == {0, 1, 2}
    assert {i.price_basis for i in plan.indicators.values()} == {"", "2020", "current", "deflator 2020"}
    used = {STATUSES[i] for q in plan.values.values() for i in q.status[q.present]}
    assert used == {"actual", "derived", "estimate", "assumption", "plan"}
    assert {s.kind for s in plan.sources.values()} == {"official", "document", "estimate", "assumption"}
    assert {m.parent for m in plan.sets["sector"].members} == {"", "economy"}
    assert [m.valid_from for m in plan.sets["sector"].members] == [None, None, None, Period("A", 2010)]
    assert {c.op for changes in plan.variants.values() for c in changes} == {"set", "fix", "swap"}
    assert {t.sense for t in plan.targets} == {">=", "<="}
    assert [lever.group for lever in plan.levers] == ["state_purchases", "wages_and_benefits"]
    assert len(plan.add_factors) == len(plan.accepted) == 1
    assert {b.kind for b in plan.balances} == {"material", "labour"}
    assert {i.side for b in plan.balances for i in b.items} == {"resource", "use", "capacity"}
    assert {i.capped_by for i in plan.indicators.values()} == {"", "goods.exports"}
    assert len(plan.stated) == 2
    assert plan.outcomes
    assert plan.notes
    assert set(plan.chapters) == {"introduction.kk", "introduction.ru", "introduction.en"}
    assert set(plan.header.headline) <= set(plan.indicators)
    tables = (TOYLAND / "tables.toml").read_text("utf-8")
    assert 'layout = "wide"' in tables
    assert 'layout = "long"' in tables


def test_toyland_uses_every_kind_of_statement() -> None:
    statements = _plan().statements
    assert {s.kind for s in statements} == {"equation", "check"}
    assert 5 <= sum(s.kind == "equation" for s in statements) <= 10
    assert [s.code for s in statements if s.behaviour] == ["consumption"]
    assert {s.letters for s in statements} == {(("s", "sector", ""), ("q", "sector", "")), ()}
    text = " ".join(s.text for s in statements)
    for part in ("lag(", "max(", "in sector)", "in sector.tradable)", "employment[economy]"):
        assert part in text
    assert all(s.doc for s in statements)


def test_every_name_is_there_in_three_languages_and_differs() -> None:
    plan = _plan()
    names = [plan.header.title, *(i.names for i in plan.indicators.values())]
    names += [m.names for m in plan.sets["sector"].members]
    assert all(not n.missing for n in names)
    assert all(len({n.kk, n.ru, n.en}) == 3 for n in names if n.en != "Exports")


def test_consumption_follows_last_year_s_income_and_not_this_year_s() -> None:
    plan, (first, *_) = _plan(), _plan().variants["school_meals"]
    changed, found = apply(plan, [first])
    assert found == []
    solution, _ = simulate(changed)
    before, after = _solved()[0].values["consumption"], solution.values["consumption"]
    assert after.get("2021") == before.get("2021")
    assert after.get("2022") == 113.0


def test_a_variant_taken_over_changes_one_field_and_no_other_byte(tmp_path: Path) -> None:
    folder = tmp_path / "toyland"
    shutil.copytree(TOYLAND, folder)
    plan, found = read(folder)
    assert plan is not None
    _, more = write_changes(folder, plan, plan.variants["school_meals"])
    assert found + more == []
    old = b"purchases,agriculture,,1,1,1,"
    for path in sorted(p for p in TOYLAND.rglob("*") if p.is_file()):
        before = path.read_bytes()
        expected = before.replace(old, b"purchases,agriculture,,5,1,1,")
        assert (folder / path.relative_to(TOYLAND)).read_bytes() == expected
        assert (expected != before) is (path.name == "sectors.csv")
    again, found = read(folder)
    assert again is not None
    assert found == []
    assert simulate(again)[0].values["output"].get("agriculture", "2021") == pytest.approx(80, abs=1e-12)


def test_years_grow_as_by_hand() -> None:
    gdp = [F(152), *(_paper().numbers["gdp", (), year] for year in YEARS)]
    assert [after - before for before, after in pairwise(gdp)] == [10, 10, 10]
