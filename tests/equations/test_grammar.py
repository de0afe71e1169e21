"""The grammar: what is in the language is read, what is not is a finding at its row and column."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bagdar.equations.expression import Cell, Number, Op, Sum, cells, expand
from bagdar.equations.grammar import Parsed, parse
from bagdar.finding import Finding, Home
from bagdar.statement import Statement, split
from tests.conftest import EQUATIONS

ROW = 10


def sentence(text: str) -> Statement:
    (statement,), findings = split(text, "equations/model.eq", ROW)
    assert not findings
    return statement


def read(text: str) -> Parsed:
    parsed = parse(sentence(text))
    assert isinstance(parsed, Parsed), parsed
    return parsed


def fault(text: str) -> Finding:
    found = parse(sentence(text))
    assert isinstance(found, Finding), found
    return found


A, B, C = Cell("a"), Cell("b"), Cell("c")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a", A),
        ("2", Number(2.0)),
        ("1.5e-3", Number(0.0015)),
        (".5", Number(0.5)),
        ("a + b", Op("add", (A, B))),
        ("a - b - c", Op("sub", (Op("sub", (A, B)), C))),
        ("a*b/c", Op("div", (Op("mul", (A, B)), C))),
        ("a**b**c", Op("pow", (A, Op("pow", (B, C))))),
        ("-a**2", Op("neg", (Op("pow", (A, Number(2.0))),))),
        ("+a", A),
        ("--a", Op("neg", (Op("neg", (A,)),))),
        ("a + b*c", Op("add", (A, Op("mul", (B, C))))),
        ("(a + b)*c", Op("mul", (Op("add", (A, B)), C))),
        ("a < b", Op("lt", (A, B))),
        ("a <= b", Op("le", (A, B))),
        ("a > b", Op("gt", (A, B))),
        ("a >= b", Op("ge", (A, B))),
        ("a == b", Op("eq", (A, B))),
        ("a != b", Op("ne", (A, B))),
        ("a if b > 0 else c", Op("if", (Op("gt", (B, Number(0.0))), A, C))),
        ("min(a, b)", Op("min", (A, B))),
        ("max(a, b, c)", Op("max", (A, B, C))),
        ("abs(a)", Op("abs", (A,))),
        ("exp(a)", Op("exp", (A,))),
        ("log(a)", Op("log", (A,))),
        ("sqrt(a)", Op("sqrt", (A,))),
        ("logistic(a)", Op("logistic", (A,))),
        ("lag(a)", Cell("a", lag=1)),
        ("lag(a, 3)", Cell("a", lag=3)),
        ("lag(a, n=3)", Cell("a", lag=3)),
        ("lead(a)", Cell("a", lag=-1)),
        ("lead(a, n=2)", Cell("a", lag=-2)),
        ("lag(lead(a), 2)", Cell("a", lag=1)),
        ("lag(a*lag(b))", Op("mul", (Cell("a", lag=1), Cell("b", lag=2)))),
        ("diff(a)", Op("sub", (A, Cell("a", lag=1)))),
        ("dlog(a)", Op("sub", (Op("log", (A,)), Op("log", (Cell("a", lag=1),))))),
        (
            "pct(a)",
            Op("mul", (Number(100.0), Op("sub", (Op("div", (A, Cell("a", lag=1))), Number(1.0))))),
        ),
        ("lag(diff(a))", Op("sub", (Cell("a", lag=1), Cell("a", lag=2)))),
        ("a[s]", Cell("a", ("s",))),
        ("a[s, q]", Cell("a", ("s", "q"))),
        ("sum(a[s] for s in sector)", Sum(Cell("a", ("s",)), "s", "sector")),
        ("sum(a[s] for s in sector.tradable)", Sum(Cell("a", ("s",)), "s", "sector", "tradable")),
        ("prod(a[s] for s in sector)", Sum(Cell("a", ("s",)), "s", "sector", product=True)),
        (
            "prod(a[s] for s in sector.tradable)",
            Sum(Cell("a", ("s",)), "s", "sector", "tradable", product=True),
        ),
        (
            "sum(a[s, q] for s in sector for q in product)",
            Sum(Sum(Cell("a", ("s", "q")), "q", "product"), "s", "sector"),
        ),
        ("lag(sum(a[s] for s in sector))", Sum(Cell("a", ("s",), 1), "s", "sector")),
        ("\n    a\n    + b", Op("add", (A, B))),
        ("a  # what it is, (see the note", A),
        ("a +  # first\n    b  # second", Op("add", (A, B))),
        ("тұтыну + ә", Op("add", (Cell("тұтыну"), Cell("ә")))),
    ],
)
def test_every_construct_of_the_language_is_read(text: str, meant: object) -> None:
    assert read(f"x = {text}").right == meant


@pytest.mark.parametrize(
    ("left", "cell", "transform"),
    [
        ("x", Cell("x"), ""),
        ("x[s]", Cell("x", ("s",)), ""),
        ("log(x)", Cell("x"), "log"),
        ("dlog(x[s, q])", Cell("x", ("s", "q")), "dlog"),
        ("diff(x)", Cell("x"), "diff"),
        ("pct( x )", Cell("x"), "pct"),
        ("тұтыну", Cell("тұтыну"), ""),
    ],
)
def test_the_left_side_is_one_indicator_under_one_transform(left: str, cell: Cell, transform: str) -> None:
    parsed = read(f"{left} = a")
    assert (parsed.left, parsed.transform) == (cell, transform)


def test_a_check_has_a_condition_and_no_left_side() -> None:
    parsed = read("check closes: a + b\n    == c")
    assert parsed.left is None
    assert parsed.right == Op("eq", (Op("add", (A, B)), C))


@pytest.mark.parametrize("comparison", ["<", "<=", ">", ">=", "==", "!="])
def test_a_check_may_compare_in_every_way(comparison: str) -> None:
    assert isinstance(parse(sentence(f"check closes: a {comparison} b")), Parsed)


def test_the_equation_of_the_design_page_is_read_as_it_is_said_aloud() -> None:
    text = (
        "dlog(consumption) = c0 + c1*dlog(disposable_income/consumer_price) "
        "- c2*(log(lag(consumption)) - log(lag(disposable_income)/lag(consumer_price)) - c3)"
    )
    parsed = read(text)
    assert (parsed.left, parsed.transform) == (Cell("consumption"), "dlog")
    read_cells = [(c.code, c.lag) for c in cells(parsed.right)]
    assert read_cells == [
        ("c0", 0), ("c1", 0), ("disposable_income", 0), ("consumer_price", 0), ("disposable_income", 1),
        ("consumer_price", 1), ("c2", 0), ("consumption", 1), ("disposable_income", 1), ("consumer_price", 1),
        ("c3", 0),
    ]  # fmt: skip


# -- faults: the mark ‸ stands before the place that the finding must name ---------------------------

FAULTS = [
    # outside the language
    ("(‸a // b)", "outside_the_language"),
    ("(‸a % b)", "outside_the_language"),
    ("(‸a @ b)", "outside_the_language"),
    ("(‸a & b)", "outside_the_language"),
    ("(‸a << b)", "outside_the_language"),
    ("(‸a and b)", "outside_the_language"),
    ("(‸a or b)", "outside_the_language"),
    ("(‸not a)", "outside_the_language"),
    ("(‸~a)", "outside_the_language"),
    ("(‸a < b < c)", "outside_the_language"),
    ("(‸a is b)", "outside_the_language"),
    ("(‸a in b)", "outside_the_language"),
    ("‸[a]", "outside_the_language"),
    ("‸{a}", "outside_the_language"),
    ("‸{a: b}", "outside_the_language"),
    ("‸(a, b)", "outside_the_language"),
    ("‸()", "outside_the_language"),
    ("‸a.b", "outside_the_language"),
    ("‸a.b()", "outside_the_language"),
    ("‸a[s][q]", "outside_the_language"),
    ("‸'text'", "outside_the_language"),
    ("‸f'{a}'", "outside_the_language"),
    ("‸True", "outside_the_language"),
    ("‸None", "outside_the_language"),
    ("‸...", "outside_the_language"),
    ("‸1j", "outside_the_language"),
    ("(‸lambda: a)", "outside_the_language"),
    ("(‸a := b)", "outside_the_language"),
    ("(‸yield a)", "outside_the_language"),
    ("(‸await a)", "outside_the_language"),
    ("‸(a for s in sector)", "outside_the_language"),
    ("‸[a for s in sector]", "outside_the_language"),
    ("min(a, ‸*b)", "outside_the_language"),
    ("log(a, base=‸b)", "outside_the_language"),
    ("min(a, **‸b)", "outside_the_language"),
    # functions and their arguments
    ("‸nosuch(a)", "function_unknown"),
    ("‸Log(a)", "function_unknown"),
    ("‸add(a, b)", "function_unknown"),
    ("‸neg(a)", "function_unknown"),
    ("‸lt(a, b)", "function_unknown"),
    ("‸print(a)", "function_unknown"),
    ("‸eval('a')", "function_unknown"),
    ("‸diff(a, 2)", "function_unknown"),
    ("‸log(a, b)", "arguments_do_not_fit"),
    ("‸exp()", "arguments_do_not_fit"),
    ("‸min(a)", "arguments_do_not_fit"),
    ("‸max()", "arguments_do_not_fit"),
    ("‸lag()", "arguments_do_not_fit"),
    ("‸lag(n=2)", "arguments_do_not_fit"),
    ("‸lag(a, 1, 2)", "arguments_do_not_fit"),
    ("‸lag(a, 1, n=2)", "arguments_do_not_fit"),
    ("‸lead(a, m=2)", "arguments_do_not_fit"),
    ("lag(a, ‸0)", "lag_not_a_count"),
    ("lag(a, ‸-1)", "lag_not_a_count"),
    ("lag(a, ‸k)", "lag_not_a_count"),
    ("lag(a, ‸1.5)", "lag_not_a_count"),
    ("lag(a, ‸True)", "lag_not_a_count"),
    ("lag(a, n=‸1 + 1)", "lag_not_a_count"),
    ("lead(a, ‸1001)", "lag_not_a_count"),
    # sets, labels, conditions, numbers
    ("‸sum(a)", "sum_without_a_set"),
    ("‸sum(a, b)", "sum_without_a_set"),
    ("‸prod()", "sum_without_a_set"),
    ("‸sum([a for s in sector])", "sum_without_a_set"),
    ("‸sum(a[s] for s in sector if b)", "sum_without_a_set"),
    ("‸sum(a[s] for s, q in sector)", "sum_without_a_set"),
    ("sum(a[s] for s in ‸f(sector))", "sum_without_a_set"),
    ("sum(a[s] for s in ‸sector.x.y)", "sum_without_a_set"),
    ("sum(‸a.b for s in sector)", "outside_the_language"),
    ("a[‸1]", "label_unusable"),
    ("a[s, ‸q + 1]", "label_unusable"),
    ("a[‸s:q]", "label_unusable"),
    ("a[‸lag(s)]", "label_unusable"),
    ("(a if ‸b else c)", "condition_without_a_comparison"),
    ("(a if ‸lag(b) else c)", "condition_without_a_comparison"),
    ("(a if ‸True else c)", "outside_the_language"),
    ("‸1e999", "number_too_large"),
    ("‸1" + "0" * 400, "number_too_large"),
    # what is no expression at all
    ("(a ‸? b)", "equation_not_understood"),
    ("(a ‸$ b)", "equation_not_understood"),
    ("(a + ‸/ b)", "equation_not_understood"),
    ("(a‸]", "bracket_unbalanced"),
    ("(‸*b)", "equation_not_understood"),
]

# Where a fault may stand: alone, after Cyrillic letters, rows further down, among comments.
SETTINGS = ["x = {}", "x = шығын + {}", "x = a\n    + {}", "тұтыну = ә[қала]\n    - ұн  # (ескерту\n    + ж*{}"]


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize(("marked", "rule"), FAULTS)
def test_what_is_outside_the_language_is_a_finding_at_its_row_and_column(marked: str, rule: str, setting: str) -> None:
    text = setting.format(marked)
    before = text[: text.index("‸")]
    found = fault(text.replace("‸", ""))
    row = ROW + before.count("\n")
    column = len(before) - (before.rfind("\n") + 1) + 1
    assert (found.rule, found.home) == (rule, Home("equations/model.eq", row, column))


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_text_that_ends_too_early_is_a_finding_at_its_end(setting: str) -> None:
    text = setting.format("a +")
    found = fault(text)
    last = text.split("\n")[-1]
    assert found.rule == "equation_not_understood"
    assert found.home == Home("equations/model.eq", ROW + text.count("\n"), len(last) + 1)


@pytest.mark.parametrize(
    "left", ["lag(x)", "lag(x, 2)", "lead(x)", "a + b", "-x", "2", "exp(x)", "log(x) + 1", "log(lag(x))"]
)
def test_a_left_side_that_is_no_single_indicator_is_a_finding(left: str) -> None:
    found = fault(f"{left} = a")
    assert (found.rule, found.home) == ("left_side_unusable", Home("equations/model.eq", ROW, 1))


@pytest.mark.parametrize("text", ["x", "x == a", "x <= a", "x != a", "x >= a"])
def test_a_statement_without_equals_is_a_finding(text: str) -> None:
    found = fault(text)
    assert (found.rule, found.home) == ("statement_without_equals", Home("equations/model.eq", ROW, 1))


@pytest.mark.parametrize("text", ["check closes: a + b", "check closes: log(a)", "check closes: a if b > c else a"])
def test_a_check_without_a_comparison_is_a_finding(text: str) -> None:
    found = fault(text)
    assert (found.rule, found.home.row) == ("check_without_a_comparison", ROW)


def test_an_equation_of_endless_length_or_depth_is_a_finding() -> None:
    assert fault("x = " + "a + " * 6000 + "a").rule == "equation_too_long"
    assert fault("x = " + "+".join(["a"] * 300)).rule == "equation_too_deep"
    assert fault("x = " + "-" * 300 + "a").rule == "equation_too_deep"
    assert fault("x = " + " ".join(f"{i} if a < {i} else" for i in range(70)) + " a").rule == "equation_too_deep"
    assert fault("x = sum(a " + " ".join(f"for s{i} in t" for i in range(21)) + ")").rule == "equation_too_deep"
    assert fault("x = " + "(" * 300 + "a" + ")" * 300).rule == "equation_not_understood"


def test_a_sum_written_out_over_two_hundred_terms_is_read() -> None:
    assert len(list(cells(read("x = " + "+".join(["a"] * 200)).right))) == 200


def test_the_finding_shows_what_was_found_and_names_the_equation() -> None:
    found = fault("gdp = a // b")
    assert found.address == "equation:gdp"
    assert dict(found.facts)["found"] == "a // b"


# -- texts that nobody would write -----------------------------------------------------------------

TOKENS = [
    *["a", "b[s]", "lag(", "lead(", "dlog(", "sum(", "prod(", "min(", "log(", "(", ")", "[", "]", "{", "}", ",", ":"],
    *["=", "==", "<", ">=", "!=", "+", "-", "*", "/", "**", "//", "%", "@", "if ", " else ", " for s in sector", "."],
    *["1", "0", "1e999", "'", '"', "#", "\\", "\n    ", "\t", "lambda ", "not ", " and ", "await ", "yield ", "f'{"],
    *[":=", "*a", "check k: ", "ә", "ұ", "é", "\N{LATIN SMALL LIGATURE FI}", "\N{GRINNING FACE}", "\x00", "\r"],
    *["\x0c", "\u2028", "\u00a0", "\ud800"],
]
VALID = [
    "output[s] = sum(technical[s, q] * output[q] for q in sector) + domestic_final_use[s]",
    "capital[s]  = (1 - depreciation[s]) * lag(capital[s]) + lag(investment[s])",
    "check lending: sum(net_lending[i] for i in institution) == 0",
    "log(шығын) = log(a) + b*log(c)\n    - d*log(lag(e, n=2)/lead(f))",
    "x = max(0, min(a, b)) if a >= b else abs(a)**2",
    *(s.text for file in EQUATIONS for s in split(file.read_text("utf-8"), file.name)[0]),
]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A valid statement with a few pieces cut out, doubled, or put in."""
    text = draw(st.sampled_from(VALID))
    for _ in range(draw(st.integers(1, 4))):
        first = draw(st.integers(0, len(text)))
        last = min(len(text), first + draw(st.integers(0, 6)))
        put = draw(st.one_of(st.just(""), st.just(text[first:last] * 2), st.sampled_from(TOKENS)))
        text = text[:first] + put + text[last:]
    return text


random_texts = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(TOKENS), max_size=20).map("".join))


def never_raises(text: str) -> None:
    """As a file and as a sentence, `text` is read or found fault with, and a file's faults stand inside it."""
    assert parse(Statement("x", "equation", text, home=Home("model.eq", ROW)))
    for statement in split(text, "equations/model.eq", ROW)[0]:
        found = parse(statement)
        lines = statement.text.split("\n")
        if isinstance(found, Parsed):
            assert all(1 <= c.at[0] <= len(lines) and c.at[1] >= 1 for c in cells(found.right))
        else:
            at = found.home.row - statement.home.row
            assert 0 <= at < len(lines)
            assert 1 <= found.home.column <= len(lines[at]) + 1
            assert found.text("kk")


@settings(max_examples=2000)
@given(random_texts)
@example("x = a +\n\n b.c")
def test_no_random_text_raises(text: str) -> None:
    never_raises(text)


@settings(max_examples=2000)
@given(mutated())
def test_no_mutation_of_a_valid_equation_raises(text: str) -> None:
    never_raises(text)


@settings(max_examples=150)
@given(st.sampled_from(VALID), st.integers(0, 30))
def test_a_valid_equation_stays_valid_with_another_spacing(text: str, shift: int) -> None:
    once, again = read(text), read(text.replace(" * ", "*").replace("\n    ", "\n  " + " " * shift))
    assert (once.left, once.transform, once.right) == (again.left, again.transform, again.right)


# -- what the reader adds around a text must not show -------------------------------------------------


@pytest.mark.parametrize("right", ["a) * (b", "a)(b", "log(a)) + ((b)"])
def test_brackets_that_close_before_they_open_are_a_finding(right: str) -> None:
    assert fault(f"x = {right}").rule == "bracket_unbalanced"


@pytest.mark.parametrize("text", ['a["("] + b', "a[')'] + b", "a  # (\n    + b  # )", "a + (  # ]\n    b)"])
def test_brackets_in_labels_and_comments_do_not_count(text: str) -> None:
    assert [c.code for c in cells(read(f"x = {text}").right)] == ["a", "b"]


def test_a_bracket_too_many_is_a_finding_at_that_bracket() -> None:
    assert fault("x = a + b)").home == Home("equations/model.eq", ROW, 10)


@pytest.mark.parametrize(
    ("text", "column"), [("x = a, b", 5), ("x = a for s in sector", 5), ("a, b = c", 1), ("= a", 1)]
)
def test_a_list_without_brackets_is_a_finding_where_it_begins(text: str, column: int) -> None:
    assert fault(text).home == Home("equations/model.eq", ROW, column)


def test_a_bracket_left_open_is_a_finding_at_that_bracket() -> None:
    assert fault("x = a + (b + c").home == Home("equations/model.eq", ROW, 9)


@pytest.mark.parametrize("name", ["sum", "prod"])
def test_a_keyword_of_a_sum_is_a_finding(name: str) -> None:
    assert fault(f"x = {name}((a[s] for s in sector), start=5)").home.row == ROW


@pytest.mark.parametrize("marked", ["dlog(‸x.y) = a", "log(x[‸1]) = a", "pct(‸nosuch(x)) = a"])
def test_a_fault_in_a_transformed_left_side_has_its_own_column(marked: str) -> None:
    found = fault(marked.replace("‸", ""))
    assert found.home == Home("equations/model.eq", ROW, marked.index("‸") + 1)


@pytest.mark.parametrize(
    "right", ["a" + ".b" * 900, "not " * 900 + "a", "a" + "()" * 900, "lag(a, " + "-" * 900 + "1)"]
)
def test_a_fault_of_any_depth_is_a_finding(right: str) -> None:
    assert isinstance(parse(sentence(f"x = {right}")), Finding)


def test_a_carriage_return_inside_a_sentence_raises_nothing() -> None:
    assert parse(Statement("x", "equation", "x = a +\r\r b.c", home=Home("model.eq", ROW)))


def test_a_quoted_label_is_no_letter() -> None:
    letters = {"s": "coal", "q": "grain"}
    for text, labels in (
        ('a["oil-1", s]', ("oil-1", "coal")),
        ("a['s', q]", ("s", "grain")),
        ("a[oil, q]", ("oil", "grain")),
    ):
        assert expand(read(f"x = {text}").right, letters, lambda group, flag: ()) == Cell("a", labels)


@pytest.mark.parametrize("growth", ["diff", "dlog", "pct"])
def test_growth_of_growth_of_growth_ends_in_a_finding(growth: str) -> None:
    assert isinstance(parse(sentence("x = " + f"{growth}(" * 40 + "a" + ")" * 40)), Finding)
    assert isinstance(parse(sentence(f"x = {growth}({growth}({growth}(a)))")), Parsed)
