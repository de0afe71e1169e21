"""`maps/<set>.json`: outlines of the areas that a set's labels name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from bagdar.drawing import Outlines, Ring
from bagdar.finding import Finding, Home, finding
from bagdar.folder.rows import unknown_label
from bagdar.folder.text import read_text
from bagdar.plan import LabelSet

_WORDS = ("source", "licence", "attribution")
_SHORTEST = 3  # corners of a ring


def read_maps(
    root: Path, files: list[str], sets: Mapping[str, LabelSet], findings: list[Finding]
) -> dict[str, Outlines]:
    """The outlines by their sets. A broken map, or one without its licence, is left out with a finding."""
    maps = {}
    for file in files:
        if file.startswith("maps/") and file.endswith(".json"):
            group = sets.get(PurePosixPath(file).stem)
            if group is None:
                findings.append(finding("unknown_set", Home(file), found=PurePosixPath(file).stem))
            elif (text := read_text(root, file, findings)) is not None:
                outlines = _outlines(text, file, group, findings)
                if outlines is not None:
                    maps[group.code] = outlines
    return maps


def _outlines(text: str, file: str, group: LabelSet, findings: list[Finding]) -> Outlines | None:
    try:
        told = json.loads(text, object_pairs_hook=_once)
        json.dumps(told, ensure_ascii=False).encode()  # half of a character, as \ud800 is, cannot be printed
    except (ValueError, RecursionError) as problem:
        row = getattr(problem, "lineno", 0)
        said = getattr(problem, "msg", None) or str(problem)
        _unusable(Home(file, row), "JSON", said[:80], '{"areas": {…}}', findings)
        return None
    told = told if isinstance(told, dict) else {}
    for word in _WORDS:
        if not isinstance(told.get(word), str) or not told[word].strip():
            _unusable(Home(file), word, str(told.get(word)), '"CC BY 4.0"', findings)
            return None
    listed = told.get("areas")
    if not isinstance(listed, dict):
        _unusable(Home(file), "areas", str(listed)[:40], '{"north": [[lon, lat, lon, lat, …]]}', findings)
        return None
    areas = {}
    for label, rings in listed.items():
        home = Home(file, _row(text, label))
        read = _rings(rings)
        if label not in group.labels:
            findings.append(unknown_label(home, label, group.code, group.labels))
        elif read is None:
            _unusable(home, label, str(rings)[:40], "[[lon, lat, lon, lat, lon, lat, …]]", findings)
            return None
        else:
            areas[label] = read
    bare = [label for label in group.select() if label not in areas]
    if bare:
        shown = ", ".join(bare[:12]) + (" …" if len(bare) > 12 else "")
        findings.append(finding("label_without_an_outline", Home(file), set=group.code, labels=shown))
    source, licence, attribution = (str(told[word]).strip() for word in _WORDS)
    return Outlines(group.code, areas, source, licence, attribution, Home(file))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; a key that stands in it twice is an error."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"2 × {key!r}")
        found[key] = value
    return found


def _rings(told: Any) -> tuple[Ring, ...] | None:
    """Rings from flat lists of longitudes and latitudes in degrees, None if they are no such thing."""
    rings = []
    for ring in told if isinstance(told, list) else [None]:
        if not isinstance(ring, list) or len(ring) < 2 * _SHORTEST or len(ring) % 2:
            return None
        pairs = list(zip(ring[::2], ring[1::2], strict=True))
        if not all(_within(x, 180) and _within(y, 90) for x, y in pairs):
            return None
        rings.append(tuple((float(x), float(y)) for x, y in pairs))
    return tuple(rings) or None


def _within(value: object, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= most


def _row(text: str, label: str) -> int:
    """The row, from 1, of a label's key."""
    at = text.find(json.dumps(label, ensure_ascii=False) + ":")
    return text.count("\n", 0, at) + 1 if at >= 0 else 0


def _unusable(home: Home, key: str, found: str, expected: str, findings: list[Finding]) -> None:
    findings.append(finding("map_unusable", home, key=key, found=found, expected=expected))
