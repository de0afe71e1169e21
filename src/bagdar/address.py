"""Addresses: the one way to name a thing in a plan, e.g. ``plans/AKT/value:output[oil; 2006]``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from bagdar.period import Period

Kind = Literal[
    "value", "lever", "target", "norm", "coefficient", "addfactor", "equation", "programme", "text", "set", "rank"
]
KINDS: tuple[Kind, ...] = get_args(Kind)

CODE = re.compile(r"[^\W\d]\w*")
LABEL = re.compile(r"[\w.-]+")
_TEXT = re.compile(
    r"(?P<path>(?:plans/[\w.-]+/)*)(?P<kind>[a-z]+):(?P<code>[\w./-]+)"
    r"(?:\[(?P<labels>[^\];]*)(?:;(?P<period>[^\]]*))?\])?"
)


@dataclass(frozen=True)
class Address:
    """Where in a tree of plans (`path`, empty for this plan), what kind of thing, which, and which cell.

    `labels` follow the order of the indicator's dims. ``str`` and ``parse`` are inverse.
    """

    kind: Kind
    code: str
    labels: tuple[str, ...] = ()
    period: Period | None = None
    path: tuple[str, ...] = ()

    @staticmethod
    def parse(text: str) -> Address | None:
        """The address that `text` writes, or None."""
        match = _TEXT.fullmatch(text.strip())
        if match is None or match["kind"] not in KINDS:
            return None
        written = (match["labels"] or "").strip()
        labels = tuple(label.strip() for label in written.split(",")) if written else ()
        if not all(LABEL.fullmatch(label) for label in labels):
            return None
        period = None
        if match["period"] is not None:
            period = Period.parse(match["period"].strip())
            if period is None:
                return None
        path = tuple(part for part in match["path"].split("/") if part)[1::2]
        kind: Kind = match["kind"]
        return Address(kind, match["code"], labels, period, path)

    def __str__(self) -> str:
        path = "".join(f"plans/{part}/" for part in self.path)
        cell = ""
        if self.labels or self.period is not None:
            cell = "[" + ", ".join(self.labels)
            cell += f"; {self.period}]" if self.period is not None else "]"
        return f"{path}{self.kind}:{self.code}{cell}"


def cell_name(code: str, labels: tuple[str, ...] = ()) -> str:
    """A cell as equations write it: ``gdp``, ``output[oil, AKT]``."""
    return code + (f"[{', '.join(labels)}]" if labels else "")
