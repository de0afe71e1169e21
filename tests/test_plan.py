"""The plan as a value: what it says decides its identity, how it is written does not."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import FrozenInstanceError, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bagdar.address import Address
from bagdar.change import Change, apply, variant_hash
from bagdar.finding import Home
from bagdar.folder import read
from bagdar.header import Header
from bagdar.period import Period
from bagdar.plan import LabelSet, Member, Plan
from tests.strategies import FILES, address, plan_of, thorough, write_folder

PLAN = plan_of()


def changed(file: str, old: str, new: str) -> dict[str, str]:
    """The small plan's files with one passage replaced."""
    assert FILES[file].count(old) == 1, f"{old!r} must stand once in {file}"
    return FILES | {file: FILES[file].replace(old, new)}


def same(one: Plan, other: Plan) -> bool:
    """Whether two plans are one: equality and hash must agree."""
    assert (one == other) == (one.hash == other.hash)
    return one == other


# -- the same plan, written differently ----------------------------------------------------------------


def shuffled(text: str) -> str:
    """The rows of a table in the opposite order under the same header."""
    head, *rows = text.splitlines(keepends=True)
    return "".join([head, *reversed(rows)])


def european(text: str) -> str:
    """A table as a spreadsheet in Almaty saves it: semicolons, decimal commas, a byte-order mark, CRLF."""
    rows = [line.split(",") for line in text.splitlines()]
    numbers = [
        [field.replace(".", ",") if field.replace(".", "").isdigit() else field for field in row] for row in rows
    ]
    return "\ufeff" + "".join(";".join(row) + "\r\n" for row in numbers)


def with_column(file: str, name: str, value: str) -> dict[str, str]:
    """A table with one column more, the same in every row."""
    head, *rows = FILES[file].splitlines()
    return {file: "".join([f"{head},{name}\n", *(f"{row},{value}\n" for row in rows)])}


def beside(file: str, text: str, entry: str = "") -> dict[str, str]:
    """One data file more, declared."""
    told = f'\n["{file}"]\n{entry}unit = "bn KZT"\nsource = "bns"\n'
    return {"tables.toml": FILES["tables.toml"] + told, file: text}


ACCOUNTS = FILES["data/accounts.csv"]
FIRST = '["data/accounts.csv"]\nlayout = '
HEAD = 'code = "small"\nprofile = "generic"\n'
REWRITTEN: dict[str, dict[str, str]] = {
    "nothing": {},
    "rows of data in another order": {f: shuffled(t) for f, t in FILES.items() if f.startswith("data/")},
    "rows of declarations in another order": {
        f: shuffled(FILES[f]) for f in ("indicators.csv", "targets.csv", "sources.csv")
    },
    "semicolons and decimal commas": {f: european(t) for f, t in FILES.items() if f.startswith("data/")},
    "semicolons in declarations": {
        f: FILES[f].replace(",", ";") for f in ("indicators.csv", "targets.csv", "levers.csv", "sets/sector.csv")
    },
    "tabs": {"data/sectors.csv": FILES["data/sectors.csv"].replace(",", "\t")},
    "quotes": {"data/accounts.csv": "".join('"' + line.replace(",", '","') + '"\n' for line in ACCOUNTS.splitlines())},
    "columns in another order": {"data/technical.csv": "".join(
        ",".join(reversed(line.split(","))) + "\n" for line in FILES["data/technical.csv"].splitlines()
    )},
    "columns of periods in another order": {"data/accounts.csv": "".join(
        ",".join([line.split(",")[0], *reversed(line.split(",")[1:])]) + "\n" for line in ACCOUNTS.splitlines()
    )},
    "blank rows and no last line end": {"data/accounts.csv": ACCOUNTS.replace("\n", "\n,,,,,\n").rstrip("\n,")},
    "numbers with more zeros": {"data/accounts.csv": ACCOUNTS.replace("100", "100.000").replace("27.5", "2.75e1")},
    "another file name": {
        "tables.toml": FILES["tables.toml"].replace("data/accounts.csv", "data/uses.csv"),
        "data/uses.csv": ACCOUNTS,
    },
    "two files for one": {
        **beside("data/more.csv", "indicator,2023,2024\nconsumption,72.25,75\n"),
        "data/accounts.csv": ACCOUNTS.replace("consumption,72.25,75,,,\n", ""),
    },
    "long for wide": {
        "tables.toml": FILES["tables.toml"].replace(FIRST + '"wide"', FIRST + '"long"'),
        "data/accounts.csv": "indicator,period,value\n" + "".join(
            f"{line.split(',')[0]},{2023 + i},{value}\n"
            for line in ACCOUNTS.splitlines()[1:]
            for i, value in enumerate(line.split(",")[1:])
            if value
        ),
    },
    "the status in each row": {
        "tables.toml": FILES["tables.toml"].replace('status = "assumption"\n', ""),
        **with_column("data/rates.csv", "status", "assumption"),
    },
    "an older vintage beside": {
        **beside("data/old.csv", "indicator,2024,vintage\ngdp,98,2024-06\n"),
        **with_column("data/accounts.csv", "vintage", "2025-01"),
    },
    "comments in the equations": {
        "equations/demand.eq": "# A word.\n\n" + FILES["equations/demand.eq"].replace("# GDP by its uses.", "# Uses.")
    },
    "equations in another order and file": {
        "equations/demand.eq": "growth = pct(gdp)\n",
        "equations/a.eq": "check uses: gdp == consumption + investment\n",
        "equations/b.eq": "@behaviour\ndlog(consumption) = response*dlog(gdp)\n",
        "equations/z.eq": "gdp = consumption + investment",
    },
    "comments and order in the toml": {
        "plan.toml": "# A plan.\n" + FILES["plan.toml"].replace(HEAD, 'profile = "generic"  # any\ncode = "small"\n'),
        "tables.toml": "\n\n".join(reversed(FILES["tables.toml"].split("\n\n"))),
    },
    "a note beside a number": with_column("data/rates.csv", "note", "as published"),
    "what happened afterwards": beside("data/after.csv", "indicator,2025\ngdp,104\n", 'use = "outcome"\n'),
    "what another document states": beside("data/stated.csv", "indicator,2025\ngdp,104\n", 'use = "stated"\n'),
    "a variant": {
        "variants/more.toml": '[[change]]\nop = "set"\naddress = "lever:investment[; 2025]"\nold = 27.5\nnew = 30.0\n'
    },
    "accepted findings": {"accepted.csv": "finding,where,reason,who\nno_source,value:gdp,known,me\n"},
    "a read-me": {"README.md": "# Read me\n"},
}  # fmt: skip


@pytest.mark.parametrize("how", REWRITTEN)
def test_a_plan_written_differently_is_the_same_plan(how: str) -> None:
    files = FILES | REWRITTEN[how]
    if how == "another file name":
        del files["data/accounts.csv"]
    if how == "columns in another order":
        assert files["data/technical.csv"].startswith("value,sector_2,sector,indicator\n")
    assert same(plan_of(files), PLAN)


def test_variants_and_accepted_findings_are_read_and_yet_no_part_of_the_identity() -> None:
    more = plan_of(FILES | REWRITTEN["a variant"] | REWRITTEN["accepted findings"])
    assert set(more.variants) == {"more"}
    assert [a.reason for a in more.accepted] == ["known"]
    assert more.hash == PLAN.hash


@pytest.mark.parametrize("what", ["levers", "flags"])
def test_levers_and_flags_in_another_order_are_the_same_plan(what: str) -> None:
    rate = changed("indicators.csv", "Rate,%,,,money,neutral,none,exogenous", "Rate,%,,,money,neutral,none,lever")
    files = rate | {"levers.csv": FILES["levers.csv"] + "rate,tax,0,20,1,\n"}
    other = files | {"levers.csv": shuffled(files["levers.csv"])}
    if what == "flags":
        lines = FILES["sets/sector.csv"].splitlines()
        files = FILES | {"sets/sector.csv": "".join(f"{x},{'big' if i == 0 else 'no'}\n" for i, x in enumerate(lines))}
        turned = [line.split(",") for line in files["sets/sector.csv"].splitlines()]
        other = files | {"sets/sector.csv": "".join(",".join([*x[:-2], x[-1], x[-2]]) + "\n" for x in turned)}
    assert same(plan_of(files), plan_of(other))


# -- another plan --------------------------------------------------------------------------------------

OTHER = {
    "a value": changed("data/accounts.csv", "27.5", "27.5000001"),
    "a value in its last digit": changed("data/accounts.csv", "27.5", "27.500000000000004"),
    "a value that is missing": changed("data/accounts.csv", "27.5", ""),
    "a value of zero where one was missing": changed("data/accounts.csv", "gdp,96.5,100,,,", "gdp,96.5,100,0,,"),
    "values that changed places": changed("data/accounts.csv", "72.25,75", "75,72.25"),
    "a coefficient": changed("data/coefficients.csv", "0.8", "0.81"),
    "a cell of a table": changed("data/technical.csv", "farm,mine,0.25", "mine,farm,0.25").copy()
    | {"data/technical.csv": FILES["data/technical.csv"].replace("farm,mine,0.25", "farm,mine,0.26")},
    "a status": changed("tables.toml", 'status = "assumption"', 'status = "estimate"'),
    "a unit of the data": changed(
        "tables.toml", 'dims = ["sector"]\nunit = "bn KZT"', 'dims = ["sector"]\nunit = "mln KZT"'
    ),
    "a unit of an indicator": changed("indicators.csv", "Rate,%", "Rate,1"),
    "a price basis": FILES | {"indicators.csv": FILES["indicators.csv"].replace("bn KZT,2024", "bn KZT,2023")},
    "a role": changed("indicators.csv", "exogenous,,1\noutput", "lever,,1\noutput"),
    "a name": changed("indicators.csv", "Consumption", "Final consumption"),
    "an equation": changed("equations/demand.eq", "response*dlog(gdp)", "response*dlog(gdp) + 0.01"),
    "an equation's kind": changed("equations/demand.eq", "@behaviour\n", ""),
    "an equation's transform": changed("equations/demand.eq", "dlog(consumption)", "diff(consumption)"),
    "an equation less": changed("equations/demand.eq", "growth = pct(gdp)\n", ""),
    "a check": changed("equations/demand.eq", "gdp == consumption", "gdp >= consumption"),
    "a check's name": changed("equations/demand.eq", "check uses", "check by_uses"),
    "a set letter": changed("equations/sectors.eq", "for s in sector\n", "for s in sector.tradable\n"),
    "a member's name": changed("sets/sector.csv", "Mining", "Quarrying"),
    "a member's parent": changed("sets/sector.csv", "Mining,all", "Mining,spare"),
    "a member's flag": changed("sets/sector.csv", "Mining,all,,,yes", "Mining,all,,,no"),
    "a member's time": changed("sets/sector.csv", "2020,2030", "2020,2031"),
    "a member more": FILES | {"sets/sector.csv": FILES["sets/sector.csv"] + "sea,Теңіз,Море,Sea,,,,no\n"},
    "a set more": FILES | {"sets/land.csv": "code,kk,ru,en\nnorth,Солтүстік,Север,North\n"},
    "prose": changed("chapters/introduction.en.md", "steady", "fast"),
    "a chapter's language": FILES | {"chapters/introduction.kk.md": "# Кіріспе\n"},
    "a target": changed("targets.csv", ">=,110", ">=,111"),
    "a target's sense": changed("targets.csv", ">=,110", "=,110"),
    "a lever's bound": changed("levers.csv", "20,40", "20,41"),
    "an add-factor": FILES
    | {"add_factors.csv": "equation,labels,period,value,who,why\nconsumption,,2026,0.01,me,harvest\n"},
    "a source's date": changed("sources.csv", "2025-01-15", "2025-01-16"),
    "the horizon": changed("plan.toml", '"2027"]', '"2026"]\nterminal = "2027"'),
    "the title": changed("plan.toml", "A small plan", "A little plan"),
    "the plan date": changed("plan.toml", "2025-03-31", "2025-04-01"),
    "a solver option": FILES | {"plan.toml": FILES["plan.toml"] + "\n[solver]\ntolerance = 1e-8\n"},
}


@pytest.mark.parametrize("what", OTHER)
def test_a_plan_that_says_something_else_is_another_plan(what: str) -> None:
    assert not same(plan_of(OTHER[what]), PLAN)


def test_no_two_of_these_plans_share_a_hash() -> None:
    hashes = [plan_of(files).hash for files in OTHER.values()]
    assert len({*hashes, PLAN.hash}) == len(OTHER) + 1


def test_the_hash_is_a_sha_256_that_another_process_finds_too() -> None:
    script = "from tests.strategies import plan_of; print(plan_of().hash)"
    env = os.environ | {"PYTHONHASHSEED": "12345", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=env, check=True)
    assert told.stdout.strip() == PLAN.hash
    assert len(PLAN.hash) == 64
    assert int(PLAN.hash, 16) >= 0


@thorough
@given(st.floats(allow_nan=False, allow_infinity=False).filter(lambda v: v != 27.5 and v != 0))
def test_every_number_has_its_own_hash(value: float) -> None:
    lever = address("lever:investment[; 2025]")
    one, _ = apply(PLAN, [Change("set", lever, 27.5, value)])
    other, _ = apply(PLAN, [Change("set", lever, 27.5, np.nextafter(value, 0).item())])
    assert not same(one, PLAN)
    assert not same(one, other)
    back, _ = apply(one, [Change("observe", lever, value, 27.5)])
    assert same(back, PLAN)


def test_a_negative_zero_is_a_zero() -> None:
    lever = address("lever:investment[; 2025]")
    one, _ = apply(PLAN, [Change("set", lever, 27.5, 0.0)])
    other, _ = apply(PLAN, [Change("set", lever, 27.5, -0.0)])
    assert same(one, other)


def test_a_whole_number_is_the_number() -> None:
    target = address("target:gdp[; 2027]")
    one, _ = apply(PLAN, [Change("add", target, 110, 5)])
    other, _ = apply(PLAN, [Change("add", target, 110.0, 5.0)])
    assert same(one, other)


# -- cells that are not there --------------------------------------------------------------------------


TARGETS = "indicator,labels,period,sense,value\n"
JUDGED = "equation,labels,period,value,who,why\n"


@pytest.mark.parametrize(
    ("file", "text", "rule", "column"),
    [
        ("targets.csv", TARGETS + "output,sea,2026,>=,5\n", "unknown_label", 2),
        ("targets.csv", TARGETS + "gdp,,2022,>=,5\n", "period_unreadable", 3),
        ("targets.csv", TARGETS + "gdp,,2028,>=,5\n", "period_unreadable", 3),
        ("targets.csv", TARGETS + "gdp,,2026Q1,>=,5\n", "period_unreadable", 3),
        ("targets.csv", "indicator,period,sense,value\ngdp,2028,>=,5\n", "period_unreadable", 2),
        ("add_factors.csv", JUDGED + "output,sea,2026,5,,\n", "unknown_label", 2),
        ("add_factors.csv", JUDGED + "consumption,,2028,5,,\n", "period_unreadable", 3),
        ("add_factors.csv", JUDGED + "consumption,,2026M01,5,,\n", "period_unreadable", 3),
    ],
)
def test_a_row_of_a_cell_that_is_not_there_is_a_finding(
    tmp_path: Path, file: str, text: str, rule: str, column: int
) -> None:
    plan, findings = read(write_folder(tmp_path, FILES | {file: text}))
    assert [(f.rule, f.home) for f in findings] == [(rule, Home(file, 2, column))]
    assert plan is not None
    assert plan.add_factors == ()
    assert plan.targets == (() if file == "targets.csv" else PLAN.targets)


# -- parts of the value --------------------------------------------------------------------------------


def test_a_plan_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        PLAN.header = PLAN.header  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        PLAN.header.code = "x"  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        PLAN.values["gdp"].values[0] = 1.0


def test_the_header_counts_history_and_horizon() -> None:
    assert [str(p) for p in PLAN.header.periods] == ["2023", "2024", "2025", "2026", "2027"]
    assert [str(p) for p in PLAN.header.plan_periods] == ["2025", "2026", "2027"]
    assert isinstance(PLAN.header, Header)
    assert PLAN.header.plan_date == date(2025, 3, 31)
    assert PLAN.header.headline == ("gdp", "growth")


def test_a_table_over_one_set_twice_keeps_the_order_of_its_dims() -> None:
    land = "code,kk,ru,en\nnorth,Солтүстік,Север,North\nsouth,Оңтүстік,Юг,South\n"
    head = FILES["indicators.csv"] + "trade,Сауда,Торговля,Trade,1,,land land sector,demand,up,none,exogenous,,1\n"
    table = "indicator,land,land_2,sector,2025\ntrade,north,south,farm,7\n"
    told = '["data/trade.csv"]\nlayout = "wide"\ndims = ["land", "land", "sector"]\nsource = "bns"\n'
    plan = plan_of(
        FILES | {"sets/land.csv": land, "indicators.csv": head, "data/trade.csv": table}
        | {"tables.toml": FILES["tables.toml"] + "\n" + told}
    )  # fmt: skip
    assert plan.values["trade"].dims == ("land", "land_2", "sector", "period")
    assert plan.values["trade"].get("north", "south", "farm", "2025") == 7.0


def test_a_set_without_a_flag_selects_what_has_no_parts() -> None:
    sector = PLAN.sets["sector"]
    assert sector.labels == ("all", "farm", "mine", "spare", "dated")
    assert sector.select() == ("farm", "mine", "spare", "dated")
    assert sector.select("tradable") == ("farm", "mine")
    assert LabelSet("none", ()).select() == ()
    assert LabelSet("one", (Member("a", PLAN.header.title, parent="b"),)).select() == ("a",)


def test_an_indicator_has_the_axes_of_its_sets_and_periods() -> None:
    years = ("2023", "2024", "2025", "2026", "2027")
    labels = ("all", "farm", "mine", "spare", "dated")
    axes = {code: PLAN.dims(indicator) for code, indicator in PLAN.indicators.items()}
    assert axes["gdp"] == {"period": years}
    assert list(axes["output"].items()) == [("sector", labels), ("period", years)]
    assert list(axes["technical"].items()) == [("sector", labels), ("sector_2", labels)]
    assert axes["response"] == {}
    for code, quantity in PLAN.values.items():
        assert dict(zip(quantity.dims, quantity.labels, strict=True)) == axes[code]


def test_every_number_knows_its_row_and_source() -> None:
    expected = {
        ("gdp", ("2023",)): ("data/accounts.csv", 2, 2),
        ("investment", ("2027",)): ("data/accounts.csv", 4, 6),
        ("rate", ("2026",)): ("data/rates.csv", 5, 3),
        ("demand", ("mine", "2027")): ("data/sectors.csv", 3, 7),
        ("technical", ("mine", "farm")): ("data/technical.csv", 4, 4),
        ("response", ()): ("data/coefficients.csv", 2, 2),
    }
    for (code, labels), home in expected.items():
        quantity = PLAN.values[code]
        cell = quantity.position(labels)
        assert cell is not None
        assert PLAN.home(quantity, cell) == Home(*home)
        source = PLAN.source(quantity, cell)
        assert source is not None
        assert source.publisher.get("en") == "Bureau"
        field = FILES[home[0]].splitlines()[home[1] - 1].split(",")[home[2] - 1]
        assert quantity.get(*labels) == float(field)


def test_a_missing_number_has_no_home() -> None:
    quantity = PLAN.values["gdp"]
    cell = quantity.position(("2026",))
    assert cell is not None
    assert PLAN.home(quantity, cell) == Home()
    assert PLAN.source(quantity, cell) is None


def test_a_note_stands_with_its_row() -> None:
    noted = plan_of(FILES | REWRITTEN["a note beside a number"])
    assert noted.note(Home("data/rates.csv", 3, 3)) == "as published"
    assert noted.note(Home("data/rates.csv", 9)) == ""


def test_homes_are_no_part_of_the_identity() -> None:
    moved = replace(PLAN, header=replace(PLAN.header, home=Home("elsewhere", 7)))
    assert same(moved, PLAN)


def test_a_variant_is_identified_by_its_plan_and_its_changes() -> None:
    def more(value: float, old: float = 27.5, who: str = "") -> list[Change]:
        return [Change("set", address("lever:investment[; 2025]"), old, value, who)]

    identity = variant_hash(PLAN, more(30.0))
    assert identity == variant_hash(plan_of(FILES | REWRITTEN["comments in the equations"]), more(30.0))
    assert identity == variant_hash(PLAN, more(30.0, who="another clerk"))
    assert identity == variant_hash(PLAN, more(30))
    assert variant_hash(PLAN, more(0.0)) == variant_hash(PLAN, more(-0.0))
    others = [
        variant_hash(PLAN, []),
        variant_hash(PLAN, more(31.0)),
        variant_hash(PLAN, more(30.0, 27.0)),
        variant_hash(PLAN, more(30.0) * 2),
        variant_hash(PLAN, more(10**400)),
        variant_hash(plan_of(OTHER["prose"]), more(30.0)),
        variant_hash(PLAN, [Change("set", Address("lever", "investment", (), Period("A", 2026)), 27.5, 30.0)]),
    ]
    assert len({identity, PLAN.hash, *others}) == len(others) + 2
