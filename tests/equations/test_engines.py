"""Native code and Python, side by side; what is compiled, kept and done without."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bagdar.equations import Solution, schedule, simulate
from bagdar.equations.fallback import Fallback
from bagdar.equations.native import Native
from bagdar.equations.program import Program
from bagdar.finding import has_errors
from bagdar.plan import Plan
from tests.conftest import small_plan

pytestmark = pytest.mark.usefixtures("engine", "c_compiler")

SMALL = "c = 0.6*y + 10\n@behaviour\nlog(i) = 0.2*log(lag(y))\ny = c + i + g\n"


def small() -> Plan:
    return small_plan(SMALL, {"g": (4, 5, 6, 7, 8)}, {"c": (40, 43), "i": (6, 7), "y": (50, 55)})


def numbers(solution: Solution) -> Iterator[NDArray[Any]]:
    for quantity in (*solution.values.values(), *solution.add_factors.values()):
        yield np.where(quantity.present, quantity.values, np.nan)


def agree(one: Solution, other: Solution, closeness: float) -> None:
    for a, b in zip(numbers(one), numbers(other), strict=True):
        np.testing.assert_allclose(a, b, rtol=closeness, atol=closeness, equal_nan=True)


def test_the_engine_asked_for_is_taken(engine: str) -> None:
    assert isinstance(Program.of(small()).engine, Native if engine == "native" else Fallback)


@pytest.mark.parametrize("compiler", ["no-such-compiler", "gcc 'x", f"{sys.executable} -c 'raise SystemExit(1)'"])
def test_without_a_compiler_python_does_it_unless_it_was_compiled_before(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, compiler: str
) -> None:
    monkeypatch.setenv("BAGDAR_ENGINE", "native")
    monkeypatch.setenv("BAGDAR_CACHE", str(tmp_path / "kept"))
    program = Program.of(small())
    assert isinstance(program.engine, Native)
    monkeypatch.setenv("CC", compiler)
    assert isinstance(Program.of(small()).engine, Native)
    monkeypatch.setenv("BAGDAR_CACHE", str(tmp_path / "empty"))
    assert isinstance(Program.of(small()).engine, Fallback)
    assert list((tmp_path / "empty").iterdir()) == []


def test_where_nothing_can_be_kept_it_is_compiled_for_this_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BAGDAR_ENGINE", "native")
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("BAGDAR_CACHE", str(tmp_path / "file"))
    assert isinstance(Program.of(small()).engine, Native)


@pytest.mark.parametrize("spoilt", ["replaced", "cut short"])
def test_a_library_that_was_spoilt_is_made_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, spoilt: str) -> None:
    monkeypatch.setenv("BAGDAR_ENGINE", "native")
    monkeypatch.setenv("BAGDAR_CACHE", str(tmp_path))
    simulate(small())
    for library in tmp_path.glob("*.so"):
        content = library.read_bytes()
        library.unlink()  # the old one is in use
        library.write_bytes(content[: len(content) // 2] if spoilt == "cut short" else bytes(len(content)))
    program = Program.of(small_plan(SMALL, {"g": (4, 5, 6, 7, 8)}, {"c": (40, 43), "i": (6, 7), "y": (50, 55)}))
    assert isinstance(program.engine, Native)


def test_a_model_of_sectors_is_the_same_by_both_engines(kazakhstan: Plan, kazakhstan_solution: Solution) -> None:
    solution, findings = simulate(kazakhstan)
    assert not has_errors(findings)
    agree(solution, kazakhstan_solution, 1e-10)


def test_a_block_with_a_large_feedback_set_is_factorised_whole(
    kazakhstan: Plan, kazakhstan_solution: Solution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "LARGEST_SET", 5)
    solution, findings = simulate(kazakhstan)
    assert not has_errors(findings)
    agree(solution, kazakhstan_solution, 1e-10)
