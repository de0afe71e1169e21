"""A made-up economy of any size as the frame of an allocation: what `bench/balances.py` measures with.

Every product is made with about k others (three in ten of them hubs that everybody uses, the rest of its own
neighbourhood), in a capacity that wears out and that investment adds to a period later, by persons of five skills;
it is imported up to a limit and exported, and imports are paid by exports and a little borrowing. Final use is
ranked in five ranks. Capacities are what the year before needed, some of them less, and demand grows faster than
they can: some of every rank but the first is short.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from bagdar.balances.frame import Block, Floats, Frame, Ints

RANKS, SKILLS = 5, 5
WEAR, GROWTH, DEMAND_GROWTH = 0.06, 0.03, 0.04
IMPORTED, EXPORTED, RADIUS = 0.15, 0.12, 0.55


def consumer_good(product: Ints) -> Any:
    """One in ten, which nothing is made with."""
    return product % 10 == 7


def technology(products: int, k: int, random: np.random.Generator) -> csr_array:
    """What of each product (rows) one unit of another (columns) takes; what a unit takes adds up to 0.3 to 0.7."""
    hubs = 1 + np.arange(max(products // 20, min(products, 5)))
    count = min(k, products - 1)
    from_hubs = int(0.3 * count)
    weight = 1 / hubs**1.1
    hub = random.choice(len(hubs), (products, from_hubs), p=weight / weight.sum())
    near = np.arange(products)[:, None] + random.integers(-2 * k, 2 * k + 1, (products, count - from_hubs))
    rows = np.hstack([hub, near % products])
    rows = (rows + consumer_good(rows)) % products
    columns = np.repeat(np.arange(products)[:, None], rows.shape[1], 1)
    size = random.lognormal(0, 1, rows.shape)
    size *= random.uniform(RADIUS - 0.2, RADIUS + 0.15, (products, 1)) / size.sum(1, keepdims=True)
    size[rows == columns] /= 2
    return csr_array((size.ravel(), (rows.ravel(), columns.ravel())), shape=(products, products))


def equipment(products: int, random: np.random.Generator) -> csr_array:
    """What of each product one more unit of another's capacity takes: six of them are builders and engineers."""
    builders = max(products // 25, 2)
    rows = np.hstack([random.integers(0, builders, (products, 6)), random.integers(0, products, (products, 2))])
    size = random.uniform(0.5, 1.5, rows.shape)
    size *= random.uniform(0.7, 1.3, (products, 1)) / size.sum(1, keepdims=True)
    columns = np.repeat(np.arange(products)[:, None], rows.shape[1], 1)
    return csr_array((size.ravel(), (rows.ravel(), columns.ravel())), shape=(products, products))


class _Layout:
    """Columns of a frame as they are given out, with their bounds, and its blocks."""

    def __init__(self, periods: int) -> None:
        self.periods = periods
        self.parts: dict[str, list[Any]] = {name: [] for name in ("low", "high", "rank", "demand", "worth", "past")}
        self.blocks: list[Block] = []
        self.count = 0

    def add(self, count: int, high: Floats | float, past: Floats | float = 0.0, rank: Ints | None = None) -> Ints:
        shape = (self.periods + 1, count)
        high = np.broadcast_to(np.asarray(high, float), shape)
        ranked = np.zeros(count, np.int64) if rank is None else rank
        self.parts["low"].append(np.zeros(shape))
        self.parts["high"].append(high)
        self.parts["rank"].append(ranked)
        self.parts["demand"].append(np.where(ranked > 0, high, 0.0))
        self.parts["worth"].append(np.where(ranked > 0, np.ones(shape), 0.0))
        self.parts["past"].append(np.broadcast_to(np.asarray(past, float), (1, count)))
        self.count += count
        return np.arange(self.count - count, self.count)

    def entries(self, rows: Ints, columns: Ints, numbers: Floats | float, **more: Any) -> None:
        self.blocks.append(Block(rows, columns, np.broadcast_to(np.asarray(numbers, float), rows.shape).copy(), **more))

    def matrix(self, rows: Ints, columns: Ints, matrix: csr_array, sign: float) -> None:
        found = matrix.tocoo()
        self.entries(rows[found.coords[0]], columns[found.coords[1]], sign * found.data)

    def frame(self, rows: int) -> Frame:
        joined = {name: np.hstack(parts) for name, parts in self.parts.items()}
        return Frame(
            *(joined["low"], joined["high"], *2 * (np.zeros(rows), np.full(rows, np.inf)), joined["rank"]),
            *(joined["demand"], joined["worth"], np.zeros(joined["low"].shape), np.zeros(self.count), joined["past"]),
            *(tuple(self.blocks), 1 + GROWTH),
        )


def base_year(technical: csr_array, built: csr_array, final: Floats) -> Floats:
    """Output of the year before, in which everything was in balance and capacities grew as they must."""
    inside = (1 - IMPORTED) * (technical + (WEAR + GROWTH) * built)
    output = final.copy()
    for _ in range(200):
        output = (inside @ output + (1 - IMPORTED) * final) / (1 - EXPORTED)
    return output


def economy(products: int, periods: int, seed: int = 1, k: int = 30) -> Frame:
    """The frame: products, capacities and their growth, skills, trade are its rows."""
    random = np.random.default_rng(seed)
    technical, built = technology(products, k, random), equipment(products, random)
    final = random.lognormal(0, 1, products)
    output = base_year(technical, built, final)
    imports = IMPORTED * (technical @ output + final + (WEAR + GROWTH) * (built @ output))
    when = np.arange(1, periods + 2)[:, None]
    wanted, rank = _uses(final, random)
    last = consumer_good(np.arange(products))
    scarce = (random.uniform(size=products) < np.where(last, 0.5, 0.03)) & (rank[:products] > 1)
    tight = random.uniform(0.75, 0.95, products) * np.where(last, 0.7, 1.0) * scarce
    installed = output * np.where(tight > 0, tight, random.uniform(1.02, 1.2, products))

    goods, room, grown, skill = np.split(np.arange(3 * products + SKILLS), [products, 2 * products, 3 * products])
    trade = np.array([3 * products + SKILLS])
    made = _Layout(periods)
    x = made.add(products, np.inf)
    capacity = made.add(products, np.inf, installed)
    added = made.add(products, np.inf, (WEAR + GROWTH) * installed)
    bought = made.add(products, imports * np.where(tight > 0, 1.0, 1.3) * (1 + GROWTH) ** when)
    sold = made.add(products, EXPORTED * output * 1.3 * (1 + GROWTH) ** when)
    borrowed = made.add(1, 0.02 * imports.sum())
    served = made.add(rank.size, wanted * (1 + DEMAND_GROWTH) ** when, rank=rank)
    needs = random.uniform(0, 1, (SKILLS, products)) * (random.uniform(size=(SKILLS, products)) < 0.7)
    there = made.add(SKILLS, (needs @ output) * 1.02 * 1.01**when)

    made.entries(goods, x, 1.0)
    made.matrix(goods, x, technical, -1.0)
    made.matrix(goods, added, built, -1.0)
    made.entries(goods, bought, 1.0)
    made.entries(goods, sold, -1.0)
    made.entries(np.arange(rank.size) % products, served, -1.0)
    made.entries(room, capacity, 1.0)
    made.entries(room, x, -1.0)
    made.entries(grown, capacity, -1.0)
    made.entries(grown, capacity, 1 - WEAR, lead=-1)
    made.entries(grown, added, 1.0, lead=-1)
    made.entries(skill, there, 1.0)
    for s in range(SKILLS):
        used = np.flatnonzero(needs[s])
        made.entries(np.full(used.size, skill[s]), x[used], -needs[s, used], labour=1.0)
    made.entries(np.repeat(trade, products), sold, 1.0)
    made.entries(np.repeat(trade, products), bought, -1.0)
    made.entries(trade, borrowed, 1.0)
    return made.frame(int(trade[0]) + 1)


def _uses(final: Floats, random: np.random.Generator) -> tuple[Floats, Ints]:
    """(final uses in the year before, their ranks): one of every product, of three in ten a second."""
    products = final.size
    second = np.arange(int(0.3 * products))
    share = random.uniform(0.3, 0.7, second.size)
    first = final.copy()
    first[second] *= share
    rank = random.integers(1, RANKS + 1, products + second.size)
    return np.concatenate([first, final[second] * (1 - share)]), rank


def moved(frame: Frame, seed: int = 2) -> dict[str, Frame]:
    """The same economy with other figures, as a planner asks: capacities, a rank, a norm."""
    random = np.random.default_rng(seed)
    past = frame.past * random.uniform(0.97, 1.03, frame.past.shape)
    last = np.flatnonzero(frame.rank == RANKS)[:1]
    rank = frame.rank.copy()
    rank[last] = 2
    dearest = next(n for n, block in enumerate(frame.blocks) if block.rows.size > frame.levels)
    norms = frame.blocks[dearest].coefficients.copy()
    norms[norms.argmin()] *= 0.95
    blocks = tuple(replace(b, coefficients=norms) if n == dearest else b for n, b in enumerate(frame.blocks))
    return {
        "capacities moved by up to 3 %": replace(frame, past=past),
        "one use from the last rank to the second": replace(frame, rank=rank),
        "one norm 5 % less": replace(frame, blocks=blocks),
    }


def plain(products: int, seed: int = 1, k: int = 30) -> tuple[csr_array, Floats]:
    """(technical coefficients, final use) for the plain balance."""
    random = np.random.default_rng(seed)
    return technology(products, k, random), random.lognormal(0, 1, products)
