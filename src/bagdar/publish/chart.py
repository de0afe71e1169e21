"""Charts as inline SVG, 640 units across; a page's style recolours them through their classes.

Kinds differ in dash and marker, not in colour alone: actual (solid, ends in a dot), plan (solid,
squares), outcome (dashed, rings), naive (dotted, ends in a triangle).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise, product
from textwrap import wrap
from typing import TYPE_CHECKING

from bagdar.language import Language, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bagdar.publish.content import Series

WIDTH, HEIGHT, SIZE, LEADING = 640.0, 360.0, 19.0, 22.0
_TOP, _FOOT, _PAD, _GAP = 44.0, 32.0, 14.0, 14.0  # above and below the plot, inside it, before a label
_INK, _PALE, _DOT = "#1b2430", "#d5dae1", "m-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z"
_KINDS = {  # colour without a style, dashes, marker
    "actual": (_INK, "none", _DOT),
    "plan": ("#0b5cad", "none", "m-4.5-4.5h9v9h-9z"),
    "outcome": ("#b4500a", "9 8", _DOT),
    "naive": ("#66707c", "0.1 6.5", "m0-7l6.5 11h-13z"),
}
_WIDTHS = (("шщжмюыфөәwm%@", 0.93), (" .,:;!'|()[]iljtfіїr\u00a0", 0.4))
_FONT = "Noto Sans, DejaVu Sans, Segoe UI, system-ui, sans-serif"
Spot = tuple[float, float]
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML


@dataclass(frozen=True)
class _Label:
    """Lines of text: `x` is their left edge, `y` their middle, `css` their class."""

    lines: Sequence[str]
    css: str
    x: float = 0.0
    y: float = 0.0

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        half = len(self.lines) * LEADING / 2
        return self.x, self.y - half, self.x + _breadth(self.lines), self.y + half


@dataclass(frozen=True)
class _Plot:
    """Where years and values lie in the picture."""

    left: float
    right: float
    bottom: float
    years: tuple[int, int]
    values: tuple[float, float]

    def x(self, year: float) -> float:
        first, last = self.years
        part = (year - first) / (last - first) if last > first else 0.5
        return self.left + _PAD + part * (self.right - self.left - 2 * _PAD)

    def y(self, value: float) -> float:
        low, high = self.values
        return self.bottom - (value - low) / (high - low) * (self.bottom - _TOP)


def line_chart(series: Sequence[Series], unit: str, language: Language, title: str, planned_from: int) -> str:
    """A picture of lines over the years; those from `planned_from` on stand in a tinted band.

    A missing year breaks its line. A line that starts the year after the history of the same name
    (or the only history) is drawn from that history's last point.
    """
    shown = _finite(series)
    if not shown:
        return _svg(HEIGHT, title, unit, "", [])
    shown = [_begun(one, [other for other in shown if other.kind == "actual"]) for one in shown]
    years = [year for one in shown for year, _ in one.points]
    ticks, decimals = _ticks([value for one in shown for _, value in one.points])
    texts = [number(tick, language, decimals) for tick in ticks]
    names = [_Label(_wrapped(one.name), css) for one, css in zip(shown, _classes(shown), strict=True)]
    ending = [i for i, one in enumerate(shown) if one.points[-1][0] == max(years)]
    height = max(HEIGHT, sum(len(names[i].lines) for i in ending) * LEADING + _TOP + _FOOT)
    right = WIDTH - max(_breadth(names[i].lines) for i in ending) - _GAP - 2
    span, reach = (min(years), max(years)), (ticks[0], ticks[-1])
    plot = _Plot(_breadth(texts) + 12, right, height - _FOOT, span, reach)
    lines = [[(plot.x(year), plot.y(value)) for year, value in one.points] for one in shown]
    labels = _apart([replace(names[i], x=right + _GAP, y=lines[i][-1][1]) for i in ending], height)
    parts = [_ground(plot, planned_from, ticks, texts)]
    for i, label in zip(ending, labels, strict=True):
        (x, y), to = lines[i][-1], f"{label.x - 4:.1f} {label.y:.1f}"
        parts.append(_path("leader", f"M{x + 6:.1f} {y:.1f}L{to}", "#98a2b0"))
    for i in sorted(set(range(len(shown))) - set(ending)):
        labels.append(_beside(names[i], plot, lines[i], lines, labels))
    for i in reversed(range(len(shown))):
        parts.append(_line(shown[i], lines[i], names[i].css))
    return _svg(height, title, unit, _told(shown, language), [*parts, *map(_text, labels)])


def bar_chart(
    labels: Sequence[str], series: Sequence[Series], unit: str, language: Language, title: str
) -> str:
    """A picture of lying bars, a group a label; a point's first number is its label's place from 0."""
    shown, names = _finite(series), [_wrapped(label, 20) for label in labels]
    values = [0.0, *(value for one in shown for _, value in one.points)]
    low, high = min(values), max(values)
    decimals = max(0, min(2, 2 - math.floor(math.log10(max(-low, high) or 1))))
    room = _breadth([number(value, language, decimals) for value in values]) + 9
    left = max(map(_breadth, names), default=0.0) + 14 + (room if low < 0 else 0)
    scale = (WIDTH - room - left) / ((high - low) or 1)
    zero, parts, y = left - low * scale, [""], 38.0
    for one, css in zip(shown, _classes(shown), strict=True) if len(shown) > 1 else ():
        parts += [_bar(2, y, 26, css), _text(_Label([one.name], "name", 36, y + 9))]
        y += 24
    start = y = y + 6
    for i, name in enumerate(names):
        space = max(len(shown) * 22.0, len(name) * LEADING)
        parts.append(_text(_Label(name, "name", 2, y + space / 2)))
        for row, (one, css) in enumerate(zip(shown, _classes(shown), strict=True)):
            at = y + (space - len(shown) * 22) / 2 + row * 22
            for value in (v for place, v in one.points if place == i):
                text, end = number(value, language, decimals), zero + value * scale
                x = end + 7 if value >= 0 else end - 7 - _breadth([text])
                parts.append(_bar(min(zero, end), at + 2, abs(end - zero), css))
                parts.append(_text(_Label([text], "value", x, at + 11)))
        y += space + 12
    parts.append(_path("zero", f"M{zero:.1f} {start - 4:.1f}V{y - 8:.1f}", _INK))
    return _svg(y, title, unit, _told(shown, language, labels), parts)


def _finite(series: Sequence[Series]) -> list[Series]:
    """The series in the order of their years, without what is not a finite number."""
    kept = [
        replace(one, points=tuple(sorted(p for p in one.points if math.isfinite(p[1])))) for one in series
    ]
    return [one for one in kept if one.points]


def _begun(one: Series, history: list[Series]) -> Series:
    """The series, if it goes on from a history, begun at that history's last point."""
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


def _apart(labels: list[_Label], height: float) -> list[_Label]:
    """The labels moved up or down until none touches another or leaves the picture."""
    top, bottom = _TOP - 8, height - 20
    order = sorted(range(len(labels)), key=lambda i: labels[i].y)
    halves, middles = [len(label.lines) * LEADING / 2 for label in labels], [label.y for label in labels]
    for i in order:
        middles[i] = max(middles[i], top + halves[i])
        top = middles[i] + halves[i]
    for i in reversed(order):
        middles[i] = min(middles[i], bottom - halves[i])
        bottom = middles[i] - halves[i]
    return [replace(label, y=middle) for label, middle in zip(labels, middles, strict=True)]


def _beside(
    label: _Label, plot: _Plot, own: list[Spot], lines: list[list[Spot]], taken: list[_Label]
) -> _Label:
    """The label above or below its own line where it hides least of lines and other labels."""
    breadth, half = _breadth(label.lines), len(label.lines) * LEADING / 2
    steps = product((pair for line in lines for pair in pairwise(line)), range(17))
    busy = [(a + (c - a) * k / 16, b + (d - b) * k / 16) for ((a, b), (c, d)), k in steps]
    busy += [spot for one in taken for spot in product(one.box[::2], (*one.box[1::2], one.y))] * 99
    places: list[tuple[int, int, _Label]] = []
    for gap, (x, y), side in product((6, 18, 36), reversed(own), (-1, 1)):
        left = max(plot.left + 4, min(x - breadth / 2, plot.right - breadth - 4))
        middle = max(_TOP + half, min(y + side * (half + gap), plot.bottom - half - 2))
        hidden = sum(-4 < a - left < breadth + 4 and abs(b - middle) < half + 2 for a, b in busy)
        places.append((hidden, len(places), replace(label, x=left, y=middle)))
    return min(places)[-1]


def _line(one: Series, spots: list[Spot], css: str) -> str:
    """A line broken at missing years, and its markers."""
    colour, dashes, mark = _KINDS[css.partition(" ")[0]]
    years = [year for year, _ in one.points]
    step = min((b - a for a, b in pairwise(years)), default=1)
    line = marks = ""
    for (x, y), year in zip(spots, years, strict=True):
        line += f"{'L' if year - step in years else 'M'}{x:.1f} {y:.1f}"
        if (one.kind in {"plan", "outcome"} and year > years[0]) or year + step not in years:
            marks += f"M{x:.1f} {y:.1f}{mark}"
    style = f'stroke-width="3" stroke-linecap="round" stroke-dasharray="{dashes}"'
    marked = _path(f"mark {css}", marks, colour, "#fff" if one.kind == "outcome" else colour)
    return _path(f"line {css}", line, colour).replace("/>", f" {style}/>") + marked


def _ground(plot: _Plot, planned_from: int, ticks: list[float], texts: list[str]) -> str:
    """What lies under the lines: the band of plan years, the grid, both axes' texts."""
    (first, last), parts = plot.years, [""]
    if planned_from <= last:
        x = max(plot.left, plot.x(planned_from - 0.5)) if planned_from > first else plot.left
        area = f"M{x:.1f} {_TOP - 8}H{plot.right:.1f}V{plot.bottom:.1f}H{x:.1f}z"
        parts.append(_path("band", area, "none", "#e6f0fa"))
    for tick, text in zip(ticks, texts, strict=True):
        css, colour = ("zero", _INK) if tick == 0 else ("grid", _PALE)
        parts.append(_path(css, f"M{plot.left:.1f} {plot.y(tick):.1f}H{plot.right:.1f}", colour))
        parts.append(_text(_Label([text], "tick", plot.left - 8 - _breadth([text]), plot.y(tick)), "end"))
    every = math.ceil(52 * max(1, last - first) / (plot.right - plot.left - 2 * _PAD))
    for year in range(last, first - 1, -every):
        place = _Label([str(year)], "tick", plot.x(year) - _breadth([str(year)]) / 2, plot.bottom + 19)
        parts.append(_text(place, "middle"))
    return "".join(parts)


def _path(css: str, path: str, colour: str, fill: str = "none") -> str:
    return f'<path class="{css}" d="{path}" stroke="{colour}" fill="{fill}"/>'


def _bar(x: float, y: float, breadth: float, css: str) -> str:
    """A bar; its outline and fill say its kind."""
    colour, dashes, _ = _KINDS[css.partition(" ")[0]]
    style = f'stroke-width="2" fill-opacity="{1 if dashes == "none" else 0.15}" stroke-dasharray="{dashes}"'
    area = f"M{x:.1f} {y:.1f}h{breadth:.1f}v18h{-breadth:.1f}z"
    return _path(f"bar {css}", area, colour, colour).replace("/>", f" {style}/>")


def _text(label: _Label, anchor: str = "start") -> str:
    """The label's lines one below another."""
    left, top, right, _ = label.box
    x = {"start": left, "middle": (left + right) / 2, "end": right}[anchor]
    colour = _KINDS.get(label.css.partition(" ")[0], _KINDS["actual"])[0]
    head = f'<text class="{label.css}" fill="{colour}" text-anchor="{anchor}" x="{x:.1f}" y='
    places = (top + LEADING * (i + 0.77) for i in range(len(label.lines)))
    return "".join(f'{head}"{y:.1f}">{escape(t)}</text>' for y, t in zip(places, label.lines, strict=True))


def _svg(height: float, title: str, unit: str, told: str, parts: Sequence[str]) -> str:
    """The picture from its parts, without the letters that XML forbids."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {WIDTH:g} {height:g}"'
    font = f'font-family="{_FONT}" font-size="{SIZE:g}"'
    words = f"<title>{escape(title)}</title><desc>{escape(told)}</desc>"
    body = _text(_Label([unit], "unit", 2, 14)) + "".join(parts)
    return _FORBIDDEN.sub("", f'{head} width="100%" role="img" {font}>{words}{body}</svg>')


def _told(shown: list[Series], language: Language, labels: Sequence[str] = ()) -> str:
    """The series in words: a line's first and last number, every bar's."""
    told = []
    for one in shown:
        points = one.points if labels else dict.fromkeys((one.points[0], one.points[-1]))
        numbers = (f"{labels[at] if labels else at}: {number(value, language)}" for at, value in points)
        told.append(f"{one.name}: {'; '.join(numbers)}.")
    return " ".join(told)


def _classes(shown: list[Series]) -> list[str]:
    """A class for each series: its kind, and the how-manieth of that kind it is."""
    kinds = [one.kind if one.kind in _KINDS else "naive" for one in shown]
    return [f"{kind} n{kinds[:i].count(kind)}" for i, kind in enumerate(kinds)]


def _wrapped(text: str, length: int = 12) -> list[str]:
    """The text in lines of that many letters, a few more if a word needs them."""
    longest = max(map(len, text.split()), default=0)
    return wrap(text, max(length, min(18, longest))) or [""]


def _breadth(lines: Sequence[str]) -> float:
    """About how long the longest line is in the widest of the fonts."""
    known = {letter: width for letters, width in _WIDTHS for letter in letters}
    sums = [sum(known.get(x, 0.8 if x.isupper() else 0.64) for x in line) for line in lines]
    return max(sums, default=0.0) * SIZE
