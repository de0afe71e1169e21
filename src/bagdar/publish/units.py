"""Units as a reader sees them."""

from __future__ import annotations

import re

from bagdar.language import Language, catalogue, phrase
from bagdar.plan import Indicator


def unit_name(indicator: Indicator, language: Language) -> str:
    """The unit in words, e.g. ``млрд тенге``; a deflator says where it is 1; a pure number says nothing."""
    if indicator.price_basis.startswith("deflator ") and indicator.unit_text == "1":
        return f"{indicator.price_basis.removeprefix('deflator ')} = 1"
    return unit_words(indicator.unit_text, indicator.price_basis, language)


def unit_words(text: str, price_basis: str, language: Language) -> str:
    """A written unit in words, with the year whose prices it is at; a pure number says nothing."""
    first, *rest = re.split(r"(?<!\^\d)/", text)
    parts = [" ".join(_word(w, language) for w in first.split())]
    parts += [" ".join(_word(w, language, per=True) for w in part.split()) for part in rest]
    name = "/".join(parts)
    if price_basis.isdigit():
        return phrase("unit_at_prices", language, unit=name, year=price_basis)
    return "" if name == "1" else name


def unit_beside(indicator: Indicator, language: Language) -> str:
    """The unit as it follows the indicator's name: '' where the name tells it, as «в процентах к ВВП» does."""
    unit = unit_name(indicator, language)
    told = phrase("percent_told", language) if unit == "%" else unit if unit.endswith("= 1") else ""
    return "" if told and told in indicator.name(language) else unit


def _word(word: str, language: Language, per: bool = False) -> str:
    told = (catalogue("units").get(f"per {word}") if per else None) or catalogue("units").get(word)
    return str(told[language]) if told else word
