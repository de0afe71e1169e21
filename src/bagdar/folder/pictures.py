"""`[[picture]]` in `plan.toml`: what is drawn."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any, cast

from bagdar.drawing import KINDS, Kind, Picture
from bagdar.finding import Finding, Home, finding
from bagdar.folder.text import read_toml, row_of
from bagdar.period import Period
from bagdar.plan import SECTIONS, Indicator, Plan

# What every kind takes, and what each takes besides.
KEYS = ("kind", "indicator", "section")
MORE: dict[Kind, tuple[str, ...]] = {
    "path": ("labels",),
    "structure": ("period",),
    "two_sided": ("against", "period"),
    "map": ("period",),
}
PLACES = ("headline", "structure", *SECTIONS, "other")


def read_pictures(root: Path, frame: Plan, maps: Collection[str], findings: list[Finding]) -> tuple[Picture, ...]:
    """The pictures that can be drawn; what cannot is a finding. `maps` are the sets whose outlines there are."""
    read = read_toml(root, "plan.toml", [])
    if read is None:
        return ()
    told, text = read
    listed = told.get("picture", [])
    if not isinstance(listed, list):
        facts = {"key": "picture", "found": str(listed)[:40], "expected": "[[picture]]"}
        findings.append(finding("picture_unusable", Home("plan.toml", row_of(text, "picture")), **facts))
        return ()
    pictures, row = [], 0
    for entry in listed:
        row = row_of(text, "picture", row)
        wrong = _fault(entry, frame, maps)
        if wrong is not None:
            key, expected = wrong
            found = str(entry.get(key, "") if isinstance(entry, dict) else entry)[:60]
            home = Home("plan.toml", row_of(text, key, row) or row)
            findings.append(finding("picture_unusable", home, key=key, found=found, expected=expected))
        else:
            pictures.append(_picture(entry, Home("plan.toml", row)))
    return tuple(pictures)


def _picture(entry: dict[str, Any], home: Home) -> Picture:
    return Picture(
        cast("Kind", entry["kind"]),
        entry["indicator"],
        entry.get("against", ""),
        tuple(entry.get("labels", ())),
        Period.parse(entry["period"]) if "period" in entry else None,
        entry.get("section", ""),
        home,
    )


def _fault(entry: Any, frame: Plan, maps: Collection[str]) -> tuple[str, str] | None:
    """The first key that cannot be used, and what it should be."""
    if not isinstance(entry, dict):
        return "picture", '[[picture]] kind = "path"'
    kind = next((kind for kind in KINDS if kind == entry.get("kind")), None)
    if kind is None:
        return "kind", ", ".join(KINDS)
    known = (*KEYS, *MORE[kind])
    strange = sorted(entry.keys() - set(known))
    if strange:
        return strange[0], ", ".join(known)
    code = entry.get("indicator")
    indicator = frame.indicators.get(code) if isinstance(code, str) else None
    if indicator is None or indicator.role == "coefficient":
        return "indicator", ", ".join(c for c, i in frame.indicators.items() if i.role != "coefficient")[:60] + " …"
    if "section" in entry and entry["section"] not in PLACES:
        return "section", ", ".join(PLACES)
    written = entry.get("period")
    period = Period.parse(written) if isinstance(written, str) else None
    # The others are drawn beside the base period.
    shown = [p for p in frame.header.periods if kind == "map" or p > frame.header.base]
    if "period" in entry and period not in shown:
        return "period", f"{shown[0]}–{shown[-1]}"
    return _unfit(entry, indicator, frame, maps)


def _unfit(entry: dict[str, Any], indicator: Indicator, frame: Plan, maps: Collection[str]) -> tuple[str, str] | None:
    """What keeps a picture of this kind from being drawn of this indicator."""
    kind, dims = entry["kind"], indicator.dims
    if kind == "path":
        labels = entry.get("labels", [])
        fits = isinstance(labels, list) and len(labels) == len(dims)
        sets = [frame.sets[dim].labels for dim in dims]
        if not fits or any(label not in known for label, known in zip(labels, sets, strict=True)):
            return "labels", str([f"{dim}" for dim in dims])
        return None
    if len(dims) != 1:
        shown = next((c for c, i in frame.indicators.items() if len(i.dims) == 1), "…")
        return "indicator", shown
    if kind == "two_sided":
        code = entry.get("against")
        other = frame.indicators.get(code) if isinstance(code, str) and code != indicator.code else None
        if other is None or (other.dims, other.unit_text) != (dims, indicator.unit_text) or other.role == "coefficient":
            alike = [c for c, i in frame.indicators.items() if (i.dims, i.unit_text) == (dims, indicator.unit_text)]
            return "against", ", ".join(c for c in alike if c != indicator.code)[:60] or "…"
    if kind == "map" and dims[0] not in maps:
        return "indicator", f"maps/{dims[0]}.json"
    return None
