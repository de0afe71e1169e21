"""How indicators hang together: the columns of `indicators.csv` that name other indicators."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bagdar.finding import Finding, Home, finding
from bagdar.folder.rows import unknown_indicator
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
        for column in (*RELATIONS, "adds_up"):
            home = Home(indicator.home.file, indicator.home.row, [*header, column].index(column) + 1)
            words = _words(indicator, column)
            named = () if column == "adds_up" else words if column == "volume_of" else words[:1]
            unknown = [word for word in named if word not in indicators]
            if unknown:
                findings.append(unknown_indicator(home, unknown[0], indicators))
            elif words and not _FITS[column](indicator, [indicators[word] for word in named], words):
                facts = {"code": code, "column": column, "found": " ".join(words)}
                findings.append(finding("relation_does_not_fit", home, **facts))
            else:
                continue
            unsound[column] = "none" if column == "adds_up" else type(getattr(indicator, column))()
        kept[code] = replace(indicator, **unsound) if unsound else indicator
    return kept


def _words(indicator: Indicator, column: str) -> tuple[str, ...]:
    told = getattr(indicator, column)
    return tuple(told.split()) if isinstance(told, str) else told


def _share(indicator: Indicator, _others: list[Indicator], words: Sequence[str]) -> bool:
    """A share or part of a whole is a pure number."""
    return words[0] not in ("share", "part") or indicator.unit.same_kind(ONE)


def _total(indicator: Indicator, others: list[Indicator], words: Sequence[str]) -> bool:
    """A total has some of its parts' dims, in their order, and their unit."""
    kept = [dim for dim in others[0].dims if dim in indicator.dims]
    return (
        len(words) == 1
        and tuple(kept) == indicator.dims
        and len(kept) < len(others[0].dims)
        and _timed_alike(indicator, others[0])
        and indicator.unit.same_kind(others[0].unit)
    )


def _capacity(indicator: Indicator, others: list[Indicator], words: Sequence[str]) -> bool:
    return (
        len(words) == 1
        and others[0].dims in ((), indicator.dims)
        and indicator.role != "coefficient"
        and indicator.code != others[0].code
        and indicator.unit.same_kind(others[0].unit)
    )


def _index(indicator: Indicator, others: list[Indicator], words: Sequence[str]) -> bool:
    """An index is a pure number over its level's dims."""
    to = words[1] if len(words) > 1 else "growth"
    return (
        len(words) <= 2
        and others[0].dims == indicator.dims
        and "coefficient" not in (indicator.role, others[0].role)
        and indicator.code != others[0].code
        and indicator.unit.same_kind(ONE)
        and (to == "growth" or Period.parse(to) is not None)
    )


def _volume(indicator: Indicator, others: list[Indicator], _words: Sequence[str]) -> bool:
    """A volume is at constant prices, its value at current ones; with the deflator the units agree."""
    value = others[0]
    deflated = indicator.unit if len(others) != 2 else indicator.unit * others[1].unit
    return (
        len(others) <= 2
        and indicator.price_basis.isdigit()
        and value.price_basis == "current"
        and value.dims == indicator.dims
        and all(other.role != "coefficient" for other in (indicator, *others))
        and all(deflator.dims in ((), indicator.dims) for deflator in others[1:])
        and (deflated.same_kind(value.unit) if len(others) > 1 else deflated.same_but_for_prices(value.unit))
    )


def _timed_alike(one: Indicator, other: Indicator) -> bool:
    return (one.role == "coefficient") == (other.role == "coefficient")


_FITS: dict[str, Callable[[Indicator, list[Indicator], Sequence[str]], bool]] = {
    "adds_up": _share,
    "total_of": _total,
    "capacity": _capacity,
    "index_of": _index,
    "volume_of": _volume,
}
