"""The indicator system: lists, counts, what is missing, and Kazakhstan's figures beside published ones."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bagdar.address import Address
from bagdar.change import Change
from bagdar.change import apply as apply_changes
from bagdar.checks import check
from bagdar.cli import app
from bagdar.equations import Solution, simulate
from bagdar.folder import read
from bagdar.language import LANGUAGES, Language, phrase
from bagdar.plan import MISSING_REASONS, Plan
from bagdar.publish.indicator_system import counted, groups, indicator_system, origin, system_lines

ROOT = Path(__file__).resolve().parents[2]
LISTED = ROOT / "tests" / "plans" / "indicator_group_empty"


def read_plan(folder: Path) -> Plan:
    plan, _ = read(folder)
    assert plan is not None
    return plan


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LISTED, tmp_path / "plan"))


def rules(folder: Path) -> list[tuple[str, str]]:
    _, found = read(folder)
    return [(f.rule, str(f.home)) for f in found if f.rule != "indicator_group_empty"]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("growth,gdp", ("unknown_indicator", "indicator_lists.csv:4:2")),
        ("growth,gdp_volume", ("duplicate_key", "indicator_lists.csv:4")),
        ("main,gdp_volume", ("unknown_label", "indicator_lists.csv:4:1")),
        ("market,gdp_volume", ("unknown_label", "indicator_lists.csv:4:1")),
    ],
)
def test_a_row_that_names_nothing_or_says_a_thing_twice_is_found(folder: Path, row: str, rule: tuple[str, str]) -> None:
    with (folder / "indicator_lists.csv").open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    assert rules(folder) == [rule]


def test_labels_of_an_indicator_without_dims_are_found(folder: Path) -> None:
    (folder / "indicator_lists.csv").write_text("group,indicator,labels\ngrowth,gdp_volume,north\n", "utf-8")
    assert rules(folder) == [("labels_do_not_fit_dims", "indicator_lists.csv:2:3")]


def test_lists_without_the_set_of_their_groups_are_found(folder: Path) -> None:
    (folder / "sets" / "indicator_group.csv").unlink()
    assert rules(folder) == [("unknown_set", "indicator_lists.csv:1")]


@pytest.mark.parametrize(("role", "reason"), [("missing", ""), ("missing", "unknown"), ("exogenous", "starts_later")])
def test_a_missing_indicator_has_a_reason_and_no_other_has(folder: Path, role: str, reason: str) -> None:
    text = (folder / "indicators.csv").read_text("utf-8")
    (folder / "indicators.csv").write_text(text.replace("missing,,1,not_in_sources", f"{role},,1,{reason}"), "utf-8")
    assert [rule for rule, _ in rules(folder)] == ["word_unknown"]


def test_no_equation_may_determine_a_missing_indicator(folder: Path) -> None:
    with (folder / "equations" / "demand.eq").open("a", encoding="utf-8") as file:
        file.write("\nretail_turnover = household_consumption_volume\n")
    _, found = simulate(read_plan(folder))
    assert [f.rule for f in found] == ["equation_for_a_given_indicator"]


def test_a_change_that_gives_a_missing_indicator_a_number_is_found(folder: Path) -> None:
    address = Address.parse("value:retail_turnover[; 2025]")
    assert address is not None
    plan, found = apply_changes(read_plan(folder), [Change("set", address, None, 30.0)])
    assert found == []
    solution, _ = simulate(plan)
    assert "number_for_a_missing_indicator" in [f.rule for f in check(plan, solution)[0]]


def test_what_a_number_rests_on_is_read_off_the_equations() -> None:
    plan = read_plan(LISTED)
    known = {code: origin(plan, code) for code in plan.indicators}
    assert known == {
        "gdp_volume": "formula",
        "household_consumption_volume": "solved",
        "investment_volume": "given",
        "consumption_income": "given",
        "retail_turnover": "missing",
    }
    assert counted(plan, plan.indicator_lists) == {"formula": 1, "missing": 1}


def test_the_lists_are_no_part_of_the_plans_identity(folder: Path) -> None:
    plan = read_plan(folder)
    (folder / "indicator_lists.csv").unlink()
    assert read_plan(folder).hash == plan.hash


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_indicator_stands_with_its_reason_and_without_a_number(language: Language) -> None:
    plan = read_plan(LISTED)
    table = indicator_system(simulate(plan)[0], language).tables[-1]
    line = next(x for x in table.lines if x.name == plan.indicators["retail_turnover"].names.get(language))
    reason, adding = phrase("missing_not_in_sources", language), phrase("adds_sum", language)
    assert line.unit.endswith(f"; {phrase('system_missing', language).lower()}: {reason}; {adding}")
    assert {f.text for f in line.figures} == {"—"}


def test_the_command_prints_counts_and_lists(folder: Path) -> None:
    result = CliRunner().invoke(app, ["indicators", str(folder), "--language", "en"])
    assert result.exit_code == 0
    counts = [line.split() for line in result.stdout.splitlines() if line.startswith(("Main list", "Altogether"))][:2]
    assert [row[-5:] for row in counts] == [["2", "0", "0", "1", "1"]] * 2
    assert re.search(
        r"retail_turnover\s+Retail turnover\s+bn KZT.*missing: no such series in the sources\s+sum", result.stdout
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plan_without_lists_says_so_and_has_no_section(language: Language) -> None:
    plan = read_plan(ROOT / "tests" / "plans" / "no_equation")
    assert system_lines(plan, language) == [phrase("system_none", language)]
    assert indicator_system(simulate(plan)[0], language).tables == ()


# Kazakhstan


def test_kazakhstans_three_lists_have_the_nine_six_and_eight_groups_of_the_source_text(kazakhstan: Plan) -> None:
    found = list(groups(kazakhstan))
    lists = [above.code for above, _, _ in found]
    assert {code: lists.count(code) for code in lists} == {"list_1": 9, "list_2": 6, "list_3": 8}
    assert {len(listed) for _, _, listed in found} <= set(range(5, 13))


def test_every_listed_indicator_of_kazakhstan_is_named_and_has_a_number_or_a_reason(
    kazakhstan: Plan, kazakhstan_solution: Solution
) -> None:
    for one in kazakhstan.indicator_lists:
        indicator = kazakhstan.indicators[one.indicator]
        assert indicator.names.missing == ()
        base = kazakhstan_solution.values[one.indicator].get(*one.labels, "2004")
        planned = kazakhstan_solution.values[one.indicator].get(*one.labels, "2005")
        assert (base is None and planned is None) == (indicator.reason in MISSING_REASONS), one.indicator


def test_kazakhstans_shares_lie_between_nothing_and_the_whole(kazakhstan: Plan, kazakhstan_solution: Solution) -> None:
    signed = ("balance", "inventories", "net_exports", "discrepancy", "current_account", "saving", "external_debt")
    found = 0
    for code in {x.indicator for x in kazakhstan.indicator_lists if not x.labels}:
        indicator, quantity = kazakhstan.indicators[code], kazakhstan_solution.values[code]
        if indicator.unit_text == "%" and "share" in code and not any(word in code for word in signed):
            assert ((quantity.values >= 0) & (quantity.values <= 100))[quantity.present].all(), code
            found += 1
    assert found > 20


# World Development Indicators as published in 2021, Kazakhstan: NV.AGR.TOTL.ZS, NV.SRV.TOTL.ZS,
# NY.GDP.DEFL.KD.ZG, DT.DOD.DECT.CD over the same year's GDP at the rate of its end.
@pytest.mark.parametrize(
    ("code", "year", "published", "tolerance"),
    [
        ("agriculture_gdp_share", "2004", 7.12296, 1e-4),
        ("services_gdp_share", "2004", 53.3801, 1e-4),
        ("gdp_price_growth", "2001", 10.15643, 1e-3),
        ("gdp_price_growth", "2002", 5.80322, 1e-3),
        ("gdp_price_growth", "2003", 11.73852, 1e-3),
        ("gdp_price_growth", "2004", 16.13163, 1e-3),
        # The statistics office's own index of real money incomes, previous year = 100.
        ("real_income_growth", "2002", 10.3, 0.06),
        ("real_income_growth", "2003", 10.5, 0.06),
        ("real_income_growth", "2004", 13.8, 0.06),
        # Unemployment as reported to the IMF.
        ("unemployment_rate", "2004", 8.402, 1e-3),
    ],
)
def test_kazakhstans_indicators_are_those_that_were_published(
    kazakhstan_solution: Solution, code: str, year: str, published: float, tolerance: float
) -> None:
    assert kazakhstan_solution.values[code].get(year) == pytest.approx(published, abs=tolerance)


def test_investment_with_stocks_is_the_published_share(kazakhstan_solution: Solution) -> None:
    parts = [kazakhstan_solution.values[f"{c}_gdp_share"].get("2004") for c in ("investment", "inventories")]
    assert sum(p for p in parts if p is not None) == pytest.approx(26.31109, abs=1e-3)  # NE.GDI.TOTL.ZS
