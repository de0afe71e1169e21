"""Every rule on balances is found guilty somewhere: by a failing plan of `tests/plans`, or by name in a test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bagdar.balances import Options, allocate, highs
from bagdar.checks import CHECKS
from tests.balances.given import balance, plan_of, refused, resource, use
from tests.test_verdicts import VERDICTS

TESTS = Path(__file__).parent.parent
SOURCE = TESTS.parent / "src" / "bagdar"
READERS = ("folder/balances.py", "folder/ties.py", "folder/norms.py", "checks/balances.py")
ROOM = [*sorted((SOURCE / "balances").glob("*.py")), *(SOURCE / name for name in READERS)]


def rules() -> set[str]:
    """The rules that reading, checking and allocating balances can raise."""
    found = set()
    for path in ROOM:
        text = path.read_text("utf-8")
        found |= set(re.findall(r'finding\(\s*"(\w+)"', text))
    return found | {check.__name__ for check in CHECKS if check.__module__ == "bagdar.checks.balances"}


def test_every_rule_of_balances_is_tested() -> None:
    assert len(rules()) > 20
    tests = "".join(p.read_text("utf-8") for p in TESTS.rglob("*.py"))
    assert {rule for rule in rules() if rule not in VERDICTS and f'"{rule}"' not in tests} == set()


PLAN = ({"coal": balance(resource("mined", quantity="mined"), use("heat", quantity="heat", rank=1))},
        {"mined": [None, 10], "heat": [None, 12]})  # fmt: skip


def test_residuals_above_what_is_accurate_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(*PLAN)
    monkeypatch.setattr(highs, "ACCURATE", -1.0)
    made, (found,) = allocate(plan, plan.values)
    assert made is not None
    assert (found.rule, dict(found.facts)["method"]) == ("allocation_rough", "simplex")
    assert dict(found.facts)["residual"] == pytest.approx(0, abs=1e-9)


def test_an_answer_that_is_none_is_no_allocation(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(*PLAN)
    monkeypatch.setattr(highs, "ACCURATE", -1.0)
    monkeypatch.setattr(highs, "_ROUGHEST", -1.0)
    made, (found,) = allocate(plan, plan.values)
    assert made is None
    assert (found.rule, dict(found.facts)) == ("allocation_failed", {"rank": 1, "status": "failed"})


def test_exact_ranks_are_solved_by_the_simplex_method_whatever_the_size(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(*PLAN)
    monkeypatch.setattr(highs, "SIMPLEX_LIMIT", 0)
    for options, method in ((Options("exact"), "simplex"), (Options("epsilon"), "hipo")):
        made, found = allocate(plan, plan.values, options)
        assert found == []
        assert made is not None
        assert made.answer.method == method


def test_exact_ranks_by_a_method_without_a_basis_are_refused() -> None:
    (found,) = refused(plan_of(*PLAN), Options("exact", method="hipo"))
    assert (found.rule, dict(found.facts)) == ("exact_ranks_need_a_basis", {"method": "hipo"})
