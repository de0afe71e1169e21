"""What limits a shortage, with whom it competes, what relieves it cheapest, and which statements clash."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bagdar.balances import Allocation, Options, Shortage
from bagdar.balances.highs import METHODS, Method
from bagdar.balances.limits import cause
from bagdar.balances.ranks import exchange_rates
from bagdar.balances.relief import relief
from bagdar.plan import Plan
from tests.balances.given import allocated, balance, capacity, plan_of, refused, resource, stock, use

# Ten tonnes of coal; 0.8 t make a unit of power, of which homes want 4 and works 7; abroad wants 2 t of coal.
COAL = balance(
    resource("output", limit="mined"),
    use("stations", norm="norm", of="power.output"),
    use("exports", quantity="exports", rank=3),
    price="coal_price",
)
POWER = balance(
    resource("output", limit="capacity"),
    use("homes", quantity="homes", rank=1),
    use("works", quantity="works", rank=2),
    unit="kWh",
    price="power_price",
)
UNITS = {
    "norm": "t/kWh", "coal_price": "KZT/t", "power_price": "KZT/kWh", "capacity": "kWh", "homes": "kWh", "works": "kWh",
}  # fmt: skip
NUMBERS: dict[str, Any] = {
    "mined": [None, 10, 8], "exports": [None, 2, 2], "capacity": [None, 12, 12], "homes": [None, 4, 5],
    "works": [None, 7, 7], "norm": 0.8, "coal_price": 20.0, "power_price": 50.0,
}  # fmt: skip


def energy(**numbers: Any) -> Plan:
    return plan_of({"coal": COAL, "power": POWER}, NUMBERS | numbers, units=UNITS, years=2)


def short(allocation: Allocation, item: str, period: int = 0) -> Shortage:
    return next(s for s in allocation.shortages() if s.item.code == item and s.period == period)


def test_works_are_short_of_power_because_coal_is_and_compete_with_homes() -> None:
    # In the second year 8 t make 10 kWh: homes have 5, works 5 of 7. A tonne more gives 1/0.8 kWh, a kWh less for
    # homes one more for works. Stations could give 12: they limit nothing.
    made = allocated(energy())
    told = cause(made, short(made, "works", 1))
    (limit,) = told.limits
    assert (limit.level.key, limit.period) == (("coal", "output"), 1)
    assert [limit.amount, limit.more, limit.less] == pytest.approx([8, 1.25, 1.25], rel=1e-6)
    # Below 4 t nothing is left for works, beyond 9.6 t they want no more.
    assert limit.holds == pytest.approx((4, 9.6), rel=1e-6)
    (rival,) = told.exchanges
    assert (rival.level.key, rival.period) == (("power", "homes"), 1)
    assert rival.rate == pytest.approx(1, rel=1e-6)


def test_where_less_and_more_differ_both_are_told() -> None:
    # Stations give 11 and coal is exactly enough for them: a kWh more of either alone gives nothing, a kWh less takes
    # one, and 0.8 t less of coal too.
    made = allocated(energy(mined=[None, 8.8, 8.8], capacity=[None, 11, 11], works=[None, 9, 9], homes=[None, 4, 4]))
    limits = {limit.level.key: limit for limit in cause(made, short(made, "works")).limits}
    assert limits
    for (code, _), limit in limits.items():
        assert limit.more == pytest.approx(0, abs=1e-6)
        assert limit.less == pytest.approx(1.25 if code == "coal" else 1, rel=1e-5)


def test_the_cheapest_relief_of_works_is_the_coal_that_lacks_and_its_cost_is_its_price() -> None:
    made = allocated(energy())
    found = relief(made, short(made, "works", 1))
    assert found is not None
    (measure,) = found.measures
    assert (measure.level.key, measure.period) == (("coal", "output"), 1)
    assert measure.more == pytest.approx(1.6, rel=1e-4)
    assert found.cost == pytest.approx(32, rel=1e-4)


def test_relief_raises_all_limits_that_bind_together() -> None:
    made = allocated(energy(mined=[None, 8.8, 8.8], capacity=[None, 11, 11], works=[None, 9, 9], homes=[None, 4, 4]))
    found = relief(made, short(made, "works"))
    assert found is not None
    raised = {measure.level.key: measure.more for measure in found.measures}
    assert raised == pytest.approx({("coal", "output"): 1.6, ("power", "output"): 2}, rel=1e-4)


def test_a_shortage_that_is_relieved_is_gone_and_nobody_else_loses() -> None:
    before = allocated(energy())
    found = relief(before, short(before, "works", 1))
    assert found is not None
    after = allocated(energy(mined=[None, 10, 8 + found.measures[0].more]))
    assert [s for s in after.shortages() if s.item.code == "works"] == []
    for key in (("power", "homes"), ("coal", "exports")):
        assert (after.amounts[key] >= before.amounts[key] - 1e-6).all()


def test_nothing_relieves_what_no_limit_holds_down() -> None:
    # Whoever makes a unit uses up more than a unit of it: no capacity helps.
    items = (
        resource("output", limit="mined"),
        use("own", norm="norm", of="output"),
        use("homes", quantity="homes", rank=1),
    )
    plan = plan_of({"coal": balance(*items)}, {"mined": [None, 5], "homes": [None, 3], "norm": 1.5})
    made = allocated(plan)
    assert relief(made, short(made, "homes")) is None


def test_the_exchange_rate_of_two_ranks_is_what_one_unit_of_value_would_give_the_next() -> None:
    # A kWh of works is worth 50 and frees 0.8 t of coal for abroad, worth 16.
    made = allocated(energy(), Options())
    rates = {(first, second): rate for first, second, rate in exchange_rates(made.expanded, made.ranked)}
    assert rates[2, 3] == pytest.approx(16 / 50, rel=1e-6)
    assert rates[1, 2] == pytest.approx(1, rel=1e-6)


def test_clashing_statements_are_a_smallest_set_with_their_homes() -> None:
    # Homes must have 13 kWh and stations give 12; the rest of the plan has no part in it.
    power = POWER.replace('rank = 1\nreason = { en = "A test." }\n', "", 1)
    plan = plan_of({"coal": COAL, "power": power}, NUMBERS | {"homes": [None, 13, 4]}, units=UNITS, years=2)
    (found,) = refused(plan)
    text = found.text("en")
    assert found.rule == "balances_clash"
    assert re.findall(r"power\.\w+ 2005 [≤≥] \S+ kWh", text) == [
        "power.output 2005 ≤ 12 kWh", "power.homes 2005 ≥ 13 kWh",
    ]  # fmt: skip
    assert "power.homes 2005 ≥ 13 кВт·сағ (balances/power.toml:" in found.text("kk")
    assert "power.homes 2005 ≥ 13 kWh (" in str(found.as_json("ru")["facts"])
    assert "(balances/power.toml:" in text
    assert "coal" not in text


def test_without_any_one_of_the_clashing_statements_there_is_an_allocation() -> None:
    power = POWER.replace('rank = 1\nreason = { en = "A test." }\n', "", 1)
    for numbers in (
        {"homes": [None, 12, 4]},
        {"homes": [None, 13, 4], "capacity": [None, 13, 12], "mined": [None, 11, 8]},
    ):
        allocated(plan_of({"coal": COAL, "power": power}, NUMBERS | numbers, units=UNITS, years=2))


def test_a_clash_of_many_years_names_none_that_takes_no_part() -> None:
    # Ovens make 10 and 1 more a year can be built; 20 must be had. One year's statements say that already.
    items = (
        resource("made"),
        use("building", norm="needed", of="new", lead=1),
        use("people", quantity="people"),
        capacity("ovens", quantity="ovens", of="made", additions="new", additions_limit="most", loss="wear"),
    )
    numbers: dict[str, Any] = {"people": [10, 20, 20, 20], "ovens": [10, None, None, None], "most": [1, 1, 1, 1]}
    plan = plan_of({"steel": balance(*items)}, numbers | {"needed": 0.5, "wear": 0.05}, years=3)
    (found,) = refused(plan)
    text = found.text("en")
    assert dict(found.facts)["count"] == 5
    assert len(set(re.findall(r"steel\S* (?:> )?(\d{4})", text))) == 1
    # What is added has a name and a limit of its own.
    assert "steel.new" in text


def test_a_limit_in_a_small_unit_has_a_price_too() -> None:
    # A million a tonne: a tenge more of 4 bn brings a millionth of a tonne, 1e-12 Mt.
    items = (resource("imports"), use("homes", quantity="homes", rank=1))
    paid = (resource("budget", quantity="budget"), use("paid", norm="cost", of="coal.imports"))
    plan = plan_of(
        {"coal": balance(*items, unit="Mt"), "money": balance(*paid, kind="financial", unit="KZT", price="")},
        {"homes": [None, 5e3], "budget": [None, 4e9], "cost": 1e6},
        units={"budget": "KZT", "cost": "KZT/t"},
    )
    made = allocated(plan)
    (limit,) = cause(made, short(made, "homes")).limits
    assert limit.level.key == ("money", "budget")
    assert [limit.more, limit.less] == pytest.approx([1e-12, 1e-12], rel=1e-6)


def test_nothing_is_relieved_by_what_should_have_been_begun_before_the_horizon() -> None:
    items = (
        resource("made"),
        use("building", norm="needed", of="new", lead=2),
        use("people", quantity="people", rank=1),
        capacity("ovens", quantity="ovens", of="made", additions="new", loss="wear"),
    )
    numbers: dict[str, Any] = {"people": [10, 12, 12, 12], "ovens": [10, None, None, None], "needed": 0.5, "wear": 0.05}
    made = allocated(plan_of({"steel": balance(*items)}, numbers, years=3))
    assert short(made, "people", 0)
    assert relief(made, short(made, "people", 0)) is None


def test_what_was_there_before_the_horizon_is_a_limit_of_each_of_its_years_and_both_sides_are_told() -> None:
    # Who went to school two years ago, 8 in 2003 and 9 in 2004, may weld in 2005 and 2006: of 10 t wanted 8 and 9 are
    # made. One pupil more would have been a tonne. In 2005 ovens are just enough too: there one more gives nothing.
    items = (resource("made", limit="ovens"), use("people", quantity="people", rank=1))
    welders = (
        resource("graduates", of="school.pupils", lag=2),
        use("steel", norm="labour_norm", of="steel.made"),
    )
    school = (resource("pupils", quantity="pupils", limit="places"), use("taught", of="pupils"))
    persons = {"kind": "labour", "unit": "person", "price": ""}
    plan = plan_of(
        {"steel": balance(*items), "welders": balance(*welders, **persons), "school": balance(*school, **persons)},
        {"people": [None, None, 10, 10], "ovens": [None, None, 8, 99], "pupils": [8, 9, 9, 9],
         "places": [None, None, 99, 99], "labour_norm": 1.0},
        units={"pupils": "person", "places": "person", "labour_norm": "person/t"},
        past=2,
        years=2,
    )  # fmt: skip
    made = allocated(plan)
    then = cause(made, short(made, "people", 1)).limits
    (limit,) = [one for one in then if one.period < 0]
    assert (limit.level.key, limit.period, limit.amount) == (("school", "pupils"), -1, 9)
    assert [limit.more, limit.less] == pytest.approx([1, 1], rel=1e-6)
    at_once = {(one.level.key, one.period): one for one in cause(made, short(made, "people")).limits}
    for one in at_once.values():
        assert [one.more, one.less] == pytest.approx([0, 1], abs=1e-6)
    assert set(at_once) <= {(("school", "pupils"), -2), (("steel", "made"), 0)}
    assert at_once


@pytest.mark.parametrize("method", METHODS)
def test_what_clashes_is_the_same_by_every_method(method: Method) -> None:
    power = POWER.replace('rank = 1\nreason = { en = "A test." }\n', "", 1)
    plan = plan_of({"coal": COAL, "power": power}, NUMBERS | {"homes": [None, 13, 4]}, units=UNITS, years=2)
    found = refused(plan, Options(method=method))[-1]
    assert found.rule == "balances_clash"
    assert dict(found.facts)["count"] == 3


def test_a_limit_of_nothing_is_the_cause_it_is() -> None:
    items = (resource("imports", limit="quota"), use("homes", quantity="homes", rank=1))
    made = allocated(plan_of({"coal": balance(*items)}, {"quota": [None, 0], "homes": [None, 10]}))
    (limit,) = cause(made, short(made, "homes")).limits
    assert (limit.level.key, limit.amount) == (("coal", "imports"), 0)
    assert limit.more == pytest.approx(1, rel=1e-6)


def test_what_can_arrive_of_a_use_at_most_limits_it() -> None:
    items = (resource("mined", quantity="mined"), use("homes", quantity="homes", limit="wagons", rank=1))
    plan = plan_of({"coal": balance(*items)}, {"mined": [None, 20], "homes": [None, 10], "wagons": [None, 7]})
    made = allocated(plan)
    (limit,) = cause(made, short(made, "homes")).limits
    assert limit.level.key == ("coal", "homes")
    assert [limit.amount, limit.more, limit.less] == pytest.approx([7, 1, 1])


def test_the_strongest_limit_comes_first_wherever_in_time_it_is() -> None:
    # Six mines of 1 t each, and 9 t in the heap of the year before.
    mines = {f"mine{k}": [None, 1.0] for k in range(6)}
    items = (
        *(resource(code, quantity=code) for code in mines),
        stock("heap", quantity="heap"),
        use("homes", quantity="homes", rank=1),
    )
    made = allocated(plan_of({"coal": balance(*items)}, {**mines, "heap": [9, None], "homes": [None, 30]}))
    first, *_ = cause(made, short(made, "homes")).limits
    assert (first.level.key, first.period, first.amount) == (("coal", "heap"), -1, 9)
    assert first.more == pytest.approx(1, rel=1e-6)


def test_what_was_left_by_tolerance_alone_has_no_limit_to_tell() -> None:
    items = (
        resource("made", limit="made"),
        use("big", quantity="big", rank=1),
        use("small", quantity="small", rank=1),
    )
    plan = plan_of({"steel": balance(*items)}, {"made": [None, 4e9], "big": [None, 2e9], "small": [None, 1]})
    made = allocated(plan, Options())
    told = cause(made, Shortage(made.framed.levels["steel", "small"], 0, 0, 1.0, 0.0))
    assert (told.limits, told.exchanges) == ((), ())
