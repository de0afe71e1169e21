"""A plan built on a model that comes with Bagdar."""

from __future__ import annotations

import shutil
from pathlib import Path

from bagdar.address import Address
from bagdar.change import Change
from bagdar.finding import Home, finding
from bagdar.folder import read, write_changes
from bagdar.folder.models import in_a_model, models, with_model
from bagdar.plan import Plan
from bagdar.statement import split
from tests.conftest import KAZAKHSTAN


def test_the_standard_model_is_there() -> None:
    assert models() == ("standard",)
    statements, findings = with_model("standard", ())
    assert findings == []
    assert all(in_a_model(s.home) for s in statements)
    assert len({s.home.file for s in statements}) == 13  # a block a file


def test_an_own_equation_replaces_all_of_the_model_for_its_code() -> None:
    own, _ = split("product_exports[oil] = 1\n", "equations/own.eq")
    statements, _ = with_model("standard", own)
    assert [s.home.file for s in statements if s.code == "product_exports"] == ["equations/own.eq"]


def test_a_plan_without_a_model_has_its_own_equations_only() -> None:
    own, _ = split("x = 1\n", "equations/own.eq")
    assert with_model("", own) == (own, [])


def test_a_model_that_there_is_not_is_a_finding(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(KAZAKHSTAN, tmp_path / "plan"))
    text = (folder / "plan.toml").read_text("utf-8")
    (folder / "plan.toml").write_text(text.replace('model = "standard"', 'model = "mainframe"'), "utf-8")
    plan, findings = read(folder)
    assert plan is None or plan.header.model == ""
    assert [(f.rule, dict(f.facts)["found"]) for f in findings if f.home.file == "plan.toml"] == [
        ("header_field_unusable", "mainframe")
    ]


def test_a_changed_equation_of_a_model_is_written_as_the_plans_own(kazakhstan: Plan, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(KAZAKHSTAN, tmp_path / "plan"))
    (old,) = (s for s in kazakhstan.statements if s.code == "exchange_rate_index")
    new = "exchange_rate_index = 1*exchange_rate/exchange_rate_base"
    plan, _ = read(folder)
    assert plan is not None
    change = Change("replace", Address("equation", old.code), old.source, new)
    after, findings = write_changes(folder, plan, [change])
    assert findings == []
    again, _ = read(folder)
    assert again is not None
    assert again.hash == after.hash != plan.hash
    (written,) = (s for s in again.statements if s.code == "exchange_rate_index")
    assert (written.text, written.home.file) == (new, "equations/own_exchange_rate_index.eq")


def test_a_model_of_the_package_is_never_written_to(kazakhstan: Plan, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(KAZAKHSTAN, tmp_path / "plan"))
    (old,) = (s for s in kazakhstan.statements if s.code == "exchange_rate_index")
    plan, _ = read(folder)
    assert plan is not None
    change = Change("delete", Address("equation", old.code), old.source, None)
    assert "change_not_written" in {f.rule for f in write_changes(folder, plan, [change])[1]}


def test_a_finding_in_a_model_is_not_placed_in_the_plans_folder() -> None:
    one = finding("circular_definition", Home("models/standard/06_prices.eq", 3), code="x")
    assert one.line(root="my-plan").startswith("models/standard/06_prices.eq:3: ")
