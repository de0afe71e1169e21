"""Parts of a whole in per cent, and the small parts of a long list put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from bagdar.statistics.growth import Percent

Key = TypeVar("Key")


def shares(parts: Mapping[Key, float | None]) -> dict[Key, Percent]:
    """Each part in per cent of the sum of all; nothing where a part is missing or the sum is not positive."""
    held = {key: value for key, value in parts.items() if value is not None}
    whole = sum(held.values())
    if len(held) < len(parts) or whole <= 0:
        return {}
    return {key: Percent(100 * value / whole) for key, value in held.items()}


def percent_of(part: float, whole: float) -> Percent | None:
    """`part` in per cent of `whole`; None of nothing, which has no parts."""
    return Percent(100 * part / whole) if whole else None


def put_together(values: Sequence[float | None]) -> float | None:
    """The sum of all; None where one is missing, or where there is none."""
    held = [value for value in values if value is not None]
    return sum(held) if held and len(held) == len(values) else None
