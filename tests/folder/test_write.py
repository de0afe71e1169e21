"""Changes written into a plan's files: the cells that change, in the file's own dialect, or nothing at all."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bagdar.address import Address
from bagdar.change import Change, apply
from bagdar.folder import new, read, write_changes

if TYPE_CHECKING:
    from bagdar.change import Op
    from bagdar.plan import Plan

BOM = b"\xef\xbb\xbf"
ACCOUNTS = "data/accounts.csv"
EQUATIONS = "equations/demand.eq"
# As a spreadsheet in Kazakh or Russian saves it; the note of the first row stands on two lines.
SPREADSHEET = (
    'indicator;2023;2024;2025;2026;2027;note\r\ngdp_volume;96;100;;;;"first\r\nsecond; with ""quotes"""\r\n'
    "household_consumption_volume;72;75;;;;\r\n\r\n"
    "investment_volume;24;25;27,5;29,25;1\N{NO-BREAK SPACE}031,75;"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "plan"
    assert new(root, "en") == []
    return root


def plan_in(root: Path) -> Plan:
    plan, findings = read(root)
    assert findings == []
    assert plan is not None
    return plan


def contents(root: Path) -> dict[str, bytes]:
    """Every file, hidden ones too."""
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def at(text: str) -> Address:
    address = Address.parse(text)
    assert address is not None
    return address


def change(op: Op, address: str, old: Any = None, new: Any = None) -> Change:
    return Change(op, at(address), old, new, "planner", "a test")


def make(root: Path, *changes: Change) -> Plan:
    """Write `changes` and return the plan after them, which must be what `apply` gives and what the folder now says."""
    before = plan_in(root)
    after, findings = write_changes(root, before, changes)
    assert findings == []
    applied, wrong = apply(before, changes)
    assert wrong == []
    assert after.hash == applied.hash
    assert plan_in(root).hash == after.hash
    return after


def refuse(root: Path, *changes: Change) -> list[str]:
    """The rules by which `changes` are refused; nothing may have been written."""
    before, plan = contents(root), plan_in(root)
    after, findings = write_changes(root, plan, changes)
    assert contents(root) == before
    assert after is plan
    return [f.rule for f in findings]


def in_mln(root: Path, investment: str) -> None:
    """The accounts in millions of tenge, where the indicators are in billions; `investment` is that of 2025."""
    tables = (root / "tables.toml").read_text("utf-8")
    (root / "tables.toml").write_text(tables.replace('unit = "bn KZT"', 'unit = "mln KZT"'), "utf-8")
    (root / ACCOUNTS).write_text(
        "indicator,2023,2024,2025,2026,2027\ngdp_volume,96000,100000,,,\n"
        f"household_consumption_volume,72000,75000,,,\ninvestment_volume,24000,25000,{investment},29000,31000\n",
        "utf-8",
    )


# -- numbers -------------------------------------------------------------------------------------


def test_only_the_changed_cell_is_written(folder: Path) -> None:
    before = contents(folder)
    make(folder, change("set", "lever:investment_volume[; 2026]", 29.0, 30.125))
    after = contents(folder)
    expected = before[ACCOUNTS].replace(b"investment_volume,24,25,27,29,31", b"investment_volume,24,25,27,30.125,31")
    assert after[ACCOUNTS] == expected
    assert after == before | {ACCOUNTS: expected}


@pytest.mark.parametrize("mark", [b"", BOM], ids=["plain", "BOM"])
def test_a_spreadsheet_s_dialect_is_kept(folder: Path, mark: bytes) -> None:
    content = mark + SPREADSHEET.encode()
    (folder / ACCOUNTS).write_bytes(content)
    before = contents(folder)
    assert before[ACCOUNTS] == content
    after = make(
        folder,
        change("set", "lever:investment_volume[; 2025]", 27.5, 28.75),
        change("set", "lever:investment_volume[; 2027]", 1031.75, 1040.5),
        change("set", "value:gdp_volume[; 2023]", 96.0, 97.0),
    )
    expected = content.replace(b"27,5", b"28,75").replace("1\N{NO-BREAK SPACE}031,75".encode(), b"1040,5")
    expected = expected.replace(b"gdp_volume;96;", b"gdp_volume;97;")
    assert contents(folder) == before | {ACCOUNTS: expected}
    assert after.values["investment_volume"].get("2027") == 1040.5


def test_a_tab_separated_file_stays_one(folder: Path) -> None:
    content = SPREADSHEET.replace("; with", " with").replace(";", "\t").encode()
    (folder / ACCOUNTS).write_bytes(content)
    make(folder, change("scale", "lever:investment_volume[; 2025]", 27.5, 2.0))
    assert (folder / ACCOUNTS).read_bytes() == content.replace(b"27,5", b"55")


def test_the_file_s_unit_is_kept(folder: Path) -> None:
    in_mln(folder, "27000")
    before = contents(folder)
    after = make(folder, change("set", "lever:investment_volume[; 2025]", 27.0, 31.5))
    assert contents(folder) == before | {ACCOUNTS: before[ACCOUNTS].replace(b"27000", b"31500")}
    assert after.values["investment_volume"].get("2025") == 31.5


def test_the_file_s_unit_is_kept_where_the_cell_held_zero(folder: Path) -> None:
    in_mln(folder, "0")
    make(folder, change("set", "lever:investment_volume[; 2025]", 0.0, 20.0))
    assert b"25000,20000,29000" in (folder / ACCOUNTS).read_bytes()


@pytest.mark.parametrize(("bn", "mln"), [(64.1, b"64100"), (68.6, b"68600")])
def test_a_change_of_unit_costs_no_digit(folder: Path, bn: float, mln: bytes) -> None:
    in_mln(folder, "27000")
    make(folder, change("set", "lever:investment_volume[; 2025]", 27.0, bn))
    assert b"25000," + mln + b",29000" in (folder / ACCOUNTS).read_bytes()


def test_a_coefficient_is_written_where_it_stands(folder: Path) -> None:
    before = contents(folder)
    make(folder, change("add", "coefficient:consumption_income", 0.8, -0.25))
    file = "data/coefficients.csv"
    assert contents(folder) == before | {file: before[file].replace(b"income,0.8,", b"income,0.55,")}


@pytest.mark.parametrize("op", ["delete", "set"])
def test_a_number_that_is_taken_away_leaves_an_empty_cell(folder: Path, op: Op) -> None:
    before = contents(folder)
    after = make(folder, change(op, "lever:investment_volume[; 2025]", 27.0))
    assert contents(folder) == before | {ACCOUNTS: before[ACCOUNTS].replace(b"25,27,29", b"25,,29")}
    assert after.values["investment_volume"].get("2025") is None


def test_two_changes_of_one_cell_leave_the_last(folder: Path) -> None:
    make(
        folder,
        change("set", "lever:investment_volume[; 2025]", 27.0, 20.0),
        change("set", "lever:investment_volume[; 2025]", 20.0, 30.0),
    )
    assert b"25,30,29" in (folder / ACCOUNTS).read_bytes()


def test_an_observed_value_keeps_its_status(folder: Path) -> None:
    plan = plan_in(folder)
    changes = [change("observe", "lever:investment_volume[; 2025]", 27.0, 28.0)]
    after, findings = write_changes(folder, plan, changes)
    if not findings:
        assert plan_in(folder).hash == after.hash


@settings(max_examples=40)
@given(
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300),
    st.sampled_from(["gdp_volume[; 2023]", "household_consumption_volume[; 2024]", "investment_volume[; 2025]"]),
    st.booleans(),
)
def test_any_number_reads_back_to_the_last_digit(value: float, cell: str, spreadsheet: bool) -> None:
    with tempfile.TemporaryDirectory() as made:
        root = Path(made) / "plan"
        assert new(root, "ru") == []
        if spreadsheet:
            (root / ACCOUNTS).write_bytes(BOM + SPREADSHEET.encode())
        plan = plan_in(root)
        code, year = cell[:-1].split("[; ")
        held = plan.values[code].get(year)
        after = make(root, change("set", f"value:{cell}", held, value))
        assert after.values[code].get(year) == value
        assert plan_in(root).values[code].get(year) == value


# -- equations and prose -------------------------------------------------------------------------


def test_an_equation_is_replaced_in_place(folder: Path) -> None:
    before = contents(folder)
    old, written = "gdp_growth = pct(gdp_volume)", "gdp_growth = 100*(gdp_volume/lag(gdp_volume) - 1)"
    make(folder, change("replace", "equation:gdp_growth", old, written))
    assert contents(folder) == before | {EQUATIONS: before[EQUATIONS].replace(old.encode(), written.encode())}


def test_a_behavioural_equation_is_replaced_in_place(folder: Path) -> None:
    before = contents(folder)
    old = "dlog(household_consumption_volume) = consumption_income*dlog(gdp_volume)"
    written = "dlog(household_consumption_volume) =\n    consumption_income*dlog(lag(gdp_volume))"
    address = "equation:household_consumption_volume"
    make(folder, change("replace", address, f"@behaviour\n{old}", f"@behaviour\n{written}"))
    assert contents(folder) == before | {EQUATIONS: before[EQUATIONS].replace(old.encode(), written.encode())}


def test_an_identity_is_deleted_in_place(folder: Path) -> None:
    before = contents(folder)
    old = "gdp_growth = pct(gdp_volume)"
    make(folder, change("delete", "equation:gdp_growth", old))
    assert contents(folder) == before | {EQUATIONS: before[EQUATIONS].replace(f"{old}\n".encode(), b"")}


def test_a_comment_that_quotes_the_equation_is_left_alone(folder: Path) -> None:
    old, written = "gdp_growth = pct(gdp_volume)", "gdp_growth = 100*dlog(gdp_volume)"
    text = (folder / EQUATIONS).read_text("utf-8").replace(old, f"# Not {old}, as before.\n{old}")
    (folder / EQUATIONS).write_text(text, "utf-8")
    make(folder, change("replace", "equation:gdp_growth", old, written))
    assert (folder / EQUATIONS).read_text("utf-8") == text.replace(f"\n{old}", f"\n{written}")


def test_an_equation_of_several_rows_is_replaced_in_a_file_with_crlf(folder: Path) -> None:
    old = "gdp_growth = (\n  pct(gdp_volume)\n  )"
    text = (folder / EQUATIONS).read_text("utf-8").replace("gdp_growth = pct(gdp_volume)", old)
    (folder / EQUATIONS).write_bytes(text.replace("\n", "\r\n").encode())
    make(folder, change("replace", "equation:gdp_growth", old, "gdp_growth = 100*dlog(gdp_volume)"))
    assert b"100*dlog(gdp_volume)" in (folder / EQUATIONS).read_bytes()


@pytest.mark.parametrize(
    ("op", "code", "old", "written"),
    [
        ("replace", "gdp_growth", "gdp_growth = pct(gdp_volume)", "@behaviour\ngdp_growth = pct(gdp_volume)"),
        (
            "replace",
            "household_consumption_volume",
            "@behaviour\ndlog(household_consumption_volume) = consumption_income*dlog(gdp_volume)",
            "household_consumption_volume = consumption_income*gdp_volume",
        ),
        (
            "delete",
            "household_consumption_volume",
            "@behaviour\ndlog(household_consumption_volume) = consumption_income*dlog(gdp_volume)",
            None,
        ),
    ],
)
def test_behaviour_comes_and_goes_with_its_equation(
    folder: Path, op: Op, code: str, old: str, written: str | None
) -> None:
    make(folder, change(op, f"equation:{code}", old, written))


def test_a_chapter_is_made_changed_and_kept_in_its_encoding(folder: Path) -> None:
    make(folder, change("insert", "text:outlook.kk", None, "Болжам\r\n"))
    file = folder / "chapters/outlook.kk.md"
    assert file.read_bytes() == "Болжам\r\n".encode()
    file.write_bytes(BOM + file.read_bytes())
    make(folder, change("replace", "text:outlook.kk", "Болжам\r\n", "Бағдар\r\n"))
    assert file.read_bytes() == BOM + "Бағдар\r\n".encode()


def test_a_chapter_that_is_deleted_is_gone(folder: Path) -> None:
    make(folder, change("insert", "text:outlook.en", None, "Outlook\n"))
    make(folder, change("delete", "text:outlook.en", "Outlook\n"))


# -- all or nothing ------------------------------------------------------------------------------

SOUND = change("set", "lever:investment_volume[; 2025]", 27.0, 28.0)


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        (change("set", "lever:investment_volume[; 2026]", 28.0, 30.0), "conflicting_change"),
        (change("set", "value:gdp_volume[; 2025]", None, 110.0), "set_of_an_endogenous_value"),
        (change("set", "value:exports[; 2025]", None, 110.0), "unknown_address"),
        (change("set", "lever:investment_volume[; 2031]", None, 30.0), "unknown_address"),
        (change("set", "plans/AKT/lever:investment_volume[; 2025]", 27.0, 30.0), "address_of_another_plan"),
        (change("replace", "equation:gdp_growth", "gdp_growth = 1", "gdp_growth = 2"), "conflicting_change"),
        (change("fix", "value:household_consumption_volume[; 2026]", None, 80.0), "change_not_written"),
        (change("insert", "equation:exports", None, "exports = 1"), "change_not_written"),
        (change("set", "value:gdp_growth[; 2023]", None, 4.0), "change_not_written"),
    ],
)
@pytest.mark.parametrize("first", [True, False], ids=["before", "after"])
def test_one_fault_and_nothing_is_written(folder: Path, wrong: Change, rule: str, first: bool) -> None:
    assert refuse(folder, *([wrong, SOUND] if first else [SOUND, wrong])) == [rule]


def test_no_change_writes_nothing(folder: Path) -> None:
    before = contents(folder)
    times = {p: p.stat().st_mtime_ns for p in folder.rglob("*")}
    assert make(folder).hash == plan_in(folder).hash
    assert contents(folder) == before
    assert {p: p.stat().st_mtime_ns for p in folder.rglob("*")} == times


def fail_at(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the `count`-th move of a file fail as on a disk that allows no writing."""
    moves = iter(range(1, 100))
    move = os.replace

    def failing(source: Any, target: Any) -> None:
        if next(moves) == count:
            raise OSError(errno.EROFS, "Read-only file system")
        move(source, target)

    monkeypatch.setattr(os, "replace", failing)


def test_a_folder_that_cannot_be_written_is_found_and_left_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at(1, monkeypatch)
    assert refuse(folder, SOUND) == ["unwritable_folder"]


def test_a_failure_halfway_leaves_every_file_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_at(2, monkeypatch)
    other = change("set", "coefficient:consumption_income", 0.8, 0.7)
    assert refuse(folder, SOUND, other) == ["unwritable_folder"]


def test_a_file_where_a_folder_should_be_is_found(folder: Path) -> None:
    (folder / "README.md").write_text("kept", "utf-8")
    plan = plan_in(folder)
    (folder / "chapters").write_text("a file", "utf-8")
    before = contents(folder)
    after, findings = write_changes(folder, plan, [SOUND, change("insert", "text:outlook.en", None, "x")])
    assert [f.rule for f in findings] == ["unwritable_folder"]
    assert contents(folder) == before
    assert after is plan


def test_a_folder_where_the_file_should_go_is_found(folder: Path) -> None:
    (folder / "chapters/outlook.en.md").mkdir(parents=True)
    assert refuse(folder, SOUND, change("insert", "text:outlook.en", None, "x")) == ["unwritable_folder"]


@pytest.mark.parametrize("name", ["../evil.en", "../../evil.en", "a/../../../evil.en"])
def test_no_change_is_written_outside_the_folder(folder: Path, name: str) -> None:
    around = contents(folder.parent)
    _, findings = write_changes(folder, plan_in(folder), [change("insert", f"text:{name}", None, "x")])
    assert findings
    assert contents(folder.parent) == around


def test_a_chapter_without_a_language_is_refused(folder: Path) -> None:
    assert refuse(folder, change("insert", "text:outlook", None, "x")) == ["chapter_without_a_language"]


def test_a_cell_that_changed_since_the_plan_was_read_is_a_conflict(folder: Path) -> None:
    plan = plan_in(folder)
    changed = (folder / ACCOUNTS).read_bytes().replace(b"25,27,29", b"25,26,29")
    (folder / ACCOUNTS).write_bytes(changed)
    _, findings = write_changes(folder, plan, [SOUND])
    assert [f.rule for f in findings] == ["conflicting_change"]
    assert (folder / ACCOUNTS).read_bytes() == changed


def test_a_row_that_is_gone_since_the_plan_was_read_is_a_conflict(folder: Path) -> None:
    plan = plan_in(folder)
    (folder / ACCOUNTS).write_text("indicator,2023\n", "utf-8")
    _, findings = write_changes(folder, plan, [SOUND])
    assert findings
    assert (folder / ACCOUNTS).read_text("utf-8") == "indicator,2023\n"


def test_the_permissions_of_a_file_are_kept(folder: Path) -> None:
    (folder / ACCOUNTS).chmod(0o640)
    make(folder, SOUND)
    assert (folder / ACCOUNTS).stat().st_mode & 0o777 == 0o640
