"""Shortages return to the model as ceilings, and the two are repeated until neither moves the other."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bagdar.address import Address
from bagdar.balances import Options, allocate, loop
from bagdar.balances.loop import MOST_ROUNDS, Settled, settle, uses_short
from bagdar.change import Change, apply
from bagdar.equations import Solution, simulate
from bagdar.finding import Finding, finding
from tests.balances.given import balance, capacity, given, met, plan_files, plan_of, read_files, resource, use

COAL = balance(
    resource("mined", quantity="mined"),
    use("heat", quantity="heat", rank=1),
    use("exports", quantity="exports", rank=2),
)
NUMBERS: dict[str, Any] = {"mined": [9, 10, 12], "heat": [6, 7, 7], "exports": [3, 5, 5], "income": [6, None, None]}
UNITS = {"exports": "t", "income": "KZT", "price_abroad": "KZT/t"}
# Income is what is exported, at 2 a ton.
INCOME = "income = price_abroad*exports\n"


def solution(numbers: dict[str, Any], equations: str, capped: dict[str, str], coal: str = COAL) -> Solution:
    plan = plan_of(
        {"coal": coal}, {"price_abroad": 2.0} | numbers, units=UNITS, years=2, equations=equations, capped=capped
    )
    found, findings = simulate(plan)
    assert [f.line() for f in findings] == []
    return found


def settled(*told: Any, **more: Any) -> tuple[Settled, list[Finding]]:
    one, found = settle(solution(*told, **more), Options("exact"))
    assert one is not None, [f.line() for f in found]
    return one, found


def values(one: Solution, code: str) -> list[float | None]:
    return [one.values[code].get(year) for year in ("2005", "2006")]


def test_without_a_ceiling_the_model_stays_as_it_is() -> None:
    one, found = settled(NUMBERS, INCOME, {})
    assert found == []
    assert one.caps == {}
    assert one.solution is one.before
    assert values(one.solution, "income") == [10, 10]


def test_a_given_export_falls_to_what_can_be_delivered_and_income_with_it() -> None:
    # 10 are mined, 7 burnt: 3 of 5 go abroad; the income is 6, not 10. The second year has enough.
    one, found = settled(NUMBERS, INCOME, {"exports": "coal.exports"})
    assert found == []
    assert values(one.solution, "exports") == pytest.approx([3, 5])
    assert values(one.solution, "income") == pytest.approx([6, 10])
    assert values(one.before, "income") == pytest.approx([10, 10])
    assert {(code, str(period)): cap for (code, _, period), cap in one.caps.items()} == {
        ("exports", "2005"): pytest.approx(3)
    }
    # The shortage is still that of what was wanted.
    assert given(one.allocation, "coal.exports") == pytest.approx([3, 5])
    assert met(one.first) == pytest.approx({1: 1.0, 2: 0.8})


def test_what_is_short_is_said_of_the_demand_before_any_ceiling() -> None:
    one, _ = settled(NUMBERS, INCOME, {"exports": "coal.exports"})
    (short,) = uses_short(one)
    facts = dict(short.facts)
    assert (short.rule, str(short.home)) == ("use_is_short", "balances/coal.toml:15")
    assert (facts["item"], facts["rank"], facts["period"], facts["unit"]) == ("coal.exports", 2, "2005", "t")
    assert (facts["demanded"], facts["delivered"], facts["share"]) == pytest.approx((5, 3, 40))
    assert len({short.text(language) for language in ("kk", "ru", "en")}) == 3


def test_what_behaves_is_held_by_its_add_factor() -> None:
    """Exports follow heat by behaviour: 0.5 × heat + 1.5. Of the 5 of the first year 3 can be had."""
    equations = "@behaviour\nexports = half*heat + shift\n" + INCOME
    numbers = NUMBERS | {"exports": [4.5, None, None], "income": [9, None, None], "half": 0.5, "shift": 1.5}
    one, found = settled(numbers, equations, {"exports": "coal.exports"})
    assert found == []
    assert values(one.before, "exports") == pytest.approx([5, 5])
    assert values(one.solution, "exports") == pytest.approx([3, 5])
    assert one.solution.add_factors["exports"].get("2005") == pytest.approx(-2)
    assert one.solution.add_factors["exports"].get("2006") == pytest.approx(0)


def test_an_identity_cannot_be_held_and_is_found() -> None:
    equations = "exports = half*heat\n" + INCOME
    numbers = NUMBERS | {"exports": [6, None, None], "income": [12, None, None], "half": 1.0}
    one, found = settled(numbers, equations, {"exports": "coal.exports"})
    assert [(f.rule, dict(f.facts)["code"]) for f in found] == [("cap_of_an_identity", "exports")]
    assert one.caps == {}
    assert values(one.solution, "exports") == [7, 7]


def test_two_that_feed_each_other_settle() -> None:
    """What is mined is 6 and half of what is exported; 7 are burnt.

    Wanted: 10 exported, so 11 mined and 4 for export; 4 exported means 8 mined, 1 for export; 6.5 and none.
    """
    equations = "mined = base + half*exports\n" + INCOME
    numbers = NUMBERS | {
        "mined": [9, None, None],
        "exports": [6, 10, 10],
        "income": [12, None, None],
        "base": [6, 6, 16],
    }
    numbers |= {"half": 0.5}
    one, found = settled(numbers, equations, {"exports": "coal.exports"})
    assert found == []
    assert 0 < one.rounds < MOST_ROUNDS
    assert values(one.solution, "exports") == pytest.approx([0, 10], abs=1e-6)
    assert values(one.solution, "mined") == pytest.approx([6, 21])


def test_two_that_chase_each_other_settle_between() -> None:
    """What is exported is not mined: 15 less twice the exports, of which 7 are burnt.

    With exports of 5 there is nothing to export; with none there are 8 to be had, and nobody is short. Between them
    8 - 2 × 8/3 = 8/3 are exported, in the second year 10 - 2 × 10/3.
    """
    equations = "mined = base - two*exports\n" + INCOME
    numbers = NUMBERS | {"mined": [9, None, None], "base": [15, 15, 17], "two": 2.0}
    one, found = settled(numbers, equations, {"exports": "coal.exports"})
    assert found == []
    assert 1 < one.rounds < 8
    assert values(one.solution, "exports") == pytest.approx([8 / 3, 10 / 3], rel=1e-5)
    assert values(one.solution, "mined") == pytest.approx([29 / 3, 31 / 3], rel=1e-5)


def test_two_between_which_there_is_nothing_are_found() -> None:
    """Whoever exports more than 3 has 10 mined, of which 3 are left; whoever does not has 14, of which 5 can go."""
    equations = "mined = low if exports > base else high\n" + INCOME
    numbers = NUMBERS | {"mined": [14, None, None], "base": [3, 3, 3], "low": [10, 10, 10], "high": [14, 14, 14]}
    one, found = settled(numbers, equations, {"exports": "coal.exports"})
    assert [f.rule for f in found] == ["caps_do_not_settle"]
    facts = dict(found[0].facts)
    assert facts["rounds"] == MOST_ROUNDS == one.rounds
    assert re.fullmatch(r"exports 2005, exports 2006|exports 2006, exports 2005|exports 200[56]", str(facts["caps"]))
    assert len({found[0].text(language) for language in ("kk", "ru", "en")}) == 3


def test_of_many_ceilings_only_those_that_do_not_settle_are_named() -> None:
    """Grain, of which there is too little for all its six uses, settles at once."""
    uses = {f"e{k}": "grain" for k in range(6)}
    grain = balance(resource("grown", quantity="grown"), *(use(code, quantity=code, rank=1) for code in uses))
    equations = "mined = low if exports > base else high\n" + INCOME
    numbers = NUMBERS | {"mined": [14, None, None], "base": [3, 3, 3], "low": [10, 10, 10], "high": [14, 14, 14]}
    numbers |= {"grown": [6, 6, 6]} | {code: [2, 2, 2] for code in uses}
    plan = plan_of(
        {"coal": COAL, "grain": grain}, {"price_abroad": 2.0} | numbers, units=UNITS, years=2, equations=equations,
        capped={"exports": "coal.exports"} | {code: f"grain.{code}" for code in uses},
    )  # fmt: skip
    one, found = settle(simulate(plan)[0], Options("exact"))
    assert one is not None
    assert len(one.caps) > 6
    assert [f.rule for f in found] == ["caps_do_not_settle"]
    assert not re.search(r"e\d", str(dict(found[0].facts)["caps"]))
    assert "exports" in str(dict(found[0].facts)["caps"])


def test_what_has_one_number_for_all_periods_cannot_be_held_in_one() -> None:
    one, found = settled(NUMBERS | {"exports": 5.0, "income": [10, None, None]}, INCOME, {"exports": "coal.exports"})
    assert [(f.rule, dict(f.facts)["code"]) for f in found] == [("cap_of_a_constant", "exports")]
    assert one.caps == {}


def test_a_ceiling_in_the_indicator_s_own_unit() -> None:
    # The balance is in tons, the exports in thousands of tons.
    coal = COAL.replace('"exports"\nrank', '"exports_kt"\nrank')
    numbers = NUMBERS | {"exports_kt": [0.003, 0.005, 0.005], "exports": [0.003, None, None]}
    numbers |= {"income": [0.006, None, None]}
    plan = plan_of(
        {"coal": coal},
        {"price_abroad": 2.0} | numbers,
        units={"income": "thousand KZT", "price_abroad": "thousand KZT/kt", "exports": "kt", "exports_kt": "kt"},
        years=2,
        equations="exports = exports_kt\n" + INCOME,
        capped={"exports_kt": "coal.exports"},
    )
    one, found = settle(simulate(plan)[0], Options("exact"))
    assert found == []
    assert one is not None
    assert values(one.solution, "exports_kt") == pytest.approx([0.003, 0.005])
    assert values(one.solution, "income") == pytest.approx([0.006, 0.01])


# -- ranks that a variant changes ------------------------------------------------------------------


def ranked(new: Any, old: Any = 2, op: Any = "set", code: str = "coal.exports") -> tuple[Solution, list[Finding]]:
    start = solution(NUMBERS, INCOME, {})
    plan, found = apply(start.plan, [Change(op, Address("rank", code), old, new)])
    return simulate(plan)[0], found


def test_another_rank_serves_others_first() -> None:
    after, found = ranked(1)
    assert found == []
    one, _ = settle(after, Options("exact"))
    assert one is not None
    # Both are in rank 1 now and worth the same: all 10 t are used, and who gets them is open.
    assert sum(given(one.allocation, f"coal.{item}")[0] for item in ("heat", "exports")) == pytest.approx(10)


@pytest.mark.parametrize("new", [0, -1, 1.5, 1000, "first", None, True])
def test_a_rank_that_is_none_is_found(new: Any) -> None:
    after, found = ranked(new)
    assert [f.rule for f in found] == ["rank_unusable"]
    assert next(i.rank for b in after.plan.balances for i in b.items if i.code == "exports") == 2


def test_a_rank_of_an_item_that_has_none_is_no_address() -> None:
    assert [f.rule for f in ranked(1, 0, code="coal.mined")[1]] == ["unknown_address"]
    assert [f.rule for f in ranked(1, 1)[1]] == ["conflicting_change"]


def test_that_the_last_allocation_is_rough_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    start = solution(NUMBERS | {"mined": [9, 10, 10]}, INCOME, {"exports": "coal.exports"})
    exact = allocate

    def rough(*told: Any, **more: Any) -> Any:
        made, found = exact(*told, **more)
        return made, [*found, finding("allocation_rough", residual=1e-5, method="simplex")] if len(told) > 3 else found

    monkeypatch.setattr(loop, "allocate", rough)
    one, found = settle(start, Options("exact"))
    assert one is not None
    assert one.rounds > 0
    assert [f.rule for f in found] == ["allocation_rough"]


@pytest.mark.parametrize("item", ["mined", "pits"])
def test_what_nobody_needs_more_of_caps_nothing(item: str) -> None:
    coal = balance(
        resource("mined", quantity="mined"),
        use("heat", quantity="heat", rank=1),
        capacity("pits", quantity="pits", of="mined"),
    )
    numbers = {"mined": [9, 10], "heat": [5, 5], "pits": [12, 12]}
    _, found = read_files(plan_files({"coal": coal}, numbers, capped={item: f"coal.{item}"}))
    assert [(f.rule, dict(f.facts)["known"]) for f in found] == [("unknown_item", "coal.heat")]
