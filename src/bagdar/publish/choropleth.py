"""A map of areas in five classes as inline SVG."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import pairwise
from textwrap import wrap
from typing import NamedTuple

from bagdar.drawing import Ring
from bagdar.language import Language, number
from bagdar.publish.chart import WIDTH, Label, breadth, svg, text_of

CLASSES = 5
_COLOURS = ("#dcebf7", "#abcfe8", "#6aa9d6", "#2f7ab8", "#0b4a80")
_NONE = "#e3e6ea"
_SIZE, _PLACE, _PAD = 17.0, 14.5, 6.0
_SMALL = 90.0  # square units: a smaller area is drawn as a dot
Spot = tuple[float, float]


class Class(NamedTuple):
    """A class of values: from its lowest to its highest."""

    low: float
    high: float


def classes(values: Sequence[float], most: int = CLASSES) -> list[Class]:
    """At most `most` classes of about equally many values (quantiles); equal values share a class."""
    ordered = sorted(values)
    cuts = [round(len(ordered) * k / most) for k in range(most + 1)]
    found: list[Class] = []
    for start, end in pairwise(cuts):
        kept = [v for v in ordered[start:end] if not found or v > found[-1].high]
        if kept:
            highest = kept[-1]
            found.append(Class(kept[0], highest))
    return found


def choropleth(
    areas: Mapping[str, tuple[Ring, ...]],
    values: Mapping[str, float],
    names: Mapping[str, str],
    unit: str,
    decimals: int,
    language: Language,
    title: str,
) -> str:
    """The areas coloured by the class of their value, with a legend; an area without one is grey.

    Each has its name and its place among `areas`, counted from 1: a page shows the one or the other.

    Albers' conic projection, which keeps areas in proportion: standard parallels a sixth from the south and the
    north of what is drawn (Snyder 1987, equations 14-1 to 14-6, on the sphere).
    """
    shapes, height = _placed(areas)
    values = {label: round(value, decimals) for label, value in values.items()}  # classes of what the reader sees
    found = classes([v for label, v in values.items() if label in areas])
    legend = _legend(found, decimals, language, height)
    short = short_names([names.get(label, label) for label in shapes])
    drawn, dots, places = [], [], []
    for nth, (label, rings) in enumerate(shapes.items(), 1):
        value = values.get(label)
        colour = _NONE if value is None else _COLOURS[_class(value, found) * (CLASSES - 1) // max(1, len(found) - 1)]
        said = f"{names.get(label, label)}: {'—' if value is None else number(value, language, decimals)}"
        tip = f"<title>{escape(said)}</title>"
        largest = max(rings, key=lambda ring: abs(_area(ring)))
        outline = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "z" for ring in rings)
        drawn.append(f'<path class="area" d="{outline}" fill="{colour}" stroke="#fff" fill-rule="evenodd">{tip}</path>')
        x, y = _middle(largest)
        small = abs(_area(largest)) < _SMALL
        if small:
            dots.append(
                f'<circle class="area" cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{colour}" stroke="#fff">{tip}</circle>'
            )
        lines = wrap(short[names.get(label, label)], 12, break_long_words=False)
        places.append(text_of(Label(lines, "place", x, y + (17 if small else 0)), "middle", _PLACE))
        places.append(text_of(Label([str(nth)], "nth", x, y + (24 if small else 0)), "middle"))
    told = "; ".join(
        f"{names.get(label, label)}: {number(values[label], language, decimals)}" for label in shapes if label in values
    )
    foot = height + 30 * math.ceil(len(found) / _columns(found, decimals, language)) + 8
    return svg(foot, title, unit, told, [*drawn, *dots, *places, *legend], _SIZE)


def short_names(names: Sequence[str]) -> dict[str, str]:
    """Names without the words that a third of them or more share, such as "oblast", if anything is left."""
    counts = Counter(word for name in names for word in set(name.split()))
    common = {word for word, count in counts.items() if count > max(1, len(names) / 3)}
    return {name: " ".join(w for w in name.split() if w not in common) or name for name in names}


def _class(value: float, found: Sequence[Class]) -> int:
    return next((i for i, one in enumerate(found) if value <= one.high), len(found) - 1)


def _placed(areas: Mapping[str, tuple[Ring, ...]]) -> tuple[dict[str, list[list[Spot]]], float]:
    """The areas projected into the picture's width, and the height that they take."""
    corners = [corner for rings in areas.values() for ring in rings for corner in ring]
    if not corners:
        return {}, 40.0
    project = _albers([x for x, _ in corners], [y for _, y in corners])
    shapes = {label: [[project(*corner) for corner in ring] for ring in rings] for label, rings in areas.items()}
    spots = [spot for rings in shapes.values() for ring in rings for spot in ring]
    west, east = min(x for x, _ in spots), max(x for x, _ in spots)
    north, south = max(y for _, y in spots), min(y for _, y in spots)
    scale = (WIDTH - 2 * _PAD) / ((east - west) or 1.0)
    top = 12.0
    moved = {
        label: [[(_PAD + (x - west) * scale, top + (north - y) * scale) for x, y in ring] for ring in rings]
        for label, rings in shapes.items()
    }
    return moved, top + (north - south) * scale + 14


def _albers(east: Sequence[float], north: Sequence[float]) -> Callable[[float, float], Spot]:
    """Albers' equal-area conic about the middle of these degrees."""
    low, high = min(north), max(north)
    first, second = (math.radians(low + (high - low) * share) for share in (1 / 6, 5 / 6))
    middle, origin = math.radians((min(east) + max(east)) / 2), math.radians((low + high) / 2)
    n = (math.sin(first) + math.sin(second)) / 2
    n = n if abs(n) > 1e-6 else 1e-6  # on the equator the cone is a cylinder
    c = math.cos(first) ** 2 + 2 * n * math.sin(first)
    reach = math.sqrt(max(0.0, c - 2 * n * math.sin(origin))) / n

    def project(longitude: float, latitude: float) -> Spot:
        angle = n * (math.radians(longitude) - middle)
        radius = math.sqrt(max(0.0, c - 2 * n * math.sin(math.radians(latitude)))) / n
        return radius * math.sin(angle), reach - radius * math.cos(angle)

    return project


def _area(ring: Sequence[Spot]) -> float:
    return sum(a * d - c * b for (a, b), (c, d) in zip(ring, [*ring[1:], ring[0]], strict=True)) / 2


def _middle(ring: Sequence[Spot]) -> Spot:
    """The centroid of a ring."""
    area = _area(ring)
    if abs(area) < 1e-9:
        return ring[0]
    pairs = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    x = sum((a + c) * (a * d - c * b) for (a, b), (c, d) in pairs) / (6 * area)
    y = sum((b + d) * (a * d - c * b) for (a, b), (c, d) in pairs) / (6 * area)
    return x, y


def _range(one: Class, decimals: int, language: Language) -> str:
    low, high = number(one.low, language, decimals), number(one.high, language, decimals)
    return low if low == high else f"{low} – {high}"


def _columns(found: Sequence[Class], decimals: int, language: Language) -> int:
    """How many classes stand beside one another in the legend."""
    widest = max((breadth([_range(one, decimals, language)], _SIZE) for one in found), default=0.0)
    return max(1, min(len(found) or 1, int(WIDTH // (widest + 46))))


def _legend(found: Sequence[Class], decimals: int, language: Language, top: float) -> list[str]:
    """A swatch and a range a class."""
    across = _columns(found, decimals, language)
    parts = []
    for i, one in enumerate(found):
        x, y = _PAD + (i % across) * (WIDTH / across), top + 30 * (i // across)
        colour = _COLOURS[i * (CLASSES - 1) // max(1, len(found) - 1)]
        parts.append(f'<path class="area" d="M{x:.1f} {y:.1f}h22v16h-22z" fill="{colour}" stroke="#8a94a1"/>')
        parts.append(text_of(Label([_range(one, decimals, language)], "tick", x + 30, y + 8)))
    return parts
