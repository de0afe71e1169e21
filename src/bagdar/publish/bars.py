"""Horizontal bars as inline SVG: a structure in two periods, or two sides of a balance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from textwrap import wrap
from typing import NamedTuple

from bagdar.language import Language, number
from bagdar.publish.chart import INK, PALE, WIDTH, Label, breadth, path_of, svg, text_of

_SIZE, _TOP, _LEFT = 17.0, 60.0, 262.0
_ROW, _LINE = 40.0, 18.0  # the least height of a row; that of a line of a name
_COLOURS = {"base": "#98a2b0", "plan": "#0b5cad", "other": "#b4500a"}


class Bar(NamedTuple):
    """A name and its two numbers, either of which may be missing."""

    name: str
    first: float | None
    second: float | None

    @property
    def size(self) -> float:
        """How far the longer of the two reaches."""
        return max(abs(self.first or 0.0), abs(self.second or 0.0))


class _Lane(NamedTuple):
    """Where one of a row's two bars lies: its class, the edge and breadth of the bar, which way a plus points."""

    css: str
    top: float
    thick: float
    sign: int = 1
    told: bool = True  # whether its number stands at its end


_PAIRED = (_Lane("base", 6, 9, told=False), _Lane("plan", 17, 13))
_FACING = (_Lane("other", 11, 18, -1), _Lane("plan", 11, 18))
_CROSSING = (_Lane("other", 3, 16, -1), _Lane("plan", 21, 16))  # a negative number lies on the other's side


def paired_bars(
    bars: Sequence[Bar], heads: tuple[str, str], unit: str, decimals: int, language: Language, title: str
) -> str:
    """Two bars a name, one below the other: the earlier number in grey, the later in colour and written out."""
    return _drawn(bars, _PAIRED, heads, unit, decimals, language, title)


def two_sided_bars(
    bars: Sequence[Bar], heads: tuple[str, str], unit: str, decimals: int, language: Language, title: str
) -> str:
    """The first number of a name to the left of the middle line, the second to the right, on one scale.

    A negative number lies on the other side; where there is one, each row's bars stand one below the other.
    """
    crossing = any(v < 0 for bar in bars for v in (bar.first, bar.second) if v is not None)
    return _drawn(bars, _CROSSING if crossing else _FACING, heads, unit, decimals, language, title)


def _drawn(
    bars: Sequence[Bar],
    lanes: tuple[_Lane, _Lane],
    heads: tuple[str, str],
    unit: str,
    decimals: int,
    language: Language,
    title: str,
) -> str:
    """The key, a row a bar, and the line of zero."""
    values = [v for bar in bars for v in (bar.first, bar.second) if v is not None]
    reached = [lane.sign * v for bar in bars for lane, v in zip(lanes, bar[1:], strict=True) if v is not None]
    if not values:
        return svg(_TOP, title, unit, "", [], _SIZE)
    room = max(breadth([number(v, language, decimals)], _SIZE) for v in values) + 12
    low, high = min(0.0, *reached), max(0.0, *reached)
    left = _LEFT + (room if low < 0 else 0)
    scale = (WIDTH - left - room) / ((high - low) or 1.0)
    zero = left - low * scale
    parts = [_key(heads, (lanes[0].css, lanes[1].css))]
    top = _TOP
    for bar in bars:
        name = _name(bar.name)
        height = max(_ROW, len(name) * _LINE + 6)
        parts.append(path_of("grid", f"M0 {top - 0.5:.1f}H{WIDTH:g}", PALE))
        parts.append(text_of(Label(name, "name", 0, top + height / 2), leading=_LINE))
        parts += _row(bar, lanes, zero, scale, top + (height - _ROW) / 2, decimals, language)
        top += height
    parts.append(path_of("zero", f"M{zero:.1f} {_TOP}V{top:.1f}", INK))
    return svg(top + 6, title, unit, _told(bars, heads, decimals, language), parts, _SIZE)


def _row(
    bar: Bar, lanes: tuple[_Lane, _Lane], zero: float, scale: float, top: float, decimals: int, language: Language
) -> list[str]:
    """The two bars of a row, and their numbers beyond their ends."""
    lengths = [None if v is None else lane.sign * v * scale for lane, v in zip(lanes, bar[1:], strict=True)]
    parts = []
    for lane, value, length in zip(lanes, bar[1:], lengths, strict=True):
        if value is None or length is None:
            continue
        parts.append(_bar(lane.css, zero, top + lane.top, length, lane.thick))
        if lane.told:
            untold = [o for other, o in zip(lanes, lengths, strict=True) if o is not None and not other.told]
            beside = max((abs(o) for o in untold if o * length > 0), default=0.0)  # its number stands clear of that too
            end = math.copysign(max(abs(length), beside), length or lane.sign)
            parts.append(_value(value, zero, top + lane.top + lane.thick / 2, end, decimals, language))
    return parts


def _key(heads: tuple[str, str], classes: tuple[str, str]) -> str:
    """Which colour means what, at the head of the picture."""
    parts = []
    for row, (head, css) in enumerate(zip(heads, classes, strict=True)):
        parts.append(_bar(css, 0, 4 + 26 * row, 16, 14.0))
        parts.append(text_of(Label([head], "key", 22, 11 + 26 * row)))
    return "".join(parts)


def _name(name: str) -> list[str]:
    """A name in as many lines as it needs to end before the bars begin."""
    folded = (wrap(name, length) or [""] for length in range(34, 6, -1))
    return next((lines for lines in folded if breadth(lines, _SIZE) <= _LEFT - 8), wrap(name, 6))


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
