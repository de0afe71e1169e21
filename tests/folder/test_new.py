"""`new`: a small plan that checks and solves, in each language, over nothing that exists."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from math import exp, log
from pathlib import Path
from typing import Any

import pytest
from scipy.optimize import brentq

from bagdar.checks import check
from bagdar.equations import Solution, simulate
from bagdar.folder import new, read
from bagdar.language import LANGUAGES, Language, catalogue

YEARS = ("2025", "2026", "2027")
INVESTMENT = {"2025": 27.0, "2026": 29.0, "2027": 31.0}


def solved(root: Path) -> Solution:
    """The solution of a folder in which reading, solving and checking find nothing."""
    plan, found = read(root)
    assert plan is not None
    solution, more = simulate(plan)
    assert check(plan, solution, found + more) == ([], [])
    return solution


def contents(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_plan_checks_without_a_finding_and_solves(tmp_path: Path, language: Language) -> None:
    assert new(tmp_path / "plan", language) == []
    solution = solved(tmp_path / "plan")
    assert solution.solved
    # By hand: consumption grows by 0.8 of GDP's growth and by what the equation missed in 2024, halved each year.
    consumption, gdp = 75.0, 100.0
    missed = log(75 / 72) - 0.8 * log(100 / 96)
    for year in YEARS:
        missed /= 2

        def off(c: float, c0: float = consumption, g0: float = gdp, m: float = missed, y: str = year) -> float:
            return c - c0 * exp(0.8 * log((c + INVESTMENT[y]) / g0) + m)

        consumption_now = float(brentq(off, 1.0, 1000.0, xtol=1e-13, rtol=1e-14))
        gdp_now = consumption_now + INVESTMENT[year]
        assert solution.values["household_consumption_volume"].get(year) == pytest.approx(consumption_now, rel=1e-10)
        assert solution.values["gdp_volume"].get(year) == pytest.approx(gdp_now, rel=1e-10)
        assert solution.values["gdp_growth"].get(year) == pytest.approx(100 * (gdp_now / gdp - 1), rel=1e-8)
        consumption, gdp = consumption_now, gdp_now


def test_the_languages_differ_in_words_and_agree_in_numbers(tmp_path: Path) -> None:
    solutions = []
    for language in LANGUAGES:
        assert new(tmp_path / language, language) == []
        solutions.append(solved(tmp_path / language))
        comments = (tmp_path / language / "equations/demand.eq").read_text("utf-8")
        words = catalogue("template")
        assert words["identity_comment"][language] in comments
        assert words["publisher"][language] in (tmp_path / language / "sources.csv").read_text("utf-8")
    for other in solutions[1:]:
        assert other.values == solutions[0].values
        assert other.plan.statements == solutions[0].plan.statements


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_place_is_left_unfilled(tmp_path: Path, language: Language) -> None:
    assert new(tmp_path / "plan", language) == []
    for file, content in contents(tmp_path / "plan").items():
        assert re.findall(r"@[a-z_]+@", content.decode()) == [], file
        assert not content.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in content


def test_titles_and_names_stand_in_all_three_languages(tmp_path: Path) -> None:
    assert new(tmp_path / "plan", "kk") == []
    plan, _ = read(tmp_path / "plan")
    assert plan is not None
    assert plan.header.title.missing == ()
    assert [i.code for i in plan.indicators.values() if i.names.missing] == []
    told = tomllib.loads((tmp_path / "plan" / "plan.toml").read_text("utf-8"))
    assert told["title"] == {"kk": "Индикативтік жоспар", "ru": "Индикативный план", "en": "Indicative plan"}


@pytest.mark.parametrize("name", ["Ақтөбе 2030", 'a"b\\c', "<script>", "it's", "100%", "x@code@", "a\nb"])
def test_any_name_of_a_folder_gives_a_sound_plan(tmp_path: Path, name: str) -> None:
    assert new(tmp_path / name, "en") == []
    plan = solved(tmp_path / name).plan
    assert re.fullmatch(r"[\w-]+", plan.header.code)


def test_folders_above_are_made(tmp_path: Path) -> None:
    assert new(tmp_path / "a" / "b" / "plan", "en") == []
    assert solved(tmp_path / "a" / "b" / "plan").solved


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "plan").mkdir()
    assert new(tmp_path / "plan", "en") == []
    assert solved(tmp_path / "plan").solved


def test_others_may_read_the_folder(tmp_path: Path) -> None:
    assert new(tmp_path / "plan", "en") == []
    assert stat.S_IMODE((tmp_path / "plan").stat().st_mode) == 0o755


@pytest.mark.parametrize("kept", ["plan.toml", "notes.txt", ".hidden", "data/accounts.csv"])
def test_nothing_that_exists_is_overwritten(tmp_path: Path, kept: str) -> None:
    root = tmp_path / "plan"
    (root / kept).parent.mkdir(parents=True)
    (root / kept).write_text("mine", "utf-8")
    findings = new(root, "en")
    assert [(f.rule, f.severity) for f in findings] == [("folder_not_empty", "error")]
    assert contents(root) == {kept: b"mine"}
    assert [p.name for p in tmp_path.iterdir()] == ["plan"]


def test_a_second_new_overwrites_nothing(tmp_path: Path) -> None:
    assert new(tmp_path / "plan", "kk") == []
    before = contents(tmp_path / "plan")
    assert [f.rule for f in new(tmp_path / "plan", "en")] == ["folder_not_empty"]
    assert contents(tmp_path / "plan") == before


def test_a_file_in_the_place_of_the_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "plan").write_text("mine", "utf-8")
    assert [f.rule for f in new(tmp_path / "plan", "en")] == ["folder_not_empty"]
    assert (tmp_path / "plan").read_text("utf-8") == "mine"


def test_a_place_under_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", "utf-8")
    assert [f.rule for f in new(tmp_path / "file" / "plan", "en")] == ["unwritable_folder"]
    assert contents(tmp_path) == {"file": b"mine"}


def test_a_disk_that_refuses_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: Any, target: Any) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "replace", refuse)
    findings = new(tmp_path / "plan", "ru")
    assert [f.rule for f in findings] == ["unwritable_folder"]
    assert "Read-only file system" in findings[0].text("en")
    assert list(tmp_path.iterdir()) == []
