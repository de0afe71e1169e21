"""Bad input of every kind: a finding at its home, exit status 1, no traceback, and the folder as it was."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from bagdar.address import Address
from bagdar.balances import allocate
from bagdar.change import Change, apply
from bagdar.checks import check
from bagdar.cli import app
from bagdar.equations import Solution, simulate
from bagdar.finding import Finding, has_errors
from bagdar.folder import new, read
from bagdar.folder.text import LARGEST
from bagdar.language import LANGUAGES

Edit = Callable[[Path], None]
VERDICTS = sorted((Path(__file__).parent / "plans").iterdir())
EQUATIONS, ACCOUNTS = "equations/demand.eq", "data/accounts.csv"
GROWTH = "gdp_growth = pct(gdp_volume)"
FILES = (
    "plan.toml", "tables.toml", "indicators.csv", "sources.csv", "levers.csv", ACCOUNTS, "data/coefficients.csv",
    EQUATIONS,
)  # fmt: skip
# Files that a plan may have and the template has not.
MORE = {
    "sets/sector.csv": "code,kk,ru,en,parent,resource\nall,Бәрі,Все,All,,no\nmine,Кен,Недра,Mining,all,yes\n",
    "targets.csv": "indicator,labels,period,sense,value\ngdp_growth,,2025,>=,5\n",
    "add_factors.csv": "equation,labels,period,value,who,why\nhousehold_consumption_volume,,2026,0.001,a,b\n",
    "accepted.csv": "finding,where,reason,who\ntarget_missed,target:gdp_growth[; 2026],known,a\n",
    "chapters/outlook.kk.md": "# Болжам\n\nӨсім тұрақты.\n",
    "variants/more.toml": '[[change]]\nop = "set"\naddress = "lever:investment_volume[; 2025]"\nold = 27\nnew = 28\n',
    "norms.csv": "indicator,kind,use,per\nconsumption_income,normative,household_consumption_volume,gdp_volume\n",
    "balances/goods.toml": """\
kind = "financial"
unit = "bn KZT"
price_basis = "2024"

[[resource]]
item = "output"
quantity = "gdp_volume"

[[use]]
item = "households"
quantity = "household_consumption_volume"
rank = 1
reason = { en = "People first.", kk = "Алдымен адамдар.", ru = "Прежде всего люди." }

[[use]]
item = "investment"
quantity = "investment_volume"
rank = 2
reason = { en = "Then the future." }
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "plan"
    assert new(root, "en") == []
    return root


# -- how a folder is spoilt ----------------------------------------------------------------------


def put(file: str, content: str | bytes) -> Edit:
    def edit(root: Path) -> None:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    return edit


def swap(file: str, old: str, written: str) -> Edit:
    def edit(root: Path) -> None:
        text = (root / file).read_text("utf-8")
        assert text.count(old) == 1
        (root / file).write_text(text.replace(old, written), "utf-8")

    return edit


def drop(file: str) -> Edit:
    return lambda root: (root / file).unlink()


def folder_at(file: str) -> Edit:
    def edit(root: Path) -> None:
        (root / file).unlink(missing_ok=True)
        (root / file).mkdir(parents=True)

    return edit


def link(file: str, target: str) -> Edit:
    def edit(root: Path) -> None:
        (root / file).unlink()
        (root / file).symlink_to(target)

    return edit


def together(*edits: Edit) -> Edit:
    def edit(root: Path) -> None:
        for one in edits:
            one(root)

    return edit


def growth(right: str) -> Edit:
    """The plan's last equation with another right side."""
    return swap(EQUATIONS, GROWTH, f"gdp_growth = {right}")


def variant(text: str) -> Edit:
    return put("variants/v.toml", f"# What if?\n[[change]]\n{text}")


# -- what must come of it ------------------------------------------------------------------------


def contents(root: Path) -> dict[str, Any]:
    """Every file's bytes, every link's target, every folder."""
    return {
        str(p.relative_to(root)): os.readlink(p) if p.is_symlink() else p.read_bytes() if p.is_file() else None
        for p in root.rglob("*")
    }


def told(root: Path, *more: str) -> tuple[list[dict[str, Any]], int]:
    """What `bagdar check` finds and its exit status; no exception leaves it, nothing is changed."""
    before = contents(root) if root.is_dir() else None
    result = CliRunner().invoke(app, ["check", str(root), "--json", *more], catch_exceptions=False)
    assert (contents(root) if root.is_dir() else None) == before
    found = json.loads(result.stdout)["open"] if result.stdout else []
    assert result.exit_code == int(any(f["severity"] == "error" for f in found) or not result.stdout)
    for item in found:
        assert re.findall(r"\{\w*\}", item["text"]) == []
    return found, result.exit_code


def faults(root: Path, *more: str) -> dict[str, str]:
    """The home of the first error of each rule; there must be one."""
    found, status = told(root, *more)
    assert status == 1
    first: dict[str, str] = {}
    for item in found:
        if item["severity"] == "error":
            place = ":".join(str(part) for part in (item["file"], item["row"], item["column"]) if part)
            first.setdefault(item["rule"], place)
    return first


@pytest.mark.parametrize("root", VERDICTS, ids=lambda p: p.name)
def test_checking_a_failing_plan_changes_no_byte(root: Path) -> None:
    found, _ = told(root)
    assert found


# -- folders -------------------------------------------------------------------------------------


def test_a_folder_that_is_not_there_is_found(tmp_path: Path) -> None:
    found, status = told(tmp_path / "plan")
    assert ([f["rule"] for f in found], status) == (["no_such_folder"], 1)
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_the_folder_is_found(tmp_path: Path) -> None:
    (tmp_path / "plan").write_text("code,kk", "utf-8")
    assert set(faults(tmp_path / "plan")) == {"no_such_folder"}


@pytest.mark.parametrize("kept", [(), (".git/HEAD",), ("sets/",), ("plans/AKT/plan.toml",)])
def test_a_folder_without_a_file_of_the_plan_is_empty(tmp_path: Path, kept: tuple[str, ...]) -> None:
    for file in kept:
        path = tmp_path / file
        (path if file.endswith("/") else path.parent).mkdir(parents=True)
        if not file.endswith("/"):
            path.write_text("x", "utf-8")
    assert set(faults(tmp_path)) == {"empty_folder"}


SPOILT = {
    "no plan.toml": (drop("plan.toml"), "missing_file", "plan.toml"),
    "no indicators": (drop("indicators.csv"), "missing_file", "indicators.csv"),
    "no data file": (drop(ACCOUNTS), "missing_file", ACCOUNTS),
    "no tables.toml": (drop("tables.toml"), "undeclared_file", ACCOUNTS),
    "no sources": (drop("sources.csv"), "unknown_source", f"{ACCOUNTS}:2:2"),
    "no equations": (drop(EQUATIONS), "no_equation", "indicators.csv:2"),
    "a folder for plan.toml": (folder_at("plan.toml"), "unreadable_file", "plan.toml"),
    "a folder for tables.toml": (folder_at("tables.toml"), "unreadable_file", "tables.toml"),
    "a folder for indicators": (folder_at("indicators.csv"), "unreadable_file", "indicators.csv"),
    "a folder for levers": (folder_at("levers.csv"), "unreadable_file", "levers.csv"),
    "a folder for a data file": (folder_at(ACCOUNTS), "unreadable_file", ACCOUNTS),
    "an empty plan.toml": (put("plan.toml", ""), "header_field_unusable", "plan.toml"),
    "an empty table": (put("indicators.csv", ""), "empty_table", "indicators.csv"),
    "a header alone": (put("indicators.csv", "code,unit,role\n"), "unknown_indicator", f"{ACCOUNTS}:2:1"),
    "a base after the horizon": (swap("plan.toml", '"2024"', '"2026"'), "header_field_unusable", "plan.toml:5"),
    "another frequency": (swap("plan.toml", '"2023"', '"2023Q1"'), "header_field_unusable", "plan.toml:5"),
    "no date": (swap("plan.toml", "2025-03-31", '"soon"'), "header_field_unusable", "plan.toml:8"),
    "no tolerance": (swap("plan.toml", "[title]", "[solver]\ntolerance = nan\n[title]"), "header_field_unusable",
                     "plan.toml:12"),
    "no layout": (swap("tables.toml", '"wide"', '"tall"'), "table_entry_unusable", "tables.toml:3"),
    "no status": (swap("tables.toml", 'layout = "wide"', 'use = "x"'), "table_entry_unusable", "tables.toml:3"),
    "an entry that is a number": (put("tables.toml", '"a.csv" = 5\n'), "table_entry_unusable", "tables.toml:1"),
    "a role": (swap("indicators.csv", ",lever,", ",handle,"), "role_unknown", "indicators.csv:4:11"),
    "a unit": (swap("indicators.csv", ",%,", ",promille,"), "unit_unreadable", "indicators.csv:5:5"),
    "a set": (swap("indicators.csv", ",%,,,", ",%,,oblast,"), "unknown_set", "indicators.csv:5:7"),
    "a label": (swap("tables.toml", "[\"data/co", '["data/x.csv"]\ndims = ["oblast"]\n["data/co'), "missing_file",
                "data/x.csv"),
    "a group of levers": (swap("levers.csv", "centralised_finance", "magic"), "lever_group_unknown", "levers.csv:2:2"),
    "a lever": (swap("levers.csv", "investment_volume", "gdp_volume"), "lever_without_an_indicator", "levers.csv:2:1"),
    "a date": (swap("sources.csv", "2025-03-31", "31.03.2025"), "date_unreadable", "sources.csv:2:4"),
    "a kind of source": (swap("sources.csv", ",assumption,", ",rumour,"), "source_kind_unknown", "sources.csv:2:5"),
    "a period": (put("targets.csv", "indicator,period,sense,value\ngdp_volume,soon,>=,1\n"), "period_unreadable",
                 "targets.csv:2:2"),
    "a sense": (put("targets.csv", "indicator,period,sense,value\ngdp_volume,2025,~,1\n"), "target_without_a_sense",
                "targets.csv:2:3"),
    "a reason": (put("accepted.csv", "finding,where,reason\nno_source,x,\n"), "accepted_without_a_reason",
                 "accepted.csv:2:3"),
    "a flag": (put("sets/s.csv", "code,big\na,perhaps\n"), "flag_neither_yes_nor_no", "sets/s.csv:2:2"),
    "a parent": (put("sets/s.csv", "code,parent\na,b\n"), "unknown_label", "sets/s.csv:2"),
    "a circle of parents": (put("sets/s.csv", "code,parent\na,c\nb,a\nc,b\nd,a\n"), "circular_parents", "sets/s.csv:2"),
    "its own parent": (put("sets/s.csv", "code,parent\na,\nb,b\n"), "circular_parents", "sets/s.csv:3"),
    "a label twice": (put("sets/s.csv", "code,kk\na,x\nb,y\na,z\n"), "duplicate_key", "sets/s.csv:4"),
    "a chapter": (put("chapters/outlook.md", "x"), "chapter_without_a_language", "chapters/outlook.md"),
    "a column": (swap(ACCOUNTS, "2026", "next year"), "column_unknown", f"{ACCOUNTS}:1:5"),
    "a column twice": (swap(ACCOUNTS, "2026", "2025"), "column_twice", f"{ACCOUNTS}:1"),
    "a huge number": (swap(ACCOUNTS, "25,27,", "25,1e400,"), "text_in_a_number", f"{ACCOUNTS}:4:4"),
    "no number": (swap(ACCOUNTS, "25,27,", "25,NaN,"), "text_in_a_number", f"{ACCOUNTS}:4:4"),
    "a formula": (swap(ACCOUNTS, "25,27,", "25,=1+1,"), "text_in_a_number", f"{ACCOUNTS}:4:4"),
    "a formula as a code": (swap("indicators.csv", "\ngdp_growth,", "\n=1+1,"), "code_unusable", "indicators.csv:5:1"),
    "a script as a label": (put("sets/s.csv", "code\n<script>alert(1)</script>\n"), "code_unusable", "sets/s.csv:2:1"),
    "a script as an indicator": (swap(ACCOUNTS, "gdp_volume", "<script>"), "unknown_indicator", f"{ACCOUNTS}:2:1"),
    "a path as a variant's address": (variant('op = "set"\naddress = "../../x"\n'), "address_unreadable",
                                      "variants/v.toml:2"),
    "an unknown change": (variant('op = "wish"\naddress = "value:gdp_volume[; 2025]"\n'), "change_op_unknown",
                          "variants/v.toml:2"),
    "a broken variant": (put("variants/v.toml", "[[change]]\nop = \n"), "broken_toml", "variants/v.toml:2:6"),
    "deep TOML": (put("variants/v.toml", "a = " + "[" * 5000 + "]" * 5000), "broken_toml", "variants/v.toml"),
    "a variant with one change": (put("variants/v.toml", '[change]\nop = "set"\n'), "variant_without_changes",
                                  "variants/v.toml:1"),
    "a file that no plan has": (put("data/accounts.xlsx", "PK"), "file_of_no_plan", "data/accounts.xlsx"),
    "an axis named as the periods": (together(put("sets/period.csv", "code\na\n"),
                                              swap("indicators.csv", ",%,,,", ",%,,period,")), "dims_collide",
                                     "indicators.csv:5:7"),
    "a hexadecimal without end": (put("variants/v.toml", "a = 0x" + "f" * 5000), "broken_toml", "variants/v.toml"),
    "an integer without end": (put("variants/v.toml", "a = " + "1" * 5000), "broken_toml", "variants/v.toml"),
    "a set twice": (together(put("sets/a/s.csv", "code\na\n"), put("sets/s.csv", "code\nb\n")), "duplicate_key",
                    "sets/s.csv"),
    "a variant twice": (together(put("variants/a/v.toml", ""), put("variants/v.toml", "")), "duplicate_key",
                        "variants/v.toml"),
    "a name too long for a file": (swap("tables.toml", '"data/coefficients.csv"', f'"{"x" * 5000}"'),
                                   "unreadable_file", "x" * 5000),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "rule", "home"), SPOILT.values(), ids=SPOILT)
def test_what_is_unusable_is_found_where_it_stands(folder: Path, edit: Edit, rule: str, home: str) -> None:
    edit(folder)
    assert faults(folder).get(rule) == home


def test_a_file_too_large_for_a_plan_is_found_and_not_read(folder: Path) -> None:
    os.truncate(folder / ACCOUNTS, LARGEST + 1)
    _, found = read(folder)
    assert [(f.rule, f.home.file) for f in found] == [("file_too_large", ACCOUNTS)]
    assert dict(found[0].facts)["size"] == pytest.approx(67.1, abs=0.1)


NUL_IN_A_NAME = swap("tables.toml", '"data/coefficients.csv"', '"\\u0000x"')


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(swap("plan.toml", "2025-03-31", "2025-03-31T00:00:00"), id="a date with a time"),
        pytest.param(swap("tables.toml", 'layout = "wide"', 'layout = "wide"\ndims = 5'), id="dims that are a number"),
        pytest.param(swap("tables.toml", 'layout = "wide"', 'layout = "wide"\ndims = [["s"]]'), id="nested dims"),
        pytest.param(swap("tables.toml", 'layout = "wide"', 'layout = "wide"\ndims = "sector"'), id="a text as dims"),
        pytest.param(NUL_IN_A_NAME, id="NUL in a file's name"),
        pytest.param(link("plan.toml", "plan.toml"), id="plan.toml a link to itself"),
        pytest.param(link(ACCOUNTS, "accounts.csv"), id="data a link to itself"),
        pytest.param(swap("tables.toml", 'unit = "bn KZT"', 'unit = "kt^400"'), id="a unit too large"),
        pytest.param(swap("indicators.csv", ",%,", ",%^-200,"), id="a unit too small"),
        pytest.param(swap("indicators.csv", ",%,", ",KZT^" + "9" * 5000 + ","), id="a power of 5000 digits"),
        pytest.param(swap("tables.toml", 'unit = "bn KZT"', f'unit = "{"bn " * 40}KZT"'), id="scales without end"),
        pytest.param(together(swap("tables.toml", 'unit = "bn KZT"', 'unit = "trn KZT"'),
                              swap(ACCOUNTS, "25,27,", "25,1e308,")), id="a number too large after conversion"),
        pytest.param(together(put("sets/period.csv", "code\na\n"), swap("indicators.csv", ",%,,,", ",%,,period,")),
                     id="a set named period"),
        pytest.param(together(put("sets/s.csv", "code\na\n"), put("sets/s_2.csv", "code\nb\n"),
                              swap("indicators.csv", ",%,,,", ",%,,s s s_2,")), id="sets named s and s_2"),
        pytest.param(put("variants/v.toml", '[change]\nop = "set"\naddress = "coefficient:consumption_income"\n'),
                     id="one change where a list should be"),
        pytest.param(swap("data/coefficients.csv", "value", "values"), id="no column of values"),
    ],
)  # fmt: skip
def test_what_is_unusable_is_found(folder: Path, edit: Edit) -> None:
    edit(folder)
    assert faults(folder)


@pytest.mark.parametrize(
    "decimals",
    [
        pytest.param("-400"),
        pytest.param("1e300"),
        pytest.param("1.5"),
    ],
)
def test_decimals_that_are_none_are_found(folder: Path, decimals: str) -> None:
    entry = '["data/s.csv"]\nlayout = "long"\nuse = "stated"\nsource = "example"\n["data/co'
    swap("tables.toml", '["data/co', entry)(folder)
    put("data/s.csv", f"indicator,period,value,decimals\ngdp_volume,2024,100,{decimals}\n")(folder)
    assert faults(folder)


# -- bytes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", [*FILES, *MORE])
@pytest.mark.parametrize(
    ("spoil", "rule", "row"),
    [
        (lambda raw: raw.replace(b"\n", b"\n\xff", 1), "file_not_in_utf8", 2),
        (lambda raw: raw[:-1] + b"\xd0", "file_not_in_utf8", None),
        (lambda raw: raw.replace(b"\n", b"\n\0", 1), "file_not_a_text", 2),
        (lambda raw: raw.decode().encode("utf-16"), "file_not_in_utf8", 1),
        (lambda raw: b"PK\3\4\x14\0\6\0\x08\0\0\0!\0" + raw, "file_not_a_text", 1),
    ],
    ids=["a stray byte", "a letter cut in two", "NUL", "UTF-16", "a spreadsheet"],
)
def test_a_file_that_is_no_utf8_text_is_found(
    folder: Path, file: str, spoil: Callable[[bytes], bytes], rule: str, row: int | None
) -> None:
    for name, text in MORE.items():
        put(name, text)(folder)
    raw = (folder / file).read_bytes()
    (folder / file).write_bytes(spoil(raw))
    row = row or raw.count(b"\n")
    assert faults(folder).get(rule) == f"{file}:{row}"


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r"])
def test_a_file_in_an_older_encoding_is_found(folder: Path, encoding: str) -> None:
    text = (folder / "plan.toml").read_text("utf-8").replace("Индикативтік жоспар", "План")
    (folder / "plan.toml").write_bytes(text.encode(encoding))
    row = next(i for i, line in enumerate(text.splitlines(), 1) if line.startswith("kk"))
    assert faults(folder) == {"file_not_in_utf8": f"plan.toml:{row}"}


def test_a_byte_order_mark_is_welcome_everywhere(folder: Path) -> None:
    for name, text in MORE.items():
        put(name, text)(folder)
    sound = told(folder)
    for path in folder.rglob("*.*"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert told(folder) == sound
    assert not any(f["severity"] == "error" for f in sound[0])


# -- out of the folder ---------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["plan.toml", "indicators.csv", ACCOUNTS, EQUATIONS])
@pytest.mark.parametrize("absolute", [True, False])
def test_a_link_that_leads_out_of_the_folder_is_not_followed(folder: Path, file: str, absolute: bool) -> None:
    outside = folder.parent / "secret"
    (folder / file).rename(outside)
    target = str(outside) if absolute else os.path.relpath(outside, (folder / file).parent)
    (folder / file).symlink_to(target)
    assert faults(folder).get("file_outside_the_folder") == file
    assert outside.is_file()


def test_a_link_within_the_folder_is_followed(folder: Path) -> None:
    (folder / ACCOUNTS).rename(folder / "data/coefficients2.csv")
    (folder / ACCOUNTS).symlink_to("coefficients2.csv")
    assert set(faults(folder)) == {"undeclared_file"}


def test_a_link_of_a_folder_that_leads_out_is_not_followed(folder: Path) -> None:
    (folder / "data").rename(folder.parent / "outside")
    (folder / "data").symlink_to("../outside")
    assert "file_outside_the_folder" in faults(folder)


@pytest.mark.parametrize("name", ["../secret.csv", "data/../../secret.csv", "{parent}/secret.csv"])
def test_a_name_that_leads_out_of_the_folder_is_not_read(folder: Path, name: str) -> None:
    (folder / "data/coefficients.csv").rename(folder.parent / "secret.csv")
    named = name.format(parent=folder.parent)
    swap("tables.toml", '"data/coefficients.csv"', f'"{named}"')(folder)
    plan, found = read(folder)
    assert plan is not None
    assert plan.values["consumption_income"].get() is None
    assert has_errors(found)


# -- hostile names and cells ---------------------------------------------------------------------


def test_a_script_in_a_name_is_shown_and_never_run(folder: Path, tmp_path: Path) -> None:
    script = "<script>alert(1)</script>"
    swap("indicators.csv", "GDP growth", script)(folder)
    swap("plan.toml", 'en = "Indicative plan"', f'en = "{script}"')(folder)
    swap("sources.csv", "This example,", f"{script},")(folder)
    put("chapters/outlook.en.md", f"{script}\n\n[x](javascript:alert(1))\n")(folder)
    before = contents(folder)
    result = CliRunner().invoke(app, ["build", str(folder), "--out", str(tmp_path / "out")], catch_exceptions=False)
    assert result.exit_code == 0
    assert contents(folder) == before
    for language in LANGUAGES:
        page = (tmp_path / "out" / f"{language}.html").read_text("utf-8")
        assert script not in page
        assert 'href="javascript:' not in page
    assert "&lt;script&gt;alert(1)" in (tmp_path / "out" / "en.html").read_text("utf-8")


def test_a_cell_that_looks_like_a_formula_is_text_where_text_belongs(folder: Path) -> None:
    swap("indicators.csv", "GDP growth", "=1+1")(folder)
    assert told(folder) == ([], 0)
    plan, _ = read(folder)
    assert plan is not None
    assert plan.indicators["gdp_growth"].names.en == "=1+1"


@pytest.mark.parametrize("address", ["value:gdp_volume[; 2025", "../../x", "<script>", "", "value:gdp_volume[; soon]"])
def test_an_address_that_is_none_is_found(folder: Path, address: str) -> None:
    before = contents(folder)
    result = CliRunner().invoke(app, ["explain", address, str(folder)], catch_exceptions=False)
    assert result.exit_code == 1
    assert "[address_unreadable]" in result.stderr
    assert contents(folder) == before


def test_an_address_without_a_kind_is_a_value_if_there_is_such_an_indicator(folder: Path) -> None:
    whole, bare = (
        CliRunner().invoke(app, ["explain", address, str(folder)], catch_exceptions=False)
        for address in ("value:gdp_volume[; 2025]", "gdp_volume[; 2025]")
    )
    assert (bare.exit_code, bare.stdout) == (0, whole.stdout)
    other = CliRunner().invoke(app, ["explain", "gdp_volumes[; 2025]", str(folder)], catch_exceptions=False)
    assert "[address_unreadable]" in other.stderr


@pytest.mark.parametrize(
    "address",
    ["value:exports[; 2025]", "value:gdp_volume[; 1900]", "value:gdp_volume[a; 2025]", "value:gdp_volume",
     "plans/AKT/value:gdp_volume[; 2025]", "text:nosuch"],
)  # fmt: skip
def test_an_address_of_nothing_is_found(folder: Path, address: str) -> None:
    result = CliRunner().invoke(app, ["explain", address, str(folder)], catch_exceptions=False)
    assert result.exit_code == 1
    assert "[unknown_address]" in result.stderr


# -- equations -----------------------------------------------------------------------------------

AT = f"{EQUATIONS}:8"  # the row of the last equation; its right side begins in column 14


@pytest.mark.parametrize(
    ("right", "rule", "home"),
    [
        ("pct(gdp_volume) +", "equation_not_understood", f"{AT}:31"),
        ("(pct(gdp_volume)", "bracket_unbalanced", AT),
        ("pct(gdp_volume) gdp_volume", "equation_not_understood", AT),
        ("2*өсім*pct(gdp_volume) ? 1", "equation_not_understood", f"{AT}:37"),
        ("өсім + pct(gdp_volume)", "undefined_name", f"{AT}:14"),
        ("pct(gdp_volume) + 0*өсім", "undefined_name", f"{AT}:34"),
        ("(pct(gdp_volume) +\n    0*өсім)", "undefined_name", f"{EQUATIONS}:9:7"),
        ("pct(gdp_volume) + __import__('os').getpid()", "outside_the_language", f"{AT}:32"),
        ("open('plan.toml')", "function_unknown", f"{AT}:14"),
        ("().__class__", "outside_the_language", f"{AT}:14"),
        ("[x for x in gdp_volume]", "outside_the_language", f"{AT}:14"),
        ("lambda: gdp_volume", "outside_the_language", f"{AT}:14"),
        ("'a' * 10**9", "outside_the_language", f"{AT}:14"),
        ("1" + "0" * 400, "number_too_large", f"{AT}:14"),
        ("1e400", "number_too_large", f"{AT}:14"),
        ("9" * 5000, "equation_not_understood", AT),
        ("(" * 5000 + "gdp_volume" + ")" * 5000, "equation_not_understood", AT),
        ("-" * 19000 + "gdp_volume", "equation_not_understood", AT),
        ("+".join(["gdp_volume"] * 400), "equation_too_deep", AT),
        ("+".join(["pct(gdp_volume)"] * 65536), "equation_too_long", AT),
        ("lag(gdp_volume, 0)", "lag_not_a_count", f"{AT}:30"),
        ("lag(gdp_volume, 10**9)", "lag_not_a_count", f"{AT}:30"),
        ("sum(gdp_volume for s in sector)", "unknown_set", AT),
        ("gdp_volume[north]", "labels_do_not_fit_dims", f"{AT}:14"),
        ("gdp_growth", "circular_definition", AT),
        ("log(-gdp_volume)", "equation_without_a_value", AT),
        ("sqrt(investment_volume - gdp_volume)", "equation_without_a_value", AT),
        ("(investment_volume - gdp_volume)**0.5", "equation_without_a_value", AT),
        ("1/(investment_volume - lag(investment_volume) - 2)", "equation_without_a_value", AT),
        ("exp(gdp_volume**2)", "equation_without_a_value", AT),
        ("[" + "+".join(["gdp_volume"] * 400) + "]", "outside_the_language", f"{AT}:14"),
        ("pct(gdp_volume) ) + ( 0", "bracket_unbalanced", AT),
    ],
    ids=lambda text: text[:40],
)  # fmt: skip
def test_a_faulty_equation_is_found_in_its_row_and_column(folder: Path, right: str, rule: str, home: str) -> None:
    growth(right)(folder)
    found = faults(folder).get(rule, "nowhere")
    # Where no column is expected, any column of the row will do.
    assert found == home or (home == AT and found.startswith(f"{AT}:"))


@pytest.mark.parametrize(
    "right",
    [
        "(1 if gdp_volume > 0 else " * 120 + "0" + ")" * 120,
        "min(" + ", ".join(f"gdp_volume + {i}*investment_volume" for i in range(120)) + ")",
        "max(" * 60 + "gdp_volume" + ", 1)" * 60,
        "logistic(" * 100 + "consumption_income" + ")" * 100,
        "(1 if gdp_volume > 0 else " * 60 + "0" + ")" * 60,
        "1/(1 + " * 60 + "consumption_income" + ")" * 60,
        "2**" * 20 + "consumption_income",
    ],
    ids=["if", "min", "max", "logistic", "shorter if", "fractions", "powers"],
)  # fmt: skip
def test_an_equation_of_many_layers_is_solved_or_found(folder: Path, right: str) -> None:
    growth(right)(folder)
    found, _ = told(folder)
    assert {f["file"] for f in found} <= {EQUATIONS}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("gdp_growth pct(gdp_volume)", "statement_without_equals"),
        ("2*gdp_growth = pct(gdp_volume)", "left_side_unusable"),
        ("lag(gdp_growth) = pct(gdp_volume)", "left_side_unusable"),
        ("exp(gdp_growth) = pct(gdp_volume)", "left_side_unusable"),
        ("investment_volume = 5", "equation_for_a_given_indicator"),
        ("check gdp_growth: gdp_volume > 0", "check_named_as_an_indicator"),
        ("check sound: gdp_volume", "check_without_a_comparison"),
        ("@behavior\ngdp_growth = pct(gdp_volume)", "unknown_decorator"),
        ("gdp_growth = pct(gdp_volume)\nfor s in sector", "letters_after_a_statement"),
    ],
)
def test_a_faulty_statement_is_found(folder: Path, text: str, rule: str) -> None:
    swap(EQUATIONS, GROWTH, text)(folder)
    assert rule in faults(folder)


def test_growth_from_zero_has_no_value(folder: Path) -> None:
    swap(ACCOUNTS, "gdp_volume,96,", "gdp_volume,24,")(folder)
    swap(ACCOUNTS, "consumption_volume,72,", "consumption_volume,0,")(folder)
    found, status = told(folder)
    assert status == 1
    assert [(f["rule"], f["file"], f["row"]) for f in found] == [("equation_without_a_value", EQUATIONS, 6)]
    assert found[0]["facts"]["period"] == "2024"


def test_growth_of_a_zero_path_has_no_value(folder: Path) -> None:
    growth("pct(investment_volume)")(folder)
    swap(ACCOUNTS, "investment_volume,24,25,27,29,31", "investment_volume,24,25,0,29,31")(folder)
    swap("levers.csv", "20,40", ",")(folder)
    found, _ = told(folder)
    assert [(f["rule"], f["facts"].get("period")) for f in found] == [("equation_without_a_value", "2026")]


def test_after_a_failure_no_planned_number_is_left(folder: Path) -> None:
    growth("log(-gdp_volume)")(folder)
    plan, found = read(folder)
    assert plan is not None
    solution, more = simulate(plan)
    assert has_errors([*found, *more])
    assert not solution.solved
    for code in ("gdp_volume", "household_consumption_volume", "gdp_growth"):
        assert [solution.values[code].get(year) for year in ("2025", "2026", "2027")] == [None, None, None]


def test_a_lag_before_history_finds_nothing(folder: Path) -> None:
    growth("pct(investment_volume)")(folder)
    plan, _ = read(folder)
    assert plan is not None
    solution, _ = simulate(plan)
    values = solution.values["gdp_growth"]
    assert values.get("2023") is None
    assert values.get("2024") == pytest.approx(100 * (25 / 24 - 1), rel=1e-12)


def test_a_system_without_a_solution_names_its_five_worst_equations(folder: Path) -> None:
    codes = [f"x{i}" for i in range(1, 8)]
    rows = "".join(f"{code},x,x,x,1,,,money,neutral,none,endogenous,,1\n" for code in codes)
    (folder / "indicators.csv").write_text((folder / "indicators.csv").read_text("utf-8") + rows, "utf-8")
    # Round the circle each is more than the next one's square and more than it: none can be.
    lines = [f"{a} = {b}*{b} + {i} + 1" for i, (a, b) in enumerate(zip(codes, codes[1:] + codes[:1], strict=True))]
    put("equations/more.eq", "\n".join(lines) + "\n")(folder)
    found, status = told(folder)
    assert status == 1
    assert [f["rule"] for f in found] == ["system_not_converged"]
    facts = found[0]["facts"]
    assert facts["size"] == 7
    named = re.findall(r"(x\d) \(equations/more\.eq:(\d)\) ([+-][\d.e+-]+):", facts["worst"])
    assert len(named) == 5
    assert all(int(row) == codes.index(code) + 1 for code, row, _ in named)
    missed = [abs(float(by)) for _, _, by in named]
    assert missed == sorted(missed, reverse=True)
    assert missed[-1] > 0
    assert found[0]["row"] == int(named[0][1])


# -- variants ------------------------------------------------------------------------------------


def test_an_unknown_variant_is_found(folder: Path) -> None:
    put("variants/more.toml", MORE["variants/more.toml"])(folder)
    for command in ("check", "simulate", "build"):
        before = contents(folder)
        result = CliRunner().invoke(app, [command, str(folder), "--variant", "les"], catch_exceptions=False)
        assert result.exit_code == 1
        assert "no variant les; there are: more, more_investment [no_such_variant]" in result.stderr
        assert contents(folder) == before
    result = CliRunner().invoke(app, ["apply", str(folder), "les"], catch_exceptions=False)
    assert result.exit_code == 1
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('op = "set"\naddress = "lever:investment_volume[; 2025]"\nold = 26\nnew = 28', "conflicting_change"),
        ('op = "set"\naddress = "lever:investment_volume[; 2025]"\nnew = 28', "conflicting_change"),
        ('op = "set"\naddress = "lever:investment_volume[; 2025]"\nold = 27\nnew = "28"', "change_without_a_number"),
        ('op = "set"\naddress = "lever:investment_volume[; 2025]"\nold = 27\nnew = nan', "change_without_a_number"),
        ('op = "set"\naddress = "lever:investment_volume[; 2025]"\nold = 27\nnew = inf', "change_without_a_number"),
        ('op = "set"\naddress = "lever:investment_volume[; 2025]"\nold = 27\nnew = true', "change_without_a_number"),
        ('op = "set"\naddress = "value:gdp_volume[; 2025]"\nnew = 28', "set_of_an_endogenous_value"),
        ('op = "set"\naddress = "value:exports[; 2025]"\nnew = 28', "unknown_address"),
        ('op = "set"\naddress = "plans/AKT/value:gdp_volume[; 2025]"\nnew = 28', "address_of_another_plan"),
        ('op = "fix"\naddress = "value:gdp_volume[; 2025]"\nnew = 110', "fix_of_an_identity"),
        ('op = "fix"\naddress = "lever:investment_volume[; 2025]"\nnew = 30', "fix_of_a_given_value"),
        ('op = "replace"\naddress = "equation:gdp_growth"\nold = "gdp_growth = 1"\nnew = "x"', "conflicting_change"),
        (f'op = "replace"\naddress = "equation:gdp_growth"\nold = "{GROWTH}"\nnew = "x = 1"',
         "change_of_another_equation"),
        (f'op = "replace"\naddress = "equation:gdp_growth"\nold = "{GROWTH}"\nnew = 5', "change_without_a_text"),
    ],
)  # fmt: skip
def test_a_change_that_cannot_be_made_is_found_and_never_written(folder: Path, text: str, rule: str) -> None:
    variant(text)(folder)
    assert faults(folder, "--variant", "v").get(rule) == "variants/v.toml:2"
    (stale,) = told(folder)[0]  # told of before anybody tries it
    assert (stale["rule"], stale["file"], stale["row"]) == ("variant_out_of_date", "variants/v.toml", 2)
    before = contents(folder)
    result = CliRunner().invoke(app, ["apply", str(folder), "v"], catch_exceptions=False)
    assert result.exit_code == 1
    assert f"[{rule}]" in result.stderr
    assert contents(folder) == before


LEVER, GDP, CONSUMPTION = (
    f"{x}_volume[; 2025]" for x in ("lever:investment", "value:gdp", "value:household_consumption")
)


@pytest.mark.parametrize(
    ("op", "address", "old", "written"),
    [
        ("swap", GDP, None, 110),
        ("swap", GDP, None, {"value": 110, "instrument": "lever:investment_volume[x; 2025]"}),
        ("swap", GDP, None, {"value": 110, "instrument": "lever:investment_volume[; 2025Q1]"}),
        ("fix", CONSUMPTION, None, float("inf")),
        ("scale", LEVER, 27.0, 1e308),
        ("set", LEVER, 27.0, 10**400),
        ("set", LEVER, 27.0, {"value": 28}),
        ("set", LEVER, 27.0, {"value": 28, "status": "sure"}),
        ("insert", "target:gdp_volume[; 2025]", None, {"value": 110, "sense": "?"}),
        ("insert", "target:gdp_volume[x; 2025]", None, 110),
        ("insert", "set:sector[x]", None, {"flags": 5}),
        ("insert", "set:sector[x]", None, {"flags": [[1]]}),
        ("insert", "set:sector[x]", None, {"position": "first"}),
        ("insert", "set:sector[x]", None, {"kk": 5}),
    ],
    ids=lambda part: str(part)[:70],
)
def test_a_change_that_brings_what_it_cannot_is_found(
    folder: Path, op: Any, address: str, old: Any, written: Any
) -> None:
    put("sets/sector.csv", MORE["sets/sector.csv"])(folder)
    plan, _ = read(folder)
    place = Address.parse(address)
    assert plan is not None
    assert place is not None
    after, found = apply(plan, [Change(op, place, old, written)])
    _, more = simulate(after)
    for item in [*found, *more]:
        item.text("kk")
    assert has_errors(found)
    assert after.hash == plan.hash


# -- balances --------------------------------------------------------------------------------------

BALANCE = "balances/goods.toml"


def divided(solution: Solution) -> list[Finding]:
    """What is found when a plan's balances are allocated: an allocation of finite numbers, or an error."""
    allocation, found = allocate(solution.plan, solution.values)
    assert allocation is not None or has_errors(found)
    if allocation is not None:
        assert all(np.isfinite(amounts).all() for amounts in allocation.amounts.values())
        assert all(np.isfinite(short.amount) for short in allocation.shortages())
    return found


def hostile(draw: st.DrawFn, depth: int = 0) -> str:
    """Any value that TOML can write, in its own words."""
    texts = (
        "",
        "gdp_volume",
        "gdp_volume[]",
        "gdp_volume[*, *]",
        "goods.output",
        "[",
        "ө" * 50,
        "x" * 5000,
        "\x1b[2J",
        "<b>",
    )
    plain = st.one_of(
        st.sampled_from(["true", "nan", "inf", "-inf", "1e400", "-0.0", "2025-03-31", "07:32:00", "0x" + "f" * 2000]),
        st.integers(-(2**70), 2**70).map(str),
        st.sampled_from(texts).map(lambda text: json.dumps(text, ensure_ascii=True)),
    )
    kind = draw(st.integers(0, 5 if depth < 3 else 3))
    if kind == 4:
        return "[" + ", ".join(hostile(draw, depth + 1) for _ in range(draw(st.integers(0, 3)))) + "]"
    if kind == 5:
        keys = draw(st.lists(st.sampled_from(["en", "kk", "item", "sector", "of"]), max_size=3, unique=True))
        return "{ " + ", ".join(f"{key} = {hostile(draw, depth + 1)}" for key in keys) + " }"
    return draw(plain)


@st.composite
def strange_balances(draw: st.DrawFn) -> str:
    """A balance whose keys hold anything at all, each now and then what it should."""
    sound = {
        "item": '"a"', "quantity": '"gdp_volume"', "limit": '"gdp_volume"', "least": '"investment_volume"', "rank": "1",
        "of": '"b"', "norm": '"consumption_income"', "lag": "1", "lead": "1", "loss": '"consumption_income"',
        "additions": '"c"', "additions_limit": '"gdp_volume"', "reason": '{ en = "x" }', "title": '{ en = "x" }',
        "only": "{}",
    }  # fmt: skip
    head = {"kind": '"financial"', "unit": '"bn KZT"', "price_basis": '"2024"', "over": "[]", "title": '{ en = "x" }'}

    def rows(keys: dict[str, str], most: int) -> str:
        chosen = draw(st.lists(st.sampled_from(sorted(keys)), max_size=most, unique=True))
        return "".join(f"{key} = {hostile(draw) if draw(st.integers(0, 4)) == 0 else keys[key]}\n" for key in chosen)

    text = rows(head, 5) if draw(st.booleans()) else "".join(f"{key} = {value}\n" for key, value in head.items())
    for _ in range(draw(st.integers(0, 4))):
        side = draw(st.sampled_from(["resource", "use", "stock", "capacity"]))
        code = draw(st.sampled_from(["a", "b", "c"]))
        text += f"\n[[{side}]]\n" + rows(sound | {"item": f'"{code}"'}, 8)
    return text


@settings(max_examples=100)
@given(strange_balances())
def test_no_balance_raises_whatever_its_keys_hold(text: str) -> None:
    with tempfile.TemporaryDirectory() as made:
        root = Path(made) / "plan"
        assert new(root, "kk") == []
        put(BALANCE, text)(root)
        plan, found = read(root)
        assert plan is not None
        solution, more = simulate(plan)
        assert solution.solved
        open_ones, known = check(plan, solution, found + more)
        for item in [*open_ones, *known, *divided(solution)]:
            assert all(item.text(language).strip() for language in LANGUAGES)
            assert item.line("en").isprintable()


def tied(*items: tuple[str, str, str]) -> Edit:
    """The balance with more items: (side, code, the rest of its table)."""
    rows = "".join(f'\n[[{side}]]\nitem = "{code}"\n{rest}' for side, code, rest in items)
    return put(BALANCE, MORE[BALANCE] + rows)


def test_two_items_that_hang_on_each_other_are_an_equation(folder: Path) -> None:
    """a = 0.8 b and b = 0.8 a have one solution, nothing; neither gives anything to those who are served."""
    tied(("resource", "a", 'of = "b"\nnorm = "consumption_income"\n'),
         ("use", "b", 'of = "a"\nnorm = "consumption_income"\n'))(folder)  # fmt: skip
    found, code = told(folder)
    assert ([f["rule"] for f in found], code) == (["ties_in_a_circle"], 0)
    plan, _ = read(folder)
    assert plan is not None
    made, missing = allocate(plan, simulate(plan)[0].values)
    assert missing == []
    assert made is not None
    assert np.abs(made.amounts["goods", "a"]).max() < 1e-9
    assert np.abs(made.amounts["goods", "b"]).max() < 1e-9


def test_a_circle_of_ties_that_multiply_to_one_says_nothing_and_is_bounded_by_what_else_is_said(folder: Path) -> None:
    """a = b and b = a: any amount. A use and a resource of the same amount cancel: nobody gets any of it."""
    tied(("resource", "a", 'of = "b"\n'), ("use", "b", 'of = "a"\n'))(folder)
    plan, _ = read(folder)
    assert plan is not None
    solution, _ = simulate(plan)
    assert divided(solution) == []


@pytest.mark.parametrize("side", ["resource", "use"])
def test_an_item_that_hangs_on_itself_is_found(folder: Path, side: str) -> None:
    # "So much of a as there is of a" would be a resource without an end.
    tied((side, "a", 'of = "a"\n'))(folder)
    assert faults(folder) == {"balance_unusable": f"{BALANCE}:23"}


def test_a_chain_of_hundreds_of_items_is_read(folder: Path) -> None:
    links = [("use", f"x{k}", f'of = "x{k + 1}"\n') for k in range(300)]
    tied(*links, ("use", "x300", 'quantity = "investment_volume"\n'))(folder)
    plan, found = read(folder)
    assert plan is not None
    assert found == []
    assert len(plan.balances[0].items) == 304
    # Without its end nothing of it is left; the one that names it says so.
    tied(*links)(folder)
    plan, found = read(folder)
    assert plan is not None
    assert [(f.rule, dict(f.facts)["found"]) for f in found] == [("unknown_item", "goods.x300")]
    assert len(plan.balances[0].items) == 3


def test_a_balance_over_a_hundred_thousand_labels_is_read_and_lacks_its_numbers(folder: Path) -> None:
    put("sets/thing.csv", "code\n" + "".join(f"x{k}\n" for k in range(100_000)))(folder)
    row = "stock,x,x,x,bn KZT,2024,thing,demand,up,none,exogenous,,1\n"
    (folder / "indicators.csv").write_text((folder / "indicators.csv").read_text("utf-8") + row, "utf-8")
    text = 'kind = "financial"\nunit = "bn KZT"\nprice_basis = "2024"\nover = ["thing"]\n\n[[resource]]\nitem = "a"\n'
    text += 'quantity = "stock"\n\n[[use]]\nitem = "b"\nof = "a"\n\n[[use]]\nitem = "c"\nonly = { thing = ["x"] }\n'
    put(BALANCE, text)(folder)
    plan, found = read(folder)
    assert plan is not None
    assert [(f.rule, f.home.row) for f in found] == [("unknown_label", 16)]
    solution, _ = simulate(plan)
    found = divided(solution)
    assert [(f.rule, dict(f.facts)["count"]) for f in found] == [("balance_number_missing", 300_000)]


def test_a_script_in_a_balance_is_shown_and_never_run(folder: Path, tmp_path: Path) -> None:
    script = "<script>alert(1)</script>"
    text = MORE[BALANCE].replace("Then the future.", script)
    text = text.replace('"2024"', f'"2024"\ntitle = {{ en = "{script}" }}')
    text = text.replace('item = "output"', f'item = "output"\ntitle = {{ en = "{script}=1+1" }}')
    put(BALANCE, text)(folder)
    swap(ACCOUNTS, "25,27,29,31", "25,27,129,31")(folder)
    out = tmp_path / "out.html"
    for command in (["build", "--out", str(tmp_path / "site")], ["allocate", "--out", str(out)], ["balances"]):
        result = CliRunner().invoke(app, [command[0], str(folder), *command[1:]], catch_exceptions=False)
        assert "Traceback" not in result.output
    assert script not in out.read_text("utf-8")
    assert script not in (tmp_path / "site" / "en.html").read_text("utf-8")


@pytest.mark.parametrize(
    "options", [["--ranks", "exact", "--method", "hipo"], ["--ranks", "fair"], ["--method", "abacus"]], ids=" ".join
)
def test_ways_and_methods_that_there_are_not_are_refused(folder: Path, options: list[str]) -> None:
    put(BALANCE, MORE[BALANCE])(folder)
    result = CliRunner().invoke(app, ["allocate", str(folder), *options], catch_exceptions=False)
    assert result.exit_code == 2
    assert options[-2] in result.output


@pytest.mark.parametrize("command", ["balances", "allocate"])
def test_a_plan_without_balances_says_so(folder: Path, command: str) -> None:
    result = CliRunner().invoke(app, [command, str(folder)], catch_exceptions=False)
    assert (result.exit_code == 1) is (command == "allocate")
    assert ("[no_balances]" in result.output) is (command == "allocate")


# -- places that cannot be written -----------------------------------------------------------------


@pytest.mark.parametrize(
    "command", [["build", "--out", "{file}/site"], ["build", "--out", "{file}"], ["simulate", "--out", "{file}/x.csv"]],
    ids=["build under a file", "build on a file", "simulate under a file"],
)  # fmt: skip
def test_a_place_under_a_file_is_found_and_nothing_written(folder: Path, tmp_path: Path, command: list[str]) -> None:
    file = tmp_path / "taken"
    file.write_text("mine", "utf-8")
    before = contents(tmp_path)
    name, *options = [part.format(file=file) for part in command]
    result = CliRunner().invoke(app, [name, str(folder), *options], catch_exceptions=False)
    assert result.exit_code == 1
    assert "[unwritable_folder]" in result.stderr
    assert contents(tmp_path) == before


@pytest.mark.parametrize("command", ["simulate", "test-model"])
def test_a_folder_in_the_place_of_a_file_is_found_and_nothing_written(
    folder: Path, tmp_path: Path, command: str
) -> None:
    (tmp_path / "taken").mkdir()
    before = contents(tmp_path)
    result = CliRunner().invoke(app, [command, str(folder), "--out", str(tmp_path / "taken")], catch_exceptions=False)
    assert result.exit_code == 1
    assert "[unwritable_folder]" in result.stderr
    assert contents(tmp_path) == before


@pytest.mark.parametrize("command", ["check", "build"])
@pytest.mark.parametrize("huge", ["1e40", "1e300"])
def test_a_huge_number_can_be_shown(folder: Path, tmp_path: Path, command: str, huge: str) -> None:
    swap(ACCOUNTS, "25,27,", f"25,{huge},")(folder)
    more = ["--out", str(tmp_path / "out")] if command == "build" else []
    result = CliRunner().invoke(app, [command, str(folder), *more], catch_exceptions=False)
    assert "[lever_out_of_bounds]" in result.output


# -- as the command line is really run -------------------------------------------------------------


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (lambda root: [p.unlink() for p in root.rglob("*.*")], r"^\S*: error: .* \[empty_folder\]$"),
        (put(ACCOUNTS, b"indicator\xff,2023\n"), rf"{ACCOUNTS}:1: error: .* \[file_not_in_utf8\]$"),
        (growth("pct(gdp_volume) ? 2"), rf"{EQUATIONS}:8:30: error: .* \[equation_not_understood\]$"),
        (growth("(" * 10**6 + "gdp_volume"), rf"{EQUATIONS}:8\S*: error: .* \[equation_too_long\]$"),
    ],
    ids=["empty", "bytes", "syntax", "a million brackets"],
)
def test_no_traceback_reaches_the_terminal(folder: Path, edit: Edit, line: str) -> None:
    edit(folder)
    before = contents(folder)
    command = [sys.executable, "-X", "utf8", "-m", "bagdar", "check", str(folder)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert done.stderr == ""
    assert "Traceback" not in done.stdout
    assert re.search(line, done.stdout, re.MULTILINE), done.stdout
    assert contents(folder) == before


# -- any bytes at all ----------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["", "0", "-1", "1e308", "1e400", "nan", '"', "'", "[", "]", "(", ")", ",", ";", "\t", "\r", "=", "#", ".", "..",
     "\n", "\n\n", "@behaviour", "check x:", "for s in sector", "lag(", "lead(", "sum(", " if ", "%", "bn", "2025",
     "2024Q1", "<script>", "\N{NO-BREAK SPACE}", "\N{LINE SEPARATOR}", "ө", "\ufeff", "\0", "gdp_volume", "true", "{}",
     "[]"]
)  # fmt: skip


def encoded(most: int) -> st.SearchStrategy[bytes]:
    return st.text(st.characters(exclude_categories=["Cs"]), max_size=most).map(str.encode)


@st.composite
def spoilings(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """Other bytes altogether, or the file's own with some pieces replaced."""
    if draw(st.integers(0, 3)) == 0:
        whole = draw(st.binary(max_size=200) | encoded(200))
        return lambda raw: whole
    pieces = st.one_of(
        WORDS.map(str.encode), st.binary(max_size=4), st.text(max_size=4).map(lambda t: t.encode("utf-8", "replace"))
    )
    cuts = draw(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), pieces), min_size=1, max_size=4))

    def spoil(raw: bytes) -> bytes:
        for where, length, piece in cuts:
            start = int(where * len(raw))
            raw = raw[:start] + piece + raw[start + length :]
        return raw

    return spoil


@settings(max_examples=120)
@given(st.sampled_from([*FILES, *MORE]), spoilings())
@example("plan.toml", lambda raw: b"")
@example(ACCOUNTS, lambda raw: raw[:-3])
@example(EQUATIONS, lambda raw: raw.replace(b"=", b"=="))
def test_no_bytes_in_any_file_raise(file: str, spoil: Callable[[bytes], bytes]) -> None:
    with tempfile.TemporaryDirectory() as made:
        root = Path(made) / "plan"
        assert new(root, "kk") == []
        for name, text in MORE.items():
            put(name, text)(root)
        (root / file).write_bytes(spoil((root / file).read_bytes()))
        before = contents(root)
        plan, found = read(root)
        if plan is None:
            assert has_errors(found)
        else:
            solution, more = simulate(plan)
            open_ones, known = check(plan, solution, found + more)
            assert has_errors([*found, *more]) or solution.solved
            assert all(np.isfinite(q.values).all() for q in solution.values.values())
            found = [*open_ones, *known]
            if solution.solved:
                found += divided(solution)
        for item in found:
            assert all(item.text(language).strip() for language in LANGUAGES)
            assert str(made) not in item.line("en")
        assert contents(root) == before
