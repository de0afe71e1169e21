#!/usr/bin/env python3
"""Simplifies open outlines of regions for a plan's map: GeoJSON -> maps/<set>.json.

    scripts/outlines.py regions.geojson examples/kazakhstan/maps/region.json --name shapeISO \
        --codes KZ-AKM=AKM KZ-AKT=AKT KZ-ALA=ALA KZ-ALM=ALM KZ-AST=AST KZ-ATY=ATY KZ-KAR=KRG KZ-KUS=KST \
                KZ-KZY=KZL KZ-MAN=MNG KZ-PAV=PVL KZ-SEV=SKO KZ-VOS=VKO KZ-YUZ=YKO KZ-ZHA=ZHM KZ-ZAP=ZKO \
        --source "…" --licence "…" --attribution "…"

Borders are cut into arcs where the regions beside them change, and every arc is simplified once for all its
regions (Visvalingam and Whyatt 1993: the corner of least triangle goes first), so that neighbours do not gap.
"""

from __future__ import annotations

import argparse
import heapq
import json
import math
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

Point = tuple[float, float]
Arc = tuple[Point, ...]
KM = 111.32  # a degree of latitude


def main() -> None:
    """Read, simplify, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("geojson", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--name", required=True, help="the property that names a region")
    parser.add_argument("--codes", nargs="+", required=True, help="NAME=LABEL, a pair each region")
    parser.add_argument("--area", type=float, default=20.0, help="the least triangle or island kept, square km")
    for word in ("source", "licence", "attribution"):
        parser.add_argument(f"--{word}", required=True)
    told = parser.parse_args()
    codes = dict(pair.split("=", 1) for pair in told.codes)
    regions = {}
    for feature in json.loads(told.geojson.read_text("utf-8"))["features"]:
        shape = feature["geometry"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        rings = [tuple((x, y) for x, y, *_ in ring[:-1]) for polygon in polygons for ring in polygon]
        regions[codes[feature["properties"][told.name]]] = rings
    areas = simplified(regions, told.area)
    head = {word: getattr(told, word) for word in ("source", "licence", "attribution")}
    lines = [f"{json.dumps(word)}: {json.dumps(text, ensure_ascii=False)}" for word, text in head.items()]
    rows = [f'  "{code}": {json.dumps(flat(rings), separators=(",", ":"))}' for code, rings in sorted(areas.items())]
    told.out.parent.mkdir(parents=True, exist_ok=True)
    told.out.write_text("{\n" + ",\n".join([*lines, '"areas": {\n' + ",\n".join(rows) + "\n}"]) + "\n}\n", "utf-8")
    print(f"{told.out}: {told.out.stat().st_size / 1000:.0f} kB, {sum(map(len, areas.values()))} rings")


def simplified(regions: dict[str, list[Arc]], area: float) -> dict[str, list[Arc]]:
    """The rings of every region with arcs simplified once; islands below `area` go, unless a region's largest."""
    owners = defaultdict(set)
    for code, rings in regions.items():
        for ring in rings:
            for edge in edges(ring):
                owners[edge].add(code)
    junctions = {
        ring[i]
        for rings in regions.values()
        for ring in rings
        for i in range(len(ring))
        if owners[edge_of(ring[i - 1], ring[i])] != owners[edge_of(ring[i], ring[(i + 1) % len(ring)])]
    }
    known: dict[Arc, Arc] = {}
    result = {}
    for code, rings in regions.items():
        largest = max(rings, key=lambda ring: abs(size(ring)))
        kept = [ring for ring in rings if ring is largest or abs(size(ring)) >= area]
        result[code] = [joined([simple(arc, area, known) for arc in arcs(ring, junctions)]) for ring in kept]
    return result


def edge_of(a: Point, b: Point) -> frozenset[Point]:
    """An edge, whichever way it is walked."""
    return frozenset((a, b))


def edges(ring: Arc) -> list[frozenset[Point]]:
    """The edges of a ring."""
    return [edge_of(ring[i - 1], ring[i]) for i in range(len(ring))]


def arcs(ring: Arc, junctions: set[Point]) -> list[Arc]:
    """A ring cut at its junctions; one without any, or with one, at its least corner and at the farthest from it."""
    cuts = [i for i, corner in enumerate(ring) if corner in junctions]
    if len(cuts) < 2:
        first = cuts[0] if cuts else ring.index(min(ring))
        far = max(range(len(ring)), key=lambda i: math.dist(ring[i], ring[first]))
        cuts = sorted((first, far))
    turned = ring[cuts[0] :] + ring[: cuts[0]] + (ring[cuts[0]],)
    places = [cut - cuts[0] for cut in cuts] + [len(ring)]
    return [turned[a : b + 1] for a, b in pairwise(places)]


def simple(arc: Arc, area: float, known: dict[Arc, Arc]) -> Arc:
    """The arc simplified, the same whichever way it is walked."""
    backwards = arc[::-1] < arc
    key = arc[::-1] if backwards else arc
    if key not in known:
        known[key] = visvalingam(key, area)
    return known[key][::-1] if backwards else known[key]


def visvalingam(arc: Arc, area: float) -> Arc:
    """An arc without the corners whose triangles are below `area`; both ends stay, and a corner of a closed arc."""
    before, after = list(range(-1, len(arc) - 1)), list(range(1, len(arc) + 1))
    gone = [False] * len(arc)
    heap = [(abs(size((arc[i - 1], arc[i], arc[i + 1]))), i) for i in range(1, len(arc) - 1)]
    heapq.heapify(heap)
    least = {i: value for value, i in heap}
    left = len(heap)
    while heap and left > 1:
        value, i = heapq.heappop(heap)
        if gone[i] or value != least[i]:
            continue
        if value >= area:
            break
        gone[i], left = True, left - 1
        a, b = before[i], after[i]
        after[a], before[b] = b, a
        for j in (a, b):
            if 0 < j < len(arc) - 1:  # a corner never becomes cheaper than one that went before it
                least[j] = max(value, abs(size((arc[before[j]], arc[j], arc[after[j]]))))
                heapq.heappush(heap, (least[j], j))
    return tuple(corner for corner, out in zip(arc, gone, strict=True) if not out)


def joined(parts: list[Arc]) -> Arc:
    """Arcs end to end as a ring."""
    return tuple(corner for part in parts for corner in part[:-1])


def size(ring: Arc) -> float:
    """The area of a ring in square kilometres, signed."""
    shrink = math.cos(math.radians(sum(y for _, y in ring) / len(ring)))
    twice = sum(
        (ring[i - 1][0] - ring[0][0]) * (ring[i][1] - ring[0][1])
        - (ring[i][0] - ring[0][0]) * (ring[i - 1][1] - ring[0][1])
        for i in range(len(ring))
    )
    return twice / 2 * KM * KM * shrink


def flat(rings: list[Arc]) -> list[list[float]]:
    """Rings as longitudes and latitudes in turn, to a hundredth of a degree."""
    return [[round(value, 2) for corner in ring for value in corner] for ring in rings]


if __name__ == "__main__":
    main()
