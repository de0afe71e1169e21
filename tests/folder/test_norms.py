"""`norms.csv`: what is wrong with a row is found at its column, and the other rows are read."""

from __future__ import annotations

import pytest

from bagdar.balance import Reference
from bagdar.balances.norms import read_norms
from bagdar.finding import Finding
from bagdar.plan import Plan
from tests.balances.given import plan_files, read_files

HEADER = "indicator,kind,use,per,coefficient,price,programme,note\n"
FILES = plan_files(
    {},
    {
        "coal_norm": 0.4, "loss": 0.1, "coal": [None, 4, 5], "power": [None, 10, 10], "lost": [None, 1, 2],
        "input": 0.2, "coal_price": 0.5, "water_norm": {"north": 2.0, "south": 3.0},
        "water": {"north": [None, 20, 24], "south": [None, 30, 30]},
    },
    units={"coal_norm": "t/kWh", "power": "kWh", "lost": "kWh", "coal_price": "kWh/t", "water_norm": "t/kWh"},
    sets={"region": ["north", "south"]},
    years=2,
)  # fmt: skip


def read(rows: str, header: str = HEADER) -> tuple[Plan, list[Finding]]:
    return read_files(FILES | {"norms.csv": header + rows})


FAULTS: dict[str, tuple[str, str, str]] = {
    "an indicator that is none": ("iron_norm,norm,,,,,,", "unknown_indicator", "norms.csv:2:1"),
    "a kind that is none": ("coal_norm,rule,,,,,,", "word_unknown", "norms.csv:2:2"),
    "no kind": ("coal_norm,,,,,,,", "word_unknown", "norms.csv:2:2"),
    "a use that is no reference": ("coal_norm,norm,coal +,power,,,,", "unknown_indicator", "norms.csv:2:3"),
    "a use that is a number": ("coal_norm,norm,4.5,power,,,,", "number_in_a_balance", "norms.csv:2:3"),
    "a use that is none": ("coal_norm,norm,iron,power,,,,", "unknown_indicator", "norms.csv:2:3"),
    "a use by region of a norm without": ("coal_norm,norm,water,power,,,,", "balance_dims_differ", "norms.csv:2:3"),
    "what it is for by region": ("coal_norm,norm,coal,water,,,,", "balance_dims_differ", "norms.csv:2:4"),
    "a use of no such region": ("coal_norm,norm,water[east],power,,,,", "unknown_label", "norms.csv:2:3"),
    "a use with a label that it has not": (
        "coal_norm,norm,coal[north],power,,,,", "labels_do_not_fit_dims", "norms.csv:2:3",
    ),
    "a use without what it is for": ("coal_norm,norm,coal,,,,,", "norm_half_compared", "norms.csv:2:4"),
    "what it is for without a use": ("coal_norm,norm,,power,,,,", "norm_half_compared", "norms.csv:2:3"),
    "a coefficient without a price": ("coal_norm,norm,,,input,,,", "norm_half_compared", "norms.csv:2:6"),
    "a price without a coefficient": ("coal_norm,norm,,,,coal_price,,", "norm_half_compared", "norms.csv:2:5"),
    "a ratio of another unit": ("coal_norm,norm,lost,power,,,,", "balance_units_differ", "norms.csv:2:3"),
    "a price that makes no coefficient": (
        "loss,normative,,,input,coal_price,,", "balance_units_differ", "norms.csv:2:5",
    ),
    "an indicator twice": ("coal_norm,norm,,,,,,\ncoal_norm,normative,,,,,,", "duplicate_key", "norms.csv:3"),
    "a row too short": ("coal_norm,norm", "ragged_row", "norms.csv:2"),
}  # fmt: skip


@pytest.mark.parametrize("what", FAULTS)
def test_what_is_wrong_with_a_norm_is_found_at_its_column(what: str) -> None:
    row, rule, home = FAULTS[what]
    plan, found = read(row + "\nloss,normative,lost,power,,,,fine\n" if not row.startswith("loss") else row + "\n")
    assert [(f.rule, str(f.home)) for f in found] == [(rule, home)], [f.line() for f in found]
    kept = ["coal_norm"] if rule == "duplicate_key" else []
    assert [n.indicator for n in plan.norms] == [*kept, *(["loss"] if not row.startswith("loss") else [])]


def test_a_norm_is_held_against_what_is_used_and_against_an_input_coefficient() -> None:
    plan, found = read("coal_norm,norm,coal,power,input,coal_price,,x\nloss,normative,lost,power,,,,\n")
    assert found == []
    coal, loss = read_norms(plan, plan.values)
    assert coal.value.ravel().tolist() == [0.4] * 3
    assert coal.actual.ravel()[1:].tolist() == [0.4, 0.5]
    assert coal.excess.ravel()[1:] == pytest.approx([0, 0.25])
    assert coal.implied.ravel() == pytest.approx([0.2] * 3)
    assert coal.coefficient.ravel().tolist() == [0.2] * 3
    assert loss.actual.ravel()[1:].tolist() == [0.1, 0.2]


def test_a_norm_by_region_is_held_against_what_has_no_regions_in_each_of_them() -> None:
    plan, found = read("water_norm,norm,water,power,,,,\n")
    assert found == []
    (water,) = read_norms(plan, plan.values)
    assert water.labels == (("north",), ("south",))
    assert water.actual[1:].ravel() == pytest.approx([2, 3, 2.4, 3])
    assert water.norm.use == Reference("water")


def test_a_file_without_a_column_that_it_needs_is_found() -> None:
    _, found = read("coal_norm\n", "indicator\n")
    assert [f.rule for f in found] == ["column_missing"]
