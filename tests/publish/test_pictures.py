"""Pictures: what they draw is what they say, in SVG that is whole, and projections keep what they promise."""

from __future__ import annotations

import itertools
import json
import math
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import small_plan

from bagdar.drawing import Outlines, Picture, Ring
from bagdar.equations import Solution, simulate
from bagdar.language import LANGUAGES, Language, Names
from bagdar.period import Period
from bagdar.publish.bars import Bar, paired_bars, two_sided_bars
from bagdar.publish.chart import breadth, line_chart
from bagdar.publish.choropleth import choropleth, classes, short_names
from bagdar.publish.content import Series
from bagdar.publish.pictures import path_chart, pictures

SVG = "{http://www.w3.org/2000/svg}"
SQUARES: dict[str, tuple[Ring, ...]] = {
    "south": (((60, 40), (62, 40), (62, 42), (60, 42)),),
    "north": (((60, 52), (62, 52), (62, 54), (60, 54)),),
}


def drawn(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)


def lengths(picture: ElementTree.Element, css: str) -> list[float]:
    """The lengths of the bars of a class, without the one of the key."""
    paths = [e.attrib["d"] for e in picture.iter(f"{SVG}path") if e.get("class") == f"bar {css}"]
    return [float(found[1]) for path in paths[1:] if (found := re.search(r"h(-?[\d.]+)v", path))]


def told(picture: ElementTree.Element) -> str:
    return picture.findtext(f"{SVG}desc") or ""


# -- bars


def test_bars_are_as_long_as_their_numbers() -> None:
    bars = [Bar("a", 10.0, 40.0), Bar("b", None, 20.0), Bar("c", 5.0, -10.0)]
    picture = drawn(paired_bars(bars, ("2004", "2007"), "%", 1, "en", "t"))
    later = lengths(picture, "plan")
    assert [length / later[0] for length in later] == pytest.approx([1, 0.5, -0.25], abs=0.01)
    assert [length / later[0] for length in lengths(picture, "base")] == pytest.approx([0.25, 0.125], abs=0.01)
    assert told(picture) == "a, 2004: 10.0; a, 2007: 40.0; b, 2007: 20.0; c, 2004: 5.0; c, 2007: −10.0"


def test_two_sides_lie_on_one_scale_and_point_away_from_each_other() -> None:
    bars = [Bar("oil", 10.0, 90.0), Bar("machines", 60.0, None)]
    picture = drawn(two_sided_bars(bars, ("imports", "exports"), "bn", 0, "en", "t"))
    (right,), left = lengths(picture, "plan"), lengths(picture, "other")
    assert right > 0
    assert [length / right for length in left] == pytest.approx([-10 / 90, -60 / 90], abs=0.01)


def test_a_negative_number_lies_on_the_other_side_and_hides_nothing() -> None:
    bars = [Bar("oil", 30.0, 60.0), Bar("gold", -20.0, 40.0), Bar("air", 10.0, -15.0)]
    picture = drawn(two_sided_bars(bars, ("imports", "exports"), "", 0, "en", "t"))
    first, second = lengths(picture, "other"), lengths(picture, "plan")
    assert [length / second[0] for length in (*first, *second)] == pytest.approx(
        [-30 / 60, 20 / 60, -10 / 60, 1, 40 / 60, -15 / 60], abs=0.01
    )
    shapes = [e.attrib["d"] for e in picture.iter(f"{SVG}path") if (e.get("class") or "").startswith("bar ")]
    spans = [tuple(map(float, re.findall(r"M[\d.-]+ ([\d.-]+)h[\d.-]+v([\d.-]+)h", shape)[0])) for shape in shapes]
    spans.sort()
    assert all(top + thick <= below for (top, thick), (below, _) in itertools.pairwise(spans))


@pytest.mark.parametrize("draw", [paired_bars, two_sided_bars])
@pytest.mark.parametrize("bars", [[], [Bar("a", None, None)], [Bar("a", 0.0, 0.0)], [Bar("<b>&\x01", 1.0, 2.0)]])
def test_little_to_draw_is_still_a_picture(draw: object, bars: list[Bar]) -> None:
    assert drawn(draw(bars, ("x", "y"), "", 1, "kk", "<t>")).findtext(f"{SVG}title") == "<t>"  # type: ignore[operator]


@given(st.lists(st.tuples(st.none() | st.floats(-1e9, 1e9), st.none() | st.floats(-1e9, 1e9)), max_size=8))
def test_no_bar_leaves_the_picture(values: list[tuple[float | None, float | None]]) -> None:
    bars = [Bar(f"sector {i}", a, b) for i, (a, b) in enumerate(values)]
    for draw in (paired_bars, two_sided_bars):
        picture = drawn(draw(bars, ("x", "y"), "", 1, "ru", "t"))
        for element in picture.iter(f"{SVG}path"):
            found = re.match(r"M([\d.-]+) [\d.-]+h([\d.-]+)v", element.attrib["d"])
            if found:
                start, length = map(float, found.groups())
                assert min(start, start + length) >= -0.1
                assert max(start, start + length) <= 640.1


@given(st.text("абвшщ мнAWi-", max_size=80))
def test_a_name_ends_before_its_bars_begin(name: str) -> None:
    picture = drawn(paired_bars([Bar(name, 1.0, 2.0)], ("x", "y"), "", 1, "ru", "t"))
    words = [e.text or "" for e in picture.iter(f"{SVG}text") if e.get("class") == "name"]
    (zero,) = [e.attrib["d"] for e in picture.iter(f"{SVG}path") if e.get("class") == "zero"]
    assert "".join("".join(words).split()) == "".join(name.split())  # no letter is lost
    assert breadth(words, 17) < float(zero[1:].split()[0])


# -- the band


def test_the_band_opens_at_the_last_actual_point_and_widens_the_scale() -> None:
    series = [Series("a", "actual", ((2003, 1.0), (2004, 2.0))), Series("p", "plan", ((2005, 3.0), (2006, 3.0)))]
    fan = [(2005, 2.0, 4.0), (2006, -20.0, 26.0)]
    picture = drawn(line_chart(series, "", "en", "t", 2005, fan=fan))
    (path,) = [e.attrib["d"] for e in picture.iter(f"{SVG}path") if e.get("class") == "fan"]
    corners = [tuple(map(float, corner.split())) for corner in path[1:-1].split("L")]
    assert len(corners) == 2 * 3
    assert corners[0] == corners[-1]
    assert all(0 <= y <= 360 for _, y in corners)
    assert "−20" in "".join(picture.itertext())


# -- maps


def area(picture: ElementTree.Element, name: str) -> float:
    """The drawn area of a label, from its outline."""
    for element in picture.iter(f"{SVG}path"):
        if (element.findtext(f"{SVG}title") or "").startswith(f"{name}:"):
            corners = [tuple(map(float, c.split())) for c in element.attrib["d"][1:-1].split("L")]
            pairs = itertools.pairwise([*corners, corners[0]])
            return abs(sum(a * d - c * b for (a, b), (c, d) in pairs)) / 2
    raise AssertionError(name)


def dense(west: float, south: float, size: float, steps: int = 40) -> Ring:
    """A square of degrees with many corners, so that its sides may bend."""
    side = [size * k / steps for k in range(steps)]
    return (
        *((west + k, south) for k in side),
        *((west + size, south + k) for k in side),
        *((west + size - k, south + size) for k in side),
        *((west, south + size - k) for k in side),
    )


def test_the_projection_keeps_areas_in_proportion() -> None:
    areas = {"south": (dense(50, 41, 4),), "north": (dense(80, 51, 4),)}
    picture = drawn(choropleth(areas, {"south": 1, "north": 2}, {}, "", 0, "en", "t"))
    sphere = [math.sin(math.radians(top + 4)) - math.sin(math.radians(top)) for top in (41, 51)]
    assert area(picture, "south") / area(picture, "north") == pytest.approx(sphere[0] / sphere[1], rel=0.01)


def test_north_is_up_and_east_is_right() -> None:
    areas = {"a": (dense(50, 41, 2),), "b": (dense(60, 45, 2),)}
    picture = drawn(choropleth(areas, {}, {}, "", 0, "en", "t"))
    starts = [list(map(float, e.attrib["d"][1:].split("L")[0].split())) for e in picture.iter(f"{SVG}path")]
    (ax, ay), (bx, by) = starts
    assert ax < bx
    assert ay > by


@given(st.lists(st.floats(-1e6, 1e6), max_size=40))
def test_every_value_is_in_exactly_one_class_and_classes_do_not_overlap(values: list[float]) -> None:
    found = classes(values)
    assert len(found) <= 5
    assert all(sum(c.low <= v <= c.high for c in found) == 1 for v in values)
    assert all(a.high < b.low for a, b in itertools.pairwise(found))


def test_classes_are_quantiles() -> None:
    assert [tuple(c) for c in classes([10, 1, 2, 9, 3, 8, 4, 7, 5, 6])] == [(1, 2), (3, 4), (5, 6), (7, 8), (9, 10)]


def test_an_area_without_a_number_is_grey_and_says_so() -> None:
    picture = drawn(choropleth(SQUARES, {"north": 3.5}, {"north": "North", "south": "South"}, "", 1, "ru", "t"))
    tips = [e.findtext(f"{SVG}title") for e in picture.iter(f"{SVG}path")]
    assert "South: —" in tips
    assert "North: 3,5" in tips
    assert told(picture) == "North: 3,5"


def test_names_lose_the_words_that_they_share() -> None:
    names = ["Ақмола облысы", "Атырау облысы", "Батыс Қазақстан облысы", "Алматы қаласы", "облысы"]
    assert list(short_names(names).values()) == ["Ақмола", "Атырау", "Батыс Қазақстан", "Алматы қаласы", "облысы"]


def test_each_area_has_its_number_for_where_names_have_no_room() -> None:
    picture = drawn(choropleth(SQUARES, {"north": 3.5}, {}, "", 1, "ru", "t"))
    assert [e.text for e in picture.iter(f"{SVG}text") if e.get("class") == "nth"] == ["1", "2"]


# -- from a plan


@pytest.fixture(scope="module")
def solution() -> Solution:
    plan = small_plan(
        "for r in area\ntrade[r] = 2*sales[r]",
        {"sales": {"south": [1, 2, 3, 4, 5], "north": [3, 2, 5, 4, 5]}},
        {"trade": {"south": [2, 4], "north": [6, 4]}},
        sets={"area": ["all", "south", "north"]},
        parents={"area": {"south": "all", "north": "all"}},
        dims={"sales": ("area",), "trade": ("area",)},
    )
    named = {"sales": Names("с", "с", "sales"), "trade": Names("т", "т", "trade")}
    plan = replace(
        plan,
        indicators={code: replace(i, names=named[code], decimals=0) for code, i in plan.indicators.items()},
        maps={"area": Outlines("area", SQUARES, "an atlas", "CC0", "its maker")},
        pictures=(
            Picture("structure", "trade"),
            Picture("two_sided", "trade", "sales", period=Period("A", 2005)),
            Picture("map", "trade", section="regions"),
            Picture("path", "sales", labels=("north",)),
        ),
    )
    solved, found = simulate(plan)
    assert not found
    return solved


def test_pictures_stand_in_their_sections(solution: Solution) -> None:
    assert len(pictures(solution, "regions", "en")) == 1
    assert len(pictures(solution, "other", "en")) == 3
    assert pictures(solution, "money", "en") == []


def test_a_structure_that_lacks_a_part_has_no_shares(solution: Solution) -> None:
    sales = solution.values["sales"]
    place = sales.position(("north", "2004"))
    assert place is not None
    values = {**solution.values, "sales": sales.with_cell(place, None, 0, (0, 0, 0))}
    pictured = replace(solution.plan, pictures=(Picture("structure", "sales", section="other"),))
    (structure,) = pictures(replace(solution, plan=pictured, values=values), "other", "en")
    rows = {line.name: [f.text for f in line.figures] for line in structure.table.lines}
    assert [first for first, _ in rows.values()] == ["—", "—"]
    assert sorted(last for _, last in rows.values()) == ["50.0", "50.0"]


def test_a_structure_is_in_shares_of_what_is_no_total(solution: Solution) -> None:
    structure = pictures(solution, "other", "en")[0]
    rows = {line.name: [f.text for f in line.figures] for line in structure.table.lines}
    assert rows == {"south": ["50.0", "50.0"], "north": ["50.0", "50.0"]}
    assert structure.table.columns == ("2004", "2007")
    assert structure.table.lines[0].figures[0].anchor == "v:trade:south:2004"


def test_a_two_sided_picture_is_of_the_period_asked_for(solution: Solution) -> None:
    chart = pictures(solution, "other", "en")[1]
    assert told(drawn(chart.svg)) == "north, sales: 5; north, trade: 10; south, sales: 3; south, trade: 6"
    assert chart.table.columns == ("sales, 2004", "trade, 2004", "sales, 2005", "trade, 2005")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_map_prints_whose_work_it_is(solution: Solution, language: Language) -> None:
    (chart,) = pictures(solution, "regions", language)
    assert "its maker. an atlas" in chart.note
    assert "CC0" in chart.note
    assert [f.anchor for line in chart.table.lines for f in line.figures] == [
        "v:trade:south:2007",
        "v:trade:north:2007",
    ]


def test_a_map_lists_its_areas_in_the_order_of_their_numbers(solution: Solution) -> None:
    (chart,) = pictures(solution, "regions", "en")
    assert chart.keys == ("south: 10", "north: 10")


def test_bars_beyond_the_most_stand_together_as_others() -> None:
    labels = [f"a{i:02}" for i in range(30)]
    plan = small_plan(
        "for r in area\ntrade[r] = 2*sales[r]",
        {"sales": {label: [1, 2, 3, 4, 5] for label in labels}},
        {"trade": {label: [2, 4] for label in labels}},
        sets={"area": labels},
        dims={"sales": ("area",), "trade": ("area",)},
    )
    solved, found = simulate(
        replace(plan, pictures=(Picture("structure", "trade"), Picture("two_sided", "trade", "sales")))
    )
    assert not found
    structure, sides = pictures(solved, "other", "en")
    assert told(drawn(structure.svg)).endswith("Others, 7 in all, 2004: 23.3; Others, 7 in all, 2007: 23.3")
    assert re.search(r"Others, 7 in all, [^:;]*: 35\.0; Others, 7 in all, [^:;]*: 70\.0$", told(drawn(sides.svg)))
    assert len(structure.table.lines) == len(sides.table.lines) == 30


def test_a_path_of_a_label_says_which(solution: Solution) -> None:
    chart = pictures(solution, "other", "en")[2]
    assert chart.title == "sales — north"
    assert chart.note == ""  # two years of history say nothing of errors
    assert path_chart(solution, solution.plan.indicators["sales"], ("south",), "en").title == "sales — south"


def test_the_outlines_of_the_example_name_its_regions_and_their_licence() -> None:
    file = Path(__file__).parents[2] / "examples" / "kazakhstan" / "maps" / "region.json"
    told = json.loads(file.read_text("utf-8"))
    assert len(told["areas"]) == 16
    assert file.stat().st_size < 60_000
    assert "ODbL" in told["licence"]
    assert "OpenStreetMap" in told["attribution"]
