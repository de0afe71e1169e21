"""Horizontal bars as inline SVG: a structure in two periods, or two sides of a balance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from textwrap import wrap
from typing import NamedTuple

from bagdar.language import Language, number
from bagdar.publish.chart import INK, PALE, WIDTH, Label, breadth, path_of, svg, text_of

_SIZE, _ROW, _TOP, _LEFT = 17.0, 40.0, 60.0, 262.0
_COLOURS = {"base": "#98a2b0", "plan": "#0b5cad", "other": "#b4500a"}
_LINE = 18.0  # the height of a line of a name


class Bar(NamedTuple):
    """A name and its two numbers, either of which may be missing."""

    name: str
    first: float | None
    second: float | None


def paired_bars(
    bars: Sequence[Bar], heads: tuple[str, str], unit: str, decimals: int, language: Language, title: str
) -> str:
    """Two bars a name, one below the other: the earlier number in grey, the later in colour."""
    values = [v for bar in bars for v in (bar.first, bar.second) if v is not None]
    if not values:
        return svg(_TOP, title, unit, "", [], _SIZE)
    room = max(breadth([number(v, language, decimals)], _SIZE) for v in values) + 12
    low, high = min(0.0, *values), max(0.0, *values)
    left = _LEFT + (room if low < 0 else 0)
    scale = (WIDTH - left - room) / ((high - low) or 1.0)
    zero = left - low * scale
    parts = [_key(heads, ("base", "plan"))]
    for row, bar in enumerate(bars):
        top = _TOP + row * _ROW
        parts.append(_name(bar.name, top))
        for css, value, y, thick in (("base", bar.first, top + 6, 9.0), ("plan", bar.second, top + 17, 13.0)):
            if value is not None:
                parts.append(_bar(css, zero, y, value * scale, thick))
                if css == "plan":
                    beside = bar.first if bar.first is not None and bar.first * value > 0 else 0.0
                    end = math.copysign(max(abs(value), abs(beside)) * scale, value)  # clear of the grey bar too
                    parts.append(_value(value, zero, y + thick / 2, end, decimals, language))
    height = _TOP + len(bars) * _ROW + 6
    parts.append(path_of("zero", f"M{zero:.1f} {_TOP}V{height - 6:.1f}", INK))
    return svg(height, title, unit, _told(bars, heads, decimals, language), parts, _SIZE)


def two_sided_bars(
    bars: Sequence[Bar], heads: tuple[str, str], unit: str, decimals: int, language: Language, title: str
) -> str:
    """The first number of a name to the left of the middle line, the second to the right, on one scale."""
    values = [v for bar in bars for v in (bar.first, bar.second) if v is not None]
    if not values:
        return svg(_TOP, title, unit, "", [], _SIZE)
    sides = [
        max((abs(v) for v in side if v is not None), default=0.0)
        for side in ([bar.first for bar in bars], [bar.second for bar in bars])
    ]
    room = max(breadth([number(v, language, decimals)], _SIZE) for v in values) + 12
    scale = (WIDTH - _LEFT - 2 * room) / (sum(sides) or 1.0)
    middle = _LEFT + room + sides[0] * scale
    parts = [_key(heads, ("other", "plan"))]
    for row, bar in enumerate(bars):
        top = _TOP + row * _ROW
        parts.append(_name(bar.name, top))
        for css, value, sign in (("other", bar.first, -1), ("plan", bar.second, 1)):
            if value is not None:
                length = sign * abs(value) * scale
                parts.append(_bar(css, middle, top + 10, length, 18.0))
                parts.append(_value(value, middle, top + 19, length, decimals, language))
    height = _TOP + len(bars) * _ROW + 6
    parts.append(path_of("zero", f"M{middle:.1f} {_TOP}V{height - 6:.1f}", INK))
    return svg(height, title, unit, _told(bars, heads, decimals, language), parts, _SIZE)


def _key(heads: tuple[str, str], classes: tuple[str, str]) -> str:
    """Which colour means what, at the head of the picture."""
    parts = []
    for row, (head, css) in enumerate(zip(heads, classes, strict=True)):
        parts.append(_bar(css, 0, 4 + 26 * row, 16, 14.0))
        parts.append(text_of(Label([head], "key", 22, 11 + 26 * row)))
    return "".join(parts)


def _name(name: str, top: float) -> str:
    """A name in at most two lines, its end cut off if it needs more."""
    folded = (wrap(name, length) or [""] for length in range(34, 6, -1))
    lines = next((lines for lines in folded if breadth(lines, _SIZE) <= _LEFT - 8), wrap(name, 6))
    lines = lines if len(lines) <= 2 else [lines[0], lines[1][: max(1, len(lines[1]) - 2)] + "…"]
    rule = path_of("grid", f"M0 {top - 0.5:.1f}H{WIDTH:g}", PALE)
    label = Label(lines, "name", 0, top + _ROW / 2)
    return rule + text_of(label, leading=_LINE)


def _bar(css: str, start: float, top: float, length: float, thick: float) -> str:
    colour = _COLOURS[css]
    shape = f"M{start:.1f} {top:.1f}h{length:.1f}v{thick:g}h{-length:.1f}z"
    return path_of(f"bar {css}", shape, "none", colour)


def _value(value: float, start: float, y: float, length: float, decimals: int, language: Language) -> str:
    """The number beyond the end of its bar."""
    backwards = math.copysign(1, length) < 0
    x = start + length + (-6 if backwards else 6)
    return text_of(Label([number(value, language, decimals)], "tick", x, y), "end" if backwards else "start")


def _told(bars: Sequence[Bar], heads: tuple[str, str], decimals: int, language: Language) -> str:
    """The picture in words."""
    return "; ".join(
        f"{bar.name}, {head}: {number(value, language, decimals)}"
        for bar in bars
        for head, value in zip(heads, bar[1:], strict=True)
        if value is not None
    )
