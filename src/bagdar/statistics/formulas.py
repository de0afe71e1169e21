"""Price and volume: the bilateral formulas, deflation, and volumes chained in previous year's prices.

Ratios, 1 for no change, since here they multiply: value = price × volume. Each formula takes what moves and
its weights; with prices moving and quantities as weights it is a price index, the other way round a volume
index. SNA 2008, chapter 15; Laspeyres (1871), Paasche (1874), Fisher, *The Making of Index Numbers* (1922).

None where a number is missing or the base is not positive. Sequences of different length raise ValueError.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from bagdar.statistics.growth import ratio
from bagdar.statistics.index import Indices, Series, levels


def laspeyres(before: Series, now: Series, weights_before: Series) -> float | None:
    """Σ now·w₀ / Σ before·w₀: what the basket of the period before costs now, over what it cost."""
    return ratio(_product(now, weights_before), _product(before, weights_before))


def paasche(before: Series, now: Series, weights_now: Series) -> float | None:
    """Σ now·w₁ / Σ before·w₁: what today's basket costs, over what it would have cost."""
    return ratio(_product(now, weights_now), _product(before, weights_now))


def fisher(before: Series, now: Series, weights_before: Series, weights_now: Series) -> float | None:
    """The geometric mean of Laspeyres and Paasche; it reverses in time, and price × volume is value (Fisher 1922)."""
    first, second = laspeyres(before, now, weights_before), paasche(before, now, weights_now)
    return None if first is None or second is None else sqrt(first * second)


def value_ratio(prices_before: Series, prices_now: Series, before: Series, now: Series) -> float | None:
    """The value of the quantities `now` over that of those `before`, each at its own prices."""
    return ratio(_product(prices_now, now), _product(prices_before, before))


def _product(prices: Series, quantities: Series) -> float | None:
    total = 0.0
    for price, quantity in zip(prices, quantities, strict=True):
        if price is None or quantity is None:
            return None
        total += price * quantity
    return total


def implicit_deflator(nominal: float | None, real: float | None) -> float | None:
    """The price that a volume implies: nominal over real, 1 in the base year; None if either is not positive."""
    deflator = ratio(nominal, real)
    return deflator or None


def deflated(nominal: float | None, deflator: float | None) -> float | None:
    """A value at the prices of the year in which `deflator` is 1; a negative value stays one. None without a price.

    Each flow needs its own deflator: consumer prices are not those of output, nor those of exports.
    """
    return None if nominal is None or deflator is None or deflator <= 0 else nominal / deflator


def double_deflated(
    output: float | None, output_price: float | None, inputs: Sequence[tuple[float | None, float | None]]
) -> float | None:
    """Value added at constant prices: deflated output less its inputs, each (value, price) by its own price.

    Single deflation by the output price is right only if inputs grew dearer at the same rate. The result may
    be negative where relative prices moved much; it is then a number, but no index (SNA 2008, chapter 15, on double
    deflation).
    """
    volume = deflated(output, output_price)
    for value, price in inputs:
        used = deflated(value, price)
        if volume is None or used is None:
            return None
        volume -= used
    return volume


def chained(current: Series, previous_prices: Series, reference: int = 0) -> Indices:
    """Volumes of annual-overlap Laspeyres chain, in money of position `reference`.

    `current` is a flow at each year's own prices, `previous_prices` the same at prices of the year before;
    the quotient of a year's second by the year before's first is the link. Such volumes of parts add up to
    the total's only in the reference year and the next; elsewhere show the `discrepancy`.
    """
    quotients = [ratio(now, before) for now, before in zip(previous_prices, (None, *current[:-1]), strict=True)]
    chain = levels([None if q is None else 100 * q for q in quotients], reference)
    money = current[reference]
    return tuple(None if level is None or money is None else money * level / 100 for level in chain)


def discrepancy(total: Series, parts: Sequence[Series]) -> Indices:
    """Total less parts by period: the line that is published beside chained volumes, never spread over the parts."""
    return tuple(_less(whole, shares) for whole, *shares in zip(total, *parts, strict=True))


def _less(whole: float | None, shares: Series) -> float | None:
    told = [share for share in shares if share is not None]
    return None if whole is None or len(told) < len(shares) else whole - sum(told)
