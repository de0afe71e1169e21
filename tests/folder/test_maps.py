"""Maps and pictures as a folder states them: what is broken is found, what is whole is read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bagdar.finding import has_errors
from bagdar.folder import read

PLANS = Path(__file__).parent.parent / "plans"
WHOLE = {
    "source": "an atlas",
    "licence": "CC0",
    "attribution": "its maker",
    "areas": {"north": [[60, 50, 70, 50, 70, 55]], "south": [[60, 45, 70, 45, 70, 50], [64, 46, 65, 46, 65, 47]]},
}


def folder_with(tmp_path: Path, told: Any = None, pictures: str = "") -> Path:
    folder = tmp_path / "plan"
    shutil.copytree(PLANS / "map_unusable", folder)
    text = told if isinstance(told, str) else json.dumps(told if told is not None else WHOLE)
    (folder / "maps" / "territory.json").write_text(text, "utf-8")
    with (folder / "plan.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n{pictures}\n")
    return folder


def rules(folder: Path) -> list[str]:
    return [f.rule for f in read(folder)[1]]


def test_outlines_are_rings_of_longitude_and_latitude(tmp_path: Path) -> None:
    plan, found = read(folder_with(tmp_path))
    assert found == []
    assert plan is not None
    outlines = plan.maps["territory"]
    assert [list(ring) for ring in outlines.areas["north"]] == [[(60, 50), (70, 50), (70, 55)]]
    assert len(outlines.areas["south"]) == 2
    assert (outlines.source, outlines.licence, outlines.attribution) == ("an atlas", "CC0", "its maker")


@pytest.mark.parametrize(
    "told",
    [
        "{",
        "[" * 100_000,
        "[]",
        {**WHOLE, "licence": " "},
        {**WHOLE, "attribution": 3},
        {**WHOLE, "areas": []},
        {**WHOLE, "areas": {"north": []}},
        {**WHOLE, "areas": {"north": [[60, 50, 70, 50]]}},
        {**WHOLE, "areas": {"north": [[60, 50, 70, 50, 70, 95]]}},
        {**WHOLE, "areas": {"north": [[60, 50, 70, 50, 70, True]]}},
        {**WHOLE, "areas": {"north": "POLYGON"}},
        '{"source": "s", "licence": "l", "attribution": "a", "areas": {"north": [[60, 50, NaN, 50, 70, 55]]}}',
        f"[{'1' * 5000}]",
        '{"source": "\\ud800", "licence": "l", "attribution": "a", "areas": {"north": [[60, 50, 70, 50, 70, 55]]}}',
        '{"source": "s", "source": "t", "licence": "l", "attribution": "a", "areas": {}}',
    ],
)
def test_a_broken_map_is_left_out_with_a_finding(tmp_path: Path, told: Any) -> None:
    folder = folder_with(tmp_path, told)
    plan, found = read(folder)
    assert [f.rule for f in found] == ["map_unusable"]
    assert plan is not None
    assert plan.maps == {}


def test_a_label_that_the_set_lacks_is_found_in_its_row(tmp_path: Path) -> None:
    text = json.dumps({**WHOLE, "areas": {**WHOLE["areas"], "west": [[1, 1, 2, 1, 2, 2]]}}, indent=1)  # type: ignore[dict-item]
    _, found = read(folder_with(tmp_path, text))
    assert [f.rule for f in found] == ["unknown_label"]
    assert '"west"' in text.splitlines()[found[0].home.row - 1]


def test_a_map_of_no_set_is_found(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    (folder / "maps" / "territory.json").rename(folder / "maps" / "planet.json")
    assert rules(folder) == ["unknown_set"]


def test_a_second_map_of_a_set_is_found_and_left_out(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    (folder / "maps" / "old").mkdir()
    (folder / "maps" / "old" / "territory.json").write_text(json.dumps({**WHOLE, "source": "an older atlas"}), "utf-8")
    plan, found = read(folder)
    assert [(f.rule, f.home.file) for f in found] == [("duplicate_key", "maps/territory.json")]
    assert plan is not None
    assert plan.maps["territory"].source == "an older atlas"


def test_maps_and_pictures_are_no_part_of_the_plans_identity(tmp_path: Path) -> None:
    bare, _ = read(PLANS / "map_unusable")
    drawn, found = read(folder_with(tmp_path, None, '[[picture]]\nkind = "map"\nindicator = "population"'))
    assert not has_errors(found)
    assert bare is not None
    assert drawn is not None
    assert drawn.hash == bare.hash
    assert drawn.pictures[0].kind == "map"


@pytest.mark.parametrize(
    ("picture", "key"),
    [
        ('kind = "pie"\nindicator = "population"', "kind"),
        ('kind = "path"\nindicator = "nothing"', "indicator"),
        ('kind = "path"\nindicator = "consumption_income"', "indicator"),
        ('kind = "path"\nindicator = ["population"]', "indicator"),
        ('kind = "path"\nindicator = "population"', "labels"),
        ('kind = "path"\nindicator = "population"\nlabels = ["west"]', "labels"),
        ('kind = "path"\nindicator = "population"\nlabels = "north"', "labels"),
        ('kind = "structure"\nindicator = "gdp_volume"', "indicator"),
        ('kind = "two_sided"\nindicator = "population"', "against"),
        ('kind = "two_sided"\nindicator = "population"\nagainst = "gdp_volume"', "against"),
        ('kind = "map"\nindicator = "population"\nperiod = "1999"', "period"),
        ('kind = "map"\nindicator = "population"\nperiod = 2024', "period"),
        ('kind = "map"\nindicator = "population"\nsection = "sky"', "section"),
        ('kind = "map"\nindicator = "population"\ncolour = "red"', "colour"),
        ('kind = "map"\nindicator = "population"\nlabels = 5', "labels"),
        ('kind = "path"\nindicator = "gdp_volume"\nagainst = "population"', "against"),
        ('kind = "two_sided"\nindicator = "population"\nagainst = "population"', "against"),
        ('kind = "structure"\nindicator = "population"\nperiod = "2024"', "period"),
    ],
)
def test_a_picture_that_cannot_be_drawn_says_which_key_is_wrong(tmp_path: Path, picture: str, key: str) -> None:
    plan, found = read(folder_with(tmp_path, None, f"[[picture]]\n{picture}"))
    assert [f.rule for f in found] == ["picture_unusable"]
    assert dict(found[0].facts)["key"] == key
    assert plan is not None
    assert plan.pictures == ()


@pytest.mark.parametrize("told", ["picture = 3", "picture = [3]", '[picture]\nkind = "path"'])
def test_pictures_that_are_no_tables_are_found(tmp_path: Path, told: str) -> None:
    folder = folder_with(tmp_path)
    text = (folder / "plan.toml").read_text("utf-8")
    lines = told + "\n" + text if not told.startswith("[") else text + "\n" + told
    (folder / "plan.toml").write_text(lines, "utf-8")
    assert rules(folder) == ["picture_unusable"]


def test_a_map_without_outlines_cannot_be_drawn(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, None, '[[picture]]\nkind = "map"\nindicator = "population"')
    (folder / "maps" / "territory.json").unlink()
    assert rules(folder) == ["picture_unusable"]
