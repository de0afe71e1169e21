"""What asks for `engine` is run twice: by native code and by Python."""

from __future__ import annotations

import subprocess

import pytest

from bagdar.equations.native import Native
from bagdar.equations.program import Program
from tests.conftest import small_plan


@pytest.fixture(scope="session")
def c_compiler() -> None:
    """Skips what needs native code where there is no compiler."""
    try:
        Native(Program.of(small_plan("y = x\n", {"x": (1, 2, 3, 4, 5)}, {"y": ()})).layout)
    except (OSError, subprocess.SubprocessError) as problem:
        pytest.skip(f"no C compiler: {problem}")


@pytest.fixture(params=["native", "python"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The engine by name."""
    name: str = request.param
    if name == "native":
        request.getfixturevalue("c_compiler")
    monkeypatch.setenv("BAGDAR_ENGINE", name)
    return name
