"""How expectations are read: what each column says, and what is found wrong with a row."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bagdar.address import Address
from bagdar.expectation import Range, Sign
from bagdar.finding import Finding
from bagdar.folder import read
from bagdar.period import Period
from bagdar.plan import Plan

TOYLAND = Path(__file__).parent.parent.parent / "examples" / "toyland"
SHOCKS = "shock,kk,ru,en,address,op,amount,from,to\n"
SIGNS = "shock,indicator,labels,first,last,reason,source,replaces\n"
RANGES = "name,kk,ru,en,shock,effect,per,period,low,high,reason,source\n"
WAGE = "w,а,б,c,lever:wage,scale,1.1,,\n"


def given(place: Path, **files: str) -> tuple[Plan, list[Finding]]:
    """Toyland with these files of `expectations/` in place of its own."""
    shutil.copytree(TOYLAND, place / "plan")
    folder = place / "plan" / "expectations"
    shutil.rmtree(folder)
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    plan, findings = read(place / "plan")
    assert plan is not None
    return plan, findings


def test_rows_of_one_code_are_one_shock_with_the_first_row_s_names(tmp_path: Path) -> None:
    text = SHOCKS + WAGE + "w,,,,value:exports[industry],add,-1.5,2022,2023\n"
    plan, findings = given(tmp_path, shocks=text)
    assert findings == []
    (shock,) = plan.expectations.shocks
    assert shock.names.en == "c"
    first, second = shock.shifts
    assert (first.address, first.op, first.amount, first.first, first.last) == (
        Address("lever", "wage"),
        "scale",
        1.1,
        None,
        None,
    )
    assert (second.amount, second.first, second.last) == (-1.5, Period("A", 2022), Period("A", 2023))


def test_a_later_row_withdraws_the_earlier_ones_and_both_are_kept(tmp_path: Path) -> None:
    rows = "w,gdp,,+,+,one,,\nw,income,,+,+,x,,\nw,gdp,,0,+,two,,2021: a\nw,gdp,,-,+,three,Keynes 1936,2022: b\n"
    plan, findings = given(tmp_path, shocks=SHOCKS + WAGE, signs=SIGNS + rows)
    assert findings == []
    assert [(s.indicator, s.first, s.withdrawn) for s in plan.expectations.signs] == [
        ("gdp", "+", True),
        ("income", "+", False),
        ("gdp", "0", True),
        ("gdp", "-", False),
    ]
    assert plan.expectations.signs[3] == Sign(
        "w", "gdp", (), "-", "+", "three", "Keynes 1936", "2022: b", home=plan.expectations.signs[3].home
    )


def test_what_is_written_after_the_first_solution_says_so_by_itself_or_by_its_shock(tmp_path: Path) -> None:
    shocks = SHOCKS.replace("to\n", "to,added\n") + WAGE.strip() + ",\nx,,,,lever:wage,scale,1.2,,,2022: anew\n"
    rows = "w,gdp,,+,+,a,,,\nw,income,,+,+,b,,,2022: asked for\nw,income,,-,+,c,,2022: d,\nx,gdp,,+,+,e,,,\n"
    ranges = RANGES + "m,а,б,c,x,gdp,wage,last,0,1,why,\nn,а,б,c,w,gdp,wage,last,0,1,why,\n"
    plan, findings = given(tmp_path, shocks=shocks, signs=SIGNS.strip() + ",added\n" + rows, ranges=ranges)
    assert findings == []
    expected = plan.expectations
    assert [(s.added, s.later) for s in expected.signs] == [
        ("", False),
        ("2022: asked for", True),
        ("", True),
        ("2022: anew", True),
    ]
    assert [r.later for r in expected.ranges] == [True, False]


def test_a_typographic_minus_is_a_minus(tmp_path: Path) -> None:
    plan, findings = given(tmp_path, shocks=SHOCKS + WAGE, signs=SIGNS + "w,gdp,,\N{MINUS SIGN},,why,,\n")
    assert findings == []
    assert plan.expectations.signs[0].first == "-"


def test_a_range_names_its_cells_as_equations_do(tmp_path: Path) -> None:
    row = "m,а,б,c,w,employment[economy],purchases[services],2022,-0.5,1.5,why,\n"
    plan, findings = given(tmp_path, shocks=SHOCKS + WAGE, ranges=RANGES + row)
    assert findings == []
    (one,) = plan.expectations.ranges
    assert isinstance(one, Range)
    assert (one.effect, one.per) == (("employment", ("economy",)), ("purchases", ("services",)))
    assert (one.period, one.low, one.high) == ("2022", -0.5, 1.5)


def test_what_doubles_with_money_can_be_declared(tmp_path: Path) -> None:
    rows = "indicator,nominal,reason\nwage,yes,indexed by law\ngdp_price,no,an index of quantities\n"
    plan, findings = given(tmp_path, homogeneity=rows)
    assert findings == []
    assert (plan.expectations.nominal, plan.expectations.real) == (("wage",), ("gdp_price",))


@pytest.mark.parametrize(
    ("file", "text", "rule", "column"),
    [
        ("shocks", SHOCKS + "w,а,б,c,wages,scale,1.1,,\n", "address_unreadable", 5),
        ("shocks", SHOCKS + "w,а,б,c,lever:wage[; 2021],scale,1.1,,\n", "address_unreadable", 5),
        ("shocks", SHOCKS + "w,а,б,c,lever:wages,scale,1.1,,\n", "unknown_indicator", 5),
        ("shocks", SHOCKS + "w,а,б,c,lever:purchases[oil],scale,1.1,,\n", "unknown_label", 5),
        ("shocks", SHOCKS + "w,а,б,c,lever:wage[oil],scale,1.1,,\n", "labels_do_not_fit_dims", 5),
        ("shocks", SHOCKS + "w,а,б,c,target:gdp,add,1,,\n", "change_has_no_place", 5),
        ("shocks", SHOCKS + "w,а,б,c,lever:wage,fix,1.1,,\n", "change_op_unknown", 6),
        ("shocks", SHOCKS + "w,а,б,c,lever:wage,add,,,\n", "text_in_a_number", 7),
        ("shocks", SHOCKS + "w,а,б,c,lever:wage,add,more,,\n", "text_in_a_number", 7),
        ("shocks", SHOCKS + "w,а,б,c,lever:wage,add,1,2019,\n", "period_unreadable", 8),
        ("shocks", "shock,address,op\nw,lever:wage,add\n", "column_missing", 0),
        ("signs", SIGNS + "w,gdps,,+,+,why,,\n", "unknown_indicator", 2),
        ("signs", SIGNS + "w,output,,+,+,why,,\n", "labels_do_not_fit_dims", 3),
        ("signs", SIGNS + "w,output,oil,+,+,why,,\n", "unknown_label", 3),
        ("signs", SIGNS + "w,gdp,,up,+,why,,\n", "word_unknown", 4),
        ("signs", SIGNS + "w,gdp,,+,+,why,,\nw,gdp,,-,+,why,,\n", "duplicate_key", 0),
        ("ranges", RANGES + "m,а,б,c,w,gdp,gdp + 1,last,0,1,why,\n", "unknown_indicator", 7),
        ("ranges", RANGES + "m,а,б,c,w,gdp,wage,2030,0,1,why,\n", "period_unreadable", 8),
        ("ranges", RANGES + "m,а,б,c,w,gdp,wage,soon,0,1,why,\n", "period_unreadable", 8),
        ("ranges", RANGES + "m,а,б,c,w,gdp,wage,last,,1,why,\n", "text_in_a_number", 9),
        ("shocks", SHOCKS + WAGE + ",а,б,c,lever:wage,add,1,,\n", "code_unusable", 1),
        ("ranges", RANGES + ",а,б,c,w,gdp,wage,last,0,1,why,\n", "code_unusable", 1),
        ("homogeneity", "indicator,nominal,reason\nwage,yes,why\nwage,no,why\n", "duplicate_key", 0),
        ("homogeneity", "indicator,nominal,reason\nwages,yes,why\n", "unknown_indicator", 1),
        ("homogeneity", "indicator,nominal,reason\nwage,maybe,why\n", "flag_neither_yes_nor_no", 2),
        ("homogeneity", "indicator,nominal,reason\nwage,yes,\n", "expectation_without_a_reason", 3),
    ],
)
def test_a_faulty_row_is_found_at_its_column(tmp_path: Path, file: str, text: str, rule: str, column: int) -> None:
    _, findings = given(tmp_path, **{"shocks": SHOCKS + WAGE, file: text})
    assert [(f.rule, f.home.file, f.home.column) for f in findings] == [(rule, f"expectations/{file}.csv", column)]


def test_a_balance_that_is_called_nothing_is_found(tmp_path: Path) -> None:
    plan, findings = given(tmp_path, **{"../closure": "balance,residual\n,output\n"})
    assert [(f.rule, f.home.file, f.home.column) for f in findings] == [("code_unusable", "closure.csv", 1)]
    assert plan.expectations.closure == ()


def test_a_file_of_another_name_in_the_folder_is_told(tmp_path: Path) -> None:
    _, findings = given(tmp_path, sings=SIGNS)
    assert [f.rule for f in findings] == ["undeclared_file"]
