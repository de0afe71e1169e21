"""Random small plans with balances: everything that a balance can say, with numbers that a hand could add up."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from hypothesis import strategies as st

from bagdar.plan import Plan
from tests.balances.given import balance, capacity, plan_of, resource, stock, use

PRODUCTS = ("oil", "grain")
PAST = 2


@dataclass(frozen=True)
class World:
    """What `plan_of` makes a plan of; the parts that a property changes stand by themselves.

    ranks: of each ranked item, by balance and code; prices: by balance; units: of the balances.
    """

    years: int
    beyond: int
    over: tuple[str, ...]
    items: dict[str, list[tuple[Any, str, dict[str, Any]]]]
    numbers: dict[str, Any]
    kinds: dict[str, str]
    units: dict[str, str]
    indicator_units: dict[str, str]
    growth: float = 0.0
    dims: dict[str, tuple[str, ...]] = field(default_factory=dict)
    used_up: frozenset[str] = frozenset()

    @property
    def ranks(self) -> dict[tuple[str, str], int]:
        return {(b, code): told["rank"] for b, items in self.items.items() for _, code, told in items if "rank" in told}

    def ranked(self, ranks: dict[tuple[str, str], int]) -> World:
        """With other ranks for some items."""
        items = {
            b: [
                (side, code, told | ({"rank": ranks[b, code]} if (b, code) in ranks else {}))
                for side, code, told in all_
            ]
            for b, all_ in self.items.items()
        }
        return replace(self, items=items)

    def with_numbers(self, numbers: dict[str, Any]) -> World:
        """With other numbers."""
        return replace(self, numbers=numbers)

    def with_units(self, units: dict[str, str]) -> World:
        """With its balances kept in other units; its indicators stay in theirs."""
        return replace(self, units=units)

    def plan(self) -> Plan:
        """The plan; reading it finds nothing."""
        balances = {}
        for code, items in self.items.items():
            priced = any("rank" in told for _, _, told in items)
            balances[code] = balance(
                *(side(name, **told) for side, name, told in items),
                kind=self.kinds.get(code, "material"),
                unit=self.units[code],
                over=list(self.over) if code == "goods" else [],
                price=f"price_of_{code}" if priced else "",
                **({"used_up": True} if code in self.used_up else {}),
            )
        sets = {"product": PRODUCTS} if self.over else {}
        more: dict[str, Any] = {"sets": sets, "dims": self.dims, "units": self.indicator_units}
        return plan_of(balances, self.numbers, past=PAST, years=self.years, beyond=self.beyond, **more)


whole = st.integers(0, 20).map(float)
few = st.integers(0, 3).map(float)
norms = st.sampled_from([0.0, 0.25, 0.5, 1.0, 2.0])
input_norms = st.sampled_from([0.0, 0.125, 0.25])
losses = st.sampled_from([0.0, 0.1, 0.25])
prices = st.sampled_from([0.5, 1.0, 2.0, 5.0])


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Goods, the fuel that they take, and the people who make them."""
    drawn = _Drawn(draw)
    drawn.goods_made()
    drawn.goods_used()
    drawn.goods_kept()
    drawn.fuel()
    drawn.labour()
    known = {"goods": "t", "fuel": "GJ", "labour": "person"}
    return World(
        drawn.years,
        drawn.beyond,
        drawn.over,
        {code: items for code, items in drawn.items.items() if items},
        drawn.numbers,
        {"labour": "labour"},
        {code: known[code] for code, items in drawn.items.items() if items},
        drawn.units,
        draw(st.sampled_from([0.0, 0.0, 0.03, 0.25])),
        drawn.dims,
        draw(st.sampled_from([frozenset(), frozenset(), frozenset({"goods"}), frozenset({"goods", "fuel"})])),
    )


class _Drawn:
    """A world in the making."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.years, self.beyond = draw(st.integers(1, 3)), draw(st.integers(0, 1))
        self.over = ("product",) if draw(st.booleans()) else ()
        self.items: dict[str, list[tuple[Any, str, dict[str, Any]]]] = {"goods": [], "fuel": [], "labour": []}
        self.numbers: dict[str, Any] = {}
        self.units: dict[str, str] = {"price_of_goods": "KZT/t"}
        self.dims: dict[str, tuple[str, ...]] = {}
        self.made = draw(st.sampled_from(["given", "built", "free"]))
        self.of_goods("price_of_goods", prices)
        self.one("price_of_fuel", prices, "KZT/GJ")

    def path(self, elements: st.SearchStrategy[float], past: bool = False) -> list[float | None]:
        before = [self.draw(elements) for _ in range(PAST)] if past else [None] * PAST
        return [*before, *(self.draw(elements) for _ in range(self.years + self.beyond))]

    def of_goods(self, code: str, elements: st.SearchStrategy[float], past: bool = False) -> str:
        """The code of an indicator of goods, for each product if there are several."""
        paths = {p: self.path(elements, past) for p in PRODUCTS} if self.over else self.path(elements, past)
        self.numbers[code] = paths
        return code

    def one(self, code: str, elements: st.SearchStrategy[float], unit: str) -> str:
        """The code of an indicator without labels."""
        self.numbers[code], self.units[code] = self.path(elements), unit
        return code

    def norm(self, code: str, elements: st.SearchStrategy[float], unit: str, dims: int = 0) -> str:
        """The code of a norm, over the products so many times."""
        self.units[code] = unit
        if not self.over or not dims:
            self.numbers[code] = self.draw(elements)
            return code
        self.dims[code] = ("product",) * dims
        self.numbers[code] = {labels: self.draw(elements) for labels in product(PRODUCTS, repeat=dims)}
        return code

    def rank(self) -> int:
        return self.draw(st.integers(1, 3))

    def perhaps(self, of: int = 2) -> bool:
        return self.draw(st.integers(1, of)) == 1

    def goods_made(self) -> None:
        goods = self.items["goods"]
        output = {"quantity": self.of_goods("output", whole, past=True)} if self.made == "given" else {}
        goods.append((resource, "output", output))
        if self.perhaps():
            goods.append((use, "inputs", {"norm": self.norm("technical", input_norms, "1", 2), "of": "output"}))
        if self.perhaps():
            more = {"limit": self.of_goods("ports", whole)} if self.perhaps() else {}
            goods.append((resource, "imports", {"quantity": self.of_goods("imports", few)} | more))
        if self.made == "free":
            told = {"quantity": self.of_goods("capacity", whole), "of": "output"}
            goods.append((capacity, "capacity", told))
        if self.made == "built":
            told = {"quantity": self.of_goods("capacity", whole, past=True), "of": "output", "additions": "added"}
            goods.append((capacity, "capacity", told | {"loss": self.norm("wear", losses, "1")}))
            told = {"norm": self.norm("building", input_norms, "1", 2), "of": "added"}
            goods.append((use, "building", told | {"lead": self.draw(st.integers(0, 2))}))

    def goods_used(self) -> None:
        goods = self.items["goods"]
        for k in range(self.draw(st.integers(1, 2))):
            told: dict[str, Any] = {"quantity": self.of_goods(f"people_{k}", whole), "rank": self.rank()}
            if self.perhaps(4):
                told["limit"] = self.of_goods(f"limit_{k}", whole)
            if self.over and self.perhaps(4):
                told["only"] = {"product": [self.draw(st.sampled_from(PRODUCTS))]}
            goods.append((use, f"people_{k}", told))
        if self.perhaps(3):
            goods.append((use, "must", {"quantity": self.of_goods("must", few)}))

    def goods_kept(self) -> None:
        if self.perhaps():
            told: dict[str, Any] = {"quantity": self.of_goods("stock", few, past=True)}
            told["loss"] = self.norm("stock_loss", losses, "1")
            self.items["goods"].append((stock, "stock", told | ({"rank": self.rank()} if self.perhaps() else {})))

    def fuel(self) -> None:
        fuel = self.items["fuel"]
        fuel.append((resource, "wells", {"quantity": self.one("wells", whole, "GJ")}))
        told: dict[str, Any] = {"norm": self.norm("fuel_norm", norms, "GJ/t"), "of": "goods.output"}
        lag = self.draw(st.integers(0, 2)) if self.made == "given" else 0
        limit = {"limit": self.one("fuel_limit", whole, "GJ")} if self.perhaps(4) else {}
        fuel.append((use, "goods", told | ({"lag": lag} if lag else {}) | limit))
        if self.perhaps(4):
            told = {"norm": self.norm("of_ash", norms, "t/GJ", 1), "of": "fuel.goods"}
            self.items["goods"].append((resource, "ash", told))
        if self.perhaps():
            fuel.append((use, "exports", {"quantity": self.one("exports", whole, "GJ"), "rank": self.rank()}))
        if self.perhaps():
            fuel.append((use, "burnt", {}))
            told = {"norm": self.norm("of_fuel", norms, "t/GJ", 1), "of": "fuel.burnt"}
            self.items["goods"].append((resource, "synthetic", told))

    def labour(self) -> None:
        if self.perhaps():
            people = {"quantity": self.one("people", whole, "person")}
            told = {"norm": self.norm("labour_norm", norms, "person/t"), "of": "goods.output"}
            self.items["labour"] += [(resource, "people", people), (use, "goods", told)]
