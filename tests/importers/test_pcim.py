"""ModelFlow's format: what becomes of a model, in every form that a file may have, and of every fault in it."""

from __future__ import annotations

import gzip
import json
import math
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bagdar.change import apply
from bagdar.checks import check
from bagdar.cli import app
from bagdar.equations import simulate
from bagdar.finding import finding, has_errors
from bagdar.folder import read
from bagdar.importers import import_model
from tests.importers.models import (
    CONSUMPTION,
    FIRST,
    YEARS,
    column,
    content,
    data,
    imported,
    solved,
    value,
    with_model,
    write,
)


def rules(found: list[Any]) -> list[str]:
    return [f.rule for f in found]


# -- the small model -----------------------------------------------------------------------------


def expected(first: str, last: str, add: list[float]) -> dict[str, tuple[float, float]]:
    """Consumption and income by year, solved by bisection of the two equations."""
    c, y = 70.0 + FIRST - 1, 70.0 + FIRST - 1 + 30.0 + 2 * (FIRST - 1)
    found = {}
    for year in range(int(first), int(last) + 1):
        i = year - 2015
        investment, low, high = 30.0 + 2 * i, 1.0, 1000.0
        for _ in range(200):
            middle = (low + high) / 2
            right = c * math.exp(add[i] + 0.8 * (math.log(middle + investment) - math.log(y)) - 0.01)
            low, high = (middle, high) if right > middle else (low, middle)
        c, y = low, low + investment
        found[str(year)] = (c, y)
    return found


def test_the_small_model_is_solved_as_it_is_written(tmp_path: Path) -> None:
    told, found = imported(tmp_path, content())
    assert told is not None
    assert (told.equations, told.behaviour) == (3, 1)
    assert rules(found) == ["add_factor_formulas_left_out", "series_that_nothing_reads", "units_not_in_the_file"]
    plan, solution = solved(tmp_path)
    for year, (c, y) in expected("2021", "2025", [0.001 * i for i in range(11)]).items():
        assert value(solution, "C", year) == pytest.approx(c, rel=1e-12)
        assert value(solution, "Y", year) == pytest.approx(y, rel=1e-12)
        # What the equation gives without its add-factor is reported.
        fitted = c / math.exp(0.001 * (int(year) - 2015))
        assert value(solution, "C_FITTED", year) == pytest.approx(fitted, rel=1e-12)
    assert {code: i.role for code, i in plan.indicators.items()} == {
        "C": "endogenous", "Y": "endogenous", "C_FITTED": "statistic", "I": "exogenous",
    }  # fmt: skip
    assert plan.indicators["C"].names.en == "Consumption"
    assert plan.header.headline == ("C", "Y")
    assert [(x.group, x.indicator) for x in plan.indicator_lists] == [("group_1", "C"), ("group_1", "Y")]
    open_ones, known = check(plan, solution, [])
    assert not has_errors(open_ones)
    assert {f.rule for f in known} == {"indicator_without_section", "translation_missing"}


def test_an_equation_stands_under_what_it_was_read_from(tmp_path: Path) -> None:
    imported(tmp_path, content())
    plan, _ = solved(tmp_path)
    one = next(s for s in plan.statements if s.code == "C")
    assert one.doc == f"FRML <DAMP,STOC> C = {CONSUMPTION}"
    assert one.text == "dlog(C) = 0.8*dlog(Y) - 0.01"
    assert one.behaviour


def test_a_behavioural_series_may_be_fixed_and_its_add_factor_changed(tmp_path: Path) -> None:
    imported(tmp_path, content())
    (tmp_path / "plan" / "variants").mkdir()
    (tmp_path / "plan" / "variants" / "held.toml").write_text(
        '[title]\nen = "Held"\n[[change]]\nop = "fix"\naddress = "value:C[; 2022]"\nnew = 80.0\n'
        '[[change]]\nop = "set"\naddress = "addfactor:C[; 2023]"\nold = 0.008\nnew = 0.05\n'
    )
    plan, base = solved(tmp_path)
    after, found = apply(plan, plan.variants["held"])
    assert not found
    solution, found = simulate(after, start=base)
    assert not has_errors(found)
    assert value(solution, "C", "2022") == 80.0
    assert value(solution, "Y", "2022") == 124.0
    dlog = math.log(value(solution, "C", "2023") / 80.0)
    income = math.log(value(solution, "Y", "2023") / 124.0)
    assert dlog == pytest.approx(0.05 + 0.8 * income - 0.01, rel=1e-11)


def test_a_dummy_that_is_not_zero_stays(tmp_path: Path) -> None:
    columns = data()
    columns["C_D"] = column([1.0 if year == "2022" else 0.0 for year in YEARS])
    columns["C_X"] = column(77.0)
    _, found = imported(tmp_path, content(lastdf=json.dumps(columns)))
    assert "held_by_a_dummy" in rules(found)
    plan, solution = solved(tmp_path)
    assert value(solution, "C", "2022") == 77.0
    assert value(solution, "C", "2021") != 77.0
    assert {"C_A", "C_D", "C_X"} <= plan.indicators.keys()
    assert next(s for s in plan.statements if s.code == "C").behaviour
    assert solution.add_factors["C"].get("2022") == 0.0


def test_an_add_factor_that_is_no_summand_stays_a_series(tmp_path: Path) -> None:
    formulas = "FRML <STOC> C = (C_A*I+I*(2.5))*(1-C_D)+C_X*C_D $ FRML <> Y = C+I $"
    imported(tmp_path, with_model(formulas, data()))
    plan, solution = solved(tmp_path)
    assert plan.indicators["C_A"].role == "exogenous"
    assert "C_D" not in plan.indicators
    assert value(solution, "C", "2025") == pytest.approx(50.0 * (2.5 + 0.01), rel=1e-15)


def test_older_models_call_an_add_factor_j(tmp_path: Path) -> None:
    columns = {"Y": column(3.0), "X": column(1.0), "Y_J": column(0.25), "Y_D": column(0.0), "Y_X": column(9.0)}
    imported(tmp_path, with_model("FRML <EXO,J> Y =( 2*X +Y_J)*(1-Y_D)+Y_X*Y_D $", columns))
    plan, solution = solved(tmp_path)
    assert next(s.text for s in plan.statements) == "Y = 2*X"
    assert solution.add_factors["Y"].get("2025") == 0.25
    assert value(solution, "Y", "2025") == 2.25


def test_without_numbers_of_the_base_an_equation_is_an_identity(tmp_path: Path) -> None:
    columns = data() | {"C": column([None] * len(YEARS))}
    formulas = "FRML <STOC> C = (I+C_A)*(1-C_D)+C_X*C_D $"
    _, found = imported(tmp_path, with_model(formulas, columns))
    assert "behaviour_without_a_base" in rules(found)
    plan, solution = solved(tmp_path)
    assert not any(s.behaviour for s in plan.statements)
    assert value(solution, "C", "2025") == pytest.approx(50.01, rel=1e-15)


def test_the_horizon_may_begin_with_the_data(tmp_path: Path) -> None:
    columns = {"X": column(3.0), "Y_A": column(0.5)}
    told = with_model("FRML <STOC> Y = X+Y_A $", columns, current_per=json.dumps(list(YEARS)))
    _, found = imported(tmp_path, told)
    assert not has_errors(found)
    _, solution = solved(tmp_path)
    assert value(solution, "Y", "2015") == 3.5


def test_missing_is_never_zero(tmp_path: Path) -> None:
    columns: dict[str, Any] = {"X": column(3.0), "Z": column(1.0)}
    columns["Z"]["2023"] = None
    text = json.dumps(columns).replace('"2024": 3.0', '"2024": NaN', 1)
    told = content(frml="FRML <> Y = X+Z $", lastdf=text, var_groups={}, var_description={})
    imported(tmp_path, told)
    plan, _ = read(tmp_path / "plan")
    assert plan is not None
    _, found = simulate(plan)
    assert sorted(f.address for f in found if f.rule == "missing_value") == ["value:X[; 2024]", "value:Z[; 2023]"]


def test_an_add_factor_that_the_file_lacks_is_carried_by_bagdar_s_own_rule(tmp_path: Path) -> None:
    columns = data()
    columns["C_A"]["2023"] = None
    imported(tmp_path, content(lastdf=json.dumps(columns)))
    plan, solution = solved(tmp_path)
    assert {str(a.period) for a in plan.add_factors} == {"2021", "2022", "2024", "2025"}
    base = solution.add_factors["C"].get("2020")
    assert base is not None
    assert solution.add_factors["C"].get("2023") == pytest.approx(base / 8, rel=1e-15)


def test_history_begins_where_the_data_hold_the_identities(tmp_path: Path) -> None:
    columns = data()
    columns["Y"]["2016"] = 0.0
    _, found = imported(tmp_path, content(lastdf=json.dumps(columns)))
    cut = next(f for f in found if f.rule == "history_cut_at_identities")
    assert dict(cut.facts) == {"count": 1, "code": "Y", "period": "2016", "share": 100.0, "first": "2017"}
    plan, _ = solved(tmp_path)
    assert str(plan.header.history) == "2017"
    assert "2015" in (tmp_path / "plan" / "data" / "history.csv").read_text().splitlines()[0]


def test_small_misses_widen_the_tolerance(tmp_path: Path) -> None:
    columns = data()
    columns["Y"]["2016"] = 103.0 * (1 + 2e-5)
    _, found = imported(tmp_path, content(lastdf=json.dumps(columns)))
    assert "identity_tolerance_widened" in rules(found)
    plan, _ = solved(tmp_path)
    assert 2e-5 < plan.header.identity_tolerance < 2.3e-5


def test_a_root_of_nothing_has_a_slope(tmp_path: Path) -> None:
    # At 0 the slope of x**0.3 is infinite, and Newton's method would stop.
    formulas = "FRML <> K = 0.5*K(-1)+0*H $ FRML <> H = 1+(K/X)^0.3+0.1*K $"
    columns = {"K": column(0.0), "X": column(2.0), "H": column(1.0)}
    imported(tmp_path, with_model(formulas, columns))
    _, solution = solved(tmp_path)
    assert value(solution, "H", "2025") == 1.0


def test_what_an_equation_makes_by_itself_has_no_base(tmp_path: Path) -> None:
    _, found = imported(tmp_path, broken("FRML <> Z = 0.5*Z+X $"))
    text = next(f.text() for f in found if f.severity == "error")
    assert finding("circular_definition", code="Z").text() in text


def test_an_equation_may_read_what_it_determines(tmp_path: Path) -> None:
    columns = {"Y": column(2.0), "X": column(1.0)}
    _, found = imported(tmp_path, with_model("FRML <> Y = 0.5*Y+X $", columns))
    assert not has_errors(found)
    _, solution = solved(tmp_path)
    assert value(solution, "Y", "2025") == pytest.approx(2.0, rel=1e-12)


# -- forms of the file ---------------------------------------------------------------------------


def quarters(first: int, count: int) -> list[str]:
    return [f"{first + i // 4}Q{i % 4 + 1}" for i in range(count)]


@pytest.mark.parametrize(
    ("labels", "solved_in", "horizon"),
    [
        (quarters(2019, 12), quarters(2019, 12)[8:], ("2021Q1", "2021Q4")),
        (
            quarters(2019, 12),
            {str(i): {"freqstr": "Q-DEC", "qyear": 2021, "month": 3 * i + 3, "day": 30} for i in range(4)},
            ("2021Q1", "2021Q4"),
        ),
        (
            [f"{2019 + i // 4}-{3 * (i % 4) + 3:02}-30" for i in range(12)],
            {"0": "2021-03-30", "1": "2021-06-30"},
            ("2021Q1", "2021Q2"),
        ),
        ([f"2020M{i:02}" for i in range(1, 13)], ["2020M09", "2020M12"], ("2020M09", "2020M12")),
        ([f"2020-{i:02}-28T00:00:00.000Z" for i in range(1, 13)], ["2020-09-28", "2020-10-28"], ("2020M09", "2020M10")),
        (["2018H1", "2018H2", "2019H1", "2019H2"], ["2019H1", "2019H2"], ("2019H1", "2019H2")),
        (["1546300800000", "1577836800000", "1609459200000"], [2020, 2021], ("2020", "2021")),
        (["2018", "2019", "2020"], {"0": 2020}, ("2020", "2020")),
    ],
)
def test_periods_may_be_written_in_many_ways(
    tmp_path: Path, labels: list[str], solved_in: Any, horizon: tuple[str, str]
) -> None:
    columns = {"X": column([float(i) for i in range(len(labels))], labels)}
    told, found = imported(tmp_path, with_model("FRML <> Y = 2*X $", columns, current_per=json.dumps(solved_in)))
    assert told is not None
    assert not has_errors(found)
    assert tuple(map(str, told.horizon)) == horizon
    _, solution = solved(tmp_path)
    assert value(solution, "Y", horizon[1]) == 2 * value(solution, "X", horizon[1])


def test_equations_may_read_nothing_but_the_past(tmp_path: Path) -> None:
    imported(tmp_path, with_model("FRML <> Y = X(-2) $", {"X": column([float(year) for year in YEARS])}))
    plan, solution = solved(tmp_path)
    assert plan.header.terminal == plan.header.horizon[1]
    assert value(solution, "Y", "2025") == 2023.0


def test_leads_read_what_is_given_beyond_the_horizon(tmp_path: Path) -> None:
    columns = {"X": column(1.0), "Y": column([2.0] * 10 + [4.0])}
    told = with_model("FRML <> Y = 0.5*Y(+1)+X $", columns, current_per=json.dumps([2021, 2022, 2023, 2024]))
    imported(tmp_path, told)
    plan, solution = solved(tmp_path)
    assert (str(plan.header.horizon[1]), str(plan.header.terminal)) == ("2024", "2025")
    assert [value(solution, "Y", year) for year in ("2024", "2023", "2022", "2021")] == [3.0, 2.5, 2.25, 2.125]


@pytest.mark.parametrize("form", ["gzip", "plain", "nested"])
def test_the_file_may_be_gzipped_plain_or_without_json_in_json(tmp_path: Path, form: str) -> None:
    told: Any = content()
    if form == "plain":
        told = json.dumps(told)
    if form == "nested":
        told["lastdf"], told["current_per"] = data(), [2021, 2022]
    result, found = imported(tmp_path, told)
    assert result is not None
    assert not has_errors(found)
    solved(tmp_path)


def test_a_gzipped_file_says_on_which_day_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "small.pcim"
    path.write_bytes(gzip.compress(json.dumps(content()).encode(), mtime=1700000000))
    import_model(path, tmp_path / "plan")
    plan, _ = solved(tmp_path)
    assert plan.header.plan_date.isoformat() == "2023-11-14"
    assert plan.sources["model_file"].date == plan.header.plan_date
    assert plan.sources["model_file"].note == ""


def test_without_a_day_the_end_of_the_base_stands_in(tmp_path: Path) -> None:
    imported(tmp_path, content())
    plan, _ = solved(tmp_path)
    assert plan.header.plan_date.isoformat() == "2020-12-31"
    assert plan.sources["model_file"].note


def test_flags_names_comments_and_lists_of_the_text(tmp_path: Path) -> None:
    formulas = (
        "£ a comment with FRML inside\n! another\nLIST L = A : B C $\n"
        "FRML <kw=a,Z> a = 1+x $\nfrml name <IDENT> b = a+1 $ FRML name c = b*2$\nFRML <>d=\n  c\t+ 1 $  FRML e = d $"
    )
    told, found = imported(tmp_path, with_model(formulas, {"x": column(1.0)}))
    assert told is not None
    assert not has_errors(found), [f.line() for f in found]
    _, solution = solved(tmp_path)
    assert [value(solution, code, "2025") for code in "ABCDE"] == [2, 3, 6, 7, 7]


def test_other_solutions_become_variants(tmp_path: Path) -> None:
    other = data()
    other["I"] = column([30.0 + 3 * i for i in range(len(YEARS))])
    other["C_A"]["2024"] = 0.05
    held = data()
    held["C_D"]["2022"], held["C_X"]["2022"] = 1.0, 81.0
    kept = {"More / investment": json.dumps(other), "../Held": json.dumps(held), "more investment": json.dumps(other)}
    imported(tmp_path, content(keep_solutions=kept))
    plan, base = solved(tmp_path)
    assert sorted(plan.variants) == ["held", "more_investment", "more_investment_2"]
    after, found = apply(plan, plan.variants["more_investment"])
    assert not found
    assert {str(c.address) for c in plan.variants["more_investment"]} == {
        *(f"value:I[; {year}]" for year in range(2021, 2026)),
        "addfactor:C[; 2024]",
    }
    solution, _ = simulate(after, start=base)
    assert value(solution, "I", "2025") == 60.0
    after, found = apply(plan, plan.variants["held"])
    assert not found
    solution, _ = simulate(after, start=base)
    assert value(solution, "C", "2022") == 81.0


# -- faults --------------------------------------------------------------------------------------

TWO = "FRML <> Y = 2*X $\n"
COLUMNS = {"X": column(1.0), "Y": column(2.0)}


def broken(formula: str, **changed: Any) -> dict[str, Any]:
    """The model of Y = 2*X with a faulty formula in its second row."""
    return with_model(TWO + formula, COLUMNS, **changed)


FAULTS: dict[str, tuple[Any, int]] = {
    "model_file_unreadable": (b"\x1f\x8b\x08 no gzip", 0),
    "model_file_unreadable 2": ("{", 0),
    "model_file_unreadable 3": ("[1]", 0),
    "model_file_unreadable 4": (b"\xff\xfe\x00", 0),
    "model_file_unreadable 5": ("[" * 100_000, 0),
    "model_file_lacks": (content(frml=None), 0),
    "model_file_lacks 2": (content(frml=" \n"), 0),
    "model_file_lacks 3": (content(lastdf=None), 0),
    "model_file_lacks 4": (content(lastdf="{}"), 0),
    "model_file_lacks 5": (content(lastdf="not json"), 0),
    "model_file_lacks 6": (content(current_per=None), 0),
    "model_file_lacks 7": (content(current_per="[]"), 0),
    "foreign_period_unreadable": (with_model(TWO, {"X": {"0": 1.0, "1": 2.0}}), 0),
    "foreign_period_unreadable 2": (with_model(TWO, COLUMNS, current_per='["x"]'), 0),
    "foreign_period_unreadable 8": (with_model(TWO, COLUMNS, current_per="[null]"), 0),
    "foreign_period_unreadable 3": (with_model(TWO, COLUMNS, current_per='["2020Q1"]'), 0),
    "foreign_period_unreadable 4": (with_model(TWO, {"X": {"2020": 1.0, "2021Q1": 2.0}}), 0),
    "foreign_period_unreadable 5": (with_model(TWO, COLUMNS, current_per='["2020Q1", "2021"]'), 0),
    "foreign_period_unreadable 7": (with_model(TWO, {"X": {"2020-02-01": 1.0, "2020-02-02": 2.0}}), 0),
    "foreign_period_unreadable 6": (with_model(TWO, {"X": 3}), 0),
    "foreign_numbers_left_out": (with_model(TWO, COLUMNS | {"Z": {"2020": "text"}}), 0),
    "foreign_numbers_left_out 2": (with_model(TWO, COLUMNS | {"Z": {"2020": True}, "W": 3}), 0),
    "foreign_numbers_left_out 3": (
        with_model(TWO, COLUMNS) | {"lastdf": json.dumps(COLUMNS).replace("2.0", "1e999")},
        0,
    ),
    "foreign_series_twice": (with_model(TWO, COLUMNS | {"x": column(5.0)}), 0),
    "foreign_series_missing": (broken("FRML <> Z = X+NOWHERE $"), 2),
    "foreign_statement_unknown": (broken("DO LIST $"), 2),
    "foreign_statement_unknown 2": (broken("FRML <> Z = X\nFRML <> W = X $"), 2),
    "foreign_equation_not_understood": (broken("FRML <> Z = X+*2 $"), 2),
    "foreign_equation_not_understood 2": (broken("FRML <> Z X $"), 2),
    "foreign_function_unknown": (broken("FRML <> Z = NORMCDF(X) $"), 2),
    "foreign_bracket_unbalanced": (broken("FRML <> Z = (X+1 $"), 2),
    "foreign_bracket_unbalanced 2": (broken("FRML <> Z = X)+1 $"), 2),
    "foreign_number_too_large": (broken("FRML <> Z = 1e999*X $"), 2),
    "foreign_left_side_unusable": (broken("FRML <> Z*Z = X $"), 2),
    "foreign_left_side_unusable 2": (broken("FRML <> 3 = X $"), 2),
    "foreign_equation_twice": (broken("FRML <> Y = 3*X $"), 2),
    "foreign_equation_beyond_the_language 2": (broken("FRML <> Z = 0.5*Z+X $"), 2),
    "foreign_equation_beyond_the_language": (broken(f"FRML <> Z = {'+'.join(['X*LOG(X)'] * 2000)} $"), 2),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_a_finding(tmp_path: Path, name: str) -> None:
    told, row = FAULTS[name]
    result, found = imported(tmp_path, told)
    errors = [f for f in found if f.severity == "error"]
    assert {f.rule for f in errors} == {name.split(maxsplit=1)[0]}, [f.line() for f in found]
    assert all((f.home.file, f.home.row) == ("small.pcim", row) for f in errors)
    texts = {errors[0].text(language) for language in ("kk", "ru", "en")}
    assert len(texts) == 3
    if row or result is not None:  # the rest is imported all the same
        assert result is not None
        plan, wrong = read(tmp_path / "plan")
        assert plan is not None
        assert not has_errors(wrong), [f.line() for f in wrong]
        assert "Y" in plan.indicators
    else:
        assert not (tmp_path / "plan").exists()


def test_every_rule_of_the_room_is_tested() -> None:
    source = "".join(p.read_text("utf-8") for p in Path(str(files("bagdar.importers"))).glob("*.py"))
    used = set(re.findall(r'(?:finding|Misread)\(\s*"(\w+)"', source))
    here = "".join(p.read_text("utf-8") for p in Path(__file__).parent.glob("*.py"))
    assert {rule for rule in used if f'"{rule}' not in here} == set()


def test_a_missing_file_and_an_unknown_ending(tmp_path: Path) -> None:
    assert rules(import_model(tmp_path / "none.pcim", tmp_path / "plan")[1]) == ["missing_file"]
    assert rules(import_model(tmp_path / "model.xlsx", tmp_path / "plan")[1]) == ["foreign_format_unknown"]
    assert rules(import_model(tmp_path, tmp_path / "plan")[1]) == ["foreign_format_unknown"]
    assert not (tmp_path / "plan").exists()


def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bagdar.importers.pcim.LARGEST", 100)
    assert rules(imported(tmp_path, content())[1]) == ["file_too_large"]


def test_nothing_that_exists_is_overwritten(tmp_path: Path) -> None:
    path = write(tmp_path / "small.pcim", content())
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "mine.txt").write_text("mine")
    result, found = import_model(path, tmp_path / "plan")
    assert result is None
    assert rules(found) == ["folder_not_empty"]
    assert [p.name for p in (tmp_path / "plan").iterdir()] == ["mine.txt"]
    assert rules(import_model(path, path)[1]) == ["folder_not_empty"]
    assert rules(import_model(path, path / "plan")[1])[0] == "unwritable_folder"


def test_hostile_names_do_no_harm(tmp_path: Path) -> None:
    told = content(
        modelname='../../x"]\n[title',
        var_description={"C": '=cmd|"/c calc"\n!\x1b[2J', "Y": "a,b;c", "I": {"x": 1}},
        var_groups={'"\n[set': "C", "": "Y*", "none": "Q*", "odd": 3},
        keep_solutions={"../../../evil\x00": json.dumps(data() | {"I": column(50.0)})},
    )
    columns = json.loads(told["lastdf"])
    columns |= {"=1+1": column(1.0), "../X": column(1.0), "": column(1.0), "A B": column(2.0)}
    told["lastdf"] = json.dumps(columns)
    result, found = imported(tmp_path, told)
    assert result is not None
    assert not has_errors(found)
    plan, wrong = read(tmp_path / "plan")
    assert plan is not None
    assert not has_errors(wrong), [f.line() for f in wrong]
    assert {p.name for p in tmp_path.iterdir()} == {"small.pcim", "plan"}
    assert set(plan.variants) == {"evil"}
    solved(tmp_path)


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    path = write(tmp_path / "small.pcim", content())
    run = CliRunner().invoke(app, ["import", str(path), str(tmp_path / "plan")])
    assert run.exit_code == 0
    assert "equations 3, of these behavioural 1; indicators 4; horizon 2021–2025" in run.stdout
    assert f"{path}: note: 1 series that no equation reads are left out: UNREAD" in run.stderr
    again = CliRunner().invoke(app, ["import", str(path), str(tmp_path / "plan")])
    assert again.exit_code == 1
    assert "the folder already holds files" in again.stderr
    bad = write(tmp_path / "bad.pcim", broken("FRML <> Z = NORMCDF(X) $"))
    faulty = CliRunner().invoke(app, ["import", str(bad), str(tmp_path / "other"), "--language", "ru"])
    assert faulty.exit_code == 1
    assert f"{bad}:2: error: функция или её аргументы неизвестны: NORMCDF (Z = NORMCDF(X))" in faulty.stderr
    assert "Импортировано" in faulty.stdout
