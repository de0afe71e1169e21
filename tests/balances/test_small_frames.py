"""Small balances solved by hand: each test's name states the verdict, its sums stand beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bagdar.balances import Options, allocate
from tests.balances.given import (
    allocated,
    balance,
    capacity,
    given,
    labels_of,
    met,
    plan_files,
    plan_of,
    read_files,
    refused,
    resource,
    stock,
    use,
)

TWO = (
    resource("mined", quantity="mined"),
    use("heat", quantity="heat", rank=1),
    use("exports", quantity="exports", rank=2),
)


def close(numbers: Any) -> Any:
    return pytest.approx(np.array(numbers) if isinstance(numbers, list) else numbers, rel=1e-9, abs=1e-9)


# -- one product -----------------------------------------------------------------------------------


def test_of_two_customers_the_more_important_is_served_first() -> None:
    # 10 are mined: heat has its 7, 3 of 5 are left for exports; a year later 12 are enough for both.
    plan = plan_of(
        {"coal": balance(*TWO)}, {"mined": [None, 10, 12], "heat": [None, 7, 7], "exports": [None, 5, 5]}, years=2
    )
    made = allocated(plan)
    assert given(made, "coal.heat") == close([7, 7])
    assert given(made, "coal.exports") == close([3, 5])
    assert met(made) == close({1: 1.0, 2: 0.8})
    (short,) = made.shortages()
    assert (short.item.code, short.period) == ("exports", 0)
    assert (short.demanded, short.delivered, short.amount) == close((5, 3, 2))
    assert made.left_over("coal").ravel().tolist() == close([0, 0])


def test_customers_of_one_rank_are_served_by_what_their_shares_are_worth() -> None:
    # 6 t for two products of 5 t each, of which one is worth twice the other: the dearer is served in full.
    items = (resource("mined", quantity="mined", limit="mined"), use("home", quantity="home", rank=1))
    plan = plan_of(
        {
            "coal": balance(*items, use("sent", norm="one", of="steel.sold"), price="cheap"),
            "steel": balance(resource("made"), use("sold", quantity="sold", rank=1), price="dear"),
        },
        {"mined": [None, 6], "home": [None, 5], "sold": [None, 5], "one": 1.0, "cheap": 1.0, "dear": 2.0},
        units={"cheap": "KZT/t", "dear": "KZT/t"},
    )
    made = allocated(plan)
    assert given(made, "steel.sold") == close([5])
    assert given(made, "coal.home") == close([1])
    # 5 × 2 + 1 × 1 of 5 × 2 + 5 × 1.
    assert met(made) == close({1: 11 / 15})


def test_what_nobody_demands_is_not_produced() -> None:
    plan = plan_of({"coal": balance(*TWO)}, {"mined": [None, 10], "heat": [None, 3], "exports": [None, 2]})
    made = allocated(plan)
    assert given(made, "coal.mined") == close([5])
    assert met(made) == close({1: 1.0, 2: 1.0})
    assert made.shortages() == ()


def test_a_rank_that_demands_nothing_has_no_share_to_speak_of() -> None:
    made = allocated(plan_of({"coal": balance(*TWO)}, {"mined": [None, 10], "heat": [None, 0], "exports": [None, 2]}))
    assert met(made) == close({2: 1.0})


def test_an_export_quota_binds_before_the_demand_does() -> None:
    # Foreigners want 9, the quota is 4; 3 of the 10 stay in the ground.
    exports = use("exports", quantity="exports", limit="quota", rank=2)
    plan = plan_of(
        {"coal": balance(*TWO[:2], exports)},
        {"mined": [None, 10], "heat": [None, 3], "exports": [None, 9], "quota": [None, 4]},
    )
    made = allocated(plan)
    assert given(made, "coal.exports") == close([4])
    assert given(made, "coal.mined") == close([7])
    assert met(made) == close({1: 1.0, 2: 4 / 9})


def test_the_least_of_a_less_important_use_comes_before_a_more_important_one() -> None:
    # A contract for 4: heat gets 6 of its 7 though it is more important.
    exports = use("exports", quantity="exports", least="contract", rank=2)
    plan = plan_of(
        {"coal": balance(*TWO[:2], exports)},
        {"mined": [None, 10], "heat": [None, 7], "exports": [None, 9], "contract": [None, 4]},
    )
    made = allocated(plan)
    assert given(made, "coal.heat") == close([6])
    assert given(made, "coal.exports") == close([4])


def test_the_most_of_a_resource_is_its_limit_where_it_has_one() -> None:
    # The plan says 10, but 12 could be mined.
    mined = resource("mined", quantity="mined", limit="seam")
    plan = plan_of(
        {"coal": balance(mined, *TWO[1:])},
        {"mined": [None, 10], "seam": [None, 12], "heat": [None, 7], "exports": [None, 9]},
    )
    made = allocated(plan)
    assert given(made, "coal.mined") == close([12])
    assert given(made, "coal.exports") == close([5])


def test_a_resource_gives_no_less_than_its_least() -> None:
    # A river must run: 8 come, 5 are wanted, 3 belong to nobody.
    mined = resource("mined", quantity="mined", least="least")
    plan = plan_of(
        {"coal": balance(mined, *TWO[1:])},
        {"mined": [None, 10], "least": [None, 8], "heat": [None, 3], "exports": [None, 2]},
    )
    made = allocated(plan)
    assert given(made, "coal.mined") == close([8])
    assert made.left_over("coal").ravel().tolist() == close([3])


def test_a_negative_inflow_is_taken_as_it_is() -> None:
    # Net imports of −4: what is mined sends 4 abroad before anybody is served.
    plan = plan_of(
        {"coal": balance(*TWO, resource("net_imports", quantity="net_imports"))},
        {"mined": [None, 10], "net_imports": [None, -4], "heat": [None, 7], "exports": [None, 5]},
    )
    made = allocated(plan)
    assert given(made, "coal.net_imports") == close([-4])
    assert given(made, "coal.heat") == close([6])
    assert given(made, "coal.exports") == close([0])


def test_a_use_that_must_be_met_comes_before_every_rank() -> None:
    plan = plan_of(
        {"coal": balance(*TWO, use("losses", quantity="losses"))},
        {"mined": [None, 10], "losses": [None, 6], "heat": [None, 7], "exports": [None, 5]},
    )
    made = allocated(plan)
    assert given(made, "coal.losses") == close([6])
    assert given(made, "coal.heat") == close([4])


# -- what clashes ----------------------------------------------------------------------------------

CLASHES: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "a use that must be met beyond all resources": ((use("must", quantity="n12"),), {}),
    "a limit below what must be met": ((use("must", quantity="n5", limit="n3"),), {}),
    "a least above what is there": ((resource("bought", quantity="n3", least="n5"),), {}),
    "a least above what is demanded": ((use("must", quantity="n3", least="n5", rank=3),), {}),
    "an outflow beyond all resources": ((resource("net", quantity="out"),), {}),
    "a capacity below zero": ((capacity("pits", quantity="out", of="mined"),), {}),
}


@pytest.mark.parametrize("what", CLASHES)
def test_what_must_be_met_and_cannot_be_is_a_clash(what: str) -> None:
    items, more = CLASHES[what]
    numbers = {"mined": [None, 10], "heat": [None, 3], "exports": [None, 3], "n12": [None, 12], "n5": [None, 5]}
    plan = plan_of({"coal": balance(*TWO, *items)}, numbers | {"n3": [None, 3], "out": [None, -11]} | more)
    (found,) = refused(plan)
    assert found.rule == "balances_clash"
    assert found.home.file == "balances/coal.toml"
    assert dict(found.facts)["count"] != 0
    assert str(dict(found.facts)["statements"]) != "—"


def test_a_clash_names_the_statements_that_clash_and_no_others() -> None:
    plan = plan_of(
        {"coal": balance(*TWO, use("losses", quantity="losses"))},
        {"mined": [None, 10, 10], "losses": [None, 6, 12], "heat": [None, 7, 7], "exports": [None, 5, 5]},
        years=2,
    )
    (found,) = refused(plan)
    told = found.text().partition("): ")[2].rpartition("; ")[0]
    assert sorted(part.split(" (")[0] for part in told.split("; ")) == [
        "coal 2006", "coal.losses 2006 ≥ 12 t", "coal.mined 2006 ≤ 10 t",
    ]  # fmt: skip


# -- chains, joint products, substitution ----------------------------------------------------------


def test_a_chain_gives_up_its_last_link_for_the_first_rank() -> None:
    """Coal to electricity to steel.

    100 t of coal. Heat (rank 1) needs 40. A MWh takes half a ton, a ton of steel 4 MWh: 2 t of coal. Households
    (rank 2) need 80 MWh: 40 t. So 20 t are left: 10 t of steel of the 15 that builders (rank 3) want, with 40 MWh.
    """
    plan = plan_of(
        {
            "coal": balance(
                resource("mined", quantity="mined"),
                use("heat", quantity="heat", rank=1),
                use("power", norm="coal_norm", of="power.made"),
            ),
            "power": balance(
                resource("made"),
                use("homes", quantity="homes", rank=2),
                use("steel", norm="power_norm", of="steel.made"),
                unit="kWh",
                price="tariff",
            ),
            "steel": balance(resource("made"), use("builders", quantity="builders", rank=3)),
        },
        {"mined": [None, 100], "heat": [None, 40], "homes": [None, 80], "builders": [None, 15], "tariff": 1.0,
         "coal_norm": 0.5, "power_norm": 4.0},
        units={"homes": "kWh", "tariff": "KZT/kWh", "coal_norm": "t/kWh", "power_norm": "kWh/t"},
    )  # fmt: skip
    made = allocated(plan)
    assert given(made, "coal.heat") == close([40])
    assert given(made, "power.homes") == close([80])
    assert given(made, "steel.builders") == close([10])
    assert given(made, "power.made") == close([120])
    assert given(made, "power.steel") == close([40])
    assert given(made, "coal.power") == close([60])
    assert met(made) == close({1: 1.0, 2: 1.0, 3: 2 / 3})


def test_of_joint_products_the_scarce_one_says_how_much_is_refined() -> None:
    """A ton of oil is 0.5 t of petrol and 0.4 t of fuel oil.

    Drivers want 40 t of petrol: 80 t of oil, which gives 32 t of fuel oil as well, of which ships take 20.
    """
    plan = plan_of(
        {
            "oil": balance(resource("pumped", quantity="pumped"), use("refined", of="runs.oil")),
            "runs": balance(resource("oil")),
            "petrol": balance(
                resource("refined", norm="petrol_yield", of="runs.oil"), use("drivers", quantity="drivers", rank=1)
            ),
            "fuel": balance(
                resource("refined", norm="fuel_yield", of="runs.oil"), use("ships", quantity="ships", rank=2)
            ),
        },
        {"pumped": [None, 100], "drivers": [None, 40], "ships": [None, 20], "petrol_yield": 0.5, "fuel_yield": 0.4},
    )
    made = allocated(plan)
    assert given(made, "oil.refined") == close([80])
    assert given(made, "petrol.drivers") == close([40])
    assert given(made, "fuel.ships") == close([20])
    assert made.left_over("fuel").ravel().tolist() == close([12])


def test_gas_takes_the_place_of_coal_where_coal_is_short() -> None:
    """Substitution: gas burnt for heat is a use of one balance, and hangs a resource of another on itself.

    Heat of 60 GJ. Coal gives 30; a ton of gas gives 2 GJ: 15 t of gas. Exports want all 20 t: 5 are left.
    """
    plan = plan_of(
        {
            "heat": balance(
                resource("from_coal", quantity="coal_heat"),
                resource("from_gas", norm="heat_of_gas", of="gas.burnt"),
                use("homes", quantity="homes", rank=1),
                unit="GJ",
                price="heat_price",
            ),
            "gas": balance(
                resource("wells", quantity="wells"), use("burnt"), use("exports", quantity="exports", rank=2)
            ),
        },
        {"coal_heat": [None, 30], "homes": [None, 60], "wells": [None, 20], "exports": [None, 20],
         "heat_of_gas": 2.0, "heat_price": 1.0},
        units={"coal_heat": "GJ", "homes": "GJ", "heat_of_gas": "GJ/t", "heat_price": "KZT/GJ"},
    )  # fmt: skip
    made = allocated(plan)
    assert given(made, "gas.burnt") == close([15])
    assert given(made, "heat.from_gas") == close([30])
    assert given(made, "gas.exports") == close([5])


def test_with_enough_coal_no_gas_is_burnt_though_no_rank_says_so() -> None:
    # What is left free is done with the resources of the least worth: 1 KZT of coal a GJ, 3/2 of gas.
    plan = plan_of(
        {
            "heat": balance(
                resource("from_coal", of="coal.burnt", norm="heat_of_coal"),
                resource("from_gas", of="gas.burnt", norm="heat_of_gas"),
                use("homes", quantity="homes", rank=1),
                unit="GJ",
                price="heat_price",
            ),
            "coal": balance(resource("mined", quantity="plenty"), use("burnt")),
            "gas": balance(resource("wells", quantity="plenty"), use("burnt"), price="gas_price"),
        },
        {"homes": [None, 60], "plenty": [None, 99], "heat_of_coal": 1.0, "heat_of_gas": 2.0, "heat_price": 1.0,
         "gas_price": 3.0},
        units={"homes": "GJ", "heat_of_coal": "GJ/t", "heat_of_gas": "GJ/t", "heat_price": "KZT/GJ",
               "gas_price": "KZT/t"},
    )  # fmt: skip
    made = allocated(plan)
    assert given(made, "coal.burnt") == close([60])
    assert given(made, "gas.burnt") == close([0])


# -- time ------------------------------------------------------------------------------------------


def test_what_is_stored_is_there_later_less_its_loss() -> None:
    """A tenth of a stock is lost in a year.

    10 t are in store and 20 are harvested in the first year, nothing later; people want 9 in each of three years.
    Start: 10 × 0.9 + 20 − 9 = 20 could be kept, of which 20 × 0.9 − 9 = 9 after the second year and 8.1 for the third.
    """
    plan = plan_of(
        {
            "grain": balance(
                resource("harvest", quantity="harvest"),
                use("people", quantity="people", rank=1),
                stock("store", quantity="store", loss="loss"),
            )
        },
        {"harvest": [None, 20, 0, 0], "people": [None, 9, 9, 9], "store": [10, None, None, None], "loss": 0.1},
        years=3,
    )
    made = allocated(plan)
    assert given(made, "grain.people") == close([9, 9, 8.1])
    assert given(made, "grain.store") == close([20, 9, 0])


def test_a_reserve_is_a_stock_with_a_rank_and_is_served_after_the_people() -> None:
    # 12 in store, nothing comes. People have 5 and 5; a reserve of 4 is wanted: 4 at first, then the 2 that are left.
    plan = plan_of(
        {
            "grain": balance(
                resource("harvest", quantity="harvest"),
                use("people", quantity="people", rank=1),
                stock("reserve", quantity="reserve", rank=2),
            )
        },
        {"harvest": [None, 0, 0, 5], "people": [None, 5, 5, 5], "reserve": [12, 4, 4, 0]},
        years=2,
        beyond=1,
    )
    made = allocated(plan)
    assert given(made, "grain.people") == close([5, 5])
    assert given(made, "grain.reserve") == close([7, 2])
    assert [(s.item.code, s.period, round(s.amount, 9)) for s in made.shortages()] == [("reserve", 1, 2.0)]
    assert met(made) == close({1: 1.0, 2: 6 / 8})


def test_a_capacity_bounds_what_hangs_on_it() -> None:
    # Ovens for 6 t, of which a fifth is worn out by the next year; each ton of steel takes one.
    plan = plan_of(
        {
            "steel": balance(
                resource("made"),
                use("builders", quantity="builders", rank=1),
                capacity("ovens", quantity="ovens", of="made"),
            )
        },
        {"builders": [None, 8, 8], "ovens": [None, 6, 4.8]},
        years=2,
    )
    made = allocated(plan)
    assert given(made, "steel.made") == close([6, 4.8])


def test_a_capacity_takes_two_years_to_build_and_wears_out() -> None:
    """Gestation and depreciation.

    10 are there, a tenth wears out each year; what is built takes a ton of steel for each ton of capacity, two
    years before. Steel of 9 in 2005 and 8.1 in 2006: capacity 10 × 0.9, × 0.9 again. Builders (rank 1) want 5 and
    5, then 9 in 2007 and, as after it, every year. What is built with the 4 and 3.1 that are left stands in 2007 and
    2008: 8.1 × 0.9 + 4 = 11.29 is more than enough for 2007, of which only 9 builders and the building itself need.
    """
    plan = plan_of(
        {
            "steel": balance(
                resource("made"),
                use("builders", quantity="builders", rank=1),
                use("building", norm="building_norm", of="new_ovens", lead=2),
                capacity("ovens", quantity="ovens", of="made", loss="worn", additions="new_ovens"),
            )
        },
        {"builders": [None, 5, 5, 9, 9], "ovens": [10, None, None, None, None], "worn": 0.1, "building_norm": 1.0},
        years=3,
        beyond=1,
    )
    made = allocated(plan)
    ovens, added = given(made, "steel.ovens"), given(made, "steel.new_ovens")
    assert added[:2] == close([0, 0])
    assert ovens[:2] == close([9, 8.1])
    assert ovens[2] == close(8.1 * 0.9 + added[2])
    assert given(made, "steel.building")[0] == close(added[2])
    assert given(made, "steel.builders") == close([5, 5, 9])
    # After the horizon: 9 for builders, a tenth of the ovens replaced: ovens = 9 + ovens/10 = 10.
    assert made.answer.x.reshape(-1, made.framed.frame.levels)[
        3, made.framed.levels["steel", "ovens"].columns
    ] == close([10])


def test_a_capacity_is_not_built_before_it_can_be_ready() -> None:
    # All that is built takes two years: whatever is wanted, the first two have what is there.
    plan = plan_of(
        {
            "steel": balance(
                resource("made"),
                use("builders", quantity="builders", rank=1),
                use("building", norm="building_norm", of="new_ovens", lead=2),
                capacity("ovens", quantity="ovens", of="made", additions="new_ovens"),
            )
        },
        {"builders": [None, 99, 99, 99], "ovens": [10, None, None, None], "building_norm": 0.5},
        years=3,
    )
    made = allocated(plan)
    assert given(made, "steel.new_ovens")[:2] == close([0, 0])
    assert given(made, "steel.made")[:2] == close([10, 10])


def test_a_horizon_shorter_than_the_gestation_still_closes() -> None:
    # In the year that stands for all that follow what wears out can be replaced, though it was begun after the horizon.
    plan = plan_of(
        {
            "steel": balance(
                resource("made"),
                use("builders", quantity="builders"),
                use("building", norm="building_norm", of="new_ovens", lead=3),
                capacity("ovens", quantity="ovens", of="made", loss="worn", additions="new_ovens"),
            )
        },
        {"builders": [None, 5, 5], "ovens": [10, None, None], "worn": 0.1, "building_norm": 0.1},
        years=2,
    )
    made = allocated(plan)
    assert given(made, "steel.builders") == close([5, 5])


def test_who_is_trained_works_two_years_later() -> None:
    """Training with delay.

    10 welders are there; 4 finished school and 4 more are in it when the plan begins; 6 can begin each year. A ton
    of steel takes a welder.
    """
    plan = plan_of(
        {
            "steel": balance(resource("made"), use("builders", quantity="builders", rank=1)),
            "school": balance(resource("pupils", quantity="pupils"), kind="labour", unit="person", price=""),
            "welders": balance(
                resource("there", quantity="there"),
                resource("graduates", of="school.pupils", lag=2),
                use("steel", norm="labour_norm", of="steel.made"),
                kind="labour", unit="person", price="",
            ),
        },
        {"builders": [None, None, 99, 99, 99, 99], "there": [None, None, 10, 10, 10, 10],
         "pupils": [3, 4, 6, 6, 6, 6], "labour_norm": 1.0},
        units={"there": "person", "pupils": "person", "labour_norm": "person/t"},
        past=2,
        years=4,
    )  # fmt: skip
    made = allocated(plan)
    assert given(made, "welders.graduates") == close([3, 4, 6, 6])
    assert given(made, "steel.builders") == close([13, 14, 16, 16])


def test_with_labour_counted_the_least_of_it_is_taken() -> None:
    # Two ways to a ton of bread: by hand 4 persons, by machine 1; 6 tons of machine work can be had.
    plan = plan_of(
        {
            "bread": balance(
                resource("by_hand"),
                resource("by_machine", quantity="machines"),
                use("people", quantity="people", rank=1),
            ),
            "labour": balance(
                resource("there", quantity="there"),
                use("hands", norm="hand_norm", of="bread.by_hand"),
                use("minders", norm="machine_norm", of="bread.by_machine"),
                kind="labour", unit="person", price="",
            ),
        },
        {"people": [None, 10], "machines": [None, 6], "there": [None, 99], "hand_norm": 4.0, "machine_norm": 1.0},
        units={"there": "person", "hand_norm": "person/t", "machine_norm": "person/t"},
    )  # fmt: skip
    made = allocated(plan)
    assert given(made, "bread.by_machine") == close([6])
    assert given(made, "labour.hands") == close([16])
    assert given(made, "labour.minders") == close([6])


# -- labels ----------------------------------------------------------------------------------------

PRODUCTS = {"product": ["oil", "grain"]}


def test_an_item_for_some_labels_only_is_not_asked_for_the_others() -> None:
    # Grain alone is sown; nobody has to say how much oil is.
    plan = plan_of(
        {
            "goods": balance(
                resource("output", quantity="output"),
                use("seed", quantity="seed", only={"product": ["grain"]}),
                use("people", quantity="people", rank=1),
                over=["product"],
            )
        },
        {"output": {"oil": [None, 10], "grain": [None, 10]}, "people": {"oil": [None, 10], "grain": [None, 10]},
         "seed": {"grain": [None, 3]}},
        sets=PRODUCTS,
    )  # fmt: skip
    made = allocated(plan)
    assert given(made, "goods.seed") == close([3])
    assert given(made, "goods.people") == close([[10, 7]])


def test_without_only_a_missing_number_is_not_taken_for_zero() -> None:
    plan = plan_of(
        {"goods": balance(resource("output", quantity="output"), use("seed", quantity="seed"), over=["product"])}
        | {"coal": balance(*TWO)},
        {"output": {"oil": [None, 10, 9], "grain": [None, 10, 9]}, "seed": {"grain": [None, 3, 3]},
         "mined": [None, 9, None], "heat": [None, 1, 1], "exports": [None, 1, 1]},
        sets=PRODUCTS, years=2,
    )  # fmt: skip
    assert [(f.rule, str(f.home), dict(f.facts)["found"], dict(f.facts)["period"]) for f in refused(plan)] == [
        ("balance_number_missing", "balances/coal.toml:5", "mined", "2006"),
    ]


def test_each_product_takes_of_each_by_a_norm_that_has_its_set_twice() -> None:
    """An input-output table of two: 10 and 20 for people.

    oil = 0.1 oil + 0.2 grain + 10, grain = 0.3 oil + 20: oil = (10 + 4)/(0.9 − 0.06) = 50/3, grain = 25.
    """
    plan = plan_of(
        {
            "goods": balance(
                resource("output"),
                use("inputs", norm="technical", of="output"),
                use("people", quantity="people", rank=1),
                over=["product"],
            )
        },
        {"people": {"oil": [None, 10], "grain": [None, 20]},
         "technical": {("oil", "oil"): 0.1, ("oil", "grain"): 0.2, ("grain", "oil"): 0.3, ("grain", "grain"): 0.0}},
        sets=PRODUCTS, dims={"technical": ["product", "product"]},
    )  # fmt: skip
    made = allocated(plan)
    assert given(made, "goods.output") == close([[50 / 3, 25]])
    assert given(made, "goods.inputs") == close([[0.1 * 50 / 3 + 0.2 * 25, 0.3 * 50 / 3]])


def test_one_label_of_another_balance_is_named_in_brackets() -> None:
    plan = plan_of(
        {
            "goods": balance(
                resource("output"), use("people", quantity="people", rank=1), over=["product"], price="price"
            ),
            "water": balance(
                resource("river", quantity="river"), use("fields", norm="water_norm", of="goods.output[grain]")
            ),
        },
        {"people": {"oil": [None, 10], "grain": [None, 20]}, "river": [None, 30], "water_norm": 2.0},
        sets=PRODUCTS,
    )
    made = allocated(plan)
    assert given(made, "goods.people") == close([[10, 15]])
    assert given(made, "water.fields") == close([30])


def test_what_hangs_on_all_labels_is_their_sum() -> None:
    plan = plan_of(
        {
            "goods": balance(resource("output"), use("people", quantity="people", rank=1), over=["product"]),
            "water": balance(resource("river", quantity="river"), use("used", norm="water_norm", of="goods.output")),
        },
        {"people": {"oil": [None, 10], "grain": [None, 20]}, "river": [None, 99],
         "water_norm": {"oil": 1.0, "grain": 2.0}},
        sets=PRODUCTS,
    )  # fmt: skip
    assert given(allocated(plan), "water.used") == close([50])


def test_every_label_has_its_own_of_what_is_given_by_two_sets() -> None:
    """Goods by region and product from one pool of each region; a norm by product.

    The north has 10 hours, the south 20; a ton of oil takes 1, of grain 2. 4 t of each are wanted everywhere, and
    each is worth the same: oil first (4 hours), then grain with what is left.
    """
    sets = {"region": ["north", "south"], "product": ["oil", "grain"]}
    plan = plan_of(
        {
            "goods": balance(
                resource("output"), use("people", quantity="people", rank=1), over=["region", "product"]
            ),
            "hours": balance(
                resource("there", quantity="there"), use("work", norm="hours_norm", of="goods.output"),
                over=["region"], unit="hour", kind="labour", price="",
            ),
        },
        {"people": {key: [None, 4] for key in labels_of(*sets.values())},
         "there": {"north": [None, 10], "south": [None, 20]}, "hours_norm": {"oil": 1.0, "grain": 2.0}},
        sets=sets,
        dims={"there": ["region"], "hours_norm": ["product"]},
        units={"there": "hour", "hours_norm": "hour/t"},
    )  # fmt: skip
    made = allocated(plan)
    assert given(made, "goods.people") == close([[4, 3, 4, 4]])
    assert given(made, "hours.work") == close([[10, 12]])


# -- numbers that are not there --------------------------------------------------------------------


def test_a_lag_beyond_the_plan_s_history_is_found() -> None:
    plan = plan_of(
        {"coal": balance(*TWO, use("repairs", norm="half", of="mined", lag=2))},
        {"mined": [9, 10, 10], "heat": [None, 7, 7], "exports": [None, 5, 5], "half": 0.5},
        years=2,
    )
    (found,) = refused(plan)
    assert (found.rule, str(found.home)) == ("balance_past_unknown", "balances/coal.toml:5")
    assert dict(found.facts) == {"item": "coal.mined", "periods": 2}


def test_a_lag_of_a_level_that_no_indicator_holds_is_found() -> None:
    plan = plan_of(
        {"coal": balance(resource("mined"), *TWO[1:], use("repairs", norm="half", of="mined", lag=1))},
        {"heat": [None, 7], "exports": [None, 5], "half": 0.5},
    )
    assert [f.rule for f in refused(plan)] == ["balance_past_unknown"]


def test_a_past_that_is_written_is_used() -> None:
    # Half of what was mined last year is taken for repairs: 3 of 6, then half of 10.
    plan = plan_of(
        {"coal": balance(*TWO, use("repairs", norm="half", of="mined", lag=1))},
        {"mined": [6, 10, 10], "heat": [None, 7, 7], "exports": [None, 5, 5], "half": 0.5},
        years=2,
    )
    made = allocated(plan)
    assert given(made, "coal.repairs") == close([3, given(made, "coal.mined")[0] / 2])
    # As much as can be mined: a ton for heat now takes half a ton of next year's.
    assert given(made, "coal.heat") == close([7, 5])


MISSING = {
    "an opening stock": ({"store": [None, None]}, "store", "2004"),
    "a demand": ({"people": [None, None]}, "people", "2005"),
    "a norm": ({"norm": [None, None]}, "norm", "2005"),
    "a price": ({"price": [None, None]}, "price", "2005"),
    "a loss": ({"loss": [None, None]}, "loss", "2005"),
}


@pytest.mark.parametrize("what", MISSING)
def test_a_number_that_is_not_there_is_found_and_never_zero(what: str) -> None:
    numbers: dict[str, Any] = {"harvest": [None, 9], "people": [None, 9], "store": [9, None], "norm": [None, 0.5]}
    numbers |= {"price": [None, 1.0], "loss": [None, 0.1]}
    items = (
        resource("harvest", quantity="harvest"),
        use("people", quantity="people", rank=1),
        use("seed", norm="norm", of="harvest"),
        stock("store", quantity="store", loss="loss"),
    )
    told, code, period = MISSING[what]
    units = {"norm": "1", "loss": "1"}
    assert given(allocated(plan_of({"grain": balance(*items)}, numbers, units=units)), "grain.harvest")
    found = refused(plan_of({"grain": balance(*items)}, numbers | told, units=units))
    facts = {(f.rule, dict(f.facts)["found"], dict(f.facts)["period"], dict(f.facts)["count"]) for f in found}
    assert facts == {("balance_number_missing", code, period, 1)}


def test_a_ranked_use_without_a_price_is_found_when_it_is_allocated() -> None:
    found = refused(
        plan_of({"coal": balance(*TWO, price="")}, {"mined": [None, 1], "heat": [None, 1], "exports": [None, 1]})
    )
    assert {f.rule for f in found} == {"ranks_without_price"}


def test_money_is_its_own_price() -> None:
    plan = plan_of(
        {"budget": balance(*TWO, kind="financial", unit="bn KZT", price="")},
        {"mined": [None, 10], "heat": [None, 7], "exports": [None, 5]},
        units=dict.fromkeys(("mined", "heat", "exports"), "mln KZT"),
    )
    made = allocated(plan)
    assert given(made, "budget.heat") == close([0.007])
    assert given(made, "budget.exports") == close([0.003])


def test_a_plan_without_ranks_and_norms_has_nothing_to_allocate() -> None:
    plan = plan_of({"coal": balance(TWO[0], use("heat", quantity="heat"))}, {"mined": [None, 10], "heat": [None, 7]})
    assert [f.rule for f in refused(plan)] == ["no_balances"]


# -- units -----------------------------------------------------------------------------------------

CHAIN = (
    resource("mined", quantity="mined"),
    use("heat", quantity="heat", rank=1),
    use("exports", quantity="exports", rank=2),
    use("steel", norm="coal_norm", of="steel.made"),
    stock("heaps", quantity="heaps"),
)


def chain(coal: str, people: str) -> Any:
    """7 bn t of coal and 3 mln people for steel; all numbers the same, in the units of the balances only."""
    return plan_of(
        {
            "coal": balance(*CHAIN, unit=coal),
            "steel": balance(resource("made"), use("builders", quantity="builders", rank=1), unit="Mt", price="dear"),
            "labour": balance(
                resource("there", quantity="there"), use("steel", norm="labour_norm", of="steel.made"),
                kind="labour", unit=people, price="",
            ),
        },
        {"mined": [None, 9000.0, 8000.0], "heat": [None, 5000.0, 5000.0], "exports": [None, 9000.0, 9000.0],
         "builders": [None, 800.0, 1200.0], "heaps": [20.0, None, None], "there": [None, 2.0, 2.0],
         "coal_norm": 3.0, "labour_norm": 2000.0, "dear": 5.0},
        units={**dict.fromkeys(("mined", "heat", "exports", "builders", "heaps"), "Mt"), "there": "mln person",
               "coal_norm": "t/t", "labour_norm": "person/Mt", "dear": "KZT/t"},
        years=2,
    )  # fmt: skip


@pytest.mark.parametrize("way", ["exact", "epsilon"])
@pytest.mark.parametrize(
    ("coal", "scale", "people", "heads"),
    [("kt", 1e3, "thousand person", 1e3), ("t", 1e6, "person", 1e6), ("kg", 1e9, "person", 1e6),
     ("bn t", 1e-3, "mln person", 1.0)],
)  # fmt: skip
def test_the_unit_of_a_balance_changes_its_numbers_alone(
    way: Any, coal: str, scale: float, people: str, heads: float
) -> None:
    options = Options(way=way)
    one, other = allocated(chain("Mt", "mln person"), options), allocated(chain(coal, people), options)
    assert met(other) == pytest.approx(met(one), rel=1e-9)
    # Which of its ranks' last ten-thousandths are given up is not said by the way epsilon.
    near = 1e-9 if way == "exact" else 10 * options.epsilon
    for (code, item), amounts in one.amounts.items():
        factor = {"coal": scale, "labour": heads}.get(code, 1.0)
        most = max(float(part.max()) for (other_code, _), part in one.amounts.items() if other_code == code)
        assert other.amounts[code, item] / factor == pytest.approx(amounts, abs=near * most), (code, item)


def test_persons_and_thousands_of_persons_are_not_added_up_as_one() -> None:
    """The least labour is counted in persons, in whatever units the balances are.

    A ton of bread takes 2 bakers by hand, or 1 minder by machine; bakers are counted in persons, minders in thousands.
    """
    plan = plan_of(
        {
            "bread": balance(resource("by_hand"), resource("by_machine"), use("people", quantity="people", rank=1)),
            "bakers": balance(
                resource("there", quantity="there"), use("hands", norm="hand_norm", of="bread.by_hand"),
                kind="labour", unit="thousand person", price="",
            ),
            "minders": balance(
                resource("there", quantity="there"), use("minding", norm="machine_norm", of="bread.by_machine"),
                kind="labour", unit="person", price="",
            ),
        },
        {"people": [None, 10], "there": [None, 9], "hand_norm": 2.0, "machine_norm": 1.0},
        units={"there": "thousand person", "hand_norm": "person/t", "machine_norm": "person/t"},
    )  # fmt: skip
    assert given(allocated(plan), "bread.by_machine") == close([10])


# -- numbers of any size ---------------------------------------------------------------------------


@pytest.mark.parametrize("huge", [1e12, 1e15, 1e18, 1e21, 1e25, 1e100, 1e300])
@pytest.mark.parametrize("where", ["mined", "heat", "must", "norm", "price"])
def test_a_number_of_any_size_is_allocated_or_found(where: str, huge: float) -> None:
    numbers: dict[str, Any] = {"mined": [None, 10.0], "heat": [None, 7.0], "exports": [None, 5.0], "must": [None, 1.0]}
    numbers |= {"norm": 0.1, "price": 1.0}
    numbers[where] = huge if isinstance(numbers[where], float) else [None, huge]
    items = (*TWO, use("must", quantity="must"), use("own", norm="norm", of="exports"))
    plan, found = read_files(plan_files({"coal": balance(*items)}, numbers))
    assert found == []
    for way in ("exact", "epsilon"):
        made, findings = allocate(plan, plan.values, Options(way=way))
        assert (made is None) is any(f.severity == "error" for f in findings)
        assert {f.rule for f in findings} <= {"balances_clash", "allocation_failed", "allocation_rough"}
        # The way epsilon lets a rank lose a share of what is demanded, however little of that there is; and of a
        # demand of 1e21 the 9 that there are make no difference that a float could hold.
        if made is not None and way == "exact" and (where, huge > 1e18) != ("heat", True):
            assert given(made, "coal.must") == pytest.approx([numbers["must"][1]], rel=1e-6)
            room = min(numbers["mined"][1], 1e18) - numbers["must"][1]
            assert given(made, "coal.heat") == pytest.approx([min(room, numbers["heat"][1])], rel=1e-3)
