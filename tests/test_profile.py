"""Profiles: each shipped one has a home for everything that a report can print."""

from __future__ import annotations

import pytest

from bagdar.language import catalogue
from bagdar.plan import LEVER_GROUPS, SECTIONS
from bagdar.profile import GENERIC, profile, profiles
from bagdar.publish.parts import PARTS

KNOWN = {*PARTS, *SECTIONS, "other", "structure"}


@pytest.mark.parametrize("code", profiles())
def test_every_part_of_a_report_stands_once_in_every_profile(code: str) -> None:
    parts = [part for section in profile(code).sections for part in section.parts]
    assert sorted(parts) == sorted(KNOWN)


@pytest.mark.parametrize("code", profiles())
def test_a_profile_speaks_three_languages(code: str) -> None:
    assert all(section.names.missing == () for section in profile(code).sections)
    assert len({section.code for section in profile(code).sections}) == len(profile(code).sections)


def test_the_plan_of_2002_has_the_six_sections_of_its_rules_and_an_annex() -> None:
    sections = profile("kz-2002-647").sections
    assert [s.code for s in sections if not s.annex] == [
        "state", "forecast", "programmes", "projects", "companies", "regulators",
    ]  # fmt: skip
    assert sections[-1].annex


def test_any_other_profile_is_the_generic_one() -> None:
    assert profile("nobody's") == profile(GENERIC)


def test_sections_and_lever_groups_have_words() -> None:
    phrases = catalogue("phrases")
    assert {f"section_{name}" for name in (*SECTIONS, "other", *PARTS)} <= set(phrases)
    assert {f"lever_{group}" for group in LEVER_GROUPS} <= set(phrases)
