"""Forms: what stands at an address as the numbers, texts and tables that changes carry, and back."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from bagdar.address import Address
from bagdar.finding import Finding, Home, finding
from bagdar.language import LANGUAGES, Names
from bagdar.period import Period
from bagdar.plan import AddFactor, LabelSet, Member, Target
from bagdar.quantity import STATUSES

Form = dict[str, Any]
MEMBER_FIELDS = (*LANGUAGES, "parent", "valid_from", "valid_to", "flags", "position")


def target_form(target: Target) -> Form:
    """All that a target says of its cell."""
    return {"value": target.value, "sense": target.sense, "source": target.source, "note": target.note}


def add_factor_form(judged: AddFactor) -> Form:
    """All that a judgement says of its cell."""
    return {"value": judged.value, "who": judged.who, "why": judged.why}


def member_form(group: LabelSet, code: str) -> Form | None:
    """All that a set says of a member, `position` being its place in the file; None if it has no such member."""
    if code not in group.labels:
        return None
    position = group.labels.index(code)
    member = group.members[position]
    return {
        "kk": member.names.kk,
        "ru": member.names.ru,
        "en": member.names.en,
        "parent": member.parent,
        "valid_from": str(member.valid_from or ""),
        "valid_to": str(member.valid_to or ""),
        "flags": sorted(member.flags),
        "position": position,
    }


def member_from(code: str, told: Mapping[str, Any], home: Home) -> Member:
    """The member that a form without faults tells of; what it leaves out is empty."""
    valid_from, valid_to = (Period.parse(told.get(key, "")) for key in ("valid_from", "valid_to"))
    names = Names(*(told.get(language, "") for language in LANGUAGES))
    return Member(code, names, told.get("parent", ""), valid_from, valid_to, frozenset(told.get("flags", ())), home)


def same_form(old: Any, now: Any) -> bool:
    """Whether `old` is what stands `now`: a bare number means only the value, what a table leaves out is empty."""
    if isinstance(now, Mapping) and "value" in now and not isinstance(old, Mapping):
        return bool(old == now["value"])
    return bool(_told(old) == _told(now))


def _told(value: Any) -> Any:
    """A form without what is empty and without the place in the file, which tells no conflict."""
    if not isinstance(value, Mapping):
        return value
    return {key: item for key, item in value.items() if key != "position" and item not in ("", [], None)}


# -- what a change may bring ---------------------------------------------------------------------


def as_number(value: Any) -> float | None:
    """`value` as a finite float; None if it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def no_number(value: Any, home: Home, address: Address) -> Finding:
    """Why `as_number` knows no number for `value`."""
    too_large = isinstance(value, int) and not isinstance(value, bool)
    rule = "number_too_large" if too_large else "change_without_a_number"
    return finding(rule, home, address, found=show(value))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_period(value: Any) -> bool:
    return value == "" or (isinstance(value, str) and Period.parse(value) is not None)


def _is_labels(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def _is_place(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


# Each field of a form: whether a value can be one, and what to write instead.
_FIELDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "status": (lambda value: value in STATUSES, ", ".join(STATUSES)),
    "sense": (lambda value: value in (">=", "<=", "="), ">=, <=, ="),
    "valid_from": (_is_period, '"2005"'),
    "valid_to": (_is_period, '"2005"'),
    "flags": (_is_labels, '["tradable"]'),
    "position": (_is_place, "0"),
    "value": (lambda value: True, ""),  # as_number looks at it
}


def unusable(told: Mapping[str, Any], fields: tuple[str, ...], home: Home, address: Address) -> Finding | None:
    """The first of what is `told` that is none of `fields` or cannot be what it should; None if all is well."""
    for key, value in told.items():
        if key not in fields:
            expected = ", ".join(fields)
            return finding(
                "change_field_unusable", home, address, key=str(key)[:40], found=show(value), expected=expected
            )
        fits, expected = _FIELDS.get(key, (_is_text, '"…"'))
        if not fits(value):
            rule = (
                "status_unknown"
                if key == "status"
                else "target_without_a_sense"
                if key == "sense"
                else "change_field_unusable"
            )
            return finding(rule, home, address, key=key, found=show(value), expected=expected)
    return None


def show(value: Any) -> str:
    """`value` in a finding, cut where it is long."""
    try:
        text = repr(value) if value is not None else "nothing"
    except ValueError:  # Python writes no integer of more than some thousand digits
        text = "…"
    return text if len(text) < 80 else text[:77] + "…"
