"""Index numbers beside their levels, as printed; the source text's nominal output beside a real index."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bagdar.checks.indices import (
    index_chain_broken,
    index_chain_has_a_gap,
    nominal_beside_real,
    volume_and_price_do_not_give_the_value,
)
from bagdar.period import Period
from bagdar.plan import Plan, Stated
from tests.checks.given import declared, facts, said

UNITS = {
    "level": ("bn KZT", "2004"),
    "index": ("%", ""),
    "value": ("bn KZT", "current"),
    "volume": ("mln KZT", "2004"),
    "price": ("1", "deflator 2004"),
}


def chained(levels: list[float | None], index: list[float | None], *index_of: str) -> Plan:
    told = {"index": {"index_of": ("level", *index_of)}}
    return declared(told, reported={"level": levels, "index": index}, past=len(levels) - 1, units=UNITS)


LEVELS = st.lists(st.floats(50.0, 500.0), min_size=3, max_size=6)


@given(LEVELS, st.integers(0, 2), st.integers(0, 2), st.sampled_from(("", "growth", "first")))
def test_an_index_printed_from_its_level_is_sound(levels: list[float], of_level: int, of_index: int, to: str) -> None:
    ratios = [levels[t] / levels[0 if to == "first" else t - 1] for t in range(1, len(levels))]
    index = [None, *(round(100 * (r - (to == "growth")), of_index) for r in ratios)]
    base = () if not to else ("growth",) if to == "growth" else (str(2004 - len(levels) + 1),)
    plan = chained([round(x, of_level) for x in levels], index, *base)
    assert said(index_chain_broken, plan) == []


@given(LEVELS, st.floats(1.0, 5.0), st.data())
def test_an_index_that_is_off_by_a_point_is_found(levels: list[float], off: float, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(levels) - 1))
    levels = [level + 0.123456789 for level in levels]  # not rounded, so that nothing excuses a difference
    index = [100 * b / a for a, b in pairwise(levels)]
    index[at - 1] += off
    (one,) = said(index_chain_broken, chained([*levels], [None, *index]))
    assert facts(one)["period"] == str(2004 - len(levels) + 1 + at)
    assert facts(one)["difference"] == pytest.approx(off, rel=1e-6)


def test_a_chain_with_a_hole_is_found_unless_its_level_bridges_it() -> None:
    index = [101.0, None, 102.0, 103.0]
    (one,) = said(index_chain_has_a_gap, chained([None] * 4, index))
    assert (facts(one)["period"], facts(one)["first"], facts(one)["last"]) == ("2002", "2001", "2003")
    assert said(index_chain_has_a_gap, chained([50.0, 51.0, None, None], index)) == []
    assert said(index_chain_has_a_gap, chained([None] * 4, index, "2001")) == []


# Industrial output of Kazakhstan in 1995 and 2004, bn KZT at current prices, and its real growth, 1.8 times:
# the source text sets the two beside each other (docs/coverage.md, S85).
OUTPUT = [696.3, *[None] * 8, 3867.9]
VOLUME = [3867.9e3 / 1.799, *[None] * 8, 3867.9e3]


def output(ratio: float | None = None, stated: float | None = None) -> Plan:
    told: dict[str, Any] = {"index": {"index_of": ("value", "1995")}, "volume": {"volume_of": ("value",)}}
    numbers: dict[str, Any] = {"value": OUTPUT, "volume": VOLUME, "index": [*[None] * 9, ratio]}
    plan = declared(told, reported=numbers, past=9, units=UNITS)
    rows = () if stated is None else (Stated("index", (), Period("A", 2004), stated, -1, "text"),)
    return replace(plan, stated=rows)


def test_a_nominal_level_beside_a_real_index_is_found_in_data_and_in_what_is_stated() -> None:
    for plan in (output(ratio=180.0), output(stated=180.0)):
        (one,) = said(nominal_beside_real, plan)
        assert facts(one)["implied"] == pytest.approx(555.5, abs=0.05)
        assert facts(one)["real"] == pytest.approx(179.9)
        assert said(index_chain_broken, plan) == []


def test_a_nominal_index_of_a_nominal_level_is_sound_and_one_that_is_neither_is_broken() -> None:
    assert said(nominal_beside_real, output(ratio=555.5)) == said(index_chain_broken, output(ratio=555.5)) == []
    assert said(nominal_beside_real, output(ratio=300.0)) == []
    assert len(said(index_chain_broken, output(ratio=300.0))) == 1


def priced(volume: list[float | None], price: list[float | None], *deflator: str) -> Plan:
    told = {"volume": {"volume_of": ("value", *deflator)}}
    numbers = {"value": [40.0, 60.0], "volume": volume, "price": price}
    return declared(told, reported=numbers, units=UNITS)


def test_a_volume_times_its_price_is_its_value_in_whatever_scale() -> None:
    rule = volume_and_price_do_not_give_the_value
    assert said(rule, priced([50000.0, 60000.0], [0.8, 1.0], "price")) == []
    (one,) = said(rule, priced([50000.0, 60000.0], [0.9, 1.0], "price"))
    assert (facts(one)["given"], facts(one)["held"]) == (pytest.approx(45), 40)


def test_without_a_price_a_volume_is_its_value_in_the_year_of_its_prices() -> None:
    rule = volume_and_price_do_not_give_the_value
    assert said(rule, priced([50000.0, 60000.0], [])) == []
    (one,) = said(rule, priced([50000.0, 61000.0], []))
    assert one.address == "value:volume[; 2004]"
