"""Every rule on balances is found guilty somewhere: by a failing plan of `tests/plans`, or by name in a test."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bagdar.balances import Options, allocate, highs
from bagdar.balances.ranks import Way, exchange_rates
from bagdar.checks import CHECKS
from tests.balances.given import balance, plan_of, refused, resource, stock, use
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


def test_a_first_order_method_weights_ranks_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(*PLAN)
    monkeypatch.setattr(highs, "SIMPLEX_LIMIT", 0)
    monkeypatch.setattr(highs, "INTERIOR_LIMIT", 0)
    made, (found,) = allocate(plan, plan.values, Options("epsilon"))
    assert made is not None
    assert (made.answer.method, made.ranked.way) == ("hipdlp", "weighted")
    assert (found.rule, dict(found.facts)) == ("ranks_are_weighted", {"method": "hipdlp", "rows": 1, "weight": 10.0})
    assert made.amounts["coal", "heat"] == pytest.approx(10, rel=1e-5)


@pytest.mark.parametrize("price", [0.0, -1.0])
def test_what_is_ranked_and_worth_nothing_is_found(price: float) -> None:
    (found,) = refused(plan_of(PLAN[0], PLAN[1] | {"price": price}), Options())
    assert found.rule == "price_not_above_zero"


def test_a_small_customer_who_gets_nothing_is_short_however_large_his_rank() -> None:
    two = {code: balance(resource("made", limit=f"{code}_made"), use("homes", quantity=code, rank=1)) for code in "ab"}
    plan = plan_of(two, {"a_made": [None, 1e6], "a": [None, 1e6], "b_made": [None, 0], "b": [None, 5]})
    made, _ = allocate(plan, plan.values, Options())
    assert made is not None
    assert [(s.level.key, s.demanded) for s in made.shortages()] == [(("b", "homes"), 5.0)]


def test_what_flows_back_is_no_demand_and_never_short() -> None:
    items = (resource("made", limit="made"), use("net", quantity="net", rank=1), use("homes", quantity="homes", rank=1))
    plan = plan_of({"coal": balance(*items)}, {"made": [None, 10], "net": [None, -5], "homes": [None, 20]})
    for way in ("epsilon", "exact"):
        made, _ = allocate(plan, plan.values, Options(way))
        assert made is not None
        (one,) = made.shortages()
        assert one.item.code == "homes"
        assert one.amount == pytest.approx(5, abs=1e-4)
        assert made.ranked.stages[0].met == pytest.approx(0.75)


@pytest.mark.parametrize("way", ["weighted", "exact"])
def test_of_a_large_rank_and_a_small_one_the_more_important_comes_first(way: Way) -> None:
    items = (resource("made", limit="made"), use("a", quantity="a", rank=1), use("b", quantity="b", rank=2))
    plan = plan_of({"coal": balance(*items)}, {"made": [None, 10], "a": [None, 10_000], "b": [None, 10]})
    made, _ = allocate(plan, plan.values, Options(way))
    assert made is not None
    # What comes after the ranks may cost the first a ten millionth of its 10,000.
    assert [float(made.amounts["coal", item][0, 0]) for item in "ab"] == pytest.approx([10, 0], abs=2e-3)


@pytest.mark.parametrize("wanted", [0.1, 1000])
def test_what_a_rank_gives_way_by_and_nobody_uses_it_gets_back_and_the_rate_is_told(wanted: float) -> None:
    # A tonne of coal makes 100 kWh: coal is 100 times as dear. Of 0.002 t that may be given up, 0.1 kWh take half.
    coal = (resource("made", limit="made"), use("fuel", norm="fuel", of="power.made"), use("a", quantity="a", rank=1))
    power = (resource("made"), use("b", quantity="b", rank=2))
    plan = plan_of(
        {"coal": balance(*coal), "power": balance(*power, unit="kWh", price="worth")},
        {"made": [None, 10], "a": [None, 20], "b": [None, wanted], "fuel": 0.01, "worth": 1.0},
        units={"fuel": "t/kWh", "worth": "KZT/kWh", "b": "kWh"},
    )
    made, _ = allocate(plan, plan.values, Options())
    assert made is not None
    assert float(made.amounts["coal", "a"][0, 0]) == pytest.approx(9.999 if wanted < 1 else 9.998, abs=1e-5)
    assert float(made.amounts["coal", "made"][0, 0]) == pytest.approx(10, abs=1e-5)
    ((_, _, rate),) = exchange_rates(made.expanded, made.ranked)
    assert rate == pytest.approx(100)


def test_a_reserve_at_the_end_comes_from_somewhere() -> None:
    # Two tonnes a year are left for a reserve of four: it is there by the second year, and nobody gets it from nothing.
    items = (
        resource("mined", quantity="mined"),
        use("homes", quantity="homes", rank=1),
        stock("reserve", quantity="reserve", rank=2),
    )
    numbers: dict[str, Any] = {"mined": [None, 7, 7], "homes": [None, 5, 5], "reserve": [0, 4, 4]}
    for growth in (0.0, 0.02, -0.05):
        plan = plan_of({"coal": balance(*items)}, numbers, years=2)
        made, _ = allocate(plan, plan.values, Options("exact", growth=growth))
        assert made is not None
        assert made.amounts["coal", "reserve"].ravel() == pytest.approx([2, 4])
        closing = made.answer.x.reshape(-1, made.framed.frame.levels)[-1]
        level = made.framed.levels["coal", "reserve"]
        assert level.columns is not None
        assert closing[level.columns[0]] <= 6 + 1e-6


@pytest.mark.parametrize("way", ["epsilon", "weighted", "exact"])
def test_nobody_goes_without_what_costs_nobody_anything(way: Way) -> None:
    """However small he is beside others of his rank, or however many ranks are before his."""
    ranked = {f"use{rank}": rank for rank in range(1, 8)}
    small = use("small", quantity="small", rank=1)
    items = (resource("made", limit="made"), small, *(use(code, quantity=code, rank=k) for code, k in ranked.items()))
    lines: dict[str, Any] = {code: [None, 1000] for code in ranked}
    plan = plan_of({"steel": balance(*items)}, lines | {"made": [None, 10_000], "small": [None, 1e-6]})
    made, _ = allocate(plan, plan.values, Options(way))
    assert made is not None
    assert made.shortages() == ()


@pytest.mark.parametrize("way", ["epsilon", "weighted", "exact"])
def test_no_more_is_taken_beyond_the_plan_than_need_be(way: Way) -> None:
    items = (
        resource("mined", quantity="mined", limit="most"),
        resource("imports", quantity="imports"),
        use("homes", quantity="homes", rank=1),
    )
    labour = (resource("people", quantity="people"), use("miners", of="coal.mined", norm="norm"))
    for wanted, mined, bought in ((10, 5, 5), (12, 7, 5), (4, 0, 4)):
        plan = plan_of(
            {"coal": balance(*items), "labour": balance(*labour, kind="labour", unit="person", price="")},
            {"mined": [None, 5], "most": [None, 20], "imports": [None, 5], "homes": [None, wanted],
             "people": [None, 99], "norm": 1.0},
            units={"people": "person", "norm": "person/t"},
        )  # fmt: skip
        made, _ = allocate(plan, plan.values, Options(way))
        assert made is not None
        taken = [float(made.amounts["coal", item][0, 0]) for item in ("mined", "imports")]
        assert taken == pytest.approx([mined, bought], abs=1e-4)


def test_a_rank_that_was_served_roughly_makes_all_rough(monkeypatch: pytest.MonkeyPatch) -> None:
    solved = highs.Session.solve
    told = []

    def first_roughly(self: highs.Session, cost: Any) -> highs.Answer:
        told.append(solved(self, cost))
        return replace(told[-1], status="rough", primal=5e-3) if len(told) == 1 else told[-1]

    monkeypatch.setattr(highs.Session, "solve", first_roughly)
    made, (found,) = allocate(plan_of(*PLAN), plan_of(*PLAN).values)
    assert made is not None
    assert (found.rule, dict(found.facts)["residual"]) == ("allocation_rough", 5e-3)


def test_what_the_plan_states_comes_before_what_takes_the_rest() -> None:
    """Sugar of the country, which takes labour, before imports of which the plan says nothing."""
    items = (resource("output", quantity="output"), resource("imports"), use("homes", quantity="homes", rank=1))
    labour = (resource("people", quantity="people"), use("workers", of="sugar.output", norm="norm"))
    plan = plan_of(
        {"sugar": balance(*items), "labour": balance(*labour, kind="labour", unit="person", price="")},
        {"output": [None, 300, 320], "homes": [None, 340, 350], "people": [None, 999, 999], "norm": 1.0},
        units={"people": "person", "norm": "person/t"},
        years=2,
    )
    made, _ = allocate(plan, plan.values, Options())
    assert made is not None
    assert made.amounts["sugar", "output"].ravel() == pytest.approx([300, 320], rel=1e-4)
    assert made.amounts["sugar", "imports"].ravel() == pytest.approx([40, 30], rel=1e-3)


@pytest.mark.parametrize("used_up", [True, False])
def test_where_nothing_may_be_left_over_what_nobody_takes_is_not_made(used_up: bool) -> None:
    """Gas comes with oil, a unit with each: homes take 4 of it, and who may not burn the rest pumps no more oil."""
    oil = (resource("pumped", quantity="pumped"), use("exports", quantity="exports", rank=1))
    gas = (resource("with_oil", of="oil.pumped"), use("homes", quantity="homes", rank=2))
    plan = plan_of(
        {"oil": balance(*oil), "gas": balance(*gas, used_up=used_up)},
        {"pumped": [None, 10], "exports": [None, 9], "homes": [None, 4]},
    )
    made, _ = allocate(plan, plan.values, Options("exact"))
    assert made is not None
    assert plan.balances[0].used_up is used_up
    assert made.amounts["oil", "exports"].ravel() == pytest.approx([4 if used_up else 9])


@pytest.mark.parametrize("way", ["epsilon", "weighted", "exact"])
def test_progress_begins_with_nothing_and_ends_with_all(way: Way) -> None:
    told: list[tuple[int, int]] = []
    plan = plan_of(*PLAN)
    allocate(plan, plan.values, Options(way), progress=lambda done, of: told.append((done, of)))
    assert told[0] == (0, 2)
    assert told[-1] == (2, 2)
    assert told == sorted(told)
