"""Statements: the sentences of an `.eq` file, each one equation or one check, as text.

A file begins with its set letters (``for s, q in sector``), a line each; then each statement starts in
the first column and goes on over indented lines. The comment above it is its explanation, and
``@behaviour`` above it says that it carries an add-factor. What the sentence means is read by
`bagdar.equations`; here it is only found and named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from bagdar.finding import Finding, Home, finding

_LETTERS = re.compile(r"for\s+([^\W\d]\w*(?:\s*,\s*[^\W\d]\w*)*)\s+in\s+([^\W\d]\w*)(?:\.([^\W\d]\w*))?\s*(?:#.*)?")
_CHECK = re.compile(r"\s*check\s+([^\W\d]\w*)\s*:")
_LEFT = re.compile(r"\s*(?:(?:log|dlog|diff|pct)\s*\(\s*)?([^\W\d]\w*)")
_LINE_END = re.compile(r"\r\n|\r|\n")  # not `splitlines`: it breaks at \f, U+2028 … too
BEHAVIOUR = "@behaviour"

Letter = tuple[str, str, str]


@dataclass(frozen=True)
class Statement:
    """One sentence of an `.eq` file.

    `code` names it in addresses: the indicator that an equation determines, or a check's own name.
    `letters` are (letter, set, flag); `text` is the sentence without letters and decorator; `doc` the
    comment above it; `home` its first row, `last_row` its last.
    """

    code: str
    kind: Literal["equation", "check"]
    text: str
    behaviour: bool = False
    letters: tuple[Letter, ...] = ()
    doc: str = field(default="", compare=False)
    home: Home = field(default_factory=Home, compare=False)
    last_row: int = field(default=0, compare=False)

    @property
    def source(self) -> str:
        """The sentence with its letters and decorator: complete in itself, read back by `split`."""
        heads = [f"for {name} in {group}{'.' if flag else ''}{flag}" for name, group, flag in self.letters]
        return "\n".join([*heads, *([BEHAVIOUR] if self.behaviour else []), self.text])


def split(text: str, file: str = "", first_row: int = 1) -> tuple[tuple[Statement, ...], list[Finding]]:
    """The statements of an `.eq` text in order, and what could not be understood."""
    statements: list[Statement] = []
    findings: list[Finding] = []
    letters: dict[str, Letter] = {}
    doc: list[str] = []
    behaviour = False
    for row, lines in _sentences(text, first_row):
        first = lines[0]
        home = Home(file, row)
        if first.startswith("#"):
            doc.append(first.lstrip("#").strip())
        elif not first.strip():
            doc = []
        elif match := _LETTERS.fullmatch(first.rstrip()):
            if statements:
                findings.append(finding("letters_after_a_statement", home))
            for name in match[1].split(","):
                letters[name.strip()] = (name.strip(), match[2], match[3] or "")
        elif first.startswith("@"):
            behaviour = first.split("#")[0].strip() == BEHAVIOUR
            if not behaviour:
                findings.append(finding("unknown_decorator", home, found=first.strip()))
        else:
            body = "\n".join(lines).rstrip()
            check = _CHECK.match(body)
            left = _LEFT.match(body)
            code = check[1] if check else left[1] if left else ""
            statements.append(
                Statement(
                    code,
                    "check" if check else "equation",
                    body,
                    behaviour and check is None,
                    tuple(letters.values()),
                    " ".join(doc),
                    home,
                    row + len(lines) - 1,
                )
            )
            doc, behaviour = [], False
    return tuple(statements), findings


def _sentences(text: str, first_row: int) -> Iterator[tuple[int, list[str]]]:
    """(row, lines) of each comment line, blank line, head or statement with what continues it."""
    lines = _LINE_END.split(text)
    i = 0
    while i < len(lines):
        start = i
        i += 1
        line = lines[start].rstrip()
        goes_on = line and not line.startswith(("#", "@")) and not _LETTERS.fullmatch(line)
        while goes_on and i < len(lines) and lines[i][:1] in (" ", "\t", ")", "]") and lines[i].strip():
            i += 1
        yield first_row + start, lines[start:i]
