"""`balances/*.toml`: which indicators are resources and uses of what, how important each use is, and why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bagdar.address import CODE
from bagdar.balance import KINDS, MOST_RANKS, SIDES, Balance, Item, Reference, Side, Tie
from bagdar.finding import Finding, Home, finding, nearest
from bagdar.folder.rows import unknown_label
from bagdar.folder.text import read_toml, row_of
from bagdar.folder.ties import are_totals, free_dims, tied, units_differ
from bagdar.language import LANGUAGES, Names
from bagdar.plan import Plan
from bagdar.unit import ONE, Unit

KEYS = ("kind", "unit", "price_basis", "over", "price", "used_up", "title", *SIDES)
_COMMON = ("item", "title", "quantity", "limit", "least", "only")
_TIED = ("norm", "of", "lag", "lead")
_RANKED = ("rank", "reason")
ITEM_KEYS: dict[Side, tuple[str, ...]] = {
    "resource": (*_COMMON, *_TIED),
    "use": (*_COMMON, *_TIED, *_RANKED),
    "stock": (*_COMMON, *_RANKED, "loss"),
    "capacity": (*_COMMON, "norm", "of", "loss", "additions", "additions_limit"),
}
_MOST_NAMED = 12
_REFERRING = '"output", "output[oil]", "output[oil, *]"'
_NUMBERS = ("quantity", "limit", "least", "loss", "additions_limit")
REFERENCE = re.compile(r"(?P<code>\w+)(?:\[(?P<labels>[^\]]*)\])?")
# What is a number to whoever wrote it; no indicator is called so.
_NUMBER = re.compile(r"[-+]?\d[\d .,]*%?")
_LEVEL = re.compile(r"(?:(?P<balance>\w+)\.)?(?P<item>\w+)(?:\[(?P<labels>[^\]]*)\])?")


class _Place:
    """A table of a balance's file that is being read: what is wrong with it is a finding at its row."""

    def __init__(self, file: str, text: str, row: int, table: Mapping[str, Any], findings: list[Finding]) -> None:
        self.file, self.text, self.row, self.table, self.findings = file, text, row, table, findings

    def home(self, key: str = "") -> Home:
        inline = self.row > 0 and f"{key} =" in self.text.split("\n")[self.row - 1]
        return Home(self.file, self.row if inline or not key else row_of(self.text, key, self.row) or self.row)

    def wrong(self, key: str, expected: str) -> None:
        told = self.table.get(key, "—")
        # As TOML has it: a text in quotes, so that a number in quotes is seen to be one.
        found = f'"{told[:58]}"' if isinstance(told, str) and key in self.table else str(told)[:60]
        facts = {"key": key, "found": found, "expected": expected}
        self.findings.append(finding("balance_unusable", self.home(key), **facts))

    def strange(self, known: tuple[str, ...]) -> list[str]:
        """The keys that are not known, each a finding."""
        strange = [key for key in self.table if key not in known]
        for key in strange:
            facts = {"key": key, "near": ", ".join(nearest(key, known, 1)) or "—", "known": ", ".join(known)}
            self.findings.append(finding("balance_field_unknown", self.home(key), **facts))
        return strange

    def levels(self, balance: str) -> set[str]:
        """By which names an item that is left out would be known, ``balance.`` if by none."""
        codes = [self.table.get("item", ""), self.table.get("additions", "")]
        return {f"{balance}.{code}" for code in codes if isinstance(code, str)} or {f"{balance}."}

    def word(self, key: str, pattern: re.Pattern[str], expected: str) -> re.Match[str] | None:
        """The text of `key` in the form of `pattern`; None, with a finding if something else stands there."""
        if key not in self.table:
            return None
        found = self.table[key]
        match = pattern.fullmatch(found.strip()) if isinstance(found, str) else None
        if match is None:
            self.wrong(key, expected)
        return match

    def reference(self, key: str) -> Reference | None:
        if is_number(self.table.get(key)):
            facts = {"key": key, "found": str(self.table[key])[:60], "expected": _REFERRING}
            self.findings.append(finding("number_in_a_balance", self.home(key), **facts))
            return None
        match = self.word(key, REFERENCE, _REFERRING)
        return Reference(match["code"], _labels(match["labels"])) if match else None

    def names(self, key: str) -> Names:
        told = self.table.get(key, {})
        if not isinstance(told, dict) or told.keys() - set(LANGUAGES):
            self.wrong(key, '{ kk = "…", ru = "…", en = "…" }')
            return Names()
        return Names(*(str(told.get(language, "")) for language in LANGUAGES))

    def whole(self, key: str, least: int = 0) -> int | None:
        """The whole number of `key`, 0 if it has none; None, with a finding, if it is not one from `least` on."""
        found = self.table.get(key, 0)
        if key in self.table and (
            isinstance(found, bool) or not isinstance(found, int) or not least <= found <= MOST_RANKS
        ):
            self.wrong(key, f"{least}, {least + 1}, {least + 2} …")
            return None
        return int(found)


def is_number(told: object) -> bool:
    """Whether a number stands where an indicator is named, in quotes or not."""
    if isinstance(told, str):
        return _NUMBER.fullmatch(told.strip()) is not None
    return isinstance(told, int | float) and not isinstance(told, bool)


def _labels(written: str | None) -> tuple[str, ...]:
    return tuple(label.strip() for label in written.split(",")) if written else ()


def read_balances(
    root: Path, files: list[str], frame: Plan, findings: list[Finding], left_out: set[str]
) -> tuple[Balance, ...]:
    """The balances that can be used, by code; an item that cannot is a finding, and left out.

    `left_out` takes what is, as ``balance`` or ``balance.item``: it is there, and nobody is told that it is not.
    """
    balances = {}
    for file in files:
        if file.startswith("balances/") and file.endswith(".toml"):
            balance = _balance(root, file, frame, findings, left_out)
            if balance is None:
                left_out.add(Path(file).stem)
            else:
                balances[balance.code] = balance
    return tied(balances, frame, findings, left_out)


def _balance(root: Path, file: str, frame: Plan, findings: list[Finding], left_out: set[str]) -> Balance | None:
    read = read_toml(root, file, findings)
    if read is None:
        return None
    told, text = read
    place = _Place(file, text, 0, told, findings)
    strange = place.strange(KEYS)
    empty = _empty(place, frame)
    if empty is None:
        return None
    price = place.reference("price")
    if price is not None and not _fits(place, "price", price, empty, frame):
        price = None
    items: dict[str, Item] = {}
    names: dict[str, str] = {}
    # Under a key that is misspelt stand items all the same.
    for one in (one for key in strange if isinstance(told[key], list) for one in told[key] if isinstance(one, dict)):
        left_out |= _Place(file, text, 0, one, findings).levels(empty.code)
    for side, entry in _items(told, text, place):
        item = _item(side, entry, empty, frame)
        if item is None:
            left_out |= entry.levels(empty.code)
            continue
        own = [name for name in (item.code, item.additions) if name]
        twice = [name for name in own if name in names]
        if twice:
            findings.append(finding("duplicate_key", item.home, key=twice[0], first=names[twice[0]]))
            left_out.add(f"{empty.code}.")
            continue
        items[item.code] = item
        names |= dict.fromkeys(own, str(item.home))
    return replace(empty, items=tuple(items.values()), price=price)


def _empty(place: _Place, frame: Plan) -> Balance | None:
    """The balance without its items; None, with a finding, if it says nothing that can be used."""
    told, code = place.table, Path(place.file).stem
    if not CODE.fullmatch(code):
        place.findings.append(finding("code_unusable", Home(place.file), found=code))
        return None
    kind = next((kind for kind in KINDS if kind == told.get("kind")), None)
    if kind is None:
        place.wrong("kind", ", ".join(KINDS))
        return None
    basis = str(told.get("price_basis", ""))
    unit = Unit.parse(str(told.get("unit", "")), basis)
    if unit is None or "unit" not in told:
        place.wrong("unit", "Mt, bn kWh, thousand person, bn KZT")
        return None
    over = told.get("over", [])
    named = isinstance(over, list) and all(isinstance(o, str) and o in frame.sets for o in over)
    if not named or len(set(over)) < len(over):
        place.wrong("over", ", ".join(f'["{code}"]' for code in frame.sets))
        return None
    used_up = told.get("used_up", False)
    if not isinstance(used_up, bool):
        place.wrong("used_up", "true, false")
        return None
    names, home = place.names("title"), Home(place.file)
    return Balance(code, kind, names, unit, str(told["unit"]), basis, (), tuple(over), used_up=used_up, home=home)


def _items(told: Mapping[str, Any], text: str, top: _Place) -> list[tuple[Side, _Place]]:
    """The tables of items in the order of the file."""
    entries = []
    for side in SIDES:
        listed, row = told.get(side, []), 0
        if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
            top.wrong(side, f"[[{side}]]")
            continue
        for entry in listed:
            row = row_of(text, side, row)
            entries.append((side, _Place(top.file, text, row, entry, top.findings)))
    return sorted(entries, key=lambda entry: entry[1].row)


def _item(side: Side, place: _Place, balance: Balance, frame: Plan) -> Item | None:
    """The item of a table; None, with findings, if it cannot be used."""
    place.strange(ITEM_KEYS[side])
    code, added = place.word("item", CODE, "exports"), place.word("additions", CODE, "new_capacity")
    if "item" not in place.table:
        place.wrong("item", "exports")
    only, references, tie = _only(place, balance, frame), _references(place, balance, frame), _tie(place, balance)
    if code is None or only is None or references is None:
        return None
    if tie is None and (side == "capacity" or "norm" in place.table or "of" in place.table):
        if "of" not in place.table:
            place.wrong("of", "output, coal.output, goods.output[oil]")
        return None
    if tie is not None and (tie.balance, tie.item, tie.lead) == (balance.code, code[0], 0):
        # In one period it would say nothing of itself, or that there is none.
        place.wrong("of", f"≠ {code[0]} | lag = 1")
        return None
    if tie is not None and "rank" in place.table:
        # What hangs on another is as important as that is.
        place.wrong("rank", "rank | of")
        return None
    rank = _rank(place, f"{balance.code}.{code[0]}")
    if rank is None:
        return None
    return Item(
        code[0],
        side,
        place.names("title"),
        tie=tie,
        rank=rank,
        reason=place.names("reason"),
        only=only,
        additions=added[0] if added else "",
        home=Home(place.file, place.row),
        **references,
    )


def _references(place: _Place, balance: Balance, frame: Plan) -> dict[str, Reference | None] | None:
    """The indicators that an item names, by key; None, with findings, if one of them cannot be used."""
    references = {key: place.reference(key) for key in _NUMBERS}
    for key, reference in references.items():
        if key in place.table and (reference is None or not _fits(place, key, reference, balance, frame)):
            return None
    return references


def _rank(place: _Place, name: str) -> int | None:
    """The item's rank, 0 if it has none; None, with a finding, if it is no rank, or of no demand."""
    if "rank" not in place.table:
        return 0
    rank = place.whole("rank", least=1)
    if rank is None:
        return None
    if "quantity" not in place.table:
        place.wrong("quantity", "…")
        return None
    if not any(place.table.get("reason", {}).values() if isinstance(place.table.get("reason"), dict) else ()):
        place.findings.append(finding("rank_without_reason", place.home("rank"), item=name, rank=rank))
    return rank


def _only(place: _Place, balance: Balance, frame: Plan) -> tuple[tuple[str, tuple[str, ...]], ...] | None:
    """The labels that an item is for, by set; None, with a finding, if they cannot be used."""
    told = place.table.get("only", {})
    if not isinstance(told, dict) or any(dim not in balance.over for dim in told):
        place.wrong("only", " ".join(f'{{ {dim} = ["…"] }}' for dim in balance.over) or "—")
        return None
    chosen = []
    for dim, labels in told.items():
        known = frame.sets[dim].labels
        if not isinstance(labels, list) or not labels or are_totals(labels, dim, frame):
            # A total is no cell of a balance: its parts are.
            parts = ", ".join(f'"{part}"' for part in frame.sets[dim].select()[:_MOST_NAMED])
            place.wrong("only", f"{{ {dim} = [{parts}] }}")
            return None
        for label in labels:
            if label not in known:
                place.findings.append(unknown_label(place.home("only"), str(label), dim, known))
                return None
        chosen.append((dim, tuple(labels)))
    return tuple(chosen)


def _tie(place: _Place, balance: Balance) -> Tie | None:
    """What an item hangs on; None if on nothing, or, with a finding, if it cannot be understood."""
    level, norm = place.word("of", _LEVEL, "output, coal.output, goods.output[oil]"), place.reference("norm")
    lag, lead = place.whole("lag"), place.whole("lead")
    if lag and lead:
        place.wrong("lag", "lag | lead")
        return None
    if level is None or lag is None or lead is None or ("norm" in place.table and norm is None):
        return None
    return Tie(norm, level["balance"] or balance.code, level["item"], _labels(level["labels"]), lead - lag)


def _fits(place: _Place, key: str, reference: Reference, balance: Balance, frame: Plan) -> bool:
    """Whether an item's number is there for each label of the balance, in its unit; else a finding."""
    free = free_dims(reference, frame, place.home(key), place.findings)
    if free is None:
        return False
    if free != balance.over and not (free == () and key in ("loss", "price")):
        facts = {"found": str(reference), "dims": " ".join(free) or "—", "over": " ".join(balance.over) or "—"}
        place.findings.append(finding("balance_dims_differ", place.home(key), **facts))
        return False
    unit = frame.indicators[reference.code].unit
    needed = balance.unit
    if key == "loss":
        wanted, needed, fits = "1", ONE, unit.same_kind(ONE)
    elif key == "price":
        money = Unit.parse(frame.header.currency)
        worth = unit * balance.unit
        wanted = f"{frame.header.currency}/{balance.unit_text}"
        fits = money is not None and (worth.same_kind(money) or worth.same_but_for_prices(money))
    else:
        wanted, fits = balance.unit_text, unit.same_kind(balance.unit)
    if not fits:
        told, at = (str(reference), unit), (wanted, needed)

        def at_prices(basis: str) -> bool:
            priced = Unit.parse(balance.unit_text, basis)
            return key not in ("loss", "price") and priced is not None and unit.same_kind(priced)

        place.findings.append(units_differ(place.home(key), told, at, place.file, at_prices))
    return fits
