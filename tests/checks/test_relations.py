"""The columns that name other indicators are read, and what means nothing is found and left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from bagdar.folder import new, read
from bagdar.plan import Indicator

COLUMNS = "total_of,capacity,index_of,volume_of"


def declared(folder: Path, *rows: str) -> tuple[dict[str, Indicator], list[str]]:
    """The indicators of a new plan with `rows` added, and the rules of what is found."""
    assert new(folder, "en") == []
    file = folder / "indicators.csv"
    head, *held = file.read_text("utf-8").splitlines()
    wider = [f"{head},{COLUMNS}", *(f"{row},,,," for row in held), *rows]
    file.write_text("\n".join(wider) + "\n", "utf-8")
    (folder / "sets").mkdir()
    (folder / "sets" / "region.csv").write_text("code\nnorth\nsouth\n", "utf-8")
    plan, found = read(folder)
    assert plan is not None
    return dict(plan.indicators), [f.rule for f in found]


def row(code: str, unit: str, basis: str = "", dims: str = "", adds: str = "none", **relations: str) -> str:
    said = ",".join(relations.get(name, "") for name in COLUMNS.split(","))
    return f"{code},,,,{unit},{basis},{dims},demand,up,{adds},statistic,,1,{said}"


def test_relations_are_read(tmp_path: Path) -> None:
    indicators, found = declared(
        tmp_path / "plan",
        row("people", "person", dims="region", adds="sum"),
        row("all_people", "mln person", total_of="people", capacity="people_possible"),
        row("people_possible", "person"),
        row("value", "bn KZT", "current"),
        row("price", "1", "deflator 2024"),
        row("volume", "bn KZT", "2024", volume_of="value price"),
        row("growth", "%", index_of="volume growth"),
        row("share", "%", dims="region", adds="share region"),
    )
    assert found == []
    assert (indicators["all_people"].total_of, indicators["all_people"].capacity) == ("people", "people_possible")
    assert (indicators["volume"].volume_of, indicators["growth"].index_of) == (("value", "price"), ("volume", "growth"))
    assert indicators["share"].adds_up == "share region"


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        (row("x", "person", total_of="nobody"), "unknown_indicator"),
        (row("x", "person", total_of="people_possible"), "relation_does_not_fit"),  # no dims to add over
        (row("x", "t", total_of="people"), "relation_does_not_fit"),
        (row("x", "t", capacity="people_possible"), "relation_does_not_fit"),
        (row("x", "person", capacity="people"), "relation_does_not_fit"),
        (row("x", "person", index_of="people_possible"), "relation_does_not_fit"),  # an index is a pure number
        (row("x", "%", index_of="people_possible twice"), "relation_does_not_fit"),
        (row("x", "bn KZT", "current", volume_of="value"), "relation_does_not_fit"),
        (row("x", "bn KZT", "2020", volume_of="value price"), "relation_does_not_fit"),  # 2020 × deflator 2024
        (row("x", "person", adds="share"), "relation_does_not_fit"),
        (row("x", "%", dims="region", adds="share sector"), "word_unknown"),
    ],
)
def test_a_relation_that_means_nothing_is_found_and_left_out(tmp_path: Path, bad: str, rule: str) -> None:
    indicators, found = declared(
        tmp_path / "plan",
        row("people", "person", dims="region", adds="sum"),
        row("people_possible", "person"),
        row("value", "bn KZT", "current"),
        row("price", "1", "deflator 2024"),
        bad,
    )
    assert found == [rule]
    left = indicators["x"]
    assert (left.total_of, left.capacity, left.index_of, left.volume_of) == ("", "", (), ())
