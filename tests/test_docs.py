"""Docs that cannot lie: every command, check, field and item of the source text is documented."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
import typer.main

from bagdar.address import KINDS
from bagdar.balance import KINDS as KINDS_OF_BALANCES
from bagdar.balances.highs import METHODS
from bagdar.change import OPS
from bagdar.checks import CHECKS
from bagdar.cli import app
from bagdar.equations.expression import ARITY
from bagdar.equations.grammar import TRANSFORMS
from bagdar.erratum import Erratum
from bagdar.expectation import SHIFTS, SIGNS
from bagdar.folder import read
from bagdar.folder.balances import ITEM_KEYS
from bagdar.folder.balances import KEYS as BALANCE_KEYS
from bagdar.folder.expectations import FILES
from bagdar.folder.header import ACCOUNT_LISTS, ACCOUNTS, KEYS, LISTS, NUMBERS, RANKS
from bagdar.folder.pictures import MORE
from bagdar.language import LANGUAGES, catalogue
from bagdar.norm import NORM_KINDS, Norm
from bagdar.plan import (
    LEVER_GROUPS,
    MISSING_REASONS,
    SECTIONS,
    SOURCE_KINDS,
    Accepted,
    AddFactor,
    Indicator,
    Lever,
    ListedIndicator,
    Target,
)
from bagdar.policy.model_tests import identity
from bagdar.profile import profiles
from bagdar.publish.reference import findings_page, model_page
from bagdar.quantity import STATUSES
from bagdar.unit import Unit

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = (ROOT / "docs" / "reference.md").read_text("utf-8")


def missing(names: object, text: str = REFERENCE) -> list[str]:
    return [str(n) for n in names if not re.search(rf"(?<![\w]){re.escape(str(n))}(?![\w])", text)]  # type: ignore[attr-defined]


def test_every_command_and_option_is_documented() -> None:
    command = typer.main.get_command(app)
    commands = command.commands  # type: ignore[attr-defined]
    assert missing([f"bagdar {name}" for name in commands]) == []
    options = {o for c in commands.values() for p in c.params for o in p.opts if o.startswith("--")}
    assert missing(options - {"--help"}) == []


def test_every_field_is_documented() -> None:
    assert missing([*KEYS, *LISTS, *NUMBERS, *ACCOUNTS, *ACCOUNT_LISTS]) == []
    for kind in (Indicator, Lever, Target, AddFactor, Accepted, Erratum, ListedIndicator):
        names = {f.name for f in fields(kind)} - {"home", "names", "unit_text", "rule", "indicator"}
        assert missing(names) == []
    for told in (
        STATUSES,
        LEVER_GROUPS,
        SECTIONS,
        SOURCE_KINDS,
        MISSING_REASONS,
        OPS,
        MORE,
        {key for keys in MORE.values() for key in keys},
        profiles(),
        KINDS,
        TRANSFORMS,
        LANGUAGES,
    ):
        assert missing(told) == []
    assert missing([*FILES, *SHIFTS]) == []
    assert missing([*BALANCE_KEYS, *KINDS_OF_BALANCES, *{k for keys in ITEM_KEYS.values() for k in keys}, *RANKS]) == []
    assert missing([*NORM_KINDS, *(f.name for f in fields(Norm) if f.name != "home"), *METHODS]) == []
    assert all(f"`{sign}`" in REFERENCE for sign in SIGNS if sign)
    functions = set(ARITY) - {"add", "sub", "mul", "div", "pow", "neg", "lt", "le", "gt", "ge", "eq", "ne"}
    assert missing(functions) == []


def test_every_unit_that_is_documented_is_understood() -> None:
    row = next(line for line in REFERENCE.splitlines() if line.startswith("| `unit` | a scale"))
    for text in re.findall(r"`([^`]+)`", row)[1:]:
        if text not in ("/", "^"):
            assert Unit.parse(text if text not in ("thousand", "mln", "bn", "trn") else f"{text} t") is not None, text


def test_every_finding_is_documented() -> None:
    assert (ROOT / "docs" / "findings.md").read_text("utf-8") == findings_page()


def test_the_standard_model_is_documented_as_it_is() -> None:
    assert (ROOT / "docs" / "standard-model.md").read_text("utf-8") == model_page()


@pytest.mark.parametrize(("page", "folder"), [("model-tests", "kazakhstan"), ("model-tests-2000", "kazakhstan-2000")])
def test_the_page_of_model_tests_is_that_of_the_example_as_it_stands(page: str, folder: str) -> None:
    """By its hashes: that of the plan, and that of the plan with all that its tests depend on.

    Solving it again would take long, and the smallest residuals differ from machine to machine.
    """
    plan, _ = read(ROOT / "examples" / folder)
    assert plan is not None
    stamp = f"Plan {plan.hash[:16]}, with its expectations and outcomes {identity(plan)[:16]},"
    assert stamp in (ROOT / "docs" / f"{page}.md").read_text("utf-8"), "the example has changed: run scripts/docs"


def test_every_check_is_named_as_a_finding_or_gathers_some() -> None:
    rules = set(catalogue("findings"))
    own = {check.__name__ for check in CHECKS} - {"units_of_equations", "numbers_of_balances"}
    assert own <= rules


def test_every_item_of_the_source_text_is_covered_once() -> None:
    rows = re.findall(
        r"^\| S(\d+) \| (.+?) \| (\w+) \| (.+?) \|$", (ROOT / "docs" / "coverage.md").read_text("utf-8"), re.M
    )
    assert [int(number) for number, *_ in rows] == list(range(1, 89))
    assert {status for _, _, status, _ in rows} <= {"feature", "test", "planned", "context"}
    assert all(len(text) > 10 and len(where) > 5 for _, text, _, where in rows)


def test_files_that_coverage_names_exist() -> None:
    text = (ROOT / "docs" / "coverage.md").read_text("utf-8")
    for file in set(re.findall(r"`(examples/[\w/.-]+\.\w+)`", text)):
        assert (ROOT / file).exists(), file
    for rule in set(re.findall(r"rule `(\w+)`", text)):
        assert rule in catalogue("findings"), rule


def test_the_readme_promises_two_commands_that_are_there() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for command in ("scripts/demo", "scripts/test"):
        assert command in readme
        assert (ROOT / command).stat().st_mode & 0o111
    for link in re.findall(r"\]\(((?!http)[^)#]+)\)", readme):
        assert (ROOT / link).exists(), link
