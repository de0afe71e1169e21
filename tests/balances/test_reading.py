"""Reading balances: what items come to, by how much a balance misses, how sure that is; norms against what is used."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bagdar.balances.norms import read_norms
from bagdar.balances.reading import Reading, read_balances
from bagdar.checks.balances import (
    norm_exceeded,
    quantity_beyond_its_limit,
    resources_exceed_uses,
    ties_in_a_circle,
    uses_exceed_resources,
)
from bagdar.equations.program import Program
from bagdar.equations.solution import Solution
from bagdar.finding import Finding
from bagdar.plan import Plan
from bagdar.quantity import STATUSES
from bagdar.unit import Unit
from tests.balances.given import balance, capacity, plan_files, plan_of, read_files, resource, stock, use

_KT = Unit.parse("kt")
assert _KT is not None
KT = _KT
ITEMS = (
    resource("output", quantity="output"),
    use("homes", quantity="homes", rank=1),
    use("works", norm="norm", of="output"),
    stock("heap", quantity="heap", loss="loss"),
)
# 2004: 20 from the heap of 2003 less a tenth, 18, and 100 of output; 30 + 60 used, 28 on the heap: it closes.
NUMBERS: dict[str, Any] = {
    "output": [90, 100, 110], "homes": [25, 30, 40], "norm": 0.6, "heap": [20, 28, 21], "loss": 0.1,
}  # fmt: skip


def solved(plan: Plan) -> Solution:
    return Solution(plan, Program.of(plan), plan.values, {}, plan, solved=True)


def one(plan: Plan) -> Reading:
    (found,) = read_balances(plan, plan.values)
    return found


def found(check: Any, plan: Plan) -> list[Finding]:
    listed: list[Finding] = check(plan, solved(plan))
    return listed


def heap(**numbers: Any) -> Plan:
    return plan_of({"coal": balance(*ITEMS)}, NUMBERS | numbers, past=2)


def test_resources_are_output_and_what_is_left_of_last_years_stock() -> None:
    told = one(heap())
    assert told.resources.ravel()[1:].tolist() == pytest.approx([118, 135.2])
    assert told.uses.ravel()[1:].tolist() == pytest.approx([118, 127])
    assert told.gap.ravel()[1:].tolist() == pytest.approx([0, 8.2], abs=1e-12)
    # What was on the heap before the first year is not known.
    assert told.known.ravel().tolist() == [False, True, True]


def test_what_belongs_to_nobody_is_a_warning_that_says_how_much() -> None:
    plan = heap()
    (over,) = found(resources_exceed_uses, plan)
    told = dict(over.facts)
    assert (told["period"], told["balance"]) == ("2005", "coal")
    assert told["difference"] == pytest.approx(8.2)
    assert told["share"] == pytest.approx(100 * 8.2 / 135.2)
    assert found(uses_exceed_resources, plan) == []


def test_what_is_lacking_is_an_error_that_says_what_could_close_it() -> None:
    plan = heap(homes=[25, 30, 50])
    (lacking,) = found(uses_exceed_resources, plan)
    told = dict(lacking.facts)
    assert (lacking.severity, told["period"]) == ("error", "2005")
    assert told["difference"] == pytest.approx(1.8)
    # Of the uses the ranked one could give way; the norm of works could not.
    assert lacking.text().endswith(": homes (50), output (110)")


def test_a_gap_stands_at_the_row_of_what_could_close_it_and_counts_the_other_periods() -> None:
    numbers = NUMBERS | {"output": [90, 100, 110, 110], "homes": [25, 31.5, 50, 40], "heap": [20, 28, 21, 30]}
    plan = plan_of({"coal": balance(*ITEMS)}, numbers, past=2, years=2)
    (lacking,) = found(uses_exceed_resources, plan)
    assert lacking.home == next(i for i in plan.balances[0].items if i.code == "homes").home
    assert lacking.home.row > 1
    facts = dict(lacking.facts)
    # 1.5 of 119.5 are lacking in 2004, 1.8 of 137 in 2005, 7.1 of 136 in 2006.
    assert (facts["period"], facts["others"]) == ("2006", 2)
    assert "2006 (других таких периодов: 2)" in lacking.text("ru")
    (over,) = found(resources_exceed_uses, heap())
    assert over.home == lacking.home


def test_amounts_and_units_of_a_gap_are_written_as_the_reader_does() -> None:
    plan = plan_of({"coal": balance(*ITEMS, unit="Mt")}, NUMBERS | {"homes": [25, 30, 50.5]}, past=2,
                   units=dict.fromkeys(("output", "homes", "heap"), "Mt") | {"price": "KZT/Mt"})  # fmt: skip
    (lacking,) = found(uses_exceed_resources, plan)
    assert "137,5 млн\u00a0т" in lacking.text("ru")
    assert "homes (50,5), output (110)" in lacking.text("ru")
    assert "137,5 млн\u00a0т" in lacking.text("kk")
    assert "137.5 Mt" in lacking.text("en")
    assert dict(lacking.facts)["unit"] == "Mt"


def test_labour_that_nobody_needs_is_no_contradiction() -> None:
    items = (resource("people", quantity="people"), use("jobs", quantity="jobs", rank=1))
    plan = plan_of({"labour": balance(*items, kind="labour")}, {"people": [10, 10], "jobs": [8, 9]})
    assert found(resources_exceed_uses, plan) == found(uses_exceed_resources, plan) == []
    plan = plan_of({"labour": balance(*items, kind="labour")}, {"people": [10, 10], "jobs": [8, 11]})
    assert [f.rule for f in found(uses_exceed_resources, plan)] == ["uses_exceed_resources"]


def test_a_balance_with_an_item_that_takes_what_is_left_closes_by_it() -> None:
    items = (*ITEMS[:2], use("rest"))
    plan = plan_of({"coal": balance(*items)}, {"output": [10, 12], "homes": [3, 4]})
    told = one(plan)
    assert [item.code for item in told.free] == ["rest"]
    assert found(resources_exceed_uses, plan) == []


def test_a_missing_number_is_no_gap() -> None:
    told = one(heap(homes=[25, None, 40]))
    assert told.known.ravel().tolist() == [False, False, True]


def test_what_hangs_on_something_later_or_earlier_is_read_of_that_year() -> None:
    items = (
        resource("graduates", of="entrants", lag=1),
        use("entrants", quantity="entrants"),
        use("ahead", of="entrants", lead=1),
    )
    plan = plan_of({"people": balance(*items)}, {"entrants": [1, 2, 4, 8]}, past=2, years=2)
    told = one(plan)
    amounts = {line.item.code: line.amounts.ravel().tolist() for line in told.lines}
    there = {line.item.code: line.there.ravel().tolist() for line in told.lines}
    assert amounts["graduates"] == [0, 1, 2, 4]
    assert there["graduates"] == [False, True, True, True]
    assert amounts["ahead"] == [2, 4, 8, 0]
    assert there["ahead"] == [True, True, True, False]


def test_a_circle_of_norms_says_nothing_and_ends() -> None:
    items = (resource("hen", of="egg"), use("egg", of="hen"))
    plan = plan_of({"farm": balance(*items)}, {})
    assert {item.code for item in one(plan).unknown} == {"hen", "egg"}
    assert not one(plan).known.any()


def test_a_sum_over_labels_is_the_norm_times_each() -> None:
    # Coal by sector: 0.5 and 0.25 of what each makes.
    goods = balance(resource("output", quantity="made"), use("rest"), over=["sector"])
    coal = balance(resource("mined", quantity="mined"), use("sectors", norm="norm", of="goods.output"))
    plan = plan_of(
        {"goods": goods, "coal": coal},
        {"made": {"a": [4, 8], "b": [8, 8]}, "norm": {"a": 0.5, "b": 0.25}, "mined": [4, 6]},
        sets={"sector": ["a", "b"]},
    )
    (told,) = (r for r in read_balances(plan, plan.values) if r.balance.code == "coal")
    assert told.uses.ravel().tolist() == pytest.approx([4, 6])


def test_what_is_computed_from_an_assumed_norm_is_an_assumption() -> None:
    told = one(heap())
    works = next(line for line in told.lines if line.item.code == "works")
    assert {STATUSES[int(sure)] for sure in works.sure.ravel()} == {"assumption"}


# -- norms -------------------------------------------------------------------------------------------


def normed(**numbers: Any) -> Plan:
    told: dict[str, Any] = {"coal": [8, 9.9], "power": [10, 11], "norm": 0.8, "share": 0.3, "price": 0.5} | numbers
    files = plan_files({}, told, units={"norm": "t/kWh", "power": "kWh", "price": "kWh/t"})
    files["norms.csv"] = (
        "indicator,kind,use,per,coefficient,price,programme\nnorm,norm,coal,power,share,price,Savings\n"
    )
    plan, findings = read_files(files)
    assert findings == []
    return plan


def test_actual_use_is_held_against_the_norm_and_the_norm_at_its_price_against_the_coefficient() -> None:
    (told,) = read_norms(normed(), normed().values)
    assert told.actual.ravel().tolist() == pytest.approx([0.8, 0.9])
    assert told.excess.ravel().tolist() == pytest.approx([0, 0.125], abs=1e-12)
    assert told.implied.ravel().tolist() == pytest.approx([0.4, 0.4])
    assert told.coefficient.ravel().tolist() == pytest.approx([0.3, 0.3])
    assert told.norm.programme == "Savings"


def test_use_above_the_norm_is_a_finding_of_the_worst_year() -> None:
    (over,) = found(norm_exceeded, normed())
    told = dict(over.facts)
    assert (told["period"], told["code"]) == ("2005", "norm")
    assert told["share"] == pytest.approx(12.5)
    assert found(norm_exceeded, normed(coal=[8, 8.8])) == []


def test_a_norm_of_nothing_made_and_a_missing_number_say_nothing() -> None:
    (told,) = read_norms(normed(power=[0, None]), normed(power=[0, None]).values)
    assert np.isnan(told.actual).all()


def test_the_scales_of_units_do_not_matter() -> None:
    plan = normed()
    kt = plan.values["coal"].to(KT)
    (told,) = read_norms(plan, {**plan.values, "coal": kt})
    assert told.actual.ravel().tolist() == pytest.approx([0.8, 0.9])


def test_a_missing_loss_is_no_loss_of_nothing() -> None:
    plan = plan_of({"coal": balance(*ITEMS)}, NUMBERS | {"loss": [0.1, None, 0.1]}, past=2, units={"loss": "1"})
    assert one(plan).known.ravel().tolist() == [False, False, True]


@pytest.mark.parametrize("lead", [3, 4, 5, 9])
def test_what_hangs_on_something_beyond_the_plan_is_not_known(lead: int) -> None:
    items = (resource("output", quantity="output"), use("works", norm="norm", of="output", lead=lead))
    told = one(plan_of({"coal": balance(*items)}, {"output": [9, 10, 11], "norm": 0.6}, years=2))
    assert not told.lines[1].amounts.any()


def test_what_takes_the_rest_takes_no_less_than_nothing() -> None:
    numbers = {"output": [10, 3], "homes": [3, 5]}
    for rest, rule in ((use("rest"), uses_exceed_resources), (resource("rest"), resources_exceed_uses)):
        plan = plan_of({"coal": balance(*ITEMS[:2], rest)}, numbers)
        (item,) = found(rule, plan)
        assert dict(item.facts)["period"] == ("2005" if rule is uses_exceed_resources else "2004")


def test_what_takes_the_rest_of_some_labels_closes_no_others() -> None:
    items = (*ITEMS[:2], use("rest", only={"kind": ["hard"]}), resource("more"))
    numbers = {
        code: {label: [9, amount] for label in ("hard", "brown")} for code, amount in (("output", 9), ("homes", 5))
    }
    plan = plan_of({"coal": balance(*items, over=["kind"])}, numbers, sets={"kind": ["hard", "brown"]})
    (item,) = found(resources_exceed_uses, plan)
    assert dict(item.facts)["balance"] == "coal[brown]"


def test_items_that_hang_on_each_other_in_a_circle_are_told_once_each_circle() -> None:
    items = (
        resource("output", quantity="output"),
        use("a", of="b"),
        use("b", of="c"),
        use("c", of="a"),
        use("d", of="a"),
        use("later", of="soon", lag=1),
        use("soon", of="later"),
        capacity("works", of="d", quantity="works"),
    )
    plan = plan_of({"coal": balance(*items)}, {"output": [10, 12], "works": [9, 9]})
    (told,) = ties_in_a_circle(plan, solved(plan))
    assert dict(told.facts)["items"] == "coal.a → coal.b → coal.c → coal.a"
    assert (told.rule, str(told.home)) == ("ties_in_a_circle", "balances/coal.toml:9")


def test_a_capacity_that_is_too_small_for_the_plan_is_told_as_a_limit_is() -> None:
    items = (
        resource("output", quantity="output"),
        use("homes", quantity="output"),
        capacity("works", quantity="works", of="output", norm="norm"),
    )
    numbers: dict[str, Any] = {"output": [90, 100, 110], "works": [45, 49, 56], "norm": 0.5}
    plan = plan_of({"coal": balance(*items)}, numbers, years=2)
    (told,) = quantity_beyond_its_limit(plan, solved(plan))
    facts = dict(told.facts)
    assert (told.rule, facts["item"], facts["period"]) == ("quantity_beyond_its_limit", "coal.works", "2005")
    assert (facts["quantity"], facts["limit"], facts["difference"]) == pytest.approx((50, 49, 1))
