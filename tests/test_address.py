"""Addresses: one string names one thing, and hostile strings name nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bagdar.address import KINDS, Address, Kind
from bagdar.period import Period
from tests.strategies import addresses, thorough


@thorough
@given(addresses())
def test_what_an_address_prints_is_what_it_reads(place: Address) -> None:
    assert Address.parse(str(place)) == place


@thorough
@given(addresses(), st.lists(st.sampled_from([" ", "\t", "\u00a0", ""]), min_size=6, max_size=6))
def test_spaces_around_labels_and_period_mean_nothing(place: Address, spaces: list[str]) -> None:
    before, comma, semicolon, after, head, tail = spaces
    text = str(place)
    if "[" in text:
        name, cell = text[:-1].split("[")
        labels, mark, period = cell.partition(";")
        labels = labels.replace(", ", f"{comma},{comma}")
        text = f"{name}[{before}{labels}{mark}{semicolon}{period}{after}]"
    assert Address.parse(f"{head}{text}{tail}") == place


def year(text: str) -> Period:
    parsed = Period.parse(text)
    assert parsed is not None
    return parsed


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("value:gdp", Address("value", "gdp")),
        ("value:gdp[; 2005]", Address("value", "gdp", (), year("2005"))),
        ("coefficient:technical[oil, gas]", Address("coefficient", "technical", ("oil", "gas"))),
        ("lever:vat_rate[; 2006Q3]", Address("lever", "vat_rate", (), year("2006Q3"))),
        (
            "plans/AKT/value:output[oil; 2006]",
            Address("value", "output", ("oil",), year("2006"), ("AKT",)),
        ),
        (
            "plans/AKT/plans/ural-2/target:өнім[мұнай, 06.1; 2006M12]",
            Address("target", "өнім", ("мұнай", "06.1"), year("2006M12"), ("AKT", "ural-2")),
        ),
        ("text:introduction.kk", Address("text", "introduction.kk")),
        ("set:sector[oil]", Address("set", "sector", ("oil",))),
        ("text:part/one.en", Address("text", "part/one.en")),
        ("plans/plans/value:gdp", Address("value", "gdp", (), None, ("plans",))),
    ],
)
def test_an_address_reads_as_the_design_says(text: str, place: Address) -> None:
    assert Address.parse(text) == place
    assert str(place) == text


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_addressed(kind: Kind) -> None:
    assert Address.parse(f"{kind}:x[a; 2005]") == Address(kind, "x", ("a",), year("2005"))


def test_the_kinds_are_those_of_the_reference() -> None:
    assert " ".join(KINDS) == "value lever target norm coefficient addfactor equation programme text set rank"


@pytest.mark.parametrize(
    "text",
    [
        "", " ", ":", "gdp", "value", "value:", "value:gdp[", "value:gdp]", "value:gdp[]]", "value:gdp[;]",
        "value:gdp[; ]", "value:gdp[,]", "value:gdp[a,]", "value:gdp[,a]", "value:gdp[a b]", "value:gdp[a;b]",
        "value:gdp[; 2005; 2006]", "value:gdp[; 20055]", "value:gdp[; 2005Q5]", "value:gdp [; 2005]", "value :gdp",
        "value: gdp", "Value:gdp",
        "price:gdp", "value:gdp[a][b]", "value:gdp[<script>]", "value:<script>", "plans//value:gdp", "plans/value:gdp",
        "plan/AKT/value:gdp", "plans/A KT/value:gdp", "AKT/value:gdp", "/value:gdp", "value:gdp\nvalue:x",
        "value:gdp\x00",
        "value:gdp[a\nb]", "value:g dp", "value:gdp[; 2005]x", "https://example.org", "[; 2005]", "value:gdp[[a]]",
        "value:gdp;2005", "=1+1", "value::gdp",
    ],
)  # fmt: skip
def test_what_is_no_address_is_none(text: str) -> None:
    assert Address.parse(text) is None


_PIECES = st.sampled_from(
    [
        "value:",
        "lever:",
        "plans/",
        "AKT/",
        "..",
        "/",
        "gdp",
        "[",
        "]",
        ";",
        ",",
        " 2005",
        "2005Q1",
        "oil",
        " ",
        "\n",
        "é",
        "<",
        "\\",
    ]
)


@thorough
@given(st.one_of(st.text(), st.lists(_PIECES, max_size=12).map("".join)))
def test_no_text_makes_reading_an_address_fail(text: str) -> None:
    place = Address.parse(text)
    if place is not None:
        assert Address.parse(str(place)) == place


@thorough
@given(addresses(), st.integers(0, 200), st.characters())
def test_a_damaged_address_is_read_as_something_printable_or_as_none(place: Address, where: int, letter: str) -> None:
    text = str(place)
    damaged = text[: where % len(text)] + letter + text[where % len(text) + 1 :]
    read = Address.parse(damaged)
    assert read is None or Address.parse(str(read)) == read


def test_a_long_text_is_read_at_once_or_not_at_all() -> None:
    assert Address.parse("plans/a/" * 20_000) is None
    assert Address.parse("value:gdp[" + "a," * 50_000) is None
    long = Address.parse("plans/a/" * 20_000 + "value:gdp")
    assert long is not None
    assert long.path == ("a",) * 20_000
