"""Units as a reader sees them."""

from __future__ import annotations

from bagdar.language import Language, phrase, unit_words
from bagdar.plan import Indicator


def unit_name(indicator: Indicator, language: Language) -> str:
    """The unit in words, e.g. ``млрд тенге``; a deflator says where it is 1; a pure number says nothing."""
    if indicator.price_basis.startswith("deflator ") and indicator.unit_text == "1":
        return f"{indicator.price_basis.removeprefix('deflator ')} = 1"
    return unit_words(indicator.unit_text, indicator.price_basis, language)


def unit_beside(indicator: Indicator, language: Language) -> str:
    """The unit as it follows the indicator's name: '' where the name tells it, as «в процентах к ВВП» does."""
    unit = unit_name(indicator, language)
    told = phrase("percent_told", language) if unit == "%" else unit if unit.endswith("= 1") else ""
    return "" if told and told in indicator.name(language) else unit
