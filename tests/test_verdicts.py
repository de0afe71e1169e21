"""One tiny failing plan a rule: `tests/plans/<rule>/` must be found guilty of that rule, and of nothing else."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bagdar.address import Address
from bagdar.cli import app
from bagdar.language import LANGUAGES

PLANS = Path(__file__).parent / "plans"


@dataclass(frozen=True)
class Verdict:
    """What must be found: how grave it is, where it stands (row and column 0: the whole file or row), its numbers."""

    severity: str
    file: str
    row: int = 0
    column: int = 0
    facts: tuple[tuple[str, Any], ...] = ()


def verdict(severity: str, place: str, **facts: Any) -> Verdict:
    file, row, column = (*place.split(":"), "0", "0")[:3]
    return Verdict(severity, file, int(row), int(column), tuple(facts.items()))


VERDICTS = {
    "undeclared_file": verdict("error", "data/prices.csv", layout="wide", dims="[]"),
    "unknown_label": verdict("error", "data/territories.csv:3:2", label="west", set="territory"),
    "duplicate_key": verdict("error", "data/coefficients.csv:3:2", first="data/coefficients.csv:2"),
    "text_in_a_number": verdict("error", "data/accounts.csv:2:2", found="n/a", column="2023"),
    "unit_clash": verdict("error", "data/labour.csv:2:1", code="population"),
    "price_basis_mixed": verdict("error", "data/trade.csv:2:1", code="exports_volume"),
    "missing_base_value": verdict("error", "equations/demand.eq:6", period="2024"),
    "parts_do_not_add_to_total": verdict("error", "data/territories.csv:2:4", total=11, parts=13, difference=-2),
    "identity_off": verdict("error", "data/accounts.csv:2:3", observed=101, computed=100, difference=1),
    "no_source": verdict("warning", "data/coefficients.csv:2:2", code="consumption_income"),
    "unknown_source": verdict("error", "data/coefficients.csv:2:2", source="yearbook"),
    "later_than_plan_date": verdict("error", "data/coefficients.csv:2:2", date="2025-06-30", plan_date="2025-03-31"),
    "source_without_a_date": verdict("warning", "data/programme.csv:2:2", source="later", period="2027"),
    "periods_not_read": verdict("note", "data/accounts.csv:1:2", periods="2021"),
    "estimate_shown_as_official": verdict("error", "data/coefficients.csv:2:2", status="actual", source="example"),
    "circular_definition": verdict("error", "equations/demand.eq:8", code="gdp_growth"),
    "circular_parents": verdict("error", "sets/territory.csv:2", label="north"),
    "unit_clash_in_an_equation": verdict("error", "equations/demand.eq:8"),
    "price_bases_mixed_in_an_equation": verdict("error", "equations/demand.eq:10"),
    "check_fails": verdict("error", "equations/demand.eq:10", code="saving", period="2027", left=31),
    "stated_figure_differs": verdict("warning", "data/stated.csv:3:3", stated=102.5, found=100, difference=2.5),
    "stated_figure_not_in_the_plan": verdict("warning", "data/stated.csv:2:3", stated=140, period="2030"),
    "target_without_a_value": verdict("warning", "targets.csv:3", code="gdp_growth", period="2023", value=5),
    "target_missed": verdict("warning", "targets.csv:3", found=31, value=35, difference=4),
    "lever_out_of_bounds": verdict("warning", "data/accounts.csv:4:6", found=31, low=20, high=30),
    "label_not_valid_then": verdict("error", "data/territories.csv:3:3", label="south", period="2023"),
    "translation_missing": verdict("warning", "indicators.csv:5", languages="kk"),
    "accepted_no_longer_fires": verdict("warning", "accepted.csv:2", where="target:gdp_growth[; 2025]"),
    "observed_value_not_used": verdict("note", "data/accounts.csv:2:4", code="gdp_volume", period="2025"),
    "erratum_left_empty": verdict("error", "source_errata.csv:3:5", code="sum", column="kk"),
    "indicator_group_empty": verdict("warning", "sets/indicator_group.csv:4", code="markets"),
    "number_for_a_missing_indicator": verdict("error", "data/accounts.csv:5:2", code="retail_turnover"),
    "missing_indicator_read": verdict("error", "equations/demand.eq:9:14", code="retail_turnover"),
    "unknown_profile": verdict("note", "plan.toml:3", found="kz-2002-674"),
    "picture_unusable": verdict("error", "plan.toml:22", key="indicator", found="gdp_volume"),
    "map_unusable": verdict("error", "maps/territory.json:7", key="south"),
    "label_without_an_outline": verdict("warning", "maps/territory.json", set="territory", labels="south"),
    "ragged_row": verdict("error", "data/accounts.csv:5", found=2, expected=6),
    "equation_not_understood": verdict("error", "equations/demand.eq:8:32"),
    "undefined_name": verdict("error", "equations/demand.eq:8:18", name="gdp_volumes", near="gdp_volume"),
    "two_equations_for_one_cell": verdict("error", "equations/demand.eq:10", first="equations/demand.eq:8"),
    "singular_system": verdict("error", "equations/demand.eq:5", period="2025", size=2),
    "system_not_converged": verdict("error", "equations/demand.eq:10", period="2025", size=2),
    "equation_without_a_value": verdict("error", "equations/demand.eq:8", period="2025"),
    "no_equation": verdict("error", "indicators.csv:5", code="gdp_growth"),
    "missing_value": verdict("error", "indicators.csv:4", code="investment_volume", reader="gdp_volume"),
    "missing_coefficient": verdict(
        "error", "indicators.csv:6", code="consumption_income", reader="household_consumption_volume"
    ),
    "broken_toml": verdict("error", "plan.toml:4:13"),
    "unknown_indicator": verdict("error", "data/accounts.csv:5:1", found="export_volume"),
    "column_missing": verdict("error", "levers.csv:1", column="group"),
    "accounts_do_not_balance": verdict("warning", "data/sectors.csv:2:3", stated=1000, computed=990, difference=10),
    "account_incomplete": verdict("error", "indicators.csv:9", code="sales", labels="works"),
    "account_unfit": verdict("error", "plan.toml:16", key="final_uses", code="investment_volume"),
    "inputs_exceed_output": verdict("error", "plan.toml:16", label="farms", share=1.05),
    "unknown_shock": verdict("error", "expectations/signs.csv:2:1", name="tax_cut", known="more_investment"),
    "range_upside_down": verdict("error", "expectations/ranges.csv:2:9", name="multiplier", low=1.5, high=0.5),
    "coefficient_has_no_period": verdict("error", "expectations/signs.csv:2:2", code="consumption_income"),
    "expectation_without_a_reason": verdict("warning", "expectations/signs.csv:2:6"),
    "replaced_expectation_is_gone": verdict(
        "error", "expectations/signs.csv:2", key="more_investment value:gdp_volume"
    ),
    "shock_cannot_be_made": verdict("error", "expectations/shocks.csv:2", name="thrift"),
    "balance_without_residual": verdict("error", "closure.csv:2", balance="goods"),
    "two_residuals_in_a_balance": verdict("error", "closure.csv:3", first="gdp_volume", second="gdp_growth"),
    "residual_not_an_identity": verdict("error", "closure.csv:2", residual="household_consumption_volume"),
    "residual_of_something_else": verdict("error", "closure.csv:2", unread="investment_volume"),
    # ln(75/60) is the growth of the base year, 0.8·ln(100/84) what the equation says it was.
    "large_add_factor": verdict(
        "warning", "equations/demand.eq:6", share=100 * (math.log(75 / 60) - 0.8 * math.log(100 / 84))
    ),
    "relation_does_not_fit": verdict("error", "indicators.csv:7:14", column="capacity", found="gdp_volume"),
    "translation_stale": verdict("warning", "chapters/introduction.kk.md:1", source="introduction.en"),
    "translation_of_nothing": verdict("error", "chapters/introduction.kk.md:1", source="introduction.ru"),
    "indicator_without_section": verdict("warning", "indicators.csv:7", found="people"),
    "prices_of_another_base": verdict("note", "indicators.csv:7", code="wage", found="2020", base="2024"),
    "source_never_cited": verdict("note", "sources.csv:3", source="yearbook"),
    "future_shown_as_observed": verdict("error", "data/labour.csv:2:5", period="2026", status="actual"),
    "derived_figure_not_recomputable": verdict("warning", "data/labour.csv:2:2", code="population", count=2),
    "input_never_read": verdict("note", "indicators.csv:7", code="population", role="exogenous"),
    "lever_without_effect": verdict("warning", "indicators.csv:7", code="vat_rate"),
    "lever_not_listed": verdict("warning", "indicators.csv:7", code="public_share"),
    "coefficient_outside_its_range": verdict(
        "warning", "data/coefficients.csv:2:2", found=0.8, low=0.9, difference=-0.1
    ),
    "path_jumps": verdict("note", "data/oil.csv:2:9", period="2026", moved=50, most=20, when="2022"),
    "mean_outside_its_parts": verdict("error", "data/labour.csv:2:4", found=7.4, high=7.2, difference=0.2),
    "total_is_not_the_sum_of_labels": verdict("error", "data/country.csv:2:3", total=3.3, sum=3.2, difference=0.1),
    "share_outside_its_whole": verdict("error", "data/labour.csv:2:3", found=164, whole=100, difference=64),
    "shares_do_not_add_to_the_whole": verdict("error", "data/labour.csv:2:4", found=110.1, difference=10.1),
    "percent_written_as_fraction": verdict("warning", "data/labour.csv:2:2", found=0.64, beside=65),
    "index_chain_broken": verdict("error", "data/indices.csv:2:2", found=107.2, implied=100 * 100 / 96),
    "index_chain_has_a_gap": verdict("warning", "data/indices.csv:2:4", period="2023", first="2022", last="2024"),
    "nominal_beside_real": verdict("error", "data/ratios.csv:2:2", found=120, implied=150, real=120),
    "volume_and_price_do_not_give_the_value": verdict("error", "data/sales.csv:3:2", given=45, held=40, difference=5),
    "stated_differently_elsewhere": verdict("warning", "data/stated.csv:3:3", stated=29.4, beside=29),
    "value_beyond_capacity": verdict("warning", "data/power.csv:2:6", found=84, limit=80, difference=4),
    "target_beyond_capacity": verdict("warning", "targets.csv:2", value=95, limit=80, difference=15),
    "add_factor_without_effect": verdict("warning", "add_factors.csv:2", code="gdp_volume"),
    "check_not_evaluated": verdict("warning", "equations/demand.eq:10", code="sales_are_positive"),
    "variant_out_of_date": verdict("warning", "variants/boom.toml:6", name="boom", count=1),
    "balance_unusable": verdict("error", "balances/goods.toml:13", key="rank", found="0"),
    "balance_field_unknown": verdict("error", "balances/goods.toml:10", key="uses", near="use"),
    "number_in_a_balance": verdict("error", "balances/goods.toml:12", key="quantity", found="20"),
    "price_bases_differ": verdict(
        "error",
        "balances/goods.toml:10",
        at="balances/goods.toml",
        basis='"2024"',
        found="household_consumption_volume",
    ),
    "balance_dims_differ": verdict("error", "balances/goods.toml:16", found="works", dims="territory"),
    "balance_units_differ": verdict("error", "balances/goods.toml:12", found="population", wanted="bn KZT"),
    "unknown_item": verdict("error", "balances/goods.toml:18", found="works.output"),
    "rank_without_reason": verdict("warning", "balances/goods.toml:13", item="goods.households", rank=1),
    "uses_exceed_resources": verdict("error", "balances/goods.toml:18", balance="goods", period="2026", difference=5),
    "resources_exceed_uses": verdict("warning", "balances/goods.toml:6", balance="goods", period="2026", difference=5),
    "quantity_beyond_its_limit": verdict(
        "warning", "balances/goods.toml:10", item="goods.exports", period="2027", limit=3, difference=2
    ),
    "ties_in_a_circle": verdict(
        "warning", "balances/goods.toml:16", items="goods.packed → goods.shipped → goods.packed"
    ),
    "balance_number_out_of_range": verdict("error", "balances/goods.toml:10", period="2027", value=-2),
    "balance_number_missing": verdict("error", "balances/goods.toml:10", period="2027", count=1),
    "norm_half_compared": verdict("error", "norms.csv:2:4", code="consumption_income", column="per"),
    "norm_exceeded": verdict(
        "warning", "norms.csv:2", code="coal_norm", period="2026", actual=425, norm=400, share=6.25
    ),
}
# Of two figures stated of one cell at most one is the plan's own: the other cannot but differ from it as well.
BESIDE = {
    "target_beyond_capacity": ["target_missed"],  # what cannot be reached is not
    "stated_differently_elsewhere": ["stated_figure_differs"],
}


def judged(rule: str, language: str = "en") -> tuple[list[dict[str, Any]], int]:
    """The open findings of `bagdar check --json` on a folder, and the exit status."""
    result = CliRunner().invoke(app, ["check", str(PLANS / rule), "--json", "--language", language])
    told = json.loads(result.stdout)
    assert told["accepted"] == []
    return told["open"], result.exit_code


def test_every_folder_has_its_verdict_and_every_verdict_its_folder() -> None:
    assert {path.name for path in PLANS.iterdir()} == set(VERDICTS)


@pytest.mark.parametrize("rule", VERDICTS)
def test_the_folder_is_found_guilty_of_its_rule_alone(rule: str) -> None:
    found, status = judged(rule)
    expected = VERDICTS[rule]
    assert [f["rule"] for f in found] == [rule, *BESIDE.get(rule, [])]
    assert (found[0]["file"], found[0]["row"], found[0]["column"]) == (expected.file, expected.row, expected.column)
    assert (PLANS / rule / expected.file).is_file()
    assert found[0]["severity"] == expected.severity
    assert status == (1 if expected.severity == "error" else 0)
    facts = found[0]["facts"]
    assert {name: facts.get(name) for name, _ in expected.facts} == {
        name: value if isinstance(value, str) else pytest.approx(value, rel=1e-12) for name, value in expected.facts
    }
    if found[0]["address"]:
        assert str(Address.parse(found[0]["address"])) == found[0]["address"]


@pytest.mark.parametrize("rule", VERDICTS)
def test_its_text_is_whole_in_three_languages(rule: str) -> None:
    texts = [judged(rule, language)[0][0]["text"] for language in LANGUAGES]
    assert len(set(texts)) == len(LANGUAGES)
    for text in texts:
        assert text.strip()
        assert re.findall(r"\{\w*\}", text) == []
    assert re.search("[а-яё]", texts[0])
    assert re.search("[а-яё]", texts[1])


def test_the_row_that_a_verdict_names_holds_the_fault() -> None:
    told = {
        "unknown_label": "west",
        "text_in_a_number": "n/a",
        "identity_off": "101",
        "stated_figure_differs": "102.5",
        "undefined_name": "gdp_volumes",
        "equation_not_understood": "* * 2",
        "circular_definition": "0*gdp_growth",
        "singular_system": "gdp_volume - investment_volume",
        "broken_toml": 'base = "2024',
        "unknown_indicator": "export_volume",
        "target_without_a_value": "2023,>=",
        "target_missed": ">=,35",
        "unknown_profile": "kz-2002-674",
        "picture_unusable": "indicator = ",
        "map_unusable": "70, 45, 70]]",
        "balance_unusable": "rank = 0",
        "balance_dims_differ": 'quantity = "works"',
        "balance_units_differ": 'quantity = "population"',
        "balance_field_unknown": "[[uses]]",
        "number_in_a_balance": "quantity = 20",
        "price_bases_differ": 'quantity = "household_consumption_volume"',
        "rank_without_reason": "rank = 1",
        "norm_exceeded": "coal_norm,norm,coal,power",
    }
    for rule, text in told.items():
        found, _ = judged(rule)
        lines = (PLANS / rule / found[0]["file"]).read_text("utf-8").splitlines()
        assert text in lines[found[0]["row"] - 1], rule


def test_the_missing_names_of_a_base_value_are_indicators() -> None:
    found, _ = judged("missing_base_value")
    assert found[0]["facts"]["names"] == "household_consumption_volume (2023)"


def test_the_worst_equations_are_told_with_the_numbers_that_they_missed_by() -> None:
    found, _ = judged("system_not_converged")
    # The file holds risk = exp(risk_square) and risk_square = risk*risk: each must miss the way it is told to.
    told = found[0]["facts"]["worst"].replace("\N{MINUS SIGN}", "-")
    first = re.search(r"risk \(\S+\) ([+-]\S+): risk = ([-\d.]+), risk_square = ([-\d.]+)", told)
    second = re.search(r"risk_square \(\S+\) ([+-]\S+): risk_square = ([-\d.]+), risk = ([-\d.]+)", told)
    assert first is not None, told
    assert second is not None, told
    missed, risk, square = map(float, first.groups())
    assert math.copysign(1, missed) == math.copysign(1, risk - math.exp(square))
    missed, square, risk = map(float, second.groups())
    assert abs(square - risk * risk) > 1e-3 * abs(missed)
    assert math.copysign(1, missed) == math.copysign(1, square - risk * risk)
