"""Quantities: labelled numbers with a unit, where missing is a mask and labels must match."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from operator import getitem
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bagdar.unit import Unit

# From the surest to the least sure; a result is only as sure as its least sure part.
STATUSES = ("actual", "operational", "derived", "estimate", "assumption", "plan")
PERIOD = "period"

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]
# Stand-ins for "not told": every cell actual, written down nowhere.
_UNTOLD = np.empty(0, np.int8)
_NOWHERE = np.empty(0, np.int32)


class MismatchError(ValueError):
    """Labels, dims or units that do not fit; the message shows both sides."""


@dataclass(frozen=True, eq=False)
class Quantity:
    """Numbers over labelled dims.

    dims: names of the axes; ``period`` is one of them for anything dated.
    labels: for each axis its labels, unique.
    values: read-only float64 of that shape, 0 where missing and never read there; no NaN.
    present: which cells hold a number.
    status: index into `STATUSES`, a cell each.
    homes: (origin, row, column) a cell, int32 of shape (…, 3); origin indexes `Plan.origins`, −1 is none.
        Where a number was written down takes no part in equality.

    The arrays are copied. Raises MismatchError if shapes disagree, a dim or label repeats or a present
    value is not finite.
    """

    dims: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    values: Values
    present: Mask
    unit: Unit
    status: NDArray[np.int8] = field(default_factory=lambda: _UNTOLD)
    homes: NDArray[np.int32] = field(default_factory=lambda: _NOWHERE)

    def __post_init__(self) -> None:
        shape = tuple(len(axis) for axis in self.labels)
        # Copies, so that nobody else can change them; without dims too, where numpy gives bare numbers.
        arrays: dict[str, NDArray[Any]] = {
            "values": np.array(self.values, np.float64),
            "present": np.array(self.present, np.bool_),
            "status": np.zeros(shape, np.int8) if self.status is _UNTOLD else np.array(self.status, np.int8),
            "homes": np.full((*shape, 3), -1, np.int32) if self.homes is _NOWHERE else np.array(self.homes, np.int32),
        }
        for name, array in arrays.items():
            if len(self.dims) != len(shape) or array.shape != ((*shape, 3) if name == "homes" else shape):
                raise MismatchError(f"{name} of shape {array.shape} does not fit dims {self.dims} of sizes {shape}")
        if len(set(self.dims)) != len(self.dims):
            raise MismatchError(f"a dim repeats: {_shorten(self.dims)}")
        for dim, axis in zip(self.dims, self.labels, strict=True):
            if len(set(axis)) != len(axis):
                raise MismatchError(f"a label of {dim} repeats: {_shorten(axis)}")
        arrays["values"][~arrays["present"]] = 0.0
        if not np.isfinite(arrays["values"]).all():
            raise MismatchError("a present value is not finite")
        for name, array in arrays.items():
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Quantity):
            return NotImplemented
        return (
            (self.dims, self.labels, self.unit) == (other.dims, other.labels, other.unit)
            and np.array_equal(self.present, other.present)
            and np.array_equal(self.values, other.values)
            and np.array_equal(self.status[self.present], other.status[other.present])
        )

    __hash__ = None  # type: ignore[assignment]

    def position(self, labels: Sequence[str]) -> tuple[int, ...] | None:
        """The index of a cell by its labels in the order of dims, or None if a label is unknown."""
        if len(labels) != len(self.labels):
            return None
        try:
            return tuple(map(getitem, self._places, labels))
        except KeyError:
            return None

    @cached_property
    def _places(self) -> tuple[dict[str, int], ...]:
        """For each axis the place of each label."""
        return tuple({label: place for place, label in enumerate(axis)} for axis in self.labels)

    def get(self, *labels: str) -> float | None:
        """The number of one cell; None if missing or unknown."""
        cell = self.position(labels)
        return float(self.values[cell]) if cell is not None and self.present[cell] else None

    def select(self, dim: str, labels: Sequence[str]) -> Quantity:
        """The part with these labels of `dim`, in the order given. Raises on an unknown label."""
        axis = self._axis(dim)
        unknown = [label for label in labels if label not in self.labels[axis]]
        if unknown:
            raise MismatchError(f"{dim} has no {_shorten(unknown)}; it has {_shorten(self.labels[axis])}")
        take = [self.labels[axis].index(label) for label in labels]
        return self._like(
            lambda a: np.take(a, take, axis),
            labels=(*self.labels[:axis], tuple(labels), *self.labels[axis + 1 :]),
        )

    def align(self, other: Quantity) -> Quantity:
        """This quantity in `other`'s order of dims and labels. Raises if either has labels that the other lacks."""
        if set(self.dims) != set(other.dims):
            raise MismatchError(f"dims differ: {self.dims} and {other.dims}; sum over or rename one")
        order = [self.dims.index(dim) for dim in other.dims]
        result = self._like(
            lambda a: np.transpose(a, (*order, *range(len(order), a.ndim))),
            dims=other.dims,
            labels=tuple(self.labels[i] for i in order),
        )
        for dim, left, right in zip(other.dims, result.labels, other.labels, strict=True):
            if set(left) != set(right):
                raise MismatchError(
                    f"labels of {dim} differ: only left {_shorten(set(left) - set(right))}; "
                    f"only right {_shorten(set(right) - set(left))}; select the common ones first"
                )
            result = result.select(dim, right)
        return result

    def sum(self, dim: str) -> Quantity:
        """The total over `dim`; missing where any part is missing, 0 where there are no parts."""
        axis = self._axis(dim)
        return Quantity(
            self.dims[:axis] + self.dims[axis + 1 :],
            self.labels[:axis] + self.labels[axis + 1 :],
            self.values.sum(axis),
            np.asarray(self.present.all(axis)),
            self.unit,
            self.status.max(axis, initial=0),
        )

    def rename(self, old: str, new: str) -> Quantity:
        """The same numbers with dim `old` called `new`."""
        axis = self._axis(old)
        return self._like(lambda a: a, dims=(*self.dims[:axis], new, *self.dims[axis + 1 :]))

    def to(self, unit: Unit) -> Quantity:
        """The same amounts in another scale. Raises if units differ in kind; prices never convert by scale."""
        if not self.unit.same_kind(unit):
            hint = " (a price basis needs a deflator)" if self.unit.same_but_for_prices(unit) else ""
            raise MismatchError(f"{self.unit} is not {unit}{hint}")
        factor = self.unit.factor_to(unit)
        return Quantity(self.dims, self.labels, self.values * factor, self.present, unit, self.status, self.homes)

    def __add__(self, other: Quantity) -> Quantity:
        return self._combine(other.align(self).to(self.unit), np.add, self.unit)

    def __sub__(self, other: Quantity) -> Quantity:
        return self._combine(other.align(self).to(self.unit), np.subtract, self.unit)

    def __mul__(self, other: Quantity) -> Quantity:
        return self._combine(other.align(self), np.multiply, self.unit * other.unit)

    def __truediv__(self, other: Quantity) -> Quantity:
        divisor = other.align(self)
        if (divisor.present & (divisor.values == 0)).any():
            raise MismatchError("division by a quantity that is zero somewhere")
        return self._combine(divisor, _divide, self.unit / other.unit)

    def __pow__(self, exponent: Fraction | int) -> Quantity:
        with np.errstate(all="ignore"):  # a result that is no number is refused like any other
            values = np.power(self.values, float(exponent), out=np.zeros(self.values.shape), where=self.present)
        return self._like(lambda a: a, values=values, unit=self.unit**exponent)

    def with_cell(self, cell: tuple[int, ...], value: float | None, status: int, home: Sequence[int]) -> Quantity:
        """A copy with one cell replaced; None makes it missing."""
        values, present = self.values.copy(), self.present.copy()
        statuses, homes = self.status.copy(), self.homes.copy()
        values[cell], present[cell] = (0.0 if value is None else value), value is not None
        statuses[cell], homes[cell] = status, home
        return Quantity(self.dims, self.labels, values, present, self.unit, statuses, homes)

    def __repr__(self) -> str:
        dims = ", ".join(f"{d}: {len(axis)}" for d, axis in zip(self.dims, self.labels, strict=True))
        head = f"Quantity [{dims}] in {self.unit}, {int(self.present.sum())} of {self.present.size} cells"
        cells = [tuple(c) for c in np.argwhere(self.present)[:6]]
        shown = (
            f"  {', '.join(axis[i] for axis, i in zip(self.labels, c, strict=True))}: {self.values[c]:.6g}"
            for c in cells
        )
        return "\n".join([head, *shown])

    def _axis(self, dim: str) -> int:
        if dim not in self.dims:
            raise MismatchError(f"no dim {dim}; there are {self.dims}")
        return self.dims.index(dim)

    def _like(self, move: Callable[[NDArray[Any]], NDArray[Any]], **changed: Any) -> Quantity:
        fields: dict[str, Any] = {
            "dims": self.dims,
            "labels": self.labels,
            "values": move(self.values),
            "present": move(self.present),
            "unit": self.unit,
            "status": move(self.status),
            "homes": move(self.homes),
        }
        return Quantity(**(fields | changed))

    def _combine(self, other: Quantity, operation: Callable[..., Values], unit: Unit) -> Quantity:
        return Quantity(
            self.dims,
            self.labels,
            operation(self.values, other.values),
            self.present & other.present,
            unit,
            np.maximum(self.status, other.status),
        )


def empty(dims: Mapping[str, Sequence[str]], unit: Unit) -> Quantity:
    """A quantity over these dims and labels with every cell missing."""
    labels = tuple(tuple(axis) for axis in dims.values())
    shape = tuple(len(axis) for axis in labels)
    return Quantity(tuple(dims), labels, np.zeros(shape), np.zeros(shape, bool), unit)


def _divide(left: Values, right: Values) -> Values:
    return np.divide(left, right, out=np.zeros(left.shape), where=right != 0)


def _shorten(labels: Sequence[str] | set[str], most: int = 6) -> str:
    listed = sorted(labels) if isinstance(labels, set) else list(labels)
    rest = f" and {len(listed) - most} more" if len(listed) > most else ""
    return (", ".join(listed[:most]) or "nothing") + rest
