"""Sources: what an expectation rests on is cited."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bagdar.checks.sources import source_never_cited
from bagdar.equations import simulate
from bagdar.expectation import Expectations, Range, Sign
from bagdar.folder import read
from bagdar.language import Names

FOLDER = Path(__file__).parent.parent / "plans" / "source_never_cited"
SIGN = Sign("it", "gdp_volume", (), "+", "+", "because")
RANGE = Range("m", Names(), "it", ("gdp_volume", ()), ("investment_volume", ()), "last", 0, 1, "because")


@pytest.mark.parametrize(
    ("expected", "uncited"),
    [
        (Expectations(), 1),
        (Expectations(signs=(SIGN,), ranges=(RANGE,)), 1),
        (Expectations(signs=(replace(SIGN, source="yearbook"),)), 0),
        (Expectations(ranges=(replace(RANGE, source="yearbook"),)), 0),
    ],
)
def test_a_source_that_an_expectation_names_is_cited(expected: Expectations, uncited: int) -> None:
    plan, _ = read(FOLDER)
    assert plan is not None
    assert len(source_never_cited(replace(plan, expectations=expected), simulate(plan)[0])) == uncited
