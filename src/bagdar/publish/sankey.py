"""A balance as streams (Sankey 1898): resources flow in from the left, uses flow out to the right."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from bagdar.language import Language, number
from bagdar.publish.chart import INK, WIDTH, Label, breadth, path_of, svg, text_of

_SIZE, _LEADING, _TOP = 16.0, 18.0, 36.0
_NAMES, _BAR, _MIDDLE = 206.0, 10.0, 314.0  # room for names on each side, a node's breadth, where the middle begins
_HEIGHT, _APART = 240.0, 12.0  # of all streams together; the least room between two
_COLOURS = {1: "#0b5cad", -1: "#b4500a"}
_CSS = {1: "plan", -1: "other"}

Part = tuple[str, float, int]  # name, amount, +1 for a resource or -1 for a use


def sankey(parts: Sequence[Part], title: str, unit: str, language: Language, decimals: int) -> str:
    """The picture; '' if there is nothing on one of the sides. Streams are as thick as their amounts.

    What is below nothing flows the other way: it is drawn on the other side, with its minus, so that both sides are
    as thick as each other where the balance closes.
    """
    sides = {sign: [part for part in parts if part[1] * part[2] * sign > 0] for sign in (1, -1)}
    if not all(sides.values()):
        return ""
    whole = max(sum(abs(amount) for _, amount, _ in side) for side in sides.values())
    drawn, lowest = [], 0.0
    for sign, side in sides.items():
        pieces, bottom = _side(sign, side, _HEIGHT / whole, language, decimals)
        drawn += pieces
        lowest = max(lowest, bottom)
    drawn.append(_block("bar base", _MIDDLE, _TOP, _BAR + 2, _HEIGHT, INK))
    told = "; ".join(f"{name}: {number(amount, language, decimals)}" for name, amount, _ in parts)
    return svg(max(lowest, _TOP + _HEIGHT) + 8, title, unit, told, drawn, _SIZE)


def _side(sign: int, side: Sequence[Part], scale: float, language: Language, decimals: int) -> tuple[list[str], float]:
    """(the streams of one side with their names, how far down they reach)."""
    outer = _NAMES if sign > 0 else WIDTH - _NAMES - _BAR
    pieces = []
    at, inner = _TOP, _TOP
    for name, amount, _ in side:
        thick = abs(amount) * scale
        lines = [*_name(name), number(amount, language, decimals)]
        room = max(thick, len(lines) * _LEADING)
        top = at + (room - thick) / 2
        pieces.append(_stream(sign, outer, top, inner, thick))
        pieces.append(_block(f"bar {_CSS[sign]}", outer, top, _BAR, max(thick, 1.0), _COLOURS[sign]))
        x = outer - 8 if sign > 0 else outer + _BAR + 8
        pieces.append(text_of(Label(lines, "name", x, at + room / 2), "end" if sign > 0 else "start", _LEADING))
        at += room + _APART
        inner += thick
    return pieces, at - _APART


def _stream(sign: int, outer: float, top: float, inner: float, thick: float) -> str:
    """A band between a node and the middle, level at both ends."""
    start, end = (outer + _BAR, _MIDDLE) if sign > 0 else (outer, _MIDDLE + _BAR + 2)
    half = (start + end) / 2
    shape = (
        f"M{start:.1f} {top:.1f}C{half:.1f} {top:.1f} {half:.1f} {inner:.1f} {end:.1f} {inner:.1f}"
        f"v{thick:.1f}C{half:.1f} {inner + thick:.1f} {half:.1f} {top + thick:.1f} {start:.1f} {top + thick:.1f}z"
    )
    return path_of(f"bar {_CSS[sign]}", shape, "none", _COLOURS[sign], ' opacity="0.35"')


def _block(css: str, left: float, top: float, wide: float, high: float, colour: str) -> str:
    return path_of(css, f"M{left:.1f} {top:.1f}h{wide:g}v{high:.1f}h-{wide:g}z", "none", colour)


def _name(name: str) -> list[str]:
    """A name in as many lines as it needs to stay on its side."""
    folded = (wrap(name, length) or [""] for length in range(30, 6, -1))
    return next((lines for lines in folded if breadth(lines, _SIZE) <= _NAMES - 8), wrap(name, 6))
