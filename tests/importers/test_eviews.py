"""EViews equations as text: what a line means, where the data come from, and every fault."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from bagdar.finding import Finding, has_errors
from bagdar.folder import read
from bagdar.importers import Imported, import_model
from tests.importers.models import solved, value

TEXT = """' a small model
smpl 2021 2023
@IDENTITY y = c + i _
   + @recode(i>0, 0, 1)   ' "nothing" for investment
dlog(c) = 0.8*dlog(y(-1)) - 0.01
mymodel.append i/k(-1) = 0.1
@add i i_add
@identity k = k(-1)*0.95 + i(-1)
@IDENTITY t = @trend + @elem(y, "2020") + @during("2022")
"""
YEARS = range(2017, 2024)


def table(**columns: list[object]) -> str:
    """A CSV file with a column of years."""
    rows = ["period," + ",".join(columns)]
    rows += [",".join(map(str, [year, *(values[n] for values in columns.values())])) for n, year in enumerate(YEARS)]
    return "\n".join(rows) + "\n"


def data() -> dict[str, list[object]]:
    known: list[object] = [70, 71, 72, 73, "NA", "", "na"]
    return {
        "c": known,
        "I": [30, 31, 32, 33, "", "", ""],
        "Y": [100, 102, 104, 106, "", "", ""],
        "k": [300, 315.0, 330.25, 345.7375, "", "", ""],
        "c_a": [0, 0, 0, 0, 0.02, 0.01, 0],
        "i_add": [0, 0, 0, 0, 0.001, 0.002, 0.003],
    }


def imported(
    folder: Path, text: str = TEXT, csv: str | None = None, ending: str = ".txt"
) -> tuple[Imported | None, list[Finding]]:
    (folder / f"small{ending}").write_text(text, "utf-8")
    (folder / "small.csv").write_text(table(**data()) if csv is None else csv, "utf-8")
    return import_model(folder / f"small{ending}", folder / "plan")


@pytest.mark.parametrize("ending", [".txt", ".prg", ".TXT"])
def test_the_equations_are_solved_as_they_are_written(tmp_path: Path, ending: str) -> None:
    result, found = imported(tmp_path, ending=ending)
    assert result is not None
    assert not has_errors(found), [f.line() for f in found]
    plan, solution = solved(tmp_path)
    k, c, y_before, y = 345.7375, 73.0, 104.0, 106.0
    i = 33.0
    for n, year in enumerate((2021, 2022, 2023)):
        c *= math.exp((0.02, 0.01, 0.0)[n] + 0.8 * math.log(y / y_before) - 0.01)
        i_now = k * (0.1 + (0.001, 0.002, 0.003)[n])
        k, i = k * 0.95 + i, i_now
        y_before, y = y, c + i
        told = {"C": c, "I": i, "K": k, "Y": y, "T": year - 2017 + 106 + (year == 2022)}
        for code, number in told.items():
            assert value(solution, code, str(year)) == pytest.approx(number, rel=1e-13), (code, year)
    assert [s.text for s in plan.statements if s.behaviour] == [
        "dlog(C) = 0.8*dlog(lag(Y)) - 0.01",
        "I = lag(K)*(0.1 + I_ADD)",
    ]
    assert plan.indicators["Y_in_2020"].role == "coefficient"
    assert (tmp_path / "plan" / "data" / "clocks.csv").is_file()


def test_an_add_factor_may_be_one_of_the_level(tmp_path: Path) -> None:
    text = "smpl 2021 2023\nlog(c) = log(i_add+50)\n@ADD(V) c c_a\n"
    imported(tmp_path, text)
    plan, solution = solved(tmp_path)
    assert value(solution, "C", "2021") == pytest.approx(50.001 + 0.02, rel=1e-14)
    assert next(s.text for s in plan.statements if s.code == "C") == "C = exp(log(I_ADD + 50))"
    assert {str(a.period): a.value for a in plan.add_factors}["2021"] == 0.02


def test_without_a_sample_what_is_not_there_is_solved(tmp_path: Path) -> None:
    result, _ = imported(tmp_path, TEXT.replace("smpl 2021 2023\n", "").replace("@IDENTITY t", "'"))
    assert result is not None
    assert tuple(map(str, result.horizon)) == ("2021", "2023")


def test_quarters_and_the_dialects_of_spreadsheets(tmp_path: Path) -> None:
    rows = "\n".join(f"{2020 + n // 4}Q{n % 4 + 1};{n},5" for n in range(8))
    text = "smpl 2021q1 2021q4\n@identity y = @pchy(x)*@seas(1)\n"
    imported(tmp_path, text, f"date;x\n{rows}\n")
    _, solution = solved(tmp_path)
    assert value(solution, "Y", "2021Q1") == 4.5 / 0.5 - 1
    assert value(solution, "Y", "2021Q2") == 0.0


FAULTS = {
    "eviews_line_unknown": (TEXT + "equation eq1.ls y c x\n", "small.txt", 10),
    "eviews_line_unknown 2": (TEXT + "assign @all _f\n", "small.txt", 10),
    "foreign_function_unknown": (TEXT + "z = c(1)*y\n", "small.txt", 10),
    "foreign_function_unknown 2": (TEXT + "z = @rmax(y)\n", "small.txt", 10),
    "foreign_equation_not_understood": (TEXT + "z = {%name} + 1\n", "small.txt", 10),
    "foreign_bracket_unbalanced": (TEXT + "z = (y\n", "small.txt", 10),
    "foreign_left_side_unusable": (TEXT + "z(-1) = y\n", "small.txt", 10),
    "foreign_equation_twice": (TEXT + "y = 3\n", "small.txt", 10),
    "foreign_period_unreadable": (TEXT.replace("smpl 2021 2023", "smpl @first 2023"), "small.txt", 2),
    "foreign_period_unreadable 2": (TEXT.replace("smpl 2021 2023", "smpl 2023 2021"), "small.txt", 2),
    "foreign_period_unreadable 3": (TEXT + '@IDENTITY z = @elem(y, "1900")\n', "small.txt", 0),
    "foreign_period_unreadable 4": (TEXT + '@IDENTITY z = @during("x")\n', "small.txt", 0),
    "model_file_lacks": ("' nothing\n", "small.txt", 0),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_a_finding(tmp_path: Path, name: str) -> None:
    text, file, row = FAULTS[name]
    result, found = imported(tmp_path, text)
    errors = [f for f in found if f.severity == "error"]
    assert [f.rule for f in errors] == [name.split(maxsplit=1)[0]], [f.line() for f in found]
    assert (errors[0].home.file, errors[0].home.row) == (file, row)
    if result is not None:
        plan, wrong = read(tmp_path / "plan")
        assert plan is not None
        assert not has_errors(wrong), [f.line() for f in wrong]


def test_faults_of_the_data(tmp_path: Path) -> None:
    def errors(csv: str) -> list[tuple[str, str]]:
        _, found = imported(tmp_path, "smpl 2021 2021\n@identity y = x\n", csv)
        folder = tmp_path / "plan"
        for path in sorted(folder.rglob("*"), reverse=True) if folder.exists() else ():
            path.rmdir() if path.is_dir() else path.unlink()
        return [(f.rule, str(f.home)) for f in found if f.severity == "error"]

    assert errors("period,x\n2020,1\n2021,text\n") == [("foreign_numbers_left_out", "small.csv")]
    assert errors("period,x,X\n2020,1,1\n2021,2,2\n") == [("foreign_series_twice", "small.csv:1:3")]
    assert errors("period,x\nfirst,1\n") == [("foreign_period_unreadable", "small.csv:2")]
    assert errors("period,x\n2020,1\n2020Q1,1\n") == [("foreign_period_unreadable", "small.csv:1")]
    assert errors("period,x\n2020,1\n2020,1\n") == [("foreign_period_unreadable", "small.csv:1")]
    assert errors("period,x\n") == [("foreign_period_unreadable", "small.csv:1")]
    assert errors("") == [("empty_table", "small.csv")]
    assert errors("period,z\n2020,1\n2021,1\n") == [("foreign_series_missing", "small.txt:2")]


def test_the_data_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "small.txt").write_text(TEXT)
    result, found = import_model(tmp_path / "small.txt", tmp_path / "plan")
    assert result is None
    assert [(f.rule, f.home.file) for f in found] == [("missing_file", "small.csv")]


def test_all_there_and_no_sample_is_a_model_without_a_horizon(tmp_path: Path) -> None:
    csv = "period,x,y\n2020,1,1\n2021,2,2\n"
    result, found = imported(tmp_path, "@identity y = x\n", csv)
    assert result is None
    assert [(f.rule, dict(f.facts)) for f in found] == [("model_file_lacks", {"field": "SMPL"})]
