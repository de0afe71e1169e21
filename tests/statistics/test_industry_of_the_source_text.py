"""The industry table of the source text (S71–S73): every figure that follows from others is worked out again.

The table is read from the example's data; nothing but the source's own sentences is typed in here.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bagdar.statistics.formulas import implicit_deflator
from bagdar.statistics.index import implied_weight_range, levels, spliced
from bagdar.statistics.times import parse_times, write_times

DATA = Path(__file__).resolve().parents[2] / "examples" / "kazakhstan" / "data"
BRANCHES = ("mining", "manufacturing", "electricity_gas_water")
PRODUCTS = ("crude_oil", "condensate", "natural_gas", "phosphorus", "ferroalloys", "flat_rolled", "zinc", "copper")


def rows(file: str) -> list[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


TABLE = {
    (row["indicator"], row["industry_item"], year): float(row[year])
    for row in rows("industry.csv")
    for year in ("1995", "2000", "2004")
    if row[year]
}


def of(item: str, year: str) -> float:
    """A product's output, or that of industry, in its own unit."""
    names = ("industrial_output", "output_mt", "output_kt", "output_gas")
    return next(TABLE[name, item, year] for name in names if (name, item, year) in TABLE)


def printed(base: str, item: str) -> tuple[float, int]:
    """A derived cell of a product as the source prints it, per cent, with its decimals (−1: in times, to a tenth)."""
    told = [row for row in rows("stated_industry.csv") if (row["indicator"], row["industry_item"]) == (base, item)]
    return float(told[0]["value"]), int(told[0]["decimals"])


@pytest.mark.parametrize("item", PRODUCTS)
@pytest.mark.parametrize("base", ["1995", "2000"])
def test_every_derived_cell_of_a_product_is_its_output_over_that_of_the_base_year(item: str, base: str) -> None:
    value, decimals = printed(f"ratio_to_{base}", item)
    ratio = of(item, "2004") / of(item, base)
    if decimals == -1:
        told = parse_times(write_times(value / 100, "ru").replace("раза", "р."))  # as the table has it: в 2,8 р.
        assert told is not None
        assert told.agrees(ratio)
    else:
        assert 100 * ratio == pytest.approx(value, abs=0.5 * 10**-decimals + 1e-9)


def test_four_of_the_sixteen_are_printed_in_times() -> None:
    cells = [(base, item) for base in ("1995", "2000") for item in PRODUCTS]
    told = [(base, item) for base, item in cells if printed(f"ratio_to_{base}", item)[1] == -1]
    assert told == [("1995", "crude_oil"), ("1995", "condensate"), ("1995", "natural_gas"), ("2000", "phosphorus")]


def implied_in_2000(branch: str) -> float:
    """The volume of 2000, 1995 = 100: the index of 2004 on 2000, spliced to that on 1995."""
    on_1995, on_2000 = (TABLE[f"ratio_to_{year}", branch, "2004"] for year in ("1995", "2000"))
    joined = spliced([None, 100, on_2000], [100, None, on_1995], overlap=2)
    assert joined is not None
    return joined.values[1] or 0


@pytest.mark.parametrize(
    ("branch", "index"),
    [("industry", 118.7), ("mining", 142.6), ("manufacturing", 111.0), ("electricity_gas_water", 71.2)],
)
def test_two_derived_cells_imply_the_year_between_them(branch: str, index: float) -> None:
    assert implied_in_2000(branch) == pytest.approx(index, abs=0.05)


def test_industry_lies_between_its_branches_in_every_column_and_in_the_implied_one() -> None:
    columns = [("volume_index", year) for year in ("1995", "2000", "2004")]
    columns += [("ratio_to_1995", "2004"), ("ratio_to_2000", "2004")]
    for name, year in columns:
        parts = {branch: TABLE[name, branch, year] for branch in BRANCHES}
        assert implied_weight_range(TABLE[name, "industry", year], parts) != {}, (name, year)
    implied = {branch: implied_in_2000(branch) for branch in BRANCHES}
    assert implied_weight_range(implied_in_2000("industry"), implied) != {}


@pytest.mark.parametrize(("year", "low", "high"), [("2000", 16.4, 36.2), ("2004", 0, 26.3)])
def test_the_indices_of_a_year_leave_the_utilities_only_these_weights(year: str, low: float, high: float) -> None:
    parts = {branch: TABLE["volume_index", branch, year] for branch in BRANCHES}
    told = implied_weight_range(TABLE["volume_index", "industry", year], parts)["electricity_gas_water"]
    assert [100 * share for share in told] == pytest.approx([low, high], abs=0.05)


@pytest.mark.parametrize(("base", "nominal", "price"), [("1995", 5.55, 3.09), ("2000", 2.151, 1.42)])
def test_nominal_over_real_growth_is_the_rise_of_prices_that_the_table_implies(
    base: str, nominal: float, price: float
) -> None:
    value = of("industry_output", "2004") / of("industry_output", base)
    volume = TABLE[f"ratio_to_{base}", "industry", "2004"] / 100
    assert value == pytest.approx(nominal, abs=0.006)
    assert implicit_deflator(value, volume) == pytest.approx(price, abs=0.005)


# The multiples of the prose, growth from 1995 to 2004.
PROSE = {
    "natural_gas": "3,7 есе",
    "oil_and_condensate": "2,9 есе",
    "flat_rolled": "1,9 есе",
    "zinc": "1,9 есе",
    "ferroalloys": "1,8 есе",
    "copper": "1,7 есе",
    "steel": "1,8 есе",
    "lead": "1,8 есе",
    "pig_iron": "1,7 есе",
}


def test_the_multiples_of_the_prose_agree_with_the_table_where_it_has_a_row() -> None:
    unknown = []
    for item, text in PROSE.items():
        told = parse_times(text)
        assert told is not None
        if not any(key[1] == item for key in TABLE):
            unknown.append(item)
        else:
            assert told.agrees(of(item, "2004") / of(item, "1995")), item
    assert unknown == ["steel", "lead", "pig_iron"]  # no row: nobody can check these three


def test_oil_agrees_only_with_its_condensate() -> None:
    told = parse_times(PROSE["oil_and_condensate"])
    assert told is not None
    assert not told.agrees(of("crude_oil", "2004") / of("crude_oil", "1995"))


def test_the_prose_sets_a_nominal_level_beside_the_multiple_of_the_volume() -> None:
    told = parse_times("1,8 есе жоғары")
    assert told is not None
    assert told.agrees(TABLE["ratio_to_1995", "industry", "2004"] / 100)
    assert not told.agrees(of("industry_output", "2004") / of("industry_output", "1995"))


def test_the_present_series_of_the_statistics_office_chains_to_another_figure_than_the_table() -> None:
    row = next(row for row in rows("industry_indices.csv") if row["industry_item"] == "industry")
    chain = levels([None, *(float(row[str(year)]) for year in range(1996, 2005))])[-1]
    assert chain is not None
    assert chain == pytest.approx(184.8, abs=0.05)
    assert TABLE["ratio_to_1995", "industry", "2004"] == 179.9
