"""What asks for `engine` is run twice: by native code and by Python."""

from __future__ import annotations

import pytest


@pytest.fixture(params=["native", "python"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The engine by name."""
    name: str = request.param
    monkeypatch.setenv("BAGDAR_ENGINE", name)
    return name
