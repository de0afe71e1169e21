"""Leontief, multipliers, linkages, prices: the textbook's numbers, and identities for any table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bagdar.accounts.analysis import Analysis, primary_cost
from bagdar.accounts.table import InputOutput

# Miller and Blair (2009), table 2.3 and section 2.3: two sectors.
USES = np.array([[150.0, 500], [200, 100]])
OUTPUT = np.array([1000.0, 2000])
TEXTBOOK = InputOutput(("1", "2"), USES / OUTPUT, OUTPUT, final_uses={"final": np.array([350.0, 1700])})


@st.composite
def tables(draw: st.DrawFn) -> InputOutput:
    """Tables with imports, whose inputs leave something of each output."""
    n = draw(st.integers(1, 6))
    weights = draw(arrays(float, (n, n), elements=st.floats(0, 1)))
    technical = weights / np.maximum(weights.sum(0), 1e-9) * draw(st.floats(0, 0.9))
    output = draw(arrays(float, n, elements=st.floats(1, 1000)))
    exports = output * draw(arrays(float, n, elements=st.floats(0, 0.9)))
    imports = output * draw(arrays(float, n, elements=st.floats(0, 3)))
    final = output + imports - exports - technical @ output
    labels = tuple(map(str, range(n)))
    return InputOutput(labels, technical, output, imports, exports, {"final": final}, compensation=output / 5)


def test_the_inverse_of_the_textbook() -> None:
    found = Analysis(TEXTBOOK).output_for(np.eye(2))
    assert np.round(found, 3) == pytest.approx(np.array([[1.254, 0.330], [0.264, 1.122]]))


def test_a_table_whose_inputs_call_for_themselves_has_no_inverse() -> None:
    assert Analysis(TEXTBOOK).solvable
    assert not Analysis(replace(TEXTBOOK, technical=np.array([[1, 0], [-0.5, 0.2]]))).solvable


def test_the_textbooks_new_demand_calls_forth_its_new_output() -> None:
    # Section 2.3: final demands 600 and 1500 need outputs 1247.46 and 1841.58.
    assert np.round(Analysis(TEXTBOOK).output_for([600, 1500]), 1) == pytest.approx([1247.5, 1841.6])


def test_the_textbooks_multipliers_and_forward_sums() -> None:
    found = Analysis(TEXTBOOK)
    assert np.round(found.output, 3) == pytest.approx([1.518, 1.452])
    ghosh = np.linalg.inv(np.eye(2) - USES / OUTPUT[:, None])
    assert found.forward == pytest.approx(ghosh.sum(1) / ghosh.sum(1).mean())
    assert found.key_sectors == ("1",)


def test_a_key_sector_pulls_and_pushes() -> None:
    """A sector that only buys of others and one that only sells to them: neither is one."""
    made, final = np.array([1000.0, 1000]), np.array([1000.0, 500])
    found = Analysis(InputOutput(("buyer", "seller"), np.array([[0, 0], [0.5, 0]]), made, final_uses={"final": final}))
    assert found.backward == pytest.approx([1.2, 0.8])
    assert found.forward == pytest.approx([0.8, 1.2])
    assert found.key_sectors == ()


@given(tables())
def test_every_multiplier_is_that_of_the_dense_inverse(table: InputOutput) -> None:
    inverse = np.linalg.inv(np.eye(len(table.labels)) - table.domestic)
    found = Analysis(table)
    assert found.output == pytest.approx(inverse.sum(0), rel=1e-9)
    assert found.income == pytest.approx((np.full(len(table.labels), 0.2) @ inverse), rel=1e-9)
    assert found.imports == pytest.approx(table.import_share @ table.technical @ inverse, rel=1e-9, abs=1e-12)
    scaled = inverse * table.output / table.output[:, None]  # the Ghosh inverse
    assert found.forward == pytest.approx(scaled.sum(1) / scaled.sum(1).mean(), rel=1e-9)


@given(tables())
def test_value_added_and_imports_make_up_all_of_a_unit_of_final_demand(table: InputOutput) -> None:
    found = Analysis(table)
    assert found.value_added + found.imports == pytest.approx(np.ones(len(table.labels)), abs=1e-12)


@given(tables())
def test_linkages_are_one_on_average(table: InputOutput) -> None:
    found = Analysis(table)
    assert found.backward.mean() == pytest.approx(1)
    assert found.forward.mean() == pytest.approx(1)


@given(tables())
def test_domestic_uses_call_forth_the_output_that_there_is(table: InputOutput) -> None:
    at_home = (1 - table.import_share) * table.final
    assert Analysis(table).output_for(at_home + table.sold_abroad) == pytest.approx(table.output, rel=1e-9)


@given(tables())
def test_import_contents_of_all_uses_make_up_all_imports(table: InputOutput) -> None:
    found = Analysis(table)
    content = found.import_content(table.final) + found.import_content(table.sold_abroad, at_home=False)
    assert table.imports is not None
    assert content == pytest.approx(table.imports.sum(), rel=1e-9)


@given(tables(), st.floats(0.1, 10))
def test_prices_follow_all_costs_one_for_one(table: InputOutput, factor: float) -> None:
    found = Analysis(table)
    ones = np.ones(len(table.labels))
    assert found.prices(primary_cost(table)) == pytest.approx(ones)
    assert found.prices(factor * primary_cost(table), factor) == pytest.approx(factor * ones)


def test_dearer_imports_raise_prices_by_the_imports_in_them() -> None:
    table = replace(TEXTBOOK, imports=np.array([500.0, 0]), final_uses={}, rest=np.array([850.0, 1700]))
    found = Analysis(table)
    assert found.prices(primary_cost(table), 1.1) == pytest.approx(1 + 0.1 * found.imports)
