"""What is wrong with how a balance is written is found at its row, and the rest of it is read all the same."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bagdar.address import Address
from bagdar.balance import Balance, Reference, Tie
from bagdar.change import Change, apply, current
from bagdar.checks import check
from bagdar.equations import simulate
from bagdar.finding import Finding
from bagdar.plan import Plan
from tests.balances import given
from tests.balances.given import plan_files, read_files

LABELS = {"product": ["oil", "grain", "all"], "region": ["north", "south"]}
NUMBERS: dict[str, Any] = {
    "mined": [None, 10, 10], "exports": [None, 5, 5], "area": [None, 1, 1], "share": [0.1, 0.1, 0.1],
    "output": {"oil": [None, 1, 1], "grain": [None, 1, 1], "all": [None, 2, 2]},
    "yields": {("north", "oil"): 1.0}, "norm": 0.5, "by_product": {"oil": 0.5, "grain": 0.5, "all": 0.5},
    "per_hour": 1.0,
}  # fmt: skip
UNITS = {"area": "m2", "share": "1", "per_hour": "t/hour"}
DIMS = {"output": ["product"], "by_product": ["product"], "yields": ["region", "product"]}

# Rows 1 to 4: kind, unit, price and an empty one; the items begin in row 5.
HEAD = 'kind = "material"\nunit = "t"\nprice = "price"\n\n'
MINED = '[[resource]]\nitem = "mined"\nquantity = "mined"\n\n'
FRAME = HEAD + MINED  # the next item begins in row 9


def files(text: str, **more: str) -> dict[str, str]:
    made = plan_files({"coal": text}, NUMBERS, units=UNITS, sets=LABELS, dims=DIMS, years=2)
    made["sets/product.csv"] = "code,kk,ru,en,parent\nall,x,x,x,\noil,x,x,x,all\ngrain,x,x,x,all\n"
    return made | {f"balances/{code}.toml": told for code, told in more.items()}


def read(text: str, **more: str) -> tuple[Plan, list[Finding]]:
    return read_files(files(text, **more))


def coal(plan: Plan) -> Balance:
    return next(b for b in plan.balances if b.code == "coal")


def goods(items: str) -> str:
    return 'kind = "material"\nunit = "t"\nover = ["product"]\n\n' + items


FAULTS: dict[str, tuple[str, str, int]] = {
    "no kind": ('unit = "t"\n', "balance_unusable", 0),
    "a kind that is none": ('kind = "moral"\nunit = "t"\n', "balance_unusable", 1),
    "no unit": ('kind = "material"\n', "balance_unusable", 0),
    "a unit that is none": ('kind = "material"\nunit = "lots"\n', "balance_unusable", 2),
    "a unit with prices that are none": ('kind = "material"\nunit = "t"\nprice_basis = "old"\n', "balance_unusable", 2),
    "over no set": ('kind = "material"\nunit = "t"\nover = ["country"]\n', "balance_unusable", 3),
    "over a set twice": ('kind = "material"\nunit = "t"\nover = ["region", "region"]\n', "balance_unusable", 3),
    "over a word": ('kind = "material"\nunit = "t"\nover = "region"\n', "balance_unusable", 3),
    "over lists": ('kind = "material"\nunit = "t"\nover = [["region"]]\n', "balance_unusable", 3),
    "a key that no balance has": ('kind = "material"\nunit = "t"\nweight = 5\n', "balance_field_unknown", 3),
    "items that are no tables": ('kind = "material"\nunit = "t"\nuse = 5\n', "balance_unusable", 3),
    "one table where there are several": (HEAD + '[use]\nitem = "a"\n', "balance_unusable", 5),
    "a title that is no names": ('kind = "material"\nunit = "t"\ntitle = "Coal"\n', "balance_unusable", 3),
    "a title in a fourth language": (
        'kind = "material"\nunit = "t"\ntitle = { de = "Kohle" }\n', "balance_unusable", 3,
    ),
    "what is used up and is no yes or no": ('kind = "material"\nunit = "t"\nused_up = 1\n', "balance_unusable", 3),
    "a price of no indicator": ('kind = "material"\nunit = "t"\nprice = "tariff"\n', "unknown_indicator", 3),
    "a price by product of one balance": (
        'kind = "material"\nunit = "t"\nprice = "output"\n', "balance_dims_differ", 3,
    ),
    "a price that is an amount": ('kind = "material"\nunit = "t"\nprice = "mined"\n', "balance_units_differ", 3),
    "a price that is no reference": ('kind = "material"\nunit = "t"\nprice = "5 KZT"\n', "balance_unusable", 3),
    "an item without a code": (HEAD + '[[use]]\nquantity = "exports"\n', "balance_unusable", 5),
    "a code that is none": (HEAD + '[[use]]\nitem = "coal exports"\n', "balance_unusable", 6),
    "a code that is a number": (HEAD + "[[use]]\nitem = 5\n", "balance_unusable", 6),
    "a key that no use has": (HEAD + '[[use]]\nitem = "a"\nloss = "norm"\n', "balance_field_unknown", 7),
    "a code twice": (FRAME + '[[use]]\nitem = "mined"\n', "duplicate_key", 9),
    "a code that is that of additions": (
        FRAME + '[[capacity]]\nitem = "pits"\nquantity = "exports"\nof = "mined"\nadditions = "mined"\n',
        "duplicate_key", 9,
    ),
    "a quantity of no indicator": (HEAD + '[[use]]\nitem = "a"\nquantity = "fish"\n', "unknown_indicator", 7),
    "a number for a quantity": (HEAD + '[[use]]\nitem = "a"\nquantity = 20\n', "number_in_a_balance", 7),
    "a number in quotes for a limit": (
        HEAD + '[[use]]\nitem = "a"\nlimit = "20.5 "\n', "number_in_a_balance", 7,
    ),
    "a number for a price": ('kind = "material"\nunit = "t"\nprice = 5.5\n', "number_in_a_balance", 3),
    "a number for a norm": (FRAME + '[[use]]\nitem = "a"\nof = "mined"\nnorm = "0,5"\n', "number_in_a_balance", 12),
    "a quantity of another unit": (HEAD + '[[use]]\nitem = "a"\nquantity = "area"\n', "balance_units_differ", 7),
    "a quantity by product": (HEAD + '[[use]]\nitem = "a"\nquantity = "output"\n', "balance_dims_differ", 7),
    "a quantity of no such product": (HEAD + '[[use]]\nitem = "a"\nquantity = "output[tea]"\n', "unknown_label", 7),
    "a quantity with too many labels": (
        HEAD + '[[use]]\nitem = "a"\nquantity = "output[oil, oil]"\n', "labels_do_not_fit_dims", 7,
    ),
    "a quantity that is a list": (HEAD + '[[use]]\nitem = "a"\nquantity = ["mined"]\n', "balance_unusable", 7),
    "a loss in tons": (
        HEAD + '[[stock]]\nitem = "a"\nquantity = "mined"\nloss = "mined"\n', "balance_units_differ", 8,
    ),
    "a rank of nothing that is demanded": (FRAME + '[[use]]\nitem = "a"\nrank = 1\n', "balance_unusable", 9),
    "a rank of 0": (FRAME + '[[use]]\nitem = "a"\nquantity = "exports"\nrank = 0\n', "balance_unusable", 12),
    "a rank of 1.5": (FRAME + '[[use]]\nitem = "a"\nquantity = "exports"\nrank = 1.5\n', "balance_unusable", 12),
    "a rank that is true": (
        FRAME + '[[use]]\nitem = "a"\nquantity = "exports"\nrank = true\n', "balance_unusable", 12,
    ),
    "a rank beyond all ranks": (
        FRAME + '[[use]]\nitem = "a"\nquantity = "exports"\nrank = 1000\n', "balance_unusable", 12,
    ),
    "a rank that nobody says why": (
        FRAME + '[[use]]\nitem = "a"\nquantity = "exports"\nrank = 2\n', "rank_without_reason", 12,
    ),
    "a rank with an empty reason": (
        FRAME + '[[use]]\nitem = "a"\nquantity = "exports"\nrank = 2\nreason = {}\n', "rank_without_reason", 12,
    ),
    "a rank of what hangs on another": (
        FRAME + '[[use]]\nitem = "a"\nquantity = "exports"\nrank = 2\nof = "mined"\n', "balance_unusable", 12,
    ),
    "a norm of nothing": (FRAME + '[[use]]\nitem = "a"\nnorm = "norm"\n', "balance_unusable", 9),
    "a norm that no indicator is": (
        FRAME + '[[use]]\nitem = "a"\nof = "mined"\nnorm = "fish"\n', "unknown_indicator", 9,
    ),
    "a norm of another unit": (
        FRAME + '[[use]]\nitem = "a"\nof = "mined"\nnorm = "per_hour"\n', "balance_units_differ", 9,
    ),
    "a norm over sets that neither side has": (
        FRAME + '[[use]]\nitem = "a"\nof = "mined"\nnorm = "yields"\n', "balance_dims_differ", 9,
    ),
    "a norm of no such label": (
        FRAME + '[[use]]\nitem = "a"\nof = "mined"\nnorm = "by_product[tea]"\n', "unknown_label", 9,
    ),
    "an item that is not there": (FRAME + '[[use]]\nitem = "a"\nof = "dug"\n', "unknown_item", 9),
    "a balance that is not there": (FRAME + '[[use]]\nitem = "a"\nof = "iron.mined"\n', "unknown_item", 9),
    "a driver with labels that it has not": (
        FRAME + '[[use]]\nitem = "a"\nof = "mined[oil]"\n', "labels_do_not_fit_dims", 9,
    ),
    "a driver that is no name": (FRAME + '[[use]]\nitem = "a"\nof = "mined, dug"\n', "balance_unusable", 11),
    "what hangs on itself": (FRAME + '[[use]]\nitem = "a"\nof = "a"\nnorm = "norm"\n', "balance_unusable", 11),
    "a lag and a lead": (FRAME + '[[use]]\nitem = "a"\nof = "mined"\nlag = 1\nlead = 1\n', "balance_unusable", 12),
    "a lag of minus one": (FRAME + '[[use]]\nitem = "a"\nof = "mined"\nlag = -1\n', "balance_unusable", 12),
    "a lag that is a word": (FRAME + '[[use]]\nitem = "a"\nof = "mined"\nlag = "one"\n', "balance_unusable", 12),
    "a capacity of nothing": (FRAME + '[[capacity]]\nitem = "pits"\nquantity = "exports"\n', "balance_unusable", 9),
    "only, where there are no labels": (
        FRAME + '[[use]]\nitem = "a"\nonly = { product = ["oil"] }\n', "balance_unusable", 11,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", FAULTS)
def test_what_is_wrong_with_a_balance_is_found_at_its_row(what: str) -> None:
    text, rule, row = FAULTS[what]
    plan, found = read(text)
    assert [f.rule for f in found] == [rule], [f.line() for f in found]
    assert (found[0].home.file, found[0].home.row) == ("balances/coal.toml", row), found[0].line()
    assert len({found[0].text(language) for language in ("kk", "ru", "en")}) == 3
    # What can be used is: the balance without the item, or without the one thing that is wrong.
    if text.startswith(FRAME):
        assert [i.code for i in coal(plan).items][:1] == ["mined"]
        assert len(coal(plan).items) == (2 if rule == "rank_without_reason" else 1)


NAMED = {
    "price": 'kind = "material"\nunit = "t"\nprice = "{}"\n',
    "quantity": HEAD + '[[use]]\nitem = "a"\nquantity = "{}"\n',
    "limit": HEAD + '[[resource]]\nitem = "a"\nlimit = "{}"\n',
    "least": HEAD + '[[use]]\nitem = "a"\nleast = "{}"\n',
    "loss": HEAD + '[[stock]]\nitem = "a"\nquantity = "mined"\nloss = "{}"\n',
    "additions_limit": FRAME
    + '[[capacity]]\nitem = "a"\nquantity = "mined"\nof = "mined"\nadditions = "b"\nadditions_limit = "{}"\n',
    "norm": FRAME + '[[use]]\nitem = "a"\nof = "mined"\nnorm = "{}"\n',
}


@pytest.mark.parametrize("key", NAMED)
def test_an_indicator_that_is_not_there_is_told_with_those_that_look_like_it(key: str) -> None:
    for written, near in (("export", "exports"), ("mine", "mined"), ("zzz", "—")):
        _, found = read(NAMED[key].replace("{}", written))
        assert [f.rule for f in found] == ["unknown_indicator"], [f.line() for f in found]
        told = str(dict(found[0].facts)["near"])
        assert told.split(", ", maxsplit=1)[0] == near
        assert told in found[0].text("kk")


def test_of_many_items_the_most_alike_are_named_first() -> None:
    many = "".join(f'[[use]]\nitem = "b{k}"\nquantity = "exports"\n\n' for k in range(15))
    _, found = read(FRAME + many + '[[use]]\nitem = "a"\nof = "coal.mine"\n')
    (told,) = (str(dict(f.facts)["known"]) for f in found)
    assert told.startswith("coal.mined, ")
    assert told.endswith(" …")


OVER: dict[str, tuple[str, str]] = {
    "only, of another set": ('[[use]]\nitem = "a"\nonly = { region = ["north"] }\n', "balance_unusable"),
    "only, of no such label": ('[[use]]\nitem = "a"\nonly = { product = ["tea"] }\n', "unknown_label"),
    "only, of no label": ('[[use]]\nitem = "a"\nonly = { product = [] }\n', "balance_unusable"),
    "only, of a number": ('[[use]]\nitem = "a"\nonly = { product = [5] }\n', "unknown_label"),
    "only, of a list": ('[[use]]\nitem = "a"\nonly = { product = [["oil"]] }\n', "unknown_label"),
    "only, of a word": ('[[use]]\nitem = "a"\nonly = "oil"\n', "balance_unusable"),
    "only, of a total": ('[[use]]\nitem = "a"\nonly = { product = ["all"] }\n', "balance_unusable"),
    "a driver that is a total": ('[[use]]\nitem = "a"\nof = "output[all]"\nnorm = "by_product"\n', "balance_unusable"),
    "a driver of no such label": ('[[use]]\nitem = "a"\nof = "output[tea]"\nnorm = "by_product"\n', "unknown_label"),
    "one number for all products": ('[[use]]\nitem = "a"\nquantity = "mined"\n', "balance_dims_differ"),
    "one driver for all products": ('[[use]]\nitem = "a"\nof = "coal.mined"\n', "balance_dims_differ"),
}


@pytest.mark.parametrize("what", OVER)
def test_what_is_wrong_with_labels_is_found(what: str) -> None:
    items, rule = OVER[what]
    plan, found = read(FRAME, goods=goods('[[resource]]\nitem = "output"\nquantity = "output"\n\n' + items))
    assert [f.rule for f in found] == [rule], [f.line() for f in found]
    assert found[0].home.file == "balances/goods.toml"
    assert [[i.code for i in b.items] for b in plan.balances if b.code == "goods"] == [["output"]]


def test_what_hangs_on_what_cannot_be_used_cannot_either() -> None:
    chain = "".join(f'[[use]]\nitem = "{a}"\nof = "{b}"\n\n' for a, b in (("c", "b"), ("b", "a"), ("a", "gone")))
    plan, found = read(FRAME + chain)
    # What is wrong is that one is not there; those that hang on it are not told to hang on nothing.
    assert [(f.rule, dict(f.facts)["found"]) for f in found] == [("unknown_item", "coal.gone")]
    assert [i.code for i in coal(plan).items] == ["mined"]
    assert not coal(plan).whole


LEFT_OUT = {
    "a rank of 0": ('[[use]]\nitem = "a"\nquantity = "exports"\nrank = 0\n', "coal.a"),
    "a number for a quantity": ('[[use]]\nitem = "a"\nquantity = 20\n', "coal.a"),
    "a key that is misspelt": ('[[uses]]\nitem = "a"\nquantity = "exports"\n', "coal.a"),
    "additions of no capacity": (
        '[[capacity]]\nitem = "pits"\nquantity = "fish"\nof = "mined"\nadditions = "a"\n',
        "coal.a",
    ),
    "a unit that is none": ("", "lots.a"),
}


@pytest.mark.parametrize("what", LEFT_OUT)
def test_an_item_that_is_left_out_is_known_to_be_there(what: str) -> None:
    written, name = LEFT_OUT[what]
    hung = HEAD + MINED + f'[[use]]\nitem = "b"\nof = "{name}"\nnorm = "norm"\n\n[[use]]\nitem = "c"\nof = "b"\n'
    lots = 'kind = "material"\nunit = "lots"\n\n[[use]]\nitem = "a"\nquantity = "exports"\n'
    made = files(FRAME + written, iron=hung, **({"lots": lots} if name == "lots.a" else {}))
    made["indicators.csv"] = re.sub(r"(?m)^(exports,.*),$", rf"\1,{name}", made["indicators.csv"])
    plan, found = read_files(made)
    assert f",{name}\n" in made["indicators.csv"]
    assert len(found) == 1, [f.line() for f in found]
    iron = next(b for b in plan.balances if b.code == "iron")
    assert ([i.code for i in iron.items], iron.whole) == (["mined"], False)
    assert plan.indicators["exports"].capped_by == ""


def test_a_balance_that_was_not_read_whole_is_not_said_not_to_close() -> None:
    def rules(written: str) -> list[str]:
        plan, found = read(FRAME + '[[use]]\nitem = "exports"\nquantity = "exports"\n\n' + written)
        solution, more = simulate(plan)
        return [f.rule for f in check(plan, solution, [*found, *more])[0] if f.home.file == "balances/coal.toml"]

    assert rules("") == ["resources_exceed_uses"]
    assert rules('[[use]]\nitem = "a"\nquantity = "exports"\nrank = 0\n') == ["balance_unusable"]


@pytest.mark.parametrize(
    ("written", "near"),
    [("[[resources]]", "resource"), ("[[uses]]", "use"), ('titel = { en = "Coal" }', "title"), ("zzz = 1", "—")],
)
def test_a_misspelt_field_is_told_with_the_one_that_looks_like_it(written: str, near: str) -> None:
    _, found = read('kind = "material"\nunit = "t"\n\n' + written + "\n")
    assert [(f.rule, dict(f.facts)["near"], f.home.row) for f in found] == [("balance_field_unknown", near, 4)]
    assert near in found[0].text("kk")


@pytest.mark.parametrize("what", ["a norm of output at prices", "an item of output at prices", "a quantity at prices"])
def test_units_that_differ_in_prices_only_are_told_with_the_price_basis_that_helps(what: str) -> None:
    goods = given.balance(given.resource("output", quantity="output"), unit="KZT", price_basis="2004", price="")
    item, head = {
        "a norm of output at prices": (given.use("sugar", of="goods.output", norm="sugar_norm"), {}),
        "an item of output at prices": (given.use("a", of="goods.output"), {"unit": "mln KZT", "price": ""}),
        "a quantity at prices": (given.use("a", quantity="output"), {"unit": "mln KZT", "price": ""}),
    }[what]
    made = plan_files(
        {"goods": goods, "sugar": given.balance(item, **head)},
        {"output": [1, 1], "sugar_norm": 0.1},
        units={"output": "KZT", "sugar_norm": "kt/mln KZT"},
    )
    lines = made["indicators.csv"].replace("unit,dims", "unit,price_basis,dims", 1).split("\n")
    lines[1:] = [",".join([*line.split(",")[:3], "2004" * line.startswith("output"), *line.split(",")[3:]])
                 for line in lines[1:] if line]  # fmt: skip
    made["indicators.csv"] = "\n".join(lines) + "\n"
    made["data/0.csv"], made["data/1.csv"] = (
        text if "output" not in text else text.replace("unit", "unit,price_basis", 1).replace("KZT", "KZT,2004")
        for text in (made["data/0.csv"], made["data/1.csv"])
    )
    _, found = read_files(made)
    told = [(f.rule, dict(f.facts)["at"], dict(f.facts)["basis"]) for f in found]
    norm = what == "a norm of output at prices"
    at = ("sugar_norm (indicators.csv)", '"deflator 2004"') if norm else ("balances/sugar.toml", '"2004"')
    assert told == [("price_bases_differ", *at)], [f.line() for f in found]
    # And it does help.
    if norm:
        made["indicators.csv"] = re.sub(
            r"(?m)^(sugar_norm,\w+,kt/mln KZT),", r"\1,deflator 2004", made["indicators.csv"]
        )
    else:
        made["balances/sugar.toml"] = made["balances/sugar.toml"].replace("unit =", 'price_basis = "2004"\nunit =')
    _, found = read_files(made)
    assert [f.rule for f in found if f.home.file.startswith("balances/")] == []


def test_two_that_hang_on_each_other_are_an_equation_and_read_as_one() -> None:
    plan, found = read(FRAME + '[[use]]\nitem = "a"\nof = "b"\n\n[[resource]]\nitem = "b"\nof = "a"\nnorm = "norm"\n')
    assert found == []
    assert [i.tie for i in coal(plan).items[1:]] == [Tie(None, "coal", "b"), Tie(Reference("norm"), "coal", "a")]


def test_what_hangs_on_itself_a_year_before_grows_and_is_read() -> None:
    plan, found = read(FRAME + '[[resource]]\nitem = "herd"\nquantity = "mined"\nof = "herd"\nnorm = "norm"\nlag = 1\n')
    assert found == []
    assert coal(plan).items[1].tie == Tie(Reference("norm"), "coal", "herd", lead=-1)


def test_items_stand_in_the_order_of_the_file_whatever_their_side() -> None:
    text = HEAD + "".join(
        f'[[{side}]]\nitem = "{code}"\n\n' for side, code in (("use", "a"), ("resource", "b"), ("use", "c"))
    )
    plan, found = read(text)
    assert found == []
    assert [(i.code, i.side, i.home.row) for i in coal(plan).items] == [
        ("a", "use", 5),
        ("b", "resource", 8),
        ("c", "use", 11),
    ]


def test_balances_are_part_of_what_the_plan_is_and_their_rows_are_not() -> None:
    one, _ = read(FRAME)
    moved, _ = read("# A comment.\n" + FRAME)
    other, _ = read(FRAME + '[[use]]\nitem = "exports"\nquantity = "exports"\n')
    assert one.hash == moved.hash
    assert one == moved
    assert one.hash != other.hash


def test_two_files_of_one_name_are_one_balance_too_many() -> None:
    plan, found = read_files(files(FRAME) | {"balances/old/coal.toml": FRAME})
    assert [(f.rule, f.home.file) for f in found] == [("duplicate_key", "balances/old/coal.toml")]
    assert [b.code for b in plan.balances] == ["coal"]


def test_a_file_that_is_called_what_no_balance_can_be_is_found() -> None:
    _, found = read_files(files(FRAME) | {"balances/2 coal.toml": FRAME})
    assert [(f.rule, f.home.file) for f in found] == [("code_unusable", "balances/2 coal.toml")]


@pytest.mark.parametrize("what", ["a quantity", "some labels only", "what an item hangs on"])
def test_a_member_that_a_balance_names_cannot_be_deleted(what: str) -> None:
    item, over = {
        "a quantity": (given.use("homes", quantity="homes[a]", rank=1), []),
        "some labels only": (given.use("homes", quantity="homes", rank=1, only={"kind": ["a"]}), ["kind"]),
        "what an item hangs on": (given.use("homes", of="other.made[a]"), []),
    }[what]
    coal = given.balance(item, over=over)
    other = given.balance(given.resource("made"), over=["kind"])
    numbers: dict[str, Any] = {"homes": {label: [None, None] for label in "ab"}, "given": [1, 1]}
    plan = given.plan_of(
        {"coal": coal, "other": other}, numbers, sets={"kind": "ab"}, equations="for k in kind\nhomes[k] = given\n"
    )
    address = Address("set", "kind", ("a",))
    _, found = apply(plan, [Change("delete", address, current(plan, address), None)])
    assert [f.rule for f in found] == ["member_still_used"]
