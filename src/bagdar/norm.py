"""Norms as a planner declares them (S22): which indicators are norms, of what kind, and what they are held against."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from bagdar.balance import Reference
from bagdar.finding import Home

NormKind = Literal["norm", "normative", "economic_normative"]
# A norm is the grounded input of a resource for a unit of output at a given quality; a normative is an element of
# it, or the degree to which a resource is used; an economic normative is what a final result needs of resources.
NORM_KINDS: tuple[NormKind, ...] = ("norm", "normative", "economic_normative")


def _home() -> Any:
    return field(default_factory=Home, compare=False)


@dataclass(frozen=True)
class Norm:
    """A row of `norms.csv`. The norm's numbers, their dates, units and sources are those of its indicator.

    use, per: what is used, and for what: their ratio is the actual norm.
    coefficient, price: an input coefficient in value, and the price of the resource: norm × price is what the norm
        makes of the coefficient.
    programme: what is to improve it.
    """

    indicator: str
    kind: NormKind
    use: Reference | None = None
    per: Reference | None = None
    coefficient: Reference | None = None
    price: Reference | None = None
    programme: str = ""
    note: str = ""
    home: Home = _home()

    @property
    def references(self) -> tuple[Reference, ...]:
        """The indicators that it is held against, and its own."""
        named = (Reference(self.indicator), self.use, self.per, self.coefficient, self.price)
        return tuple(one for one in named if one is not None)
