"""Findings: what is wrong with a plan, as values, each with its home.

A finding names a rule of `locale/findings.toml`, which gives its severity and its text in three
languages: what is wrong, by how much, which way, what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from itertools import groupby
from typing import Literal, cast
from unicodedata import category

from bagdar.language import Language, catalogue, number, unit_words

Severity = Literal["error", "warning", "note"]


class UnitText(str):
    """A unit as a plan's file writes it, as a part of a fact that follows its number: the reader sees it in words."""


# A tuple is a text of parts, whose numbers and units are written as the reader's language does.
Fact = str | float | int | tuple[str | float | int, ...]

_ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}
_ALIKE = 5  # findings of one rule at one row that a reader is shown


# Where the equations of a model that comes with Bagdar say that they stand: no file of a plan's folder.
MODELS = "models/"


@dataclass(frozen=True, order=True)
class Home:
    """Where something stands: a file of the plan folder, a row and a column, both from 1; 0 is "all"."""

    file: str = ""
    row: int = 0
    column: int = 0

    def __str__(self) -> str:
        place = self.file or "."
        if self.row:
            place += f":{self.row}"
        if self.column:
            place += f":{self.column}"
        return place


@dataclass(frozen=True)
class Finding:
    """One sentence that a plan contradicts.

    `rule` is a key of `locale/findings.toml`; `address` says which quantity, when there is one;
    `facts` fill the places of the text.
    """

    rule: str
    home: Home = field(default_factory=Home)
    address: str = ""
    facts: tuple[tuple[str, Fact], ...] = ()

    @property
    def severity(self) -> Severity:
        """error: the plan cannot be trusted; warning: look at it; note: good to know."""
        return cast("Severity", catalogue("findings")[self.rule]["severity"])

    def text(self, language: Language = "en") -> str:
        """What is wrong and what to do, in `language`; numbers as it writes them."""
        facts = {name: _Told(_written(fact, language), language) for name, fact in self.facts}
        template: str = catalogue("findings")[self.rule][language]
        return template.format(**facts)

    def line(self, language: Language = "en", root: str = "") -> str:
        """One line that an editor can jump from: `file:row:column: severity: text [rule]`.

        `root` is the plan's folder as the reader would write it, to stand before the file. What a hostile
        or quoted field holds of line ends and control characters is shown escaped.
        """
        before = "" if self.home.file.startswith(MODELS) else root.rstrip("/")
        home = replace(self.home, file="/".join(part for part in (before, self.home.file) if part))
        line = f"{home}: {self.severity}: {self.text(language)} [{self.rule}]"
        return "".join(c if c.isprintable() or category(c) == "Zs" else _escaped(c) for c in line)

    def as_json(self, language: Language = "en") -> dict[str, object]:
        """The finding for other programs."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "file": self.home.file,
            "row": self.home.row,
            "column": self.home.column,
            "address": self.address,
            "facts": {name: _written(fact, "en") if isinstance(fact, tuple) else fact for name, fact in self.facts},
            "text": self.text(language),
        }


class _Told(str):
    """A fact as it stands in a text: ``{unit:words}`` is a unit in the reader's words, ``{unit:beside}`` one that
    follows its number, after a space; of a pure number nothing.
    """

    def __new__(cls, text: str, language: Language) -> _Told:
        made = super().__new__(cls, text)
        made.language = language
        return made

    language: Language

    def __format__(self, spec: str) -> str:
        if spec not in ("words", "beside"):
            return super().__format__(spec)
        return unit_words(self, "", self.language) if spec == "words" else _beside(self, self.language)


def _beside(unit: str, language: Language) -> str:
    words = unit_words(unit, "", language)
    return f" {words}" if words else ""


def _written(fact: Fact, language: Language) -> str:
    if isinstance(fact, tuple):
        return "".join(_written(part, language) for part in fact)
    if isinstance(fact, UnitText):
        return _beside(fact, language)
    return fact if isinstance(fact, str) else number(fact, language)


def finding(rule: str, home: Home | None = None, address: object = "", **facts: Fact) -> Finding:
    """A finding of `rule`; `facts` are the named places of its text."""
    return Finding(rule, home or Home(), str(address), tuple(facts.items()))


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors first, then by home; each once."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda f: (_ORDER[f.severity], f.home, f.rule, f.address)))


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def alike(findings: Iterable[Finding]) -> Iterator[tuple[list[Finding], int]]:
    """`findings` for a reader: of neighbours with one rule and one row the first few, and how many more there are.

    One file that cannot be read leaves a thousand numbers missing; the sentence that says so must not drown.
    """
    for _, group in groupby(findings, lambda f: (f.rule, f.home.file, f.home.row)):
        same = list(group)
        yield (same, 0) if len(same) <= _ALIKE + 1 else (same[:_ALIKE], len(same) - _ALIKE)


def nearest(written: str, known: Iterable[str], most: int = 3, alike_by: float = 0.6) -> list[str]:
    """What there is that looks like the written, the most like it first: `alike_by` is from 0 (all) to 1 (the same)."""
    return get_close_matches(written, list(known), most, alike_by)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any finding is an error."""
    return any(f.severity == "error" for f in findings)
