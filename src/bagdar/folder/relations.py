"""How indicators hang together: the columns of `indicators.csv` that name other indicators."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bagdar.finding import Finding, Home, finding
from bagdar.period import Period
from bagdar.plan import Indicator
from bagdar.unit import ONE

# Columns that name other indicators.
RELATIONS = ("total_of", "capacity", "index_of", "volume_of")
Indicators = Mapping[str, Indicator]


def sound(indicators: Indicators, header: Sequence[str], findings: list[Finding]) -> dict[str, Indicator]:
    """The indicators without relations that mean nothing: each of those is a finding, and left out."""
    kept = {}
    for code, indicator in indicators.items():
        unsound: dict[str, Any] = {}
        for column in RELATIONS:
            told = getattr(indicator, column)
            wrong = _fault(indicators, indicator, column) if told else None
            if wrong is not None:
                rule, found = wrong
                home = Home(indicator.home.file, indicator.home.row, header.index(column) + 1)
                facts = {"found": found} if rule == "unknown_indicator" else {"code": code, "column": column}
                findings.append(finding(rule, home, **(facts | {"found": found})))
                unsound[column] = "" if isinstance(told, str) else ()
        if indicator.adds_up.split(" ")[0] in ("share", "part") and not indicator.unit.same_kind(ONE):
            home = Home(indicator.home.file, indicator.home.row, header.index("adds_up") + 1)
            facts = {"code": code, "column": "adds_up", "found": indicator.adds_up}
            findings.append(finding("relation_does_not_fit", home, **facts))
            unsound["adds_up"] = "none"
        kept[code] = replace(indicator, **unsound) if unsound else indicator
    return kept


def _fault(indicators: Indicators, indicator: Indicator, column: str) -> tuple[str, str] | None:
    """(rule, what is wrong) of a relation; None if it is sound."""
    told = getattr(indicator, column)
    words = (told,) if isinstance(told, str) else told
    named = words if column == "volume_of" else words[:1]
    unknown = next((word for word in named if word not in indicators), None)
    if unknown is not None:
        return "unknown_indicator", unknown
    fits = len(words) <= 2 and _FITS[column](indicator, [indicators[word] for word in named], words)
    return None if fits else ("relation_does_not_fit", " ".join(words))


def _total(indicator: Indicator, others: list[Indicator], _words: Sequence[str]) -> bool:
    """A total has some of its parts' dims, in their order, and their unit."""
    kept = [dim for dim in others[0].dims if dim in indicator.dims]
    return (
        tuple(kept) == indicator.dims
        and len(kept) < len(others[0].dims)
        and _timed_alike(indicator, others[0])
        and indicator.unit.same_kind(others[0].unit)
    )


def _capacity(indicator: Indicator, others: list[Indicator], _words: Sequence[str]) -> bool:
    return (
        others[0].dims in ((), indicator.dims)
        and indicator.role != "coefficient"
        and indicator.code != others[0].code
        and indicator.unit.same_kind(others[0].unit)
    )


def _index(indicator: Indicator, others: list[Indicator], words: Sequence[str]) -> bool:
    """An index is a pure number over its level's dims."""
    to = words[1] if len(words) > 1 else "growth"
    return (
        others[0].dims == indicator.dims
        and "coefficient" not in (indicator.role, others[0].role)
        and indicator.code != others[0].code
        and indicator.unit.same_kind(ONE)
        and (to == "growth" or Period.parse(to) is not None)
    )


def _volume(indicator: Indicator, others: list[Indicator], _words: Sequence[str]) -> bool:
    """A volume is at constant prices, its value at current ones; with the deflator the units agree."""
    value = others[0]
    deflated = indicator.unit if len(others) == 1 else indicator.unit * others[1].unit
    return (
        indicator.price_basis.isdigit()
        and value.price_basis == "current"
        and value.dims == indicator.dims
        and all(other.role != "coefficient" for other in (indicator, *others))
        and all(deflator.dims in ((), indicator.dims) for deflator in others[1:])
        and (deflated.same_kind(value.unit) if len(others) > 1 else deflated.same_but_for_prices(value.unit))
    )


def _timed_alike(one: Indicator, other: Indicator) -> bool:
    return (one.role == "coefficient") == (other.role == "coefficient")


_FITS: dict[str, Callable[[Indicator, list[Indicator], Sequence[str]], bool]] = {
    "total_of": _total,
    "capacity": _capacity,
    "index_of": _index,
    "volume_of": _volume,
}
