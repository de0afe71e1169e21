"""A plan's table: which cells it takes, in which unit, and what it refuses."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bagdar.accounts.table import InputOutput, balances, table_of
from bagdar.folder import read
from bagdar.plan import Plan

PLANS = Path(__file__).parents[1] / "plans"


def plan_of(folder: Path) -> Plan:
    plan, _ = read(folder)
    assert plan is not None
    return plan


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The textbook's two sectors as a plan; final use of farms is 10 short of what balances."""
    return Path(shutil.copytree(PLANS / "accounts_do_not_balance", tmp_path / "plan"))


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), "utf-8")


def table_in(folder: Path) -> InputOutput:
    table, findings = table_of(plan_of(folder))
    assert table is not None, findings
    return table


def test_a_plan_without_accounts_has_no_table_and_no_finding() -> None:
    assert table_of(plan_of(PLANS / "identity_off")) == (None, [])


def test_the_table_holds_what_the_files_say(folder: Path) -> None:
    table = table_in(folder)
    assert table.labels == ("farms", "works")
    assert table.technical.tolist() == [[0.15, 0.25], [0.2, 0.05]]
    assert table.output.tolist() == [1000, 2000]
    assert table.final.tolist() == [340, 1700]
    assert table.added == pytest.approx([650, 1400])
    assert "sales" in table.estimated  # an assumption is as good as an estimate


def test_a_total_without_inputs_stays_outside(folder: Path) -> None:
    edit(folder, "sets/sector.csv", "farms,Ш", "economy,Экономика,Экономика,Economy,,,\nfarms,Ш")
    assert table_in(folder).labels == ("farms", "works")


def test_without_final_uses_the_rest_of_supply_is_used(folder: Path) -> None:
    edit(folder, "plan.toml", 'final_uses = ["sales"]\n', "")
    table = table_in(folder)
    assert table.final == pytest.approx([350, 1700])
    assert balances(plan_of(folder), table) == []


def test_other_scales_of_money_are_converted(folder: Path) -> None:
    edit(folder, "indicators.csv", "Final use,bn KZT", "Final use,mln KZT")
    assert table_in(folder).final.tolist() == [340, 1700]


def test_people_are_no_money(folder: Path) -> None:
    edit(folder, "indicators.csv", "Final use,bn KZT,current", "Final use,thousand person,")
    _, findings = table_of(plan_of(folder))
    assert [(f.rule, dict(f.facts)["what"]) for f in findings] == [("account_unfit", "unit")]


def test_an_unknown_code_is_named(folder: Path) -> None:
    edit(folder, "plan.toml", '"sales"', '"sails"')
    _, findings = table_of(plan_of(folder))
    assert [(f.rule, dict(f.facts)["found"]) for f in findings] == [("unknown_indicator", "sails")]


def test_technical_coefficients_without_their_square_are_refused(folder: Path) -> None:
    edit(folder, "plan.toml", 'technical = "technical"', 'technical = "output"')
    _, findings = table_of(plan_of(folder))
    assert [dict(f.facts)["key"] for f in findings] == ["technical"]


@pytest.mark.parametrize(
    ("old", "new", "rule", "key"),
    [
        ('output = "output"\n', "", "header_field_unusable", "accounts.output"),
        ('output = "output"', "output = 3", "header_field_unusable", "accounts.output"),
        ('["sales"]', '"sales"', "header_field_unusable", "accounts.final_uses"),
        ('output = "output"', 'output = "output"\noutputs = "output"', "header_field_unknown", "accounts.outputs"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(folder: Path, old: str, new: str, rule: str, key: str) -> None:
    edit(folder, "plan.toml", old, new)
    _, findings = read(folder)
    assert (rule, key) in [(f.rule, dict(f.facts).get("key")) for f in findings]


def test_stated_value_added_that_inputs_do_not_leave_is_found(folder: Path) -> None:
    plan = plan_of(folder)
    table = table_in(folder)
    wrong = replace(table, final_uses={}, rest=table.final, value_added=np.array([650.0, 1300]))
    codes = replace(plan.header.accounts, value_added="output") if plan.header.accounts else None
    findings = balances(replace(plan, header=replace(plan.header, accounts=codes)), wrong)
    assert [dict(f.facts)["difference"] for f in findings] == [-100]


def test_the_import_share_is_that_of_uses_at_home() -> None:
    table = InputOutput(("a",), np.array([[0.5]]), np.array([100.0]), np.array([30.0]), np.array([50.0]))
    assert table.import_share == pytest.approx([30 / 80])
    assert table.domestic == pytest.approx(np.array([[0.5 * 50 / 80]]))


@pytest.mark.parametrize(
    ("unit", "basis", "expected"), [("bn KZT", "2024", "person"), ("1", "", "person")], ids=["money", "pure number"]
)
def test_employment_is_of_persons(folder: Path, unit: str, basis: str, expected: str) -> None:
    add_people(folder, unit, basis)
    table, findings = table_of(plan_of(folder))
    assert table is None
    assert [(f.rule, dict(f.facts)["expected"]) for f in findings] == [("account_unfit", expected)]


def test_employment_in_several_scales_is_added_in_one(folder: Path) -> None:
    add_people(folder, "thousand person", "", "person")
    people = table_in(folder).persons
    assert people is not None
    assert people.tolist() == [5.005, 7.007]


def add_people(folder: Path, unit: str, basis: str, second: str = "") -> None:
    """An indicator of 5 and 7 at work by sector, and one of the same numbers in another unit."""
    told = "employees", "self_employed"
    names = "Жұмыскерлер,Работники,Workers"
    units = [(told[0], unit, basis), *([(told[1], second, "")] if second else [])]
    with (folder / "indicators.csv").open("a", encoding="utf-8") as out:
        out.writelines(f"{c},{names},{u},{b},sector,demand,up,none,coefficient,,1\n" for c, u, b in units)
    rows = [f"{c},{label},{n}" for c, *_ in units for label, n in (("farms", 5), ("works", 7))]
    (folder / "data/people.csv").write_text("indicator,sector,value\n" + "\n".join(rows) + "\n", "utf-8")
    entry = '["data/people.csv"]\nsource = "example"\nlayout = "long"\nstatus = "assumption"\ndims = ["sector"]\n'
    with (folder / "tables.toml").open("a", encoding="utf-8") as out:
        out.write("\n" + entry)
    edit(
        folder,
        "plan.toml",
        'technical = "technical"',
        f'technical = "technical"\nemployment = {[c for c, *_ in units]}',
    )
