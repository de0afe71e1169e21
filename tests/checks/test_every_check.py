"""All checks together: each has its failing plan, a large sound plan passes, and a fault in it is found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from bench.checks import large_plan

from bagdar.checks import CHECKS, check
from bagdar.equations.program import Program
from bagdar.equations.solution import Solution
from bagdar.plan import Plan

PLANS = Path(__file__).parent.parent / "plans"


def found(plan: Plan) -> list[tuple[str, str]]:
    solution = Solution(plan, Program.of(plan), plan.values, {}, plan, solved=True)
    return [(f.rule, f.address) for f in check(plan, solution)[0]]


def test_every_check_has_a_plan_that_fails_it() -> None:
    gathering = {"units_of_equations", "numbers_of_balances"}  # these have rules of their own
    names = {rule.__name__ for rule in CHECKS} - gathering
    assert names <= {path.name for path in PLANS.iterdir()}
    assert len(names) == len(CHECKS) - len(gathering)


@pytest.fixture(scope="module")
def large() -> Plan:
    return large_plan(20, 8, 6)


def test_a_large_sound_plan_has_no_finding(large: Plan) -> None:
    assert found(large) == []


@pytest.mark.parametrize(
    ("code", "value", "rules"),
    [
        ("x5", 1e4, {"parts_do_not_add_to_total"}),
        ("x7", 60.0, {"shares_do_not_add_to_the_whole"}),
        ("x3", 101.0, {"share_outside_its_whole"}),
    ],
)
def test_one_wrong_figure_among_thousands_is_found(large: Plan, code: str, value: float, rules: set[str]) -> None:
    quantity = large.values[code]
    at = (*(3 for _ in quantity.dims[:-1]), 5)
    wrong = quantity.with_cell(at, value, 0, (0, 9, 9))
    told = found(replace(large, values={**large.values, code: wrong}))
    assert {rule for rule, _ in told} == rules
    assert all(str(large.header.periods[5]) in address for _, address in told)
