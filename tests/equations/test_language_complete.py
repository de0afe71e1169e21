"""The language is complete: each construct goes all the way to a number, each fault all the way to a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import numpy as np
import pytest

from bagdar.address import Address
from bagdar.equations import explain, simulate
from bagdar.equations.expression import ARITY, Cell, Expression, Op, Sum
from bagdar.equations.grammar import Parsed, parse
from bagdar.equations.model import build
from bagdar.equations.units import unit_clashes
from bagdar.finding import Finding
from bagdar.language import LANGUAGES, catalogue
from bagdar.period import Period
from bagdar.plan import Plan
from bagdar.statement import Statement
from tests.conftest import small_plan, spoken

pytestmark = pytest.mark.usefixtures("engine")

# Six periods, 2002–2007; the plan years are the last three.
X = (2.0, 3.0, 1.5, 4.0, 2.5, 0.5)
Y = (1.0, -1.0, 0.5, -2.0, 3.0, 2.0)
W = {"oil": (1.0, 2.0, 3.0, 4.0, 5.0, 6.0), "grain": (0.5, 0.25, 2.0, 1.0, 3.0, 2.0), "coal": (1.0,) * 6}
TECHNICAL = {(i, j): 0.1 * (1 + 2 * p + q) for p, i in enumerate(W) for q, j in enumerate(W)}
RESOURCES = ("oil", "coal")

FUNCTIONS = ["lag", "lead", "diff", "dlog", "pct", "sum", "prod", "min", "max", "abs", "exp", "log", "sqrt", "logistic"]
# The whole language, said once each way. What the design lists and nothing else.
CONSTRUCTS = [
    "x + y",
    "x - y - a",
    "x*y",
    "x/y",
    "x**2",
    "a**y",
    "-x**2",
    "+x - -y",
    "x if y < 0 else a",
    "x if y <= 0.5 else a",
    "x if y > 0 else log(-y)",
    "sqrt(y) if y >= 0 else sqrt(-y)",
    "1 if x == 4 else 2",
    "1 if x != 4 else 2",
    "x if y > 0 else a if x > 3 else -a",
    "min(x, y)",
    "max(x, y, a)",
    "abs(y)",
    "exp(y)",
    "log(x)",
    "sqrt(x)",
    "logistic(y)",
    "lag(x)",
    "lag(x, 2)",
    "lag(x, n=2)",
    "lag(x*y + 1) if x > 0 else 0",
    "lag(lag(x))",
    "lag(x) + lag(lead(x), 2)",
    "diff(y)",
    "dlog(x)",
    "pct(x)",
    "lag(dlog(x))",
    "pct(x + y)",
    "sum(w[s] for s in sector)",
    "sum(w[s] for s in sector.resource)",
    "prod(w[s] for s in sector)",
    "prod(w[s] + a for s in sector.resource)",
    "sum(w[s]*sum(w[q]*technical[s, q] for q in sector) for s in sector.resource)",
    "sum(technical[s, q]*w[q] for s in sector for q in sector)",
    'w["oil"] + w[grain]',
    "dlog(sum(w[s]*x for s in sector))",
    "a + 2.5e-1*x - .5*(y\n    # to be continued\n    + 1)",
]


class _Sector(list[str]):
    """The set as Python may go through it: all labels, or those with a flag."""

    resource = RESOURCES


class _Table(dict[Any, Any]):
    """A table whose labels may be written without quotes."""


def names() -> dict[str, Any]:
    told: dict[str, Any] = {"x": np.array(X), "y": np.array(Y), "a": 1.25, "sector": _Sector(W)}
    told["w"] = _Table({label: np.array(path) for label, path in W.items()})
    told["technical"] = _Table(TECHNICAL)
    return told | {label: label for label in W}


def plan_with(equations: str, solved: dict[str, Any] | None = None, **more: Any) -> Plan:
    return small_plan(
        equations,
        {"x": X, "y": Y, "w": W},
        {"z": ()} if solved is None else solved,
        coefficients={"a": 1.25, "technical": TECHNICAL},
        sets={"sector": tuple(W)},
        flags={"sector": {"resource": RESOURCES}},
        dims={"w": ("sector",), "technical": ("sector", "sector")},
        past=2,
        identity_tolerance=1e9,
        **more,
    )


@pytest.mark.parametrize("text", CONSTRUCTS)
def test_each_construct_gives_the_numbers_that_python_reads_from_it(text: str) -> None:
    solution, findings = simulate(plan_with(f"z = {text}\n"))
    assert findings == []
    path = [solution.values["z"].get(year) for year in ("2005", "2006", "2007")]
    assert path == pytest.approx(list(spoken(text, names())[3:]), rel=1e-12)


@pytest.mark.parametrize("text", CONSTRUCTS)
def test_each_construct_has_slopes_for_a_block(text: str) -> None:
    """The same construct as one half of a simultaneous system: u = z/2 + construct, z = u."""
    plan = plan_with(f"u = 0.5*z + ({text})\nz = u\n", solved={"z": (), "u": ()})
    solution, findings = simulate(plan)
    assert findings == []
    path = [solution.values["z"].get(year) for year in ("2005", "2006", "2007")]
    assert path == pytest.approx(list(2 * spoken(text, names())[3:]), rel=1e-9)


@pytest.mark.parametrize("text", CONSTRUCTS)
def test_each_construct_is_measured_and_explained(text: str) -> None:
    plan = plan_with(f"z = {text}\n")
    model, _ = build(plan)
    assert unit_clashes(plan, model) == []  # all are pure numbers here
    solution, _ = simulate(plan)
    told = explain(solution, Address("value", "z", (), Period("A", 2006)))
    assert not isinstance(told, Finding)
    assert told.statement is not None
    read = {i.address.code for i in told.inputs}
    assert read <= {"x", "y", "w", "a", "technical"}
    assert all(i.value is not None for i in told.inputs)


@pytest.mark.parametrize("text", ["lead(y)", "lead(y, 2)", "lead(y, n=2) - lag(y)", "lead(diff(y))"])
def test_each_lead_gives_the_numbers_that_python_reads_from_it(text: str) -> None:
    solution, _ = simulate(plan_with(f"z = {text}\n", solved={}, reported={"z": ()}))
    expected = spoken(text, names())
    found = [solution.values["z"].get(str(year)) for year in range(2002, 2008)]
    assert [np.nan if v is None else v for v in found] == pytest.approx(list(expected), nan_ok=True)
    assert np.isfinite(expected).any()


@pytest.mark.parametrize("transform", ["", "log", "dlog", "diff", "pct"])
def test_each_transform_of_a_left_side_is_undone(transform: str) -> None:
    left = f"{transform}(z)" if transform else "z"
    solution, _ = simulate(plan_with(f"{left} = 0.1*y + 1\n", solved={"z": (None, None, 3.0)}))
    found = np.array([np.nan, np.nan, *(solution.values["z"].get(str(year)) for year in range(2004, 2008))], float)
    assert list(spoken(left, {"z": found})[3:]) == pytest.approx([0.1 * v + 1 for v in Y[3:]], rel=1e-12)


def operators(e: Expression) -> Iterator[str]:
    if isinstance(e, Op):
        yield e.name
        for arg in e.args:
            yield from operators(arg)
    elif isinstance(e, Sum):
        yield "prod" if e.product else "sum"
        yield from operators(e.body)
    elif isinstance(e, Cell) and e.lag:
        yield "lag"


def test_the_constructs_above_use_every_operator() -> None:
    used: set[str] = set()
    for text in CONSTRUCTS:
        parsed = parse(Statement("z", "equation", f"z = {text}"))
        assert isinstance(parsed, Parsed)
        used |= set(operators(parsed.right))
    assert used == {*ARITY, "sum", "prod", "lag"}


def test_the_finding_of_an_unknown_function_lists_all_functions_there_are() -> None:
    for language in LANGUAGES:
        text = str(catalogue("findings")["function_unknown"][language])
        words = re.findall(r"[a-z]+", text.split("{found}")[1])
        assert [word for word in words if word in FUNCTIONS] == FUNCTIONS
    for name in FUNCTIONS:
        written = f"{name}(x, y)" if name in ("min", "max") else f"{name}(x)"
        written = f"{name}(w[s] for s in sector)" if name in ("sum", "prod") else written
        assert isinstance(parse(Statement("z", "equation", f"z = {written}")), Parsed)


# -- every fault is a sentence in three languages ------------------------------------------------------

FAULTY = {
    "equation_not_understood": "z = x +\n",
    "bracket_unbalanced": "z = (x\n",
    "equation_too_long": "z = " + "x + " * 6000 + "x\n",
    "equation_too_deep": "z = " + "-" * 300 + "x\n",
    "number_too_large": "z = 1e999\n",
    "outside_the_language": "z = x // y\n",
    "function_unknown": "z = sin(x)\n",
    "arguments_do_not_fit": "z = log(x, y)\n",
    "sum_without_a_set": "z = sum(x)\n",
    "lag_not_a_count": "z = lag(x, 0)\n",
    "label_unusable": "z = w[1]\n",
    "condition_without_a_comparison": "z = x if y else a\n",
    "check_without_a_comparison": "check c: x + y\n",
    "check_named_as_an_indicator": "check z: x == y\n",
    "statement_without_equals": "z\n",
    "left_side_unusable": "lag(z) = x\n",
    "undefined_name": "z = nosuch\n",
    "labels_do_not_fit_dims": "z = w\n",
    "unknown_label": "z = w[gold]\n",
    "unknown_set": "z = sum(w[q] for q in nosuch)\n",
    "letter_not_bound": "for s in sector\nz = w[s]\n",
    "letter_of_another_set": "z = sum(w[q] for q in region)\n",
    "equation_for_a_given_indicator": "x = 1\n",
    "missing_indicator_read": "z = x + m\n",
    "circular_definition": "z = z + 1\n",
    "two_equations_for_one_cell": "z = 1\nz = 2\n",
    "no_equation": "",
    "missing_value": "z = lead(x)\n",
    "missing_coefficient": "z = b*x\n",
    "missing_base_value": "@behaviour\nz = lag(x, 9)\n",
    "identity_off": "z = x\n",
    "large_add_factor": "@behaviour\nz = x\n",
    "equation_without_a_value": "z = log(y)\n",
    "singular_system": "z = u + x\nu = z - x\n",
    "system_not_converged": "z = exp(-u)\nu = exp(-z/2)\n",
    "nothing_left_to_determine": "z = x\n",
    "swap_without_an_instrument": "z = x + lag(x, 2)\n",
    "unit_clash_in_an_equation": "z = t\n",
    "price_bases_mixed_in_an_equation": "z = v\n",
}

FIXED = {
    "nothing_left_to_determine": [("z", 2006, 5.0)],
    "swap_without_an_instrument": [("z", 2006, 5.0, "x", 2004)],
}


def plan_with_fault(rule: str) -> Plan:
    base = {"identity_off": 9.0, "large_add_factor": 9.0, "missing_base_value": 9.0}.get(rule)
    return small_plan(
        FAULTY[rule],
        {"x": X, "y": Y, "w": W, "t": X, "v": X},
        {"z": (None, None, base)} | ({"u": ()} if "u = " in FAULTY[rule] else {}),
        coefficients={"a": 1.25, "b": None},
        missing={"m": ()},
        sets={"sector": tuple(W), "region": ("north",)},
        dims={"w": ("sector",)},
        units={"z": ("bn KZT", "current"), "t": ("Mt", ""), "v": ("bn KZT", "2004")}
        if rule in ("unit_clash_in_an_equation", "price_bases_mixed_in_an_equation")
        else {},
        past=2,
        fixed=FIXED.get(rule, ()),
        iterations=1 if rule == "system_not_converged" else 50,
        identity_tolerance=1e-6 if rule == "identity_off" else 1e9,
    )


@pytest.mark.parametrize("rule", FAULTY)
def test_each_fault_is_a_sentence_in_three_languages(rule: str) -> None:
    plan = plan_with_fault(rule)
    solution, findings = simulate(plan)
    findings += unit_clashes(plan, solution.model)
    found = [f for f in findings if f.rule == rule]
    assert found, [f.line() for f in findings]
    said = [found[0].text(language) for language in LANGUAGES]
    assert len(set(said)) == 3
    for text in said:
        assert text.strip()
        assert not re.search(r"\{\w*\}|\bnan\b|None", text)


def test_no_fault_is_left_out_above() -> None:
    """Every rule that the equations' code can raise is tried."""
    raised: set[str] = set()
    for file in files("bagdar.equations").iterdir():
        if file.name.endswith(".py"):
            code = file.read_text("utf-8")
            raised |= set(re.findall(r'(?:finding|_Unreadable)\(\s*"(\w+)"', code))
            raised |= {word for word in re.findall(r'"([a-z]+(?:_[a-z]+)+)"', code) if word in catalogue("findings")}
    assert raised - {"unknown_address", "address_without_a_number"} == set(
        FAULTY
    )  # an address of nothing: tests of explain
