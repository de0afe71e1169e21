"""Foreign formulas: what each function of both notations means, and what is not understood."""

from __future__ import annotations

import numpy as np
import pytest

from bagdar.equations.expression import Cell, Number, Op
from bagdar.equations.grammar import parse
from bagdar.finding import Finding
from bagdar.importers.clocks import clock
from bagdar.importers.evaluation import evaluate
from bagdar.importers.formula import Made, Misread, read_formula, split_sides
from bagdar.importers.notation import MODELFLOW, eviews
from bagdar.importers.wording import comment, statement, worded
from bagdar.period import Period, periods
from bagdar.statement import split


def modelflow(text: str, *known: str) -> str:
    return worded(read_formula(text, MODELFLOW, frozenset(known), Made()))


def from_eviews(text: str, per_year: int = 4) -> str:
    return worded(read_formula(text, eviews(per_year), frozenset(), Made()))


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("a + b(-1)*c(+2)/D", "A + lag(B)*lead(C, 2)/D"),
        ("x(1)+x(-0)+x( - 3 )", "lead(X) + X + lag(X, 3)"),
        ("1.5e-3*X + .5*Y - 2.*Z + 1E3", "0.0015*X + 0.5*Y - 2*Z + 1000"),
        ("A+-0.5*B--C-+D", "A - 0.5*B + C - D"),
        ("-A**2", "-A**2"),
        ("(-A)^2*B^-1", "(-A)**2*B**(-1)"),
        ("A**B**C", "A**(B**C)"),
        ("A-(B-C)", "A - (B - C)"),
        ("A/(B/C)*(D*E)", "A/(B/C)*(D*E)"),
        ("LOG(X)-LOG(X(-1))", "dlog(X)"),
        ("((LOG(X*Y))-(LOG(X(-1)*Y(-1))))", "dlog(X*Y)"),
        ("LOG(X)-LOG(X(-2))", "log(X) - log(lag(X, 2))"),
        ("X(-1)-X(-2)", "diff(lag(X))"),
        ("1-1", "1 - 1"),
        ("(100 * ( (X) / (X(-1)) -1))", "pct(X)"),
        ("100*(X/X(-1)-2)", "100*(X/lag(X) - 2)"),
        ("DLOG(X)+DIFF(X)+D(X)+PCT_GROWTH(X)+PCT(X)", "dlog(X) + diff(X) + diff(X) + pct(X) + pct(X)"),
        ("D(LOG(X(+1)),0,1)", "dlog(lead(X))"),
        ("D(X,2)", "diff(diff(X))"),
        ("PCY(X)", "100*(X/lag(X, 4) - 1)"),
        ("MOVAVG(X,3)", "(X + lag(X) + lag(X, 2))/3"),
        ("LOGIT(S)", "log(S/(1 - S))"),
        ("LOGIT_INVERSE(2*S)", "logistic(2*S)"),
        ("TANH(X)", "2*logistic(2*X) - 1"),
        ("ABS(X)+SQRT(Y)+EXP(-1)", "abs(X) + sqrt(Y) + exp(-1)"),
        ("MAX(A,B,1.0)+MIN(A,2)", "max(A, B, 1) + min(A, 2)"),
        ("SUM_EXCEL(A,B,C)+FLOAT(A)", "A + B + C + A"),
        ("RECODE(A>0,B,C)", "B if A > 0 else C"),
        ("RECODE(A>0 AND B<=1,X,Y)", "(X if B <= 1 else Y) if A > 0 else Y"),
        ("RECODE(A>0 OR B!=1,X,Y)", "X if A > 0 else (X if B != 1 else Y)"),
        ("RECODE(NOT A==0,X,Y)", "Y if A == 0 else X"),
        ("RECODE(A,X,Y)", "X if A != 0 else Y"),
        ("RECODE((A>1)&(B>1),1,0)", "(1 if B > 1 else 0) if A > 1 else 0"),
        ("(A>=0)*B", "(1 if A >= 0 else 0)*B"),
        ("өнім(-1)", "lag(ӨНІМ)"),
    ],
)
def test_modelflow_s_words_have_a_meaning(text: str, meaning: str) -> None:
    assert modelflow(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("d(x) + dlog(x,0,4)", "diff(X) + (log(X) - log(lag(X, 4)))"),
        ("@pch(x)+@pc(x)", "X/lag(X) - 1 + pct(X)"),
        ("@pchy(x)-@pcy(x)", "X/lag(X, 4) - 1 - 100*(X/lag(X, 4) - 1)"),
        ("@pcha(x)", "(X/lag(X))**4 - 1"),
        ("@pca(x)", "100*((X/lag(X))**4 - 1)"),
        ("@movav(x,2)*@movsum(x,2)", "(X + lag(X))/2*(X + lag(X))"),
        ("@recode(x<>0 and y=1,1,2)", "(1 if Y == 1 else 2) if X != 0 else 2"),
        ("@logit(x)+@inv(x)+@sqrt(x)+sqr(x)", "logistic(X) + 1/X + sqrt(X) + sqrt(X)"),
        ("@log10(x)", "log(X)/log(10)"),
        ("@emax(x,y)-@emin(x,y)", "max(X, Y) - min(X, Y)"),
        ("-x^2", "(-X)**2"),
        ("2-x^2", "2 - X**2"),
        ("a^b^c", "(A**B)**C"),
        ("@log(@abs(x))+@exp(x)+log(x)", "log(abs(X)) + exp(X) + log(X)"),
        ('@elem(x/y,"2010")', "X_in_2010/Y_in_2010"),
        ("@elem(x,2010q2)", ""),
        ('@trend+@trend("2000q1")*@during("2011 2013")', "trend + trend_2000q1*during_2011_2013"),
        ("@year*@seas(2)*@quarter", "year*seas_2*quarter"),
    ],
)
def test_eviews_words_have_a_meaning(text: str, meaning: str) -> None:
    if not meaning:
        with pytest.raises(Misread):
            from_eviews(text)
        return
    assert from_eviews(text) == meaning


def test_a_series_may_be_called_like_a_function() -> None:
    assert modelflow("D(-1)+D(X)", "D") == "lag(D) + diff(X)"
    assert modelflow("EXP(-1)") == "exp(-1)"


@pytest.mark.parametrize(
    ("text", "rule", "found"),
    [
        ("A+", "foreign_equation_not_understood", "A +"),
        ("A B", "foreign_equation_not_understood", "A B"),
        ("A+;B", "foreign_equation_not_understood", ";B"),
        ("", "foreign_equation_not_understood", "—"),
        ("A*/B", "foreign_equation_not_understood", "A * / B"),
        ('A+"x"', "foreign_equation_not_understood", '"x"'),
        ("(A+B", "foreign_bracket_unbalanced", "+ B"),
        ("A+B)", "foreign_bracket_unbalanced", "+ B )"),
        ("LOG(A", "foreign_bracket_unbalanced", "( A"),
        ("NORMCDF(A)", "foreign_function_unknown", "NORMCDF"),
        ("NORM.CDF(A)", "foreign_function_unknown", "NORM.CDF"),
        ("LOG(A,B)", "foreign_function_unknown", "log(…, …)"),
        ("RECODE(A>0,B)", "foreign_function_unknown", "recode(…)"),
        ("D(A,9)", "foreign_equation_not_understood", "d(…, 9)"),
        ("MOVAVG(A,B)", "foreign_equation_not_understood", "(…, …)"),
        ("MOVAVG(A,0)", "foreign_function_unknown", "movavg(…)"),
        ("SUM(LIST,X)", "foreign_function_unknown", "SUM"),
        ("A+²", "foreign_equation_not_understood", "²"),
        ("A(²)", "foreign_function_unknown", "A"),
        ("1e999*A", "foreign_number_too_large", "1e999"),
        ("(" * 5000 + "A" + ")" * 5000, "foreign_equation_not_understood", "("),
        ("@TREND", "foreign_function_unknown", "@TREND"),
    ],
)
def test_what_is_not_understood_is_named(text: str, rule: str, found: str) -> None:
    with pytest.raises(Misread) as raised:
        modelflow(text)
    assert raised.value.rule == rule
    assert found in raised.value.facts["found"]


@pytest.mark.parametrize("text", ["c(1)*x", "@elem(x)", "@elem(x(-1),2010)", "@rmax(x)", "{%v}", "x(0 to -3)"])
def test_what_only_eviews_itself_can_know_is_not_understood(text: str) -> None:
    with pytest.raises(Misread):
        from_eviews(text)


def test_the_sides_part_at_the_first_equals_sign_outside_brackets() -> None:
    assert split_sides("a = recode(b=1,2,3)") == ("a ", " recode(b=1,2,3)")
    assert split_sides("a = (b>=1)*(c==2)*(d<=3)*(e!=4)")[0] == "a "
    with pytest.raises(Misread):
        split_sides("a == b")


@pytest.mark.parametrize("sign", ["+", "-", "*"])
def test_a_very_long_sum_stays_within_the_language(sign: str) -> None:
    count = 900 if sign != "*" else 150
    names = [f"X{i}" for i in range(count)]
    expression = read_formula(sign.join(names), MODELFLOW, frozenset(), Made())
    statements, found = split(statement("Y", "", expression))
    assert not found
    assert not isinstance(parse(statements[0]), Finding)
    values = {name: np.array([1.0 + 0.01 * i]) for i, name in enumerate(names)}
    total = sum(v[0] for v in values.values())
    expected = total if sign == "+" else 2 * values["X0"][0] - total
    if sign == "*":
        expected = np.prod([v[0] for v in values.values()])
    assert evaluate(expression, values, 1)[0] == pytest.approx(expected, rel=1e-12)


def test_every_operator_is_computed() -> None:
    series = {"A": np.array([1.0, 2.0, np.nan]), "B": np.array([3.0, -1.0, 5.0])}
    cases = {
        "A+B": [4, 1], "A-B": [-2, 3], "A*B": [3, -2], "A/B": [1 / 3, -2], "B**2": [9, 1], "-A": [-1, -2],
        "ABS(B)": [3, 1], "EXP(0*A)": [1, 1], "LOG(A)": [0, np.log(2)], "SQRT(A)": [1, np.sqrt(2)],
        "MAX(A,B)": [3, 2], "MIN(A,B)": [1, -1], "RECODE(A<B,7,8)": [7, 8], "RECODE(A<=1,7,8)": [7, 8],
        "RECODE(A>=B,7,8)": [8, 7], "RECODE(A!=1,7,8)": [8, 7], "RECODE(A==1,7,8)": [7, 8],
        "LOGIT_INVERSE(0*A)": [0.5, 0.5],
    }  # fmt: skip
    for text, expected in cases.items():
        found = evaluate(read_formula(text, MODELFLOW, frozenset(), Made()), series, 3)
        assert found[:2] == pytest.approx(expected), text
        assert np.isnan(found[2]) or "A" not in text.removeprefix("ABS"), text
    assert np.isnan(evaluate(Op("log", (Number(-1.0),)), {}, 2)).all()
    assert np.isnan(evaluate(Cell("A", lag=-2), series, 3)[1:]).all()
    assert np.isnan(evaluate(Cell("A", lag=9), series, 3)).all()


def test_a_comparison_with_nothing_is_nothing() -> None:
    series = {"A": np.array([np.nan])}
    assert np.isnan(evaluate(read_formula("RECODE(A>1,2,3)", MODELFLOW, frozenset(), Made()), series, 1))


def test_clocks_count_time() -> None:
    first, last = Period.parse("2010Q3"), Period.parse("2011Q2")
    assert first is not None
    assert last is not None
    when = periods(first, last)
    assert clock("trend", (), when) == [0, 1, 2, 3]
    assert clock("trend", ("2011",), when) == [-2, -1, 0, 1]
    assert clock("during", ("2011",), when) == [0, 0, 1, 1]
    assert clock("during", ("2010q4 2011q1",), when) == [0, 1, 1, 0]
    assert clock("isperiod", ("2011q1",), when) == [0, 0, 1, 0]
    assert clock("before", ("2011",), when) == [1, 1, 0, 0]
    assert clock("after", ("2011",), when) == [0, 0, 1, 1]
    assert clock("year", (), when) == [2010, 2010, 2011, 2011]
    assert clock("quarter", (), when) == [3, 4, 1, 2]
    assert clock("month", (), when) == [7, 10, 1, 4]
    assert clock("seas", ("1",), when) == [0, 0, 1, 0]
    assert clock("trend", ("x",), when) is None
    assert clock("during", (), when) is None


def test_a_comment_is_one_however_it_is_written() -> None:
    text = comment("FRML <IDENT> Y = \n 1\x00 +\u2028 2 " + "+ 3 " * 60)
    assert all(line.startswith("# ") and line.isprintable() for line in text.split("\n"))
