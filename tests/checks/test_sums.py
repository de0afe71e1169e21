"""Adding up: along any axis, over several sets, for scalar totals, and as a mean; beside plain loops."""

from __future__ import annotations

from itertools import product
from math import fsum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bagdar.checks.sums import mean_outside_its_parts, parts_do_not_add_to_total, total_is_not_the_sum_of_labels
from bagdar.plan import Plan
from tests.checks.given import declared, facts, said

SETS = {"sector": ("all", "farm", "mine"), "region": ("country", "north", "south")}
PARENTS = {"sector": {"farm": "all", "mine": "all"}, "region": {"north": "country", "south": "country"}}


def table(cells: dict[Any, float], adds_up: str = "sum") -> Plan:
    """A plan with output over sectors and regions in the base year."""
    return declared(
        {"output": {"adds_up": adds_up}},
        reported={"output": {labels: [None, value] for labels, value in cells.items()}},
        dims={"output": ("sector", "region")},
        sets=SETS,
        parents=PARENTS,
    )


def sound_table() -> dict[Any, float]:
    inner = {("farm", "north"): 1.0, ("farm", "south"): 2.0, ("mine", "north"): 3.0, ("mine", "south"): 5.0}
    rows = {(s, "country"): inner[s, "north"] + inner[s, "south"] for s in ("farm", "mine")}
    cells = inner | rows
    return cells | {("all", r): cells["farm", r] + cells["mine", r] for r in SETS["region"]}


def test_a_table_that_adds_up_both_ways_is_sound() -> None:
    assert said(parts_do_not_add_to_total, table(sound_table())) == []


def test_a_wrong_inner_figure_is_off_along_both_axes() -> None:
    found = said(parts_do_not_add_to_total, table(sound_table() | {("mine", "south"): 5.5}))
    assert {(facts(f)["label"], facts(f)["difference"]) for f in found} == {
        ("all, south, 2004", -0.5),
        ("mine, country, 2004", -0.5),
    }


@given(st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=9, max_size=9))
def test_what_is_off_is_what_plain_loops_find(numbers: list[int | None]) -> None:
    places = list(product(*SETS.values()))
    cells = {place: float(n) for place, n in zip(places, numbers, strict=True) if n is not None}
    expected = set()
    for s, r in places:
        parts = [
            *([[("farm", r), ("mine", r)]] if s == "all" else []),
            *([[(s, "north"), (s, "south")]] if r == "country" else []),
        ]
        for part in parts:
            if all(p in cells for p in ((s, r), *part)) and cells[s, r] != fsum(cells[p] for p in part):
                expected.add((f"{s}, {r}, 2004", cells[s, r] - fsum(cells[p] for p in part)))
    found = said(parts_do_not_add_to_total, table(cells))
    assert {(facts(f)["label"], facts(f)["difference"]) for f in found} == expected


def test_a_mean_beyond_all_its_parts_is_found_and_one_between_them_is_not() -> None:
    rates = {("farm", "country"): 5.5, ("farm", "north"): 5.1, ("farm", "south"): 6.2}
    assert said(mean_outside_its_parts, table(rates, "mean")) == []
    (one,) = said(mean_outside_its_parts, table(rates | {("farm", "country"): 4.5}, "mean"))
    assert (facts(one)["low"], facts(one)["high"]) == (5.1, 6.2)
    assert facts(one)["difference"] == pytest.approx(-0.6)


def test_a_mean_may_be_rounded_past_its_parts() -> None:
    rates = {("farm", "country"): 5.2, ("farm", "north"): 5.1, ("farm", "south"): 5.1}
    assert said(mean_outside_its_parts, table(rates, "mean")) == []


def totals(cells: dict[Any, float], total: Any, **more: Any) -> Plan:
    """A plan with output as above and a total of it, over `dims`."""
    dims = {"output": ("sector", "region")} | more.pop("dims", {})
    return declared(
        {"total": {"total_of": "output"}},
        reported={"output": {labels: [None, value] for labels, value in cells.items()}, "total": total},
        dims=dims,
        sets=SETS,
        parents=PARENTS,
        **more,
    )


def test_a_scalar_total_is_the_sum_over_all_sets() -> None:
    assert said(total_is_not_the_sum_of_labels, totals(sound_table(), [None, 11.0])) == []
    (one,) = said(total_is_not_the_sum_of_labels, totals(sound_table(), [None, 12.0]))
    assert (facts(one)["sum"], facts(one)["difference"]) == (11.0, 1.0)


def test_a_total_over_some_of_the_sets_is_compared_label_by_label() -> None:
    by_region = {"north": [None, 4.0], "south": [None, 8.0], "country": [None, 11.0]}
    (one,) = said(total_is_not_the_sum_of_labels, totals(sound_table(), by_region, dims={"total": ("region",)}))
    assert one.address == "value:total[south; 2004]"
    assert facts(one)["difference"] == 1.0


def test_where_parts_are_missing_their_own_total_stands_in_and_without_it_nothing_is_said() -> None:
    cells = {labels: value for labels, value in sound_table().items() if labels != ("farm", "north")}
    assert [facts(f)["sum"] for f in said(total_is_not_the_sum_of_labels, totals(cells, [None, 12.0]))] == [11.0]
    del cells["all", "country"]
    assert said(total_is_not_the_sum_of_labels, totals(cells, [None, 12.0])) == []


def test_a_total_in_another_scale_is_converted() -> None:
    units = {"output": ("thousand person", ""), "total": ("mln person", "")}
    thousands = {labels: 1000 * value for labels, value in sound_table().items()}
    assert said(total_is_not_the_sum_of_labels, totals(thousands, [None, 11.0], units=units)) == []
