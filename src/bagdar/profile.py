"""Profiles: which sections a plan document of certain rules has, and what each holds. They are text, not code."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bagdar.language import LANGUAGES, Names

GENERIC = "generic"


@dataclass(frozen=True)
class ProfileSection:
    """A section of the plan document: `parts` names what the report prints in it, in order.

    `annex`: it belongs to the report, not to the document, and bears no number. `quiet`: parts of which the
    plan says nothing are left out; else the section says so.
    """

    code: str
    names: Names
    parts: tuple[str, ...]
    annex: bool = False
    quiet: bool = False


@dataclass(frozen=True)
class Profile:
    """The rules that a plan document follows: `profiles/<code>.toml`."""

    code: str
    sections: tuple[ProfileSection, ...]


def profiles() -> tuple[str, ...]:
    """The codes of all profiles."""
    there = files("bagdar").joinpath("profiles").iterdir()
    return tuple(sorted(p.name.removesuffix(".toml") for p in there if p.name.endswith(".toml")))


@cache
def profile(code: str) -> Profile:
    """The profile `code`, or the generic one if there is none of that name."""
    known = code if code in profiles() else GENERIC
    told = tomllib.loads(files("bagdar").joinpath("profiles", f"{known}.toml").read_text("utf-8"))
    sections = (
        ProfileSection(
            one["code"],
            Names(*(one[language] for language in LANGUAGES)),
            tuple(one["parts"]),
            one.get("annex", False),
            one.get("quiet", False),
        )
        for one in told["section"]
    )
    return Profile(known, tuple(sections))
