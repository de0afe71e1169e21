"""The bytes of a plan folder's files as text, with findings instead of exceptions."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from stat import S_ISREG
from typing import Any

from bagdar.finding import Finding, Home, finding

# A plan's file is written by hand or by a spreadsheet; anything larger is a mistake or an attack.
LARGEST = 64 * 1024 * 1024
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")


def read_text(root: Path, file: str, findings: list[Finding]) -> str | None:
    """The text of `root/file`, or None with a finding why not. A byte-order mark is dropped."""
    path = root / file
    home = Home(file)
    try:
        if not path.resolve().is_relative_to(root.resolve()):
            findings.append(finding("file_outside_the_folder", home))
            return None
        told = path.stat()
        if not S_ISREG(told.st_mode):  # a folder, or a pipe that would never end
            findings.append(finding("unreadable_file", home, problem="not a regular file"))
            return None
        if told.st_size > LARGEST:
            findings.append(finding("file_too_large", home, size=told.st_size / 1e6))
            return None
        raw = path.read_bytes()
    except FileNotFoundError:
        findings.append(finding("missing_file", home))
        return None
    except (OSError, RuntimeError, ValueError) as problem:  # a link to itself, a name with a NUL
        said = getattr(problem, "strerror", None) or str(problem)
        findings.append(finding("unreadable_file", home, problem=said))
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        row = raw.count(b"\n", 0, problem.start) + 1
        findings.append(finding("file_not_in_utf8", Home(file, row), byte=f"0x{raw[problem.start]:02X}"))
        return None
    if "\0" in text:
        findings.append(finding("file_not_a_text", Home(file, text.count("\n", 0, text.index("\0")) + 1)))
        return None
    return text


def read_toml(root: Path, file: str, findings: list[Finding]) -> tuple[dict[str, Any], str] | None:
    """The tables of a TOML file and its text, or None with a finding."""
    text = read_text(root, file, findings)
    if text is None:
        return None
    try:
        told = tomllib.loads(text)
        str(told)  # an integer of thousands of digits can be neither read nor, if it is hexadecimal, shown
    except (ValueError, RecursionError) as problem:
        at = _AT.search(str(problem))
        row, column = (int(at[1]), int(at[2])) if at else (0, 0)
        said = _AT.sub("", str(problem)).strip()
        findings.append(finding("broken_toml", Home(file, row, column), problem=said))
        return None
    return told, text


def row_of(text: str, key: str, after: int = 0) -> int:
    """The row, from 1, where a TOML text first names `key` after row `after`; 0 if nowhere.

    `tomllib` keeps no positions; a key at the start of a line or in a table's head is found again here.
    """
    named = re.compile(rf"""\s*(?:\[+\s*)?["']?{re.escape(key)}["']?\s*(?:=|\]|\.)""")
    for row, line in enumerate(text.split("\n"), 1):
        if row > after and named.match(line):
            return row
    return 0
