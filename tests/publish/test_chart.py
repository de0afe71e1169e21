"""The charts: well-formed, the same each time, nothing outside, nothing on top of anything else."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest

from bagdar.language import LANGUAGES, Language
from bagdar.publish.chart import _ticks, breadth, line_chart
from bagdar.publish.content import Series

NAN, INFINITE = float("nan"), float("inf")
SVG = "{http://www.w3.org/2000/svg}"


def series(last: float = 100.0, name: str = "Қарапайым болжам") -> list[Series]:
    history = tuple((year, 50.0 + 6 * (year - 1998)) for year in range(1998, 2005))
    return [
        Series("Нақты деректер", "actual", history),
        Series("Жоспар", "plan", ((2005, 93.0), (2006, 96.0), (2007, last))),
        Series("Іс жүзінде болғаны", "outcome", ((2005, 94.0), (2006, 97.0), (2007, last + 0.5))),
        Series(name, "naive", ((2005, 92.0), (2006, 95.5), (2007, last - 0.5))),
    ]


def lines(shown: list[Series], language: Language = "kk", planned_from: int = 2005) -> ElementTree.Element:
    return ElementTree.fromstring(line_chart(shown, "млрд ₸", language, "ЖІӨ", planned_from))


def boxes(picture: ElementTree.Element) -> list[tuple[str, float, float, float, float]]:
    """What each text covers: a line's capitals and tails, as wide as the widest font makes it."""
    found = []
    for text in picture.iter(f"{SVG}text"):
        words, x, y = text.text or "", float(text.attrib["x"]), float(text.attrib["y"])
        long = breadth([words])
        left = x - {"start": 0.0, "middle": long / 2, "end": long}[text.attrib["text-anchor"]]
        found.append((words, left, y - 14, left + long, y + 4))
    return found


def assert_clear(picture: ElementTree.Element) -> None:
    width, height = map(float, picture.attrib["viewBox"].split()[2:])
    found = boxes(picture)
    for words, left, top, right, bottom in found:
        assert left >= 0, words
        assert top >= -2, words
        assert right <= width, words
        assert bottom <= height, words
    for (one, a, b, c, d), (other, e, f, g, h) in combinations(found, 2):
        assert not (a < g and e < c and b < h and f < d), (one, other)


def count(picture: ElementTree.Element, css: str) -> int:
    return sum(css in element.get("class", "").split() for element in picture.iter())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("last", [100.0, 40.0, -30.0, 2.5e6])
def test_lines_are_labelled_inside_the_picture_without_overlaps(language: Language, last: float) -> None:
    picture = lines(series(last), language)
    assert_clear(picture)
    assert picture.findtext(f"{SVG}title") == "ЖІӨ"
    assert "Жоспар, 2005" in (picture.findtext(f"{SVG}desc") or "")
    assert picture.attrib["role"] == "img"


def test_many_lines_that_end_together_still_have_labels_of_their_own() -> None:
    many = [Series(f"Салалық көрсеткіш {i}", "plan", ((2005, 1.0), (2006, 1.0 + i / 1000))) for i in range(20)]
    assert_clear(lines(many))


def test_two_histories_go_on_into_the_plans_of_their_names() -> None:
    shown = [
        Series(name, kind, ((year, base + year), (year + 1, base + year + 2)))
        for name, base in (("Экспорт", 0), ("Импорт", 5))
        for kind, year in (("actual", 2003), ("plan", 2005))
    ]
    picture = lines(shown)
    assert_clear(picture)
    plans = [e.attrib["d"] for e in picture.iter() if e.get("class", "").startswith("line plan")]
    assert [path.count("L") for path in plans] == [2, 2]


def test_kinds_differ_in_more_than_colour() -> None:
    picture = lines(series())
    dashes = {e.attrib["class"]: e.attrib["stroke-dasharray"] for e in picture.iter() if "line" in e.get("class", "")}
    marks = {e.attrib["class"]: e.attrib["d"].count("M") for e in picture.iter() if "mark" in e.get("class", "")}
    assert len(set(dashes.values())) == 3
    assert marks == {"mark actual n0": 1, "mark plan n0": 3, "mark outcome n0": 3, "mark naive n0": 1}


def test_a_missing_year_and_what_is_no_number_break_the_line() -> None:
    gap = Series("x", "actual", ((2000, 1.0), (2001, 2.0), (2002, NAN), (2003, 3.0), (2004, INFINITE), (2006, 4.0)))
    text = line_chart([gap], "1", "en", "t", 2005)
    assert not re.search("nan|inf", text)
    (path,) = re.findall('class="line[^"]*" d="([^"]*)"', text)
    assert path.count("M") == 3
    assert path.count("L") == 1


@pytest.mark.parametrize("points", [(), ((2004, 0.0),), ((2004, NAN),), ((2003, 7.0), (2004, 7.0))])
def test_little_or_nothing_to_draw(points: tuple[tuple[int, float], ...]) -> None:
    assert_clear(lines([Series("x", "actual", points)]))


def test_the_band_covers_the_plan_years_only_where_there_are_any() -> None:
    assert count(lines(series()), "band") == 1
    assert count(lines(series(), planned_from=2008), "band") == 0


def test_a_zero_line_where_the_values_cross_zero() -> None:
    assert count(lines(series(-30.0)), "zero") == 1
    assert count(lines([Series("x", "actual", ((2000, 90.0), (2001, 95.0)))]), "zero") == 0


SPANS = [(0.0, 1.0), (97.0, 103.2), (-4.7, 28.4), (1e-6, 2e-6), (0.0, 0.0), (5.0, 5.0), (100.01, 100.05)]


@pytest.mark.parametrize("span", [*SPANS, (3.0, 8e11), (-9.0, -8.0)])
def test_ticks_are_few_round_and_around_the_values(span: tuple[float, float]) -> None:
    ticks, decimals = _ticks([*span])
    assert 4 <= len(ticks) <= 6
    assert ticks[0] <= span[0] + 1e-9 * abs(span[0])
    assert ticks[-1] >= span[1] - 1e-9 * abs(span[1])
    assert len({f"{tick:.{decimals}f}" for tick in ticks}) == len(ticks)


def test_numbers_are_in_the_language() -> None:
    assert "10\u00a0000" in line_chart([Series("x", "actual", ((2000, 0.0), (2001, 9e3)))], "", "kk", "t", 2005)
    assert "10,000" in line_chart([Series("x", "actual", ((2000, 0.0), (2001, 9e3)))], "", "en", "t", 2005)


def test_the_same_each_time() -> None:
    assert line_chart(series(), "₸", "kk", "t", 2005) == line_chart(series(), "₸", "kk", "t", 2005)


def test_hostile_names_are_only_text() -> None:
    name = "<script>alert(1)</script>&\x00\x1b"
    hostile = [Series(name, "plan", ((2004, 1.0), (2005, 2.0)))]
    text = line_chart(hostile, name, "en", name, 2005)
    assert count(ElementTree.fromstring(text), "script") == 0
    assert "<script" not in text


def test_quarters_stand_apart_and_are_named() -> None:
    quarters = Series("x", "plan", tuple((8096 + i, float(i)) for i in range(4)))
    text = line_chart([quarters], "%", "en", "t", 8096, lambda at: f"{at // 4}Q{at % 4 + 1}")
    assert "2024Q1" in text
    assert "x, 2024Q4: 3" in text
    path = re.search(r'class="[^"]*plan[^"]*" d="(M[^"]*L[^"]*)"', text)
    assert path is not None
    across = [float(x) for x in re.findall(r"[ML]([\d.]+) ", path[1])]
    assert across == sorted(set(across))
    assert len(across) == 4
