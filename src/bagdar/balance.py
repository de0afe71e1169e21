"""Balances as a planner writes them: what is there of a product, of labour, of money, and what it is used for.

Nothing here is a number: every item names indicators of the plan. A balance holds for each label of the sets that
it is `over`, in every period:

    resources + opening stocks = uses + closing stocks (+ what is left over)
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from bagdar.finding import Home
from bagdar.language import Language, Names
from bagdar.unit import Unit

Kind = Literal["material", "labour", "financial"]
Side = Literal["resource", "use", "stock", "capacity"]
KINDS: tuple[Kind, ...] = ("material", "labour", "financial")
SIDES: tuple[Side, ...] = ("resource", "use", "stock", "capacity")
ALL = "*"
MOST_RANKS = 999


def _home() -> Any:
    return field(default_factory=Home, compare=False)


@dataclass(frozen=True)
class Reference:
    """An indicator, or the part of it with some labels: ``output``, ``output[oil]``, ``output[oil, *]``.

    `labels` has one for each dim, `ALL` where every one is meant; without labels every one of every dim is.
    """

    code: str
    labels: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.code + (f"[{', '.join(self.labels)}]" if self.labels else "")


@dataclass(frozen=True)
class Tie:
    """What an item hangs on: so much of it as `norm` says (one, if None) for each unit of another item.

    The other is that of `lead` periods later, of earlier ones if negative; `balance` and `item` name it, `labels`
    the part of it, as in a `Reference`.
    """

    norm: Reference | None
    balance: str
    item: str
    labels: tuple[str, ...] = ()
    lead: int = 0

    def __str__(self) -> str:
        return f"{self.balance}.{self.item}" + (f"[{', '.join(self.labels)}]" if self.labels else "")


@dataclass(frozen=True)
class Item:
    """One line of a balance.

    quantity: what the plan says that it is; what a ranked use demands; what a resource can give, unless `limit` says.
    limit: the most that it can be; least: the least that it must be.
    tie: for an item that hangs on another by a norm.
    rank: of a use or stock, 1 the most important; 0: it is not ranked, and must be met if it states a quantity.
    only: for some labels of a dim alone.
    loss: of a stock or capacity, the share that is lost from one period to the next.
    tie of a capacity: the item that it limits, by as much as one unit of that takes up.
    additions: of a capacity that can be built, the code of what is added to it: a level that others may hang on.
    """

    code: str
    side: Side
    names: Names = Names()
    quantity: Reference | None = None
    limit: Reference | None = None
    least: Reference | None = None
    tie: Tie | None = None
    rank: int = 0
    reason: Names = Names()
    only: tuple[tuple[str, tuple[str, ...]], ...] = ()
    loss: Reference | None = None
    additions: str = ""
    additions_limit: Reference | None = None
    home: Home = _home()

    def name(self, language: Language) -> str:
        """Its name in `language`, or in the nearest that has one; its code if it has none."""
        return self.names.get(language) or self.code

    @property
    def references(self) -> tuple[Reference, ...]:
        """The indicators that it names."""
        norm = None if self.tie is None else self.tie.norm
        named = (self.quantity, self.limit, self.least, self.loss, self.additions_limit, norm)
        return tuple(one for one in named if one is not None)


@dataclass(frozen=True)
class Balance:
    """A file of `balances/`: its items in the order of the file, in one unit, for each label of the sets `over`.

    price: what a unit of it is worth: so shortages of different things are compared.
    used_up: nothing may be left over: what cannot be used cannot be produced.
    whole: every item of the file could be read; if not, what is there need not close.
    """

    code: str
    kind: Kind
    names: Names
    unit: Unit
    unit_text: str
    price_basis: str
    items: tuple[Item, ...]
    over: tuple[str, ...] = ()
    price: Reference | None = None
    used_up: bool = False
    whole: bool = field(default=True, compare=False)
    home: Home = _home()

    @cached_property
    def levels(self) -> dict[str, Item]:
        """Its items by the codes of their levels; a capacity that can be built has a second one."""
        added = {item.additions: item for item in self.items if item.additions}
        return {**added, **{item.code: item for item in self.items}}

    def name(self, language: Language) -> str:
        """Its name in `language`, or in the nearest that has one; its code if it has none."""
        return self.names.get(language) or self.code


def rank_of(balances: tuple[Balance, ...], name: str) -> int | None:
    """The rank of ``balance.item``, 0 if it has none; None if there is no such item."""
    code, _, level = name.partition(".")
    items = (i for b in balances if b.code == code for i in b.items if i.code == level)
    return next((item.rank for item in items), None)


def with_rank(balances: tuple[Balance, ...], name: str, rank: int) -> tuple[Balance, ...]:
    """The balances with another rank of ``balance.item``."""
    code, _, level = name.partition(".")
    return tuple(
        replace(b, items=tuple(replace(i, rank=rank) if i.code == level else i for i in b.items))
        if b.code == code
        else b
        for b in balances
    )
