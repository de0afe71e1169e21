"""Whatever a file holds, the import ends with findings, and what it writes is a plan that can be read."""

from __future__ import annotations

import json
import math
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from bagdar.finding import has_errors
from bagdar.folder import read
from bagdar.importers import import_model
from tests.importers import test_eviews
from tests.importers.models import YEARS, content, data, write

LETTERS = "()+-*/^=<>$,.\"'@ \n_AXYZC019eELOGDRECODE{}[];:&|!%£\x00é²ßİ"
VALUES: list[Any] = [
    None, 0, 1.5, -1, 1e308, "x", [], {}, True, math.nan, math.inf, {"a": 1}, [1], "2020", "{}", "[]", "[null]",
]  # fmt: skip


def damaged(text: str, chance: random.Random) -> str:
    """The text with a few letters put in, taken out or changed."""
    letters = list(text)
    for _ in range(chance.randint(1, 6)):
        at, kind = chance.randrange(len(letters) + 1), chance.random()
        letters[at : at + (0 if kind < 0.4 else chance.randint(1, 3))] = chance.choice(LETTERS) if kind < 0.8 else ""
    return "".join(letters)


def damaged_model(chance: random.Random) -> dict[str, Any]:
    """The small model with one of its parts damaged."""
    told, kind = content(), chance.random()
    if kind < 0.5:
        told["frml"] = damaged(told["frml"], chance)
    elif kind < 0.75:
        columns: dict[str, Any] = data()
        name = chance.choice(list(columns))
        columns[name][chance.choice(YEARS)] = chance.choice(VALUES)
        if chance.random() < 0.5:
            columns[damaged(name, chance)] = columns.pop(name) if chance.random() < 0.7 else chance.choice(VALUES)
        told["lastdf"] = json.dumps(columns)
    else:
        extra = {damaged("name", chance): chance.choice([*VALUES, json.dumps(data())])}
        told[chance.choice([*told, "keep_solutions"])] = chance.choice([*VALUES, extra, [2021, chance.choice(VALUES)]])
    return told


def holds(folder: Path, path: Path) -> None:
    """Import the file into the folder, and hold what comes of it to what is promised; then clear the folder."""
    imported, found = import_model(path, folder)
    for one in found:
        assert one.line("kk").isprintable()
    if imported is None:
        assert has_errors(found)
        assert not folder.exists()
        return
    plan, wrong = read(folder)
    assert plan is not None, [f.line() for f in wrong]
    assert not has_errors(wrong), [f.line() for f in wrong if f.severity == "error"]
    shutil.rmtree(folder)


@pytest.mark.parametrize("seed", range(2))
def test_any_model_of_modelflow(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(60):
        holds(tmp_path / "plan", write(tmp_path / "small.pcim", damaged_model(chance)))


@pytest.mark.parametrize("seed", range(2))
def test_any_text_of_eviews(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    csv = test_eviews.table(**test_eviews.data())
    for _ in range(60):
        whole = chance.random() < 0.8
        text, table = (damaged(test_eviews.TEXT, chance), csv) if whole else (test_eviews.TEXT, damaged(csv, chance))
        (tmp_path / "small.txt").write_text(text, "utf-8")
        (tmp_path / "small.csv").write_text(table, "utf-8")
        holds(tmp_path / "plan", tmp_path / "small.txt")
