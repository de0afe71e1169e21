"""Index numbers as statistics offices print them: per cent, 100 for the period that they are held against.

A *link* is an index on the period before (the Kazakh НКИ, индекс физического объёма); a *level* is an index
on one fixed period. A series is a sequence of numbers or None, one a period, oldest first. Links of the
year to date (January–September on January–September) are no links of quarters: go back to levels first.

SNA 2008, chapter 15; IMF, *Quarterly National Accounts Manual*, 2017, chapter 8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

from bagdar.statistics.growth import Percent, mean_growth, ratio

Series = Sequence[float | None]
Indices = tuple[float | None, ...]


def links(levels: Series) -> Indices:
    """Each level on the one before it, per cent; the first period has none."""
    return tuple(
        None if (times := ratio(now, before)) is None else 100 * times
        for now, before in zip(levels, (None, *levels[:-1]), strict=True)
    )


def levels(links: Series, base: int = 0) -> Indices:
    """The links chained to levels that are 100 at position `base`, forwards and backwards.

    ``links[t]`` leads from period t−1 to t, so the first is not read. Beyond a link that is missing or not
    positive the chain is broken, and there are no levels. Raises IndexError if `base` is no position.
    """
    chained: list[float | None] = [None] * len(links)
    chained[base] = 100.0
    base %= len(links)
    for t in range(base + 1, len(links)):
        chained[t] = _onward(chained[t - 1], links[t])
    for t in range(base, 0, -1):
        link = links[t]
        later = chained[t]
        chained[t - 1] = None if later is None or link is None or link <= 0 else later / (link / 100)
    return tuple(chained)


def _onward(level: float | None, link: float | None) -> float | None:
    return None if level is None or link is None or link <= 0 else level * link / 100


def rereferenced(levels: Series, base: int) -> Indices:
    """The levels with 100 at position `base`: divided by one number, so that no growth changes.

    Nothing else: to change the *weights* is another operation, which needs prices and quantities
    (`formulas.chained`). All None if the level there is missing or not positive.
    """
    return tuple(None if (times := ratio(level, levels[base])) is None else 100 * times for level in levels)


def mean_link(links: Series) -> float | None:
    """The geometric mean of links, per cent: 110, 90, 105 make 101.3. None if any is missing or not positive."""
    told = [link for link in links if link is not None and link > 0]
    if not told or len(told) < len(links):
        return None
    rate = mean_growth(1, prod(link / 100 for link in told), len(told))
    return None if rate is None else 100 + rate


@dataclass(frozen=True)
class Splice:
    """Two series made one: `factor` turned the old one, and up to position `last` its numbers stand."""

    values: Indices
    factor: float
    last: int


def spliced(old: Series, new: Series, overlap: int) -> Splice | None:
    """`new`, continued into the past by `old` times the ratio of the two at position `overlap`.

    Both series run over the same periods. The old one's growth is kept, the new one's level. None if one of
    the two has no positive number at the overlap. Where the two overlap more than once, their ratios tell
    how good the splice is.
    """
    at, before = new[overlap], old[overlap]
    factor = ratio(at, before)
    if factor is None or factor == 0:
        return None
    pairs = enumerate(zip(old, new, strict=True))
    values = tuple(n if t >= overlap else None if o is None else o * factor for t, (o, n) in pairs)
    return Splice(values, factor, overlap - 1)


def contributions(now: Mapping[str, float | None], before: Mapping[str, float | None]) -> dict[str, Percent] | None:
    """What each part adds to the growth of the sum of all, per cent of that sum; they add up to it exactly.

    Both in the prices of the period `before`: with chained volumes only those add. Parts may be negative
    (inventories, net exports). None if a number is missing or the sum before is not positive.
    """
    known = {part: value for part, value in before.items() if value is not None}
    after = {part: value for part, value in now.items() if value is not None}
    total = sum(known.values())
    if after.keys() != known.keys() or len(known) < len(before) or len(after) < len(now) or total <= 0:
        return None
    return {part: Percent(100 * (after[part] - known[part]) / total) for part in known}


def weighted(indices: Mapping[str, float | None], values_before: Mapping[str, float | None]) -> float | None:
    """The index of a total from its parts' indices, weighted by their values in the period before.

    A country's index is this mean over its regions, never the plain one. None if a number is missing, a
    weight negative, or all are zero. Raises KeyError for a part without a weight.
    """
    pairs = [(index, values_before[part]) for part, index in indices.items()]
    told = [(index, weight) for index, weight in pairs if index is not None and weight is not None and weight >= 0]
    total = sum(weight for _, weight in told)
    if len(told) < len(pairs) or total <= 0:
        return None
    return sum(index * weight for index, weight in told) / total


def implied_weight_range(total: float, parts: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """The lowest and highest weight, 0 to 1, that each part can have if `total` is a weighted mean of `parts`.

    A test of plausibility where indices are printed without weights. Empty if the total lies outside its
    parts: no weights make it, so a number is wrong. The weights that make it are a polytope whose corners
    have at most two weights that are not zero (one equation beside the sum), so the corners tell.
    """
    if not parts or not min(parts.values()) <= total <= max(parts.values()):
        return {}
    corners = []
    for low, under in parts.items():
        for high, over in parts.items():
            if under < total < over:
                share = (total - under) / (over - under)
                corners.append({low: 1 - share, high: share})
        if under == total:
            corners.append({low: 1.0})
    weights = {part: [corner.get(part, 0.0) for corner in corners] for part in parts}
    return {part: (min(told), max(told)) for part, told in weights.items()}
