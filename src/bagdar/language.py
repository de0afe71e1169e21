"""Kazakh, Russian, English: names, messages and numbers as each language writes them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from functools import cache
from importlib.resources import files
from math import isfinite, isnan
from typing import Any, Literal, get_args

Language = Literal["kk", "ru", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

# The order in which another language stands in for a missing one.
_FALLBACK: dict[Language, tuple[Language, ...]] = {
    "kk": ("kk", "ru", "en"),
    "ru": ("ru", "kk", "en"),
    "en": ("en", "ru", "kk"),
}


@dataclass(frozen=True)
class Names:
    """One thing's name in the three languages; an empty one is a translation still to come."""

    kk: str = ""
    ru: str = ""
    en: str = ""

    def get(self, language: Language) -> str:
        """The name in `language`, else in the nearest language that has one, else ''."""
        return next((name for code in _FALLBACK[language] if (name := getattr(self, code))), "")

    @property
    def missing(self) -> tuple[Language, ...]:
        """The languages without a name."""
        return tuple(code for code in LANGUAGES if not getattr(self, code))


@cache
def catalogue(name: str) -> dict[str, Any]:
    """The texts of `locale/<name>.toml`: key -> {kk, ru, en, …}."""
    return tomllib.loads(files("bagdar").joinpath("locale", f"{name}.toml").read_text("utf-8"))


def phrase(key: str, language: Language, **facts: object) -> str:
    """A phrase of the user interface, its {places} filled."""
    text: str = catalogue("phrases")[key][language]
    return text.format(**facts) if facts else text


def number(value: float, language: Language, decimals: int | None = None) -> str:
    """`value` with that language's decimal mark and digit groups.

    Without `decimals`, up to six significant digits are kept. Numerals, and the names of what is no
    number, follow CLDR (Babel): 1 234,5 in Kazakh and Russian with no-break spaces, 1,234.5 in English.
    """
    if isinstance(value, float) and not isfinite(value):
        text = (
            _symbols(language)["nan"] if isnan(value) else ("-" if value < 0 else "") + _symbols(language)["infinity"]
        )
    elif decimals is not None:
        # A report holds hundreds of thousands of numbers: Python groups and rounds them, CLDR names the marks.
        text = f"{Decimal(str(round(value, decimals) or 0)):,.{max(decimals, 0)}f}"
        if language != "en":
            text = text.translate({ord(","): _symbols(language)["group"], ord("."): _symbols(language)["decimal"]})
    elif 0 < abs(value) < 1e-4:
        text = f"{value:.3g}".replace(".", "." if language == "en" else ",")
    else:
        from babel.numbers import format_decimal

        most = max(0, 6 - len(str(int(abs(value))))) if abs(value) >= 1 else 6
        with localcontext(prec=5000):  # Babel refuses more digits than the context has, by default 28
            text = format_decimal(value or 0, "#,##0." + "#" * most, locale=language)  # `or 0`: no "-0"
    # Babel's Russian groups are no-break spaces already; the minus is made typographic.
    return str(text).replace("-", "\N{MINUS SIGN}")


def plural_form(value: float, language: Language, decimals: int = 0) -> str:
    """The form of a word counted by `value` as printed: one, few, many, other (CLDR); «2,0» counts as a fraction."""
    from babel import Locale

    return str(Locale.parse(language).plural_form(Decimal(f"{abs(value):.{max(decimals, 0)}f}")))


def counted(key: str, count: int, language: Language, **facts: object) -> str:
    """The phrase `key_one`, `key_few` or `key_many`, as the language counts whole things: 1 раз, 2 раза, 5 раз.

    English and Kazakh count everything but one like many.
    """
    form = plural_form(count, language)
    told = f"{key}_{form if form in ('one', 'few') else 'many'}"
    return phrase(told, language, count=number(count, language), **facts)


def unit_words(text: str, price_basis: str, language: Language) -> str:
    """A written unit in words, with the year whose prices it is at; a pure number says nothing."""
    first, *rest = re.split(r"(?<!\^\d)/", text)
    parts = [" ".join(_unit_word(w, language) for w in first.split())]
    parts += [" ".join(_unit_word(w, language, per=True) for w in part.split()) for part in rest]
    name = "/".join(parts)
    if price_basis.isdigit():
        return phrase("unit_at_prices", language, unit=name, year=price_basis)
    return "" if name == "1" else name


def _unit_word(word: str, language: Language, per: bool = False) -> str:
    told = (catalogue("units").get(f"per {word}") if per else None) or catalogue("units").get(word)
    return str(told[language]) if told else word


@cache
def _symbols(language: Language) -> dict[str, str]:
    """The decimal mark, the mark between groups of digits and the like (CLDR)."""
    from babel import Locale

    return dict(Locale.parse(language).number_symbols["latn"])


def written_date(day: date, language: Language) -> str:
    """`day` as the language writes it: 2005 ж. 31 наурыз, 31 марта 2005 г., March 31, 2005 (CLDR)."""
    from babel.dates import format_date

    return str(format_date(day, "long", locale=language))


def signed(value: float, language: Language) -> str:
    """`value` with its sign, plus included."""
    return ("+" if value > 0 else "") + number(value, language)


def scientific(value: float, language: Language) -> str:
    """A very small `value` as 8.9e-16, with that language's decimal mark."""
    return f"{value:.1e}".replace(".", "." if language == "en" else ",")
