"""Balances and their allocation as readers get them: tables, streams, a workbook whose formulas give what is solved."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.balances.given import balance, plan_files, plan_of, resource, use
from tests.balances.test_limits import COAL, NUMBERS, POWER, UNITS, energy
from tests.publish.settled import settled_of
from tests.strategies import write_folder
from typer.testing import CliRunner

from bagdar.balances.loop import Settled
from bagdar.cli import app
from bagdar.equations import simulate
from bagdar.folder import read
from bagdar.language import LANGUAGES, Language
from bagdar.plan import Plan
from bagdar.publish.allocation import allocation_document, allocation_section
from bagdar.publish.balances import balance_section, balances_document
from bagdar.publish.document import as_text
from bagdar.publish.sankey import sankey
from bagdar.publish.workbook import workbook


@pytest.fixture(scope="module")
def settled() -> Settled:
    return settled_of(energy())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shortage_its_cause_and_its_relief_are_told_in_three_languages(
    settled: Settled, language: Language
) -> None:
    text = as_text(allocation_document(settled, language))
    assert len(re.findall(r"^\S.* 3 +2005 ", text, re.M)) == 1  # coal abroad, in the first year
    figure = "28.6" if language == "en" else "28,6"
    assert figure in text  # two of seven
    assert "{" not in text
    if language != "en":
        assert not re.search(r"Limited by|Shortages|Raise", text)


def test_the_text_says_who_is_short_of_what_and_why(settled: Settled) -> None:
    text = as_text(allocation_document(settled, "en"))
    assert re.search(r"power: works \(rank 2\) +2 +2006 +7\.000 +5\.000 +2\.000 +28\.6 +kWh", text)
    assert re.search(r"coal: output +Limited by +2006 +8\.000 t +1\.25 +1\.25", text)
    assert re.search(r"power: homes \(rank 1\) +Competes with +2006 +5\.000 kWh +1\.00", text)
    assert re.search(r"coal: output +2006 +8\.000 t +1\.600 t", text)


# -- beside the plan -------------------------------------------------------------------------------


def columns_of(settled: Settled, title: str) -> dict[str, list[str]]:
    """The rows of a balance's table after the allocation, by name; its head is `Item`."""
    parts = allocation_document(settled, "en").parts
    grid = next(g for g in parts[-1].grids if g.title.startswith(title))
    return {row[0]: list(row[1:]) for row in (grid.head, *grid.rows)}


def test_where_an_amount_moved_the_plans_own_stands_before_it_and_the_difference_after_it(settled: Settled) -> None:
    # In the first year works get all of their 7 and only coal abroad is short; in the second they get 5 of 7.
    rows = columns_of(settled, "power")
    assert rows["Item"] == ["2005", "2006, plan", "2006", "2006, ±"]
    assert rows["works (rank 2)"] == ["7.00", "7.00", "5.00", "\N{MINUS SIGN}2.00"]
    assert rows["homes (rank 1)"] == ["4.00", "5.00", "5.00", "0.00"]
    # The plan says what stations can give, not what they do: it has no such amount, nor a sum or a rest with it.
    assert rows["output"] == ["11.00", "—", "10.00", "—"]
    assert rows["Left over"] == ["0.00", "—", "0.00", "—"]
    assert "±" in allocation_section(settled, "x", "ru").prose


def test_what_the_plan_lacks_is_not_called_left_over() -> None:
    items = (resource("mined", quantity="mined"), use("homes", quantity="homes", rank=1))
    rows = columns_of(settled_of(plan_of({"coal": balance(*items)}, {"mined": [9, 9], "homes": [8, 12]})), "coal")
    assert rows["Item"] == ["2005, plan", "2005", "2005, ±"]
    assert rows["homes (rank 1)"] == ["12.00", "9.00", "\N{MINUS SIGN}3.00"]
    assert rows["Over (+), lacking (\N{MINUS SIGN})"] == ["\N{MINUS SIGN}3.00", "0.00", "+3.00"]
    assert "Left over" not in rows


def test_of_a_balance_by_label_the_items_that_moved_have_the_plans_amounts_beside_them() -> None:
    kinds = ("hard", "brown", "lean", "fat")
    items = (resource("mined", quantity="mined"), use("homes", quantity="homes", rank=1), use("own", quantity="own"))
    numbers = {"mined": [9, 9], "homes": [5, 5], "own": [4, 4]}
    cells: dict[str, Any] = {code: dict.fromkeys(kinds, told) for code, told in numbers.items()}
    cells["homes"] = cells["homes"] | {"brown": [5, 7]}
    made = settled_of(plan_of({"coal": balance(*items, over=["kind"])}, cells, sets={"kind": kinds}))
    rows = columns_of(made, "coal, 2005")
    homes = "homes (rank 1)"
    assert rows["Balance"][:5] == ["mined", "Resources, total", f"{homes}, plan", homes, f"{homes}, ±"]
    assert rows["brown"][2:5] == ["7.00", "5.00", "\N{MINUS SIGN}2.00"]
    assert rows["hard"][2:5] == ["5.00", "5.00", "0.00"]
    assert rows["Balance"][5] == "own"


def test_where_nothing_is_short_that_is_said_and_nothing_more() -> None:
    made = settled_of(energy(mined=[None, 20, 20]))
    text = as_text(allocation_document(made, "en"))
    assert "Nothing is short" in text
    assert "Limited by" not in text


def test_a_plan_without_balances_says_so_and_its_report_has_no_such_section(kazakhstan_2000: Plan) -> None:
    solution, _ = simulate(kazakhstan_2000)
    assert balance_section(solution, "en").empty
    assert allocation_section(None, "x", "en").empty
    assert "no balances" in as_text(balances_document(solution, "en"))


@pytest.fixture(scope="module")
def kazakhstan_2000(kazakhstan_folder: Path) -> Plan:
    plan, _ = read(kazakhstan_folder.parent / "kazakhstan-2000")
    assert plan is not None
    return plan


# -- streams ---------------------------------------------------------------------------------------


def test_streams_are_as_thick_as_their_amounts() -> None:
    drawn = sankey([("in", 30.0, 1), ("more", 10.0, 1), ("out", 40.0, -1)], "t", "Mt", "en", 0)
    thick = [float(x) for x in re.findall(r'class="bar (?:plan|other)" d="M[\d.]+ [\d.]+h10v([\d.]+)h', drawn)]
    assert thick == pytest.approx([180, 60, 240], abs=0.1)


def test_a_balance_without_uses_is_not_drawn() -> None:
    assert sankey([("in", 30.0, 1), ("out", 0.0, -1)], "t", "Mt", "en", 0) == ""


def test_what_is_negative_flows_on_the_other_side_and_is_told_beneath() -> None:
    drawn = sankey([("in", 30.0, 1), ("inflow", -5.0, 1), ("out", 33.0, -1), ("net", -8.0, -1)], "t", "Mt", "en", 0)
    thick = {
        css: [float(x) for x in re.findall(rf'class="bar {css}" d="M[\d.]+ [\d.]+h10v([\d.]+)h', drawn)]
        for css in ("plan", "other")
    }
    # 30 and 8 flow in, 5 and 33 flow out: both sides are 38.
    assert thick["plan"] == pytest.approx([240 * 30 / 38, 240 * 8 / 38], abs=0.1)
    assert thick["other"] == pytest.approx([240 * 5 / 38, 240 * 33 / 38], abs=0.1)
    assert ">\N{MINUS SIGN}8<" in drawn
    items = (resource("mined", quantity="mined"), use("own", quantity="own"), use("abroad", quantity="abroad"))
    plan = plan_of({"coal": balance(*items)}, {"mined": [9, 9], "own": [6, 12], "abroad": [3, -3]})
    for language, word in zip(LANGUAGES, ("Теріс", "Отрицательные", "Negative"), strict=True):
        (chart,) = balance_section(simulate(plan)[0], language).charts
        number = "-3.000" if language == "en" else "-3,000"
        assert chart.note.startswith(word)
        assert f"abroad ({number})".replace("-", "\N{MINUS SIGN}") in chart.note
    flat = plan_of({"coal": balance(*items)}, {"mined": [9, 9], "own": [6, 6], "abroad": [3, 3]})
    (chart,) = balance_section(simulate(flat)[0], "en").charts
    assert chart.note == ""


def test_names_are_escaped() -> None:
    assert "<b>" not in sankey([("<b>", 1.0, 1), ("out", 1.0, -1)], "<i>", "<u>", "en", 0)


# -- the command line ------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "plan", plan_files({"coal": COAL, "power": POWER}, NUMBERS, units=UNITS, years=2))


def run(*words: Any) -> Any:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_allocate_prints_and_writes_each_form(folder: Path, tmp_path: Path) -> None:
    for ending in ("xlsx", "md", "html"):
        out = tmp_path / f"a.{ending}"
        told = run("allocate", folder, "--out", out)
        assert told.exit_code == 0, told.output
        assert "Shortages" in told.output
        assert out.stat().st_size > 1000
        assert run("allocate", folder, "--out", out).exit_code == 0  # its own file may be written over


def test_allocate_refuses_what_it_does_not_know_and_a_file_that_is_not_its_own(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("# Mine\n")
    assert run("allocate", folder, "--out", tmp_path / "mine.md").exit_code == 1
    assert (tmp_path / "mine.md").read_text() == "# Mine\n"
    assert run("allocate", folder, "--out", tmp_path / "a.pdf").exit_code == 1
    # A workbook of somebody else's, one that somebody has saved since, one that is none.
    mine, worked_on, broken = (tmp_path / name for name in ("mine.xlsx", "worked_on.xlsx", "broken.xlsx"))
    openpyxl.Workbook().save(mine)
    assert run("allocate", folder, "--out", worked_on).exit_code == 0
    openpyxl.load_workbook(worked_on).save(worked_on)
    broken.write_bytes(b"no zip")
    for path in (mine, worked_on, broken):
        before = path.read_bytes()
        assert run("allocate", folder, "--out", path).exit_code == 1
        assert path.read_bytes() == before


def test_the_same_plan_gives_the_same_workbook(settled: Settled) -> None:
    assert workbook(settled, "en") == workbook(settled, "en")


def test_what_is_no_option_is_refused(folder: Path) -> None:
    assert run("allocate", folder, "--ranks", "first").exit_code == 2
    assert run("allocate", folder, "--method", "magic").exit_code == 2


@pytest.mark.parametrize("ranks", ["epsilon", "exact", "weighted"])
@pytest.mark.parametrize("method", ["simplex", "ipx", "hipo", "hipdlp"])
def test_every_way_by_every_method_says_the_same_or_why_not(folder: Path, ranks: str, method: str) -> None:
    told = run("allocate", folder, "--ranks", ranks, "--method", method)
    if ranks == "exact" and method != "simplex":
        assert told.exit_code == 2
        assert "exact – simplex" in told.output
    elif method == "hipdlp" and told.exit_code == 1:  # a first-order method may not come to an end: it says so
        assert "allocation_failed" in told.output
    else:
        assert told.exit_code == 0, told.output
        assert re.search(r"power: works \(rank 2\) +2 +2006 +7\.000 +[45]\.\d+", told.output)


def test_balances_prints_them_and_a_plan_without_any_says_so(folder: Path, tmp_path: Path) -> None:
    told = run("balances", folder)
    assert told.exit_code == 0
    assert "Resources, total" in told.output
    bare = write_folder(tmp_path / "bare", plan_files({}, {}))
    assert "no balances" in run("balances", bare).output
    refused = run("allocate", bare)
    assert refused.exit_code == 1
    assert "balances/" in refused.output
