"""Where model and balances meet: shortages come back as ceilings, and both agree in the end."""

from __future__ import annotations

from typing import Any

import pytest

from bagdar.balances import Options
from bagdar.balances.allocation import options_of
from bagdar.balances.loop import SETTLED, Settled, settle, uses_short
from bagdar.equations import Solution, simulate
from bagdar.finding import Finding
from tests.balances.given import balance, plan_files, read_files, resource, use

# People want as much coal as half their income allows; income is what is sold, and a fifth of it comes from coal.
EQUATIONS = """\
@behaviour
wanted = half*income
income = rest + fifth*wanted
"""
COAL = balance(resource("mined", quantity="mined"), use("homes", quantity="wanted", rank=1))


def solved(mined: float, equations: str = EQUATIONS, capped: str = "wanted", **balances: str) -> Solution:
    numbers: dict[str, Any] = {"mined": [None, mined, mined], "rest": [90, 90, 90], "half": 0.5, "fifth": 0.2}
    numbers |= {"wanted": [50, None, None], "income": [100, None, None]}
    files = plan_files({"coal": COAL, **balances}, numbers, years=2)
    files["equations/e.eq"] = equations
    lines = files["indicators.csv"].splitlines()
    rows = [lines[0] + ",capped_by"]
    for line in lines[1:]:
        code = line.split(",")[0]
        role = line.replace("exogenous", "endogenous") if code in ("wanted", "income") else line
        rows.append(role + ("," if code != capped else ",coal.homes"))
    files["indicators.csv"] = "\n".join(rows) + "\n"
    plan, findings = read_files(files)
    assert [f.line() for f in findings] == []
    solution, found = simulate(plan)
    assert [f.line() for f in found if f.severity == "error"] == []
    assert solution.solved
    return solution


def settled(solution: Solution) -> tuple[Settled, list[Finding]]:
    made, findings = settle(solution, Options())
    assert made is not None
    return made, findings


def test_enough_for_all_leaves_the_model_alone() -> None:
    solution = solved(60)
    made, findings = settled(solution)
    assert findings == []
    assert made.caps == {}
    assert made.solution is solution


def test_a_shortage_becomes_a_ceiling_and_the_model_answers_it() -> None:
    # 50 are wanted, 40 there are: people get 40, and income falls from 100 to 90 + 0.2·40 = 98.
    made, findings = settled(solved(40))
    assert findings == []
    assert list(made.caps.values()) == pytest.approx([40, 40], rel=1e-6)
    assert made.before.values["income"].get("2005") == pytest.approx(100)
    assert made.solution.values["income"].get("2005") == pytest.approx(98, rel=1e-5)
    assert made.solution.values["wanted"].get("2006") == pytest.approx(40, rel=1e-5)


def test_what_is_short_is_short_of_the_demand_before_any_ceiling() -> None:
    made, _ = settled(solved(40))
    (worst,) = uses_short(made)
    told = dict(worst.facts)
    assert worst.rule == "use_is_short"
    assert [told["demanded"], told["delivered"], told["share"]] == pytest.approx([50, 40, 20], rel=1e-4)


def test_ceilings_and_model_agree_in_the_end() -> None:
    # What is mined depends on what is asked for: a tenth of income is dug with it, so the ceiling moves with the model.
    equations = EQUATIONS + "dug = third*income\n"
    numbers: dict[str, Any] = {"rest": [90, 90, 90], "half": 0.5, "fifth": 0.2, "third": 0.35}
    numbers |= {"wanted": [50, None, None], "income": [100, None, None], "dug": [35, None, None]}
    coal = balance(resource("mined", quantity="dug"), use("homes", quantity="wanted", rank=1))
    files = plan_files({"coal": coal}, numbers, years=2)
    files["equations/e.eq"] = equations
    text = files["indicators.csv"].replace("\n", ",\n").replace("source,", "source,capped_by")
    for code in ("wanted", "income", "dug"):
        text = text.replace(f"{code},{code},t,,exogenous,us,", f"{code},{code},t,,endogenous,us,")
    files["indicators.csv"] = text.replace(
        "wanted,wanted,t,,endogenous,us,", "wanted,wanted,t,,endogenous,us,coal.homes"
    )
    plan, findings = read_files(files)
    assert [f.line() for f in findings] == []
    solution, _ = simulate(plan)
    made, found = settled(solution)
    assert found == []
    assert made.rounds > 1
    # wanted = dug = 0.35·income and income = 90 + 0.2·wanted: income = 90/(1 - 0.07).
    income = 90 / 0.93
    assert made.solution.values["income"].get("2006") == pytest.approx(income, rel=1e-4)
    assert list(made.caps.values()) == pytest.approx([0.35 * income] * 2, rel=10 * SETTLED + 1e-4)


def test_what_an_identity_determines_cannot_be_capped_and_a_warning_says_so() -> None:
    solution = solved(40, EQUATIONS.replace("@behaviour\n", ""))
    made, findings = settled(solution)
    assert [f.rule for f in findings] == ["cap_of_an_identity"]
    assert made.caps == {}


def test_a_given_number_is_capped_by_its_value() -> None:
    # Income's other part is given; whoever caps it by what homes get sets it, and demand follows.
    solution = solved(40, capped="rest")
    made, _ = settled(solution)
    assert {place[0] for place in made.caps} == {"rest"}
    assert made.solution.values["rest"].get("2005") == pytest.approx(40, rel=1e-5)


def test_the_options_are_those_of_the_plan_unless_others_are_given() -> None:
    plan = solved(60).plan
    assert options_of(plan) == Options("epsilon", 1e-4, 0.0, None)
    assert options_of(plan, "exact", "ipx") == Options("exact", 1e-4, 0.0, "ipx")
