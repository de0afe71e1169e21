"""Ties between balances: what an item hangs on is there, in the right unit and over the right sets; so are ceilings."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace

from bagdar.balance import ALL, Balance, Item, Reference, Tie
from bagdar.finding import Finding, Home, finding, nearest
from bagdar.folder.rows import unknown_indicator, unknown_label
from bagdar.plan import Indicator, Plan
from bagdar.unit import ONE, Unit

_MOST_NAMED = 12
_PRICES = re.compile(r"prices\((\d{4})\)")


def free_dims(reference: Reference, frame: Plan, home: Home, findings: list[Finding]) -> tuple[str, ...] | None:
    """The sets of a reference's labels that are not fixed, in order; None, with findings, if there is no such."""
    indicator = frame.indicators.get(reference.code)
    if indicator is None:
        findings.append(unknown_indicator(home, reference.code, frame.indicators))
        return None
    labels = reference.labels or (ALL,) * len(indicator.dims)
    if len(labels) != len(indicator.dims):
        expected = " ".join(indicator.dims) or "—"
        findings.append(finding("labels_do_not_fit_dims", home, code=reference.code, expected=expected))
        return None
    for label, dim in zip(labels, indicator.dims, strict=True):
        if label != ALL and label not in frame.sets[dim].labels:
            findings.append(unknown_label(home, label, dim, frame.sets[dim].labels))
            return None
    return tuple(dim for label, dim in zip(labels, indicator.dims, strict=True) if label == ALL)


def tied(
    balances: Mapping[str, Balance], frame: Plan, findings: list[Finding], left_out: set[str]
) -> tuple[Balance, ...]:
    """The balances without the items whose ties lead nowhere, or do not give their unit; `left_out` takes those."""
    kept = dict(balances)
    while True:
        known = _Known(kept, frame, frozenset(left_out))
        sound = {
            code: replace(b, items=tuple(i for i in b.items if _leads_somewhere(i, b, known, findings)))
            for code, b in kept.items()
        }
        if sound == kept:
            return tuple(_as_read(sound[code], left_out) for code in sorted(sound))
        for code, b in kept.items():
            left_out |= {f"{code}.{level}" for level in b.levels.keys() - sound[code].levels.keys()}
        kept = sound


def _as_read(balance: Balance, left_out: set[str]) -> Balance:
    """The balance, not whole if something of it was left out."""
    return replace(balance, whole=not any(name.startswith(f"{balance.code}.") for name in left_out))


@dataclass(frozen=True)
class _Known:
    """What an item may hang on, and what stands in the files but was left out for a fault of its own."""

    balances: Mapping[str, Balance]
    frame: Plan
    left_out: frozenset[str]

    def at_fault(self, tie: Tie) -> bool:
        """Whether what a tie names was left out: its own fault is told, and none of the tie's."""
        return is_left_out(f"{tie.balance}.{tie.item}", self.left_out)


def is_left_out(name: str, left_out: Container[str]) -> bool:
    """Whether ``balance.item`` stands in a file but could not be read, or its whole balance."""
    return name in left_out or name.partition(".")[0] in left_out


def units_differ(
    home: Home, found: tuple[str, Unit], wanted: tuple[str, Unit], at: str, fits: Callable[[str], bool]
) -> Finding:
    """The finding for a unit that is not the one that is wanted. If it is but for prices, the price basis that makes it
    so is told: `fits` says whether a basis of what stands `at` does.
    """
    (name, unit), (words, needed) = found, wanted
    if unit.same_but_for_prices(needed):
        years = sorted({year for one in (unit, needed) for base, _ in one.powers for year in _PRICES.findall(base)})
        bases = ["current", *(basis for year in years for basis in (year, f"deflator {year}"))]
        basis = next((basis for basis in bases if fits(basis)), "")
        if basis:
            facts = {"found": name, "unit": str(unit), "wanted": str(needed), "at": at, "basis": f'"{basis}"'}
            return finding("price_bases_differ", home, **facts)
    return finding("balance_units_differ", home, found=name, unit=str(unit), wanted=words)


def _leads_somewhere(item: Item, balance: Balance, known: _Known, findings: list[Finding]) -> bool:
    """Whether what an item hangs on is there, and the norm leads from its unit and labels to the item's."""
    tie = item.tie
    if tie is None:
        return True
    balances, frame = known.balances, known.frame
    free = _free_of_driver(item, tie, known, findings)
    norm = () if tie.norm is None else free_dims(tie.norm, frame, item.home, findings)
    if free is None or norm is None:
        return False
    shown = "1" if tie.norm is None else str(tie.norm)
    if not _connects(norm, balance.over, free):
        over = " ".join((*balance.over, "|", *free))
        facts = {"found": shown, "dims": " ".join(norm) or "—", "over": over}
        findings.append(finding("balance_dims_differ", item.home, **facts))
        return False
    driving = balances[tie.balance].unit
    indicator = None if tie.norm is None else frame.indicators[tie.norm.code]
    given = driving * (ONE if indicator is None else indicator.unit)
    if given.same_kind(balance.unit):
        return True
    # Without a norm it is the balance that is at other prices.
    at, text = (
        (f"balances/{balance.code}.toml", balance.unit_text)
        if indicator is None
        else (f"{indicator.code} (indicators.csv)", indicator.unit_text)
    )

    def fits(basis: str) -> bool:
        priced = Unit.parse(text, basis)
        if priced is None:
            return False
        return given.same_kind(priced) if indicator is None else (driving * priced).same_kind(balance.unit)

    told = (f"{shown} × {tie}", given)
    findings.append(units_differ(item.home, told, (balance.unit_text, balance.unit), at, fits))
    return False


def _free_of_driver(item: Item, tie: Tie, known: _Known, findings: list[Finding]) -> tuple[str, ...] | None:
    """The sets whose labels a tie leaves free in what it names; None, with a finding, if there is no such item."""
    frame, other = known.frame, known.balances.get(tie.balance)
    if other is None or tie.item not in other.levels:
        if not known.at_fault(tie):
            there = [f"{b.code}.{level}" for b in known.balances.values() for level in b.levels]
            findings.append(_unknown_item(item.home, str(tie), there))
        return None
    labels = tie.labels or (ALL,) * len(other.over)
    if len(labels) != len(other.over):
        expected = " ".join(other.over) or "—"
        findings.append(finding("labels_do_not_fit_dims", item.home, code=str(tie), expected=expected))
        return None
    for label, dim in zip(labels, other.over, strict=True):
        if label != ALL and label not in frame.sets[dim].labels:
            findings.append(unknown_label(item.home, label, dim, frame.sets[dim].labels))
            return None
        if are_totals([label], dim, frame):
            expected = ", ".join((ALL, *frame.sets[dim].select()[:_MOST_NAMED]))
            findings.append(finding("balance_unusable", item.home, key="of", found=str(tie), expected=expected))
            return None
    return tuple(dim for label, dim in zip(labels, other.over, strict=True) if label == ALL)


def are_totals(labels: Sequence[object], dim: str, frame: Plan) -> bool:
    """Whether any of these labels is a total of others."""
    parents = {member.parent for member in frame.sets[dim].members}
    return any(isinstance(label, str) and label in parents for label in labels)


def _unknown_item(home: Home, written: str, known: list[str]) -> Finding:
    """The finding for an item that there is not, with those that there are, what looks most like it first."""
    shown = nearest(written, known, _MOST_NAMED, 0.0) if known else []
    more = " …" if len(known) > len(shown) else ""
    return finding("unknown_item", home, found=written, known=", ".join(shown) + more or "—")


def sound_caps(
    indicators: Mapping[str, Indicator], balances: tuple[Balance, ...], left_out: set[str], findings: list[Finding]
) -> dict[str, Indicator]:
    """The indicators without ceilings that no item with a quantity can give them: each of those is a finding."""
    by_code = {balance.code: balance for balance in balances}
    kept = dict(indicators)
    for indicator in indicators.values():
        code, _, name = indicator.capped_by.partition(".")
        item = by_code[code].levels.get(name) if code in by_code else None
        if not indicator.capped_by:
            continue
        if item is None and is_left_out(indicator.capped_by, left_out):
            pass
        elif item is None or item.code != name or not _can_be_short(item):
            known = [f"{b.code}.{i.code}" for b in balances for i in b.items if _can_be_short(i)]
            findings.append(_unknown_item(indicator.home, indicator.capped_by, known))
        elif by_code[code].over != indicator.dims:
            facts = {"found": indicator.code, "dims": " ".join(indicator.dims) or "—"}
            over = " ".join(by_code[code].over) or "—"
            findings.append(finding("balance_dims_differ", indicator.home, **facts, over=over))
        elif not by_code[code].unit.same_kind(indicator.unit):
            facts = {"found": indicator.code, "unit": str(indicator.unit), "wanted": by_code[code].unit_text}
            findings.append(finding("balance_units_differ", indicator.home, **facts))
        else:
            continue
        kept[indicator.code] = replace(indicator, capped_by="")
    return kept


def _can_be_short(item: Item) -> bool:
    """Whether less than its quantity is a shortage: of a resource or capacity it may be that nobody needs more."""
    wanted = item.side in ("use", "stock") or (item.side == "resource" and item.tie is not None)
    return wanted and item.quantity is not None


def _connects(norm: tuple[str, ...], here: tuple[str, ...], there: tuple[str, ...]) -> bool:
    """Whether a norm over these sets leads from an item over `there` to one over `here`.

    A set of both that the norm has once, or not at all, means the same label on both sides.
    """
    if any(dim not in (*here, *there) or norm.count(dim) > (dim in here) + (dim in there) for dim in norm):
        return False
    return all(dim in norm or dim in there for dim in here)
