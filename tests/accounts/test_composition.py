"""What a table is made of: the textbook's costs, and shares that leave nothing out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from bagdar.accounts.analysis import Analysis
from bagdar.accounts.composition import costs, final_uses, import_contents
from bagdar.accounts.table import InputOutput
from tests.accounts.test_analysis import OUTPUT, TEXTBOOK, tables


def test_the_costs_of_the_textbooks_sectors() -> None:
    # Miller and Blair (2009), table 2.3: payments sector 650 and 1400 of outputs 1000 and 2000.
    first, second, whole = costs(TEXTBOOK)
    assert [(c.output, c.inputs, c.added) for c in (first, second, whole)] == [
        (1000, 350, 650), (2000, 600, 1400), (3000, 950, 2050),
    ]  # fmt: skip
    assert (first.ratio, first.input_ratio) == pytest.approx((65, 35))
    assert (first.share, second.share, whole.share) == pytest.approx((100 * 650 / 2050, 100 * 1400 / 2050, 100))
    assert first.paid is None


def test_a_sector_that_makes_nothing_adds_nothing() -> None:
    idle = replace(TEXTBOOK, output=OUTPUT * [1, 0])
    assert costs(idle)[1].ratio is None


@given(tables())
def test_compensation_is_the_same_part_of_output_everywhere(table: InputOutput) -> None:
    for cost in costs(table):  # the tables pay a fifth of output
        assert cost.paid == pytest.approx(cost.output / 5)


@given(tables())
def test_supply_is_used_up(table: InputOutput) -> None:
    assert table.supply == pytest.approx(table.intermediate_use + table.final + table.sold_abroad)


@given(tables())
def test_contents_add_up_to_all_imports_and_no_use_holds_more_than_itself(table: InputOutput) -> None:
    exports = final_uses(table, "exports")
    assert [use.at_home for use in exports] == [True, False]
    found = import_contents(Analysis(table), exports)
    if all(use.products.sum() > 0 for use in exports):
        imported = sum(one.amount * one.imported / 100 for one in found)
        assert imported == pytest.approx(table.bought_abroad.sum(), rel=1e-9)
    for one in found:
        assert one.imported + one.domestic == pytest.approx(100)


def test_a_use_that_is_a_deduction_has_no_contents() -> None:
    table = replace(TEXTBOOK, imports=np.array([500.0, 0]), final_uses={"drawn": np.array([-10.0, 0])})
    assert import_contents(Analysis(table), final_uses(table)) == ()
