"""Every field of a balance's file says something: with another value, or without it, another balance is read."""

from __future__ import annotations

import pytest

from bagdar.balance import SIDES, Balance
from bagdar.folder.balances import ITEM_KEYS, KEYS
from tests.folder.test_balances import FRAME, MINED, coal, goods, read

SOLD = '[[use]]\nitem = "sold"\nquantity = "exports"\n\n'
BOTH = FRAME + SOLD
MONEY = 'kind = "financial"\nunit = "KZT"\n'


def entry(side: str, *rows: str) -> str:
    """An item's table behind two others."""
    return BOTH + f"[[{side}]]\n" + "".join(f"{row}\n" for row in rows)


# Of the head: two files that differ in one field.
HEADS: dict[str, tuple[str, str]] = {
    "kind": (FRAME, FRAME.replace('"material"', '"labour"')),
    "unit": (FRAME, FRAME.replace('"t"', '"kt"')),
    "price_basis": (MONEY, MONEY + 'price_basis = "2004"\n'),
    "over": (goods(""), goods("").replace('["product"]', '["product", "region"]')),
    "price": (FRAME, FRAME.replace('price = "price"\n', "\n")),
    "used_up": (FRAME, FRAME.replace("\n\n", "\nused_up = true\n\n", 1)),
    "title": (FRAME, FRAME.replace("\n\n", '\ntitle = { en = "Coal" }\n\n', 1)),
    **{side: (BOTH, entry(side, 'item = "x"', 'quantity = "mined"')) for side in SIDES if side != "capacity"},
    "capacity": (BOTH, entry("capacity", 'item = "x"', 'quantity = "mined"', 'of = "mined"')),
}
# Of an item: what it says without the field, and what stands for the field.
ITEMS: dict[str, tuple[tuple[str, ...], str]] = {
    "item": ((), 'item = "other"'),
    "title": ((), 'title = { en = "Mine" }'),
    "quantity": ((), 'quantity = "exports"'),
    "limit": ((), 'limit = "mined"'),
    "least": ((), 'least = "mined"'),
    "only": ((), 'only = { product = ["oil"] }'),
    "norm": (('of = "mined"',), 'norm = "share"'),
    "of": ((), 'of = "sold"'),
    "lag": (('of = "mined"',), "lag = 1"),
    "lead": (('of = "mined"',), "lead = 1"),
    "rank": (('reason = { en = "So." }',), "rank = 2"),
    "reason": (("rank = 2",), 'reason = { en = "So." }'),
    "loss": ((), 'loss = "share"'),
    "additions": (('of = "mined"',), 'additions = "new"'),
    "additions_limit": (('of = "mined"', 'additions = "new"'), 'additions_limit = "mined"'),
}


def balance(text: str) -> Balance:
    return coal(read(text)[0])


@pytest.mark.parametrize("key", KEYS)
def test_a_field_of_the_head_makes_another_balance(key: str) -> None:
    before, after = map(balance, HEADS[key])
    assert before != after


@pytest.mark.parametrize(("side", "key"), [(side, key) for side in SIDES for key in ITEM_KEYS[side]])
def test_a_field_of_an_item_makes_another_item(side: str, key: str) -> None:
    rows, told = ITEMS[key]
    named = () if key == "item" else ('item = "x"',)
    # A capacity is one of something; what is for one label stands in a balance over its set.
    of = ('of = "mined"',) if side == "capacity" and key != "of" and 'of = "mined"' not in rows else ()
    stated = () if key == "quantity" else ('quantity = "mined"',)
    texts = [entry(side, *named, *stated, *of, *rows, *more) for more in ((), (told,))]
    if key == "item":
        texts[0] = entry(side, 'item = "x"', *stated, *of)
    if key == "only":
        head = goods(MINED.replace('"mined"\n\n', '"output"\n\n'))
        of = ('of = "mined"',) if side == "capacity" else ()
        rows = ('item = "x"', 'quantity = "output"', *of)
        texts = [head + f"[[{side}]]\n" + "\n".join((*rows, *more)) for more in ((), (told,))]
    before, after = map(balance, texts)
    assert before.items != after.items
    assert after.items[-1].code == ("other" if key == "item" else "x")
