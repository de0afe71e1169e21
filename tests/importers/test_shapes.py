"""Left sides that are solved, and behavioural equations brought back to the form they were written in."""

from __future__ import annotations

import numpy as np
import pytest

from bagdar.equations.expression import Cell, Expression
from bagdar.equations.model import level
from bagdar.importers.behaviour import behaviour, without_switch
from bagdar.importers.evaluation import evaluate
from bagdar.importers.formula import Made, Misread, read_formula
from bagdar.importers.left_side import determined, solved
from bagdar.importers.notation import MODELFLOW
from bagdar.importers.wording import worded


def formula(text: str) -> Expression:
    return read_formula(text, MODELFLOW, frozenset(), Made())


@pytest.mark.parametrize(
    ("left", "transform", "right"),
    [
        ("Y", "", "R"),
        ("LOG(Y)", "log", "R"),
        ("DLOG(Y)", "dlog", "R"),
        ("DIFF(Y)", "diff", "R"),
        ("PCT_GROWTH(Y)", "pct", "R"),
        ("Y/Y(-1)-1", "pct", "100*R"),
        ("LOGIT(Y)", "", "logistic(R)"),
        ("Y/Z", "", "Z*R"),
        ("1/Y", "", "1/R"),
        ("Y*Z", "", "R/Z"),
        ("1-Y", "", "1 - R"),
        ("Y-Z", "", "R + Z"),
        ("Y+Z", "", "R - Z"),
        ("-Y", "", "-R"),
        ("EXP(Y)", "", "log(R)"),
        ("SQRT(Y)", "", "R**2"),
        ("Y**3", "", "R**(1/3)"),
        ("LOGIT_INVERSE(Y)", "", "log(R/(1 - R))"),
        ("LOG(Y/Z(-1))", "", "lag(Z)*exp(R)"),
        ("Y-Y(-2)", "", "R + lag(Y, 2)"),
        ("2*(Y(-1)+LOG(Y))", "", "exp(R/2 - lag(Y))"),
    ],
)
def test_the_left_side_is_solved_for_its_first_series(left: str, transform: str, right: str) -> None:
    assert determined(formula(left)).code == "Y"
    name, side = solved(formula(left), formula("R"))
    assert (name, worded(side)) == (transform, right)


def test_the_inverse_leads_back() -> None:
    series = {"Y": np.array([1.2, 1.5, 1.9]), "Z": np.array([2.0, 2.5, 3.5])}
    for left in (
        "LOG(Y/Z(-1))",
        "2*(Y(-1)+LOG(Y))",
        "Y**3/Z",
        "Y-Z*3",
        "DLOG(Y)",
        "PCT(Y)",
        "DIFF(Y)",
        "LOG(Y)",
        "Y/Y(-1)-1",
    ):
        given = {**series, "R": evaluate(formula(left), series, 3)}
        name, side = solved(formula(left), formula("R"))
        found = evaluate(level(name, Cell("Y"), side), given, 3)
        assert found[1:] == pytest.approx(series["Y"][1:], rel=1e-14), left


@pytest.mark.parametrize("left", ["1+2", "Y(-1)", "Y*(1+Y)", "ABS(Y)", "RECODE(Y>0,1,2)", "2**Y"])
def test_what_cannot_be_solved_is_told(left: str) -> None:
    with pytest.raises(Misread) as raised:
        solved(formula(left), formula("R"))
    assert raised.value.rule == "foreign_left_side_unusable"


@pytest.mark.parametrize(
    "right", ["(W)*(1-Y_D)+Y_X*Y_D", "(W)*(1-Y_D)+Y_D*Y_X", "Y_X*Y_D+(1-Y_D)*W", "(1-Y_D)*W+Y_X*Y_D"]
)
def test_the_switch_is_taken_off(right: str) -> None:
    inside = without_switch("Y", formula(right))
    assert inside is not None
    assert worded(inside) == "W"


@pytest.mark.parametrize("right", ["W", "W+Y_X*Y_D", "W*(1-Z_D)+Y_X*Y_D", "W*(1-Y_D)-Y_X*Y_D", "W*(2-Y_D)+Y_X*Y_D"])
def test_something_else_is_no_switch(right: str) -> None:
    assert without_switch("Y", formula(right)) is None


@pytest.mark.parametrize(
    ("right", "transform", "written", "scale"),
    [
        ("B*X+Y_A", "", "B*X", 1.0),
        ("(B*X+Y_A)+C", "", "B*X + C", 1.0),
        ("Y_A+(B-X)", "", "B - X", 1.0),
        ("B-(X-Y_A)", "", "B - X", 1.0),
        ("B-(Y_A-X)", "", "B - -X", -1.0),
        ("100*Y_A+100*(X)", "", "100*X", 100.0),
        ("(X+Y_A)*4", "", "X*4", 4.0),
        ("(X+Y_A)/4", "", "X/4", 0.25),
        ("-(X+Y_A)", "", "-X", -1.0),
        ("EXP(Y_A+(LOG(X)))", "log", "log(X)", 1.0),
        ("EXP((X+400*Y_A)/400)", "log", "X/400", 1.0),
        ("Y(-1)*EXP(Y_A+(B*DLOG(X)))", "dlog", "B*dlog(X)", 1.0),
        ("EXP(Y_A+B)*Y(-1)", "dlog", "B", 1.0),
        ("Y_A*Y(-1)/100+(PCT(X)+B)*Y(-1)/100+Y(-1)", "pct", "pct(X) + B", 1.0),
        ("Y(-1)+Y(-1)*Y_A/100-B*Y(-1)/100", "pct", "-B", 1.0),
        ("(Y(-1)-B+C+Y_A)", "diff", "-B + C", 1.0),
        ("Y_A+(0.2*X)+Y(-1)", "diff", "0.2*X", 1.0),
    ],
)
def test_the_add_factor_is_a_summand_of_the_transform(right: str, transform: str, written: str, scale: float) -> None:
    found = behaviour("Y", "", formula(right))
    assert (found.transform, worded(found.right), found.add) == (transform, written, "Y_A")
    assert found.scale == pytest.approx(scale, rel=1e-15)
    # The same number comes out, whichever way it is written.
    rng = np.random.default_rng(7)
    series = {code: rng.uniform(1, 2, 5) for code in ("Y", "X", "B", "C", "Y_A")}
    plus = formula(f"{found.scale!r}*Y_A" if found.scale >= 0 else f"({found.scale!r})*Y_A")
    again = level(transform, Cell("Y"), formula(f"({worded(plus)})+Q"))
    series["Q"] = evaluate(found.right, series, 5)
    assert evaluate(again, series, 5)[1:] == pytest.approx(evaluate(formula(right), series, 5)[1:], rel=1e-13)


@pytest.mark.parametrize(
    "right", ["Z*(B+Y_A)", "Y_A*Z+Z*(B)", "LOGIT_INVERSE(Y_A+X)", "Y_A+Y_A*X", "Y_A", "X**Y_A", "B/(X+Y_A)"]
)
def test_an_add_factor_that_is_no_summand_stays_a_series(right: str) -> None:
    found = behaviour("Y", "", formula(right))
    assert (found.add, worded(found.right)) == ("", worded(formula(right)))


def test_an_equation_without_an_add_factor_stays_as_it_is() -> None:
    found = behaviour("Y", "dlog", formula("B*X"))
    assert (found.transform, worded(found.right), found.add) == ("dlog", "B*X", "")
    assert behaviour("Y", "dlog", formula("X+Z"), "Z").add == "Z"
