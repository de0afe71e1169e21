"""Kazakh, Russian, English: names, phrases and numbers as each writes them."""

from __future__ import annotations

import ast
import re
from decimal import ROUND_HALF_EVEN, Decimal
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bagdar.language import LANGUAGES, Language, Names, catalogue, counted, number, phrase
from tests.strategies import thorough

PHRASES, TEMPLATE = catalogue("phrases"), catalogue("template")
MARKS: dict[Language, tuple[str, str]] = {"kk": ("\u00a0", ","), "ru": ("\u00a0", ","), "en": (",", ".")}
MINUS = "\N{MINUS SIGN}"


def places(text: str) -> list[str]:
    """The names of a text's {places}, sorted."""
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def read_back(text: str, language: Language) -> Decimal:
    """The number that a text shows, by that language's marks alone."""
    group, mark = MARKS[language]
    return Decimal(text.replace(group, "").replace(mark, ".").replace(MINUS, "-"))


# -- phrases -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", PHRASES)
def test_a_phrase_is_complete_in_three_languages(key: str) -> None:
    told = PHRASES[key]
    assert set(told) == set(LANGUAGES)
    for language in LANGUAGES:
        assert told[language].strip() == told[language] != ""
    assert set(places(told["kk"])) == set(places(told["ru"])) == set(places(told["en"]))


@pytest.mark.parametrize("key", TEMPLATE)
def test_a_text_of_the_template_is_complete_in_three_languages(key: str) -> None:
    assert set(TEMPLATE[key]) == set(LANGUAGES)
    assert all(TEMPLATE[key][language].strip() for language in LANGUAGES)
    assert all("@" not in TEMPLATE[key][language] for language in LANGUAGES)


@pytest.mark.parametrize("key", PHRASES)
def test_a_phrase_is_filled(key: str) -> None:
    names = places(PHRASES[key]["en"])
    for language in LANGUAGES:
        text = phrase(key, language, **{name: f"<{name}>" for name in names})
        assert all(f"<{name}>" in text for name in names)
        assert "{" not in text
        assert "}" not in text


def test_a_phrase_without_facts_is_itself() -> None:
    assert [phrase("value_missing", language) for language in LANGUAGES] == ["жоқ", "нет", "missing"]


def test_every_phrase_that_the_code_names_is_there_with_its_places() -> None:
    named: list[tuple[str, list[str | None]]] = []
    for file in sorted(Path(str(files("bagdar"))).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Name(id="phrase"), args=[ast.Constant(value=str() as key), *_], keywords=given_facts
                ):
                    named.append((key, [k.arg for k in given_facts]))
    assert len(named) > 15
    assert {key for key, _ in named if key not in PHRASES} == set()
    for key, facts in named:
        if None not in facts:  # a ** argument is not seen from here
            assert set(places(PHRASES[key]["en"])) == set(facts), key


# -- names -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (Names("қ", "р", "e"), ("қ", "р", "e")),
        (Names("", "р", "e"), ("р", "р", "e")),
        (Names("қ", "", "e"), ("қ", "қ", "e")),
        (Names("қ", "р", ""), ("қ", "р", "р")),
        (Names("қ", "", ""), ("қ", "қ", "қ")),
        (Names("", "", "e"), ("e", "e", "e")),
        (Names(), ("", "", "")),
    ],
)
def test_a_missing_name_is_lent_by_the_nearest_language(names: Names, shown: tuple[str, str, str]) -> None:
    assert tuple(names.get(language) for language in LANGUAGES) == shown
    assert names.missing == tuple(language for language in LANGUAGES if not getattr(names, language))


# -- numbers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "decimals", "kk", "en"),
    [
        (1234.5, 1, "1\u00a0234,5", "1,234.5"),
        (1234567.891, 2, "1\u00a0234\u00a0567,89", "1,234,567.89"),
        (-1234.5, 1, f"{MINUS}1\u00a0234,5", f"{MINUS}1,234.5"),
        (999.0, 0, "999", "999"),
        (1000.0, 0, "1\u00a0000", "1,000"),
        (0.0, 2, "0,00", "0.00"),
        (-0.0, 2, "0,00", "0.00"),
        (-0.001, 2, "0,00", "0.00"),
        (0.125, 3, "0,125", "0.125"),
        (5.0, 3, "5,000", "5.000"),
        (12, 0, "12", "12"),
        (1e15, 0, "1\u00a0000\u00a0000\u00a0000\u00a0000\u00a0000", "1,000,000,000,000,000"),
        (7.5, None, "7,5", "7.5"),
        (100.0, None, "100", "100"),
        (0.0, None, "0", "0"),
        (0.05, None, "0,05", "0.05"),
        (-3.25, None, f"{MINUS}3,25", f"{MINUS}3.25"),
        (1234.5678, None, "1\u00a0234,57", "1,234.57"),
        (123456.78, None, "123\u00a0457", "123,457"),
        (12, None, "12", "12"),
        (54.553545, None, "54,5535", "54.5535"),
        (0.000012345, None, f"1,23e{MINUS}05", f"1.23e{MINUS}05"),
        (-0.000012345, None, f"{MINUS}1,23e{MINUS}05", f"{MINUS}1.23e{MINUS}05"),
        (-0.00004, 2, "0,00", "0.00"),
        (-0, 0, "0", "0"),
    ],
)
def test_a_number_is_written_as_each_language_writes_it(value: float, decimals: int | None, kk: str, en: str) -> None:
    assert number(value, "kk", decimals) == kk
    assert number(value, "ru", decimals) == kk
    assert number(value, "en", decimals) == en


@thorough
@given(st.floats(-1e12, 1e12, allow_nan=False), st.integers(0, 6), st.sampled_from(LANGUAGES))
def test_a_number_with_decimals_reads_back_rounded(value: float, decimals: int, language: Language) -> None:
    text = number(value, language, decimals)
    step = Decimal(1).scaleb(-decimals)
    assert abs(read_back(text, language) - Decimal(value)) <= step / 2 + Decimal(abs(value)) * Decimal("1e-15")
    assert read_back(text, language) == read_back(text, language).quantize(step, ROUND_HALF_EVEN)
    group, mark = MARKS[language]
    whole, _, fraction = text.removeprefix(MINUS).partition(mark)
    assert len(fraction) == decimals
    assert re.fullmatch(rf"\d{{1,3}}({re.escape(group)}\d{{3}})*", whole)
    assert text.startswith(MINUS) == (read_back(text, language) < 0)
    assert "-" not in text


@thorough
@given(st.floats(-1e12, 1e12, allow_nan=False).filter(lambda v: abs(v) >= 1e-4), st.sampled_from(LANGUAGES))
def test_a_number_without_decimals_keeps_its_size(value: float, language: Language) -> None:
    text = number(value, language)
    assert float(read_back(text, language)) == pytest.approx(value, rel=5.1e-6, abs=5.1e-7)
    assert "-" not in text
    assert text.endswith(tuple("0123456789"))


@thorough
@given(st.floats(-1e12, 1e12, allow_nan=False), st.none() | st.integers(0, 6))
def test_the_languages_differ_only_in_their_marks(value: float, decimals: int | None) -> None:
    assert number(value, "kk", decimals) == number(value, "ru", decimals)
    turned = number(value, "en", decimals).replace(",", "\u00a0").replace(".", ",")
    assert turned == number(value, "kk", decimals)


@pytest.mark.parametrize(("value", "shown"), [(-0.00004, f"{MINUS}4e{MINUS}05"), (-0.0, "0")])
def test_a_small_negative_number_has_a_true_minus(value: float, shown: str) -> None:
    assert number(value, "en") == shown


@pytest.mark.parametrize("decimals", [None, 0, 2])
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("inf", ("∞", "∞", "∞")),
        ("-inf", (f"{MINUS}∞", f"{MINUS}∞", f"{MINUS}∞")),
        ("nan", ("сан\u00a0емес", "не\u00a0число", "NaN")),
    ],
)
def test_what_is_no_finite_number_is_called_so(value: str, shown: tuple[str, str, str], decimals: int | None) -> None:
    assert tuple(number(float(value), language, decimals) for language in LANGUAGES) == shown


@pytest.mark.parametrize("value", [1e29, 1e300, 10**400])
@pytest.mark.parametrize("decimals", [None, 0, 2])
def test_a_number_of_any_size_is_written_out(value: float, decimals: int | None) -> None:
    assert read_back(number(-value, "en", decimals), "en") == -Decimal(str(value))


@pytest.mark.parametrize(
    ("count", "russian", "english"),
    [(1, "1 раз;", "1 time;"), (2, "2 раза;", "2 times;"), (5, "5 раз;", "5 times;"), (11, "11 раз;", "11 times;")],
)
def test_what_is_counted_agrees_with_its_number(count: int, russian: str, english: str) -> None:
    told = {language: counted("allocation_caps", count, language, caps="x") for language in LANGUAGES}
    assert f"решена заново {russian}" in told["ru"]
    assert f"solved again {english}" in told["en"]
    assert f"Модель {count} рет " in told["kk"]
