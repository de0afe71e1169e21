"""The page that says how the economy hangs together."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bagdar.equations import Solution, simulate
from bagdar.folder import read
from bagdar.language import LANGUAGES, Language, number
from bagdar.publish.content import Section, Table
from bagdar.publish.structure import structure

ROOT = Path(__file__).resolve().parents[2]
TOYLAND = ROOT / "examples" / "toyland"


def solution_of(folder: Path) -> Solution:
    plan, _ = read(folder)
    assert plan is not None
    return simulate(plan)[0]


@pytest.fixture(scope="module")
def toyland() -> Solution:
    return solution_of(TOYLAND)


@pytest.fixture
def trading(tmp_path: Path) -> Solution:
    """Toyland that imports: 20 of agriculture's products, 40 of industry's."""
    folder = Path(shutil.copytree(TOYLAND, tmp_path / "toyland"))
    with (folder / "data" / "sectors.csv").open("a", encoding="utf-8") as file:
        file.writelines(
            f"landed,{sector},{amount},,,,mln TOY,actual,office,\n"
            for sector, amount in (("agriculture", 20), ("industry", 40), ("services", 0))
        )
    listed = folder / "indicators.csv"
    width = listed.read_text("utf-8").split("\n", 1)[0].count(",")
    row = "landed,Импорт,Импорт,Imports,mln TOY,2020,sector,external,down,none,statistic,office,2"
    with listed.open("a", encoding="utf-8") as file:
        file.write(row + "," * (width - row.count(",")) + "\n")
    text = (folder / "plan.toml").read_text("utf-8")
    (folder / "plan.toml").write_text(text.replace('exports = "exports"', 'exports = "exports"\nimports = "landed"'))
    return solution_of(folder)


def row(table: Table, name: str) -> dict[str, str]:
    line = next(line for line in table.lines if line.name.startswith(name))
    return dict(zip(table.columns, (f.text for f in line.figures), strict=True))


def test_a_plan_without_accounts_has_no_such_section() -> None:
    section = structure(solution_of(ROOT / "tests" / "plans" / "identity_off"), "en")
    assert (section.prose, section.tables) == ("", ())


def test_an_economy_that_makes_nothing_has_no_such_section(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(TOYLAND, tmp_path / "toyland"))
    data = folder / "data" / "sectors.csv"
    rows = data.read_text("utf-8").splitlines()
    none = [re.sub(r"(?<=,)\d+(?=,)", "0", row) if row.startswith("output,") else row for row in rows]
    data.write_text("\n".join(none) + "\n", "utf-8")
    section = structure(solution_of(folder), "en")
    assert (section.prose, section.tables) == ("", ())


def test_resources_are_used_up(toyland: Solution) -> None:
    uses = structure(toyland, "en").tables[0]
    for line in uses.lines:
        value = {c: float(f.text) for c, f in zip(uses.columns, line.figures, strict=True)}
        used = value["Intermediate consumption"] + value["Other final uses"] + value["Exports"]
        assert value["All resources"] == pytest.approx(used)
    # Agriculture: 0.2·70 for itself and 0.25·72 for industry.
    assert row(uses, "Agriculture")["Intermediate consumption"] == "32.00"


def test_multipliers_are_those_that_pencil_and_paper_find(toyland: Solution) -> None:
    # Solved backwards: agriculture needs only itself, industry itself no more than agriculture, services industry.
    agriculture = 1 / (1 - 0.2)
    industry = 1 + 0.25 * agriculture
    services = 1 + 0.25 * industry
    found = structure(toyland, "en").tables[2]
    for name, expected in (("Agriculture", agriculture), ("Industry", industry), ("Services", services)):
        assert row(found, name)["Output"] == number(expected, "en", 2)
    people = {"Agriculture": 14 / 70 * agriculture}
    employment = next(c for c in found.columns if c.startswith("Employment"))
    assert row(found, "Agriculture")[employment] == number(people["Agriculture"], "en", 2)


def test_estimates_say_so(toyland: Solution) -> None:
    section = structure(toyland, "en")
    assert "estimated" in section.prose
    for table in section.tables:
        assert "estimate" in table.note
        own = {"Gross output", "Exports"}
        for line in table.lines:
            for column, figure in zip(table.columns, line.figures, strict=True):
                assert figure.mark == "estimate" or column in own


def test_imports_of_all_uses_are_all_imports(trading: Solution) -> None:
    contents = structure(trading, "en").tables[3]
    landed = 0.0
    for line in contents.lines:
        amount, _, _, share, home = (float(f.text) for f in line.figures)
        assert share + home == pytest.approx(100, abs=0.1)
        landed += amount * share / 100
    assert landed == pytest.approx(60, abs=0.1)


def test_value_added_and_imports_of_a_unit_are_one(trading: Solution) -> None:
    for line in (table := structure(trading, "en").tables[2]).lines:
        value = dict(zip(table.columns, (float(f.text) for f in line.figures), strict=True))
        assert value["Value added"] + value["Imports"] == pytest.approx(1, abs=0.011)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_written_in_each_language(trading: Solution, language: Language) -> None:
    def words(section: Section) -> set[str]:
        titles = {table.title for table in section.tables}
        return {section.title, section.prose, *titles, *(c for t in section.tables for c in t.columns)}

    mine = words(structure(trading, language))
    for other in LANGUAGES:
        if other != language and {language, other} != {"ru", "kk"}:
            assert not mine & words(structure(trading, other))
    assert all(len(line.figures) == len(t.columns) for t in structure(trading, language).tables for line in t.lines)
