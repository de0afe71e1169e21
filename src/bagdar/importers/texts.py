"""How the files of an imported plan are written: tables, TOML texts, numbers that read back as they are."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Sequence

_SHOWN = 5


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A CSV file."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([plain(field) for field in row] for row in rows)
    return stream.getvalue()


def plain(text: str) -> str:
    """The text on one line, without control characters."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())


def quoted(text: str) -> str:
    """A TOML text."""
    return json.dumps(plain(text), ensure_ascii=False)


def number(value: float) -> str:
    """The shortest text that reads back as the number; '' for none."""
    own = float(value)
    return "" if math.isnan(own) else repr(own).removesuffix(".0")


def listed(names: Sequence[str]) -> str:
    """The first few of the names."""
    return ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
