"""An allocation as a workbook: its formulas give what is solved, its sheets say what the page says."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import openpyxl
import pytest
from tests.balances.given import balance, capacity, plan_of, resource, use
from tests.balances.test_limits import COAL, NUMBERS, POWER, UNITS, energy
from tests.publish.settled import capped, growing, settled_of, stored

from bagdar.balances import Options
from bagdar.balances.loop import Settled, settle
from bagdar.equations import simulate
from bagdar.language import LANGUAGES, Language, catalogue, phrase
from bagdar.publish.allocation import AllocationWriter, allocation_document
from bagdar.publish.document import as_text
from bagdar.publish.workbook import workbook
from bagdar.publish.workbook_causes import sheet_names


@pytest.fixture(scope="module")
def settled() -> Settled:
    return settled_of(energy())


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


@pytest.mark.parametrize("which", ["short", "growing", "capped", "stored"])
def test_every_formula_gives_the_value_that_is_solved(settled: Settled, which: str) -> None:
    made = {"growing": growing, "capped": capped, "stored": stored}.get(which, lambda: settled)()
    book = Sheets(workbook(made, "en"))
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
    left = next(row for row in book.formulas["coal"].iter_rows() if row[0].value == "Left over")
    made = [book.value("coal", cell.coordinate) for cell in left[3:5]]
    # Stations make 11 and 10 units, each now takes a tenth of a tonne more.
    assert made == pytest.approx([-1.1, -1.0], abs=1e-6)


def test_a_stock_at_the_start_is_what_was_left_of_it_at_the_end_of_the_year_before() -> None:
    book = Sheets(workbook(stored(), "en"))
    rows = {row[0].value: row for row in book.formulas["coal"].iter_rows()}
    opening, closing = rows["stored, at the start"], rows["stored, at the end"]
    assert opening[3].value == 1.8  # of before the plan no year is shown
    assert opening[4].value == f"=(1-0.1)*{closing[3].coordinate}"
    before = book.value("coal", opening[4].coordinate)
    closing[3].value = float(closing[3].value) + 1
    assert book.value("coal", opening[4].coordinate) == pytest.approx(before + 0.9)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sheets_name_is_cut(settled: Settled, language: Language) -> None:
    whole = {phrase(key, language) for key in catalogue("phrases") if key.startswith("allocation_")}
    assert set(sheet_names(AllocationWriter(settled, language)).values()) <= whole


def test_a_name_with_an_apostrophe_is_a_sheet_whose_formulas_can_be_read(settled: Settled) -> None:
    titled = COAL.replace("kind = ", "title = { en = \"Coal of 'old' mines\" }\nkind = ", 1)
    made = settled_of(plan_of({"coal": titled, "power": POWER}, NUMBERS, units=UNITS, years=2))
    book = Sheets(workbook(made, "en"))
    assert "Coal of  old  mines" in book.formulas.sheetnames
    told = [str(cell.value) for row in book.formulas["Normative base"].iter_rows() for cell in row]
    named = {name for text in told for name in re.findall(r"='([^!]+)'!", text)}
    assert named <= set(book.formulas.sheetnames)
    assert named


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
    assert [coal["Amount"], coal["By"], coal["Worth, KZT"]] == pytest.approx([8, 1.6, 32], rel=1e-4)
    assert "power: works (rank 2), 2006: worth 32.00 KZT" in as_text(allocation_document(settled, "en"))


def test_a_relief_without_a_price_says_so_in_the_workbook_too(settled: Settled) -> None:
    (cause, eased), *rest = settled.explained
    assert eased is not None
    made = replace(settled)
    made.__dict__["explained"] = ((cause, replace(eased, cost=None)), *rest)
    first, *_ = rows_of(Sheets(workbook(made, "en")), "The cheapest relief")
    assert list(first.values())[2] == "not valued: one of the limits has no price"


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
    assert book.formulas.sheetnames == ["Shortages", "How far ranks are served", "coal", "power", "Normative base"]


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
    assert names[:6] == [
        "Shortages", "How far ranks are served", "What causes the shortages", "The cheapest relief", "Capacities 2",
        "The cheapest relief 2",
    ]  # fmt: skip


def test_the_workbook_says_how_far_ranks_are_served_and_what_ceilings_change() -> None:
    made = capped()
    book = Sheets(workbook(made, "en"))
    (rank,) = rows_of(book, "How far ranks are served")
    assert rank["Met, %"] == pytest.approx(100 * made.first.met(1))
    effect = rows_of(book, "What the ceilings change")
    used = [row for row in effect if row["Item"] == "used"]
    assert [row[""] for row in used] == ["without ceilings", "with ceilings"]
    for row, solution in zip(used, (made.before, made.solution), strict=True):
        assert row["2006"] == pytest.approx(solution.values["used"].get("2006"))
    assert used[0]["2006"] != pytest.approx(used[1]["2006"])


def test_the_shortages_after_the_ceilings_have_a_sheet_of_their_own() -> None:
    made = capped()
    left = made.allocation.shortages()
    rows = rows_of(Sheets(workbook(made, "en")), "Shortages under ceilings")
    assert [row["Lacking"] for row in rows] == pytest.approx([one.amount for one in left])
    assert left
