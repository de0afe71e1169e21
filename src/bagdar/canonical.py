"""Canonical form: equal values give equal text, whatever machine or order wrote them. Plans are hashed by it."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np

from bagdar.period import Period
from bagdar.quantity import STATUSES, Quantity


@lru_cache(maxsize=1 << 16)
def sort_key(value: Hashable) -> str:
    """A text that orders values by what they say, not by where they stand. Kept: a plan is sorted at each change."""
    return json.dumps(canonical(value), ensure_ascii=False)


class Ordered(tuple[Any, ...]):
    """A tuple that is in canonical order."""

    __slots__ = ()


def ordered(values: Iterable[Hashable]) -> Ordered:
    """The values in canonical order; as they are if they have it already, as those of a plan made of another do."""
    return values if isinstance(values, Ordered) else Ordered(sorted(values, key=sort_key))


@cache
def _compared(kind: type[Any]) -> tuple[str, ...]:
    """The fields that make two values of a class equal."""
    return tuple(f.name for f in fields(kind) if f.compare)


def canonical(value: Any) -> Any:
    """`value` as plain lists, maps and strings: equal values give equal text, across machines."""
    if isinstance(value, str):
        return value
    if isinstance(value, Quantity):
        cells = np.argwhere(value.present)
        written = [
            [
                [axis[i] for axis, i in zip(value.labels, cell, strict=True)],
                canonical(float(value.values[tuple(cell)])),
                STATUSES[int(value.status[tuple(cell)])],
            ]
            for cell in cells
        ]
        return [list(value.dims), str(value.unit), written]
    if isinstance(value, Period):
        return str(value)  # sorts as time does
    if is_dataclass(value):
        return [canonical(getattr(value, name)) for name in _compared(type(value))]  # type: ignore[arg-type]
    if isinstance(value, Mapping):
        return sorted([str(key), canonical(item)] for key, item in value.items())
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [canonical(item) for item in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _one_number(value)
    return value if isinstance(value, bool | None) else str(value)


def _one_number(value: float) -> str:
    """An int and the float that equals it, 0.0 and −0.0, are one number and are written as one."""
    try:
        return (float(value) + 0.0).hex()
    except OverflowError:
        return hex(int(value))
