"""Charts as inline SVG, 640 units across; a page's style recolours them through their classes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from itertools import pairwise, product
from textwrap import wrap
from typing import NamedTuple

from bagdar.language import Language, number
from bagdar.publish.content import Series

Line = list[tuple[float, float]]
Shown = dict[str, Series]  # by class: a kind and the how-manieth of it
Texts = Sequence[str]
Fan = Sequence[tuple[int, float, float]]

WIDTH, HEIGHT, SIZE, LEADING = 640.0, 360.0, 19.0, 22.0
_TOP, _FOOT, _PAD, _GAP = 44.0, 32.0, 14.0, 14.0  # above and below the plot, inside it, before a label
INK, PALE, _DOT = "#1b2430", "#d5dae1", "m-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z"
_KINDS = {  # colour without a style, dashes, marker: kinds differ in shape too
    "actual": (INK, "none", _DOT),
    "plan": ("#0b5cad", "none", "m-4.5-4.5h9v9h-9z"),
    "outcome": ("#b4500a", "9 8", _DOT),
    "naive": ("#66707c", "0.1 6.5", "m0-7l6.5 11h-13z"),
}
_WIDTHS = dict.fromkeys("шщжмюыфөәwm%@", 0.93) | dict.fromkeys(" .,:;!'|()[]iljtfіїr\u00a0", 0.4)
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML


class Label(NamedTuple):
    """Lines of text of class `css` about the height `y`, beginning (or as `text_of` is told) at `x`."""

    lines: Texts
    css: str
    x: float = 0.0
    y: float = 0.0

    def rows(self, leading: float = LEADING) -> list[tuple[float, float, str]]:
        """Each line with its edge and its middle."""
        top = self.y - (len(self.lines) - 1) * leading / 2
        return [(self.x, top + row * leading, line) for row, line in enumerate(self.lines)]


class _Plot(NamedTuple):
    """Where years and values lie in the picture."""

    left: float
    right: float
    bottom: float
    years: tuple[int, int]
    values: tuple[float, float]

    def at(self, year: float, value: float) -> tuple[float, float]:
        (first, last), (low, high) = self.years, self.values
        part = (year - first + (first == last) / 2) / max(1, last - first)
        x = self.left + _PAD + part * (self.right - self.left - 2 * _PAD)
        return x, self.bottom - (value - low) / (high - low) * (self.bottom - _TOP)


def line_chart(
    series: Sequence[Series],
    unit: str,
    language: Language,
    title: str,
    planned_from: int,
    name: Callable[[int], str] = str,
    fan: Fan = (),
) -> str:
    """A picture of lines over periods, from `planned_from` on in a tinted band; a gap breaks a line.

    Periods are counted (`Period.ordinal`: for years the year itself), and `name` writes one out. `fan` is a band
    about the plan's line: (counted period, lowest, highest) in order; it opens at the last actual point.
    """
    shown = _finite(series)
    if not shown:
        return svg(HEIGHT, title, unit, "", [])
    shown = {css: _begun(one, shown) for css, one in shown.items()}
    years = sorted(year for one in shown.values() for year, _ in one.points)
    spread = [value for _, low, high in fan for value in (low, high)]
    ticks, decimals = _ticks([value for one in shown.values() for _, value in one.points] + spread)
    texts = [number(tick, language, decimals) for tick in ticks]
    names = {css: Label(wrapped(one.name), css) for css, one in shown.items()}
    ending = [css for css, one in shown.items() if one.points[-1][0] == years[-1]]
    height = max(HEIGHT, sum(len(names[css].lines) for css in ending) * LEADING + _TOP + _FOOT)
    right = WIDTH - max(breadth(names[css].lines) for css in ending) - _GAP - 2
    plot = _Plot(breadth(texts) + 12, right, height - _FOOT, (years[0], years[-1]), (ticks[0], ticks[-1]))
    lines = {css: [plot.at(*point) for point in one.points] for css, one in shown.items()}
    labels = _apart([names[css]._replace(x=right + _GAP, y=lines[css][-1][1]) for css in ending], height)
    leads = (f"M{right - 8:.1f} {lines[one.css][-1][1]:.1f}L{one.x - 4:.1f} {one.y:.1f}" for one in labels)
    parts = [
        _ground(plot, planned_from, ticks, texts, name),
        _fan(fan, shown, plot),
        path_of("leader", "".join(leads), "#98a2b0"),
    ]
    for css in (css for css in shown if css not in ending):
        labels.append(_beside(names[css], plot, lines[css], [*lines.values()], labels))
    parts += reversed([_line(one, lines[css], css) for css, one in shown.items()])
    return svg(height, title, unit, _told(shown, language, name, decimals + 2), [*parts, *map(text_of, labels)])


def _fan(fan: Fan, shown: Shown, plot: _Plot) -> str:
    """The band about the plan, opening at the last actual point before it."""
    if not fan:
        return ""
    past = [point for css, one in shown.items() if css.startswith("actual") for point in one.points]
    opening = [(year, value, value) for year, value in past if year == fan[0][0] - 1][:1]
    edge = [*opening, *fan]
    around = [(year, high) for year, _, high in edge] + [(year, low) for year, low, _ in reversed(edge)]
    corners = (f"{x:.1f} {y:.1f}" for x, y in (plot.at(year, value) for year, value in around))
    return path_of("fan", f"M{'L'.join(corners)}z", "none", "#bcd6ef")


def _finite(series: Sequence[Series]) -> Shown:
    """The series by class, in order of years, finite numbers only."""
    shown: Shown = {}
    for one in series:
        kind = one.kind if one.kind in _KINDS else "naive"
        if points := sorted(point for point in one.points if math.isfinite(point[1])):
            css = f"{kind} n{sum(css.startswith(kind) for css in shown)}"
            shown[css] = replace(one, points=tuple(points))
    return shown


def _begun(one: Series, shown: Shown) -> Series:
    """The series, if it goes on from a history, begun at that history's last point."""
    history = [other for other in shown.values() if other.kind == "actual"]
    own = [h.points[-1] for h in history if len(history) == 1 or h.name == one.name]
    return replace(one, points=(own[0], *one.points)) if own and one.points[0][0] == own[0][0] + 1 else one


def _ticks(values: list[float]) -> tuple[list[float], int]:
    """Four to six round numbers that span the values, and their decimals; zero where it is near."""
    low, high = min(values), max(values)
    if high - low <= 1e-9 * max(-low, high):
        low, high = low - (abs(low) / 10 or 1.0), high + (abs(high) / 10 or 1.0)
    low, high = (0.0 if 0 < low < 0.4 * high else low), (0.0 if 0 > high > 0.4 * low else high)
    power = math.floor(math.log10(high - low)) - 1
    for place, share in product((power, power + 1), (1.0, 2.0, 2.5, 5.0)):
        step = share * 10.0**place
        first, last = math.floor(round(low / step, 6)), math.ceil(round(high / step, 6))
        if last - first <= 5:
            break
    return [k * step for k in range(first, last + 1)], max(0, (share == 2.5) - place)


def _apart(labels: list[Label], height: float) -> list[Label]:
    """The labels from top to bottom, moved until none touches another or leaves the picture."""
    above, shift, placed = 0.0, _TOP - 8, []
    most = height - 20 - sum(len(label.lines) for label in labels) * LEADING
    for label in sorted(labels, key=lambda one: one.y):
        half = len(label.lines) * LEADING / 2
        shift = max(shift, min(label.y - above - half, most))
        placed.append(label._replace(y=shift + above + half))
        above += 2 * half
    return placed


def _beside(label: Label, plot: _Plot, own: Line, lines: list[Line], taken: list[Label]) -> Label:
    """The label above or below its own line where it hides least of lines and other labels."""
    length, half = breadth(label.lines), len(label.lines) * LEADING / 2
    rows = [[(x, y), (x + breadth(one.lines), y)] for one in taken for x, y, _ in one.rows()]
    steps = product((pair for line in (*lines, *rows) for pair in pairwise(line)), range(17))
    busy = [(a + (c - a) * k / 16, b + (d - b) * k / 16) for ((a, b), (c, d)), k in steps]
    places: list[tuple[int, int, Label]] = []
    for gap, (x, y), side in product((9, 20, 36), reversed(own), (-1, 1)):
        left = max(plot.left + 4, min(x - length / 2, plot.right - length - 4))
        middle = max(_TOP + half, min(y + side * (half + gap), plot.bottom - half - 2))
        hidden = sum(-4 < a - left < length + 4 and abs(b - middle) < half + 4 for a, b in busy)
        places.append((hidden, len(places), label._replace(css=f"{label.css} within", x=left, y=middle)))
    return min(places)[-1]


def _line(one: Series, spots: Line, css: str) -> str:
    """A line broken at missing years, and its markers."""
    colour, dashes, mark = _KINDS[css.partition(" ")[0]]
    years = [year for year, _ in one.points]
    step = min((b - a for a, b in pairwise(years)), default=1)
    line = marks = ""
    for (x, y), year in zip(spots, years, strict=True):
        line += f"{'L' if year - step in years else 'M'}{x:.1f} {y:.1f}"
        if (one.kind in {"plan", "outcome"} and year > years[0]) or year + step not in years:
            marks += f"M{x:.1f} {y:.1f}{mark}"
    style = f' stroke-width="3" stroke-linecap="round" stroke-dasharray="{dashes}"'
    marked = path_of(f"mark {css}", marks, colour, "#fff" if one.kind == "outcome" else colour)
    return path_of(f"line {css}", line, colour, style=style) + marked


def _ground(plot: _Plot, planned_from: int, ticks: list[float], texts: list[str], name: Callable[[int], str]) -> str:
    """What lies under the lines: the band of plan years, the grid, both axes' texts."""
    (first, last), parts = plot.years, [""]
    if planned_from <= last:
        x = max(plot.left, plot.at(max(planned_from, first) - 0.5, 0)[0])
        area = f"M{x:.1f} {_TOP - 8}H{plot.right:.1f}V{plot.bottom}H{x:.1f}z"
        parts.append(path_of("band", area, "none", "#e6f0fa"))
    for tick, text in zip(ticks, texts, strict=True):
        y, (css, colour) = plot.at(first, tick)[1], ("zero", INK) if tick == 0 else ("grid", PALE)
        parts.append(path_of(css, f"M{plot.left:.1f} {y:.1f}H{plot.right:.1f}", colour))
        parts.append(text_of(Label([text], "tick", plot.left - 8, y), "end"))
    every = math.ceil((breadth([name(last)]) + 8) * max(1, last - first) / (plot.right - plot.left - 2 * _PAD))
    for year in range(last, first - 1, -every):
        parts.append(text_of(Label([name(year)], "tick", plot.at(year, 0)[0], plot.bottom + 20), "middle"))
    return "".join(parts)


def path_of(css: str, path: str, colour: str, fill: str = "none", style: str = "") -> str:
    """A path of class `css`; a page's style recolours it."""
    return f'<path class="{css}" d="{path}" stroke="{colour}" fill="{fill}"{style}/>'


def text_of(label: Label, anchor: str = "start", leading: float = LEADING) -> str:
    """The label's lines one below another."""
    colour = _KINDS.get(label.css.partition(" ")[0], _KINDS["actual"])[0]
    head = f'<text class="{label.css}" fill="{colour}" text-anchor="{anchor}"'
    return "".join(f'{head} x="{x:.1f}" y="{y + 6.6:.1f}">{escape(row)}</text>' for x, y, row in label.rows(leading))


def svg(height: float, title: str, unit: str, told: str, parts: Texts, size: float = SIZE) -> str:
    """The picture from its parts, without the letters that XML forbids."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {WIDTH:g} {height:g}"'
    font = f'width="100%" role="img" font-family="sans-serif" font-size="{size:g}"'
    words = f"<title>{escape(title)}</title><desc>{escape(told)}</desc>"
    body = "".join([words, text_of(Label([unit], "unit", 2, 14)), *parts])
    return _FORBIDDEN.sub("", f"{head} {font}>{body}</svg>")


def _told(shown: Shown, language: Language, name: Callable[[int], str], decimals: int) -> str:
    """The picture in words: each point's series, period and number, with no more decimals than one can see."""
    points = [(one.name, *point) for one in shown.values() for point in one.points]
    return "; ".join(f"{who}, {name(at)}: {number(round(v, decimals), language)}" for who, at, v in points)


def wrapped(text: str, length: int = 12) -> list[str]:
    """The text in lines of that many letters, a few more if a word needs them."""
    return wrap(text, max(length, min(18, max(map(len, text.split()), default=0)))) or [""]


def breadth(lines: Texts, size: float = SIZE) -> float:
    """About how long the longest line is in the widest of the fonts."""
    sums = (sum(_WIDTHS.get(letter, 0.8 if letter.isupper() else 0.64) for letter in line) for line in lines)
    return size * max(sums, default=0.0)
