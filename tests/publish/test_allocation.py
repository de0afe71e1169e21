"""Balances and their allocation as readers get them: tables, streams, a workbook whose formulas give what is solved."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from tests.balances.given import balance, capacity, plan_files, plan_of, resource, use
from tests.balances.test_limits import COAL, NUMBERS, POWER, UNITS, energy
from tests.strategies import write_folder
from typer.testing import CliRunner

from bagdar.balances import Options
from bagdar.balances.loop import Settled, settle
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


def settled_of(plan: Plan) -> Settled:
    solution, _ = simulate(plan)
    made, findings = settle(solution, Options())
    assert findings == []
    assert made is not None
    return made


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
    assert rows["Used by nobody"] == ["0.00", "—", "0.00", "—"]
    assert "±" in allocation_section(settled, "x", "ru").prose


def test_what_the_plan_lacks_is_not_called_used_by_nobody() -> None:
    items = (resource("mined", quantity="mined"), use("homes", quantity="homes", rank=1))
    rows = columns_of(settled_of(plan_of({"coal": balance(*items)}, {"mined": [9, 9], "homes": [8, 12]})), "coal")
    assert rows["Item"] == ["2005, plan", "2005", "2005, ±"]
    assert rows["homes (rank 1)"] == ["12.00", "9.00", "\N{MINUS SIGN}3.00"]
    assert rows["Over (+), lacking (\N{MINUS SIGN})"] == ["\N{MINUS SIGN}3.00", "0.00", "+3.00"]
    assert "Used by nobody" not in rows


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


# -- the workbook ----------------------------------------------------------------------------------


class Sheets:
    """A workbook's formulas, worked out here, beside the values that are kept in its cells."""

    def __init__(self, content: bytes) -> None:
        self.formulas = openpyxl.load_workbook(BytesIO(content))
        self.kept = openpyxl.load_workbook(BytesIO(content), data_only=True)

    def value(self, sheet: str, cell: str) -> float:
        told = self.formulas[sheet][cell].value
        if not isinstance(told, str) or not told.startswith("="):
            return float(told or 0)
        text = re.sub(
            r"SUM\(((?:'[^']+'!)?)([A-Z]+\d+):([A-Z]+\d+)\)", lambda m: self.total(sheet, m[1], m[2], m[3]), told[1:]
        )
        text = re.sub(r"((?:'[^']+'!)?)([A-Z]+\d+)", lambda m: repr(self.value(m[1].strip("'!") or sheet, m[2])), text)
        assert re.fullmatch(r"[\d.e+\-*/() ]+", text), text
        result: float = eval(text)
        return result

    def total(self, sheet: str, where: str, first: str, last: str) -> str:
        name = where.strip("'!") or sheet
        cells = [cell.coordinate for row in self.formulas[name][first:last] for cell in row]
        return repr(sum(self.value(name, cell) for cell in cells))


def growing() -> Settled:
    """What is fed is that of two years later, and the years after the plan grow."""
    items = (
        resource("made", limit="most"),
        use("feed", norm="fed", of="made", lead=2),
        use("people", quantity="people", rank=1),
    )
    numbers: dict[str, Any] = {"people": [10, 12, 12, 12, 12], "most": [20] * 5, "fed": 0.5}
    solution, _ = simulate(plan_of({"steel": balance(*items)}, numbers, years=3, beyond=1))
    made, _ = settle(solution, Options("exact", growth=0.1))
    assert made is not None
    return made


def capped() -> Settled:
    """Exports that cannot be delivered return to the model, and with them a norm that it gives."""
    items = (
        resource("mined", quantity="mined"),
        use("own", norm="used", of="exports", lead=1),
        use("exports", quantity="exports", rank=1),
    )
    numbers: dict[str, Any] = {"mined": [9, 9, 9], "exports": [5, 9, 9], "used": [0.5, None, None], "half": 0.1}
    plan = plan_of(
        {"coal": balance(*items)}, {**numbers, "unit": 1.0}, units={"used": "1", "unit": "t"}, years=2,
        equations="used = half*exports/unit\n", capped={"exports": "coal.exports"},
    )  # fmt: skip
    solution, _ = simulate(plan)
    made, _ = settle(solution, Options("exact"))
    assert made is not None
    assert made.caps
    return made


@pytest.mark.parametrize("which", ["short", "growing", "capped"])
def test_every_formula_gives_the_value_that_is_solved(settled: Settled, which: str) -> None:
    book = Sheets(workbook({"growing": growing, "capped": capped}.get(which, lambda: settled)(), "en"))
    seen = 0
    for sheet in book.formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    kept = book.kept[sheet.title][cell.coordinate].value
                    assert book.value(sheet.title, cell.coordinate) == pytest.approx(kept, rel=1e-9, abs=1e-9)
                    seen += 1
    assert seen > 10


def test_a_norm_that_is_changed_there_opens_the_balance(settled: Settled) -> None:
    book = Sheets(workbook(settled, "en"))
    norms = book.formulas["Normative base"]
    cells = [cell for row in norms.iter_rows(min_row=2) for cell in row if isinstance(cell.value, float)]
    places = [cell.coordinate for cell in cells if abs(cell.value - 0.8) < 1e-9]
    assert len(places) == 2  # a year each
    for place in places:
        norms[place] = 0.9
    left = next(row for row in book.formulas["coal"].iter_rows() if row[0].value == "Used by nobody")
    made = [book.value("coal", cell.coordinate) for cell in left[3:5]]
    # Stations make 11 and 10 units, each now takes a tenth of a tonne more.
    assert made == pytest.approx([-1.1, -1.0], abs=1e-6)


def test_a_name_that_looks_like_a_formula_stays_a_text() -> None:
    titled = COAL.replace("kind = ", 'title = { en = "=1+1" }\nkind = ', 1)
    made = settled_of(plan_of({"coal": titled, "power": POWER}, NUMBERS, units=UNITS, years=2))
    book = Sheets(workbook(made, "en"))
    told = [cell for sheet in book.formulas for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert told
    assert {cell.data_type for cell in told} == {"s"}


def rows_of(book: Sheets, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet below its heads, the last row of which is the first that has more than one cell."""
    rows = [list(row) for row in book.kept[sheet].iter_rows(values_only=True)]
    top = next(k for k, row in enumerate(rows) if sum(cell is not None for cell in row) > 1)
    heads = [f"{head or ''}{'' if (rows[top][:k]).count(head) == 0 else ' 2'}" for k, head in enumerate(rows[top])]
    return [dict(zip(heads, row, strict=True)) for row in rows[top + 1 :]]


def test_the_workbook_says_what_limits_each_shortage_with_the_pages_values(settled: Settled) -> None:
    rows = rows_of(Sheets(workbook(settled, "en")), "What causes the shortages")
    causes = [told for told, _ in settled.explained]
    assert len(rows) == sum(len(told.limits) + len(told.exchanges) for told in causes) > 1
    coal = next(row for row in rows if row["Customer"] == "power: works (rank 2)" and row[""] == "Limited by")
    assert (coal["Item"], coal["Period 2"], coal["Unit 2"]) == ("coal: output", "2006", "t")
    told = [coal[key] for key in ("Lacking", "Amount", "One more gives", "One less takes", "Holds from", "to")]
    assert told == pytest.approx([2, 8, 1.25, 1.25, 4, 9.6], rel=1e-6)
    rival = next(row for row in rows if row["Customer"] == "power: works (rank 2)" and row[""] == "Competes with")
    assert (rival["Item"], rival["Period 2"]) == ("power: homes (rank 1)", "2006")
    assert [rival["Amount"], rival["One more gives"]] == pytest.approx([5, 1], rel=1e-6)
    assert rival["One less takes"] is None


def test_the_workbook_says_what_relieves_each_shortage(settled: Settled) -> None:
    rows = rows_of(Sheets(workbook(settled, "en")), "The cheapest relief")
    coal = next(row for row in rows if row["Customer"] == "power: works (rank 2)")
    assert (coal["Raise"], coal["Period 2"], coal["Unit"]) == ("coal: output", "2006", "t")
    # 1.6 t at 20 tenge each.
    assert [coal["Amount"], coal["By"], coal["Worth, mln KZT"]] == pytest.approx([8, 1.6, 32e-6], rel=1e-4)


def test_capacities_are_told_installed_used_and_added_on_the_page_and_in_the_workbook() -> None:
    items = (
        resource("made"),
        resource("bought", quantity="bought"),
        use("people", quantity="people", rank=1),
        capacity("ovens", quantity="ovens", of="made", additions="new", additions_limit="most", loss="wear"),
        capacity("port", quantity="port", of="bought", norm="load"),
    )
    numbers: dict[str, Any] = {"people": [9, 12, 14], "ovens": [10, None, None], "most": [None, 2, 2], "wear": 0.1,
                               "bought": [3, 3, 3], "port": [9, 8, 8], "load": 2.0}  # fmt: skip
    solution, _ = simulate(plan_of({"steel": balance(*items)}, numbers, years=2))
    made, found = settle(solution, Options("exact"))
    assert made is not None, found
    rows = {row["Item"]: row for row in rows_of(Sheets(workbook(made, "en")), "Capacities")}
    assert list(rows) == [
        "steel: ovens: installed", "steel: ovens: used", "steel: ovens: added", "steel: port: installed",
        "steel: port: used",
    ]  # fmt: skip
    assert {row["Unit"] for row in rows.values()} == {"t"}
    ovens, used, added = (np.array([row["2005"], row["2006"]]) for row in list(rows.values())[:3])
    # What stays of the year before, and what is added, is all that can be installed; no more than that is used.
    assert (ovens <= 0.9 * np.array([10, ovens[0]]) + added + 1e-9).all()
    assert (used <= ovens + 1e-9).all()
    assert used == pytest.approx(made.allocation.amounts["steel", "made"].ravel())
    bought = made.allocation.amounts["steel", "bought"].ravel()
    assert (rows["steel: port: installed"]["2005"], rows["steel: port: installed"]["2006"]) == (8, 8)
    assert [rows["steel: port: used"][year] for year in ("2005", "2006")] == pytest.approx(2 * bought)
    page = as_text(allocation_document(made, "en"))
    assert re.search(r"steel: port: installed, t +8\.000 +8\.000", page)


def test_where_nothing_is_short_and_no_capacity_limits_the_workbook_has_no_such_sheets() -> None:
    book = Sheets(workbook(settled_of(energy(mined=[None, 20, 20])), "en"))
    assert book.formulas.sheetnames == ["Shortages", "coal", "power", "Normative base"]


def test_the_plans_amounts_stand_in_the_workbook_where_the_plan_has_them(settled: Settled) -> None:
    rows = rows_of(Sheets(workbook(settled, "en")), "power")
    works = next(row for row in rows if row["Item"] == "works (rank 2)")
    assert [works[head] for head in ("2006", "2006, plan", "2006, ±")] == pytest.approx([5, 7, -2], abs=1e-6)
    output = next(row for row in rows if row["Item"] == "output")
    assert (output["2006, plan"], output["2006, ±"]) == (None, None)


def test_a_balance_called_like_another_sheet_gets_a_name_of_its_own(settled: Settled) -> None:
    titled = COAL.replace("kind = ", 'title = { en = "Capacities" }\nkind = ', 1)
    titled_too = POWER.replace("kind = ", 'title = { en = "The cheapest relief" }\nkind = ', 1)
    made = settled_of(plan_of({"coal": titled, "power": titled_too}, NUMBERS, units=UNITS, years=2))
    names = Sheets(workbook(made, "en")).formulas.sheetnames
    assert names[:5] == [
        "Shortages", "What causes the shortages", "The cheapest relief", "Capacities 2", "The cheapest relief 2",
    ]  # fmt: skip


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
