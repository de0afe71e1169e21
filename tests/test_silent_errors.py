"""Mistakes that once went through without a word: each is a finding now, or does what it says."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bagdar.change import Change
from bagdar.cli import app
from bagdar.folder import new, read, write_changes
from bagdar.plan import Plan
from tests.strategies import address

RUN = CliRunner()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "plan"
    assert new(root, "en") == []
    return root


def edit(folder: Path, file: str, old: str, text: str) -> None:
    path = folder / file
    held = path.read_text("utf-8") if path.exists() else ""
    assert old in held
    path.parent.mkdir(exist_ok=True)
    path.write_text(held.replace(old, text, 1) if old else held + text, "utf-8")


def found(folder: Path, *more: str) -> list[dict[str, Any]]:
    result = RUN.invoke(app, ["check", str(folder), "--json", *more], catch_exceptions=False)
    listed: list[dict[str, Any]] = json.loads(result.stdout)["open"]
    return listed


def rules(folder: Path) -> set[str]:
    return {f["rule"] for f in found(folder)}


def plan_in(folder: Path) -> Plan:
    plan, _ = read(folder)
    assert plan is not None
    return plan


def test_a_price_basis_of_a_file_is_held_against_the_indicator(folder: Path) -> None:
    edit(folder, "tables.toml", 'unit = "bn KZT"', 'unit = "bn KZT"\nprice_basis = "2000"')
    assert "price_basis_mixed" in rules(folder)


def test_a_stated_figure_is_converted_before_it_is_compared(folder: Path) -> None:
    edit(folder, "data/stated.csv", "", "indicator,period,value,unit\ngdp_volume,2024,100000,mln KZT\n")
    entry = '\n["data/stated.csv"]\nlayout = "long"\nuse = "stated"\nsource = "example"\n'
    edit(folder, "tables.toml", "", entry)
    assert rules(folder) == set()
    edit(folder, "data/stated.csv", "100000", "101000")
    (one,) = found(folder)
    assert (one["rule"], one["facts"]["stated"], one["facts"]["found"]) == ("stated_figure_differs", 101, 100)


def test_only_a_conversion_frees_the_scale(folder: Path) -> None:
    edit(folder, "indicators.csv", "", "share,,,,mln KZT,2024,,demand,up,none,endogenous,,1\n")
    edit(folder, "equations/demand.eq", "", "\nshare = 1000*gdp_volume\n")
    assert rules(folder) == set()
    edit(folder, "equations/demand.eq", "share = 1000*", "share = 0.3*")
    assert rules(folder) == {"unit_clash_in_an_equation"}


def test_a_ratio_is_not_held_against_the_size_of_what_it_divides(folder: Path) -> None:
    edit(folder, "indicators.csv", "", "share,,,,%,,,demand,up,none,endogenous,,1\n")
    edit(folder, "equations/demand.eq", "", "\nshare = 100*investment_volume/gdp_volume\n")
    edit(folder, "data/accounts.csv", "indicator,2023,2024,2025,2026,2027", "indicator,2023,2024,2025,2026,2027,unit")
    text = (folder / "data/accounts.csv").read_text("utf-8").splitlines()
    rows = [text[0], *(f"{row}," for row in text[1:]), "share,,25.001,,,,%"]
    (folder / "data/accounts.csv").write_text("\n".join(rows) + "\n", "utf-8")
    assert "identity_off" in rules(folder)


def test_a_number_that_may_be_in_thousands_is_asked_about(folder: Path) -> None:
    text = "indicator;value\nconsumption_income;1,234\n"
    (folder / "data/coefficients.csv").write_text(text, "utf-8")
    assert "decimal_mark_unclear" in rules(folder)
    edit(folder, "tables.toml", '["data/coefficients.csv"]', '["data/coefficients.csv"]\ndecimal = ","')
    assert "decimal_mark_unclear" not in rules(folder)
    assert plan_in(folder).values["consumption_income"].get() == 1.234


def test_misspelt_columns_words_and_codes_are_found(folder: Path) -> None:
    edit(folder, "levers.csv", "low,high", "lo,high")
    edit(folder, "indicators.csv", "demand,up,none", "demand,upward,none")
    edit(folder, "plan.toml", '["gdp_growth"', '["gdp_groth"')
    assert {"column_not_known", "word_unknown", "unknown_indicator"} <= rules(folder)


def test_the_source_of_an_indicator_is_looked_up_like_any_other(folder: Path) -> None:
    text = (folder / "tables.toml").read_text("utf-8").replace('source = "example"\n', "")
    (folder / "tables.toml").write_text(text, "utf-8")
    edit(folder, "indicators.csv", "demand,up,none,lever,,1", "demand,up,none,lever,ghost,1")
    assert "unknown_source" in rules(folder)


def test_a_judgement_without_effect_and_a_check_without_numbers_are_found(folder: Path) -> None:
    edit(folder, "add_factors.csv", "", "gdp_volume,,2025,5,me,because\n")
    edit(folder, "indicators.csv", "", "foreign,,,,bn KZT,2024,,demand,up,none,exogenous,,1\n")
    edit(folder, "equations/demand.eq", "", "\ncheck never: foreign >= 0\n")
    assert {"add_factor_without_effect", "check_not_evaluated"} <= rules(folder)


def test_an_error_is_accepted_by_its_address_only(folder: Path) -> None:
    edit(folder, "data/accounts.csv", "24,25,27", "24,many,27")
    edit(folder, "accepted.csv", "", "text_in_a_number,data/accounts.csv,whatever,me\n")
    assert "text_in_a_number" in rules(folder)


def test_a_refused_variant_is_told_of_and_never_solved(folder: Path) -> None:
    edit(folder, "variants/more_investment.toml", "old = 29.0", "old = 28.0")
    assert rules(folder) == {"variant_out_of_date"}
    result = RUN.invoke(app, ["simulate", str(folder), "--variant", "more_investment"], catch_exceptions=False)
    assert result.exit_code == 1
    assert "conflicting_change" in result.stderr
    assert "GDP" not in result.stdout
    RUN.invoke(app, ["build", str(folder), "--out", str(folder.parent / "out")], catch_exceptions=False)
    assert "could not be solved: More investment" in (folder.parent / "out" / "en.html").read_text("utf-8")


def test_a_variant_s_page_says_so(folder: Path) -> None:
    out = folder.parent / "out"
    RUN.invoke(app, ["build", str(folder), "--out", str(out), "--variant", "more_investment"], catch_exceptions=False)
    page = (out / "en.html").read_text("utf-8")
    assert "Variant: More investment." in page
    assert 'id="variants"' not in page


def test_building_inside_the_folder_leaves_the_plan_sound(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert RUN.invoke(app, ["build"], catch_exceptions=False).exit_code == 0
    assert rules(folder) == set()


def test_results_never_overwrite_what_is_not_results(folder: Path) -> None:
    data = folder / "data" / "accounts.csv"
    before = data.read_bytes()
    result = RUN.invoke(app, ["simulate", str(folder), "--out", str(data)], catch_exceptions=False)
    assert result.exit_code == 1
    assert data.read_bytes() == before
    out = folder.parent / "results.csv"
    for _ in range(2):  # its own file it may write again
        assert RUN.invoke(app, ["simulate", str(folder), "--out", str(out)], catch_exceptions=False).exit_code == 0


def test_a_plan_can_be_made_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    assert new(".", "en") == []
    assert rules(here) == set()
    assert os.getcwd() == str(here)


def test_a_chapter_that_changed_on_the_disk_is_a_conflict(folder: Path) -> None:
    edit(folder, "chapters/introduction.en.md", "", "As read\n")
    plan = plan_in(folder)
    (folder / "chapters/introduction.en.md").write_text("A colleague's\n", "utf-8")
    change = Change("replace", address("text:introduction.en"), "As read\n", "Mine\n")
    _, findings = write_changes(folder, plan, [change])
    assert [f.rule for f in findings] == ["conflicting_change"]
    assert (folder / "chapters/introduction.en.md").read_text("utf-8") == "A colleague's\n"


def test_two_equations_of_one_file_are_changed_together(folder: Path) -> None:
    plan = plan_in(folder)
    longer = "gdp_volume =\n    household_consumption_volume\n    + investment_volume"
    changes = [
        Change("replace", address("equation:gdp_volume"), _text(plan, "gdp_volume"), longer),
        Change(
            "replace", address("equation:gdp_growth"), _text(plan, "gdp_growth"), "gdp_growth = 100*dlog(gdp_volume)"
        ),
    ]
    after, findings = write_changes(folder, plan, changes)
    assert findings == []
    assert plan_in(folder).hash == after.hash


def _text(plan: Plan, code: str) -> str:
    return next(s.source for s in plan.statements if s.code == code)


def test_what_replaces_an_official_figure_is_an_assumption(folder: Path) -> None:
    edit(folder, "tables.toml", 'status = "assumption"', 'status = "actual"')
    edit(folder, "sources.csv", "assumption", "official")
    result = RUN.invoke(
        app,
        ["explain", "value:investment_volume[; 2026]", str(folder), "--variant", "more_investment"],
        catch_exceptions=False,
    )
    assert "31 bn KZT" in result.stdout
    assert "assumption" in result.stdout
