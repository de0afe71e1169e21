"""The script that simplifies outlines: neighbours keep one border, cities their holes, areas their size."""

from __future__ import annotations

import importlib.util
import json
import math
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parent.parent / "scripts" / "outlines.py"


@pytest.fixture(scope="module")
def outlines() -> ModuleType:
    spec = importlib.util.spec_from_file_location("outlines", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wavy(steps: int = 200) -> list[tuple[float, float]]:
    """A border from south to north that wavers by a few kilometres."""
    return [(61 + 0.05 * math.sin(k / 3), 40 + 2 * k / steps) for k in range(steps + 1)]


CITY = tuple((62 + 0.3 * math.cos(k / 20 * math.pi), 41 + 0.3 * math.sin(k / 20 * math.pi)) for k in range(40))
REGIONS = {
    "west": [((60.0, 42.0), (60.0, 40.0), *wavy())],
    "east": [((63.0, 40.0), (63.0, 42.0), *reversed(wavy())), CITY],
    "city": [CITY[7:] + CITY[:7]],
}


def test_neighbours_share_their_simplified_border(outlines: ModuleType) -> None:
    found = outlines.simplified(REGIONS, 30.0)
    west, east = set(found["west"][0]), set(found["east"][0])
    border = west & east
    assert len(wavy()) > 3 * len(border) > 6
    assert west - border == {(60.0, 42.0), (60.0, 40.0)}
    assert east - border == {(63.0, 42.0), (63.0, 40.0)}


def test_a_city_fills_the_hole_in_its_region_exactly(outlines: ModuleType) -> None:
    found = outlines.simplified(REGIONS, 30.0)
    assert set(found["city"][0]) == set(found["east"][1])
    assert 4 <= len(found["city"][0]) < len(CITY)


def test_areas_hardly_change_and_nothing_goes_where_nothing_may(outlines: ModuleType) -> None:
    for limit in (0.0, 30.0):
        for code, rings in outlines.simplified(REGIONS, limit).items():
            before, after = (abs(outlines.size(r[0])) for r in (REGIONS[code], rings))
            assert after == pytest.approx(before, rel=0.1 if limit else 1e-9)


def test_islands_below_the_limit_go_but_never_a_whole_region(outlines: ModuleType) -> None:
    islet = ((65.0, 40.0), (65.01, 40.0), (65.01, 40.01))
    found = outlines.simplified({"coast": [REGIONS["west"][0], islet], "rock": [islet]}, 30.0)
    assert len(found["coast"]) == 1
    assert len(found["rock"]) == 1


def test_the_script_writes_a_map_that_says_whose_it_is(tmp_path: Path) -> None:
    shapes = [
        {"properties": {"n": code}, "geometry": {"type": "Polygon", "coordinates": [[*r, r[0]] for r in rings]}}
        for code, rings in REGIONS.items()
    ]
    (tmp_path / "in.geojson").write_text(json.dumps({"features": shapes}), "utf-8")
    told = ["--source", "s", "--licence", "ODbL 1.0", "--attribution", "© a"]
    pairs = [f"{code}={code.upper()}" for code in REGIONS]
    out = tmp_path / "maps" / "area.json"
    command = [sys.executable, str(SCRIPT), str(tmp_path / "in.geojson"), str(out), "--name", "n", "--codes", *pairs]
    subprocess.run([*command, *told], check=True, capture_output=True)
    written = json.loads(out.read_text("utf-8"))
    assert set(written) == {"source", "licence", "attribution", "areas"}
    assert set(written["areas"]) == {"WEST", "EAST", "CITY"}
    assert len(written["areas"]["EAST"]) == 2
