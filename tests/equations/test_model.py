"""A plan's equations as one system: names, labels, letters, and exactly one equation for each cell."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bagdar.equations.expression import Cell, Number, Op
from bagdar.equations.model import build
from bagdar.finding import Finding, Home
from bagdar.plan import Plan
from tests.conftest import EQUATIONS, small_plan

SECTORS: dict[str, Any] = {
    "sets": {"sector": ("oil", "grain", "coal"), "region": ("north", "south")},
    "flags": {"sector": {"resource": ("oil", "coal")}},
    "dims": {"x": ("sector",), "y": ("sector",), "w": ("sector", "sector"), "r": ("region",)},
}
FLAT = dict.fromkeys(("oil", "grain", "coal"), (1.0,) * 5)


def sectors(equations: str, **more: Any) -> Plan:
    """A plan with x over sectors given, y over sectors and the scalar z to be solved."""
    return small_plan(
        equations,
        {"x": FLAT, "r": {"north": (1.0,) * 5, "south": (1.0,) * 5}, "v": (1.0,) * 5},
        {"y": {}, "z": ()},
        coefficients={"a": 2.0, "w": {(i, j): 0.1 for i in FLAT for j in FLAT}},
        **SECTORS,
        **more,
    )


def found(equations: str) -> list[Finding]:
    return [f for f in build(sectors(equations))[1] if f.rule != "no_equation"]


# -- what stands in the model ----------------------------------------------------------------------


def test_an_equation_over_a_set_is_one_equation_a_label() -> None:
    model, findings = build(sectors("for s in sector\ny[s] = a*x[s]\nz = 1\n"))
    assert findings == []
    assert [e.key for e in model.equations] == [
        ("y", ("oil",)), ("y", ("grain",)), ("y", ("coal",)), ("z", ()),
    ]  # fmt: skip
    assert model.equations[1].right == Op("mul", (Cell("a"), Cell("x", ("grain",))))


def test_a_letter_with_a_flag_runs_over_the_labels_that_carry_it() -> None:
    model, findings = build(sectors('for s in sector.resource\ny[s] = x[s]\ny["grain"] = 3\nz = 1\n'))
    assert findings == []
    assert {e.key[1]: e.right for e in model.equations if e.key[0] == "y"} == {
        ("oil",): Cell("x", ("oil",)),
        ("coal",): Cell("x", ("coal",)),
        ("grain",): Number(3.0),
    }


def test_a_sum_with_a_flag_runs_over_the_labels_that_carry_it() -> None:
    model, findings = build(sectors("z = sum(x[s] for s in sector.resource)\n"))
    assert [f.rule for f in findings] == ["no_equation"]
    assert model.equations[0].right == Op("add", (Cell("x", ("oil",)), Cell("x", ("coal",))))


def test_a_letter_of_the_head_may_be_summed_over() -> None:
    equations = "for s, q in sector\ny[s] = sum(w[s, q]*y[q] for q in sector) + x[s]\nz = 1\n"
    model, findings = build(sectors(equations))
    assert findings == []
    assert len(model.equations) == 4


def test_totals_of_other_labels_are_no_part_of_a_set_letter() -> None:
    plan = small_plan(
        "for s in sector\ny[s] = 1\nz = sum(y[q] for q in sector)\n",
        solved={"y": {}, "z": ()},
        sets={"sector": ("all", "oil", "grain")},
        parents={"sector": {"oil": "all", "grain": "all"}},
        dims={"y": ("sector",)},
    )
    model, findings = build(plan)
    assert findings == []
    assert [e.key for e in model.equations] == [("y", ("oil",)), ("y", ("grain",)), ("z", ())]
    assert model.equations[2].right == Op("add", (Cell("y", ("oil",)), Cell("y", ("grain",))))


def test_a_behavioural_equation_reads_its_add_factor_on_the_transform_of_the_left_side() -> None:
    model, _ = build(sectors("for s in sector\ny[s] = x[s]\n@behaviour\ndlog(z) = a\n"))
    equation = model.of(("z", ()))
    assert equation is not None
    assert equation.add is not None
    growth = Op("add", (Cell("a"), equation.add))
    assert equation.right == Op("mul", (Cell("z", lag=1), Op("exp", (growth,))))
    assert model.of(("y", ("oil",))).add is None  # type: ignore[union-attr]  # it is there


def test_a_check_is_one_a_label_that_it_names() -> None:
    model, findings = build(
        sectors("for s in sector\ny[s] = x[s]\nz = 1\ncheck positive: y[s] >= 0\ncheck one: z == 1\n")
    )
    assert findings == []
    assert [(c.statement.code, c.labels) for c in model.checks] == [
        ("positive", ("oil",)), ("positive", ("grain",)), ("positive", ("coal",)), ("one", ()),
    ]  # fmt: skip


def test_the_cell_of_no_equation_has_none() -> None:
    model, _ = build(sectors("z = 1\n"))
    assert model.of(("v", ())) is None


# -- faults, the mark ‸ before the place -----------------------------------------------------------

FAULTS = [
    ("z = 1 + ‸nosuch", "undefined_name"),
    ("z = 1\n    + ‸жоқ*v", "undefined_name"),
    ("z = v  # ә\n    + sum(‸nosuch[q] for q in sector)", "undefined_name"),
    ("‸nosuch = 1", "undefined_name"),
    ("z = ‸x", "labels_do_not_fit_dims"),
    ("z = ‸v[oil]", "labels_do_not_fit_dims"),
    ("z = v*‸w[oil]", "labels_do_not_fit_dims"),
    ("‸y = 1", "labels_do_not_fit_dims"),
    ("z = ‸x[gold]", "unknown_label"),
    ("z = a +\n  ‸x['gold']", "unknown_label"),
    ("‸y[gold] = 1", "unknown_label"),
    ("z = a*‸x[s]", "letter_not_bound"),
    ("y[s] = ‸w[s, q]", "letter_not_bound"),
    ("y[s] = ‸r[s]", "letter_of_another_set"),
    ("z = sum(‸x[q] for q in region)", "letter_of_another_set"),
]


@pytest.mark.parametrize(("marked", "rule"), FAULTS)
def test_a_name_or_label_that_does_not_fit_is_a_finding_at_its_row_and_column(marked: str, rule: str) -> None:
    before = marked[: marked.index("‸")]
    (finding,) = found(
        "for s in sector\n" + ("for q in sector\n" if "w[s, q]" in marked else "") + marked.replace("‸", "")
    )
    row = 2 + before.count("\n") + ("w[s, q]" in marked)
    column = len(before) - (before.rfind("\n") + 1) + 1
    assert (finding.rule, finding.home) == (rule, Home("equations/model.eq", row, column))


def test_a_name_that_is_nearly_right_is_suggested() -> None:
    plan = small_plan("y = inport\n", {"import_price": (1.0,) * 5, "imports": (1.0,) * 5}, {"y": ()})
    (finding,) = [f for f in build(plan)[1] if f.rule == "undefined_name"]
    assert dict(finding.facts)["near"] == "imports"


def test_a_set_or_flag_that_does_not_exist_is_a_finding() -> None:
    for equations, set_found in (
        ("for s in sectr\nz = 1\n", "sectr"),
        ("for s in sector.nosuch\nz = 1\n", "sector"),
        ("z = sum(x[q] for q in sectr)\n", "sectr"),
        ("z = 1 + prod(x[q] for q in sector.nosuch)\n", "sector.nosuch"),
    ):
        (finding,) = found(equations)
        assert (finding.rule, dict(finding.facts)["found"]) == ("unknown_set", set_found)


def test_two_equations_for_one_cell_are_a_finding_that_names_the_first() -> None:
    (finding,) = found('for s in sector\n\ny[s] = x[s]\ny["oil"] = 3\n')
    assert (finding.rule, finding.home.row) == ("two_equations_for_one_cell", 4)
    assert finding.address == "equation:y[oil]"
    assert dict(finding.facts)["first"] == "equations/model.eq:3"


def test_an_endogenous_indicator_without_equation_is_a_finding() -> None:
    _, findings = build(sectors("for s in sector\ny[s] = 1\n"))
    assert [(f.rule, f.address) for f in findings] == [("no_equation", "value:z")]


def test_a_statistic_needs_no_equation() -> None:
    assert build(small_plan("", reported={"y": (1.0,)}))[1] == []


@pytest.mark.parametrize("role", ["given", "levers", "coefficients"])
def test_an_equation_for_what_is_given_is_a_finding(role: str) -> None:
    plan = small_plan("y = 1\n", **{role: {"y": 1.0 if role == "coefficients" else (1.0,) * 5}})
    assert [f.rule for f in build(plan)[1]] == ["equation_for_a_given_indicator"]


@pytest.mark.parametrize("text", ["z = 1 + z", "z = min(v, z)", "y[s] = 1 - y[s]", "log(z) = log(z)"])
def test_a_definition_by_itself_is_a_finding(text: str) -> None:
    (finding,) = found("for s in sector\n" + text + "\n")
    assert (finding.rule, finding.home.row) == ("circular_definition", 2)


@pytest.mark.parametrize("text", ["z = 1 + lag(z)", "@behaviour\nz = 1 + 0.5*z", "y[s] = 1 - lag(y[s], 2)"])
def test_an_own_past_or_an_own_response_is_no_circle(text: str) -> None:
    assert found("for s in sector\n" + text + "\n") == []


def test_a_check_named_like_an_indicator_is_a_finding() -> None:
    assert [f.rule for f in found("check z: v == 1\n")] == ["check_named_as_an_indicator"]


def test_a_faulty_statement_leaves_the_others_in_the_model() -> None:
    model, findings = build(sectors("z = nosuch\ny[oil] = 2\n"))
    assert [e.key for e in model.equations] == [("y", ("oil",))]
    assert [f.rule for f in findings] == ["undefined_name"]


def test_an_unknown_set_in_a_sum_is_a_finding_at_its_row() -> None:
    (finding,) = found("z = 1\n    + sum(x[q] for q in sectr)\n")
    assert finding.home.row == 2


def test_an_observed_cell_without_equation_is_a_finding() -> None:
    plan = sectors("y[oil] = 1\ny[coal] = 1\nz = 1\n")
    assert build(plan)[1] == []  # a quantity need not have a cell for each label of its sets
    base = (None, 1.0, None, None, None)
    observed = small_plan(
        "y[oil] = 1\n", {}, {"y": {"grain": base}}, sets={"sector": ("oil", "grain")}, dims={"y": ("sector",)}
    )
    assert [(f.rule, dict(f.facts)["code"]) for f in build(observed)[1]] == [("no_equation", "y[grain]")]


# -- the example -----------------------------------------------------------------------------------


def test_the_example_has_as_many_identities_and_behavioural_equations_as_its_text(kazakhstan: Plan) -> None:
    text = "\n".join(file.read_text("utf-8") for file in EQUATIONS)
    behavioural = len(re.findall(r"^@behaviour$", text, re.MULTILINE))
    checks = len(re.findall(r"^check \w+:", text, re.MULTILINE))
    equations = len(re.findall(r"^(?:\w+\()?\w+(?:\[[^\]]+\])?\)? = ", text, re.MULTILINE))
    model, findings = build(kazakhstan)
    assert findings == []
    told = [p.statement for p in model.parsed]
    assert len(told) == equations + checks
    assert sum(s.kind == "check" for s in told) == checks
    assert sum(s.behaviour for s in told) == behavioural
    assert sum(s.kind == "equation" and not s.behaviour for s in told) == equations - behavioural


def test_every_endogenous_cell_of_the_example_has_at_most_one_equation(kazakhstan: Plan) -> None:
    model, _ = build(kazakhstan)
    determined = [e.key for e in model.equations]
    assert len(determined) == len(set(determined))
    endogenous = {i.code for i in kazakhstan.indicators.values() if i.role == "endogenous"}
    assert endogenous <= {code for code, _ in determined}
